"""What is measured: small books whose answers can be reckoned by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from books import book, ctx, document, measured
from scipy import stats

from rm_audit.book import Book
from rm_audit.config import Config
from rm_audit.days import parse_period
from rm_audit.ledger import Ledger
from rm_audit.metrics.frames import frame, narrowed
from rm_audit.metrics.maturity import matured_share


def shown(of: Book, kind: str, name: str, as_of: date = date(2026, 6, 30)) -> dict[str, object]:
    """One subject as the report shows it."""
    return next(item for item in document(of, as_of=as_of)["subjects"][kind] if item["name"] == name)


# --- spend ------------------------------------------------------------------------------------------------------

SPEND = """
Month,Channel,Cost type,Spend,Clicks
2026-01,Indeed,media,100,10
2026-01,Indeed,licence,50,
2026-02,Indeed,fee,25.50,
2026-02,Indeed,media,4.50,5
2026-02,Monster,media,20,
2026-02,Monster,media,30,7
"""


def test_spend_is_summed_by_channel_and_by_cost_type() -> None:
    """All cost, and of it media, licences and fees."""
    assert measured(book(spend=SPEND), ["channel"], "spend media_spend licence_spend fee_spend") == {
        "Indeed": (180.0, 104.5, 50.0, 25.5),
        "Monster": (50.0, 50.0, 0.0, 0.0),
    }


def test_spend_is_summed_by_channel_and_month_and_for_the_whole_book() -> None:
    """A subject a channel and month; and one for everything."""
    of = book(spend=SPEND)
    assert measured(of, ["channel", "month"], "spend") == {
        "Indeed, 2026-01": (150.0,),
        "Indeed, 2026-02": (30.0,),
        "Monster, 2026-02": (50.0,),
    }
    assert measured(of, ["portfolio"], "spend media_spend") == {"the whole book": (230.0, 154.5)}


def test_without_cost_types_all_is_media_and_licences_are_unknown() -> None:
    """Nobody knows which of the cost is a licence or a fee."""
    of = book(spend="Month,Channel,Spend\n2026-01,Indeed,100\n")
    assert measured(of, ["channel"], "media_spend licence_spend fee_spend") == {"Indeed": (100.0, None, None)}


def test_clicks_are_unknown_where_a_media_row_is_blank_and_not_where_a_licence_row_is() -> None:
    """Indeed's blanks are licences and fees: 15 clicks. One of Monster's media rows does not say: unknown, not 7."""
    assert measured(book(spend=SPEND), ["channel"], "clicks impressions") == {
        "Indeed": (15, None),
        "Monster": (None, None),
    }


# --- outcomes ---------------------------------------------------------------------------------------------------

ATS = """
Application ID,Source,Applied at,Interviewed at,Hired at
1,Indeed,2026-01-05,2026-01-20,2026-02-10
2,Indeed,2026-01-06,2026-01-21,
3,Indeed,2026-01-07,,
4,Referral,2026-01-08,,2026-02-11
"""


def test_whoever_reached_a_later_stage_reached_the_earlier_ones() -> None:
    """Referral's hire had no interview date and had an interview; Monster has spend and nobody: 0, not unknown."""
    of = book(spend="Month,Channel,Spend\n2026-01,Indeed,100\n2026-01,Monster,50\n", ats=ATS)
    assert measured(of, ["channel"], "applications interviews conversations hires qualified") == {
        "Indeed": (3, 2, 2, 1, None),
        "Monster": (0, 0, 0, 0, None),
        "Referral": (1, 1, 1, 1, None),
    }


def test_hires_are_unknown_without_a_column_that_says_and_zero_where_it_says_nobody() -> None:
    """An export without hire dates knows no hires; a stage column says who was hired."""
    silent = book(ats="Application ID,Source,Applied at\n1,Indeed,2026-01-05\n")
    said = book(ats="Application ID,Source,Stage\n1,Indeed,Phone screen\n2,Indeed,Hired\n3,Monster,Rejected\n")
    assert measured(silent, ["channel"], "applications hires") == {"Indeed": (1, None)}
    assert measured(said, ["channel"], "applications qualified interviews hires") == {
        "Indeed": (2, 2, 1, 1),
        "Monster": (1, 0, 0, 0),
    }


