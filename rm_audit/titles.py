"""A job title → a family of jobs and a level, by the words of `titles.yaml`. What is not known is None.

Titles come as people post them: 'Krankenpfleger*in (m/w/d) - Nachtdienst', 'RN | Night Shift | $5,000 bonus'.
Marks of gender are taken out; what stands behind a dash, a bar, a comma or in brackets counts less than what
stands before it. The words of one title are compared whole, those of a compound by its end or its beginning.
"""

from __future__ import annotations

import fnmatch
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from rm_audit.yamls import load

LONGEST = 6  # words in the longest name of a job: 'kaufmann für spedition und logistikdienstleistung' has five
LEAST_REST = 3  # letters that a compound must have beside its known part, so that 'Lagern' is no compound of 'Lager'
STRENGTHS: Mapping[str, int] = {"roles": 3, "endings": 3, "fields": 2, "beginnings": 2, "alone": 1, "hints": 1}
UNSAID = "unsaid"

_GENDERS = re.compile(
    r"[(\[]\s*(?:[mwfhvdxign*](?:\s*[/|,.:*]\s*[mwfhvdxigna*]){1,3}|all genders?|gn)\s*[)\]]"
    r"|(?<![\w/])[mwfhv]\s?[/|]\s?[mwfhv](?:\s?[/|]\s?[dx])?(?![\w/])",
    re.IGNORECASE,
)
_FEMALE = r"innen|in|ienne|ière|euse|trice|rice|nne|ère|se|ne|fe|le|as|a|e|r|n"
_ENDS = re.compile(rf"(?<=\w\w\w)(?:[:*_·•.]|/-?)(?:{_FEMALE})(?!\w)|(?<=\w\w\w)\(-?(?:{_FEMALE})\)", re.IGNORECASE)
_INSIDE = re.compile(r"(?<=[a-zß-ÿ])In(?:nen)?\b")  # 'VerkäuferIn'
_PARTS = re.compile(r"\s[-–—•·]+\s|[–—|;,()\[\]]|:\s")
_EMPLOYER = re.compile(r"\s(?:@|bei|chez|at(?! home\b))\s.*", re.IGNORECASE)
_HELPS = re.compile(r"\b(assistant|secretary|pa|ea) (?:to|of)\s.*", re.IGNORECASE)  # whom one assists is another
_WORDS = re.compile(r"[^\W_]+\+*#?")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class Placed(NamedTuple):
    """Where a title belongs; None is unknown. A level that a title does not say is None too."""

    family: str | None
    level: str | None


def folded(text: str) -> str:
    """Without case and accents, apostrophes taken out, one blank between words: "Chef d'équipe" → 'chef dequipe'."""
    plain = text.casefold().replace("'", "").replace("’", "")
    if not plain.isascii():
        plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    return " ".join(_WORDS.findall(plain))


def families() -> Sequence[str]:
    return list(_data()["families"])


def levels() -> Sequence[str]:
    """From the lowest to the highest, as far as they can be ordered; a title in the middle seldom says so."""
    return ("trainee", "junior", "mid", "senior", "lead", "manager", "director", "executive")


def as_known(family: str) -> str:
    """A family's name as `titles.yaml` spells it, where it is one of those: 'NURSING' → 'Nursing'."""
    return _spellings().get(folded(family), family.strip())


@cache
def place(title: str) -> Placed:
    """The family and the level of one title."""
    parts = _parts(title)
    return Placed(_family(parts), _level(parts))


@dataclass(frozen=True)
class Mapped:
    """The project file's own families: `patterns` are titles or globs on titles, without regard to case."""

    patterns: Mapping[str, str] = field(default_factory=dict)

    def of(self, title: str) -> str | None:
        """The family of a title: by the title itself, else by the longest glob that fits."""
        text = _squeezed(title)
        if text in self._exact:
            return self._exact[text]
        return next((family for test, family in self._globs if test.match(text)), None)

    @cached_property
    def _exact(self) -> dict[str, str]:
        return {_squeezed(pattern): as_known(family) for pattern, family in self.patterns.items()}

    @cached_property
    def _globs(self) -> list[tuple[re.Pattern[str], str]]:
        longest = sorted(self._exact.items(), key=lambda item: -len(item[0]))
        return [(re.compile(fnmatch.translate(pattern)), family) for pattern, family in longest]


def _squeezed(text: str) -> str:
    return " ".join(text.casefold().split())


def _parts(title: str) -> list[list[str]]:
    """The words of each part of a title, the most telling part first."""
    text = _INSIDE.sub("", _ENDS.sub("", _GENDERS.sub(" ", title)))
    parts = [folded(_HELPS.sub(r"\1", _EMPLOYER.sub("", part))).split() for part in _PARTS.split(text)]
    return [part for part in parts if part]


