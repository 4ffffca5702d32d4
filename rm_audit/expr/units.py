"""The units of names, numbers and functions, and what an expression may do with them.

A unit is a power of money and a kind. Money may be multiplied and divided by ratios, counts and days and stays
money; money by money leaves a plain number, since the one may be for each piece of the other. Everything else
that has no meaning (a ratio beside an amount, a text beside a number, an amount times an amount) is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from rm_audit.expr.functions import FUNCTIONS

UNITS: Mapping[str, str] = {
    "money": "an amount in the book's currency, whole or for each piece",
    "count": "a number of things or people",
    "ratio": "a part of a whole or a quotient; 0.2 is a fifth",
    "multiple": "so many times; goes with ratios",
    "days": "a number of days",
    "text": "words; compared without case and outer spaces",
    "mark": "true or false",
}
UNIT_RULES: Mapping[str, str] = {
    "alike": "numbers of one unit",
    "any alike": "all of one unit",
    "texts": "a text, and a text that is written out or a parameter",
    "window": "a number or a mark, and a name of unit text where rows are grouped",
    "quantile": "a number, and a number from 0 to 1 that is written out or a parameter",
    "prior": "anything but a text, and a whole number from 1 to 24 that is written out",
    "counts": "counts, or numbers that are written out",
    "same": "the unit of its first argument",
    "total": "the unit of its first argument; a count for marks",
}


class UnitError(Exception):
    """What is wrong with the units of a part of an expression."""

    def __init__(self, node: ast.expr, message: str, help: str = "") -> None:
        super().__init__(message)
        self.node, self.message, self.help = node, message, help


@dataclass(frozen=True)
class Unit:
    """A kind (number, plain, ratio, count, days, text, mark) times money to a power.

    `number` is a number that stands in the expression and goes with everything but texts and marks; `plain` is what
    money by money leaves, and goes with all but money, texts and marks.
    """

    kind: str
    money: int = 0

    def __str__(self) -> str:
        if not self.money:
            return {"plain": "a plain number", "text": "text", "days": "days"}.get(self.kind, f"a {self.kind}")
        return {1: "money", -1: "something by money"}.get(self.money, f"money to the power {self.money}")

    @property
    def numeric(self) -> bool:
        return self.kind not in ("text", "mark")


NUMBER, PLAIN, RATIO, COUNT = Unit("number"), Unit("plain"), Unit("ratio"), Unit("count")
DAYS, TEXT, MARK, MONEY = Unit("days"), Unit("text"), Unit("mark"), Unit("ratio", 1)
_NAMED = {"money": MONEY, "multiple": RATIO, "count": COUNT, "days": DAYS, "text": TEXT, "mark": MARK}


def named(unit: str) -> Unit:
    return _NAMED.get(unit, RATIO)


def alike(a: Unit, b: Unit) -> bool:
    """Whether the two may be compared, added, or chosen between."""
    if not a.numeric or not b.numeric:
        return a == b
    if NUMBER in (a, b):
        return True
    return a.money == b.money and (a.money != 0 or a.kind == b.kind or PLAIN in (a, b))


def unit_of(tree: ast.expr, names: Mapping[str, str], fixed: Collection[str], keys: Sequence[str]) -> Unit:
    """The unit of a checked expression. `names` are units by name, `fixed` the parameters among them, `keys` the keys
    of the grain.

    Raises UnitError at the first part that has no meaning.
    """
    return _Checker(names, fixed, keys).unit(tree)


class _Checker:
    def __init__(self, names: Mapping[str, str], fixed: Collection[str], keys: Sequence[str]) -> None:
        self.names, self.fixed, self.keys = names, fixed, keys
        self._found: dict[ast.expr, Unit] = {}

    def unit(self, tree: ast.expr) -> Unit:
        """The unit of a part; each part is looked at once, or a sum of sums would take for ever."""
        if tree not in self._found:
            self._found[tree] = self._unit(tree)
        return self._found[tree]

    def _unit(self, tree: ast.expr) -> Unit:
        if isinstance(tree, ast.Name):
            return named(self.names[tree.id])
        if isinstance(tree, ast.Constant):
            return _of_value(tree.value)
        if isinstance(tree, ast.BoolOp):
            for value in tree.values:
                self.mark(value, "and" if isinstance(tree.op, ast.And) else "or")
            return MARK
        if isinstance(tree, ast.UnaryOp):
            if isinstance(tree.op, ast.Not):
                return self.mark(tree.operand, "not")
            return self.number(tree.operand, "'-'")
        if isinstance(tree, ast.Compare):
            return self._compared(tree)
        if isinstance(tree, ast.BinOp):
            return self._computed(tree)
        assert isinstance(tree, ast.Call)
        return self._called(tree)

    def mark(self, node: ast.expr, word: str) -> Unit:
        found = self.unit(node)
        if found != MARK:
            help = "Compare it with something, as in 'hires > 0'."
            raise UnitError(node, f"'{word}' wants true or false, and {_shown(node)} is {found}", help)
        return MARK

    def number(self, node: ast.expr, word: str) -> Unit:
        found = self.unit(node)
        if not found.numeric:
            help = "A mark is true or false by itself: write it, or 'not' before it." if found == MARK else ""
            raise UnitError(node, f"{word} wants numbers, and {_shown(node)} is {found}", help)
        return found

    def together(self, nodes: Sequence[ast.expr], word: str) -> Unit:
        """The unit that all share; numbers that are written out take on the unit of the others."""
        first, shared = nodes[0], self.unit(nodes[0])
        for node in nodes[1:]:
            found = self.unit(node)
            if not alike(shared, found):
                said = f"{word} {_shown(first)} ({shared}) and {_shown(node)} ({found})"
                raise UnitError(node, said, _remedy(first, shared, node, found))
            if shared in (NUMBER, PLAIN) and found != NUMBER:
                first, shared = node, found
        return shared

    def _compared(self, tree: ast.Compare) -> Unit:
        left = tree.left
        for sign, right in zip(tree.ops, tree.comparators, strict=True):
            if isinstance(right, ast.Tuple | ast.List):
                self.together([left, *right.elts], "a list cannot look for")
                continue
            shared = self.together([left, right], "cannot compare")
            if shared == MARK and not isinstance(sign, ast.Eq | ast.NotEq):
                raise UnitError(right, "marks have no order", "Write 'a and not b', or ==.")
            left = right
        return MARK

    def _computed(self, tree: ast.BinOp) -> Unit:
        sign = {ast.Add: "add", ast.Sub: "subtract"}.get(type(tree.op))
        a, b = self.number(tree.left, "arithmetic"), self.number(tree.right, "arithmetic")
        if sign:
            return self.together([tree.left, tree.right], f"cannot {sign}")
        found = _product(a, b) if isinstance(tree.op, ast.Mult) else _quotient(a, b)
        if found is None or abs(found.money) > 1:
            help = "Multiply an amount by a ratio or a count."
            raise UnitError(tree, f"{_shown(tree)} has no meaning: {a} and {b}", help)
        return found

    def _called(self, tree: ast.Call) -> Unit:
        assert isinstance(tree.func, ast.Name)
        function = FUNCTIONS[tree.func.id]
        for position in function.fixed:
            if position < len(tree.args) and not self._is_fixed(tree.args[position]):
                node = tree.args[position]
                name = function.arguments[position].strip("[]")
                raise UnitError(node, f"{tree.func.id}() wants its '{name}' written out or as a parameter")
        first = _TAKES[function.takes](self, tree, tree.func.id)
        if function.gives == "total":
            return COUNT if first == MARK else first
        return first if function.gives == "same" else named(function.gives)

    def _is_fixed(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id in self.fixed)

    def alike_numbers(self, tree: ast.Call, name: str) -> Unit:
        for node in tree.args:
            self.number(node, f"{name}()")
        return self.together(tree.args, f"{name}() cannot choose between")

    def any_alike(self, tree: ast.Call, name: str) -> Unit:
        return self.together(tree.args, f"{name}() cannot choose between")

    def texts(self, tree: ast.Call, name: str) -> Unit:
        for node in tree.args:
            if self.unit(node) != TEXT:
                raise UnitError(node, f"{name}() wants texts, and {_shown(node)} is {self.unit(node)}")
        return TEXT

    def window(self, tree: ast.Call, name: str) -> Unit:
        first = self.unit(tree.args[0])
        if first == TEXT:
            raise UnitError(tree.args[0], f"{name}() wants numbers, and {_shown(tree.args[0])} is text")
        if len(tree.args) > 1 and (not isinstance(tree.args[1], ast.Name) or self.unit(tree.args[1]) != TEXT):
            help = "For example month, channel or channel_kind."
            raise UnitError(tree.args[1], f"{name}() groups rows by a name of unit text", help)
        if first == MARK and name not in ("sum", "share"):
            raise UnitError(tree.args[0], f"{name}() wants numbers, and {_shown(tree.args[0])} is a mark")
        return first

    def quantile(self, tree: ast.Call, name: str) -> Unit:
        level = tree.args[1]
        inside = not isinstance(level, ast.Constant) or (_is_number(level.value) and 0 <= level.value <= 1)  # type: ignore[operator]
        if not inside or not alike(self.unit(level), RATIO):
            raise UnitError(level, f"{name}() wants a number from 0 to 1", "0.9 is what nine in ten lie under.")
        return self.number(tree.args[0], f"{name}()")

    def prior(self, tree: ast.Call, name: str) -> Unit:
        if "month" not in self.keys:
            raise UnitError(tree, f"{name}() needs a grain with a month", "For example grain: [channel, month].")
        for node in tree.args[1:]:
            value = node.value if isinstance(node, ast.Constant) else None
            if not _is_number(value) or value not in range(1, 25):
                raise UnitError(node, f"{name}() wants a whole number of months from 1 to 24")
        first = self.unit(tree.args[0])
        if first == TEXT:
            raise UnitError(tree.args[0], f"{name}() wants a number or a mark, and {_shown(tree.args[0])} is text")
        return first

    def counts(self, tree: ast.Call, name: str) -> Unit:
        for node in tree.args:
            if not alike(self.unit(node), COUNT):
                help = "An interval says how far chance reaches in a count of things that happened."
                raise UnitError(node, f"{name}() wants counts, and {_shown(node)} is {self.unit(node)}", help)
        return COUNT


_TAKES: Mapping[str, Callable[[_Checker, ast.Call, str], Unit]] = {
    "alike": _Checker.alike_numbers,
    "any alike": _Checker.any_alike,
    "texts": _Checker.texts,
    "window": _Checker.window,
    "quantile": _Checker.quantile,
    "prior": _Checker.prior,
    "counts": _Checker.counts,
}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _of_value(value: object) -> Unit:
    return TEXT if isinstance(value, str) else MARK if isinstance(value, bool) else NUMBER


def _product(a: Unit, b: Unit) -> Unit | None:
    kinds = {a.kind, b.kind}
    if kinds == {"days"} and not a.money and not b.money:
        return None
    return Unit(_strongest(kinds), a.money + b.money)


def _quotient(a: Unit, b: Unit) -> Unit | None:
    money = a.money - b.money
    if a.money and b.money:
        return Unit("plain", money)
    if not money and a.kind == b.kind:
        return NUMBER if a.kind == "number" else RATIO
    if not money and a.kind in ("number", "ratio") and b.kind in ("count", "days"):
        return RATIO  # one in so many
    return Unit(_strongest({a.kind, b.kind}) if b.kind in ("number", "ratio", "plain") else a.kind, money)


def _strongest(kinds: Collection[str]) -> str:
    """The kind of a product: days over counts over what has no unit of its own."""
    return next(kind for kind in ("days", "count", "plain", "ratio", "number") if kind in kinds)


def _shown(node: ast.expr) -> str:
    text = ast.unparse(node)
    return f"'{text}'" if len(text) <= 40 else f"'{text[:37]}...'"


def _remedy(first: ast.expr, a: Unit, second: ast.expr, b: Unit) -> str:
    if MARK in (a, b):
        mark = _shown(first if a == MARK else second)
        return f"A mark is true or false by itself: write {mark}, or 'not' before it."
    if not a.numeric or not b.numeric:
        return "Put a text in quotes, and a number without."
    if a.money == b.money:
        return "Multiply the ratio by a count, or divide the count by a count." if RATIO in (a, b) else ""
    amount, other = (first, second) if a.money > b.money else (second, first)
    return f"Multiply {_shown(other)} by an amount, or divide {_shown(amount)} by an amount."
