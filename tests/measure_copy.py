"""The copy detector measured: `python tests/measure_copy.py [FILE...]` prints how well it tells texts apart.

Without files it reads the texts of `tests/copy` by their parts: `dev` was tuned on, `held` and `fresh` only judge. A
file of one's own has the same form and may stay outside the project.

Per kind: how often a bland text scores over a good one (AUC), and precision, recall and F1 of the verdict `bland`. The
ranges hold 95 times in 100 when sources are drawn anew: texts of one source rise and fall together. Then how many
stories of either label show somebody at work, and what is said of the steps of `tests/copy/sequences.yaml`.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rm_audit.copy import judge
from rm_audit.copy.series import ASK, repeats
from rm_audit.metrics.wording import assess, load_lexicon
from rm_audit.shipped import rules_folder

ROUNDS = 1000
TEXTS = Path(__file__).parent / "copy"
KINDS = {
    "employee stories": ("employee_story",),
    "hiring posts": ("hiring_post", "hiring_blast"),
    "mails": ("outreach", "follow_up", "nurture"),
    "press, posts, letters": (
        *("pr_award", "pr_hire", "pr_other", "announcement", "advocacy_post", "newsletter", "technical_post"),
        "culture",
    ),
}
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
    shows_work: bool


def items(file: Path) -> list[Item]:
    found = []
    for source in yaml.safe_load(file.read_text("utf-8")):
        for text in source["texts"]:
            said = judge(text["text"])
            of = (source["source"], source["trade"], text["kind"], text["label"] == "bland")
            found.append(Item(*of, said.score or 0.0, said.verdict == "bland", said.shows_work))
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
    """One row; a part without both labels has nothing to tell apart and is left out."""
    if len({item.is_bland for item in found}) == 2:
        values = "  ".join(f"{title} {ranged(measure, found)}" for title, measure in MEASURES.items())
        print(f"{name:<24} {len(found):3} texts, {sum(item.is_bland for item in found):2} bland  {values}")


MEASURES = {"AUC": area, "P": precision, "R": recall, "F1": f1}


def part(name: str, found: Sequence[Item]) -> None:
    line(name, found)
    for kind, members in KINDS.items():
        line(f"  {kind}", [item for item in found if item.kind in members])
    line("  outside tech", [item for item in found if item.trade != "tech"])
    stories = [item for item in found if item.kind == "employee_story"]
    good, bland = ([item.shows_work for item in stories if item.is_bland == label] for label in (False, True))
    print(f"  stories that show work   {sum(good)} of {len(good)} good, {sum(bland)} of {len(bland)} bland")


def sequences(file: Path) -> None:
    """How often the kinds of ask, the gift and the repetition of a step are as its label says."""
    steps = [step for sequence in yaml.safe_load(file.read_text("utf-8")) for step in _steps(sequence["steps"])]
    wanted, named, right = (sum(step[key] for step in steps) for key in ("wanted", "named", "right"))
    print(f"sequences: {len(steps)} steps; kinds of ask: {right} of {named} named are right, {right} of {wanted} found")
    for name in ("asks", "gives", "repeats"):
        print(f"  {name:<22} {sum(step[name] for step in steps)} of {len(steps)} steps as labelled")


def _steps(steps: Sequence[dict[str, Any]]) -> Iterable[dict[str, int]]:
    asks, gives = (load_lexicon(rules_folder() / "lexicons", name) for name in ("asks", "gives"))
    earlier = repeats([step["text"] for step in steps])
    for step, repeated in zip(steps, earlier, strict=True):
        kinds = {part.removeprefix(ASK) for part in judge(step["text"]).parts or () if part.startswith(ASK)}
        wording, wanted = assess(step["text"], asks, gives), set(step["asks"])
        yield {
            **{"wanted": len(wanted), "named": len(kinds), "right": len(kinds & wanted)},
            "asks": bool(kinds or (wording and wording.asks)) == bool(wanted),
            "gives": bool(wording and wording.gives) == step["gives"],
            "repeats": (repeated if repeated is None else repeated + 1) == step.get("repeats"),
        }


def main(files: Sequence[Path]) -> None:
    if files:
        part("all files", [item for file in files for item in items(file)])
        return
    for name in ("dev", "held", "fresh"):
        found = items(TEXTS / f"{name}.yaml")
        part(name, found)
        if name == "held":
            first = next(index for index, item in enumerate(found) if item.source == HARD)
            line("  held, hard", found[first:])
    sequences(TEXTS / "sequences.yaml")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
