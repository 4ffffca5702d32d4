"""Rows of tables → subjects of a grain: which rows belong to whom, and their sums as integers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.book import Book
from rm_audit.book.period import cohort_day
from rm_audit.metrics.frame import Parted
from rm_audit.sorting import renumbered
from rm_audit.tables import COUNT
from rm_audit.vocabulary import PORTFOLIO
from rm_audit.words import Coded, coded

Ints = NDArray[np.int64]
Texts = NDArray[np.object_]
_WEEK = 7
_NO_DAY = np.iinfo(np.int32).min
_NO_MONTH = np.iinfo(np.int64).min  # before all others


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

    def rows(self, table: str) -> Parted:
        """Positions of the rows of each subject."""
        return Parted(self.codes[table], self.length)

    def total(self, table: str, values: NDArray[np.integer[Any]]) -> Ints:
        """Integer sums of one value an application or other thing, by subject: a row may stand for several."""
        return self.summed(table, values * self.counts[table] if table in self.counts else values)

    def tally(self, table: str, hits: NDArray[np.bool_]) -> Ints:
        """How many applications or other things are hit, by subject."""
        if not hits.any():
            return np.zeros(self.length, dtype=np.int64)
        known = self._known(table)
        rows = hits if known is None else hits & known
        codes = self.codes[table] if rows.all() else self.codes[table][rows]
        # As floats these sums are exact up to 2**53.
        weight = self.counts[table][rows] if table in self.counts else None
        return np.bincount(codes, weight, self.length).astype(np.int64)

    def summed(self, table: str, values: NDArray[np.integer[Any]]) -> Ints:
        """Integer sums of one value a row, by subject."""
        sums = np.zeros(self.length, dtype=np.int64)
        codes = self.codes[table]
        known = self._known(table)
        if self.length == 1 and known is None:  # the whole book: one by one it would take ten times as long
            sums[0] = values.sum()
            return sums
        np.add.at(sums, *((codes, values) if known is None else (codes[known], values[known])))
        return sums

    def sizes(self, table: str) -> Ints:
        """How many applications or other things each subject has. Added up once."""
        if table not in self._sizes:
            self._sizes[table] = self.tally(table, np.ones(len(self.codes[table]), dtype=bool))
        return self._sizes[table]

    def _known(self, table: str) -> NDArray[np.bool_] | None:
        """The rows that have a subject; None where all have."""
        if table not in self._seen:
            known = self.codes[table] >= 0
            self._seen[table] = None if known.all() else known
        return self._seen[table]

    @cached_property
    def _sizes(self) -> dict[str, Ints]:
        return {}

    @cached_property
    def _seen(self) -> dict[str, NDArray[np.bool_] | None]:
        return {}


def group(book: Book, grain: Sequence[str], tables: Sequence[str]) -> Groups:
    """Groups rows of several tables by the same keys. A table that lacks a key takes no part."""
    keys = [key for key in grain if key != PORTFOLIO]
    parts = {name: part for name in tables if (part := _coded(book, name, keys)) is not None}
    counts = {name: _small(book.counts(name)) for name in parts if name != "spend" and book.has(name, COUNT)}
    sizes = {name: len(book.tables[name]) for name in parts}
    if not keys:
        one = pd.DataFrame(index=range(1))
        return Groups(one, {name: np.zeros(size, dtype=np.int64) for name, size in sizes.items()}, counts)
    columns, codes = _numbered([[part[number] for part in parts.values()] for number in range(len(keys))])
    own = dict(zip(parts, np.split(codes, np.cumsum([*sizes.values()])[:-1]), strict=True)) if parts else {}
    return Groups(pd.DataFrame(dict(zip(keys, columns, strict=True)), dtype=object), own, counts)


def _small(counts: Ints) -> Ints:
    found: Ints = counts.astype(np.min_scalar_type(int(counts.max(initial=0))))
    return found


def several(groups: Groups, table: str, key: str, book: Book, rows: NDArray[np.bool_]) -> Ints:
    """How many different texts of a column each subject has in these rows."""
    texts = _by_name(book, table, key)
    if texts is None:
        return np.zeros(groups.length, dtype=np.int64)
    own = groups.codes[table]
    known = rows & (own >= 0) & (texts.codes >= 0)
    pairs = pd.unique(own[known] * max(len(texts.names), 1) + texts.codes[known].astype(np.int64))
    return np.bincount(pairs // max(len(texts.names), 1), minlength=groups.length).astype(np.int64)


def alike(book: Book, table: str, keys: Sequence[str], marks: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Rows that have the same texts and the same mark are of one kind: the kind of each row, in the order in which
    they are met, and the first row of each kind."""
    known = [texts for key in keys if (texts := _by_name(book, table, key)) is not None]
    kinds = of_one_kind([*((texts.codes, len(texts.names)) for texts in known), (marks.astype(np.int8), 2)])
    first = np.empty(int(kinds.max(initial=-1)) + 1, dtype=np.int64)
    first[kinds[::-1]] = np.arange(len(kinds))[::-1]  # of several the last one stays, which is the first row
    met = np.argsort(first)
    places = np.empty(len(met), dtype=np.int64)
    places[met] = np.arange(len(met))
    return places[kinds], first[met]


