"""Rows → cells of channel, job family and campaign: what was paid, and how many got how far, against how many
could have by now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.metrics.evidence.clumps import Blocks, clumped, months_of, placed, seasoned
from rm_audit.metrics.evidence.draws import Names
from rm_audit.metrics.evidence.nested import Design, total, weighed
from rm_audit.metrics.evidence.ripe import Ripe
from rm_audit.metrics.evidence.rows import Floats, Ints, Marks

_LEAST_TAGGED, _LEAST_NAMED = 0.25, 0.8  # judgement: below, a channel's campaigns cannot be told apart
_FEW = 20.0  # judgement: the book's share of tagged applications counts as much as this many of a channel's
# Judgement: the part of a campaign's clumps that is not its channel's, at least; measured, it is often too small.
_LEAST_OWN = 0.5
_NOTHING = 1e-9  # of a stage's exposure; below, there was none but for rounding
HORIZONS = (14, 28, 42, 56, 84, 112, 140, 182, 273, 364)  # days ahead at which a verdict is looked for


@dataclass(frozen=True)
class Cells:
    """`seen[s]`, `exposure[s]`: counts of stage s in each cell, and what could have become such by now. `counts[s]` are
    the same counts with the applications that name no campaign. `spend` is each cell's money, `due` the part whose
    hires can have arrived, `later[h]` that part after `HORIZONS[h]` more days. `clumps[s]` are the variances that
    clumps add to log rates at stage s: of each channel, of each campaign beside its channel, and of both together."""

    design: Design
    names: Names
    stages: tuple[str, ...]
    seen: Floats
    exposure: Floats
    counts: Floats
    spend: Floats
    due: Floats
    later: Floats
    dated: bool  # whether the lags are the book's own
    clumps: tuple[tuple[Floats, Floats, Floats], ...]

    def by_channel(self, values: Floats) -> Floats:
        return total(self.design.channel[self.design.pair], values, self.design.channels)

    def by_unit(self, values: Floats) -> Floats:
        held = self.design.unit >= 0
        return total(self.design.unit[held], values[held], self.design.units)


def make_cells(rows: Ripe, horizons: tuple[int, ...] = HORIZONS) -> Cells:
    """Cells of all that money or applications name."""
    told = _told_apart(rows)
    unit, units = _units(rows, told)
    sizes = len(rows.channel.names), len(rows.family.names), len(units)
    design, cell = _design((rows.channel.codes, rows.family.codes, unit), sizes)
    bought, months = len(rows.amount), months_of(rows.first)
    people = _Grid(cell[bought:], placed(months, rows.applied), len(design.pair), len(months), rows.weight)
    money = _Grid(cell[:bought], placed(months, rows.first), len(design.pair), len(months))
    spend = np.maximum(money.cells_of(rows.amount), 0.0)
    due, *later = (np.clip(money.cells_of(rows.due(days)), 0.0, spend) for days in (0, *horizons))
    steps, counts = _steps(rows, people, money, design, told, due)
    return Cells(
        design,
        Names(rows.channel.names, rows.family.names, units),
        rows.stages,
        np.array([step.seen.sum(axis=1) for step in steps]),
        np.maximum(np.array([step.exposure.sum(axis=1) for step in steps]), 0.0),
        counts,
        spend,
        due,
        np.array(later),
        rows.dated,
        tuple(_clumps(design, step) for step in steps),
    )


def _steps(
    rows: Ripe, people: _Grid, money: _Grid, design: Design, told: Marks, due: Floats
) -> tuple[list[Blocks], Floats]:
    """Counts and exposures of each stage by cell and month of the application, and all counts by stage and cell."""
    reached = [people.sums(step) for step in rows.reached]
    if rows.alone:
        return [_told(design, Blocks(reached[0], due[:, None]))], np.array([reached[0].sum(axis=1)])
    seen = [people.sums(None), *reached]
    counts = np.array([step.sum(axis=1) for step in seen])
    first = _bought(design, seen[0], _netted(money.sums(rows.amount * rows.run())), told)
    steps = [first, *(Blocks(*pair) for pair in zip(reached, map(people.sums, rows.ready), strict=True))]
    steps = [_told(design, step) for step in steps]
    return [seasoned(step, design.family[design.pair], design.families) for step in steps], counts


def _told(design: Design, step: Blocks) -> Blocks:
    """Without the counts that next to nothing stands against: of a channel in a job family, or of a campaign. No rate
    is told by them, and the fit would go on and on towards an endless one, at the cost of all others. The channel's
    exposure goes down by the same share, so that none looks dearer for it."""
    whole, every = step.exposure.sum(axis=1), step.seen.sum(axis=1)
    told = np.ones(len(whole), dtype=bool)
    for codes in (design.pair, design.unit):
        held = codes >= 0
        told[held] &= total(codes[held], whole[held], 0)[codes[held]] > _NOTHING * whole.sum()
    channel = design.channel[design.pair]
    kept, all_of_it = (total(channel, part, design.channels) for part in (every * told, every))
    share = np.divide(kept, all_of_it, out=np.ones_like(kept), where=all_of_it > 0)
    return Blocks(np.where(told[:, None], step.seen, 0.0), step.exposure * share[channel][:, None])


def _netted(money: Floats) -> Floats:
    """Money by cell and month, none of it below nought: what came back in a month is taken off the cell's others."""
    paid = np.maximum(money, 0.0)
    whole, kept = paid.sum(axis=1), np.maximum(money.sum(axis=1), 0.0)
    return np.asarray(paid * np.divide(kept, whole, out=np.zeros_like(whole), where=whole > 0)[:, None])


