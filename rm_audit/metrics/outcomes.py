"""Spend and outcomes by channel, campaign, month, requisition, and for the whole book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.book import Book
from rm_audit.book.outcomes import rating_words
from rm_audit.channels import inside_kinds, is_named, is_unknown_source, spelled
from rm_audit.expr import Column, column, numbers, unknown
from rm_audit.metrics.context import Context
from rm_audit.metrics.costs import of_type
from rm_audit.metrics.frame import Frame
from rm_audit.metrics.groups import Groups, Ints, group
from rm_audit.metrics.maturity import benchmark, matured_rows
from rm_audit.metrics.practice import answer_measures, boards, other_channels, spend_marks
from rm_audit.metrics.repeats import repeat_measures
from rm_audit.metrics.requisitions import closing_measures, requisition_measures
from rm_audit.tables import MICROS
from rm_audit.vocabulary import PORTFOLIO

TABLES = ("spend", "applications", "outcome_totals", "jobs")
_YEAR = 365
_RATINGS = ("well", "poorly")
_DELIVERY = ("impressions", "clicks", "apply_starts", "applies")
_OUTCOMES = {
    "applications": "is_application",
    "qualified": "is_qualified",
    "interviews": "is_interviewed",
    "offers": "is_offered",
    "hires": "is_hired",
}
# Where the spend has no year, nothing may set money or its shares against hires of other years.
_NEED_A_YEAR = (
    *("cost_per_hire", "cost_per_application", "cost_per_conversation"),
    *("hire_share", "hire_share_high", "application_share"),
)
Measures = dict[str, Column]


def outcome_frame(ctx: Context, grain: tuple[str, ...]) -> Frame:
    """The frame of a grain made of channel, campaign, month and job, or of the whole book."""
    groups = group(ctx.book, grain, TABLES if "job" in grain or not _keys(grain) else TABLES[:3])
    named = np.zeros(groups.length, dtype=np.uint8)
    columns: Measures = {key: Column(groups.keys[key].to_numpy(dtype=object), named) for key in groups.keys.columns}
    columns |= _spend(ctx.book, groups)
    columns |= _outcomes(ctx.book, groups)
    columns |= _staying(ctx, groups)
    columns |= answer_measures(ctx, groups)
    columns |= repeat_measures(ctx.book, groups, columns)
    if "channel" in grain:
        columns |= _channel(ctx, groups, columns)
    if grain == ("channel",):
        columns |= other_channels(columns)
    if "job" in grain:
        columns |= closing_measures(ctx.book, groups)
    if _keys(grain) == ["job"]:
        media = of_type(ctx.book, "media") if ctx.book.has("spend") else np.zeros(0, bool)
        columns |= requisition_measures(ctx, groups, media)
    if not _keys(grain):
        columns |= _whole_book(ctx)
    if ctx.book.yearless and ctx.book.period is None:
        columns |= {name: unknown(groups.length) for name in _NEED_A_YEAR}
    return Frame(grain, groups.length, columns, {name: groups.rows(name) for name in groups.codes})


def channel_frame(ctx: Context) -> Frame:
    """The frame of the channels, measured once: the whole book and the lines of a plan rest on it too."""
    return ctx.book.once(("channels", ctx.as_of, ctx.data_through), TABLES, lambda: outcome_frame(ctx, ("channel",)))


def _keys(grain: tuple[str, ...]) -> list[str]:
    return [key for key in grain if key != PORTFOLIO]


def _money(micros: Ints) -> Column:
    return numbers(micros / MICROS)


def _spend(book: Book, groups: Groups) -> Measures:
    if "spend" not in groups.codes:
        return {}
    spend = book.tables["spend"]
    amounts = spend["amount"].to_numpy(dtype=np.int64)
    media = of_type(book, "media")
    measures = {"spend": _money(groups.total("spend", amounts))}
    measures["media_spend"] = measures["spend"]
    if not media.all():
        measures["media_spend"] = _money(groups.total("spend", np.where(media, amounts, 0)))
    if "cost_type" in spend:  # without the column nobody knows which cost is a licence or a fee
        for kind in ("licence", "fee", "labour"):
            measures[f"{kind}_spend"] = _money(groups.total("spend", np.where(of_type(book, kind), amounts, 0)))
    for name in _DELIVERY:
        if name in spend:
            measures[name] = _delivered(groups, spend[name], media)
    return measures


def _delivered(groups: Groups, values: pd.Series[int], media: NDArray[np.bool_]) -> Column:
    """A platform's count; unknown where a subject has no media row, or one that does not say."""
    counts = groups.total("spend", values.to_numpy(dtype=np.int64, na_value=0))
    blank = values.isna().to_numpy(dtype=bool)
    silent = groups.tally("spend", blank & media)
    said = groups.tally("spend", ~blank) if blank.any() else groups.sizes("spend")
    known = (said > 0) & (silent == 0)
    return numbers(counts, known)


def _outcomes(book: Book, groups: Groups) -> Measures:
    measures = {}
    for name, mark in _OUTCOMES.items():
        counted = _marked(book, groups, mark)
        measures[name] = counted if counted is not None else _totalled(book, groups, name)
    measures["conversations"] = measures["interviews"]
    return measures


def _marked(book: Book, groups: Groups, mark: str) -> Column | None:
    """Rows with a mark; a subject whose rows all lack it is unknown, a subject without rows has none: 0."""
    if "applications" not in groups.codes:
        return None
    marks = book.tables["applications"][mark]
    if not marks.notna().any():
        return None
    hits = groups.tally("applications", marks.fillna(False).to_numpy(dtype=bool))
    said = groups.tally("applications", marks.notna().to_numpy())
    rows = groups.sizes("applications")
    return numbers(hits, (said > 0) | (rows == 0))


