"""pandas rolls up a file in memory. The bytes become columns by DuckDB's reader, which needs no further library."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from rm_audit.rollups.duck import Duck
from rm_audit.rollups.expressions import rolled
from rm_audit.rollups.shape import Columns, frame_of
from rm_audit.rollups.sql import DUCKDB, typed


class Memory(Duck):
    """One file in memory, in nullable types: in others a missing number is no null."""

    name = "pandas"

    def _rolled(self, monthly: bool) -> Columns:
        plan = self._plan
        columns: Columns = self._con.execute(typed(plan, self._source(), self._types, DUCKDB)).fetchnumpy()
        lazy = nw.from_native(frame_of(columns)).lazy()
        found = rolled(lazy, plan, monthly).collect().to_native()
        return {name: _masked(found[name]) for name in found}


def _masked(column: pd.Series[Any]) -> np.ndarray[Any, Any]:
    mask = column.isna().to_numpy(dtype=bool)
    if pd.api.types.is_integer_dtype(column.dtype):
        return np.ma.MaskedArray(column.to_numpy(dtype=np.int64, na_value=0), mask)
    texts = column.to_numpy(dtype=object).copy()
    texts[mask] = None
    return texts
