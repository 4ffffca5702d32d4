"""What a message asks of its reader and what it gives, found by phrases that anyone can read and change.

Phrases lie in lexicons (YAML) and are matched on word boundaries, without regard to case; `*` stands for the
rest of a word. A lexicon may also name patterns of this module: numbers with a unit, which no list of phrases
can hold. Every expression here has bounded repetitions only, so that a long text costs time in proportion.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rm_audit.copy.body import counted, plain
from rm_audit.copy.english import COMMON
from rm_audit.errors import Problem, UsageError, why_unreadable
from rm_audit.yamls import Document, load

MIN_WORDS = 15  # judgement: under this a message is a nod, and a verdict on it is a coin toss
ENGLISH = 0.06  # judgement: least share of `COMMON` words
FACTS_NEEDED = 2  # judgement: one number with a unit may be an accident, two are information

_NUMBER = r"\d{1,9}(?:[.,]\d{1,9}){0,3}"
_COUNT = r"(?:one|two|three|four|five|six|[1-9])"
_UNIT = r"(?:kg|km|ms|gb|mb|tb|mm|cm|met(?:re|er)s?|lit(?:re|er)s?|miles?|pallets?|degrees)"
_MONEY = r"(?:eur|usd|gbp|chf|[€$£])"
FACTS: dict[str, str] = {
    "price": rf"(?:{_MONEY} ?{_NUMBER}k?|{_NUMBER} ?(?:euros?|dollars?|pounds?|{_MONEY}))"
    r"(?![\d.,]{0,9} ?(?:million|billion|mn|bn|m)\b)",
    "hours": rf"(?:{_NUMBER}|{_COUNT})[ -]?(?:paid |unpaid )?(?:hours?|hrs)\b(?! ago)",
    "time-span": r"(?<!last )(?<!past )(?<!next )(?<!in )(?<!within )(?<!every )"
    rf"(?:\d{{1,3}}|{_COUNT})[ -](?:working |classroom |paid )?(?:day|evening|night|week|month)s?\b(?! ago)",
    "clock-span": r"\d{1,2}[:.]\d\d ?(?:-|–|to|until|till|and) ?\d{1,2}[:.]\d\d",
    "measure": rf"{_NUMBER} ?{_UNIT}\b",
    "out-of": r"(?:\d{1,4} (?:of|out of) (?:the |our |these )?\d{1,4}|of the (?:last|first) \d{1,4}|"
    r"\d{1,4} \w{3,20} in (?!(?:19|20)\d\d\b)\d{2,4})\b",
    "version": r"v?\d{1,3}\.\d{1,3}\.\d{1,3}\b",
    "process-count": rf"{_COUNT} (?:interviews|rounds|stages|exercises|shifts|lessons)\b",
}
_SENTENCE_END = re.compile(r"(?<=[.!?])\s|\n")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True)
class Lexicon:
    """A list of phrases, with the names of the `FACTS` that count as phrases too."""

    id: str
    phrases: tuple[str, ...]
    patterns: tuple[str, ...] = ()

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """All phrases in one expression, the longest first; it expects a text as `_plain` makes it."""
        longest = sorted({_plain(phrase) for phrase in self.phrases}, key=lambda phrase: (-len(phrase), phrase))
        body = "|".join(re.escape(phrase).replace(r"\*", r"\w{0,40}") for phrase in longest) or r"(?!)"
        return re.compile(rf"(?<!\w)(?:{body})(?!\w)")

    @cached_property
    def facts(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(rf"(?<![\w.,]){FACTS[name]}") for name in self.patterns)


@dataclass(frozen=True)
class Wording:
    """What was found in one message, in the order of the text."""

    asks: tuple[str, ...]
    gives: tuple[str, ...]


@dataclass(frozen=True, order=True)
class _Hit:
    start: int
    minus_end: int
    is_fact: bool
    text: str


def load_lexicon(folder: Path, name: str) -> Lexicon:
    """The lexicon `name` of a folder. Raises UsageError with every problem of its file."""
    file = f"{name}.yaml"
    try:
        text = (folder / file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"the lexicon {why_unreadable(error)}"
        raise UsageError(Problem("error", "lexicon-unreadable", message, file=file)) from None
    document = load(text, file)
    if not document.problems:
        document.problems.extend(_complaints(document))
    if document.problems:
        raise UsageError(document.problems)
    data = document.data
    return Lexicon(data["id"], tuple(data["phrases"]), tuple(data.get("patterns", ())))


def _complaints(document: Document) -> Iterator[Problem]:
    data: Any = document.data
    if not isinstance(data, dict):
        yield document.problem("lexicon-shape", "a lexicon is a list of 'field: value' lines")
        return
    for field in ("id", "title", "why", "source"):
        if not isinstance(data.get(field), str):
            yield document.problem("lexicon-field", f"the field '{field}' must be a text", (field,))
    for field in ("phrases", "patterns"):
        items = data.get(field, [] if field == "patterns" else None)
        if not isinstance(items, list) or not all(isinstance(item, str) and item.strip(" *") for item in items):
            yield document.problem("lexicon-field", f"'{field}' must be a list of texts", (field,))
        elif field == "patterns" and not set(items) <= set(FACTS):
            help = f"There are: {', '.join(FACTS)}."
            yield document.problem("lexicon-field", "a pattern that is not known", (field,), help=help)


def hits(text: str, lexicon: Lexicon) -> list[str]:
    """The phrases of the lexicon that stand in the text, in its order, lower case, each once, none inside another."""
    return list(dict.fromkeys(hit.text for hit in _hits(_plain(text), lexicon)))


def _hits(plain: str, lexicon: Lexicon) -> list[_Hit]:
    found = [_Hit(m.start(), -m.end(), False, m.group()) for m in lexicon.regex.finditer(plain)]
    found += [_Hit(m.start(), -m.end(), True, m.group()) for fact in lexicon.facts for m in fact.finditer(plain)]
    kept: list[_Hit] = []
    for hit in sorted(found):
        if not kept or hit.start >= -kept[-1].minus_end:
            kept.append(hit)
    return kept


def assess(text: str, asks: Lexicon, gives: Lexicon) -> Wording | None:
    """What one message asks and gives. None: not assessed, for it is too short or not in English.

    A sentence that asks gives nothing: the number in "a call of 15 minutes at 10:00" is the price of the ask.
    """
    body = counted(plain(text).text)
    words = _WORD.findall(body.lower())
    if len(words) < MIN_WORDS or sum(word in COMMON for word in words) < ENGLISH * len(words):
        return None
    asked: list[_Hit] = []
    given: list[_Hit] = []
    for sentence in _sentences(body):
        found = _hits(sentence, asks)
        asked += found
        given += [] if found else _hits(sentence, gives)
    return Wording(_texts(asked), _texts(given) if _is_information(given) else ())


def _texts(found: Iterable[_Hit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.text for hit in found))


def _is_information(given: list[_Hit]) -> bool:
    return any(not hit.is_fact for hit in given) or len(_texts(given)) >= FACTS_NEEDED


def _plain(text: str) -> str:
    return " ".join(text.replace("\u2019", "'").lower().split())


def _sentences(body: str) -> Iterator[str]:
    # A line that goes on in lower case is a line wrapped by a mail program.
    for sentence in _SENTENCE_END.split(re.sub(r"\n(?=[a-z])", " ", body)):
        if sentence.strip():
            yield _plain(sentence)
