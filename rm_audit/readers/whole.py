"""Large plain files, of which only the head is read here: an engine looks at the rest."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from rm_audit.cells import Source
from rm_audit.errors import Problem
from rm_audit.readers import damage, gzip, problems, zstd
from rm_audit.readers.damage import PARQUET_MAGIC
from rm_audit.readers.decode import decode
from rm_audit.readers.model import FileRead, Sheet, Value, Whole, plain_value
from rm_audit.readers.packed import Packed
from rm_audit.readers.problems import FileError
from rm_audit.readers.sniff import declared_delimiter, delimiter_of
from rm_audit.readers.text import MARKUP, read_table

if TYPE_CHECKING:
    import duckdb

ENGINES = ("auto", "pandas", "duckdb", "spark", "cells")  # the last one is none: every cell is read
# Above this many bytes a text goes to an engine. Judgement: about 300,000 rows, three seconds of reading cell by cell.
LARGE = 32 << 20
PACKING = 6  # what a packed log is smaller by, about
HEAD = 1 << 18  # bytes of a text that are looked at
HEAD_ROWS = 1000
MOST_ROWS = 4_000_000  # of Parquet that are read cell by cell; judgement: more take above 2.5 GB
_TEXTS = (".csv", ".tsv", ".txt")
Made = TypeVar("Made")
KEPT = "rm_audit_part"  # the first column of a file that `rm-audit rollup` wrote


def is_whole(path: Path, engine: str) -> bool:
    """Whether an engine should look at a file: by its kind, its size, and what the user asked for."""
    name = PurePosixPath(path.name.lower())
    if name.suffix in (".parquet", ".zst"):
        return True
    packed = name.suffix == ".gz"
    if (name.with_suffix("") if packed else name).suffix not in _TEXTS:
        return False
    return engine not in ("auto", "cells") or unpacked_size(path) > LARGE


def unpacked_size(path: Path) -> int:
    """About how many bytes a file has out of its packing."""
    return path.stat().st_size * (PACKING if path.suffix.lower() in (".gz", ".zst") else 1)


def open_whole(path: Path, source: Source, named: bool, read: Callable[[], FileRead]) -> FileRead | None:
    """The head of a file that an engine may read. None where it is no plain text of one table, and must be read."""
    kind = _kind(path)
    try:
        damage.check(path, kind)
        found = _head(path, kind, source)
    except FileError as error:
        return _unread(source, named, error.problem)
    if found is None:
        return None
    sheet, delimiter, plain = found
    kept = kind == "parquet" and sheet.rows[0][0] == KEPT
    every = partial(_parquet_cells, path, source, named) if kind == "parquet" else read
    form = "kept" if kept else "parquet" if kind == "parquet" else "csv"
    whole = Whole(path, form, delimiter, partial(_beside, _sha256, path, ""), every, plain=plain)
    if kind == "gzip":
        whole = replace(whole, sound=partial(_beside, gzip.is_sound, path, True))
    return FileRead(source, whole.kind, [sheet], [], named, whole)


def _head(path: Path, kind: str, source: Source) -> tuple[Sheet, str, bool] | None:
    """The head as a sheet, what parts its columns, and whether an engine can read it as it is. None for what only the
    ordinary reader can read. Raises FileError for what that one cannot read either."""
    if kind == "parquet":
        return Sheet(source, "", list(_parquet_of(path, HEAD_ROWS))), "", True
    lines = _text_head(path, kind)
    found = _sheet(lines, source) if lines is not None else None
    if found is None and kind == "zstd":
        raise FileError(problems.NOT_PLAIN)
    return found


def quick_source(path: Path, name: str) -> Source:
    """A source that is known by its first bytes and its size, until the whole of it was looked at."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    return Source(name, hashlib.sha256(head + str(path.stat().st_size).encode()).hexdigest())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _beside(work: Callable[[Path], Made], path: Path, gone: Made) -> Callable[[], Made]:
    """Begins to look at a whole file beside other work, and gives what waits for the answer; `gone` is that for a file
    that is no longer there."""
    made = [gone]

    def run() -> None:
        with contextlib.suppress(OSError):
            made.append(work(path))

    def wait() -> Made:
        thread.join()
        return made[-1]

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return wait


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    suffix = path.suffix.lower()
    if start == PARQUET_MAGIC or (suffix == ".parquet" and _begins(start, PARQUET_MAGIC)):
        return "parquet"
    if zstd.is_zstd(start) or (suffix == ".zst" and _begins(start, zstd.MAGIC)):
        return "zstd"
    return "gzip" if start[:2] == gzip.MAGIC else "text"


