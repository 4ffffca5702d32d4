"""What the fitted stages say of each unit's cost against the median channel's, drawn from what they leave open.

Every effect is drawn with numbers of its own that its name alone decides, and the draws are bent to the fit by
symmetric roots of its covariance. So another channel in the book changes neither order nor seed, and a verdict moves
only as far as the evidence does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from rm_audit.metrics.evidence.fit import Stage
from rm_audit.metrics.evidence.nested import Design, total
from rm_audit.metrics.evidence.rows import Floats, Ints

Singles = NDArray[np.float32]  # single precision: of campaigns there are many
Draws = Singles | Floats

DRAWS = 4000
_POOL = 2**18
_FURTHEST = 30.0  # of a log
AT_ONCE = 64  # rows of draws that are worked on together: what a processor has at hand
LEAST_SHARE = 0.01  # judgement: a channel below this share of the money has no vote on what is usual,
HALF_OF_MEAN = 0.5  # nor one below half of the average share, where a book has so many channels that this is less


@dataclass(frozen=True)
class Names:
    """What the seeds are made of: the names of channels, families and campaigns."""

    channels: Sequence[str]
    families: Sequence[str]
    units: Sequence[str]


@dataclass(frozen=True)
class Ratios:
    """Draws of cost per hire, same jobs, as a multiple of that of a channel without any effect: a row a unit, a column
    a draw. `middle` is the median channel's, and `expected` are the hires that a channel's matured money would have
    brought at that."""

    channel: Draws
    unit: Singles
    expected: Floats
    middle: Floats


def noise(names: Sequence[str]) -> Floats:
    """Standard normal numbers that the name alone decides, a row a name: the first half, which the second mirrors."""
    made = np.empty((len(names), DRAWS // 2))
    for first in range(0, len(names), AT_ONCE):
        some = names[first : first + AT_ONCE]
        made[first : first + AT_ONCE] = _normal(np.array([_bits(name, DRAWS // 2) for name in some]))
    return made


def pooled_noise(name: str) -> Singles:
    """The first half of such numbers from a pool that all names share, where each has a place: a hundredth of the work.
    Two names may share a place, so it is for effects that never meet in one number of interest."""
    place = _seed(name) % (2 * (_POOL - DRAWS // 2))
    half = _pool()[place // 2 : place // 2 + DRAWS // 2]
    return half if place % 2 else -half


def _seed(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=16).digest(), "big")


def _bits(name: str, size: int) -> NDArray[np.uint64]:
    return np.asarray(np.random.PCG64(_seed(name)).random_raw(size))


def _normal(bits: NDArray[np.uint64]) -> Floats:
    from rm_audit.special import ndtri

    return np.asarray(ndtri(((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53))


@cache
def _pool() -> Singles:
    return _normal(_bits("pool", _POOL)).astype(np.float32)


def ratios(design: Design, stages: Sequence[Stage], spend: Floats, due: Floats, names: Names) -> Ratios:
    """`spend` is each cell's, and `due` the part of it whose hires can have arrived. Units without spend get NaN."""
    drawn = _drawn(design, stages[0], names, 0)
    for number, stage in enumerate(stages[1:], 1):
        drawn = drawn.with_next(_drawn(design, stage, names, number))
    effect, level, family = drawn.effect.exp(), drawn.level.exp(), drawn.family.exp()[design.family]
    channels = np.full((design.channels, DRAWS), np.nan)
    unit = np.empty((design.units, DRAWS), dtype=np.float32)
    of_cell = design.channel[design.pair]
    for channel in np.unique(of_cell):
        pairs = np.flatnonzero(design.channel == channel)
        units = _units_of(design, stages, spend, np.flatnonzero(of_cell == channel), pairs)
        base = _Base.of(family[pairs], effect[pairs], np.concatenate([shift[pairs] for shift in drawn.shifts]))
        channels[channel] = _costs(units, base, names, unit)
    middle = _median(channels, total(of_cell, spend, design.channels))
    matured = _matrix(design.channel, np.arange(design.pairs), total(design.pair, due, design.pairs), None)
    hires = level * (matured @ family)
    return Ratios(channels, unit, hires / middle, middle)


def _matrix(row: Ints, column: Ints, values: Floats, shape: tuple[int, int] | None) -> Floats:
    """Sums of values by row and column."""
    rows, columns = shape or (int(row.max()) + 1, len(column))
    return total(row * columns + column, values, rows * columns).reshape(rows, columns)


