"""The spend of all sheets as columns of numbers, for asking which of it is the same money."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd

from rm_audit.book.model import Book, SheetRef
from rm_audit.config import Config
from rm_audit.errors import Level, Problem
from rm_audit.numbers import exact_money, units
from rm_audit.tables import SHEET

Ints = np.ndarray[Any, Any]
Pair = tuple[int, int]
NONE = np.iinfo(np.int64).min  # no day
_COPY = re.compile(r"(?:\s*\(\d+\)|[\s_-]*(?:copy|kopie|copie)(?: of)?)+$")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Seen:
    """One sheet of spend. `rank` is its place by file name and place in the file, whatever the order of the call."""

    number: int
    rank: int
    ref: SheetRef
    export: bool
    first: int
    stop: int

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(self.ref.columns["spend"])

    @property
    def naming(self) -> str:
        """Which column says what the money was spent on; none where it is the campaign."""
        return next((name for name in ("channel", "vendor") if name in self.columns), "")

    @property
    def label(self) -> str:
        return f"{self.ref.file}#{self.ref.sheet}".rstrip("#")

    @property
    def stem(self) -> str:
        """The file's name without ending and marks of a copy: 'Spend (1).csv' and 'spend.xlsx' are one."""
        return _COPY.sub("", PurePath(self.ref.file).stem.casefold()) + "#" + self.ref.sheet.casefold()

    @property
    def figures(self) -> tuple[str, ...]:
        """The numbers in the file's name, which may say what time or what account it is of."""
        return tuple(_NUMBER.findall(_COPY.sub("", PurePath(self.ref.file).stem)))


@dataclass
class Sight:
    """`keep` falls as rows are found to be the same money; `reasons` says why. Rows of one sheet stand together.

    A row belongs to a `month` if its first and last day lie in it (-1: it does not). `free` marks the rows that may
    be compared: not those of channels for which the project file says that both count.
    """

    book: Book
    config: Config
    sheet: Ints
    channel: Ints
    names: Sequence[str]
    start: Ints
    end: Ints
    month: Ints
    amount: Ints
    free: Ints
    keep: Ints
    reasons: Ints
    seen: Sequence[Seen]
    doubts: dict[Pair, tuple[int, str]] = field(default_factory=dict)
    settled: set[Pair] = field(default_factory=set)
    notes: list[Problem] = field(default_factory=list)
    columns: dict[str, Ints] = field(default_factory=dict)  # columns of the spend that were asked for

    @property
    def live(self) -> Ints:
        return self.keep & self.free

    @cached_property
    def words(self) -> dict[int, str]:
        """Channel → what the project file says about it by name: export or team."""
        return {number: self.word_of(name) for number, name in enumerate(self.names) if self.word_of(name)}

    def word_of(self, name: str) -> str:
        by_key = {self.book.channels.key(channel): word for channel, word in self.config.overlaps.items() if channel}
        return by_key.get(self.book.channels.key(name), self.config.overlaps.get("", ""))

    def money(self, micros: int) -> str:
        return exact_money(units(micros), self.book.currency or "")

    def drop(self, rows: Ints, reason: str) -> None:
        """Sets rows aside, by their positions."""
        self.reasons[rows[self.keep[rows]]] = reason
        self.keep[rows] = False

    def rows_of(self, seen: Seen) -> Ints:
        """The positions of a sheet's rows that are live."""
        own = slice(seen.first, seen.stop)
        return seen.first + np.flatnonzero(self.keep[own] & self.free[own])

    def figures(self, name: str) -> Ints:
        """A column of counts; what is not known is 0."""
        if name not in self.columns:
            self.columns[name] = self.book.tables["spend"][name].to_numpy(dtype=np.int64, na_value=0)
        return self.columns[name]

    def texts(self, name: str) -> Ints:
        """A column of texts as numbers, one a text, -1 where there is none."""
        if name not in self.columns:
            self.columns[name] = pd.factorize(self.book.tables["spend"][name])[0].astype(np.int64)
        return self.columns[name]

    def measured_apart(self, one: Seen, rows: Ints, others: Sequence[Seen], other_rows: Ints) -> bool:
        """Whether clicks or impressions that all sheets count differ in sum: then equal money is other money."""
        shared = frozenset.intersection(one.columns, *(other.columns for other in others))
        for name in sorted(shared & {"clicks", "impressions"}):
            values = self.figures(name)
            if values[rows].sum() != values[other_rows].sum():
                return True
        return False

    def doubt(self, one: Seen, other: Seen, amount: int, words: str) -> None:
        """The same money, perhaps: the largest doubt about a pair of sheets is the one that is said."""
        pair = pair_of(one, other)
        if amount > self.doubts.get(pair, (0, ""))[0]:
            self.doubts[pair] = (amount, words)

    def settle(self, one: Seen, other: Seen) -> None:
        self.settled.add(pair_of(one, other))

    def note(self, level: Level, code: str, words: str, help: str, at: Seen | None = None) -> None:
        place = (at.ref.file, at.ref.sheet) if at else ()
        self.notes.append(Problem(level, code, words, help, *place))


