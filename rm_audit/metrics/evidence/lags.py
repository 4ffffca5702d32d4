"""How long outcomes take in this book: a log-normal lag for every group, from lags that are seen only once over.

A lag longer than the time since its start is not in the data yet, so plain averages are too short where the data
are young. Each finished lag therefore counts by its density over the chance of being seen at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rm_audit.metrics.evidence.nested import total, weighed
from rm_audit.metrics.evidence.rows import Floats, Ints

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
        if (age % 1).any():  # true where an age is not known, too
            return self._share(age, group)
        days = np.arange(0.0, age.max(initial=0.0) + 1)
        if len(days) * len(self.middle) > len(age):
            return self._share(age, group)
        table = self._share(np.tile(days, len(self.middle)), np.repeat(np.arange(len(self.middle)), len(days)))
        return np.where(age < 0, 0.0, table[group * len(days) + np.maximum(age, 0.0).astype(np.int64)])

    def _share(self, age: Floats, group: Ints) -> Floats:
        from rm_audit.special import ndtr

        # Half a day is added: what happened on the day of the export has had half of that day.
        log_age = np.log(np.maximum(age, 0.0) + 0.5)
        return np.where(age < 0, 0.0, ndtr((log_age - self.middle[group]) / self.spread[group]))

    def of(self, group: Ints, shift: Floats | float = 0.0) -> Lag:
        """The lags of other groups, each made of one of these, its log median moved by `shift`."""
        return Lag(self.middle[group] + shift, self.spread[group])


def default_lag(groups: int, part: float = 1.0) -> Lag:
    """The lag of a book without its own dates; `part` is the part of the way that a stage takes."""
    return Lag(np.full(groups, np.log(MEDIAN * part)), np.full(groups, SPREAD))


def fit_lag(days: Floats, age: Floats, group: Ints, groups: int, start: Lag, weight: Floats | None = None) -> Lag:
    """The lag of each group from finished lags (`days`, within `age` days; `weight` says how many each row is), drawn
    towards the book's own, and that towards `start`."""
    log_days, log_age = np.log(np.maximum(days, 0.0) + 0.5), np.log(np.maximum(age, days) + 0.5)
    book = _Finished.of(log_days, log_age, np.zeros(len(group), dtype=np.int64), 1, weight)
    whole = _best(book, Lag(start.middle[:1], start.spread[:1]), _BOOK_SD)
    return _best(
        _Finished.of(log_days, log_age, group, groups, weight), whole.of(np.zeros(groups, dtype=np.int64)), _GROUP_SD
    )


def fit_speeds(
    days: Floats, age: Floats, group: Ints, lag: Lag, unit: Ints, units: int, weight: Floats | None = None
) -> Floats:
    """How much longer or shorter each unit's lags are than `lag` says of their groups, as a log; drawn towards nought,
    so that a unit without finished lags has none."""
    middle = lag.middle[group]
    spread = float(np.average(lag.spread[group], weights=weight)) if len(group) else SPREAD
    log_days, log_age = np.log(np.maximum(days, 0.0) + 0.5) - middle, np.log(np.maximum(age, days) + 0.5) - middle
    found = _Finished.of(log_days, log_age, unit, units, weight)
    return _best(found, Lag(np.zeros(units), np.full(units, spread)), _SPEED_SD, spreads=1).middle


@dataclass(frozen=True)
class _Finished:
    """Finished lags by group: how many, the sums of their logs and of the squares of these; and of the ages (logs) that
    they were seen at, by group and bin, how many and their mean."""

    seen: Floats
    added: Floats
    square: Floats
    count: Floats
    at: Floats

    @staticmethod
    def of(log_days: Floats, log_age: Floats, group: Ints, groups: int, weight: Floats | None) -> _Finished:
        def sums(codes: Ints, values: Floats | None, size: int) -> Floats:
            return total(codes, weighed(values, weight), size)

        seen, added, square = (sums(group, part, groups) for part in (None, log_days, log_days**2))
        low, high = (log_age.min(), log_age.max()) if len(log_age) else (0.0, 0.0)
        place = ((log_age - low) * (_BINS / max(high - low, 1e-9))).astype(np.int64)
        cell = group * _BINS + np.minimum(place, _BINS - 1)
        count, ages = (sums(cell, part, groups * _BINS).reshape(groups, _BINS) for part in (None, log_age))
        return _Finished(seen, added, square, count, ages / np.maximum(count, 1))

    def likelihood(self, middle: Floats, spread: Floats) -> Floats:
        """Of lags with this middle and spread, by group (first axis)."""
        from rm_audit.special import log_ndtr

        seen, added, square = (part[:, None, None] for part in (self.seen, self.added, self.square))
        far = square - 2 * middle * added + seen * middle**2
        late = (self.at[:, None, None, :] - middle[..., None]) / spread[..., None]
        chance = (self.count[:, None, None, :] * log_ndtr(late)).sum(axis=-1)
        return np.asarray(-seen * np.log(spread) - 0.5 * far / spread**2 - chance)


def _best(found: _Finished, start: Lag, middle_sd: float, spreads: int = 7) -> Lag:
    """The most likely lag of each group on grids, each around the best point of the one before; with one of `spreads`,
    the spread stays as it is given."""
    centre = start.middle[:, None], np.log(start.spread)[:, None]
    best, every = centre, np.arange(len(start.middle))
    steps = np.linspace(-3, 3, 9) * min(middle_sd, 0.6), np.linspace(-2.5, 2.5, spreads) * _SPREAD_SD * (spreads > 1)
    for width in (1.0, 0.3, 0.09, 0.027):
        middles, about = (best[0] + width * steps[0])[:, :, None], (best[1] + width * steps[1])[:, None, :]
        value = found.likelihood(middles, np.exp(about))
        value -= 0.5 * ((middles - centre[0][..., None]) / middle_sd) ** 2
        value -= 0.5 * ((about - centre[1][..., None]) / _SPREAD_SD) ** 2
        at = np.unravel_index(np.argmax(value.reshape(len(every), -1), axis=1), value.shape[1:])
        best = middles[every, at[0], 0][:, None], about[every, 0, at[1]][:, None]
    return Lag(best[0][:, 0], np.exp(best[1][:, 0]))
