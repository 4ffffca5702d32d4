"""Spellings that may hold the name of a person: who referred, or whose search it was. Such a name is never shown."""

from __future__ import annotations

import re
from functools import cache

from rm_audit.channels.data import grammar, known_cores, spelled
from rm_audit.channels.grammar import holds, parts, phrases, read

_MOST_WORDS = 4  # 'Max M. von Mustermann'
_NAME = re.compile(r"(?:[^\W\d_][\w'’.-]*)$")
_SAYINGS = ("before", "after", "paid", "organic", "countries", "apart")
_SMALL = {"von", "van", "der", "den", "de", "da", "di", "la", "le", "el", "bin", "al"}


def is_referral(text: str) -> bool:
    """'Referral', 'Referred by X', 'Employee Referral: X', 'X (Referral)'; no programme, bonus or tool."""
    words, data = spelled(text).split(), grammar()["referral"]
    for phrase in (tuple(spelled(item).split()) for item in data["before"]):
        follows = words[len(phrase) : len(phrase) + 1]
        if tuple(words[: len(phrase)]) == phrase and follows and follows[0] not in data["not_before"]:
            return True
    pieces = parts(text)
    return len(pieces) > 1 and spelled(pieces[-1]) in data["after"] and may_be_person(pieces[0])


def may_be_person(text: str) -> bool:
    """Two to four capitalised words, none of them a plain word: 'Jane Doe', 'J. Doe'; or 'Doe, Jane'."""
    words = text.replace(",", " ").split()
    if not 2 <= len(words) <= _MOST_WORDS or spelled(text).replace(" ", "") in known_cores():
        return False
    named = [word for word in words if word.lower() not in _SMALL]
    said = tuple(spelled(text).split())
    plain = any(key in grammar()["plain"] for key in said) or any(said in phrases(name) for name in _SAYINGS)
    return not plain and len(named) > 1 and all(_NAME.match(word) and word[0].isupper() for word in named)


def may_hold_person(text: str) -> bool:
    """Whether a spelling has a part that may be a person's name beside another part, or tells of a referral."""
    pieces = parts(text)
    return is_referral(text) or (len(pieces) > 1 and any(map(may_be_person, pieces)))


def without_person(text: str) -> str:
    """What stands beside a person's name, where that is a known channel: 'Jane Doe - Xing' → 'Xing'."""
    pieces = parts(text)
    if len(pieces) < 2 or not any(map(may_be_person, pieces)):
        return text
    left = [piece for piece in pieces if not may_be_person(piece)]
    return " - ".join(left) if any(read(piece).core in known_cores() for piece in left) else text


def is_apart(piece: str) -> bool:
    """Whether a part says that it is another way to meet people than a channel's job ads; an agency's name does not."""
    words = tuple(spelled(piece).split())
    if set(words) & set(grammar()["companies"]) and not set(words) <= {*grammar()["plain"], *_single("apart")}:
        return False
    return holds(piece, "apart")


@cache
def _single(name: str) -> frozenset[str]:
    return frozenset(phrase[0] for phrase in phrases(name) if len(phrase) == 1)