def pair_of(one: Seen, other: Seen) -> Pair:
    """Two sheets by number, the first by rank first."""
    return (one.number, other.number) if one.rank < other.rank else (other.number, one.number)


def look(book: Book, config: Config) -> Sight | None:
    """The spend as it stands, or None where less than two sheets hold any."""
    spend = book.tables.get("spend")
    if spend is None or len(spend) < 2:
        return None
    sheet = spend[SHEET].to_numpy(dtype=np.int64)
    if sheet[0] == sheet[-1]:
        return None
    channel, names = pd.factorize(spend["channel"])
    start, end = _days(spend)
    amount = spend["amount"].to_numpy(dtype=np.int64, na_value=0)
    sight = Sight(
        book=book,
        config=config,
        sheet=sheet,
        channel=channel,
        names=[str(name) for name in names],
        start=start,
        end=end,
        month=_month(start, end),
        amount=amount,
        free=np.ones(len(sheet), dtype=bool),
        keep=np.ones(len(sheet), dtype=bool),
        reasons=np.full(len(sheet), "", dtype=object),
        seen=_seen(book, sheet),
    )
    both = [number for number, word in sight.words.items() if word == "both"]
    sight.free = ~np.isin(channel, both) if both else sight.free
    if config.overlaps.get("") == "both":
        sight.free &= channel >= 0
    return sight


def _days(spend: pd.DataFrame) -> tuple[Ints, Ints]:
    if "start" not in spend:
        none = np.full(len(spend), NONE)
        return none, none
    start = spend["start"].to_numpy(dtype=np.int64, na_value=NONE)
    end = spend["end"].to_numpy(dtype=np.int64, na_value=NONE) if "end" in spend else start
    return start, np.where(end == NONE, start, end)


def _month(start: Ints, end: Ints) -> Ints:
    first = _month_number(start)
    last = first if np.array_equal(start, end) else _month_number(end)
    return np.where((start == NONE) | (first != last), -1, first)


def _month_number(day: Ints) -> Ints:
    known = np.where(day == NONE, 0, day)
    return known.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _seen(book: Book, sheet: Ints) -> list[Seen]:
    """The sheets that hold spend. They are told apart by name, not by the order in which they were named."""
    shas = {entry.file: entry.sha256 for entry in book.inputs}
    numbers = [int(number) for number in np.unique(sheet)]
    ordered = sorted(numbers, key=lambda n: (book.sheets[n].file, shas.get(book.sheets[n].file, ""), n))
    ranks = {number: rank for rank, number in enumerate(ordered)}
    bounds = (np.searchsorted(sheet, numbers), np.searchsorted(sheet, numbers, side="right"))
    found = [
        Seen(number, ranks[number], ref, ref.export, int(first), int(stop))
        for number, first, stop in zip(numbers, *bounds, strict=True)
        for ref in (book.sheets[number],)
    ]
    return sorted(found, key=lambda seen: seen.rank)


def sums(codes: Ints, amounts: Ints, size: int) -> Ints:
    """The sum of the amounts of each code, in whole numbers."""
    out = np.zeros(size, dtype=np.int64)
    np.add.at(out, codes, amounts)
    return out
