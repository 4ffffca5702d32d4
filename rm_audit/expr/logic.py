"""The truth tables of the language, asked of the evaluator itself, so that they cannot say anything else."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from rm_audit.expr.column import KNOWN, column
from rm_audit.expr.parse import parse
from rm_audit.expr.scope import Scope

TRUTH = (True, None, False)  # true, unknown, false: the order in which the tables show them
Table = list[list[bool | None]]


def asked(text: str, rows: Sequence[tuple[object, ...]]) -> list[bool | None]:
    """The answers to an expression in a, b, ... for each row of values; None is unknown."""
    names = [chr(ord("a") + place) for place in range(len(rows[0]))]
    columns = {name: column([row[place] for row in rows]) for place, name in enumerate(names)}
    found = Scope(len(rows), columns).evaluate(parse(text, names))
    return [bool(value) if state == KNOWN else None for value, state in zip(found.values, found.state, strict=True)]


def two_sided(word: str) -> Table:
    """Rows [a, b, a WORD b]."""
    pairs = list(itertools.product(TRUTH, repeat=2))
    return [[*pair, answer] for pair, answer in zip(pairs, asked(f"a {word} b", pairs), strict=True)]


def negated() -> Table:
    """Rows [a, not a]."""
    singles = [(value,) for value in TRUTH]
    return [[value, answer] for (value,), answer in zip(singles, asked("not a", singles), strict=True)]


def compared() -> list[list[object]]:
    """Rows [a, b, a < b] for numbers of which some are unknown."""
    pairs: list[tuple[int | None, int | None]] = [(1, 2), (2, 1), (None, 2), (1, None), (None, None)]
    return [[*pair, answer] for pair, answer in zip(pairs, asked("a < b", pairs), strict=True)]
