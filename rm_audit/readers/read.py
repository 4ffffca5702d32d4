"""From arguments to sheets: finds the files, reads each once and tells the formats apart by their bytes."""

from __future__ import annotations

import contextlib
import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from rm_audit.cells import Source
from rm_audit.errors import Problem
from rm_audit.readers import gzip, problems
from rm_audit.readers.cluster import is_remote, name_of, open_remote
from rm_audit.readers.discover import Found, discover
from rm_audit.readers.model import FileRead, holds_something
from rm_audit.readers.problems import FileError
from rm_audit.readers.sessions import abandon
from rm_audit.readers.text import read_text
from rm_audit.readers.whole import HEAD_ROWS, is_whole, open_whole, quick_source
from rm_audit.readers.workbook import OLE_MAGIC, ZIP_MAGIC, Read, read_ole, read_zip

_NOWHERE = Found(Path(), 0, True)
AHEAD = 3  # files that are parsed or wait to be looked at: more would only fill memory
STOPPING = 0.1  # seconds between looks at whether all has stopped


@dataclass(frozen=True)
class _Opened:
    """A file whose bytes are known, or the problem that stands in their place."""

    source: Source
    found: Found
    data: bytes = b""
    problem: Problem | None = None
    engine: str = ""  # the engine that may look at it, where its bytes were not read
    address: str = ""  # where Spark finds it, if nobody else can


class Reading:
    """The files that were meant, in order: their sources at once, their sheets as they are asked for.

    While one file is looked at, the next is parsed in a thread (the parser lets others run meanwhile), and a file is
    forgotten when the next is asked for. Iterates once.
    """

    def __init__(self, opened: Iterable[_Opened]) -> None:
        self._opened = deque(opened)
        self.sources = [item.source for item in self._opened]

    def __iter__(self) -> Iterator[FileRead]:
        if len(self._opened) == 1:
            yield _read(self._opened.pop())
            return
        with ThreadPoolExecutor(2, "reading") as pool:
            parsed: deque[Future[FileRead]] = deque()
            while self._opened or parsed:
                while self._opened and len(parsed) < AHEAD:
                    parsed.append(pool.submit(_read, self._opened.popleft()))
                yield _awaited(pool, parsed.popleft(), parsed)


def _awaited(pool: Executor, first: Future[FileRead], others: Iterable[Future[FileRead]]) -> FileRead:
    try:
        return first.result()
    except (KeyboardInterrupt, SystemExit):
        pool.shutdown(wait=False, cancel_futures=True)
        while not all(future.done() for future in (first, *others)):
            abandon()  # the pool waits for what runs in it, and Spark takes long to start
            wait([first, *others], STOPPING)
        raise


def read_paths(paths: Sequence[str | Path], engine: str = "") -> Reading:
    """Reads files, folders (with their subfolders) and glob patterns; each real file is read once.

    With an `engine` (one of `whole.ENGINES`) only the heads of large plain files are read, and `whole` says where the
    rest is.

    Never raises for a bad file: that is a FileRead without sheets, whose problems say why. So are a path
    that does not exist, a pattern without a match and a folder with nothing to read.
    """
    remote = [str(path) for path in paths if engine == "spark" and is_remote(str(path))]
    local = [path for path in paths if str(path) not in remote]
    opened = [_open(name, found, engine) for name, found in (discover(local) if local or not remote else [])]
    return Reading([*opened, *(_Opened(Source(name_of(one), ""), _NOWHERE, address=one) for one in remote)])


def contents(paths: Sequence[str | Path]) -> dict[str, bytes]:
    """The bytes of each file that can be read, out of their gzip packing, by the names that `read_paths` gives."""
    found: dict[str, bytes] = {}
    for opened in (_open(name, item) for name, item in discover(paths)):
        with contextlib.suppress(FileError):
            found |= {} if opened.problem else {opened.source.file: _plain(opened.data, PurePosixPath())[0]}
    return found


def _open(name: str, found: Found, engine: str = "") -> _Opened:
    if found.problem:
        return _Opened(Source(name, ""), found, problem=found.problem)
    try:
        if engine and is_whole(found.path, engine):
            return _Opened(quick_source(found.path, name), found, engine=engine)
        data = found.path.read_bytes()
    except OSError:
        return _Opened(Source(name, ""), found, problem=problems.UNREADABLE)
    return _Opened(Source(name, hashlib.sha256(data).hexdigest()), found, data)


def _read(opened: _Opened) -> FileRead:
    source, found = opened.source, opened.found
    if opened.problem:
        return _failed(source, "", found, opened.problem)
    if opened.address:
        return open_remote(opened.address, HEAD_ROWS)
    if opened.engine:
        return _head(opened)
    try:
        kind, sheets, notes = _parse(*_plain(opened.data, PurePosixPath(source.file)))
    except FileError as error:
        return _failed(source, error.kind, found, error.problem)
    sheets = [replace(sheet, source=source) for sheet in sheets]
    return FileRead(source, kind, sheets, [replace(note, file=source.file) for note in notes], found.named)


def _head(opened: _Opened) -> FileRead:
    """A large file as its head; where no engine can look at it, all of it."""

    def read() -> FileRead:
        return _read(_open(opened.source.file, opened.found))

    def read_on() -> FileRead:
        from rm_audit.readers.streamed import read_streamed  # few files are so large

        return read_streamed(opened.found.path, opened.source, opened.found.named) or read()

    return open_whole(opened.found.path, opened.source, opened.found.named, read_on) or read()


def _failed(source: Source, kind: str, found: Found, problem: Problem) -> FileRead:
    return FileRead(source, kind, [], [replace(problem, file=source.file)], found.named)


def _plain(data: bytes, name: PurePosixPath) -> tuple[bytes, str]:
    """The bytes and what the name says they are, out of their gzip packing where they have one."""
    if not data.startswith(gzip.MAGIC):
        return data, name.suffix.lower()
    return gzip.unpacked(data), PurePosixPath(name.stem if name.suffix.lower() == ".gz" else name).suffix.lower()


def _parse(data: bytes, suffix: str) -> Read:
    if data.startswith(ZIP_MAGIC):
        kind, sheets, notes = read_zip(data)
    elif data.startswith(OLE_MAGIC):
        kind, sheets, notes = read_ole(data)
    else:
        sheets, notes = read_text(data, suffix)
        kind = "csv"
    if not any(map(holds_something, sheets)):
        raise FileError(problems.EMPTY_FILE, kind)
    return kind, sheets, notes
