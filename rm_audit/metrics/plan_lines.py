"""What a line of the plan meets elsewhere in the book: a contract's deadline, last year's evidence of its channel."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from rm_audit.book import Book
from rm_audit.channels import spelled
from rm_audit.metrics.context import Context
from rm_audit.metrics.costs import of_type
from rm_audit.metrics.frame import Frame, Rows
from rm_audit.metrics.outcomes import channel_frame
from rm_audit.tables import MICROS

_PERIODS = (
    (re.compile(r"(?:fy ?)?20\d\d"), 12),
    (re.compile(r"h[12](?: 20\d\d)?|20\d\d h[12]"), 6),
    (re.compile(r"q[1-4](?: 20\d\d)?|20\d\d q[1-4]"), 3),
)
_EVIDENCE = {
    "channel_hires": "hires",
    "channel_due": "hires_expected_low",
    "channel_benchmark_hires": "benchmark_hires",
}


def months_of(text: object) -> int | None:
    """`2027` → 12, `H1 2027` → 6, `Q3` → 3; None for anything else."""
    if not isinstance(text, str):
        return None
    said = spelled(text)
    return next((months for pattern, months in _PERIODS if pattern.fullmatch(said)), None)


def line_measures(
    ctx: Context, plan: pd.DataFrame, names: Sequence[str], groups: Sequence[Rows]
) -> dict[str, list[object]]:
    """Values a line. A line of two channels or periods has neither."""
    periods = [_one(plan, "period", rows) for rows in groups]
    channels = [_one(plan, "channel", rows) for rows in groups]
    measures: dict[str, list[object]] = {"plan_months": [months_of(period) for period in periods]}
    measures["line_notice"] = [
        _notice(ctx, {spelled(str(part)) for part in (name, channel) if part})
        for name, channel in zip(names, channels, strict=True)
    ]
    return measures | _evidence(ctx, plan, channels, groups)


def _one(plan: pd.DataFrame, name: str, rows: Rows) -> str | None:
    values = {value for value in plan[name].iloc[rows] if isinstance(value, str)} if name in plan else set()
    return values.pop() if len(values) == 1 else None


def _notice(ctx: Context, names: set[str]) -> int | None:
    """Days to the first last day for notice of the contracts of a vendor of that name."""
    table = ctx.book.tables.get("contracts")
    if table is None or not {"end", "notice_days"} <= set(table.columns):
        return None
    own = [spelled(str(vendor)) in names for vendor in table["vendor"]]
    days = (table["end"] - table["notice_days"])[own].dropna()
    return int(days.min()) - ctx.as_of if len(days) else None


def _evidence(
    ctx: Context, plan: pd.DataFrame, channels: Sequence[str | None], groups: Sequence[Rows]
) -> dict[str, list[object]]:
    """What the line's channel cost and brought; unknown for a channel that the spend does not have."""
    if not ctx.book.has("spend", "start"):
        return {}
    found = channel_frame(ctx)
    place = {ctx.book.channels.key(str(name)): row for row, name in enumerate(found.columns["channel"].values)}
    rows = [place.get(ctx.book.channels.key(channel)) if channel else None for channel in channels]
    monthly, budgets = _monthly(ctx.book), _budgets(ctx.book, plan, channels, groups)
    measures = {name: [_value(found, source, row) for row in rows] for name, source in _EVIDENCE.items()}
    keys = [ctx.book.channels.key(channel) if channel else "" for channel in channels]
    measures["channel_monthly"] = [monthly.get(key) for key in keys]
    measures["channel_budget"] = [budgets.get(key) for key in keys]
    return measures


def _value(found: Frame, name: str, row: int | None) -> object:
    column = found.columns.get(name)
    return column.values[row].item() if column is not None and row is not None and column.known[row] else None


def _monthly(book: Book) -> Mapping[str, float]:
    """Media spend a month of each channel, over the months in which it has any."""
    spend = book.tables["spend"]
    if "channel" not in spend:
        return {}
    media = of_type(book, "media")
    part = spend[pd.Series(media, index=spend.index) & spend["channel"].notna() & spend["start"].notna()]
    months = pd.to_datetime(part["start"].astype("int64"), unit="D").dt.strftime("%Y-%m")
    sums = part["amount"].groupby([part["channel"], months]).sum()
    return {book.channels.key(str(channel)): int(of.sum()) / MICROS / len(of) for channel, of in sums.groupby(level=0)}


def _budgets(
    book: Book, plan: pd.DataFrame, channels: Sequence[str | None], groups: Sequence[Rows]
) -> Mapping[str, float | None]:
    """Budget a month of all lines of each channel; unknown where a line's period is."""
    found: dict[str, float | None] = {}
    for channel, rows in zip(channels, groups, strict=True):
        if channel:
            key, months = book.channels.key(channel), months_of(_one(plan, "period", rows))
            before = found.get(key, 0.0)
            own = int(plan["budget"].iloc[rows].sum()) / MICROS
            found[key] = None if months is None or before is None else before + own / months
    return found
