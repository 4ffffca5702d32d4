"""Runs steps on the rows of a scope. What several steps use is kept until its last use, and no longer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from rm_audit.expr.column import Column, Part, written_out
from rm_audit.expr.compile import Step, Steps
from rm_audit.expr.parse import Expression


class Names(Protocol):
    """Where names come from: a scope of n rows."""

    length: int
    keys: tuple[str, ...]

    def column(self, name: str) -> Column: ...

    def part(self, name: str) -> Part: ...


class Shared:
    """Many expressions on the same rows: what they share is computed once.

    Plan every expression first (`plan`), then evaluate each as often as it was planned; an expression that was not
    planned is evaluated all the same, and shares nothing.
    """

    def __init__(self) -> None:
        self._steps = Steps()
        self._left = self._steps.uses
        self._found: dict[Step, Part] = {}

    @property
    def kept(self) -> int:
        """How many results wait for a further use."""
        return len(self._found)

    def plan(self, expression: Expression, params: Mapping[str, object]) -> Step:
        return self._steps.compile(expression.tree, params)

    def run(self, step: Step, names: Names) -> Column:
        """The value of a planned expression in every row of the scope."""
        with np.errstate(all="ignore"):
            return written_out(self._part(step, names), names.length)

    def _part(self, step: Step, names: Names) -> Part:
        if step.operation is None:
            return names.part(step.name) if step.value is None else step.value
        self._left[step] -= 1
        if step in self._found:
            return self._found[step] if self._left[step] > 0 else self._found.pop(step)
        parts = [self._part(argument, names) for argument in step.arguments]
        found = step.operation(names, *parts) if step.over_rows else step.operation(*parts)
        if self._left[step] > 0:
            self._found[step] = found
        return found


def evaluate(expression: Expression, names: Names, params: Mapping[str, object]) -> Column:
    """The value of one expression in every row of the scope."""
    alone = Shared()
    return alone.run(alone.plan(expression, params), names)
