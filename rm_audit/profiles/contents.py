"""What the cells of a column look like: money, counts, days, names that come back, prose, addresses of mail."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import islice

from rm_audit.profiles.currencies import codes
from rm_audit.profiles.dates import day_or_month
from rm_audit.readers import Value

SAMPLE = 200  # cells that are looked at
DISTINCT = 60  # different texts among them that are
MOST = 0.8  # of the filled cells must look alike; judgement: footers and blanks stand in real columns
SERIALS = (36_000, 60_000)  # days of 1998 to 2064 as a workbook counts them
_BLANKS = frozenset({"", "-", "--", " --", "—", "–", "n/a", "#n/a", "na", "null", "(null)", "none"})
_SIGN = r"(?:[€$£¥₹₦฿₩]|[A-Z]{1,2}\$|([^\W\d_]{2,3})\.?)"
_NUMBER = re.compile(rf"[-+(<≤]?\s?(?:{_SIGN}\s?)?[-+]?(\d[\d.,'’\s]*?)\s?(?:\(?{_SIGN}\)?)?\)?-?\s?(%?)")
_DATED = re.compile(
    r"\d{1,4}\. ?\d{1,2}\. ?\d{2,4}|(?:19|20)\d{6}(?:\d\d)?|\d{13}"
)  # a number's shape that is a day's too
_SIGN_WORDS = frozenset({"kr", "zł", "kč", "ft", "fr"})
_FRACTION = re.compile(r"[.,](?:[1-9]\d?|0[1-9]|\d{4,})$")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_ID = re.compile(r"(?=.*\d)[\w./#-]+")
_MARKS = frozenset({"yes", "no", "y", "n", "true", "false", "ja", "nein", "oui", "non", "x"})
SHORT = 40  # characters; no number and no date is longer
PROSE = 60  # characters on average; judgement: names of campaigns are shorter, messages are longer


@dataclass(frozen=True)
class Content:
    """One look at a column: what kind its cells are, and in words."""

    kind: str
    words: str


NOTHING = Content("empty", "no values")
_WORDS = {
    "money": "amounts",
    "count": "whole numbers",
    "serial": "whole numbers that may be days",
    "fraction": "fractions of one",
    "percent": "percentages",
    "day": "dates",
    "mail": "e-mail addresses",
    "code": "currency codes",
    "mark": "yes or no",
    "id": "numbers or codes of things",
    "prose": "long texts",
    "repeated": "texts that come back",
    "unique": "texts",
    "mixed": "of several kinds",
}


def content(values: Sequence[Value]) -> Content:
    """What most of the first cells are; blanks do not count."""
    kinds: Counter[str] = Counter()
    texts: Counter[str] = Counter()
    numbers: list[float] = []
    for value in values[:SAMPLE]:
        if isinstance(value, str):
            texts[value] += 1
        elif isinstance(value, bool):
            kinds["mark"] += 1
        elif isinstance(value, int | float):
            numbers.append(value)
        elif isinstance(value, date):
            kinds["day"] += 1
        elif isinstance(value, time | timedelta):
            kinds["mixed"] += 1
    if numbers:
        kinds[_of_numbers(numbers)] += len(numbers)
    kinds.update(_of_texts(texts))
    return _most(kinds)


def _most(kinds: Counter[str]) -> Content:
    total = kinds.total()
    if not total:
        return NOTHING
    if kinds["money"] and kinds["count"]:  # an amount may be whole
        kinds["money"] += kinds.pop("count")
    kind, count = kinds.most_common(1)[0]
    kind = kind if count >= MOST * total else "mixed"
    return Content(kind, _WORDS[kind])


def _of_numbers(numbers: Sequence[float]) -> str:
    whole = all(number == int(number) for number in numbers if abs(number) < 1e15)
    if whole and all(SERIALS[0] <= number <= SERIALS[1] for number in numbers):
        return "serial"
    if whole:
        return "count" if min(numbers) >= 0 else "money"
    return "fraction" if all(abs(number) <= 1 for number in numbers) else "money"


def _of_texts(texts: Counter[str]) -> Counter[str]:
    kinds: Counter[str] = Counter()
    rest: Counter[str] = Counter()
    for text, count in islice(texts.items(), DISTINCT):
        kind = _of_text(text.strip())
        if kind == "text":
            rest[text] += count
        elif kind:
            kinds[kind] += count
    if rest:
        kinds[_of_words(rest)] += rest.total()
    return kinds


def _of_text(text: str) -> str:
    """The kind of one cell; nothing for a blank, 'text' for whatever is no number, day or address."""
    if text.casefold() in _BLANKS:
        return ""
    if len(text) < SHORT:
        number = _NUMBER.fullmatch(text)
        if number is not None and _DATED.fullmatch(text) is None and _is_sign(number[1]) and _is_sign(number[3]):
            return "percent" if number[4] else "money" if _FRACTION.search(number[2].strip()) else "count"
        if day_or_month(text) not in (None, "serial"):
            return "day"
    return "mail" if _MAIL.fullmatch(text) else "text"


def _is_sign(letters: str | None) -> bool:
    return not letters or letters.upper() in codes() or letters.casefold() in _SIGN_WORDS


def _of_words(texts: Counter[str]) -> str:
    total, distinct = texts.total(), len(texts)
    folded = {text.strip().casefold() for text in texts}
    if folded <= _MARKS:
        return "mark"
    if all(len(text) == 3 and text.upper() in codes() for text in folded):
        return "code"
    if sum(map(len, texts)) >= PROSE * distinct:
        return "prose"
    if sum(_ID.fullmatch(text) is not None for text in folded) >= MOST * distinct:
        return "id"
    return "repeated" if distinct <= total * 0.7 else "unique"
