"""The confusion table: which rules spoke where one thing was planted, and on books where nothing was."""

from __future__ import annotations

import re
import shutil
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from books import built_in

from planted import ads, good, office, paper, volume
from planted.book import Book, clean
from planted.files import Spoken, audited
from planted.registry import PLANTERS
from rm_audit.rulebook.model import Rule
from rm_audit.vocabulary import VOCABULARY

ONE_IN = 200  # a rule that rests on chance may speak on one rule-subject pair of so many where nothing is wrong
MODULES = (ads, good, office, paper, volume)  # imported so that their planters are known
_VERDICTS = ("board-expensive", "campaign-expensive", "quality-drift")
# Talks and hires are draws: these rules count them and have no interval in their words.
_DRAWS = ("board-stale-req", "board-zero-hire", "boards-without-hires", *_VERDICTS)
_INTERVAL = re.compile(r"\b(rate|count)_(low|high)\(")


def rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in built_in().rules}


@cache
def by_chance(rule: str) -> bool:
    """Whether the verdict rests on draws: it uses the end of an interval, by itself or in a derived measure."""
    found = rules()[rule]
    texts = [item.text for item in found.expressions]
    texts += [_formula(name) for item in found.expressions for name in item.names]
    return rule in _DRAWS or any(_INTERVAL.search(text) for text in texts)


def _formula(name: str) -> str:
    return VOCABULARY[name].formula if name in VOCABULARY else ""


@dataclass
class Line:
    """What spoke in the books in which a rule's flaw was planted: how often the rule itself, how often which others."""

    rule: str
    books: int = 0
    found: int = 0
    beside: Counter[str] = field(default_factory=Counter)  # rules of its own play
    same: Counter[str] = field(default_factory=Counter)  # of another play, on the same evidence, as the planter says
    elsewhere: Counter[str] = field(default_factory=Counter)  # of another play, for no reason

    def __str__(self) -> str:
        kind = "chance" if by_chance(self.rule) else "sure"
        parts = [f"{self.rule:<32} {kind:<6} {self.found:>3} of {self.books:<3}"]
        parts += [
            f"{title} {', '.join(f'{name} {count}' for name, count in sorted(counted.items()))}"
            for title, counted in (
                ("own play:", self.beside),
                ("same evidence:", self.same),
                ("OTHER:", self.elsewhere),
            )
            if counted
        ]
        return "  ".join(parts)


def planted(rule: str, seed: int) -> tuple[Book, str]:
    """A clean book of a seed with a rule's flaw in it, and the subject that the rule must name."""
    book = _clean(seed).copy(np.random.default_rng([seed, zlib.crc32(rule.encode())]))
    return book, PLANTERS[rule].plant(book)


@cache
def _clean(seed: int) -> Book:
    return clean(seed)


def line_of(rule: str, seeds: Iterable[int], folder: Path) -> Line:
    """One row of the table. What the clean book of the seed says by chance is not held against the planted one."""
    line, play = Line(rule), rules()[rule].play
    for seed in seeds:
        book, subject = planted(rule, seed)
        said = _audited(book, folder / f"{rule}-{seed}")
        line.books += 1
        line.found += said.names(rule, subject)
        for other in {name for name, _ in said.fired - unplanted(seed, folder).fired} - {rule}:
            same = line.same if other in PLANTERS[rule].also else line.elsewhere
            (line.beside if rules()[other].play == play else same)[other] += 1
    return line


def _audited(book: Book, folder: Path) -> Spoken:
    said = audited(book, folder)
    shutil.rmtree(folder)
    return said


_UNPLANTED: dict[int, Spoken] = {}


def unplanted(seed: int, folder: Path) -> Spoken:
    """The audit of the clean book of a seed."""
    if seed not in _UNPLANTED:
        _UNPLANTED[seed] = _audited(_clean(seed), folder / f"clean-{seed}")
    return _UNPLANTED[seed]


@dataclass(frozen=True)
class Silence:
    """Clean books: subjects that flaw and hygiene rules passed or failed, and which rules spoke, by kind of rule."""

    books: int
    judged: Counter[str]
    spoke: Counter[str]

    def pairs(self, chance: bool) -> int:
        return sum(count for rule, count in self.judged.items() if by_chance(rule) == chance)

    def false(self, chance: bool) -> int:
        return sum(count for rule, count in self.spoke.items() if by_chance(rule) == chance)

    def __str__(self) -> str:
        lines = [
            f"{kind}: {self.false(chance)} of {self.pairs(chance):,} rule-subject pairs of {self.books} clean books"
            for kind, chance in (("sure", False), ("chance", True))
        ]
        lines += [f"  {rule}: {count} of {self.judged[rule]:,}" for rule, count in sorted(self.spoke.items())]
        return "\n".join(lines)


def silence(seeds: Sequence[int], folder: Path) -> Silence:
    judged, spoke = Counter[str](), Counter[str]()
    for seed in seeds:
        said = unplanted(seed, folder)
        judged.update(said.judged)
        spoke.update(rule for rule, _ in said.fired)
    return Silence(len(seeds), judged, spoke)
