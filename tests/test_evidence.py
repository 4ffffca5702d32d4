"""The parts of the evidence, on numbers that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rm_audit.metrics.evidence.clumps import Blocks, clumped
from rm_audit.metrics.evidence.draws import voters
from rm_audit.metrics.evidence.judging import confirmed_from
from rm_audit.metrics.evidence.nested import Curve, Design
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
    steps = _steps(applications(qualified=first(6), interviewed=first(4), hired=first(2)), np.ones(10), alone=False)
    assert [(step.name, int(step.reached.sum())) for step in steps] == [
        ("qualified", 6),
        ("interviews", 4),
        ("hires", 2),
    ]


def test_a_step_that_is_written_down_of_the_hired_alone_is_no_step() -> None:
    """An ATS that keeps the last stage only has an interview for everyone who was hired and for nobody else."""
    steps = _steps(applications(qualified=first(6), interviewed=first(2), hired=first(2)), np.ones(10), alone=False)
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
        pytest.param([0.9, 0.1, 0.2, 0.0], 0.73, id="three in ten on average"),
        pytest.param([0.8, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.3], 0.884, id="eleven in a hundred"),
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


def test_small_channels_have_no_vote_unless_all_are_small() -> None:
    """Of three channels one has half a percent. Of 200 alike each has half a percent, which is the average share."""
    assert voters(np.array([500.0, 495.0, 5.0])).tolist() == [True, True, False]
    assert voters(np.full(200, 10.0)).all()
    assert not voters(np.zeros(3)).any()


def uneven() -> tuple[Design, Curve, np.ndarray]:
    """Three channels with three, one and two of four job families; and the whole matrix that the curve stands for."""
    channel, family = np.array([0, 0, 0, 1, 2, 2]), np.array([0, 1, 3, 2, 0, 2])
    design = Design(np.arange(6), np.full(6, -1), channel, family, 3, 4, 0)
    source, weights, pull = np.random.default_rng(3), np.linspace(1, 3, 8), 40.0
    dense, inner = np.zeros((6, 6)), np.zeros((3, 3, 3))
    for number in range(3):
        mine = np.flatnonzero(channel == number)
        made = source.normal(size=(len(mine), len(mine) + 2))
        dense[np.ix_(mine, mine)] = inner[number, : len(mine), : len(mine)] = made @ made.T
    matrix = np.zeros((6, 14))
    row = np.arange(6)
    for column in (np.zeros(6, dtype=int), 1 + family, 5 + channel, 8 + row):
        matrix[row, column] = 1.0
    whole = matrix.T @ dense @ matrix + np.diag([*weights, *[pull] * 6])
    return design, Curve.of(design, inner, weights, pull), whole


def test_pairs_taken_out_channel_by_channel_leave_the_same_answers_as_the_whole_matrix() -> None:
    design, curve, whole = uneven()
    source, cover = np.random.default_rng(4), np.linalg.inv(whole)
    force, rates, pairs = source.normal(size=14), source.normal(size=(5, 6)), source.normal(size=(5, 6))
    of_rates = design.level(np.eye(14))
    assert curve.solve(force) == pytest.approx(np.linalg.solve(whole, force))
    assert curve.cover == pytest.approx(cover[:8, :8])
    assert design.gathered(rates) == pytest.approx(rates @ of_rates[:, :8])
    slopes = rates @ of_rates + np.concatenate([np.zeros((5, 8)), pairs], axis=1)
    assert curve.variance(rates, pairs) == pytest.approx(np.diag(slopes @ cover @ slopes.T))
    between = of_rates @ cover @ of_rates.T
    assert curve.between()[0] == pytest.approx(between[:3, :3])
    assert curve.between()[2, :2, :2] == pytest.approx(between[4:, 4:])


def test_draws_are_bent_to_the_covariance_of_the_fit() -> None:
    """With numbers that are exactly standard normal, the draws have the covariance itself."""
    design, curve, whole = uneven()
    exact = np.eye(14) * np.sqrt(14)
    off, rates = curve.bent(exact[:8], exact[8:])
    of_rates, cover = design.level(np.eye(14)), np.linalg.inv(whole)
    assert off @ off.T / 14 == pytest.approx(cover[:8, :8])
    assert rates @ rates.T / 14 == pytest.approx(of_rates @ cover @ of_rates.T)
    assert off @ rates.T / 14 == pytest.approx(cover[:8] @ of_rates.T)
