"""How applicants are treated, requisitions, shares, plan lines: small books whose answers can be reckoned by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from books import book, ctx, measured
from planted.book import AS_OF, clean
from planted.files import write

from rm_audit import read
from rm_audit.measures import DERIVED, MEASURES
from rm_audit.metrics.frames import Frames
from rm_audit.metrics.plan_lines import months_of
from rm_audit.tables import TABLES
from rm_audit.vocabulary import KEYS, PORTFOLIO, VOCABULARY

# --- how applicants are treated (practice) --------------------------------------------------------------------------

ANSWERS = """
Application ID,Source,Applied at,Interviewed at,Hired at,Rejected at
1,Indeed,2026-01-01,,,2026-01-08
2,Indeed,2026-01-01,,,2026-01-09
3,Indeed,2026-01-01,,,
4,Indeed,2026-01-01,2026-01-04,2026-02-01,
5,Indeed,2026-03-02,,,
6,Indeed,2026-03-03,,,
7,Monster,2026-01-05,,2026-02-10,
8,Monster,2026-01-05,,,2026-04-01
"""


def test_who_applied_a_month_ago_and_more_has_an_answer_or_not() -> None:
    """The outcomes reach to 1 April. Number 6 applied 29 days before that day, 5 just 30: five are aged at Indeed, of
    whom three heard something and two of them within seven days."""
    assert measured(book(ats=ANSWERS), ["channel"], "aged_applications answered answered_week") == {
        "Indeed": (5, 3, 2),
        "Monster": (2, 2, 0),
    }


def test_hires_that_nobody_spoke_with_are_those_without_an_interview_date() -> None:
    """Number 7 was hired and has no interview date; number 4 has one."""
    assert measured(book(ats=ANSWERS), ["portfolio"], "dated_hires hires_without_talk") == {"the whole book": (2, 1)}


def test_without_days_of_rejection_a_silence_and_a_refusal_look_alike() -> None:
    """Nothing is said about answers, and everything about hires."""
    silent = "Application ID,Source,Applied at,Interviewed at,Hired at\n1,Indeed,2026-01-01,2026-01-04,2026-02-01\n"
    assert measured(book(ats=silent), ["portfolio"], "aged_applications answered hires_without_talk") == {
        "the whole book": (None, None, 0)
    }


BOARDS = """
Month,Channel,Cost type,Job ID,Spend
2026-01,Indeed,media,J1,100
2026-01,Monster,media,,60
2026-01,Glassdoor,,J1,40
2026-01,LinkedIn,media,,30
2026-01,SeatCo,licence,,500
2026-01,,fee,,20
"""
HIRED = """
Application ID,Source,Applied at,Qualified at,Interviewed at,Hired at
1,Indeed,2026-01-05,2026-01-06,2026-01-07,2026-02-10
2,Indeed,2026-01-05,2026-01-06,,
3,Monster,2026-01-05,2026-01-06,2026-01-07,
4,LinkedIn,2026-01-05,,,
"""


def test_the_others_are_the_channels_with_media_and_applications() -> None:
    """Glassdoor has media and nobody applied: it is no part of anybody's others. SeatCo has no media."""
    found = measured(
        book(spend=BOARDS, ats=HIRED), ["channel"], "others_media others_applications others_talks others_qualified"
    )
    assert found["Indeed"] == (90.0, 2, 1, 1)
    assert found["Monster"] == (130.0, 3, 1, 2)
    assert found["LinkedIn"] == (160.0, 3, 2, 3)
    assert found["Glassdoor"] == (190.0, 4, 2, 3)


def test_boards_that_were_paid_and_those_of_them_that_hired_nobody() -> None:
    """Three job boards; Monster and Glassdoor without a hire. LinkedIn is no board."""
    assert measured(book(spend=BOARDS, ats=HIRED), ["portfolio"], "boards_paid boards_without_hire") == {
        "the whole book": (3, 2)
    }
    assert measured(book(spend=BOARDS), ["portfolio"], "boards_paid boards_without_hire") == {
        "the whole book": (3, None)
    }


