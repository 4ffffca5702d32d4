"""The book as a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import numpy as np
import pandas as pd

from rm_audit.cells import Cell
from rm_audit.channels import Channels
from rm_audit.days import Period
from rm_audit.errors import Problem
from rm_audit.profiles.model import SetAside
from rm_audit.tables import AMOUNT_COLUMN, COUNT, MAIN_COLUMN, ROW, SHEET

T = TypeVar("T")
Mask: TypeAlias = "pd.Series[bool] | np.ndarray[Any, Any]"  # one truth a row of a table


@dataclass(frozen=True)
class SheetRef:
    """Where a table's columns stand in one sheet: `columns[table][name]` counts from 1."""

    file: str
    sheet: str
    columns: Mapping[str, Mapping[str, int]]
    turned: bool = False  # the sheet's rows and columns are swapped in its table
    export: bool = False  # a platform wrote it, and no team
    span: tuple[int, int] = (0, 0)  # first and last row of a file that an engine rolled up


@dataclass
class InputSheet:
    """One sheet's account: rows and micro-units read, used and set aside (in the book's currency)."""

    name: str
    profile: str | None
    table: str | None
    currency: str | None
    headers: Mapping[str, Any]
    rows_read: int = 0
    amount_used: int = 0
    set_aside: list[SetAside] = field(default_factory=list)
    in_part: frozenset[int] = frozenset()  # rows with a month set aside and another used: they count as used

    @property
    def amount_aside(self) -> int:
        return sum(item.amount for item in self.set_aside)

    @property
    def reasons(self) -> dict[str, tuple[int, int]]:
        """Reason → rows that were set aside for it, and their amount."""
        found: dict[str, tuple[int, int]] = {}
        for item in self.set_aside:
            rows, amount = found.get(item.reason, (0, 0))
            found[item.reason] = (rows + (item.row not in self.in_part) * item.rows, amount + item.amount)
        return found

    @property
    def rows_aside(self) -> int:
        """Rows of the file that are set aside whole; of a rolled-up row all that it stands for."""
        alone = {item.row for item in self.set_aside if item.row} - self.in_part
        return len(alone) + sum(item.rows for item in self.set_aside if not item.row)


@dataclass
class InputFile:
    file: str
    sha256: str
    sheets: list[InputSheet] = field(default_factory=list)


