"""The bytes of a file as typed columns, in the words that DuckDB and Spark share.

Each canonical column becomes an integer or a text, and `bad` marks rows that hold a cell which is not written plainly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rm_audit.days import EARLIEST, LATEST, from_day
from rm_audit.profiles.amounts import MOST
from rm_audit.profiles.headers import plain
from rm_audit.profiles.unspent import PAYMENT, PLANNED, VOID, words_of_credits
from rm_audit.rollups.marks import BAD, MONTH
from rm_audit.rollups.marks import VOID as VOID_MARK
from rm_audit.rollups.plan import OF_A_ROW, NotPlainError, Plan
from rm_audit.rollups.written import COMMA, Written
from rm_audit.tables import MICROS

_MONEY = "decimal(18, 6)"  # what fits in 64 bits as micro-units
_LARGE = 1 << 51  # two thousand millions: so many micro-units a floating number holds; more is read cell by cell
_WHOLE = ("tinyint", "smallint", "integer", "int", "bigint", "utinyint", "usmallint", "uinteger", "long")
_FLOAT = ("float", "double", "real")
_TEXT = ("varchar", "string")
_CONTROLS = (*range(9, 14), *range(28, 32))  # which are blanks
_BLANKS = " || ".join(
    [f"'{''.join(filter(str.isspace, map(chr, range(32, 0x3001))))}'", *(f"chr({code})" for code in _CONTROLS)]
)
_SHORT = "^[1-9][0-9][0-9][0-9]-[0-9][0-9]?-[0-9][0-9]?$"  # 2026-3-1 is a day too
_TIMED = "^:[0-9][0-9](:[0-9][0-9]([.][0-9]+)?)?(Z|[+-][0-9][0-9]:?[0-9][0-9])?$"  # what follows the hour


@dataclass(frozen=True)
class Dialect:
    """What the two engines call differently. `day` counts the days of a date since 1970, `whole` makes a floating
    number a whole one, and a half the even one, `odd` finds a pattern in a text, `bytes` counts those of a text."""

    quote: str
    day: str
    whole: str
    odd: str
    bytes: str


_SINCE_1970 = ("({0} - date '1970-01-01')", "datediff({0}, date'1970-01-01')")
_WHOLE_NUMBER = ("try_cast({0} as bigint)", "try_cast(bround({0}, 0) as bigint)")
DUCKDB = Dialect('"', _SINCE_1970[0], _WHOLE_NUMBER[0], "regexp_matches({0}, '{1}')", "strlen({0})")
SPARK = Dialect("`", _SINCE_1970[1], _WHOLE_NUMBER[1], "{0} rlike '{1}'", "octet_length({0})")
# The first of them is what a clock shows that stands at nothing.
_CREDIBLE = f"between date '{from_day(EARLIEST + 1)}' and date '{from_day(LATEST)}'"
_LETTERS = "[eE_xXbB]"  # 1e5, 1_000 and 0x10 are numbers to an engine, and to nobody who reads the file
_THREE = "^-?[1-9][0-9]?[0-9]?[.][0-9][0-9][0-9]$"  # 1.234: what it is, is settled for the whole column


def place(number: int) -> str:
    """The name under which the column in a place of the file is read."""
    return f"c{number}"


def typed(plan: Plan, source: str, types: Mapping[str, str], dialect: Dialect, more: Sequence[str] = ()) -> str:
    """A query of canonical columns, of `bad`, and of `more` columns as they are. Each cell is made a value once,
    inside, and used several times."""
    inside = {name: _value(name, plan, types[place(at)], dialect) for name, at in plan.columns.items()}
    inside = {name: value for name, value in inside.items() if name not in OF_A_ROW}
    made = {name: f"v{place(plan.columns[name])}" for name in inside}
    mark = dialect.quote  # a column is called end, which is a word of SQL
    columns = [f"{_shown(made[name], plan.kinds[name], dialect)} as {mark}{name}{mark}" for name in inside]
    if plan.table == "spend" and len(plan.days) == 1:
        columns.append(f"cast(year({made['start']}) * 12 + month({made['start']}) - 1 as int) as {MONTH}")
    values = ", ".join(f"{value} as {made[name]}" for name, value in inside.items())
    rows = f"(select *, {values} from {source}) as made"
    return f"select {', '.join([*columns, *more])}, {_bad(plan, types, dialect, made)} as {BAD} from {rows}"


def shown(name: str, plan: Plan, types: Mapping[str, str], dialect: Dialect) -> str:
    """The value of a column as an integer or a text."""
    value = _value(name, plan, types[place(plan.columns[name])], dialect)
    return _shown(value, plan.kinds[name], dialect)


def bad(plan: Plan, types: Mapping[str, str], dialect: Dialect) -> str:
    """Whether a row must be read cell by cell: 0 or 1; 2 where a word says that it may be no spend."""
    values = {name: _value(name, plan, types[place(at)], dialect) for name, at in plan.columns.items()}
    return _bad(plan, types, dialect, values)


def _bad(plan: Plan, types: Mapping[str, str], dialect: Dialect, values: Mapping[str, str]) -> str:
    """Nearly every row is written as everybody writes, which costs little to see. Only in the others each cell is
    looked at for what it may be."""
    plainly, wrong = [], []
    for name, at in plan.columns.items():
        kind, column = plan.kinds[name], place(at)
        if kind == "text":
            continue
        optional = kind == "count" or (kind == "day" and name != "start")
        found = _wrong(plan, kind, column, types[column], dialect)
        wrong += [f"({column} is not null and {values[name]} is null)" if optional else f"{values[name]} is null"]
        wrong += found
        if kind == "count":  # a correction, which is rare: sums of one sign are exact however they are added up
            wrong.append(f"{values[name]} not between 0 and {MOST}")
        if kind == "money":
            wrong.append(f"abs({values[name]}) >= {_LARGE}")
        if kind == "day":
            wrong.append(f"{values[name]} not {_CREDIBLE}")
        usual = _usual(plan, kind, column, values[name], dialect) if found else _given(kind, values[name])
        plainly.append(f"({column} is null or ({usual}))" if optional else f"({usual})")
    keys = [values[name] for name in plan.texts if name != "currency"]
    if keys:
        texts = f"coalesce({', '.join(keys)})"
        plainly, wrong = [*plainly, f"{texts} is not null"], [*wrong, f"{texts} is null"]
    odd = f"case when {' and '.join(plainly)} then 0 when {' or '.join(wrong)} then 1 else 0 end"
    void = [may_say(plan, at, dialect) for at in plan.words if is_of(types[place(at)], _TEXT)]
    void += [is_one_of(place(at), texts, dialect) for at, texts in plan.unspent.items()]
    return f"({odd} + case when {' or '.join(void)} then {VOID_MARK} else 0 end)" if void else f"({odd})"


def _wrong(plan: Plan, kind: str, column: str, held: str, dialect: Dialect) -> list[str]:
    """What is no value that everybody reads, though the engine reads one. Nothing for cells that have a type."""
    if not is_of(held, _TEXT):
        return []
    if kind == "day":
        ordered = dialect.odd.format(column, plan.written.pattern) if plan.written.order else ""
        return [f"not ({ordered or _is_day(column, dialect)})"]
    mark = plan.written.thousands(kind)
    if kind == "money" and plan.written.comma:
        return [f"not {_fits(COMMA, plan, kind, column, dialect)}"]
    if kind == "count":
        pattern = _LETTERS if mark == "." else f"{_LETTERS}|{_THREE if plan.written.decimals else '[.]'}"
    else:
        pattern = "[eE_]" if plan.settled else f"[eE_]|{_THREE}"
    found = [dialect.odd.format(column, pattern)]
    if mark:  # it may stand elsewhere than between thousands
        found.append(f"(contains({column}, '{mark}') and not {dialect.odd.format(column, plan.written.parted(kind))})")
    return found


def _fits(pattern: str, plan: Plan, kind: str, column: str, dialect: Dialect) -> str:
    """Whether a text fits a pattern, or has its thousands parted."""
    every = f"{pattern}|{plan.written.parted(kind)}" if plan.written.thousands(kind) else pattern
    return dialect.odd.format(column, every)


def _usual(plan: Plan, kind: str, column: str, value: str, dialect: Dialect) -> str:
    """Whether a cell is a value as nearly all are written: it says nothing of the others."""
    if kind == "day" and plan.written.order:
        return f"{_given(kind, value)} and {dialect.odd.format(column, plan.written.pattern)}"
    if kind == "day":  # an engine reads 2025 01 05 too
        return f"{_given(kind, value)} and {dialect.bytes.format(column)} = 10 and contains({column}, '-')"
    mark = plan.written.thousands(kind)
    if kind == "count":
        found = _is_long(column, value, dialect)  # of six digits at most
        if mark:
            found = f"({found} or ({value} <= {MOST} and {dialect.odd.format(column, plan.written.parted(kind))}))"
        return f"{value} >= 0 and {found}"
    if plan.written.comma:
        return f"{_given(kind, value)} and {_fits(COMMA, plan, kind, column, dialect)}"
    digits = "^-?[0-9]+([.][0-9]*)?$" if plan.settled else "^-?[0-9]+$"
    # Two characters before the point and two after it have no room for 1_0.5 or 1e1. and cost half as much to see; 1.e5
    # fits, which is one number to everybody.
    short = f"instr({column}, '.') between {dialect.bytes.format(column)} - 2 and 3"
    short = f"(not contains({column}, '{mark}') and {short})" if mark else short  # ,1.5 is short too
    return f"{_given(kind, value)} and ({short} or {_fits(digits, plan, kind, column, dialect)})"


def _given(kind: str, value: str) -> str:
    """Whether a cell that has a type is a value as nearly all are."""
    if kind == "money":
        return f"{value} between {1 - _LARGE} and {_LARGE - 1}"
    return f"{value} >= 0" if kind == "count" else f"{value} {_CREDIBLE}"


def _is_long(column: str, value: str, dialect: Dialect) -> str:
    """Whether a text has as many characters as its number has digits: then it is that number to everybody, as 500 and
    5e2 are, and need not be compared with the number written out, which costs twice as much."""
    digits = " ".join(f"when {value} < {10**size} then {size}" for size in range(1, 7))
    return f"{dialect.bytes.format(column)} = case {digits} else 0 end"


def _shown(value: str, kind: str, dialect: Dialect) -> str:
    return f"cast({dialect.day.format(value)} as int)" if kind == "day" else value


def is_of(kind: str, kinds: Sequence[str]) -> bool:
    """Whether a column's type is one of these, whatever its size."""
    return kind.lower().split("(")[0] in kinds


