"""What each hiring system of the folder `employer` shows of the candidates. All persons are invented and marked so."""

from __future__ import annotations

from datetime import date, timedelta

from _employer import JOBS, LAST_DAY, Candidate, candidates
from _employer_files import Tab, Text, american, fields, separated
from _rows import Cell, Row

_SUBMISSIONS = {
    "Indeed": "Indeed Apply",
    "LinkedIn": "LinkedIn",
    "Employee referral": "Employee Referral",
    "Recruiter": "Recruiter",
    "Career site": "External Portal",
    "Internal Portal": "Internal Portal",
    "Agencies": "Vendor Portal",
}
_NO_SOURCES = ("Initial DNQ", "Candidate Withdrew")  # columns of the same form that say a status and no source
_ICIMS = [
    "Recruiting Workflow Profile (Person Full Name: First, Last Label)",
    "Person : System ID",
    "Requisition : Req ID",
    "Requisition : Company Country",
    *(f"Last Resume Submissions: {name}" for name in (*_SUBMISSIONS.values(), *_NO_SOURCES)),
    "Last Interview: Phone Screen Staffing; Not Selected",
    "Last Interview: Interviewed; Not Selected",
    "Last Offer: Offer Declined/Rejected",
    "Last Offer: Received Signed Offer Letter",
    "Last Pre-Onboard: Hire Complete",
    "Hire/Rehire Date",
]
_ASHBY = [
    "Job Consideration's Candidate",
    "Job Consideration's Candidate's Email Address (Primary/Personal)",
    "Job Consideration's Job",
    "Job Consideration's Applied via Job Posting",
    "Job Consideration's Source",
    "Job Consideration's Application Form's Submitted At",
]
_ASHBY_SOURCES = {
    "Indeed": "Inbound: Indeed Listings",
    "Career site": "Inbound: Applied",
    "LinkedIn": "Inbound: Linkedin",
}
_WORKABLE = fields(
    "name,email,job title,job department,job location,source,type,creation time,stage,tags,phone,address"
)
_WORKABLE_SOURCES = {
    "Meta": "Facebook",
    "Google Ads": "Google",
    "Career site": "Jobs page on your website",
    "Employee referral": "Referral",
}
_WORKABLE_STAGES = ("Applied", "Phone Screen", "Interview", "Offer", "Hired")
_EVENTS = fields(
    "Candidate ID,Candidate Name,Candidate Email,Candidate Phone,Opening ID,Opening,Stage,Decision Status"
    ",Decision Reason,Reason Description,Person who changed the stage,Date of change,Stage Coordinator"
)
_EVENT_STAGES = ("1. Applied", "2. Phone Screen", "4a. Informal Chat", "5. Offer", "6. Hired")
_APPLICANTS = fields(
    "name,email,phone,status,candidate location,relevant experience,education,job title,job location,date"
    ",interest level,source"
)
_APPLICANT_STATUS = ("Rejected", "Phone Screened", "Interviewed", "Offer Made", "Hired")
_WORKDAY = fields(
    "Job Requisition ID|Job Requisition|Target Hire Date|# Positions Openings Available"
    "|# Positions Filled (Hire selected)|Hiring Manager|Main Recruiter|Compensation Grade|Function"
)
_PEOPLE = fields("Employee Name;Employee ID;Position;employeeSource;dateOfHire;dateOfTermination;performanceScore")
_STAFF = [f"Testperson-{number} Muster" for number in range(9001, 9007)]


def _stamp(day: date | None, one: Candidate, later: int = 0) -> str | None:
    """'1/5/2026 9:14:00 AM'; the clock time is the candidate's own."""
    if day is None:
        return None
    hour, minute = (8 + int(one.extra * 9) + later) % 24, int(one.extra * 1000) % 60
    return f"{american(day)} {hour % 12 or 12}:{minute:02d}:00 {'AM' if hour < 12 else 'PM'}"


def icims() -> Text:
    """A row a candidate and job; the source is the name of the column that was filled first."""
    rows = [_icims_row(one) for one in candidates("icims")]
    return Text(b"\xef\xbb\xbf" + separated([_ICIMS, *rows]).encode(), len(rows))


def _icims_row(one: Candidate) -> Row:
    row: dict[str, Cell] = dict.fromkeys(_ICIMS)
    row |= dict(zip(_ICIMS, (one.name, 40000 + one.number, one.job.job_id, "Netherlands"), strict=False))
    days: list[date | None] = [*one.stages, *[None] * (5 - len(one.stages))]
    row[f"Last Resume Submissions: {_SUBMISSIONS[one.channel or '']}"] = _stamp(days[0], one)
    if one.extra < 0.06 and one.channel != "Employee referral":  # came again with a colleague's name, a little later
        row["Last Resume Submissions: Employee Referral"] = _stamp(one.stages[0], one, later=4)
    if len(one.stages) == 1 and one.extra > 0.4:
        name = _NO_SOURCES[one.extra > 0.8]
        row[f"Last Resume Submissions: {name}"] = _stamp(one.stages[0] + timedelta(days=1), one)
    if len(one.stages) in (2, 3, 4):
        outcome = (
            "Interview: Phone Screen Staffing; Not Selected",
            "Interview: Interviewed; Not Selected",
            "Offer: Offer Declined/Rejected",
        )[len(one.stages) - 2]
        row[f"Last {outcome}"] = _stamp(one.stages[-1], one)
    if one.hired:
        row["Last Offer: Received Signed Offer Letter"] = _stamp(days[3], one)
        row["Last Pre-Onboard: Hire Complete"] = row["Hire/Rehire Date"] = _stamp(one.hired, one)
    return list(row.values())


