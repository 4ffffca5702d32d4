"""Currencies as people write them beside an amount: codes, and signs that name one currency only."""

from __future__ import annotations

import re
from functools import cache, lru_cache

# Signs of the Unicode locale data that name one currency; a test compares them with the library, which is too slow to
# ask at every start. $, ¥ and kr name several currencies, and so name none.
SIGNS = {
    "US$": "USD", "CA$": "CAD", "AU$": "AUD", "A$": "AUD", "NZ$": "NZD", "HK$": "HKD", "NT$": "TWD", "MX$": "MXN",
    "R$": "BRL", "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₪": "ILS", "₫": "VND", "₱": "PHP", "₺": "TRY",
    "₴": "UAH", "₽": "RUB", "₦": "NGN", "฿": "THB", "zł": "PLN", "Kč": "CZK", "Ft": "HUF", "RM": "MYR", "Rp": "IDR",
}  # fmt: skip
NAMELESS = ("$", "¥", "kr.", "kr", "Fr.")
_SIGN = re.compile("|".join(re.escape(sign) for sign in sorted([*SIGNS, *NAMELESS], key=len, reverse=True)))
_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"(?<![^\W_])([A-Z]{3})(?![^\W_])")
# Codes that are English words: in a header in capitals they are words, unless they stand in brackets or alone.
_ALSO_WORDS = frozenset({"ALL", "TOP", "CUP", "PEN", "TRY", "MOP", "SOS", "LAK", "GEL", "BAM", "COP", "MAD"})


@cache
def codes() -> frozenset[str]:
    """Every code of ISO 4217, from the Unicode locale data."""
    from babel.core import get_global

    return frozenset(get_global("all_currencies"))


@lru_cache(maxsize=65_536)
def currency_code(text: str) -> str | None:
    """The currency that a header or a cell names by its code or by an unmistakable sign; None where it names none."""
    sign = _SIGN.search(text)
    while sign:
        if sign[0] in SIGNS and not _inside_word(text, sign):
            return SIGNS[sign[0]]
        sign = _SIGN.search(text, sign.end())
    for match in _CODE.finditer(text):
        if match[1] in codes() and (match[1] not in _ALSO_WORDS or _stands_apart(text, match)):
            return match[1]
    return None


@lru_cache(maxsize=65_536)
def currency_of_row(text: str) -> str | None:
    """The currency that a cell in a column of currencies names: EUR, eur, €, Euro. A word that is none stays, in
    capitals, so that it is asked about; a sign that names several currencies names none."""
    code = currency_code(text) or currency_code(text.upper()) or _by_name().get(text.casefold())
    return code or (None if text in NAMELESS else text.upper())


@cache
def _by_name() -> dict[str, str]:
    """The English name of each currency → its code."""
    from babel import Locale

    return {name.casefold(): code for code, name in Locale("en").currencies.items()}


def is_code(word: str) -> bool:
    """Whether a single word is a currency's code and no English word."""
    return word.upper() in codes() and word.upper() not in _ALSO_WORDS


def without_currency(text: str) -> str:
    """An amount without its sign or code, whatever stands around it; words that are no currency stay."""
    bare = _SIGN.sub(lambda match: match[0] if _inside_word(text, match) else "", text)
    return _WORD.sub(lambda match: "" if match[0].upper() in codes() and len(match[0]) == 3 else match[0], bare)


def _inside_word(text: str, match: re.Match[str]) -> bool:
    """Whether a sign made of letters, such as RM, is a part of a longer word."""
    before, after = text[: match.start()], text[match.end() :]
    return (match[0][0].isalpha() and before[-1:].isalpha()) or (match[0][-1].isalpha() and after[:1].isalpha())


def _stands_apart(text: str, match: re.Match[str]) -> bool:
    return text.strip() == match[1] or text[match.start() - 1 : match.start()] in ("(", "[")