def _design(codes: tuple[Ints, Ints, Ints], sizes: tuple[int, int, int]) -> tuple[Design, Ints]:
    """The cells that occur, and the cell of each row."""
    (channel, family, unit), (channels, families, units) = codes, sizes
    cell, kept = pd.factorize((channel * families + family) * (units + 1) + unit + 1, sort=True)
    pairs, pair = np.unique(kept // (units + 1), return_inverse=True)
    parts = (pair.astype(np.int64), kept % (units + 1) - 1, pairs // families, pairs % families)
    return Design(*parts, channels, families, units), cell.astype(np.int64)


@dataclass(frozen=True)
class _Grid:
    """Rows by cell and month."""

    cell: Ints
    month: Ints
    cells: int
    months: int
    weight: Floats | None = None

    def sums(self, values: NDArray[Any] | None) -> Floats:
        rows = self.cell * self.months + self.month
        sums = total(rows, weighed(values, self.weight), self.cells * self.months)
        return sums.reshape(self.cells, self.months)

    def cells_of(self, values: Floats) -> Floats:
        return total(self.cell, values, self.cells)


def _clumps(design: Design, step: Blocks) -> tuple[Floats, Floats, Floats]:
    """What clumps add to the variance of each channel, and of each campaign beside its channel, and with it."""
    family, channel = design.family[design.pair], design.channel[design.pair]
    if step.seen.shape != step.exposure.shape:
        return np.zeros(design.channels), np.zeros(design.units), np.zeros(design.units)
    shared, of_channel = clumped(step, family, design.families, channel, design.channels)
    whole, of_unit = clumped(step, family, design.families, design.unit, design.units)
    return of_channel, of_unit * max(1 - shared / max(whole, 1e-12), _LEAST_OWN), of_unit


def _told_apart(rows: Ripe) -> Marks:
    """Channels of which enough money and enough applications name their campaign."""
    channels = len(rows.channel.names)
    of_money, of_people = rows.channel.of_money, rows.channel.of_people
    amount = np.maximum(rows.amount, 0.0)
    money = total(of_money, amount, channels)
    named = total(of_money, amount * (rows.campaign.of_money >= 0), channels)
    every = total(of_people, rows.weight, channels)
    tagged = total(of_people, weighed(rows.campaign.of_people >= 0, rows.weight), channels)
    share = (tagged + _FEW * _whole(tagged, every, money)) / (every + _FEW)
    return np.asarray((money > 0) & (named >= _LEAST_NAMED * money) & (share >= _LEAST_TAGGED))


def _whole(tagged: Floats, every: Floats, money: Floats) -> float:
    return float(tagged[money > 0].sum() / max(every[money > 0].sum(), 1.0))


def _units(rows: Ripe, told: Marks) -> tuple[Ints, list[str]]:
    """The campaign of each row, -1 for none: those that money was paid for, in channels that can be told apart."""
    channel, names = rows.channel.codes, rows.campaign.names
    campaign = np.where(told[channel], rows.campaign.codes, -1)
    key = np.where(campaign >= 0, channel * max(len(names), 1) + campaign, -1)
    codes, found = pd.factorize(key, sort=True)
    bought = total(codes[: len(rows.amount)], np.maximum(rows.amount, 0.0), len(found)) > 0
    kept = bought & (found >= 0)
    place = np.where(kept, np.cumsum(kept) - 1, -1)
    labels = [f"{rows.channel.names[one // len(names)]}\t{names[one % len(names)]}" for one in found[kept]]
    return place[codes], labels


def _bought(design: Design, seen: Floats, spend: Floats, told: Marks) -> Blocks:
    """Applications and the money that bought them: in a channel with campaigns, those that name one, and the same
    share of its money."""
    channel = design.channel[design.pair]
    money = total(channel, spend.sum(axis=1), design.channels)
    every = total(channel, seen.sum(axis=1), design.channels)
    tagged = total(channel, seen.sum(axis=1) * (design.unit >= 0), design.channels)
    share = (tagged + _FEW * _whole(tagged, every, money)) / (every + _FEW)
    counted = ((~told[channel] | (design.unit >= 0)) & (money[channel] > 0))[:, None]
    part = np.where(told, share, 1.0)[channel][:, None]
    return Blocks(np.where(counted, seen, 0.0), np.where(counted, spend * part, 0.0))
