"""How long outcomes take in this book: a log-normal lag for every group, from lags that are seen only once over.

A lag longer than the time since its start is not in the data yet, so plain averages are too short where the data
are young. Each finished lag therefore counts by its density over the chance of being seen at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Where nothing is known: LinkedIn 2021 has medians of 33 to 49 days by function; 42 is the middle, spread is judgement.
MEDIAN, SPREAD = 42.0, 0.6
_BOOK_SD, _GROUP_SD, _SPREAD_SD = 1.0, 0.3, 0.35  # judgement: of log median in a book, in a group of it, of log spread
_SPEED_SD = 0.25  # judgement: of the log of how much longer one channel's hires take than another's, same jobs
_BINS = 40


@dataclass(frozen=True)
class Lag:
    """Log-normal lags in days: `middle` is the log of the median, `spread` the sd of the log; one entry a group."""

    middle: Floats
    spread: Floats

    def share(self, age: Floats, group: Ints) -> Floats:
        """The share of the outcomes that have arrived at this age (days); none at an age below nought."""
        from scipy.special import ndtr

        # Half a day is added: what happened on the day of the export has had half of that day.
        log_age = np.log(np.maximum(age, 0.0) + 0.5)
        return np.where(age < 0, 0.0, ndtr((log_age - self.middle[group]) / self.spread[group]))

    def of(self, group: Ints, shift: Floats) -> Lag:
        """The lags of other groups, each made of one of these, its log median moved by `shift`."""
        return Lag(self.middle[group] + shift, self.spread[group])


def default_lag(groups: int, part: float = 1.0) -> Lag:
    """The lag of a book without its own dates; `part` is the part of the way that a stage takes."""
    return Lag(np.full(groups, np.log(MEDIAN * part)), np.full(groups, SPREAD))


def fit_lag(days: Floats, age: Floats, group: Ints, groups: int, start: Lag) -> Lag:
    """The lag of each group from finished lags (`days`, within `age` days), drawn towards the book's own, and that
    towards `start`."""
    log_days, log_age = np.log(np.maximum(days, 0.0) + 0.5), np.log(np.maximum(age, days) + 0.5)
    whole = _best(log_days, log_age, float(start.middle[0]), float(start.spread[0]), _BOOK_SD)
    middle, spread = np.full(groups, whole[0]), np.full(groups, whole[1])
    for number in np.unique(group):
        own = group == number
        middle[number], spread[number] = _best(log_days[own], log_age[own], *whole, _GROUP_SD)
    return Lag(middle, spread)


def fit_speeds(days: Floats, age: Floats, group: Ints, lag: Lag, unit: Ints, units: int) -> Floats:
    """How much longer or shorter each unit's lags are than `lag` says of their groups, as a log; drawn towards nought,
    so that a unit without finished lags has none."""
    middle, spread = lag.middle[group], float(np.mean(lag.spread[group])) if len(group) else SPREAD
    log_days, log_age = np.log(np.maximum(days, 0.0) + 0.5) - middle, np.log(np.maximum(age, days) + 0.5) - middle
    shift = np.zeros(units)
    for number in np.unique(unit):
        own = unit == number
        shift[number], _ = _best(log_days[own], log_age[own], 0.0, spread, _SPEED_SD, spreads=1)
    return shift


def _best(
    log_days: Floats, log_age: Floats, middle: float, spread: float, middle_sd: float, spreads: int = 15
) -> tuple[float, float]:
    """The most likely (middle, spread) on two grids, the second around the best point of the first; with one of
    `spreads`, the spread stays as it is given."""
    if not len(log_days):
        return middle, spread
    centre = (middle, float(np.log(spread)))
    best, ages = centre, _ages(log_age)
    for width in (1.0, 0.12):
        middles = best[0] + width * np.linspace(-3, 3, 25) * min(middle_sd, 0.6)
        about = best[1] + width * (np.linspace(-2.5, 2.5, spreads) if spreads > 1 else np.zeros(1)) * _SPREAD_SD
        value = _likelihood(log_days, ages, middles[:, None], np.exp(about)[None, :])
        value -= 0.5 * ((middles[:, None] - centre[0]) / middle_sd) ** 2
        value -= 0.5 * ((about[None, :] - centre[1]) / _SPREAD_SD) ** 2
        at = np.unravel_index(int(np.argmax(value)), value.shape)
        best = (float(middles[at[0]]), float(about[at[1]]))
    return best[0], float(np.exp(best[1]))


def _ages(log_age: Floats) -> tuple[Floats, Floats]:
    """Ages in bins: how many there are, and their mean."""
    edges = np.linspace(log_age.min() - 1e-9, log_age.max() + 1e-9, _BINS + 1)
    count, _ = np.histogram(log_age, edges)
    total, _ = np.histogram(log_age, edges, weights=log_age)
    held = count > 0
    return count[held].astype(np.float64), total[held] / count[held]


def _likelihood(log_days: Floats, ages: tuple[Floats, Floats], middle: Floats, spread: Floats) -> Floats:
    from scipy.special import log_ndtr

    seen, (count, at) = len(log_days), ages
    square = (log_days**2).sum() - 2 * middle * log_days.sum() + seen * middle**2
    chance = (count * log_ndtr((at - middle[..., None]) / spread[..., None])).sum(axis=-1)
    return np.asarray(-seen * np.log(spread) - 0.5 * square / spread**2 - chance)
