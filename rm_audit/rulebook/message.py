"""Fills a rule's message with the numbers of a subject.

`{name}` is shown in its own unit, `{name:money}` in the unit named. `{hires:range}` shows the ends too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from rm_audit.expr import Scope
from rm_audit.numbers import show
from rm_audit.vocabulary import VOCABULARY

# A name, its value and its unit → the words that a message has for them.
Telling: TypeAlias = Callable[[str, object, str], str]
_PLACE = re.compile(r"\{(\w+)(?::(\w+))?\}")


def placeholders(message: str) -> Iterator[tuple[str, str]]:
    """The names and formats that a message asks for."""
    for match in _PLACE.finditer(message):
        yield match.group(1), match.group(2) or ""


def value_at(scope: Scope, name: str, row: int) -> object:
    """The value of a name in a row, as plain Python; None where it is unknown."""
    column = scope.column(name)
    if column.state[row]:
        return None
    value = column.values[row]
    if column.is_text:
        return str(value)
    return bool(value) if column.values.dtype == bool else float(value)


def plainly(currency: str) -> Telling:
    """Every value in its unit, money in the currency."""
    return lambda _name, value, unit: show(value, unit, currency)


def fill(message: str, scope: Scope, row: int, telling: Telling, units: Callable[[str], str]) -> str:
    """The message with every place filled; `units` gives the unit of a name that is no vocabulary word."""

    def one(match: re.Match[str]) -> str:
        name, form = match.group(1), match.group(2) or ""
        word = VOCABULARY.get(name)
        unit = word.unit if word else units(name)
        value = value_at(scope, name, row)
        if form == "range":
            ends = [telling(name, value_at(scope, f"{name}_{end}", row), unit) for end in ("low", "high")]
            return f"{telling(name, value, unit)} ({' to '.join(ends)})"
        return telling(name, value, form or unit)

    return _PLACE.sub(one, message)
