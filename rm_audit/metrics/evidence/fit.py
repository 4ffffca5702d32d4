"""One stage of the funnel: how much better or worse than usual each channel and each campaign does it.

Counts are Poisson around exposure times a rate. The log of the rate is a sum: the book's level, the job family, the
channel, the channel with that family, and the campaign. All but the level are drawn towards nought, by as much as the
book itself says such effects differ. Campaigns are eliminated one by one, for a book may have ten thousand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def total(codes: Ints, values: NDArray[Any] | None, size: int) -> Floats:
    """Sums of values by code; of rows where there are no values."""
    return np.bincount(codes, values, size).astype(np.float64)


FAMILY_SD, PAIR_SD, LEVEL_SD = 0.6, 0.15, 30.0  # judgement: of the log rate; the level is free
_PRIOR_WEIGHT = 6.0  # judgement: the default spread counts as much as six units
_STEPS, _ALONE, _LONGEST = 24, 2, 1.5


@dataclass(frozen=True)
class Design:
    """Cells of the same channel, family and campaign. `pair[i]` is cell i's (channel, family), `unit[i]` its campaign
    or -1. `channel[j]`, `family[j]` belong to pair j."""

    pair: Ints
    unit: Ints
    channel: Ints
    family: Ints
    channels: int
    families: int
    units: int

    @property
    def pairs(self) -> int:
        return len(self.channel)

    @property
    def width(self) -> int:
        """Parameters that are not a campaign's: level, families, channels, pairs."""
        return 1 + self.families + self.channels + self.pairs

    def matrix(self) -> Floats:
        """Which of those parameters each pair's rate is the sum of: pairs x width, noughts and ones."""
        row = np.arange(self.pairs)
        made = np.zeros((self.pairs, self.width))
        made[:, 0] = 1.0
        made[row, 1 + self.family] = 1.0
        made[row, 1 + self.families + self.channel] = 1.0
        made[row, 1 + self.families + self.channels + row] = 1.0
        return made

    def same_unit(self) -> tuple[Ints, Ints]:
        """All ordered couples of cells that share a campaign, a cell with itself included."""
        cells = np.flatnonzero(self.unit >= 0)
        order = cells[np.argsort(self.unit[cells], kind="stable")]
        size = np.bincount(self.unit[order], minlength=self.units)
        first = np.concatenate([[0], np.cumsum(size)[:-1]])
        many = size[self.unit[order]]
        left = np.repeat(order, many)
        offset = np.arange(len(left)) - np.repeat(np.cumsum(many) - many, many)
        right = order[np.repeat(first[self.unit[order]], many) + offset]
        return left.astype(np.int64), right.astype(np.int64)


@dataclass(frozen=True)
class Lasting:
    """Of an effect that is the sum of what lasts and of clumps: the `share` of it that is expected to last, and the
    variance `open` that is left of what lasts when the sum is known. One entry a unit."""

    share: Floats
    open: Floats


def lasting(variance: float, clumps: Floats) -> Lasting:
    """The parts of effects whose lasting part has this variance."""
    share = variance / (variance + clumps)
    return Lasting(share, share * clumps)


@dataclass(frozen=True)
class Stage:
    """The fitted stage: `point` and `curve` (the inverse of the covariance) of the parameters that are no campaign's;
    `own[k]` the effect of campaign k, `stiff[k]` the inverse of its variance were all else known, `rate[i]` the counts
    that the fit expects of cell i. `channels` and `units` say which part of an effect is no clump."""

    point: Floats
    curve: Floats
    own: Floats
    stiff: Floats
    rate: Floats
    channels: Lasting
    units: Lasting


@dataclass(frozen=True)
class Spreads:
    """The usual sd of channels' and of campaigns' effects, before the book says otherwise; that of a channel with one
    family; and the variances that clumps add to each channel and to each campaign, None for none."""

    channel: float
    unit: float
    pair: float = PAIR_SD
    clumps: tuple[Floats, Floats] | None = None


def spreads_of(usual: Mapping[str, tuple[float, float]], stages: Sequence[str]) -> list[tuple[float, float]]:
    """The usual spreads of these stages: a stage has its own and those of the steps before it that are not seen."""
    found, unseen = [], (0.0, 0.0)
    for name, spreads in usual.items():
        unseen = float(np.hypot(unseen[0], spreads[0])), float(np.hypot(unseen[1], spreads[1]))
        if name in stages:
            found.append(unseen)
            unseen = (0.0, 0.0)
    return found


def fit_stage(design: Design, seen: Floats, exposure: Floats, spreads: Spreads) -> Stage:
    """The most likely effects."""
    return _Newton(design, seen, exposure, spreads).run()