def ashby() -> Text:
    """Applications of the software jobs, opened lately: nobody was hired yet, and the export has no stage."""
    rows: list[Row] = []
    for one in candidates("ashby"):
        stamp = f"{one.stages[0]}T{8 + int(one.extra * 9):02d}:{int(one.extra * 1000) % 60:02d}:00.000Z"
        source = _ASHBY_SOURCES[one.channel or ""]
        rows.append([one.name, one.email, one.job.title, f"{one.job.title.strip()} (Zürich)", source, stamp])
    return Text(separated([_ASHBY, *rows]).encode(), len(rows))


def workable() -> Text:
    rows: list[Row] = []
    for one in candidates("workable"):
        source, stage = _WORKABLE_SOURCES.get(one.channel or "", one.channel), _WORKABLE_STAGES[len(one.stages) - 1]
        job: Row = [
            one.job.title,
            one.job.function,
            one.job.location,
            source,
            "applied",
            one.stages[0].isoformat(),
            stage,
        ]
        rows.append([one.name, one.email, *job, None, one.phone, f"Musterweg {one.number}"])
    return Text(separated([_WORKABLE, *rows]).encode(), len(rows))


def stage_events() -> Text:
    """A row a change of stage: rows are events, and only one of a candidate's says that he was hired. No source."""
    rows: list[tuple[date, Row]] = []
    for one in candidates("events"):
        head: Row = [7000 + one.number, one.name, one.email, one.phone, 88, one.job.title]
        for number, day in enumerate(one.stages):
            status = "Hired" if number == 4 else "Active"
            rows.append(
                (day, [*head, _EVENT_STAGES[number], status, None, None, _STAFF[4], day.isoformat(), _STAFF[5]])
            )
        if not one.hired and one.stages[-1] < date(2026, 6, 10):
            day = one.stages[-1] + timedelta(days=6)
            reason: Row = ["Rejected", "Experience", None, _STAFF[4], day.isoformat(), _STAFF[5]]
            rows.append((day, [*head, _EVENT_STAGES[len(one.stages) - 1], *reason]))
    rows.sort(key=lambda row: row[0])
    return Text(separated([_EVENTS, *(row for _, row in rows)]).encode(), len(rows))


def applicants() -> Text:
    """Indeed's own list of the Swiss jobs, which have no other system; the newest days stand in another form."""
    rows: list[Row] = []
    for one in candidates("indeed"):
        status = _APPLICANT_STATUS[len(one.stages) - 1]
        status = "Awaiting Review" if status == "Rejected" and one.stages[0] > date(2026, 6, 1) else status
        mail = f"testperson-{one.number:04d}_x{one.number % 7}k@example.org"
        day = one.stages[0]
        told = day.isoformat() if day < date(2026, 4, 1) else american(day)
        source = "Sponsored Job Link" if one.extra < 0.7 else "Indeed"
        person: Row = [one.name, mail, f"'{one.phone}", status, one.job.location, "3 years", "EFZ"]
        rows.append([*person, one.job.title, one.job.location, told, None, source])
    return Text(separated([_APPLICANTS, *rows]).encode(), len(rows))


def workday() -> list[Tab]:
    """All requisitions; thirteen rows stand above the header, and the date of the report is in the file's name."""
    hired = [one.job.job_id for one in candidates() if one.hired]
    rows: list[Row] = []
    for number, job in enumerate(job for jobs in JOBS.values() for job in jobs):
        counts: Row = [date(2026, 9, 30), job.openings, hired.count(job.job_id)]
        rows.append(
            [job.job_id, job.title.strip(), *counts, _STAFF[number % 4], _STAFF[4], f"G{5 + number % 4}", job.function]
        )
    above: list[Row] = [
        ["All Status"],
        [],
        ["Organisation", "Brugghafen Group"],
        ["Include subordinate organisations", "Yes"],
    ]
    return [Tab("All Status", [*above, *([] for _ in range(13 - len(above))), [*_WORKDAY], *rows], len(rows))]


def people() -> Text:
    """The people file: every hire once more, with the last day and the rating; names read 'Last, First'."""
    hires = sorted((one for one in candidates() if one.hired), key=lambda one: (one.hired or LAST_DAY, one.number))
    lines = [";".join(_PEOPLE)]
    for one in hires:
        left = american(one.left) if one.left else "N/A-StillEmployed"
        source, day = one.channel or "Other", american(one.hired or LAST_DAY)
        cells = (f"Muster, {one.first_name}", f"P{one.number:05d}", one.job.title.strip(), source, day, left)
        lines.append(";".join((*cells, one.performance or "")))
    return Text("\r\n".join([*lines, ""]).encode("cp1252"), len(hires))
