"""People who apply again: of the applications that name their person, job and source, which are not the first.

The same is counted of a large file inside an engine (`rollups/people.py`), so that whatever is compared here are texts
as they stand in the file, and whatever is made of them an engine makes alike. A person who comes through two
spellings, or in two files, is two: what is found is the least that there is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

from rm_audit.profiles.cleaning import is_rounded, text_of
from rm_audit.profiles.private import nobody
from rm_audit.profiles.work import Work
from rm_audit.readers import Value
from rm_audit.readers.model import ERROR
from rm_audit.tables import AGAIN, COHORT_DAYS, NAMED

# Judgement: who stands more often for one job and one source is no person, but what stands for several.
MOST = 20
BLANKS = " \t\r\n\v\f"  # around a text
# Letters of which every engine knows the small one. A text with any other is compared as it is written: what the small
# form of a dotted I is, or of a sharp s, depends on who is asked.
NOT_FOLDED = "[^\x01-\x7fÀ-ÖØ-öø-įĲ-ňŊ-žЀ-џ]"
NO_ID = f"{ERROR.pattern.lower()}|[0-9][.,][0-9]+e[+][0-9][0-9]".replace("\\d", "[0-9]")  # the latter was rounded
_NOT_FOLDED = re.compile(NOT_FOLDED)
_NO_DAY = 1 << 40  # after all days

Key: TypeAlias = tuple[object, object, str]  # source and job as written, and who


class Counted(NamedTuple):
    """Of each row whether it counts as an application that is known, and as one of somebody who had applied before;
    and the sources and jobs of which nothing is known, for one of their persons is none."""

    named: list[int]
    again: list[int]
    crowds: set[tuple[object, object]]


def no_person() -> str:
    """A pattern of small letters: what names nobody, with or without brackets around it, and what is no id."""
    return f"^(?:[^a-z0-9]?(?:{'|'.join(sorted(nobody()))})[^a-z0-9]?|{NO_ID})$"


@cache
def _no_person() -> re.Pattern[str]:
    return re.compile(no_person())


def alike(value: Value, blanks: Collection[str]) -> str | None:
    """An id, an address or a name as it is compared; None for what names nobody, or was rounded by a spreadsheet."""
    if not isinstance(value, str):
        broken = is_rounded(value) or (isinstance(value, float) and not value.is_integer())
        value = None if broken else text_of(value, frozenset())
    if value is None:
        return None
    text = value.strip(BLANKS)
    text = text if _NOT_FOLDED.search(text) else text.lower()
    return None if not text or text in blanks or _no_person().search(text) else text


def counted(keys: Sequence[Key | None], days: Sequence[int | None], by_id: bool) -> Counted:
    """Rows by who applied where for what. With `by_id` each is an application of its own; else those of one day are
    one. The first is the one of the first day; None for a key is a row of which nothing is known."""
    found = Counted([0] * len(keys), [0] * len(keys), set())
    groups: dict[Key, list[int]] = {}
    for position, key in enumerate(keys):
        if key is not None:
            groups.setdefault(key, []).append(position)
    for key, rows in groups.items():
        dated = [_NO_DAY if (day := days[row]) is None else day for row in rows]
        own = rows if by_id else list(dict(zip(reversed(dated), reversed(rows), strict=True)).values())
        first = rows[dated.index(min(dated))]
        for row in own:
            found.named[row], found.again[row] = 1, int(row != first)
        if len(own) > MOST:
            found.crowds.add(key[:2])
    if found.crowds:
        for row, key in enumerate(keys):
            if key is not None and key[:2] in found.crowds:
                found.named[row] = found.again[row] = 0
    return found


def mark_repeats(work: Work) -> None:
    """Adds to each application whether it is known whose it is, and whether it is the first of that person; nothing
    where the sheet has no persons or jobs, or where its rows cannot be told from stages of one application."""
    place, ids = work.layout.person, work.columns.get("application_id")
    if work.layout.table != "applications" or place is None or not {"source", "job"} <= set(work.columns):
        return
    if ids is None and (work.profile.events or "applied_at" not in work.columns):
        return
    distinct = {value: alike(value, work.profile.blanks) for value in set(work.cells(place))}
    sources, jobs = _written(work, "source"), _written(work, "job")
    told = ids if ids is not None else work.columns["applied_at"]
    keys: list[Key | None] = [None] * len(work.rows)
    for row, value in enumerate(work.cells(place)):
        who = distinct[value]
        if who is not None and told[row] is not None and row not in work.aside and _is_known(work, row):
            keys[row] = (sources[row], jobs[row], who)
    names = COHORT_DAYS if ids is not None else ("applied_at",)
    days = [work.columns[name] for name in names if name in work.columns]
    firsts = [next((int(str(own[row])) for own in days if own[row] is not None), None) for row in range(len(keys))]
    found = counted(keys, firsts, ids is not None)
    work.columns[NAMED], work.columns[AGAIN] = list(found.named), list(found.again)


def _is_known(work: Work, row: int) -> bool:
    return work.columns["source"][row] is not None and work.columns["job"][row] is not None


def _written(work: Work, name: str) -> Sequence[object]:
    """A column as the sheet has it; as it is read where it is made of others."""
    place = None if work.layout.named else work.layout.columns.get(name)
    return work.columns[name] if place is None else work.cells(place)
