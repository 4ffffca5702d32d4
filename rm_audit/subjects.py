"""The measured subjects as the report shows them: counts as numbers, estimates with their ends, unknown as null."""

from __future__ import annotations

from typing import Any

from rm_audit.expr import Scope
from rm_audit.metrics.frame import Frame
from rm_audit.metrics.frames import Frames
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
# Ratings of fewer people than this are not shown: with one or two hires a rating would be a person's.
LEAST_RATED = 5


def subjects(frames: Frames) -> dict[str, list[dict[str, Any]]]:
    """Every subject of the plain grains, by kind."""
    book = frames.ctx.book
    found = {"portfolio": _outcomes(frames["portfolio",]), "channel": _outcomes(frames["channel",])}
    if book.has("spend", "campaign"):
        found["campaign"] = _outcomes(frames["channel", "campaign"])
    if book.has("spend", "job"):
        found["job"] = _outcomes(frames["job",])
    for grain, names in _OTHER.items():
        found[grain[0]] = _plain(frames[grain], names)
    return found


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
    if part.grain and part.grain[0] == "channel":
        # The verdicts come with the evidence of a later version: until then this one cannot tell, and says so.
        item |= {"verdict": "cannot_tell", "probability_wasteful": None}
    if part.grain == ("channel",):
        item["quality_trend"] = {"verdict": "cannot_tell", "probability": None}
    return item


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
    if item["rated"] is not None and item["rated"] < LEAST_RATED:
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
