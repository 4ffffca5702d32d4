"""Total rows: by what they are called together with what they add up, never by a name alone.

A row is a total where its name says so and its amount is the sum of rows beside it; where a name says so and it stands
beside no key (`Total: Account` in a report of campaigns); where it has no key and is such a sum; and where it has a
key, and two measures at once, or every group of the sheet, add up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from rm_audit.tables import MICROS

CENT = MICROS // 100
LONGEST = 40  # judgement: groups in team sheets are shorter
LONG, RARE = 10_000, 1_000  # judgements: in fewer rows chance makes none; in a table with groups one row of 40 is a sum
_PUNCTUATION = str.maketrans(dict.fromkeys("'\".:;,-–—*#=()[]/&", " "))
Amounts = Sequence[int | None]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TotalRow:
    """A row that sums others: its position, and by how much it differs from them (micro-units)."""

    position: int
    difference: int = 0


@dataclass
class Names:
    """What the rows of a block are called: positions whose name says total, or only that, and those without a key."""

    said: set[int] = field(default_factory=set)
    bare: set[int] = field(default_factory=set)
    whole: set[int] = field(default_factory=set)  # called a total, and of nothing in particular
    account: set[int] = field(default_factory=set)
    beside: set[int] = field(default_factory=set)  # the word stands in a column that names nothing
    keyless: set[int] = field(default_factory=set)
    alike: Callable[[int], bool] = lambda _position: False  # named in every way as the row above or below is
    sure: set[int] = field(default_factory=set)  # the workbook itself says so: a table's total row, a sum of the column


@lru_cache(maxsize=8)
def quick_look(words: frozenset[str]) -> Callable[[Sequence[str]], list[str]]:
    """Which texts may be a total's name at all, by their first and last word: most texts of a large sheet are none."""
    edges = {edge for word in words for edge in (word.split()[0], word.split()[-1])} | {"result", "results"}

    def may_be(text: str) -> bool:
        found = text.casefold().translate(_PUNCTUATION).split()
        return bool(found) and (found[0] in edges or found[-1] in edges)

    def which(texts: Sequence[str]) -> list[str]:
        met = set(" ".join(texts).casefold().translate(_PUNCTUATION).split())
        return [] if met.isdisjoint(edges) else [text for text in texts if may_be(text)]

    return which


@lru_cache(maxsize=8)
def total_words(words: frozenset[str]) -> re.Pattern[str]:
    """Texts that begin or end with a word for a total: 'Total: Account', 'Boards total', 'Results from 4 campaigns'."""
    listed = "|".join(re.escape(word).replace(r"\ ", r"[\s-]+") for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"\W*(?:(?:{listed})(?!\w)|results? from \d+\b).*|.*(?<!\w)(?:{listed})\W*", re.DOTALL)


def find_totals(measures: Sequence[Amounts], names: Names) -> list[TotalRow]:
    """Rows that are sums of others. `measures[0]` are the amounts; further ones (clicks, months) confirm."""
    amounts = measures[0]
    if not amounts:
        return []
    table = np.array([[value or 0 for value in column] if None in column else column for column in measures], np.int64)
    found = {position: TotalRow(position) for position in _unnamed_groups(table, names)}
    upto = np.concatenate([np.zeros((len(table), 1), dtype=np.int64), np.cumsum(table, axis=1)], axis=1)
    below = _below(table[0], sorted(names.said | names.keyless | names.sure))
    taken, last = np.zeros(len(table), dtype=np.int64), 0  # what totals hold so far, and the row after the last of them
    for position in sorted({*names.said, *names.keyless, *names.sure, *found}):
        sums = upto[:, position] - taken, upto[:, position] - upto[:, last]  # of all rows above, of those since a total
        total = found.get(position) or (
            None if amounts[position] is None else _total(table, position, sums, below[:, position], names, found)
        )
        if total is not None:
            found[position] = total
            taken, last = taken + table[:, position], position + 1
    return [found[position] for position in sorted(found)]


def _total(
    table: Numbers, position: int, sums: tuple[Numbers, Numbers], below: Numbers, names: Names, found: Container[int]
) -> TotalRow | None:
    """A named row as a total; None where it is none, or only happens to cost as much as the rows above."""
    every = [int(sums[0][0]), int(sums[1][0]), *below.tolist()]
    difference = _difference(table[0], position, every, names, found)
    surely = position in names.bare or position in names.beside or position in names.sure
    if difference is None or (not surely and _is_chance(table[:, position], sums)):
        return None
    return TotalRow(position, difference)


