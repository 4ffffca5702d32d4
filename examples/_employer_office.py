"""Mail, web analytics and the team's own workbooks of the folder `employer`."""

from __future__ import annotations

import random
from datetime import date, timedelta

from _employer import CAMPAIGNS, FIRST_DAY, SEED, TEAM_LINES, bought
from _employer_files import MONTHS, Tab, Text, fields, rate, separated
from _rows import Row

_MAILCHIMP = fields(
    "Title,Subject,List,Send Date,Send Weekday,Total Recipients,Successful Deliveries,Soft Bounces,Hard Bounces"
    ",Total Bounces,Times Forwarded,Forwarded Opens,Unique Opens,Open Rate,Total Opens,Unique Clicks,Click Rate"
    ",Total Clicks,Unsubscribes,Abuse Complaints,Times Liked on Facebook,Folder Id,Unique Id,Total Orders"
    ",Total Gross Sales,Total Revenue"
)
_KLAVIYO = fields(
    "Campaign Name,Subject,Send Time,Send Weekday,Total Recipients,Unique Placed Order,Placed Order Rate,Revenue"
    ",Unique Opens,Open Rate,Total Opens,Unique Clicks,Click Rate,Total Clicks,Unsubscribes,Spam Complaints"
    ",Spam Complaints Rate,Successful Deliveries,Bounces,Bounce Rate,Campaign ID,Campaign Channel"
)
_SUBJECTS = (
    "Three shifts, one honest look at each",
    "What a planner does at five in the morning",
    "New jobs in Rotterdam and Venlo",
    "How we count overtime, and why",
    "Open day: bring a friend",
    "Apply now!",
)
_SINGLE = (
    ("Title:", "[06-11-26] Nurse open day"),
    ("Subject Line:", "Open day for nurses in Bremen"),
    ("Delivery Date/Time:", "Thu, Jun 11, 2026 09:30"),
    ("Overall Stats",),
    ("Total Recipients:", "1,214"),
    ("Successful Deliveries:", "1,208"),
    ("Bounces:", "6 (0.5%)"),
    ("Recipients Who Opened:", "427 (35.35%)"),
    ("Recipients Who Clicked:", "61 (5.05%)"),
    ("Total Unsubscribed:", "4"),
    ("Clicks by URL",),
    ("URL", "Total Clicks", "Unique Clicks"),
    ("https://jobs.example.org/open-day", "74", "58"),
    ("https://jobs.example.org/care", "5", "4"),
)
_GA4 = """# ----------------------------------------
# Report CSV Export
# Traffic acquisition: Session source / medium
# Account: Brugghafen Group
# Property: jobs.example.org
# ----------------------------------------
#\x20\x20
# All Users
# Start date: 20260101
# End date: 20260630
"""
_VISITS = (
    ("google / cpc", 9120, 5044, 611),
    ("(direct) / (none)", 7715, 3890, 402),
    ("google / organic", 6984, 4417, 588),
    ("indeed / cpc", 5216, 2301, 740),
    ("facebook / paid_social", 3377, 1108, 96),
    ("linkedin / paid_social", 2841, 1402, 217),
    ("newsletter / email", 902, 611, 88),
    ("(not set)", 133, 20, 0),
)
_LINKEDIN_OFF = (2, -1, 0, 3, -2, 1)  # euros by which the team's figure misses the export's: rounding and a late day
_WRONG_TOTALS = {"Career fairs": -75, "LinkedIn": 10}


