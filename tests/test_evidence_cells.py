"""Counts and the money that stands against them: what is odd in one corner of a book spoils no verdict elsewhere.

Six channels are paid 5,000 a month for nurses for a year. Each brings 50 applications a month, "Dear" only 15; one in
ten is hired after a month.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from books import book, ctx

from rm_audit.metrics.evidence.cells import _netted, make_cells
from rm_audit.metrics.evidence.judging import _Facts, _more, _Setting, weigh
from rm_audit.metrics.evidence.reading import MANY_FAMILIES, MOST_FAMILIES, NO_MONTHS, evidence
from rm_audit.metrics.evidence.ripe import ripen
from rm_audit.metrics.evidence.rows import Applied, Paid, Step
from rm_audit.metrics.evidence.verdict import Evidence

CHANNELS = {"Dear": 15, "B": 50, "C": 50, "D": 50, "E": 50, "F": 50}
THROUGH = 500
Money = tuple[str, str, str, float, int]  # channel, family, campaign, amount, first day of 30
People = tuple[str, str, str, int]  # channel, family, campaign, how many, in the first year


def texts(values: Sequence[str]) -> np.ndarray:
    return np.array(values, dtype=object)


def judged(money: Sequence[Money] = (), people: Sequence[People] = ()) -> Evidence:
    """The evidence of the book above, with these rows beside it."""
    rows = [(name, "Nursing", f"{name} 1", 5000.0, 30 * month) for name in CHANNELS for month in range(12)] + [*money]
    came = [(name, "Nursing", f"{name} 1", 12 * many) for name, many in CHANNELS.items()] + [*people]
    each = [(*one, 360 * number / many) for *one, many in came for number in range(many)]
    channel, family, campaign, amount, first = zip(*rows, strict=True)
    start = np.array(first, dtype=float)
    paid = Paid(texts(channel), texts(family), texts(campaign), np.array(amount), start, start + 29)
    channel, family, campaign, day = zip(*each, strict=True)
    applied = np.floor(np.array(day))
    hired = np.arange(len(day)) % 10 == 0
    steps = (Step("hires", hired, np.where(hired, applied + 30, np.nan)),)
    found = Applied(texts(channel), texts(family), texts(campaign), applied, steps)
    return weigh(make_cells(ripen(paid, found, THROUGH)), THROUGH)


def ratios(found: Evidence) -> dict[str, float]:
    return {name: round(item.ratio.value, 1) for name, item in found.channels.items() if item.ratio is not None}


PLAIN = {"Dear": 3.2, "B": 1.0, "C": 1.0, "D": 1.0, "E": 1.0, "F": 1.0}


def test_the_plain_book() -> None:
    found = judged()
    assert ratios(found) == PLAIN
    assert {name: item.verdict for name, item in found.channels.items()} == {
        name: "confirmed" if name == "Dear" else "fine" for name in CHANNELS
    }


@pytest.mark.parametrize(
    ("money", "people"),
    [
        pytest.param([], [("B", "Office", "B 1", 400)], id="applications for jobs that no money is booked on"),
        pytest.param(
            [("C", "Office", "C 1", 5000.0, 0)],
            [("B", "Office", "B 1", 400), ("C", "Office", "C 1", 50)],
            id="applications of a channel for jobs that only another was paid for",
        ),
        pytest.param([("B", "Nursing", "B 2", 0.0, 0)], [("B", "Nursing", "B 2", 400)], id="a campaign for nothing"),
        pytest.param(
            [("B", "Nursing", "B 2", 900.0, 0), ("B", "Nursing", "B 2", -900.0, 30)],
            [("B", "Nursing", "B 2", 400)],
            id="a campaign whose money came back",
        ),
        pytest.param([("B", "Nursing", "B 1", -4000.0, 400)], [], id="money that came back months later"),
    ],
)
def test_what_is_odd_about_one_channel_leaves_the_others_as_they_are(money: list[Money], people: list[People]) -> None:
    found = judged(money, people)
    assert set(found.channels) == set(CHANNELS)
    assert found.channels["Dear"].verdict == "confirmed"
    assert all(item.verdict == "fine" for name, item in found.channels.items() if name != "Dear")
    of_b = ratios(found).pop("B")
    assert 0.4 < of_b <= 1.0  # what it brought for nothing makes it cheaper, as in a plain division
    assert all(abs(ratio / PLAIN[name] - 1) <= 0.15 for name, ratio in ratios(found).items() if name != "B")


def test_money_that_came_back_is_taken_off_the_other_months() -> None:
    """100 and 300 were paid and 100 came back: three quarters of each month stay. Of the second nothing is left."""
    money = np.array([[100.0, 300.0, -100.0], [50.0, -80.0, 0.0], [10.0, 0.0, 20.0]])
    assert _netted(money).tolist() == [[75.0, 225.0, 0.0], [0.0, 0.0, 0.0], [10.0, 0.0, 20.0]]


def lacking(families: Sequence[str], amounts: Sequence[float]) -> str:
    """Why three channels with so many job families, one month and one application each, are not weighed."""
    spend, people = ["Month,Channel,Job family,Spend"], ["Application ID,Source,Job family,Applied at,Hired at"]
    for number, (family, amount) in enumerate(zip(families, amounts, strict=True)):
        for channel in ("Indeed", "Monster", "Reed"):
            spend.append(f"2025-01,{channel},{family},{amount}")
            people.append(f"{channel}{number},{channel},{family},2025-01-05,2025-02-15")
    return evidence(ctx(book(spend="\n".join(spend), applications="\n".join(people)))).lacking


def test_of_very_many_job_families_the_largest_are_compared() -> None:
    """A fit of 2,000 would take an hour. Where the largest 200 hold most of the money and of the people they do."""
    names = [f"Family {number:03}" for number in range(MOST_FAMILIES + 100)]
    assert lacking(names, [100.0] * len(names)) == MANY_FAMILIES
    assert lacking(names[: MOST_FAMILIES + 20], [100.0] * (MOST_FAMILIES + 20)) == ""


def test_money_that_only_came_back_is_not_called_undated() -> None:
    assert lacking(["Nursing"] * 20, [100.0] * 20) == ""
    words = lacking(["Nursing"] * 20, [-100.0] * 20)
    assert words != NO_MONTHS
    assert words == "with fewer than three advertised channels there is no usual cost to compare with"


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        (6.0, "its range holds both the usual cost and twice that"),
        (4.0, "4.0 hires are due; about 1.5 times its matured spend would tell"),
        (0.055, "0.1 hires are due; about 110 times its matured spend would tell"),
        (0.004, "hardly a hire is due yet"),
        (0.0, "no hire is due yet"),
    ],
)
def test_how_much_more_would_tell_is_said_in_plain_numbers(expected: float, words: str) -> None:
    facts = _Facts(0.74, 1000.0, 1000.0, np.array([1000.0]), expected, 20.0, _Setting(0, 0.0, ""))
    assert _more(facts) == words
