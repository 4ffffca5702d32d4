"""The spend month by month, and how much of each month's money can have brought its hires by now."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.days import from_day, month_days, month_of
from rm_audit.metrics.context import Context
from rm_audit.metrics.groups import Ints, month_name, month_numbers
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
    placed: dict[str, list[tuple[int, float]]] = {}
    for month, amount, ripe in _placed(ctx, spend):
        placed.setdefault(month, []).append((amount, ripe))
    undated = placed.pop("", None)
    found = [_item(own, month, ctx.data_through is not None) for month, own in sorted(placed.items())]
    return found + ([_item(undated, "", False)] if undated else [])


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


def _item(own: Sequence[tuple[int, float]], month: str, matures: bool) -> dict[str, str | float | None]:
    ripe = round(sum(ripe for _, ripe in own), 2) + 0.0 if matures else None
    return {"month": month or None, "spend": units(sum(amount for amount, _ in own)), "matured": ripe}


def _placed(ctx: Context, spend: pd.DataFrame) -> list[tuple[str, int, float]]:
    """Every row's month, its micro-units there and the units of them that are matured."""
    amounts = spend["amount"].to_numpy(dtype=np.int64, na_value=0)
    dated = "start" in spend and not (ctx.book.yearless and ctx.book.period is None)
    if not dated:
        return [("", amount, 0.0) for amount in amounts.tolist()]
    matured = np.zeros(len(spend)) if ctx.data_through is None else matured_rows(spend, ctx.data_through)
    ripe = np.where(amounts != 0, matured, 0.0)
    known = spend["start"].notna().to_numpy(dtype=bool)
    ends = spend["end"].fillna(spend["start"]) if "end" in spend else spend["start"]
    start, end = (days.to_numpy(dtype=np.int64, na_value=0) for days in (spend["start"], ends))
    months = month_numbers(start)
    whole = known & ((months == month_numbers(end)) | (end < start))
    if whole.all():
        return _by_month(months, amounts, ripe)
    placed = [("", amount, 0.0) for amount in amounts[~known].tolist()]
    placed += _by_month(months[whole], amounts[whole], ripe[whole])
    split = known & ~whole
    # Rows of the same days are added up before they are parted: what is left over is the same however they are counted.
    spans = pd.DataFrame({"start": start, "end": end, "amount": amounts, "ripe": ripe})[split].groupby(["start", "end"])
    for (first, last), amount, part in spans.sum().itertuples():
        parts = parts_by_month(amount, first, max(first, last))
        placed += [(month, share, part * share / amount if amount else 0.0) for month, share in parts]
    return placed


def _by_month(months: Ints, amounts: Ints, ripe: NDArray[np.float64]) -> list[tuple[str, int, float]]:
    """Rows that lie in a month each, added up: most books have no others, and a large one has many."""
    sums = pd.DataFrame({"amount": amounts, "ripe": ripe}).groupby(months).sum()
    rows = zip(sums.index.tolist(), sums["amount"].tolist(), sums["ripe"].tolist(), strict=True)
    return [(month_name(month), amount, part) for month, amount, part in rows]


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
