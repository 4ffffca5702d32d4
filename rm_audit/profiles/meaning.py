"""A header that no profile spells → the column that its words and its values mean, and how sure that is.

A header is read word by word (`senses`), each column says which senses make it and which may stand beside
(`thesaurus.yaml`), and the values must be of the column's kind (`contents`). Confidence is no probability: it orders
guesses, and THRESHOLD was set where the guesses on labelled headers were right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rm_audit.profiles.contents import Content, content
from rm_audit.profiles.headers import bare, plain
from rm_audit.profiles.library import generic
from rm_audit.profiles.senses import PERSONAL, SLASH, SMALL, Part, marks, parts, thesaurus
from rm_audit.readers import Value
from rm_audit.tables import TABLES

# Measured with tests/measure_headers.py. Under 0.6 a header with a word that nobody knows gets through ('Cost basis',
# 'Spend YoY'): of the guesses at money then 84 % are right, on the dev half. From 0.6 to 0.85 all of them are, and the
# share of columns found hardly falls; 0.75 is the middle.
THRESHOLD = 0.75
# What each doubt leaves of the confidence. Judgement, tried on the dev half of tests/headers.csv.
SURE, FAIR = 0.97, 0.87
UNKNOWN_WORD, OTHER_WORD, NO_VALUES, WRONG_VALUES = 0.6, 0.2, 0.95, 0.3
# Where several columns hold money, the one that says so counts first, and one with tax in it last.
_RANK: Mapping[str, float] = {"net": 0.01, "actual": 0.008, "total": 0.005, "gross": -0.02}
MORE_SAID = 0.005  # for each further word that a column asks for and gets: the closer of two readings wins


@dataclass(frozen=True)
class Guess:
    """A column that a header may mean, how sure that is (0 to 1), and why."""

    column: str
    confidence: float
    why: str


@dataclass(frozen=True)
class Recipe:
    """What a header must say to mean a column: each of `needs` by a word of its own; `beside` may be said too."""

    needs: tuple[frozenset[str], ...]
    beside: frozenset[str]
    base: float


_TEXTS = frozenset({"repeated", "unique", "id", "empty"})
_FITS: Mapping[str, frozenset[str]] = {
    "money": frozenset({"money", "count", "empty"}),
    "count": frozenset({"count", "empty"}),
    "day": frozenset({"day", "serial", "empty"}),
    "text": _TEXTS,
    "mark": _TEXTS | {"mark"},
}
# Columns of text that hold something narrower or wider.
_ALSO: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("job", "campaign_id", "invoice", "application_id", "step"), frozenset({"count", "serial"})),
    **dict.fromkeys(("target", "performance"), frozenset({"count", "money", "percent", "fraction", "mark"})),
    **dict.fromkeys(("body", "subject", "objective", "line", "kpi", "campaign", "asset"), frozenset({"prose"})),
    "period": frozenset({"day"}),
    "experiment": frozenset({"mark", "prose"}),
    "capability": frozenset({"prose"}),
}


def candidates(header: Value, values: Sequence[Value], table: str) -> list[Guess]:
    """The columns of a table that a header may mean, the surest first. A column about people is never one."""
    return _guesses(header, content(values), table) if isinstance(header, str) else []


@lru_cache(maxsize=16_384)
def _guesses(header: str, seen: Content, table: str) -> list[Guess]:
    if is_personal(header) or seen.kind == "mail":
        return []
    said, signs = parts(header), marks(header)
    guesses = []
    for column, recipes in _recipes(table).items():
        confidence = max((_says(said, signs, recipe, _is_money(table, column)) for recipe in recipes), default=0.0)
        if confidence:
            fits = seen.kind in _fitting(table, column)
            confidence *= (NO_VALUES if seen.kind == "empty" else 1.0) if fits else WRONG_VALUES
            guesses.append(Guess(column, round(confidence, 4), _why(said, seen, fits)))
    return sorted(guesses, key=lambda guess: -guess.confidence)


def is_personal(header: str) -> bool:
    """Whether a header names something about a person, which no table takes as a column of another kind."""
    profile = generic()
    known = {plain(header), bare(header)}
    if known & profile.personal or known & set(profile.person):
        return True
    return any(PERSONAL in part.senses for part in parts(header))


def assign(
    headers: Sequence[Value], columns: Sequence[Sequence[Value]], table: str
) -> dict[str, tuple[int, float, str]]:
    """Column → (position, confidence, why): of the guesses over THRESHOLD those that together are surest.

    `columns` are the values under each header, in the same order. No header gets two columns, no column two headers.
    """
    sure = {
        (position, guess.column): guess
        for position, header in enumerate(headers)
        for guess in candidates(header, columns[position] if position < len(columns) else (), table)
        if guess.confidence >= THRESHOLD
    }
    pairs = _best(sure)
    return {
        column: (position, sure[position, column].confidence, sure[position, column].why) for position, column in pairs
    }


def _best(sure: Mapping[tuple[int, str], Guess]) -> list[tuple[int, str]]:
    positions = sorted({position for position, _ in sure})
    names = sorted({column for _, column in sure})
    if len(positions) == len(names) == len(sure):  # nothing is contested
        return sorted(sure)
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    gains = np.array([[sure[p, c].confidence if (p, c) in sure else 0.0 for c in names] for p in positions])
    rows, chosen = linear_sum_assignment(gains, maximize=True)
    pairs = [(positions[row], names[column]) for row, column in zip(rows.tolist(), chosen.tolist(), strict=True)]
    return [pair for pair in pairs if pair in sure]


@cache
def _recipes(table: str) -> Mapping[str, Sequence[Recipe]]:
    found: dict[str, list[Recipe]] = {}
    for column, body in thesaurus()["columns"].get(table, {}).items():
        beside = frozenset((body.get("with") or "").split())
        for name, base in (("sure", SURE), ("fair", FAIR)):
            for entry in body.get(name) or ():
                needs = tuple(frozenset(word.split("/")) for word in entry.split())
                found.setdefault(column, []).append(Recipe(needs, beside, base))
    return found


def _kind(table: str, column: str) -> str:
    return "count" if column.startswith("o_") else TABLES[table].columns[column]


def _is_money(table: str, column: str) -> bool:
    return _kind(table, column) == "money"


@cache
def _fitting(table: str, column: str) -> frozenset[str]:
    if column == "currency":
        return frozenset({"code", "empty"})
    return _FITS[_kind(table, column)] | _ALSO.get(column, frozenset())


def _says(said: Sequence[Part], signs: frozenset[str], recipe: Recipe, money: bool) -> float:
    """How far the words of a header say what a recipe asks for; 0 where a word that it needs is missing."""
    rest = list(said)
    confidence = recipe.base + MORE_SAID * (len(recipe.needs) - 1)
    for need in recipe.needs:
        part = next((part for part in rest if part.senses & need), None)
        if part is None and not need & signs:
            return 0.0
        if part is not None:
            rest.remove(part)
            confidence *= part.trust
    allowed = recipe.beside.union(*recipe.needs) | ({SMALL} if money else {SMALL, SLASH})
    for part in rest:
        if not part.senses:
            confidence *= UNKNOWN_WORD
        elif not part.senses & allowed:
            confidence *= OTHER_WORD
        else:
            confidence *= part.trust
    heard = signs.union(*(part.senses for part in said)) if money else frozenset()
    return confidence + sum(_RANK.get(sense, 0.0) for sense in heard)


def _why(said: Sequence[Part], seen: Content, fits: bool) -> str:
    words = " + ".join(_sense(part) for part in said if part.senses != {SMALL} and part.senses != {SLASH})
    return f"its words say {words}; its values are {seen.words}{'' if fits else ', which does not fit'}"


def _sense(part: Part) -> str:
    senses = sorted(part.senses - {SMALL})
    return f"'{part.word}' ({' or '.join(sense.replace('_', ' ') for sense in senses) or 'not known'})"
