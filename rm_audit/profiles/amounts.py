"""Texts and numbers → exact micro-units and counts. The decimal mark is settled for the whole column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

import numpy as np

from rm_audit.profiles.currencies import currency_code, without_currency
from rm_audit.readers import Value, is_error
from rm_audit.tables import MICROS

_DIGIT = re.compile(r"\d")
_NINES = str.maketrans(dict.fromkeys("0123456789", "9"))
_BARE = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?")
_SAME = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-", "'": "’"})  # the same to people
_LOCALES = ("en_US", "de_DE", "fr_FR", "de_CH", "en_IN")
_MASKED = re.compile(r"[<≤>≥]\s*\d[\d.,]*\s*%?")  # '<5', '< 10%': a count that the platform will not tell
_NO_CENTS = re.compile(r"(?<=\d)[.,](?:-{1,2}|–|—)$")  # '150,-' is a price without cents, and no credit
_THREE = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")  # 0.125 can be no thousands
MOST = Decimal(9_000_000_000_000)  # what fits in 64 bits as micro-units
LONGEST_BLANK = 24  # characters; no mark for 'no value' is longer
SURE = 4_000_000_000  # below it a float times a million is off by less than half
_NUMBERS = {int, float, type(None)}
_TEXTS = {str, type(None)}


@dataclass(frozen=True)
class Amounts:
    """One column read as numbers. Positions: `bad` cells hold a text where a number should be, `errors` an error such
    as #N/A, `unsure` a mark that could be a decimal mark or a thousands mark. `texts` are the distinct texts in it."""

    micros: list[int | None]
    currencies: list[str | None]
    bad: list[int] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)
    unsure: list[int] = field(default_factory=list)
    texts: frozenset[str] = frozenset()


def read_amounts(values: Sequence[Value], blanks: frozenset[str], locale: str = "") -> Amounts:
    """Every cell of one column as micro-units; blank markers and masked counts are None and never zero. `locale` is
    how other cells of the column settled the way of writing numbers."""
    kinds = set(map(type, values))
    if kinds <= _NUMBERS:
        return _all_numbers(values)
    alone = kinds <= _TEXTS  # as in every text file
    distinct = dict.fromkeys(values) if alone else values
    texts = frozenset(value for value in distinct if isinstance(value, str))
    known = {text for text in texts if not is_blank(text, blanks)}
    locale = locale or locale_of(known)
    # A text is looked at once, and there may be a million cells. Other values are not: 1 and True are the same key.
    bare = {text for text in known if _BARE.fullmatch(text)} if locale == _LOCALES[0] else set()
    read: dict[Value, int | None] = {text: _bare_micros(text) for text in bare}
    read[None] = None
    read |= {text: _micros(_parse(text, locale) if text in known else None) for text in texts - bare}
    named = {text: code for text in texts - bare if (code := currency_code(text))}
    errors = {text for text in texts if is_error(text)}
    unread = {text for text in known - errors if read[text] is None and not _is_masked(text)}
    if alone:
        micros = list(map(read.__getitem__, values))
    else:
        micros = [read[value] if isinstance(value, str) else _micros(_from_number(value)) for value in values]
    sure = alone and not unread
    return Amounts(
        micros,
        [named.get(value) if isinstance(value, str) else None for value in values] if named else [None] * len(values),
        [] if sure else [p for p, v in enumerate(values) if (v in unread if isinstance(v, str) else _is_bad(v))],
        [p for p, value in enumerate(values) if isinstance(value, str) and value in errors] if errors else [],
        _unsure(values, known),
        texts,
    )


def _is_bad(value: Value) -> bool:
    """Whether what is no text is no number either: a day, a time, yes or no, or more than fits."""
    return value is not None and _from_number(value) is None


def _bare_micros(text: str) -> int:
    """What `_parse` makes of figures with a point at most, as nearly all exports write them, in a tenth of the time."""
    whole, _, rest = text.partition(".")
    return int(whole + rest.ljust(6, "0"))


def _micros(number: Decimal | None) -> int | None:
    return None if number is None else to_micros(number)


def _all_numbers(values: Sequence[Value]) -> Amounts:
    """The same for a column of true numbers, at once."""
    floats = np.array(values, dtype=np.float64)
    if not (np.abs(floats[~np.isnan(floats)]) < SURE).all():
        numbers = [_from_number(value) for value in values]
        bad = [p for p, (n, v) in enumerate(zip(numbers, values, strict=True)) if n is None and v is not None]
        return Amounts([None if n is None else to_micros(n) for n in numbers], [None] * len(values), bad)
    unknown = np.isnan(floats)
    micros: list[int | None] = np.rint(np.where(unknown, 0, floats) * MICROS).astype(np.int64).tolist()
    for position in np.flatnonzero(unknown).tolist():
        micros[position] = None
    return Amounts(micros, [None] * len(values))


def is_blank(value: Value, blanks: frozenset[str]) -> bool:
    """Empty, or one of the marks that exports write for 'no value'."""
    if not isinstance(value, str):
        return value is None
    text = value.strip()
    return not text or (len(text) <= LONGEST_BLANK and text.casefold() in blanks)