def test_totals_per_source_count_where_no_rows_do() -> None:
    """A sheet of hires per source; a blank is unknown and a 0 is none."""
    of = book(totals="Source,Applications,Hires\nIndeed,200,4\nMonster,50,0\nXing,20,\n")
    assert measured(of, ["channel"], "applications hires cost_per_hire") == {
        "Indeed": (200, 4, None),
        "Monster": (50, 0, None),
        "Xing": (20, None, None),
    }


def test_a_spend_sheet_with_hires_is_costs_and_totals_side_by_side() -> None:
    """Cost per hire from one sheet."""
    of = book(sheet="Channel,Spend,Hires\nIndeed,100,4\nMonster,50,0\n")
    assert measured(of, ["channel"], "spend hires cost_per_hire") == {
        "Indeed": (100.0, 4, 25.0),
        "Monster": (50.0, 0, None),
    }


def test_shares_are_of_the_whole_book() -> None:
    """Indeed has 100 of 150 of the media, 1 of 2 hires, 3 of 4 applications. Without cost types no media is known."""
    plain = book(spend="Month,Channel,Spend\n2026-01,Indeed,100\n2026-01,Monster,50\n", ats=ATS)
    assert measured(plain, ["channel"], "media_share hire_share")["Indeed"] == (None, 0.5)
    lines = "2026-01,Indeed,media,100\n2026-01,Monster,media,50\n"
    of = book(spend=f"Month,Channel,Cost type,Spend\n{lines}", ats=ATS)
    found = measured(of, ["channel"], "media_share hire_share application_share total_hires")
    assert found["Indeed"] == (pytest.approx(100 / 150), 0.5, 0.75, 2)


def test_hires_from_inside_and_from_nowhere_are_counted_for_the_whole_book() -> None:
    """Referral and rehire are inside; blank, Other and Unknown are nowhere; both are shares of all six."""
    sources = ["Referral", "Rehire", "Indeed", "", "Other", "unknown"]
    lines = "".join(f"{n},{source},2026-01-05,2026-02-01\n" for n, source in enumerate(sources))
    of = book(Config(channel_kinds={"rehire": "rehire"}), ats=f"Application ID,Source,Applied at,Hired at\n{lines}")
    names = "hires hires_inside hires_source_unknown inside_share source_unknown_share"
    assert measured(of, ["portfolio"], names) == {"the whole book": (6, 2, 3, pytest.approx(2 / 6), 0.5)}


# --- maturity and benchmark -------------------------------------------------------------------------------------


def test_the_matured_share_is_nothing_today_half_after_42_days_and_all_after_years() -> None:
    """A log-normal lag with median 42 and spread 0.6, and nothing before it was spent."""
    ages = np.array([-5.0, 0.0, 42.0, 84.0, 10_000.0])
    expected = [0.0, 0.0, 0.5, float(stats.norm.cdf(np.log(2) / 0.6)), 1.0]
    assert matured_share(ages).tolist() == pytest.approx(expected, abs=1e-6)


def test_spend_matures_by_the_last_day_of_its_row() -> None:
    """Spend of 2026-01-05 seen from 2026-02-16, 42 days later, is half matured; a month counts from its last day."""
    ats = "Application ID,Source,Applied at\n1,Indeed,2026-01-05\n2,Indeed,2026-02-16\n"
    of = book(spend="Date,Channel,Spend\n2026-01-05,Indeed,100\n2026-02-28,Xing,100\n", ats=ats)
    months = book(Config(period=parse_period("2026")), spend="Month,Channel,Spend\n2026-01,Indeed,100\n", ats=ats)
    assert measured(of, ["channel"], "spend_matured") == {"Indeed": (pytest.approx(50.0),), "Xing": (0.0,)}
    after_16_days = 100 * float(stats.norm.cdf(np.log(16 / 42) / 0.6))
    assert measured(months, ["channel"], "spend_matured") == {"Indeed": (pytest.approx(after_16_days),)}
    assert measured(months, ["portfolio"], "spend_matured_share") == {
        "the whole book": (pytest.approx(after_16_days / 100),)
    }


