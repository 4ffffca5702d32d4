"""The few rows of a large file that an engine should not read: they are read cell by cell, as in any other file."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rm_audit.cells import letters
from rm_audit.errors import Problem
from rm_audit.profiles.amounts import is_blank
from rm_audit.profiles.blocks import Block
from rm_audit.profiles.extract import extract
from rm_audit.profiles.model import Extract, SetAside
from rm_audit.profiles.totals import total_words
from rm_audit.readers import Value
from rm_audit.readers.problems import OLD_ENCODING
from rm_audit.rollups.plan import Plan
from rm_audit.rollups.written import settles
from rm_audit.tables import MICROS, ROW

# What a sheet of a few rows would be said to be, and a large file is not: these are asked of all rows or of none.
_OF_ALL_ROWS = frozenset(
    [
        "subtotals",
        "total-differs",
        "account-total",
        "some-currencies",
        "short-rows",
        "two-amounts",
        "negative-spend",
        "perhaps-micros",
        "currencies-differ",
        "looks-like-shares",
        "unsure-mark",
    ]
)
# What the first rows say of the whole file: its headers, its titles.
OF_THE_HEAD = frozenset(
    [
        "headers-changed",
        "guessed-columns",
        "personal-column",
        "cumulative",
        "two-amounts",
        "perhaps-planned",
        "thousands",
        "year-from-name",
        OLD_ENCODING,
    ]
)


CENT = MICROS // 100
TOTAL = "total row"


@dataclass(frozen=True)
class OddRow:
    """A row that no engine should read: its number in the file, from 1, and its cells."""

    row: int
    cells: Sequence[Value]


@dataclass(frozen=True)
class _Picked(Block):
    """Rows of a sheet that do not follow each other: each remembers its number."""

    numbers: Sequence[int] = ()

    def row(self, index: int) -> int:
        return self.numbers[index]


def read_odd(plan: Plan, rows: Sequence[OddRow], count: int, settled: bool = False) -> Extract:
    """The rows under the file's header, read the ordinary way; `count` rows are in the file. `settled`: they say
    themselves in what order their days are."""
    block, start = plan.block, plan.layout.header_row
    samples = [] if settled else samples_of(plan, {item.row for item in rows})
    indices = [*range(start + 1), *samples]
    picked = _Picked(
        sheet=block.sheet,
        rows=[*(block.rows[index] for index in indices), *(list(item.cells) for item in rows)],
        top=block.top,
        above=block.above,
        numbers=[*map(block.row, indices), *(item.row for item in rows)],
        of=count,
    )
    found = extract(picked, plan.layout, plan.period, plan.key)
    return _without(found, {block.row(index) for index in samples})


def samples_of(plan: Plan, odd: Container[int]) -> list[int]:
    """Rows of the head that have a day in each column of days: beside them a lone 'yes' is no mark of an application,
    but a bad day. And rows that settle whether the day or the month stands first."""
    block, found = plan.block, set()
    fits = [
        *([plan.written.is_day] if plan.table == "applications" else []),
        *([settles] if plan.written.order else []),
    ]
    rows = [index for index in range(plan.layout.header_row + 1, len(block.rows)) if block.row(index) not in odd]
    for name in plan.days:
        place = plan.columns[name] - block.left
        for fit in fits:
            found |= set([row for row in rows if place < len(block.rows[row]) and fit(block.rows[row][place])][:1])
    return sorted(found)


def _without(found: Extract, rows: Collection[int]) -> Extract:
    if not rows:
        return found
    frames = {name: frame[~frame[ROW].isin(list(rows))].reset_index(drop=True) for name, frame in found.frames.items()}
    return replace(found, frames=frames, set_aside=[item for item in found.set_aside if item.row not in rows])


def without_totals(
    rows: Iterable[OddRow], plan: Plan, named: Mapping[str, Sequence[str]]
) -> tuple[list[OddRow], list[OddRow]]:
    """The rows, and those among them that are totals: called so, with no other word beside the name. Often the name
    stands in the first column, which is that of the days."""
    words = total_words(plan.layout.profile.totals)
    kept: list[OddRow] = []
    totals: list[OddRow] = []
    for item in rows:
        keys = {name: cell_of(item, plan.columns[name]) for name in plan.texts if name != "currency"}
        days = [cell for name in plan.days if isinstance(cell := cell_of(item, plan.columns[name]), str)]
        said = any(value in named.get(name, ()) for name, value in keys.items())
        said = said or any(words.fullmatch(text.casefold()) for text in days)
        there = [cell for cell in (*keys.values(), *days) if not is_blank(cell, plan.layout.profile.blanks)]
        words_there = {cell for cell in there if not plan.written.is_day(cell)}
        (totals if said and len(words_there) == 1 else kept).append(item)
    return kept, totals


def cell_of(item: OddRow, place: int) -> Value:
    """The cell in a place of the file; None beyond the end of its row."""
    return item.cells[place] if place < len(item.cells) else None


def set_totals_aside(
    plan: Plan, read: Extract, totals: Sequence[OddRow], used: int
) -> tuple[list[SetAside], list[Problem]]:
    """Total rows with their money, and a word where one differs from what the rows add up to."""
    money = read.frames["spend"].set_index("_row")["amount"].to_dict() if len(totals) else {}
    own = {item.row: item for item in read.set_aside}  # one without an amount is no total
    aside = [own.get(item.row) or SetAside(item.row, TOTAL, int(money.get(item.row, 0))) for item in totals]
    if not aside or aside[0].reason != TOTAL or abs(aside[0].amount - used) < CENT:
        return aside, []
    says, adds_up = aside[0].amount / MICROS, used / MICROS
    words = f"the sheet's own total says {says:,.2f}; its rows add up to {adds_up:,.2f}, which counts"
    help = "Look which is right, and mend the sum or the rows."
    cell = _address(plan, aside[0].row)
    return aside, [Problem("warning", "total-differs", words, help, plan.head.file, "", cell)]


def _address(plan: Plan, row: int) -> str:
    return f"{letters(plan.columns['amount'] + 1)}{row}"


def about_head(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.code in OF_THE_HEAD]


def about_rows(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.code not in _OF_ALL_ROWS | OF_THE_HEAD]
