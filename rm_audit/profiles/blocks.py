"""Tables inside a sheet: one under the other, side by side, or turned on their side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rm_audit.profiles.months import month_column
from rm_audit.readers import Area, Sheet, Value

EMPTY = (None, "")
_NUMBER = re.compile(r"[-+(]?[€$£]? ?\d[\d.,’' ]*%?\)?")
_NO_DATA = re.compile(r"no data( available)?|no results?|keine daten.*|aucune donnée.*|geen gegevens.*", re.IGNORECASE)
_KEY = re.compile(r".{2,60}:\s*")


@dataclass(frozen=True)
class Block:
    """A part of a sheet that may hold one table. `rows[0][0]` stands in row `top` and column `left`, both from 0.

    A `turned` block has its sheet's rows as columns. `above` are the texts that stand over it; `merged` are its own.
    """

    sheet: Sheet
    rows: Sequence[Sequence[Value]]
    top: int = 0
    left: int = 0
    turned: bool = False
    above: tuple[str, ...] = ()
    merged: tuple[Area, ...] = field(default=(), compare=False)
    of: int = 0  # how many rows there are in all, where these are some of them
    across: tuple[str, ...] = ()  # the words that stood over the columns of a matrix before it was turned

    def row(self, index: int) -> int:
        """The number (from 1) under which a row's cells are found: the sheet's row, or its column in a turned block."""
        return index + self.top + 1

    def column(self, index: int) -> int:
        return index + self.left + 1

    def place(self, row: int, column: int) -> tuple[int, int]:
        """The sheet's own (row, column), from 1, of a cell of the block."""
        one, other = self.row(row), self.column(column)
        return (other, one) if self.turned else (one, other)


def filled(row: Sequence[Value]) -> int:
    """How many cells of a row hold anything."""
    return len(row) - row.count(None)


def no_data(row: Sequence[Value]) -> bool:
    """Whether a row only says that an export is empty, as Meta's does."""
    return filled(row) == 1 and any(_NO_DATA.fullmatch(line.strip('."')) for line in texts([row]))


def texts(rows: Sequence[Sequence[Value]]) -> tuple[str, ...]:
    """Each row that holds anything as one line of text."""
    lines = (" ".join(str(cell) for cell in row if cell not in EMPTY) for row in rows)
    return tuple(" ".join(line.split()) for line in lines if line.strip())


def is_number(value: Value) -> bool:
    """Whether a cell holds a number or reads like one."""
    if isinstance(value, str):
        return bool(_NUMBER.fullmatch(value.strip()))
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_word(value: Value) -> bool:
    """Whether a cell holds a text without any figure in it."""
    return isinstance(value, str) and value.strip() != "" and not any(char.isdigit() for char in value)


def looks_like_head(row: Sequence[Value]) -> bool:
    """Two cells or more, all of them words; a year or a month is as good as a word."""
    cells = [cell for cell in row if cell not in EMPTY]
    words = sum(isinstance(cell, str) and not is_number(cell) for cell in cells)
    return len(cells) >= 2 and all(_is_heading(cell) for cell in cells) and words + _months(cells) >= 1


def _is_heading(cell: Value) -> bool:
    if isinstance(cell, str) and not is_number(cell):
        return True
    return is_year(cell) or month_column(cell) is not None


def is_year(cell: Value) -> bool:
    return str(cell).strip().removesuffix(".0") in _YEARS


_YEARS = frozenset(map(str, range(1990, 2100)))


def _months(cells: Sequence[Value]) -> int:
    return sum(month_column(cell) is not None for cell in cells)


def part(block: Block, first: int, last: int) -> Block:
    """The columns from `first` up to and without `last` as a block of their own."""
    rows = [row[first:last] for row in block.rows]
    merged = tuple(
        Area(area.top, area.left - first, area.bottom, area.right - first)
        for area in block.merged
        if first <= area.left and area.right < last
    )
    return Block(block.sheet, rows, block.top, block.left + first, above=block.above, merged=merged)


def turn(block: Block) -> Block:
    """The same cells with rows and columns swapped."""
    width = max((len(row) for row in block.rows), default=0)
    whole = [[*row, *[None] * (width - len(row))] for row in block.rows]
    rows = [list(column) for column in zip(*whole, strict=True)]
    return Block(block.sheet, rows, block.left, block.top, turned=True, above=block.above)


def pairs_of(block: Block) -> list[Block]:
    """A document of `Name: value` lines as one row under its names; none where the sheet is no such document.

    Where the same names come again under a title of their own, each part is a row, with what stands before them all.
    """
    lines = [(index, row) for index, row in enumerate(block.rows) if filled(row)]
    keyed = [index for index, row in lines if filled(row) == 2 and _KEY.fullmatch(str(row[0]))]
    if len(keyed) < 3 or len(keyed) < len(lines) / 2:
        return []
    titles = [index for index, row in lines if index not in set(keyed) and filled(row) == 1]
    parts = _repeated(block, keyed, titles)
    return [_as_row(block, part) for part in parts or [keyed]]


def _repeated(block: Block, keyed: Sequence[int], titles: Sequence[int]) -> list[list[int]]:
    """The lines of each part that has the same names as another, together with the lines before the first of them."""
    bounds = [*titles, len(block.rows)]
    parts = [[index for index in keyed if start < index < end] for start, end in pairwise(bounds)]
    names = [tuple(str(block.rows[index][0]) for index in part) for part in parts]
    again = [number for number, own in enumerate(names) if own and names.count(own) > 1]
    if len({names[number] for number in again}) != 1:
        return []
    before = [index for index in keyed if index < parts[again[0]][0]]
    return [[*before, *parts[number]] for number in again]


def _as_row(block: Block, lines: Sequence[int]) -> Block:
    rows = [list(row[:2]) if index in set(lines) else [None, None] for index, row in enumerate(block.rows)]
    named = [[_name(row[0]), *row[1:]] for row in rows]
    return turn(Block(block.sheet, named, block.top, block.left, above=block.above))


def _name(cell: Value) -> Value:
    return cell.strip().removesuffix(":") if isinstance(cell, str) else cell
