"""The parts of the evidence, on numbers that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rm_audit.metrics.evidence.clumps import Blocks, clumped
from rm_audit.metrics.evidence.judging import confirmed_from
from rm_audit.metrics.evidence.reading import _steps
from rm_audit.metrics.evidence.ripe import ripen
from rm_audit.metrics.evidence.rows import Applied, Paid, Step

NAN = float("nan")


def applications(**marks: list[bool]) -> pd.DataFrame:
    """Ten applications with these marks, without days."""
    return pd.DataFrame({f"is_{name}": pd.array(values, dtype="boolean") for name, values in marks.items()})


def first(count: int) -> list[bool]:
    return [row < count for row in range(10)]


def test_who_reached_a_step_reached_those_before() -> None:
    """Six were screened, four interviewed, two hired."""
    steps = _steps(applications(qualified=first(6), interviewed=first(4), hired=first(2)), alone=False)
    assert [(step.name, int(step.reached.sum())) for step in steps] == [
        ("qualified", 6),
        ("interviews", 4),
        ("hires", 2),
    ]


def test_a_step_that_is_written_down_of_the_hired_alone_is_no_step() -> None:
    """An ATS that keeps the last stage only has an interview for everyone who was hired and for nobody else."""
    steps = _steps(applications(qualified=first(6), interviewed=first(2), hired=first(2)), alone=False)
    assert [step.name for step in steps] == ["qualified", "hires"]


def test_verdicts_take_the_screen_and_trends_the_interviews_too() -> None:
    every = np.ones(1, dtype=bool)
    names = np.array(["A"], dtype=object)
    steps = tuple(Step(name, every, np.array([NAN])) for name in ("qualified", "interviews", "hires"))
    applied = Applied(names, names, names, np.array([0.0]), steps)
    assert applied.stages == ("applications", "qualified", "interviews", "hires")
    assert applied.screened().stages == ("applications", "qualified", "hires")
    without = Applied(names, names, names, np.array([0.0]), steps[1:])
    assert without.screened().stages == ("applications", "interviews", "hires")


@pytest.mark.parametrize(
    ("likely", "mark"),
    [
        pytest.param([0.9, 0.1, 0.2, 0.0], 0.75, id="three in ten on average"),
        pytest.param([0.8, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.3], 0.89, id="eleven in a hundred"),
        pytest.param([0.03, 0.05], 0.95, id="four in a hundred"),
        pytest.param([], 0.95, id="no campaign"),
    ],
)
def test_where_hardly_any_campaign_is_wasteful_a_flag_has_to_be_surer(likely: list[float], mark: float) -> None:
    assert confirmed_from(likely) == pytest.approx(mark)


def test_money_and_applications_ripen_with_age() -> None:
    """Hires took about 40 days. On day 100, money of day 0 is due almost whole, and that of day 95 hardly."""
    count = 60
    begin = np.linspace(0, 50, count)
    people = np.array(["A"] * count, dtype=object)
    took = begin + np.resize([30.0, 40.0, 50.0], count)
    applied = Applied(people, people, people, begin, (Step("hires", np.ones(count, dtype=bool), took),))
    money = np.array(["A", "A"], dtype=object)
    paid = Paid(money, money, money, np.array([100.0, 100.0]), np.array([0.0, 95.0]), np.array([0.0, 95.0]))
    rows = ripen(paid, applied, 100)
    old, young = rows.due()
    assert rows.dated
    assert old > 95
    assert young < 1
    assert rows.due(90)[1] > 90
    assert ((rows.ready[0] >= 0) & (rows.ready[0] <= 1)).all()


def test_the_halves_of_the_time_stand_for_campaigns() -> None:
    """Money of day 10 is early and that of day 70 late; the middle is day 50."""
    name = np.array(["A", "A"], dtype=object)
    both = np.ones(2, dtype=bool)
    paid = Paid(name, name, name, np.array([1.0, 1.0]), np.array([10.0, 70.0]), np.array([10.0, 70.0]))
    applied = Applied(name, name, name, np.array([20.0, 80.0]), (Step("hires", both, np.array([30.0, 90.0])),))
    halves = ripen(paid, applied, 100).halved(50)
    assert halves.family.names == ("A\tearly", "A\tlate")
    assert halves.campaign.codes.tolist() == [0, 1, 0, 1]
    assert halves.family.codes.tolist() == [0, 1, 0, 1]


def test_a_month_with_hardly_any_chance_says_nothing_of_clumps() -> None:
    """Thirty channels with ten hires in each of two months, and a third in which next to nothing was due."""
    seen = np.tile([10.0, 10.0, 0.0], (30, 1))
    due = np.tile([10.0, 10.0, 5e-324], (30, 1))
    excess, of_unit = clumped(Blocks(seen, due), np.zeros(30, dtype=np.int64), 1, np.arange(30), 30)
    assert (excess, of_unit.tolist()) == (0.0, [0.0] * 30)
