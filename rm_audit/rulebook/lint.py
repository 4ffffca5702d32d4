"""What makes a rule worth trusting, beyond that it loads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rm_audit.errors import Problem, did_you_mean
from rm_audit.rulebook.life import complaints
from rm_audit.rulebook.message import placeholders
from rm_audit.rulebook.model import Rule

_WANTED = ("fail", "pass", "not_evaluated")


def lint(rules: Sequence[Rule]) -> list[Problem]:
    """Every complaint about every rule: proofs that are missing, parameters without use, blocks without target."""
    ids = Counter(rule.id for rule in rules)
    problems = [problem for rule in rules for problem in _lint_one(rule, ids)]
    twice = [rule for rule in rules if ids[rule.id] > 1]
    problems += complaints(rules)
    return problems + [_complaint(rule, f"the id '{rule.id}' is used by {ids[rule.id]} rules") for rule in twice]


def _complaint(rule: Rule, message: str, help: str = "") -> Problem:
    return Problem("error", "rule-lint", message, help, rule.file, line=1, column=1)


def _lint_one(rule: Rule, ids: Counter[str]) -> Iterator[Problem]:
    states = {str(row.get("state")) for test in rule.tests for row in test.expect}
    for state in _WANTED:
        if state not in states:
            yield _complaint(rule, f"no test expects '{state}'", f"Add a test whose rows come to {state}.")
    if not any(test.boundary for test in rule.tests):
        yield _complaint(rule, "no test sits on the threshold", "Add a test with 'boundary: true'.")
    if not rule.false_alarms:
        yield _complaint(rule, "no false alarm is named", "Say when the rule would be wrong.")
    if rule.kind == "trust" and rule.money is not None:
        yield _complaint(rule, "a trust rule claims no money")
    used = {name for item in rule.expressions for name in item.names}
    used |= set(rule.money.amount.names) if rule.money else set()
    used |= {name for name, _ in placeholders(rule.message)}
    for name in rule.params:
        if name not in used:
            yield _complaint(rule, f"the parameter '{name}' is never used")
    for target in rule.blocks:
        if target not in ids:
            yield _complaint(rule, f"blocks an unknown rule '{target}'", did_you_mean(target, ids))
