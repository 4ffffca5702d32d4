"""How applicants are treated, how channels compare before the hire, and what a requisition's ads went on for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.book import Book
from rm_audit.expr import Column, column, numbers
from rm_audit.metrics.context import Context
from rm_audit.metrics.costs import cost_types, of_type
from rm_audit.metrics.groups import Groups
from rm_audit.tables import MICROS

ANSWER_DAYS = 30  # judgement: who has heard nothing for a month has been left alone
_NEVER = 1 << 40
WEEK = 7  # CANDE-CUT: who hears within a week resents least
_STAGES = ("qualified_at", "interviewed_at", "offered_at", "hired_at", "rejected_at")
Measures = dict[str, Column]
Mask = NDArray[np.bool_]


def answer_measures(ctx: Context, groups: Groups) -> Measures:
    """Applications of a month and more, and how many of them heard something. Unknown without days of rejection:
    then a silence and a refusal look alike."""
    table = ctx.book.tables.get("applications")
    if table is None or "applications" not in groups.codes:
        return {}
    measures: Measures = {}
    known = [name for name in _STAGES if name in table]
    if ctx.data_through is not None and _dated(table, "rejected_at") and _dated(table, "applied_at"):
        applied = table["applied_at"]
        aged = _mask(applied + ANSWER_DAYS <= ctx.data_through) & _mask(table["is_application"])
        first = _first_day(table, known)
        measures["aged_applications"] = _tally(groups, aged)
        measures["answered"] = _tally(groups, aged & (first < _NEVER))
        since = first - applied.to_numpy(dtype=np.int64, na_value=-_NEVER)
        measures["answered_week"] = _tally(groups, aged & (since <= WEEK))
    if _dated(table, "interviewed_at"):
        hired = _mask(table["is_hired"]) & _mask(table["is_application"])
        measures["dated_hires"] = _tally(groups, hired)
        measures["hires_without_talk"] = _tally(groups, hired & _mask(table["interviewed_at"].isna()))
    return measures


def _first_day(table: pd.DataFrame, names: Sequence[str]) -> NDArray[np.int64]:
    """The first of some days of each row."""
    first = np.full(len(table), _NEVER, dtype=np.int64)
    for name in names:
        np.minimum(first, table[name].to_numpy(dtype=np.int64, na_value=_NEVER), out=first)
    return first


def _dated(table: pd.DataFrame, name: str) -> bool:
    return name in table and bool(table[name].notna().any())


def _mask(values: pd.Series[bool]) -> Mask:
    return values.fillna(False).to_numpy(dtype=bool)


def _tally(groups: Groups, hits: Mask) -> Column:
    return numbers(groups.tally("applications", hits))


def other_channels(columns: Mapping[str, Column]) -> Measures:
    """What the other channels with media and applications paid and brought: a benchmark before the hire."""
    needed = ("media_spend", "applications", "conversations", "qualified")
    if not all(name in columns for name in needed[:2]):
        return {}
    values = {name: np.where(columns[name].known, columns[name].values, 0).astype(float) for name in needed}
    paid = (values["media_spend"] > 0) & (values["applications"] > 0)
    measures: Measures = {}
    for name, source in zip(("media", "applications", "talks", "qualified"), needed, strict=True):
        if columns[source].known[paid].all() and paid.any():
            part = values[source] * paid
            found = part.sum() - part
            measures[f"others_{name}"] = column(
                [float(v) for v in found] if name == "media" else [round(v) for v in found]
            )
    return measures


def boards(channels: Mapping[str, Column]) -> Measures:
    """Job boards with media spend in the whole book, and those of them without a hire; of the columns of channels."""
    hires, media = channels.get("hires"), channels.get("media_spend")
    if hires is None or media is None or not len(hires.values):
        return {}
    paid = (channels["channel_kind"].values.astype(object) == "job-board") & (media.values > 0)
    if not hires.known[paid].all():
        return {"boards_paid": column([int(paid.sum())])}
    without = paid & (hires.values == 0)
    return {"boards_paid": column([int(paid.sum())]), "boards_without_hire": column([int(without.sum())])}


def spend_marks(book: Book) -> Measures:
    """How much of the spend says what it is for: a job, a kind of cost, a channel."""
    spend = book.tables["spend"]
    amounts = spend["amount"].to_numpy(dtype=np.int64)
    media = of_type(book, "media")
    marks: dict[str, Mask] = {}
    if "job" in spend:
        marks["media_with_job"] = media & spend["job"].notna().to_numpy()
    if "cost_type" in spend:
        said = spend["cost_type"].notna().to_numpy()
        marks["spend_typed"] = said & pd.notna(cost_types(book))
    if "channel" in spend:
        marks["spend_placed"] = spend["channel"].notna().to_numpy()
    return {name: column([int(amounts[mask].sum()) / MICROS]) for name, mask in marks.items()}
