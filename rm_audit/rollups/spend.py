"""A large plain file of spend, rolled up: its groups, the rows beside them, and what is said of all together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from rm_audit.cells import letters
from rm_audit.errors import Problem
from rm_audit.profiles.cleaning import clean_texts
from rm_audit.profiles.columns import CORRECT_ONE, currencies_differ
from rm_audit.profiles.currencies import currency_code, currency_of_row
from rm_audit.profiles.doubts import MANY_ROWS, NOT_IN_MICROS, in_micros
from rm_audit.profiles.headers import header_currency
from rm_audit.profiles.model import Extract, SetAside
from rm_audit.profiles.unspent import NOT_SPENT, PERHAPS_CREDIT
from rm_audit.rollups.beside import check_kept, check_numbers, check_order, check_total, with_days
from rm_audit.rollups.foot import are_at_foot, rows_of_totals, settle_totals
from rm_audit.rollups.odd import (
    TOTAL,
    OddRow,
    about_head,
    about_rows,
    cell_of,
    read_odd,
    set_totals_aside,
    without_totals,
)
from rm_audit.rollups.plan import NotPlainError, Plan
from rm_audit.rollups.shape import canonical, last_days
from rm_audit.rollups.unspent import Called, check_beside, said_of, set_aside_with
from rm_audit.tables import COUNT, MICROS
from rm_audit.words import stacked


@dataclass(frozen=True)
class Beside:
    """Rows that are read cell by cell: those that are odd, and the last of the file where some of these are among them;
    the texts that name a total, by column; and what words call some rows."""

    odd: Sequence[OddRow]
    foot: Sequence[OddRow]
    named: Mapping[str, Sequence[str]]
    called: Sequence[Called]


def sheet_of_spend(plan: Plan, groups: pd.DataFrame, beside: Beside, count: int, said: Sequence[Problem]) -> Extract:
    """The rolled-up rows and those that were read cell by cell, as one sheet of `count` rows. `said` is what all rows
    say together."""
    ends = last_days(groups, plan) if beside.odd and len(plan.days) == 1 and plan.span is None else {}
    frame = canonical(groups, plan)
    del groups
    head = plan.head
    kept, totals = without_totals(beside.odd, plan, beside.named)
    problems = about_head(head.problems)
    aside: list[SetAside] = []
    read = None
    if beside.odd:
        check_numbers(plan, kept, totals)
        check_numbers(plan, totals, kept)
        check_order(plan, kept)
        read = with_days(plan, ends, read_odd(plan, kept, count), kept, totals)
        problems += about_rows(read.problems)
        aside += read.set_aside
        frame = stacked([frame, read.frames["spend"].assign(**{COUNT: 1})])
        check_kept(plan, read, kept, int(frame["amount"].sum()))
        check_beside(kept, read, beside.called)
        totals += [item for item in kept if item.row in rows_of_totals(read)]
    problems += said
    if totals and beside.called:
        raise NotPlainError("totals beside rows that are no spend, or credits")
    if totals:
        aside = [item for item in aside if item.reason != TOTAL]
        more, told = _totals(plan, beside.foot, totals, frame, count)
        aside, problems = [*aside, *more], [*problems, *told]
    problems += said_of(plan, beside.called)
    if count <= MANY_ROWS and _are_perhaps_shares(frame):
        raise NotPlainError("amounts that are perhaps shares")
    currencies = sorted({code for code in frame["currency"].unique() if isinstance(code, str)})
    if not currencies and any(currency_code(str(cell_of(item, plan.columns["amount"]))) for item in totals):
        raise NotPlainError("a currency that only a total names")
    return replace(
        head,
        frames={"spend": frame},
        rows_read=count,
        set_aside=set_aside_with(beside.called, aside),
        problems=_in_order([*problems, *_micros(plan, frame), *_negative(plan, frame), *_some_currencies(plan, frame)]),
        currency=currencies[0] if len(currencies) == 1 else read.currency if read and not currencies else None,
    )


def _totals(
    plan: Plan, foot: Sequence[OddRow], totals: Sequence[OddRow], frame: pd.DataFrame, count: int
) -> tuple[Sequence[SetAside], Sequence[Problem]]:
    if are_at_foot(plan, foot, totals):
        return settle_totals(plan, foot, totals, frame, count)
    check_total(plan, totals, count)
    return set_totals_aside(plan, read_odd(plan, totals, count), totals, int(frame["amount"].sum()))


# What the ordinary way says last, and in this order, when all cells are read.
_LAST = (
    "total-differs",
    "account-total",
    NOT_SPENT,
    PERHAPS_CREDIT,
    "negative-spend",
    "cumulative",
    "perhaps-planned",
    "year-from-name",
    "perhaps-micros",
    "two-amounts",
    "some-currencies",
)


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: _LAST.index(problem.code) if problem.code in _LAST else -1)


def currencies_that_differ(groups: pd.DataFrame, plan: Plan) -> list[Problem]:
    if "currency" not in plan.columns or "amount" not in plan.columns:
        return []
    again = plan.header[plan.columns["currency"]]  # the header may stand there again
    every = [text for text in groups["currency"].dropna().unique() if text != again]
    texts = clean_texts("currency", every, plan.layout.profile.blanks).values()
    header = header_currency(plan.block.rows[plan.layout.header_row][plan.layout.columns["amount"]])
    words = currencies_differ(header, (currency_of_row(text) for text in texts if text))
    return [_about_header(plan, "currencies-differ", words, CORRECT_ONE)] if words else []


def _about_header(plan: Plan, code: str, words: str, help: str) -> Problem:
    place = f"{letters(plan.columns['amount'] + 1)}{plan.skip}"
    return Problem("warning", code, words, help, plan.head.file, "", place)


def _micros(plan: Plan, frame: pd.DataFrame) -> list[Problem]:
    clicks = int(frame["clicks"].sum()) if "clicks" in frame else 0
    words = in_micros(int(frame["amount"].sum()), clicks)
    if not words or (frame["amount"] % MICROS).any():
        return []
    return [_about_header(plan, "perhaps-micros", words, NOT_IN_MICROS)]


def _negative(plan: Plan, frame: pd.DataFrame) -> list[Problem]:
    if int(frame["amount"].sum()) >= 0:
        return []
    words = "the amounts add up to less than nothing: outflows may be written as negative amounts"
    help = "Write what was spent as positive amounts, and what came back as negative ones."
    return [Problem("warning", "negative-spend", words, help, plan.head.file, "")]


def _are_perhaps_shares(frame: pd.DataFrame) -> bool:
    """Whether no amount may be more than 1, as far as sums say."""
    amounts, counts = (frame[name].to_numpy(dtype="int64") for name in ("amount", COUNT))
    return bool(amounts.any() and (amounts <= MICROS * counts).all())


def _some_currencies(plan: Plan, frame: pd.DataFrame) -> list[Problem]:
    bare = frame["currency"].isna().to_numpy()
    count, all_rows = int(frame[COUNT][bare].sum()), int(frame[COUNT].sum())
    if count in (0, all_rows):
        return []
    words = f"{count} of {all_rows} amounts name no currency, and are taken to be in the book's"
    help = "Name the currency in the header, or in a column called Currency."
    return [Problem("warning", "some-currencies", words, help, plan.head.file, "")]
