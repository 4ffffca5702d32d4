"""Where an expression's names come from: measured columns, parameters, and formulas of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rm_audit.expr.column import MISSING, Column, Part, constant, part, unknown
from rm_audit.expr.compile import Step
from rm_audit.expr.evaluate import Shared, evaluate
from rm_audit.expr.parse import Expression, parse
from rm_audit.vocabulary import VOCABULARY


@cache
def formula(name: str) -> Expression:
    """The parsed formula of a derived name."""
    return parse(VOCABULARY[name].formula, VOCABULARY.keys())


class Scope:
    """n rows of measured columns with parameters on top; derived names are computed once, on demand.

    A name that was measured wins over its formula: a test inside a rule may give any name. `keys` are the keys of
    the grain that say which row is which; `prior` looks for a row's months by them.
    """

    def __init__(
        self,
        length: int,
        measured: Mapping[str, Column],
        params: Mapping[str, object] | None = None,
        keys: Sequence[str] = (),
    ) -> None:
        self.length, self.keys, self.params = length, tuple(keys), dict(params or {})
        self._columns: dict[str, Column] = dict(measured)
        self._parts: dict[str, Part] = {}
        self._measured = frozenset(measured)
        self._shared: Shared | None = None
        self._planned: dict[str, Step] = {}

    def with_params(self, params: Mapping[str, object]) -> Scope:
        """The same rows with other parameters; what was computed of the rows is shared."""
        other = Scope(self.length, {}, params, self.keys)
        other._columns, other._parts, other._measured = self._columns, self._parts, self._measured
        return other

    def plan(self, expressions: Iterable[Expression], shared: Shared) -> None:
        """Says what will be evaluated here once, so that what it shares with other scopes of the same rows is kept."""
        self._shared = shared
        texts = {expression.text: expression for expression in expressions}
        self._planned = {text: shared.plan(expression, self.params) for text, expression in texts.items()}

    def column(self, name: str) -> Column:
        """The column of a name; unknown in every row where nothing brings it."""
        if name in self.params:
            return constant(self.params[name], self.length)
        if name not in self._columns:
            word = VOCABULARY.get(name)
            derived = word is not None and bool(word.formula)
            self._columns[name] = evaluate(formula(name), self, {}) if derived else unknown(self.length)
        return self._columns[name]

    def part(self, name: str) -> Part:
        """The same, as an expression works with it."""
        if name not in self._parts:
            self._parts[name] = part(self.column(name))
        return self._parts[name]

    def evaluate(self, expression: Expression) -> Column:
        """The value of an expression in every row."""
        step = self._planned.pop(expression.text, None)
        if step is not None and self._shared is not None:
            return self._shared.run(step, self)
        return evaluate(expression, self, self.params)

    def missing(self, expression: Expression, row: int) -> list[str]:
        """The measured names that are missing in this row and that the expression rests on, in order of use."""
        found: dict[str, None] = {}
        for name in expression.names:
            self._collect(name, row, found)
        return list(found)

    def _collect(self, name: str, row: int, found: dict[str, None]) -> None:
        if name not in VOCABULARY or self.column(name).state[row] != MISSING:
            return
        derived = self.column(name).derived
        measured = name in self._measured and not (derived is not None and derived[row])
        if measured or not VOCABULARY[name].formula:
            found[name] = None
            return
        for inner in formula(name).names:
            self._collect(inner, row, found)

    def lacking(self, expressions: Sequence[Expression], rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Of these rows, the first of each kind: rows of a kind lack the same names of these expressions."""
        names = dict.fromkeys(name for expression in expressions for name in self._all_names(expression))
        if not len(rows) or not names:
            return rows[:1]
        kinds = np.zeros(len(rows), dtype=np.int64)
        for name in names:
            kinds = 2 * kinds + (self.column(name).state[rows] == MISSING)
            if kinds.max() > 2**20:  # so many names: number the kinds that there are
                kinds = np.unique(kinds, return_inverse=True)[1]
        first = np.full(int(kinds.max()) + 1, -1)
        first[kinds[::-1]] = rows[::-1]  # of equal places the last one written stays: the first row
        return np.sort(first[first >= 0])

    def _all_names(self, expression: Expression) -> list[str]:
        """The vocabulary names of an expression and of the formulas behind them."""
        found: dict[str, None] = {}
        stack = list(expression.names)
        while stack:
            name = stack.pop()
            if name in VOCABULARY and name not in found:
                found[name] = None
                stack += formula(name).names if VOCABULARY[name].formula else ()
        return list(found)

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