def test_outcomes_after_the_day_of_judgement_are_not_yet_known_to_be_through() -> None:
    """`data_through` is the last outcome day that is not after `as_of`."""
    ats = "Application ID,Source,Applied at,Hired at\n1,Indeed,2026-01-05,2026-02-16\n2,Indeed,2026-01-09,2026-08-01\n"
    report = document(book(ats=ats), as_of=date(2026, 6, 30))
    assert (report["as_of"], report["data_through"]) == ("2026-06-30", "2026-02-16")


def _benchmarked() -> Book:
    spend = "Date,Channel,Cost type,Spend\n"
    spend += "2006-01-05,A,media,1000\n2006-01-05,B,media,3000\n2006-01-05,C,media,500\n2006-01-05,R,fee,9999\n"
    hires = [("A", 10), ("B", 10), ("R", 50)]
    lines = [f"{name}{n},{name},2006-01-05,2025-12-31\n" for name, count in hires for n in range(count)]
    return book(
        Config(period=parse_period("2006")),
        spend=spend,
        ats="Application ID,Source,Applied at,Hired at\n" + "".join(lines),
    )


def test_the_benchmark_leaves_out_the_channel_itself_and_what_is_no_media() -> None:
    """Old spend is all matured. For C: A and B spent 4,000 for 20 hires, 200 each, so 2.5 were due of its 500.

    For A: B and C, 3,500 for 10 hires. R's fees are no media: no benchmark for others, and 9,999 would expect much.
    """
    found = measured(_benchmarked(), ["channel"], "benchmark_hires benchmark_cost_per_hire hires_expected")
    assert {name: found[name] for name in "ABC"} == {
        "A": (10, pytest.approx(350.0, rel=1e-5), pytest.approx(1000 / 350, rel=1e-5)),
        "B": (10, pytest.approx(150.0, rel=1e-5), pytest.approx(20.0, rel=1e-5)),
        "C": (20, pytest.approx(200.0, rel=1e-5), pytest.approx(2.5, rel=1e-5)),
    }


def test_the_low_end_of_what_was_due_takes_the_others_hires_at_their_low_end() -> None:
    """For C: 500 of 4,000 times the 5% point of Gamma(20)."""
    low = 500 / 4000 * float(stats.gamma.ppf(0.05, 20))
    assert measured(_benchmarked(), ["channel"], "hires_expected_low")["C"] == (pytest.approx(low, rel=1e-5),)


def test_without_a_year_nothing_divides_money_by_hires() -> None:
    """Months without a year: the sums stand, cost per hire is null."""
    of = book(spend="Channel,January,February,March\nIndeed,100,50,50\n", ats=ATS)
    assert measured(of, ["channel"], "spend hires cost_per_hire hire_share spend_matured")["Indeed"] == (
        200.0, 1, None, None, None,
    )  # fmt: skip


def test_the_cost_per_outcome_has_the_ends_of_an_exact_count() -> None:
    """100 for 4 hires: 25, between the 95% point of Gamma(5) and the 5% point of Gamma(4); none has no value."""
    of = book(sheet="Channel,Spend,Hires\nIndeed,100,4\nMonster,50,0\n")
    low, high = 100 / stats.gamma.ppf(0.95, 5), 100 / stats.gamma.ppf(0.05, 4)
    nobody = round(float(50 / stats.gamma.ppf(0.95, 1)), 2)
    assert shown(of, "channel", "Indeed")["cost_per_hire"] == {
        "value": 25.0, "low": round(float(low), 2), "high": round(float(high), 2),
    }  # fmt: skip
    assert shown(of, "channel", "Monster")["cost_per_hire"] == {
        "value": None,
        "low": round(float(nobody), 2),
        "high": None,
    }


# --- staying and ratings ----------------------------------------------------------------------------------------


