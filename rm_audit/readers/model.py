"""What reading a file gives: values in rows in sheets, and the problems met on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from rm_audit.cells import Source
from rm_audit.errors import Problem

Value = str | int | float | bool | date | datetime | time | timedelta | None

# What stands in a cell whose formula was never calculated: no value, and not an empty cell either.
NOT_CALCULATED = "#NOT CALCULATED!"
ERROR = re.compile(
    r"#(?:N/?A|DIV/0|REF|VALUE|NAME|NUM|NULL|CALC|SPILL|GETTING_DATA|FIELD|BLOCKED|CONNECT|BUSY|UNKNOWN|EXTERNAL|PYTHON"
    r"|ERROR|NOT CALCULATED)[!?]?|ERR:5\d\d"  # what LibreOffice shows
)


def is_error(value: Value) -> bool:
    """Whether a cell shows an error such as #N/A, in a workbook or in a text file saved from one."""
    return (
        isinstance(value, str) and value[:1] in ("#", "E", "e") and ERROR.fullmatch(value.strip().upper()) is not None
    )


def plain_value(value: object) -> Value:
    """What an engine has in a cell, as a cell of a sheet; None for lists and other things that no sheet holds."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, UUID):
        return str(value)
    return value if isinstance(value, str | int | float | date | time) else None


@dataclass(frozen=True)
class Area:
    """A block of cells, counted from 0 as in `Sheet.rows`; its last row and column are inside."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[0][0]` is cell A1, and rows may differ in length.

    `name` is empty for text files. Strings are kept as they stand in the file, without NUL characters; an empty cell
    is None, an error is its text (`#N/A`), and a formula that was never calculated is NOT_CALCULATED. All positions
    count from 0. `sums` are cells whose formula adds up a run of cells in their own column: (row, column) → (first,
    last row). `total_rows` are the rows that a workbook's own tables say are totals. `formats` are the number
    formats with a currency in them that cells of the workbook use.
    """

    source: Source
    name: str
    rows: Sequence[list[Value]]
    hidden: bool = False
    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    sums: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    total_rows: frozenset[int] = frozenset()
    formats: tuple[str, ...] = ()


def holds_something(sheet: Sheet) -> bool:
    """Whether any cell is more than blanks."""
    return any(value is not None and str(value).strip() != "" for row in sheet.rows for value in row)


def _always() -> Callable[[], bool]:
    return lambda: True


@dataclass(frozen=True)
class Whole:
    """A large plain file of which only the head was read: `sheets` of its FileRead hold its first rows.

    `kind` is "csv", "parquet", or "kept" for a file of aggregates. `delimiter` parts the columns of a text. A text that
    is not `plain` is in letters that no engine reads, or declares its delimiter. `sha256` begins to look at the whole
    file, which takes a while, and gives what waits for the answer; so does `sound`, whether what was packed is what is
    unpacked. `read` reads the file cell by cell, like any other.
    Of kind "spark" is what only Spark can read, under its `address`.
    """

    path: Path
    kind: str
    delimiter: str
    sha256: Callable[[], Callable[[], str]]
    read: Callable[[], FileRead]
    address: str = ""
    plain: bool = True
    sound: Callable[[], Callable[[], bool]] = _always


@dataclass(frozen=True)
class FileRead:
    """One file: its sheets, hidden ones too, or no sheets and at least one problem that says why.

    `kind` is "xlsx", "xls", "ods" or "csv" (every text table), and empty where the format never became
    known. `named` tells a file given by name or pattern from one met in a folder. Where the bytes could
    not be read, `source.sha256` is empty.
    """

    source: Source
    kind: str
    sheets: list[Sheet]
    problems: list[Problem]
    named: bool
    whole: Whole | None = None
