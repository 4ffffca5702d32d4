"""Who applies again, of a large file: what an engine counted, and the rows beside it that were read cell by cell.

A person may stand on both sides. The engine leaves such persons out and hands over the days of their applications, and
they are counted here, as they are counted in a file that is read cell by cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.profiles.repeats import MOST, NO_DAY, Key, alike, counted
from rm_audit.rollups.asking import plan_days, says_who, who
from rm_audit.rollups.engines import Engine
from rm_audit.rollups.marks import CROWD, EACH, FIRST, ROWS
from rm_audit.rollups.odd import OddRow, cell_of
from rm_audit.rollups.plan import Plan
from rm_audit.tables import AGAIN, NAMED, ROW, UNCLEAR, WHOSE

MOST_BESIDE = 10_000  # persons of rows beside the engine; judgement: with more the figure is unknown
NOBODY = "nobody"  # applications of which nobody knows whose they are
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Applied:
    """What an engine counted: `groups` by source and job as written and by day, where there is more to say than that
    each application is another person's first. `days` are those of the applications of people who also stand in rows
    beside it, and `beside` says who stands in those, by the number of the row."""

    groups: pd.DataFrame
    days: Sequence[tuple[Key, int]]
    beside: Mapping[int, Key]


def ask(engine: Engine, plan: Plan, rows: Sequence[OddRow]) -> Applied | None:
    """Asks the engine; `rows` are read cell by cell. None where the file does not say who applied, where the rows
    beside the engine are too many or have no numbers, and where memory does not suffice."""
    if not says_who(plan):
        return None
    beside = {row.row: key for row in rows if (key := _key(plan, row)) is not None}
    keys = set(beside.values())
    if len(keys) > MOST_BESIDE or (keys and plan.whole.kind == "spark"):
        return None
    found = engine.repeated(keys)
    if found is None:
        return None
    days = [((source, job, person), day) for source, job, person, day in engine.applied(keys)]
    return Applied(_groups(found, "application_id" in plan.columns), days, beside)


def _groups(found: Mapping[str, NDArray[Any]], by_id: bool) -> pd.DataFrame:
    """What an engine counted as what it means. Without ids, further applications of a day are not clear."""
    texts = {name: np.asarray(found[name], dtype=object) for name in ("source", "job")}
    numbers = ("day", ROWS, NAMED, FIRST, EACH, CROWD)
    day, rows, named, first, each, crowd = (np.ma.getdata(found[name]).astype(np.int64) for name in numbers)
    again = (named if by_id else each) - first
    figures = {NOBODY: rows - named, AGAIN: again, UNCLEAR: named - first - again}
    return pd.DataFrame({**texts, "day": day, CROWD: crowd, **figures})


def _key(plan: Plan, row: OddRow) -> Key | None:
    """Source, job and person of a row as an engine would have them; None where one is missing."""
    person = alike(cell_of(row, who(plan)), plan.layout.profile.blanks)
    source = cell_of(row, plan.columns["source"]) if "source" in plan.columns else ""
    job = cell_of(row, plan.columns["job"])
    return None if person is None or source is None or job is None else (str(source), str(job), person)


def with_repeats(plan: Plan, applied: Applied, rows: pd.DataFrame, read: pd.DataFrame | None) -> pd.DataFrame:
    """The rolled-up rows with the figures of each source, job and day on the first of its rows. Those that were read
    cell by cell, where there are any, get theirs in place."""
    groups, crowds = applied.groups, set(_pairs(applied.groups[applied.groups[CROWD] > MOST]))
    if read is not None:
        more, found = _count_beside(plan, applied, read)
        groups, crowds = pd.concat([groups, more], ignore_index=True), crowds | found
        lost = [applied.beside.get(row, (None, None))[:2] in crowds for row in read[ROW].tolist()]
        read.loc[lost, list(WHOSE)] = 0
    figures = _on_first_rows(plan, groups, rows)
    if crowds:
        own, crowded = _places(plan, rows, pd.DataFrame(sorted(crowds, key=str), columns=["source", "job"]))
        for column in figures:
            column[np.isin(own, crowded)] = 0
    return rows.assign(**dict(zip(WHOSE, figures, strict=True)))


def _pairs(groups: pd.DataFrame) -> list[tuple[object, object]]:
    return list(zip(groups["source"].tolist(), groups["job"].tolist(), strict=True))


def _count_beside(plan: Plan, applied: Applied, read: pd.DataFrame) -> tuple[pd.DataFrame, set[tuple[object, object]]]:
    """Counts those who stand in rows beside the engine wherever they stand, and gives what is to be added to the
    engine's groups, and the sources and jobs with a crowd."""
    by_id = "application_id" in plan.columns
    told = read[["application_id" if by_id else "applied_at", "source", "job"]].notna().all(axis=1)
    own = [applied.beside.get(row) if ok else None for row, ok in zip(read[ROW].tolist(), told, strict=True)]
    keys = [*own, *(key for key, _ in applied.days)]
    days = [*_first_days(read, plan_days(plan)).tolist(), *(day for _, day in applied.days)]
    found = counted(keys, days, by_id)
    for name, figures in zip(WHOSE, found.figures, strict=True):
        read[name] = figures[: len(own)]
    data = {
        "source": [str(key[0]) for key, _ in applied.days],
        "job": [str(key[1]) for key, _ in applied.days],
        "day": days[len(own) :],
    }
    named, again, unclear = (figures[len(own) :] for figures in found.figures)
    nobody = [1 - one for one in named]
    return pd.DataFrame({**data, NOBODY: nobody, AGAIN: again, UNCLEAR: unclear}), found.crowds


