"""The planters: for every rule a change of a clean book that makes exactly this rule speak."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from planted.book import Book

Plant = Callable[[Book], str]


@dataclass(frozen=True)
class Planter:
    """`plant` changes the book in place and returns the subject that the rule must name.

    `also` are rules of another play that rest on the same evidence and may speak too, with the reason why.
    """

    rule: str
    plant: Plant
    also: Mapping[str, str]


PLANTERS: dict[str, Planter] = {}


def plants(rule: str, also: Mapping[str, str] | None = None) -> Callable[[Plant], Plant]:
    """Registers a planter for a rule."""

    def register(plant: Plant) -> Plant:
        assert rule not in PLANTERS, rule
        PLANTERS[rule] = Planter(rule, plant, also or {})
        return plant

    return register
