"""Typed columns beside each other → the frames of the canonical tables, with rows and columns remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from rm_audit.days import is_credible
from rm_audit.profiles.work import Work
from rm_audit.tables import AMOUNT_COLUMN, MAIN_COLUMN, ROW, TABLES, WHOSE

_DTYPES = ("money", "day", "count", "mark")
_OUTCOMES = ("qualified", "interviews", "offers", "hires")
Frames = tuple[dict[str, pd.DataFrame], dict[str, dict[str, int]]]


def shaped(work: Work, rows: Sequence[int]) -> Frames:
    """The frames of a block by table, and for each where its columns stand (from 1); `rows` are its rows' numbers."""
    layout, columns = work.layout, work.columns
    every = range(len(rows))
    keep = [position for position in every if position not in work.aside] if work.aside else every
    places = {name: work.block.column(column) for name, column in layout.columns.items()}
    if layout.months:
        return _unpivoted(work, rows, keep, places)
    main = places.get(MAIN_COLUMN[layout.table], min(places.values(), default=1))
    picked: dict[str, Sequence[object]] = dict(columns)
    if work.aside:
        picked = {name: [values[p] for p in keep] for name, values in columns.items()}
        rows = [rows[p] for p in keep]
    frame = _frame(layout.table, picked, rows, [main] * len(keep))
    frames, where = {layout.table: frame}, {layout.table: places}
    if layout.table == "spend":
        _split_outcomes(picked, frame, places, frames, where)
    return frames, where


def _split_outcomes(
    picked: Mapping[str, Sequence[object]],
    frame: pd.DataFrame,
    places: Mapping[str, int],
    frames: dict[str, pd.DataFrame],
    where: dict[str, dict[str, int]],
) -> None:
    """A spend sheet that also counts hires is two tables side by side: costs, and totals per source."""
    found = [name for name in _OUTCOMES if f"o_{name}" in picked]
    if not found or "channel" not in picked:
        return
    totals: dict[str, Sequence[object]] = {name: picked[f"o_{name}"] for name in found}
    if "applies" in picked:
        totals["applications"] = picked["applies"]
    totals |= {name: picked[name] for name in ("start", "end", "job_family") if name in picked}
    totals["source"] = picked["channel"]
    frames["outcome_totals"] = _frame("outcome_totals", totals, list(frame[ROW]), [places["channel"]] * len(frame))
    where["outcome_totals"] = {name: places[f"o_{name}"] for name in found} | {"source": places["channel"]}
    if "applies" in places:
        where["outcome_totals"]["applications"] = places["applies"]


def _unpivoted(work: Work, rows: Sequence[int], keep: Sequence[int], places: dict[str, int]) -> Frames:
    """A row a month for every month cell that holds an amount."""
    layout, columns = work.layout, work.columns
    value = MAIN_COLUMN[layout.table]
    labels = [name for name in columns if not name.startswith("m_")]
    out: dict[str, list[object]] = {name: [] for name in [*labels, value, "start", "end"]}
    out_rows: list[int] = []
    out_columns: list[int] = []
    days = {column: month.days(work.months_of) for column, month in layout.months.items()}
    spans = {column: span if span and is_credible(*span) else None for column, span in days.items()}
    for position in keep:
        for column, span in spans.items():
            amount = columns[f"m_{column}"][position]
            if amount is None:
                continue
            for name in labels:
                out[name].append(columns[name][position])
            out[value].append(amount)
            out["start"].append(span[0] if span else None)
            out["end"].append(span[1] if span else None)
            out_rows.append(rows[position])
            out_columns.append(work.block.column(column))
    return {layout.table: _frame(layout.table, out, out_rows, out_columns)}, {layout.table: places}


def _array(values: Sequence[object], kind: str) -> Any:
    """An array with a mask for what is unknown, made at once: pandas' own way from a list looks at every cell twice."""
    if kind not in _DTYPES:
        return np.array([*values, None], dtype=object)[:-1]
    if None in values:
        unknown = np.array([value is None for value in values], dtype=bool)
        known = np.array([0 if value is None else value for value in values], dtype=np.int64)
    else:
        unknown, known = np.zeros(len(values), dtype=bool), np.array(values, dtype=np.int64)
    if kind == "mark":
        return pd.arrays.BooleanArray(known.astype(bool), unknown)
    return pd.arrays.IntegerArray(known, unknown)


def _frame(
    table: str, columns: Mapping[str, Sequence[object]], rows: Sequence[int], main: Sequence[int]
) -> pd.DataFrame:
    kinds = TABLES[table].columns
    data = {name: pd.Series(_array(values, kinds[name])) for name, values in columns.items() if name in kinds}
    data |= {name: pd.Series(np.array(columns[name], dtype=np.int64)) for name in WHOSE if name in columns}
    data[ROW] = pd.Series(list(rows), dtype="int32")
    data[AMOUNT_COLUMN] = pd.Series(list(main), dtype="int32")
    return pd.DataFrame(data)
