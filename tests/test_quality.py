"""Quality of hires: who is hired, stays and is rated well, against the other channels' people for the same jobs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import unescape
from typing import Any

import numpy as np
import pytest
from books import AS_OF, book, document
from hypothesis import given, settings
from hypothesis import strategies as st

import rm_audit
from rm_audit.book import Book
from rm_audit.metrics.evidence.quality import YEAR, Strata, in_strata, ratios, risk_sets, seen, staying

FEW = settings(max_examples=60, deadline=None, derandomize=True, database=None)
PEOPLE = "Application ID,Source,Job family,Applied at,Interviewed at,Hired at"
STAFF = "Employee ID,Source,Job family,Hired at,Left at,Performance"

# Channel, job family, interviewed, hired. On each kind of job Indeed's people are hired more often, and less often on
# the whole, for most of its own are engineers.
SIMPSON = [
    ("Indeed", "Nursing", 60, 48),
    ("Monster", "Nursing", 240, 168),
    ("Indeed", "Engineering", 240, 72),
    ("Monster", "Engineering", 60, 12),
]


def interviewed(groups: Sequence[tuple[str, str, int, int]], kind: str = "Job family") -> Book:
    """All applied in January 2025 and were interviewed; so many of each group were hired. `kind` heads the column of
    the jobs."""
    rows = [
        f"{channel},{family},2025-01-05,2025-01-15,{'2025-02-15' if number < hired else ''}"
        for channel, family, all_of_them, hired in groups
        for number in range(all_of_them)
    ]
    header = PEOPLE.replace("Job family", kind)
    return book(applications="\n".join([header, *(f"A{number},{row}" for number, row in enumerate(rows))]))


def staff(rows: Sequence[tuple[str, int, str, str, str]]) -> Book:
    """A people file: so many of a channel hired on a day, who left on a day or not, and were rated so or not."""
    each = [(channel, *rest) for channel, many, *rest in rows for _ in range(many)]
    lines = [f"E{number},{one[0]},Nursing,{','.join(one[1:])}" for number, one in enumerate(each)]
    return book(people="\n".join([STAFF, *lines]))


def quality(of: Book, kind: str = "channel") -> dict[tuple[str, str], dict[str, Any]]:
    """(Name, measure) → what the report says of it."""
    subjects = document(of)["subjects"][kind]
    return {(item["name"], one["measure"]): one for item in subjects for one in item["quality"]}


def stays(of: Book) -> dict[str, Any]:
    return {item["name"]: item["stays_a_year"] for item in document(of)["subjects"]["channel"]}


# --- who stays a year -------------------------------------------------------------------------------------------


def test_staying_by_hand() -> None:
    """Six hires. One left after 100 days (6 were there: 5/6 stay), one after 200 (4 were there: 3/4); the others were
    seen for 150, 300 and 400 days, and one for a year. 5/6 x 3/4 = 0.625."""
    days = np.array([100.0, 150.0, 200.0, 300.0, 365.0, 365.0])
    left = np.array([True, False, True, False, False, False])
    found = staying(days, left)
    assert found is not None
    assert found[0] == pytest.approx(0.625)
    # By hand: mean 6/7 x 4/5 x 2.5/3, mean square 6/8 x 4/6 x 2.5 x 3.5/(3 x 4): the beta chance of 3.106 and 2.330.
    # A million draws of the product itself lie between 0.231 and 0.871.
    assert found[1:] == (pytest.approx(0.2355, abs=0.001), pytest.approx(0.8752, abs=0.001))


def test_where_all_were_seen_for_a_year_the_range_is_that_of_a_plain_share() -> None:
    """Three of ten left: the range is that of the beta chance of 7.5 and 3.5, Jeffreys' of 7 in 10."""
    found = staying(np.array([30.0, 60.0, 90.0, *[365.0] * 7]), np.arange(10) < 3)
    assert found == (pytest.approx(0.7), pytest.approx(0.4419, abs=0.001), pytest.approx(0.8827, abs=0.001))