def test_leaving_is_counted_only_of_hires_whose_year_is_over() -> None:
    """Through 2026-02-01: the hire of 2025-01-31 is followed, that of 2025-03-01 is not, though he left.

    Of the followed, one left on day 365, one on day 366, one stayed.
    """
    people = """
    Source,Hired at,Left at
    Indeed,2024-01-01,2024-12-31
    Indeed,2024-01-01,2025-01-01
    Indeed,2025-01-31,
    Indeed,2025-03-01,2025-06-01
    Indeed,2025-02-01,2026-02-01
    """
    assert measured(book(people=people), ["channel"], "hires followed left_first_year left_share") == {
        "Indeed": (5, 4, 2, 0.5)
    }


def test_ratings_of_fewer_than_five_people_are_not_shown() -> None:
    """With four the rating would be a person's; with five it is shown. Words that say nothing are not counted."""
    four = "".join(
        f"Indeed,2024-01-0{n},{word}\n" for n, word in enumerate(["Exceeds", "Good", "Poor", "PIP", "new"], 1)
    )
    five = four + "Indeed,2024-02-01,Fully Meets\n"
    few, enough = (book(people=f"Source,Hired at,Performance\n{text}") for text in (four, five))
    assert measured(few, ["channel"], "rated rated_well") == {"Indeed": (4, 2)}
    assert [(shown(of, "channel", "Indeed")[name]) for of in (few, enough) for name in ("rated", "rated_well")] == [
        None, None, 5, 3,
    ]  # fmt: skip


# --- closed requisitions ----------------------------------------------------------------------------------------

JOBS = """
Job ID,Opened,Closed
J1,2025-11-03,2026-02-10
J2,2025-11-03,
J3,2025-11-03,2026-01-01
J3,2025-11-03,2026-02-10
"""


def test_spend_is_late_from_the_third_day_after_the_requisition_closed() -> None:
    """Two days of grace; an open requisition has no late spend; of two closings the last counts; J9 is not listed."""
    spend = """
    Date,Channel,Job ID,Spend
    2026-02-10,Indeed,J1,1
    2026-02-12,Indeed,J1,2
    2026-02-13,Indeed,J1,4
    2026-06-01,Indeed,J1,8
    2026-06-01,Indeed,J2,16
    2026-02-12,Indeed,J3,32
    2026-06-01,Indeed,J9,64
    """
    assert measured(book(spend=spend, jobs=JOBS), ["job"], "spend spend_after_close") == {
        "J1": (15.0, 12.0),
        "J2": (16.0, 0.0),
        "J3": (32.0, 0.0),
        "J9": (64.0, None),
    }


def test_a_month_that_began_before_the_closing_is_not_late() -> None:
    """February's invoice for a job that closed on the 10th: nobody can tell its days apart."""
    spend = "Month,Channel,Job ID,Spend\n2026-02,Indeed,J1,5\n2026-03,Indeed,J1,7\n"
    of = book(spend=spend, jobs=JOBS)
    assert measured(of, ["job"], "spend_after_close")["J1"] == (7.0,)
    on = ctx(of)
    part = frame(on, ("job",))
    late = narrowed(on, part.table_rows("spend", 0), "after_close")
    assert Ledger(of.tables["spend"], "amount").amounts[late].tolist() == [7_000_000]


# --- licences and advocacy --------------------------------------------------------------------------------------

CONTRACTS = """
Vendor,Capability,Annual cost,Seats,Active seats,End,Notice days
SeatCo,dashboards,"10,000",100,50,2026-12-31,90
DashCo,Dashboards,"4,000",10,,2026-07-31,30
Solo,crm,500,,,,
"""


def test_a_contract_has_seats_deadlines_and_the_cheaper_of_two_tools() -> None:
    """Seen on 2026-06-30: 184 days to the end, less 90 for notice. DashCo is the cheaper of two dashboards."""
    names = "seats active_seats idle_share days_to_end days_to_notice cheaper_same"
    assert measured(book(licences=CONTRACTS), ["contract"], names) == {
        "DashCo": (10, None, None, 31, 1, 4000.0),
        "SeatCo": (100, 50, 0.5, 184, 94, 0.0),
        "Solo": (None, None, None, None, None, 0.0),
    }


