"""Sheets of the files that are not copied whole: their values at their addresses, and nothing of their look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TypeAlias

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from rm_audit.errors import Problem
from rm_audit.readers import FileRead, Sheet, Value
from rm_audit.rendering.workbook.look import put, widths
from rm_audit.rendering.workbook.marks import Mark

Place: TypeAlias = tuple[str, str]  # the file and the sheet in it
MOST_CELLS = 500_000  # of all added sheets; judgement: about ten seconds and half a gigabyte in openpyxl
MOST_SHEET_ROWS, MOST_SHEET_COLUMNS = 1_048_576, 16_384  # what the format can hold
FIRST_ROWS = 20  # that are kept of a sheet that is too long: its title and its heads are among them
LONGEST_TITLE = 31
_NOT_IN_TITLES = re.compile(r"[\\/*?:\[\]]")
_NARROWEST, _WIDEST, _LOOKED_AT = 8, 45, 200  # widths of columns in letters, and the rows that say how wide


@dataclass
class Added:
    """Which sheet of the workbook each sheet of the files became, and what was left out."""

    places: dict[Place, str] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)


def by_place(marks: Iterable[Mark]) -> dict[Place, set[int]]:
    """The rows that hold a flagged cell, by sheet."""
    found: dict[Place, set[int]] = {}
    for mark in marks:
        found.setdefault(mark.place, set()).add(mark.row)
    return found


def add_rows(
    book: Workbook, files: Sequence[FileRead], marked: Mapping[Place, set[int]], most: int = MOST_CELLS
) -> Added:
    """A sheet in the workbook for every sheet of the files, every value in the row and column where it stands."""
    added = Added()
    left = most
    for file in files:
        for sheet in file.sheets:
            place = (file.source.file, sheet.name)
            title = free_title(book, _title(file, sheet))
            cells = sum(map(len, sheet.rows))
            whole = cells <= left and len(sheet.rows) <= MOST_SHEET_ROWS
            left -= cells if whole else 0
            _fill(book.create_sheet(title), sheet, None if whole else marked.get(place, set()))
            added.places[place] = title
            added.notes += [] if whole else [_shortened(file, sheet, title)]
    return added


def _title(file: FileRead, sheet: Sheet) -> str:
    stem = PurePosixPath(file.source.file).stem
    return f"{stem[: max(LONGEST_TITLE - len(sheet.name) - 1, 8)]} {sheet.name}" if sheet.name else stem


def free_title(book: Workbook, wanted: str) -> str:
    """A title that the format allows and that no sheet has yet, in capitals or not."""
    taken = {title.casefold() for title in book.sheetnames}
    plain = _NOT_IN_TITLES.sub("_", wanted).strip("' ") or "Sheet"
    for number in range(1, len(taken) + 2):
        end = f" {number}" if number > 1 else ""
        title = plain[: LONGEST_TITLE - len(end)].strip("' ") + end
        if title.casefold() not in taken:
            break
    return title


def _shortened(file: FileRead, sheet: Sheet, title: str) -> Problem:
    words = f"too long for a workbook: '{title}' has its first {FIRST_ROWS} rows and the flagged ones"
    help = "Each row stands at its own number. The file itself has them all."
    return Problem("info", "rows-left-out", words, help, file=file.source.file, sheet=sheet.name)


def _fill(to: Worksheet, sheet: Sheet, only: set[int] | None) -> None:
    to.sheet_state = "hidden" if sheet.hidden else "visible"
    for number, row in _rows(sheet, only):
        for column, value in enumerate(row[:MOST_SHEET_COLUMNS], 1):
            if value is not None:
                put(to, number, column, _plain(value))
    widths(to, _widths(sheet.rows[:_LOOKED_AT]))


def _rows(sheet: Sheet, only: set[int] | None) -> Iterator[tuple[int, list[Value]]]:
    if only is None:
        return enumerate(sheet.rows, 1)
    kept = sorted({*range(1, FIRST_ROWS + 1), *only})
    return ((number, sheet.rows[number - 1]) for number in kept if number <= min(len(sheet.rows), MOST_SHEET_ROWS))


def _plain(value: Value) -> Value:
    """12.0 as 12: a file of text has no other whole numbers."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def _widths(rows: Sequence[Sequence[Value]]) -> list[int]:
    columns = max(map(len, rows), default=0)
    texts: list[list[int]] = [
        [len(str(_plain(row[column]))) for row in rows if column < len(row)] for column in range(columns)
    ]
    return [min(max([_NARROWEST, *lengths]) + 2, _WIDEST) for lengths in texts]
