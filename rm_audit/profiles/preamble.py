"""What a file says of itself outside its table: the period, in lines above the header, a sheet's or a file's name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rm_audit.days import Period, from_day, is_credible, month_days
from rm_audit.profiles.currencies import currency_code
from rm_audit.profiles.dates import NO_HABIT, day_or_month, read_dates
from rm_audit.profiles.months import Span, month_header, month_number

# A date as a piece of a longer line; the longest form first.
_PIECE = re.compile(
    r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}|(?<!\d)(?:19|20)\d{6}(?!\d)"
    r"|\d{1,2}\.? (?:de )?[^\W\d_]{3,}\.?,? (?:de )?\d{4}|[^\W\d_]{3,}\.? \d{1,2},? \d{4}"
)
_GLUED = re.compile(r"(\d{1,2}-[A-Za-z]{3,}-\d{4})(?=\D|\d{1,2}-[A-Za-z]{3,}-\d{4})")  # Meta: '1-Sep-202430-Sep-2024'
_MADE = re.compile(
    r"generated|created|printed|exported|downloaded|run on|as of|aangemaakt|erstellt|stand|last completed|updated"
    r"|généré|generado|gerado",
    re.IGNORECASE,
)
_ONE_DAY = re.compile(r"report time: (\d[\d./-]+)", re.IGNORECASE)  # Microsoft: a report of one day names it once
_STARTS = re.compile(r"\b(?:start|begin|from|von|du|desde|van|début|inicio|início)", re.IGNORECASE)
_ENDS = re.compile(r"\b(?:end|to|until|till|bis|au|eind|einddatum|fin|hasta|fim|tot|ende)", re.IGNORECASE)
_YEAR_WORD = re.compile(r"(?<!\d)((?:19|20)\d\d) ([^\W\d_]{3,})")
_HALF = re.compile(r"\bH([12])[ _-]?((?:19|20)\d\d)", re.IGNORECASE)
_QUARTER_WORD = re.compile(r"\bQ[1-4]\b", re.IGNORECASE)
_TO = re.compile(r" (?:-|–|to|bis|au|tot|al?) ")
_SHORT_RANGE = re.compile(r"([^\W\d_]{3,})\.? (\d{1,2})(?:, (\d{4}))? ?[-–] ?(?:([^\W\d_]{3,})\.? )?(\d{1,2}), (\d{4})")
_MONTH_YEAR = re.compile(r"(?<![^\W_])([^\W\d_]{3,})\.?[ _-]?((?:19|20)\d\d)(?!\d)")
_YEAR_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.](0[1-9]|1[0-2])(?![\d]|[-_.]\d)")
_QUARTER = re.compile(
    r"(?<![^\W_])(?:Q([1-4])[ _-]?((?:19|20)\d\d)|((?:19|20)\d\d)[ _-]?Q([1-4]))(?!\d)", re.IGNORECASE
)
_YEAR = re.compile(r"(?<![\d/.])(?<!\d[-])((?:19|20)\d\d)(?![\d/.]|-\d)")
_FISCAL = re.compile(r"\bFY ?\d|\bfiscal|\bfinancial year|\bGJ\b|(?:19|20)\d\d/\d\d(?!\d)", re.IGNORECASE)
_TWO_YEARS = re.compile(r"(?:19|20)(\d\d)-(\d\d)(?!\d|-)")
_MONEY = re.compile(
    r"\b(?:currency|amounts?|all figures|figures|values|währung|valuta|devise|moneda|in|spend|costs?|kosten"
    r"|ausgaben)\b",
    re.IGNORECASE,
)


def stated_period(lines: Sequence[str], habit: Mapping[str, str] = NO_HABIT) -> Period | None:
    """The one period that the lines name: two dates in a line, a start and an end, a month, a quarter or a year.

    `habit` is how a platform writes dates, by the mark between day, month and year.
    """
    lines = [line for line in lines if not _MADE.search(line)]
    for line in lines:
        span = _range_in(line, habit) or _range_in(_ONE_DAY.sub(r"\1 - \1", line), habit)
        if span:
            return span
    ends = _start_and_end(lines, habit)
    return ends or _one_of([_month_or_year(line) for line in lines])


def name_period(name: str) -> Period | None:
    """The period in the name of a file or sheet. A single day there is when somebody saved it, and says nothing."""
    glued = _GLUED.findall(name)
    if len(glued) == 2:
        return _between(*(_day(piece.replace("-", " ")) for piece in glued))
    return _range_in(name) or (None if _PIECE.search(name.replace("_", "-")) else _month_or_year(name))


def stated_currency(lines: Sequence[str]) -> str | None:
    """The currency that a line above the table names, as in 'All amounts in EUR'."""
    found = {code for line in lines if _MONEY.search(line) and (code := currency_code(line))}
    return found.pop() if len(found) == 1 else None


def _range_in(line: str, habit: Mapping[str, str] = NO_HABIT) -> Period | None:
    pieces = _PIECE.findall(line)
    both = len(pieces) == 2
    spans = read_dates(pieces, frozenset(), None, habit=habit).spans if both else []  # one order of day and month
    if len(spans) == 2 and spans[0] and spans[1]:
        return _between(spans[0][0], spans[1][1])
    short = _SHORT_RANGE.search(line)  # 'Feb 1 - Feb 28, 2026', 'March 1 – 31, 2026'
    if short is None:
        return None
    month, day, year, last_month, last_day, last_year = short.groups()
    return _between(_day(f"{day} {month} {year or last_year}"), _day(f"{last_day} {last_month or month} {last_year}"))


def _start_and_end(lines: Sequence[str], habit: Mapping[str, str]) -> Period | None:
    starts: list[str] = []
    ends: list[str] = []
    for line in lines:
        pieces = _PIECE.findall(line)
        sides = ((_STARTS, starts), (_ENDS, ends))
        words = [(match.start(), into) for word, into in sides if (match := word.search(line))]
        if len(pieces) == 1 and words:
            min(words, key=lambda word: word[0])[1].append(pieces[0])
    return _range_in(f"{starts[0]} - {ends[0]}", habit) if len(starts) == 1 and len(ends) == 1 else None


def _day(piece: str) -> int | None:
    found = day_or_month(piece)
    return found[0] if isinstance(found, tuple) and not isinstance(found, Span) else None


def _between(first: int | None, last: int | None) -> Period | None:
    if first is None or last is None or first > last or not is_credible(first, last):
        return None
    return Period(first, last)


def _month_or_year(text: str) -> Period | None:
    if _FISCAL.search(text) or any(int(last) == int(first) + 1 for first, last in _TWO_YEARS.findall(text)):
        return None
    spans = [(int(q[1] or q[2]), 3 * int(q[0] or q[3]) - 2, 3) for q in _QUARTER.findall(text)]
    spans += [(int(year), int(month), 1) for year, month in _YEAR_MONTH.findall(text)]
    spans += [(int(year), number, 1) for word, year in _MONTH_YEAR.findall(text) if (number := month_number(word))]
    if not spans:
        spans = [(int(year), number, 1) for year, word in _YEAR_WORD.findall(text) if (number := month_number(word))]
    halves = [(int(year), 6 * int(half) - 5, 6) for half, year in _HALF.findall(text)]
    spans += halves
    if len(_QUARTER_WORD.findall(text)) > len(_QUARTER.findall(text)):
        return None
    spans = spans if spans else [(int(year), 1, 12) for year in set(_YEAR.findall(text))]
    if len(spans) == 2 and _TO.search(text) and not halves:
        (year, month, _), (last_year, last_month, length) = spans
        first, last = month_days(year, month)[0], month_days(last_year, last_month + length - 1)[1]
        return _between(first, last)
    days = {(month_days(year, month)[0], month_days(year, month + length - 1)[1]) for year, month, length in spans}
    return _between(*days.pop()) if len(days) == 1 else None


def _one_of(found: Sequence[Period | None]) -> Period | None:
    known = {period for period in found if period is not None}
    return known.pop() if len(known) == 1 else None


def is_whole_year(period: Period) -> bool:
    start, end = from_day(period.start), from_day(period.end)
    return (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year


def yearless_month(name: str) -> Span | None:
    """A sheet called 'March' or 'Q1' and no more."""
    span = month_header(name)
    return span if span is not None and span.year is None else None
