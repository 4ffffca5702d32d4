"""A sheet of totals by source and month → rows as of single applications, as far as such a sheet goes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from rm_audit.channels import is_unknown_source
from rm_audit.metrics.evidence.columns import UNADVERTISED, days, families, texts
from rm_audit.metrics.evidence.rows import Applied, Ints, Step

LIKELY = "totals by month say not how long each hire took; an ATS export with a row an application would"
_MIDDLES = ("qualified", "interviews")


def applied_of_totals(table: pd.DataFrame, paid: set[Any]) -> Applied | None:
    """Rows as many as the totals count, on the middle day of their time; None where they have no days or no hires.

    Of the applications of a total the first are those that were hired, for nobody knows which were.
    """
    if "hires" not in table or "start" not in table:
        return None
    table = table[table["start"].notna() & table["source"].notna()]
    hires = _counts(table, "hires")
    applications = _counts(table, "applications")
    alone = applications.sum() < hires.sum() or not hires.any()
    middle = next((name for name in _MIDDLES if not alone and _counts(table, name).any()), "")
    size = hires if alone else np.maximum(applications, hires)
    row = np.repeat(np.arange(len(table)), size)
    place = np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size)
    first, last = days(table, "start"), days(table, "end")
    day = np.where(np.isnan(last), first, np.floor((first + last) / 2)).astype(np.float64)
    unknown = np.full(len(row), np.nan)
    names = texts(table, "channel")
    channel = np.array([name if name in paid else UNADVERTISED for name in names], dtype=object)
    known = np.array([name is not None and not is_unknown_source(name) for name in names], dtype=bool)[row]
    hired = place < hires[row]
    reached = [Step(name, (place < _counts(table, name)[row]) | hired, unknown) for name in filter(None, [middle])]
    rows = Applied(
        channel[row],
        families(table, {})[row],
        np.full(len(row), None, dtype=object),
        day[row],
        (*reached, Step("hires", hired, unknown)),
        bool(alone),
        LIKELY,
    )
    return rows.picked(known)


def _counts(table: pd.DataFrame, name: str) -> Ints:
    if name not in table:
        return np.zeros(len(table), dtype=np.int64)
    return np.asarray(np.maximum(table[name].fillna(0).to_numpy(dtype=np.int64), 0), dtype=np.int64)
