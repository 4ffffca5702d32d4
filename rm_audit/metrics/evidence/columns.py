"""Columns of the book's tables as arrays, whether a file brought them or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from rm_audit.metrics.evidence.nested import total
from rm_audit.metrics.evidence.rows import Floats, Ints, Marks, Texts
from rm_audit.metrics.frame import numbered
from rm_audit.words import coded, empty, first_of, stacked, texts_of, translated

UNADVERTISED = "(not advertised)"
UNKNOWN = "(unknown)"
_PIECE = 1 << 20  # judgement
_NOTHING = -(1 << 40)  # before all days


def texts(rows: pd.DataFrame, name: str) -> Texts:
    """A column of text; None where nothing is known."""
    if name not in rows:
        return np.full(len(rows), None, dtype=object)
    return texts_of(rows[name])


def days(rows: pd.DataFrame, name: str) -> Floats:
    """A column of days; NaN where none is known."""
    if name not in rows:
        return np.full(len(rows), np.nan)
    return rows[name].to_numpy(dtype=float, na_value=np.nan)


def marks(rows: pd.DataFrame, name: str) -> Marks:
    """A column of marks; what is not known is no mark."""
    if name not in rows:
        return np.zeros(len(rows), dtype=bool)
    return np.asarray(rows[name].fillna(False).to_numpy(dtype=bool))


def families(rows: pd.DataFrame, of_job: Mapping[str, str]) -> Texts:
    """The job family of each row: its own, else that of its requisition, else `UNKNOWN`."""
    return texts_of(known_families(rows, of_job), UNKNOWN)


def known_families(rows: pd.DataFrame, of_job: Mapping[str, str]) -> pd.Series[Any]:
    """The same where it is known."""
    own, job = (rows[name] if name in rows else empty(rows.index) for name in ("job_family", "job"))
    return first_of(own, translated(job, of_job))


def once_each(rows: pd.DataFrame, counts: Ints) -> tuple[pd.DataFrame, Floats]:
    """Rows that are alike in everything as one, in the order of what they hold, and how many each stands for. Piece by
    piece, for numbers of all rows would take several times their room."""
    found, weight = _once_each(rows[:_PIECE], counts[:_PIECE])
    for at in range(_PIECE, len(rows), _PIECE):
        more = stacked([found, rows[at : at + _PIECE]])
        found, weight = _once_each(more, np.concatenate([weight, counts[at : at + _PIECE]]))
    return found, weight


def _once_each(rows: pd.DataFrame, counts: Ints | Floats) -> tuple[pd.DataFrame, Floats]:
    kinds = numbered(len(rows), (_ranks(rows[name]) for name in rows))
    first = np.zeros(int(kinds.max(initial=-1)) + 1, dtype=np.int64)
    first[kinds[::-1]] = np.arange(len(rows))[::-1]
    return rows.take(first).reset_index(drop=True), total(kinds, counts, len(first))


def _ranks(column: pd.Series[Any]) -> Ints:
    """The place of each cell of a column among its values; 0 for what is not known."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        values = column.to_numpy(dtype=np.int64, na_value=_NOTHING)
        known = values != _NOTHING
        return np.where(known, values - values.min(where=known, initial=-_NOTHING) + 1, 0)
    return coded(column).codes + 1
