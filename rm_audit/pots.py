"""Money in groups: rows of a table that no rule in force tells apart are one, so that claims need no rows.

A report stores the groups, and new thresholds can be tried without the files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.metrics.context import Context
from rm_audit.metrics.frame import Frame, Parted, Rows, beside, by_number, cut, marked, numbered, parted, summed
from rm_audit.metrics.frames import RECENT, narrowed
from rm_audit.metrics.groups import months, of_one_kind
from rm_audit.rulebook.model import Rule
from rm_audit.tables import MONEY_COLUMN
from rm_audit.words import coded

Grain = tuple[str, ...]
_NONE = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Pot:
    """The money of one table in groups, in micro-units, credits netted.

    `rows[grain][i]` are the groups of subject i; `named` says of a named set of rows which groups it holds.
    """

    amounts: Rows
    rows: Mapping[Grain, Sequence[Rows]]
    named: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)

    def sums(self, grain: Grain) -> Rows:
        """The money of each subject, in micro-units. Added up once a grain."""
        if grain not in self._sums:
            self._sums[grain] = summed(self.rows.get(grain, ()), self.amounts)
        return self._sums[grain]

    @cached_property
    def _sums(self) -> dict[Grain, Rows]:
        return {}

    def of(self, grain: Grain, row: int, name: str = "") -> Rows:
        """The groups of a subject, or those of them that are in a named set."""
        found = self.rows[grain][row] if grain in self.rows else _NONE
        return found[self.named[name][found]] if name else found


def pots_of(rules: Sequence[Rule], frames: Mapping[Grain, Frame], ctx: Context) -> dict[str, Pot]:
    """The money of spend, plan and contracts in the groups that these rules need."""
    money = [rule for rule in rules if rule.money is not None]
    found = {}
    for table, column in MONEY_COLUMN.items():
        if not ctx.book.has(table, column):
            continue
        parts = {rule.grain: frames[rule.grain] for rule in money}
        rows = {grain: part.rows[table] for grain, part in parts.items() if table in part.rows}
        names = {rule.money.rows for rule in money if rule.money and rule.money.rows} if table == "spend" else set()
        names |= {RECENT} if table == "spend" else set()
        found[table] = _pot(netted(ctx.book.tables[table], column), rows, sorted(names), ctx)
    return found


def _pot(amounts: Rows, rows: Mapping[Grain, Sequence[Rows]], names: Sequence[str], ctx: Context) -> Pot:
    everything = np.arange(len(amounts), dtype=np.int64)
    masks = {name: marked(len(amounts), narrowed(ctx, everything, name)) for name in names}
    told = chain.from_iterable(
        _marks(len(amounts), parts) for parts in rows.values()
    )  # one at a time: there may be many
    codes = numbered(len(amounts), chain(told, (mask.astype(np.int64) for mask in masks.values())))
    count = int(codes.max()) + 1 if len(codes) else 0
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, codes, amounts)
    named = {name: marked(count, codes[mask]) for name, mask in masks.items()}
    found = {grain: _distinct(codes, count, parts) for grain, parts in rows.items()}
    return Pot(sums, found, named)


def _distinct(codes: Rows, count: int, parts: Sequence[Rows]) -> Sequence[Rows]:
    """The groups of each subject's rows, each group once and in order."""
    parts = parted(parts, len(codes))
    if isinstance(parts, Parted):  # then each group is of one subject too
        owner = np.full(count, -1, dtype=parts.numbers.dtype)
        owner[codes] = parts.numbers
        return Parted(owner, len(parts))
    rows, owners = beside(parts)
    both = pd.unique(owners * count + codes[rows])
    both.sort()
    return cut(both % count, np.searchsorted(both, np.arange(len(parts) + 1) * count).tolist())


def _marks(size: int, subjects: Sequence[Rows]) -> Iterator[Rows]:
    """What tells rows of several subjects apart. A row may belong to several: spend, to several contracts of a
    vendor."""
    subjects = parted(subjects, size)
    if isinstance(subjects, Parted):
        yield subjects.numbers.astype(np.int64) + 1
        return
    for rows in subjects:
        yield marked(size, rows).astype(np.int64)


def netted(frame: pd.DataFrame, column: str) -> Rows:
    """The amounts of a table; credits are taken off the rows of their channel, campaign and month, and what they leave
    is never negative."""
    amounts = frame[column].fillna(0).to_numpy(dtype=np.int64)
    net: Rows = np.maximum(amounts, 0)
    if (amounts >= 0).all():
        return net
    kinds = _kinds(frame)
    owing = marked(int(kinds.max()) + 1, kinds[amounts < 0])
    among = np.flatnonzero(owing[kinds])
    numbers = (np.cumsum(owing) - 1)[kinds[among]]
    for part in by_number(numbers, int(owing.sum())):
        rows = among[part]
        kept = max(int(amounts[rows].sum()), 0)
        net[rows] = spread(kept, net[rows])
    return net


def _kinds(frame: pd.DataFrame) -> Rows:
    """Rows of one channel, campaign and month have one number."""
    month = months(frame, "spend")
    keys = [coded(frame[name]) for name in ("channel", "campaign") if name in frame]
    parts = [(codes, len(names)) for codes, names in (*keys, *([] if month is None else [month]))]
    return of_one_kind([(np.zeros(len(frame), dtype=np.int64), 1), *parts])


def spread(amount: int, over: Rows) -> Rows:
    """An amount in proportion to non-negative parts, in integers that add up to it exactly; never more than a part."""
    total = int(over.sum())
    if not total:
        return np.zeros(len(over), dtype=np.int64)
    # Python integers: a product of two sums in micro-units does not fit in 64 bits.
    shares = np.array([amount * part // total for part in over.tolist()], dtype=np.int64)
    short = amount - int(shares.sum())
    for position in np.argsort(-(over - shares), kind="stable") if short else ():
        step = min(short, int(over[position] - shares[position]))
        shares[position] += step
        short -= step
        if not short:
            break
    return shares
