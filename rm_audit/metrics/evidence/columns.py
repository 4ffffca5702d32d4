"""Columns of the book's tables as arrays, whether a file brought them or not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from rm_audit.metrics.evidence.rows import Floats, Marks, Texts
from rm_audit.words import first_of, texts_of, translated

UNADVERTISED = "(not advertised)"
UNKNOWN = "(unknown)"


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
    nothing = pd.Series([None] * len(rows), dtype="object", index=rows.index)
    own, by_job = rows.get("job_family", nothing), translated(rows.get("job", nothing), of_job)
    return texts_of(first_of(own, by_job), UNKNOWN)