def test_what_a_contract_costs_is_what_the_spend_shows_for_licences() -> None:
    """SeatCo has 800 + 100 of licence rows: 900, and its media row is another matter. DashCo has none: its price."""
    spend = """
    Month,Channel,Cost type,Spend
    2026-01,SeatCo,licence,800
    2026-02,seatco,Software,100
    2026-02,SeatCo,media,77
    2026-02,DashCo,media,55
    """
    found = measured(book(spend=spend, licences=CONTRACTS), ["contract"], "contract_amount contract_cost")
    assert found == {"DashCo": (4000.0, 4000.0), "SeatCo": (10000.0, 900.0), "Solo": (500.0, 500.0)}


def test_active_people_are_those_of_the_last_thirty_days_of_the_log() -> None:
    """The log ends on 2026-03-31: from 2026-03-02 on counts; Ann twice is one; two of four are in their own words."""
    log = """
    Date,Advocate,Programme,Original
    2026-03-31,Ann,Voices,yes
    2026-03-02,Ann,Voices,no
    2026-03-02,Bob,Voices,no
    2026-03-01,Cid,Voices,yes
    """
    licence = "Vendor,Capability,Annual cost,Seats\nVoices,employee advocacy,1000,40\n"
    names = "shares original_shares active_people log_days seats active_share contract_cost"
    assert measured(book(log=log, licence=licence), ["programme"], names) == {"Voices": (4, 2, 2, 31, 40, 0.05, 1000.0)}


def test_shares_after_the_day_of_judgement_are_not_the_last_days() -> None:
    """Judged on 2026-03-10, the share of the 31st has not happened: the last thirty days end on the 2nd."""
    log = "Date,Advocate,Programme,Post\n2026-03-31,Ann,Voices,a\n2026-03-02,Bob,Voices,b\n2026-02-20,Cid,Voices,c\n"
    assert measured(book(log=log), ["programme"], "active_people log_days", date(2026, 3, 10)) == {"Voices": (2, 11)}


# --- sequences and plans ----------------------------------------------------------------------------------------


def test_a_sequence_counts_its_steps_and_what_came_back() -> None:
    """Three steps: sent and replies are summed, the people who entered are the largest step; a blank is unknown."""
    messages = """
    Sequence,Step,Body,Sent,Replies,Unsubscribes
    Nurses,1,Hello,200,4,1
    Nurses,2,Again,150,2,
    Nurses,3,Bye,90,0,2
    """
    assert measured(
        book(messages=messages), ["sequence"], "steps steps_assessed sent entered replies unsubscribes"
    ) == {"Nurses": (3, 0, 440, 200, 6, None)}


PLAN = """
Line,Budget,KPI,Owner,Objective
Video,4000,impressions,,
Referral bonus,1000,held conversations and hires,Ann,more talks
CRM licence,3000,,Bob,
Engineer meetup,2000,applications and hires,,
"""


def test_a_plan_line_says_how_it_is_judged_and_by_whom() -> None:
    """Volume, outcome, both, and nothing."""
    names = "budget has_kpi has_owner has_objective kpi_outcome kpi_vanity"
    assert measured(book(plan=PLAN), ["line"], names) == {
        "CRM licence": (3000.0, False, True, False, False, False),
        "Engineer meetup": (2000.0, True, False, False, True, True),
        "Referral bonus": (1000.0, True, True, True, True, False),
        "Video": (4000.0, True, False, False, False, True),
    }


def test_a_plan_without_a_column_does_not_know_what_the_column_would_say() -> None:
    """No KPI column and no owner column: unknown, not 'none'."""
    names = "has_kpi has_owner kpi_outcome kpi_vanity"
    assert measured(book(plan="Line,Budget,Objective\nVideo,4,reach\n"), ["line"], names) == {
        "Video": (None, None, None, None)
    }


def test_the_whole_plan_is_split_into_software_and_what_connects_people() -> None:
    """Of 10,000: 3,000 for the CRM; 1,000 for referrals and 2,000 for the meetup."""
    assert measured(book(plan=PLAN), ["portfolio"], "plan_budget plan_software plan_trust plan_trust_share") == {
        "the whole book": (10000.0, 3000.0, 3000.0, 0.3)
    }
