"""pandas rolls up a file in memory. The bytes become columns by DuckDB's reader, which needs no further library."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from rm_audit.rollups.duck import Duck
from rm_audit.rollups.shape import Arrays, Columns, frame_of


class Memory(Duck):
    """One file in memory, in nullable types: in others a missing number is no null."""

    name = "pandas"
    _floating = False

    def _lazy(self, query: str) -> nw.LazyFrame[Any]:
        columns: Columns = self._con.execute(query).fetchnumpy()
        return nw.from_native(frame_of(columns)).lazy()

    def _kept(self, query: str) -> nw.LazyFrame[Any]:
        return self._lazy(query)

    def _columns(self, lazy: nw.LazyFrame[Any]) -> Arrays:
        found = lazy.collect().to_native()
        return {name: _masked(found[name]) for name in found}

    def _by_number(self, lazy: nw.LazyFrame[Any]) -> Columns:
        return self._columns(lazy)


def _masked(column: pd.Series[Any]) -> np.ndarray[Any, Any]:
    mask = column.isna().to_numpy(dtype=bool)
    if pd.api.types.is_integer_dtype(column.dtype):
        kind: type[np.signedinteger[Any]] = np.int32 if str(column.dtype).lower() == "int32" else np.int64
        return np.ma.MaskedArray(column.to_numpy(dtype=kind, na_value=0), mask)
    texts = column.to_numpy(dtype=object).copy()
    texts[mask] = None
    return texts
