"""The words of the rules: names by grain, units, functions and truth tables, for people and for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from rm_audit.expr import FUNCTIONS, UNITS, Expression, Scope, logic, parse
from rm_audit.expr.functions import Function
from rm_audit.expr.units import UNIT_RULES
from rm_audit.vocabulary import KEYS, PORTFOLIO, VOCABULARY, Name, family, words

_SAID = {True: "true", None: "unknown", False: "false"}
LOGIC = """\
An input that is missing makes an answer unknown, except where the other side decides it.
A division by zero is unknown too. A rule whose 'flag' is unknown for that reason alone
cannot tell; where an input is missing, it is not evaluated, and says what to bring."""


def document(grain: str = "") -> dict[str, Any]:
    """The whole vocabulary as plain values; with a grain, only the names that it has."""
    names = [word for word in VOCABULARY.values() if not grain or family([grain]) in word.families]
    return {
        "units": dict(UNITS),
        "grains": {key: list(words(family([key]))) for key in ([grain] if grain else [*KEYS, PORTFOLIO])},
        "names": [_name(word) for word in names],
        "functions": [_function(name, function) for name, function in FUNCTIONS.items()],
        "logic": logic_document(),
    }


def logic_document() -> dict[str, Any]:
    """The truth tables: rows of operands and answer, null for unknown."""
    return {
        "and": logic.two_sided("and"),
        "or": logic.two_sided("or"),
        "not": logic.negated(),
        "less than": logic.compared(),
    }


def _name(word: Name) -> dict[str, Any]:
    return {
        "name": word.name,
        "unit": word.unit,
        "grains": _grains(word),
        "meaning": word.meaning,
        "formula": word.formula or None,
        "tables": tables(word),
        "bring": brings(word),
    }


def _grains(word: Name) -> list[str]:
    return [key for key in [*KEYS, PORTFOLIO] if family([key]) in word.families]


@cache
def _measures(name: str) -> tuple[Name, ...]:
    """The measured names that a name rests on: itself, or those of its formula."""
    word = VOCABULARY[name]
    if not word.formula:
        return (word,)
    expression: Expression = parse(word.formula, VOCABULARY.keys())
    return tuple(VOCABULARY[base] for base in Scope(0, {}).base_names(expression))


def tables(word: Name) -> list[str]:
    """The table columns, as `spend.amount`, that a name rests on."""
    return list(dict.fromkeys(place for base in _measures(word.name) for place in base.tables))


def brings(word: Name) -> list[str]:
    """The exports that bring what a name rests on, in words."""
    return list(dict.fromkeys(base.bring for base in _measures(word.name) if base.bring))


def _function(name: str, function: Function) -> dict[str, Any]:
    return {
        "name": name,
        "call": _call(name, function),
        "takes": UNIT_RULES[function.takes],
        "gives": UNIT_RULES.get(function.gives, function.gives),
        "meaning": function.meaning,
        "unknowns": function.unknowns,
    }


def _call(name: str, function: Function) -> str:
    return f"{name}({', '.join(function.arguments)})"


def vocabulary(grain: str, width: int) -> str:
    """The vocabulary as people read it: a block for each kind of grain, then units, functions and logic."""
    kinds = [grain] if grain else [*dict.fromkeys(KEYS[key] for key in KEYS), PORTFOLIO]
    blocks = [_block(family([kind]) if grain else kind, width) for kind in kinds]
    return "\n".join([*blocks, _units(width), _functions(width), logic_tables()])


def _block(kind: str, width: int) -> str:
    keys = [key for key in KEYS if KEYS[key] == kind] or [kind]
    return f"{', '.join(keys)}\n" + "".join(_entry(word, width) for word in words(kind).values())


def _entry(word: Name, width: int) -> str:
    how = f" = {word.formula}" if word.formula else ""
    lines = [*_wrapped(f"{word.meaning}{how}", width)]
    if tables(word):
        lines += _wrapped(f"from {', '.join(tables(word))}", width)
    return _listed(f"  {word.name:<24} {word.unit:<6} ", lines)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width - 34, 30), break_on_hyphens=False)


def _listed(head: str, lines: Sequence[str]) -> str:
    return "".join(f"{head if place == 0 else ' ' * len(head)}{line}\n" for place, line in enumerate(lines))


def _units(width: int) -> str:
    return "units\n" + "".join(_listed(f"  {unit:<31} ", _wrapped(text, width)) for unit, text in UNITS.items())


def _functions(width: int) -> str:
    return "functions\n" + "".join(_described(name, function, width) for name, function in FUNCTIONS.items())


def _described(name: str, function: Function, width: int) -> str:
    takes, gives = UNIT_RULES[function.takes], UNIT_RULES.get(function.gives, function.gives)
    texts = (function.meaning, f"takes {takes}; gives {gives}", function.unknowns)
    return _listed(f"  {_call(name, function):<31} ", [line for text in texts for line in _wrapped(text, width)])


def logic_tables() -> str:
    """The truth tables, one under the other."""
    both = [[*row, other[-1]] for row, other in zip(logic.two_sided("and"), logic.two_sided("or"), strict=True)]
    tables = [
        _table(("a", "b", "a and b", "a or b"), both),
        _table(("a", "not a"), logic.negated()),
        _table(("a", "b", "a < b"), logic.compared()),
    ]
    parts = ["\n".join(lines) for lines in tables]
    return "logic\n" + "\n\n".join([*parts, textwrap.indent(LOGIC, "  ")]) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    for row in [head, *rows]:
        cells = [_SAID[cell] if cell is None or isinstance(cell, bool) else str(cell) for cell in row]
        yield "  " + "  ".join(f"{cell:<9}" for cell in cells).rstrip()
