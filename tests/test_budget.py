"""What a CFO asks first: what a talk costs, what would raise the score, what can be stopped, plan against actual,
and what the money is for. Each page shows the sheets, and the part of the report that comes out of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from books import book, document

from rm_audit.rendering import budget
from rm_audit.rendering.html import html
from rm_audit.rendering.terminal import terminal

SPEND = """
Month,Channel,Cost type,Spend (EUR)
2026-01,Indeed,media,3000
2026-02,Indeed,media,5000
2026-01,LinkedIn,media,6000
2026-02,LinkedIn,media,6000
2026-02,Referral,fee,1000
2026-02,Team,salary,9000
"""
PLAN = """
Line,Channel,Budget (EUR),Period,Objective,KPI,Owner
Indeed slots,Indeed,12000,2026-01..2026-03,Applications for nurses,applications,TA
Talks with nurses,LinkedIn,24000,H1 2026,Conversations with nurses,talks held,TA
Referral breakfasts,,6000,Q1 2026,Trust among nurses,referrals hired,TA
"""
HIRES = """
Application ID,Source,Applied,Interviewed,Hired
1,Indeed,2026-01-10,2026-01-20,2026-02-10
2,Indeed,2026-01-11,2026-01-21,
3,Indeed,2026-01-12,,
4,Indeed,2026-01-13,,
5,LinkedIn,2026-01-13,2026-01-23,2026-02-20
6,Referral,2026-02-01,2026-02-03,2026-02-25
"""


def shown(**texts: str) -> Any:
    return document(book(**texts), as_of=date(2026, 3, 15))


def test_the_talk_comes_first() -> None:
    """4 talks and 3 hires of 6 applications, and EUR 21,000 of external cost: the team's pay of 9,000 is in none."""
    found = shown(spend=SPEND, applications=HIRES)
    whole = found["subjects"]["portfolio"][0]
    assert whole["spend"] == 30_000
    assert whole["cost_per_conversation"] == {"value": 5250.0, "low": 2294.2, "high": 15369.77}
    assert whole["cost_per_hire"]["value"] == 7000.0
    assert whole["conversations_per_hire"] == {"value": 1.33, "low": 1.05, "high": 2.86}
    assert whole["applications_per_conversation"] == {"value": 1.5, "low": 1.12, "high": 2.93}
    assert budget.north_star(found) == [
        "A talk cost EUR 5,250 (2,294 to 15,370).",
        "1.3 (1.1 to 2.9) talks made a hire, 1.5 (1.1 to 2.9) applications a talk.",
        "A hire cost EUR 7,000 (2,708 to 25,682), external costs only: no recruiter's pay is in it.",
    ]
    assert terminal(found).splitlines()[3].startswith("A talk cost EUR 5,250")


def test_without_talks_nothing_is_said_of_them() -> None:
    found = shown(spend=SPEND)
    whole = found["subjects"]["portfolio"][0]
    assert (whole["conversations_per_hire"], whole["applications_per_conversation"]) == (None, None)
    assert budget.north_star(found) == []


def test_more_hires_than_talks_is_no_rate() -> None:
    """A hire without a talk is a gap in the data, and no channel needs half a talk a hire."""
    only_hired = "Application ID,Source,Applied,Interviewed,Hired\n1,Indeed,2026-01-10,,2026-02-10\n"
    found = shown(spend=SPEND, applications=only_hired + "2,Indeed,2026-01-10,2026-01-20,2026-02-10\n")
    assert found["subjects"]["portfolio"][0]["conversations_per_hire"]["value"] == 1.0


def test_plan_against_actual_by_channel_and_month() -> None:
    """Both have January and February: the plan gives each month its days' share. Indeed's quarter of 12,000 has 59 of
    90 days in them, LinkedIn's half year of 24,000 59 of 181, the referral breakfasts' quarter of 6,000 59 of 90."""
    found = shown(spend=SPEND, plan=PLAN)["plan_against_actual"]
    assert found["why_not"] is None
    assert found["spans"] == {
        "plan": {"from": "2026-01", "to": "2026-06"}, "spend": {"from": "2026-01", "to": "2026-02"},
    }  # fmt: skip
    by_channel = {item["channel"]: (item["planned"], item["spent"], item["difference"]) for item in found["channels"]}
    assert by_channel == {
        "Team": (0.0, 9000.0, 9000.0),
        "LinkedIn": (7823.2, 12000.0, 4176.8),
        "Referral": (3933.33, 1000.0, -2933.33),
        "Indeed": (7866.67, 8000.0, 133.33),
    }
    january, february = found["months"]
    assert (january["month"], january["planned"], january["spent"]) == ("2026-01", 10310.5, 9000.0)
    assert (february["month"], february["planned"], february["spent"]) == ("2026-02", 9312.71, 21000.0)
    assert (found["planned"], found["spent"], found["difference"]) == (19623.2, 30000.0, 10376.8)
    indeed = next(item for item in found["channels"] if item["channel"] == "Indeed")
    assert [(item["month"], item["planned"], item["spent"]) for item in indeed["months"]] == [
        ("2026-01", 4133.33, 3000.0), ("2026-02", 3733.33, 5000.0),
    ]  # fmt: skip


