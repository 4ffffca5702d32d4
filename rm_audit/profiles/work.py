"""One block under way from cells to a canonical table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import zip_longest

from rm_audit.cells import letters
from rm_audit.days import Period
from rm_audit.errors import Level, Problem
from rm_audit.profiles.blocks import Block
from rm_audit.profiles.model import Layout, Profile
from rm_audit.readers import Value
from rm_audit.readers.packed import Columns, Packed

_NUMBERS = {int, float, type(None)}


@dataclass
class Work:
    """One block under way. `rows` are indices in the block; columns grow beside them in the same order. Of rows that
    say something else than the block has there, `instead` holds the cells, by their position.

    `period` is the one that was set; `own` is what the file says of its time outside its rows.
    """

    block: Block
    layout: Layout
    profile: Profile
    period: Period | None
    key: bytes
    own: Period | None = None
    currency: str | None = None
    rows: list[int] = field(default_factory=list)
    instead: dict[int, Sequence[Value]] = field(default_factory=dict)
    columns: dict[str, list[object]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    aside: dict[int, tuple[str, int]] = field(default_factory=dict)
    dollar: bool = False
    yearless: bool = False
    scale: Fraction = Fraction(1)  # what a line above the table says its amounts are to be multiplied by

    @cached_property
    def months_of(self) -> Period | None:
        """Where months without a year fall: in the period that was set, else in the file's own.

        A period inside one year names that year, also for the months outside it: those are then set aside as such.
        """
        period = self.period or self.own
        return period.whole_year() if period else None

    @cached_property
    def _grid(self) -> Sequence[Sequence[Value]]:
        """The rows' cells by column; made once, when all rows are collected."""
        if isinstance(self.block.rows, Packed):
            return Columns(self.block.rows, self.rows, self.instead, max(self.lengths, default=0))
        rows = [self.block.rows[index] for index in self.rows]
        for position, cells in self.instead.items():
            rows[position] = cells
        return list(zip(*rows, strict=True)) if len(self.lengths) == 1 else list(zip_longest(*rows))

    @cached_property
    def lengths(self) -> set[int]:
        """How many cells the rows have."""
        rows = self.block.rows
        own = rows.lengths(self.rows) if isinstance(rows, Packed) else [len(rows[index]) for index in self.rows]
        if self.instead:
            own = [length for position, length in enumerate(own) if position not in self.instead]
        return {*own, *map(len, self.instead.values())}

    @cached_property
    def _met(self) -> dict[int, dict[Value, None]]:
        return {}

    def met(self, column: int) -> dict[Value, None]:
        """The distinct values of a column, in the order met; found once. Columns of numbers alone give none."""
        if column not in self._met:
            values = self.cells(column)
            words = bool(values) and isinstance(values[0], str)  # then the others need not be looked at
            self._met[column] = {} if not words and set(map(type, values)) <= _NUMBERS else dict.fromkeys(values)
        return self._met[column]

    @cached_property
    def _texts(self) -> dict[int, list[str]]:
        return {}

    def texts(self, column: int) -> list[str]:
        """The distinct texts of a column, in the order met."""
        if column not in self._texts:
            self._texts[column] = [value for value in self.met(column) if isinstance(value, str)]
        return self._texts[column]

    def first_texts(self, column: int, most: int) -> Sequence[str]:
        """So many of the distinct texts of a column at least, in the order met, or all that there are."""
        grid, count = self._grid, most * most
        first = grid.first(column, count) if isinstance(grid, Columns) else self.cells(column)[:count]
        texts = [value for value in dict.fromkeys(first) if isinstance(value, str)]
        return texts if len(texts) >= most else self.texts(column)

    @property
    def width(self) -> int:
        """How many columns the rows have."""
        return len(self._grid)

    def cells(self, column: int) -> Sequence[Value]:
        return self._grid[column] if column < len(self._grid) else (None,) * len(self.rows)

    def cells_in(self, position: int) -> Sequence[Value]:
        """The cells of one row, from left to right."""
        found = self.instead.get(position)
        return self.block.rows[self.rows[position]] if found is None else found

    def cell_in(self, position: int, column: int) -> Value:
        cells = self.cells_in(position)
        return cells[column] if column < len(cells) else None

    def set_aside(self, position: int, reason: str, amount: int = 0) -> None:
        self.aside.setdefault(position, (reason, amount))

    def row(self, position: int) -> int:
        """The row of a position, from 1 (the column, in a turned block)."""
        return self.block.row(self.rows[position])

    def at(self, position: int, column: int) -> tuple[int, int]:
        """(row, column) of a cell, from 0 in the block."""
        return self.rows[position], column

    def header(self, column: int) -> str:
        value = self.layout.headers[column] if column < len(self.layout.headers) else None
        name = letters(self.block.column(column))
        return " ".join(str(value).split()) if value not in (None, "") else f"column {name}"

    def cell(self, at: tuple[int, int]) -> str:
        """The address of a cell of the block, as the sheet shows it."""
        row, column = self.block.place(*at)
        return f"{letters(column)}{row}"

    def complain(
        self, level: Level, code: str, message: str, help: str, at: tuple[int, int] | None = None, excerpt: str = ""
    ) -> None:
        source, sheet = self.block.sheet.source.file, self.block.sheet.name
        self.problems.append(
            Problem(level, code, message, help, source, sheet, self.cell(at) if at else "", excerpt=excerpt)
        )
