"""Whether one spelling is another with a slip of the hand, and not another word."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from rm_audit.channels.data import grammar

# Judgement, measured by tests/measure_channels.py: shorter words are other words more often than slips of the hand.
ONE_SLIP, LETTER_FOR_LETTER, AT_THE_END, TWO_SLIPS, NOT_WORD_BY_WORD = 6, 8, 8, 10, 7


def is_slip(words: Sequence[str], meant: Sequence[str]) -> bool:
    """Whether `words` are `meant` with one slip: a letter too many, too few, twice, or two in each other's place."""
    one, other = "".join(words), "".join(meant)
    if _digits(one) != _digits(other):
        return False
    if len(words) == len(meant):
        pairs = [(word, right) for word, right in zip(words, meant, strict=True) if word != right]
        if len(pairs) == 1 and (_is_word_slip(*pairs[0]) or _lost_beside(*pairs[0], words, meant)):
            return True
        return len(words) > 1 and _lost_inside(one, other) and all(map(_same_start, words, meant))
    if {word for word in words if len(word) == 1} != {word for word in meant if len(word) == 1}:
        return False  # 'Campaign E' is not 'Campaign'
    return min(len(one), len(other)) >= NOT_WORD_BY_WORD and _is_word_slip(one, other)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _same_start(word: str, right: str) -> bool:
    return word[:1] == right[:1]


def _lost_inside(short: str, whole: str) -> bool:
    """One letter is missing, in a name long enough that the rest of it tells."""
    from rapidfuzz.distance import Levenshtein

    return len(short) + 1 == len(whole) >= NOT_WORD_BY_WORD + 1 and Levenshtein.distance(short, whole) == 1


def _lost_beside(word: str, right: str, words: Sequence[str], meant: Sequence[str]) -> bool:
    """One letter of a word is missing, its first too, beside words that are right: 'Mea Ads', 'Job airs'."""
    from rapidfuzz.distance import Levenshtein

    if len(words) < 2 or len("".join(meant)) < NOT_WORD_BY_WORD or words[0][:1] != meant[0][:1]:
        return False
    return len(word) > 1 and len(word) + 1 == len(right) and Levenshtein.distance(word, right) == 1


def _is_word_slip(word: str, right: str) -> bool:
    from rapidfuzz.distance import OSA

    longer = max(len(word), len(right))
    if word[:1] != right[:1] or min(len(word), len(right)) < 4:
        return False
    distance = OSA.distance(word, right, score_cutoff=2)
    if distance == 1:
        return _is_one_slip(word, right, longer)
    return distance == 2 and longer >= TWO_SLIPS and word[-1] == right[-1] and not _replaced(word, right)


def _is_one_slip(word: str, right: str, longer: int) -> bool:
    if len(word) == len(right):
        if sorted(word) == sorted(right):
            return longer >= ONE_SLIP  # two letters in each other's place
        one, other = next((a, b) for a, b in zip(word, right, strict=True) if a != b)
        if frozenset((one, other)) in _alike("looks_alike"):
            return longer >= ONE_SLIP
        return longer >= LETTER_FOR_LETTER and frozenset((one, other)) in _alike("neighbours")
    short, whole = sorted((word, right), key=len)
    place = next((n for n, (a, b) in enumerate(zip(short, whole, strict=False)) if a != b), len(short))
    if place == len(short):  # the last letter
        return whole[-1] == "s" or whole[-1] == short[-1] or longer >= AT_THE_END
    return whole[place] == whole[place - 1] or longer >= ONE_SLIP


def _replaced(word: str, right: str) -> bool:
    """Whether letters were replaced by others, beyond two that changed places."""
    from rapidfuzz.distance import Levenshtein

    edits = [op.tag for op in Levenshtein.editops(word, right)]
    return "replace" in edits and sorted(word) != sorted(right)


@cache
def _alike(name: str) -> frozenset[frozenset[str]]:
    rows = grammar()[name]
    return frozenset(frozenset(pair) for row in rows for pair in pairwise(row))
