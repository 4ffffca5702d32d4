"""A book on a day → its evidence; or what it lacks, in words, for there to be any."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from rm_audit.book import Book
from rm_audit.channels import inside_kinds, is_named, is_unknown_source
from rm_audit.metrics.context import Context
from rm_audit.metrics.costs import cost_types
from rm_audit.metrics.evidence.cells import Applied, Floats, Marks, Paid, Texts, make_cells
from rm_audit.metrics.evidence.judging import Evidence, weigh
from rm_audit.metrics.evidence.trend import trends
from rm_audit.tables import MICROS

# What is paid there is no advertising that hires are bought with; inside sources are paid after the hire.
NOT_ADVERTISING = frozenset({"software", "email", "career-site", "agency"})
UNADVERTISED = "(not advertised)"
_UNKNOWN = "(unknown)"
_LEAST_KNOWN = 0.8  # judgement: of the money, of the applications, whose family or day is known
_WEEK = 7

NO_FAMILY = (
    "harder jobs may explain a difference in cost; a job family (or a job id that a list of requisitions has) "
    "beside the spend and beside the applications would tell"
)
NO_MONTHS = "recent money may not have brought its hires yet; a date or a month beside the spend would tell"
NO_DAYS = "when people applied is not known; an ATS export with a row an application and its dates would tell"
NO_HIRES = "hires by source are not known; an ATS export with a row an application and its stages would tell"
NO_MONEY = "no spend is known"


def evidence(ctx: Context) -> Evidence:
    """Every channel and campaign weighed against the book's own median channel."""
    read = _read(ctx)
    if isinstance(read, str):
        return Evidence(lacking=read)
    paid, applied, through = read
    found = weigh(make_cells(paid, applied, through), through, dark_share(ctx.book))
    return found if found.lacking else replace(found, trends=trends(paid, applied, through))


def _read(ctx: Context) -> tuple[Paid, Applied, int] | str:
    """The rows of money and of applications, and the day up to which outcomes are known; or what is missing."""
    book = ctx.book
    if not book.has("spend", "channel"):
        return NO_MONEY
    if not book.has("applications") or not _marks(book.tables["applications"], "is_hired").any():
        return NO_HIRES
    if not book.has("spend", "start") or ctx.data_through is None or book.yearless:
        return NO_MONTHS
    of_job = _families_of_jobs(book)
    paid = _paid(book, of_job)
    if paid is None:
        return NO_MONTHS
    applied = _applied(book, of_job, set(paid.channel))
    if isinstance(applied, str):
        return applied
    if not _known(paid.family, np.maximum(paid.amount, 0.0)) or not _known(
        applied.family, np.ones(len(applied.family))
    ):
        return NO_FAMILY
    return paid, applied, ctx.data_through


def advertised(book: Book, channel: object) -> bool:
    """Whether money on the channel buys advertising."""
    kind = book.channels.kind(str(channel))
    return kind not in NOT_ADVERTISING and kind not in inside_kinds()


def dark_share(book: Book) -> float:
    """The share of hires that no channel is known for."""
    table = book.tables["applications"]
    names = table.loc[_marks(table, "is_hired"), "channel"].tolist()
    placed = book.channels.is_placed if book.has("spend") else is_named
    lost = [is_unknown_source(name) or not placed(name) for name in (n if isinstance(n, str) else None for n in names)]
    return sum(lost) / max(len(lost), 1)


def _known(families: Texts, weight: Floats) -> bool:
    return float(weight[families != _UNKNOWN].sum()) >= _LEAST_KNOWN * float(weight.sum())


def _families_of_jobs(book: Book) -> dict[str, str]:
    """The family of each requisition: as its list says, else as the first application to it."""
    found: dict[str, str] = {}
    for name in ("jobs", "applications"):
        if book.has(name, "job") and book.has(name, "job_family"):
            table = book.tables[name][["job", "job_family"]].dropna().drop_duplicates("job")
            for job, family in zip(table["job"], table["job_family"], strict=True):
                found.setdefault(str(job), str(family))
    return found


def _families(rows: pd.DataFrame, of_job: dict[str, str]) -> Texts:
    nothing = pd.Series([None] * len(rows), dtype="object", index=rows.index)
    own = rows.get("job_family", nothing).astype("object")
    by_job = rows.get("job", nothing).astype("object").map(of_job)
    return own.where(own.notna(), by_job).fillna(_UNKNOWN).to_numpy(dtype=object)


def _texts(rows: pd.DataFrame, name: str) -> Texts:
    """A column of text; None where nothing is known."""
    if name not in rows:
        return np.full(len(rows), None, dtype=object)
    return rows[name].astype("object").where(rows[name].notna(), None).to_numpy(dtype=object)


def _days(rows: pd.DataFrame, name: str) -> Floats:
    if name not in rows:
        return np.full(len(rows), np.nan)
    return rows[name].to_numpy(dtype=float, na_value=np.nan)


def _marks(rows: pd.DataFrame, name: str) -> Marks:
    return (
        np.asarray(rows[name].fillna(False).to_numpy(dtype=bool)) if name in rows else np.zeros(len(rows), dtype=bool)
    )


def _paid(book: Book, of_job: dict[str, str]) -> Paid | None:
    """Media money on advertised channels; None where too much of it has no day."""
    spend = book.tables["spend"]
    fits = {name: advertised(book, name) for name in spend["channel"].dropna().unique()}
    media = np.array(cost_types(book), dtype=object) == "media"
    rows = spend[media & spend["channel"].map(fits).fillna(False).to_numpy(dtype=bool)]
    amount, first = rows["amount"].to_numpy(dtype=float) / MICROS, _days(rows, "start")
    dated = ~np.isnan(first)
    if not dated.any() or amount[dated].sum() < _LEAST_KNOWN * amount.sum():
        return None
    rows, amount, first = rows[dated], amount[dated], first[dated]
    last = _days(rows, "end")
    last = np.where(np.isnan(last), first + _step(first) - 1, last)
    return Paid(_texts(rows, "channel"), _families(rows, of_job), _texts(rows, "campaign"), amount, first, last)


def _step(first: Floats) -> int:
    """Days that a row stands for where it has one day: a week where all begin on the same day of the week."""
    days = np.unique(first)
    return _WEEK if len(days) > 2 and (np.diff(days) % _WEEK == 0).all() else 1


def _applied(book: Book, of_job: dict[str, str], paid: set[Any]) -> Applied | str:
    """Applications by channel; hires alone where most hires have no application beside them."""
    table = book.tables["applications"]
    hired, own = _marks(table, "is_hired"), _marks(table, "is_application")
    alone = bool((own & hired).sum() < 0.5 * hired.sum())
    names = _texts(table, "channel")
    lost = {name: name is None or is_unknown_source(name) for name in set(names)}
    keep = np.array([not lost[name] for name in names], dtype=bool) & (hired if alone else own)
    rows = table[keep]
    applied = _days(rows, "applied_at")
    if not alone and (not len(rows) or np.isnan(applied).mean() > 1 - _LEAST_KNOWN):
        return NO_DAYS
    middle = next((m for m in ("qualified", "interviewed") if not alone and _marks(rows, f"is_{m}").any()), "")
    channel = np.array([name if name in paid else UNADVERTISED for name in names[keep]], dtype=object)
    return Applied(
        channel,
        _families(rows, of_job),
        _texts(rows, "campaign"),
        applied,
        _days(rows, f"{middle}_at"),
        _days(rows, "hired_at"),
        _marks(rows, f"is_{middle}"),
        _marks(rows, "is_hired"),
        {"interviewed": "interviews"}.get(middle, middle),
        alone,
    )
