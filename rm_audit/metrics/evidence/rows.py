"""The rows that evidence is made of: money, and people on their way to a hire."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Texts = NDArray[np.object_]
Marks = NDArray[np.bool_]


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
class Step:
    """A step on the way from the application to the hire: which rows reached it, and on which day (NaN: not, or on no
    known day)."""

    name: str
    reached: Marks
    day: Floats


@dataclass(frozen=True)
class Applied:
    """Rows of applications, or of hires alone where `alone`. `applied` is NaN where the day is not known. `steps` are
    in their order, the last is the hire; who reached one reached those before. `likely` says what these rows are less
    than single applications with their days, "" for nothing: then no verdict is sure. `counts` says how many of them
    each row stands for; where it is None, one."""

    channel: Texts
    family: Texts
    campaign: Texts
    applied: Floats
    steps: tuple[Step, ...]
    alone: bool = False
    likely: str = ""
    counts: Floats | None = None

    @property
    def weight(self) -> Floats:
        return np.ones(len(self.channel)) if self.counts is None else self.counts

    def picked(self, rows: Ints | Marks) -> Applied:
        """Some of the rows, which may come more than once."""
        return replace(
            self,
            channel=self.channel[rows],
            family=self.family[rows],
            campaign=self.campaign[rows],
            applied=self.applied[rows],
            steps=tuple(replace(one, reached=one.reached[rows], day=one.day[rows]) for one in self.steps),
            counts=None if self.counts is None else self.counts[rows],
        )

    def screened(self) -> Applied:
        """Without the interviews where the screen before them is known: on simulated employers they made trends surer,
        and verdicts not."""
        return replace(
            self, steps=tuple(step for step in self.steps if step.name != "interviews" or len(self.steps) < 3)
        )

    @property
    def stages(self) -> tuple[str, ...]:
        names = tuple(step.name for step in self.steps)
        return names if self.alone else ("applications", *names)
