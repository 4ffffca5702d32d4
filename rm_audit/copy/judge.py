"""One text → a verdict that quotes its reasons.

Points of a family = weight x least(cap, hits per 100 words), shared out evenly over its phrases, so that the points of
all reasons and the start add up to the score's logarithmic odds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rm_audit.copy.body import Plain, counted, plain
from rm_audit.copy.english import COMMON, foreign
from rm_audit.copy.families import EXCEPT, Detector, built_in
from rm_audit.copy.phrases import Hit
from rm_audit.copy.tokens import BREAKS, Tokens, tokens

Verdict = Literal["bland", "review", "fine", "not_assessed"]
QUOTED_WORDS = 12  # a sentence is quoted up to here
LEAST_QUOTES = 2
LEAST_COST = 0.5  # judgement: what costs a useful text less than this is no advice
# Doing and its objects have to outnumber praise and biography; one verb of doing alone may be an accident. Of stories
# that nothing was tuned on, this finds 37 of 43 in which somebody works, and 6 of 52 in which nobody does.
EPISODE, OBJECTS, LEAST_WORK = "episode", "things", 2
TALK = ("about-me", "culture-cliche", "praise-words")
ALONE = "Say one thing in it that only you can say: a figure, a reason, or what went wrong."


class Reason(NamedTuple):
    """A phrase as it stands in the text from `start` up to `end`, its family and what it added to the score."""

    family: str
    phrase: str
    start: int
    end: int
    points: float


@dataclass(frozen=True)
class Judgement:
    """`score` is 0 (useful) to 1 (bland), None where the text is not assessed; `why_not` then says why in words.

    `parts` counts the hits of parts of families, such as `empty-ask:call`. `shows_work`: somebody is seen doing it.
    """

    verdict: Verdict
    score: float | None
    reasons: tuple[Reason, ...]
    suggestion: str
    words: int
    why_not: str = ""
    parts: Mapping[str, int] | None = None
    shows_work: bool = False


@dataclass(frozen=True)
class _Found:
    """A text with all that was found in it."""

    shown: str
    plain: Plain
    tokens: Tokens
    hits: Mapping[str, Sequence[Hit]]

    def reasons(self, family: str, spans: Iterable[tuple[int, int]], points: float) -> list[Reason]:
        """A reason a span of tokens, each with the same points."""
        at, text, points = self.tokens.found, self.shown, round(points, 3) + 0.0
        spots = [(at[first].start(), at[last - 1].end()) for first, last in spans]
        if self.plain.places is not None:
            place = self.plain.place
            spots = [(place(start), place(end - 1) + 1) for start, end in spots]
        return [Reason(family, text[start:end], start, end, points) for start, end in spots]


def judge(text: str, detector: Detector | None = None) -> Judgement:
    """The verdict on one message; time grows with its length and no faster."""
    detector = detector or built_in()
    even = plain(text)
    words = tokens(counted(even.text))
    found = _Found(text, even, words, _hits(words, detector))
    aside = _set_aside(found, detector)
    if aside is not None:
        return aside
    per_hundred = 100 / (detector.scale.added_words + words.count)
    points = _points(found, detector, per_hundred)
    score = 1 / (1 + math.exp(-max(-30.0, min(30.0, detector.scale.start + sum(points.values())))))
    verdict = _verdict(score, points, detector)
    reasons = _reasons(found, points, detector)
    shows_work = _shows_work(found)
    lacks = [] if verdict == "fine" else _lacking(points, shows_work)
    return Judgement(
        verdict=verdict,
        score=round(score, 4),
        reasons=reasons,
        suggestion=" ".join([*_suggestion(verdict, reasons, points, detector), *lacks]) or ALONE,
        words=words.count,
        parts=_parts(found),
        shows_work=shows_work,
    )


def _hits(words: Tokens, detector: Detector) -> dict[str, list[Hit]]:
    """Hits by family, without those that lie inside one of the family's exceptions."""
    found: dict[str, list[Hit]] = {}
    for hit in detector.phrases.find(words.words):
        name = hit.name if ":" not in hit.name else hit.name.partition(":")[0]
        found.setdefault(name, []).append(hit)
    for name in [name for name in found if name.endswith(EXCEPT)]:
        excepted, family = found.pop(name), name.removesuffix(EXCEPT)
        covered = {at for hit in excepted for at in range(hit.first, hit.last)}
        kept = [hit for hit in found.get(family, ()) if not covered.issuperset(range(hit.first, hit.last))]
        found[family] = kept
    return {name: hits for name, hits in found.items() if hits}


def _points(found: _Found, detector: Detector, per_hundred: float) -> dict[str, float]:
    """Points by family, in the order of their names; families that have nothing to say are left out."""
    points = {}
    for name, hits in found.hits.items():
        family = detector.families[name]
        points[name] = family.weight * min(family.cap, len(hits) * per_hundred)
    given = sum(len(found.hits.get(name, ())) for name in detector.scale.substance) * per_hundred
    lack = max(0.0, 1 - given / detector.scale.substance_per_100)
    points |= {family.id: family.weight * lack for family in detector.measured}
    return {name: points[name] for name in sorted(points) if points[name]}


def _verdict(score: float, points: Mapping[str, float], detector: Detector) -> Verdict:
    against = sum(value > 0 and not detector.families[name].measure for name, value in points.items())
    if score >= detector.scale.bland and against >= detector.scale.least_families:
        return "bland"
    return "review" if score >= detector.scale.review else "fine"


