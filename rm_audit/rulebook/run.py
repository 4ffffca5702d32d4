"""Judges rules on frames: states in the order that the design fixes, and the amounts that fails would claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rm_audit.expr import KNOWN, ZERO, Expression, Scope
from rm_audit.findings import Severity, State
from rm_audit.metrics.frame import Frame
from rm_audit.rulebook.model import Rule
from rm_audit.rulebook.special import SheetsOf, no_sheets, specials
from rm_audit.tables import MICROS
from rm_audit.vocabulary import VOCABULARY

CENT = MICROS // 100
_UNDECIDED = ""


@dataclass(frozen=True)
class Result:
    """One rule on every subject of its grain. `states[i]` is a State; `wanted[i]` is in micro-units, whole cents."""

    rule: Rule
    frame: Frame
    scope: Scope
    states: NDArray[Any]
    wanted: NDArray[np.int64]
    blocked_by: str = ""
    missing_names: tuple[str, ...] = field(default=())
    severities: Mapping[int, Severity] = field(default_factory=dict)  # of subjects with one of their own

    def severity(self, row: int) -> Severity:
        return self.severities.get(row, self.rule.severity)

    def count(self) -> dict[State, int]:
        """How many subjects came to each state; a grain without any subject counts as one that was not evaluated."""
        found = Counter(self.states.tolist())
        if not self.frame.length:
            found[State.NOT_EVALUATED] = 1
        return {state: found.get(state, 0) for state in State}

    def rows_in(self, *states: State) -> list[int]:
        return [row for row, state in enumerate(self.states) if state in states]

    def bring(self) -> str:
        """Which export would let the rule judge what it could not, in words."""
        wanted = [VOCABULARY[name].bring for name in self.missing_names if VOCABULARY[name].bring]
        return "; ".join(dict.fromkeys(wanted))


def judge(rule: Rule, frame: Frame, sheets: SheetsOf = no_sheets) -> Result:
    """The verdicts of one rule. Pure: the same rule and frame give the same result.

    `sheets` says where the rows of a subject stand, for settings by sheet.
    """
    special = specials(rule, frame, sheets)
    scope = Scope(frame.length, {**frame.columns, **special.params}, special.plain)
    states = np.full(frame.length, _UNDECIDED, dtype=object)
    states[special.off] = State.NOT_APPLICABLE
    if rule.where is not None:
        _decide(states, scope, rule.where, State.NOT_APPLICABLE)
    if rule.enough is not None:
        _decide(states, scope, rule.enough, State.CANNOT_TELL)
    _decide_law(states, scope, rule)
    wanted = _wanted(rule, scope, states)
    missing = _missing(rule, scope, states)
    return Result(rule, frame, scope, states, wanted, missing_names=missing, severities=special.severities)


def _decide(states: NDArray[Any], scope: Scope, expression: Expression, if_false: State) -> None:
    """Unknown → not evaluated; false → `if_false`; true stays open."""
    column = scope.evaluate(expression)
    holds = column.values.astype(bool)
    undecided = states == _UNDECIDED
    states[undecided & (column.state != KNOWN)] = State.NOT_EVALUATED
    states[undecided & (column.state == KNOWN) & ~holds] = if_false


def _decide_law(states: NDArray[Any], scope: Scope, rule: Rule) -> None:
    on_true, on_false = (State.PASS, State.FAIL) if rule.kind == "trust" else (State.FAIL, State.PASS)
    column = scope.evaluate(rule.law)
    holds = column.values.astype(bool)
    undecided = states == _UNDECIDED
    states[undecided & (column.state == ZERO)] = State.CANNOT_TELL
    states[undecided & (column.state > ZERO)] = State.NOT_EVALUATED
    states[undecided & (column.state == KNOWN)] = np.where(holds, on_true, on_false)[
        undecided & (column.state == KNOWN)
    ]


def _wanted(rule: Rule, scope: Scope, states: NDArray[Any]) -> NDArray[np.int64]:
    if rule.money is None:
        return np.zeros(len(states), dtype=np.int64)
    column = scope.evaluate(rule.money.amount)
    failed = (states == State.FAIL) & column.known
    amounts = np.where(failed, np.maximum(column.values.astype(float), 0.0), 0.0)
    # Whole cents, rounded down: a claim never gains from rounding. The epsilon undoes binary fractions.
    return np.floor(amounts * 100 + 1e-6).astype(np.int64) * CENT


def _missing(rule: Rule, scope: Scope, states: NDArray[Any]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for expression in rule.expressions:
        if not scope.length:
            names.update(dict.fromkeys(scope.base_names(expression)))
    for row in np.flatnonzero(states == State.NOT_EVALUATED):
        names.update(dict.fromkeys(missing_at(rule, scope, int(row)) or _all_names(rule, scope)))
    return tuple(name for name in names if VOCABULARY[name].bring)


def _all_names(rule: Rule, scope: Scope) -> list[str]:
    """All that a rule rests on, for a verdict that lacks nothing but a number to divide by."""
    return [name for expression in rule.expressions for name in scope.base_names(expression)]


def missing_at(rule: Rule, scope: Scope, row: int) -> list[str]:
    """The measures that this subject lacks, in the order in which the rule asks for them."""
    names: dict[str, None] = {}
    for expression in rule.expressions:
        names.update(dict.fromkeys(scope.missing(expression, row)))
        if names:
            break
    return list(names)


def judge_all(
    rules: Sequence[Rule], frames: Mapping[tuple[str, ...], Frame], sheets: SheetsOf = no_sheets
) -> list[Result]:
    """Every rule on its frame, after which failing hygiene rules hold back the verdicts that they block."""
    results = [_judged(rule, frames[rule.grain], sheets) for rule in rules]
    blocked = {
        target: result.rule.id
        for result in results
        if result.rule.kind == "hygiene" and result.rule.status == "stable" and (result.states == State.FAIL).any()
        for target in result.rule.blocks
    }
    return [_held_back(result, blocked[result.rule.id]) if result.rule.id in blocked else result for result in results]


def _judged(rule: Rule, frame: Frame, sheets: SheetsOf) -> Result:
    """The verdicts of a rule; `error` on every subject where it breaks, so that the run goes on."""
    try:
        return judge(rule, frame, sheets)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        states = np.full(frame.length, State.ERROR, dtype=object)
        return Result(
            rule, frame, Scope(frame.length, frame.columns, rule.values), states, np.zeros(frame.length, np.int64)
        )


def _held_back(result: Result, by: str) -> Result:
    states = result.states.copy()
    failed = states == State.FAIL
    states[failed] = State.CANNOT_TELL
    return replace(result, states=states, wanted=np.where(failed, 0, result.wanted), blocked_by=by)