def test_spend_says_which_job_which_kind_of_cost_and_which_channel() -> None:
    """Of 750: 140 of media name a job, 40 no kind of cost, 20 no channel."""
    assert measured(book(spend=BOARDS), ["portfolio"], "spend media_with_job spend_typed spend_placed") == {
        "the whole book": (750.0, 140.0, 710.0, 730.0)
    }
    bare = book(spend="Month,Channel,Spend\n2026-01,Indeed,100\n")
    assert measured(bare, ["portfolio"], "media_with_job spend_typed spend_placed") == {
        "the whole book": (None, None, 100.0)
    }


# --- requisitions ---------------------------------------------------------------------------------------------------

JOBS = """
Job ID,Opened,Closed,Openings
J1,2026-01-01,2026-03-02,1
J2,2026-01-01,,2
J3,2026-01-01,2026-02-01,1
J3,2026-01-05,2026-02-01,1
"""
ADS = """
Date,Channel,Cost type,Job ID,Spend
2026-01-10,Indeed,media,J1,100
2026-01-22,Indeed,media,J1,30
2026-01-23,Monster,media,J1,40
2026-01-23,DeskCo,licence,J1,7
2026-03-20,Indeed,media,J2,50
2026-01-20,Indeed,media,J9,5
"""
STARTED = """
Application ID,Job ID,Source,Applied at,Hired at
1,J1,Indeed,2026-01-12,2026-01-20
2,J2,Indeed,2026-01-12,2026-02-10
3,J2,Indeed,2026-01-12,
4,J3,Indeed,2026-01-12,2026-03-31
"""


def test_a_requisition_is_open_from_its_day_to_its_last_or_to_the_last_outcome() -> None:
    """J1 for 60 days; J2 has no closing day, and the outcomes end on 31 March: 89 days. J3's two rows disagree about
    the opening day, so that nobody knows; J9 is on no list."""
    found = measured(book(jobs=JOBS, spend=ADS, ats=STARTED), ["job"], "open_days openings paid_channels")
    assert found == {"J1": (60, 1, 2), "J2": (89, 2, 1), "J3": (None, 1, 0), "J9": (None, None, 1)}


def test_spend_after_the_last_opening_was_filled_begins_two_days_later() -> None:
    """J1's one opening was filled on the 20th: what begins on the 22nd is within the grace, on the 23rd it is not. J2
    has an opening left. Nobody knows of J9, which is on no list."""
    found = measured(book(jobs=JOBS, spend=ADS, ats=STARTED), ["job"], "spend spend_after_filled")
    assert found == {"J1": (177.0, 47.0), "J2": (50.0, 0.0), "J3": (0.0, 0.0), "J9": (5.0, None)}


def test_without_hires_by_job_nobody_knows_when_a_job_was_filled() -> None:
    assert measured(book(jobs=JOBS, spend=ADS), ["job"], "spend_after_filled")["J1"] == (None,)


# --- shares ---------------------------------------------------------------------------------------------------------


def log(*rows: str) -> str:
    return "\n".join(["Programme,Employee ID,Date,Content type", *rows])


def test_the_busiest_tenth_is_one_person_of_ten_and_two_of_eleven() -> None:
    """Ten people with 5 shares of the first; the eleventh makes the tenth two people, and 5 + 2 shares."""
    ten = ["Pulse,E1,2026-01-05,award"] * 5 + [f"Pulse,E{n},2026-01-05,guide" for n in range(2, 11)]
    eleven = [*ten, *["Pulse,E11,2026-01-05,guide"] * 2]
    assert measured(book(advocacy=log(*ten)), ["programme"], "sharers top_shares") == {"Pulse": (10, 5)}
    assert measured(book(advocacy=log(*eleven)), ["programme"], "sharers top_shares") == {"Pulse": (11, 7)}


def test_the_first_and_the_last_ninety_days_of_a_log() -> None:
    """The 90th day after the first is no longer in the first quarter, and the 90th before the last not in the last."""
    rows = [f"Pulse,E1,{day},guide" for day in ("2025-01-01", "2025-03-31", "2025-04-01", "2025-12-01", "2026-03-01")]
    assert measured(book(advocacy=log(*rows)), ["programme"], "log_days first_shares last_shares") == {
        "Pulse": (425, 2, 1)
    }


def test_what_is_shared_is_promotion_by_the_type_of_the_item() -> None:
    """A job ad and an award promote, a guide does not; an item without a type is not counted."""
    rows = [f"Pulse,E1,2026-01-05,{kind}" for kind in ("Job ad", "award", "guide", "")]
    assert measured(book(advocacy=log(*rows)), ["programme"], "shares typed_shares promo_shares") == {
        "Pulse": (4, 3, 2)
    }


