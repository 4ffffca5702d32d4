"""Messages that belong together: which repeat an earlier one, what kind of ask comes back, which are bland."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from rm_audit.copy.body import counted, plain
from rm_audit.copy.judge import Judgement
from rm_audit.copy.tokens import BREAKS, tokens

ASK = "empty-ask:"
# Of 4,000 pairs of unlike texts 99 in 100 lie under .1 and .19; two mails made from one template lie over .22 and .43.
SAME_TEMPLATE, CONTAINED = 0.18, 0.35  # shared word triples: of all, and of the shorter text's own
SAME_TEXT = 85  # rapidfuzz ratio in percent: one is the other with a few words changed
GRAM = 3
Triples: TypeAlias = frozenset[tuple[str, ...]]


@dataclass(frozen=True)
class Series:
    """`assessed` of the steps could be judged; the counts are among those. Steps count from 1 in the order given.

    `alike` are steps that repeat an earlier one, `same_ask` those that carry the most frequent kind of ask.
    """

    assessed: int
    bland: int
    alike: int
    same_ask: int
    ask: str


def series(texts: Sequence[str], judged: Sequence[Judgement]) -> Series:
    """What the steps of one sequence have in common."""
    asks = Counter(kind for step in judged for kind in step.parts or () if kind.startswith(ASK))
    ask, count = min(asks.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
    return Series(
        assessed=sum(step.score is not None for step in judged),
        bland=sum(step.verdict == "bland" for step in judged),
        alike=sum(earlier is not None for earlier in repeats(texts)),
        same_ask=count,
        ask=ask.removeprefix(ASK),
    )


def repeats(texts: Sequence[str]) -> list[int | None]:
    """For each text the first before it that it repeats, word for word or by its template; else None."""
    first = {text: at for at, text in reversed([*enumerate(texts)])}
    words = {at: _words(texts[at]) for at in sorted(first.values())}
    triples = {at: frozenset(zip(*(own[start:] for start in range(GRAM)), strict=False)) for at, own in words.items()}
    joined = {at: " ".join(own) for at, own in words.items()}
    found = _first_alike(triples, joined)
    # What stands there again is like what it was the first time, and like that itself if it has words enough.
    return [
        found[own] if own == at or found[own] is not None or not triples[own] else own
        for at, own in enumerate(map(first.__getitem__, texts))
    ]


def _words(text: str) -> list[str]:
    return [word for word in tokens(counted(plain(text).text)).words if word not in BREAKS]


def _first_alike(triples: Mapping[int, Triples], joined: Mapping[int, str]) -> dict[int, int | None]:
    """For each of different texts the first before it that it repeats. A text with too few words repeats nothing."""
    from rapidfuzz.fuzz import ratio  # takes time to import, and few commands need it
    from rapidfuzz.process import cdist

    found: dict[int, int | None] = dict.fromkeys(triples)
    where: dict[object, list[int]] = {}  # the texts with a triple
    before: list[int] = []
    for later in [at for at, own in triples.items() if own]:
        shared = Counter(chain.from_iterable(where.get(triple, ()) for triple in triples[later]))
        alike = [at for at, count in shared.items() if _from_one(count, triples[at], triples[later])]
        first = min(alike, default=later)
        nearer = [joined[at] for at in before[: bisect_left(before, first)]]
        near = cdist([joined[later]], nearer, scorer=ratio, score_cutoff=SAME_TEXT).nonzero()[1]
        first = before[near[0]] if len(near) else first
        found[later] = first if first != later else None
        before.append(later)
        for triple in triples[later]:
            where.setdefault(triple, []).append(later)
    return found


def _from_one(shared: int, one: Triples, other: Triples) -> bool:
    """Whether two texts that share so many triples are made from one template."""
    every = len(one) + len(other) - shared
    return shared >= SAME_TEMPLATE * every or shared >= CONTAINED * min(len(one), len(other))
