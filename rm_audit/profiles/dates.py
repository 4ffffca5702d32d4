"""Cells → days or months. The order of day and month is settled for the whole column, or said to be unknown."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TypeGuard

from rm_audit.days import EARLIEST, Period, from_day, is_credible, month_days, to_day, week_days
from rm_audit.profiles.amounts import is_blank
from rm_audit.profiles.months import Span, month_header, month_number, weekdays
from rm_audit.readers import Value

_TIME = re.compile(
    r"[T ]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?( ?[ap]\.?m\.?)?( ?(z|utc|gmt|[+-]\d{2}:?\d{2}))?$", re.IGNORECASE
)
_THREE = re.compile(r"(\d{1,4})[./-] ?(\d{1,2})[./-] ?(\d{1,4})")
_DOTTED = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}")
_TIMED = re.compile(rf"\s*({_THREE.pattern})(?:{_TIME.pattern.removesuffix('$')})\s*", re.IGNORECASE)
_EAST_ASIAN = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_DIGITS = re.compile(r"(19|20)(\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])?")  # YYYYMMDD, YYYYMMDDHH
_EPOCH = re.compile(r"(\d{10})(\d{3})?")
_WEEK = re.compile(r"(\d{4})-?W(\d{2})", re.IGNORECASE)
_WEEKDAY = re.compile(r"^([^\W\d_]+(?:-[^\W\d_]+)?)\.?,?\s+(?=\S)")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|º|ª)\b", re.IGNORECASE)
_OF = re.compile(r"\bde\b|\bof\b", re.IGNORECASE)
_DAY_FIRST = re.compile(r"(\d{1,2})\.?[ -]([^\W\d_]+)\.?,?[ -](\d{4}|\d{2})")
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.?[ -](\d{1,2}),?[ -](\d{4})")
_RANGE = re.compile(r"\s+(?:-|–|—|to|bis|au|tot|al?|until)\s+|(?<=\d)–(?=\d)|\s*\.\.\s*")
# A spreadsheet's own count of days, from 1954 to 2079; two figures before and after are years and amounts.
SERIALS = range(20_000, 65_536)
SERIAL_ZERO = date(1899, 12, 30)
# What programs write where there is no day: a clock's and a sheet's first ones, and ends of time.
_STAND_INS = ("0001-01-01", "1970-01-01", "1900-01-01", "1899-12-30", "2999-12-31", "4712-12-31", "9999-12-31")
_NO_DAYS = frozenset(to_day(date.fromisoformat(text)) for text in _STAND_INS)
_YEAR_ONE = re.compile(r"\s*(0001[./-]0?1[./-]0?1|0?1[./-]0?1[./-]0001)\s*")  # nobody's first of January of 2001
Days = tuple[int, int]
FEW_STEPS = 4  # judgement: three days may all be Mondays, or firsts of months, by chance
MARKS = "./-"  # what stands between day, month and year
NO_HABIT: Mapping[str, str] = {}


@dataclass
class Dates:
    """One column read as dates: first and last day of each cell (the same day, or a month's ends).

    `bad` are positions that could not be read, `far` those of them that are days far from any plan, `ambiguous`
    positions whose day and month could be swapped, `yearless` positions that name a month and no year, `serials`
    numbers read as a spreadsheet's count of days.
    """

    spans: list[Days | None]
    bad: list[int] = field(default_factory=list)
    far: list[int] = field(default_factory=list)
    ambiguous: list[int] = field(default_factory=list)
    yearless: list[int] = field(default_factory=list)
    serials: list[int] = field(default_factory=list)


def read_dates(
    values: Sequence[Value],
    blanks: frozenset[str],
    period: Period | None,
    months: bool = False,
    within: Period | None = None,
    habit: Mapping[str, str] = NO_HABIT,
) -> Dates:
    """Every cell of one column. `months` says that the header speaks of months: a first of month means all of it.

    `within` is the period that the file names for itself: it settles an order of day and month that only fits one way.
    `habit` is how a platform writes dates, by the mark between: it settles what the values leave open.
    """
    days = {value: without_time(value) for value in dict.fromkeys(values)}  # of a log nearly every time is another one
    distinct = list(dict.fromkeys(days.values()))
    pieces = [piece for value in distinct for piece in (ends_of(value) if isinstance(value, str) else [value])]
    order = _order([three_parts(piece) for piece in pieces], within)
    if order == "?" and any(isinstance(piece, str) and _DOTTED.fullmatch(piece.strip()) for piece in pieces):
        order = "dmy"  # nobody writes the month first with points
    if order == "?" and habit:
        order = _by_habit(pieces, habit)
    found: dict[Value, tuple[Days | None, str]] = {
        value: (None, "") if is_blank(value, blanks) else _read(value, order, period) for value in distinct
    }
    read = {value: found[day] for value, day in days.items()}
    dates = Dates([read[value][0] for value in values])
    lists = {
        "bad": dates.bad,
        "far": dates.far,
        "ambiguous": dates.ambiguous,
        "yearless": dates.yearless,
        "serial": dates.serials,
    }
    wrong = {value for value, (_, why) in read.items() if why}
    if wrong:
        for position, value in enumerate(values):
            if value in wrong:
                lists[read[value][1]].append(position)
    dates.bad = sorted({*dates.bad, *dates.far})
    known = [span for span, _ in found.values() if span]
    if months and known and all(first == last and _is_first(first) for first, last in known):
        dates.spans = [_whole_month(span[0]) if span else None for span in dates.spans]
    return dates


def without_time(value: Value) -> Value:
    """The day of a cell that holds three numbers and a time; any other cell as it is."""
    timed = _TIMED.fullmatch(value) if isinstance(value, str) and ":" in value else None
    return timed[1] if timed else value


def ends_of(text: str) -> list[str]:
    """The two ends of a range of days such as '1 March 2026 - 7 March 2026'; any other text as it is."""
    return _RANGE.split(text)


def date_order(values: Sequence[Value]) -> str:
    """The order of day and month that a column's own cells settle: 'dmy', 'mdy' or '?'."""
    return _order([three_parts(value) for value in dict.fromkeys(values)], None)


def is_no_day(text: str) -> bool:
    """Whether a program wrote a day where there is none, such as 9999-12-31."""
    return _read(without_time(text), "?", None) == (None, "")


def _read(value: Value, order: str, period: Period | None) -> tuple[Days | None, str]:
    """First and last day of a cell, and what is odd about it; neither where a program wrote that there is none. What
    has no end, such as '2026-03-01 - 9999-12-31', is its first day."""
    found, why = _read_any(value, order, period)
    if found is None or (isinstance(value, str) and _YEAR_ONE.fullmatch(value)):
        return None, why
    first, last = found
    if last in _NO_DAYS:
        return (None, "") if first == last or not _counts(first, first) else ((first, first), why)
    return (found, why) if _counts(first, last) else (None, "far")


def _counts(first: int, last: int) -> bool:
    """Whether days are read as such. The first of all stands for none, also of a month: alone in a copy it says so."""
    return first > EARLIEST and is_credible(first, last)


def _read_any(value: Value, order: str, period: Period | None) -> tuple[Days | None, str]:
    if isinstance(value, datetime | date):
        return (to_day(value), to_day(value)), ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value)
    found = day_or_month(value, order) if isinstance(value, str) else None
    if isinstance(found, Span):
        span = found.days(period)
        return (span, "") if span else (None, "yearless")
    if found in ("ambiguous", "serial"):
        return _from_number(int(str(value).split(".")[0])) if found == "serial" else (None, "ambiguous")
    return (found, "") if isinstance(found, tuple) else (None, "bad")


