"""Which channels bring people who go further, or less far, than those of other channels for the same jobs."""

from __future__ import annotations

from rm_audit.rendering.words import Document

HEAD = "Quality of hires"


def told(document: Document) -> list[tuple[str, str]]:
    """Name of a channel → what is better or worse about its people, with the counts and the ratio."""
    return [(item["name"], said) for item in document["subjects"]["channel"] for said in apart(item)]


def apart(subject: Document) -> list[str]:
    """What is better or worse about the people of one channel or sequence."""
    differing = [one for one in subject.get("quality", ()) if one["verdict"] in ("better", "worse")]
    return [f"{one['verdict']}. {_with_ratio(one)}" for one in differing]


def _with_ratio(one: Document) -> str:
    ratio = one["ratio"]
    ends = f"{ratio['low']:.2f} to {ratio['high']:.2f}"
    return f"{one['reason'][0].upper()}{one['reason'][1:]}: {ratio['value']:.2f} times the others' rate ({ends})."


def untold(document: Document) -> str:
    """How many comparisons are usual, and of how many nothing can be told; nothing where there is none."""
    words = [one["verdict"] for item in document["subjects"]["channel"] for one in item.get("quality", ())]
    if not words:
        return ""
    counted = [f"{words.count(word)} {said}" for word, said in (("usual", "usual"), ("cannot_tell", "open as yet"))]
    return f"Of {len(words)} comparisons with others in the same jobs: {', '.join(counted)}."
