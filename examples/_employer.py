"""The one truth behind the folder `employer`: what was bought, who applied and who was hired, January to June 2026.

The employer, Brugghafen Group (logistics and care in Switzerland, Germany and the Netherlands), its subsidiaries, jobs,
campaigns and people are invented, and so is every number, also those of platforms that exist.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

SEED = 626
FIRST_DAY = date(2026, 1, 1)
LAST_DAY = date(2026, 6, 30)
YEAR = (1, 2, 3, 4, 5, 6)
RATES = {"EUR": Decimal(1), "CHF": Decimal("1.06"), "USD": Decimal("0.92")}  # one unit in EUR; invented


class Media(NamedTuple):
    """What a unit of money buys: price of a click, click rate, applies per click. Invented, as is all here."""

    cpc: float
    ctr: float
    applies: float


@dataclass(frozen=True)
class Campaign:
    """A campaign (or the part of one that an export shows): its cents are spread over the workdays of its months."""

    channel: str
    account: str
    group: str
    name: str
    months: Sequence[int]
    cents: int
    media: Media
    currency: str = "EUR"


@dataclass(frozen=True)
class Bought:
    """One day of a campaign."""

    campaign: Campaign
    day: date
    cents: int
    impressions: int
    clicks: int
    applies: int


def _campaign(channel: str, account: str, what: str, months: Sequence[int], cents: int, media: Media) -> Campaign:
    group, name = what.split(" > ")
    currency = {"Microsoft": "CHF", "Indeed API": "USD"}.get(account, "EUR")
    return Campaign(channel, account, group, name, months, cents, media, currency)


_LI, _GO, _ME = Media(5.4, 0.006, 0.04), Media(1.6, 0.034, 0.05), Media(0.9, 0.012, 0.02)
_MS, _TT, _IN = Media(1.3, 0.027, 0.04), Media(0.5, 0.01, 0.01), Media(0.7, 0.03, 0.09)
# Two accounts of Indeed, two costs: the Dutch and German campaigns in euros, the Swiss feed in dollars.
_INDEED_MARKETS = {
    "DE-Care-Pflegefachkraft-Hamburg": 611240,
    "DE-Care-Pflegehilfskraft-Hamburg": 284905,
    "DE-Care-Altenpfleger-Bremen": 356718,
    "DE-Logistics-LKW Fahrer CE-Bremen": 418366,
    "NL-Logistics-Vrachtwagenchauffeur CE-Rotterdam": 732481,
    "NL-Logistics-Magazijnmedewerker-Rotterdam": 549027,
    "NL-Logistics-Heftruckchauffeur-Venlo": 203359,
    "NL-Care-Verzorgende IG-Nijmegen": 317742,
}
_INDEED_FEED = {
    "CH-2101": 41217,
    "CH-2102": 38764,
    "CH-2103": 22950,
    "CH-2104": 51309,
    "CH-2105": 17481,
    "CH-2106": 30026,
}

CAMPAIGNS: list[Campaign] = [
    _campaign("LinkedIn", "LinkedIn Q1", "Logistics NL 2026 > Drivers CE", (1, 2, 3), 984310, _LI),
    _campaign("LinkedIn", "LinkedIn Q1", "Logistics NL 2026 > Shift leads", (1, 2, 3), 612745, _LI),
    _campaign("LinkedIn", "LinkedIn Q2", "Logistics NL 2026 > Drivers CE", (4, 5, 6), 1047260, _LI),
    _campaign("LinkedIn", "LinkedIn Q2", "Logistics NL 2026 > Shift leads", (4, 5, 6), 588190, _LI),
    _campaign("LinkedIn", "LinkedIn NL", "Zorg 2026 > Verzorgende IG", YEAR, 736415, _LI),
    _campaign("Google Ads", "Google", "Search | Pflege | DE > Pflegefachkraft", YEAR, 642180, _GO),
    _campaign("Google Ads", "Google", "Search | Pflege | DE > Ausbildung Pflege", YEAR, 218735, _GO),
    _campaign("Google Ads", "Google", "Search | Fahrer | DE > LKW Fahrer CE", YEAR, 483960, _GO),
    _campaign("Google Ads", "Google", "Search | Magazijn | NL > Magazijn Rotterdam", YEAR, 371290, _GO),
    _campaign("Google Ads", "Google", "Search | Magazijn | NL > Heftruck Venlo", YEAR, 154815, _GO),
    _campaign("Meta", "Meta", "Pflege > Pflegekräfte Hamburg", YEAR, 512690, _ME),
    _campaign("Meta", "Meta", "Fahrer > Chauffeurs Rotterdam", (2, 3, 4), 268340, _ME),
    _campaign("Microsoft Advertising", "Microsoft", "CH > Logistik Zürich", YEAR, 284470, _MS),
    _campaign("Microsoft Advertising", "Microsoft", "CH > Pflege Basel", (3, 4, 5), 163925, _MS),
    _campaign("TikTok", "TikTok", "Azubi Pflege 2026 > Azubi Hamburg", (3, 4, 5), 187455, _TT),
    *(_campaign("Indeed", "Indeed", f"Indeed > {name}", YEAR, cents, _IN) for name, cents in _INDEED_MARKETS.items()),
    *(_campaign("Indeed", "Indeed API", f"Feed CH > {name}", YEAR, cents, _IN) for name, cents in _INDEED_FEED.items()),
]

# What only the team's sheet knows, in whole euros a month: no platform exports it.
TEAM_LINES: dict[str, tuple[int, ...]] = {
    "Pflegejobs-Portal": (1450, 1450, 1450, 1450, 1450, 1450),
    "Agencies": (0, 7200, 0, 6900, 0, 7350),
    "Employee referral": (1000, 1500, 1000, 2000, 1500, 1000),
    "Career fairs": (0, 2850, 3400, 0, 1975, 0),
    "Career site": (640, 0, 1180, 0, 0, 925),
}


def workdays(months: Sequence[int]) -> list[date]:
    days = (FIRST_DAY + timedelta(days=number) for number in range((LAST_DAY - FIRST_DAY).days + 1))
    return [day for day in days if day.month in months and day.weekday() < 5]


def _bought(rng: random.Random, campaign: Campaign) -> list[Bought]:
    """The days of a campaign, exact to the cent."""
    days = workdays(campaign.months)
    weights = [rng.uniform(0.5, 1.5) for _ in days]
    cents = [int(campaign.cents * weight / sum(weights)) for weight in weights]
    cents[-1] += campaign.cents - sum(cents)
    found = []
    for day, amount in zip(days, cents, strict=True):
        clicks = max(1, round(amount / 100 / campaign.media.cpc * rng.uniform(0.8, 1.2)))
        impressions = round(clicks / campaign.media.ctr * rng.uniform(0.8, 1.2))
        applies = sum(rng.random() < campaign.media.applies for _ in range(clicks))
        found.append(Bought(campaign, day, amount, impressions, clicks, applies))
    return found


def bought(account: str) -> list[Bought]:
    """All days of one account, oldest first; each campaign has its own random numbers."""
    campaigns = [(number, one) for number, one in enumerate(CAMPAIGNS) if one.account == account]
    rows = [row for number, one in campaigns for row in _bought(random.Random(SEED + number), one)]
    return sorted(rows, key=lambda row: row.day)


@dataclass(frozen=True)
class Job:
    job_id: str
    title: str
    function: str
    location: str
    openings: int


JOBS: dict[str, list[Job]] = {
    "icims": [
        Job("R-3101", "Vrachtwagenchauffeur CE", "Driving", "Rotterdam", 12),
        Job("R-3102", "Magazijnmedewerker nachtdienst", "Warehouse", "Rotterdam", 14),
        Job("R-3103", "Heftruckchauffeur", "Warehouse", "Venlo", 6),
        Job("R-3104", "Shift lead warehouse", "Warehouse", "Venlo", 3),
        Job("R-3105", "Planner wegtransport", "Planning", "Rotterdam", 4),
    ],
    "workable": [
        Job("R-3201", "Pflegefachkraft (m/w/d)", "Care", "Hamburg", 15),
        Job("R-3202", "Pflegehilfskraft (m/w/d)", "Care", "Hamburg", 9),
        Job("R-3203", "LKW-Fahrer CE (m/w/d)", "Driving", "Bremen", 5),
    ],
    "events": [Job("R-3301", "Altenpfleger (m/w/d)", "Care", "Bremen", 8)],
    "indeed": [
        Job("R-3401", "Logistiker EFZ – Zürich | 80-100%", "Warehouse", "Zürich", 6),
        Job("R-3402", "Fachperson Gesundheit – Basel | 60-100%", "Care", "Basel", 4),
    ],
    "ashby": [
        Job("R-3501", "Backend Engineer ", "Software", "Zürich", 2),
        Job("R-3502", "Data Engineer", "Software", "Zürich", 1),
    ],
}

# system: channel (None where it keeps no source): applications, hires
FUNNELS: dict[str, dict[str | None, tuple[int, int]]] = {
    "icims": {
        "Indeed": (70, 6),
        "LinkedIn": (52, 5),
        "Employee referral": (25, 6),
        "Career site": (41, 4),
        "Recruiter": (12, 2),
        "Internal Portal": (8, 2),
        "Agencies": (15, 3),
    },
    "workable": {
        "Indeed": (44, 3),
        "LinkedIn": (15, 1),
        "Meta": (31, 2),
        "Google Ads": (22, 2),
        "Career site": (20, 2),
        "Employee referral": (14, 4),
        "Pflegejobs-Portal": (16, 2),
        "TikTok": (9, 0),
    },
    "events": {None: (58, 5)},
    "indeed": {"Indeed": (87, 5)},
    "ashby": {"Indeed": (19, 0), "Career site": (24, 0), "LinkedIn": (14, 0)},
}
_LAGS = ((2, 8), (4, 12), (4, 12), (6, 20))  # days to screened, interviewed, offered, hired
_DEPTHS = (0, 1, 2, 3)
_DEPTH_WEIGHTS = (60, 22, 13, 5)
_GRADES = ("Exceeds", "Fully Meets", "Needs Improvement")


@dataclass(frozen=True)
class Candidate:
    """One application: the day of applying and of each later stage that was reached; five days are a hire."""

    number: int
    system: str
    job: Job
    channel: str | None
    stages: list[date]
    left: date | None = None
    performance: str | None = None
    extra: float = field(default=0.0)  # a random number of this person for what a system adds

    @property
    def hired(self) -> date | None:
        return self.stages[4] if len(self.stages) == 5 else None

    @property
    def first_name(self) -> str:
        return f"Testperson-{self.number:04d}"

    @property
    def name(self) -> str:
        return f"{self.first_name} Muster"

    @property
    def email(self) -> str:
        return f"testperson-{self.number:04d}@example.org"

    @property
    def phone(self) -> str:
        return f"+49 000 55{self.number:05d}"


def _stages(rng: random.Random, depth: int) -> list[date]:
    lags = [rng.randint(*_LAGS[number]) for number in range(depth)]
    days = (LAST_DAY - FIRST_DAY).days - sum(lags) - 1
    stages = [FIRST_DAY + timedelta(days=rng.randint(1, days))]
    for lag in lags:
        stages.append(stages[-1] + timedelta(days=lag))
    return stages


def _later(rng: random.Random, hired: date | None) -> tuple[date | None, str | None]:
    """The last day of one in eight hires, and a grade for those who are there for 60 days."""
    if hired is None:
        return None, None
    if rng.random() < 0.12 and hired < date(2026, 5, 25):
        return hired + timedelta(days=rng.randint(14, 36)), None
    return None, rng.choices(_GRADES, (25, 62, 13))[0] if (LAST_DAY - hired).days > 60 else None


def candidates(system: str = "") -> list[Candidate]:
    """All applications, or those of one system, in order of applying; numbers run over all of them."""
    rng = random.Random(SEED)
    drawn = []
    for name, funnel in FUNNELS.items():
        for channel, (applied, hires) in funnel.items():
            depths = [4] * hires + rng.choices(_DEPTHS, _DEPTH_WEIGHTS, k=applied - hires)
            drawn += [(_stages(rng, depth), rng.random(), name, channel) for depth in depths]
    drawn.sort(key=lambda one: (one[0][0], one[1]))
    found = []
    for number, (stages, extra, name, channel) in enumerate(drawn, start=1):
        job = rng.choices(JOBS[name], [job.openings for job in JOBS[name]])[0]
        left, grade = _later(rng, stages[4] if len(stages) == 5 else None)
        found.append(Candidate(number, name, job, channel, stages, left, grade, extra))
    return [one for one in found if system in ("", one.system)]


def spend_truth() -> dict[str, Decimal]:
    """Euros per channel, each cost once: exports before the team's sheet, detail before cards."""
    found: dict[str, Decimal] = {}
    for one in CAMPAIGNS:
        found[one.channel] = found.get(one.channel, Decimal(0)) + Decimal(one.cents) / 100 * RATES[one.currency]
    return {**found, **{name: Decimal(sum(months)) for name, months in TEAM_LINES.items()}}


def hires_truth() -> dict[str | None, int]:
    """Hires per channel of their source; None where the system keeps none."""
    found: dict[str | None, int] = {}
    for one in candidates():
        if one.hired:
            found[one.channel] = found.get(one.channel, 0) + 1
    return found
