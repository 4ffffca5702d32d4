"""What is known of sources before any book is read: spellings, kinds, and the words that are put around names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rm_audit.yamls import load

_MARKS = re.compile(r"[\W_]+")


@cache
def _file(name: str) -> Mapping[str, Any]:
    data: Mapping[str, Any] = load((Path(__file__).parent / name).read_text(encoding="utf-8"), name).data
    return data


def grammar() -> Mapping[str, Any]:
    return _file("grammar.yaml")


@lru_cache(maxsize=65_536)
def spelled(text: str) -> str:
    """A spelling without case, accents, marks and doubled spaces: 'Jobbörse  X.com ' → 'jobborse x com'."""
    if text.isascii():
        return _MARKS.sub(" ", text.casefold()).strip()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _MARKS.sub(" ", "".join(char for char in plain if not unicodedata.combining(char))).strip()


def kinds() -> Sequence[str]:
    return list(_file("channels.yaml")["kinds"])


def inside_kinds() -> frozenset[str]:
    """Kinds of sources through people who already know the employer."""
    return frozenset(_file("channels.yaml")["inside"])


@dataclass(frozen=True)
class Purpose:
    """What money is for: `side` is trust, distribution or empty where it is neither."""

    id: str
    title: str
    side: str
    kinds: Sequence[str]


@cache
def purposes() -> Sequence[Purpose]:
    """In the order in which reports show them; the last one is for money of which nothing is said."""
    return [Purpose(**item) for item in _file("channels.yaml")["purposes"]]


def kind_from_words(words: str) -> str | None:
    """The kind that a sheet's 'channel type' cell names, if it is one that is known."""
    key, named = spelled(words), _file("channels.yaml")["kind_words"]
    return next((kind for kind, known in named.items() if key in known or key == spelled(kind)), None)


def is_unknown_source(name: str | None) -> bool:
    """Blank, 'Other', 'Unknown' and the like: a hire whose source nobody knows."""
    return name is None or spelled(name) in _file("channels.yaml")["unknown_sources"]


def is_named(name: str | None) -> bool:
    """Anything is written at all."""
    return name is not None


@cache
def known_spellings() -> Mapping[str, str]:
    """A spelling → the name of the one channel that it surely is."""
    entries = _file("channels.yaml")["channels"]
    return {spelled(word): entry["name"] for entry in entries for word in entry["spellings"]}


@cache
def known_kinds() -> Mapping[str, str]:
    """A spelling → its kind."""
    data = _file("channels.yaml")
    named = {entry["name"]: entry["kind"] for entry in data["channels"]}
    alone = {spelled(word): kind for kind, words in data["kind_of"].items() for word in words}
    return {**alone, **{word: named[name] for word, name in known_spellings().items()}}


@cache
def known_cores() -> Mapping[str, str]:
    """A spelling without blanks → that of its channel's name; one that only has a kind is itself."""
    alone = {word.replace(" ", ""): word.replace(" ", "") for word in known_kinds()}
    return {
        **alone,
        **{word.replace(" ", ""): spelled(name).replace(" ", "") for word, name in known_spellings().items()},
    }


@cache
def core_kinds() -> Mapping[str, str]:
    """The name in a known spelling, without blanks → its kind."""
    return {known_cores()[word.replace(" ", "")]: kind for word, kind in known_kinds().items()}