def _is_chance(own: Numbers, sums: tuple[Numbers, Numbers]) -> bool:
    """Whether clicks or a month say that a row named like a total, such as 'Total Rewards', is none."""
    matched = [total[1:] for total in sums if total[0] and abs(own[0] - total[0]) < CENT]
    near = any((np.abs(own[1:] - total) <= np.abs(total) // 20).any() for total in matched)  # some counts are masked
    return bool(own[1:].any()) and bool(matched) and not near


def _difference(known: Numbers, position: int, sums: Iterable[int], names: Names, found: Container[int]) -> int | None:
    """How far a named row is from the nearest sum that it could be; None where it is no total."""
    amount = int(known[position])
    sums = [total for total in sums if total]
    exact = any(abs(amount - total) < CENT for total in sums)
    if exact or amount == 0 or _is_run(known, position, names, found):
        return 0 if amount or position in names.said | names.sure else None
    nearest = min((amount - total for total in sums), key=abs, default=0)
    beside = position in names.beside and position in names.keyless
    ends = position in names.bare and (position + 1 >= len(known) - 4 or position == 0)
    close = position in names.said and abs(nearest) <= max(CENT * 50, amount // 1000)
    return nearest if beside or ends or close or position in names.sure else None


def _below(known: Numbers, named: Sequence[int]) -> Numbers:
    """Two sums for every row: of those below it to the next named one, and of those to the end without named ones."""
    size, alone = len(known), known.copy()
    alone[named] = 0
    upto, unnamed = (np.concatenate([[0], np.cumsum(values)]) for values in (known, alone))
    rows = np.arange(size)
    stops = np.array([*named, size])[np.searchsorted(named, rows, side="right")]
    return np.stack([upto[stops] - upto[rows + 1], unnamed[size] - unnamed[rows + 1]])


def _is_run(known: Numbers, position: int, names: Names, found: Container[int]) -> bool:
    """Whether the amount is the sum of a run of rows, but for totals, that ends above it or begins below it."""
    amount = int(known[position])
    for step in (-1, 1):
        total = 0
        for count in range(1, LONGEST):
            beside = position + step * count
            if not 0 <= beside < len(known):
                break
            if beside in found or (names.account and beside in names.said):
                continue
            total += int(known[beside])
            if abs(total - amount) < CENT and count >= 2:
                return True
    return False


def _unnamed_groups(table: Numbers, names: Names) -> set[int]:
    """Rows with an ordinary name whose amount is a group's: two measures say so at once, or all groups of the sheet."""
    known, others = table[0], table[1:]
    if len(known) < 4 or (known <= 0).all():
        return set()
    confirmed: set[int] = set()
    for step in (1, -1):
        found = runs(known, step)
        found = {p: length for p, length in found.items() if p not in names.said}
        kept = {p: length for p, length in found.items() if not contradicted(others, p, step, length)}
        sure = {p for p, length in kept.items() if _confirmed(known, others, p, step, length)}
        confirmed |= set() if is_chance(len(sure), len(known)) else sure
        if _in_cents(known, kept):
            confirmed |= _tiled(kept, len(known), step, names)
    # One more week of the same is no sum.
    return {position for position in sorted(confirmed) if not names.alike(position)}


def is_chance(found: int, rows: int) -> bool:
    """Whether so few rows of so many that happen to be the sum of their neighbours are no subtotals: of a million rows
    with an amount and clicks some are, and a table with subtotals has one every few dozen rows."""
    return rows > LONG and found * RARE < rows


def contradicted(others: Iterable[Numbers], position: int, step: int, length: int) -> bool:
    """Whether clicks, or a month, are no sum where the amounts happen to be one."""
    return any(_sum_of(other, position, step, length) != other[position] for other in others)


def _confirmed(known: Numbers, others: Iterable[Numbers], position: int, step: int, length: int) -> bool:
    """Whether another measure says so on its own: the same fee in every month is one coincidence and not twelve."""
    first, last = sorted((position, position + step * length))
    amounts = known[first : last + 1].astype(float)
    free = [other[first : last + 1] for other in others if other[position]]
    return any(len({round(b / a, 6) for a, b in zip(amounts, other, strict=True) if a}) > 2 for other in free)


def _in_cents(known: Numbers, heads: dict[int, int]) -> bool:
    """Whether the sums have cents: round fees add up to each other by chance."""
    return sum(int(known[p]) % MICROS != 0 for p in heads) * 2 > len(heads)


def runs(known: Numbers, step: int) -> dict[int, int]:
    """Position → length of the shortest run of at least two rows beside it that it is the sum of."""
    return _runs(known.tobytes(), step)


@lru_cache(maxsize=4)  # totals and doubts ask the same of the same amounts
def _runs(amounts: bytes, step: int) -> dict[int, int]:
    known = np.frombuffer(amounts, dtype=np.int64)
    values = known if step == 1 else known[::-1]
    sums = np.concatenate([[0], np.cumsum(values)])
    found: dict[int, int] = {}
    size = len(values)
    for length in range(2, min(LONGEST, size - 1) + 1):
        heads = np.arange(size - length)
        equal = np.abs(sums[heads + 1 + length] - sums[heads + 1] - values[heads]) < CENT
        for position in np.flatnonzero(equal & (values[heads] > 0)).tolist():
            found.setdefault(position if step == 1 else size - 1 - position, length)
    return found


def _sum_of(values: Numbers, position: int, step: int, length: int) -> int:
    first, last = sorted((position + step, position + step * length))
    return int(values[first : last + 1].sum())


def _tiled(runs: dict[int, int], size: int, step: int, names: Names) -> set[int]:
    """All heads, where groups of a head and its rows cover the sheet from end to end but for named totals."""
    position = 0 if step == 1 else size - 1
    heads: set[int] = set()
    while 0 <= position < size:
        if position in names.said or position in names.sure:
            position += step
            continue
        if position not in runs:
            return set()
        heads.add(position)
        position += step * (runs[position] + 1)
    return heads if len(heads) >= 2 else set()


def sums_neighbours(amounts: Sequence[int], position: int, least: int = 2, most: int = 40) -> bool:
    """Whether an amount is the sum of a run of at least two amounts right above it, or right below it."""
    amount = amounts[position]
    for step in (1, -1):
        total = 0
        for count in range(1, most + 1):
            beside = position + step * count
            if amount <= 0 or not 0 <= beside < len(amounts) or amounts[beside] <= 0:
                break
            total += amounts[beside]
            if abs(total - amount) < CENT and count >= least:
                return True
            if total > amount:
                break
    return False
