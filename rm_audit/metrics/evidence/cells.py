"""A book → cells of channel, job family and campaign: what was paid, and how many got how far, against how many
could have by now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.metrics.evidence.clumps import Blocks, clumped, months_of, placed, seasoned
from rm_audit.metrics.evidence.draws import Names
from rm_audit.metrics.evidence.fit import Design, total
from rm_audit.metrics.evidence.lags import MEDIAN, Lag, default_lag, fit_lag, fit_speeds

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Texts = NDArray[np.object_]
Marks = NDArray[np.bool_]

_LEAST_TAGGED, _LEAST_NAMED = 0.25, 0.8  # judgement: below, a channel's campaigns cannot be told apart
_FEW = 20.0  # judgement: the book's share of tagged applications counts as much as this many of a channel's
_EARLY, _REST = 0.15, 0.8  # judgement: parts of the way to a hire before and after the screen
HORIZONS = (14, 28, 42, 56, 84, 112, 140, 182, 273, 364)  # days ahead at which a verdict is looked for


@dataclass(frozen=True)
class Paid:
    """Rows of money. `campaign` may be None. `amount` in units of currency, `first` and `last` are days."""

    channel: Texts
    family: Texts
    campaign: Texts
    amount: Floats
    first: Floats
    last: Floats


@dataclass(frozen=True)
class Applied:
    """Rows of applications, or of hires alone where `alone`. Days are NaN where a step was not reached or has no day.
    `middle` names the step between (qualified or interviews), "" for none. `likely` says what these rows are less than
    single applications with their days, "" for nothing: then no verdict is sure."""

    channel: Texts
    family: Texts
    campaign: Texts
    applied: Floats
    passed: Floats
    hired: Floats
    is_passed: Marks
    is_hired: Marks
    middle: str
    alone: bool = False
    likely: str = ""

    def picked(self, rows: Ints | Marks) -> Applied:
        """Some of the rows, which may come more than once."""
        return replace(
            self,
            channel=self.channel[rows],
            family=self.family[rows],
            campaign=self.campaign[rows],
            applied=self.applied[rows],
            passed=self.passed[rows],
            hired=self.hired[rows],
            is_passed=self.is_passed[rows],
            is_hired=self.is_hired[rows],
        )

    @property
    def stages(self) -> tuple[str, ...]:
        return ("hires",) if self.alone else tuple(filter(None, ("applications", self.middle, "hires")))


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
    told_apart: Marks  # by channel: whether its campaigns can be
    dated: bool  # whether the lags are the book's own
    clumps: tuple[tuple[Floats, Floats, Floats], ...]

    def by_channel(self, values: Floats) -> Floats:
        return total(self.design.channel[self.design.pair], values, self.design.channels)

    def by_unit(self, values: Floats) -> Floats:
        held = self.design.unit >= 0
        return total(self.design.unit[held], values[held], self.design.units)


def make_cells(paid: Paid, applied: Applied, through: int) -> Cells:
    """Cells of all that money or applications name; `through` is the day up to which outcomes are known."""
    channel, channels = _coded(paid.channel, applied.channel)
    family, families = _coded(paid.family, applied.family)
    told = _told_apart(paid, applied, channel, len(channels))
    unit, units = _units(paid, applied, channel, told, channels)
    design, cell = _design((channel, family, unit), (len(channels), len(families), len(units)))
    bought, months = len(paid.channel), months_of(paid.first)
    lags, dated = _lags(applied, design, design.pair[cell[bought:]], through)
    grid = _Grid(cell[bought:], placed(months, applied.applied), len(design.pair), len(months))
    money = _money(paid, cell[:bought], len(design.pair), lags[-1], design.pair[cell[:bought]], through)
    steps = _steps(applied, grid, design.pair[grid.cell], lags, through)
    counts = np.array([step.seen.sum(axis=1) for step in steps])
    if applied.alone:
        steps = [Blocks(steps[0].seen, money.due[:, None])]
    else:
        spread = _Grid(cell[:bought], placed(months, paid.first), len(design.pair), len(months))
        steps[0] = _bought(design, steps[0].seen, spread.sums(paid.amount * _run(paid, through)), told)
        steps = [seasoned(step, design.family[design.pair], design.families) for step in steps]
    return Cells(
        design,
        Names(channels, families, units),
        applied.stages,
        np.array([step.seen.sum(axis=1) for step in steps]),
        np.maximum(np.array([step.exposure.sum(axis=1) for step in steps]), 0.0),
        counts,
        money.spend,
        money.due,
        money.later,
        told,
        dated,
        tuple(_clumps(design, step) for step in steps),
    )


def _design(codes: tuple[Ints, Ints, Ints], sizes: tuple[int, int, int]) -> tuple[Design, Ints]:
    """The cells that occur, and the cell of each row."""
    (channel, family, unit), (channels, families, units) = codes, sizes
    kept, cell = np.unique((channel * families + family) * (units + 1) + unit + 1, return_inverse=True)
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

    def sums(self, values: NDArray[Any] | None) -> Floats:
        sums = total(self.cell * self.months + self.month, values, self.cells * self.months)
        return sums.reshape(self.cells, self.months)


def _clumps(design: Design, step: Blocks) -> tuple[Floats, Floats, Floats]:
    """What clumps add to the variance of each channel, and of each campaign beside its channel, and with it."""
    family, channel = design.family[design.pair], design.channel[design.pair]
    if step.seen.shape != step.exposure.shape:
        return np.zeros(design.channels), np.zeros(design.units), np.zeros(design.units)
    shared, of_channel = clumped(step, family, design.families, channel, design.channels)
    whole, of_unit = clumped(step, family, design.families, design.unit, design.units)
    return of_channel, of_unit * (max(whole - shared, 0.0) / whole if whole else 0.0), of_unit


def _coded(*parts: Texts) -> tuple[Ints, list[str]]:
    codes, found = pd.factorize(np.concatenate(parts), sort=True)
    return codes.astype(np.int64), [str(name) for name in found]


def _told_apart(paid: Paid, applied: Applied, channel: Ints, channels: int) -> Marks:
    """Channels of which enough money and enough applications name their campaign."""
    of_money, of_people = channel[: len(paid.channel)], channel[len(paid.channel) :]
    amount = np.maximum(paid.amount, 0.0)
    money = total(of_money, amount, channels)
    named = total(of_money, amount * pd.notna(paid.campaign), channels)
    every = total(of_people, None, channels)
    tagged = total(of_people, pd.notna(applied.campaign), channels)
    share = (tagged + _FEW * _whole(tagged, every, money)) / (every + _FEW)
    return np.asarray((money > 0) & (named >= _LEAST_NAMED * money) & (share >= _LEAST_TAGGED))


def _whole(tagged: Floats, every: Floats, money: Floats) -> float:
    return float(tagged[money > 0].sum() / max(every[money > 0].sum(), 1.0))


def _units(paid: Paid, applied: Applied, channel: Ints, told: Marks, channels: list[str]) -> tuple[Ints, list[str]]:
    """The campaign of each row, -1 for none: those that the money names, in channels that can be told apart."""
    campaign, names = _coded(paid.campaign, applied.campaign)
    campaign = np.where(told[channel], campaign, -1)
    key = np.where(campaign >= 0, channel * max(len(names), 1) + campaign, -1)
    kept = np.unique(key[: len(paid.channel)])
    kept = kept[kept >= 0]
    place = np.minimum(np.searchsorted(kept, key), max(len(kept) - 1, 0))
    found = (key >= 0) & (kept[place] == key) if len(kept) else np.zeros(len(key), dtype=bool)
    labels = [f"{channels[one // len(names)]}\t{names[one % len(names)]}" for one in kept]
    return np.where(found, place, -1), labels


@dataclass(frozen=True)
class _Money:
    spend: Floats
    due: Floats
    later: Floats


def _money(paid: Paid, cell: Ints, size: int, lag: Lag, pair: Ints, through: int) -> _Money:
    spend = np.maximum(total(cell, paid.amount, size), 0.0)

    def due(day: float) -> Floats:
        part = total(cell, paid.amount * lag.share(day - paid.last, pair), size)
        return np.clip(part, 0.0, spend)

    return _Money(spend, due(through), np.array([due(through + days) for days in HORIZONS]))


def _run(paid: Paid, through: int) -> Floats:
    """The part of each row's days that is over."""
    return np.clip((through - paid.first + 1) / np.maximum(paid.last - paid.first + 1, 1), 0.0, 1.0)


