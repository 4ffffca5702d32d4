"""Requisitions: how long they are open, for how many people, and what was spent once they were filled."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.book import Book
from rm_audit.expr import Column, column, numbers
from rm_audit.metrics.context import Context
from rm_audit.metrics.groups import Groups, several
from rm_audit.tables import MICROS
from rm_audit.words import looked_up

_NEVER = 1 << 40  # after all days
_Openings = dict[str, tuple[int | None, int | None, int | None]]


def _jobs(book: Book) -> _Openings:
    """Job → its opening day, its closing day, its openings; unknown where two rows of it disagree."""
    jobs = book.tables.get("jobs")
    return {} if jobs is None else book.once("jobs", ["jobs"], lambda: _by_job(jobs))


def _by_job(jobs: pd.DataFrame) -> _Openings:
    jobs = jobs[jobs["job"].notna()]
    opened, closed, openings = (_agreed(jobs, name) for name in ("opened", "closed", "openings"))
    return {str(job): (opened.get(job), closed.get(job), openings.get(job)) for job in jobs["job"].unique()}


def _agreed(jobs: pd.DataFrame, name: str) -> dict[object, int]:
    """Job → its value in a column, where its rows have one and no second one."""
    if name not in jobs:
        return {}
    known = jobs.loc[jobs[name].notna(), ["job", name]].drop_duplicates()
    alone = known[~known["job"].duplicated(keep=False)]
    return dict(zip(alone["job"].tolist(), map(int, alone[name]), strict=True))


def filled_days(book: Book) -> dict[str, int]:
    """Job → the day of the hire that filled its last opening; jobs with openings left are not in it."""
    return book.once("filled days", ["applications", "jobs"], lambda: _filled_days(book))


def _filled_days(book: Book) -> dict[str, int]:
    table, jobs = book.tables.get("applications"), _jobs(book)
    if table is None or "job" not in table or "hired_at" not in table:
        return {}
    wanted = {job: openings for job, (_, _, openings) in jobs.items() if openings is not None and openings > 0}
    hired = (table["hired_at"].notna() & table["job"].isin(list(wanted))).to_numpy(dtype=bool)
    days = table.loc[hired, ["job", "hired_at"]].assign(count=book.counts("applications")[hired])
    days = days.sort_values("hired_at", kind="stable")
    so_far = days.groupby("job", sort=False)["count"].cumsum()
    enough = so_far.to_numpy() >= np.array([wanted[str(job)] for job in days["job"]], dtype=np.int64)
    filled = days[enough].drop_duplicates("job")
    return {str(job): int(day) for job, day in zip(filled["job"], filled["hired_at"], strict=True)}


def after_filled(book: Book, grace: int) -> NDArray[np.bool_]:
    """Spend rows that begin more than the grace days after their requisition was filled."""

    def late() -> NDArray[np.bool_]:
        return begins_after(book.tables["spend"], filled_days(book), grace)

    return book.once(("after filled", grace), ["spend", "applications", "jobs"], late)


def begins_after(spend: pd.DataFrame, days: Mapping[str, int], grace: int) -> NDArray[np.bool_]:
    """Spend rows that begin more than the grace days after a day of their job; none for a job without one."""
    if not days or "job" not in spend or "start" not in spend:
        return np.zeros(len(spend), dtype=bool)
    ends = pd.Series(looked_up(spend["job"], days, _NEVER), index=spend.index)
    return (spend["start"] > ends + grace).fillna(False).to_numpy(dtype=bool)


def requisition_measures(ctx: Context, groups: Groups, media: NDArray[np.bool_], grace: int) -> dict[str, Column]:
    """What is known of each job of a grain with jobs; unknown for a job that no list has."""
    jobs, names = _jobs(ctx.book), [str(job) for job in groups.keys["job"]]
    if not jobs:
        return {}
    known = [jobs.get(name, (None, None, None)) for name in names]
    end = ctx.data_through
    measures = {
        "open_days": column(
            [None if o is None or (c is None and end is None) else max((c or end or o) - o, 0) for o, c, _ in known]
        ),
        "openings": column([openings for _, _, openings in known]),
    }
    if "spend" not in groups.codes:
        return measures
    spend = ctx.book.tables["spend"]
    if "channel" in spend:
        measures["paid_channels"] = numbers(several(groups, "spend", "channel", ctx.book, media))
    if ctx.book.has("applications", "job") and ctx.book.has("applications", "hired_at") and "start" in spend:
        late = after_filled(ctx.book, grace)
        sums = groups.total("spend", np.where(late, spend["amount"].to_numpy(dtype=np.int64), 0))
        values = [int(s) / MICROS if n is not None else None for s, (_, _, n) in zip(sums, known, strict=True)]
        measures["spend_after_filled"] = column(values)
    return measures
