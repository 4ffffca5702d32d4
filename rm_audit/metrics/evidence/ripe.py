"""How much of each row's outcome can be known by now: rows of money and of applications, by their age.

How long each step takes is read from the book itself, by job family and by channel.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rm_audit.metrics.evidence.lags import MEDIAN, Lag, default_lag, fit_lag, fit_speeds
from rm_audit.metrics.evidence.rows import Applied, Floats, Ints, Marks, Paid, Texts

# Judgement: the part of the whole way to a hire that is over at each step, where no dates say.
_WAY = {"qualified": 0.15, "interviews": 0.5, "hires": 1.0}
EARLY, LATE = "early", "late"


@dataclass(frozen=True)
class Coded:
    """Names as numbers, the rows of money before those of applications; -1 is no name."""

    names: tuple[str, ...]
    of_money: Ints
    of_people: Ints

    @property
    def codes(self) -> Ints:
        return np.concatenate([self.of_money, self.of_people])


@dataclass(frozen=True)
class Ripe:
    """Rows and what can be known of them. `ready[s]` is, of each application that reached the step before step s, the
    share of those that will reach step s who have by now; it is 0 for the others."""

    channel: Coded
    family: Coded
    campaign: Coded
    amount: Floats
    first: Floats
    last: Floats
    applied: Floats
    stages: tuple[str, ...]
    alone: bool
    reached: tuple[Marks, ...]
    ready: tuple[Floats, ...]
    whole: Lag  # from application to hire, by channel and family
    group: Ints  # of each row of money in `whole`
    dated: bool  # whether the lags are the book's own
    through: int  # the day up to which outcomes are known
    weight: Floats | None = None  # how many applications each row of these stands for; None: one

    def due(self, ahead: float = 0.0) -> Floats:
        """Of each row of money, the part whose hires can have arrived so many days from now."""
        return self.amount * self.whole.share(self.through + ahead - self.last, self.group)

    def run(self) -> Floats:
        """Of each row of money, the part of its days that is over."""
        return np.clip((self.through - self.first + 1) / np.maximum(self.last - self.first + 1, 1), 0.0, 1.0)

    def halved(self, middle: int) -> Ripe:
        """The same rows with the halves of the time in place of campaigns, and a job family in each half."""
        late = (self.first >= middle).astype(np.int64), (self.applied >= middle).astype(np.int64)
        family = Coded(
            tuple(f"{name}\t{half}" for name in self.family.names for half in (EARLY, LATE)),
            self.family.of_money * 2 + late[0],
            self.family.of_people * 2 + late[1],
        )
        return replace(self, family=family, campaign=Coded((EARLY, LATE), *late))


def ripen(paid: Paid, applied: Applied, through: int) -> Ripe:
    """What can be known of these rows on the day `through`."""
    channel = _coded(paid.channel, applied.channel)
    family = _coded(paid.family, applied.family)
    size, kinds = len(family.names), (channel, family)
    group = channel.of_people * size + family.of_people
    begin, ready, lags = applied.applied, [], []
    before, done = np.ones(len(applied.applied), dtype=bool), 0.0
    age = np.where(np.isnan(applied.applied), MEDIAN, through - applied.applied)
    since = age
    for step in applied.steps:
        lags.append(_lag(applied, begin, step.day, kinds, through, _WAY[step.name] - done)[0])
        ready.append(before * lags[-1].share(since, group))
        begin, before, done = step.day, step.reached, _WAY[step.name]
        since = np.where(np.isnan(step.day), age - MEDIAN * done, through - step.day)
    whole, dated = _lag(applied, applied.applied, applied.steps[-1].day, kinds, through, 1.0)
    return Ripe(
        channel,
        family,
        _coded(paid.campaign, applied.campaign),
        paid.amount,
        paid.first,
        paid.last,
        applied.applied,
        applied.stages,
        applied.alone,
        tuple(step.reached for step in applied.steps),
        tuple(ready),
        whole,
        channel.of_money * size + family.of_money,
        dated,
        through,
        applied.counts,
    )


def _coded(money: Texts, people: Texts) -> Coded:
    codes, found = pd.factorize(np.concatenate([money, people]), sort=True)
    codes = codes.astype(np.int64)
    return Coded(tuple(str(name) for name in found), codes[: len(money)], codes[len(money) :])


def _lag(
    applied: Applied, begin: Floats, end: Floats, kinds: tuple[Coded, Coded], through: int, part: float
) -> tuple[Lag, bool]:
    """The lag by channel and family, and whether it is the book's own."""
    channel, family = kinds
    channels, families = len(channel.names), len(family.names)
    usual, of_family = default_lag(families, part), np.tile(np.arange(families), channels)
    done = (end >= begin) & (end <= through)  # false where a day is not known
    if not done.any():
        return usual.of(of_family, np.zeros(len(of_family))), False
    days, age = (end - begin)[done], (through - begin)[done]
    weight = None if applied.counts is None else applied.counts[done]
    lag = fit_lag(days, age, family.of_people[done], families, usual, weight)
    speeds = fit_speeds(days, age, family.of_people[done], lag, channel.of_people[done], channels, weight)
    return lag.of(of_family, np.repeat(speeds, families)), True
