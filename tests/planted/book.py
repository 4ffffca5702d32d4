"""A clean book: fifteen months of an invented employer whose money, work and data are ordinary.

Nothing in it is a flaw, and nothing in it earns trust: talks, hires and answers are as usual, and every flaw rule has
what it needs to come to a pass. A planter changes one thing of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from planted.words import BLAND, LETTER, PLANT, PLANT_STEPS, SHARED, WARD, WARD_STEPS

Row = dict[str, Any]
AS_OF = date(2026, 6, 30)
MONTHS = tuple(date(2025 + n // 12, n % 12 + 1, 1) for n in range(15))

# Monthly media and kind of every channel that is paid for. One application costs about 60, one hire about 3,300.
CHANNELS = {
    "Indeed": (6500, "job board"),
    "StepStone": (4000, "job board"),
    "Glassdoor": (2000, "job board"),
    "Monster": (2000, "job board"),
    "LinkedIn": (4500, "big site"),
    "Google Ads": (2500, "search"),
    "Appcast": (3500, "programmatic"),
}
FREE = {"Employee referral": 4, "Career site": 12}  # applications a month
APPLICATION_COST = 60
CLICK_COST = 3.9  # so that about 6.5 of 100 clicks become an application
STARTS_PER_CLICK = 0.108  # and six of ten forms that are begun are sent
# Of the applications: passed the screen; of those: spoken with; of those: got an offer; of those: were hired.
FAMILIES = {"a": "Nursing", "b": "Logistics", "c": "Maintenance"}  # of a job, by the last letter of its id
STAGES = {"Qualified at": 0.25, "Interviewed at": 0.2, "Offered at": 0.66, "Hired at": 0.55}
DAYS_AFTER = {"Qualified at": (3, 10), "Interviewed at": (10, 20), "Offered at": (22, 35), "Hired at": (36, 60)}
ANSWERED, ANSWERED_IN_A_WEEK, LEFT = 0.85, 0.1, 0.35
VENDORS = {"SeatCo": ("applicant tracking", 18000, 50, 44), "DashCo": ("dashboards", 8400, 20, 17),
           "VoiceCo": ("employee advocacy", 7200, 100, 85)}  # fmt: skip
PLAN = (
    ("Ads on Indeed", "Indeed", 90000, "interviews held"),
    ("LinkedIn ads", "LinkedIn", 30000, "hires"),
    ("Referral introductions", "Employee referral", 60000, "conversations held"),
    ("Meetups and site visits", None, 45000, "conversations held"),
    ("Career pages rewritten", None, 20000, "interviews held"),
    ("Advocacy licence", "VoiceCo", 12000, "conversations held"),
)


@dataclass
class Book:
    """The tables of one employer, a row a dict from header to cell; planters change them in place."""

    rng: np.random.Generator
    spend: list[Row] = field(default_factory=list)
    ats: list[Row] = field(default_factory=list)
    jobs: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    shares: list[Row] = field(default_factory=list)
    contracts: list[Row] = field(default_factory=list)
    plan: list[Row] = field(default_factory=list)

    def copy(self, rng: np.random.Generator) -> Book:
        """The same tables to change, with other dice."""
        tables = {name: [dict(row) for row in rows] for name, rows in vars(self).items() if name != "rng"}
        return Book(rng, **tables)

    def media(self, channel: str = "", month: date | None = None) -> list[Row]:
        """The spend rows of type media, of a channel and a month where they are given."""
        return [row for row in self.spend if row["Cost type"] == "media" and _fits(row, channel, month)]

    def applied(self, channel: str = "", month: date | None = None) -> list[Row]:
        """The applications, of a channel and a month where they are given."""
        return [row for row in self.ats if row["Source"] == channel or not channel
                if month is None or row["Applied at"].replace(day=1) == month]  # fmt: skip

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def days(self, low: int, high: int) -> timedelta:
        return timedelta(days=int(self.rng.integers(low, high + 1)))

    def apply(self, channel: str | None, month: date, job: str | None, stages: dict[str, float] | None = None) -> Row:
        """One application more, with the fate that chance gives it; `stages` are other chances than the usual."""
        applied = month + self.days(0, 27)
        number = len(self.ats) + 1
        row: Row = {"Application ID": f"A{number}", "Candidate ID": f"C{number}", "Job ID": job, "Source": channel}
        row["Applied at"] = applied
        row |= {"Job family": family(job), "Campaign": campaign(channel, job)}
        self.ats.append(row)
        self.live(row, stages or STAGES)
        return row

    def live(self, row: Row, stages: dict[str, float]) -> None:
        """Gives an application its fate, whatever it was before; `stages` are the chances of the next one each."""
        row |= dict.fromkeys([*STAGES, "Rejected at", "Left at"])
        for stage, share in stages.items():
            if not self.chance(share):
                reject(self, row)
                return
            row[stage] = row["Applied at"] + self.days(*DAYS_AFTER[stage])
        leaves = row["Hired at"] + self.days(60, 300)
        row["Left at"] = leaves if self.chance(LEFT) and leaves < AS_OF else None


def _fits(row: Row, channel: str, month: date | None) -> bool:
    return (not channel or row["Channel"] == channel) and (month is None or row["Month"] == month)


def reject(book: Book, row: Row, stage: str = "") -> None:
    """A refusal, most often after some weeks; no stage from `stage` on was reached."""
    for name in [*STAGES][[*STAGES].index(stage) :] if stage else []:
        row[name] = None
    row["Left at"] = None
    if row["Rejected at"] is None and book.chance(ANSWERED):
        days = book.days(2, 6) if book.chance(ANSWERED_IN_A_WEEK) else book.days(9, 40)
        reached = max((row[name] for name in STAGES if row[name] is not None), default=row["Applied at"])
        row["Rejected at"] = max(row["Applied at"] + days, reached)


def clean(seed: int) -> Book:
    """The book of a seed: another employer of the same kind for every seed."""
    book = Book(np.random.default_rng(seed))
    jobs = _jobs(book)
    for number, month in enumerate(MONTHS):
        open_jobs = [job for job, first in jobs.items() if first <= number <= first + 2]
        for channel in CHANNELS:
            for job in book.rng.choice(open_jobs, 2, replace=False):
                _advertise(book, channel, month, str(job))
        for channel, usual in FREE.items():
            for _ in range(book.rng.poisson(usual)):
                book.apply(channel, month, str(book.rng.choice(open_jobs)))
        _other_cost(book, month)
    settle_openings(book)
    _write(book)
    _share(book)
    _contract(book)
    _plan(book)
    return book


def _jobs(book: Book) -> dict[str, int]:
    """Three jobs a month, each advertised for three months; job → number of its first month."""
    firsts = {f"J{first + 2:02d}{letter}": first for first in range(-2, len(MONTHS)) for letter in "abc"}
    for job, first in firsts.items():
        opened = (MONTHS[0] + timedelta(days=first * 30.5)).replace(day=1) - book.days(0, 20)
        last = (opened.replace(day=1) + timedelta(days=125)).replace(day=1) - timedelta(days=1)
        book.jobs.append({"Job ID": job, "Opened": opened, "Closed": last if last < MONTHS[-1] else None})
    return firsts


def _advertise(book: Book, channel: str, month: date, job: str) -> None:
    """Half a month's media of a channel on one job, and the applications that it brings."""
    amount = round(CHANNELS[channel][0] / 2 * float(np.exp(book.rng.normal(0, 0.05))), 2)
    count = int(book.rng.poisson(amount / APPLICATION_COST))
    for _ in range(count):
        book.apply(channel, month, job)
    advertise(book, channel, month, job, amount, count)