def test_next_years_plan_is_held_against_this_years_pace() -> None:
    """They share no month, so an average month of each is shown: 12,000 over twelve months, 8,000 over two."""
    next_year = "Line,Channel,Budget (EUR),Period,KPI\nIndeed,Indeed,12000,2027,hires\n"
    found = shown(spend=SPEND, plan=next_year)
    assert found["plan_against_actual"]["per"] == "month"
    assert budget.plan_words(found) == [
        "An average month of the plan (2027-01 to 2027-12) beside one of the spend (2026-01 to 2026-02)."
    ]
    assert budget.plan_rows(found)[-2:] == [
        ("Referral", "0", "500", "+500"),
        ("together", "1,000", "15,000", "+14,000"),
    ]


def test_a_plan_without_periods_is_not_compared() -> None:
    found = shown(spend=SPEND, plan="Line,Channel,Budget (EUR),KPI\nIndeed,Indeed,12000,hires\n")
    assert budget.plan_words(found) == ["Nothing to compare: no line of the plan says a period with a year."]
    assert budget.plan_rows(found) == []


def test_months_of_a_plan_in_columns() -> None:
    """A plan with a column a month needs no period in words."""
    wide = "Media plan 2026,,,\nChannel,Jan 2026,Feb 2026,Mar 2026\nIndeed,4000,4000,4000\n"
    found = shown(spend=SPEND, plan=wide)["plan_against_actual"]
    assert [(item["month"], item["planned"]) for item in found["months"]] == [("2026-01", 4000), ("2026-02", 4000)]


def test_what_the_money_is_for() -> None:
    """The line 'Talks with nurses' has an objective of talks and buys LinkedIn ads: that is the largest misalignment,
    24,000 of 42,000. Where the money went stands beside it."""
    found = shown(spend=SPEND, plan=PLAN)
    assert budget.misalignment(found) == (
        "EUR 24,000 of the plan is for 'Conversations with nurses' and buys ads: 'Talks with nurses'."
    )
    assert [" | ".join(row) for row in budget.alignment_rows(found)] == [
        "Builds trust | 6,000 | 14% | 1,000 | 3.3%",
        "  Connecting people and sharing expertise | 6,000 | 14% | 1,000 | 3.3%",
        "Distributes | 36,000 | 86% | 20,000 | 67%",
        "  Ads and boards | 36,000 | 86% | 20,000 | 67%",
        "Not said what for | 0 | 0% | 9,000 | 30%",
    ]
    assert budget.objectives(found) == (
        "The plan's objectives, by budget: 71% talks and trust, 29% reach and applications."
    )


def test_a_plan_for_trust_and_money_for_ads() -> None:
    """The plan has a third for trust, and a thirtieth of the spend went there."""
    kept = "\n".join(line for line in PLAN.strip().splitlines() if "LinkedIn" not in line)
    found = shown(spend=SPEND, plan=kept)
    assert budget.misalignment(found) == (
        "The plan has 33% for what builds trust; 3.3% of the spend went there: EUR 9,000 apart."
    )


def test_without_a_plan_nothing_is_held_against_the_spend() -> None:
    found = shown(spend=SPEND)
    assert found["plan_against_actual"] is None
    assert budget.plan_words(found) == []
    assert budget.misalignment(found) == (
        "No plan with objectives is here, so nothing says where the money was meant to go."
    )


def test_a_plan_alone_has_objectives_and_no_spend_to_hold_them_to() -> None:
    """Its objectives are there, so it is not said that they are not."""
    found = shown(plan="Line,Channel,Budget (EUR),Objective,KPI\nIndeed slots,Indeed,12000,Fill night shifts,hires\n")
    assert budget.misalignment(found) == (
        "No line whose objective is talks or trust buys ads. Where the money went is not known: no spend is here."
    )


