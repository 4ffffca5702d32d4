"""Functions over all rows of the grain, over the rows that share a key, and over the months of a subject.

Rows whose value is unknown are left out of every sum, rank and median.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from rm_audit.expr.column import KNOWN, MISSING, ZERO, Array, Part, unknown_part
from rm_audit.expr.elementwise import Rows, numbers
from rm_audit.expr.operate import finite
from rm_audit.expr.texts import Texts

Positions = NDArray[np.int64]
MONTH = "month"


def _known(rows: Rows, item: Part) -> NDArray[np.bool_]:
    return np.ones(rows.length, dtype=bool) if item.state is None else np.asarray(item.state == KNOWN)


def _groups(rows: Rows, by: Part | None) -> Iterator[Positions]:
    """The rows of each group: all rows in one, or one for each known value of `by`."""
    if by is None or not isinstance(by.values, Texts):
        if by is None or isinstance(by.values, str):
            yield np.arange(rows.length)
        return
    codes = np.where(_known(rows, by), by.values.codes, -1)
    order = np.argsort(codes, kind="stable")
    edges = np.flatnonzero(np.diff(codes[order])) + 1
    for group in np.split(order, edges):
        if len(group) and codes[group[0]] >= 0:
            yield group


def _window(rows: Rows, item: Part, by: Part | None, compute: Callable[[Array], Array | float], whole: bool) -> Part:
    """`compute` on the known values of each group. With `whole`, rows whose own value is unknown have it too."""
    plain = numbers(rows, item)
    known = _known(rows, plain)
    values, state = np.zeros(rows.length), np.full(rows.length, MISSING, dtype=np.uint8)
    for group in _groups(rows, by):
        inside = group[known[group]]
        if len(inside):
            reached = group if whole else inside
            values[reached], state[reached] = compute(plain.values[inside]), KNOWN
    if not whole and plain.state is not None:
        state = np.where(known, state, plain.state).astype(np.uint8)
    return finite(values, state)


def total(rows: Rows, item: Part, by: Part | None = None) -> Part:
    return _window(rows, item, by, np.sum, whole=True)


def mean(rows: Rows, item: Part, by: Part | None = None) -> Part:
    return _window(rows, item, by, np.mean, whole=True)


def median(rows: Rows, item: Part, by: Part | None = None) -> Part:
    return _window(rows, item, by, lambda known: float(np.median(known)), whole=True)


def quantile(rows: Rows, item: Part, q: Part) -> Part:
    level = numbers(rows, q)
    if not rows.length or level.state is not None or not 0 <= level.values[0] <= 1:
        return unknown_part(rows.length)
    return _window(rows, item, None, lambda known: float(np.quantile(known, level.values[0])), whole=True)


def share(rows: Rows, item: Part, by: Part | None = None) -> Part:
    found = _window(rows, item, by, _parts_of_sum, whole=False)
    if found.state is None:
        return found
    nil = (found.state == MISSING) & _known(rows, numbers(rows, item)) & _grouped(rows, by)
    return Part(found.values, np.where(nil, ZERO, found.state).astype(np.uint8))


def _parts_of_sum(known: Array) -> Array:
    whole = known.sum()
    return known / whole if whole else np.full(len(known), np.inf)  # no number, which `share` calls 0/0


def _grouped(rows: Rows, by: Part | None) -> NDArray[np.bool_]:
    return np.ones(rows.length, dtype=bool) if by is None else _known(rows, by)


def rank(rows: Rows, item: Part, by: Part | None = None) -> Part:
    return _window(rows, item, by, _ranks, whole=False)


def _ranks(known: Array) -> Array:
    in_order = np.sort(known)
    return 1.0 + len(known) - np.searchsorted(in_order, known, side="right")


def prior(rows: Rows, item: Part, months: Part | None = None) -> Part:
    """The value of the row with the same other keys and the month so many months before."""
    plain = numbers(rows, item)
    back = 1 if months is None else int(numbers(rows, months).values[0]) if rows.length else 1
    month_of = [_month(value) for value in rows.column(MONTH).values] if MONTH in rows.keys else [None] * rows.length
    others = [rows.column(key).values for key in rows.keys if key != MONTH]
    subjects = list(zip(*others, strict=True)) if others else [()] * rows.length
    at = {key: row for row, key in enumerate(zip(subjects, month_of, strict=True)) if key[1] is not None}
    before = np.array(
        [-1 if month is None else at.get((subject, month - back), -1)
         for subject, month in zip(subjects, month_of, strict=True)], dtype=np.int64,
    )  # fmt: skip
    found = before >= 0
    source = np.zeros(rows.length, dtype=np.uint8) if plain.state is None else plain.state
    return Part(
        np.where(found, plain.values[before], 0.0) if rows.length else plain.values,
        np.where(found, source[before], MISSING).astype(np.uint8) if rows.length else source,
    )


def _month(value: object) -> int | None:
    """`2026-03` → months counted from the year 0."""
    year, dash, month = str(value).partition("-")
    if not dash or not year.isdigit() or not month[:2].isdigit():
        return None
    return int(year) * 12 + int(month[:2])