def _weekly(rng: random.Random, count: int) -> list[tuple[date, int, int, int, int]]:
    """Day of sending, delivered, bounces, opens, clicks."""
    found = []
    for number in range(count):
        delivered, bounces = rng.randint(700, 1500), rng.randint(2, 14)
        opens = int(delivered * rng.uniform(0.24, 0.44))
        day = FIRST_DAY + timedelta(days=12 + number * 168 // count)
        found.append((day, delivered, bounces, opens, int(opens * rng.uniform(0.05, 0.2))))
    return found


def mailchimp() -> Text:
    """All campaigns: results of mails, and no money."""
    rows: list[Row] = []
    for number, (day, sent, bounced, opens, clicks) in enumerate(_weekly(random.Random(SEED), 24)):
        subject = _SUBJECTS[number % len(_SUBJECTS)]
        head: Row = [
            f"[{day:%m-%d-%y}] Talent pool {number + 1}",
            subject,
            "Talent pool NL",
            f"{day:%b %d, %Y} 09:30 am",
        ]
        counts: Row = [f"{day:%A}", sent + bounced, sent, bounced - 1, 1, bounced, 0, 0, opens, rate(opens, sent)]
        tail: Row = [opens * 2, clicks, rate(clicks, sent), clicks + 4, number % 4, 0, 0, None, f"{SEED + number:010x}"]
        rows.append([*head, *counts, *tail, 0, 0, 0])
    return Text(separated([_MAILCHIMP, *rows]).encode(), len(rows))


def single_mail() -> Text:
    """One campaign's report: names and values under each other, with a small table at the end."""
    lines = [",".join(f'"{cell}"' for cell in line) for line in _SINGLE]
    return Text(("Email Campaign Report\n" + "\n".join(lines) + "\n").encode(), 0)


def klaviyo() -> Text:
    """The care company's mails; its Revenue is nobody's spend."""
    rows: list[Row] = []
    for number, (day, sent, bounced, opens, clicks) in enumerate(_weekly(random.Random(SEED + 1), 12)):
        subject = _SUBJECTS[(number + 2) % len(_SUBJECTS)]
        head: Row = [f"Zorg nieuwsbrief {number + 1}", subject, f"{day} 08:00:00", f"{day:%A}", sent + bounced]
        counts: Row = [0, "0.0%", "0.0", opens, rate(opens, sent), opens * 2, clicks, rate(clicks, sent), clicks + 2]
        rows.append(
            [*head, *counts, number % 3, 0, "0.0%", sent, bounced, rate(bounced, sent), f"01BH{number:04d}", "email"]
        )
    return Text(separated([_KLAVIYO, *rows]).encode(), len(rows))


def analytics() -> Text:
    """Sessions per source and medium, under a block of comments."""
    head = ["Session source / medium", "Sessions", "Engaged sessions", "Engagement rate", "Key events"]
    rows: list[Row] = [[name, visits, busy, busy / visits, events] for name, visits, busy, events in _VISITS]
    return Text((_GA4 + "\n" + separated([head, *rows])).encode(), len(rows))


def linkedin_months() -> list[int]:
    """Whole euros a month on LinkedIn as the team wrote them down: within three euros of the exports."""
    accounts = sorted({one.account for one in CAMPAIGNS if one.channel == "LinkedIn"})
    cents = [0] * 6
    for row in (row for account in accounts for row in bought(account)):
        cents[row.day.month - 1] += row.cents
    return [round(amount / 100) + off for amount, off in zip(cents, _LINKEDIN_OFF, strict=True)]


def team_sheet() -> list[Tab]:
    """Months across, no currency, year in the file's name only; two of the totals are wrong, as when kept by hand."""
    lines = {"LinkedIn": tuple(linkedin_months()), **TEAM_LINES}
    rows: list[Row] = []
    for name, months in lines.items():
        total = sum(months) + _WRONG_TOTALS.get(name, 0)
        rows.append([name, *(amount or None for amount in months), *[None] * 6, total])
    sums: Row = [sum(months[number] for months in lines.values()) for number in range(6)]
    head: Row = ["Employment Source", "January ", *MONTHS[1:], "Total"]
    foot: Row = ["Total", *sums, *[None] * 6, sum(sum(months) for months in lines.values())]
    return [Tab("Kosten", [head, *rows, foot], len(rows))]


def licences() -> list[Tab]:
    head: Row = ["Vendor", "Capability", "Seats", "Active seats", "Annual cost (EUR)", "Start", "End", "Notice days"]
    rows: list[Row] = [
        ["LinkedIn Recruiter", "sourcing", 6, 5, 43200, date(2026, 1, 1), date(2026, 12, 31), 60],
        ["ShareBeam", "advocacy", 150, 11, 14400, date(2025, 10, 1), date(2026, 9, 30), 90],
        ["MetricMill", "dashboards", 15, 6, 6900, date(2026, 2, 1), date(2027, 1, 31), 30],
    ]
    return [Tab("Licences", [head, *rows], len(rows))]


def plan() -> list[Tab]:
    names = "Line|Play|Channel|Budget (EUR)|Period|Objective|KPI|Target|Owner|Experiment"
    head: Row = [*names.split("|")]
    ads, ops = "Recruitment marketing", "TA operations"
    off = "Ads off in Venlo in Q1; compare interviews per site with Rotterdam."
    rows: list[Row] = [
        ["LinkedIn ads", "big sites", "LinkedIn", 42000, "2027", "Fill driver jobs", "impressions", 900000, ads, None],
        ["Indeed campaigns", "job boards", "Indeed", 38000, "2027", "Fill care jobs", "held interviews", 260, ads, off],
        [
            "Referral round",
            "referral",
            "Employee referral",
            16000,
            "2027",
            "Colleagues name colleagues",
            "hires",
            20,
            ops,
            off,
        ],
        ["Dashboards", "software", "MetricMill", 6900, "2027", None, None, None, None, None],
    ]
    return [Tab("Plan 2027", [head, *rows], len(rows))]