def _from_number(value: float) -> tuple[Days | None, str]:
    if not math.isfinite(value):
        return None, "bad"
    if int(value) in SERIALS:
        day = to_day(SERIAL_ZERO + timedelta(days=int(value)))
        return (day, day), "serial"
    found = _from_digits(str(int(value)))
    return (found, "") if found else (None, "bad")


@lru_cache(maxsize=65_536)
def day_or_month(text: str, order: str = "?") -> Days | Span | str | None:
    """A day or a range of days, a month or quarter, 'ambiguous', 'serial', or None where the text is no date."""
    text = text.strip()
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(text[:5]) in SERIALS:
        return "serial"
    ends = ends_of(text)
    if len(ends) == 2:
        first, last = (day_or_month(end, order) for end in ends)
        return (first[0], last[1]) if _is_days(first) and _is_days(last) and first[0] <= last[1] else None
    parts = three_parts(text)
    if parts is not None:
        day = day_of(parts, order)
        swappable = max(parts[0], parts[1]) <= 12
        return "ambiguous" if day is None and order == "?" and swappable else _one(day)
    return _from_digits(text) or _one(_from_words(text)) or month_header(text) or _from_week(text)


def _is_days(found: object) -> TypeGuard[Days]:
    return isinstance(found, tuple) and not isinstance(found, Span)