def literal(text: str, dialect: Dialect) -> str:
    """A text as it is written in a query."""
    if dialect is DUCKDB:
        return "'" + text.replace("'", "''") + "'"
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def may_say(plan: Plan, at: int, dialect: Dialect) -> str:
    """Whether a column holds a word by which its row may be planned, void or a credit."""
    said = credits_in(plan, at, dialect)
    return f"({is_one_of(_word(at), PLANNED | VOID, dialect)} or {said})"


def credits_in(plan: Plan, at: int, dialect: Dialect) -> str:
    """Whether a column holds a word that says of its row that money came back, or was paid."""
    words = words_of_credits(plain(plan.layout.headers[at - plan.block.left]))
    return f"({is_one_of(_word(at), words, dialect)} or {paid(at)})"


def paid(at: int) -> str:
    """Whether what a column holds begins with the word for a payment."""
    return f"{_word(at)} like '{PAYMENT}%'"


def _word(at: int) -> str:
    """What a column holds, in small letters and without blanks around it."""
    return f"lower({_stripped(place(at))})"


def is_one_of(column: str, texts: Iterable[str], dialect: Dialect) -> str:
    """Whether a column holds one of some texts."""
    return f"{column} in ({', '.join(literal(text, dialect) for text in sorted(texts)) or 'null'})"


