"""The rows of a large plain file behind a subject: an engine is asked for them when somebody wants to see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rm_audit.days import Period
from rm_audit.profiles.model import Profile
from rm_audit.readers import FileRead
from rm_audit.rollups.duck import Duck
from rm_audit.rollups.plan import NotPlainError, Plan
from rm_audit.rollups.planning import Asked, on_plan

# Of a table, whether a text of a column belongs to the subject.
Belongs = Mapping[str, Mapping[str, Callable[[str], bool]]]


NOTHING_SET = Asked(None, b"", "")


@dataclass(frozen=True)
class RowsFound:
    """How many rows of a file belong to a subject, and the numbers of the first of them."""

    file: str
    table: str
    count: int
    first: Sequence[int]


def rows_of(
    file: FileRead,
    profiles: Sequence[Profile],
    belongs: Belongs,
    days: Period | None,
    most: int,
    asked: Asked = NOTHING_SET,
) -> RowsFound | None:
    """The rows whose texts belong, with their first day on the days that are given. None for a file that no engine
    reads, or that lacks one of the columns."""
    if file.whole is None or file.whole.kind == "kept":
        return None
    try:
        return on_plan(file, profiles, asked, lambda plan: _found(plan, belongs, days, most, asked.memory))
    except NotPlainError:
        return None


def _found(plan: Plan, belongs: Belongs, days: Period | None, most: int, memory: str) -> RowsFound | None:
    if not set(belongs.get(plan.table, {"": None})) <= set(plan.texts) or (days and not plan.days and not plan.span):
        return None
    if days and plan.span and plan.span[0] not in days:
        return RowsFound(plan.head.file, plan.table, 0, [])
    span = {plan.days[0]: (days.start, days.end)} if days and not plan.span else {}
    engine = Duck(plan, memory)
    try:
        named = {name: _written(engine, name, fits) for name, fits in belongs[plan.table].items()}
        count, rows = engine.rows_named(named, span, most)
    finally:
        engine.close()
    return RowsFound(plan.head.file, plan.table, count, rows)


def _written(engine: Duck, name: str, fits: Callable[[str], bool]) -> list[str]:
    """How the file writes what fits: what is one name in the report may be several spellings there."""
    return [written for written, text in engine.read(name).items() if text is not None and fits(text)]
