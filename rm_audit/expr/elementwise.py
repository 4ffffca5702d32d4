"""Functions that look at one row at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from rm_audit.expr.column import KNOWN, Column, Part, part, unknown_part, worst, written_out
from rm_audit.expr.operate import finite
from rm_audit.expr.texts import Texts, aligned, folded


class Rows(Protocol):
    """The rows that a function looks at: how many, and the values that say which row is which."""

    length: int
    keys: tuple[str, ...]

    def column(self, name: str) -> Column: ...


def numbers(rows: Rows, item: Part) -> Part:
    """A part written out as float64; truth values count as 0 and 1, and a text has no answer."""
    if item.is_text:
        return unknown_part(rows.length)
    plain = written_out(item, rows.length)
    return Part(plain.values.astype(float, copy=False), None if item.state is None else plain.state)


def each(operate: Callable[..., Any]) -> Callable[..., Part]:
    """A function of numbers, row by row, as NumPy has it."""

    def call(rows: Rows, *items: Part) -> Part:
        plain = [numbers(rows, item) for item in items]
        return finite(operate(*[item.values for item in plain]), worst(*plain))

    return call


size = each(np.abs)
smallest = each(lambda *values: np.minimum.reduce(values))
largest = each(lambda *values: np.maximum.reduce(values))


def coalesce(rows: Rows, *items: Part) -> Part:
    """The first that is known. Where some arguments are texts, the others, which are then unknown, do not count."""
    if any(item.is_text for item in items):
        return _first_text(rows, [item for item in items if item.is_text])
    columns = [written_out(item, rows.length) for item in items]
    values, state = columns[-1].values, columns[-1].state
    for item in reversed(columns[:-1]):
        values = np.where(item.known, item.values, values)
        state = np.where(item.known, KNOWN, state).astype(np.uint8)
    return part(Column(values, state))


def _first_text(rows: Rows, items: list[Part]) -> Part:
    found = _as_texts(rows, items[-1])
    for item in reversed(items[:-1]):
        if item.state is None:
            found = _as_texts(rows, item)
            continue
        first, second = aligned(_as_texts(rows, item).values, found.values)
        known = item.state == KNOWN
        state = np.where(known, KNOWN, 0 if found.state is None else np.maximum(found.state, 0)).astype(np.uint8)
        found = Part(Texts(first.words, np.where(known, first.codes, second.codes)), state if state.any() else None)
    return found


def _as_texts(rows: Rows, item: Part) -> Part:
    if isinstance(item.values, str):
        return Part(Texts((folded(item.values),), np.zeros(rows.length, dtype=np.int64)), item.state)
    return item


def matches(rows: Rows, text: Part, patterns: Part) -> Part:
    if not text.is_text:
        return Part(np.zeros(rows.length, dtype=bool), unknown_part(rows.length).state)
    found: Any = _as_texts(rows, text).values.matching(one_text(patterns))
    return Part(found if text.state is None else found & (text.state == KNOWN), text.state)


def one_text(item: Part) -> str:
    """The text of a constant argument."""
    if isinstance(item.values, Texts):
        return str(item.values.plain()[0]) if len(item.values) else ""
    return str(item.values) if isinstance(item.values, str) else ""
