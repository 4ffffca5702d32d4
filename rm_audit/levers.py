"""What would raise the score most: each rule's findings mended, one rule at a time, and the score made again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from rm_audit.findings import State
from rm_audit.judging import Judged
from rm_audit.ledger import settle
from rm_audit.numbers import units
from rm_audit.rulebook.run import Result
from rm_audit.score import score

MOST = 5


def levers(judged: Judged, value: float | None) -> list[dict[str, Any]]:
    """The five rules whose mending adds most points, with the money that they claim; empty where there is no score.

    Money that another finding would claim in a mended one's place stays claimed, so that points do not add up.
    """
    if value is None:
        return []
    found = [
        item
        for result in judged.counted
        if result.rule.status == "stable" and result.rule.kind != "hygiene" and result.rows_in(State.FAIL)
        if (item := _lever(judged, result, value))["points"] > 0
    ]
    return sorted(found, key=lambda item: (-item["points"], -item["money"], item["rule"]))[:MOST]


def _lever(judged: Judged, result: Result, value: float) -> dict[str, Any]:
    evidence = judged.evidence
    counted = [_mended(other) if other is result else other for other in judged.counted]
    # Without money the claims stay as they are.
    settled = settle(counted, evidence.pots) if result.rule.money else (judged.ledgers, judged.claims)
    after = score(counted, *settled, evidence.basis).value
    claimed = [claim.claimed for claim in judged.claims if claim.result is result and claim.table == evidence.basis]
    return {
        "rule": result.rule.id,
        "title": result.rule.title,
        "findings": len(result.rows_in(State.FAIL)),
        "points": round((after if after is not None else value) - value, 1),
        "money": units(sum(claimed)),
        "fix": result.rule.fix,
    }


def _mended(result: Result) -> Result:
    """The result as it would be if everything that fails passed; what is waived stays so."""
    failing = result.states == State.FAIL
    return replace(result, states=np.where(failing, np.array(State.PASS, dtype=object), result.states))
