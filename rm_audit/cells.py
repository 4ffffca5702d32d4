"""Addresses: which file, sheet, row and column a number came from.

Addresses travel as numbers (rows and columns count from 1, as a spreadsheet shows them) and become
text such as `plan.xlsx#Spend!D7` only when a finding or a message needs them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

MAX_CELLS = 20  # the contract: at most 20 addresses a finding, then ranges
MOST_ROWS = 100  # rows that are kept of a range with gaps; judgement: more marks in one column are a colour, no message
_PLACE = re.compile(r"(?:(?P<sheet>.*)!)?(?P<cell>[A-Z]+(?P<first>\d+)(?::[A-Z]+(?P<last>\d+))?)", re.DOTALL)


@dataclass(frozen=True)
class Source:
    """A file as it was read: its path relative to the argument it was found under, and its sha256."""

    file: str
    sha256: str


@dataclass(frozen=True, order=True)
class Cell:
    """One cell of one sheet, or the cells of a column down to row `last`. `sheet` is empty for text files."""

    file: str
    sheet: str
    column: int
    row: int
    last: int = 0

    def __str__(self) -> str:
        range_ = f":{letters(self.column)}{self.last}" if self.last else ""
        return f"{_prefix(self)}{letters(self.column)}{self.row}{range_}"


@dataclass(frozen=True)
class Place:
    """An address taken apart: `cell` is A1 text, a cell or a range, and `first` and `last` are its rows from 1."""

    file: str
    sheet: str
    cell: str
    first: int
    last: int

    @property
    def inside(self) -> str:
        """Where in the file it is, as `Spend!D7`, or `D7` where the file has one sheet."""
        return f"{self.sheet}!{self.cell}" if self.sheet else self.cell


def taken_apart(address: str, files: Collection[str]) -> Place | None:
    """The parts of an address of a report on these files; None where it is none.

    Names may hold the marks that stand between the parts, so the file is the longest that fits.
    """
    for file in sorted(files, key=len, reverse=True):
        match = _PLACE.fullmatch(address[len(file) + 1 :]) if address.startswith(f"{file}#") else None
        if match is not None:
            first = int(match["first"])
            return Place(file, match["sheet"] or "", match["cell"], first, int(match["last"] or first))
    return None


def letters(column: int) -> str:
    """The spreadsheet's name of a column counted from 1: 1 → A, 27 → AA."""
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _prefix(cell: Cell) -> str:
    return f"{cell.file}#{cell.sheet}!" if cell.sheet else f"{cell.file}#"