@dataclass
class Book:
    """`tables` are canonical frames: every row with its sheet's number, its row and its main column.

    Money is in micro-units of `currency` (None where nothing names one). `period` is the one that was set,
    else the span of the dated spend. `yearless` says that spend has months and no year.
    """

    tables: dict[str, pd.DataFrame]
    sheets: list[SheetRef]
    inputs: list[InputFile]
    problems: list[Problem]
    channels: Channels
    currency: str | None = None
    period: Period | None = None
    yearless: bool = False
    rates_used: list[str] = field(default_factory=list)
    made: dict[object, tuple[list[pd.DataFrame | None], Any]] = field(default_factory=dict, compare=False, repr=False)
    engines: dict[str, str] = field(default_factory=dict)  # files that an engine added up, and which one
    unreadable: list[str] = field(default_factory=list)  # files that were named and could not be read

    @property
    def recognised(self) -> bool:
        """Whether any sheet of any file was."""
        return any(sheet.profile for file in self.inputs for sheet in file.sheets)

    @property
    def accounts(self) -> list[InputSheet]:
        """The account of each sheet of `sheets`, in the same order."""
        return [sheet for file in self.inputs for sheet in file.sheets if sheet.table]

    def has(self, table: str, column: str = "") -> bool:
        """Whether the table, and the column in it, came with any file."""
        frame = self.tables.get(table)
        return frame is not None and (not column or column in frame.columns)

    def once(self, name: object, tables: Sequence[str], make: Callable[[], T]) -> T:
        """What `make` makes of some tables; made again only where one of these has become another frame."""
        frames = [self.tables.get(table) for table in tables]
        if name not in self.made or any(a is not b for a, b in zip(frames, self.made[name][0], strict=True)):
            self.made[name] = (frames, make())
        found: T = self.made[name][1]
        return found

    def counts(self, table: str) -> np.ndarray[Any, np.dtype[np.int64]]:
        """How many rows of the files each row of a table stands for."""
        frame = self.tables[table]
        if COUNT not in frame:
            return np.ones(len(frame), dtype=np.int64)
        return frame[COUNT].fillna(1).to_numpy(dtype=np.int64)

    def count(self, table: str, positions: Sequence[int] | np.ndarray[Any, Any]) -> int:
        """How many rows of the files some rows of a table stand for: rolled-up rows stand for several."""
        frame = self.tables[table]
        return int(frame[COUNT].take(positions).fillna(1).sum()) if COUNT in frame else len(positions)

    def cells(self, table: str, column: str, positions: Sequence[int] | np.ndarray[Any, Any]) -> list[Cell]:
        """The addresses of one column in some rows of a table; empty where a sheet has no such column."""
        frame = self.tables.get(table)
        if frame is None or not len(positions):
            return []
        where = np.asarray(positions, dtype=np.int64)
        # Of the rows asked for alone: a stored report asks once a subject, and a whole column is long.
        numbers, rows, own = (frame[name].take(where).tolist() for name in (SHEET, ROW, AMOUNT_COLUMN))
        if column != MAIN_COLUMN[table]:
            places = {number: self.sheets[number].columns.get(table, {}).get(column) for number in set(numbers)}
            own = [places[number] for number in numbers]
        refs = self.sheets
        return [
            Cell(refs[number].file, refs[number].sheet, *_place(refs[number], row, place))
            for number, row, place in zip(numbers, rows, own, strict=True)
            if place
        ]

    def set_aside(self, table: str, keep: Mask, reason: str | np.ndarray[Any, Any], amount: str = "") -> None:
        """Takes the rows where `keep` is False out of a table, and accounts for them: one reason, or one a row.

        A row of a sheet that stands in several rows of the table (a month each) is one row in the account, with the
        sum of what was taken.
        """
        kept = np.asarray(keep, dtype=bool)
        if kept.all():
            return
        frame = self.tables[table]
        out = ~kept
        aside = pd.DataFrame({"sheet": frame[SHEET].to_numpy()[out], "row": frame[ROW].to_numpy()[out]})
        aside["reason"] = reason if isinstance(reason, str) else reason[out]
        aside["count"] = frame[COUNT].fillna(1).to_numpy(dtype=np.int64)[out] if COUNT in frame else 1
        aside["money"] = frame[amount].to_numpy(dtype=np.int64, na_value=0)[out] if amount else 0
        sheets = self.accounts
        sums = aside.groupby(["sheet", "row", "reason"], sort=False)[["money", "count"]].sum().reset_index()
        sums.loc[sums["row"] > 0, "count"] = 1
        for number, part in sums.groupby("sheet", sort=True):
            sheet = sheets[int(str(number))]
            if sheet.table != table:
                continue
            columns = (part[name].tolist() for name in ("row", "reason", "money", "count"))
            sheet.set_aside += [SetAside(*item) for item in zip(*columns, strict=True)]
            sheet.amount_used -= int(part["money"].sum())
            left = frame[ROW].to_numpy()[kept & (frame[SHEET].to_numpy() == number)]
            sheet.in_part = frozenset(np.intersect1d([item.row for item in sheet.set_aside], left).tolist()) - {0}
        self.tables[table] = frame[kept].reset_index(drop=True)


def _place(ref: SheetRef, row: int, column: int) -> tuple[int, ...]:
    """Column and row of a cell as the sheet shows them; of a rolled-up row the range that it comes from."""
    if not row:
        return (column, *ref.span)
    return (row, column) if ref.turned else (column, row)
