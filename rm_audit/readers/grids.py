"""The values of a workbook's sheets, as calamine gives them."""

from __future__ import annotations

import io
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from rm_audit.readers import problems
from rm_audit.readers.model import Area, Value
from rm_audit.readers.problems import FileError

FEW = 2  # empty cells that are sooner looked for one by one than the row is made anew; measured


@dataclass(frozen=True)
class Grid:
    """The rows of one sheet from A1 on, with None for an empty cell."""

    name: str
    rows: list[list[Value]]
    hidden: bool
    merged: list[Area]


def read_grids(data: bytes, kind: str, skipped: Container[str] = (), nul: bool = True) -> list[Grid]:
    """The worksheets that are not `skipped`; `nul` says that texts may hold NUL characters. Raises FileError."""
    from python_calamine import CalamineError, PasswordError

    try:
        return _grids(data, skipped, nul)
    except PasswordError as error:
        raise FileError(problems.PASSWORD_PROTECTED, kind) from error
    except CalamineError as error:
        raise FileError(problems.BROKEN, kind) from error
    except _panics() as error:
        raise FileError(problems.BROKEN, kind) from error


def _panics() -> tuple[type[BaseException], ...]:
    """What the Rust code inside raises where a damaged file makes it panic.

    The class has no module to import it from, stands beside Exception so that nobody catches it by accident, and is
    there only once a panic has happened: so it is looked up when an exception passes by.
    """
    return tuple(kind for kind in BaseException.__subclasses__() if kind.__name__ == "PanicException")


def _grids(data: bytes, skipped: Container[str], nul: bool) -> list[Grid]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    grids: list[Grid] = []
    for index, about in enumerate(workbook.sheets_metadata):
        if about.typ == SheetTypeEnum.WorkSheet and about.name not in skipped:
            sheet = workbook.get_sheet_by_index(index)
            rows: list[list[Any]] = list(sheet.to_python(skip_empty_area=False))
            _clean(rows, nul)
            merged = [Area(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
            grids.append(Grid(about.name, rows, about.visible != SheetVisibleEnum.Visible, merged))
    return grids


def _clean(rows: list[list[Any]], nul: bool) -> None:
    """None for empty texts, and no NUL. In place, and without a call for each cell: it is the speed of all reading."""
    for row in rows:
        if nul:
            row[:] = [value.replace("\0", "") if isinstance(value, str) else value for value in row]
        empty = row.count("")
        if empty == len(row):
            row[:] = [None] * empty
        elif empty > FEW:
            row[:] = [value or (None if value == "" else value) for value in row]
        elif empty:
            for _ in range(empty):
                row[row.index("")] = None
