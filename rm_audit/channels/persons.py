"""Spellings that may hold the name of a person: who referred, or whose search it was. Such a name is never shown."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rm_audit.channels.data import core_kinds, grammar, known_cores, spelled
from rm_audit.channels.grammar import holds, parts, phrases, read

_MOST_WORDS = 4  # 'Max M. von Mustermann'
_NAME = re.compile(r"(?:[^\W\d_][\w'’.-]*)$")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
ADDRESS = "An e-mail address"  # what a source is called that is nothing else
_SAYINGS = ("before", "after", "paid", "organic", "countries", "apart")
_SITE_KINDS = ("job-board", "big-site", "social", "search", "sourcing")


@lru_cache(maxsize=65_536)
def is_referral(text: str) -> bool:
    """'Referral', 'Referred by X', 'Employee Referral: X', 'X (Referral)'; no programme, bonus or tool."""
    words, data = tuple(spelled(text).split()), grammar()["referral"]
    for count in range(1, min(len(words), _most_referral_words() + 1)):
        if words[:count] in _referral_phrases() and words[count] not in data["not_before"]:
            return True
    pieces = parts(text)
    return len(pieces) > 1 and spelled(pieces[-1]) in data["after"] and may_be_person(pieces[0])


@cache
def _referral_phrases() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(spelled(item).split()) for item in grammar()["referral"]["before"])


@cache
def _most_referral_words() -> int:
    return max(map(len, _referral_phrases()))


@lru_cache(maxsize=65_536)
def may_be_person(text: str) -> bool:
    """Two to four capitalised words, none of them a plain word: 'Jane Doe', 'J. Doe'; or 'Doe, Jane'; or an address."""
    if _MAIL.search(text):
        return True
    named = [word for word in text.replace(",", " ").split() if word.lower() not in grammar()["small"]]
    return len(named) > 1 and all(word[0].isupper() for word in named) and _are_names(text)


def _are_names(text: str) -> bool:
    """At most four words, none of which the grammar knows, and no known channel."""
    words, said = text.replace(",", " ").split(), tuple(spelled(text).split())
    plain = any(key in grammar()["plain"] for key in said) or any(said in phrases(name) for name in _SAYINGS)
    known = "".join(said) in known_cores()
    fits = 0 < len(words) <= _MOST_WORDS and all(map(_NAME.match, words))
    return fits and not plain and not known and not is_apart(text)


def may_hold_person(text: str) -> bool:
    """Whether a spelling tells of a referral, or has beside its channel what may be a person's name."""
    return is_referral(text) or without_person(text) != text


def without_person(text: str) -> str:
    """What is left without a person's name in front, or behind a known channel: 'Jane Doe - Xing' → 'Xing'.

    In front of a known channel any word may be a name that no list knows: 'jane - linkedin' → 'linkedin'. Behind
    anything else two words are rather the name of an agency or a place: 'Agency - Acme Frobnitz' stays.
    """
    pieces = parts(text)
    if not pieces:
        return text
    before = _are_names if _is_site(pieces[-1]) and not _is_site(pieces[0]) else may_be_person
    behind = may_be_person if _is_site(pieces[0]) or may_be_person(pieces[0]) else _is_address
    left = [
        piece
        for number, piece in enumerate(pieces)
        if not (_is_address(piece) or (behind if number else before)(piece))
    ]
    if not left and _is_address(text):
        return ADDRESS
    return text if not left or len(left) == len(pieces) else " - ".join(left)


def _is_address(piece: str) -> bool:
    return _MAIL.search(piece) is not None


def _is_site(piece: str) -> bool:
    return read(piece).core in _sites()


@cache
def _sites() -> frozenset[str]:
    """Known channels beside which a name is that of whoever searched there."""
    return frozenset(
        core for core, kind in core_kinds().items() if kind in _SITE_KINDS and core not in grammar()["no_sites"]
    )


def is_apart(piece: str) -> bool:
    """Whether a part says that it is another way to meet people than a channel's job ads; an agency's name does not."""
    words = tuple(spelled(piece).split())
    if set(words) & set(grammar()["companies"]) and not set(words) <= {*grammar()["plain"], *_single("apart")}:
        return False
    return holds(piece, "apart")


@cache
def _single(name: str) -> frozenset[str]:
    return frozenset(phrase[0] for phrase in phrases(name) if len(phrase) == 1)
