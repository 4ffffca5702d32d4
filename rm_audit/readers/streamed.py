"""A large text, read cell by cell in one pass: no more of it than a part stands in memory as lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path

from rm_audit.cells import Source
from rm_audit.progress import following, tell
from rm_audit.readers import gzip, problems
from rm_audit.readers.decode import OLD_ENCODINGS
from rm_audit.readers.model import FileRead, holds_something
from rm_audit.readers.packed import Packed
from rm_audit.readers.pieces import Pieces
from rm_audit.readers.problems import FileError
from rm_audit.readers.sniff import SAMPLE_CHARACTERS
from rm_audit.readers.text import table_of
from rm_audit.readers.zstd import is_zstd

MANY = 100_000  # rows; to look at fewer takes less than a second


def read_streamed(path: Path, source: Source, named: bool) -> FileRead | None:
    """The file as `read_text` has it. None where only who holds all of its bytes can say what is wrong with it."""
    start = b""
    try:
        start = _start(path)
        return _read(path, start, source, named)
    except FileError as error:  # what only an engine can unpack is wrong as the engine says
        problem = replace(error.problem, file=source.file)
        return FileRead(source, "csv", [], [problem], named) if is_zstd(start) else None
    except OSError:
        return None


def _read(path: Path, start: bytes, source: Source, named: bool) -> FileRead | None:
    pieces = Pieces(path, "", most=gzip.MOST_BYTES)
    with closing(pieces), following(f"Reading {source.file} cell by cell", pieces.percent):
        parts = pieces.parts()
        head = _first(parts)
        sheets, cut = table_of(chain([head], parts), head[:SAMPLE_CHARACTERS], Packed())
    if not any(map(holds_something, sheets)) and not is_zstd(start):
        return None
    count = sum(len(sheet.rows) for sheet in sheets)
    if count > MANY:
        tell(f"Looking at the {count:,} rows of {source.file}")
    old = [problems.old_encoding(pieces.encoding)] if pieces.encoding in OLD_ENCODINGS else []
    notes = [replace(note, file=source.file) for note in (*old, *cut)]
    return FileRead(source, "csv", [replace(sheet, source=source) for sheet in sheets], notes, named)


def _first(parts: Iterator[str]) -> str:
    """As much of a text as says what parts its columns."""
    head = ""
    while len(head) < SAMPLE_CHARACTERS and (part := next(parts, None)) is not None:
        head += part
    return head


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)
