"""A large plain file of applications, rolled up: rows that are alike in every word and day are one, with how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from rm_audit.cells import letters
from rm_audit.errors import Problem
from rm_audit.profiles.model import Extract, SetAside
from rm_audit.profiles.stages import EARLIER, HISTORY, said_of_history, unknown_stages
from rm_audit.rollups.asking import says_who
from rm_audit.rollups.beside import check_order
from rm_audit.rollups.engines import Engine
from rm_audit.rollups.odd import OF_THE_HEAD, OddRow, about_head, read_odd
from rm_audit.rollups.people import Applied, with_repeats
from rm_audit.rollups.plan import NotPlainError, Plan, WrittenError
from rm_audit.rollups.shape import canonical
from rm_audit.tables import COUNT, WHOSE
from rm_audit.words import stacked

_OF_A_PERSON = ["person", "application_id"]  # what tells rows apart, and no measure asks for


def check_ids(engine: Engine, plan: Plan) -> None:
    """Raises NotPlainError for ids that a spreadsheet has rounded, and WrittenError where an application stands in
    several rows: in a copy it has one."""
    twice, rounded = engine.ids("application_id") if "application_id" in plan.columns else (False, False)
    if rounded:
        raise NotPlainError("ids that a spreadsheet has rounded")
    if twice:
        raise WrittenError("applications that stand in several rows")


def sheet_of_applications(
    plan: Plan,
    groups: pd.DataFrame,
    odd: Sequence[OddRow],
    count: int,
    applied: Applied | None,
) -> Extract:
    """The rolled-up rows and those that were read cell by cell, as one sheet."""
    head, problems = plan.head, about_head(plan.head.problems)
    aside: Sequence[SetAside] = []
    rows = None
    if odd:
        check_order(plan, odd)
        read = read_odd(plan, odd, count)
        aside, rows = read.set_aside, read.frames["applications"]
        problems += [one for one in read.problems if one.code not in (*OF_THE_HEAD, "unknown-stages")]
        if applied is None:
            rows = rows.drop(columns=list(WHOSE), errors="ignore")
    if applied is not None:
        groups = with_repeats(plan, applied, groups, rows)
    frame = canonical(groups, plan)
    if rows is not None:
        rows = rows.drop(columns=_OF_A_PERSON, errors="ignore")
        frame = stacked([frame, rows.assign(**{COUNT: 1})])
    if len(plan.earlier.rows):
        aside = [SetAside(0, EARLIER, rows=len(plan.earlier.rows)), *aside]
        problems += [_history(plan)] if plan.earlier.applications else []
    if applied is None and says_who(plan):
        problems.append(_not_asked(plan))
    return replace(
        head,
        frames={"applications": frame},
        rows_read=count,
        set_aside=sorted(aside, key=lambda item: item.row),
        problems=[*problems, *_stages(plan, frame)],
    )


def _history(plan: Plan) -> Problem:
    words, help = said_of_history(plan.earlier.applications, len(plan.earlier.rows))
    cell = f"{letters(plan.columns['application_id'] + 1)}{plan.skip}"
    return Problem("info", HISTORY, words, help, plan.head.file, "", cell)


def _not_asked(plan: Plan) -> Problem:
    words = "who applied again is not known: people could not be told apart where the rows were added up"
    help = "rm-audit analyze --engine cells reads every cell, and takes longer; or give --memory more."
    return Problem("info", "repeats-unknown", words, help, plan.head.file, "")


def _stages(plan: Plan, frame: pd.DataFrame) -> list[Problem]:
    if "stage" not in frame:
        return []
    counts = frame.groupby("stage", sort=True)[COUNT].sum()
    said = unknown_stages(Counter(dict(zip(map(str, counts.index), counts.tolist(), strict=True))), plan.layout.profile)
    return [Problem(said.level, "unknown-stages", said.message, said.help, plan.head.file, "")] if said else []
