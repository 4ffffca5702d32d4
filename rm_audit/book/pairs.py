"""Two sheets side by side: what both say of the same channel, campaign, job, invoice and days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rm_audit.book.sight import NONE, Ints, Seen, Sight, sums

IDENTITY = ("vendor", "campaign", "campaign_id", "job", "invoice")
_FIGURES = ("clicks", "impressions", "apply_starts", "applies")


@dataclass(frozen=True)
class Compared:
    """`rows` are those of the one sheet whose identity the other has too. The rest is one value an identity."""

    rows: Ints
    here: Ints
    there: Ints
    equal: Ints  # the same amount, rows and figures
    daily: bool
    fewest: int  # identities of the smaller sheet in the days that both have


def compare(sight: Sight, one: Seen, other: Seen) -> Compared:
    """Dated rows of the days that both sheets have, by identity."""
    mine, theirs = (sight.rows_of(seen) for seen in (one, other))
    mine, theirs = (rows[sight.start[rows] != NONE] for rows in (mine, theirs))
    first = max(sight.start[rows].min(initial=np.iinfo(np.int64).max) for rows in (mine, theirs))
    last = min(sight.start[rows].max(initial=NONE) for rows in (mine, theirs))
    mine, theirs = (rows[(sight.start[rows] >= first) & (sight.start[rows] <= last)] for rows in (mine, theirs))
    codes = identities(sight, (one, other), (mine, theirs))
    own, foreign = codes[: len(mine)], codes[len(mine) :]
    size = int(codes.max(initial=-1)) + 1
    counts = [np.bincount(part, minlength=size) for part in (own, foreign)]
    both = (counts[0] > 0) & (counts[1] > 0)
    here, there = sums(own, sight.amount[mine], size), sums(foreign, sight.amount[theirs], size)
    equal = both & (here == there) & (counts[0] == counts[1])
    for name in _FIGURES:
        if name in one.columns & other.columns:
            values = sight.figures(name)
            equal &= sums(own, values[mine], size) == sums(foreign, values[theirs], size)
    rows = mine[both[own]]
    return Compared(
        rows=rows,
        here=here[both],
        there=there[both],
        equal=equal[both],
        daily=bool((sight.start[rows] == sight.end[rows]).all()),
        fewest=int(min((count > 0).sum() for count in counts)),
    )


def identities(sight: Sight, pair: tuple[Seen, Seen], rows: tuple[Ints, Ints]) -> Ints:
    """A number for each identity by the columns that both sheets have: for the first sheet's rows, then the other's."""
    at = np.concatenate(rows)
    codes = np.zeros(len(at), dtype=np.int64)
    columns = [sight.channel[at], sight.start[at], sight.end[at]]
    columns += [sight.texts(name)[at] for name in IDENTITY if name in pair[0].columns & pair[1].columns]
    for column in columns:
        part, known = pd.factorize(column)
        codes = pd.factorize(codes * (len(known) + 1) + part)[0].astype(np.int64)
    return codes
