"""The invented spend export: one row per campaign and month, January to September 2026."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from _rows import Row


@dataclass(frozen=True)
class Media:
    """What a media euro buys: click rate, price of a click, apply starts and applies per click."""

    ctr: float
    cpc: float
    starts: float
    applies: float


@dataclass(frozen=True)
class Line:
    """A campaign: its total is spread over its months (or given month by month in `amounts`)."""

    channel: str
    kind: str | None
    campaign: str
    cost_type: str
    vendor: str | None
    months: Sequence[int]
    total: float = 0.0
    job: str | None = None
    media: Media | None = None
    amounts: tuple[float, ...] = ()


YEAR = range(1, 10)
LINKEDIN = Media(0.0062, 5.8, 0.13, 0.0405)
LINKEDIN_JOB = Media(0.0071, 6.2, 0.11, 0.031)
LINKEDIN_VIDEO = Media(0.0034, 3.4, 0.012, 0.002)
PROGRAMMATIC = Media(0.011, 0.62, 0.034, 0.0057)
CLOSED_PAGE = Media(0.010, 0.64, 0.0, 0.0)  # the ad still runs, the job is filled: nobody can apply
SPRINT = Media(0.018, 1.65, 0.041, 0.0137)
BARREL = Media(0.016, 0.85, 0.036, 0.0113)
GOOGLE = Media(0.031, 1.7, 0.062, 0.022)


def _linkedin(
    campaign: str, months: Sequence[int], total: float, media: Media = LINKEDIN, job: str | None = None
) -> Line:
    return Line("LinkedIn", "big site", campaign, "media", "LinkedIn", months, total, job, media)


def _adcascade(campaign: str, months: Sequence[int], total: float, job: str | None = None) -> Line:
    return Line("AdCascade", "programmatic", campaign, "media", "AdCascade", months, total, job, PROGRAMMATIC)


def _after_closing(campaign: str, job: str, months: Sequence[int], *amounts: float) -> Line:
    return Line("AdCascade", "programmatic", campaign, "media", "AdCascade", months, 0, job, CLOSED_PAGE, amounts)


def _board(channel: str, campaign: str, months: Sequence[int], total: float, media: Media, job: str | None) -> Line:
    return Line(channel, "job board", campaign, "media", channel, months, total, job, media)


def _plain(channel: str, kind: str, cost_type: str, campaign: str, months: Sequence[int], *amounts: float) -> Line:
    return Line(channel, kind, campaign, cost_type, None, months, amounts=amounts)


def _licence(vendor: str, kind: str | None, campaign: str, monthly: float) -> Line:
    return Line(vendor, kind, campaign, "licence", vendor, YEAR, amounts=(monthly,) * len(YEAR))


LINES: list[Line] = [
    _linkedin("Always-on job ads", YEAR, 112412.60),
    _linkedin("Drivers and shift leads", YEAR, 24874.35),
    _linkedin("Employer brand video", (3, 4, 5, 7, 8, 9), 37950.00, LINKEDIN_VIDEO),
    _linkedin("Backend engineer ads", range(2, 7), 10118.20, LINKEDIN_JOB, "R-1005"),
    _linkedin("Data engineer ads", range(3, 7), 7604.75, LINKEDIN_JOB, "R-1013"),
    _linkedin("SRE ads", range(4, 7), 6082.25, LINKEDIN_JOB, "R-1017"),
    _adcascade("Warehouse programmatic", YEAR, 17688.40),
    _adcascade("Drivers programmatic", range(3, 10), 8941.15),
    _adcascade("Forklift Antwerp", range(2, 5), 3312.70, "R-1006"),
    _after_closing("Forklift Antwerp", "R-1006", (5, 6, 7), 1480.20, 1322.75, 1196.10),
    _adcascade("City routes Antwerp", range(2, 6), 3764.90, "R-1007"),
    _after_closing("City routes Antwerp", "R-1007", (6, 7), 1309.40, 1215.85),
    _adcascade("Weekend Antwerp", (3, 4), 1790.45, "R-1008"),
    Line("AdCascade", "programmatic", "Platform and service fee", "fee", "AdCascade", YEAR, amounts=(1000.0,) * 9),
    _board("JobSprint", "Job slots, warehouse and service", YEAR, 62106.80, SPRINT, None),
    _board("JobSprint", "Boosted ad, truck driver CE", range(4, 7), 3921.45, SPRINT, "R-1003"),
    _board("HireBarrel", "Job slots, warehouse", YEAR, 11968.30, BARREL, None),
    Line(
        "Google Ads",
        "search",
        "Driver and warehouse searches",
        "media",
        "Google Ads",
        YEAR,
        9027.55,
        media=GOOGLE,
    ),
    _plain("Campus events", "event", "event", "Career fairs", (2, 3, 4, 5, 9), 2400.0, 3650.0, 2950.0, 1800.0, 3200.0),
    _plain(
        "Employee referral",
        "referral",
        "fee",
        "Referral bonuses",
        (1, 3, 4, 5, 6, 7, 9),
        *(2000.0, 3000.0, 2000.0, 4000.0, 3000.0, 2500.0, 1500.0),
    ),
    _plain("Career site", "career site", "content", "Job pages", (2, 5, 6, 8), 2100.0, 1650.0, 1250.0, 1000.0),
    _licence("ShareBeam", None, "Advocacy licence", 3000.0),
    _licence("PoolPress", "email", "CRM and mail licence", 1500.0),
    _licence("MetricMill", None, "Dashboard licence", 1200.0),
    _licence("TalentTiles", None, "Dashboard licence", 1000.0),
]


def _split(rng: random.Random, total: float, parts: int) -> list[float]:
    """Split an amount into uneven monthly amounts, exact to the cent."""
    weights = [rng.uniform(0.82, 1.2) for _ in range(parts)]
    cents = [round(total * 100 * weight / sum(weights)) for weight in weights]
    cents[-1] += round(total * 100) - sum(cents)
    return [amount / 100 for amount in cents]


def _traffic(rng: random.Random, media: Media | None, amount: float) -> Row:
    """Impressions, clicks, apply starts and applies which the vendor reports for an amount."""
    if media is None:
        return [None] * 4
    clicks = round(amount / media.cpc * rng.uniform(0.93, 1.08))
    impressions = round(clicks / media.ctr * rng.uniform(0.9, 1.1))
    starts = round(clicks * media.starts * rng.uniform(0.9, 1.1))
    return [impressions, clicks, starts, round(clicks * media.applies * rng.uniform(0.88, 1.12))]


def _line_rows(rng: random.Random, line: Line) -> list[tuple[date, Row]]:
    amounts = line.amounts or tuple(_split(rng, line.total, len(line.months)))
    rows: list[tuple[date, Row]] = []
    for month, amount in zip(line.months, amounts, strict=True):
        day = date(2026, month, 1)
        head: Row = [day, line.channel, line.kind, line.campaign, line.job, line.cost_type, line.vendor]
        rows.append((day, [*head, *_traffic(rng, line.media, amount), amount]))
    return rows


def spend_rows(rng: random.Random) -> list[Row]:
    """All spend rows, month by month."""
    rows = [pair for line in LINES for pair in _line_rows(rng, line)]
    rows.sort(key=lambda pair: pair[0])
    return [row for _, row in rows]
