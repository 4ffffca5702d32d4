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
Texts = NDArray[np.object_]
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
    columns, codes = _numbered([[part[key] for part in parts.values()] for key in keys])
    ends = np.cumsum([len(part[keys[0]]) for part in parts.values()])[:-1]
    own = dict(zip(parts, np.split(codes, ends), strict=True)) if parts else {}
    return Groups(pd.DataFrame(dict(zip(keys, columns, strict=True)), dtype=object), own, counts)


def _numbered(keys: Sequence[Sequence[Texts]]) -> tuple[list[Texts], Ints]:
    """Rows numbered by what their keys are together, in the order of the keys; -1 where one is unknown. `keys` are the
    parts of each key; the first value are the keys of each number."""
    whole = [np.concatenate([*parts, np.empty(0, dtype=object)]) for parts in keys]
    together = np.zeros(len(whole[0]), dtype=np.int64)
    for texts in whole:
        codes, names = pd.factorize(texts, sort=True)
        both = np.where((codes < 0) | (together < 0), -1, together * max(len(names), 1) + codes)
        kept, together = np.unique(both, return_inverse=True)
        together -= int(len(kept) > 0 and kept[0] < 0)
    first = np.full(int(together.max(initial=-1)) + 1, -1, dtype=np.int64)
    first[together[together >= 0]] = np.flatnonzero(together >= 0)
    return [texts[first] for texts in whole], together.astype(np.int64)


def _keys(book: Book, table: str, keys: Sequence[str]) -> dict[str, Texts] | None:
    """The texts of a table's rows under each key, None where a row has none."""
    frame = book.tables.get(table)
    if frame is None:
        return None
    columns: dict[str, Texts] = {}
    for key in keys:
        values = months(frame, table) if key == "month" else frame.get(key)
        if values is None:
            return None
        columns[key] = values.astype("object").to_numpy(dtype=object)
    return columns


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
