"""Stages of an application: by the words of a stage, by columns of days, and by rows that are changes of stage."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rm_audit.channels import may_hold_person, spelled
from rm_audit.errors import Level
from rm_audit.profiles.dates import read_dates
from rm_audit.profiles.model import Profile
from rm_audit.profiles.work import Work
from rm_audit.readers import Value

# Words that turn a stage into one that was not reached, or not yet.
_DENIALS = frozenset((
    "not", "no", "never", "to", "declined", "rejected", "withdrawn", "unsuccessful", "refused", "pending", "awaiting",
    "scheduled", "invited", "planned", "nicht", "kein", "keine", "abgelehnt", "abgesagt", "geplant", "eingeladen",
    "non", "pas", "refuse", "refusee", "rejete", "prevu", "niet", "geen", "afgewezen", "geweigerd", "gepland",
    "rechazado", "rechazada", "rifiutato", "respinto", "odrzucony",
))  # fmt: skip
STAGE_DAYS = {
    "hired": "hired_at",
    "offered": "offered_at",
    "interviewed": "interviewed_at",
    "qualified": "qualified_at",
}
DAY_REACH = {day: 4 - rank for rank, day in enumerate(STAGE_DAYS.values())}  # how far who has this day got
_CLOCK = re.compile(r"\b(\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*(?:([ap])\.?m)?", re.IGNORECASE)
EXCERPT = 24  # characters of a stage that a message shows
HISTORY = "application-history"
EARLIER = "another stage of the same application"


def stage_is(stage: object, words: Sequence[str]) -> bool:
    """A known stage, alone or as a word of a longer text that denies nothing: 'Hired - started', not 'not hired'."""
    if not isinstance(stage, str):
        return False
    text = spelled(stage)
    denied = set(text.split()) & _DENIALS
    return text in words or (not denied and any(f" {word} " in f" {text} " for word in words))


def say_unknown_stages(work: Work) -> None:
    """Stages that no word is known for count as an application and no more, which must be said."""
    if work.layout.table != "applications" or "stage" not in work.layout.columns or "stage" not in work.columns:
        return
    stages = work.columns["stage"]
    met = Counter(stage for p, stage in enumerate(stages) if isinstance(stage, str) and p not in work.aside)
    said = unknown_stages(met, work.profile)
    if said is not None:
        place = work.at(stages.index(said.commonest), work.layout.columns["stage"])
        work.complain(said.level, "unknown-stages", said.message, said.help, place)


@dataclass(frozen=True)
class UnknownStages:
    """What is said of stages that no word is known for, and the commonest of them."""

    level: Level
    message: str
    help: str
    commonest: str


def unknown_stages(met: Mapping[str, int], profile: Profile) -> UnknownStages | None:
    """Of stages with the number of their rows; None where all are known."""
    words = list(profile.words["stages"].values())
    unknown = {stage: count for stage, count in met.items() if not _is_known(stage, words)}
    ranked = sorted(unknown, key=lambda stage: (-unknown[stage], stage))
    if not ranked:
        return None
    quoted = [stage for stage in ranked if not may_hold_person(stage)][:3]
    shown = ", ".join(f"'{stage[:EXCERPT]}' ({unknown[stage]})" for stage in quoted)
    more = f"{' and ' if shown else ''}{len(ranked) - len(quoted)} more" if len(ranked) > len(quoted) else ""
    message = f"stages that are not known: {shown}{more}; these rows count as applications and no more"
    help = "Call them Applied, Screen, Interview, Offer, Hired or Rejected, or write a profile with these words: "
    help += "rm-audit profiles draft FILE."
    return UnknownStages("info" if len(unknown) < len(met) else "warning", message, help, ranked[0])


def _is_known(stage: str, words: Sequence[Sequence[str]]) -> bool:
    text = spelled(stage)
    return bool(set(text.split()) & _DENIALS) or any(f" {word} " in f" {text} " for known in words for word in known)


def read_stamps(work: Work) -> None:
    """Fills days, and the source, from columns that hold a day each; the earliest day counts."""
    layout = work.layout
    places = {day: columns[0] for day, columns in layout.stamps.items()}
    for day, columns in layout.stamps.items():
        work.columns[day] = _earliest(work.columns.get(day), [_days(work, column) for column in columns])
    if layout.named:
        places_of = list(layout.named)
        days = [_days(work, column) for column in places_of]
        cells = [work.cells(column) for column in places_of]
        first = [_first([own[row] for own in days], [own[row] for own in cells]) for row in range(len(work.rows))]
        names = [None if place is None else layout.named[places_of[place]] for place in first]
        stamps = work.profile.stamps
        work.columns[stamps.name] = list(names)
        work.columns[stamps.day] = _earliest(work.columns.get(stamps.day), days)
        places |= {stamps.name: places_of[0], stamps.day: places_of[0]}
    if places:
        work.layout = replace(layout, columns={**places, **layout.columns})


def _days(work: Work, column: int) -> list[int | None]:
    found = read_dates(work.cells(column), work.profile.blanks, None, habit=work.profile.dates)
    return [span[0] if span else None for span in found.spans]


def _first(days: Sequence[int | None], cells: Sequence[Value]) -> int | None:
    """The place of the earliest day; on one day the time decides, and then the order of the columns."""
    known = [(day, time_of(cells[place]), place) for place, day in enumerate(days) if day is not None]
    return min(known)[2] if known else None


def time_of(value: Value) -> tuple[int, int, int]:
    """The time of day in a cell such as '3/4/2026 8:05:00 PM'; midnight where there is none."""
    if isinstance(value, datetime):
        return value.hour, value.minute, value.second
    found = _CLOCK.search(value) if isinstance(value, str) else None
    if found is None:
        return 0, 0, 0
    hour = int(found[1]) % 12 + 12 * (found[4].casefold() == "p") if found[4] else int(found[1])
    return hour, int(found[2]), int(found[3] or 0)


def _earliest(own: Sequence[object] | None, others: Sequence[Sequence[int | None]]) -> list[object]:
    columns = [*([own] if own is not None else []), *others]
    rows = zip(*columns, strict=True)
    return [min((int(str(day)) for day in days if day is not None), default=None) for days in rows]


def collapse_events(work: Work) -> None:
    """Rows that are changes of stage become one row an application, with the first day of each stage that it reached.

    The first row of an application stays; the others are set aside, so that no application counts twice.
    """
    if not work.profile.events:
        return
    groups: dict[tuple[object, ...], list[int]] = {}
    keys = [work.columns.get(name, [None] * len(work.rows)) for name in ("person", "job", "application_id")]
    for position in (p for p in range(len(work.rows)) if p not in work.aside):
        groups.setdefault(tuple(key[position] for key in keys), []).append(position)
    days = work.columns.get("applied_at", [None] * len(work.rows))
    stages = work.columns.pop("stage", [None] * len(work.rows))
    dated: dict[str, list[object]] = {day: [None] * len(work.rows) for day in STAGE_DAYS.values()}
    for rows in groups.values():
        rows.sort(key=lambda p: (days[p] is None, days[p], p))
        for name, day in STAGE_DAYS.items():
            hit = next((p for p in rows if stage_is(stages[p], work.profile.words["stages"][name])), None)
            dated[day][rows[0]] = days[hit] if hit is not None else None
        for position in rows[1:]:
            work.set_aside(position, EARLIER)
    work.columns |= dated
    work.layout = replace(work.layout, columns={k: v for k, v in work.layout.columns.items() if k != "stage"})
    places = dict.fromkeys(STAGE_DAYS.values(), work.layout.columns.get("applied_at", 0))
    work.layout = replace(work.layout, columns={**places, **work.layout.columns})


def one_row_an_application(work: Work) -> None:
    """Of several rows with one application's id, the one that got furthest counts; the others are its history."""
    ids = work.columns.get("application_id")
    if work.layout.table != "applications" or ids is None or work.profile.events:
        return
    groups: dict[object, list[int]] = {}
    for position in (p for p in range(len(work.rows)) if p not in work.aside and ids[p] is not None):
        groups.setdefault(ids[position], []).append(position)
    again = [rows for rows in groups.values() if len(rows) > 1]
    for rows in again:
        furthest = max(rows, key=lambda p: (_reach(work, p), -p))
        for position in rows:
            if position != furthest:
                work.set_aside(position, EARLIER)
    if again:
        many = sum(len(rows) - 1 for rows in again)
        place = (work.layout.header_row, work.layout.columns["application_id"])
        work.complain("info", HISTORY, *said_of_history(len(again), many), place)