@dataclass(frozen=True)
class _Log:
    """Draws of logs: the middle of each, and how far the first half of the draws lies off it; the second mirrors it."""

    middle: Floats
    off: Floats

    def __add__(self, other: _Log) -> _Log:
        return _Log(self.middle + other.middle, self.off + other.off)

    def exp(self) -> Floats:
        """All draws of what these are the logs of."""
        whole = np.empty((len(self.off), DRAWS))
        np.add(self.middle[:, None], self.off, out=whole[:, : DRAWS // 2])
        np.subtract(self.middle[:, None], self.off, out=whole[:, DRAWS // 2 :])
        return np.asarray(np.exp(_bounded(whole), out=whole))


def _bounded(logs: Draws) -> Draws:
    """In place, as far as single precision can go on to multiply: a cost of e to the 30th of the usual is none."""
    return np.clip(logs, -_FURTHEST, _FURTHEST, out=logs)


@dataclass(frozen=True)
class _Drawn:
    """Draws of the effects of stages, added up; and of each stage how far a pair's whole rate lies from the fit, in the
    first half of the draws."""

    level: _Log
    family: _Log
    effect: _Log  # of channel and family, by pair
    shifts: tuple[Singles, ...]

    def with_next(self, stage: _Drawn) -> _Drawn:
        return _Drawn(
            self.level + stage.level,
            self.family + stage.family,
            self.effect + stage.effect,
            (*self.shifts, *stage.shifts),
        )


def _drawn(design: Design, stage: Stage, names: Names, number: int) -> _Drawn:
    shared = [
        "level",
        *(f"family {name}" for name in names.families),
        *(f"channel {name}" for name in names.channels),
    ]
    pairs = [
        f"pair {names.channels[c]} / {names.families[f]}" for c, f in zip(design.channel, design.family, strict=True)
    ]
    clumps = [f"clumps {name}" for name in names.channels]
    half = noise([f"{number} {label}" for label in (*shared, *pairs, *clumps)])
    first, last = len(shared), len(shared) + len(pairs)
    off, shift = stage.curve.bent(half[:first], half[first:last])
    families, part, middle = 1 + design.families, stage.channels, stage.point
    of_channel = (part.share[:, None] - 1.0) * off[families:] + np.sqrt(part.open)[:, None] * half[last:]
    effect = shift + (of_channel - off[0])[design.channel]
    effect -= off[1 + design.family]
    lasts = (part.share * middle[families:first])[design.channel] + middle[first:]
    return _Drawn(
        _Log(middle[:1], off[:1]),
        _Log(middle[1:families], off[1:families]),
        _Log(lasts, effect),
        (shift.astype(np.float32),),
    )


@dataclass(frozen=True)
class _Units:
    """The campaigns of one channel (-1 is what belongs to none): what was paid on each in each of the channel's pairs,
    and the log of its own effect, given all else: its middle, how it hangs on the pairs' shifts, and its sd."""

    here: Ints
    money: Singles
    middle: Singles
    slope: Singles
    spread: Singles


def _units_of(design: Design, stages: Sequence[Stage], spend: Floats, cells: Ints, pairs: Ints) -> _Units:
    here, where = np.unique(design.unit[cells], return_inverse=True)
    column, shape = np.searchsorted(pairs, design.pair[cells]), (len(here), len(pairs))
    held, unit = here >= 0, np.maximum(here, 0)
    middle, variance, slopes = np.zeros(len(here)), np.zeros(len(here)), []
    for stage in stages:
        if not held.any():
            slopes.append(np.zeros(shape))
            continue
        share = np.where(held, stage.units.share[unit], 0.0)
        slopes.append(_matrix(where, column, stage.rate[cells], shape) * -(share / stage.stiff[unit])[:, None])
        middle += share * stage.own[unit]
        variance += share**2 / stage.stiff[unit] + np.where(held, stage.units.open[unit], 0.0)
    money, slope = _matrix(where, column, spend[cells], shape), np.concatenate(slopes, axis=1)
    return _Units(here, *(part.astype(np.float32) for part in (money, middle, slope, np.sqrt(variance))))


@dataclass(frozen=True)
class _Base:
    """Draws by pair of one channel: the usual cost of its job family, its own cost; and its shifts by stage, of which
    the second half of the draws mirrors these."""

    usual: Singles
    own: Singles
    shift: Singles

    @staticmethod
    def of(family: Floats, effect: Floats, shift: Floats) -> _Base:
        return _Base(*(part.astype(np.float32) for part in (family, family * effect, shift)))


def _costs(units: _Units, base: _Base, names: Names, ratio: Singles) -> Floats:
    """Draws of the channel's ratio; those of its campaigns go into `ratio`. In parts that a processor has at hand."""
    usual, own = np.zeros(DRAWS), np.zeros(DRAWS)
    for first in range(0, len(units.here), AT_ONCE):
        rows = slice(first, first + AT_ONCE)
        here, money = units.here[rows], units.money[rows]
        half = units.slope[rows] @ base.shift
        for row in np.flatnonzero(here >= 0):
            half[row] += units.spread[first + row] * pooled_noise(f"campaign {names.units[here[row]]}")
        cost = np.concatenate([half, -half], axis=1)
        cost += units.middle[rows, None]
        np.exp(_bounded(cost), out=cost)
        cost *= money @ base.own
        free = money @ base.usual
        usual += free.sum(axis=0, dtype=np.float64)
        own += cost.sum(axis=0, dtype=np.float64)
        cost[money.sum(axis=1) <= 0] = np.nan
        for row in np.flatnonzero(here >= 0):
            np.divide(free[row], cost[row], out=ratio[here[row]])
    return np.asarray(usual / own if own.any() else np.full(DRAWS, np.nan))


def voters(spend: Floats) -> NDArray[np.bool_]:
    """The channels that say what is usual."""
    least = min(LEAST_SHARE, HALF_OF_MEAN / max(int((spend > 0).sum()), 1))
    return np.asarray((spend > 0) & (spend >= least * spend.sum()))


def _median(channels: Floats, spend: Floats) -> Floats:
    votes = voters(spend) & ~np.isnan(channels).any(axis=1)
    return np.median(channels[votes], axis=0) if votes.any() else np.full(channels.shape[1], np.nan)
