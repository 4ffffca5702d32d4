"""What `rm-audit copy` prints: per text the verdict, what speaks against and for it, and what to do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rm_audit.copy import Detector, Judgement, Reason
from rm_audit.errors import visible

FAMILIES_SHOWN = 4  # against, and as many for
PHRASES_SHOWN = 3
LONGEST = 60  # characters of a phrase in the terminal

Judged = tuple[str, str, Judgement]  # the file's name, its text, the verdict


def copy_json(judged: Iterable[Judged]) -> str:
    """A list of {file, score, verdict, reasons, ...}, one object a text, in the order of the arguments."""
    return (
        json.dumps([_document(file, judgement) for file, _, judgement in judged], indent=2, ensure_ascii=False) + "\n"
    )


def _document(file: str, judgement: Judgement) -> dict[str, Any]:
    return {
        "file": file,
        "score": judgement.score,
        "verdict": judgement.verdict,
        "reasons": [reason._asdict() for reason in judgement.reasons],
        "suggestion": judgement.suggestion,
        "words": judgement.words,
        "shows_work": judgement.shows_work,
        "why_not": judgement.why_not,
    }


def copy_terminal(judged: Sequence[Judged], detector: Detector) -> str:
    """The same for people: the weightiest phrases with their points and lines."""
    lines = []
    for file, text, judgement in judged:
        score = "" if judgement.score is None else f", score {judgement.score:.2f}"
        lines.append(f"{visible(file)}: {judgement.verdict.replace('_', ' ')}{score}")
        if judgement.why_not:
            lines.append(f"  {judgement.why_not}")
        lines += _shown(text, judgement, detector)
        if judgement.suggestion:
            lines.append(f"  do: {visible(judgement.suggestion)}")
        lines.append("")
    return "\n".join(lines)


def _shown(text: str, judgement: Judgement, detector: Detector) -> Iterable[str]:
    groups: dict[str, list[Reason]] = {}
    for reason in judgement.reasons:
        groups.setdefault(reason.family, []).append(reason)
    total = {name: sum(reason.points for reason in reasons) for name, reasons in groups.items()}
    against = sorted((name for name in groups if total[name] >= 0), key=lambda name: -total[name])
    given = sorted((name for name in groups if total[name] < 0), key=lambda name: total[name])
    for name in [*against[:FAMILIES_SHOWN], *given[:FAMILIES_SHOWN]]:
        points = f"{total[name]:+.2f} " if judgement.score is not None else ""
        yield f"  {points}{_title(name, detector)}"
        yield f"        {', '.join(_phrases(text, groups[name]))}"


def _title(name: str, detector: Detector) -> str:
    family = detector.families.get(name)
    return f"{name}: {family.title[0].lower()}{family.title[1:]}" if family else name


def _phrases(text: str, reasons: Sequence[Reason]) -> Iterable[str]:
    once: Mapping[str, Reason] = {" ".join(reason.phrase.split()).lower(): reason for reason in reversed(reasons)}
    for reason in sorted(once.values(), key=lambda reason: reason.start)[:PHRASES_SHOWN]:
        phrase = " ".join(reason.phrase.split())
        phrase = phrase if len(phrase) <= LONGEST else f"{phrase[: LONGEST - 1]}…"
        yield f"'{visible(phrase)}' (line {text.count(chr(10), 0, reason.start) + 1})"
