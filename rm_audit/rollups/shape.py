"""Rolled-up rows → rows of the canonical table: words as they are read anywhere, blanks unknown, in one order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from rm_audit.days import from_day, month_days
from rm_audit.profiles.cleaning import clean_texts
from rm_audit.profiles.dates import whole_steps
from rm_audit.profiles.totals import quick_look, total_words
from rm_audit.rollups.marks import BLANK, MARK, MONTH, ODD, ROWS, VOID
from rm_audit.rollups.plan import Plan
from rm_audit.tables import AMOUNT_COLUMN, COUNT, MAIN_COLUMN, ROW

Columns = Mapping[str, np.ndarray[Any, Any]]
_NO_DAY = np.iinfo(np.int64).max


def frame_of(groups: Columns) -> pd.DataFrame:
    """The groups as an engine gave them, in one order whatever the engine's threads did."""
    data: dict[str, Any] = {}
    for name, values in groups.items():
        mask = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
        plainly = np.asarray(values.data if mask is not None else values)
        if plainly.dtype == object:
            plainly = plainly.copy()
            plainly[pd.isna(plainly) if mask is None else mask] = None
            data[name] = plainly
        else:
            data[name] = pd.arrays.IntegerArray(
                np.where(mask, 0, plainly).astype(np.int64) if mask is not None else plainly.astype(np.int64),
                mask if mask is not None else np.zeros(len(plainly), dtype=bool),
            )
    return pd.DataFrame({name: pd.Series(values) for name, values in data.items()})


def named_totals(frame: pd.DataFrame, plan: Plan) -> dict[str, list[str]]:
    """Texts that name a total row, by column."""
    words, may_be = total_words(plan.layout.profile.totals), quick_look(plan.layout.profile.totals)
    found: dict[str, list[str]] = {}
    for name in plan.texts:
        texts = [text for text in frame[name].unique() if isinstance(text, str)]
        said = [text for text in may_be(texts) if words.fullmatch(text.casefold())]
        if said:
            found[name] = said
    return found


def plain_rows(frame: pd.DataFrame, named: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """The groups that need no second look."""
    odd = (frame[MARK] & (VOID | ODD)).astype(bool).to_numpy()
    for name, texts in named.items():
        odd = odd | frame[name].isin(list(texts)).to_numpy()
    return frame[~odd] if odd.any() else frame


def has_void(frame: pd.DataFrame) -> bool:
    return bool((frame[MARK] & VOID).any())


def canonical(rows: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """The rows as a frame of the plan's table; each stands for `COUNT` rows of the file, which ROW 0 says."""
    data: dict[str, Any] = {}
    for name in plan.columns:
        if name in plan.texts and name != "currency":
            data[name] = _texts(rows, name, plan)
        elif name == "amount":
            data[name] = rows["amount"]
        elif plan.table != "spend" and plan.kinds[name] == "day":
            data[name] = rows[name].astype("Int64")
        elif name in plan.counts:
            bit = BLANK << plan.counts.index(name)
            data[name] = rows[name].astype("Int64").mask((rows[MARK] & bit).astype(bool).to_numpy())
    if plan.table == "spend":
        data |= _days(rows, plan)
        data |= _currency(rows, plan)
    data |= {name: np.full(len(rows), text, dtype=object) for name, text in plan.constants.items()}
    frame = pd.DataFrame({name: pd.Series(values).reset_index(drop=True) for name, values in data.items()})
    frame[ROW] = np.zeros(len(frame), dtype=np.int32)
    main = plan.columns.get(MAIN_COLUMN[plan.table], min(plan.columns.values()))
    frame[AMOUNT_COLUMN] = np.full(len(frame), main + 1, dtype=np.int32)
    frame[COUNT] = rows[ROWS].to_numpy(dtype=np.int64)
    return _in_order(frame, plan)


def _texts(rows: pd.DataFrame, name: str, plan: Plan) -> np.ndarray[Any, Any]:
    codes, distinct = pd.factorize(rows[name].to_numpy(dtype=object))
    read = clean_texts(name, list(distinct), plan.layout.profile.blanks)
    known = np.array([*(read[text] for text in distinct), None], dtype=object)
    return known[codes]  # -1 is the last one: no text


def _currency(rows: pd.DataFrame, plan: Plan) -> dict[str, Any]:
    """The row's own, else what the header says, where anything does."""
    if "currency" not in plan.columns:
        known = np.full(len(rows), plan.currency, dtype=object)
    else:
        texts = _texts(rows, "currency", plan)
        codes, distinct = pd.factorize(texts)
        upper = np.array([*(text.upper() for text in distinct), plan.currency], dtype=object)
        known = upper[codes]
    return {"currency": known}


def _days(rows: pd.DataFrame, plan: Plan) -> dict[str, Any]:
    if not plan.days:
        return {}
    if len(plan.days) == 2:
        return {name: rows[name].astype("Int64") for name in plan.days}
    monthly = MONTH in rows
    start, end = (rows["first"], rows["last"]) if monthly else (rows["start"], rows["start"])
    days = sorted(int(day) for day in pd.unique(pd.concat([start, end]).dropna()))
    spans = whole_steps([(day, day) for day in days])
    if plan.months and all(from_day(day).day == 1 for day in days):
        spans = [month_days(from_day(day).year, from_day(day).month) for day in days]
    ends = {day: span[1] for day, span in zip(days, spans, strict=True) if span is not None}
    end = end.map(ends).astype("Int64")
    return {"start": start, "end": end}


def _in_order(frame: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """By day and words, so that the same file gives the same rows in the same order whatever read it."""
    keys = []
    for name in reversed([*plan.texts]):
        codes, distinct = pd.factorize(frame[name], sort=True)
        keys.append(np.where(codes < 0, len(distinct), codes))
    days = ("end", "start") if plan.table == "spend" else plan.days
    keys += [frame[name].to_numpy(dtype=np.int64, na_value=_NO_DAY) for name in days if name in frame]
    if "amount" in frame:
        keys.insert(0, frame["amount"].to_numpy(dtype=np.int64, na_value=0))
    return frame.take(np.lexsort(keys)).reset_index(drop=True)
