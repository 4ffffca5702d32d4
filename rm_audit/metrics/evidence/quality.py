"""Rates of channels compared within the same jobs, and how many of a channel's hires stay a year.

A rate is compared stratum by stratum, as Mantel and Haenszel (1959) do: a channel's count against what all units
together show in that stratum, with the hypergeometric variance. For staying, the strata are the days on which somebody
left, and the comparison is the log-rank test's. Ratios are drawn towards 1 by as much as the book says that units
differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rm_audit.metrics.evidence.nested import total
from rm_audit.metrics.evidence.rows import Floats, Ints, Marks

YEAR = 365  # days
_LOW, _HIGH = 0.05, 0.95  # a two-sided 90% range, as everywhere
_PRIOR_WEIGHT = 6.0  # judgement: what is usual counts as much as six units, as in the verdicts on cost
_STEPS = 60


@dataclass(frozen=True)
class Strata:
    """`tried[s, u]`: how many of unit u are in stratum s; `came[s, u]`: those of them to whom it happened."""

    tried: Floats
    came: Floats


@dataclass(frozen=True)
class Seen:
    """Units against each other. `observed` is each one's count, `usual` what it would be at the others' rate in its
    strata (as it is where there are no others), `expected` the same at the rate of all units together, `variance` that
    of the difference from it were all alike. `here` and `there` are Mantel and Haenszel's weighted counts of the unit
    and of the others, in each stratum as if both were of one size: their quotient is the ratio of the rates. `weight`
    makes of them counts that are as sure as the comparison is."""

    observed: Floats
    usual: Floats
    expected: Floats
    variance: Floats
    here: Floats
    there: Floats
    weight: Floats


@dataclass(frozen=True)
class Ratio:
    """Of each unit the ratio to the others' rate with a 90% range, and how much is known: the counts that a ratio of
    two Poisson counts would need to be as sure, those that the book lends each unit (`lent`) apart."""

    value: Floats
    low: Floats
    high: Floats
    known: Floats
    lent: float


def in_strata(stratum: Ints, unit: Ints, units: int, came: Floats, counts: Floats) -> Strata:
    """Strata of rows; `counts` says how many people each is, `came` to how many of them it happened."""
    strata = int(stratum.max(initial=-1)) + 1
    cell = stratum * units + unit
    tried, hits = (total(cell, values, strata * units).reshape(strata, units) for values in (counts, came))
    return Strata(tried, hits)


def risk_sets(days: Floats, left: Marks, family: Ints, unit: Ints, units: int) -> Strata:
    """A stratum for each day after the hire on which somebody of a job family left: who was still there that morning,
    and who of them left. `days` is how long each hire was seen, until `left` where that is true."""
    families = int(family.max(initial=-1)) + 1
    span = float(days.max(initial=0.0)) + 2.0
    group = family * units + unit
    place = np.sort(group * span + days)
    when, stratum = np.unique((family * span + days)[left], return_inverse=True)
    of = np.floor_divide(when, span)
    wanted = (of[:, None] * units + np.arange(units)) * span
    ends = np.searchsorted(place, wanted + span - 1.0, side="right")
    tried = ends - np.searchsorted(place, wanted + (when - of * span)[:, None], side="left")
    if not families or not len(when):
        return Strata(np.zeros((0, units)), np.zeros((0, units)))
    came = total(stratum.astype(np.int64) * units + unit[left], None, len(when) * units).reshape(len(when), units)
    return Strata(tried.astype(np.float64), came)


def seen(strata: Strata, *, clumps: bool = False) -> Seen:
    """Every unit against the others, in the same strata. With `clumps` a unit whose count differs more than chance lets
    it from stratum to stratum makes all variances larger."""
    tried, came = strata.tried, strata.came
    every, hits = tried.sum(axis=1, keepdims=True), came.sum(axis=1, keepdims=True)
    whole, others = np.maximum(every, 1.0), every - tried
    spread = (tried * others * hits * (every - hits)) / (whole**2 * np.maximum(every - 1.0, 1.0))
    middle = (tried * others * hits / whole**2).sum(axis=0)
    variance = spread.sum(axis=0) * (_clumped(strata, tried * hits / whole, spread) if clumps else 1.0)
    usual = np.divide(tried * (hits - came), others, out=came.copy(), where=others > 0)
    return Seen(
        came.sum(axis=0),
        usual.sum(axis=0),
        (tried * hits / whole).sum(axis=0),
        variance,
        (came * others / whole).sum(axis=0),
        ((hits - came) * tried / whole).sum(axis=0),
        np.divide(middle, variance, out=np.zeros_like(middle), where=variance > 0),
    )


def _clumped(strata: Strata, due: Floats, spread: Floats) -> float:
    """By how much more than chance a unit's count differs from stratum to stratum, its own ratio taken out: at least 1,
    and 1 weighs in as six strata. Where people of a stratum are less alike than its name says, counts come in clumps.
    """
    cells = (spread > 0).sum(axis=0)
    free = float((cells - 1)[cells > 1].sum())
    if not free:
        return 1.0
    most = due.sum(axis=0)
    own = np.divide(strata.came.sum(axis=0), most, out=np.ones_like(most), where=most > 0)
    left = np.where((spread > 0) & (cells > 1), strata.came - due * own, 0.0)
    found = float((left**2).sum() / spread[:, cells > 1].sum() * cells[cells > 1].sum())
    return max((found + _PRIOR_WEIGHT) / (free + _PRIOR_WEIGHT), 1.0)


def ratios(found: Seen, usual: float) -> Ratio:
    """Gamma ranges of the ratios. `usual` is how much units differ (sd of the ratio) before the book says otherwise:
    by moments of how far each count is off, the usual spread weighing in as six units."""
    from rm_audit.special import gammaincinv

    here, there, known = (found.weight * part for part in (found.here, found.there, found.weight * found.variance))
    told = known > 0
    off = ((found.observed - found.expected) / np.where(told, found.weight * found.variance, 1.0))[told]
    variance = usual**2
    for _ in range(_STEPS):
        share = variance / (variance + 1 / known[told])
        squares = (share * off) ** 2 + share / known[told]
        variance = float((squares.sum() + _PRIOR_WEIGHT * usual**2) / (told.sum() + _PRIOR_WEIGHT))
    shape, rate = 1 / variance + here, 1 / variance + there
    low, high = (gammaincinv(shape, end) / rate for end in (_LOW, _HIGH))
    return Ratio(shape / rate, low, high, known, 1 / variance)


def rate(hits: float, tries: float) -> tuple[float, float, float]:
    """A share with its 90% range (Jeffreys); the range ends at 0 or 1 where none or all did."""
    from rm_audit.special import betaincinv

    low = float(betaincinv(hits + 0.5, tries - hits + 0.5, _LOW)) if hits else 0.0
    high = float(betaincinv(hits + 0.5, tries - hits + 0.5, _HIGH)) if hits < tries else 1.0
    return hits / tries, low, high


def staying(days: Floats, left: Marks) -> tuple[float, float, float] | None:
    """The share that stays a year (Kaplan and Meier 1958) with its 90% range; None where nobody was seen so long,
    unless all left before.

    The range is that of a product of beta chances, one for each leaver among those who were still there, and one for
    the time since the last of them (after Fay, Brittain and Proschan 2013), taken as the beta with its mean and
    variance. Greenwood's is none where nobody left and too short where few were seen long. Where all were seen for a
    year this one is Jeffreys' range of a plain share.
    """
    from rm_audit.special import betaincinv

    there = float((~left & (days >= YEAR)).sum())
    out = np.sort(days[left])
    risk = len(days) - np.searchsorted(np.sort(days), out, side="left")
    risk = risk - (np.arange(len(out)) - np.searchsorted(out, out, side="left"))  # one leaver of a day after another
    if not len(days) or not (there or left.all()):
        return None
    share = float(np.prod(1 - 1 / risk))
    mean = float(np.prod(risk / (risk + 1))) * (there + 0.5) / (there + 1)
    square = float(np.prod(risk / (risk + 2))) * (there + 0.5) * (there + 1.5) / ((there + 1) * (there + 2))
    sure = (mean - square) / (square - mean**2)
    ends = [float(betaincinv(mean * sure, (1 - mean) * sure, end)) for end in (_LOW, _HIGH)]
    return share, min(ends[0], share) if share else 0.0, max(ends[1], share) if len(out) else 1.0
