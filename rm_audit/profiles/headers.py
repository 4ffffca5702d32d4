"""Header cells → the words that profiles know."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache

from rm_audit.readers import Value

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_MARKS = re.compile(r"[\W_]+")
_CODE = re.compile(r"\b([A-Z]{3})\b")
_MONTH_YEAR = re.compile(r"(?:([^\W\d_]+)[ .'/-]*(\d{4}|\d{2})?|(\d{4})[ ./-](\d{1,2})|(\d{1,2})[./-](\d{4}))")
LANGUAGES = ("en", "de", "fr", "nl", "es", "it", "pt")
_THOUSANDS = re.compile(
    r"\bk ?[€$£]|[€$£] ?k\b|\bk(?:EUR|USD|GBP|CHF)\b|\bTEUR\b|['’]000|\bin thousands?\b", re.IGNORECASE
)
_GROSS = re.compile(r"\bincl|\bgross\b|\bbrutto\b|\bTTC\b", re.IGNORECASE)
_SIGNS = {"€": "EUR", "£": "GBP"}  # $ and ¥ name several currencies, so they name none here


def plain(value: Value) -> str:
    """A header without case, brackets and marks: 'Spend (EUR)' → 'spend', 'dateOfHire' → 'date of hire'."""
    if not isinstance(value, str):
        return ""
    split = _CAMEL.sub(" ", _BRACKETS.sub(" ", value))
    words = _MARKS.sub(" ", split.casefold().replace("'", "")).strip()
    return re.sub(r"^(?:no|nr|number) of ", "", words)


@cache
def _currency_codes() -> frozenset[str]:
    from babel.core import get_global

    return frozenset(get_global("all_currencies"))


def currency_code(text: str) -> str | None:
    """The currency that a header or a cell names by code or by an unmistakable sign; None where it names none."""
    for sign, code in _SIGNS.items():
        if sign in text:
            return code
    return next((code for code in _CODE.findall(text) if code in _currency_codes()), None)


def thousands(value: Value) -> bool:
    """Whether a header says that its amounts are in thousands: `Spend (k€)`, `Cost, EUR '000`."""
    return isinstance(value, str) and bool(_THOUSANDS.search(value))


def gross(value: Value) -> bool:
    """Whether a header says that tax is in its amounts."""
    return isinstance(value, str) and bool(_GROSS.search(value))


def header_currency(value: Value) -> str | None:
    """The currency in a header's brackets or after its words, as in `Spend (EUR)` and `Cost USD`."""
    return currency_code(value) if isinstance(value, str) else None


@cache
def _month_names() -> dict[str, int]:
    """Month names and abbreviations in the languages of the exports, from the Unicode locale data."""
    from babel.dates import get_month_names

    names: dict[str, int] = {}
    for language in reversed(LANGUAGES):  # English last, so that it wins where a word means two months
        for width in ("abbreviated", "wide"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    names[name.casefold().rstrip(".")] = number
    names["sept"] = 9
    return names


def month_number(word: str) -> int | None:
    """1 to 12 for a month's name in a known language."""
    return _month_names().get(word.casefold().strip().rstrip("."))


def month_header(value: Value) -> tuple[int | None, int] | None:
    """(year or None, month) where a header names a month: January, Jan-26, 2026-01, a date on a first of month."""
    if isinstance(value, datetime | date):
        return (value.year, value.month) if value.day == 1 else None
    if not isinstance(value, str):
        return None
    match = _MONTH_YEAR.fullmatch(value.strip().casefold())
    if not match:
        return None
    word, year, year_first, month_second, month_first, year_second = match.groups()
    if word:
        month = month_number(word)
        return (_full_year(year), month) if month else None
    number = int(month_second or month_first)
    return (int(year_first or year_second), number) if 1 <= number <= 12 else None


def _full_year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)
