"""The copy detector examined: `python tests/exam_copy.py` prints how well it tells the texts of `tests/copy` apart.

Per part and kind: how often a bland text scores over a good one (AUC), and precision, recall and F1 of the verdict
`bland`. The ranges hold 95 times in 100 when sources are drawn anew: texts of one source rise and fall together.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from rm_audit.copy import judge

ROUNDS = 1000
PRESS = ("pr_award", "pr_hire", "pr_other", "advocacy_post", "newsletter", "technical_post", "culture")
HARD = "toller-removals"  # the first source of the harder texts of `held`


@dataclass(frozen=True)
class Item:
    """One labelled text with what the detector says of it; `score` is 0 where it does not judge."""

    source: str
    trade: str
    kind: str
    is_bland: bool
    score: float
    called: bool


def items(part: str) -> list[Item]:
    found = []
    for source in yaml.safe_load((Path(__file__).parent / "copy" / f"{part}.yaml").read_text("utf-8")):
        for text in source["texts"]:
            said = judge(text["text"])
            of = (source["source"], source["trade"], text["kind"], text["label"] == "bland")
            found.append(Item(*of, said.score or 0.0, said.verdict == "bland"))
    return found


def area(found: Sequence[Item]) -> float:
    bland, good = ([item.score for item in found if item.is_bland == label] for label in (True, False))
    return sum((b > g) + (b == g) / 2 for b in bland for g in good) / max(1, len(bland) * len(good))


def precision(found: Sequence[Item]) -> float:
    called = [item.is_bland for item in found if item.called]
    return sum(called) / max(1, len(called))


def recall(found: Sequence[Item]) -> float:
    bland = [item.called for item in found if item.is_bland]
    return sum(bland) / max(1, len(bland))


def f1(found: Sequence[Item]) -> float:
    right = sum(item.is_bland and item.called for item in found)
    return 2 * right / max(1, sum(item.is_bland for item in found) + sum(item.called for item in found))


def ranged(measure: Callable[[Sequence[Item]], float], found: Sequence[Item]) -> str:
    """The measure, and its range over draws of sources."""
    by_source: dict[str, list[Item]] = {}
    for item in found:
        by_source.setdefault(item.source, []).append(item)
    chance, names = random.Random(1), sorted(by_source)
    draws = ([item for _ in names for item in by_source[chance.choice(names)]] for _ in range(ROUNDS))
    values = sorted(measure(draw) for draw in draws if len({item.is_bland for item in draw}) == 2)
    low, high = values[int(0.025 * len(values))], values[int(0.975 * len(values)) - 1]
    return f"{measure(found):.2f} [{low:.2f}, {high:.2f}]"


def line(name: str, found: Sequence[Item]) -> None:
    values = "  ".join(f"{title} {ranged(measure, found)}" for title, measure in MEASURES.items())
    print(f"{name:<22} {len(found):3} texts, {sum(item.is_bland for item in found):2} bland  {values}")


MEASURES = {"AUC": area, "P": precision, "R": recall, "F1": f1}


def main() -> None:
    dev, held = items("dev"), items("held")
    first = next(index for index, item in enumerate(held) if item.source == HARD)
    for part, found in (("dev", dev), ("held", held), ("held, first part", held[:first]), ("held, hard", held[first:])):
        line(part, found)
        if "," not in part:
            line("  employee stories", [item for item in found if item.kind == "employee_story"])
            line("  hiring posts", [item for item in found if item.kind == "hiring_post"])
            line("  mails", [item for item in found if item.kind in ("outreach", "follow_up", "nurture")])
            line("  press, posts, letters", [item for item in found if item.kind in PRESS])
            line("  outside tech", [item for item in found if item.trade != "tech"])


if __name__ == "__main__":
    main()
