"""The rules' language as slowly and plainly as it can be written: one row at a time, plain Python values.

Unknown is None, and NIL is unknown for want of a denominator. The tests hold the real evaluator against it.
"""

from __future__ import annotations

import ast
import fnmatch
import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy import special

NIL = "0/0"
Row = Mapping[str, Any]


def answers(text: str, rows: Sequence[Row], keys: Sequence[str] = ()) -> list[Any]:
    """The value of an expression in every row."""
    tree = ast.parse(text, mode="eval").body
    return [_Row(rows, place, keys).value(tree) for place in range(len(rows))]


def _unknown(*values: Any) -> Any:
    """The worse of the reasons why something is unknown; False where all is known."""
    return "missing" if any(value is None for value in values) else NIL if NIL in values else False


def _reason(*values: Any) -> Any:
    return None if _unknown(*values) == "missing" else NIL


class _Row:
    def __init__(self, rows: Sequence[Row], place: int, keys: Sequence[str]) -> None:
        self.rows, self.place, self.keys = rows, place, keys

    def value(self, node: ast.expr) -> Any:
        return getattr(self, type(node).__name__.lower())(node)

    def elsewhere(self, node: ast.expr) -> list[Any]:
        return [_Row(self.rows, place, self.keys).value(node) for place in range(len(self.rows))]

    def name(self, node: ast.Name) -> Any:
        return self.rows[self.place][node.id]

    def constant(self, node: ast.Constant) -> Any:
        return node.value

    def boolop(self, node: ast.BoolOp) -> Any:
        values = [self.value(item) for item in node.values]
        decides = isinstance(node.op, ast.Or)
        if any(value not in (None, NIL) and bool(value) == decides for value in values):
            return decides
        return _reason(*values) if _unknown(*values) else not decides

    def unaryop(self, node: ast.UnaryOp) -> Any:
        value = self.value(node.operand)
        if _unknown(value):
            return value
        return (not value) if isinstance(node.op, ast.Not) else -value

    def binop(self, node: ast.BinOp) -> Any:
        a, b = self.value(node.left), self.value(node.right)
        if isinstance(node.op, ast.Div) and b == 0 and a is not None:
            return NIL
        if _unknown(a, b):
            return _reason(a, b)
        signs: dict[type, Callable[[float, float], float]] = {
            ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b,
            ast.Div: lambda a, b: a / b,
        }  # fmt: skip
        found = signs[type(node.op)](float(a), float(b))
        return found if math.isfinite(found) else None

    def compare(self, node: ast.Compare) -> Any:
        links, left = [], self.value(node.left)
        for sign, right_node in zip(node.ops, node.comparators, strict=True):
            if isinstance(sign, ast.In | ast.NotIn):
                links.append(_member(left, right_node, isinstance(sign, ast.NotIn)))
                continue
            right = self.value(right_node)
            links.append(_compared(sign, left, right))
            left = right
        if any(link is False for link in links):
            return False
        return _reason(*links) if _unknown(*links) else True

    def call(self, node: ast.Call) -> Any:
        assert isinstance(node.func, ast.Name)
        return getattr(self, f"do_{node.func.id}")(*node.args)

    # --- functions of one row

    def _known(self, compute: Callable[..., Any], *nodes: ast.expr) -> Any:
        values = [self.value(node) for node in nodes]
        return _reason(*values) if _unknown(*values) else compute(*values)

    def do_abs(self, x: ast.expr) -> Any:
        return self._known(abs, x)

    def do_min(self, *nodes: ast.expr) -> Any:
        return self._known(min, *nodes)

    def do_max(self, *nodes: ast.expr) -> Any:
        return self._known(max, *nodes)

    def do_coalesce(self, *nodes: ast.expr) -> Any:
        values = [self.value(node) for node in nodes]
        return next((value for value in values if not _unknown(value)), values[-1])

    def do_matches(self, text: ast.expr, patterns: ast.expr) -> Any:
        globs = [_folded(part) for part in str(self.value(patterns)).split("|")]
        return self._known(lambda value: any(fnmatch.fnmatchcase(_folded(value), glob) for glob in globs), text)

    def do_rate_low(self, hits: ast.expr, tries: ast.expr) -> Any:
        return self._rate(hits, tries, 0.05)

    def do_rate_high(self, hits: ast.expr, tries: ast.expr) -> Any:
        return self._rate(hits, tries, 0.95)

    def _rate(self, hits: ast.expr, tries: ast.expr, end: float) -> Any:
        x, n = self.value(hits), self.value(tries)
        if _unknown(x, n) == "missing":
            return None
        if NIL in (x, n) or n <= 0:
            return NIL
        x = min(max(x, 0), n)
        if (x == 0 and end < 0.5) or (x == n and end > 0.5):
            return 0.0 if end < 0.5 else 1.0
        return float(special.betaincinv(x + 0.5, n - x + 0.5, (1 - 0.9) / 2 if end < 0.5 else (1 + 0.9) / 2))

    # --- functions over many rows

    def _beside(self, node: ast.expr, by: tuple[ast.expr, ...]) -> list[Any]:
        """The values of the rows of this row's group, known or not."""
        values = self.elsewhere(node)
        if not by:
            return values
        groups = [None if value is None else _folded(value) for value in self.elsewhere(by[0])]
        mine = groups[self.place]
        return [value for value, group in zip(values, groups, strict=True) if group == mine and mine is not None]

    def _whole(self, compute: Callable[[list[float]], float], node: ast.expr, *by: ast.expr) -> Any:
        known = [float(value) for value in self._beside(node, by) if not _unknown(value)]
        return compute(known) if known else None

    def do_sum(self, node: ast.expr, *by: ast.expr) -> Any:
        return self._whole(sum, node, *by)

    def do_mean(self, node: ast.expr, *by: ast.expr) -> Any:
        return self._whole(lambda known: sum(known) / len(known), node, *by)

    def do_median(self, node: ast.expr, *by: ast.expr) -> Any:
        return self._whole(statistics.median, node, *by)

    def do_quantile(self, node: ast.expr, q: ast.expr) -> Any:
        return self._whole(lambda known: float(np.quantile(known, self.value(q))), node)

    def do_share(self, node: ast.expr, *by: ast.expr) -> Any:
        value, known = self.value(node), [item for item in self._beside(node, by) if not _unknown(item)]
        if _unknown(value):
            return value
        if not known:
            return None
        return value / sum(known) if sum(known) else NIL

    def do_rank(self, node: ast.expr, *by: ast.expr) -> Any:
        value, known = self.value(node), [item for item in self._beside(node, by) if not _unknown(item)]
        if _unknown(value):
            return value
        return 1 + sum(item > value for item in known) if known else None

    def do_prior(self, node: ast.expr, *months: ast.expr) -> Any:
        mine, back = self.rows[self.place], self.value(months[0]) if months else 1
        for place, row in enumerate(self.rows):
            others = all(row[key] == mine[key] for key in self.keys if key != "month")
            if others and None not in (row["month"], mine["month"]) and _apart(row["month"], mine["month"]) == back:
                return _Row(self.rows, place, self.keys).value(node)
        return None


def _apart(earlier: str, later: str) -> int:
    (y1, m1), (y2, m2) = earlier.split("-"), later.split("-")
    return (int(y2) - int(y1)) * 12 + int(m2) - int(m1)


def _folded(value: Any) -> Any:
    return value.strip().casefold() if isinstance(value, str) else value


def _compared(sign: ast.cmpop, a: Any, b: Any) -> Any:
    if _unknown(a, b):
        return _reason(a, b)
    a, b = _folded(a), _folded(b)
    signs: dict[type, Callable[[Any, Any], bool]] = {
        ast.Eq: lambda a, b: a == b, ast.NotEq: lambda a, b: a != b, ast.Lt: lambda a, b: a < b,
        ast.LtE: lambda a, b: a <= b, ast.Gt: lambda a, b: a > b, ast.GtE: lambda a, b: a >= b,
    }  # fmt: skip
    return signs[type(sign)](a, b)


def _member(value: Any, choices: Any, negate: bool) -> Any:
    if _unknown(value):
        return value
    return (_folded(value) in [_folded(item.value) for item in choices.elts]) != negate
