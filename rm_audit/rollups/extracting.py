"""A large plain file → one recognised sheet, as the ordinary way would give it, with its rows rolled up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from rm_audit.days import Period
from rm_audit.profiles.amounts import is_blank
from rm_audit.profiles.cleaning import is_rounded
from rm_audit.profiles.model import Extract, Profile
from rm_audit.profiles.private import looks_personal
from rm_audit.progress import tell
from rm_audit.readers import FileRead, Value, is_error
from rm_audit.readers.cluster import rows_at
from rm_audit.readers.problems import row_cut_off
from rm_audit.readers.whole import parquet_rows, unpacked_size
from rm_audit.rollups.applications import check_ids, sheet_of_applications
from rm_audit.rollups.beside import (
    check_span,
    check_steps,
    check_words,
    without_empty,
)
from rm_audit.rollups.engines import Engine, answering, engine_of
from rm_audit.rollups.foot import FOOT, foot_of, has_foot
from rm_audit.rollups.lines import is_cut_off
from rm_audit.rollups.marks import MARK, ODD, ROWS
from rm_audit.rollups.people import ask
from rm_audit.rollups.plan import NotPlainError, Plan
from rm_audit.rollups.planning import Asked, on_plan
from rm_audit.rollups.shape import (
    frame_of,
    named_totals,
    of_one_weekday,
    plain_rows,
    texts_of,
)
from rm_audit.rollups.spend import Beside, currencies_that_differ, sheet_of_spend
from rm_audit.rollups.unspent import Called, are_marked, called

# Up to so many rows every day is kept, above it every month: a row a day and requisition would be all rows again.
# Judgement. A month's money is then as old as its last day: it is never called late too early.
DAYS_UP_TO = 300_000


@dataclass(frozen=True)
class RolledUp:
    """A file as an engine read it: its sheet, the rows that it stands for (first and last), which engine it was, and
    whether it kept of each day no more than its month."""

    extract: Extract
    rows: tuple[int, int]
    engine: str
    monthly: bool = False


def roll_up(
    file: FileRead, profiles: Sequence[Profile], period: Period | None, key: bytes, engine: str, memory: str
) -> list[RolledUp]:
    """The file rolled up; nothing where an engine cannot: then it is read the ordinary way."""
    try:
        with answering(engine):
            return [on_plan(file, profiles, Asked(period, key, memory), lambda plan: _rolled(plan, engine, memory))]
    except NotPlainError as error:
        tell(f"Reading {file.source.file} cell by cell: {error}")
        return []


def _rolled(plan: Plan, name: str, memory: str, found: Sequence[Called] | None = None) -> RolledUp:
    """`found` are the rows that words call something, where that is known: the plan marks those that are no spend."""
    engine = engine_of(name, plan, memory)
    try:
        check_ids(engine, plan)
        groups = [_groups(engine, plan)]  # there may be millions: whoever takes them apart has them alone
        missed = _blanks(groups[0], plan)
        if missed:  # a row whose every word is one may be a total
            plan = replace(plan, blanks=sorted({*plan.blanks, *missed}))
        elif found is None and plan.table == "spend":
            plan, found = called(plan, groups[0], memory, engine.broken)
        if not missed and are_marked(groups[0], found or ()):
            return _summed(plan, engine, groups.pop(), found or ())
    finally:
        engine.close()
    groups.clear()
    return _rolled(plan, name, memory, found)


def _summed(plan: Plan, engine: Engine, groups: pd.DataFrame, words: Sequence[Called]) -> RolledUp:
    _check_people(groups, plan)
    monthly = "first" in groups
    if plan.table == "spend":
        check_words(groups, plan, engine.last_rows)
    named = named_totals(groups, plan) if plan.table == "spend" else {}
    count = int(groups[ROWS].sum()) + len(plan.earlier.rows)
    has_odd = bool(named) or bool((groups[MARK] & ODD).any())
    said = currencies_that_differ(groups, plan)
    every_plain = plain_rows(groups, named, ODD)
    groups = plain_rows(every_plain, {})  # one name for both: there may be millions, and they go as soon as they can
    check_steps(every_plain, groups, plan)
    check_span(groups, plan)
    del every_plain
    odd = engine.odd_rows(named) if has_odd else []
    broken = engine.broken
    every = sorted([*odd, *broken], key=lambda item: item.row)
    last = plan.skip + count + len(broken)
    if not count:
        raise NotPlainError("no whole row that an engine finds, though there are some")
    foot = foot_of(engine.last_rows(FOOT), every) if plan.table == "spend" and has_foot(every, last) else []
    applied = ask(engine, plan, every)
    engine.close()  # there may be millions of groups, and what it holds is as much again
    beside = without_empty(plan, every, last)
    cut = is_cut_off(plan, {item.row: len(item.cells) for item in broken}, last)
    count += len(broken) - (len(every) - len(beside))
    if plan.table == "applications":
        found = sheet_of_applications(plan, groups, beside, count, applied)
    else:
        found = sheet_of_spend(plan, groups, Beside(beside, foot, named, words), count, said)
    if cut:
        found = replace(found, problems=[replace(row_cut_off(last), file=plan.head.file), *found.problems])
    return RolledUp(found, (plan.skip + 1, plan.skip + count), engine.name, monthly)


def _groups(engine: Engine, plan: Plan) -> pd.DataFrame:
    """By month where the file is long; but a week may lie in two months, so what is all of one weekday stays days."""
    days = plan.table == "spend" and len(plan.days) == 1 and not plan.weeks
    long = days and _is_long(plan)
    groups = frame_of(engine.groups(long))
    if days and long != (int(groups[ROWS].sum()) > DAYS_UP_TO):  # a guess by the size of the file
        long = not long
        del groups  # there may be many
        groups = frame_of(engine.groups(long))
    if not long or not of_one_weekday(plain_rows(groups, {})):
        return groups
    del groups
    return frame_of(engine.groups(False))


def _is_long(plan: Plan) -> bool:
    """Whether the days within a month are let go, by the size of the file and the length of its first rows."""
    if plan.whole.kind == "spark":
        return int(rows_at(plan.whole.address).count()) > DAYS_UP_TO
    if plan.whole.kind == "parquet":
        return parquet_rows(plan.whole.path) > DAYS_UP_TO
    rows = plan.block.rows[plan.layout.header_row + 1 :]
    width = sum(len(str(cell)) + 1 for row in rows for cell in row if cell is not None) / max(len(rows), 1)
    return unpacked_size(plan.whole.path) > DAYS_UP_TO * width


def _blanks(groups: pd.DataFrame, plan: Plan) -> set[str]:
    """Texts that mean no value, and which the first rows did not have."""
    blanks, known = plan.layout.profile.blanks, set(plan.blanks)
    texts = {text for name in plan.texts for text in texts_of(groups, name) if is_blank(text, blanks)} - known
    return {text for text in texts if not is_error(text)}


def _check_people(groups: pd.DataFrame, plan: Plan) -> None:
    for name in plan.texts:
        texts = texts_of(groups, name)
        if looks_personal(texts) not in (None, "names"):
            raise NotPlainError(f"the column of {name} is about people")
        if name.endswith(("_id", "job")) and any(map(is_rounded, _as_held(plan, name, texts))):
            raise NotPlainError("ids that a spreadsheet has rounded")


def _as_held(plan: Plan, name: str, texts: Sequence[str]) -> Sequence[Value]:
    """Ids as the file holds them, for a number of more than 15 digits is no sure id: as numbers in Parquet."""
    place = plan.columns[name] - plan.block.left
    cells = [row[place] for row in plan.block.rows[plan.layout.header_row + 1 :] if place < len(row)]
    numbers = plan.whole.kind == "parquet" and any(isinstance(cell, int) for cell in cells)
    return [int(text) if numbers and text.lstrip("-").isdecimal() else text for text in texts]
