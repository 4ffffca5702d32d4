"""Addresses: which file, sheet, row and column a number came from.

Addresses travel as numbers (rows and columns count from 1, as a spreadsheet shows them) and become
text such as `plan.xlsx#Spend!D7` only when a finding or a message needs them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

MAX_CELLS = 20  # the contract: at most 20 addresses a finding, then ranges


@dataclass(frozen=True)
class Source:
    """A file as it was read: its path relative to the argument it was found under, and its sha256."""

    file: str
    sha256: str


@dataclass(frozen=True, order=True)
class Cell:
    """One cell of one sheet. `sheet` is empty for text files, which have one."""

    file: str
    sheet: str
    column: int
    row: int

    def __str__(self) -> str:
        return f"{_prefix(self)}{letters(self.column)}{self.row}"


def letters(column: int) -> str:
    """The spreadsheet's name of a column counted from 1: 1 → A, 27 → AA."""
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def addresses(cells: Iterable[Cell], most: int = MAX_CELLS) -> list[str]:
    """Cells as text in file, sheet, column and row order; runs down a column become ranges past `most`."""
    unique = sorted(set(cells))
    if len(unique) <= most:
        return [str(cell) for cell in unique]
    ranges = [_range_text(run) for run in _runs(unique)]
    if len(ranges) <= most:
        return ranges
    return [*ranges[: most - 1], f"and {len(ranges) - most + 1} more ranges"]


def _prefix(cell: Cell) -> str:
    return f"{cell.file}#{cell.sheet}!" if cell.sheet else f"{cell.file}#"


def _runs(cells: list[Cell]) -> list[list[Cell]]:
    runs = [[cells[0]]]
    for before, cell in pairwise(cells):
        same_column = (before.file, before.sheet, before.column) == (cell.file, cell.sheet, cell.column)
        if same_column and cell.row == before.row + 1:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return runs


def _range_text(run: list[Cell]) -> str:
    first, last = run[0], run[-1]
    return str(first) if first == last else f"{first}:{letters(last.column)}{last.row}"