def test_nobody_left_and_yet_it_is_not_certain() -> None:
    """Five of five stayed: at least two in three do. Of five that were seen for a month, nothing."""
    found = staying(np.full(5, 365.0), np.zeros(5, dtype=bool))
    assert found == (1.0, pytest.approx(0.6943, abs=0.001), 1.0)
    assert staying(np.full(5, 30.0), np.zeros(5, dtype=bool)) is None
    assert staying(np.empty(0), np.empty(0, dtype=bool)) is None


LAST = ("Reed", 1, "2026-06-29", "", "")  # so far the file reaches
HIRES = st.lists(st.tuples(st.integers(1, YEAR), st.booleans()), min_size=1, max_size=40)


@FEW
@given(HIRES)
def test_a_range_of_staying_holds_its_estimate(hires: list[tuple[int, bool]]) -> None:
    """Between 0 and 1, and never without width."""
    found = staying(np.array([float(days) for days, _ in hires]), np.array([left for _, left in hires]))
    if found is not None:
        share, low, high = found
        assert 0 <= low <= share <= high <= 1
        assert low < high


@FEW
@given(HIRES, st.integers(1, YEAR))
def test_more_time_without_a_leaver_never_lowers_the_low_end(hires: list[tuple[int, bool]], more: int) -> None:
    """The same hires seen for longer, and nobody else left: more stay, and that is surer."""
    days, left = np.array([float(days) for days, _ in hires]), np.array([left for _, left in hires])
    before, after = staying(days, left), staying(np.where(left, days, np.minimum(days + more, YEAR)), left)
    if before is not None:
        assert after is not None
        assert after[0] >= before[0] - 1e-12
        assert after[1] >= before[1] - 1e-9
        if not left.any():
            assert after[2] - after[1] <= before[2] - before[1] + 1e-12


def test_hires_of_the_last_year_count_for_the_time_they_were_seen() -> None:
    """Ten hired two years ago, of whom two left; ten hired half a year ago, all still there. The plain share of those
    whose year is over is 8 of 10; those of the last year make it more likely that one stays the first months."""
    old = [("Indeed", 8, "2024-06-01", "", ""), ("Indeed", 2, "2024-06-01", "2024-09-01", ""), LAST]
    young = [("Indeed", 10, "2026-01-01", "", "")]
    assert stays(staff(old))["Indeed"]["value"] == 0.8
    with_young = stays(staff([*old, *young]))["Indeed"]
    assert with_young["value"] == 0.9  # 20 were there on the day that two of them left
    assert with_young["low"] > stays(staff(old))["Indeed"]["low"]


def test_a_list_of_leavers_says_nothing_of_staying() -> None:
    """All in it left, because it lists those who left. The same for a file without leaving dates."""
    leavers = staff([("Indeed", 9, "2024-06-01", "2024-09-01", ""), ("Reed", 9, "2024-06-01", "2026-06-01", "")])
    assert (stays(leavers), quality(leavers)) == ({"Indeed": None, "Reed": None}, {})
    no_dates = staff([("Indeed", 9, "2024-06-01", "", ""), ("Reed", 9, "2024-06-01", "", "")])
    assert (stays(no_dates), quality(no_dates)) == ({"Indeed": None, "Reed": None}, {})


def test_leavers_are_compared_on_the_days_on_which_somebody_left() -> None:
    """Log-rank by hand. Unit 0 has hires seen for 100 (left), 300 and 365 days, unit 1 for 200 (left), 200 and 365.

    Day 100: 3 and 3 there, one leaves, half of it is due to each. Day 200: 2 and 3 there, 0.4 due to unit 0."""
    found = seen(
        risk_sets(
            np.array([100.0, 300.0, 365.0, 200.0, 200.0, 365.0]),
            np.array([True, False, False, True, False, False]),
            np.zeros(6, dtype=np.int64),
            np.array([0, 0, 0, 1, 1, 1]),
            2,
        )
    )
    assert found.observed.tolist() == [1.0, 1.0]
    assert found.expected.tolist() == [pytest.approx(0.9), pytest.approx(1.1)]
    assert found.variance.tolist() == [pytest.approx(0.25 + 0.24)] * 2