@cache
def _data() -> Mapping[str, Any]:
    path = Path(__file__).parent / "titles.yaml"
    data: Mapping[str, Any] = load(path.read_text(encoding="utf-8"), path.name).data
    return data


@cache
def _spellings() -> Mapping[str, str]:
    return {folded(family): family for family in families()}


def _both(word: str) -> set[str]:
    """A word with its umlauts as vowels and as two letters: 'verkäufer' → 'verkaufer', 'verkaeufer'."""
    return {folded(word)} if word.isascii() else {folded(word), folded(word.casefold().translate(_UMLAUTS))}


def _forms_of(words: str) -> Iterator[str]:
    """The forms of words with commas between them."""
    return (form for word in words.split(",") for form in _both(word))


@cache
def _known(kind: str) -> Mapping[str, str]:
    """Word → family, of one kind of words; `none` gives the words that belong to no family."""
    if kind == "none":
        return dict.fromkeys(_forms_of(_data()["none"]), "")
    lists = ((family, body[kind]) for family, body in _data()["families"].items() if kind in body)
    return {form: family for family, words in lists for form in _forms_of(words)}


@cache
def _all_runs() -> frozenset[str]:
    return frozenset().union(*map(_known, ("roles", "fields", "hints", "alone")))


def _runs(words: Sequence[str], start: int) -> Iterator[tuple[int, str]]:
    """The runs of words that begin at `start`, longest first, each with its end: as they stand, then in the singular
    and without a female ending."""
    for end in range(min(len(words), start + LONGEST), start, -1):
        *first, last = words[start:end]
        for form in _forms(last):
            yield end, " ".join((*first, form))


def _forms(word: str) -> Iterator[str]:
    yield word
    for ending, least in (("s", 4), ("innen", 8), ("in", 6)):
        if word.endswith(ending) and len(word) >= least:
            yield word.removesuffix(ending)


def _family(parts: Sequence[Sequence[str]]) -> str | None:
    """Of all words that are known, the strongest; then those of the first part; then the longest; then the last."""
    found = [
        (strength, -number, length, end, family)
        for number, part in enumerate(parts)
        for strength, length, end, family in _found(_without_none(part))
    ]
    return max(found)[-1] if found else None


def _without_none(words: Sequence[str]) -> list[str]:
    left, place = [], 0
    while place < len(words):
        skip = next((end for end, run in _runs(words, place) if run in _known("none")), 0)
        left += [] if skip else [words[place]]
        place = skip or place + 1
    return left


def _found(words: Sequence[str]) -> Iterator[tuple[int, int, int, str]]:
    """(strength, letters, end, family) of each known word; 'chef' in 'chef de projet' is no word of its own."""
    for start, word in enumerate(words):
        end, run = next(((end, run) for end, run in _runs(words, start) if run in _all_runs()), (0, ""))
        for kind in ("roles", "fields", "hints", "alone"):
            if run in _known(kind) and (kind != "alone" or _says_no_more([*words[:start], *words[end:]])):
                yield STRENGTHS[kind], len(run), end, _known(kind)[run]
        for form in _forms(word):
            for cut in range(1, len(form)):
                if form[cut:] in _known("endings"):
                    yield STRENGTHS["endings"], len(form) - cut, start + 1, _known("endings")[form[cut:]]
                if cut <= len(form) - LEAST_REST and form[:cut] in _known("beginnings"):
                    yield STRENGTHS["beginnings"], cut, start + 1, _known("beginnings")[form[:cut]]


def _says_no_more(words: Sequence[str]) -> bool:
    """Whether words say nothing of the job but its level."""
    return all(word.isdigit() or word in _fillers() or word in _level_words(False) for word in words)


@cache
def _fillers() -> frozenset[str]:
    return frozenset(map(folded, _data()["fillers"].split(",")))


@cache
def _level_words(endings: bool) -> Mapping[str, str]:
    """Word → level, or "unsaid" where the word is part of a name that says nothing of the level."""
    lists = dict(_data()["level_endings" if endings else "levels"])
    if not endings:
        lists[UNSAID] = _data()["level_unsaid"]
    return {form: level for level, words in lists.items() for form in _forms_of(words)}


def _level(parts: Sequence[Sequence[str]]) -> str | None:
    said = {level for part in parts for level in _said(part)}
    return next((level for level in _data()["levels"] if level in said), None)


def _said(words: Sequence[str]) -> Iterator[str]:
    """The levels that words say, each word used once and the longest names first."""
    place, known = 0, _level_words(False)
    while place < len(words):
        end, run = next(((end, run) for end, run in _runs(words, place) if run in known), (place + 1, ""))
        yield known[run] if run else _level_of_ending(words[place])
        place = end


def _level_of_ending(word: str) -> str:
    known = _level_words(True)
    ends = (form[cut:] for form in _forms(word) for cut in range(1, len(form)))
    return next((known[end] for end in ends if end in known), UNSAID)