def said_of_history(applications: int, rows: int) -> tuple[str, str]:
    """What is said of applications that stand in several rows, and of the rows that are set aside; and what to do."""
    words = f"{applications} applications stand in several rows: of each the one that got furthest counts, "
    return words + f"{rows} are set aside", "Nothing to do if a row is a change of stage."


def _reach(work: Work, position: int) -> int:
    """How far a row's application got, by its stage and by its dates: 0 to 4."""
    own = work.columns["stage"][position] if "stage" in work.columns else None
    dated = [reach for day, reach in DAY_REACH.items() if work.columns.get(day, {position: None})[position] is not None]
    return max([stage_reach(own, work.profile), *dated])


def stage_reach(stage: object, profile: Profile) -> int:
    """How far who has this stage got: 0 to 4."""
    words = profile.words["stages"]
    return max((4 - rank for rank, name in enumerate(STAGE_DAYS) if stage_is(stage, words[name])), default=0)


def set_constants(work: Work) -> None:
    """What no column says because a platform's export is all about itself: its channel."""
    name = {"spend": "channel", "applications": "source", "traffic": "source"}.get(work.layout.table)
    constants = dict(work.profile.constants)
    if name and work.profile.channel:
        constants[name] = work.profile.channel
    for column, text in constants.items():
        work.columns.setdefault(column, [text] * len(work.rows))
