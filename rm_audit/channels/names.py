"""The channels of one book: what each is called, which sources join it, and of what kind it is.

Two channels of the spend merge only where their spellings are the same word for word, or by an alias (from
`channels.yaml` or the project file). A source of the ATS joins a spend channel so, or without what was put around
its name, or by a slip of the hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from rm_audit.channels.data import core_kinds, grammar, is_unknown_source, known_cores, known_kinds, known_spellings
from rm_audit.channels.data import spelled as spelled
from rm_audit.channels.grammar import Spelling, parts, read
from rm_audit.channels.persons import is_apart, is_referral, may_be_person, without_person
from rm_audit.channels.typos import is_slip

REFERRAL = "Employee referral"
Way = Literal["decorated", "beside", "near"]
# Judgement: what stands before a channel and is longer is a sentence, and no recruiter or agency.
MOST_WORDS_BESIDE = 4


@dataclass(frozen=True)
class Joined:
    """How a source came to a channel of the spend: 'decorated' (without what was put around its name), 'beside'
    (somebody's name stands beside the channel's), or 'near' (by a slip of the hand)."""

    channel: str
    way: Way


@dataclass
class Channels:
    """The channels of one book. Build with `settle`, then ask `of_spend` and `of_source`."""

    aliases: Mapping[str, str] = field(default_factory=dict)  # spelling → channel, from the project file
    set_kinds: Mapping[str, str] = field(default_factory=dict)  # channel's spelling → kind, from the project file
    shown: dict[str, str] = field(default_factory=dict)  # key → the name that is shown
    sheet_kinds: dict[str, str] = field(default_factory=dict)  # key → kind, from the sheet's own column
    spend_keys: list[str] = field(default_factory=list)  # keys of channels that money was spent on
    joined: dict[str, Joined] = field(default_factory=dict)  # source as written → how it joined a spend channel
    own: dict[Spelling, str] = field(default_factory=dict)  # what a source without spend is → the name that is shown

    def key(self, name: str) -> str:
        """What two spellings of one channel have in common."""
        word = spelled(name)
        if word not in self.aliases and is_referral(name):
            word = spelled(REFERRAL)  # whatever follows is the name of the person who referred
        alias = self.aliases.get(word)
        return spelled(alias) if alias else spelled(known_spellings().get(word, word))

    def settle(self, spend: Iterable[tuple[str, str | None, int]]) -> None:
        """Takes the spend's (spelling, kind or None, amount): the spelling with the most money gives the name."""
        weight: dict[str, dict[str, int]] = {}
        for written, kind, amount in spend:
            key, name = self.key(written), REFERRAL if is_referral(written) else written
            weight.setdefault(key, {}).setdefault(name, 0)
            weight[key][name] += amount
            if kind is not None:
                self.sheet_kinds.setdefault(key, kind)
        for key, names in weight.items():
            self.shown[key] = min(names, key=lambda name: (-names[name], name))
        self.spend_keys = sorted(self.shown)
        for cached in ("_by_core", "_by_words"):
            self.__dict__.pop(cached, None)

    def of_spend(self, name: str) -> str:
        return self.shown.get(self.key(name), name)

    def of_source(self, name: str) -> str:
        """The channel of a source as the ATS wrote it: its own name where no spend channel is the same or near."""
        key = self.key(name)
        if key in self.shown:
            return name if self._is_status(name, key) else self.shown[key]
        alias = self.aliases.get(spelled(name)) or self._bare_alias(read(name))
        if alias is not None:
            own = self.shown.setdefault(spelled(alias), alias)
            return self.shown.setdefault(key, own) if spelled(name) in self.aliases else own
        found = None if is_unknown_source(name) else self._join(name)
        if found is not None:
            self.joined[name] = found
            return found.channel
        return self._of_its_own(name, key)

    def _bare_alias(self, said: Spelling) -> str | None:
        return None if said.organic or said.country else self._bare_aliases.get(said.core)

    def _is_status(self, name: str, key: str) -> bool:
        """A word such as 'hired' in lower case beside a channel 'Hired' says how far somebody came."""
        word = name.strip()
        return word in grammar()["statuses"] and self.shown[key] != word and spelled(word) not in self.aliases

    def _of_its_own(self, name: str, key: str) -> str:
        """The name of a source that no money was spent on: one for all of its spellings, and never a person's."""
        if is_referral(name):
            return self.shown.setdefault(key, REFERRAL)
        if is_unknown_source(name):
            return self.shown.setdefault(key, name)
        shown = without_person(name)
        shown = (
            f"{shown} (other)" if self.key(shown) in self.spend_keys else shown
        )  # it was refused: it is not that one
        said = read(shown)
        same = Spelling(said.core, medium="organic" if said.organic else "", country=said.country)
        return self.shown.setdefault(key, self.own.setdefault(same, shown))

    @cached_property
    def _bare_aliases(self) -> dict[str, str]:
        """The project file's aliases that are a name alone: they hold for the same name with something around it."""
        return {
            said.core: alias for word, alias in self.aliases.items() if " ".join((said := read(word)).words) == word
        }

    @cached_property
    def _by_core(self) -> dict[str, list[tuple[Spelling, str]]]:
        """The spend's channels by the names in them: (spelling, name that is shown)."""
        found: dict[str, list[tuple[Spelling, str]]] = {}
        for key in self.spend_keys:
            said = read(self.shown[key])
            found.setdefault(said.core, []).append((said, self.shown[key]))
        return found

    @cached_property
    def _by_words(self) -> dict[str, tuple[tuple[str, ...], str]]:
        """What a slip of the hand is compared with, without blanks → its words, and the name in it: a known channel
        has its own word and the spend's."""
        found = {core: ((core,), core) for core in self._by_core}
        items = ((said.words, core) for core, among in self._by_core.items() for said, _ in among)
        return found | {"".join(words): (words, core) for words, core in items}

    def _join(self, name: str) -> Joined | None:
        said = read(name)
        if said.core in self._by_core:
            channel = self._fitting(said, self._by_core[said.core])
            return Joined(channel, "decorated") if channel else None
        if said.core in known_cores() or is_referral(name):
            channel = self._plural(said)
            return Joined(channel, "near") if channel else None
        channel = self._beside(name)
        if channel is not None:
            return Joined(channel, "beside")
        raw = tuple(spelled(name).split())
        channel = self._near(said.words, said) or (self._near(raw, said) if raw != said.words else None)
        return Joined(channel, "near") if channel else None

    def _fitting(self, said: Spelling, among: Sequence[tuple[Spelling, str]]) -> str | None:
        """The one channel of this name that is as paid or organic, and of the same country."""
        fits = [item for item in among if item[0].organic == said.organic and said.medium != "unclear"]
        if said.kind == "agency":
            fits = [item for item in fits if self.kind(item[1]) in (None, "agency")]
        lands = {item[0].country for item in fits}
        if said.country in lands:
            fits = [item for item in fits if item[0].country == said.country]
        elif said.country and lands != {""}:
            return None  # the spend tells countries apart, and this is none of them
        elif len(lands) > 1:
            return None
        if len(fits) > 1:
            fits = [item for item in fits if item[0].medium == said.medium]
        return fits[0][1] if len(fits) == 1 else None

    def _beside(self, name: str) -> str | None:
        """'Jane Doe - LinkedIn' and 'Some Agency - LinkedIn' came through LinkedIn; 'Sourced - LinkedIn' did not."""
        pieces = parts(name)
        if len(pieces) < 2 or any(map(is_apart, pieces)):
            return None
        said = [read(piece) for piece in pieces]
        hits = [number for number, item in enumerate(said) if item.core in self._by_core]
        if len(hits) != 1 or any(item.core in known_cores() for n, item in enumerate(said) if n != hits[0]):
            return None
        others = [piece for number, piece in enumerate(pieces) if number != hits[0]]
        last = hits[0] == len(pieces) - 1
        names = all(len(piece.split()) <= MOST_WORDS_BESIDE if last else may_be_person(piece) for piece in others)
        return self._fitting(said[hits[0]], self._by_core[said[hits[0]].core]) if names else None

    def _plural(self, said: Spelling) -> str | None:
        """'Job Fair' and 'Job Fairs' are one, though both are known."""
        others = {f"{said.core}s", said.core.removesuffix("s")} & set(self._by_core)
        return self._fitting(said, self._by_core[others.pop()]) if len(others) == 1 else None

    def _near(self, words: tuple[str, ...], said: Spelling) -> str | None:
        """The one channel whose name this is with a slip of the hand, where it is no other known channel's."""
        from rapidfuzz import process  # only where a source has no spend channel of its own
        from rapidfuzz.distance import OSA

        if said.core in grammar()["generic"]:
            return None
        meant = self._by_words
        near = process.extract("".join(words), meant.keys(), scorer=OSA.distance, score_cutoff=2, limit=None)
        fits = {meant[match[0]][1] for match in near if is_slip(words, meant[match[0]][0])}
        return self._fitting(said, self._by_core[fits.pop()]) if len(fits) == 1 else None

    def is_placed(self, name: str | None) -> bool:
        """Whether a source is a channel that money was spent on, or one whose kind is known."""
        return name is not None and (self.key(name) in self.spend_keys or self.kind(name) is not None)

    def kind(self, name: str) -> str | None:
        """The kind of a channel: the project file's word, else the sheet's, else the known spelling's, else what its
        spelling says ('Job Board - X', 'X organic')."""
        key = self.key(name)
        for known in (self.set_kinds, self.sheet_kinds):
            if key in known:
                return known[key]
        found = known_kinds().get(spelled(name)) or known_kinds().get(key)
        said = read(name)
        free = said.organic and key not in self.spend_keys  # money was spent on the Detroit Free Press
        return found or ("organic" if free else core_kinds().get(said.core) or said.kind) or None