class _Newton:
    """Newton's steps on all effects at once; after the first ones the spreads follow the effects."""

    def __init__(self, design: Design, seen: Floats, exposure: Floats, spreads: Spreads) -> None:
        self.design, self.seen, self.exposure, self.usual = design, seen, exposure, spreads
        self.matrix, (self.left, self.right) = design.matrix(), design.same_unit()
        self.channel_var, self.unit_var = spreads.channel**2, spreads.unit**2
        none = np.zeros(design.channels), np.zeros(design.units)
        self.channel_clumps, self.unit_clumps = spreads.clumps or none
        self.point, self.own = np.zeros(design.width), np.zeros(design.units)
        self.point[0] = np.log((seen.sum() + 0.5) / max(float(exposure.sum()), 1e-9))

    def run(self) -> Stage:
        for step in range(_STEPS):
            rate, stiff, curve = self._curved()
            moved = self._step(rate, stiff, curve)
            if step < _ALONE:
                continue
            old = self.channel_var, self.unit_var
            self._spread(rate, stiff, curve)
            settled = abs(np.log(old[0] / self.channel_var)) + abs(np.log(old[1] / self.unit_var)) < 0.02
            if settled and moved < 0.01:  # Newton's next step is the square of that
                break
        rate, stiff, curve = self._curved()
        parts = lasting(self.channel_var, self.channel_clumps), lasting(self.unit_var, self.unit_clumps)
        return Stage(self.point, curve, self.own, stiff, rate, *parts)

    def _curved(self) -> tuple[Floats, Floats, Floats]:
        """Expected counts, and the curvature of the campaigns and of the rest after them."""
        design = self.design
        level = (self.matrix @ self.point)[design.pair]
        held = design.unit >= 0
        level[held] += self.own[design.unit[held]]
        rate = self.exposure * np.exp(level)
        stiff = total(design.unit[held], rate[held], design.units) + 1 / (self.unit_var + self.unit_clumps)
        among = rate[self.left] * rate[self.right] / stiff[design.unit[self.left]]
        size = design.pairs
        couples = total(design.pair[self.left] * size + design.pair[self.right], among, size * size)
        inner = np.diag(total(design.pair, rate, size)) - couples.reshape(size, size)
        return rate, stiff, self._of_parameters(inner) + np.diag(self._weights())

    def _of_parameters(self, inner: Floats) -> Floats:
        """The matrix's transpose, times `inner` (pairs x pairs), times the matrix; whose last columns are the pairs."""
        shared = self.matrix[:, : self.design.width - self.design.pairs]
        side = shared.T @ inner
        return np.block([[side @ shared, side], [side.T, inner]])

    def _of_pairs(self, cover: Floats) -> Floats:
        """The covariance of the pairs' whole rates, from that of the parameters."""
        size = self.design.width - self.design.pairs
        shared = self.matrix[:, :size]
        side = shared @ cover[:size, size:]
        return np.asarray(shared @ cover[:size, :size] @ shared.T + side + side.T + cover[size:, size:])

    def _weights(self) -> Floats:
        design = self.design
        return np.concatenate(
            [
                [LEVEL_SD**-2],
                np.full(design.families, FAMILY_SD**-2),
                1 / (self.channel_var + self.channel_clumps),
                np.full(design.pairs, self.usual.pair**-2),
            ]
        )

    def _step(self, rate: Floats, stiff: Floats, curve: Floats) -> float:
        design, held = self.design, self.design.unit >= 0
        left = self.seen - rate
        force = self.matrix.T @ total(design.pair, left, design.pairs) - self._centred()
        own = total(design.unit[held], left[held], design.units) - self.own / (self.unit_var + self.unit_clumps)
        at = design.unit[held]
        passed = total(design.pair[held], rate[held] * own[at] / stiff[at], design.pairs)
        move = np.clip(np.linalg.solve(curve, force - self.matrix.T @ passed), -_LONGEST, _LONGEST)
        shift = (self.matrix @ move)[design.pair]
        own_move = (own - total(design.unit[held], (rate * shift)[held], design.units)) / stiff
        self.point += move
        self.own += np.clip(own_move, -_LONGEST, _LONGEST)
        return float(np.abs(move).max())

    def _centred(self) -> Floats:
        pull = self._weights() * self.point
        pull[0] = 0.0
        return pull

    def _spread(self, rate: Floats, stiff: Floats, curve: Floats) -> None:
        """Spreads from the effects and what is not known of them, the usual spread weighing in as six units."""
        design = self.design
        cover = np.asarray(np.linalg.inv(curve), dtype=np.float64)
        first = 1 + design.families
        channel = self.point[first : first + design.channels]
        own = np.diag(cover)[first : first + design.channels]
        self.channel_var = _pooled(channel**2 + own, lasting(self.channel_var, self.channel_clumps), self.usual.channel)
        if not design.units:
            return
        between = self._of_pairs(cover)
        pull = rate[self.left] * rate[self.right] * between[design.pair[self.left], design.pair[self.right]]
        carried = total(design.unit[self.left], pull, design.units) / stiff**2
        squares = self.own**2 + 1 / stiff + carried
        self.unit_var = _pooled(squares, lasting(self.unit_var, self.unit_clumps), self.usual.unit)


def _pooled(squares: Floats, part: Lasting, usual: float) -> float:
    squares = part.share**2 * squares + part.open
    return float((squares.sum() + _PRIOR_WEIGHT * usual**2) / (len(squares) + _PRIOR_WEIGHT))
