"""A rule as a page: what it says, where its numbers come from, why, what to do, and an example from its own tests."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from rm_audit.numbers import show
from rm_audit.rulebook.model import PLAYS, Rule, RuleTest
from rm_audit.rulebook.selftest import given_frame, run_test
from rm_audit.vocabulary import VOCABULARY

WIDTH = 100


def page(rule: Rule) -> str:
    """The page of a rule as plain text."""
    parts = [
        f"{rule.id}: {rule.title}",
        f"{PLAYS[rule.play]}. {rule.kind}, {rule.severity}, weight {rule.weight:g}, {rule.status}.",
        "",
        _law(rule),
        _params(rule),
        _wrapped("Why", rule.why),
        _wrapped("Do", rule.fix),
        _wrapped("It would be wrong where", " ".join(rule.false_alarms)),
        _needs(rule),
        _example(rule),
    ]
    return "\n".join(part for part in parts if part is not None) + "\n"


def _wrapped(head: str, words: str) -> str:
    return f"{head}\n{textwrap.fill(words, WIDTH, initial_indent='  ', subsequent_indent='  ')}\n"


def _law(rule: Rule) -> str:
    grain = ", ".join(rule.grain)
    lines = [f"Law, for each {grain}"]
    for name, item in (("where", rule.where), ("enough", rule.enough)):
        lines += [f"  {name:<7} {item.text}"] if item else []
    lines.append(f"  {'earn' if rule.kind == 'trust' else 'flag':<7} {rule.law.text}")
    if rule.money:
        lines.append(f"  {'money':<7} {rule.money.money_class}: {rule.money.amount.text}")
    return "\n".join(lines) + "\n"


def _params(rule: Rule) -> str | None:
    if not rule.params:
        return None
    lines = ["Numbers that you may change"]
    for name, param in rule.params.items():
        why = f": {param.why}" if param.why else ""
        text = f"{name} = {param.value} ({param.unit}, source {param.source}){why}"
        lines.append(textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="    "))
    return "\n".join(lines) + "\n"


def _needs(rule: Rule) -> str:
    from rm_audit.expr import Scope

    scope = Scope(0, {})
    names = dict.fromkeys(name for item in rule.expressions for name in scope.base_names(item))
    brings = dict.fromkeys(VOCABULARY[name].bring for name in names if VOCABULARY[name].bring)
    return _wrapped("It needs", "; ".join(brings) + ".") if brings else ""


def _example(rule: Rule) -> str | None:
    """The first test that fails, with its numbers and what the rule said."""
    for test in rule.tests:
        for position, expected in enumerate(test.expect):
            if expected.get("state") == "fail" and position < len(test.given):
                return _worked(rule, test, test.given[position], position)
    return None


def _worked(rule: Rule, test: RuleTest, given: Mapping[str, Any], position: int) -> str:
    from rm_audit.rulebook.message import fill, plainly, value_at

    result = run_test(rule, test)
    lines = [f"Example: {test.name}"]
    lines += [f"  {name} = {_value(name, value)}" for name, value in given.items()]
    frame_names = given_frame(rule, test.given).columns
    derived = [
        name for item in rule.expressions for name in item.names if name in VOCABULARY and name not in frame_names
    ]
    for name in dict.fromkeys(derived):
        how = f" = {VOCABULARY[name].formula}" if VOCABULARY[name].formula else ""
        lines.append(f"  {name}{how} = {_value(name, value_at(result.scope, name, position))}")
    amount = int(result.wanted[position]) / 1_000_000
    units = {name: param.unit for name, param in rule.params.items()}
    words = fill(rule.message, result.scope, position, plainly(""), lambda name: units.get(name, ""))
    lines.append(
        textwrap.fill(f"{result.states[position]}: {words}", WIDTH, initial_indent="  ", subsequent_indent="  ")
    )
    if amount:
        lines.append(f"  claims {amount:,.2f}")
    return "\n".join(lines)


def _value(name: str, value: Any) -> str:
    word = VOCABULARY.get(name)
    return show(value, word.unit if word else "")
