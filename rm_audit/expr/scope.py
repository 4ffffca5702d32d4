"""Where an expression's names come from: measured columns, parameters, and formulas of the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from rm_audit.expr.column import MISSING, Column, constant, unknown
from rm_audit.expr.evaluate import evaluate
from rm_audit.expr.parse import Expression, parse
from rm_audit.vocabulary import VOCABULARY


@cache
def formula(name: str) -> Expression:
    """The parsed formula of a derived name."""
    return parse(VOCABULARY[name].formula, VOCABULARY.keys())


class Scope:
    """n rows of measured columns with parameters on top; derived names are computed once, on demand.

    A name that was measured wins over its formula: a test inside a rule may give any name.
    """

    def __init__(self, length: int, measured: Mapping[str, Column], params: Mapping[str, object] | None = None) -> None:
        self.length = length
        self._columns: dict[str, Column] = dict(measured)
        self._measured = frozenset(measured)
        for name, value in (params or {}).items():
            self._columns[name] = constant(value, length)

    def column(self, name: str) -> Column:
        """The column of a name; unknown in every row where nothing brings it."""
        if name not in self._columns:
            word = VOCABULARY.get(name)
            derived = word is not None and bool(word.formula)
            self._columns[name] = evaluate(formula(name).tree, self) if derived else unknown(self.length)
        return self._columns[name]

    def evaluate(self, expression: Expression) -> Column:
        return evaluate(expression.tree, self)

    def missing(self, expression: Expression, row: int) -> list[str]:
        """The measured names that are missing in this row and that the expression rests on, in order of use."""
        found: dict[str, None] = {}
        for name in expression.names:
            self._collect(name, row, found)
        return list(found)

    def _collect(self, name: str, row: int, found: dict[str, None]) -> None:
        if name not in VOCABULARY or self.column(name).state[row] != MISSING:
            return
        if name in self._measured or not VOCABULARY[name].formula:
            found[name] = None
            return
        for part in formula(name).names:
            self._collect(part, row, found)

    def base_names(self, expression: Expression) -> list[str]:
        """Every measured name that the expression rests on."""
        found: dict[str, None] = {}
        stack = list(expression.names)
        while stack:
            name = stack.pop(0)
            if name in VOCABULARY and name not in found:
                found[name] = None
                if name not in self._measured and VOCABULARY[name].formula:
                    found.pop(name)
                    stack.extend(formula(name).names)
        return list(found)

    def known_number(self, name: str, row: int) -> float | None:
        """A number if it is known in this row, else None."""
        item = self.column(name)
        if item.state[row] or item.is_text:
            return None
        return float(np.asarray(item.values[row], dtype=float))
