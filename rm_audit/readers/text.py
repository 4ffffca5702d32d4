"""Text tables: comma, semicolon, tab or pipe separated, or a web page that holds a table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from rm_audit.errors import Problem
from rm_audit.readers import problems
from rm_audit.readers.decode import decode
from rm_audit.readers.marks import UNREAD
from rm_audit.readers.model import Sheet, Value
from rm_audit.readers.problems import FileError
from rm_audit.readers.sniff import declared_delimiter, delimiter_of

FIELD_LIMIT = 2**31 - 1  # the largest that every platform takes
PIECE = 1 << 20  # characters of a text that are parted into lines at a time
SHARED = 1 << 17  # distinct texts that are remembered while a file is read
MARKUP = re.compile(
    r"\s*<(?:!doctype|html|head|meta|title|style|script|body|div|center|table|tr|\?xml|!--)[\s>a-z-]", re.IGNORECASE
)


def read_text(data: bytes, suffix: str) -> tuple[list[Sheet], list[Problem]]:
    """A sheet for a text table, or one for each table of a web page; raises FileError where there is none."""
    text, notes = decode(data, suffix)
    text = text.replace("\0", "")
    sheets, cut = _page(text) if MARKUP.match(text) else read_table(text)
    return sheets, notes + cut


def read_table(text: str) -> tuple[list[Sheet], list[Problem]]:
    """The sheet of a text table, and what shows that its end is missing."""
    csv.field_size_limit(FIELD_LIMIT)
    declared = declared_delimiter(text)
    rows, cut = _parse(text, declared or delimiter_of(text))
    cut = cut or _cut_row(text, rows, 1 if declared else 0)
    if declared:
        rows[0] = [f"sep={declared}"]
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


def _cut_row(text: str, rows: list[list[Value]], first: int) -> list[Problem]:
    """A file whose download broke off ends inside of a row. Programs end the last row with a line break, mostly."""
    widths = [len(row) for row in rows[first:] if row]
    if text.endswith(("\n", "\r")) or len(widths) < 2 or widths[-1] >= min(widths[:-1]):
        return []
    return [problems.row_cut_off(len(rows))]


def _parse(text: str, delimiter: str) -> tuple[list[list[Value]], list[Problem]]:
    lines = Lines(_lines_of(text))
    rows: list[list[Value]] = []
    shared: dict[str, str | None] = {"": None}
    for record in csv.reader(lines, delimiter=delimiter):
        rows.append(list(map(shared.setdefault, record, record)))  # the same text once, and None for none
        if len(shared) > SHARED:  # ids, which are many and come once
            shared = {"": None}
        if lines.ended:  # a whole record never asks for a line that is not there
            return rows, [problems.open_quote(len(rows), len(record))]
    return rows, []


def _lines_of(text: str) -> Iterator[str]:
    """A piece of the text at a time: whole, it would stand in memory a second time, at four bytes a letter."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + PIECE) + 1 or len(text)
        yield from io.StringIO(text[start:end], newline="")
        start = end


class Lines:
    """The lines of a text, which remember the last one, and whether one more was asked for than there are."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.ended, self.last = False, ""
        self._lines = iter(lines)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.last = line
        return line
