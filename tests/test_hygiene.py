"""Poor data holds verdicts back: which rules rest on sources of hire, and on talks that were entered."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from planted import confusion
from planted.book import clean
from planted.files import audited
from planted.registry import PLANTERS

from rm_audit.rulebook.model import Rule
from rm_audit.vocabulary import VOCABULARY

# Counts of hires by where they came from, for rules about channels; and those that say so in any rule.
BY_CHANNEL = {"hires", "total_hires", "hires_expected", "hires_expected_low", "benchmark_hires", "followed"}
BY_SOURCE = {"channel_hires", "channel_due", "boards_without_hire", "hires_inside"}


def words(rule: Rule) -> set[str]:
    """All words of the vocabulary that a rule's verdict rests on, through the formulas of derived ones."""
    found: set[str] = set()
    new = {name for item in rule.expressions for name in item.names if name in VOCABULARY}
    while new - found:
        found |= new
        new = {part for name in new for part in re.findall(r"[a-z_]+", VOCABULARY[name].formula) if part in VOCABULARY}
    return found


@pytest.mark.parametrize(
    ("hygiene", "resting"),
    [
        ("source-dark", lambda rule: BY_SOURCE | (BY_CHANNEL if "channel" in rule.grain else set())),
        ("talks-not-entered", lambda _: {"conversations", "hires_without_talk"}),
    ],
)
def test_every_rule_that_rests_on_the_poor_data_is_held_back_by_it(
    hygiene: str, resting: Callable[[Rule], set[str]]
) -> None:
    """A rule about hires by channel waits where sources are unknown; one about talks, where talks are not entered."""
    rules = confusion.rules()
    rest = {id for id, rule in rules.items() if rule.kind != "hygiene" and words(rule) & resting(rule)}

    assert set(rules[hygiene].blocks) == rest


def test_where_sources_are_unknown_no_channel_is_called_without_hires(tmp_path: Path) -> None:
    """A third of the hires have no source, and a board that had none is not held against it: it may have had some."""
    book = clean(2).copy(np.random.default_rng(2))
    PLANTERS["board-zero-hire"].plant(book)
    alone = audited(book, tmp_path / "alone")
    PLANTERS["source-dark"].plant(book)
    dark = audited(book, tmp_path / "dark")
    blocked = {item["id"]: item["blocked_by"] for item in dark.document["rules"] if item["blocked_by"]}

    assert ("board-zero-hire", "StepStone") in alone.fired
    assert [rule for rule, _ in dark.fired] == ["source-dark"]
    assert blocked["board-zero-hire"] == "source-dark"
