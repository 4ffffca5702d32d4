"""What the fitted stages say of each unit's cost against the median channel's, drawn from what they leave open.

Every effect is drawn with numbers of its own that its name alone decides, and the draws are bent to the fit by the
symmetric root of its covariance. So another channel in the book changes neither order nor seed, and a verdict moves
only as far as the evidence does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from rm_audit.metrics.evidence.fit import Design, Stage, total

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS = 4000
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

    channel: Floats
    unit: Floats
    expected: Floats
    middle: Floats


def noise(name: str) -> Floats:
    """Standard normal numbers that the name alone decides; the second half mirrors the first."""
    from scipy.special import ndtri

    seed = int.from_bytes(blake2b(name.encode(), digest_size=16).digest(), "big")
    bits = np.random.PCG64(seed).random_raw(DRAWS // 2)
    half = ndtri(((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53)
    return np.concatenate([half, -half])


def ratios(design: Design, stages: Sequence[Stage], spend: Floats, due: Floats, names: Names) -> Ratios:
    """`spend` is each cell's, and `due` the part of it whose hires can have arrived. Units without spend get NaN."""
    drawn = [_drawn(design, stage, names, number) for number, stage in enumerate(stages)]
    effect = np.sum([item.effect for item in drawn], axis=0)
    family = np.exp(np.sum([item.family for item in drawn], axis=0))
    usual, actual = np.zeros((design.channels, DRAWS)), np.zeros((design.channels, DRAWS))
    unit = np.full((design.units, DRAWS), np.nan)
    cells = np.flatnonzero(spend > 0)
    for channel in range(design.channels):
        own = cells[design.channel[design.pair[cells]] == channel]
        if not len(own):
            continue
        weight = spend[own, None] * family[design.family[design.pair[own]]]
        part = effect[design.pair[own]]
        here, where = np.unique(design.unit[own], return_inverse=True)
        part = part + _own_effects(design, stages, drawn, here, names)[where]
        cost = weight * np.exp(part)
        usual[channel], actual[channel] = weight.sum(axis=0), cost.sum(axis=0)
        above, below = _sums(weight, where, len(here)), _sums(cost, where, len(here))
        unit[here[here >= 0]] = (above / below)[here >= 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        channels = np.where(usual > 0, usual / actual, np.nan)
    middle = _median(channels, total(design.channel[design.pair], spend, design.channels))
    pairs = total(design.pair, due, design.pairs)[:, None] * family[design.family]
    hires = np.exp(np.sum([item.level for item in drawn], axis=0)) * _sums(pairs, design.channel, design.channels)
    return Ratios(channels / middle, unit / middle, hires / middle, middle)


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
    normal = np.array([noise(f"{number} {label}") for label in labels])
    off = (vector / np.sqrt(value)) @ (vector.T @ normal)
    families, channels = 1 + design.families, 1 + design.families + design.channels
    point = off + stage.point[:, None]
    left = np.array([noise(f"{number} clumps {name}") for name in names.channels])
    part = stage.channels
    lasts = part.share[:, None] * point[families:channels] + np.sqrt(part.open)[:, None] * left
    effect = lasts[design.channel] + point[channels:]
    shift = off[0] + off[1 + design.family] + off[families + design.channel] + off[channels:]
    return _Drawn(point[0], point[1:families], effect, shift)


def _own_effects(design: Design, stages: Sequence[Stage], drawn: Sequence[_Drawn], here: Ints, names: Names) -> Floats:
    """Draws of the whole effect of some campaigns (-1 has none), given what was drawn for all else."""
    found = np.zeros((len(here), DRAWS))
    held = here[here >= 0]
    if not len(held):
        return found
    cells = np.flatnonzero(np.isin(design.unit, held))
    where = np.searchsorted(held, design.unit[cells])
    variance = np.zeros(len(held))
    own = np.zeros((len(held), DRAWS))
    for stage, item in zip(stages, drawn, strict=True):
        pull = (stage.rate[cells] / stage.stiff[design.unit[cells]])[:, None] * item.shift[design.pair[cells]]
        share = stage.units.share[held]
        own += share[:, None] * (stage.own[held, None] - _sums(pull, where, len(held)))
        variance += share**2 / stage.stiff[held] + stage.units.open[held]
    own += np.sqrt(variance)[:, None] * np.array([noise(f"campaign {names.units[unit]}") for unit in held])
    found[here >= 0] = own
    return found


def _sums(rows: Floats, where: Ints, count: int) -> Floats:
    """Sums of rows by group."""
    order = np.argsort(where, kind="stable")
    first = np.searchsorted(where[order], np.arange(count))
    return np.asarray(np.add.reduceat(rows[order], first, axis=0)) if len(rows) else np.zeros((count, rows.shape[1]))


def _median(channels: Floats, spend: Floats) -> Floats:
    votes = (spend >= LEAST_SHARE * spend.sum()) & ~np.isnan(channels).any(axis=1)
    return np.median(channels[votes], axis=0) if votes.any() else np.full(channels.shape[1], np.nan)
