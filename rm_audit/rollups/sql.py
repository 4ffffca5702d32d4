"""The bytes of a file as typed columns, in the words that DuckDB and Spark share.

Each canonical column becomes an integer or a text, and `bad` marks rows that hold a cell which is not written plainly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rm_audit.profiles.unspent import PLANNED, VOID
from rm_audit.rollups.marks import BAD, MONTH
from rm_audit.rollups.marks import VOID as VOID_MARK
from rm_audit.rollups.plan import OF_A_ROW, NotPlainError, Plan
from rm_audit.tables import MICROS

_MONEY = "decimal(18, 6)"  # what fits in 64 bits as micro-units; more is read cell by cell
_WHOLE = ("tinyint", "smallint", "integer", "int", "bigint", "utinyint", "usmallint", "uinteger", "long")
_FLOAT = ("float", "double", "real")
_TEXT = ("varchar", "string")
_TIMED = "^:[0-9][0-9](:[0-9][0-9]([.][0-9]+)?)?(Z|[+-][0-9][0-9]:?[0-9][0-9])?$"  # what follows the hour


@dataclass(frozen=True)
class Dialect:
    """What the two engines call differently. `day` counts the days of a date since 1970, `even` rounds a
    half to the even number, `odd` finds a pattern in a text."""

    quote: str
    day: str
    even: str
    odd: str


DUCKDB = Dialect('"', "({0} - date '1970-01-01')", "round_even({0}, 0)", "regexp_matches({0}, '{1}')")
SPARK = Dialect("`", "datediff({0}, date'1970-01-01')", "bround({0}, 0)", "{0} rlike '{1}'")
_LETTERS = "[eE_xXbB]"  # 1e5, 1_000 and 0x10 are numbers to an engine, and to nobody who reads the file
_THREE = "^-?[1-9][0-9]?[0-9]?[.][0-9][0-9][0-9]$"  # 1.234: what it is, is settled for the whole column


def place(number: int) -> str:
    """The name under which the column in a place of the file is read."""
    return f"c{number}"


def typed(plan: Plan, source: str, types: Mapping[str, str], dialect: Dialect) -> str:
    """A query of canonical columns, and of `bad`. Each cell is made a value once, inside, and used several times."""
    inside = {name: _value(name, plan, types[place(at)], dialect) for name, at in plan.columns.items()}
    inside = {name: value for name, value in inside.items() if name not in OF_A_ROW}
    made = {name: f"v{place(plan.columns[name])}" for name in inside}
    mark = dialect.quote  # a column is called end, which is a word of SQL
    columns = [f"{_shown(made[name], plan.kinds[name], dialect)} as {mark}{name}{mark}" for name in inside]
    if plan.table == "spend" and len(plan.days) == 1:
        columns.append(f"(year({made['start']}) * 12 + month({made['start']}) - 1) as {MONTH}")
    values = ", ".join(f"{value} as {made[name]}" for name, value in inside.items())
    rows = f"(select *, {values} from {source}) as made"
    return f"select {', '.join(columns)}, {_bad(plan, types, dialect, made)} as {BAD} from {rows}"


def shown(name: str, plan: Plan, types: Mapping[str, str], dialect: Dialect) -> str:
    """The value of a column as an integer or a text."""
    value = _value(name, plan, types[place(plan.columns[name])], dialect)
    return _shown(value, plan.kinds[name], dialect)


def bad(plan: Plan, types: Mapping[str, str], dialect: Dialect) -> str:
    """Whether a row must be read cell by cell: 0 or 1; 2 where a word says that it may be no spend."""
    values = {name: _value(name, plan, types[place(at)], dialect) for name, at in plan.columns.items()}
    return _bad(plan, types, dialect, values)


def _bad(plan: Plan, types: Mapping[str, str], dialect: Dialect, values: Mapping[str, str]) -> str:
    wrong = []
    for name, at in plan.columns.items():
        kind, column = plan.kinds[name], place(at)
        if kind == "text":
            continue
        optional = kind == "count" or (kind == "day" and name != "start")
        wrong.append(f"({column} is not null and {values[name]} is null)" if optional else f"{values[name]} is null")
        if _is(types[column], _TEXT) and kind == "count":
            looked = dialect.odd.format(column, f"{_LETTERS}|{_THREE}")
            wrong.append(f"case when {_as_long(column, values[name])} then false else {looked} end")
        elif _is(types[column], _TEXT) and kind == "money":
            wrong += [f"contains({column}, '{letter}')" for letter in "eE_"]
            if not plan.settled:
                wrong.append(f"(contains({column}, '.') and {dialect.odd.format(column, _THREE)})")
    keys = [place(plan.columns[name]) for name in plan.texts if name != "currency"]
    if keys:
        wrong.append(f"coalesce({', '.join(_as_text(key, types[key]) for key in keys)}) is null")
    odd = f"case when {' or '.join(wrong)} then 1 else 0 end"
    words = ", ".join(f"'{word}'" for word in sorted(PLANNED | VOID))
    void = [f"lower(trim({place(at)})) in ({words})" for at in plan.words if _is(types[place(at)], _TEXT)]
    return f"({odd} + case when {' or '.join(void)} then {VOID_MARK} else 0 end)" if void else f"({odd})"


def _as_long(column: str, value: str) -> str:
    """Whether a text has as many characters as its number has digits: then it holds nothing else, and no pattern needs
    to be looked for, which costs five times as much."""
    digits = " ".join(f"when {value} < {10**size} then {size}" for size in range(1, 5))
    return f"({value} is null or length({column}) = case {digits} else length(cast({value} as string)) end)"


def _shown(value: str, kind: str, dialect: Dialect) -> str:
    return f"cast({dialect.day.format(value)} as bigint)" if kind == "day" else value


def _is(kind: str, kinds: Sequence[str]) -> bool:
    return kind.lower().split("(")[0] in kinds


def _as_text(column: str, kind: str) -> str:
    return column if _is(kind, _TEXT) else f"cast({column} as string)"


def _value(name: str, plan: Plan, kind: str, dialect: Dialect) -> str:
    column = place(plan.columns[name])
    wanted = plan.kinds[name]
    if wanted == "text":
        if _is(kind, _FLOAT) or _is(kind, ("boolean", "blob", "binary")):
            raise NotPlainError(f"the column of {name} holds numbers")
        return _as_text(column, kind)
    if wanted == "day":
        return _day(column, kind, dialect)
    factor = MICROS if wanted == "money" else 1
    if _is(kind, _TEXT):
        number = f"try_cast({column} as {_MONEY if wanted == 'money' else 'bigint'})"
        return f"cast({number} * {factor} as bigint)" if factor > 1 else number
    if _is(kind, _WHOLE):
        return f"cast({column} as bigint) * {factor}" if factor > 1 else f"cast({column} as bigint)"
    if _is(kind, _FLOAT):
        return f"try_cast({dialect.even.format(f'cast({column} as double) * {factor}')} as bigint)"
    if _is(kind, ("decimal",)):
        return f"cast(try_cast({column} as {_MONEY}) * {factor} as bigint)"
    raise NotPlainError(f"the column of {name} holds no numbers")


def _day(column: str, kind: str, dialect: Dialect) -> str:
    if _is(kind, _TEXT):
        marked = f"substring({column}, 5, 1) in ('-', '/', '.')"  # 12025-01-1 is a day to an engine, and 2025 01 05
        timed = f"substring({column}, 11, 1) in (' ', 'T') and substring({column}, 14, 1) = ':'"
        wanted = (
            f"{marked} and {column} >= '1' and (length({column}) = 10 or ({timed} and {_is_time(column, dialect)}))"
        )
        other = f"case when {wanted} then try_cast(substring({column}, 1, 10) as date) end"
        usual = f"length({column}) = 10 and substring({column}, 5, 1) = '-' and {column} >= '1'"
        return f"case when {usual} then try_cast({column} as date) else {other} end"
    if _is(kind, ("date",)) or kind.lower().startswith("timestamp"):
        return f"cast({column} as date)"
    raise NotPlainError("the column of days holds no days")


def _is_time(column: str, dialect: Dialect) -> str:
    """Whether what follows the day is a time that everybody reads: the engines let more pass."""
    known = f"try_cast({column} as timestamp) is not null"
    plainly = f"length({column}) = 16 or (length({column}) = 19 and substring({column}, 17, 1) = ':')"
    return f"{known} and ({plainly} or {dialect.odd.format(f'substring({column}, 14)', _TIMED)})"