CLOSED = {
    "spend": """
        Month,Channel,Job ID,Cost type,Vendor,Spend (EUR)
        2026-01,Indeed,J1,media,,3000
        2026-02,Indeed,J1,media,,3000
        2026-03,Indeed,J1,media,,3000
        2026-01,PostPal,,licence,PostPal,6000
        2026-01,Indeed,J2,media,,21000
    """,
    "jobs": """
        Job ID,Title,Opened,Closed
        J1,Nurse,2025-11-01,2026-01-15
        J2,Nurse,2025-11-01,
    """,
    "licences": """
        Vendor,Capability,Seats,Active seats,Annual cost (EUR),End date,Notice days
        PostPal,sharing,100,10,12000,2026-12-31,90
    """,
}


def test_gone_apart_from_what_can_be_stopped() -> None:
    """Ads ran on for a closed job in February and March: 6,000 to ask back, and of the last three months 2,000 a month.
    80 of 100 seats beyond the spare tenth are idle: of 6,000 paid 4,800 are gone, of a year 9,600 can be stopped."""
    found = document(book(**CLOSED), as_of=date(2026, 4, 10))
    assert found["stopping"] == {
        "gone": {"avoidable": 10800.0, "unproven": 0.0},
        "credit": 6000.0,
        "pace": {"from": "2026-01", "to": "2026-03"},
        "from": "2026-05",
        "a_month": {"avoidable": 2000.0, "unproven": 0.0, "misdirected": 0.0},
        "notices": [
            {
                "licence": "PostPal",
                "findings": ["seats-idle[contract=PostPal]"],
                "a_year": 9600.0,
                "state": "open",
                "by": "2026-10-02",
                "ends": "2026-12-31",
            }
        ],
    }  # fmt: skip
    assert budget.stopping(found) == [
        "Gone: EUR 10,800 avoidable; ask EUR 6,000 of it back as a credit.",
        "Stop from 2026-05, without notice: EUR 2,000 avoidable a month, at the pace of 2026-01 to 2026-03.",
        "Write to PostPal by 2026-10-02: EUR 9,600 a year.",
    ]


def test_a_day_for_notice_that_is_past_or_unknown() -> None:
    late = document(book(**CLOSED), as_of=date(2026, 10, 10))
    assert budget.stopping(late)[-1] == (
        "The day for notice of PostPal is past; it runs to 2026-12-31: EUR 9,600 a year. "
        "Ask for fewer seats all the same."
    )
    texts = {**CLOSED, "licences": CLOSED["licences"].replace(",90", ",")}
    unknown = document(book(**texts), as_of=date(2026, 4, 10))
    assert budget.stopping(unknown)[-1] == "Find the last day for notice of PostPal: EUR 9,600 a year."


def test_of_many_letters_the_first_are_shown_and_the_others_added_up() -> None:
    """Thirteen tools of which nobody uses more than a tenth: 80 seats of 100 are to be given back, of 12,000 a year."""
    head, one = (line.strip() for line in CLOSED["licences"].strip().splitlines())
    many = "\n".join([head, *(one.replace("PostPal,sharing", f"Tool {number:02d},") for number in range(13))])
    found = document(book(**{**CLOSED, "licences": many}), as_of=date(2026, 4, 10))
    text = terminal(found)
    assert "     The same: Tool 01, Tool 02, Tool 03, Tool 04 and 8 more; the amount is for all 13.\n" in text
    assert text.count("paid seats") == 1
    assert terminal(found, verbose=True).count("paid seats") == 13
    lines = budget.stopping(found, 10)[2:]
    assert lines == [
        *(f"Write to Tool {number:02d} by 2026-10-02: EUR 9,600 a year." for number in range(10)),
        "And 3 more of that kind: EUR 28,800 a year; --verbose shows them.",
    ]
    assert len(budget.stopping(found)[2:]) == 13
    page = html(found)
    assert "<summary>3 more of that kind: EUR 28,800 a year</summary>" in page
    assert page.count("<li>Write to Tool") == 13
    assert "<strong>Tool 00</strong></bdi>" in page
    assert "and 9 more<span" in page


def test_what_would_raise_the_score_most() -> None:
    """Each finding mended alone: the points are those of a whole report without it."""
    found = document(book(**CLOSED), as_of=date(2026, 4, 10))
    first, second = found["levers"][:2]
    assert (first["rule"], first["money"], second["rule"], second["money"]) == (
        "closed-req-spend", 6000.0, "seats-idle", 4800.0,
    )  # fmt: skip
    texts = {**CLOSED, "jobs": CLOSED["jobs"].replace("2026-01-15", "")}
    open_job = document(book(**texts), as_of=date(2026, 4, 10))
    assert open_job["score"]["value"] is not None
    assert round(found["score"]["value"] + first["points"], 1) == open_job["score"]["value"]


def test_no_score_has_no_levers() -> None:
    found = shown(spend="Channel,Spend (EUR)\nIndeed,100\n")
    assert (found["score"]["value"], found["levers"]) == (None, [])
