"""Money that is gone, apart from money that can still be stopped: from next month, or by a notice and its last day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rm_audit.findings import State
from rm_audit.judging import Judged
from rm_audit.ledger import Claim
from rm_audit.metrics.frames import RECENT, RECENT_MONTHS
from rm_audit.numbers import units
from rm_audit.tables import MICROS

# Billed for what nobody ordered any more: the vendor can be asked for it back.
CREDIT_STEPS = ("closed-req", "duplicate")
_LICENCE = (("contract",), ("programme",))


@dataclass(frozen=True)
class Running:
    """What goes on: the last whole months of the spend (`from`, `to`; None without dates), and the licences."""

    pace: Mapping[str, str] | None
    contracts: Sequence[Mapping[str, Any]]


def stopping(judged: Judged, running: Running) -> dict[str, Any]:
    """`gone` is what is claimed of money already spent, by class; `credit` the part of it to ask back.

    `a_month` is what goes on at the pace of the last months and stops without notice, by class; `notices` are the
    licences, each with what a year of it would save and by when to write. Amounts in units of currency.
    """
    claims = [claim for claim in judged.claims if claim.result.states[claim.row] == State.FAIL]
    spent = [claim for claim in claims if claim.table == "spend"]
    media = [claim for claim in spent if claim.result.rule.grain not in _LICENCE]
    month = {kind: _a_month(judged, media, kind) for kind in ("avoidable", "unproven", "misdirected")}
    return {
        "gone": {kind: units(sum(c.claimed for c in spent if _kind(c) == kind)) for kind in ("avoidable", "unproven")},
        "credit": units(sum(claim.claimed for claim in spent if _step(claim) in CREDIT_STEPS)),
        "pace": dict(running.pace) if running.pace else None,
        "from": _next_month(judged.evidence.as_of),
        "a_month": month if running.pace else None,
        "notices": _notices(claims, running, judged.evidence.as_of),
    }


def _kind(claim: Claim) -> str:
    return claim.result.rule.money.money_class if claim.result.rule.money else ""


def _step(claim: Claim) -> str:
    return claim.result.rule.money.step if claim.result.rule.money else ""


def _a_month(judged: Judged, claims: Sequence[Claim], kind: str) -> float:
    """What these claims hold of the last whole months, a month."""
    pot = judged.evidence.pots.get("spend")
    if pot is None or RECENT not in pot.named:
        return 0.0
    recent = pot.named[RECENT]
    sums = [int(claim.taken[recent[claim.rows]].sum()) for claim in claims if len(claim.taken) and _kind(claim) == kind]
    return units(sum(sums) // RECENT_MONTHS)


def _next_month(day: date) -> str:
    return (day.replace(day=1) + timedelta(days=32)).strftime("%Y-%m")


def _notices(claims: Sequence[Claim], running: Running, as_of: date) -> list[dict[str, Any]]:
    """One item a licence with a doubt about it; two findings doubt the same seats, so the larger one counts."""
    doubted: dict[object, list[Claim]] = {}
    for claim in claims:
        if claim.result.rule.grain in _LICENCE:
            doubted.setdefault(claim.result.frame.subject(claim.row)["name"], []).append(claim)
    of_each = [(contract, doubted.get(contract["name"], [])) for contract in running.contracts]
    found = [_notice(contract, own, as_of) for contract, own in of_each if own]
    return sorted(found, key=lambda item: (item["by"] or "9999", -(item["a_year"] or 0), item["licence"]))


def _notice(contract: Mapping[str, Any], own: Sequence[Claim], as_of: date) -> dict[str, Any]:
    cost, yearly = contract["contract_cost"], contract["contract_amount"]
    share = max(claim.wanted for claim in own) / MICROS / cost if cost else 0.0
    left, ends = contract["days_to_notice"], contract["days_to_end"]
    state = "unknown" if left is None else "open" if left >= 0 else "missed"
    return {
        "licence": contract["name"],
        "findings": [claim.id for claim in own],
        "a_year": None if yearly is None else round(min(share, 1.0) * yearly, 2),
        "state": state,
        "by": (as_of + timedelta(days=left)).isoformat() if left is not None and left >= 0 else None,
        "ends": (as_of + timedelta(days=ends)).isoformat() if ends is not None else None,
    }