def _totalled(book: Book, groups: Groups, name: str) -> Column:
    totals = book.tables.get("outcome_totals")
    if "outcome_totals" not in groups.codes or totals is None or name not in totals:
        return unknown(groups.length)
    counts = groups.total("outcome_totals", totals[name].fillna(0).to_numpy(dtype=np.int64))
    said = groups.total("outcome_totals", totals[name].notna().to_numpy().astype(np.int64))
    rows = groups.total("outcome_totals", np.ones(len(totals), dtype=np.int64))
    return numbers(counts, (said > 0) | (rows == 0))


def _staying(ctx: Context, groups: Groups) -> Measures:
    """Leaving within a year, of the hires whose year is over; ratings that say something.

    Those hired less than a year ago are in neither count: of them only the leavers would show.
    """
    table = ctx.book.tables.get("applications")
    if table is None or "applications" not in groups.codes:
        return {}
    measures: Measures = {}
    if "hired_at" in table and "left_at" in table and ctx.data_through is not None:
        hired = table["hired_at"]
        left_early = ((table["left_at"] - hired) <= _YEAR).fillna(False).astype(bool)
        over = (hired + _YEAR <= ctx.data_through).fillna(False).astype(bool)
        measures["followed"] = _tally(groups, over.to_numpy())
        measures["left_first_year"] = _tally(groups, (left_early & over).to_numpy())
    if "performance" in table:
        well, poorly = ctx.book.once("ratings", ["applications"], lambda: ratings(table))
        measures["rated"], measures["rated_well"] = _tally(groups, well | poorly), _tally(groups, well)
    return measures


def ratings(table: pd.DataFrame) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which rows are rated well, and which poorly; a rating that says nothing yet is neither."""
    words = [spelled(value) if isinstance(value, str) else "" for value in table["performance"]]
    well, poorly = (np.array([word in rating_words()[kind] for word in words], dtype=bool) for kind in _RATINGS)
    return well, poorly


def _tally(groups: Groups, hits: NDArray[np.bool_]) -> Column:
    return numbers(groups.tally("applications", hits))


def _channel(ctx: Context, groups: Groups, columns: Mapping[str, Column]) -> Measures:
    """What only makes sense beside the other channels: kind, totals of the book, maturity, benchmark."""
    channels = groups.keys["channel"].tolist()
    measures = {"channel_kind": column(_kinds(ctx.book, channels, columns))}
    totals = ctx.book.once("totals of the book", TABLES[:3], lambda: _totals(ctx.book))
    for name in ("media_spend", "hires", "applications"):
        if name == "media_spend" and not ctx.book.has("spend", "cost_type"):
            continue  # licences may be among it: a channel's share of the media is not known
        if name in totals and not totals[name].state[0]:
            measures[f"total_{name}"] = column([float(totals[name].values[0])] * groups.length)
    spend = ctx.book.tables.get("spend")
    if spend is None or "start" not in spend or ctx.data_through is None or "spend" not in groups.codes:
        return measures
    rows = matured_rows(spend, ctx.data_through)
    matured = np.array([rows[picked].sum() for picked in groups.rows("spend")], dtype=float)
    measures["spend_matured"] = numbers(matured)
    if list(groups.keys.columns) == ["channel"] and not columns["hires"].state.all():
        hires = np.where(columns["hires"].known, columns["hires"].values, 0.0).astype(float)
        paid = (columns["media_spend"].values > 0) & columns["hires"].known & ~np.isnan(matured)
        found = benchmark(np.nan_to_num(matured), hires, paid)
        measures |= {name: numbers(values) for name, values in found.items()}
    return measures


def _totals(book: Book) -> Measures:
    whole = group(book, (), TABLES[:3])
    return {**_spend(book, whole), **_outcomes(book, whole)}


def _kinds(book: Book, channels: list[str], columns: Mapping[str, Column]) -> list[str | None]:
    """The kind of each channel; one that only licences are booked on is software, whatever it is called."""
    kinds = [book.channels.kind(str(name)) for name in channels]
    if "licence_spend" not in columns:
        return kinds
    only = (columns["licence_spend"].values == columns["spend"].values) & (columns["spend"].values > 0)
    return ["software" if licence else kind for kind, licence in zip(kinds, only, strict=True)]


def _whole_book(ctx: Context) -> Measures:
    measures = boards(channel_frame(ctx).columns) if ctx.book.has("spend", "channel") else {}
    table, spend = ctx.book.tables.get("applications"), ctx.book.tables.get("spend")
    if table is not None and "channel" in table and table["is_hired"].notna().any():
        hired = table["is_hired"].fillna(False).astype(bool)
        counts = ctx.book.counts("applications")[hired.to_numpy()]
        names = np.repeat(table.loc[hired, "channel"].to_numpy(dtype=object), counts)
        channels = Counter(name if isinstance(name, str) else None for name in names)
        inside = [n for name, n in channels.items() if name and ctx.book.channels.kind(name) in inside_kinds()]
        measures["hires_inside"] = column([sum(inside)])
        known = ctx.book.channels.is_placed if ctx.book.has("spend") else is_named
        lost = [n for name, n in channels.items() if is_unknown_source(name) or not known(name)]
        measures["hires_source_unknown"] = column([sum(lost)])
    if spend is not None:
        measures |= spend_marks(ctx.book)
    if spend is not None and "start" in spend and ctx.data_through is not None:
        matured, total = float(matured_rows(spend, ctx.data_through).sum()), float(spend["amount"].sum()) / MICROS
        measures["spend_matured_share"] = column([matured / total if total else None])
    return measures
