"""A book → cells of channel, job family and campaign: what was paid, and how many got how far, against how many
could have by now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.metrics.evidence.draws import Names
from rm_audit.metrics.evidence.fit import Design, total
from rm_audit.metrics.evidence.lags import MEDIAN, Lag, default_lag, fit_lag

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
    `middle` names the step between (qualified or interviews), "" for none."""

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

    @property
    def stages(self) -> tuple[str, ...]:
        return ("hires",) if self.alone else tuple(filter(None, ("applications", self.middle, "hires")))


@dataclass(frozen=True)
class Cells:
    """`seen[s]`, `exposure[s]`: counts of stage s in each cell, and what could have become such by now. `counts[s]` are
    the same counts with the applications that name no campaign. `spend` is each cell's money, `due` the part whose
    hires can have arrived, `later[h]` that part after `HORIZONS[h]` more days."""

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

    def by_channel(self, values: Floats) -> Floats:
        return total(self.design.channel[self.design.pair], values, self.design.channels)

    def by_unit(self, values: Floats) -> Floats:
        held = self.design.unit >= 0
        return total(self.design.unit[held], values[held], self.design.units)


def make_cells(paid: Paid, applied: Applied, through: int) -> Cells:
    """Cells of all that money or applications name; `through` is the day up to which outcomes are known."""
    channel, channels = _coded(paid.channel, applied.channel)
    family, families = _coded(paid.family, applied.family)
    bought = len(paid.channel)
    told = _told_apart(paid, applied, channel, len(channels))
    unit, units = _units(paid, applied, channel, told, channels)
    key = (channel * len(families) + family) * (len(units) + 1) + unit + 1
    kept, cell = np.unique(key, return_inverse=True)
    pair_key = kept // (len(units) + 1)
    pairs, pair = np.unique(pair_key, return_inverse=True)
    design = Design(
        pair.astype(np.int64),
        kept % (len(units) + 1) - 1,
        pairs // len(families),
        pairs % len(families),
        len(channels),
        len(families),
        len(units),
    )
    lags, dated = _lags(applied, family[bought:], len(families), through)
    money = _money(paid, cell[:bought], len(kept), lags[-1], family[:bought], through)
    counts, exposure = _counts(applied, cell[bought:], family[bought:], len(kept), lags, through)
    seen = counts.copy()
    if applied.alone:
        exposure[0] = money.due
    else:
        seen[0], exposure[0] = _bought(design, counts[0], money.arrived, told)
    names = Names(channels, families, units)
    return Cells(
        design, names, applied.stages, seen, exposure, counts, money.spend, money.due, money.later, told, dated
    )


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
    arrived: Floats  # the part whose days are over


def _money(paid: Paid, cell: Ints, size: int, lag: Lag, family: Ints, through: int) -> _Money:
    spend = np.maximum(total(cell, paid.amount, size), 0.0)

    def due(day: float) -> Floats:
        part = total(cell, paid.amount * lag.share(day - paid.last, family), size)
        return np.clip(part, 0.0, spend)

    run = np.clip((through - paid.first + 1) / np.maximum(paid.last - paid.first + 1, 1), 0.0, 1.0)
    arrived = np.clip(total(cell, paid.amount * run, size), 0.0, spend)
    return _Money(spend, due(through), np.array([due(through + days) for days in HORIZONS]), arrived)


def _lags(applied: Applied, family: Ints, families: int, through: int) -> tuple[list[Lag], bool]:
    """The lags of the steps, the last of them from application to hire; and whether they are the book's own."""
    whole, dated = _lag(applied.applied, applied.hired, family, through, default_lag(families))
    if not applied.middle or applied.alone:
        return [whole], dated
    first, _ = _lag(applied.applied, applied.passed, family, through, default_lag(families, _EARLY))
    second, _ = _lag(applied.passed, applied.hired, family, through, default_lag(families, _REST))
    return [first, second, whole], dated


def _lag(begin: Floats, end: Floats, family: Ints, through: int, usual: Lag) -> tuple[Lag, bool]:
    done = (end >= begin) & (end <= through)  # false where a day is not known
    if not done.any():
        return usual, False
    groups = len(usual.middle)
    return fit_lag((end - begin)[done], (through - begin)[done], family[done], groups, usual), True


def _counts(
    applied: Applied, cell: Ints, family: Ints, size: int, lags: list[Lag], through: int
) -> tuple[Floats, Floats]:
    """Counts of each stage in each cell, and exposures; that of the first stage is money and comes later."""
    hires = total(cell, applied.is_hired, size)
    if applied.alone:
        return np.array([hires]), np.zeros((1, size))
    age = np.where(np.isnan(applied.applied), MEDIAN, through - applied.applied)
    counts, exposure = [total(cell, None, size).astype(float)], [np.zeros(size)]
    exposure.append(total(cell, lags[0].share(age, family), size))
    if applied.middle:
        passed = applied.is_passed | applied.is_hired
        guess = age - MEDIAN * _EARLY
        rest = np.where(np.isnan(applied.passed), guess, through - applied.passed)
        counts.append(total(cell, passed, size))
        exposure.append(total(cell, passed * lags[1].share(rest, family), size))
    return np.array([*counts, hires]), np.array(exposure)


def _bought(design: Design, seen: Floats, spend: Floats, told: Marks) -> tuple[Floats, Floats]:
    """Applications and the money that bought them: in a channel with campaigns, those that name one, and the same
    share of its money."""
    channel = design.channel[design.pair]
    money = total(channel, spend, design.channels)
    every = total(channel, seen, design.channels)
    tagged = total(channel, seen * (design.unit >= 0), design.channels)
    share = (tagged + _FEW * _whole(tagged, every, money)) / (every + _FEW)
    counted = (~told[channel] | (design.unit >= 0)) & (money[channel] > 0)
    part = np.where(told, share, 1.0)[channel]
    return np.where(counted, seen, 0.0), np.where(counted, spend * part, 0.0)
