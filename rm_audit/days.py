"""Days and periods. A day is an int: days since 1970-01-01. A period has a first and a last day."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

EPOCH = date(1970, 1, 1)
_PERIOD_PART = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def to_day(value: date) -> int:
    return (date(value.year, value.month, value.day) - EPOCH).days


def from_day(day: int) -> date:
    return EPOCH + timedelta(days=int(day))


LAST_DAY = to_day(date.max)
# Judgement: the years that recruitment can speak of. Others are slips, such as 2525 for 2025: months of money would
# follow until then.
YEARS = range(1970, 2100)
EARLIEST, LATEST = to_day(date(YEARS[0], 1, 1)), to_day(date(YEARS[-1], 12, 31))


def is_credible(first: int, last: int) -> bool:
    """Whether days are such as somebody plans and pays for."""
    return first >= EARLIEST and last <= LATEST


def week_days(first: int) -> tuple[int, int]:
    """First and last day of the week that begins on a day."""
    return first, min(first + 6, LAST_DAY)


def month_days(year: int, month: int) -> tuple[int, int]:
    """First and last day of a month."""
    return to_day(date(year, month, 1)), to_day(date(year, month, calendar.monthrange(year, month)[1]))


def month_of(day: int) -> str:
    """The month of a day as `2026-03`."""
    return from_day(day).isoformat()[:7]


@dataclass(frozen=True)
class Period:
    """Both days are inside."""

    start: int
    end: int

    def __contains__(self, day: int) -> bool:
        return self.start <= day <= self.end

    def month(self, month: int) -> tuple[int, int] | None:
        """First and last day of the one month of this number inside the period; None where there is none or several."""
        years = range(from_day(self.start).year, from_day(self.end).year + 1)
        inside = [span for span in (month_days(year, month) for year in years) if span[0] in self and span[1] in self]
        return inside[0] if len(inside) == 1 else None

    def whole_year(self) -> Period:
        """The year that the period lies in; the period itself where it lies in several."""
        years = {from_day(self.start).year, from_day(self.end).year}
        return self if len(years) > 1 else Period(month_days(min(years), 1)[0], month_days(min(years), 12)[1])

    def __str__(self) -> str:
        return f"{from_day(self.start)} to {from_day(self.end)}"


def parse_period(text: str) -> Period:
    """`2014`, `2026-03`, `2026-01..2026-06` or `2026-01-01..2026-06-30`. Raises ValueError with words for people."""
    first, found, last = str(text).strip().partition("..")
    start, end = _span(first), _span(last if found else first)
    if end[1] < start[0]:
        raise ValueError(f"the period '{text}' ends before it starts")
    if not is_credible(start[0], end[1]):
        raise ValueError(f"the period '{text}' does not lie in the years 1970 to 2099")
    return Period(start[0], end[1])


def _span(text: str) -> tuple[int, int]:
    match = _PERIOD_PART.fullmatch(text.strip())
    if not match:
        raise ValueError(f"'{text}' is not a year, a month or a day")
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        if day:
            one = to_day(date(year, month, day))
            return one, one
        if month:
            return month_days(year, month)
        return to_day(date(year, 1, 1)), to_day(date(year, 12, 31))
    except (ValueError, calendar.IllegalMonthError):
        raise ValueError(f"there is no {'day' if day else 'month'} '{text.strip()}'") from None
