"""A column of texts as numbers: each different text once, in order, and where it stands in every row.

People write Job board and job board for the same thing, so texts are compared without case and outer
spaces. Comparing a column with a word is then a comparison of whole numbers.
"""

from __future__ import annotations

import fnmatch
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]


def folded(value: object) -> str:
    return str(value).strip().casefold()


@dataclass(frozen=True)
class Texts:
    """`words` are the different texts, folded and sorted; `codes[i]` is the place of row i's text in them."""

    words: tuple[str, ...]
    codes: Codes

    @classmethod
    def of(cls, values: Iterable[Any]) -> Texts:
        """From plain values; None is an empty text, which its state says is unknown."""
        items = ["" if value is None else value for value in values]
        spelled = {value: folded(value) for value in set(items)}
        words = sorted(set(spelled.values()))
        place = {word: code for code, word in enumerate(words)}
        codes = {value: place[word] for value, word in spelled.items()}
        return cls(tuple(words), np.fromiter(map(codes.__getitem__, items), dtype=np.int64, count=len(items)))

    def __len__(self) -> int:
        return len(self.codes)

    def plain(self) -> NDArray[Any]:
        """The texts as objects, folded."""
        return np.array([*self.words, None], dtype=object)[self.codes]

    def where(self, wanted: Sequence[bool]) -> NDArray[np.bool_]:
        """True in the rows whose text is wanted; `wanted` is one truth value a word."""
        return np.array([*wanted, False], dtype=bool)[self.codes]

    def compare_word(self, word: str, compare: Callable[[Any, Any], Any]) -> NDArray[np.bool_]:
        """Each row against one word, by the order of the alphabet."""
        below, upto = bisect_left(self.words, word), bisect_right(self.words, word)
        # Twice the place leaves room between two words for one that is not among them.
        return np.asarray(compare(2 * self.codes, below + upto - 1), dtype=bool)

    def among(self, words: Iterable[str]) -> NDArray[np.bool_]:
        wanted = set(words)
        return self.where([word in wanted for word in self.words])

    def matching(self, patterns: str) -> NDArray[np.bool_]:
        """Rows whose text fits one of the globs, which are parted by bars."""
        # Globs, since they cannot be made to try for ever; regular expressions can.
        tests = [re.compile(fnmatch.translate(folded(part))) for part in patterns.split("|")]
        return self.where([any(test.match(word) for test in tests) for word in self.words])


def aligned(left: Texts, right: Texts) -> tuple[Texts, Texts]:
    """Both with the same words, so that their codes can be compared."""
    words = tuple(sorted({*left.words, *right.words}))
    place = {word: code for code, word in enumerate(words)}
    return _recoded(left, words, place), _recoded(right, words, place)


def _recoded(texts: Texts, words: tuple[str, ...], place: dict[str, int]) -> Texts:
    new = np.array([place[word] for word in texts.words] or [0], dtype=np.int64)
    return Texts(words, new[texts.codes] if len(texts.codes) else texts.codes)