def test_a_channel_whose_hires_leave_is_called_worse() -> None:
    """Half of Reed's forty leave within a year; one in ten of Indeed's and of Monster's does."""
    rows = [(name, many, "2024-06-01", gone, "") for name, gone, many in (
        ("Indeed", "", 54), ("Indeed", "2024-12-01", 6), ("Monster", "", 54), ("Monster", "2024-11-01", 6),
        ("Reed", "", 20), ("Reed", "2024-10-01", 20))]  # fmt: skip
    found = quality(staff([*rows, LAST]))
    worse = found["Reed", "left_first_year"]
    assert (worse["verdict"], worse["observed"], worse["of"]) == ("worse", 20, 41)
    assert worse["reason"] == (
        "20 of 41 hires are known to have left within a year, where all channels together make 6.8 for the same jobs"
    )
    assert worse["rate"] == {"value": 0.5, "low": pytest.approx(0.38, abs=0.02), "high": pytest.approx(0.62, abs=0.02)}
    assert worse["ratio"]["low"] > 1.5
    assert found["Indeed", "left_first_year"]["verdict"] == "better"


def test_where_nearly_all_leave_a_channel_whose_hires_stay_is_called_better() -> None:
    """Of Monster's 370 hires 360 leave within five months, of Indeed's 72 twelve, after six. Were they alike, Indeed's
    chances of leaving, day by day, would add up to more than one a person."""
    left = [("2024-02-10", 100), ("2024-03-10", 100), ("2024-04-10", 100), ("2024-06-10", 60), ("", 10)]
    rows = [("Monster", many, "2024-01-10", gone, "") for gone, many in left]
    rows += [("Indeed", 60, "2024-01-10", "", ""), ("Indeed", 12, "2024-01-10", "2024-07-11", "")]
    found = quality(staff([*rows, LAST]))
    better = found["Indeed", "left_first_year"]
    assert (better["verdict"], better["reason"]) == (
        "better",
        "12 of 72 hires are known to have left within a year, where all channels' chances of each day come to 108.1 "
        "for the same jobs",
    )
    assert found["Monster", "left_first_year"]["verdict"] == "worse"


# --- the same jobs ----------------------------------------------------------------------------------------------


def test_mantel_and_haenszel_by_hand() -> None:
    """Nurses: 8 of 10 and 28 of 40 are hired, engineers: 12 of 40 and 2 of 10.

    Due to the first: 10 x 36/50 + 40 x 14/50 = 18.4 where 20 were hired, though 20 of 50 is less than 30 of 50.
    """
    found = seen(Strata(np.array([[10.0, 40.0], [40.0, 10.0]]), np.array([[8.0, 28.0], [12.0, 2.0]])))
    assert found.observed.tolist() == [20.0, 30.0]
    assert found.expected.tolist() == [pytest.approx(18.4), pytest.approx(31.6)]
    assert found.variance[0] == pytest.approx(2 * 10 * 40 * 36 * 14 / (50**2 * 49))
    # Mantel and Haenszel's ratio: (8 x 40 + 12 x 10) / 50 over (28 x 10 + 2 x 40) / 50.
    assert found.here[0] / found.there[0] == pytest.approx(8.8 / 7.2)


