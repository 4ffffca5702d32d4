"""Text → a checked expression. Everything that is not on the list is refused, with its column."""

from __future__ import annotations

import ast
from collections.abc import Collection
from dataclasses import dataclass

from rm_audit.errors import did_you_mean
from rm_audit.expr.functions import FUNCTIONS

MAX_LENGTH = 500  # judgement: an expression is one line
MAX_NODES = 200

_ALLOWED = (
    ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div,
    ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
    ast.Call, ast.Name, ast.Load, ast.Constant, ast.Tuple, ast.List,
)  # fmt: skip
_SPELLINGS = {"&&": "and", "||": "or", "^": "nothing: powers are not part of the language", "=": "=="}


class ExpressionError(Exception):
    """What is wrong with an expression, at a column counted from 0 within its text."""

    def __init__(self, message: str, column: int = 0, help: str = "") -> None:
        super().__init__(message)
        self.message, self.column, self.help = message, column, help


@dataclass(frozen=True)
class Expression:
    """A parsed expression and the names it uses, in order of first use."""

    text: str
    tree: ast.expr
    names: tuple[str, ...]


def parse(text: str, known: Collection[str]) -> Expression:
    """Parses and checks one expression against the names in `known`.

    Raises ExpressionError at the first thing that is not allowed or not known.
    """
    if len(text) > MAX_LENGTH or "\n" in text:
        raise ExpressionError(f"an expression is one line of at most {MAX_LENGTH} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        offset = getattr(error, "offset", 0) or 0  # 0 where Python looked for more and found the end
        column = offset - 1 if offset else len(text.rstrip())
        raise ExpressionError(f"cannot be read as an expression: {_words(text, error)}", column) from None
    nodes = list(ast.walk(tree))
    if len(nodes) > MAX_NODES:
        raise ExpressionError("the expression is too long; split the rule in two")
    for node in nodes:
        _check(node, known)
    used = [node for node in nodes if isinstance(node, ast.Name) and node.id not in FUNCTIONS]
    used.sort(key=lambda node: (node.lineno, node.col_offset))
    return Expression(text, tree, tuple(dict.fromkeys(node.id for node in used)))


def _words(text: str, error: BaseException) -> str:
    for wrong, right in _SPELLINGS.items():
        if wrong in text.replace("==", "").replace("<=", "").replace(">=", "").replace("!=", ""):
            return f"write '{right}' for '{wrong}'" if right[0] != "n" else right
    if not getattr(error, "offset", 1):
        return "something is missing at the end"
    return str(getattr(error, "msg", "it is nested too deeply"))


def _check(node: ast.AST, known: Collection[str]) -> None:
    column = getattr(node, "col_offset", 0)
    if not isinstance(node, _ALLOWED):
        raise ExpressionError(f"'{type(node).__name__.lower()}' is not part of the rule language", column)
    if isinstance(node, ast.Call):
        _check_call(node, column)
    elif isinstance(node, ast.Name) and node.id not in known and node.id not in FUNCTIONS:
        help = did_you_mean(node.id, [*known, *FUNCTIONS])
        raise ExpressionError(f"unknown name '{node.id}'", column, help)
    elif isinstance(node, ast.Constant) and not isinstance(node.value, bool | int | float | str):
        raise ExpressionError(f"{node.value!r} is not a value of the rule language", column)


def _check_call(node: ast.Call, column: int) -> None:
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
        name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
        raise ExpressionError(f"unknown function '{name}'", column, did_you_mean(name, FUNCTIONS))
    function = FUNCTIONS[node.func.id]
    if node.keywords or not function.least <= len(node.args) <= function.most:
        wants = f"{function.least}" if function.least == function.most else f"{function.least} to {function.most}"
        raise ExpressionError(f"{node.func.id}() takes {wants} values, not {len(node.args)}", column)
