"""The effects of one stage that are no campaign's: few that the whole book shares, and one of each channel with each
job family, which are taken out channel by channel.

A channel's pairs meet those of other channels only through what is shared (level, job families, channels). So none of
the work grows with the square of all pairs: for each channel a small matrix, and one for the shared effects.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rm_audit.metrics.evidence.rows import Floats, Ints


def total(codes: Ints, values: NDArray[np.generic] | None, size: int) -> Floats:
    """Sums of values by code; of rows where there are no values."""
    return np.bincount(codes, values, size).astype(np.float64)


def weighed(values: NDArray[Any] | None, weight: Floats | None) -> NDArray[Any] | None:
    """Values of rows that each stand for several; of rows as they are where there is no weight."""
    if values is None:
        return weight
    return values if weight is None else values * weight


@dataclass(frozen=True)
class Design:
    """Cells of the same channel, family and campaign. `pair[i]` is cell i's (channel, family), `unit[i]` its campaign
    or -1. `channel[j]`, `family[j]` belong to pair j. A campaign belongs to one channel."""

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
    def shared(self) -> int:
        """How many effects are neither a campaign's nor a pair's: level, families, channels."""
        return 1 + self.families + self.channels

    @cached_property
    def deep(self) -> int:
        """The most pairs that a channel has."""
        return int(np.bincount(self.channel, minlength=1).max())

    @cached_property
    def place(self) -> Ints:
        """The place of each pair among those of its channel."""
        order = np.argsort(self.channel, kind="stable")
        size = np.bincount(self.channel, minlength=self.channels)
        place = np.empty(self.pairs, dtype=np.int64)
        place[order] = np.arange(self.pairs) - np.repeat(np.cumsum(size) - size, size)
        return place

    @cached_property
    def families_of(self) -> Ints:
        """The family of each place of each channel, 0 where a channel has fewer pairs: channels x deep."""
        made = np.zeros((self.channels, self.deep), dtype=np.int64)
        made[self.channel, self.place] = self.family
        return made

    @cached_property
    def couples(self) -> tuple[Ints, Ints, Ints]:
        """All ordered couples of pairs of one channel: the first, the second, and where they stand in channels x deep x
        deep."""
        there = np.zeros((self.channels, self.deep), dtype=bool)
        there[self.channel, self.place] = True
        pair = np.zeros((self.channels, self.deep), dtype=np.int64)
        pair[self.channel, self.place] = np.arange(self.pairs)
        channel, left, right = np.nonzero(there[:, :, None] & there[:, None, :])
        return pair[channel, left], pair[channel, right], (channel * self.deep + left) * self.deep + right

    def placed(self, values: Floats) -> Floats:
        """Values of pairs (last axis) by channel and place, 0 where a channel has fewer pairs."""
        made = np.zeros((*values.shape[:-1], self.channels, self.deep))
        made[..., self.channel, self.place] = values
        return made

    def along(self, shared: Floats) -> Floats:
        """What the shared effects (first axis) add to the log rate of each pair."""
        families = 1 + self.families
        return np.asarray(shared[0] + shared[1:families][self.family] + shared[families:][self.channel])

    def level(self, point: Floats) -> Floats:
        """The log rate of each pair from all effects (shared, then pairs; first axis)."""
        return self.along(point[: self.shared]) + point[self.shared :]

    def gathered(self, of_pairs: Floats) -> Floats:
        """What values of pairs (last axis) come to for each shared effect: their sum, by family, by channel."""
        made = np.zeros((self.shared, *of_pairs.shape[:-1]))
        made[0] = of_pairs.sum(axis=-1)
        np.add.at(made, 1 + self.family, of_pairs.T)
        np.add.at(made, 1 + self.families + self.channel, of_pairs.T)
        return made.T

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
class Curve:
    """The inverse of the effects' covariance, its pairs taken out. `pull` is the inverse of a pair's usual variance,
    `gain[c]` the covariance of channel c's pairs were all shared effects known, `stiff` the inverse of the covariance
    of the shared ones."""

    design: Design
    pull: float
    gain: Floats
    stiff: Floats

    @staticmethod
    def of(design: Design, inner: Floats, weights: Floats, pull: float) -> Curve:
        """From the curvature of the pairs' rates (channels x deep x deep), and the inverses of the usual variances of
        the shared effects and of a pair."""
        one = np.eye(design.deep)
        gain = np.asarray(np.linalg.inv(inner + pull * one), dtype=np.float64)
        left, right, at = design.couples
        kept = (pull * one - pull**2 * gain).ravel()[at]
        rows, families, channels = total(left, kept, design.pairs), design.families, design.channels
        both = total(design.family[left] * families + design.family[right], kept, families * families)
        by_channel = total(design.channel * families + design.family, rows, channels * families)
        stiff = np.diag(weights)
        first, last = slice(1, 1 + families), slice(1 + families, None)
        stiff[0] += design.gathered(rows)
        stiff[1:, 0] += stiff[0, 1:]
        stiff[first, first] += both.reshape(families, families)
        stiff[last, first] += by_channel.reshape(channels, families)
        stiff[first, last] += by_channel.reshape(channels, families).T
        stiff[last, last] += np.diag(total(design.channel, rows, channels))
        return Curve(design, pull, gain, stiff)

    @cached_property
    def cover(self) -> Floats:
        """The covariance of the shared effects."""
        return np.asarray(np.linalg.inv(self.stiff), dtype=np.float64)

    def solve(self, force: Floats) -> Floats:
        """How far this force on each effect moves it."""
        design, pull, shared = self.design, self.pull, self.design.shared
        lone = self._gained(force[shared:])
        move = np.linalg.solve(self.stiff, force[:shared] - design.gathered(force[shared:] - pull * lone))
        along = design.along(np.asarray(move, dtype=np.float64))
        return np.concatenate([move, lone - along + pull * self._gained(along)])

    def _gained(self, of_pairs: Floats) -> Floats:
        """Values of pairs (first axis) times the covariance of their channel's pairs."""
        design = self.design
        made = np.zeros((design.channels, design.deep, of_pairs[0].size), dtype=of_pairs.dtype)
        made[design.channel, design.place] = of_pairs.reshape(design.pairs, -1)
        return np.asarray((self.gain @ made)[design.channel, design.place].reshape(of_pairs.shape))

    def between(self) -> Floats:
        """The covariance of the whole log rates of each channel's pairs: channels x deep x deep."""
        design, cover = self.design, self.cover
        family, channel = 1 + design.families_of, 1 + design.families + np.arange(design.channels)
        own = cover[0, family] + cover[channel[:, None], family]  # of the level and the channel with each family
        alone = cover[0, 0] + 2 * cover[0, channel] + cover[channel, channel]
        shared = cover[family[:, :, None], family[:, None, :]] + own[:, :, None] + own[:, None, :]
        return np.asarray(self.pull**2 * self.gain @ (shared + alone[:, None, None]) @ self.gain + self.gain)

    def variance(self, of_rates: Floats, of_pairs: Floats) -> Floats:
        """The variance of sums of whole log rates and of pairs' effects, weighed so (sums x pairs each)."""
        both = self._gained((of_rates + of_pairs).T).T
        along = self.design.gathered(self.pull * both - of_pairs)
        lone = (both * (of_rates + of_pairs)).sum(axis=1)
        return np.asarray(lone + ((along @ self.cover) * along).sum(axis=1))

    def bent(self, shared: Floats, pairs: Floats) -> tuple[Floats, Floats]:
        """Standard normal numbers (effects x draws) bent to the covariance by symmetric roots, of the shared effects
        and then of each channel's pairs: how far the shared effects, and the pairs' whole log rates, lie off."""
        design = self.design
        value, vector = np.linalg.eigh(self.stiff)
        off = (vector / np.sqrt(value)) @ (vector.T @ shared)
        level, turn = np.linalg.eigh(self.gain)
        root = (turn * np.sqrt(level)[:, None, :]) @ turn.transpose(0, 2, 1)
        whole = np.zeros((design.channels, design.deep, pairs.shape[1]), dtype=pairs.dtype)
        whole[design.channel, design.place] = pairs
        lone = (root @ whole)[design.channel, design.place]
        return off, lone + self.pull * self._gained(design.along(off))
