"""What a message asks of its reader and what it gives, found by phrases that anyone can read and change.

A phrase lies in a lexicon (YAML) and is matched on word boundaries, without regard to case; `*` stands for
the rest of a word. A lexicon may also name patterns of this module: numbers with a unit, which no list of
phrases can hold. Every regex here runs in linear time.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rm_audit.errors import Problem, UsageError
from rm_audit.yamls import load

MIN_WORDS = 15  # judgement: under this a message is a nod, and a verdict on it is a coin toss
ENGLISH = 0.22  # judgement: English prose has over 30% of these words, the neighbouring languages under 12%
WEAK = 2  # judgement: one number with a unit may be an accident, two are information

_NUMBER = r"\d{1,9}(?:[.,]\d{1,9}){0,3}"
_UNIT = "|".join(["kg", "km", "ms", "gb", "mb", "tb", "mm", "cm", "litres?", "liters?", "miles?", "pallets?", "degrees"])
_COUNT = r"(?:one|two|three|four|five|six|[1-9])"
_FACTS: dict[str, str] = {
    "price": rf"(?:(?:eur|usd|gbp|chf|[€$£])\s?{_NUMBER}k?|{_NUMBER}\s?(?:euros?|dollars?|pounds?|eur|usd|gbp|[€£]))"
    r"(?![\d.,]*\s?(?:million|billion|mn|bn|m)\b)",
    "hours": rf"{_NUMBER}[ -]?(?:paid |unpaid )?(?:hours?|hrs?)\b(?! ago)",
    "time-span": r"(?:\b\d{1,3}|(?<!last )(?<!past )(?<!next )(?<!in )\b"
    + _COUNT
    + r")[ -](?:working |classroom |paid )?(?:minutes?|days?|nights?|weeks?|months?)\b(?! ago)",
    "clock-span": r"\d{1,2}[:.]\d\d\s?(?:-|–|to|until|till|and)\s?\d{1,2}[:.]\d\d",
    "measure": rf"{_NUMBER}\s?(?:{_UNIT})\b",
    "out-of": r"(?:\d{1,4} (?:of|out of) (?:the |our |these )?\d{1,4}|of the (?:last|first) \d{1,4})\b",
    "version": r"\bv?\d{1,3}\.\d{1,3}\.\d{1,3}\b",
    "process-count": rf"\b{_COUNT} (?:interviews|rounds|stages|exercises|shifts|lessons)\b",
}
_FIELDS = re.compile(
    r"\{\{[^{}\n]{0,80}\}\}|\{[^{}\n]{0,80}\}|\[\[[^\[\]\n]{0,80}\]\]|<<[^<>\n]{0,80}>>|\*\|[^|\n]{0,80}\|\*|%[A-Z_]{2,40}%"
)
_BREAKS = re.compile(r"<(?:br|/p|/div|/li|/h\d|/tr)\b[^<>\n]{0,80}>", re.IGNORECASE)
_TAGS = re.compile(r"</?[a-z][^<>\n]{0,800}>", re.IGNORECASE)
_FOOTER = re.compile(
    r"unsubscrib|opt[ -]out|(?:manage|update) (?:your )?(?:\w+ )?preferences|receiv\w+ this (?:e-?mail|message|newsletter)|"
    r"view (?:this|it)? ?(?:e-?mail )?in (?:your|a|the) browser|privacy (?:policy|notice)|all rights reserved|©|"
    r"confidential|stop receiving|sent from my",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"\W{0,3}(?:(?:with )?(?:best|kind|warm|many)? ?(?:regards|wishes|thanks)|all the best|best|cheers|sincerely|"
    r"yours \w+|thanks(?: again)?|thank you|talk soon|--)\W{0,3}",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
# Short words that English uses all the time and that German, Dutch, French, Spanish and Italian do not share.
_COMMON = frozenset(
    "the of and to that it for with you your are this not be as from have has had our their they them we will would "
    "can which been were but by or at about what when who how if there than more us my he she his her its i'm it's "
    "don't do does did some any into out up i".split()
)


@dataclass(frozen=True)
class Lexicon:
    """A list of phrases, with the names of number patterns that count as phrases too."""

    id: str
    phrases: tuple[str, ...]
    patterns: tuple[str, ...] = ()

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """All phrases in one expression, the longest first; it expects a text made plain by `_plain`."""
        longest = sorted({_plain(phrase) for phrase in self.phrases}, key=lambda phrase: (-len(phrase), phrase))
        body = "|".join(re.escape(phrase).replace(r"\*", r"\w*") for phrase in longest) or r"(?!)"
        return re.compile(rf"(?<!\w)(?:{body})(?!\w)")

    @cached_property
    def facts(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(rf"(?<![\w.,])(?:{_FACTS[name]})") for name in self.patterns)


@dataclass(frozen=True)
class Wording:
    """What was found in one message, in the order of the text."""

    asks: tuple[str, ...]
    gives: tuple[str, ...]


def load_lexicon(folder: Path, name: str) -> Lexicon:
    """The lexicon `name` of a folder. Raises UsageError with every problem of the file."""
    file = f"{name}.yaml"
    try:
        text = (folder / file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem("error", "lexicon-unreadable", f"cannot be read: {type(error).__name__}", file=file)
        raise UsageError(problem) from None
    document = load(text, file)
    data: dict[str, Any] = document.data if isinstance(document.data, dict) else {}
    for field in ("id", "title", "why", "source"):
        if not isinstance(data.get(field), str):
            document.problems.append(document.problem("lexicon-field", f"the field '{field}' is missing: a text"))
    for field, known in (("phrases", None), ("patterns", _FACTS)):
        items = data.get(field, [] if known else None)
        if not isinstance(items, list) or not all(isinstance(item, str) and item.strip() for item in items):
            document.problems.append(document.problem("lexicon-field", f"'{field}' must be a list of texts", (field,)))
    unknown = [item for item in data.get("patterns", []) if item not in _FACTS]
    ...
