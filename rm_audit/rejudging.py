"""A stored report and other thresholds → the report that a whole run with those thresholds gives, without the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rm_audit.errors import Problem, UsageError
from rm_audit.judging import Evidence, judge_evidence
from rm_audit.measured import evidence_of
from rm_audit.report import Report, law_of, problem_item, verdicts
from rm_audit.rulebook.layers import flags_layer
from rm_audit.rulebook.model import Case, Rule
from rm_audit.rulebook.settings import Ruleset, ruleset
from rm_audit.stopping import Running

# What the waivers say after the verdicts, which other thresholds may make them say otherwise.
_SAID_AFTERWARDS = ("waiver-unused", "waiver-unjudged", "waiver-expired", "waiver-bad-date")


def rejudge(document: Mapping[str, Any], rules: Sequence[Rule], settings: Mapping[str, Any]) -> Report:
    """The report with `settings` (`{"board-zero-hire": {"multiple": 4}}`) laid over those that it was made with.

    `rules` are the rules that are known now, before any setting. Raises UsageError where the report is stored without
    its measurements, where its rules are not the ones that are known now, and for a setting that changes what was
    measured.
    """
    evidence = evidence_in(document)
    before = as_judged(document, rules)
    _refuse_switching_on(settings, document, rules)
    chosen = ruleset(before, {}, document["ruleset"]["packs"][1:], layers=[flags_layer(settings)])
    judged = judge_evidence(evidence, chosen.rules)
    kept = [problem for problem in document["problems"] if problem["code"] not in _SAID_AFTERWARDS]
    said = [problem_item(problem) for problem in (*chosen.notes, *judged.problems)]
    stored = document["measurements"]
    running = Running(document["stopping"]["pace"], document["subjects"]["contract"])
    judged_again = verdicts(judged, chosen, document["money"], running)
    whole = {**document, **judged_again, "problems": [*kept, *said]}
    del whole["measurements"]
    return Report(whole, (*chosen.notes, *judged.problems), lambda: stored, judged=judged)


def evidence_in(document: Mapping[str, Any]) -> Evidence:
    """The evidence of a stored report. Raises UsageError where it holds none, or holds it broken."""
    if "measurements" not in document:
        raise _refused("the report holds no measurements", "Store one with: rm-audit analyze PATH --output report.json")
    try:
        return evidence_of(document)
    except (KeyError, TypeError, ValueError, IndexError, StopIteration):
        raise _refused("the report's measurements are broken", "Store it again.") from None


def as_judged(document: Mapping[str, Any], rules: Sequence[Rule]) -> list[Rule]:
    """The rules as the report was judged by, with its settings. Raises UsageError where they say something else now."""
    known = {rule.id: rule for rule in rules}
    try:
        stored = {item["id"]: item for item in document["rules"]}
        found = [_set(known[id], item) for id, item in stored.items() if id in known]
        same: Ruleset = ruleset(found, {})
    except (KeyError, TypeError):
        raise _refused("the report was stored by an older version", "Store it again.") from None
    gone = [id for id in stored if id not in known]
    if gone or same.hash != document["ruleset"]["hash"]:
        unlike = gone or [rule.id for rule in found if law_of(rule) != stored[rule.id]["law"]]
        names = f": {', '.join(unlike[:3])}{' ...' if len(unlike) > 3 else ''}" if unlike else ""
        help = "Give the packs that it was made with by --rules, or run rm-audit analyze again."
        raise _refused(f"the rules are not those that the report was judged by{names}", help)
    return found


def _set(rule: Rule, item: Mapping[str, Any]) -> Rule:
    params = {name: replace(param, value=item["params"][name]) for name, param in rule.params.items()}
    cases = tuple(Case(**case) for case in item["for"])
    return replace(rule, params=params, cases=cases, severity=item["severity"], weight=item["weight"])


def _refuse_switching_on(settings: Mapping[str, Any], document: Mapping[str, Any], rules: Sequence[Rule]) -> None:
    """A rule that was off was never measured for."""
    judged = {item["id"] for item in document["rules"]}
    off = [rule.id for rule in rules if rule.id in settings and rule.id not in judged]
    if off:
        words = f"{off[0]} was switched off when the report was made, and what it rests on was not measured"
        raise _refused(words, "Run rm-audit analyze with the rule on.")


def _refused(message: str, help: str) -> UsageError:
    return UsageError(Problem("error", "rejudge", message, help))
