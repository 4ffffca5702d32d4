"""Plan against actual: what was planned for each channel and month, and what was spent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from rm_audit.book import Book
from rm_audit.days import Period, parse_period
from rm_audit.metrics.context import Context
from rm_audit.metrics.plan import plan_names
from rm_audit.metrics.timeline import parts_by_month
from rm_audit.numbers import units
from rm_audit.profiles.preamble import name_period
from rm_audit.tables import SHEET

# A channel (None: none is named) and a month → micro-units.
_Grid = dict[tuple[str | None, str], int]


def plan_against_actual(ctx: Context) -> dict[str, Any] | None:
    """Planned and spent by channel and month, over the months that both the plan and the spend have; None without both.

    What is in one of the two alone stands there with 0 in the other. Where they share no month, amounts are those of an
    average month of each (`per` is month), so that next year's plan can be held against this year's pace. `why_not`
    says why nothing at all can be compared.
    """
    book = ctx.book
    if not (book.has("spend") and book.has("plan")):
        return None
    planned, undated = _grid(book, _plan_rows(book))
    spent, timeless = _grid(book, _spend_rows(book, ctx.as_of))
    months = sorted({month for _, month in planned} & {month for _, month in spent})
    per = "month" if planned and spent and not months else None
    spans = {"plan": _span(planned), "spend": _span(spent)}
    if per:
        planned, spent, months = _average(planned), _average(spent), [""]
    keys = list(dict.fromkeys(key for grid in (planned, spent) for key, month in grid if month in months))
    channels = [_channel(_name(book, key), key, planned, spent, months) for key in keys]
    return {
        "why_not": None if months else _why_not(planned),
        "per": per,
        "spans": spans,
        "undated": {"planned": units(undated), "spent": units(timeless)},
        **_both([(key, month) for key in keys for month in months], planned, spent),
        "months": [{"month": m, **_both([(key, m) for key in keys], planned, spent)} for m in months if m],
        "channels": sorted(channels, key=lambda item: (-abs(item["difference"]), str(item["channel"]))),
    }


def _span(grid: _Grid) -> dict[str, str] | None:
    months = [month for _, month in grid]
    return {"from": min(months), "to": max(months)} if months else None


def _average(grid: _Grid) -> _Grid:
    """An average month of the months that a grid has."""
    count = len({month for _, month in grid})
    sums: _Grid = {}
    for (key, _), amount in grid.items():
        sums[key, ""] = sums.get((key, ""), 0) + amount
    return {place: amount // count for place, amount in sums.items()}


def _channel(name: str | None, key: str | None, planned: _Grid, spent: _Grid, months: list[str]) -> dict[str, Any]:
    by_month = [{"month": month, **_both([(key, month)], planned, spent)} for month in months if month]
    return {"channel": name, **_both([(key, month) for month in months], planned, spent), "months": by_month}


def _both(keys: Iterable[tuple[str | None, str]], planned: _Grid, spent: _Grid) -> dict[str, float]:
    keys = list(keys)
    plan, actual = (sum(grid.get(key, 0) for key in keys) for grid in (planned, spent))
    return {"planned": units(plan), "spent": units(actual), "difference": units(actual - plan)}


def _why_not(planned: _Grid) -> str:
    return "the spend has no dates" if planned else "no line of the plan says a period with a year"


def _grid(book: Book, rows: Iterator[tuple[str | None, int, Period | None]]) -> tuple[_Grid, int]:
    """Amounts by channel and month, shared out by days; and what has no period."""
    grid: _Grid = {}
    undated = 0
    for channel, amount, span in rows:
        if span is None:
            undated += amount
            continue
        key = book.channels.key(channel) if channel else None
        for month, part in parts_by_month(amount, span.start, span.end):
            grid[key, month] = grid.get((key, month), 0) + part
    return grid, undated


def _spend_rows(book: Book, as_of: int) -> Iterator[tuple[str | None, int, Period | None]]:
    spend = book.tables["spend"]
    dated = "start" in spend and not (book.yearless and book.period is None)
    starts = spend["start"] if dated else pd.Series([pd.NA] * len(spend), index=spend.index)
    ends = spend["end"].fillna(starts) if dated and "end" in spend else starts
    channels = spend["channel"] if "channel" in spend else pd.Series([None] * len(spend), index=spend.index)
    rows = pd.DataFrame({"channel": channels, "start": starts, "end": ends, "amount": spend["amount"].fillna(0)})
    # There may be many; and what is left over when an amount is parted is the same however its rows are counted.
    keys = ["channel", "start", "end"]
    sums = rows.groupby(keys, sort=False, observed=True, dropna=False, as_index=False)["amount"].sum()
    for channel, start, end, amount in sums.itertuples(index=False):
        span = None if pd.isna(start) else Period(int(start), max(int(start), int(end)))
        if span is None or span.start <= as_of:
            yield channel if isinstance(channel, str) else None, int(amount), span


def _plan_rows(book: Book) -> Iterator[tuple[str | None, int, Period | None]]:
    """A line without a channel counts for the channel that its name is, where the spend has one."""
    plan = book.tables["plan"]
    spent = {book.channels.key(name) for name in _texts(book.tables["spend"], "channel")}
    channels = plan["channel"] if "channel" in plan else [None] * len(plan)
    periods = _periods(book, plan)
    for name, channel, amount, span in zip(plan_names(plan), channels, plan["budget"].fillna(0), periods, strict=True):
        own = channel if isinstance(channel, str) else name if book.channels.key(name) in spent else None
        yield own, int(amount), span


def _texts(table: pd.DataFrame, name: str) -> set[str]:
    return {value for value in table[name] if isinstance(value, str)} if name in table else set()


def _periods(book: Book, plan: pd.DataFrame) -> list[Period | None]:
    """The months of a line: its own column, else its period in words, else the name of its sheet or file."""
    starts, ends = ((plan[name] if name in plan else [pd.NA] * len(plan)) for name in ("start", "end"))
    words = plan["period"] if "period" in plan else [None] * len(plan)
    sheets = {int(number): _sheet_period(book, int(number)) for number in set(plan[SHEET])}
    found: list[Period | None] = []
    for start, end, said, number in zip(starts, ends, words, plan[SHEET], strict=True):
        if pd.notna(start) and pd.notna(end):
            found.append(Period(int(start), int(end)))
        else:
            found.append(_said_period(said) if isinstance(said, str) else sheets[int(number)])
    return found


def _said_period(text: str) -> Period | None:
    try:
        return parse_period(text)
    except ValueError:
        return name_period(text)


def _sheet_period(book: Book, number: int) -> Period | None:
    ref = book.sheets[number]
    return name_period(ref.sheet) or name_period(PurePosixPath(ref.file).stem)


def _name(book: Book, key: str | None) -> str | None:
    """The name of a channel as the spend writes it, else as the plan does."""
    names = [name for table in ("spend", "plan") for name in sorted(_texts(book.tables[table], "channel"))]
    return next((name for name in names if book.channels.key(name) == key), None)
