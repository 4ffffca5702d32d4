"""Rows by name, and sums that stay unknown where a part is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rm_audit.expr import Column, column
from rm_audit.metrics.frame import Frame, Rows


def by_name(names: Sequence[object]) -> dict[str, Rows]:
    """Names → positions of their rows, in order of name; rows without a name take no part."""
    found: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        if isinstance(name, str):
            found.setdefault(name, []).append(position)
    return {name: np.array(found[name], dtype=np.int64) for name in sorted(found)}


def total(table: pd.DataFrame, name: str, rows: Rows) -> int | None:
    """The sum over some rows; unknown where the column is absent or any row of it is blank."""
    if name not in table or not len(rows):
        return None
    values = table[name].iloc[rows]
    return None if values.isna().any() else int(values.sum())


def named_frame(
    key: str, names: Sequence[str], measures: dict[str, list[object]], rows: dict[str, list[Rows]]
) -> Frame:
    columns: dict[str, Column] = {name: column(values) for name, values in measures.items()}
    return Frame((key,), len(names), {key: column(names), **columns}, rows)
