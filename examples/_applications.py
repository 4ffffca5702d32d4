"""The invented applicant tracking export: requisitions and applications of January to September 2026."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from _rows import Row

FIRST_DAY = date(2026, 1, 2)
LAST_DAY = date(2026, 9, 28)
BOOK_END = date(2026, 9, 30)
STAGE_LAGS = ((2, 8), (5, 16), (5, 16), (8, 28))  # days to qualified, interviewed, offered, hired


@dataclass(frozen=True)
class Job:
    """A requisition; `hires` is the number of hires the Applications sheet shows for it."""

    job_id: str
    title: str
    family: str
    location: str
    opened: date
    closed: date | None
    openings: int
    hires: int

    @property
    def first(self) -> date:
        return max(self.opened, FIRST_DAY)

    @property
    def last(self) -> date:
        return min(self.closed or LAST_DAY, LAST_DAY)

    def row(self) -> Row:
        status = "Filled" if self.closed else "Open"
        return [
            self.job_id,
            self.title,
            self.family,
            self.location,
            self.opened,
            self.closed,
            self.openings,
            status,
        ]


@dataclass
class Application:
    """One application: the dates of the stages it reached, the first one is the day of applying."""

    job: Job
    source: str | None
    stages: list[date]
    order: float
    left: date | None = None
    performance: str | None = None
    ids: list[str] = field(default_factory=list)

    @property
    def hired(self) -> date | None:
        return self.stages[4] if len(self.stages) == 5 else None

    def row(self) -> Row:
        padding: Row = [None] * (5 - len(self.stages))
        head: Row = [*self.ids, self.job.job_id, self.job.title, self.job.family, self.source]
        return [*head, *self.stages, *padding, self.left, self.performance]


def _job(number: int, what: str, opened: tuple[int, int, int], closed: tuple[int, int] | None, *n: int) -> Job:
    title, family, location = what.split(" | ")
    end = date(2026, *closed) if closed else None
    return Job(f"R-{number}", title, family, location, date(*opened), end, n[0], n[1])


JOBS: list[Job] = [
    _job(1001, "Warehouse operative, day shift | Warehouse | Rotterdam", (2025, 11, 10), None, 20, 17),
    _job(1002, "Warehouse operative, night shift | Warehouse | Rotterdam", (2025, 11, 10), None, 18, 12),
    _job(1003, "Truck driver CE | Driving | Rotterdam", (2025, 12, 1), None, 12, 8),
    _job(1004, "Customer service agent, Dutch | Customer service | Rotterdam", (2025, 12, 8), (7, 31), 6, 6),
    _job(1005, "Backend engineer | Software | Rotterdam", (2025, 12, 15), None, 4, 2),
    _job(1006, "Forklift operator | Warehouse | Antwerp", (2025, 12, 15), (4, 30), 6, 6),
    _job(1007, "Delivery driver, city routes | Driving | Antwerp", (2026, 1, 2), (5, 29), 5, 5),
    _job(1008, "Warehouse operative, weekend | Warehouse | Antwerp", (2026, 1, 5), None, 10, 8),
    _job(1009, "Customer service agent, German | Customer service | Hamburg", (2026, 1, 12), (8, 28), 5, 5),
    _job(1010, "Shift team lead, warehouse | Warehouse | Rotterdam", (2026, 1, 19), (6, 30), 2, 2),
    _job(1011, "Frontend engineer | Software | Rotterdam", (2026, 1, 26), (7, 10), 1, 1),
    _job(1012, "Truck driver C | Driving | Hamburg", (2026, 2, 2), None, 8, 6),
    _job(1013, "Data engineer | Software | Hamburg", (2026, 2, 9), None, 2, 1),
    _job(1014, "Warehouse operative, cold store | Warehouse | Antwerp", (2026, 2, 16), None, 9, 6),
    _job(1015, "Customer service agent, French | Customer service | Antwerp", (2026, 2, 23), (8, 31), 3, 3),
    _job(1016, "Customs desk agent | Customer service | Rotterdam", (2026, 3, 2), None, 3, 2),
    _job(1017, "Site reliability engineer | Software | Rotterdam", (2026, 3, 9), None, 1, 0),
    _job(1018, "Reach truck operator | Warehouse | Rotterdam", (2026, 3, 16), None, 6, 4),
    _job(1019, "Linehaul driver, nights | Driving | Hamburg", (2026, 3, 30), None, 6, 3),
    _job(1020, "QA engineer | Software | Hamburg", (2026, 4, 7), (8, 14), 1, 1),
    _job(1021, "Warehouse operative, returns | Warehouse | Hamburg", (2026, 4, 20), None, 6, 3),
    _job(1022, "Customer service team lead | Customer service | Rotterdam", (2026, 5, 4), (9, 18), 1, 1),
    _job(1023, "Product engineer, route planning | Software | Rotterdam", (2026, 5, 18), None, 2, 1),
    _job(1024, "Truck driver CE, international | Driving | Antwerp", (2026, 6, 1), None, 6, 0),
]

# source: applications, qualified, interviewed, offered, hired
FUNNELS: list[tuple[str | None, tuple[int, ...]]] = [
    ("LinkedIn", (642, 212, 98, 31, 25)),
    ("LinkedIn Jobs", (361, 118, 52, 18, 15)),
    ("AdCascade", (297, 31, 14, 5, 4)),
    ("JobSprint", (521, 22, 3, 0, 0)),
    ("HireBarrel", (152, 34, 17, 8, 6)),
    ("Google Ads", (112, 27, 14, 6, 5)),
    ("Campus events", (78, 41, 26, 11, 9)),
    ("Employee Referral", (91, 64, 45, 25, 22)),
    ("Career site", (248, 89, 45, 17, 14)),
    ("Other", (38, 9, 4, 1, 1)),
    (None, (66, 14, 7, 2, 2)),
]
SHIFT_WORK_ONLY = {"AdCascade", "JobSprint", "HireBarrel", "Google Ads"}  # never used for software roles
LEAVERS = {"LinkedIn": 4, "LinkedIn Jobs": 2, "AdCascade": 1, "HireBarrel": 1, "Employee Referral": 1}
GRADES = ("Exceeds", "Meets", "Below")


def _workday(day: date) -> date:
    """A recruiter moves candidates on working days: a weekend date becomes the Monday after."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _stages(rng: random.Random, first: date, last: date, depth: int) -> list[date]:
    """The day of applying and `depth` later stages, all between first and last (or two days after it)."""
    lags = [rng.randint(*STAGE_LAGS[i]) for i in range(depth)]
    span = (last - first).days - sum(lags)
    applied = first + timedelta(days=rng.randint(0, max(span, 0)))
    later = [applied + timedelta(days=sum(lags[: i + 1])) for i in range(depth)]
    return [applied, *(_workday(day) for day in later)]