def test_raw_shares_that_say_the_opposite_are_warned_of() -> None:
    """Simpson's paradox, six times as many people: worse on the whole, better on each kind of job. The warning has
    both figures."""
    found = document(interviewed(SIMPSON))
    one = next(item for item in found["subjects"]["channel"] if item["name"] == "Indeed")["quality"][0]
    assert (one["measure"], one["observed"], one["of"], one["expected"]) == ("hires_of_interviews", 120, 300, 90.0)
    assert (one["crude_ratio"], one["ratio"]["value"], one["verdict"]) == (0.8, 1.2, "better")
    assert one["reason"] == "120 of 300 interviewed were hired, where the others' rate makes 90.0 for the same jobs"
    assert [item["message"] for item in found["problems"] if item["code"] == "crude-and-adjusted-quality"] == [
        "raw shares mislead: Indeed, hires of interviews: 0.80 times the book's on raw totals, 1.20 times the others' "
        "for the same jobs; Monster, hires of interviews: 1.20 times the book's on raw totals, 0.83 times the others' "
        "for the same jobs"
    ]


def test_without_job_families_nothing_is_said() -> None:
    """The same people, and no word on the jobs."""
    one = quality(interviewed(SIMPSON, kind="Remark"))["Indeed", "hires_of_interviews"]
    assert (one["verdict"], one["ratio"], one["expected"]) == ("cannot_tell", None, None)
    assert "harder jobs may explain a difference; a job family" in one["reason"]


def test_easy_requisitions_make_no_channel_better() -> None:
    """The same people, whose jobs are two requisitions of one family: by requisition Indeed's are hired more often."""
    one = quality(interviewed(SIMPSON, kind="Job ID"))["Indeed", "hires_of_interviews"]
    assert (one["verdict"], one["crude_ratio"], one["ratio"]["value"]) == ("better", 0.8, 1.2)


def test_a_channel_with_three_people_ranks_near_the_usual() -> None:
    """Three of three hired ranks behind 60 of 120: it is drawn towards 1, and nothing is said."""
    found = quality(
        interviewed([("Indeed", "Nursing", 300, 105), ("Monster", "Nursing", 120, 60), ("Dice", "Nursing", 3, 3)])
    )
    small = found["Dice", "hires_of_interviews"]
    assert small["ratio"]["value"] < found["Monster", "hires_of_interviews"]["ratio"]["value"] < 1.5
    assert small["verdict"] == "cannot_tell"
    assert small["reason"].endswith(" more interviewed would tell")
    assert found["Monster", "hires_of_interviews"]["verdict"] == "better"


def test_interviews_that_are_young_are_compared_with_young_ones() -> None:
    """Reed began a month before the data end: of its 40 interviewed three are hired yet, as of Indeed's of that month.
    On the whole its share is a quarter of Indeed's."""
    rows = [
        f"{channel},Nursing,{applied},{applied},{hired if number < came else ''}"
        for channel, applied, hired, size, came in (
            ("Indeed", "2025-01-05", "2025-02-15", 200, 60),
            ("Indeed", "2026-06-05", "2026-06-25", 80, 6),
            ("Reed", "2026-06-05", "2026-06-25", 80, 6),
        )
        for number in range(size)
    ]
    of = book(applications="\n".join([PEOPLE, *(f"A{number},{row}" for number, row in enumerate(rows))]))
    one = quality(of)["Reed", "hires_of_interviews"]
    assert (one["observed"], one["expected"], one["crude_ratio"]) == (6, 6.0, 0.37)
    assert one["ratio"]["value"] == pytest.approx(1, abs=0.01)
    assert document(of)["problems"] == []


def test_counts_in_clumps_say_less() -> None:
    """Two channels with 20 each in ten strata. Where 10 and 10 are hired everywhere, nothing is taken off; where one
    has 15 and the other 5 and the other way round in turn, there is more to the strata than their names say."""
    tried = np.full((10, 2), 20.0)
    even, turned = np.full((10, 2), 10.0), np.where(np.add.outer(np.arange(10), np.arange(2)) % 2, 15.0, 5.0)
    plain, same, clumped = (seen(Strata(tried, came), clumps=on) for came, on in (
        (even, False), (even, True), (turned, True)))  # fmt: skip
    assert same.variance.tolist() == plain.variance.tolist()
    assert (clumped.variance > 5 * plain.variance).all()
    assert clumped.expected.tolist() == plain.expected.tolist() == [100.0, 100.0]


