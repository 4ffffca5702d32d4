"""Which exit code a report asks for: the first that holds of 1, 3, 0 (2 is wrong use, and never comes this far)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SEVERITIES = ("low", "medium", "high", "critical")


@dataclass(frozen=True)
class Gates:
    """What was asked for: findings at or over a severity, an amount, a least score, a least coverage in percent."""

    fail_on: str = "never"
    fail_on_amount: float | None = None
    min_score: float | None = None
    min_coverage: float | None = None
    tell_amounts: bool = True  # whether the words may name an amount of the book

    def reached(self, document: Mapping[str, Any]) -> list[str]:
        """Why the run fails, one sentence a gate."""
        why = []
        severe = self._severe(document)
        if severe:
            why.append(f"{len(severe)} finding{'s' if len(severe) > 1 else ''} at severity {self.fail_on} or over")
        score, classes = document["score"], _at_stake(document)
        at_stake = round(sum(document["money"][name] for name in classes) - _let_be(document, classes), 2)
        if self.fail_on_amount is not None and at_stake >= self.fail_on_amount:
            words = f"{', '.join(classes[:-1])} and {classes[-1]} money is"
            told = f" {at_stake:,.2f}," if self.tell_amounts else ""
            why.append(f"{words}{told} at or over {self.fail_on_amount:,.2f}")
        if self.min_score is not None and score["value"] is not None and score["value"] < self.min_score:
            why.append(f"the score is {score['value']}, under {self.min_score:g}")
        if self.min_coverage is not None and score["coverage"] * 100 < self.min_coverage:
            why.append(f"the coverage is {score['coverage']:.0%}, under {self.min_coverage:g}%")
        return why

    def _severe(self, document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        if self.fail_on == "never":
            return []
        kinds = {rule["id"]: (rule["status"], rule["kind"]) for rule in document["rules"]}
        wanted = SEVERITIES[SEVERITIES.index(self.fail_on) :]
        return [
            finding
            for finding in document["findings"]
            if finding["state"] == "fail"
            and not finding["known"]
            and finding["severity"] in wanted
            and kinds[finding["rule"]][0] == "stable"
            and kinds[finding["rule"]][1] != "trust"  # trust rules raise the score; not earning one is no offence
        ]

    def unjudged(self, document: Mapping[str, Any]) -> list[str]:
        """Which gates could not be judged at all."""
        why = []
        if self.fail_on != "never" and not _any_judged(document, SEVERITIES[SEVERITIES.index(self.fail_on) :]):
            why.append(f"no rule at severity {self.fail_on} or over could judge anything here")
        if self.min_score is not None and document["score"]["value"] is None:
            why.append("there is no score to hold against --min-score")
        return why


def _at_stake(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The classes of money that a gate on an amount adds up. What is planned can still be pointed elsewhere, so of a
    plan misdirected money counts too; of spend it is money for real work, and does not."""
    return ("avoidable", "unproven", *(("misdirected",) if document["money"]["basis"] == "plan" else ()))


def _let_be(document: Mapping[str, Any], classes: Sequence[str]) -> float:
    """Money of findings that are waived or known: it is in the totals, and trips no gate."""
    return sum(
        float(finding["money"]["amount"])
        for finding in document["findings"]
        if (finding["state"] == "waived" or finding["known"]) and finding["money"]["class"] in classes
    )


def _any_judged(document: Mapping[str, Any], severities: Sequence[str]) -> bool:
    rules = [rule for rule in document["rules"] if rule["severity"] in severities and rule["status"] == "stable"]
    return any(rule["judged"][state] for rule in rules for state in ("pass", "fail", "waived"))
