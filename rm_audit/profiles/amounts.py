"""Texts and numbers → exact micro-units and counts. The decimal mark is settled for the whole column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from rm_audit.profiles.headers import currency_code
from rm_audit.readers import Value
from rm_audit.tables import MICROS

_SIGNS = re.compile(r"[^\d.,'’+\-()  \s]|[ \t]+$|^[ \t]+")
_LOCALES = ("en_US", "de_DE", "fr_FR", "de_CH")
MOST = Decimal(9_000_000_000_000)  # what fits in 64 bits as micro-units


@dataclass(frozen=True)
class Amounts:
    """One column read as numbers. `bad` are positions of cells that hold a text where a number should be."""

    micros: list[int | None]
    currencies: list[str | None]
    bad: list[int]


def read_amounts(values: Sequence[Value], blanks: frozenset[str]) -> Amounts:
    """Every cell of one column as micro-units; blank markers are None and never zero."""
    texts = {value for value in values if isinstance(value, str) and not is_blank(value, blanks)}
    locale = _locale_of([_number_part(text) for text in texts])
    parsed = {text: _parse(text, locale) for text in texts}
    micros: list[int | None] = []
    bad: list[int] = []
    for position, value in enumerate(values):
        number = parsed.get(value) if isinstance(value, str) else _from_number(value)
        if number is None and not is_blank(value, blanks):
            bad.append(position)
        micros.append(None if number is None else to_micros(number))
    currencies = [currency_code(value) if isinstance(value, str) else None for value in values]
    return Amounts(micros, currencies, bad)


def is_blank(value: Value, blanks: frozenset[str]) -> bool:
    """Empty, or one of the marks that exports write for 'no value'."""
    return value is None or (isinstance(value, str) and value.strip().casefold() in blanks | {""})


def to_micros(number: Decimal) -> int:
    return int((number * MICROS).to_integral_value(ROUND_HALF_EVEN))


def _from_number(value: Value) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    number = Decimal(repr(value))
    return number if abs(number) <= MOST else None


def _number_part(text: str) -> str:
    return re.sub(r"[A-Za-z€£$¥%]", "", text).strip()


def _parse(text: str, locale: str) -> Decimal | None:
    from babel.numbers import NumberFormatError, parse_decimal

    part = _number_part(text)
    if re.search(r"[A-Za-z]", text) and not currency_code(text):
        return None
    negative = part.startswith("(") and part.endswith(")")
    part = part.strip("()").replace("\u00a0", " ").strip()
    if part.endswith("-"):
        part, negative = part[:-1], True
    if locale == "fr_FR":
        part = part.replace(" ", "\u202f")
    try:
        number = parse_decimal(part, locale=locale, strict=True)
    except (NumberFormatError, ValueError):
        return None
    if not number.is_finite() or abs(number) > MOST:
        return None
    number = -number if negative else number
    return number / 100 if "%" in text else number


def _locale_of(parts: Sequence[str]) -> str:
    """The way of writing numbers that reads the most cells; where two do, the one that gives whole cents."""
    best = max(_LOCALES, key=lambda locale: (_readable(parts, locale), -_LOCALES.index(locale)))
    rivals = [locale for locale in _LOCALES if _readable(parts, locale) == _readable(parts, best)]
    return min(rivals, key=lambda locale: (_three_decimals(parts, locale), _LOCALES.index(locale)))


def _readable(parts: Sequence[str], locale: str) -> int:
    return sum(_parse(part, locale) is not None for part in parts)


def _three_decimals(parts: Sequence[str], locale: str) -> int:
    """Money with exactly three decimals is far more likely to be thousands: '1.234' is not 1 euro 23.4."""
    numbers = [number for number in (_parse(part, locale) for part in parts) if number is not None]
    return sum(number.as_tuple().exponent == -3 for number in numbers)
