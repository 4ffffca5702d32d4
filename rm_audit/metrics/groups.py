"""Rows of tables → subjects of a grain: which rows belong to whom, and their sums as integers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.book import Book
from rm_audit.book.period import cohort_day
from rm_audit.days import month_of
from rm_audit.metrics.frame import Rows
from rm_audit.tables import COUNT
from rm_audit.vocabulary import PORTFOLIO

Ints = NDArray[np.int64]
_WEEK = 7


@dataclass(frozen=True)
class Groups:
    """Subjects in order of their keys. `codes[table]`: for every row of a table its subject, or -1.

    `counts[table]`: how many each row stands for, where an engine made one row of several; not of the spend, whose
    rows then hold sums.
    """

    keys: pd.DataFrame
    codes: dict[str, Ints]
    counts: Mapping[str, Ints] = field(default_factory=dict)

    @property
    def length(self) -> int:
        return len(self.keys)

    def rows(self, table: str) -> list[Rows]:
        """Positions of the rows of each subject."""
        codes = self.codes[table]
        order = np.argsort(codes, kind="stable")
        bounds = np.searchsorted(codes[order], np.arange(self.length + 1))
        return [order[bounds[i] : bounds[i + 1]].astype(np.int64) for i in range(self.length)]

    def total(self, table: str, values: NDArray[np.integer[Any]]) -> Ints:
        """Integer sums of one value a row, by subject."""
        sums = np.zeros(self.length, dtype=np.int64)
        codes = self.codes[table]
        values = values * self.counts[table] if table in self.counts else values
        np.add.at(sums, codes[codes >= 0], values[codes >= 0])
        return sums


def group(book: Book, grain: Sequence[str], tables: Sequence[str]) -> Groups:
    """Groups rows of several tables by the same keys. A table that lacks a key takes no part."""
    keys = [key for key in grain if key != PORTFOLIO]
    parts = {name: part for name in tables if (part := _keys(book, name, keys)) is not None}
    counts = {name: book.counts(name) for name in parts if name != "spend" and book.has(name, COUNT)}
    if not keys:
        one = pd.DataFrame(index=range(1))
        return Groups(one, {name: np.zeros(len(book.tables[name]), dtype=np.int64) for name in parts}, counts)
    known = pd.concat([part.dropna() for part in parts.values()]) if parts else pd.DataFrame(columns=keys)
    unique = known.drop_duplicates().sort_values(keys).reset_index(drop=True)
    index = pd.MultiIndex.from_frame(unique)
    codes = {
        name: np.asarray(index.get_indexer(pd.MultiIndex.from_frame(part)), dtype=np.int64)
        for name, part in parts.items()
    }
    for name, part in parts.items():
        codes[name][part.isna().any(axis=1).to_numpy()] = -1
    return Groups(unique, codes, counts)


def _keys(book: Book, table: str, keys: Sequence[str]) -> pd.DataFrame | None:
    frame = book.tables.get(table)
    if frame is None:
        return None
    if not keys:
        return pd.DataFrame(index=frame.index)
    columns = {}
    for key in keys:
        values = months(frame, table) if key == "month" else frame.get(key)
        if values is None:
            return None
        columns[key] = values.astype("object").where(values.notna(), None)
    return pd.DataFrame(columns)


def _month(first: int, last: int) -> str | None:
    if last - first < _WEEK:
        return month_of((first + last) // 2)
    return month_of(first) if month_of(first) == month_of(last) else None


def months(frame: pd.DataFrame, table: str) -> pd.Series[str] | None:
    """The month that a row lies in, of a week the one with most of its days; none for a row that spans several."""
    if table == "applications":
        first = last = cohort_day(frame)
    elif "start" in frame:
        first, last = frame["start"], frame["end"].fillna(frame["start"])
    else:
        return None
    unknown = first.isna().to_numpy()
    (one, starts), (other, ends) = (pd.factorize(days.to_numpy(dtype=np.int64, na_value=0)) for days in (first, last))
    # Days repeat, so that each pair of them is looked at once.
    codes, met = pd.factorize(one * max(len(ends), 1) + other)
    names = [_month(int(starts[pair // len(ends)]), int(ends[pair % len(ends)])) for pair in met.tolist()]
    found = np.array([*names, None], dtype=object)[np.where(unknown, -1, codes)]
    return pd.Series(found, dtype="object", index=frame.index)
