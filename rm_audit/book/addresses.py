"""The addresses behind a verdict: many cells of a book, in order, as a few texts such as `plan.xlsx#Spend!D7:D9`.

A cell travels as one number (its sheet, then its column, then its row), so that cells are put in order, counted once
and joined to ranges by arithmetic on whole columns.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.book.model import Book
from rm_audit.cells import MAX_CELLS, MOST_ROWS, Cell
from rm_audit.tables import AGAIN, AMOUNT_COLUMN, MAIN_COLUMN, ROW, SHEET

Keys = NDArray[np.int64]
_DOWN, _ACROSS = 30, 18  # bits of a row and of a column; 15 are left for the sheet
_COLUMN = _DOWN + _ACROSS
_PIECE = 1 << 20  # rows; judgement


class Addresses:
    """The cells of one book as numbers and as text."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._names = sorted({(ref.file, ref.sheet) for ref in book.sheets})
        rank = {name: number for number, name in enumerate(self._names)}
        self._ranks = np.array([rank[ref.file, ref.sheet] for ref in book.sheets], dtype=np.int64)
        self._turned = np.array([ref.turned for ref in book.sheets], dtype=bool)
        self._spans = {(ref.file, ref.sheet): ref.span for ref in book.sheets if ref.span[1]}
        self._columns: dict[tuple[str, str], Keys] = {}

    def keys(self, table: str, column: str, positions: Keys) -> Keys:
        """The cells of a column of a table in these rows; none where a sheet has no such column, or nothing in it."""
        if table not in self._book.tables or not len(positions):
            return np.empty(0, dtype=np.int64)
        frame = self._book.tables[table]
        if len(frame) > _PIECE:
            # A whole column would take several times its room; and rows that were added up share a cell.
            pieces = range(0, len(positions), _PIECE)
            parts = [self._column(table, column, frame.take(positions[at : at + _PIECE])) for at in pieces]
            found = np.concatenate([np.unique(part) for part in parts])
            return found[found >= 0]
        if (table, column) not in self._columns:
            self._columns[table, column] = self._column(table, column, frame)
        found = self._columns[table, column][positions]
        return found[found >= 0]

    def _column(self, table: str, column: str, frame: pd.DataFrame) -> Keys:
        """The cell of every row of a table, or of some of them; -1 where there is none."""
        numbers, rows = (frame[name].to_numpy(dtype=np.int64) for name in (SHEET, ROW))
        there = np.ones(len(frame), dtype=bool)
        again = column == "person" and AGAIN in frame
        if column == MAIN_COLUMN[table] or again:
            own = frame[AMOUNT_COLUMN].to_numpy(dtype=np.int64, na_value=0)
            there = (frame[AGAIN].fillna(0) > 0).to_numpy() if again else there  # a person's own cell is never shown
        else:
            own = np.array([ref.columns.get(table, {}).get(column) or 0 for ref in self._book.sheets])[numbers]
            there = frame[column].notna().to_numpy() if column in frame else there
        turned = self._turned[numbers]
        across, down = np.where(turned, rows, own), np.where(turned, own, rows)
        keys: Keys = (self._ranks[numbers] << _COLUMN) | (across << _DOWN) | down
        return np.where((own > 0) & there, keys, -1)

    def texts(self, groups: Iterable[Keys], most: int = MAX_CELLS) -> tuple[Sequence[str], Mapping[str, Sequence[int]]]:
        """Cells as text, group by group (a group is what one measure rests on), in sheet order inside a group.

        Past `most`, runs down a column become ranges; a group with too many runs becomes one range a column, from its
        first row to its last. Such a range holds cells of others too: the first MOST_ROWS rows that are meant come
        beside.
        """
        parts = [np.unique(group) for group in groups if len(group)]
        if sum(map(len, parts)) <= most:
            return list(dict.fromkeys(self._text(part[at : at + 1]) for part in parts for at in range(len(part)))), {}
        breaks = [np.flatnonzero(np.diff(part) != 1) + 1 for part in parts]
        runs: list[list[Keys]] = [[] for _ in parts]
        left = most
        for count, position in enumerate(sorted(range(len(parts)), key=lambda index: len(breaks[index]))):
            fair = max(1, left // (len(parts) - count))  # those with few runs keep them, the rest share what is left
            kept = len(breaks[position]) < fair
            runs[position] = np.split(parts[position], breaks[position] if kept else _columns(parts[position]))
            left -= len(runs[position])
        texts = list(dict.fromkeys(self._text(run) for group in runs for run in group))[:most]
        gaps = [run for group in runs for run in group if run[-1] - run[0] >= len(run) and _row(int(run[0]))]
        return texts, {self._text(run): array("i", map(_row, run[:MOST_ROWS].tolist())) for run in gaps}

    def _text(self, run: Keys) -> str:
        """One cell, or a range down a column. Row 0 is all rows of a file that an engine added up."""
        first, last = int(run[0]), int(run[-1])
        file, sheet = self._names[first >> _COLUMN]
        column = (first >> _DOWN) & ((1 << _ACROSS) - 1)
        rows = (_row(first), _row(last)) if _row(first) else self._spans[file, sheet]
        return str(Cell(file, sheet, column, rows[0], rows[1] if rows[1] != rows[0] else 0))


def _row(key: int) -> int:
    return key & ((1 << _DOWN) - 1)


def _columns(part: Keys) -> Keys:
    """Where another column begins: there is one range a column, from the first row to the last."""
    return np.flatnonzero(np.diff(part >> _DOWN)) + 1
