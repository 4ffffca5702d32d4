"""The book as a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from rm_audit.cells import Cell
from rm_audit.channels import Channels
from rm_audit.days import Period
from rm_audit.errors import Problem
from rm_audit.profiles.model import SetAside
from rm_audit.tables import AMOUNT_COLUMN, MAIN_COLUMN, ROW, SHEET


@dataclass(frozen=True)
class SheetRef:
    """Where a table's columns stand in one sheet: `columns[table][name]` counts from 1."""

    file: str
    sheet: str
    columns: Mapping[str, Mapping[str, int]]


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

    @property
    def amount_aside(self) -> int:
        return sum(item.amount for item in self.set_aside)


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
    unreadable: list[str] = field(default_factory=list)  # files that were named and could not be read

    @property
    def recognised(self) -> bool:
        """Whether any sheet of any file was."""
        return any(sheet.table for file in self.inputs for sheet in file.sheets)

    def has(self, table: str, column: str = "") -> bool:
        """Whether the table, and the column in it, came with any file."""
        frame = self.tables.get(table)
        return frame is not None and (not column or column in frame.columns)

    def cells(self, table: str, column: str, positions: Sequence[int] | np.ndarray[Any, Any]) -> list[Cell]:
        """The addresses of one column in some rows of a table; empty where a sheet has no such column."""
        frame = self.tables.get(table)
        if frame is None or not len(positions):
            return []
        picked = frame.iloc[list(positions)]
        main = column == MAIN_COLUMN[table]
        found = []
        for number, row, own in zip(picked[SHEET], picked[ROW], picked[AMOUNT_COLUMN], strict=True):
            ref = self.sheets[int(number)]
            place = int(own) if main else ref.columns.get(table, {}).get(column)
            if place:
                found.append(Cell(ref.file, ref.sheet, place, int(row)))
        return found

    def set_aside(self, table: str, keep: pd.Series[bool], reason: str, amount: str = "") -> None:
        """Takes the rows where `keep` is False out of a table, and accounts for them with a reason."""
        frame = self.tables[table]
        sheets = [sheet for file in self.inputs for sheet in file.sheets if sheet.table]
        for _, row in frame[~keep].iterrows():
            sheet = sheets[int(row[SHEET])]
            if sheet.table != table:
                continue
            money = int(row[amount]) if amount else 0
            sheet.set_aside.append(SetAside(int(row[ROW]), reason, money))
            sheet.amount_used -= money
        self.tables[table] = frame[keep].reset_index(drop=True)