def is_odd(plan: Plan, types: Mapping[str, str], dialect: Dialect) -> str:
    """Whether a row must be read cell by cell, whatever a word says of it."""
    return f"{bad(plan, types, dialect)} % 2 = 1"


def _known(plan: Plan, text: str, dialect: Dialect) -> str:
    """A text of Parquet, but for those that mean no value: of a text the reader takes them out."""
    if plan.whole.kind != "parquet" or not plan.blanks:
        return text
    return f"case when {is_one_of(text, plan.blanks, dialect)} then null else {text} end"


def _as_text(column: str, kind: str) -> str:
    return column if is_of(kind, _TEXT) else f"cast({column} as string)"


def _value(name: str, plan: Plan, kind: str, dialect: Dialect) -> str:
    column = place(plan.columns[name])
    wanted = plan.kinds[name]
    if wanted == "text":
        if is_of(kind, _FLOAT) or is_of(kind, ("boolean", "blob", "binary")):
            raise NotPlainError(f"the column of {name} holds numbers")
        return _known(plan, _as_text(column, kind), dialect)
    if wanted == "day":
        return _day(column, kind, dialect, plan.written)
    money = wanted == "money"
    times = f" * {MICROS}" if money else ""
    if is_of(kind, _WHOLE):
        return f"cast({column} as bigint){times}"
    if is_of(kind, _TEXT) and plan.written.thousands(wanted):
        column = f"replace({column}, '{plan.written.thousands(wanted)}', '')"
    if is_of(kind, _TEXT) and not money and not plan.written.decimals:
        return f"try_cast({column} as bigint)"
    if is_of(kind, (*_TEXT, "decimal")):  # a decimal of 18 digits has no room for six more
        column = f"replace({column}, ',', '.')" if money and plan.written.comma and is_of(kind, _TEXT) else column
        column = f"try_cast({column} as {_MONEY})"
    elif not is_of(kind, _FLOAT):
        raise NotPlainError(f"the column of {name} holds no numbers")
    return dialect.whole.format(f"cast({column} as double){times}")


