"""What makes a rule worth trusting, beyond that it loads."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

from rm_audit.errors import Problem, did_you_mean
from rm_audit.expr import Expression
from rm_audit.rulebook.coverage import on_threshold
from rm_audit.rulebook.life import complaints
from rm_audit.rulebook.message import placeholders
from rm_audit.rulebook.model import Place, Rule

_WANTED = ("fail", "pass", "not_evaluated")
PLAIN = (0, 1)  # nothing and the whole need no source; every other number is somebody's judgement


def lint(rules: Sequence[Rule]) -> list[Problem]:
    """Every complaint about every rule: proofs and sources that are missing, parameters without use, blocks without
    target."""
    ids = Counter(rule.id for rule in rules)
    problems = [problem for rule in rules for problem in _lint_one(rule, ids)]
    twice = [rule for rule in rules if ids[rule.id] > 1]
    problems += complaints(rules)
    return problems + [
        _complaint(rule, f"the id '{rule.id}' is used by {ids[rule.id]} rules", ("id",)) for rule in twice
    ]


def _complaint(rule: Rule, message: str, path: Place, help: str = "", offset: int = 0, key: bool = False) -> Problem:
    return rule.document.problem("rule-lint", message, path, help=help, offset=offset, key=key)


def _lint_one(rule: Rule, ids: Counter[str]) -> Iterator[Problem]:
    yield from _proofs(rule)
    if not rule.false_alarms:
        yield _complaint(rule, "no false alarm is named", ("false_alarms",), "Say when the rule would be wrong.")
    if rule.kind == "trust" and rule.money is not None:
        yield _complaint(rule, "a trust rule claims no money", ("money",), key=True)
    yield from _params(rule)
    yield from _bare_numbers(rule)
    for place, target in enumerate(rule.blocks):
        if target not in ids:
            help = did_you_mean(target, ids)
            yield _complaint(rule, f"blocks an unknown rule '{target}'", ("blocks", place), help)


def _proofs(rule: Rule) -> Iterator[Problem]:
    states = {str(row.get("state")) for test in rule.tests for row in test.expect}
    for state in _WANTED:
        if state not in states:
            help = f"Add a test whose rows come to {state}."
            yield _complaint(rule, f"no test expects '{state}'", ("tests",), help, key=True)
    boundaries = [(place, test) for place, test in enumerate(rule.tests) if test.boundary]
    if not boundaries:
        help = "Add a test with 'boundary: true'."
        yield _complaint(rule, "no test sits on the threshold", ("tests",), help, key=True)
    for place, test in boundaries:
        if not on_threshold(rule, test):
            help = "Give a row in which both sides of a comparison are equal."
            said = f"the test '{test.name}' is no boundary: no row of it sits on a threshold"
            yield _complaint(rule, said, ("tests", place, "boundary"), help)


def _params(rule: Rule) -> Iterator[Problem]:
    used = {name for _, expression in _expressions(rule) for name in expression.names}
    used |= {name for name, _ in placeholders(rule.message)}
    for name in rule.params:
        if name not in used:
            yield _complaint(rule, f"the parameter '{name}' is never used", ("params", name), key=True)


def _expressions(rule: Rule) -> Iterator[tuple[Place, Expression]]:
    law = "earn" if rule.kind == "trust" else "flag"
    for field, expression in (("where", rule.where), ("enough", rule.enough), (law, rule.law)):
        if expression is not None:
            yield (field,), expression
    if rule.money is not None:
        yield ("money", "amount"), rule.money.amount


def _bare_numbers(rule: Rule) -> Iterator[Problem]:
    """Numbers in expressions that say neither their unit nor where they come from."""
    for path, expression in _expressions(rule):
        months = {id(node) for call in ast.walk(expression.tree) for node in _months(call)}
        for node in ast.walk(expression.tree):
            if isinstance(node, ast.Constant) and _is_bare(node.value) and id(node) not in months:
                said = f"the number {ast.unparse(node)} says neither its unit nor its source"
                help = "Make it a parameter: {value, unit, source}."
                yield _complaint(rule, said, path, help, offset=expression.column(node) + rule.quoted(path))


def _months(node: ast.AST) -> Sequence[ast.expr]:
    """How many months `prior` looks back is no threshold."""
    return node.args[1:] if isinstance(node, ast.Call) and ast.unparse(node.func) == "prior" else ()


def _is_bare(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value not in PLAIN
