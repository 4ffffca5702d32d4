"""Header cells → the words that profiles know."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from rm_audit.profiles.currencies import codes, currency_code, is_code
from rm_audit.readers import Value

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BRACKETS = re.compile(r"[(\[{（]([^)\]}）]*)[)\]}）]")
_MARKS = re.compile(r"[\W_]+")
# What may stand in brackets without changing what a column is: units, years, taxes. 'Cost (per hire)' is no cost.
_HARMLESS = re.compile(
    r"""\s*(?:[#*.\s]*|.{0,2}[€$£¥]\s?k?|k\s?[€$£]|k(?:eur|usd|gbp|chf)|teur|['’]?000|in\s.{1,12}|(?:fy\s?)?(?:19|20)\d\d
    |utc|gmt|all|s|es|en|actuals?|paid|booked|invoiced|total|optional|required|media|net|gross|brutto|netto|h\.?t\.?|ttc
    |(?:excl?|incl?|ohne|zzgl|inkl|hors|before|after|without|with|w/o)\b.{0,24}|net\sof\s.{1,12}|pa|p\.a\.|[dmy]{1,4}([./-][dmy]{1,4})+
    |thousands?|local\scurrency|in\sutc|number|text|date)\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_THOUSANDS = re.compile(
    r"\bk ?[€$£]|[€$£] ?k\b|\bk(?:EUR|USD|GBP|CHF)\b|\bTEUR\b|['’]000|\bin thousands?\b", re.IGNORECASE
)
_GROSS = re.compile(r"\bincl|\bgross\b|\bbrutto\b|\bTTC\b", re.IGNORECASE)


@lru_cache(maxsize=65_536)
def _plain(text: str, all_brackets: bool) -> str:
    kept = _BRACKETS.sub(lambda match: " " if all_brackets or _is_harmless(match[1]) else f" {match[1]} ", text)
    kept = kept.replace("%", " percent ")
    words = _MARKS.sub(" ", _CAMEL.sub(" ", kept).casefold().replace("'", "").replace("’", "")).strip()
    return re.sub(r"^(?:(?:no|nr|number|sum|summe) (?:of|von) |somme de |suma de )", "", words)


def _is_harmless(inside: str) -> bool:
    return inside.strip().upper() in codes() or _HARMLESS.fullmatch(inside) is not None


def plain(value: Value) -> str:
    """A header without case, marks and units: 'Spend (EUR)' → 'spend', 'dateOfHire' → 'date of hire'."""
    return _plain(value, False) if isinstance(value, str) else ""


def without_code(words: str) -> str:
    """'cost usd' → 'cost'."""
    first, _, rest = words.rpartition(" ")
    return first if first and is_code(rest) else words


def bare(value: Value) -> str:
    """The same without anything in brackets: 'Email (Primary)' → 'email'."""
    return _plain(value, True) if isinstance(value, str) else ""


def scale(value: Value) -> tuple[Fraction, str]:
    """What to multiply amounts under a header by, and why: `Spend (k€)` is thousands, `cost_micros` is micros."""
    if isinstance(value, str) and _THOUSANDS.search(value):
        return Fraction(1000), "thousands: its amounts are multiplied by 1,000"
    if isinstance(value, str) and "micros" in plain(value).split():
        return Fraction(1, 1_000_000), "micros: its amounts are divided by 1,000,000"
    return Fraction(1), ""


def gross(value: Value) -> bool:
    """Whether a header says that tax is in its amounts."""
    return isinstance(value, str) and bool(_GROSS.search(value))


def header_currency(value: Value) -> str | None:
    """The currency in a header's brackets or after its words, as in `Spend (EUR)` and `Cost USD`."""
    return currency_code(value) if isinstance(value, str) else None
