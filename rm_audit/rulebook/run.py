"""Judges rules on frames: states in the order that the design fixes, and the amounts that fails would claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rm_audit.expr import KNOWN, ZERO, Scope, Shared
from rm_audit.findings import JUDGED, Severity, State
from rm_audit.metrics.frame import Frame
from rm_audit.rulebook.model import Rule
from rm_audit.rulebook.special import SheetsOf, no_sheets, specials
from rm_audit.tables import MICROS
from rm_audit.vocabulary import VOCABULARY

CENT = MICROS // 100
EARLIER = "the same exports for the year before"
_STATES = np.array(list(State), dtype=object)
_PASS, _FAIL, _CANNOT_TELL, _NOT_APPLICABLE, _NOT_EVALUATED = (
    np.uint8(list(State).index(state))
    for state in (State.PASS, State.FAIL, State.CANNOT_TELL, State.NOT_APPLICABLE, State.NOT_EVALUATED)
)


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
    earlier: bool = False  # what is missing is missing in the past alone

    def severity(self, row: int) -> Severity:
        return self.severities.get(row, self.rule.severity)

    def count(self) -> dict[State, int]:
        """How many subjects came to each state; a grain without any subject counts as one that was not evaluated."""
        found = Counter(self.states.tolist())
        if not self.frame.length:
            found[State.NOT_EVALUATED] = 1
        return {state: found.get(state, 0) for state in State}

    def among(self, *states: State) -> NDArray[np.bool_]:
        """True for each subject that came to one of these states."""
        for state in states:
            if state not in self._came_to:
                self._came_to[state] = self.states == state
        return np.asarray(np.logical_or.reduce([self._came_to[state] for state in states]))

    @cached_property
    def _came_to(self) -> dict[State, NDArray[np.bool_]]:
        return {}

    def rows_in(self, *states: State) -> list[int]:
        return np.flatnonzero(self.among(*states)).tolist()

    @cached_property
    def held(self) -> tuple[float, float] | None:
        """The shares of its subjects, in the rule's own unit, that were judged and that pass. None where the rule
        applies to none of them; a grain without any subject was not judged."""
        units = self._units()
        whole = float(units[~self.among(State.NOT_APPLICABLE)].sum())
        if not whole:
            return None if len(units) else (0.0, 0.0)
        return float(units[self.among(*JUDGED)].sum()) / whole, float(units[self.among(State.PASS)].sum()) / whole

    def _units(self) -> NDArray[Any]:
        """How much each subject weighs: its unit where the rule names one that is known everywhere, else 1."""
        ones = np.ones(self.frame.length)
        if not self.rule.unit:
            return ones
        column = self.scope.column(self.rule.unit)
        return np.maximum(column.values.astype(float), 0) if column.known.all() and column.values.any() else ones

    def bring(self) -> str:
        """Which export would let the rule judge what it could not, in words."""
        if self.earlier:
            return EARLIER
        wanted = [VOCABULARY[name].bring for name in self.missing_names if VOCABULARY[name].bring]
        return "; ".join(dict.fromkeys(wanted))


def judge(rule: Rule, frame: Frame, scope: Scope | None = None, sheets: SheetsOf = no_sheets) -> Result:
    """The verdicts of one rule. Pure: the same rule and frame give the same result.

    `scope` may share what others computed of the same frame; it must have the rule's parameters. `sheets` says where
    the rows of a subject stand, for settings by sheet. Settings of some subjects need a scope of their own.
    """
    special = specials(rule, frame, sheets)
    if scope is None or rule.cases:
        scope = Scope(frame.length, {**frame.columns, **special.params}, special.plain, frame.grain)
    codes = _codes(rule, scope)
    codes[special.off] = _NOT_APPLICABLE
    wanted = _wanted(rule, scope, codes == _FAIL)
    missing = _missing(rule, scope, codes == _NOT_EVALUATED)
    earlier = bool(missing) and _only_earlier(rule, scope, codes == _NOT_EVALUATED)
    states = _STATES[codes]
    return Result(rule, frame, scope, states, wanted, "", missing, special.severities, earlier)


def _codes(rule: Rule, scope: Scope) -> NDArray[np.uint8]:
    """The places in `_STATES` of the verdicts: of the law, then of what must hold before it is asked."""
    on_true, on_false = (_PASS, _FAIL) if rule.kind == "trust" else (_FAIL, _PASS)
    law = scope.evaluate(rule.law)
    codes = _choose(law.values.astype(bool, copy=False), on_true, on_false)
    if law.state.any():
        codes = np.where(law.state == KNOWN, codes, _choose(law.state == ZERO, _CANNOT_TELL, _NOT_EVALUATED))
    for expression, if_false in ((rule.enough, _CANNOT_TELL), (rule.where, _NOT_APPLICABLE)):
        if expression is not None:
            asked = scope.evaluate(expression)
            codes = np.where(asked.values.astype(bool, copy=False), codes, if_false)
            if asked.state.any():
                codes = np.where(asked.state == KNOWN, codes, _NOT_EVALUATED)
    return codes


def _choose(where: NDArray[np.bool_], yes: np.uint8, no: np.uint8) -> NDArray[np.uint8]:
    return np.where(where, yes, no)


def _wanted(rule: Rule, scope: Scope, failed: NDArray[np.bool_]) -> NDArray[np.int64]:
    if rule.money is None:
        return np.zeros(len(failed), dtype=np.int64)
    column = scope.evaluate(rule.money.amount)
    amounts = np.where(failed & column.known, np.maximum(column.values.astype(float), 0.0), 0.0)
    # Whole cents, rounded down: a claim never gains from rounding. The epsilon undoes binary fractions.
    return np.floor(amounts * 100 + 1e-6).astype(np.int64) * CENT


def _missing(rule: Rule, scope: Scope, unevaluated: NDArray[np.bool_]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for expression in rule.expressions:
        if not scope.length:
            names.update(dict.fromkeys(scope.base_names(expression)))
    for row in scope.lacking(rule.expressions, np.flatnonzero(unevaluated)):
        names.update(dict.fromkeys(missing_at(rule, scope, int(row)) or _all_names(rule, scope)))
    return tuple(name for name in names if VOCABULARY[name].bring)


def _only_earlier(rule: Rule, scope: Scope, unevaluated: NDArray[np.bool_]) -> bool:
    """Whether all that cannot be judged has its own figures and lacks those of a month that the rule looks back to."""
    rows = np.flatnonzero(unevaluated)
    looks_back = any("prior(" in item.text for item in rule.expressions)
    return looks_back and not any(missing_at(rule, scope, int(row)) for row in scope.lacking(rule.expressions, rows))


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
    results = [
        _judged(rule, frames[rule.grain], scope, sheets)
        for rule, scope in zip(rules, scopes(rules, frames), strict=True)
    ]
    blocked = {
        target: result.rule.id
        for result in results
        if result.rule.kind == "hygiene" and result.rule.status == "stable" and (result.states == State.FAIL).any()
        for target in result.rule.blocks
    }
    return [_held_back(result, blocked[result.rule.id]) if result.rule.id in blocked else result for result in results]


def scopes(rules: Sequence[Rule], frames: Mapping[tuple[str, ...], Frame]) -> list[Scope]:
    """A scope a rule. Rules of one grain share what they have in common: names, formulas, parts of expressions."""
    rows = {grain: (_scope(frames[grain]), Shared()) for grain in dict.fromkeys(rule.grain for rule in rules)}
    found = []
    for rule in rules:
        base, shared = rows[rule.grain]
        scope = base.with_params(rule.values)
        if not rule.cases:
            scope.plan([*rule.expressions, *([rule.money.amount] if rule.money else [])], shared)
        found.append(scope)
    return found


def _scope(frame: Frame) -> Scope:
    return Scope(frame.length, frame.columns, keys=frame.grain)


def _judged(rule: Rule, frame: Frame, scope: Scope, sheets: SheetsOf) -> Result:
    """The verdicts of a rule; `error` on every subject where it breaks, so that the run goes on."""
    try:
        return judge(rule, frame, scope, sheets)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        states = np.full(frame.length, State.ERROR, dtype=object)
        return Result(rule, frame, scope, states, np.zeros(frame.length, np.int64))


def _held_back(result: Result, by: str) -> Result:
    states = result.states.copy()
    failed = states == State.FAIL
    states[failed] = State.CANNOT_TELL
    return replace(result, states=states, wanted=np.where(failed, 0, result.wanted), blocked_by=by)
