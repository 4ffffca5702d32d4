"""A large file in pieces of rows, in whatever letters it is written and however it is packed."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

from rm_audit.readers import damage, problems
from rm_audit.readers.decode import encoding_of
from rm_audit.readers.gzip import MAGIC
from rm_audit.readers.model import Value, plain_value
from rm_audit.readers.problems import FileError
from rm_audit.readers.sniff import SEP_LINE
from rm_audit.readers.text import FIELD_LIMIT, PART, Lines
from rm_audit.readers.whole import parquet_rows, silent, zstd_parts
from rm_audit.readers.zstd import is_zstd

ROWS = 50_000  # of a piece
LINE_END = "\u2028"  # which parts words as a line end does, and lines to no engine
LONGEST = 10**15  # a number of more digits is no sure id


class Pieces:
    """The rows of a text table as the ordinary reader has them, a piece at a time; iterates once.

    A line end inside of a cell is LINE_END, so that each row is one line. `encoding` is known from the first piece on,
    and at the end whether the text `ended` with a line end. Raises FileError where only who holds all of it can say
    what is wrong.
    """

    ended = True

    def __init__(self, path: Path, delimiter: str, most: int = 0) -> None:
        self.encoding, self._most = "", most
        self._path, self._delimiter = path, delimiter
        self._size, self._file = max(path.stat().st_size, 1), path.open("rb")

    def close(self) -> None:
        self._file.close()

    def percent(self) -> float:
        """How far the file is read; below 0 while its letters are looked at."""
        try:
            return -1 if not self.encoding else 100 * self._file.tell() / self._size
        except (ValueError, OSError):  # it is closed, or just being closed
            return -1

    def parts(self) -> Iterator[str]:
        """The text in parts of whole lines, without NUL characters. Raises FileError."""
        try:
            yield from (part.replace("\0", "") for part in self._parts())
        except (UnicodeDecodeError, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise FileError(problems.DAMAGED_TEXT) from error

    def __iter__(self) -> Iterator[list[list[str]]]:
        csv.field_size_limit(FIELD_LIMIT)
        piece: list[list[str]] = []
        lines = Lines(self.parts())
        for record in _records(lines, self._delimiter):
            piece.append(record)
            if len(piece) == ROWS:
                yield piece
                piece = []
        self.ended = lines.last.endswith(("\n", "\r"))
        yield piece

    def _parts(self) -> Iterator[str]:
        start = self._file.read(4)
        self._file.seek(0)
        if is_zstd(start):
            self.encoding = "utf-8"
            yield from zstd_parts(self._path)
            return
        packed = start[:2] == MAGIC
        raw = cast("BinaryIO", gzip.GzipFile(fileobj=self._file)) if packed else self._file
        self.encoding = encoding_of(raw)
        with io.TextIOWrapper(raw, self.encoding, newline="") as text:
            while part := text.read(PART):
                yield part + text.readline()
                if packed and 0 < self._most < raw.tell():
                    raise FileError(problems.GZIP_TOO_LARGE)


class ParquetPieces:
    """The header and the rows of a Parquet file, as texts. Raises FileError for ids that a spreadsheet has rounded."""

    encoding, ended = "utf-8", True

    def __init__(self, path: Path) -> None:
        self._con = silent()
        self._path, self._size, self._read = path, max(parquet_rows(path), 1), 0

    def close(self) -> None:
        self._con.close()

    def percent(self) -> float:
        """How far the file is read."""
        return 100 * self._read / self._size

    def __iter__(self) -> Iterator[list[list[str]]]:
        import duckdb

        try:
            found = self._con.execute("select * from read_parquet(?, hive_partitioning = true)", [str(self._path)])
            header = [[str(column[0]) for column in found.description or ()]]
            while rows := found.fetchmany(ROWS):
                yield [*header, *([_text(plain_value(cell)) for cell in row] for row in rows)]
                self._read += len(rows)
                header = []
        except duckdb.Error as error:
            raise FileError(damage.of_parquet(error)) from error


def _text(cell: Value) -> str:
    """A cell as the text that means the same."""
    if isinstance(cell, int | float) and abs(cell) >= LONGEST:
        raise FileError(replace(problems.NOT_PLAIN, message="numbers of more than 15 digits"))
    if cell is None:
        return ""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return LINE_END.join(text.splitlines())


def _records(lines: Lines, delimiter: str) -> Iterator[list[str]]:
    reader, before = csv.reader(lines, delimiter=delimiter), 0
    for record in reader:
        if lines.ended:  # a quote that is never closed
            raise FileError(problems.open_quote(reader.line_num, len(record)))
        if reader.line_num > before + 1:
            record = [LINE_END.join(cell.splitlines()) for cell in record]
        elif not before and SEP_LINE.fullmatch(delimiter.join(record)):
            record = [delimiter.join(record)]
        before = reader.line_num
        yield record
