"""Phrases that people can read, and how all of them are found in one pass over the words.

    exciting opportunit*        `*` is the rest of a word
    (great|good) (fit|match)    alternatives; `(very|)` may be left out
    impressed ~ your            `~` is up to three words
    how do you ... ?            `...` is up to twenty words, `?` and `!` are the marks themselves
    <number> patients           <number>, <money>, <percent>, <clock>, <version>, <hashtag>, <emoji> are kinds of words
    (i|we) <did>                any word of the list `did` that stands under `words` in the same file

A phrase never reaches over the end of a sentence. There are no regular expressions in it: the time that a text takes
grows with its length and with nothing else, whatever phrases people write.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

from rm_audit.copy.tokens import BREAKS, tokens

GAPS = {"~": 3, "...": 20}
KINDS = ("<number>", "<money>", "<percent>", "<clock>", "<version>", "<hashtag>", "<emoji>")
MOST_GAPS = 2  # each gap multiplies the places to look at; two keep a phrase cheap
MOST_FORMS = 2000  # of one phrase, when its alternatives are written out
LEAST_CLASS = 3  # so many single words at one place become one branch
LEAST_STEM = 3
MEMORY = 500_000  # steps and words that are remembered; after that they are forgotten and learned anew
_PIECE = re.compile(r"\([^()]{0,4000}\)|\.\.\.|[^\s()]+")
_NAMED = re.compile(r"<[\w-]{1,40}>")
_CLOCK = re.compile(r"[012]?\d[:.][0-5]\d")
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_NO_WORD = 0
_END = ""  # key in a node under which the names of the phrase lists stand that end there


class Hit(NamedTuple):
    """A phrase of list `name`: tokens `first` up to `last`, without `last`."""

    name: str
    first: int
    last: int


Choice = list[tuple[str, ...]]


def choices(phrase: str, words: Mapping[str, Sequence[str]]) -> list[Choice]:
    """What may stand at each place of a phrase. Raises ValueError in plain words where it cannot be read."""
    pieces = _PIECE.findall(phrase)
    if "".join(pieces).replace(" ", "") != phrase.replace(" ", ""):
        raise ValueError("brackets do not match")
    found = [_choice(piece, words) for piece in pieces]
    if not found or any(word in GAPS for part in (found[0], found[-1]) for form in part for word in form):
        raise ValueError("needs a word at its beginning and at its end")
    if sum(max(sum(word in GAPS for word in form) for form in part) for part in found) > MOST_GAPS:
        raise ValueError(f"has more than {MOST_GAPS} gaps")
    return found


def _choice(piece: str, words: Mapping[str, Sequence[str]]) -> Choice:
    parts = piece[1:-1].split("|") if piece[0] == "(" else [piece]
    if piece.isascii() and all(map(str.isalpha, parts)):  # most are plain words
        return [(part,) for part in map(str.lower, parts)]
    named = [words.get(part[1:-1], ()) if _NAMED.fullmatch(part) and part not in KINDS else (part,) for part in parts]
    for part, meant in zip(parts, named, strict=True):
        if not meant:
            raise ValueError(f"{part} is no kind of word and no list under 'words'")
    found = [_plain(word) for meant in named for word in meant]
    if any(word.endswith("*") and len(word) < LEAST_STEM + 1 for form in found for word in form):
        raise ValueError(f"has fewer than {LEAST_STEM} letters before '*'")
    return found


def _plain(piece: str) -> tuple[str, ...]:
    """The words of one piece as `tokens` would cut them, gaps, kinds and marks kept."""
    if piece.isascii() and piece.removesuffix("*").isalpha():
        return (piece.lower(),)
    words: list[str] = []
    for part in piece.lower().split():
        if part in GAPS or part in KINDS or part in ("?", "!"):
            words.append(part)
        else:
            cut = tokens(part.removesuffix("*")).words
            words += [*cut[:-1], cut[-1] + "*"] if part.endswith("*") and cut else cut
    return tuple(words)


Node = dict[str, Any]
Item = tuple[int, int]  # a node's id, and how many words may still be skipped before its next word


class _State:
    """Where one may stand in the tree after some words: which lists end here, and where each kind of word leads."""

    __slots__ = ("ends", "items", "next")

    def __init__(self, items: frozenset[Item], ends: tuple[tuple[str, str], ...]) -> None:
        self.items = items
        self.ends = ends
        self.next: dict[int, _State | None] = {}


class Phrases:
    """Lists of phrases under their names, grown into one tree of words.

    A name is a family, or a family and a part of it: `empty-ask:call`. The tree is walked as an automaton whose states
    are made when a text first needs them, and forgotten when they are many.
    """

    def __init__(self) -> None:
        self._nodes: list[Node] = [{}]
        self._stems: dict[int, dict[str, set[str]]] = {}
        self._literal: dict[str, set[str]] = {}
        self._classes: set[str] = set()  # branches that stand for several words
        self._forget()

    def _forget(self) -> None:
        self._kinds: list[tuple[frozenset[str], bool]] = []
        self._numbers: dict[tuple[frozenset[str], bool], int] = {}
        self._known: dict[str, int] = {}
        self._states: dict[frozenset[Item], _State] = {}
        self._steps = 0
        self._number((frozenset(), True))  # number 0, _NO_WORD: the end of the text
        self._number((frozenset(), False))  # number 1: a word that stands in no phrase
        self._root = self._state({(0, 0)})

    def add(self, name: str, phrase: str, words: Mapping[str, Sequence[str]] | None = None) -> None:
        """Raises ValueError in plain words where the phrase cannot be read."""
        family = name.partition(":")[0]
        parts = [self._as_class(choice) for choice in choices(phrase, words or {})]
        if prod(map(len, parts)) > MOST_FORMS:
            raise ValueError(f"stands for more than {MOST_FORMS} phrases")
        reached = {0}
        for part in parts:
            reached = {self._grown(at, form) for at in reached for form in part}
        if 0 in reached:
            raise ValueError("needs a word")
        for at in reached:
            ends = self._nodes[at].setdefault(_END, [])
            if (family, name) not in ends:
                ends.append((family, name))

    def _grown(self, at: int, form: tuple[str, ...]) -> int:
        """The node that some words lead to."""
        for word in form:
            node = self._nodes[at]
            if word not in node:
                node[word] = len(self._nodes)
                self._nodes.append({})
                self._learn(word, word)
            at = node[word]
        return at

    def _as_class(self, choice: Choice) -> Choice:
        """Many single words at one place are one branch of the tree and not many."""
        if len(choice) < LEAST_CLASS or any(len(form) != 1 or form[0] in GAPS for form in choice):
            return choice
        key = "|".join(sorted(word for (word,) in choice))
        if key not in self._classes:
            self._classes.add(key)
            for (word,) in choice:
                self._learn(word, key)
        return [(key,)]

    def _learn(self, word: str, key: str) -> None:
        """Notes under which key of the tree a word may stand."""
        if "|" in word or word in GAPS:
            return
        if word.endswith("*"):
            self._stems.setdefault(len(word) - 1, {}).setdefault(word[:-1], set()).add(key)
        else:
            self._literal.setdefault(word, set()).add(key)

    def find(self, words: list[str]) -> list[Hit]:
        """All phrases: per family the longest from the left, none over another of the same family."""
        if self._steps > MEMORY or len(self._known) > MEMORY:
            self._forget()
        known = self._known
        numbers = [known[word] if word in known else self._number_of(word) for word in words]
        numbers.append(_NO_WORD)
        root, step, hits, free = self._root.next, self._step, [], dict[str, int]()
        for at, number in enumerate(numbers):
            if not number:
                continue
            state = root[number] if number in root else step(self._root, number)
            if state is None:
                continue
            after = numbers[at + 1]
            going = state.next[after] if after in state.next else step(state, after)
            if going is not None:
                ends = self._ends(state, numbers, at + 1).items()
            elif state.ends:  # a phrase of one word
                ends = {family: (name, at + 1) for family, name in state.ends}.items()
            else:  # most beginnings are over here
                continue
            for family, (name, last) in ends:
                if at >= free.get(family, 0):
                    free[family] = last
                    hits.append(Hit(name, at, last))
        return hits

    def _ends(self, state: _State | None, numbers: Sequence[int], at: int) -> dict[str, tuple[str, int]]:
        """Families → the list and the end of their longest phrase that goes on from this state."""
        found: dict[str, tuple[str, int]] = {}
        while state is not None:
            for family, name in state.ends:
                found[family] = (name, at)
            number = numbers[at]
            state = state.next[number] if number in state.next else self._step(state, number)
            at += 1
        return found

    def _step(self, state: _State, number: int) -> _State | None:
        """Where a kind of word leads; remembered."""
        kinds, is_break = self._kinds[number]
        items: set[Item] = set()
        for at, skips in state.items:
            node = self._nodes[at]
            items.update((node[kind], 0) for kind in kinds if kind in node)
            if skips and not is_break:
                items.add((at, skips - 1))
        state.next[number] = found = self._state(items) if items else None
        self._steps += 1 + len(items)
        return found

    def _state(self, items: set[Item]) -> _State:
        for at, _ in list(items):
            items.update((self._nodes[at][gap], most) for gap, most in GAPS.items() if gap in self._nodes[at])
        key = frozenset(items)
        if key not in self._states:
            ends = (end for at, skips in items if not skips for end in self._nodes[at].get(_END, ()))
            self._states[key] = _State(key, tuple(sorted(set(ends))))
        return self._states[key]

    def _number_of(self, word: str) -> int:
        """The number of the kinds that a word is of: under which keys it may stand in the tree."""
        if word not in self._known:
            kinds = set(self._literal.get(word, ()))
            for size, stems in self._stems.items():
                kinds |= stems.get(word[:size], set())
            for kind in _number_kinds(word):
                kinds |= self._literal.get(kind, set())
            self._known[word] = self._number((frozenset(kinds), word in BREAKS))
        return self._known[word]

    def _number(self, kinds: tuple[frozenset[str], bool]) -> int:
        if kinds not in self._numbers:
            self._numbers[kinds] = len(self._kinds)
            self._kinds.append(kinds)
        return self._numbers[kinds]


def _number_kinds(word: str) -> tuple[str, ...]:
    if word.startswith("#"):
        return ("<hashtag>",)
    if word[:1] in "$€£" and len(word) > 1:
        return ("<money>",)
    if not word[:1].isdigit():
        return ("<emoji>",) if len(word) == 1 and ord(word) > 0x2700 and not word.isalpha() else ()
    if word.endswith("%"):
        return ("<percent>",)
    kinds = ["<number>"]
    kinds += ["<clock>"] if _CLOCK.fullmatch(word) else []
    kinds += ["<version>"] if _VERSION.fullmatch(word) else []
    return tuple(kinds)
