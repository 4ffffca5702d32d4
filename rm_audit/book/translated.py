"""Texts of a column → other texts. They repeat, so that each is looked up once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def translated(texts: pd.Series[str], known: Mapping[str, str | None]) -> NDArray[np.object_]:
    """What is known of each text; None where nothing is, and where there is no text."""
    codes, distinct = pd.factorize(texts.to_numpy(dtype=object))
    found = np.array([*(known.get(text) for text in distinct), None], dtype=object)
    return found[codes]  # -1 is the last one


def first_of(*columns: NDArray[np.object_]) -> NDArray[np.object_]:
    """The first of several columns that holds something, row by row; None where none does."""
    found = columns[0].copy()
    for column in columns[1:]:
        gone = found == None  # noqa: E711  # of each place, not of the array
        found[gone] = column[gone]
    return found
