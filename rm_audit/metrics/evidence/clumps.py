"""Months: which of them were good for all, and how much more counts vary from month to month than by chance alone.

Applications come in clumps: a good week, a batch of interviews, a campaign that a site pushes for some days. Then a
channel's count says less of the channel than a Poisson count would. The excess is measured on neighbouring months of
the same unit, so that a unit that is dear all year, or from one month on, does not count as clumped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rm_audit.metrics.evidence.rows import Floats, Ints

LEAST_DAYS = 28  # judgement: clumps that last longer than about a month are a change of the unit, not chance
_LEAST_PAIRS = 28  # judgement: pairs of months, in the whole book, from which clumps are measured
_MOST = 3.0  # judgement: a squared coefficient of variation above this is a break in the data
_ROUNDS = 4
# Clumps are measured on few pairs of months, so they are taken to be so many times as large. Chosen on 100 simulated
# employers with counts in clumps (seed 705): for verdicts, and for trends, whose halves have half of the months.
WIDER, WIDER_HALVES = 1.6, 3.2
# Judgement: outcomes that a month of the book, a month of a family, and a cell need before they are believed by half.
_BOOK_MONTH, _FAMILY_MONTH, _CELL = 10.0, 30.0, 3.0
_LEAST_SPLIT = 1e-6  # of a pair of months: the variance of its first; below, one month had hardly any chance
_FAR = 12.0  # a pair of months counts at most as this many times its expected square


@dataclass(frozen=True)
class Blocks:
    """Counts and exposures of one stage by cell and month: rows are cells, columns months."""

    seen: Floats
    exposure: Floats


def months_of(first: Floats) -> Floats:
    """The first days of the months: days on which rows of money begin, at least `LEAST_DAYS` apart."""
    edges: list[float] = []
    for day in np.unique(first[~np.isnan(first)]):
        if not edges or day - edges[-1] >= LEAST_DAYS:
            edges.append(float(day))
    return np.array(edges or [0.0])


def placed(edges: Floats, day: Floats) -> Ints:
    """The month of each day; days before the first are in it, and so are unknown ones."""
    return np.maximum(np.searchsorted(edges, np.nan_to_num(day, nan=edges[0]), side="right") - 1, 0).astype(np.int64)


def clumped(blocks: Blocks, family: Ints, families: int, unit: Ints, units: int) -> tuple[float, Floats]:
    """The squared coefficient of variation of a unit's month, and what it comes to over all months of each unit: the
    variance that its log rate has from clumps. `unit` is -1 for cells that belong to none."""
    held = unit >= 0
    if not units or not held.any():
        return 0.0, np.zeros(units)
    usual = _expected(blocks, family, families)
    seen, wanted = _sums(blocks.seen[held], unit[held], units), _sums(usual[held], unit[held], units)
    excess = _excess(seen, wanted)
    whole = np.maximum(wanted.sum(axis=1), 1e-12)
    return excess, excess * (wanted**2).sum(axis=1) / whole**2


def seasoned(blocks: Blocks, family: Ints, families: int) -> Blocks:
    """The exposures as the months of each family went: a month in which all of its cells did better than otherwise
    counts for more. The cells' own levels are taken out, so that a good month is none in which good cells spent."""
    months = blocks.seen.shape[1]
    usual, own, went = _expected(blocks, family, families), np.ones(len(family)), np.ones((families, months))
    seen = _sums(blocks.seen, family, families)
    for _ in range(_ROUNDS):
        wanted = _sums(usual * own[:, None], family, families)
        book = (seen.sum(axis=0) + _BOOK_MONTH) / (wanted.sum(axis=0) + _BOOK_MONTH)
        went = (seen + _FAMILY_MONTH * book) / (wanted + _FAMILY_MONTH)
        own = (blocks.seen.sum(axis=1) + _CELL) / ((usual * went[family]).sum(axis=1) + _CELL)
    whole = _sums(usual, family, families)
    went *= (whole.sum(axis=1) / np.maximum((whole * went).sum(axis=1), 1e-12))[:, None]
    return Blocks(blocks.seen, blocks.exposure * went[family])


def _sums(rows: Floats, where: Ints, count: int) -> Floats:
    """Sums of rows by group."""
    sums = np.zeros((count, rows.shape[1]))
    np.add.at(sums, where, rows)
    return sums


def _expected(blocks: Blocks, family: Ints, families: int) -> Floats:
    """What each cell and month shows at its family's rate."""
    seen = np.bincount(family, blocks.seen.sum(axis=1), families)
    exposure = np.bincount(family, blocks.exposure.sum(axis=1), families)
    return np.asarray(blocks.exposure * (seen / np.maximum(exposure, 1e-12))[family][:, None])


def _excess(seen: Floats, wanted: Floats) -> float:
    """From pairs of neighbouring months: given their sum, the first is binomial, and clumps add to its variance."""
    one, other = wanted[:, :-1], wanted[:, 1:]
    both = seen[:, :-1] + seen[:, 1:]
    split = both * one * other / np.maximum(one + other, 1e-12) ** 2
    held = (split > _LEAST_SPLIT) & (both > 1)
    if held.sum() < _LEAST_PAIRS:
        return 0.0
    part = one[held] / (one[held] + other[held])
    size = split[held]
    square = (seen[:, :-1][held] - both[held] * part) ** 2 / size
    excess = 0.0
    for _ in range(_ROUNDS):
        usual = 1 + 2 * excess * size
        weight = (size / usual) ** 2
        excess = float((weight * (np.minimum(square, _FAR * usual) - 1) / (2 * size)).sum() / weight.sum())
        excess = min(max(excess, 0.0), _MOST)
    return excess
