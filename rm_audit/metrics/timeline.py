"""The spend month by month, and how much of each month's money can have brought its hires by now."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.days import from_day, month_days, month_of
from rm_audit.metrics.context import Context
from rm_audit.metrics.groups import month_name, month_numbers
from rm_audit.metrics.maturity import matured_rows
from rm_audit.numbers import units


def spend_by_month(ctx: Context) -> list[dict[str, str | float | None]]:
    """`month`, `spend` and `matured` of every month with dated spend, in order; amounts in units of currency.

    A row that spans several months counts in each by its days. `matured` is unknown where outcomes have no dates.
    Rows without a date, or whose year nobody knows, make one more item without a month.
    """
    spend = ctx.book.tables.get("spend")
    if spend is None or not len(spend):
        return []
    placed = _placed(ctx, spend)
    months = sorted({month for month, _, _ in placed if month})
    found = [_item(placed, month, ctx.data_through is not None) for month in months]
    return found + ([_item(placed, "", False)] if any(not month for month, _, _ in placed) else [])


def last_months(spend: pd.DataFrame, as_of: int, count: int) -> tuple[int, int] | None:
    """First and last day of the last whole months that have spend, up to `as_of`; None without days."""
    days = spend["start"].dropna().to_numpy(dtype=np.int64) if "start" in spend else np.zeros(0, dtype=np.int64)
    past = days[days <= as_of]
    if not len(past):
        return None
    first = from_day(int(past.max())).replace(day=1)
    last = month_days(first.year, first.month)[1]
    month = first.year * 12 + first.month - count
    return month_days(month // 12, month % 12 + 1)[0], last


def _item(placed: list[tuple[str, int, float]], month: str, matures: bool) -> dict[str, str | float | None]:
    own = [(amount, ripe) for name, amount, ripe in placed if name == month]
    ripe = round(sum(ripe for _, ripe in own), 2) + 0.0 if matures else None
    return {"month": month or None, "spend": units(sum(amount for amount, _ in own)), "matured": ripe}


def _placed(ctx: Context, spend: pd.DataFrame) -> list[tuple[str, int, float]]:
    """Every row's month, its micro-units there and the units of them that are matured."""
    dated = "start" in spend and not (ctx.book.yearless and ctx.book.period is None)
    first = spend["start"] if dated else pd.Series([pd.NA] * len(spend), index=spend.index)
    last = spend["end"].fillna(first) if dated and "end" in spend else first
    through = ctx.data_through
    matured = np.zeros(len(spend)) if through is None or not dated else matured_rows(spend, through)
    table = pd.DataFrame({"start": first, "end": last, "amount": spend["amount"].fillna(0), "ripe": matured})
    table["ripe"] = table["ripe"].where(table["amount"] != 0, 0.0)
    months, whole = _in_one_month(table)
    if whole.all():
        return _by_month(table, months)
    placed = [("", int(amount), 0.0) for amount in table.loc[table["start"].isna(), "amount"]]
    placed += _by_month(table[whole], months[whole])
    split = table[~whole & table["start"].notna()]
    for start, end, amount, ripe in split.itertuples(index=False):
        parts = parts_by_month(int(amount), int(start), max(int(start), int(end)))
        placed += [(month, part, float(ripe) * part / int(amount) if amount else 0.0) for month, part in parts]
    return placed


def _in_one_month(table: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The month in which each row begins, and whether it lies in it."""
    first, last = (_numbers(table[name]) for name in ("start", "end"))
    backwards = (table["end"] < table["start"]).fillna(False).to_numpy(dtype=bool)
    dated = table["start"].notna().to_numpy(dtype=bool)
    return first, dated & ((first == last) | backwards)


def _numbers(days: pd.Series[int]) -> NDArray[np.int64]:
    return month_numbers(days.to_numpy(dtype=np.int64, na_value=0))


def _by_month(table: pd.DataFrame, months: NDArray[np.int64]) -> list[tuple[str, int, float]]:
    """Rows that lie in a month each, added up: most books have no others, and a large one has many."""
    sums = table[["amount", "ripe"]].groupby(months).sum()
    rows = zip(sums.index.tolist(), sums["amount"].tolist(), sums["ripe"].tolist(), strict=True)
    return [(month_name(month), int(amount), float(ripe)) for month, amount, ripe in rows]


def parts_by_month(amount: int, start: int, end: int) -> list[tuple[str, int]]:
    """An amount over the months of its days, by days; the last month takes what does not divide."""
    parts, day, left = [], start, amount
    while day <= end:
        here = from_day(day)
        last = min(month_days(here.year, here.month)[1], end)
        part = left if last == end else amount * (last - day + 1) // (end - start + 1)
        parts.append((month_of(day), part))
        left, day = left - part, last + 1
    return parts
