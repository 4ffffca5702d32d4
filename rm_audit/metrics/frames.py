"""The one function behind which every measurement lies: a book on a day, and a grain → its frame."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rm_audit.days import month_of
from rm_audit.metrics.advocacy import programme_frame
from rm_audit.metrics.context import Context
from rm_audit.metrics.evidence.reading import evidence
from rm_audit.metrics.evidence.verdict import Evidence
from rm_audit.metrics.frame import Frame, Rows
from rm_audit.metrics.licences import contract_frame
from rm_audit.metrics.outcomes import channel_frame, outcome_frame
from rm_audit.metrics.plan import plan_frame, plan_totals
from rm_audit.metrics.quality import Qualities, qualities
from rm_audit.metrics.requisitions import after_close, after_filled
from rm_audit.metrics.sequences import sequence_frame
from rm_audit.metrics.timeline import last_months
from rm_audit.metrics.verdicts import GRAINS, with_verdicts
from rm_audit.vocabulary import family

RECENT = "recent"  # the named set of rows of the last months, which say what goes on from month to month
RECENT_MONTHS = 3
_OTHER = {"sequence": sequence_frame, "programme": programme_frame, "contract": contract_frame, "line": plan_frame}


def frame(ctx: Context, grain: tuple[str, ...]) -> Frame:
    """The subjects of a grain with all that can be measured of them."""
    kind = family(grain)
    if kind in _OTHER:
        return _OTHER[kind](ctx)
    found = channel_frame(ctx) if grain == ("channel",) else outcome_frame(ctx, grain)
    if kind != "outcomes":
        return Frame(grain, found.length, {**found.columns, **plan_totals(ctx)}, {**found.rows, **_plan_rows(ctx)})
    return found


def _plan_rows(ctx: Context) -> dict[str, list[Rows]]:
    plan = ctx.book.tables.get("plan")
    return {} if plan is None else {"plan": [np.arange(len(plan), dtype=np.int64)]}


class Frames(dict[tuple[str, ...], Frame]):
    """Frames of one book, each measured once, when it is first asked for."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx

    def __missing__(self, grain: tuple[str, ...]) -> Frame:
        found = frame(self.ctx, grain)
        self[grain] = with_verdicts(found, self.evidence) if grain in GRAINS else found
        return self[grain]

    @cached_property
    def evidence(self) -> Evidence:
        """The verdicts on channels and campaigns, weighed once."""
        return evidence(self.ctx)

    @cached_property
    def quality(self) -> Qualities:
        """What becomes of the people that channels and sequences bring, compared once."""
        return qualities(self.ctx)


def pace(ctx: Context) -> dict[str, str] | None:
    """First and last of the months that say what the spend goes on at; None where it has no days of a known year."""
    spend = ctx.book.tables.get("spend")
    if spend is None or (ctx.book.yearless and ctx.book.period is None):
        return None
    span = last_months(spend, ctx.as_of, RECENT_MONTHS)
    return None if span is None else {"from": month_of(span[0]), "to": month_of(span[1])}


def _recent(ctx: Context) -> NDArray[np.bool_]:
    spend, span = ctx.book.tables["spend"], pace(ctx)
    if span is None:
        return np.zeros(len(spend), dtype=bool)
    first, last = last_months(spend, ctx.as_of, RECENT_MONTHS) or (0, -1)
    return ((spend["start"] >= first) & (spend["start"] <= last)).fillna(False).to_numpy(dtype=bool)


def narrowed(ctx: Context, rows: Rows, name: str) -> Rows:
    """The spend rows of a subject that belong to a named set; all of them for no name."""
    if name == RECENT:
        return rows[_recent(ctx)[rows]]
    if name == "after_filled":
        return rows[after_filled(ctx.book)[rows]]
    return rows[after_close(ctx.book)[rows]] if name == "after_close" else rows
