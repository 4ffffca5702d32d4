"""Addresses: which file, sheet, row and column a number came from.

Addresses travel as numbers (rows and columns count from 1, as a spreadsheet shows them) and become
text such as `plan.xlsx#Spend!D7` only when a finding or a message needs them.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

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


def addresses(
    groups: Iterable[Iterable[Cell]], most: int = MAX_CELLS
) -> tuple[Sequence[str], Mapping[str, Sequence[int]]]:
    """Cells as text, group by group (a group is what one measure rests on), in sheet order inside a group.

    Past `most`, runs down a column become ranges; a group with too many runs becomes one range a column, from its
    first row to its last. Such a range holds cells of others too: the first MOST_ROWS rows that are meant come beside.
    """
    parts = [sorted(set(group)) for group in groups]
    parts = [part for part in parts if part]
    if sum(map(len, parts)) <= most:
        return list(dict.fromkeys(str(cell) for part in parts for cell in part)), {}
    runs = [_runs(part) for part in parts]
    left = most
    for count, position in enumerate(sorted(range(len(runs)), key=lambda index: len(runs[index]))):
        fair = max(1, left // (len(runs) - count))  # those with few runs keep them, the rest share what is left
        runs[position] = runs[position] if len(runs[position]) <= fair else _whole_columns(parts[position])
        left -= len(runs[position])
    texts = list(dict.fromkeys(_range_text(run) for group in runs for run in group))[:most]
    gaps = [run for group in runs for run in group if run[-1].row - run[0].row >= len(run)]
    return texts, {_range_text(run): array("i", [cell.row for cell in run[:MOST_ROWS]]) for run in gaps}


def _whole_columns(cells: list[Cell]) -> list[list[Cell]]:
    """One range a column, from the first row to the last."""
    columns: dict[tuple[str, str, int], list[Cell]] = {}
    for cell in cells:
        columns.setdefault((cell.file, cell.sheet, cell.column), []).append(cell)
    return list(columns.values())


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
    end = last.last or last.row
    return str(first) if first == last else f"{replace(first, last=0)}:{letters(last.column)}{end}"
