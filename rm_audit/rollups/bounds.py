"""Days that no calendar here has: Parquet holds some for "never" and "always", and for years of five figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from rm_audit.days import LAST_DAY, to_day
from rm_audit.rollups.plan import NotPlainError
from rm_audit.rollups.shape import Columns

_FIRST = to_day(date.min)


def check_days(found: Columns, names: Sequence[str]) -> None:
    """Raises NotPlainError for such a day: the ordinary reader names the cell, and has no date for its row."""
    if any(first < _FIRST or last > LAST_DAY for first, last in _bounds(found, names)):
        raise NotPlainError("a day before the year 1 or after 9999")


def are_days(found: Columns, names: Sequence[str]) -> bool:
    """Whether the days that an engine's reader made of a text were days there: it makes 1970-01-01 of "epoch", and of
    "infinity" what no calendar has."""
    return all(first > 0 and last <= LAST_DAY for first, last in _bounds(found, ["first", "last", *names]))


def _bounds(found: Columns, names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The first and last of each column of days that has any."""
    for name in set(names) & set(found):
        days = np.ma.compressed(np.ma.asarray(found[name]))
        if len(days):
            yield int(days.min()), int(days.max())
