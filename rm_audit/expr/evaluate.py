"""Evaluates a checked expression on whole columns, with three-valued logic.

Unknown is neither true nor false: `unknown and false` is false, `unknown or true` is true, all else that
touches an unknown is unknown. Division by zero is unknown for a reason of its own (ZERO).
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from rm_audit.expr.column import KNOWN, MISSING, ZERO, Array, Column, constant, unknown
from rm_audit.expr.functions import FUNCTIONS


class Names(Protocol):
    """Where names come from: a scope of n rows."""

    length: int

    def column(self, name: str) -> Column: ...


_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt,
    ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
}  # fmt: skip


def evaluate(tree: ast.expr, names: Names) -> Column:
    """The value of the expression in every row of the scope."""
    if isinstance(tree, ast.Name):
        return names.column(tree.id)
    if isinstance(tree, ast.Constant):
        return constant(tree.value, names.length)
    if isinstance(tree, ast.BoolOp):
        parts = [evaluate(value, names) for value in tree.values]
        return _kleene(parts, decides=isinstance(tree.op, ast.Or))
    if isinstance(tree, ast.UnaryOp):
        return _unary(tree, names)
    if isinstance(tree, ast.Compare):
        return _comparison(tree, names)
    if isinstance(tree, ast.BinOp):
        return _binary(tree, names)
    assert isinstance(tree, ast.Call)
    assert isinstance(tree.func, ast.Name)
    return FUNCTIONS[tree.func.id].call(*[evaluate(argument, names) for argument in tree.args])


def _kleene(parts: list[Column], decides: bool) -> Column:
    """`or` is decided by one known true, `and` by one known false, whatever the others are."""
    values = np.stack([part.values.astype(bool) for part in parts])
    states = np.stack([np.full(len(part), MISSING, dtype=np.uint8) if part.is_text else part.state for part in parts])
    decided = ((values == decides) & (states == KNOWN)).any(axis=0)
    state = np.where(decided, KNOWN, states.max(axis=0)).astype(np.uint8)
    return Column(np.where(decided, decides, not decides), state)


def _unary(tree: ast.UnaryOp, names: Names) -> Column:
    inner = evaluate(tree.operand, names)
    if inner.is_text:
        return unknown(len(inner))
    if isinstance(tree.op, ast.Not):
        return Column(~inner.values.astype(bool), inner.state)
    return Column(-inner.values.astype(float), inner.state)


def _comparison(tree: ast.Compare, names: Names) -> Column:
    left, links = evaluate(tree.left, names), []
    for op, right_tree in zip(tree.ops, tree.comparators, strict=True):
        if isinstance(op, ast.In | ast.NotIn):
            links.append(_membership(left, right_tree, negate=isinstance(op, ast.NotIn)))
            continue
        right = evaluate(right_tree, names)
        links.append(_compare(left, right, _COMPARE[type(op)]))
        left = right
    return links[0] if len(links) == 1 else _kleene(links, decides=False)


def _compare(left: Column, right: Column, compare: Callable[[Any, Any], Any]) -> Column:
    state = np.maximum(left.state, right.state)
    if left.is_text != right.is_text:
        # A text beside a number has no answer; unknown inputs are typed as numbers and land here too.
        return Column(np.zeros(len(left), dtype=bool), np.maximum(state, np.uint8(MISSING)))
    if not left.is_text:
        return Column(np.asarray(compare(left.values, right.values), dtype=bool), state)
    pairs = zip(left.values, right.values, strict=True)
    found = [compare(_folded(a), _folded(b)) for a, b in pairs]
    return Column(np.array(found, dtype=bool), state)


def _folded(value: Any) -> str:
    return str(value).strip().casefold()  # people write Job board and job board for the same thing


def _membership(left: Column, choices: ast.expr, negate: bool) -> Column:
    items = [item.value for item in choices.elts if isinstance(item, ast.Constant)]  # type: ignore[attr-defined]
    wanted = {_folded(item) if isinstance(item, str) else item for item in items}
    values: list[Any] = [_folded(v) for v in left.values] if left.is_text else list(left.values)
    found = np.array([value in wanted for value in values], dtype=bool)
    return Column(found != negate, left.state)


def _binary(tree: ast.BinOp, names: Names) -> Column:
    left, right = evaluate(tree.left, names), evaluate(tree.right, names)
    state = np.maximum(left.state, right.state)
    if left.is_text or right.is_text:
        return Column(np.zeros(len(left)), np.full(len(left), MISSING, dtype=np.uint8))
    a, b = left.values.astype(float), right.values.astype(float)
    if isinstance(tree.op, ast.Div):
        return _divide(a, b, state)
    with np.errstate(all="ignore"):
        return _finite(np.asarray(_ARITHMETIC[type(tree.op)](a, b)), state)


def _finite(values: Array, state: Array) -> Column:
    """What is larger than any number has no answer."""
    fits = np.isfinite(values)
    return Column(np.where(fits, values, 0.0), np.where(fits, state, MISSING).astype(np.uint8))


def _divide(a: Array, b: Array, state: Array) -> Column:
    zero = b == 0
    with np.errstate(all="ignore"):
        values = np.divide(a, b, out=np.zeros(len(a)), where=~zero)
    return _finite(values, np.maximum(state, np.where(zero, ZERO, KNOWN)).astype(np.uint8))