TABLES = st.lists(st.lists(st.tuples(st.integers(0, 30), st.floats(0, 1)), min_size=3, max_size=3), max_size=5)


@FEW
@given(TABLES)
def test_ranges_hold_their_estimates_and_sums_stay(rows: list[list[tuple[int, float]]]) -> None:
    """What is seen of all is what is due to all, and a unit with nobody has the ratio 1."""
    tried = np.array([[float(n) for n, _ in row] for row in rows]).reshape(-1, 3)
    came = np.array([[float(round(n * share)) for n, share in row] for row in rows]).reshape(-1, 3)
    found = seen(Strata(tried, came))
    assert found.expected.sum() == pytest.approx(found.observed.sum())
    ratio = ratios(found, 0.35)
    assert (ratio.low <= ratio.value).all()
    assert (ratio.value <= ratio.high).all()
    assert ratio.value[tried.sum(axis=0) == 0] == pytest.approx(1)


@FEW
@given(TABLES)
def test_jobs_that_a_channel_has_not_change_nothing_of_its_counts(rows: list[list[tuple[int, float]]]) -> None:
    """A job family more, in which only two other channels hire."""
    tried = np.array([[float(n) for n, _ in row] + [0.0, 0.0] for row in rows]).reshape(-1, 5)
    came = np.array([[float(round(n * share)) for n, share in row] + [0.0, 0.0] for row in rows]).reshape(-1, 5)
    before = seen(Strata(tried, came))
    after = seen(Strata(np.vstack([tried, [0, 0, 0, 40, 9]]), np.vstack([came, [0, 0, 0, 11, 5]])))
    for name in ("observed", "expected", "variance", "here", "there", "weight"):
        assert getattr(after, name)[:3] == pytest.approx(getattr(before, name)[:3])


def test_where_channels_do_not_differ_few_are_called_better_or_worse() -> None:
    """200 employers with eight channels of 3 to 150 people and three job families, all channels alike: 4% are called.
    Where they do differ (sd 0.3) three in ten are, and of these one in a hundred on the wrong side."""
    assert called(spread=0.0) <= 0.06
    assert called(spread=0.3) >= 0.25


def called(spread: float) -> float:
    source, found = np.random.default_rng(11), []
    for _ in range(200):
        unit = np.repeat(np.arange(8), source.integers(3, 150, 8))
        mix, effect = source.dirichlet([1.0, 1.0, 1.0], 8), np.exp(source.normal(0, spread, 8))
        family = np.array([source.choice(3, p=mix[one]) for one in unit])
        chance = np.minimum(np.array([0.1, 0.3, 0.5])[family] * effect[unit], 0.95)
        came = (source.random(len(unit)) < chance).astype(float)
        ratio = ratios(seen(in_strata(family, unit, 8, came, np.ones_like(came))), 0.35)
        found.append(((ratio.low > 1) | (ratio.high < 1)).mean())
    return float(np.mean(found))


# --- ratings, which are a person's ------------------------------------------------------------------------------

RATED = [
    ("Indeed", 30, "2024-06-01", "", "Meets"),
    ("Indeed", 3, "2024-06-01", "", "Below"),
    ("Monster", 20, "2024-06-01", "", "Meets"),
    ("Monster", 15, "2024-06-01", "2024-08-01", "Below"),
    ("Indeed", 1, "2026-06-29", "", ""),
]
FOUR = [("Reed", 4, "2024-06-01", "2024-08-01", "Below")]


