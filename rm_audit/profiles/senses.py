"""The words of a header → what each of them means, by the thesaurus: phrases, endings, compounds, misspellings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rm_audit.profiles.headers import gross, header_currency, plain
from rm_audit.yamls import load

SMALL, SLASH, MONEY_SIGN, PERSONAL = "small", "slash", "money_sign", "personal"
YEAR = re.compile(r"(?:fy)?(?:(?:19|20)\d\d)(?:\d\d)?")
# How far a word is trusted that was not found as it stands. Judgement, tried on the dev half of tests/headers.csv.
AS_ENDING, AS_COMPOUND, PER_EDIT = 0.98, 0.96, 0.6
_ELISION = re.compile(r"\b(?:l|d|n|s|qu|dell|sull|nell|all)['’](?=\w)", re.IGNORECASE)
_OPEN_SLASH = re.compile(r"/(?![^(\[]*[)\]])")
_ENDINGS = ("s", "e", "n", "r", "es", "en", "er", "et")
_JOINTS = ("", "s", "n", "e", "en", "es", "er")
_PLURALS = ("", "s", "n", "en")
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "ł": "l", "đ": "d", "ı": "i"})
_LONGEST_PHRASE = 8  # words
_SHORT_ENDING, _LONG_ENDING, _SHORTEST_SLIP, _SHORT_WORD = 2, 4, 5, 6  # letters
_SIGNS = re.compile(r"[€$£¥₹₦฿₩]")


@dataclass(frozen=True)
class Part:
    """One word or phrase of a header: the senses it may have (none where nobody knows it), and how sure that is."""

    word: str
    senses: frozenset[str]
    trust: float = 1.0


@dataclass(frozen=True)
class Words:
    """The thesaurus by word: words and phrases, stems that any ending may follow, and what to compare typos with."""

    whole: Mapping[str, frozenset[str]]
    stems: Mapping[str, frozenset[str]]
    near: Sequence[str]


@cache
def thesaurus() -> Mapping[str, Any]:
    """The file as it stands: small words, senses by language, and the columns that they make."""
    text = (Path(__file__).parent / "thesaurus.yaml").read_text(encoding="utf-8")
    data: Mapping[str, Any] = load(text, "thesaurus.yaml").data
    return data


@cache
def words() -> Words:
    """The thesaurus turned round."""
    whole: dict[str, set[str]] = {}
    stems: dict[str, set[str]] = {}
    for sense, spellings in _spellings():
        for spelled in folded(spellings).split():
            known = stems if spelled.endswith("*") else whole
            known.setdefault(spelled.removesuffix("*"), set()).add(sense)
    spelled_out = (*whole, *stems, *(f"{stem}s" for stem in stems))
    near = [word for word in dict.fromkeys(spelled_out) if len(word) > 3 and "_" not in word and word.isascii()]
    return Words({w: frozenset(s) for w, s in whole.items()}, {w: frozenset(s) for w, s in stems.items()}, near)


def _spellings() -> Iterator[tuple[str, str]]:
    """Senses with their words in a row."""
    yield SMALL, thesaurus()["small"]
    for sense, languages in thesaurus()["senses"].items():
        yield from ((sense, spellings) for spellings in languages.values())
    for senses in thesaurus()["by_language"].values():
        yield from senses.items()


def folded(text: str) -> str:
    """Without case and accents: 'Währung' → 'wahrung'. Marks of scripts that need them stay."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return unicodedata.normalize("NFC", "".join(c for c in apart if not "\u0300" <= c <= "\u036f"))


@lru_cache(maxsize=16_384)
def parts(header: str) -> tuple[Part, ...]:
    """The words of a header with their senses; years and currency codes are left out."""
    text = _OPEN_SLASH.sub(f" {SLASH} ", _ELISION.sub("", header).replace("#", " number "))
    currency = (header_currency(header) or "").casefold()
    return tuple(part for part in _parts(folded(plain(text)).split()) if part.senses or part.word != currency)


def marks(header: str) -> frozenset[str]:
    """What a header says beside its words: that its column is money of a currency, or has tax in it."""
    said = {MONEY_SIGN} if _SIGNS.search(header) or header_currency(header) else set()
    return frozenset(said | {"gross"} if gross(header) else said)