def _begins(start: bytes, magic: bytes) -> bool:
    """Whether a file is so short that nothing but the first of these bytes is in it."""
    return start != b"" and magic.startswith(start)


def _unread(source: Source, named: bool, problem: Problem = problems.NOT_PLAIN) -> FileRead:
    return FileRead(source, "", [], [replace(problem, file=source.file)], named)


def _text_head(path: Path, kind: str) -> bytes | None:
    """The first whole lines; None where there are none. Raises FileError for what no engine can unpack."""
    if kind == "zstd":
        return "".join(zstd_parts(path, f"limit {HEAD_ROWS}")).encode()
    with path.open("rb") as file:
        data = file.read(HEAD)
    if kind == "gzip":
        try:
            data = zlib.decompressobj(gzip.WITH_HEADER).decompress(data, HEAD)
        except zlib.error:
            return None
    whole = len(data) < HEAD and kind == "text"
    return data if whole else data[: _end_of_lines(data)] or None


def _end_of_lines(data: bytes) -> int:
    """Behind the last line end, which has a second byte in UTF-16."""
    end = data.rfind(b"\n") + 1
    return end + end % 2 if b"\0" in data else end


def silent() -> duckdb.DuckDBPyConnection:
    """A connection that counts how far it is, and prints none of it. What does not fit into its memory it puts into a
    folder of its own among the machine's temporary ones, and not where somebody works; it takes that away at the end.
    """
    import tempfile

    import duckdb

    con = duckdb.connect()
    con.execute("set enable_progress_bar = true; set enable_progress_bar_print = false")
    con.execute("set temp_directory = ?", [str(Path(tempfile.gettempdir(), f"rm-audit-{os.urandom(8).hex()}"))])
    return con


def parquet_rows(path: Path) -> int:
    """How many rows a file has, by its own account; 0 where it is damaged, for whoever reads on says so."""
    import duckdb

    try:
        found = silent().execute("select count(*) from read_parquet(?)", [str(path)]).fetchone()
    except duckdb.Error:
        return 0
    return int(found[0]) if found else 0


def zstd_parts(path: Path, limit: str = "") -> Iterator[str]:
    """A text that only the engine can unpack, in parts of whole lines: a line is one cell of a column. Raises
    FileError."""
    import duckdb

    options = "auto_detect=false, header=false, delim='\x01', quote='', escape='', compression='zstd'"
    query = f"select line from read_csv(?, {options}, columns={{'line': 'VARCHAR'}}) {limit}"
    con = silent()
    try:
        found = con.execute(query, [str(path)])
        while lines := found.fetchmany(HEAD_ROWS):
            yield "".join(f"{line or ''}\n" for (line,) in lines)
    except duckdb.Error as error:
        raise FileError(damage.of_zstd(error)) from error
    finally:
        con.close()


def _parquet_cells(path: Path, source: Source, named: bool) -> FileRead:
    """Every cell of a Parquet file: its header is row 1."""
    rows = Packed()
    try:
        for row in _parquet_of(path, MOST_ROWS + 1):
            rows.append(row)
    except FileError as error:
        return _unread(source, named, error.problem)
    fits = len(rows) < MOST_ROWS + 2
    return FileRead(source, "parquet", [Sheet(source, "", rows)], [], named) if fits else _unread(source, named)


def _sheet(data: bytes, source: Source) -> tuple[Sheet, str, bool] | None:
    """The head of a text as a sheet, what parts its columns, and whether an engine can read the text as it is. None for
    what is no text of one table, and for what is damaged."""
    try:
        text, notes = decode(data, "")
        if MARKUP.match(text) or any(note.code != problems.OLD_ENCODING for note in notes):
            return None
    except FileError:
        return None
    (sheet,), cut = read_table(text.replace("\0", ""))
    if cut:
        return None
    declared = declared_delimiter(text)
    # Of UTF-16 every other byte is 0; and an engine may find no row where lines above the header end in another way.
    plain = not (notes or declared or b"\0" in data or 0 < data.count(b"\r\n") < data.count(b"\n"))
    return Sheet(source, "", sheet.rows[:HEAD_ROWS]), declared or delimiter_of(text), plain


def _parquet_of(path: Path, most: int) -> Iterator[list[Value]]:
    """The names of the columns, and the first rows under them. Raises FileError."""
    import duckdb

    con = silent()
    try:
        found = con.execute(f"select * from read_parquet(?, hive_partitioning=true) limit {most}", [str(path)])
        yield [column[0] for column in found.description or ()]
        while rows := found.fetchmany(HEAD_ROWS):
            yield from (list(map(plain_value, row)) for row in rows)
    except duckdb.Error as error:
        raise FileError(damage.of_parquet(error)) from error
    finally:
        con.close()
