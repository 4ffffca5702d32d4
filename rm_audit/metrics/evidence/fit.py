"""One stage of the funnel: how much better or worse than usual each channel and each campaign does it.

Counts are Poisson around exposure times a rate. The log of the rate is a sum: the book's level, the job family, the
channel, the channel with that family, and the campaign. All but the level are drawn towards nought, by as much as the
book itself says such effects differ. Campaigns are eliminated one by one, for a book may have ten thousand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rm_audit.metrics.evidence.nested import Curve, Design, total
from rm_audit.metrics.evidence.rows import Floats

FAMILY_SD, PAIR_SD, LEVEL_SD = 0.6, 0.15, 30.0  # judgement: of the log rate; the level is free
_PRIOR_WEIGHT = 6.0  # judgement: the default spread counts as much as six units
_STEPS, _ALONE, _LONGEST = 24, 2, 1.5


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
    """The fitted stage: `point` and `curve` of the effects that are no campaign's (shared, then pairs); `own[k]` the
    effect of campaign k, `stiff[k]` the inverse of its variance were all else known, `rate[i]` the counts that the fit
    expects of cell i. `channels` and `units` say which part of an effect is no clump."""

    point: Floats
    curve: Curve
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
        self.left, self.right = design.same_unit()
        self.channel_var, self.unit_var = spreads.channel**2, spreads.unit**2
        none = np.zeros(design.channels), np.zeros(design.units)
        self.channel_clumps, self.unit_clumps = spreads.clumps or none
        self.point, self.own = np.zeros(design.shared + design.pairs), np.zeros(design.units)
        self.point[0] = np.log((seen.sum() + 0.5) / max(float(exposure.sum()), 1e-9))
        place, pairs = design.place, design.pair
        left, right = pairs[self.left], pairs[self.right]
        self.couple = (design.channel[left] * design.deep + place[left]) * design.deep + place[right]

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

    def _curved(self) -> tuple[Floats, Floats, Curve]:
        """Expected counts, and the curvature of the campaigns and of the rest after them."""
        design = self.design
        level = design.level(self.point)[design.pair]
        held = design.unit >= 0
        level[held] += self.own[design.unit[held]]
        rate = self.exposure * np.exp(level)
        stiff = total(design.unit[held], rate[held], design.units) + 1 / (self.unit_var + self.unit_clumps)
        among = rate[self.left] * rate[self.right] / stiff[design.unit[self.left]]
        shape = (design.channels, design.deep, design.deep)
        inner = -total(self.couple, among, int(np.prod(shape))).reshape(shape)
        inner[design.channel, design.place, design.place] += total(design.pair, rate, design.pairs)
        return rate, stiff, Curve.of(design, inner, self._weights(), self.usual.pair**-2)

    def _weights(self) -> Floats:
        """The inverses of the usual variances of the shared effects."""
        design = self.design
        return np.concatenate(
            [
                [LEVEL_SD**-2],
                np.full(design.families, FAMILY_SD**-2),
                1 / (self.channel_var + self.channel_clumps),
            ]
        )

    def _step(self, rate: Floats, stiff: Floats, curve: Curve) -> float:
        design, held = self.design, self.design.unit >= 0
        left = self.seen - rate
        own = total(design.unit[held], left[held], design.units) - self.own / (self.unit_var + self.unit_clumps)
        at = design.unit[held]
        passed = total(design.pair[held], rate[held] * own[at] / stiff[at], design.pairs)
        pairs = total(design.pair, left, design.pairs) - passed
        force = np.concatenate([design.gathered(pairs), pairs]) - self._centred()
        move = np.clip(curve.solve(force), -_LONGEST, _LONGEST)
        shift = design.level(move)[design.pair]
        own_move = (own - total(design.unit[held], (rate * shift)[held], design.units)) / stiff
        self.point += move
        self.own += np.clip(own_move, -_LONGEST, _LONGEST)
        return float(np.abs(move).max())

    def _centred(self) -> Floats:
        pull = np.concatenate([self._weights(), np.full(self.design.pairs, self.usual.pair**-2)]) * self.point
        pull[0] = 0.0
        return pull

    def _spread(self, rate: Floats, stiff: Floats, curve: Curve) -> None:
        """Spreads from the effects and what is not known of them, the usual spread weighing in as six units."""
        design = self.design
        own = slice(1 + design.families, design.shared)
        squares = self.point[own] ** 2 + np.diag(curve.cover)[own]
        self.channel_var = _pooled(squares, lasting(self.channel_var, self.channel_clumps), self.usual.channel)
        if not design.units:
            return
        pull = rate[self.left] * rate[self.right] * curve.between().ravel()[self.couple]
        carried = total(design.unit[self.left], pull, design.units) / stiff**2
        squares = self.own**2 + 1 / stiff + carried
        self.unit_var = _pooled(squares, lasting(self.unit_var, self.unit_clumps), self.usual.unit)


def _pooled(squares: Floats, part: Lasting, usual: float) -> float:
    squares = part.share**2 * squares + part.open
    return float((squares.sum() + _PRIOR_WEIGHT * usual**2) / (len(squares) + _PRIOR_WEIGHT))
