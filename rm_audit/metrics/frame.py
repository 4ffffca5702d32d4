"""A frame: the subjects of one grain with their measures, and the table rows that each rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import overload

import numpy as np
from numpy.typing import NDArray

from rm_audit.expr import Column
from rm_audit.sorting import renumbered
from rm_audit.vocabulary import PORTFOLIO

Rows = NDArray[np.int64]
# Judgement: of so many rows those of some subjects are looked for one by one, which is slower and takes no room.
_MANY, _FEW = 1 << 20, 32
_MOST = 1 << 62  # of what fits into an integer


@dataclass(frozen=True)
class Frame:
    """`length` subjects. `columns` are measured names and the grain's keys; `rows[table][i]` are the positions,
    in that table, of the rows that subject i rests on."""

    grain: tuple[str, ...]
    length: int
    columns: Mapping[str, Column]
    rows: Mapping[str, Sequence[Rows]] = field(default_factory=dict)

    def subject(self, row: int) -> dict[str, object]:
        """Who a verdict is about: kind, name, and the value of each key."""
        keys = [key for key in self.grain if key != PORTFOLIO]
        if not keys:
            return {"kind": PORTFOLIO, "name": "the whole book"}
        parts = {key: _plain(self.columns[key], row) for key in keys}
        return {"kind": keys[-1], "name": ", ".join(str(part) for part in parts.values()), **parts}

    def key(self, name: str) -> list[str]:
        """The value of a key of every subject."""
        column = self.columns[name]
        pairs = zip(column.values.tolist(), (column.state != 0).tolist(), strict=True)
        return ["(none)" if gone else str(value) for value, gone in pairs]

    def names(self) -> list[str]:
        """`subject(row)["name"]` of every subject."""
        keys = [key for key in self.grain if key != PORTFOLIO]
        if not keys or not self.length:  # a frame without subjects may lack its keys too
            return ["the whole book"] * self.length
        return [", ".join(parts) for parts in zip(*map(self.key, keys), strict=True)]

    def table_rows(self, table: str, row: int) -> Rows:
        """Positions in `table` of the rows behind a subject; empty where there are none."""
        found = self.rows.get(table)
        return found[row] if found is not None else np.empty(0, dtype=np.int64)


class Parted(Sequence[Rows]):
    """The rows of each of `count` subjects, where a row has one at most: `numbers` says which, -1 is none. There may be
    many rows; they are put in order when somebody asks for those of a subject."""

    def __init__(self, numbers: Rows, count: int) -> None:
        self.numbers, self._count = numbers.astype(np.min_scalar_type(-count - 1)), count
        self._asked = 0

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> Rows: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Rows]: ...
    def __getitem__(self, at: int | slice) -> Rows | Sequence[Rows]:
        self._asked += 1
        if self._asked <= _FEW and len(self.numbers) > _MANY and isinstance(at, int) and 0 <= at < self._count:
            return np.flatnonzero(self.numbers == at)
        return self._rows[at]

    def __iter__(self) -> Iterator[Rows]:
        return iter(self._rows)

    @cached_property
    def _rows(self) -> list[Rows]:
        return by_number(self.numbers, self._count)


def parted(parts: Sequence[Rows], size: int) -> Sequence[Rows]:
    """Parts of `size` rows, by the numbers of the rows where each of these is in one part at most."""
    if isinstance(parts, Parted):
        return parts
    rows, owners = beside(parts)
    if int(marked(size, rows).sum()) < len(rows):
        return parts
    numbers = np.full(size, -1, dtype=np.int64)
    numbers[rows] = owners
    return Parted(numbers, len(parts))


def held(parts: Sequence[Rows], size: int, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of `size` rows are in one of the chosen parts."""
    if isinstance(parts, Parted):
        found: NDArray[np.bool_] = np.append(chosen, False)[parts.numbers]
        return found
    rows, owners = beside(parts)
    return marked(size, rows[chosen[owners]])


def summed(parts: Sequence[Rows], amounts: Rows) -> Rows:
    """Integer sums of an amount a row, by part."""
    sums = np.zeros(len(parts) + 1, dtype=np.int64)
    rows, owners = (slice(None), parts.numbers) if isinstance(parts, Parted) else beside(parts)
    np.add.at(sums, owners, amounts[rows])  # -1 is the last one
    return sums[:-1]


def beside(parts: Sequence[Rows]) -> tuple[Rows, Rows]:
    """Parts in a row, and beside each item the number of its part."""
    if not len(parts):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    return np.concatenate(parts), np.repeat(np.arange(len(parts)), [len(part) for part in parts])


def by_number(numbers: Rows, count: int) -> list[Rows]:
    """Positions of each number from 0 up to, and without, `count`; those of other numbers belong to nobody."""
    # Of so few numbers NumPy counts the order out, which takes a fifth of the time of sorting.
    few = np.where((numbers < 0) | (numbers >= count), count, numbers)
    order = np.argsort(few.astype(np.uint16) if count < 1 << 16 else few, kind="stable")
    ends = np.cumsum(np.bincount(few, minlength=count + 1)[:count])
    return cut(order, [0, *ends.tolist()])


def numbered(size: int, marks: Iterable[Rows]) -> Rows:
    """Groups of rows that no mark tells apart; marks are from 0 up. Numbered by what they are and not by where they
    stand."""
    codes, room = np.zeros(size, dtype=np.int64), 1
    for mark in marks:
        most = int(mark.max(initial=0)) + 1
        if room > _MOST // most:
            codes, room = renumbered(codes, room)
        codes *= most
        codes += mark
        room *= most
    return renumbered(codes, room)[0]


def cut(items: Rows, bounds: Sequence[int]) -> list[Rows]:
    """The parts between bounds that follow each other."""
    return [items[start:end] for start, end in pairwise(bounds)]


def marked(size: int, rows: Rows) -> NDArray[np.bool_]:
    """True at some of `size` places."""
    mask = np.zeros(size, dtype=bool)
    mask[rows] = True
    return mask


def _plain(column: Column, row: int) -> str:
    return "(none)" if column.state[row] else str(column.values[row])
