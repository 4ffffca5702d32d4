"""The score: what share of the money, of the practice and of the trust holds up, and how much of it was judged.

The numbers of the formulas live in `rules/scoring.yaml`. What was not judged counts as failing in `low` and as
passing in `high`; under the least coverage there is no value at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from rm_audit.findings import JUDGED, State
from rm_audit.ledger import Claim, Ledger
from rm_audit.rulebook.run import Result
from rm_audit.shipped import rules_folder
from rm_audit.vocabulary import family
from rm_audit.yamls import load


@dataclass(frozen=True)
class Part:
    """One part of the score: its value and the share of it that was judged, both 0 to 1."""

    value: float
    coverage: float


@dataclass(frozen=True)
class Score:
    """`value` is None where too little was judged; `low` and `high` are its ends; 0 to 100."""

    value: float | None
    low: float
    high: float
    coverage: float
    alignment: Part
    practice: Part
    trust: Part


@cache
def numbers() -> Mapping[str, Any]:
    """The numbers of `rules/scoring.yaml`, by name."""
    path = rules_folder() / "scoring.yaml"
    data: dict[str, Any] = load(path.read_text(encoding="utf-8"), "rules/scoring.yaml").data
    return {name: body["value"] for name, body in _leaves(data).items()}


def _leaves(data: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, body in data.items():
        if isinstance(body, dict) and "value" in body:
            found[name] = body
        elif isinstance(body, dict):
            found |= _leaves(body)
    return found


def carries_money(result: Result, basis: str) -> bool:
    """Whether the rule can claim dollars of the basis: plan rules where only a plan is judged, the others on spend."""
    on_plan = family(result.rule.grain) == "line"
    return result.rule.money is not None and on_plan == (basis == "plan")


def _elsewhere(result: Result, basis: str) -> bool:
    """A rule about spend has nothing to say of a plan that stands alone."""
    return basis == "plan" and result.rule.money is not None and family(result.rule.grain) != "line"


def score(results: Sequence[Result], ledgers: Mapping[str, Ledger], claims: Sequence[Claim], basis: str) -> Score:
    """The score of a set of results; of a play, where the results are that play's own."""
    stable = [result for result in results if result.rule.status == "stable" and result.rule.kind != "hygiene"]
    money = [result for result in stable if carries_money(result, basis)]
    flaws = [result for result in stable if result.rule.kind == "flaw" and not _elsewhere(result, basis)]
    flaws = [result for result in flaws if not carries_money(result, basis)]
    alignment = _alignment(money, ledgers.get(basis), [claim for claim in claims if claim.table == basis], basis)
    practice = _share(flaws)
    positive = [result for result in stable if result.rule.kind == "trust"]
    trust = _share(positive)
    return _combined(alignment, practice, trust, bool(money), bool(flaws), bool(positive))


def _combined(a: Part, p: Part, t: Part, has_money: bool, has_practice: bool, has_trust: bool) -> Score:
    wa, wp, wt = (numbers()[name] for name in ("alignment", "practice", "trust"))
    wa, wp, wt = wa * has_money, wp * has_practice, wt * has_trust
    whole = wa + wp + wt
    coverage = (wa * a.coverage + wp * p.coverage + wt * t.coverage) / whole if whole else 0.0
    judged = wa + wp * p.coverage + wt * t.coverage
    earned = wa + wp * p.coverage * p.value + wt * t.coverage * t.value
    enough = coverage >= numbers()["least_coverage"] and (a.coverage > 0 or not has_money)
    value = 100 * a.value * earned / judged if enough and judged else None
    low = 100 * a.value * a.coverage * earned / whole if whole else 0.0
    best = wa + wp * (p.coverage * p.value + 1 - p.coverage) + wt * (t.coverage * t.value + 1 - t.coverage)
    high = 100 * (a.value * a.coverage + 1 - a.coverage) * best / whole if whole else 100.0
    return Score(value, low, high, coverage, a, p, t)


def _alignment(money: Sequence[Result], ledger: Ledger | None, claims: Sequence[Claim], basis: str) -> Part:
    """Zero when half of the judged money is claimed; misdirected money counts half."""
    if not money:
        return Part(1.0, 1.0)
    if ledger is None or not int(ledger.amounts.sum()):
        return Part(1.0, 0.0)
    weighed = covered = 0.0
    for result in money:
        judged, whole = _judged_money(result, ledger, basis)
        if whole:
            weighed += result.rule.weight
            covered += result.rule.weight * judged / whole
    judged_spend = _seen(money, ledger, basis)
    lost = sum(claim.claimed * _loss(claim) for claim in claims if any(claim.result is result for result in money))
    value = max(0.0, 1 - lost / (numbers()["judged_half"] * judged_spend)) if judged_spend else 1.0
    return Part(value, covered / weighed if weighed else 0.0)


def judged_spend(results: Sequence[Result], ledgers: Mapping[str, Ledger], basis: str) -> int:
    """Micro-units of the basis on which at least one money rule of these came to pass or fail."""
    ledger = ledgers.get(basis)
    if ledger is None:
        return 0
    stable = (result for result in results if result.rule.status == "stable" and result.rule.kind != "hygiene")
    return _seen([result for result in stable if carries_money(result, basis)], ledger, basis)


def _seen(results: Sequence[Result], ledger: Ledger, basis: str) -> int:
    """Micro-units on which at least one of these rules came to pass or fail: rules of a grain share their subjects."""
    grains: dict[tuple[str, ...], list[Result]] = {}
    for result in results:
        grains.setdefault(result.frame.grain, []).append(result)
    rows = np.zeros(len(ledger.amounts), dtype=bool)
    for own in grains.values():
        decided = np.logical_or.reduce([one.among(*JUDGED) for one in own])
        if decided.any():
            rows |= ledger.held(basis, own[0].frame, decided)
    return int(ledger.amounts[rows].sum())


def _loss(claim: Claim) -> float:
    money = claim.result.rule.money
    return float(numbers()["misdirected_weight"]) if money and money.money_class == "misdirected" else 1.0


def _judged_money(result: Result, ledger: Ledger, basis: str) -> tuple[int, int]:
    """Money of the basis on which this rule came to pass or fail, and on which it could have.

    Rows that belong to no subject of the rule's grain are none of its business, and so are those where it does not
    apply. Where it has no subject at all, an export is missing: then all the money is money that it did not judge.
    """
    if not result.frame.length:
        return 0, int(ledger.amounts.sum())
    decided, applies = result.among(*JUDGED), ~result.among(State.NOT_APPLICABLE)
    return ledger.money(basis, result.frame, decided), ledger.money(basis, result.frame, applies)


def _share(results: Sequence[Result]) -> Part:
    """Weighted share that passes, in each rule's own unit, and how much of that unit was judged."""
    held = [(result.rule.weight, *result.held) for result in results if result.held is not None]
    covered = sum(weight * judged for weight, judged, _ in held)
    if not covered:
        return Part(0.0, 0.0)
    passed = sum(weight * passing for weight, _, passing in held)
    return Part(passed / covered, covered / sum(weight for weight, _, _ in held))
