"""Known truth: one thing is planted in a clean book, and its rule finds it; in a clean book nothing is found.

The books are files, read and audited as a user's are. `python tests/measure_planted.py` prints the whole confusion
table over more books.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from planted.confusion import ONE_IN, by_chance, line_of, rules, silence
from planted.registry import PLANTERS

from rm_audit.rulebook.model import PLAYS

SEED = 0  # effects are as large as a test sees in 99 books of 100; with these dice none of them is missed
CLEAN = range(100, 106)
# Trust that a clean book leaves open: nothing bland is answered well in it, and nobody is followed for a year.
NOT_JUDGED = {"trust-answered-anyway", "trust-stays"}


def test_every_rule_has_a_planter() -> None:
    """A rule that is added, a trust rule and a hygiene rule too, needs a book in which exactly its flaw is planted."""
    assert set(rules()) == set(PLANTERS)


@pytest.mark.parametrize("play", PLAYS)
def test_what_is_planted_is_found_by_its_rule_and_by_no_rule_of_another_play(play: str, tmp_path: Path) -> None:
    """The part of the confusion table of a play: every flaw found, and nothing found that was not planted."""
    lines = [line_of(rule, [SEED], tmp_path) for rule, known in rules().items() if known.play == play]

    assert lines
    assert [line.rule for line in lines if line.found != line.books] == []
    assert {line.rule: dict(line.elsewhere) for line in lines if line.elsewhere} == {}


def test_clean_books_stay_clean(tmp_path: Path) -> None:
    """Rules that go by arithmetic find nothing; those that go by draws, at most one subject in two hundred. Every rule
    had something to judge, so that its silence means something."""
    found = silence(CLEAN, tmp_path)

    assert {rule: count for rule, count in found.spoke.items() if not by_chance(rule)} == {}
    assert found.false(chance=True) * ONE_IN <= found.pairs(chance=True)
    assert found.pairs(chance=True) >= 1000
    assert {rule for rule, count in found.judged.items() if not count} == NOT_JUDGED
