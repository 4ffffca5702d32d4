"""A checked expression → steps. Equal parts are one step, also across expressions, so they are computed once."""

from __future__ import annotations

import ast
import operator
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from rm_audit.expr import operate
from rm_audit.expr.column import Part
from rm_audit.expr.functions import FUNCTIONS

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt,
    ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Step:
    """One operation on other steps; without operation, a name (whose column the scope gives) or a constant.

    `over_rows` operations get the scope before their arguments. Two steps are the same only if they are one object.
    """

    operation: Callable[..., Part] | None = None
    arguments: tuple[Step, ...] = ()
    name: str = ""
    value: Part | None = None
    over_rows: bool = False


class Steps:
    """Makes steps, each once, and counts how often each is used: by how many other steps, and as a whole."""

    def __init__(self) -> None:
        self._made: dict[tuple[Any, ...], Step] = {}
        self.uses: Counter[Step] = Counter()

    def compile(self, tree: ast.expr, params: Mapping[str, object]) -> Step:
        """The step of a whole expression, with the parameters filled in."""
        step = self._step(tree, params)
        self.uses[step] += 1
        return step

    def _once(self, key: tuple[Any, ...], step: Callable[[], Step]) -> Step:
        if key not in self._made:
            made = self._made[key] = step()
            self.uses.update(made.arguments)
        return self._made[key]

    def _operation(
        self, key: object, operation: Callable[..., Part], arguments: Sequence[Step], over_rows: bool = False
    ) -> Step:
        found = tuple(arguments)
        return self._once((key, *found), lambda: Step(operation, found, over_rows=over_rows))

    def _constant(self, value: Any) -> Step:
        plain = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        return self._once(("constant", type(plain), plain), lambda: Step(value=Part(plain, None)))

    def _step(self, tree: ast.expr, params: Mapping[str, object]) -> Step:
        if isinstance(tree, ast.Name):
            if tree.id in params:
                return self._constant(params[tree.id])
            return self._once(("name", tree.id), lambda: Step(name=tree.id))
        if isinstance(tree, ast.Constant):
            return self._constant(tree.value)
        if isinstance(tree, ast.Compare):
            return self._chain(tree, params)
        if isinstance(tree, ast.BoolOp):
            word = operate.any_true if isinstance(tree.op, ast.Or) else operate.all_true
            return self._together(word, [self._step(value, params) for value in tree.values])
        if isinstance(tree, ast.UnaryOp):
            sign = operate.negation if isinstance(tree.op, ast.Not) else operate.minus
            return self._operation(sign, sign, [self._step(tree.operand, params)])
        if isinstance(tree, ast.BinOp):
            both = [self._step(tree.left, params), self._step(tree.right, params)]
            return self._binary(tree.op, both)
        assert isinstance(tree, ast.Call)
        assert isinstance(tree.func, ast.Name)
        arguments = [self._step(argument, params) for argument in tree.args]
        return self._operation(tree.func.id, FUNCTIONS[tree.func.id].call, arguments, over_rows=True)

    def _together(self, word: Callable[[Sequence[Part]], Part], steps: Sequence[Step]) -> Step:
        return self._operation(word, lambda *parts: word(parts), steps)

    def _binary(self, sign: ast.operator, both: Sequence[Step]) -> Step:
        if isinstance(sign, ast.Div):
            return self._operation("/", operate.division, both)
        found = _ARITHMETIC[type(sign)]
        return self._operation(found, partial(operate.arithmetic, found), both)

    def _chain(self, tree: ast.Compare, params: Mapping[str, object]) -> Step:
        left, links = self._step(tree.left, params), []
        for sign, right_tree in zip(tree.ops, tree.comparators, strict=True):
            if isinstance(sign, ast.In | ast.NotIn):
                links.append(self._member(left, right_tree, isinstance(sign, ast.NotIn)))
                continue
            right, compare = self._step(right_tree, params), _COMPARE[type(sign)]
            links.append(self._operation(compare, partial(operate.comparison, compare), [left, right]))
            left = right
        return links[0] if len(links) == 1 else self._together(operate.all_true, links)

    def _member(self, left: Step, choices: ast.expr, negate: bool) -> Step:
        items = tuple(item.value for item in choices.elts if isinstance(item, ast.Constant))  # type: ignore[attr-defined]
        member = partial(operate.membership, items=items, negate=negate)
        return self._operation(("in", negate, items), member, [left])