def family(job: str | None) -> str:
    return FAMILIES.get((job or "a")[-1], "Nursing")


def campaign(channel: str | None, job: str | None) -> str | None:
    """A campaign a channel and a family of jobs; none on channels that are not paid for."""
    return f"{channel} {family(job)}" if channel in CHANNELS else None


def advertise(book: Book, channel: str, month: date, job: str | None, amount: float, count: int) -> Row:
    """A row of media: the clicks that the money buys, and a few applications more than arrive, as platforms count."""
    clicks = round(amount / CLICK_COST * float(np.exp(book.rng.normal(0, 0.08))))
    applies, starts = round(count * 1.03), max(round(clicks * STARTS_PER_CLICK), count)
    row: Row = {"Month": month, "Channel": channel, "Channel type": CHANNELS.get(channel, (0, None))[1], "Vendor": None}
    row |= {"Job ID": job, "Job family": family(job), "Campaign": campaign(channel, job)}
    row |= {"Cost type": "media", "Spend": amount, "Clicks": clicks}
    row |= {"Apply starts": starts, "Applies": applies}
    book.spend.append(row)
    return row


def pay(book: Book, channel: str | None, month: date, cost_type: str | None, amount: float, kind: str = "") -> Row:
    """A row of cost that is not media: nothing is clicked for it."""
    row: Row = {"Month": month, "Channel": channel, "Channel type": kind or None, "Vendor": channel, "Job ID": None}
    row |= {
        "Job family": None,
        "Campaign": None,
        "Cost type": cost_type,
        "Spend": amount,
        "Clicks": None,
        "Apply starts": None,
        "Applies": None,
    }
    book.spend.append(row)
    return row


