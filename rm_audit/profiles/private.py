"""Whether a column is about people, by what stands in it and not by its header.

It errs on one side: a column of names may be missed, a column of vendors, places, campaigns, jobs or ids must not be
taken for one. Names are known by common given names (`private.yaml`), so rarer ones are missed. Birth dates are not
looked for: by content they cannot be told from the dates on which people of long service were hired.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from rm_audit.yamls import load

MOST = 300  # distinct texts that are looked at: enough for any share below, and quick
# Judgements. Half of the texts decide where the shape leaves no doubt; names and phone numbers have shapes that other
# things have too.
CLEAR, MAJORITY, SHAPED, GIVEN = 0.5, 0.8, 0.9, 0.5
GIVEN_BEHIND_COMMA = 0.3  # 'Last, First' is a shape that little else has
STRAY = 0.05  # 'Board of Directors' among the names of managers
FEWEST = 5  # distinct names or numbers: two agencies may be called after their founders
# Numbers such as 555-201-3344 are how an ad platform writes its accounts, of which 64% would pass for telephone numbers
# (8/9 * 9/10 * 8/10); that twelve do has a chance of one in 200.
FEWEST_DASHED = 12
LEAST_PART = 0.3  # an address that is less of its cell stands in a text about something else

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
_PROFILE = re.compile(
    r"(?<![\w-])(?:https?://)?(?:[\w-]+\.)?(?:linkedin\.com/(?:in|pub|talent/profile)|xing\.com/profile|viadeo\.com/\w\w/profile)/\S+",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\s*(?:tel|phone|telefon|mobile?|handy|cell|fon|gsm|t[ée]l)\w*\.?\s*:?\s*", re.IGNORECASE)
_EXTENSION = re.compile(r"\s*(?:ext|x|durchwahl)\.?\s?\d{1,4}$", re.IGNORECASE)
# Digits alone, and digits with one dash, are how ids and invoices are written: neither is taken for a number here.
_INTERNATIONAL = re.compile(r"(?:\+[1-9]|00[1-9]\d{0,2}[ ./(-])(?:[ ./()-]{0,2}\d){7,13}")
_NATIONAL = re.compile(
    r"(?:\(0[1-9]\d{0,4}\) ?|0[1-9]\d{0,4} ?/ ?(?!20[0-3]\d)|0[1-9]\d{0,4} )\d(?: ?-?\d){5,9}|0[1-9](?:[ .]\d\d){4}"
)
_AMERICAN = re.compile(r"(?:1[ .-])?(?:\([2-9][0-8]\d\) ?|[2-9][0-8]\d[. ])[2-9]\d\d[ .-]\d{4}")
_DASHED = re.compile(r"(?:1-)?[2-9][0-8]\d-[2-9]\d\d-\d{4}")
_SHAPE = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?(?:,? [^\W\d_]+(?:['’-][^\W\d_]+)*\.?){1,4}")
_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d"})  # which Unicode takes for letters of their own
_PARTICLES = frozenset(
    {"van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "la", "le", "ter", "zu", "bin"}
)

# Texts that people wrote: what stands in them is judged, and never shown whole.
PROSE = frozenset({"body", "subject"})


def without_addresses(text: str) -> str:
    """A text with no e-mail address in it."""
    return _EMAIL.sub("(an e-mail address)", text) if "@" in text else text


def looks_personal(values: Iterable[object]) -> str | None:
    """What a column's cells are, where they are about people: 'e-mail addresses', 'profile links', 'phone numbers' or
    'names'. None where they are not, or where nothing is sure."""
    texts = _first(_texts(values))
    if not texts:
        return None
    if _share(texts, lambda text: _is_mainly(_EMAIL, text)) >= CLEAR:
        return "e-mail addresses"
    if _share(texts, lambda text: _is_mainly(_PROFILE, text)) >= CLEAR:
        return "profile links"
    if len(texts) < FEWEST:
        return None
    if _are_phones(texts):
        return "phone numbers"
    return "names" if _are_names(texts) else None


def _first(texts: Iterable[str]) -> list[str]:
    """The first distinct ones: no more are looked at, and there may be many."""
    found: dict[str, None] = {}
    for text in texts:
        found[text] = None
        if len(found) == MOST:
            break
    return list(found)


def _texts(values: Iterable[object]) -> Iterable[str]:
    return (" ".join(value.split()) for value in values if isinstance(value, str) and not value.isspace() and value)


def _share(texts: list[str], test: Any) -> float:
    return sum(map(bool, map(test, texts))) / len(texts)


def _is_mainly(pattern: re.Pattern[str], text: str) -> bool:
    return sum(len(found[0]) for found in pattern.finditer(text)) >= LEAST_PART * len(text)


def _are_phones(texts: list[str]) -> bool:
    bare = [_EXTENSION.sub("", _LABEL.sub("", text)) for text in texts]
    sure = _share(bare, lambda text: any(form.fullmatch(text) for form in (_INTERNATIONAL, _NATIONAL, _AMERICAN)))
    if sure >= MAJORITY:
        return True
    dashed = [text for text in texts if _DASHED.fullmatch(text)]
    return len(dashed) == len(texts) >= FEWEST_DASHED


def _are_names(texts: list[str]) -> bool:
    words = [_words(text) for text in texts]
    business = sum(any(word in _known("business") for word in each) for each in words)
    if business > STRAY * len(texts):
        return False
    shaped = [text for text, each in zip(texts, words, strict=True) if _is_shaped(text, each)]
    if len(shaped) < SHAPED * len(texts):
        return False
    least = GIVEN_BEHIND_COMMA if all("," in text for text in shaped) else GIVEN
    return sum(_has_given(text) for text in shaped) >= max(FEWEST, least * len(texts))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_STROKES))
    return "".join(char for char in plain if not unicodedata.combining(char))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", _folded(text))


def _is_shaped(text: str, words: list[str]) -> bool:
    """Two to four words with capitals ('Last, First', 'First M. van Last'), and none of a place or a firm."""
    if not _SHAPE.fullmatch(text) or any(word in _known("other") for word in words):
        return False
    parts = _without_titles(text)
    return 2 <= len(parts) <= 4 and all(part[0].isupper() for part in parts)


def _without_titles(text: str) -> list[str]:
    parts = text.replace(",", " ").split()
    return [part for part in parts if part not in _PARTICLES and _folded(part.rstrip(".")) not in _known("titles")]


def _has_given(text: str) -> bool:
    """A common given name stands where one does: behind the comma, first, or last behind a surname in capitals."""
    _, comma, first = text.partition(",")
    parts = _without_titles(first if comma else text)
    if not parts:
        return False
    names = [parts[0]]
    if not comma and parts[0].isupper() and not parts[-1].isupper() and len(parts[0]) > 1:
        names = [parts[-1]]
    return any(part in _known("given") for name in names for part in (_folded(name), _folded(name).split("-")[0]))


def nobody() -> frozenset[str]:
    """What stands where a person was taken out: in small letters, without brackets around it."""
    return _known("nobody")


@cache
def _known(kind: str) -> frozenset[str]:
    return frozenset(_data()[kind])


@cache
def _data() -> Mapping[str, Any]:
    path = Path(__file__).parent / "private.yaml"
    data: Mapping[str, Any] = load(path.read_text(encoding="utf-8"), path.name).data
    return data
