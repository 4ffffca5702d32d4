"""Who applied where for what, as an engine sees it: a query of typed columns, in which a person is a text.

What makes two texts one person is what `profiles/repeats.py` makes of them, in words that all engines understand alike.
None of these rows leaves an engine but those of persons who also stand in rows that no engine should read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rm_audit.profiles.repeats import BLANKS, NO_DAY, NO_ID, NOT_FOLDED, Key, days_of, no_person
from rm_audit.rollups.plan import Plan
from rm_audit.rollups.sql import Dialect, bad, is_of, literal, place, shown

_PART = "\x1f"  # between the parts of a key; stands in no text that people write
_TEXTS = ("varchar", "string", "uuid")
_WHOLE = ("tinyint", "smallint", "integer", "int", "bigint", "utinyint", "usmallint", "uinteger", "ubigint", "hugeint")
_FLOAT = ("float", "double")


def says_who(plan: Plan) -> bool:
    """Whether rows say who applied for what, and an id or a day tells their applications apart."""
    needed = "application_id" if "application_id" in plan.columns else "applied_at"
    if plan.table != "applications" or plan.layout.person is None or not {needed, "job"} <= set(plan.columns):
        return False
    return "source" in {*plan.columns, *plan.constants}


def can_ask(plan: Plan, types: Mapping[str, str]) -> bool:
    """Whether what says who applied for what is written in ways that are compared alike here and where cells are
    read."""
    as_written = [place(plan.columns[name]) for name in ("source", "job") if name in plan.columns]
    ids = [place(at) for at in (who(plan), plan.columns.get("application_id")) if at is not None]
    return all(is_of(types[name], (*_TEXTS, *_WHOLE)) for name in as_written) and all(
        is_of(types[name], (*_TEXTS, *_WHOLE, *_FLOAT)) for name in ids
    )


def who(plan: Plan) -> int:
    """The place in the file of the column that tells persons apart."""
    return plan.block.column(plan.layout.person or 0) - 1


def applicants(plan: Plan, source: str, types: Mapping[str, str], dialect: Dialect) -> str:
    """A query of `source` and `job` as written, `day`, and `person`, of the rows that have the first two and are plain.
    The person is null where nobody knows whose application it is."""
    by_id = "application_id" in plan.columns
    days = [shown(name, plan, types, dialect) for name in plan_days(plan)]
    cells = {
        "source": shown("source", plan, types, dialect) if "source" in plan.columns else "''",
        "job": shown("job", plan, types, dialect),
        "day": f"cast(coalesce({', '.join([*days, str(NO_DAY)])}) as bigint)",
        "person": _bare(_text(place(who(plan)), types), dialect),
    }
    if by_id:
        cells["id"] = f"lower({_bare(_text(place(plan.columns['application_id']), types), dialect)})"
    inside = f"select {_as(cells)} from {source} where {bad(plan, types, dialect)} = 0"
    compared = {**{name: name for name in cells}, "person": _small("person", dialect)}
    middle = f"select {_as(compared)} from ({inside}) as cells where source is not null and job is not null"
    nothing = ", ".join(literal(text, dialect) for text in sorted({*plan.layout.profile.blanks, ""}))
    known = [] if by_id else [f"day < {NO_DAY}"]
    for name, pattern in [("person", no_person()), *([("id", f"^(?:{NO_ID})$")] if by_id else [])]:
        known += [f"{name} not in ({nothing})", f"not {dialect.odd.format(name, pattern)}"]
    columns = f"source, job, case when {' and '.join(known)} then person end as person, day"
    return f"select {columns} from ({middle}) as compared"


def _as(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{value} as {name}" for name, value in columns.items())


def plan_days(plan: Plan) -> list[str]:
    """The days of which the first that is known is that of an application."""
    return [name for name in days_of("application_id" in plan.columns) if name in plan.columns]


def of_keys(query: str, keys: Iterable[Key], dialect: Dialect, among: bool) -> str:
    """The rows of a query whose key is among some, or is not."""
    texts = ", ".join(literal(_PART.join(map(str, key)), dialect) for key in sorted(keys, key=str))
    part = literal(_PART, dialect)
    wanted = f"concat(source, {part}, job, {part}, person) {'in' if among else 'not in'} ({texts})"
    other = "" if among else "person is null or "
    return f"select * from ({query}) as asked where {other}(person is not null and {wanted})"


def _text(column: str, types: Mapping[str, str]) -> str:
    """An id as a text; null for a number of more digits than a number holds."""
    kind = types[column]
    if is_of(kind, _TEXTS):
        return f"cast({column} as string)"
    exact = f"abs({column}) < 1e15"
    whole = f"{exact} and {column} = floor({column})" if is_of(kind, _FLOAT) else exact
    return f"case when {whole} then cast(cast({column} as bigint) as string) end"


def _bare(text: str, dialect: Dialect) -> str:
    """A text without blanks around it. Those that have none are most, and are left as they are, which is quicker."""
    blank = f"left({text}, 1) <= ' ' or right({text}, 1) <= ' ' or bit_length({text}) <> 8 * length({text})"
    return f"case when {blank} then trim(both {literal(BLANKS, dialect)} from {text}) else {text} end"


def _small(name: str, dialect: Dialect) -> str:
    """A text in small letters, where all engines agree on them."""
    plainly = f"bit_length({name}) = 8 * length({name})"
    other = dialect.odd.format(name, NOT_FOLDED)
    return f"case when {plainly} then lower({name}) when {other} then {name} else lower({name}) end"