def _one(day: int | None) -> Days | None:
    return None if day is None else (day, day)


def _from_digits(text: str) -> Days | None:
    """20260331, 2026033114 (an hour) and the milliseconds of a computer's clock."""
    match = _DIGITS.fullmatch(text)
    if match:
        return _one(_day(int(match[1] + match[2]), int(match[3]), int(match[4])))
    clock = _EPOCH.fullmatch(text)
    if clock and 10**9 < int(clock[1]) < 4 * 10**9 and clock[2]:
        return _one(int(clock[1]) // 86_400)
    return None


def _from_week(text: str) -> Days | None:
    match = _WEEK.fullmatch(text)
    try:
        first = to_day(date.fromisocalendar(int(match[1]), int(match[2]), 1)) if match else None
    except ValueError:
        return None
    return None if first is None else week_days(first)


@lru_cache(maxsize=65_536)
def three_parts(text: Value) -> tuple[int, int, int] | None:
    """The three numbers of a day such as 31.12.2025 or 2025-12-31, with or without a time; None of other texts."""
    if not isinstance(text, str):
        return None
    bare = _TIME.sub("", text.strip())
    match = _THREE.fullmatch(bare) or _EAST_ASIAN.fullmatch(bare)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def _order(found: Sequence[tuple[int, int, int] | None], within: Period | None) -> str:
    """'dmy' or 'mdy' where some cell can only be read so, or only one fits the file's own period; '?' else."""
    parts = [part for part in found if part is not None and part[0] < 32]
    day_first = any(part[0] > 12 and day_of(part, "dmy") is not None for part in parts)  # 31.02. says nothing
    month_first = any(part[1] > 12 and day_of(part, "mdy") is not None for part in parts)
    if day_first != month_first:
        return "dmy" if day_first else "mdy"
    if not day_first and within is not None and parts:
        fits = [order for order in ("dmy", "mdy") if all((day_of(p, order) or 0) in within for p in parts)]
        return fits[0] if len(fits) == 1 else "?"
    return "?"


def _by_habit(pieces: Sequence[Value], habit: Mapping[str, str]) -> str:
    """The order that a platform uses with the one mark that stands between day, month and year; '?' with several."""
    marks = {mark for piece in pieces if three_parts(piece) for mark in habit if mark in str(piece)}
    return habit[marks.pop()] if len(marks) == 1 else "?"


def day_of(parts: tuple[int, int, int], order: str) -> int | None:
    """The day since 1970 that three numbers are in an order of day and month; None where they are none, or unsure."""
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
    bare = _ORDINAL.sub("", _TIME.sub("", text).strip().rstrip(","))
    weekday = _WEEKDAY.match(bare)
    day = _from_parts(bare)  # 'Mar 2, 2026' is a month's name before it is a Tuesday in French
    if day is not None or not weekday:
        return day
    day = _from_parts(bare[weekday.end() :])
    # The names of weekdays take long to load, and most texts are no day whatever stands before them.
    return day if day is not None and weekday[1].casefold() in weekdays() else None


def _from_parts(text: str) -> int | None:
    bare = " ".join(_OF.sub(" ", text).split())
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


def _whole_month(day: int) -> Days:
    return month_days(from_day(day).year, from_day(day).month)


def whole_steps(spans: Sequence[Days | None]) -> list[Days | None]:
    """Days that are all firsts of months, or all one weekday and week after week, stand for the months or weeks."""
    starts = sorted({span[0] for span in spans if span and span[0] == span[1]})
    if len(starts) < FEW_STEPS or len(starts) < len({span for span in spans if span}):
        return list(spans)
    if all(_is_first(day) for day in starts):
        return [_whole_month(span[0]) if span else None for span in spans]
    steps = [late - early for early, late in pairwise(starts)]
    if all(step % 7 == 0 for step in steps) and steps.count(7) * 2 > len(steps):
        return [week_days(span[0]) if span else None for span in spans]
    return list(spans)
