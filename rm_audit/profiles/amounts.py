"""Texts and numbers → exact micro-units and counts. The decimal mark is settled for the whole column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from rm_audit.profiles.headers import currency_code
from rm_audit.readers import Value
from rm_audit.tables import MICROS

_DIGIT = re.compile(r"\d")
_SAME = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2212": "-", "'": "’"})  # marks that mean the same
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
    part = re.sub(r"[A-Za-z€£$¥%]", "", text).translate(_SAME).strip()
    return re.sub(r"^-\s+", "-", part)


def _parse(text: str, locale: str) -> Decimal | None:
    part = _number_part(text)
    if re.search(r"[A-Za-z]", text) and not currency_code(text):
        return None
    negative = (part.startswith("(") and part.endswith(")")) or part.endswith("-")
    part = part.removesuffix("-").strip("() ")
    number = _read(part, locale)
    if number is None or abs(number) > MOST:
        return None
    number = -number if negative else number
    return number / 100 if "%" in text else number


def _read(part: str, locale: str) -> Decimal | None:
    """A bare number in a locale. The library judges each shape of digits and marks once; digits are then exact."""
    if not _fits(_shape(part), locale):
        return None
    decimal, group = _symbols(locale)
    return Decimal(part.replace(group, "").replace(decimal, "."))


def _shape(part: str) -> str:
    """The marks of a number with a 9 for each digit; a leading 0 stays, for 0.125 can be no thousands."""
    shape = _DIGIT.sub("9", part)
    return re.sub(r"^(\D*)9(?=\D)", r"\g<1>0", shape) if re.match(r"\D*0\D", part) else shape


@lru_cache(maxsize=4096)
def _fits(shape: str, locale: str) -> bool:
    """Whether a number of this shape is written correctly in the locale, thousands marks and all."""
    from babel.numbers import NumberFormatError, parse_decimal

    written = shape.replace(" ", "\u202f") if locale == "fr_FR" else shape
    try:
        return parse_decimal(written, locale=locale, strict=True).is_finite()
    except (NumberFormatError, ValueError):
        return False


@lru_cache(maxsize=8)
def _symbols(locale: str) -> tuple[str, str]:
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return get_decimal_symbol(locale), " " if locale == "fr_FR" else get_group_symbol(locale)


def _locale_of(parts: Sequence[str]) -> str:
    """The way of writing numbers that reads the most cells; where two do, the one that gives whole cents."""
    shapes = Counter(_shape(part) for part in parts)
    read = {locale: sum(n for shape, n in shapes.items() if _parse(shape, locale) is not None) for locale in _LOCALES}
    best = max(read.values())
    rivals = [locale for locale in _LOCALES if read[locale] == best]
    return min(rivals, key=lambda locale: (_three_decimals(shapes, locale), _LOCALES.index(locale)))


def _three_decimals(shapes: Counter[str], locale: str) -> int:
    """Money with exactly three decimals is far more likely to be thousands: '1.234' is not 1 euro 23.4."""
    numbers = [(_parse(shape, locale), count) for shape, count in shapes.items()]
    return sum(count for number, count in numbers if number is not None and number.as_tuple().exponent == -3)