def test_a_share_without_a_person_or_a_day_leaves_people_and_quarters_unknown() -> None:
    rows = ["Pulse,E1,2026-01-05,guide", "Pulse,,,guide"]
    names = "sharers top_shares first_shares last_shares"
    assert measured(book(advocacy=log(*rows)), ["programme"], names) == {"Pulse": (None, None, None, None)}


# --- plan lines -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "months"),
    [
        ("2027", 12),
        ("FY 2027", 12),
        ("H1 2027", 6),
        ("2027 H2", 6),
        ("Q3", 3),
        ("Q3 2027", 3),
        ("soon", None),
        (3, None),
    ],
)
def test_how_many_months_a_period_of_a_plan_has(said: object, months: int | None) -> None:
    assert months_of(said) == months


PLAN = """
Line,Channel,Period,Budget,KPI
Ads,Indeed,2027,24000,hires
More ads,Indeed,Q1 2027,3000,hires
Seats,SeatCo,2027,1200,hires
Fair,,2027,500,hires
"""
PAID = """
Date,Channel,Cost type,Spend
2026-01-03,Indeed,media,1000
2026-01-20,Indeed,media,200
2026-03-05,Indeed,media,800
2026-03-05,Indeed,fee,9999
"""
LISTED = """
Vendor,Capability,Annual cost,Seats,End,Notice days
SeatCo,ats,1200,10,2026-12-31,60
SeatCo,ats,1200,10,2026-10-31,30
"""


def test_a_line_meets_the_deadline_of_its_vendor_and_last_years_evidence_of_its_channel() -> None:
    """As of 30 June 2026. SeatCo's first last day for notice is 1 October: 93 days. Indeed's two months with media cost
    2,000 together; all lines for Indeed plan 24,000 / 12 + 3,000 / 3 a month."""
    of = book(plan=PLAN, spend=PAID, contracts=LISTED)
    assert measured(of, ["line"], "plan_months line_notice channel_monthly channel_budget") == {
        "Ads": (12, None, 1000.0, 3000.0),
        "More ads": (3, None, 1000.0, 3000.0),
        "Seats": (12, 93, None, 100.0),
        "Fair": (12, None, None, None),
    }


def test_a_line_of_two_periods_has_none_and_leaves_the_months_budget_unknown() -> None:
    """Two rows of one line for different halves: the budget a month of its channel cannot be told."""
    twice = "Line,Channel,Period,Budget,KPI\nAds,Indeed,H1 2027,600,hires\nAds,Indeed,2027,900,hires\n"
    assert measured(book(plan=twice, spend=PAID), ["line"], "plan_months channel_budget") == {"Ads": (None, None)}


# --- the words themselves -------------------------------------------------------------------------------------------


def test_every_measure_says_where_its_evidence_stands_and_which_export_brings_it() -> None:
    """The columns exist, no word is defined twice, and a derived word speaks only of words that are there."""
    rows = [(name, places, bring) for _, bring, group in MEASURES for name, _, places, _ in group]
    names = [name for name, _, _ in rows]
    derived = [name for _, group in DERIVED for name, *_ in group]

    assert len({*names, *derived}) == len(names) + len(derived)
    assert [name for name, _, bring in rows if not bring] == []
    for name, places, _ in rows:
        for table, column in (place.split(".") for place in places.split()):
            assert column in TABLES[table].columns, name
    assert [name for name in (*names, *derived) if name not in VOCABULARY] == []


def test_every_measure_is_measured_in_a_book_that_has_everything(tmp_path: Path) -> None:
    """Each of these words is known of at least one subject of a clean book, so that none is only defined. Its plan
    names no play, and its mail tool counts no opens."""
    write(clean(1), tmp_path)
    frames = Frames(ctx(read(tmp_path), AS_OF))
    parts = [frames[grain] for grain in [*((key,) for key in (*KEYS, PORTFOLIO)), ("channel", "campaign")]]
    known = {name for part in parts for name, column in part.columns.items() if column.known.any()}

    assert {name for _, _, group in MEASURES for name, *_ in group} - known == {"play", "opens"}
