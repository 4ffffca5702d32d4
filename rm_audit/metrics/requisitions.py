"""Requisitions: how long they are open, for how many people, and what was spent once they were closed or filled."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.book import Book
from rm_audit.expr import Column, numbers
from rm_audit.metrics.context import Context
from rm_audit.metrics.groups import Groups, Ints, several
from rm_audit.tables import MICROS
from rm_audit.words import Coded, coded

# A paused job can take two days to leave all sites. Source: JT-ST, a platform's own documentation.
GRACE_DAYS = 2
_NEVER = 1 << 40  # after all days
_NOTHING = -_NEVER  # no row says it


class OfJobs(NamedTuple):
    """A number of each requisition that a list names: days since 1970, or a count."""

    jobs: pd.Index[Any]
    numbers: Ints

    def of(self, names: NDArray[np.object_], nothing: int) -> Ints:
        """The numbers of some requisitions; `nothing` for one that no list has."""
        return np.append(self.numbers, nothing)[self.jobs.get_indexer(pd.Index(names, dtype=object))]


def _listed(book: Book) -> Coded | None:
    """The rows of the list by their requisition; None where no file has one."""
    jobs = book.tables.get("jobs")
    found = None if jobs is None else book.once("listed", ["jobs"], lambda: coded(jobs["job"]))
    return found if found is not None and len(found.names) else None


def _agreed(book: Book, name: str) -> OfJobs | None:
    """The value of each requisition in a column; nothing where no row has one, or two rows disagree. None without a
    list."""
    listed = _listed(book)
    if listed is None:
        return None

    def look() -> OfJobs:
        low, high = _ends(book, name, listed)
        return OfJobs(pd.Index(listed.names, dtype=object), np.where(low == high, low, _NOTHING))

    return book.once(("agreed", name), ["jobs"], look)


def _ends(book: Book, name: str, listed: Coded) -> tuple[Ints, Ints]:
    """The least and the largest value of each requisition in a column."""
    jobs, size = book.tables["jobs"], len(listed.names)
    low, high = np.full(size, _NEVER, dtype=np.int64), np.full(size, _NOTHING, dtype=np.int64)
    if name in jobs:
        told = (listed.codes >= 0) & jobs[name].notna().to_numpy(dtype=bool)
        values = jobs[name].to_numpy(dtype=np.int64, na_value=0)[told]
        np.minimum.at(low, listed.codes[told], values)
        np.maximum.at(high, listed.codes[told], values)
    return low, high


def closed_days(book: Book) -> OfJobs | None:
    """The last closing day of each requisition, never for one that is open. None where no file says."""
    listed = _listed(book)
    if listed is None or not book.has("jobs", "closed"):
        return None

    def look() -> OfJobs:
        _, last = _ends(book, "closed", listed)
        last[listed.codes[(listed.codes >= 0) & book.tables["jobs"]["closed"].isna().to_numpy(dtype=bool)]] = _NEVER
        return OfJobs(pd.Index(listed.names, dtype=object), last)

    return book.once("closed days", ["jobs"], look)


def after_close(book: Book) -> NDArray[np.bool_]:
    """Spend rows that begin more than the grace days after their requisition closed."""

    def late() -> NDArray[np.bool_]:
        return _begins_after(book.tables["spend"], closed_days(book))

    return book.once("after close", ["spend", "jobs"], late)


def filled_days(book: Book) -> OfJobs | None:
    """The day of the hire that filled the last opening of each requisition; those with openings left are not in it."""
    return book.once("filled days", ["applications", "jobs"], lambda: _filled_days(book))


def _filled_days(book: Book) -> OfJobs | None:
    table, openings = book.tables.get("applications"), _agreed(book, "openings")
    if table is None or openings is None or "job" not in table or "hired_at" not in table:
        return None
    known = OfJobs(openings.jobs, np.where(openings.numbers > 0, openings.numbers, _NEVER))
    hired = (table["hired_at"].notna() & table["job"].notna()).to_numpy(dtype=bool)
    days = table.loc[hired, ["job", "hired_at"]].assign(count=book.counts("applications")[hired])
    days = days.sort_values("hired_at", kind="stable")
    so_far = days.groupby("job", sort=False, observed=True)["count"].cumsum().to_numpy(dtype=np.int64)
    filled = days[so_far >= known.of(days["job"].to_numpy(dtype=object), _NEVER)].drop_duplicates("job")
    return OfJobs(pd.Index(filled["job"], dtype=object), filled["hired_at"].to_numpy(dtype=np.int64))


def after_filled(book: Book) -> NDArray[np.bool_]:
    """Spend rows that begin more than the grace days after their requisition was filled."""

    def late() -> NDArray[np.bool_]:
        return _begins_after(book.tables["spend"], filled_days(book))

    return book.once("after filled", ["spend", "applications", "jobs"], late)


def _begins_after(spend: pd.DataFrame, days: OfJobs | None) -> NDArray[np.bool_]:
    """Spend rows that begin more than the grace days after a day of their job; none for a job without one."""
    if days is None or "job" not in spend or "start" not in spend:
        return np.zeros(len(spend), dtype=bool)
    codes, names = coded(spend["job"])
    ends = np.append(days.of(names, _NEVER), _NEVER)[codes]
    return np.asarray(spend["start"].to_numpy(dtype=np.int64, na_value=_NOTHING) > ends + GRACE_DAYS)


def closing_measures(book: Book, groups: Groups) -> dict[str, Column]:
    """What was spent on each job after it had closed; unknown for a job that no list has."""
    closed = closed_days(book)
    if closed is None or "spend" not in groups.codes or not book.has("spend", "start"):
        return {}
    listed = closed.of(groups.keys["job"].to_numpy(dtype=object), _NOTHING) != _NOTHING
    return {"spend_after_close": numbers(_late(book, groups, after_close(book)), listed)}


def requisition_measures(ctx: Context, groups: Groups, media: NDArray[np.bool_]) -> dict[str, Column]:
    """What is known of each job of a grain with jobs; unknown for a job that no list has."""
    told = [_agreed(ctx.book, name) for name in ("opened", "closed", "openings")]
    names = groups.keys["job"].to_numpy(dtype=object)
    known = [one.of(names, _NOTHING) for one in told if one is not None]
    if not known:
        return {}
    opened, closed, openings = known
    end = _NOTHING if ctx.data_through is None else ctx.data_through
    last = np.where(closed == _NOTHING, end, closed)
    measures = {
        "open_days": numbers(np.maximum(last - opened, 0), (opened != _NOTHING) & (last != _NOTHING)),
        "openings": numbers(openings, openings != _NOTHING),
    }
    if "spend" not in groups.codes:
        return measures
    spend = ctx.book.tables["spend"]
    if "channel" in spend:
        measures["paid_channels"] = numbers(several(groups, "spend", "channel", ctx.book, media))
    if ctx.book.has("applications", "job") and ctx.book.has("applications", "hired_at") and "start" in spend:
        spent = _late(ctx.book, groups, after_filled(ctx.book))
        measures["spend_after_filled"] = numbers(spent, openings != _NOTHING)
    return measures


def _late(book: Book, groups: Groups, late: NDArray[np.bool_]) -> NDArray[np.float64]:
    """What some rows of the spend come to, by subject."""
    amounts = book.tables["spend"]["amount"].to_numpy(dtype=np.int64)
    return groups.total("spend", np.where(late, amounts, 0)) / MICROS