def _lags(applied: Applied, design: Design, pair: Ints, through: int) -> tuple[list[Lag], bool]:
    """The lags of the steps by channel and family, the last of them from application to hire; and whether they are the
    book's own."""
    whole, dated = _lag(applied.applied, applied.hired, design, pair, through, 1.0)
    if not applied.middle or applied.alone:
        return [whole], dated
    first, _ = _lag(applied.applied, applied.passed, design, pair, through, _EARLY)
    second, _ = _lag(applied.passed, applied.hired, design, pair, through, _REST)
    return [first, second, whole], dated


def _lag(begin: Floats, end: Floats, design: Design, pair: Ints, through: int, part: float) -> tuple[Lag, bool]:
    usual, none = default_lag(design.families, part), np.zeros(design.channels)
    done = (end >= begin) & (end <= through)  # false where a day is not known
    if not done.any():
        return usual.of(design.family, none[design.channel]), False
    days, age, at = (end - begin)[done], (through - begin)[done], pair[done]
    lag = fit_lag(days, age, design.family[at], design.families, usual)
    speeds = fit_speeds(days, age, design.family[at], lag, design.channel[at], design.channels)
    return lag.of(design.family, speeds[design.channel]), True


def _steps(applied: Applied, grid: _Grid, pair: Ints, lags: list[Lag], through: int) -> list[Blocks]:
    """Counts and exposures of each stage by cell and month of the application; that of the first stage is money, and
    comes later."""
    hires = grid.sums(applied.is_hired)
    if applied.alone:
        return [Blocks(hires, np.zeros_like(hires))]
    age = np.where(np.isnan(applied.applied), MEDIAN, through - applied.applied)
    every, ready = grid.sums(None), grid.sums(lags[0].share(age, pair))
    if not applied.middle:
        return [Blocks(every, np.zeros_like(every)), Blocks(hires, ready)]
    passed = applied.is_passed | applied.is_hired
    rest = np.where(np.isnan(applied.passed), age - MEDIAN * _EARLY, through - applied.passed)
    later = grid.sums(passed * lags[1].share(rest, pair))
    return [Blocks(every, np.zeros_like(every)), Blocks(grid.sums(passed), ready), Blocks(hires, later)]


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
