"""Which files the arguments mean: files, folders and patterns, each real file once."""

from __future__ import annotations

import glob
import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from rm_audit.errors import Problem
from rm_audit.readers import problems
from rm_audit.readers.cluster import is_remote

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt", ".parquet"})
PACKED = (".gz", ".zst")
LOCK_PREFIX = "~$"


@dataclass(frozen=True)
class Found:
    """A file to read, or a `problem` in place of one. Its name is the last `depth` parts of `path`."""

    path: Path
    depth: int
    named: bool
    problem: Problem | None = None


def discover(paths: Sequence[str | Path]) -> list[tuple[str, Found]]:
    """Every file the arguments mean with the name to show for it, in the order met."""
    unique: dict[str, Found] = {}
    for path in paths:
        for found in _expand(path):
            key = os.path.realpath(found.path)
            before = unique.setdefault(key, found)
            if found.named and not before.named:  # met in a folder first, then given by name: naming it counts
                unique[key] = replace(before, named=True, problem=found.problem)
    return _with_names(list(unique.values()))


def files_meant(paths: Sequence[str | Path]) -> list[Path]:
    """The paths of all files that the arguments mean, none of them opened."""
    return [found.path for _, found in discover(paths)]


def _expand(given: str | Path) -> Iterator[Found]:
    path = Path(given)
    kind = _kind(path)
    if kind == "folder":
        yield from _in_folder(path)
    elif kind == "file":
        yield _file(path, depth=1, named=True)
    elif is_remote(str(given)):
        yield Found(path, 1, True, problems.FOR_SPARK)
    elif glob.has_magic(str(path)):
        yield from _matches(path)
    else:
        yield Found(path, 1, True, problems.no_such_file(path.name, _siblings(path)))


def _kind(path: Path) -> Literal["file", "folder", "none"]:
    try:
        mode = path.stat().st_mode
    except PermissionError:
        return "file"  # it may well exist; opening it will tell
    except (OSError, ValueError):  # not there, or no possible name
        return "none"
    return "folder" if stat.S_ISDIR(mode) else "file"


def _file(path: Path, depth: int, named: bool) -> Found:
    lock = path.name.startswith(LOCK_PREFIX)
    return Found(path, depth, named, problems.lock_file(path.name, named) if lock else None)


def _in_folder(folder: Path) -> Iterator[Found]:
    found = sorted(_walk(folder), key=lambda item: item.path.relative_to(folder).as_posix())
    yield from found
    if all(item.problem and item.problem.code == "lock-file" for item in found):
        yield Found(folder, 1, True, problems.NOTHING_TO_READ)


def _walk(folder: Path) -> Iterator[Found]:
    closed: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(parent, name) for name in files if not name.startswith(".")):
            if _is_table(path) and not _is_special(path):
                yield _file(path, len(path.relative_to(folder).parts), named=False)
    for error in closed:
        path = Path(error.filename)
        depth = len(path.relative_to(folder).parts) or 1
        yield Found(path, depth, path == folder, problems.FOLDER_UNREADABLE)


def _is_table(path: Path) -> bool:
    """By its name, which may end in .gz or .zst once more; of packed files the others are backups and the like."""
    packed = path.suffix.lower() in PACKED
    return (path.with_suffix("") if packed else path).suffix.lower() in SUFFIXES


def _is_special(path: Path) -> bool:
    """Whether reading could wait for ever, as on a pipe. A broken link is not special: it is worth a problem."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _matches(pattern: Path) -> Iterator[Found]:
    # Path.glob would match hidden files as well, which no shell does.
    names = sorted(glob.glob(str(pattern), recursive=True))  # noqa: PTH207
    files = [path for path in map(Path, names) if _kind(path) == "file"]
    for path in files:
        yield _file(path, depth=1, named=True)
    if not files:
        fixed = next(index for index, part in enumerate(pattern.parts) if glob.has_magic(part))
        yield Found(pattern, len(pattern.parts) - fixed, True, problems.NO_MATCH)


def _siblings(path: Path) -> list[str]:
    try:
        return [item.name for item in path.parent.iterdir() if not item.name.startswith((".", LOCK_PREFIX))]
    except (OSError, ValueError):
        return []


def _with_names(found: list[Found]) -> list[tuple[str, Found]]:
    """Names as short as asked for, with parent folders in front where two files would share one."""
    while True:
        names = [_name(item) for item in found]
        count = Counter(names)
        longer = [_longer(item) if count[name] > 1 else item for item, name in zip(found, names, strict=True)]
        if longer == found:
            return list(zip(names, found, strict=True))
        found = longer


def _name(item: Found) -> str:
    return "/".join(_parts(item.path)[-item.depth :]) or "."


def _longer(item: Found) -> Found:
    return replace(item, depth=min(item.depth + 1, max(len(_parts(item.path)), 1)))


def _parts(path: Path) -> tuple[str, ...]:
    """The parts of the whole path as given: links are not followed, and the root is left out."""
    whole = Path(os.path.normpath(path.absolute()))
    return whole.parts[1:]
