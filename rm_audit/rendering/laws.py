"""An expression of a rule in words, for people who read no code: `idle_share > idle` → "idle share is over 25%"."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from rm_audit.numbers import exact_money
from rm_audit.rendering.words import clean
from rm_audit.vocabulary import VOCABULARY

_COMPARE: Mapping[type[ast.cmpop], str] = {
    ast.Gt: "is over", ast.Lt: "is under", ast.GtE: "is at least", ast.LtE: "is at most",
    ast.Eq: "is", ast.NotEq: "is not", ast.In: "is one of", ast.NotIn: "is none of",
}  # fmt: skip
_SIGNS: Mapping[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "/"}
_ENDS = {"_high": " (high end)", "_low": " (low end)"}
_SHARES = ("rate_low", "rate_high", "share")
# What each function says of its arguments; the others say their name.
IF_KNOWN = " (if known)"  # a text that stands in for what is unknown
_CALLS: Mapping[str, str] = {
    "rate_low": "{0} per {1} (low end)", "rate_high": "{0} per {1} (high end)",
    "count_low": "{0} (low end)", "count_high": "{0} (high end)",
    "prior": "{0} {1} months before", "matches": "{0} reads like {1}", "abs": "the size of {0}",
    "quantile": "the quantile {1} of {0}",
}  # fmt: skip


class Words:
    """Says expressions. `params` are numbers of the rule by name; `values`, where given, stand for names and calls of
    the expression by their text, so that what is said is arithmetic that can be checked."""

    def __init__(
        self, params: Mapping[str, Any], values: Mapping[str, object] | None = None, currency: str = ""
    ) -> None:
        self.params, self.values, self.currency = params, values or {}, currency

    def say(self, text: str) -> str:
        """An expression, whole."""
        return self._said(ast.parse(text, mode="eval").body)

    def _said(self, node: ast.expr, share: bool = False) -> str:
        """A part of an expression; a plain number is a percentage where `share` says so."""
        number = self._number(node)
        if number is not None:
            return percent_exactly(number) if share else figure(number)
        if (key := ast.unparse(node)) in self.values:
            return self._value(node, self.values[key])
        return str(getattr(self, f"_{type(node).__name__.lower()}")(node))

    def _number(self, node: ast.expr) -> float | None:
        """The value of a part that is made of numbers alone."""
        if isinstance(node, ast.Name):
            value = self.params.get(node.id)
            return float(value) if isinstance(value, int | float) else None
        if isinstance(node, ast.Constant):
            return float(node.value) if isinstance(node.value, int | float) else None
        if not isinstance(node, ast.BinOp):
            return None
        left, right = self._number(node.left), self._number(node.right)
        if left is None or right is None:
            return None
        if isinstance(node.op, ast.Div):
            return left / right if right else None
        return {ast.Add: left + right, ast.Sub: left - right, ast.Mult: left * right}[type(node.op)]

    def _value(self, node: ast.expr, value: object) -> str:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return "unknown" if value is None else clean(value)
        if _is_money(node):
            return exact_money(value, self.currency)
        return percent_exactly(value) if self._is_share(node) else figure(value)

    def _is_share(self, node: ast.expr) -> bool:
        """Whether a part is a share of a whole, which people read as a percentage."""
        if isinstance(node, ast.Name):
            return node.id in VOCABULARY and VOCABULARY[node.id].unit == "ratio"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            wrapped = node.func.id in ("max", "min", "coalesce", "prior")
            return node.func.id in _SHARES or (wrapped and any(map(self._is_share, node.args)))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            return self._is_share(node.left) or self._is_share(node.right)
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
            return False
        return self._number(node.left) is not None and self._is_share(node.right)

    def unit(self, text: str) -> str:
        """The unit that the value of an expression is shown in: ratio, money, that of a name, or none."""
        node = ast.parse(text, mode="eval").body
        if isinstance(node, ast.Name) and node.id in VOCABULARY:
            return VOCABULARY[node.id].unit
        return "ratio" if self._is_share(node) else "money" if _is_money(node) else ""

    def _name(self, node: ast.Name) -> str:
        end = next((end for end in _ENDS if node.id.endswith(end)), "")
        return node.id.removesuffix(end).replace("_", " ") + _ENDS.get(end, "")

    def _constant(self, node: ast.Constant) -> str:
        return " or ".join(f"'{clean(part.strip('*'))}'" for part in str(node.value).split("|"))

    def _tuple(self, node: ast.Tuple) -> str:
        return ", ".join(self._said(item) for item in node.elts)

    _list = _tuple

    def _compare(self, node: ast.Compare) -> str:
        sides = [node.left, *node.comparators]
        share = any(self._is_share(side) for side in sides) or self._is_part(sides)
        if len(node.ops) == 2 and all(isinstance(op, ast.LtE) for op in node.ops):
            return f"{self._said(sides[1])} is from {self._said(sides[0], share)} to {self._said(sides[2], share)}"
        links = [
            f"{self._said(a, share)} {_COMPARE[type(op)]} {self._said(b, share)}"
            for a, op, b in zip(sides, node.ops, sides[1:], strict=False)
        ]
        return " and ".join(links)

    def _is_part(self, sides: list[ast.expr]) -> bool:
        """A quotient held against a number under one."""
        numbers = [number for side in sides if (number := self._number(side)) is not None]
        quotient = any(isinstance(side, ast.BinOp) and isinstance(side.op, ast.Div) for side in sides)
        return quotient and all(0 < number < 1 for number in numbers) and bool(numbers)

    def _boolop(self, node: ast.BoolOp) -> str:
        word = " and " if isinstance(node.op, ast.And) else " or "
        parts = [f"({self._said(item)})" if isinstance(item, ast.BoolOp) else self._said(item) for item in node.values]
        return word.join(parts)

    def _unaryop(self, node: ast.UnaryOp) -> str:
        inner = self._said(node.operand)
        if not isinstance(node.op, ast.Not):
            return f"−{inner}"
        plain = isinstance(node.operand, ast.Name)
        return (
            f"there is no {inner[4:]}"
            if plain and inner.startswith("has ")
            else f"not {inner}"
            if plain
            else f"not ({inner})"
        )

    def _binop(self, node: ast.BinOp) -> str:
        alike = isinstance(node.op, ast.Add | ast.Sub | ast.Div)
        share = alike and (self._is_share(node.left) or self._is_share(node.right))
        left, right = (self._part(side, node, share) for side in (node.left, node.right))
        return f"{left} {_SIGNS[type(node.op)]} {right}"

    def _part(self, side: ast.expr, node: ast.BinOp, share: bool) -> str:
        """One side of a sign, in brackets where it would be read otherwise."""
        text = self._said(side, share)
        if self._number(side) is not None or ast.unparse(side) in self.values:
            return text
        if not isinstance(side, ast.BinOp):
            return f"({text})" if _long(side) else text
        loose = isinstance(side.op, ast.Add | ast.Sub) and not isinstance(node.op, ast.Add)
        under = isinstance(node.op, ast.Div) and side is node.right
        return f"({text})" if loose or under else text

    def _call(self, node: ast.Call) -> str:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        arguments = [self._said(item, name in ("max", "min") and self._is_share(node)) for item in node.args]
        if name in ("rate_low", "rate_high"):
            arguments = [f"({text})" if _long(item) else text for item, text in zip(node.args, arguments, strict=True)]
        if name in _CALLS:
            return _CALLS[name].format(*arguments, "1").replace("12 months", "a year").replace("1 months", "a month")
        if name == "coalesce":  # what stands in for the unknown is only said where it is no plain number
            texts = any(isinstance(item, ast.Constant) and isinstance(item.value, str) for item in node.args)
            arguments = [text for item, text in zip(node.args, arguments, strict=True)
                         if self._number(item) is None and not isinstance(item, ast.Constant)]  # fmt: skip
            return ", else ".join(arguments) + (IF_KNOWN if texts else "")
        if name in ("max", "min"):
            return f"the {'larger' if name == 'max' else 'smaller'} of {' and '.join(arguments)}"
        by = f" by {arguments[1]}" if len(arguments) > 1 else ""
        return f"the {name} of {arguments[0]}{by}"


def _is_money(node: ast.expr) -> bool:
    """Whether a part is an amount, whole or for each piece."""
    if isinstance(node, ast.Name):
        return node.id in VOCABULARY and VOCABULARY[node.id].unit == "money"
    if isinstance(node, ast.Call):
        return bool(node.args) and _is_money(node.args[0])
    if not isinstance(node, ast.BinOp):
        return False
    left, right = _is_money(node.left), _is_money(node.right)
    return left and not right if isinstance(node.op, ast.Div) else left or right


def _long(node: ast.expr) -> bool:
    """Whether the words for a part need brackets beside others."""
    chosen = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("max", "min")
    return chosen or isinstance(node, ast.BinOp)


def figure(value: float) -> str:
    """A plain number with six figures at most, thousands marked."""
    return f"{value:,.2f}".removesuffix(".00") if abs(value) >= 1000 else f"{value:.6g}"


def percent_exactly(value: float) -> str:
    """A share so exactly that the arithmetic can be done again."""
    return f"{value * 100:.6g}%"
