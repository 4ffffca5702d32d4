"""The measured subjects as the report shows them: counts as numbers, estimates with their ends, unknown as null."""

from __future__ import annotations

from typing import Any

from rm_audit.crude import with_crude
from rm_audit.days import from_day
from rm_audit.expr import Scope
from rm_audit.metrics.evidence.judging import Evidence, Judged, Range
from rm_audit.metrics.evidence.trend import Trend
from rm_audit.metrics.frame import Frame
from rm_audit.metrics.frames import Frames
from rm_audit.metrics.quality import LEAST_PEOPLE, Quality
from rm_audit.metrics.verdicts import GRAINS, judged
from rm_audit.rulebook.message import value_at

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
_STAYING = ("followed", "left_first_year", "rated", "rated_well")
_OTHER = {
    ("sequence",): ("steps", "steps_assessed", "ask_steps", "give_steps", "sent", "replies", "unsubscribes"),
    ("programme",): ("seats", "active_people", "shares", "original_shares", "contract_cost"),
    ("contract",): ("seats", "active_seats", "contract_amount", "contract_cost", "days_to_notice", "days_to_end"),
    ("line",): ("budget", "has_kpi", "has_owner", "has_objective", "kpi_outcome", "kpi_vanity"),
}


def subjects(frames: Frames) -> dict[str, list[dict[str, Any]]]:
    """Every subject of the plain grains, by kind."""
    book = frames.ctx.book
    found = {"portfolio": _outcomes(frames["portfolio",]), "channel": _judged(frames, GRAINS[0])}
    if book.has("spend", "campaign"):
        found["campaign"] = _judged(frames, GRAINS[1])
    if book.has("spend", "job"):
        found["job"] = _outcomes(frames["job",])
    for grain, names in _OTHER.items():
        found[grain[0]] = _plain(frames[grain], names)
    _hide_rest(found["portfolio"], found["channel"])
    for item in found["sequence"]:
        item["quality"] = [_quality(one) for one in frames.quality.sequences.get(item["name"], ())]
    return found


def _hide_rest(whole: list[dict[str, Any]], channels: list[dict[str, Any]]) -> None:
    """Takes the ratings of the whole book away where those that no channel shows could be taken from them."""
    for item in whole:
        rest = (item["rated"] or 0) - sum(one["rated"] or 0 for one in channels)
        if 0 < rest < LEAST_PEOPLE:
            item["rated"] = item["rated_well"] = None


def _plain(part: Frame, names: tuple[str, ...]) -> list[dict[str, Any]]:
    scope = Scope(part.length, part.columns)
    return [
        {"name": part.subject(row)["name"], **{name: _number(scope, name, row) for name in names}}
        for row in range(part.length)
    ]


def _outcomes(part: Frame) -> list[dict[str, Any]]:
    scope = Scope(part.length, part.columns)
    return [_one(scope, part, row) for row in range(part.length)]


def _one(scope: Scope, part: Frame, row: int) -> dict[str, Any]:
    subject = part.subject(row)
    item: dict[str, Any] = {"name": subject["name"]}
    item |= {key: subject[key] for key in part.grain if len(part.grain) > 1}
    if "channel_kind" in part.columns:
        item["kind"] = value_at(scope, "channel_kind", row)
    item["spend"] = _number(scope, "spend", row)
    item |= {name: _number(scope, name, row) for name in _COUNTS}
    item |= {name: _cost(scope, name, per, row) for name, per in _COSTS.items()}
    item["spend_matured"] = _estimate(_number(scope, "spend_matured", row), None, None)
    expected = _number(scope, "hires_expected", row)
    item["hires_expected"] = _estimate(expected, _number(scope, "hires_expected_low", row), None)
    item["ratio_to_benchmark"] = None
    item["conversations_per_hire"] = _per(scope, "conversations", "hires", row)
    item["applications_per_conversation"] = _per(scope, "applications", "conversations", row)
    item |= _staying(scope, row)
    return item


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


def _number(scope: Scope, name: str, row: int) -> float | int | bool | None:
    value = value_at(scope, name, row)
    if isinstance(value, bool) or value is None:
        return value
    number = float(str(value))
    return int(number) if number == int(number) else round(number, 2)


def _estimate(value: Any, low: Any, high: Any) -> dict[str, Any] | None:
    return None if value is None and low is None else {"value": value, "low": low, "high": high}


def _cost(scope: Scope, name: str, per: str, row: int) -> dict[str, Any] | None:
    """External spend per outcome: low at the most outcomes that this process would bring again, high at the fewest."""
    spend, count = scope.known_number("external_spend", row), scope.known_number(per, row)
    measured_unknown = scope.column(name).state[row] == 2 if name != "cost_per_qualified" else False
    if spend is None or count is None or measured_unknown or (not spend and not count):
        return None
    from scipy.special import gammaincinv

    most, fewest = float(gammaincinv(count + 1, 0.95)), float(gammaincinv(count, 0.05)) if count else 0.0
    value = round(spend / count, 2) if count else None
    return {"value": value, "low": round(spend / most, 2), "high": round(spend / fewest, 2) if fewest else None}


def _per(scope: Scope, whole: str, part: str, row: int) -> dict[str, Any] | None:
    """How many of one it takes for one of the other, 90% (Jeffreys on the rate); None where the rate is no rate."""
    tried, got = scope.known_number(whole, row), scope.known_number(part, row)
    if tried is None or got is None or not tried or got > tried:
        return None
    from scipy.special import betaincinv

    most = 1.0 if got == tried else float(betaincinv(got + 0.5, tried - got + 0.5, 0.95))
    least = float(betaincinv(got + 0.5, tried - got + 0.5, 0.05)) if got else 0.0
    value = round(tried / got, 2) if got else None
    return {"value": value, "low": round(1 / most, 2), "high": round(1 / least, 2) if least else None}


def _staying(scope: Scope, row: int) -> dict[str, Any]:
    item: dict[str, Any] = {name: _number(scope, name, row) for name in _STAYING}
    if item["rated"] is not None and item["rated"] < LEAST_PEOPLE:  # else a rating would be a person's
        item["rated"] = item["rated_well"] = None
    share = scope.column("left_share")
    followed, left = item["followed"], item["left_first_year"]
    item["left_share"] = None
    if not share.state[row] and followed:
        from scipy.special import betaincinv

        low = float(betaincinv(left + 0.5, followed - left + 0.5, 0.05)) if left else 0.0
        high = float(betaincinv(left + 0.5, followed - left + 0.5, 0.95)) if left != followed else 1.0
        item["left_share"] = {"value": round(left / followed, 4), "low": round(low, 4), "high": round(high, 4)}
    return item
