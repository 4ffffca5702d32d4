"""Days that no calendar here has: Parquet holds some for "never" and "always", and for years of five figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from rm_audit.days import LAST_DAY, to_day
from rm_audit.rollups.plan import NotPlainError
from rm_audit.rollups.shape import Columns

_FIRST = to_day(date.min)


def check_days(found: Columns, names: Sequence[str]) -> None:
    """Raises NotPlainError for such a day: the ordinary reader names the cell, and has no date for its row."""
    for name in set(names) & set(found):
        days = np.ma.compressed(np.ma.asarray(found[name]))
        if len(days) and (days.min() < _FIRST or days.max() > LAST_DAY):
            raise NotPlainError("a day before the year 1 or after 9999")
