"""What a workbook knows of a sheet beyond the values of its cells, found by each format in its own way."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from rm_audit.cells import Source, letters
from rm_audit.errors import Problem
from rm_audit.readers import problems
from rm_audit.readers.model import NOT_CALCULATED, Area, Sheet, Value

Place = tuple[int, int]  # row and column, counted from 0
UNREAD = Source("", "")  # the caller knows which file it was

# Two full columns of letters down a whole sheet, and about 1 GB in memory. Judgement.
MOST_CELLS = 30_000_000


@dataclass
class Marks:
    """Beside the cells of one sheet. Formulas in `missing` have no value, those in `zeros` a 0 that may mean none."""

    errors: dict[Place, str] = field(default_factory=dict)
    missing: list[Place] = field(default_factory=list)
    zeros: list[Place] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    sums: dict[Place, tuple[int, int]] = field(default_factory=dict)
    total_rows: set[int] = field(default_factory=set)
    formats: tuple[str, ...] = ()
    drawn: bool = False  # the sheet holds a picture or a chart


def marked(name: str, rows: list[list[Value]], hidden: bool, marks: Marks) -> Sheet:
    """The sheet with its errors and its formulas without a value written into `rows`, and all else beside them."""
    for place, text in marks.errors.items():
        _write(rows, place, text)
    for place in marks.missing:
        _write(rows, place, NOT_CALCULATED)
    width = max(map(len, rows), default=0)
    return Sheet(
        UNREAD,
        name,
        rows,
        hidden,
        tuple(marks.merged),
        frozenset(row for row in marks.hidden_rows if row < len(rows)),
        frozenset(column for column in marks.hidden_columns if column < width),
        marks.sums,
        frozenset(row for row in marks.total_rows if row < len(rows)),
        marks.formats,
    )


def _write(rows: list[list[Value]], place: Place, text: str) -> None:
    """Into the grid, which calamine ends where it knows no more values."""
    at, column = place
    if at >= len(rows):
        rows.extend([None] * len(rows[0]) if rows else [] for _ in range(at + 1 - len(rows)))
    row = rows[at]
    if column >= len(row):
        row.extend([None] * (column + 1 - len(row)))
    row[column] = text


def notes(sheet: str, marks: Marks) -> list[Problem]:
    """A problem for formulas that were never calculated, one for doubtful zeros, one for errors."""
    groups = (
        (problems.never_calculated, list(marks.missing)),
        (problems.perhaps_never_calculated, marks.zeros),
        (problems.error_cells, list(marks.errors)),
    )
    return [make(sheet, [address(place) for place in places]) for make, places in groups if places]


def address(place: Place) -> str:
    return f"{letters(place[1] + 1)}{place[0] + 1}"


@cache
def column_index(text: str) -> int:
    """Which column a spreadsheet calls by these letters, from 0: A → 0, AA → 26."""
    number = 0
    for char in text:
        number = number * 26 + ord(char) - 64
    return number - 1
