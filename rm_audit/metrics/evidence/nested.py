"""The effects of one stage that are no campaign's: few that the whole book shares, and one of each channel with each
job family, which are taken out channel by channel.

A channel's pairs meet those of other channels only through what is shared (level, job families, channels). So none of
the work grows with the square of all pairs: for each channel a small matrix, and one for the shared effects.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rm_audit.metrics.evidence.rows import Floats, Ints


def total(codes: Ints, values: NDArray[np.generic] | None, size: int) -> Floats:
    """Sums of values by code; of rows where there are no values."""
    return np.bincount(codes, values, size).astype(np.float64)


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
    def members(self) -> Floats:
        """Which shared effects each place's rate has: channels x deep x shared, noughts and ones."""
        made = np.zeros((self.channels, self.deep, self.shared))
        for column in (np.zeros(self.pairs, dtype=np.int64), 1 + self.family, 1 + self.families + self.channel):
            made[self.channel, self.place, column] = 1.0
        return made

    def placed(self, values: Floats) -> Floats:
        """Values of pairs (last axis) by channel and place, 0 where a channel has fewer pairs."""
        made = np.zeros((*values.shape[:-1], self.channels, self.deep))
        made[..., self.channel, self.place] = values
        return made

    def level(self, point: Floats) -> Floats:
        """The log rate of each pair from all effects (shared, then pairs; first axis)."""
        families = 1 + self.families
        of_channel = point[families : self.shared][self.channel]
        return np.asarray(point[0] + point[1:families][self.family] + of_channel + point[self.shared :])

    def gathered(self, of_pairs: Floats) -> Floats:
        """What values of pairs come to for each effect: their sums for the shared ones, then they themselves."""
        families, channels = (
            total(codes, of_pairs, size)
            for codes, size in ((self.family, self.families), (self.channel, self.channels))
        )
        return np.concatenate([[of_pairs.sum()], families, channels, of_pairs])

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
        members, one = design.members, np.eye(design.deep)
        gain = np.asarray(np.linalg.inv(inner + pull * one), dtype=np.float64)
        kept = (pull * one - pull**2 * gain) @ members
        stiff = members.reshape(-1, design.shared).T @ kept.reshape(-1, design.shared) + np.diag(weights)
        return Curve(design, pull, gain, stiff)

    @cached_property
    def cover(self) -> Floats:
        """The covariance of the shared effects."""
        return np.asarray(np.linalg.inv(self.stiff), dtype=np.float64)

    def solve(self, force: Floats) -> Floats:
        """How far this force on each effect moves it."""
        design, pull, shared = self.design, self.pull, self.design.shared
        pairs = design.placed(force[shared:])
        lone = (self.gain @ pairs[..., None])[..., 0]
        left = (pairs - pull * lone).reshape(-1) @ design.members.reshape(-1, shared)
        move = np.linalg.solve(self.stiff, force[:shared] - left)
        along = design.members @ move
        lone -= along - pull * (self.gain @ along[..., None])[..., 0]
        return np.concatenate([move, lone[design.channel, design.place]])

    def between(self) -> Floats:
        """The covariance of the whole log rates of each channel's pairs: channels x deep x deep."""
        along = self.pull * self.gain @ self.design.members
        return np.asarray(along @ self.cover @ along.transpose(0, 2, 1) + self.gain)

    def variance(self, of_rates: Floats, of_pairs: Floats) -> Floats:
        """The variance of sums of whole log rates and of pairs' effects, weighed so (sums x pairs each)."""
        design = self.design
        rates, pairs = (design.placed(one).swapaxes(0, 1) for one in (of_rates, of_pairs))
        both = (rates + pairs) @ self.gain
        lone = (both * (rates + pairs)).sum(axis=(0, 2))
        along = ((self.pull * both - pairs) @ design.members).sum(axis=0)
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
        whole = root @ whole + (self.pull * self.gain @ design.members) @ off
        return off, whole[design.channel, design.place]
