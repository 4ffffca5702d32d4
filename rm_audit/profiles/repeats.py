"""People who apply again: of the applications that name their person, job and source, which are not the first.

The same is counted of a large file inside an engine (`rollups/people.py`), so that whatever is compared here are texts
as they stand in the file, and whatever is made of them an engine makes alike. A person who comes through two
spellings, or in two files, is two: what is found is the least that there is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from rm_audit.profiles.cleaning import is_rounded, text_of
from rm_audit.profiles.private import nobody
from rm_audit.profiles.work import Work
from rm_audit.readers import Value
from rm_audit.readers.model import ERROR
from rm_audit.tables import COHORT_DAYS, WHOSE

# Judgement: who stands more often for one job and one source is no person, but what stands for several.
MOST = 20
BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001))))  # around a text; there are none further on
# Letters of which every engine knows the small one. A text with any other is compared as it is written: what the small
# form of a dotted I is, or of a sharp s, depends on who is asked.
NOT_FOLDED = "[^\x01-\x7fÀ-ÖØ-öø-įĲ-ňŊ-žЀ-џ]"
NO_ID = f"{ERROR.pattern.lower()}|[0-9][.,][0-9]+e[+][0-9][0-9]".replace("\\d", "[0-9]")  # the latter was rounded
_NOT_FOLDED = re.compile(NOT_FOLDED)
NO_DAY = 1 << 40  # after all days

Key: TypeAlias = tuple[object, object, str]  # source and job as written, and who


class Counted(NamedTuple):
    """Three figures of each row, 0 or 1: an application of which it is known whose it is; one of somebody who had
    applied before; one of which that is not clear. And the sources and jobs of which nothing is known."""

    figures: tuple[list[int], list[int], list[int]]
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
    text = value.strip()
    text = text.lower() if text.isascii() or not _NOT_FOLDED.search(text) else text
    if "@" in text[1:-1]:  # an address is neither of these, and most texts are addresses
        return text
    return None if not text or text in blanks or _no_person().search(text) else text


def counted(keys: Sequence[Key | None], days: Sequence[int], by_id: bool) -> Counted:
    """Rows by who applied where for what, with their days; a row without a key is one of which nothing is known.

    The first application is one of the first day. Without ids, rows of one day may be stages of one application: what
    they are is not clear.
    """
    named, again, unclear = [int(key is not None) for key in keys], [0] * len(keys), [0] * len(keys)
    seen: dict[Key, int] = {}
    groups: dict[Key, list[int]] = {}  # of those alone who stand in several rows
    for position, key in enumerate(keys):
        if key is not None and (first := seen.setdefault(key, position)) != position:
            groups.setdefault(key, [first]).append(position)
    for rows in groups.values():
        met: set[int] = set()
        for row in sorted(rows, key=days.__getitem__):
            if met:
                (again if by_id or days[row] not in met else unclear)[row] = 1
            met.add(days[row])
    crowds = {key[:2] for key, rows in groups.items() if len(rows) > MOST}
    for row in [row for row, key in enumerate(keys) if key is not None and key[:2] in crowds] if crowds else ():
        named[row] = again[row] = unclear[row] = 0
    return Counted((named, again, unclear), crowds)


def mark_repeats(work: Work) -> None:
    """Adds to each application whether it is known whose it is, and whether it is the first of that person; nothing
    where the sheet has no persons or jobs, or where neither an id nor a day tells their applications apart."""
    place, ids = work.layout.person, work.columns.get("application_id")
    if work.layout.table != "applications" or place is None or not {"source", "job"} <= set(work.columns):
        return
    told = ids if ids is not None else work.columns.get("applied_at")
    if told is None or (ids is None and work.profile.events):
        return
    cells, blanks = work.cells(place), work.profile.blanks
    people = {value: alike(value, blanks) for value in set(cells)}
    unknown = {*work.aside}
    for column in (told, work.columns["source"], work.columns["job"]):
        unknown |= {row for row, value in enumerate(column) if value is None} if None in column else set()
    whose = zip(_written(work, "source"), _written(work, "job"), map(people.__getitem__, cells), strict=True)
    keys = [None if key[2] is None or row in unknown else key for row, key in enumerate(whose)]
    found = counted(keys, _days(work, ids is not None), ids is not None)  # type: ignore[arg-type]  # a person is there
    work.columns |= zip(WHOSE, map(list, found.figures), strict=True)


def _days(work: Work, by_id: bool) -> list[int]:
    days: list[Any] = [None] * len(work.rows)
    for own in (work.columns[name] for name in days_of(by_id) if name in work.columns):
        days = [other if day is None else day for day, other in zip(days, own, strict=True)] if None in days else days
    return [NO_DAY if day is None else day for day in days]


def days_of(by_id: bool) -> Sequence[str]:
    """The days of an application of which the first that is known is its day."""
    return COHORT_DAYS if by_id else COHORT_DAYS[:1]


def _written(work: Work, name: str) -> Sequence[object]:
    """A column as the sheet has it; as it is read where it is made of others."""
    place = None if work.layout.named else work.layout.columns.get(name)
    return work.columns[name] if place is None else work.cells(place)
