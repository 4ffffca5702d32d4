"""Columns of cells → columns of values of a kind, with a complaint for each that cannot be read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from rm_audit.cells import letters
from rm_audit.profiles.amounts import is_blank, read_amounts
from rm_audit.profiles.dates import read_dates
from rm_audit.profiles.headers import header_currency, plain, thousands
from rm_audit.profiles.work import Work
from rm_audit.readers import Value
from rm_audit.tables import MICROS, MONEY_COLUMN, TABLES

EXCERPT = 24  # characters of a cell that an error shows
_NOTICE = re.compile(r"(\d{1,3}) ?(day|week|month)s?(?: notice)?")
_NOTICE_DAYS = {"day": 1, "week": 7, "month": 30}
SHOWN = 5  # cells of one column that are complained of one by one


def column_kind(work: Work, name: str) -> str:
    """The kind of a canonical column in the table of this sheet."""
    if name.startswith("o_"):
        return "count"
    return TABLES[work.layout.table].columns.get(name, "text")


def read_column(work: Work, name: str, column: int) -> None:
    """Reads one column of the sheet into `work.columns[name]` by its kind."""
    values = work.cells(column)
    kind = column_kind(work, name)
    if name == "owner":  # often a person's name: all that is kept is whether there is one
        work.columns[name] = [None if is_blank(value, work.profile.blanks) else "named" for value in values]
    elif kind == "text":
        work.columns[name] = [_text(value, work.profile.blanks) for value in values]
    elif kind == "mark":
        work.columns[name] = [_mark(value) for value in values]
    elif kind == "day":
        _read_days(work, name, column, values)
    else:
        read_numbers(work, name, column, values, money=kind == "money")


def _text(value: Value, blanks: frozenset[str]) -> str | None:
    if is_blank(value, blanks):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def _mark(value: Value) -> bool | None:
    word = plain(value) if isinstance(value, str) else value
    known = {
        "yes": True,
        "y": True,
        "true": True,
        "x": True,
        "1": True,
        "no": False,
        "n": False,
        "false": False,
        "0": False,
    }
    return known.get(str(word).casefold()) if word is not None else None


def _read_days(work: Work, name: str, column: int, values: Sequence[Value]) -> None:
    if work.layout.table == "applications" and _is_flag(values, work.profile.blanks):
        _read_flag(work, name, values)
        return
    header = plain(work.sheet.rows[work.layout.header_row][column])
    months = header in ("month", "period", "monat", "mois") and work.layout.table in ("spend", "outcome_totals")
    dates = read_dates(values, work.profile.blanks, work.period, months)
    work.columns[name] = [span[0] if span else None for span in dates.spans]
    if name == "start" and "end" not in work.layout.columns:
        work.columns["end"] = [span[1] if span else None for span in dates.spans]
    work.yearless |= bool(dates.yearless) and work.layout.table in ("spend", "outcome_totals")
    if dates.ambiguous:
        row = work.rows[dates.ambiguous[0]][0]
        shown = " ".join(str(values[dates.ambiguous[0]]).split())[:EXCERPT]
        message = f"day and month cannot be told apart in {len(dates.ambiguous)} dates of this column, as in '{shown}'"
        message += "; these rows count without a date"
        work.complain("warning", "ambiguous-dates", message, "Write the dates as 2026-03-31.", (row, column))
    if dates.bad:
        row = work.rows[dates.bad[0]][0]
        first = f"{letters(column + 1)}{row}"
        message = f"{len(dates.bad)} of {len(values)} cells hold no date that can be read, {first} the first"
        if work.layout.table in ("spend", "outcome_totals"):
            message += "; these rows count without a date"
        work.complain("warning", "not-a-date", message, "Write the dates as 2026-03-31.", (row, column))


def _is_flag(values: Sequence[Value], blanks: frozenset[str]) -> bool:
    """A column such as `Hired?` that says yes or no, and no day."""
    said = [value for value in values if not is_blank(value, blanks)]
    return bool(said) and all(_mark(value) is not None for value in said)


def _read_flag(work: Work, name: str, values: Sequence[Value]) -> None:
    """A yes stands for the stage itself; where the sheet has a stage column, that column has the last word."""
    stage = name.removesuffix("_at")
    own = work.columns.get("stage") or [None] * len(values)
    work.columns["stage"] = [mine or (stage if _mark(value) else None) for mine, value in zip(own, values, strict=True)]


def read_numbers(work: Work, name: str, column: int, values: Sequence[Value], money: bool) -> None:
    """Reads cells as money (micro-units) or as counts; a row whose money is a text is set aside."""
    values = [_days_of_notice(value) for value in values] if name == "notice_days" else values
    amounts = read_amounts(values, work.profile.blanks)
    main = name == MONEY_COLUMN.get(work.layout.table)
    work.dollar |= money and any(isinstance(value, str) and "$" in value for value in values)
    _complain_of_texts(work, column, values, amounts.bad, main)
    for position in amounts.bad if main else ():
        work.set_aside(position, "not a number")
    if money:
        work.columns[name] = _scaled(work, column, amounts.micros)
        if "currency" not in work.columns or main:
            _note_currencies(work, column, amounts.currencies)
    else:
        work.columns[name] = [None if value is None else round(value / MICROS) for value in amounts.micros]


def _scaled(work: Work, column: int, micros: Sequence[int | None]) -> list[object]:
    header = work.sheet.rows[work.layout.header_row][column]
    if not thousands(header):
        return list(micros)
    words = f"the header '{' '.join(str(header).split())}' says thousands: its amounts are multiplied by 1,000"
    help = "Write the amounts out if that is wrong."
    work.complain("info", "thousands", words, help, (work.layout.header_row + 1, column))
    return [None if value is None else value * 1000 for value in micros]


def _days_of_notice(value: Value) -> Value:
    """'60 days', '3 months' → days."""
    match = _NOTICE.fullmatch(value.strip().casefold()) if isinstance(value, str) else None
    return int(match[1]) * _NOTICE_DAYS[match[2]] if match else value


def _complain_of_texts(work: Work, column: int, values: Sequence[Value], bad: Sequence[int], main: bool) -> None:
    """The first cells one by one, the rest of them together."""
    for position in bad[:SHOWN]:
        help = "Write a number, or leave the cell empty." + (" The row is set aside." if main else "")
        at = (work.rows[position][0], column)
        work.complain("error", "not-a-number", "a text where a number should be", help, at, _shown(values[position]))
    rest = bad[SHOWN:]
    if rest:
        cells = ", ".join(f"{letters(column + 1)}{work.rows[position][0]}" for position in rest[:SHOWN])
        more = f" and {len(rest) - SHOWN} more" if len(rest) > SHOWN else ""
        count = f"in {len(rest)} more cell{'s' if len(rest) > 1 else ''}"
        help = "Write numbers, or leave the cells empty." + (" The rows are set aside." if main else "")
        message = f"texts where numbers should be {count}: {cells}{more}"
        work.complain("error", "not-a-number", message, help, (work.rows[rest[0]][0], column))


def _shown(value: Value) -> str:
    """A cell's text for an error; an address that somebody typed into the wrong column is not repeated."""
    return "(an e-mail address, not shown)" if "@" in str(value) else f"'{str(value)[:EXCERPT]}'"


def _note_currencies(work: Work, column: int, found: Sequence[str | None]) -> None:
    own = work.columns.get("currency") or [None] * len(found)
    header = header_currency(work.sheet.rows[work.layout.header_row][column])
    work.dollar |= "$" in str(work.sheet.rows[work.layout.header_row][column])
    work.columns["currency"] = [
        str(mine).upper() if mine else cell or header for mine, cell in zip(own, found, strict=True)
    ]


def read_person(work: Work) -> None:
    """Reads who a row is about as a keyed hash; the text itself goes no further."""
    if work.layout.person is None:
        return
    values = [_text(value, work.profile.blanks) for value in work.cells(work.layout.person)]
    work.columns["person"] = [value if value is None else _hashed(value, work.key) for value in values]


def _hashed(value: str, key: bytes) -> str:
    return hashlib.blake2b(value.casefold().encode(), key=key[:64], digest_size=12).hexdigest()
