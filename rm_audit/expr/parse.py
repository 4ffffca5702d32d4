"""Text → a checked expression. Everything that is not on the list is refused, with its column."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rm_audit.errors import did_you_mean
from rm_audit.expr.functions import FUNCTIONS
from rm_audit.expr.units import UnitError, alike, named, unit_of

MAX_LENGTH = 500  # judgement: an expression is one line
MAX_NODES = 200
LARGEST = 1e15  # more than all the money there is, and exact as a float
_IN = (ast.In, ast.NotIn)

_ALLOWED = (
    ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div,
    ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
    ast.Call, ast.Name, ast.Load, ast.Constant, ast.Tuple, ast.List,
)  # fmt: skip
_SPELLINGS = {"&&": "and", "||": "or", "^": "nothing: powers are not part of the language", "=": "=="}


class ExpressionError(Exception):
    """What is wrong with an expression, at a column counted from 0 within its text; `more` are further mistakes."""

    def __init__(self, message: str, column: int = 0, help: str = "") -> None:
        super().__init__(message)
        self.message, self.column, self.help = message, column, help
        self.more: list[ExpressionError] = []


@dataclass(frozen=True)
class Expression:
    """A parsed expression and the names it uses, in order of first use."""

    text: str
    tree: ast.expr
    names: tuple[str, ...]

    def column(self, node: ast.expr) -> int:
        """Where a part of the expression stands in its text, counted from 0."""
        return _letters(self.text, node.col_offset)


def _letters(text: str, offset: int) -> int:
    """Python counts bytes of what it was given to read, people count letters of what they wrote."""
    return len(text.strip().encode()[:offset].decode(errors="ignore")) + len(text) - len(text.lstrip())


@dataclass(frozen=True)
class Words:
    """What an expression may speak of: names with their units, which of them are parameters, the keys of the grain."""

    units: Mapping[str, str]
    params: frozenset[str] = frozenset()
    keys: tuple[str, ...] = ()


def parse(text: str, known: Collection[str] | Words, wanted: str = "") -> Expression:
    """Parses and checks one expression. Units are checked where `known` are Words; `wanted` is then the unit that the
    whole must have (mark, money).

    Raises ExpressionError at the first thing that is not allowed, not known or has no meaning.
    """
    tree = _tree(text)
    nodes = list(ast.walk(tree))
    if len(nodes) > MAX_NODES:
        raise ExpressionError("the expression is too long; split the rule in two")
    try:
        _raise_all(_mistakes(nodes, known.units if isinstance(known, Words) else known))
        if isinstance(known, Words):
            _check_units(tree, known, wanted)
    except ExpressionError as error:
        for one in (error, *error.more):
            one.column = _letters(text, one.column)
        raise
    used = [node for node in nodes if isinstance(node, ast.Name) and node.id not in FUNCTIONS]
    used.sort(key=lambda node: (node.lineno, node.col_offset))
    return Expression(text, tree, tuple(dict.fromkeys(node.id for node in used)))


def _tree(text: str) -> ast.expr:
    if len(text) > MAX_LENGTH or "\n" in text:
        raise ExpressionError(f"an expression is one line of at most {MAX_LENGTH} characters")
    hidden = next((place for place, letter in enumerate(text) if not letter.isprintable()), -1)
    if hidden >= 0:
        raise ExpressionError("a character that cannot be seen stands here", hidden, "Write a plain space, or nothing.")
    try:
        with warnings.catch_warnings(action="ignore"):  # Python warns of '1in x' and the like, and goes on
            return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        offset = getattr(error, "offset", 0) or 0  # 0 where Python looked for more and found the end
        indent = len(text) - len(text.lstrip())
        column = offset - 1 + indent if offset else len(text.rstrip())
        raise ExpressionError(f"cannot be read as an expression: {_words(text, error)}", column) from None


def _raise_all(mistakes: list[ExpressionError]) -> None:
    if mistakes:
        mistakes[0].more = mistakes[1:]
        raise mistakes[0]


def _mistakes(nodes: Collection[ast.AST], known: Collection[str]) -> list[ExpressionError]:
    """Every mistake, from left to right; inside what is not part of the language there is nothing more to say."""
    allowed = _right_places(nodes)
    found = []
    for node in nodes:
        try:
            _check(node, known, allowed)
        except ExpressionError as error:
            found.append(error)
            if not isinstance(node, ast.Name):
                break
    return sorted(found, key=lambda error: error.column)


def _check_units(tree: ast.expr, words: Words, wanted: str) -> None:
    try:
        found = unit_of(tree, words.units, words.params, words.keys)
    except UnitError as error:
        raise ExpressionError(error.message, error.node.col_offset, error.help) from None
    if wanted and not alike(found, named(wanted)):
        help = "Compare it with something." if wanted == "mark" else "Multiply it by an amount."
        wants = "true or false" if wanted == "mark" else wanted
        raise ExpressionError(f"this must come to {wants}, and is {found}", 0, help)


def _words(text: str, error: BaseException) -> str:
    for wrong, right in _SPELLINGS.items():
        if wrong in text.replace("==", "").replace("<=", "").replace(">=", "").replace("!=", ""):
            return f"write '{right}' for '{wrong}'" if right[0] != "n" else right
    if not getattr(error, "offset", 1):
        return "something is missing at the end"
    return str(getattr(error, "msg", "it is nested too deeply"))


def _right_places(nodes: Collection[ast.AST]) -> set[int]:
    """Lists behind `in`, and function names before brackets: elsewhere neither has a meaning."""
    places = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    for node in nodes:
        if isinstance(node, ast.Compare):
            behind_in = [right for op, right in zip(node.ops, node.comparators, strict=True) if isinstance(op, _IN)]
            places |= {id(right) for right in behind_in if _is_list(right)}
    return places


def _is_list(node: ast.AST) -> bool:
    return isinstance(node, ast.Tuple | ast.List) and all(isinstance(item, ast.Constant) for item in node.elts)


def _check(node: ast.AST, known: Collection[str], allowed: Collection[int]) -> None:
    column = getattr(node, "col_offset", 0)
    if not isinstance(node, _ALLOWED):
        raise ExpressionError(f"'{type(node).__name__.lower()}' is not part of the rule language", column)
    if isinstance(node, ast.Compare):
        _check_in(node, allowed)
    if isinstance(node, ast.Tuple | ast.List) and id(node) not in allowed:
        raise ExpressionError("a list stands only behind 'in', and holds numbers or texts", column)
    if isinstance(node, ast.Name) and node.id in FUNCTIONS and node.id not in known and id(node) not in allowed:
        raise ExpressionError(f"'{node.id}' is a function: write {node.id}(...)", column)
    if isinstance(node, ast.Call):
        _check_call(node, column)
    elif isinstance(node, ast.Name) and node.id not in known and node.id not in FUNCTIONS:
        help = did_you_mean(node.id, [*known, *FUNCTIONS])
        raise ExpressionError(f"unknown name '{node.id}'", column, help)
    elif isinstance(node, ast.Constant) and not _is_value(node.value):
        raise ExpressionError(f"{repr(node.value)[:40]} is not a value of the rule language", column)


def _is_value(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, int | float) and abs(value) < LARGEST)


def _check_in(node: ast.Compare, allowed: Collection[int]) -> None:
    for op, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(op, _IN) and id(right) not in allowed:
            raise ExpressionError("behind 'in' stands a list, such as ('a', 'b')", right.col_offset)


def _check_call(node: ast.Call, column: int) -> None:
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
        name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
        raise ExpressionError(f"unknown function '{name}'", column, did_you_mean(name, FUNCTIONS))
    function = FUNCTIONS[node.func.id]
    if node.keywords or not function.least <= len(node.args) <= function.most:
        raise ExpressionError(f"{node.func.id}() takes {function.wants()} values, not {len(node.args)}", column)
