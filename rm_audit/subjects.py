"""The measured subjects as the report shows them: counts as numbers, estimates with their ends, unknown as null."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from rm_audit.crude import with_crude
from rm_audit.days import from_day
from rm_audit.expr import Column, Scope
from rm_audit.metrics.evidence.verdict import Evidence, Judged, Range, Trend
from rm_audit.metrics.frame import Frame
from rm_audit.metrics.frames import Frames
from rm_audit.metrics.quality import LEAST_PEOPLE, Quality
from rm_audit.metrics.verdicts import GRAINS, judged

_COUNTS = (
    *("impressions", "clicks", "apply_starts", "applications", "qualified"),
    *("conversations", "interviews", "offers", "hires"),
)
_COSTS = {
    "cost_per_application": "applications",
    "cost_per_qualified": "qualified",
    "cost_per_conversation": "conversations",
    "cost_per_hire": "hires",
}
_EXACT = 1 << 53  # whole numbers below are exact as floats
_STAYING = ("followed", "left_first_year", "rated", "rated_well")
_OTHER = {
    ("sequence",): ("steps", "steps_assessed", "ask_steps", "give_steps", "sent", "replies", "unsubscribes"),
    ("programme",): ("seats", "active_people", "shares", "original_shares", "contract_cost"),
    ("contract",): ("seats", "active_seats", "contract_amount", "contract_cost", "days_to_notice", "days_to_end"),
    ("line",): ("budget", "has_kpi", "has_owner", "has_objective", "kpi_outcome", "kpi_vanity"),
}


KINDS = ("portfolio", "channel", "campaign", "job", *(grain[0] for grain in _OTHER))  # as a document has them


def subjects(frames: Frames) -> dict[str, list[dict[str, Any]]]:
    """Every subject of the plain grains but the jobs, by kind."""
    book = frames.ctx.book
    found = {"portfolio": _outcomes(frames["portfolio",]), "channel": _judged(frames, GRAINS[0])}
    if book.has("spend", "campaign"):
        found["campaign"] = _judged(frames, GRAINS[1])
    for grain, names in _OTHER.items():
        found[grain[0]] = _plain(frames[grain], names)
    _hide_rest(found["portfolio"], found["channel"])
    for item in found["sequence"]:
        item["quality"] = [_quality(one) for one in frames.quality.sequences.get(item["name"], ())]
    return found


def jobs_of(frames: Frames) -> Callable[[], list[dict[str, Any]]] | None:
    """What makes the jobs, of which there may be very many; None where spend names none."""
    return (lambda: _outcomes(frames["job",])) if frames.ctx.book.has("spend", "job") else None


class _Numbers:
    """The measures of all subjects as lists of plain numbers, each made once: there may be many subjects."""

    def __init__(self, part: Frame) -> None:
        self.scope = Scope(part.length, part.columns)

    def shown(self, name: str) -> list[Any]:
        """As the report shows them: whole numbers are integers, others have two places, unknown is None."""
        column = self.scope.column(name)
        known = column.state == 0
        if not known.any():
            return [None] * len(column)
        values = column.values
        whole = values.dtype != bool and bool(((values == np.floor(values)) & (np.abs(values) < _EXACT)).all())
        items = values.astype(np.int64).tolist() if whole else [_figure(value) for value in values.tolist()]
        return items if known.all() else [item if ok else None for item, ok in zip(items, known.tolist(), strict=True)]

    def is_known(self, name: str) -> bool:
        """Whether it is of any subject."""
        return bool((self.scope.column(name).state == 0).any())

    def known(self, name: str) -> list[float | None]:
        """Numbers where they are known."""
        column = self.scope.column(name)
        if column.is_text or not self.is_known(name):
            return [None] * len(column)
        return [None if gone else float(value) for value, gone in _pairs(column)]


def _pairs(of: Column) -> Iterable[tuple[Any, bool]]:
    return zip(of.values.tolist(), (of.state != 0).tolist(), strict=True)


def _figure(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    number = float(value)
    return int(number) if number == int(number) else round(number, 2)


def _items(columns: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _hide_rest(whole: list[dict[str, Any]], channels: list[dict[str, Any]]) -> None:
    """Takes the ratings of the whole book away where those that no channel shows could be taken from them."""
    for item in whole:
        rest = (item["rated"] or 0) - sum(one["rated"] or 0 for one in channels)
        if 0 < rest < LEAST_PEOPLE:
            item["rated"] = item["rated_well"] = None


def _plain(part: Frame, names: tuple[str, ...]) -> list[dict[str, Any]]:
    numbers = _Numbers(part)
    return _items({"name": part.names(), **{name: numbers.shown(name) for name in names}})


def _outcomes(part: Frame) -> list[dict[str, Any]]:
    numbers, nothing = _Numbers(part), [None] * part.length
    columns: dict[str, Sequence[Any]] = {"name": part.names()}
    columns |= {key: part.key(key) for key in part.grain if len(part.grain) > 1}
    if "channel_kind" in part.columns:
        columns["kind"] = [None if gone else str(value) for value, gone in _pairs(part.columns["channel_kind"])]
    columns |= {name: numbers.shown(name) for name in ("spend", *_COUNTS)}
    columns |= {name: _costs(numbers, name, per) for name, per in _COSTS.items()}
    columns["spend_matured"] = [_estimate(value, None, None) for value in numbers.shown("spend_matured")]
    expected = zip(numbers.shown("hires_expected"), numbers.shown("hires_expected_low"), strict=True)
    columns["hires_expected"] = [_estimate(value, low, None) for value, low in expected]
    columns["ratio_to_benchmark"] = nothing
    columns["conversations_per_hire"] = _per(numbers, "conversations", "hires")
    columns["applications_per_conversation"] = _per(numbers, "applications", "conversations")
    columns |= {name: numbers.shown(name) for name in ("applicants", "repeat_applications")}
    return _items(columns | _staying(numbers))


def _judged(frames: Frames, grain: tuple[str, ...]) -> list[dict[str, Any]]:
    """Channels or campaigns with what the evidence says of each."""
    items = _outcomes(frames[grain])
    for item, found in zip(items, judged(frames[grain], frames.evidence), strict=True):
        item |= _verdict(found, frames.evidence)
        if grain == GRAINS[0]:
            item["quality_trend"] = _trend(frames.evidence.trends.get(item["name"]))
            item["credit"] = dict(found.credit) if found is not None and found.credit else None
            item["stays_a_year"] = _rounded(frames.quality.stays.get(item["name"]), 4)
            item["quality"] = [_quality(one) for one in frames.quality.channels.get(item["name"], ())]
    with_crude(items, frames.evidence.lacking)
    return items


def _trend(found: Trend | None) -> dict[str, Any]:
    if found is None or found.probability is None:
        return {"verdict": "cannot_tell", "probability": None}
    return {"verdict": found.verdict, "probability": round(found.probability, 4)}


def _verdict(found: Judged | None, evidence: Evidence) -> dict[str, Any]:
    if found is None:
        why = evidence.lacking or "no advertising money is booked on it, or its applications name no campaign"
        return {"verdict": "cannot_tell", "verdict_reason": why, "judged_from": None, "probability_wasteful": None} | {
            "excess_spend": None,
            "stages": [],
        }
    told = found.verdict != "cannot_tell" and found.probability is not None
    item: dict[str, Any] = {
        "verdict": found.verdict,
        "verdict_reason": "; ".join(filter(None, (found.why, evidence.assumed))),
        "judged_from": None if found.judged_from is None else from_day(found.judged_from).isoformat(),
        "probability_wasteful": round(found.probability, 4) if told and found.probability is not None else None,
        "excess_spend": _rounded(found.excess),
        "stages": [
            {"stage": name, "observed": int(seen), "expected": round(expected, 1)}
            for name, seen, expected in found.stages
        ],
        "ratio_to_benchmark": _rounded(found.ratio),
    }
    if found.expected is not None:
        item["hires_expected"] = _rounded(found.expected)
    return item


def _quality(one: Quality) -> dict[str, Any]:
    return {
        "measure": one.measure,
        "observed": one.observed,
        "of": one.of,
        "expected": None if one.expected is None else round(one.expected, 1),
        "rate": _rounded(one.rate, 4),
        "ratio": _rounded(one.ratio),
        "crude_ratio": None if one.crude is None else round(one.crude, 2),
        "verdict": one.verdict,
        "reason": one.reason,
    }


def _rounded(one: Range | None, places: int = 2) -> dict[str, float] | None:
    if one is None:
        return None
    return {name: round(getattr(one, name), places) for name in ("value", "low", "high")}


def _estimate(value: Any, low: Any, high: Any) -> dict[str, Any] | None:
    return None if value is None and low is None else {"value": value, "low": low, "high": high}


def _costs(numbers: _Numbers, name: str, per: str) -> list[dict[str, Any] | None]:
    if not numbers.is_known(per):
        return [None] * numbers.scope.length
    unknown = (numbers.scope.column(name).state == 2) & (name != "cost_per_qualified")
    rows = zip(numbers.known("external_spend"), numbers.known(per), unknown.tolist(), strict=True)
    return [_cost(spend, count) if not gone else None for spend, count, gone in rows]


def _cost(spend: float | None, count: float | None) -> dict[str, Any] | None:
    """External spend per outcome: low at the most outcomes that this process would bring again, high at the fewest."""
    if spend is None or count is None or (not spend and not count):
        return None
    most, fewest = _outcomes_between(count)
    value = round(spend / count, 2) if count else None
    return {"value": value, "low": round(spend / most, 2), "high": round(spend / fewest, 2) if fewest else None}


@cache
def _outcomes_between(count: float) -> tuple[float, float]:
    """The most and the fewest outcomes that a process which brought so many would bring again, 90%."""
    from rm_audit.special import gammaincinv

    return float(gammaincinv(count + 1, 0.95)), float(gammaincinv(count, 0.05)) if count else 0.0


def _per(numbers: _Numbers, whole: str, part: str) -> list[dict[str, Any] | None]:
    if not (numbers.is_known(whole) and numbers.is_known(part)):
        return [None] * numbers.scope.length
    return [_one_per(*pair) for pair in zip(numbers.known(whole), numbers.known(part), strict=True)]


def _one_per(tried: float | None, got: float | None) -> dict[str, Any] | None:
    """How many of one it takes for one of the other, 90% (Jeffreys on the rate); None where the rate is no rate."""
    if tried is None or got is None or not tried or got > tried:
        return None
    least, most = _rate_between(got, tried)
    value = round(tried / got, 2) if got else None
    return {"value": value, "low": round(1 / most, 2), "high": round(1 / least, 2) if least else None}


@cache
def _rate_between(got: float, tried: float) -> tuple[float, float]:
    """The ends of a rate, 90% (Jeffreys)."""
    from rm_audit.special import betaincinv

    least = float(betaincinv(got + 0.5, tried - got + 0.5, 0.05)) if got else 0.0
    return least, 1.0 if got == tried else float(betaincinv(got + 0.5, tried - got + 0.5, 0.95))


def _staying(numbers: _Numbers) -> dict[str, Sequence[Any]]:
    columns: dict[str, list[Any]] = {name: numbers.shown(name) for name in _STAYING}
    for row, rated in enumerate(columns["rated"]):
        if rated is not None and rated < LEAST_PEOPLE:
            columns["rated"][row] = columns["rated_well"][row] = None
    unknown = numbers.scope.column("left_share").state.tolist()
    rows = zip(unknown, columns["followed"], columns["left_first_year"], strict=True)
    return {**columns, "left_share": [None if gone or not all_ else _left(left, all_) for gone, all_, left in rows]}


def _left(left: int, followed: int) -> dict[str, float]:
    low, high = _rate_between(left, followed)
    return {"value": round(left / followed, 4), "low": round(low, 4), "high": round(high, 4)}