def _day(column: str, kind: str, dialect: Dialect, written: Written) -> str:
    if is_of(kind, _TEXT) and written.order:
        first, second, year = (f"split_part({column}, '{written.mark}', {number})" for number in (1, 2, 3))
        day, month = (first, second) if written.order == "dmy" else (second, first)
        return f"try_cast({year} || '-' || lpad({month}, 2, '0') || '-' || lpad({day}, 2, '0') as date)"
    if is_of(kind, _TEXT):
        # Most are a day and nothing else: to cut nothing off them costs less.
        cut = f"try_cast(substring({_stripped(column)}, 1, 10) as date)"
        return f"case when {dialect.bytes.format(column)} = 10 then try_cast({column} as date) else {cut} end"
    if is_of(kind, ("date",)) or kind.lower().startswith("timestamp"):
        return f"cast({column} as date)"
    raise NotPlainError("the column of days holds no days")


def _is_day(column: str, dialect: Dialect) -> str:
    """Whether a text that an engine reads as a day is one to everybody: 12025-01-1 and 2025 01 05 are none."""
    marked = f"substring({column}, 5, 1) in ('-', '/', '.') and {column} >= '1'"
    timed = f"substring({column}, 11, 1) in (' ', 'T') and substring({column}, 14, 1) = ':'"
    short = dialect.odd.format(_stripped(column), _SHORT)
    return f"(({marked} and (length({column}) = 10 or ({timed} and {_is_time(column, dialect)}))) or {short})"


def _stripped(column: str) -> str:
    """A text without the blanks around it, as Python has them: the engines' own trim takes spaces only."""
    return f"trim(({_BLANKS}) from {column})"


def _is_time(column: str, dialect: Dialect) -> str:
    """Whether what follows the day is a time that everybody reads: the engines let more pass."""
    known = f"try_cast({column} as timestamp) is not null"
    plainly = f"length({column}) = 16 or (length({column}) = 19 and substring({column}, 17, 1) = ':')"
    return f"{known} and ({plainly} or {dialect.odd.format(f'substring({column}, 14)', _TIMED)})"
