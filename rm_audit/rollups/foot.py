"""Totals under a long table, of which an export may have several: its last rows are read the ordinary way, under one
row that adds up all that stand above them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from rm_audit.errors import Problem
from rm_audit.profiles.model import Extract, SetAside
from rm_audit.profiles.totals import LONGEST
from rm_audit.profiles.unspent import NOT_SPENT
from rm_audit.readers import Value
from rm_audit.rollups.beside import check_numbers
from rm_audit.rollups.odd import TOTAL, OddRow, read_odd, samples_of
from rm_audit.rollups.plan import NotPlainError, Plan
from rm_audit.tables import MICROS, ROW

TOTALS = 20  # of the last rows; judgement: Google's reports have up to nine
FOOT = LONGEST + TOTALS  # rows; a total adds up no more neighbours than `LONGEST`
MAY_BE_NONE = "totals that may be none"
_SAID = ("total-differs", "account-total")
_EXACT = 1 << 53  # micro-units that a floating number holds


def has_foot(odd: Sequence[OddRow], last: int) -> bool:
    """Whether some of these rows are among those that may be totals, of which the `last` is the file's last."""
    return bool(odd) and odd[-1].row > last - TOTALS


def rows_of_totals(read: Extract) -> set[int]:
    """The rows that are totals by themselves, where a column that nobody asks for calls them so."""
    return {item.row for item in read.set_aside if item.reason == TOTAL}


def foot_of(last: Sequence[OddRow], odd: Sequence[OddRow]) -> list[OddRow]:
    """The last rows, those among them that are `odd` as these are written."""
    if not last:
        return []
    return sorted({item.row: item for item in (*last, *odd) if item.row >= last[0].row}.values(), key=lambda i: i.row)


def are_at_foot(plan: Plan, foot: Sequence[OddRow], totals: Sequence[OddRow]) -> bool:
    """Whether all totals are among the last rows of a long table."""
    long = len(foot) >= FOOT and foot[0].row > plan.skip + 1
    return long and min(item.row for item in totals) > foot[-1].row - TOTALS


def settle_totals(
    plan: Plan, foot: Sequence[OddRow], totals: Sequence[OddRow], frame: pd.DataFrame, count: int
) -> tuple[list[SetAside], list[Problem]]:
    """The totals with their money, and a word where one differs from what the rows add up to; `frame` are all others.
    Raises NotPlainError where one is none, and WrittenError where the last rows may be written otherwise."""
    wanted, first = {item.row for item in totals}, plan.skip + 1
    nothing: dict[str, Value] = dict.fromkeys(("amount", *plan.counts), 0)
    others = [item for item in foot if item.row not in wanted]
    for rows in (foot, others):  # both are read by themselves
        check_numbers(plan, rows, ())
    beside = read_odd(plan, [_row(plan, first, nothing), *others], count, settled=True)
    own = beside.frames["spend"]
    above = _row(plan, first, _figures(plan, frame, own[own[ROW] != first]))
    read = read_odd(plan, [above, *foot], count, settled=True)
    found = {item.row: item for item in read.set_aside if item.reason == TOTAL}
    said = any(problem.code == NOT_SPENT for problem in (*beside.problems, *read.problems))
    if set(found) != wanted or said or any(item.reason == TOTAL for item in beside.set_aside):
        raise NotPlainError(MAY_BE_NONE)
    return [found[row] for row in sorted(found)], [problem for problem in read.problems if problem.code in _SAID]


def _figures(plan: Plan, frame: pd.DataFrame, below: pd.DataFrame) -> dict[str, Value]:
    """What the rows of a frame add up to, without those below."""
    money = int(frame["amount"].sum()) - int(below["amount"].sum())
    if abs(money) >= _EXACT:
        raise NotPlainError("totals of more than a number holds")
    found: dict[str, Value] = {"amount": money / MICROS}
    for name in plan.counts:
        found[name] = sum(int(part[name].sum()) * sign for part, sign in ((frame, 1), (below, -1)) if name in part)
    return found


def _row(plan: Plan, number: int, figures: Mapping[str, Value]) -> OddRow:
    """A row of the head with other figures; if it can be, one that settles what its days are."""
    rows = plan.block.rows
    every = (rows[index] for index in (*samples_of(plan, ()), *range(plan.layout.header_row + 1, len(rows))))
    cells = list(next((row for row in every if len(row) == len(plan.header)), ()))
    if not cells:
        raise NotPlainError(MAY_BE_NONE)
    for name, value in figures.items():
        cells[plan.columns[name]] = value
    return OddRow(number, cells)
