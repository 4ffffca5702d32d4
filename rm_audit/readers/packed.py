"""Rows of a large table, kept as bytes a column and piece: as lists of cells they would need several times the memory.

A row, or a column, becomes cells where somebody looks at it, and is gone when the next one is looked at.
"""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import eq
from typing import TypeVar, overload

from rm_audit.readers.model import Value

PIECE = 1 << 13  # rows that are unpacked together
KEPT = 2  # pieces that stay unpacked: who looks at a row often looks at the ones beside it
Item = TypeVar("Item")


@dataclass
class _Store:
    """All rows: whole pieces as bytes by column, and the last ones as they came."""

    pieces: list[list[bytes]] = field(default_factory=list)
    lengths: array[int] = field(default_factory=lambda: array("L"))
    last: list[list[Value]] = field(default_factory=list)
    unpacked: dict[int, list[list[Value]]] = field(default_factory=dict)

    def append(self, row: list[Value]) -> None:
        self.last.append(row)
        self.lengths.append(len(row))
        if len(self.last) == PIECE:
            width = max(map(len, self.last))
            even = self.last if width == min(map(len, self.last)) else [_padded(row, width) for row in self.last]
            self.pieces.append([pickle.dumps(column) for column in zip(*even, strict=True)])
            self.last = []

    def rows(self, piece: int) -> list[list[Value]]:
        if piece == len(self.pieces):
            return self.last
        if piece not in self.unpacked:
            while len(self.unpacked) >= KEPT:
                del self.unpacked[next(iter(self.unpacked))]
            self.unpacked[piece] = self._unpack(piece)
        return self.unpacked[piece]

    def _unpack(self, piece: int) -> list[list[Value]]:
        columns = [pickle.loads(column) for column in self.pieces[piece]]
        lengths = self.lengths[piece * PIECE : (piece + 1) * PIECE]
        rows = list(map(list, zip(*columns, strict=True))) if columns else [[] for _ in lengths]
        return rows if min(lengths) == len(columns) else [row[:size] for row, size in zip(rows, lengths, strict=True)]

    def between(self, first: int, end: int) -> Iterator[list[Value]]:
        """The rows from `first` up to and without `end`."""
        for piece in range(first // PIECE, -(-end // PIECE)):
            before = piece * PIECE
            yield from self.rows(piece)[max(first - before, 0) : end - before]

    def column(self, place: int, first: int, end: int) -> list[Value]:
        """The cells of a column from row `first` up to and without row `end`; None where a row ends before it."""
        start = first // PIECE
        if end - first < PIECE:  # a small table, whose other columns are asked for, too
            return [row[place] if place < len(row) else None for row in self.between(first, end)]
        cells: list[Value] = []
        for piece in self.pieces[start : -(-end // PIECE)]:
            cells += pickle.loads(piece[place]) if place < len(piece) else [None] * PIECE
        if end > len(self.pieces) * PIECE:
            cells += [row[place] if place < len(row) else None for row in self.last]
        return cells[first - start * PIECE : end - start * PIECE]


def _padded(row: list[Value], width: int) -> list[Value]:
    return [*row, *[None] * (width - len(row))]


class Packed(Sequence[list[Value]]):
    """Rows of cells, as a list has them: a row is made when it is looked at, and a slice is a view of the same rows."""

    def __init__(self, store: _Store | None = None, span: range | None = None) -> None:
        self._store = store or _Store()
        self._span = span
        self.append = self._store.append  # without a call in between, for there are millions

    @property
    def _rows(self) -> range:
        return range(len(self._store.lengths)) if self._span is None else self._span

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> list[Value]: ...

    @overload
    def __getitem__(self, index: slice) -> Packed: ...

    def __getitem__(self, index: int | slice) -> list[Value] | Packed:
        if isinstance(index, slice):
            return Packed(self._store, self._rows[index])
        piece, row = divmod(self._rows[index], PIECE)
        return self._store.rows(piece)[row]

    def __iter__(self) -> Iterator[list[Value]]:
        return self._store.between(self._rows.start, self._rows.stop)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]  # as a list

    def lengths(self, picked: Sequence[int]) -> Sequence[int]:
        """How many cells each of these rows has, which are in order."""
        return self._picked(picked, lambda first, end: self._store.lengths[first:end])

    def column(self, place: int, picked: Sequence[int]) -> list[Value]:
        """The cells of a column in these rows, which are in order; None where a row ends before it."""
        return list(self._picked(picked, lambda first, end: self._store.column(place, first, end)))

    def _picked(self, picked: Sequence[int], between: Callable[[int, int], Sequence[Item]]) -> Sequence[Item]:
        if not picked:
            return []
        first, start = picked[0], self._rows.start
        found = between(start + first, start + picked[-1] + 1)
        return found if len(found) == len(picked) else [found[index - first] for index in picked]


def column_of(rows: Sequence[Sequence[Value]], place: int, first: int) -> list[Value]:
    """The cells of a column from row `first` on; None where a row ends before it."""
    if isinstance(rows, Packed):
        return rows.column(place, range(first, len(rows)))
    return [row[place] if place < len(row) else None for row in rows[first:]]


class Columns(Sequence[Sequence[Value]]):
    """The first `width` columns of some rows of a packed table; of rows in `instead`, by their position, they hold
    those cells."""

    def __init__(self, rows: Packed, picked: Sequence[int], instead: Mapping[int, Sequence[Value]], width: int) -> None:
        self._rows, self._picked, self._instead, self._width = rows, picked, instead, width
        self._last: tuple[int, list[Value]] = (-1, [])

    def __len__(self) -> int:
        return self._width

    @overload
    def __getitem__(self, index: int) -> list[Value]: ...

    @overload
    def __getitem__(self, index: slice) -> list[list[Value]]: ...

    def __getitem__(self, index: int | slice) -> list[Value] | list[list[Value]]:
        if isinstance(index, slice):
            return [self[place] for place in range(self._width)[index]]
        index = range(self._width)[index]
        if self._last[0] != index:
            self._last = (index, self.first(index, len(self._picked)))
        return self._last[1]

    def first(self, place: int, count: int) -> list[Value]:
        """So many cells of a column, from the top."""
        cells = self._rows.column(place, self._picked[:count])
        for position, other in self._instead.items():
            if position < count:
                cells[position] = other[place] if place < len(other) else None
        return cells