def _reasons(found: _Found, points: Mapping[str, float], detector: Detector) -> tuple[Reason, ...]:
    """Every phrase with its share of the points, the weightiest first; two at least."""
    reasons: list[Reason] = []
    for family, value in points.items():
        hits = found.hits.get(family, ())
        if hits:
            reasons += found.reasons(family, [(first, last) for _, first, last in hits], value / len(hits))
    for name in (family.id for family in detector.measured):
        if name in points or len(reasons) < LEAST_QUOTES:
            quotes = _silent_sentences(found, detector)[: max(1, LEAST_QUOTES - len(reasons))]
            reasons += found.reasons(name, quotes, points.get(name, 0.0) / len(quotes))
    return tuple(sorted(reasons, key=lambda reason: (-abs(reason.points), reason.start, reason.family)))


def _silent_sentences(found: _Found, detector: Detector) -> list[tuple[int, int]]:
    """Two sentences or more in which nothing was given, the longest first, cut to a length that can be quoted."""
    given = {hit.first for name in detector.scale.substance for hit in found.hits.get(name, ())}
    spans = [(first, last) for first, last in found.tokens.sentences if given.isdisjoint(range(first, last))]
    spans += [span for span in found.tokens.sentences if span not in spans] if len(spans) < LEAST_QUOTES else []
    longest = sorted(spans, key=lambda span: (span[0] - span[1], span[0]))
    if len(longest) == 1:  # one sentence is the whole text: its two halves
        first, last = longest[0]
        longest = [(first, (first + last) // 2), ((first + last) // 2, last)]
    return [(first, min(last, first + QUOTED_WORDS)) for first, last in longest]


def _suggestion(
    verdict: Verdict, reasons: Sequence[Reason], points: Mapping[str, float], detector: Detector
) -> list[str]:
    """What to do first with this text: what to keep, then what the costliest family with a remedy says."""
    given = [reason for reason in reasons if reason.points < 0]
    parts = [f"Keep the sentence with '{_telling(given)}'."] if given and verdict != "bland" else []
    least = LEAST_COST if verdict == "fine" else 0.0
    costly = [name for name in sorted(points, key=lambda name: -points[name]) if points[name] > least]
    remedied = next((name for name in costly if detector.families[name].suggest), None)
    if remedied is not None:
        phrase = _telling([reason for reason in reasons if reason.family == remedied])
        parts.append(detector.families[remedied].suggest.replace("{phrase}", phrase))
    elif verdict == "fine" and given:
        parts.append("Let the first line carry it: readers decide there whether to go on.")
    return parts


def _telling(reasons: Sequence[Reason]) -> str:
    """The longest phrase among them, on one line: it says more than a word."""
    return " ".join(max(reasons, key=lambda reason: (len(reason.phrase), -reason.start)).phrase.split())


def _lacking(points: Mapping[str, float], shows_work: bool) -> list[str]:
    """What no phrase of the text gives: first what would tell most beside what the text is about."""
    about_people = max(points.get(name, 0.0) for name in ("about-me", "culture-cliche", "pr-voice"))
    asks = max(points.get(name, 0.0) for name in ("empty-ask", "vague-offer", "wish-list"))
    if about_people > asks:
        return [] if shows_work else ["Nobody in it is seen doing a piece of work."]
    if not points.keys() & {"facts", "terms"}:
        return ["It names no pay, no hours and no figure that a reader could decide on."]
    return []


def _shows_work(found: _Found) -> bool:
    counts = {name: len(found.hits.get(name, ())) for name in (EPISODE, OBJECTS, *TALK)}
    work = counts[EPISODE] + counts[OBJECTS]
    return counts[EPISODE] > 0 and work >= max(LEAST_WORK, sum(counts[name] for name in TALK))


def _parts(found: _Found) -> dict[str, int]:
    """How often each part of a family was found, such as `empty-ask:call`."""
    parts: dict[str, int] = {}
    for hits in found.hits.values():
        if ":" in hits[0].name:
            for hit in hits:
                parts[hit.name] = parts.get(hit.name, 0) + 1
    return parts


def _set_aside(found: _Found, detector: Detector) -> Judgement | None:
    """Why a text is not assessed, with what shows it; None where it is."""
    words, scale = found.tokens, detector.scale
    if words.count < scale.least_words:
        spoken = [index for index, word in enumerate(words.words) if word not in BREAKS]
        ends = sorted({spoken[0], spoken[-1]}) if spoken else []
        why = f"too short: {len(spoken)} words of its own, {scale.least_words} are needed"
        return _unassessed(found, "too-short", [(index, index + 1) for index in ends], why, _LONGER)
    if sum(map(COMMON.__contains__, words.words)) < scale.english * words.count:
        strange = [index for index, word in enumerate(words.words) if word[:1].isalpha() and word not in COMMON]
        known = [index for index in strange if foreign(words.words[index])] or strange or range(len(words.words))
        why = "not in English, as far as its small words tell"
        return _unassessed(found, "language", [(index, index + 1) for index in known[:3]], why, _READER)
    for family in detector.setting_aside:
        hits = found.hits.get(family.id, ())
        if len(hits) >= family.sets_aside:
            why = f"not judged: {family.title[0].lower()}{family.title[1:]}"
            return _unassessed(found, family.id, [(hit.first, hit.last) for hit in hits], why, _SERVICE)
    return None


_LONGER = "Judge it together with the message that it belongs to."
_READER = "Ask somebody who reads the language whether it says anything that only you can say."
_SERVICE = "Keep it to what was received, what comes next, when, and whom to ask."


def _unassessed(found: _Found, family: str, spans: Sequence[tuple[int, int]], why: str, advice: str) -> Judgement:
    reasons = tuple(found.reasons(family, spans, 0.0))
    return Judgement("not_assessed", None, reasons, advice, found.tokens.count, why)
