"""Text tables: comma, semicolon, tab or pipe separated."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from rm_audit.errors import Problem
from rm_audit.readers import problems
from rm_audit.readers.decode import decode
from rm_audit.readers.model import Value
from rm_audit.readers.problems import FileError
from rm_audit.readers.sniff import declared_delimiter, delimiter_of

FIELD_LIMIT = 2**31 - 1  # the largest that every platform takes
MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|table|\?xml|!--)", re.IGNORECASE)


def read_text(data: bytes, suffix: str) -> tuple[list[list[Value]], list[Problem]]:
    """Rows of text cells, a record a row; raises FileError where the bytes hold no table."""
    text, notes = decode(data, suffix)
    text = text.replace("\0", "")
    if MARKUP.match(text):
        raise FileError(problems.WEB_PAGE)
    csv.field_size_limit(FIELD_LIMIT)
    declared = declared_delimiter(text)
    rows, open_quote = _parse(text, declared or delimiter_of(text))
    if declared:
        rows[0] = [f"sep={declared}"]
    return rows, notes + open_quote


def _parse(text: str, delimiter: str) -> tuple[list[list[Value]], list[Problem]]:
    lines = _Lines(text)
    rows: list[list[Value]] = []
    for record in csv.reader(lines, delimiter=delimiter):
        rows.append([value or None for value in record])
        if lines.ended:  # a whole record never asks for a line that is not there
            return rows, [problems.open_quote(len(rows), len(record))]
    return rows, []


class _Lines:
    """The lines of a text, which remember whether one more was asked for than there are."""

    def __init__(self, text: str) -> None:
        self.ended = False
        self._lines = io.StringIO(text, newline="")

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._lines.readline()
        if not line:
            self.ended = True
            raise StopIteration
        return line
