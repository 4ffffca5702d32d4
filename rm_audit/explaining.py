"""A finding of a stored report, taken apart: what was compared with what on this subject, and who nearly failed.

All of it comes from the document. No file and no rule file is needed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from rm_audit.expr import Column, Expression, ExpressionError, Scope, parse
from rm_audit.measured import evidence_of
from rm_audit.metrics.frame import Frame
from rm_audit.rulebook.model import Case
from rm_audit.rulebook.special import SheetsOf, specials
from rm_audit.vocabulary import VOCABULARY

MOST_NEAR = 5
_APART = 2.0  # no two sides are further apart as a share of the larger one


@dataclass(frozen=True)
class Side:
    """One comparison of a law on a subject: both sides as the law writes them, their values, None where unknown."""

    left: str
    right: str
    left_value: object
    right_value: object


@dataclass(frozen=True)
class Near:
    """A subject that passes, with the comparison of the law that decides, and how far from failing it is: as a share
    of the larger side, or by how much (`share` is None) where it is held against nothing."""

    name: str
    side: Side
    share: float | None


@dataclass(frozen=True)
class Explained:
    """One rule on one subject, with the parameters that hold for it: the measures that its law speaks of, those that
    its amount is made of (with what each function came to), each comparison of the law and of what had to hold before
    it was asked, the cells, who nearly fails too, and how many others pass."""

    rule: Mapping[str, Any]
    params: Mapping[str, object]
    name: str
    values: Mapping[str, object]
    money: Mapping[str, object]
    sides: tuple[Side, ...]
    enough: tuple[Side, ...]
    cells: tuple[str, ...]
    near: tuple[Near, ...]
    passing: int


def explained(document: Mapping[str, Any], rule_id: str, keys: Mapping[str, str]) -> Explained | None:
    """A rule on the subject with these keys; None where the report measured no such subject.

    Raises KeyError, TypeError or ValueError where the document lacks what is needed.
    """
    rule = next(item for item in document["rules"] if item["id"] == rule_id)
    evidence = evidence_of(document)
    frame = evidence.frames[tuple(rule["grain"])]
    law = _Law(rule, frame, evidence.sheets)
    for row in range(frame.length):
        subject = {key: value for key, value in frame.subject(row).items() if key not in ("kind", "name")}
        if subject == keys:
            places = document["measurements"]["rules"][rule_id]["cells"][row]
            cells = tuple(document["measurements"]["cells"][places])
            return Explained(
                rule,
                law.params(row),
                _name(frame, row),
                law.values(row),
                law.parts(row, rule["law"].get("money", "")),
                law.sides(row, law.law.tree),
                law.sides(row, law.enough.tree) if law.enough else (),
                cells,
                law.near(row),
                law.passing(row),
            )
    return None


def _name(frame: Frame, row: int) -> str:
    return str(frame.subject(row)["name"])


@dataclass(frozen=True)
class _Settings:
    values: Mapping[str, Any]
    cases: tuple[Case, ...]


class _Law:
    """The law of a stored rule over the stored measurements, with the settings of some subjects."""

    def __init__(self, rule: Mapping[str, Any], frame: Frame, sheets: SheetsOf) -> None:
        self.rule, self.frame = rule, frame
        cases = tuple(Case(**case) for case in rule["for"])
        self.special = specials(_Settings(rule["params"], cases), frame, sheets)
        columns = {**frame.columns, **self.special.params}
        self.scope = Scope(frame.length, columns, self.special.plain, frame.grain)
        self.trust = "earn" in rule["law"]
        self.law = self._parse(rule["law"]["earn" if self.trust else "flag"])
        self.enough = self._parse(rule["law"]["enough"]) if "enough" in rule["law"] else None

    def _parse(self, text: str) -> Expression:
        try:
            return parse(text, {*VOCABULARY, *self.rule["params"]})
        except ExpressionError as error:
            raise ValueError(error.message) from None

    def params(self, row: int) -> dict[str, object]:
        """The parameters that hold for a subject."""
        return {**self.special.plain, **{name: _at(column, row) for name, column in self.special.params.items()}}

    def _column(self, node: ast.expr) -> Column:
        return self.scope.evaluate(self._parse(ast.unparse(node)))

    def values(self, row: int) -> dict[str, object]:
        """The measures of the law."""
        return {name: _at(self.scope.column(name), row) for name in self.law.names if name in VOCABULARY}

    def parts(self, row: int, text: str) -> dict[str, object]:
        """The measures and the function calls of an expression by their text; nothing for no text."""
        nodes = ast.walk(self._parse(text).tree) if text else ()
        wanted = [node for node in nodes if isinstance(node, ast.Call) or _is_measure(node)]
        return {ast.unparse(node): _at(self._column(node), row) for node in wanted if isinstance(node, ast.expr)}

    def sides(self, row: int, tree: ast.expr) -> tuple[Side, ...]:
        return tuple(self._side(node, row) for node in _comparisons(tree))

    def _side(self, node: ast.Compare, row: int) -> Side:
        left, right = node.left, node.comparators[0]
        return Side(ast.unparse(left), ast.unparse(right), _at(self._column(left), row), _at(self._column(right), row))

    def near(self, row: int) -> tuple[Near, ...]:
        """The passing subjects that are nearest to failing, the nearest first; none where a law only says yes or no."""
        distances = self._distance(self.law.tree, not self.trust)
        passing = self._passing()
        passing[row] = False
        order = [int(found) for found in np.argsort(distances, kind="stable") if passing[found]]
        return tuple(self._near(found) for found in order[:MOST_NEAR] if np.isfinite(distances[found]))

    def _near(self, row: int) -> Near:
        """With the comparison that is furthest from failing: the others of the law fail already, or nearly."""
        nodes = list(_comparisons(self.law.tree))
        far = [float(self._distance(node, not self.trust)[row]) for node in nodes]
        most = max((number for number, value in enumerate(far) if np.isfinite(value)), key=far.__getitem__)
        return Near(_name(self.frame, row), self._side(nodes[most], row), far[most] if far[most] <= _APART else None)

    def passing(self, row: int) -> int:
        """How many other subjects pass."""
        return int(self._passing().sum()) - int(self._passing()[row])

    def _passing(self) -> NDArray[np.bool_]:
        passing = self._known(self.law.tree, self.trust)
        for name in ("where", "enough"):
            if name in self.rule["law"]:
                passing &= self._known(self._parse(self.rule["law"][name]).tree, True)
        return passing & ~self.special.off

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
        if _is_comparison(node):
            left, right = self._column(node.left), self._column(node.comparators[0])
            if not left.is_text and not right.is_text:
                a, b = left.values.astype(float), right.values.astype(float)
                larger = np.maximum(np.abs(a), np.abs(b))
                # Against nothing there is no share: then what lies between counts, behind all shares; and one that has
                # nothing where anything fails is no nearer than another.
                apart = np.where(a != 0, _APART + np.abs(a), np.inf)
                gap = np.divide(np.abs(a - b), larger, out=apart, where=b != 0)
                far = np.where(left.known & right.known, gap, np.inf)
        return np.where(self._known(node, wanted), 0.0, far)


def _is_measure(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in VOCABULARY


def _is_comparison(node: ast.AST) -> TypeGuard[ast.Compare]:
    """Of two sides, and not in a list."""
    return isinstance(node, ast.Compare) and len(node.ops) == 1 and not isinstance(node.ops[0], ast.In | ast.NotIn)


def _comparisons(tree: ast.expr) -> Iterator[ast.Compare]:
    return (node for node in ast.walk(tree) if _is_comparison(node))


def _at(column: Column, row: int) -> object:
    if column.state[row]:
        return None
    value = column.values[row]
    return str(value) if column.is_text else bool(value) if column.values.dtype == bool else float(value)