def of_one_kind(parts: Iterable[tuple[Ints, int]]) -> Ints:
    """Rows that have the same codes have one number, from 0 up. Parts are codes with how many there may be; -1, an
    unknown one, is one of them."""
    found, count = np.zeros(1, dtype=np.int64), 1
    for codes, size in parts:
        found, count = renumbered(found * (size + 1) + codes + 1, count * (size + 1))
    return found


def _numbered(keys: Sequence[Sequence[Coded]]) -> tuple[list[Texts], Ints]:
    """Rows numbered by what their keys are together, in the order of the keys; -1 where one is unknown. `keys` are the
    parts of each key; the first value are the keys of each number."""
    merged = [_merged(parts) for parts in keys]
    if len(merged) == 1:  # its names are sorted, and all of them met
        return [merged[0].names], merged[0].codes.astype(np.int64)
    together, count = np.zeros(len(merged[0].codes), dtype=np.int64), 1
    for codes, names in merged:
        gone = (codes < 0) | (together < 0)
        together *= max(len(names), 1)
        together += codes
        together[gone] = -1
        together, count = renumbered(together, count * max(len(names), 1))
    first = np.full(int(together.max(initial=-1)) + 1, -1, dtype=np.int64)
    first[together[together >= 0]] = np.flatnonzero(together >= 0)
    return [names[codes[first]] for codes, names in merged], together.astype(np.int64)


def _merged(parts: Sequence[Coded]) -> Coded:
    """The codes of several tables' rows in a row, by the names of all of them."""
    names = np.array([*sorted({name for part in parts for name in part.names}), None], dtype=object)[:-1]
    place = {name: number for number, name in enumerate(names)}
    if len(parts) == 1 and np.array_equal(names, parts[0].names):
        return parts[0]
    kind = np.min_scalar_type(-len(names) - 1)  # there may be many rows
    codes = [np.array([*(place[name] for name in part.names), -1], dtype=kind)[part.codes] for part in parts]
    return Coded(codes[0] if len(codes) == 1 else np.concatenate([*codes, np.empty(0, dtype=kind)]), names)


def _coded(book: Book, table: str, keys: Sequence[str]) -> list[Coded] | None:
    """The rows of a table under each key; None where the book lacks one of them."""
    if table not in book.tables:
        return None
    found = [_by_name(book, table, key) for key in keys]
    return None if None in found else [one for one in found if one is not None]


def _by_name(book: Book, table: str, key: str) -> Coded | None:
    """Looked at once: several grains have the same key."""

    def look() -> Coded | None:
        frame = book.tables[table]
        found = months(frame, table) if key == "month" else coded(frame[key]) if key in frame else None
        if found is None:
            return None
        # It is kept, and there may be many rows.
        return Coded(found.codes.astype(np.min_scalar_type(-len(found.names) - 1)), found.names)

    return book.once(("by name", table, key), [table], look)


def months(frame: pd.DataFrame, table: str) -> Coded | None:
    """The month that a row lies in, of a week the one with most of its days; none for a row that spans several."""
    if table == "applications":
        return _months_of_days(cohort_day(frame).to_numpy(dtype=np.int32, na_value=_NO_DAY))
    if "start" in frame:
        first, last = frame["start"], frame["end"].fillna(frame["start"])
    else:
        return None
    one, other = (days.to_numpy(dtype=np.int64, na_value=0) for days in (first, last))
    short = other - one < _WEEK
    number = month_numbers(np.where(short, (one + other) // 2, one))
    unknown = first.isna().to_numpy(dtype=bool) | (~short & (number != month_numbers(other)))
    codes, met = pd.factorize(np.where(unknown, _NO_MONTH, number), sort=True)
    gone = int(len(met) > 0 and met[0] == _NO_MONTH)
    names = np.array([*map(month_name, met[gone:].tolist()), None], dtype=object)[:-1]
    return Coded(codes.astype(np.int64) - gone, names)


def _months_of_days(days: NDArray[np.integer[Any]]) -> Coded:
    """The month of each day, of which there may be many: each that there may be is looked at once."""
    known = days != _NO_DAY
    if not known.any():
        return Coded(np.full(len(days), -1, dtype=np.int64), np.empty(0, dtype=object))
    low, high = (int(end) for end in (days[known].min(), days.max()))
    met = np.zeros(high - low + 2, dtype=bool)
    met[days[known] - low] = True
    numbers, codes = np.unique(month_numbers(low + np.flatnonzero(met)), return_inverse=True)
    places = np.full(len(met), -1, dtype=np.min_scalar_type(-len(numbers) - 1))  # there may be many rows
    places[np.flatnonzero(met)] = codes  # the last one is no day
    names = np.array([*map(month_name, numbers.tolist()), None], dtype=object)[:-1]
    return Coded(places[np.where(known, days - low, -1)], names)


def month_numbers(days: NDArray[np.integer[Any]]) -> Ints:
    """The months of days, counted from January 1970."""
    low, high = (int(days.min()), int(days.max())) if len(days) else (0, 0)
    if high - low < len(days):  # there are fewer days than rows: each is looked at once
        numbers: Ints = _month_numbers(np.arange(low, high + 1))[days - low]
        return numbers
    return _month_numbers(days)


def _month_numbers(days: NDArray[np.integer[Any]]) -> Ints:
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def month_name(number: int) -> str:
    """A month by its number, as `2026-03`."""
    return f"{1970 + number // 12}-{number % 12 + 1:02}"
