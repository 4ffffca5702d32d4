"""What reading a file gives: values in rows in sheets, and the problems met on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rm_audit.cells import Source
from rm_audit.errors import Problem

Value = str | int | float | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[0][0]` is cell A1, and rows may differ in length.

    `name` is empty for text files. Strings are kept as they stand in the file, without NUL characters;
    an empty cell is None.
    """

    source: Source
    name: str
    rows: list[list[Value]]
    hidden: bool = False


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