def test_ratings_are_compared() -> None:
    """Fifteen of Monster's 35 were rated poorly, and three of Indeed's 33."""
    found = quality(staff(RATED))
    one = found["Monster", "rated_poorly"]
    assert (one["verdict"], one["observed"], one["of"], one["expected"]) == ("worse", 15, 35, 3.2)
    assert found["Indeed", "rated_poorly"]["verdict"] == "better"


def test_ratings_of_fewer_than_five_people_are_nowhere() -> None:
    """Four of Reed's were rated and left: no figure is of them, and no sum with them is, from which one could take the
    others away."""
    alone, beside = staff(RATED), staff([*RATED, *FOUR])
    assert quality(beside) == quality(alone)
    reed = next(item for item in document(beside)["subjects"]["channel"] if item["name"] == "Reed")
    assert (reed["quality"], reed["stays_a_year"], reed["rated"], reed["rated_well"]) == ([], None, None, None)
    (whole,) = document(beside)["subjects"]["portfolio"]
    assert (whole["rated"], whole["rated_well"]) == (None, None)  # less the others' it would be theirs
    (whole,) = document(alone)["subjects"]["portfolio"]
    assert (whole["rated"], whole["rated_well"]) == (68, 50)
    five = staff([*RATED, *FOUR, ("Reed", 1, "2024-06-01", "", "Meets")])
    assert {measure for name, measure in quality(five) if name == "Reed"} == {"left_first_year", "rated_poorly"}


# --- replies ----------------------------------------------------------------------------------------------------


def test_sequences_are_compared_within_their_audience() -> None:
    """Nurses answer twice as often as engineers. B's share is lower than A's because it is sent to engineers."""
    rows = ["A,1,Nurses,1000,100", "B,1,Engineers,1000,50", "C,1,Nurses,1000,100", "C,2,Engineers,1000,50"]
    rows += ["D,1,Nurses,200,4", "E,1,Engineers,20,2"]
    of = book(sequences="\n".join(["Sequence,Step,Audience,Sent,Replies,Body", *(f"{row},Hello" for row in rows)]))
    found = {name: one for (name, _), one in quality(of, "sequence").items()}
    assert {name: one["verdict"] for name, one in found.items()} == {
        "A": "usual",
        "B": "usual",
        "C": "usual",
        "D": "worse",
        "E": "cannot_tell",
    }
    assert found["D"]["reason"] == "4 replies to 200 messages, where the others' rate makes 20.0 for the same audience"


# --- what is shown ----------------------------------------------------------------------------------------------


def test_the_page_and_the_long_text_show_what_is_better_or_worse() -> None:
    """One line a channel, and one for the rest. The usual text says nothing of it."""
    report = rm_audit.audit(staff([*RATED, *FOUR]), as_of=AS_OF)
    line = "worse. 15 of 35 rated hires were rated poorly, where the others' rate makes 3.2 for the same jobs"
    rest = "Of 4 comparisons with others in the same jobs: 0 usual, 0 open as yet."
    long, usual = (
        " ".join(str(rm_audit.render(report, "terminal", verbose=verbose)).split()) for verbose in (True, False)
    )
    assert (f"Monster: {line}" in long, "Quality of hires" in long, rest in long) == (True, True, True)
    assert "Quality of hires" not in usual
    page = unescape(str(rm_audit.render(report, "html")))
    assert (line in page, "<h3>Quality of hires</h3>" in page, rest in page) == (True, True, True)


def test_redacted_it_keeps_counts_and_no_name() -> None:
    """As other counts and shares do; the warning keeps its code alone."""
    report = rm_audit.audit(interviewed(SIMPSON), as_of=AS_OF)
    whole = json.loads(str(rm_audit.render(report, "json")))
    cut = json.loads(str(rm_audit.render(report, "json", redact="all")))
    assert [item["quality"] for item in cut["subjects"]["channel"]] == [
        item["quality"] for item in whole["subjects"]["channel"]
    ]
    assert "Indeed" not in json.dumps(cut)
    assert "crude and adjusted quality" in [item["message"] for item in cut["problems"]]
