"""Which branches of a rule its own tests reach: every condition true, false, unknown, and on its threshold."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rm_audit.expr import KNOWN, Column, Expression
from rm_audit.findings import State
from rm_audit.rulebook.model import Rule, RuleTest
from rm_audit.rulebook.run import Result
from rm_audit.rulebook.selftest import run_test

TRUTHS = ("true", "false", "unknown")
BOUNDARY = "boundary"
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_CHOOSING = ("min", "max", "coalesce")
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Branch:
    """One condition of a rule, or one choice inside it: where it stands, and what can come of it.

    `wanted` are the outcomes there are, `reached` those that some test comes to. A comparison has four: true, false,
    unknown, and both sides equal (boundary). An argument of min, max or coalesce has one: that it is the one chosen.
    """

    field: str
    text: str
    wanted: tuple[str, ...]
    reached: frozenset[str]

    @property
    def never(self) -> tuple[str, ...]:
        return tuple(outcome for outcome in self.wanted if outcome not in self.reached)


@dataclass(frozen=True)
class Coverage:
    """The branches of one rule, in the order in which they stand in it."""

    rule: Rule
    branches: tuple[Branch, ...]

    @property
    def wanted(self) -> int:
        return sum(len(branch.wanted) for branch in self.branches)

    @property
    def reached(self) -> int:
        return self.wanted - sum(len(branch.never) for branch in self.branches)


@dataclass(frozen=True)
class _Place:
    """A condition or a choice in the text of a rule."""

    field: str
    node: ast.expr
    chosen_from: ast.Call | None = None

    @property
    def sides(self) -> tuple[ast.expr, ast.expr] | None:
        """The two sides of a comparison of numbers by size."""
        if isinstance(self.node, ast.Compare) and isinstance(self.node.ops[0], _ORDER):
            return self.node.left, self.node.comparators[0]
        return None

    def wanted(self, rule: Rule) -> tuple[str, ...]:
        """What can come of it."""
        if self.chosen_from is not None:
            return ("chosen",)
        if self.field == "money":
            return ("claimed",)
        found = TRUTHS if _may_be_unknown(self.node, rule) else TRUTHS[:2]
        return (*found, BOUNDARY) if self.sides else found


def coverage(rule: Rule) -> Coverage:
    """What the tests of a rule reach of it."""
    places = list(_places(rule))
    reached: list[set[str]] = [set() for _ in places]
    for test in rule.tests:
        result = run_test(rule, test)
        for place, found in zip(places, reached, strict=True):
            found |= _outcomes(result, place)
    branches = [
        Branch(place.field, ast.unparse(place.node), place.wanted(rule), frozenset(found))
        for place, found in zip(places, reached, strict=True)
    ]
    return Coverage(rule, tuple(branches))


def on_threshold(rule: Rule, test: RuleTest) -> bool:
    """Whether a row of the test has both sides of some comparison equal; so does any test of a rule without one."""
    compared = [place for place in _places(rule) if _may_be_equal(place)]
    result = run_test(rule, test)
    return not compared or any(BOUNDARY in _outcomes(result, place) for place in compared)


def _may_be_equal(place: _Place) -> bool:
    return place.sides is not None and not all(isinstance(side, ast.Constant) for side in place.sides)


def _places(rule: Rule) -> Iterator[_Place]:
    fields = {"where": rule.where, "enough": rule.enough, "earn" if rule.kind == "trust" else "flag": rule.law}
    for field, expression in fields.items():
        if expression is not None:
            yield from (_Place(field, node) for node in _conditions(expression.tree))
            yield from _choices(field, expression.tree)
    if rule.money is not None:
        yield _Place("money", rule.money.amount.tree)
        yield from _choices("money", rule.money.amount.tree)


def _conditions(tree: ast.expr) -> Iterator[ast.expr]:
    """What and, or and not join; a chain such as 0 <= a <= b is two conditions."""
    if isinstance(tree, ast.BoolOp):
        for value in tree.values:
            yield from _conditions(value)
    elif isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        yield from _conditions(tree.operand)
    elif isinstance(tree, ast.Compare):
        for sign, (left, right) in zip(tree.ops, pairwise([tree.left, *tree.comparators]), strict=True):
            yield ast.copy_location(ast.Compare(left, [sign], [right]), tree)
    else:
        yield tree


def _may_be_unknown(node: ast.AST, rule: Rule) -> bool:
    """False where only constants, parameters, and what coalesce falls back on are asked."""
    if isinstance(node, ast.Name):
        return node.id not in rule.params
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Name)
        if node.func.id == "coalesce":
            return all(_may_be_unknown(argument, rule) for argument in node.args)
        return any(_may_be_unknown(argument, rule) for argument in node.args)
    return any(_may_be_unknown(inner, rule) for inner in ast.iter_child_nodes(node))


def _choices(field: str, tree: ast.expr) -> Iterator[_Place]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CHOOSING:
            yield from (_Place(field, argument, node) for argument in node.args)


def _asked(result: Result, field: str) -> Mask:
    """The rows in which a field is asked: `enough` where `where` holds, the law where both do, money where it fails."""
    rule, asked = result.rule, np.ones(result.scope.length, dtype=bool)
    before = {"where": (), "enough": (rule.where,)}.get(field, (rule.where, rule.enough))
    for expression in before:
        if expression is not None:
            asked &= _true(result.scope.evaluate(expression))
    return np.asarray(asked & (result.states == State.FAIL)) if field == "money" else asked


def _true(column: Column) -> Mask:
    return np.asarray(column.known & column.values.astype(bool))


def _value(result: Result, node: ast.expr) -> Column:
    return result.scope.evaluate(Expression(ast.unparse(node), node, ()))


def _outcomes(result: Result, place: _Place) -> set[str]:
    asked = _asked(result, place.field)
    if place.chosen_from is not None:
        return {"chosen"} if (asked & _chosen(result, place)).any() else set()
    if place.field == "money":
        return {"claimed"} if (asked & (result.wanted > 0)).any() else set()
    column = _value(result, place.node)
    true = _true(column)
    masks = {"true": true, "false": column.known & ~true, "unknown": column.state != KNOWN}
    if place.sides:
        masks[BOUNDARY] = _equal(*[_value(result, side) for side in place.sides])
    return {outcome for outcome, mask in masks.items() if (asked & mask).any()}


def _equal(left: Column, right: Column) -> Mask:
    # Products such as 0.05 * 200 are a hair off in binary; the boundary is where people see it.
    if left.is_text or right.is_text:
        return np.asarray(left.known & right.known & (left.values == right.values))
    near = np.isclose(left.values.astype(float), right.values.astype(float), rtol=1e-9, atol=1e-12)
    return np.asarray(left.known & right.known & near)


def _chosen(result: Result, place: _Place) -> Mask:
    """Where an argument is the one that min, max or coalesce took."""
    call = place.chosen_from
    assert call is not None
    assert isinstance(call.func, ast.Name)
    own = _value(result, place.node)
    if call.func.id == "coalesce":
        before = call.args[: call.args.index(place.node)]
        unknown: Sequence[Mask] = [~_value(result, argument).known for argument in before]
        return np.asarray(own.known & np.logical_and.reduce([np.ones(len(own), dtype=bool), *unknown]))
    return _equal(own, _value(result, call))
