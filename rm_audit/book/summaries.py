"""A sheet that gives what several others add up to: set aside, for the others say more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from rm_audit.book.sight import NONE, Seen, Sight, pair_of, sums

HELP = "Leave it out if it is a summary of the others; if it is other money, write overlaps: both in rm-audit.yaml."


def settle_summaries(sight: Sight) -> None:
    """Every sheet against all others of its file, then against all others of the book."""
    for seen in sorted(_candidates(sight), key=lambda seen: seen.rank):
        inside = [other for other in sight.seen if other.ref.file == seen.ref.file and other.number != seen.number]
        outside = [other for other in sight.seen if other.number != seen.number]
        for others in (inside, outside):
            if others and len(sight.rows_of(seen)) and _settled(sight, seen, others):
                break


def _candidates(sight: Sight) -> list[Seen]:
    """Sheets whose sums are half of what they and all others give, by channel or in all: a sieve."""
    rows = np.flatnonzero(sight.live)
    files = {file: number for number, file in enumerate(dict.fromkeys(seen.ref.file for seen in sight.seen))}
    of_file = np.zeros(len(sight.book.sheets), dtype=np.int64)
    of_file[[seen.number for seen in sight.seen]] = [files[seen.ref.file] for seen in sight.seen]
    size = len(sight.names) + 1
    cells, keys = pd.factorize(sight.sheet[rows] * size + sight.channel[rows] + 1)
    own, sheet, channel = sums(cells, sight.amount[rows], len(keys)), keys // size, keys % size
    in_file, in_book = (_around(own, group * size + channel) for group in (of_file[sheet], 0))
    apart = np.bincount(sheet, weights=(2 * own != in_file), minlength=len(of_file)) > 0
    apart &= np.bincount(sheet, weights=(2 * own != in_book), minlength=len(of_file)) > 0
    totals = sums(sheet, own, len(of_file))
    half = 2 * totals == _around(totals, of_file)
    return [seen for seen in sight.seen if not apart[seen.number] or (not seen.naming and half[seen.number])]


def _around(values: Any, groups: Any) -> Any:
    """For each value the sum of all values of its group."""
    codes, known = pd.factorize(groups)
    return sums(codes, values, len(known))[codes]


def _settled(sight: Sight, seen: Seen, others: Sequence[Seen]) -> bool:
    """Whether the sheet is a summary of the others, and was set aside."""
    own, rest = sight.rows_of(seen), _rows(sight, others)
    size = len(sight.names) + 1  # the last is for rows without a channel
    mine, theirs = (sums(sight.channel[rows], sight.amount[rows], size) for rows in (own, rest))
    total = int(mine.sum())
    channels = np.unique(sight.channel[own])
    parts = rest[np.isin(sight.channel[rest], channels)]
    if seen.naming and total and (mine[channels] == theirs[channels]).all() and channels[0] >= 0:
        among = [other for other in others if np.isin(sight.sheet[parts], other.number).any()]
        whole = int(theirs.sum()) == total
    elif not seen.naming and total and int(theirs.sum()) == total and len(_files(others)) == 1 and len(others) > 1:
        among, parts, whole = list(others), rest, len(own) > 1
    else:
        if not seen.naming and total and int(theirs.sum()) == total and len(others) > 1:
            sight.doubt(seen, others[0], total, "and others give the same sum")
        return False
    if any(other.export != seen.export for other in among) and (seen.export or _turned(sight, channels)):
        return False  # which of a team's sheet and an export counts is settled by channel and month
    if _apart(sight, own, parts):
        return False
    doubted = len(among) == 1 and (pair_of(seen, among[0]) in sight.doubts or _named_apart(sight, seen, among[0]))
    if doubted or sight.measured_apart(seen, own, among, parts):
        sight.doubt(seen, among[0], total, "give each channel the same sum")
        return False
    telling = len(set(mine[channels].tolist())) > 1 or (whole and max(len(own), len(parts)) > 1)
    if telling:
        _set_aside(sight, seen, among, total)
    else:
        sight.doubt(seen, among[0], total, "give a channel the same sum")
    return telling


def _named_apart(sight: Sight, seen: Seen, other: Seen) -> bool:
    """Two files without dates whose names carry other numbers."""
    undated = all((sight.start[sight.rows_of(one)] == NONE).all() for one in (seen, other))
    return bool(undated and seen.figures and other.figures and seen.figures != other.figures)


def _rows(sight: Sight, others: Sequence[Seen]) -> Any:
    return np.concatenate([sight.rows_of(other) for other in others])


def _files(others: Sequence[Seen]) -> set[str]:
    return {other.ref.file for other in others}


def _turned(sight: Sight, channels: Any) -> bool:
    return any(sight.words.get(int(channel)) == "team" for channel in channels)


def _apart(sight: Sight, own: Any, parts: Any) -> bool:
    """Whether both are dated and share no day."""
    if not len(parts) or (sight.month[own] < 0).any() or (sight.month[parts] < 0).any():
        return not len(parts)
    return bool(sight.end[own].max() < sight.start[parts].min() or sight.end[parts].max() < sight.start[own].min())


def _set_aside(sight: Sight, seen: Seen, among: Sequence[Seen], total: int) -> None:
    where = among[0].label if len(among) == 1 else f"{len(among)} other sheets"
    sight.drop(sight.rows_of(seen), f"the same money in {where}")
    for other in among:
        sight.settle(seen, other)
    both = f"{sight.money(total)} here, {sight.money(total)} there"
    words = f"this sheet gives each channel what {where} add up to: {both}; counted once, there"
    words = words if len(among) > 1 else words.replace(" add up to:", " adds up to:")
    sight.note("warning", "counted-once", words, HELP, seen)
