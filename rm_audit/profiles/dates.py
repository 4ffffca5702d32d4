"""Cells → days or months. The order of day and month is settled for the whole column, or said to be unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from rm_audit.days import Period, from_day, month_days, to_day
from rm_audit.profiles.amounts import is_blank
from rm_audit.profiles.headers import month_header, month_number
from rm_audit.readers import Value

_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?( ?[ap]m)?(z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE)
_THREE = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})")
_WEEKDAY = re.compile(r"^[^\W\d_]+\.?,\s*(?=\S)")
_DAY_FIRST = re.compile(r"(\d{1,2})\.?[ -]([^\W\d_]+)\.?,?[ -](\d{4}|\d{2})")
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.? (\d{1,2}),? (\d{4})")
Span = tuple[int, int]


@dataclass
class Dates:
    """One column read as dates: first and last day of each cell (the same day, or a month's ends).

    `bad` are positions that could not be read, `ambiguous` positions whose day and month could be swapped,
    `yearless` positions that name a month and no year.
    """

    spans: list[Span | None]
    bad: list[int] = field(default_factory=list)
    ambiguous: list[int] = field(default_factory=list)
    yearless: list[int] = field(default_factory=list)


def read_dates(values: Sequence[Value], blanks: frozenset[str], period: Period | None, months: bool = False) -> Dates:
    """Every cell of one column. `months` says that the header speaks of months: a first of month means all of it."""
    order = _order([_three(value) for value in values])
    dates = Dates([])
    for position, value in enumerate(values):
        dates.spans.append(None if is_blank(value, blanks) else _read(value, position, order, period, dates))
    found = [span for span in dates.spans if span]
    if months and found and all(first == last and _is_first(first) for first, last in found):
        dates.spans = [_whole_month(span[0]) if span else None for span in dates.spans]
    return dates


def _read(value: Value, position: int, order: str, period: Period | None, dates: Dates) -> Span | None:
    if isinstance(value, datetime | date):
        return to_day(value), to_day(value)
    found = _spelled(value, order) if isinstance(value, str) else None
    if isinstance(found, int):
        return found, found
    if isinstance(found, tuple):
        return _month(found, position, period, dates)
    (dates.ambiguous if found == "ambiguous" else dates.bad).append(position)
    return None


@lru_cache(maxsize=65_536)
def _spelled(text: str, order: str) -> int | tuple[int | None, int] | str | None:
    """A day, a (year or None, month), 'ambiguous', or None where the text is no date."""
    parts = _three(text)
    if parts is not None:
        day = _from_three(parts, order)
        swappable = max(parts[0], parts[1]) <= 12
        return "ambiguous" if day is None and order == "?" and swappable else day
    day = _from_words(text)
    return day if day is not None else month_header(text)


def _month(month: tuple[int | None, int], position: int, period: Period | None, dates: Dates) -> Span | None:
    year, number = month
    if year is not None:
        return month_days(year, number)
    span = period.month(number) if period else None
    if span is None:
        dates.yearless.append(position)
    return span


@lru_cache(maxsize=65_536)
def _three(text: Value) -> tuple[int, int, int] | None:
    if not isinstance(text, str):
        return None
    match = _THREE.fullmatch(_TIME.sub("", text.strip()))
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def _order(found: Sequence[tuple[int, int, int] | None]) -> str:
    """'dmy' or 'mdy' where some cell can only be read so; '?' where no cell tells, or where cells contradict."""
    parts = [part for part in found if part is not None and part[0] < 32]
    day_first, month_first = any(part[0] > 12 for part in parts), any(part[1] > 12 for part in parts)
    if day_first != month_first:
        return "dmy" if day_first else "mdy"
    return "?"


def _from_three(parts: tuple[int, int, int], order: str) -> int | None:
    first, second, third = parts
    if first >= 32:
        return _day(first, second, third)
    year = third if third >= 100 else 2000 + third
    if order == "?":
        certain = first == second or first > 12 or second > 12
        first, second = (second, first) if first > 12 else (first, second)
        return _day(year, first, second) if certain else None
    return _day(year, second, first) if order == "dmy" else _day(year, first, second)


def _day(year: int, month: int, day: int) -> int | None:
    try:
        return to_day(date(year, month, day))
    except ValueError:
        return None


def _from_words(text: str) -> int | None:
    """`31 March 2026`, `31. März 2026`, `Mon, Mar 31, 2026`: a day with its month's name in a known language."""
    bare = _WEEKDAY.sub("", _TIME.sub("", text.strip()).strip().rstrip(","))
    day_first, month_first = _DAY_FIRST.fullmatch(bare), _MONTH_FIRST.fullmatch(bare)
    if day_first:
        day, month, year = int(day_first[1]), month_number(day_first[2]), int(day_first[3])
    elif month_first:
        day, month, year = int(month_first[2]), month_number(month_first[1]), int(month_first[3])
    else:
        return None
    return _day(year if year >= 100 else 2000 + year, month, day) if month else None


def _is_first(day: int) -> bool:
    return _whole_month(day)[0] == day


def _whole_month(day: int) -> Span:
    return month_days(from_day(day).year, from_day(day).month)