def _parts(tokens: Sequence[str]) -> Iterator[Part]:
    at = 0
    while at < len(tokens):
        length, senses = _phrase(tokens, at)
        word = " ".join(tokens[at : at + length])
        at += length
        if length > 1:
            yield Part(word, senses)
        elif word == SLASH:
            yield Part("/", frozenset({SLASH}))
        elif senses or not YEAR.fullmatch(word):
            yield from _single(word)


def _phrase(tokens: Sequence[str], at: int) -> tuple[int, frozenset[str]]:
    """The longest known phrase that begins here: how many words it has, and its senses."""
    for length in range(min(_LONGEST_PHRASE, len(tokens) - at), 0, -1):
        senses = words().whole.get("_".join(tokens[at : at + length]))
        if senses:
            return length, senses
    return 1, frozenset()


@lru_cache(maxsize=16_384)
def _single(word: str) -> tuple[Part, ...]:
    """A word as it stands, with an ending, as a compound of known words, or misspelled."""
    senses = words().whole.get(word, frozenset()) | _stem(word, 0) or _stem(word, _SHORT_ENDING)
    if senses:
        return (Part(word, senses),)
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 4 and stem in words().whole:
            return (Part(word, words().whole[stem], AS_ENDING),)
    compound, senses = _compound(word), _stem(word, _LONG_ENDING)  # 'Kampagnentyp' is no form of 'Kampagne'
    return compound or ((Part(word, senses),) if senses else (_personal(word) or _misspelled(word),))


def _stem(word: str, longest: int) -> frozenset[str]:
    found = (words().stems.get(word[: len(word) - cut]) for cut in range(longest + 1))
    return next((senses for senses in found if senses), frozenset())


def _compound(word: str) -> tuple[Part, ...]:
    """The fewest known words that make up the whole of it, a joint between them or not; nothing where none do."""
    best: list[tuple[Part, ...] | None] = [(), *[None] * len(word)]
    shortest = 3 if word.isascii() else 1  # a sign of Chinese or Japanese is a word
    for end in range(shortest, len(word) + 1):
        for start in range(end - shortest + 1):
            before = best[start]
            senses = _piece(word[start:end], end == len(word)) if before is not None else frozenset()
            if before is not None and senses and (best[end] is None or len(before) + 1 < len(best[end] or ())):
                best[end] = (*before, Part(word[start:end], senses, AS_COMPOUND))
    return best[-1] or ()


def _piece(piece: str, last: bool) -> frozenset[str]:
    senses = words().whole.get(piece, frozenset()) | (
        _stem(piece, _SHORT_ENDING) if last else words().stems.get(piece, frozenset())
    )
    for joint in _PLURALS if last else _JOINTS:
        stem = piece.removesuffix(joint) if joint and not senses and len(piece) > len(joint) + 3 else piece
        senses = senses or words().whole.get(stem, frozenset()) | words().stems.get(stem, frozenset())
    return senses - {SMALL}


def _personal(word: str) -> Part | None:
    """A word that begins or ends with one about people, such as 'Gehaltsvorstellung', is about people."""
    known = (*words().whole.items(), *words().stems.items())
    ends = (piece for piece, senses in known if PERSONAL in senses and len(piece) > 4 and "_" not in piece)
    return Part(word, frozenset({PERSONAL})) if word.startswith(found := tuple(ends)) or word.endswith(found) else None


def _misspelled(word: str) -> Part:
    """The known words one slip away (two, of eight letters or more) that begin with the same letter.

    In a short word a letter left out, added or swapped is a slip; another letter makes another word ('cust', 'cost').
    """
    if len(word) < _SHORTEST_SLIP or not word.isalpha() or not word.isascii():
        return Part(word, frozenset())
    from rapidfuzz import process  # only where a word is unknown
    from rapidfuzz.distance import OSA

    most = 1 if len(word) < 8 else 2
    found = process.extract(word, words().near, scorer=OSA.distance, score_cutoff=most, limit=5)
    alike = [(near, edits) for near, edits, _ in found if near[0] == word[0] and _may_be(word, near)]
    fewest = min((edits for _, edits in alike), default=0)
    senses = [_known(near) for near, edits in alike if edits == fewest]  # it may be any of them
    return Part(word, frozenset().union(*senses), 1 - PER_EDIT * fewest / len(word))


def _may_be(word: str, near: str) -> bool:
    return len(word) >= _SHORT_WORD or len(word) != len(near) or sorted(word) == sorted(near)


def _known(word: str) -> frozenset[str]:
    return words().whole.get(word, frozenset()) | _stem(word, 1)