def _fits(source: str | None, job: Job) -> bool:
    return job.family != "Software" or source not in SHIFT_WORK_ONLY


def _hires(rng: random.Random) -> list[Application]:
    """One application per hire of each requisition; software roles choose their source first."""
    sources = [source for source, counts in FUNNELS for _ in range(counts[4])]
    rng.shuffle(sources)
    slots = [job for job in JOBS for _ in range(job.hires)]
    slots.sort(key=lambda job: job.family != "Software")
    hires = []
    for job in slots:
        source = next(s for s in sources if _fits(s, job))
        sources.remove(source)
        last = job.last - timedelta(days=2)  # a date moved to Monday still lies before the closing date
        hires.append(Application(job, source, _stages(rng, job.first, last, 4), rng.random()))
    return hires


def _others(rng: random.Random, source: str | None, counts: tuple[int, ...]) -> list[Application]:
    """The applications of one source which did not end in a hire, by the stage they reached."""
    found = []
    for depth in range(4):
        for _ in range(counts[depth] - counts[depth + 1]):
            jobs = [job for job in JOBS if _fits(source, job)]
            weights = [job.openings * (job.last - job.first).days for job in jobs]
            job = rng.choices(jobs, weights)[0]
            last = job.last - timedelta(days=2 if depth else 0)
            found.append(Application(job, source, _stages(rng, job.first, last, depth), rng.random()))
    return found


def _mark_leavers(rng: random.Random, applications: list[Application]) -> None:
    for source, count in LEAVERS.items():
        early = [a for a in applications if a.source == source and a.hired and a.hired <= date(2026, 8, 14)]
        for application in rng.sample(early, min(count, len(early))):
            assert application.hired is not None
            latest = min(84, (BOOK_END - application.hired).days)
            application.left = application.hired + timedelta(days=rng.randint(12, latest))


def _mark_performance(rng: random.Random, applications: list[Application]) -> None:
    for application in applications:
        hired = application.hired
        if hired is None or application.left or (BOOK_END - hired).days <= 90:
            continue
        weights = (40, 55, 5) if application.source == "Employee Referral" else (20, 62, 18)
        application.performance = rng.choices(GRADES, weights)[0]


def _number(rng: random.Random, applications: list[Application]) -> None:
    """Application and candidate IDs in order of applying; a few people apply for a second job."""
    again: list[tuple[str, str]] = []
    candidates = 0
    for number, application in enumerate(applications, start=1):
        earlier = rng.choice(again) if again and rng.random() < 0.05 else None
        if earlier and earlier[1] != application.job.job_id:
            candidate = earlier[0]
            again.remove(earlier)
        else:
            candidates += 1
            candidate = f"C-{candidates:05d}"
        application.ids = [f"A-{number:06d}", candidate]
        if application.hired is None:
            again.append((candidate, application.job.job_id))


def application_rows(rng: random.Random) -> list[Row]:
    """All applications, oldest first."""
    applications = _hires(rng)
    for source, counts in FUNNELS:
        applications += _others(rng, source, counts)
    applications.sort(key=lambda a: (a.stages[0], a.order))
    _mark_leavers(rng, applications)
    _mark_performance(rng, applications)
    _number(rng, applications)
    return [application.row() for application in applications]
