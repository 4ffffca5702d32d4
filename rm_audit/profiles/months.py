"""Months, quarters and years as headers and cells name them, in the languages of the exports."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache, lru_cache
from typing import NamedTuple

from rm_audit.days import Period, month_days
from rm_audit.readers import Value

LANGUAGES = ("en", "de", "fr", "nl", "es", "it", "pt")
# Names and abbreviations of each month in these languages, Austrian and Swiss ones too. A test holds them against the
# Unicode locale data, which take too long to ask at every start.
MONTHS = (
    "ene enero gen gennaio jan janeiro januar januari january janv janvier jän jänner",
    "feb febbraio febrero februar februari february fev fevereiro févr février",
    "maart mar march mars marzo março mrt mrz mär märz",
    "abr abril apr april aprile avr avril",
    "mag maggio mai maio may mayo mei",
    "giu giugno juin jun june junho juni junio",
    "juil juillet jul julho juli julio july lug luglio",
    "ago agosto août aug august augustus",
    "sep sept september septembre septiembre set setembro settembre",
    "oct october octobre octubre okt oktober ott ottobre out outubro",
    "nov november novembre novembro noviembre",
    "dec december dez dezember dezembro dic dicembre diciembre déc décembre",
)
_NUMBER_OF = {name: number for number, names in enumerate(MONTHS, 1) for name in names.split()}
_WORD_YEAR = re.compile(r"([^\W\d_]+)\.?[ .'’/-]*(\d{4}|\d{2})?|(\d{4})[ ./-]*([^\W\d_]+)\.?")
_NUMBERS = re.compile(r"(\d{4})[ ./-](\d{1,2})|(\d{1,2})[./-](\d{4})")
_QUARTER = re.compile(
    r"(?:q|qtr|quarter|quartal|trimestre|kwartaal|t) ?([1-4])[ ./'’-]*(\d{4}|\d{2})?"
    r"|(\d{4})[ ./-]*(?:q|quarter|quartal|t) ?([1-4])|([1-4])\. ?(?:quartal|quarter|trimestre|kwartaal)[ ./-]*(\d{4})?"
)
# Words beside a month that say which of its figures a column holds.
_SPENT = re.compile(r"actuals?|ist|spend|spent|costs?|real|invoiced|paid|kosten|ausgaben|amount|eur|usd|gbp")
_PLANNED = re.compile(r"budget|plan|planned|forecast|target|soll|estimate")
_COUNTED = re.compile(r"hires?|hired|applications?|applicants|applies|clicks|interviews|impressions|offers|leads|views")


class Span(NamedTuple):
    """A run of whole months: the year where one is named, the first month, and how many."""

    year: int | None
    month: int
    length: int = 1

    def days(self, period: Period | None) -> tuple[int, int] | None:
        """First and last day; a span without a year takes it from the period, where only one fits."""
        if self.year is not None:
            last = self.month + self.length - 1
            return month_days(self.year, self.month)[0], month_days(self.year, last)[1]
        ends = [period.month(number) if period else None for number in (self.month, self.month + self.length - 1)]
        if ends[0] is None or ends[1] is None or ends[1] < ends[0]:
            return None
        return ends[0][0], ends[1][1]


@cache
def weekdays() -> frozenset[str]:
    """Names of the days of the week, short and long."""
    from babel.dates import get_day_names

    widths = [get_day_names(width, "format", language) for language in LANGUAGES for width in ("abbreviated", "wide")]
    return frozenset(name.casefold().rstrip(".") for names in widths for name in names.values())


def month_number(word: str) -> int | None:
    """1 to 12 for a month's name in a known language."""
    return _NUMBER_OF.get(word.casefold().strip().rstrip("."))


def month_header(value: Value) -> Span | None:
    """The month or quarter that a header or a cell names: January, Jan-26, 2026-01, Q1 2026, a date on a first."""
    if isinstance(value, datetime | date):
        return Span(value.year, value.month) if value.day == 1 else None
    return _named(value.strip().casefold()) if isinstance(value, str) and len(value) < 40 else None


@lru_cache(maxsize=4096)
def _named(text: str) -> Span | None:
    quarter, numbers, words = _QUARTER.fullmatch(text), _NUMBERS.fullmatch(text), _WORD_YEAR.fullmatch(text)
    if quarter:
        first, year, year_first, second, third, year_third = quarter.groups()
        return Span(_year(year or year_first or year_third), 3 * int(first or second or third) - 2, 3)
    if numbers:
        month = int(numbers[2] or numbers[3])
        return Span(int(numbers[1] or numbers[4]), month) if 1 <= month <= 12 else None
    month_found = month_number(words[1] or words[4]) if words else None
    return Span(_year(words[2] or words[3]), month_found) if words and month_found else None


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)


def month_column(value: Value) -> tuple[Span, str] | None:
    """What a column of a wide sheet holds: its span, and 'spent', 'planned', 'counted' or '' where nothing is said."""
    whole = month_header(value)
    if whole is not None or not isinstance(value, str) or len(value) >= 40:
        return (whole, "") if whole is not None else None
    words = re.sub(r"[()\[\]:,–_€$£]", " ", value.casefold()).split()
    kinds = ((_SPENT, "spent"), (_PLANNED, "planned"), (_COUNTED, "counted"))
    said = {kind for known, kind in kinds if any(known.fullmatch(word) for word in words)}
    rest = " ".join(word for word in words if not any(known.fullmatch(word) for known, _ in kinds)).strip(" -/")
    span = _named(rest) if rest else None
    return (span, said.pop()) if span is not None and len(said) == 1 else None
