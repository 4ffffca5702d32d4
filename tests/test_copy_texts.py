"""What the copy detector says of labelled texts and sequences; `tests/copy/README.md` says how they were labelled."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from rm_audit.copy import judge, load_detector
from rm_audit.copy.series import repeats

HERE = Path(__file__).parent / "copy"
DETECTOR = load_detector()


def texts(part: str) -> Iterator[dict[str, str]]:
    for source in yaml.safe_load((HERE / f"{part}.yaml").read_text("utf-8")):
        for item in source["texts"]:
            yield {"source": source["source"], "trade": source["trade"], **item}


ALL = [*texts("dev"), *texts("held"), *texts("fresh")]


def share(items: Sequence[bool]) -> float:
    return sum(items) / len(items)


def area(items: Sequence[dict[str, str]]) -> float:
    """How often a bland text scores over a good one."""
    scores = [(item["label"] == "bland", judge(item["text"]).score or 0.0) for item in items]
    pairs = [(b > g) + (b == g) / 2 for is_b, b in scores if is_b for is_g, g in scores if not is_g]
    return sum(pairs) / len(pairs)


FOUND = {"dev": 0.85, "held": 0.85, "fresh": 0.45}  # least share of bland texts that are called bland, of any kind


@pytest.mark.parametrize("part", FOUND)
@pytest.mark.parametrize("kind", ["employee_story", "hiring_post", "not tech", ""])
def test_texts_are_told_apart(part: str, kind: str) -> None:
    """The targets, on texts on which the detector was tuned and on texts that only judge; see tests/copy/README.md.

    `fresh` holds stories without a word of praise: they score over all good ones, and many under what is called bland.
    """
    items = [
        item for item in texts(part) if kind in ("", item["kind"]) or (kind == "not tech" and item["trade"] != "tech")
    ]
    verdicts = [(item["label"], judge(item["text"]).verdict) for item in items]
    called = [label == "bland" for label, verdict in verdicts if verdict == "bland"]
    found = [verdict == "bland" for label, verdict in verdicts if label == "bland"]
    assert share(called) >= 0.9
    assert share(found) >= FOUND[part]
    assert area(items) >= 0.95


def test_no_source_stands_in_two_parts() -> None:
    sources = [item for part in FOUND for item in {text["source"] for text in texts(part)}]
    assert len(sources) == len(set(sources))


@pytest.mark.parametrize("item", ALL, ids=lambda item: f"{item['source']} {item['kind']}")
def test_every_verdict_quotes_two_phrases_where_they_stand_and_says_what_to_do(item: dict[str, str]) -> None:
    """The points of all reasons and the start are the score, up to rounding."""
    found = judge(item["text"])
    assert len(found.reasons) >= 2
    assert all(item["text"][reason.start : reason.end] == reason.phrase for reason in found.reasons)
    assert found.suggestion
    assert found.score is not None
    odds = DETECTOR.scale.start + sum(reason.points for reason in found.reasons)
    assert found.score == pytest.approx(1 / (1 + math.exp(-odds)), abs=0.01)


def labelled() -> Iterator[list[dict[str, Any]]]:
    for sequence in yaml.safe_load((HERE / "sequences.yaml").read_text("utf-8")):
        yield sequence["steps"]


def test_repeated_steps_are_found_as_labelled() -> None:
    for steps in labelled():
        found = [at if at is None else at + 1 for at in repeats([step["text"] for step in steps])]
        assert found == [step.get("repeats") for step in steps]


def test_kinds_of_ask_are_mostly_as_labelled() -> None:
    """Six of seven in the label are found; one in four of those named is not in the label: the rule is preview."""
    wanted = [{f"empty-ask:{kind}" for kind in step["asks"]} for steps in labelled() for step in steps]
    named = [
        {part for part in judge(step["text"]).parts or () if part.startswith("empty-ask:")}
        for steps in labelled()
        for step in steps
    ]
    right = sum(len(one & other) for one, other in zip(wanted, named, strict=True))
    assert right >= 0.8 * sum(map(len, wanted))
    assert right >= 0.7 * sum(map(len, named))
