"""What the fitted stages say of each unit's cost against the median channel's, drawn from what they leave open.

Every effect is drawn with numbers of its own that its name alone decides, and the draws are bent to the fit by the
symmetric root of its covariance. So another channel in the book changes neither order nor seed, and a verdict moves
only as far as the evidence does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from rm_audit.metrics.evidence.fit import Design, Stage, total

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Singles = NDArray[np.float32]  # single precision: of campaigns there are many
Draws = Singles | Floats

DRAWS = 4000
_POOL = 2**18
LEAST_SHARE = 0.01  # judgement: a channel below this share of the money has no vote on what is usual


@dataclass(frozen=True)
class Names:
    """What the seeds are made of: the names of channels, families and campaigns."""

    channels: Sequence[str]
    families: Sequence[str]
    units: Sequence[str]


@dataclass(frozen=True)
class Ratios:
    """Draws of cost per hire, same jobs, as a multiple of the median channel's: a row a unit, a column a draw.
    `expected` are the hires that a channel's matured money would have brought at the median channel's cost, and
    `middle` is the median channel itself against a channel without any effect."""

    channel: Draws
    unit: Draws
    expected: Floats
    middle: Floats


def noise(name: str) -> Floats:
    """Standard normal numbers that the name alone decides; the second half mirrors the first."""
    return _mirrored(_normal(_seed(name), DRAWS // 2))


def pooled_noise(name: str) -> Singles:
    """The first half of such numbers from a pool that all names share, where each has a place: a hundredth of the work.
    Two names may share a place, so it is for effects that never meet in one number of interest."""
    place = _seed(name) % (2 * (_POOL - DRAWS // 2))
    half = _pool()[place // 2 : place // 2 + DRAWS // 2]
    return half if place % 2 else -half


def _seed(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=16).digest(), "big")


def _normal(seed: int, size: int) -> Floats:
    from scipy.special import ndtri

    bits = np.random.PCG64(seed).random_raw(size)
    return np.asarray(ndtri(((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53))


@cache
def _pool() -> Singles:
    return _normal(_seed("pool"), _POOL).astype(np.float32)


def _mirrored(half: Floats) -> Floats:
    return np.concatenate([half, -half], axis=-1)


def ratios(design: Design, stages: Sequence[Stage], spend: Floats, due: Floats, names: Names) -> Ratios:
    """`spend` is each cell's, and `due` the part of it whose hires can have arrived. Units without spend get NaN."""
    drawn = [_drawn(design, stage, names, number) for number, stage in enumerate(stages)]
    effect = np.exp(np.sum([item.effect for item in drawn], axis=0))
    family = np.exp(np.sum([item.family for item in drawn], axis=0))[design.family]
    channels = np.full((design.channels, DRAWS), np.nan)
    unit = np.full((design.units, DRAWS), np.nan, dtype=np.float32)
    of_cell = design.channel[design.pair]
    for channel in np.unique(of_cell[spend > 0]):
        cells, pairs = np.flatnonzero(of_cell == channel), np.flatnonzero(design.channel == channel)
        here, where = np.unique(design.unit[cells], return_inverse=True)
        column = np.searchsorted(pairs, design.pair[cells])
        money = _matrix(where, column, spend[cells], (len(here), len(pairs)))
        cost = (money @ (family[pairs] * effect[pairs])).astype(np.float32)
        cost *= np.exp(_own_effects(stages, drawn, _Units(here, where, column, cells, pairs), names))
        usual = (money @ family[pairs]).astype(np.float32)
        channels[channel] = usual.sum(axis=0, dtype=np.float64) / cost.sum(axis=0, dtype=np.float64)
        paid = (money.sum(axis=1) > 0) & (here >= 0)
        unit[here[paid]] = usual[paid] / cost[paid]
    middle = _median(channels, total(of_cell, spend, design.channels))
    matured = _matrix(design.channel, np.arange(design.pairs), total(design.pair, due, design.pairs), None)
    hires = np.exp(np.sum([item.level for item in drawn], axis=0)) * (matured @ family)
    unit /= middle.astype(np.float32)
    return Ratios(channels / middle, unit, hires / middle, middle)


def _matrix(row: Ints, column: Ints, values: Floats, shape: tuple[int, int] | None) -> Floats:
    """Sums of values by row and column."""
    rows, columns = shape or (int(row.max()) + 1, len(column))
    return total(row * columns + column, values, rows * columns).reshape(rows, columns)


@dataclass(frozen=True)
class _Drawn:
    level: Floats
    family: Floats
    effect: Floats  # of channel and family, by pair
    shift: Floats  # how far the pair's whole rate lies from the fit


def _drawn(design: Design, stage: Stage, names: Names, number: int) -> _Drawn:
    value, vector = np.linalg.eigh(stage.curve)
    labels = [
        "level",
        *(f"family {name}" for name in names.families),
        *(f"channel {name}" for name in names.channels),
        *(
            f"pair {names.channels[c]} / {names.families[f]}"
            for c, f in zip(design.channel, design.family, strict=True)
        ),
    ]
    half = np.array([noise(f"{number} {label}")[: DRAWS // 2] for label in labels])
    off = _mirrored((vector / np.sqrt(value)) @ (vector.T @ half))
    families, channels = 1 + design.families, 1 + design.families + design.channels
    point = off + stage.point[:, None]
    left = np.array([noise(f"{number} clumps {name}") for name in names.channels])
    part = stage.channels
    lasts = part.share[:, None] * point[families:channels] + np.sqrt(part.open)[:, None] * left
    effect = lasts[design.channel] + point[channels:]
    shift = off[0] + off[1 + design.family] + off[families + design.channel] + off[channels:]
    return _Drawn(point[0], point[1:families], effect, shift)


@dataclass(frozen=True)
class _Units:
    """The campaigns of one channel (-1 is what belongs to none), and for each of its cells which of them and which of
    the channel's pairs it has."""

    here: Ints
    where: Ints
    column: Ints
    cells: Ints
    pairs: Ints


def _own_effects(stages: Sequence[Stage], drawn: Sequence[_Drawn], of: _Units, names: Names) -> Singles:
    """Draws of the whole effect of a channel's campaigns (-1 has none), given what was drawn for all else."""
    held = of.here >= 0
    unit = np.maximum(of.here, 0)
    own, variance = np.zeros((len(of.here), DRAWS), dtype=np.float32), np.zeros(len(of.here))
    if not held.any():
        return own
    for stage, item in zip(stages, drawn, strict=True):
        share = np.where(held, stage.units.share[unit], 0.0)
        rate = _matrix(of.where, of.column, stage.rate[of.cells], (len(of.here), len(of.pairs)))
        slope = (rate * (share / stage.stiff[unit])[:, None]).astype(np.float32)
        own -= slope @ item.shift[of.pairs].astype(np.float32)
        own += (share * stage.own[unit]).astype(np.float32)[:, None]
        variance += share**2 / stage.stiff[unit] + np.where(held, stage.units.open[unit], 0.0)
    spread = np.sqrt(variance).astype(np.float32)
    for row in np.flatnonzero(held):
        half = spread[row] * pooled_noise(f"campaign {names.units[of.here[row]]}")
        own[row, : DRAWS // 2] += half
        own[row, DRAWS // 2 :] -= half
    return own


def _median(channels: Floats, spend: Floats) -> Floats:
    votes = (spend >= LEAST_SHARE * spend.sum()) & ~np.isnan(channels).any(axis=1)
    return np.median(channels[votes], axis=0) if votes.any() else np.full(channels.shape[1], np.nan)