def _first_days(rows: pd.DataFrame, names: Sequence[str]) -> Ints:
    day = np.full(len(rows), NO_DAY, dtype=np.int64)
    for name in reversed(names):
        own = rows[name].to_numpy(dtype=np.int64, na_value=NO_DAY)
        day = np.where(own == NO_DAY, day, own) if name != names[-1] else own
    return day


def _keyed(plan: Plan, rows: pd.DataFrame) -> pd.DataFrame:
    """The rolled-up rows by source and job as written; a source that is the same in all has no column."""
    return rows if "source" in plan.columns else rows.assign(source=pd.Categorical([""] * len(rows)))


def _on_first_rows(plan: Plan, groups: pd.DataFrame, rows: pd.DataFrame) -> list[NDArray[np.int32]]:
    """The figures of each rolled-up row: those of its source, job and day on the first that has them. Where nothing is
    said of these, each application is another person's first."""
    own, there = _kinds(plan, rows, groups)
    kinds, group = np.unique(there, return_inverse=True)
    at = np.searchsorted(kinds, own)
    at[at == len(kinds)] = 0
    told = np.flatnonzero(kinds[at] == own) if len(kinds) else np.empty(0, dtype=np.int64)
    kind = at[told]
    del own, at  # of all rows, as are those that follow
    counts = rows[ROWS].to_numpy(dtype=np.int32).copy()
    first = np.zeros(len(kinds), dtype=np.int64)
    first[kind[::-1]] = told[::-1]
    again, unclear = (np.zeros(len(rows), dtype=np.int32) for _ in range(2))
    for figures, name in ((again, AGAIN), (unclear, UNCLEAR)):
        np.add.at(figures, first[group], groups[name].to_numpy(dtype=np.int32))
    nobody = np.zeros(len(kinds), dtype=np.int64)
    np.add.at(nobody, group, groups[NOBODY].to_numpy(dtype=np.int64))
    sums = np.bincount(kind, counts[told], minlength=len(kinds)).astype(np.int64) - nobody
    counts[told[nobody[kind] > 0]] = 0
    counts[first[nobody > 0]] = sums[nobody > 0]
    return [counts, again, unclear]


def _kinds(plan: Plan, rows: pd.DataFrame, groups: pd.DataFrame) -> tuple[Ints, Ints]:
    """A number for each source, job and day: of the rolled-up rows, and of the engine's groups."""
    own, there = _first_days(rows, plan_days(plan)), groups["day"].to_numpy(dtype=np.int64)
    dated = [days[days != NO_DAY] for days in (own, there)]
    low = min((int(days.min()) for days in dated if len(days)), default=0)
    after = max((int(days.max()) for days in dated if len(days)), default=0) + 1
    found = []
    for pairs, days in zip(_places(plan, rows, groups), (own, there), strict=True):
        pairs *= after - low + 1  # in place: there may be many rows
        pairs += np.minimum(days, after) - low
        found.append(pairs)
    return found[0], found[1]


def _places(plan: Plan, rows: pd.DataFrame, groups: pd.DataFrame) -> tuple[Ints, Ints]:
    """A number for each source and job as written: of the rolled-up rows, and of some groups."""
    keyed = _keyed(plan, rows)
    own, there = np.zeros(len(rows), dtype=np.int64), np.zeros(len(groups), dtype=np.int64)
    for name in ("source", "job"):
        known = keyed[name].cat
        of_groups = known.categories.get_indexer(pd.Index(groups[name].astype(object)))
        for numbers, codes in ((own, known.codes.to_numpy()), (there, of_groups)):
            numbers *= len(known.categories) + 1
            numbers += codes
            numbers += 1
    return own, there
