"""The many spellings of one source → one channel, and the kind of each channel.

Two channels of the spend merge only where their spellings are the same word for word, or by an alias (from
`channels.yaml` or the project file). A source of the ATS joins a spend channel so, or by a near spelling.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from rm_audit.yamls import load

# Judgement: at 90 of 100 'Careers site' meets 'Career site' and 'Monster' does not meet 'Munster' (86).
NEAR = 90
_MARKS = re.compile(r"[^0-9a-z]+")
_REFERRAL = re.compile(r"(?:employee )?(?:referral (?!program|bonus|scheme|software|tool|platform)|referred by )")


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = load(
        (Path(__file__).parent / "channels.yaml").read_text(encoding="utf-8"), "channels.yaml"
    ).data
    return data


def spelled(text: str) -> str:
    """A spelling without case, marks and doubled spaces: 'Monster.com ' → 'monster com'."""
    return _MARKS.sub(" ", text.casefold()).strip()


@cache
def bare(text: str) -> str:
    """A spelling without its decorations and blanks, or the known channel that it spells.

    'Job Board - Job Fairs' and 'jobfairs_cpc' → 'jobfairs'; 'utm_source=metaads' → 'facebook'.
    """
    word, before = spelled(text.replace("_", " ")), ""
    while word != before:
        before = word
        for mark in _data()["decorations"]["before"]:
            word = word.removeprefix(f"{mark} ")
        for mark in _data()["decorations"]["after"]:
            word = word.removesuffix(f" {mark}")
    word = word.replace(" ", "")
    return _known_bare().get(word, word)


def kinds() -> Sequence[str]:
    return list(_data()["kinds"])


def inside_kinds() -> frozenset[str]:
    """Kinds of sources through people who already know the employer."""
    return frozenset(_data()["inside"])


def kind_from_words(words: str) -> str | None:
    """The kind that a sheet's 'channel type' cell names, if it is one that is known."""
    key = spelled(words)
    return next((kind for kind, known in _data()["kind_words"].items() if key in known or key == spelled(kind)), None)


def is_unknown_source(name: str | None) -> bool:
    """Blank, 'Other', 'Unknown' and the like: a hire whose source nobody knows."""
    return name is None or spelled(name) in _data()["unknown_sources"]


def is_named(name: str | None) -> bool:
    """Anything is written at all."""
    return name is not None


@cache
def _known_spellings() -> Mapping[str, str]:
    return {spelled(word): entry["name"] for entry in _data()["channels"] for word in entry["spellings"]}


@cache
def _known_bare() -> Mapping[str, str]:
    return {word.replace(" ", ""): spelled(name).replace(" ", "") for word, name in _known_spellings().items()}


@cache
def _known_kinds() -> Mapping[str, str]:
    named = {entry["name"]: entry["kind"] for entry in _data()["channels"]}
    alone = {spelled(word): kind for kind, words in _data()["kind_of"].items() for word in words}
    return {**alone, **{word: named[name] for word, name in _known_spellings().items()}}


@dataclass
class Channels:
    """The channels of one book. Build with `settle`, then ask `of_spend` and `of_source`."""

    aliases: Mapping[str, str] = field(default_factory=dict)  # spelling → channel, from the project file
    set_kinds: Mapping[str, str] = field(default_factory=dict)  # channel's spelling → kind, from the project file
    shown: dict[str, str] = field(default_factory=dict)  # key → the name that is shown
    sheet_kinds: dict[str, str] = field(default_factory=dict)  # key → kind, from the sheet's own column
    spend_keys: list[str] = field(default_factory=list)  # keys of channels that money was spent on
    joined: dict[str, str] = field(default_factory=dict)  # source as written → channel it joined by near spelling

    def key(self, name: str) -> str:
        """What two spellings of one channel have in common."""
        word = spelled(name)
        if word not in self.aliases and _REFERRAL.match(word):
            word = "employee referral"  # whatever follows is the name of the person who referred
        alias = self.aliases.get(word)
        return spelled(alias) if alias else spelled(_known_spellings().get(word, word))

    def settle(self, spend: Iterable[tuple[str, str | None, int]]) -> None:
        """Takes the spend's (spelling, kind or None, amount): the spelling with the most money gives the name."""
        weight: dict[str, dict[str, int]] = {}
        for name, kind, amount in spend:
            key = self.key(name)
            weight.setdefault(key, {}).setdefault(name, 0)
            weight[key][name] += amount
            if kind is not None:
                self.sheet_kinds.setdefault(key, kind)
        for key, names in weight.items():
            self.shown[key] = min(names, key=lambda name: (-names[name], name))
        self.spend_keys = sorted(self.shown)

    def of_spend(self, name: str) -> str:
        return self.shown.get(self.key(name), name)

    def of_source(self, name: str) -> str:
        """The channel of a source as the ATS wrote it: its own name where no spend channel is the same or near."""
        key = self.key(name)
        if key in self.shown:
            return self.shown[key]
        near = self._near(key)
        if near is not None:
            self.joined[name] = self.shown[near]
            return self.shown[near]
        shown = "Employee referral" if _REFERRAL.match(spelled(name)) else name
        return self.shown.setdefault(key, shown)

    def _near(self, key: str) -> str | None:
        """The one spend channel whose name is the same but for decorations, or almost the same in spelling."""
        from rapidfuzz import fuzz, process  # only where a source has no spend channel of its own

        if is_unknown_source(key) or any(word in key.split() for word in ("organic", "free")):
            return None
        same = [known for known in self.spend_keys if bare(known) == bare(key)]
        if same:
            return same[0] if len(same) == 1 else None
        found = process.extract(key, self.spend_keys, scorer=fuzz.ratio, score_cutoff=NEAR, limit=2)
        digits = re.sub(r"\D", "", key)
        fits = [str(match[0]) for match in found if re.sub(r"\D", "", match[0]) == digits]
        return fits[0] if len(fits) == 1 else None

    def is_placed(self, name: str | None) -> bool:
        """Whether a source is a channel that money was spent on, or one whose kind is known."""
        return name is not None and (self.key(name) in self.spend_keys or self.kind(name) is not None)

    def kind(self, name: str) -> str | None:
        """The kind of a channel: the project file's word, else the sheet's, else the known spelling's."""
        key = self.key(name)
        for known in (self.set_kinds, self.sheet_kinds):
            if key in known:
                return known[key]
        return _known_kinds().get(spelled(name)) or _known_kinds().get(key)
