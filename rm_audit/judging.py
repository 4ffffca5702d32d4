"""Evidence and rules → verdicts, claims and findings. The same for evidence of a book and of a stored report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rm_audit.balance import check_claims
from rm_audit.errors import Problem
from rm_audit.findings import CONFIDENCE, SEVERITIES, Finding, State
from rm_audit.ledger import Claim, Ledger, finding_id, settle
from rm_audit.metrics.frame import Frame
from rm_audit.pots import Grain, Pot
from rm_audit.rulebook.message import Telling, fill, plainly, value_at
from rm_audit.rulebook.model import Rule
from rm_audit.rulebook.run import Result, judge_all
from rm_audit.rulebook.special import SheetsOf
from rm_audit.rulebook.waivers import Waived, Waiver, apply
from rm_audit.vocabulary import VOCABULARY


@dataclass(frozen=True)
class Evidence:
    """All that verdicts are made from and that no threshold changes: what was measured, the money in groups, the day.

    `basis` is spend, or plan where a plan stands alone. `cells` gives the addresses behind a verdict, `knows` says
    whether the baseline knows a rule's finding about a subject.
    """

    frames: Mapping[Grain, Frame]
    pots: Mapping[str, Pot]
    basis: str
    currency: str
    as_of: date
    sheets: SheetsOf
    cells: Callable[[Result, int], Sequence[str]]
    waivers: Sequence[Waiver]
    knows: Callable[[str, Mapping[str, object]], bool]
    plays_not_used: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """What rules made of evidence; `problems` is what the waivers have to say."""

    evidence: Evidence
    results: Sequence[Result]
    ledgers: Mapping[str, Ledger]
    claims: Sequence[Claim]
    findings: Sequence[Finding]
    earned: Sequence[Mapping[str, str]]
    problems: Sequence[Problem]

    @property
    def counted(self) -> list[Result]:
        """The results that count in the score."""
        return [result for result in self.results if result.rule.play not in self.evidence.plays_not_used]


def judge_evidence(evidence: Evidence, rules: Sequence[Rule]) -> Judged:
    """Every rule on the evidence, then waivers, claims and findings, the one with the most money first.

    Raises BalanceError where the claims do not add up.
    """
    waived = apply(judge_all(rules, evidence.frames, evidence.sheets), evidence.waivers, evidence.as_of)
    results = waived.results
    ledgers, claims = settle(results, evidence.pots)
    check_claims(ledgers, claims)
    by_id = {claim.id: claim for claim in claims}
    findings = [
        _answered(_finding(result, row, evidence, by_id.get(finding_id(result, row))), row, waived, evidence)
        for result in results
        for row in result.rows_in(State.FAIL, State.WAIVED)
    ]
    earned = _earned(results, evidence.currency)
    return Judged(evidence, results, ledgers, claims, sorted(findings, key=rank), earned, waived.problems)


def rank(finding: Finding) -> tuple[int, int, int, str]:
    """Money at stake first (what the finding wanted, granted or already claimed by another), then severity."""
    at_stake = 0 if finding.upcoming else finding.wanted
    return -at_stake, -finding.upcoming, -SEVERITIES.index(finding.severity), finding.id


def _answered(finding: Finding, row: int, waived: Waived, evidence: Evidence) -> Finding:
    """A finding with who lets it be, and whether it was known before."""
    waiver = waived.by.get((finding.rule, row))
    shown = waiver.shown() if waiver is not None else None
    return replace(finding, waiver=shown, known=evidence.knows(finding.rule, finding.subject))


def message_of(result: Result, row: int, telling: Telling) -> str:
    """What the rule says of a subject, with values in the words of `telling`."""
    params = result.rule.params
    units = {name: param.unit for name, param in params.items()}
    return fill(result.rule.message, result.scope, row, telling, lambda name: units.get(name, ""))


def earners(results: Sequence[Result]) -> Iterator[tuple[Result, int]]:
    """What trust rules came to pass on: the part of a report that people want to keep."""
    for result in results:
        if result.rule.kind == "trust" and result.rule.status == "stable":
            yield from ((result, row) for row in result.rows_in(State.PASS))


def _earned(results: Sequence[Result], currency: str) -> list[dict[str, str]]:
    return [
        {
            "rule": result.rule.id,
            "subject": str(result.frame.subject(row)["name"]),
            "message": message_of(result, row, plainly(currency)),
        }
        for result, row in earners(results)
    ]


def _finding(result: Result, row: int, evidence: Evidence, claim: Claim | None) -> Finding:
    rule = result.rule
    in_basis = claim is not None and claim.table == evidence.basis
    claimed = claim.claimed if claim is not None else 0
    return Finding(
        id=finding_id(result, row),
        rule=rule.id,
        play=rule.play,
        severity=result.severity(row),
        confidence=CONFIDENCE[rule.money.money_class if rule.money else ""],
        state=State(result.states[row]),
        subject=result.frame.subject(row),
        values={name: _shown(value_at(result.scope, name, row)) for name in names_of(result)},
        threshold=_threshold(result, row),
        message=message_of(result, row, plainly(evidence.currency)),
        fix=rule.fix,
        money_class=rule.money.money_class if rule.money else "",
        wanted=claim.wanted if claim is not None else 0,
        claimed=claimed if in_basis else 0,
        upcoming=0 if in_basis else claimed,
        also_flagged_by=tuple(claim.also) if claim is not None else (),
        cells=tuple(evidence.cells(result, row)),
    )


def names_of(result: Result) -> list[str]:
    """The words that the rule looked at: those of its expressions, then the measures they rest on."""
    used = [name for item in result.rule.expressions for name in item.names if name in VOCABULARY]
    base = [name for item in result.rule.expressions for name in result.scope.base_names(item)]
    return list(dict.fromkeys([*used, *base]))


def _shown(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value


def _threshold(result: Result, row: int) -> str:
    """The law with the parameters that hold for this subject, as the rule states it."""
    special = {name for case in result.rule.cases for name in case.values}
    values = {
        name: _plain(value_at(result.scope, name, row)) if name in special else value
        for name, value in result.rule.values.items()
    }
    settings = ", ".join(f"{name} = {value}" for name, value in values.items())
    return f"{result.rule.law.text}" + (f"  ({settings})" if settings else "")


def _plain(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value
