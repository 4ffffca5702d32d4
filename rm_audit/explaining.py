"""A finding of a stored report, taken apart: what was compared with what on this subject, and who nearly failed.

All of it comes from the document. No file and no rule file is needed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rm_audit.expr import Column, Expression, ExpressionError, Scope, parse
from rm_audit.measured import evidence_of
from rm_audit.metrics.frame import Frame
from rm_audit.vocabulary import VOCABULARY

MOST_NEAR = 5


@dataclass(frozen=True)
class Side:
    """One comparison of a law on a subject: both sides as the law writes them, their values, None where unknown."""

    left: str
    right: str
    left_value: object
    right_value: object


@dataclass(frozen=True)
class Near:
    """A subject that passes, with the first comparison of the law, and how far from failing it is, as a share."""

    name: str
    side: Side
    distance: float


@dataclass(frozen=True)
class Explained:
    """One rule on one subject: the measures that its law speaks of, those that its amount is made of, each comparison
    of the law, the cells, and who nearly fails too."""

    rule: Mapping[str, Any]
    name: str
    values: Mapping[str, object]
    money: Mapping[str, object]
    sides: tuple[Side, ...]
    cells: tuple[str, ...]
    near: tuple[Near, ...]


def explained(document: Mapping[str, Any], rule_id: str, keys: Mapping[str, str]) -> Explained | None:
    """A rule on the subject with these keys; None where the report measured no such subject.

    Raises KeyError, TypeError or ValueError where the document lacks what is needed.
    """
    rule = next(item for item in document["rules"] if item["id"] == rule_id)
    frame = evidence_of(document).frames[tuple(rule["grain"])]
    law = _Law(rule, frame)
    for row in range(frame.length):
        subject = {key: value for key, value in frame.subject(row).items() if key not in ("kind", "name")}
        if subject == keys:
            places = document["measurements"]["rules"][rule_id]["cells"][row]
            cells = tuple(document["measurements"]["cells"][places])
            money = law.values(row, rule["law"].get("money", ""))
            return Explained(rule, _name(frame, row), law.values(row), money, law.sides(row), cells, law.near(row))
    return None


def _name(frame: Frame, row: int) -> str:
    return str(frame.subject(row)["name"])


class _Law:
    """The law of a stored rule over the stored measurements. Settings for some subjects are left out."""

    def __init__(self, rule: Mapping[str, Any], frame: Frame) -> None:
        self.rule, self.frame = rule, frame
        self.scope = Scope(frame.length, frame.columns, rule["params"], frame.grain)
        self.trust = "earn" in rule["law"]
        self.law = self._parse(rule["law"]["earn" if self.trust else "flag"])

    def _parse(self, text: str) -> Expression:
        try:
            return parse(text, {*VOCABULARY, *self.rule["params"]})
        except ExpressionError as error:
            raise ValueError(error.message) from None

    def _column(self, node: ast.expr) -> Column:
        return self.scope.evaluate(self._parse(ast.unparse(node)))

    def values(self, row: int, text: str | None = None) -> dict[str, object]:
        """The measures of the law, or of another expression of the rule; nothing for no text."""
        names = self.law.names if text is None else self._parse(text).names if text else ()
        return {name: _at(self.scope.column(name), row) for name in names if name in VOCABULARY}

    def _comparisons(self) -> Iterator[ast.Compare]:
        for node in ast.walk(self.law.tree):
            if isinstance(node, ast.Compare) and len(node.ops) == 1 and not isinstance(node.ops[0], ast.In | ast.NotIn):
                yield node

    def sides(self, row: int) -> tuple[Side, ...]:
        return tuple(
            Side(
                ast.unparse(node.left),
                ast.unparse(node.comparators[0]),
                _at(self._column(node.left), row),
                _at(self._column(node.comparators[0]), row),
            )
            for node in self._comparisons()
        )

    def near(self, row: int) -> tuple[Near, ...]:
        """The passing subjects that are nearest to failing, the nearest first; none where a law only says yes or no."""
        distances = self._distance(self.law.tree, not self.trust)
        passing = self._passing()
        passing[row] = False
        order = [int(found) for found in np.argsort(distances, kind="stable") if passing[found]]
        return tuple(
            Near(_name(self.frame, found), self.sides(found)[0], float(distances[found]))
            for found in order[:MOST_NEAR]
            if np.isfinite(distances[found])
        )

    def _passing(self) -> NDArray[np.bool_]:
        passing = self._known(self.law.tree, self.trust)
        for name in ("where", "enough"):
            if name in self.rule["law"]:
                passing &= self._known(self._parse(self.rule["law"][name]).tree, True)
        return passing

    def _known(self, node: ast.expr, value: bool) -> NDArray[np.bool_]:
        found = self._column(node)
        return np.asarray(found.known & (found.values.astype(bool) == value))

    def _distance(self, node: ast.expr, wanted: bool) -> NDArray[np.float64]:
        """How far each row is from `node` being `wanted`, as a share of the larger side: 0 where it is so."""
        if isinstance(node, ast.BoolOp):
            parts = np.stack([self._distance(part, wanted) for part in node.values])
            every = isinstance(node.op, ast.And) == wanted
            return np.asarray(parts.max(axis=0) if every else parts.min(axis=0))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self._distance(node.operand, not wanted)
        far = np.full(self.frame.length, np.inf)
        if isinstance(node, ast.Compare) and any(node is item for item in self._comparisons()):
            left, right = self._column(node.left), self._column(node.comparators[0])
            if not left.is_text and not right.is_text:
                a, b = left.values.astype(float), right.values.astype(float)
                larger = np.maximum(np.abs(a), np.abs(b))
                # Against nothing there is no share: a euro and a million are as far from none.
                gap = np.divide(np.abs(a - b), larger, out=np.full(len(a), np.inf), where=b != 0)
                far = np.where(left.known & right.known, gap, np.inf)
        return np.where(self._known(node, wanted), 0.0, far)


def _at(column: Column, row: int) -> object:
    if column.state[row]:
        return None
    value = column.values[row]
    return str(value) if column.is_text else bool(value) if column.values.dtype == bool else float(value)
