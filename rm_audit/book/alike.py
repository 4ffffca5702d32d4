"""Two sheets that give channels the same sums in the same months."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rm_audit.book.cards import LEAVE_OUT
from rm_audit.book.sight import Ints, Seen, Sight

_STEP = 1_000_000  # no calendar has so many months


def settle_alike(sight: Sight) -> None:
    """Where every channel and month that two sheets share is equal in both, and two sums differ, it is one money.

    One equal sum, or a flat one in every month, may be chance: regions pay the same fee. It is a doubt.
    """
    table, codes = _table(sight)
    if table is None:
        return
    have, amounts = table
    order = sorted(range(len(sight.seen)), key=lambda place: _preference(sight.seen[place]))
    gone = np.zeros_like(have)
    for at, one in enumerate(order):
        rest = np.array(order[at + 1 :], dtype=np.int64)
        if not len(rest) or not have[one].any():
            continue
        both = have[rest] & have[one]
        equal = both & (amounts[rest] == amounts[one]) & (amounts[one] != 0)
        for place in np.flatnonzero(equal.any(axis=1)).tolist():
            other = int(rest[place])
            live = ~(gone[one] | gone[other])
            found = equal[place] & live
            if not found.any():
                continue
            dated = codes % _STEP > 0
            all_equal = bool((both[place] & live & dated == found & dated).all())
            sums = amounts[one][found & dated]
            pair = (sight.seen[one], sight.seen[other])
            telling = all_equal and len(sums) > 1 and len(np.unique(sums)) > 1
            if telling and pair[0].export == pair[1].export and not _measured_apart(sight, pair, codes[found & dated]):
                gone[other] |= found & dated
                _set_aside(sight, pair, codes[found & dated], int(sums.sum()))
            else:
                _doubt(sight, pair, amounts[one][found])


def _preference(seen: Seen) -> tuple[bool, int, int]:
    return not seen.export, -len(seen.columns), seen.rank


def _table(sight: Sight) -> tuple[tuple[Ints, Ints] | None, Ints]:
    """Sheet by channel and month: which are there, and their sums; only those that two sheets have."""
    rows = np.flatnonzero(sight.live & (sight.channel >= 0))
    numbers = {seen.number: place for place, seen in enumerate(sight.seen)}
    sheet = np.array([numbers.get(n, 0) for n in range(len(sight.book.sheets))])[sight.sheet[rows]]
    code, codes = pd.factorize(sight.channel[rows] * _STEP + sight.month[rows] + 1)
    if not len(codes):
        return None, codes
    cell, cells = pd.factorize(sheet * len(codes) + code)
    sums = np.zeros(len(cells), dtype=np.int64)
    np.add.at(sums, cell, sight.amount[rows])
    times = np.bincount(cells % len(codes), minlength=len(codes))
    shared = np.flatnonzero(times > 1)
    if not len(shared):
        return None, codes
    column = np.full(len(codes), -1)
    column[shared] = np.arange(len(shared))
    inside = column[cells % len(codes)] >= 0
    where = (cells[inside] // len(codes), column[cells[inside] % len(codes)])
    have = np.zeros((len(sight.seen), len(shared)), dtype=bool)
    amounts = np.zeros((len(sight.seen), len(shared)), dtype=np.int64)
    have[where], amounts[where] = True, sums[inside]
    return (have, amounts), codes[shared]


def _measured_apart(sight: Sight, pair: tuple[Seen, Seen], codes: Ints) -> bool:
    one, other = pair
    return sight.measured_apart(one, _rows_in(sight, one, codes), [other], _rows_in(sight, other, codes))


def _rows_in(sight: Sight, seen: Seen, codes: Ints) -> Ints:
    """A sheet's rows of some channels and months."""
    rows = sight.rows_of(seen)
    return rows[np.isin(sight.channel[rows] * _STEP + sight.month[rows] + 1, codes) & (sight.channel[rows] >= 0)]


def _set_aside(sight: Sight, pair: tuple[Seen, Seen], codes: Ints, total: int) -> None:
    better, seen = pair
    sight.drop(_rows_in(sight, seen, codes), f"the same money in {better.label}")
    sight.settle(better, seen)
    money = sight.money(total)
    words = (
        f"this sheet and {better.label} give all {len(codes)} months of channels that both have the same sums: "
        f"{money} here, {money} there; counted once, there"
    )
    sight.note("warning", "counted-once", words, LEAVE_OUT, seen)


def _doubt(sight: Sight, pair: tuple[Seen, Seen], amounts: Ints) -> None:
    times = f"{len(amounts)} time{'s' if len(amounts) > 1 else ''}"
    words = f"give a channel's month the same amount, {times}"
    sight.doubt(*pair, int(amounts[amounts > 0].sum()), words)


def say_doubts(sight: Sight, most: int = 20) -> None:
    """What may be counted twice, pair by pair; of very many only those with the most money."""
    left = {pair: doubt for pair, doubt in sight.doubts.items() if pair not in sight.settled}
    by_number = {seen.number: seen for seen in sight.seen}
    places = {pair: (by_number[pair[0]].rank, by_number[pair[1]].rank) for pair in left}
    ranked = sorted(left, key=lambda pair: (-left[pair][0], places[pair]))
    for pair in sorted(ranked[:most], key=lambda pair: places[pair]):
        amount, how = left[pair]
        one, other = (by_number[number] for number in pair)
        words = f"{one.label} and {other.label} {how}: {sight.money(amount)} may be counted twice"
        sight.note("warning", "same-money", words, "Leave one of the two out if it is the same money.", other)
    if len(ranked) > most:
        rest = sight.money(sum(left[pair][0] for pair in ranked[most:]))
        words = f"{len(ranked) - most} more pairs of sheets have equal sums: {rest} may be counted twice"
        sight.note("warning", "same-money", words, "Leave out what is the same money.")
