"""Text tables: comma, semicolon, tab or pipe separated, or a web page that holds a table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TypeAlias

from rm_audit.errors import Problem
from rm_audit.readers import problems
from rm_audit.readers.decode import decode
from rm_audit.readers.marks import UNREAD
from rm_audit.readers.model import Sheet, Value
from rm_audit.readers.packed import Packed
from rm_audit.readers.problems import FileError
from rm_audit.readers.sniff import declared_delimiter, delimiter_of

FIELD_LIMIT = 2**31 - 1  # the largest that every platform takes
PART = 1 << 20  # characters of a text that are parted into lines at a time
LONG = 1 << 25  # characters; as lists of cells a longer text would stand in memory ten times. Judgement.
SHARED = 1 << 17  # distinct texts that are remembered while a file is read
MARKUP = re.compile(
    r"\s*<(?:!doctype|html|head|meta|title|style|script|body|div|center|table|tr|\?xml|!--)[\s>a-z-]", re.IGNORECASE
)

Rows: TypeAlias = "list[list[Value]] | Packed"


def read_text(data: bytes, suffix: str) -> tuple[list[Sheet], list[Problem]]:
    """A sheet for a text table, or one for each table of a web page; raises FileError where there is none."""
    text, notes = decode(data, suffix)
    text = text.replace("\0", "")
    sheets, cut = _page(text) if MARKUP.match(text) else read_table(text)
    return sheets, notes + cut


def read_table(text: str) -> tuple[list[Sheet], list[Problem]]:
    """The sheet of a text table, and what shows that its end is missing."""
    return table_of(_parts(text), text, Packed() if len(text) > LONG else [])


def table_of(parts: Iterable[str], head: str, rows: Rows) -> tuple[list[Sheet], list[Problem]]:
    """The same of a text in parts of whole lines, into `rows`; `head` are its first letters, which say what parts its
    columns."""
    csv.field_size_limit(FIELD_LIMIT)
    declared = declared_delimiter(head)
    cut = _parse(Lines(parts), declared or delimiter_of(head), f"sep={declared}" if declared else "", rows)
    return [Sheet(UNREAD, "", rows)], cut


def _page(text: str) -> tuple[list[Sheet], list[Problem]]:
    from rm_audit.readers.html import html_tables

    tables = html_tables(text)
    if not tables:
        raise FileError(problems.WEB_PAGE)
    names = [f"Table {number}" for number in range(1, len(tables) + 1)] if len(tables) > 1 else [""]
    sheets = [
        Sheet(UNREAD, name, table.rows, merged=tuple(table.within())) for name, table in zip(names, tables, strict=True)
    ]
    return sheets, [] if all(table.closed for table in tables) else [problems.PAGE_CUT_OFF]


def _parse(lines: Lines, delimiter: str, first: str, rows: Rows) -> list[Problem]:
    """Fills the rows, of which the `first` may be known, and gives what shows that the end is missing."""
    shared: dict[str, str | None] = {"": None}
    append = rows.append
    for record in csv.reader(lines, delimiter=delimiter):
        # The same text once, and None for none.
        cells: list[Value] = [first] if first and not rows else list(map(shared.setdefault, record, record))
        append(cells)
        if len(shared) > SHARED:  # ids, which are many and come once
            shared = {"": None}
        if lines.ended:  # a whole record never asks for a line that is not there
            return [problems.open_quote(len(rows), len(record))]
    return _cut_row(lines.last, rows, 1 if first else 0)


def _cut_row(line: str, rows: Rows, first: int) -> list[Problem]:
    """A file whose download broke off ends inside of a row. Programs end the last row with a line break, mostly."""
    lengths = rows.lengths(range(len(rows))) if isinstance(rows, Packed) else map(len, rows)
    widths = [length for length in islice(lengths, first, None) if length]
    if line.endswith(("\n", "\r")) or len(widths) < 2 or widths[-1] >= min(widths[:-1]):
        return []
    return [problems.row_cut_off(len(rows))]


def _parts(text: str) -> Iterator[str]:
    """A part of the text at a time: whole, it would stand in memory a second time, at four bytes a letter."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + PART) + 1 or len(text)
        yield text[start:end]
        start = end


class Lines:
    """The lines of a text, which remember the last one, and whether one more was asked for than there are. It comes in
    parts of whole lines."""

    def __init__(self, parts: Iterable[str]) -> None:
        self.ended, self.last = False, ""
        self._lines = chain.from_iterable(io.StringIO(part, newline="") for part in parts)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.last = line
        return line
