"""The one function behind which every measurement lies: a book on a day, and a grain → its frame."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from rm_audit.metrics.advocacy import programme_frame
from rm_audit.metrics.context import Context
from rm_audit.metrics.evidence.judging import Evidence
from rm_audit.metrics.evidence.reading import evidence
from rm_audit.metrics.frame import Frame, Rows
from rm_audit.metrics.licences import contract_frame
from rm_audit.metrics.outcomes import GRACE_DAYS, after_close, outcome_frame
from rm_audit.metrics.plan import plan_frame, plan_totals
from rm_audit.metrics.requisitions import after_filled
from rm_audit.metrics.sequences import sequence_frame
from rm_audit.metrics.verdicts import GRAINS, with_verdicts
from rm_audit.vocabulary import family

_OTHER = {"sequence": sequence_frame, "programme": programme_frame, "contract": contract_frame, "line": plan_frame}


def frame(ctx: Context, grain: tuple[str, ...]) -> Frame:
    """The subjects of a grain with all that can be measured of them."""
    kind = family(grain)
    if kind in _OTHER:
        return _OTHER[kind](ctx)
    found = outcome_frame(ctx, grain)
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


def narrowed(ctx: Context, rows: Rows, name: str) -> Rows:
    """The spend rows of a subject that belong to a named set; all of them for no name."""
    if name == "after_filled":
        return rows[after_filled(ctx.book, GRACE_DAYS)[rows]]
    return rows[after_close(ctx.book)[rows]] if name == "after_close" else rows
