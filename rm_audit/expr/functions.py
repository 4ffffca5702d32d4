"""The documented functions of the language: element by element, or over all rows of the grain.

Functions over all rows (share, rank, median, ...) leave unknown rows out of their sums, and are unknown
in those rows.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from rm_audit.expr.column import KNOWN, MISSING, ZERO, Array, Column, State

INTERVAL = 0.90  # two-sided, as the design of the verdicts fixes it


@dataclass(frozen=True)
class Function:
    """A function of the language: how many arguments it takes, what it means, and the code."""

    least: int
    most: int
    meaning: str
    call: Callable[..., Column]


def _worst(*columns: Column) -> State:
    return np.asarray(np.maximum.reduce([item.state for item in columns]), dtype=np.uint8)


def _numbers(call: Callable[..., Column]) -> Callable[..., Column]:
    """A function of numbers: truth values count as 0 and 1, a text has no answer, and neither has what overflows."""

    def guarded(*columns: Column) -> Column:
        if any(item.is_text and len(item) for item in columns):
            return Column(np.zeros(len(columns[0])), np.full(len(columns[0]), MISSING, dtype=np.uint8))
        with np.errstate(all="ignore"):
            found = call(*[Column(item.values.astype(float), item.state) for item in columns])
        finite = np.isfinite(found.values)
        return Column(np.where(finite, found.values, 0.0), np.where(finite, found.state, MISSING).astype(np.uint8))

    return guarded


def _each(operation: Callable[..., Array]) -> Callable[..., Column]:
    def call(*columns: Column) -> Column:
        return Column(operation(*[item.values for item in columns]), _worst(*columns))

    return call


def _coalesce(*columns: Column) -> Column:
    result = columns[-1]
    for item in reversed(columns[:-1]):
        values = np.where(item.known, item.values, result.values)
        result = Column(values, np.where(item.known, KNOWN, result.state).astype(np.uint8))
    return result


def _matches(text: Column, patterns: Column) -> Column:
    # Patterns such as "*view*|*click*": globs cannot be made to backtrack for ever, regular expressions can.
    wanted = str(patterns.values[0]) if len(patterns) else ""
    tests = [re.compile(fnmatch.translate(part.strip().casefold())) for part in wanted.split("|")]
    found = [any(test.match(str(value).casefold()) for test in tests) for value in text.values]
    return Column(np.array(found, dtype=bool), text.state)


def _share(values: Column) -> Column:
    total = float(values.values[values.known].sum()) if len(values) else 0.0
    if total == 0:
        return Column(np.zeros(len(values)), np.where(values.known, ZERO, values.state).astype(np.uint8))
    return Column(values.values / total, values.state)


def _rank(values: Column) -> Column:
    known = values.values[values.known]
    ranks = np.array([1.0 + float((known > value).sum()) for value in values.values])
    return Column(ranks, values.state)


def _over_all(aggregate: Callable[[Array], float]) -> Callable[[Column], Column]:
    def call(values: Column) -> Column:
        known = values.values[values.known]
        if not len(known):
            return Column(np.zeros(len(values)), np.full(len(values), MISSING, dtype=np.uint8))
        return Column(np.full(len(values), aggregate(known)), np.zeros(len(values), dtype=np.uint8))

    return call


def _quantile(values: Column, q: Column) -> Column:
    level = float(q.values[0]) if len(q) else 0.5
    if not 0 <= level <= 1 or not q.known.all():
        return Column(np.zeros(len(values)), np.full(len(values), MISSING, dtype=np.uint8))
    return _over_all(lambda known: float(np.quantile(known, level)))(values)


def _rate(end: float) -> Callable[[Column, Column], Column]:
    def call(hits: Column, tries: Column) -> Column:
        from scipy.special import betaincinv  # costs time: only where an interval is asked for

        x, n = hits.values.astype(float), tries.values.astype(float)
        state = np.maximum(_worst(hits, tries), np.where(n <= 0, ZERO, KNOWN).astype(np.uint8))
        x = np.clip(x, 0, np.maximum(n, 0))
        low_edge, high_edge = (x == 0) & (end < 0.5), (x == n) & (end > 0.5)
        values = betaincinv(x + 0.5, np.maximum(n, 0) - x + 0.5, end)
        return Column(np.where(low_edge, 0.0, np.where(high_edge, 1.0, values)), state)

    return call


def _count(end: float) -> Callable[[Column], Column]:
    def call(counts: Column) -> Column:
        from scipy.special import gammaincinv

        x = np.maximum(counts.values.astype(float), 0)
        shape = x if end < 0.5 else x + 1
        values = np.where(shape > 0, gammaincinv(np.maximum(shape, 1e-9), end), 0.0)
        return Column(values, counts.state)

    return call


_LOW, _HIGH = (1 - INTERVAL) / 2, (1 + INTERVAL) / 2

FUNCTIONS: Mapping[str, Function] = {
    "abs": Function(1, 1, "size without sign", _numbers(_each(np.abs))),
    "min": Function(2, 9, "the smallest of its arguments", _numbers(_each(lambda *a: np.minimum.reduce(a)))),
    "max": Function(2, 9, "the largest of its arguments", _numbers(_each(lambda *a: np.maximum.reduce(a)))),
    "coalesce": Function(2, 9, "the first argument that is known", _coalesce),
    "matches": Function(2, 2, "text fits a pattern such as '*view*|*click*'; case does not count", _matches),
    "share": Function(1, 1, "part of the sum over all rows", _numbers(_share)),
    "rank": Function(1, 1, "1 for the largest value", _numbers(_rank)),
    "sum": Function(1, 1, "sum over all rows", _numbers(_over_all(lambda a: float(a.sum())))),
    "median": Function(1, 1, "median over all rows", _numbers(_over_all(lambda a: float(np.median(a))))),
    "quantile": Function(2, 2, "quantile(x, q) over all rows", _numbers(_quantile)),
    "rate_low": Function(2, 2, "low end of hits / tries, 90% Jeffreys", _numbers(_rate(_LOW))),
    "rate_high": Function(2, 2, "high end of hits / tries, 90% Jeffreys", _numbers(_rate(_HIGH))),
    "count_low": Function(1, 1, "low end of a count, 90% exact gamma", _numbers(_count(_LOW))),
    "count_high": Function(1, 1, "high end of a count, 90% exact gamma", _numbers(_count(_HIGH))),
}
