"""A text as words: lower case, with their places, and with the marks that end a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

BREAKS = frozenset(".!?\n")
# A line that goes on in lower case was wrapped by a mail program: its end is no break.
_WRAPPED = re.compile(r"\n(?=[ \t]{0,20}[a-zß-öø-ÿ])")
_TOKEN = re.compile(
    r"[^\W\d_]+(?:'[^\W\d_]+)?|(?:[$€£] ?)?\d+(?:[.,:]\d+)*%?|#[^\W\d]\w*|"
    r"[.!?](?=[\s\"')”]|$)|\n|[$€£\U0001F300-\U0001FAFF✨⭐❤]"
)


@dataclass(frozen=True)
class Tokens:
    """The words of one text in order, in lower case; `words[i]` stands at `found[i].start()`."""

    text: str
    found: list[re.Match[str]]
    words: list[str]

    @cached_property
    def count(self) -> int:
        """How many words there are, marks not counted."""
        return len(self.words) - sum(map(self.words.count, BREAKS))

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """First and last + 1 token of each sentence, marks left out; empty ones too."""
        ends = [index for index, word in enumerate(self.words) if word in BREAKS]
        return [(s, e) for s, e in zip([0, *(end + 1 for end in ends)], [*ends, len(self.words)], strict=True) if e > s]


def tokens(text: str) -> Tokens:
    found = list(_TOKEN.finditer(_lower(_WRAPPED.sub(" ", text))))
    return Tokens(text, found, [match[0] for match in found])


def _lower(text: str) -> str:
    """Lower case without a change of length: a few letters have two in lower case, and stay as they are."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
