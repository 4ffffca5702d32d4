"""Runs the tests that stand inside rules: given rows in, states out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rm_audit.errors import Problem
from rm_audit.expr import Column, Scope, column
from rm_audit.metrics.frame import Frame
from rm_audit.rulebook.model import Rule, RuleTest
from rm_audit.rulebook.run import Result, judge, missing_at
from rm_audit.tables import MICROS
from rm_audit.vocabulary import VOCABULARY


@dataclass(frozen=True)
class Outcome:
    """One test of one rule: what was wrong, in words; nothing where it held."""

    rule: Rule
    test: RuleTest
    wrong: tuple[str, ...]


def run_tests(rules: Sequence[Rule]) -> list[Outcome]:
    """Every test of every rule, in order."""
    return [Outcome(rule, test, tuple(_wrong(rule, test))) for rule in rules for test in rule.tests]


def as_problems(outcomes: Sequence[Outcome]) -> list[Problem]:
    """Failed tests as problems at the line of the test."""
    return [
        Problem("error", "rule-test", f"test '{outcome.test.name}': {'; '.join(outcome.wrong)}",
                file=outcome.rule.file, line=outcome.test.line, column=1)
        for outcome in outcomes
        if outcome.wrong
    ]  # fmt: skip


def given_frame(rule: Rule, rows: Sequence[Mapping[str, Any]]) -> Frame:
    """A frame from the rows of a test. What a row does not give is derived from what it gives, else unknown; what it
    gives as null is unknown."""
    names = dict.fromkeys(name for row in rows for name in row)
    keys = dict.fromkeys([*names, *rule.grain])
    columns = {name: column([_value(row.get(name)) for row in rows]) for name in keys}
    partly = [name for name in VOCABULARY if name in columns and VOCABULARY[name].formula]
    for name in partly:  # in the order of the vocabulary, in which a formula speaks of names before it
        columns[name] = _completed(name, columns, rows)
    return Frame(rule.grain, len(rows), columns)


def _completed(name: str, columns: Mapping[str, Column], rows: Sequence[Mapping[str, Any]]) -> Column:
    given, absent = columns[name], np.array([name not in row for row in rows], dtype=bool)
    if not absent.any():
        return given
    others = {other: found for other, found in columns.items() if other != name}
    derived = Scope(len(rows), others).column(name)
    values = np.where(absent, derived.values.astype(float), given.values.astype(float))
    return Column(values, np.where(absent, derived.state, given.state).astype(np.uint8), absent)


def _value(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def run_test(rule: Rule, test: RuleTest) -> Result:
    """The result of a rule on the rows of one of its tests."""
    params = {name: replace(param, value=test.params.get(name, param.value)) for name, param in rule.params.items()}
    return judge(replace(rule, params=params), given_frame(rule, test.given))


def _wrong(rule: Rule, test: RuleTest) -> list[str]:
    result = run_test(rule, test)
    wrong = []
    for position, expected in enumerate(test.expect):
        row = _row_of(rule, test, expected, position)
        if row is None:
            wrong.append(f"no given row is {dict(expected)}")
        else:
            wrong += _compare(rule, result, row, expected)
    return wrong


def _row_of(rule: Rule, test: RuleTest, expected: Mapping[str, Any], position: int) -> int | None:
    keys = [key for key in rule.grain if key in expected]
    for row, given in enumerate(test.given):
        if keys and all(given.get(key) == expected[key] for key in keys):
            return row
    return position if not keys and position < len(test.given) else None


def _compare(rule: Rule, result: Result, row: int, expected: Mapping[str, Any]) -> list[str]:
    wrong = []
    state = str(result.states[row])
    if "state" in expected and state != expected["state"]:
        wrong.append(f"expected {expected['state']}, came to {state}")
    missing = missing_at(rule, result.scope, row)
    if "missing" in expected and missing != expected["missing"]:
        wrong.append(f"expected missing {expected['missing']}, found {missing}")
    amount = int(result.wanted[row]) / MICROS
    if "amount" in expected and abs(amount - expected["amount"]) >= 0.005:
        wrong.append(f"expected the amount {expected['amount']}, claimed {amount}")
    return wrong