def to_micros(number: Decimal) -> int:
    return int((number * MICROS).to_integral_value(ROUND_HALF_EVEN))


def _is_masked(value: Value) -> bool:
    return isinstance(value, str) and _MASKED.fullmatch(value.strip()) is not None


def _from_number(value: Value) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    number = Decimal(repr(value))
    return number if abs(number) <= MOST else None


@lru_cache(maxsize=65_536)
def _number_part(text: str) -> str:
    part = without_currency(text.translate(_SAME)).replace("%", "").replace("()", "").replace("[]", "").strip()
    part = _NO_CENTS.sub("", part)
    return re.sub(r"^([-+(])\s+", r"\1", part).removeprefix("’")


def _parse(text: str, locale: str) -> Decimal | None:
    part = _number_part(text)
    negative = (part.startswith("(") and part.endswith(")")) or part.endswith("-")
    part = part.removesuffix("-").strip("() ").removeprefix("+")
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
    shape = part.translate(_NINES) if part.isascii() else _DIGIT.sub("9", part)
    zero = "0" in part and re.match(r"\D*0\D", part)
    return re.sub(r"^(\D*)9(?=\D)", r"\g<1>0", shape) if zero else shape


@lru_cache(maxsize=4096)
def _fits(shape: str, locale: str) -> bool:
    """Whether a number of this shape is written correctly in the locale, thousands marks and all."""
    from babel.numbers import NumberFormatError, parse_decimal

    written = shape.replace(" ", "\u202f") if locale == "fr_FR" else shape
    if locale == "de_CH":  # releases of the library differ in the apostrophe; a comma means the same to it elsewhere
        written, locale = ("" if "," in shape else shape.replace("’", ",")), "en_US"
    try:
        return parse_decimal(written, locale=locale, strict=True).is_finite()
    except (NumberFormatError, ValueError, ArithmeticError):  # 1.5E+02 is a rounded amount: not read as one
        return False


@lru_cache(maxsize=8)
def _symbols(locale: str) -> tuple[str, str]:
    from babel.numbers import get_decimal_symbol, get_group_symbol

    if locale == "de_CH":
        return ".", "’"
    return get_decimal_symbol(locale), " " if locale == "fr_FR" else get_group_symbol(locale)


def locale_of(texts: Iterable[str]) -> str:
    """The way of writing numbers that reads the most cells; where two do, the one that gives whole cents."""
    shapes: Counter[str] = Counter()
    for text, count in Counter(map(_shape, texts)).items():
        shapes[_shape(_number_part(text))] += count
    read = {locale: sum(n for shape, n in shapes.items() if _parse(shape, locale) is not None) for locale in _LOCALES}
    best = max(read.values())
    rivals = [locale for locale in _LOCALES if read[locale] == best]
    return min(rivals, key=lambda locale: (_three_decimals(shapes, locale), _LOCALES.index(locale)))


def _three_decimals(shapes: Counter[str], locale: str) -> int:
    """Money with exactly three decimals is far more likely to be thousands: '1.234' is not 1 euro 23.4."""
    numbers = [(_parse(shape, locale), count) for shape, count in shapes.items()]
    return sum(count for number, count in numbers if number is not None and number.as_tuple().exponent == -3)


@dataclass(frozen=True)
class Marks:
    """What the marks of a column say: whether cells such as 1.234 are in it, with a point or a comma, any with another
    mark, and any of four digits without."""

    three: bool = False
    points: bool = False
    other: bool = False
    unmarked: bool = False

    @property
    def unsure(self) -> bool:
        """Whether no cell settles what 1.234 is, one thousand or one and a bit.

        A comma before three digits is a thousands mark wherever amounts are money. A point is one in half of Europe,
        and a decimal mark in exports of databases; true numbers or unmarked thousands beside it speak for the latter.
        """
        return self.three and not self.other and (self.points or self.unmarked)

    def __or__(self, more: Marks) -> Marks:
        return Marks(*(getattr(self, name) or getattr(more, name) for name in ("three", "points", "other", "unmarked")))


def marks_of(texts: Iterable[str]) -> Marks:
    """The marks of some cells that are not blank."""
    found = Marks()
    for text in set(map(_shape, texts)):  # of many cells there are few
        three = _is_three(text)
        marked = three or re.search(r"[.,’ ]\d", _number_part(text)) is not None
        unmarked = not marked and re.fullmatch(r"\D*\d{4,}\D*", text) is not None
        if marked or unmarked:
            found |= Marks(three, three and "." in text, marked and not three, unmarked)
    return found


def _is_three(text: str) -> bool:
    return _THREE.fullmatch(_number_part(text).strip("()-+")) is not None


def _unsure(values: Sequence[Value], texts: set[str]) -> list[int]:
    marks = marks_of(texts)
    if not marks.three or marks.other:
        return []
    numbers = any(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    if not (marks | Marks(unmarked=numbers)).unsure:
        return []
    return [p for p, value in enumerate(values) if isinstance(value, str) and value in texts and _is_three(value)]