def _other_cost(book: Book, month: date) -> None:
    pay(book, "Appcast", month, "fee", 400, "programmatic")
    pay(book, "Employee referral", month, "fee", 200, "referral")
    for vendor, (_, yearly, _, _) in VENDORS.items():
        pay(book, vendor, month, "licence", yearly / 12, "software")


def settle_openings(book: Book) -> None:
    """One opening more than people were hired, and one for each 150 who applied: no job is filled before its last ad,
    and none has a crowd."""
    applied = Counter(row["Job ID"] for row in book.ats)
    hired = Counter(row["Job ID"] for row in book.ats if row["Hired at"])
    for job in book.jobs:
        job["Openings"] = max(hired[job["Job ID"]] + 1, -(-applied[job["Job ID"]] // 150))


def step(sequence: str, number: int, text: str, sent: int, **counts: int) -> Row:
    """One step of a sequence with what came back."""
    row: Row = {"Sequence": sequence, "Step": number, "Text": text, "Sent": sent, "Delivered": sent}
    row |= dict.fromkeys(("Replies", "Interested", "Unsubscribes", "Complaints"), 0)
    return row | counts


def _write(book: Book) -> None:
    """Three sequences to 2,000 people; each step is answered by fewer, and the third by enough for its bland words."""
    for sequence, texts in ((WARD, WARD_STEPS), (PLANT, PLANT_STEPS), (LETTER, BLAND)):
        for number, text in enumerate(texts, 1):
            share = (0.09, 0.05, 0.03, 0.02, 0.015, 0.012)[number - 1]
            replies, sent = int(book.rng.binomial(2000, share)), 2000
            counts = {"Replies": replies, "Interested": replies // 3}
            counts |= {"Unsubscribes": int(book.rng.binomial(sent, 0.002))}
            counts |= {"Complaints": int(book.rng.binomial(sent, 0.0003)), "Delivered": sent - sent // 100}
            book.messages.append(step(sequence, number, text, sent, **counts))


def _share(book: Book) -> None:
    """Eighteen months in which a fifth of a hundred seats share something, two times in five in own words."""
    for number in range(18):
        month = date(2025 + number // 12, number % 12 + 1, 1)
        for person in book.rng.choice(60, 20, replace=False):
            for _ in range(int(book.rng.integers(1, 3))):
                share(book, int(person), month + book.days(0, 27))


def share(book: Book, person: int, day: date) -> Row:
    """One share of one employee: two in five are promotion, two in five in own words."""
    kind = "job ad" if book.chance(0.4) else "worked example"
    row: Row = {"Programme": "VoiceCo", "Employee ID": f"E{person:03d}", "Date": day, "Content type": kind}
    row |= {"Original": "yes" if book.chance(0.4) else "no", "Text": str(book.rng.choice(SHARED))}
    book.shares.append(row)
    return row


def _contract(book: Book) -> None:
    for vendor, (capability, yearly, seats, active) in VENDORS.items():
        book.contracts.append(
            {"Vendor": vendor, "Capability": capability, "Annual cost": yearly, "Seats": seats, "Active seats": active,
             "End": date(2027, 3, 31), "Notice days": 90}
        )  # fmt: skip


def _plan(book: Book) -> None:
    for line, channel, budget, kpi in PLAN:
        book.plan.append(
            {"Line": line, "Channel": channel, "Period": "2027", "Budget": budget, "KPI": kpi,
             "Objective": "twenty nurses for the night wards", "Target": 40, "Owner": "head of nursing",
             "Experiment": "paused in Halle for four weeks"}
        )  # fmt: skip
    book.plan.append({"Line": "Total", "Budget": sum(row["Budget"] for row in book.plan)})


def planned(book: Book) -> Iterator[Row]:
    """The lines of the plan without its total."""
    return (row for row in book.plan if row["Line"] != "Total")
