"""How many job titles are placed, and how many wrongly: `python tests/measure_titles.py [--list HALF]`.

The titles of `titles.csv` are invented, in five languages. Those of `dev` were in view while the words were chosen.
Those of `held` were written when the words stood, and no word was changed for them since: their figures are those to
believe.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rm_audit.titles import Placed, place


@dataclass(frozen=True)
class Title:
    """A title, and where people would put it; None: nobody could say."""

    text: str
    language: str
    wanted: Placed

    @property
    def found(self) -> Placed:
        return place(self.text)


@dataclass(frozen=True)
class Shares:
    """Of titles that have a family: the share that got one, and the share that got a wrong one. `invented` is the share
    of titles without a family that got one; `level` the share of all titles with the wrong level."""

    titles: int
    placed: float
    wrong: float
    invented: float
    level: float

    def __str__(self) -> str:
        return (
            f"{self.titles} titles: {self.placed:.1%} placed, {self.wrong:.1%} wrong; "
            f"{self.invented:.1%} of those without a family got one; {self.level:.1%} have a wrong level"
        )


def titles(half: str) -> list[Title]:
    with (Path(__file__).parent / "titles.csv").open(encoding="utf-8", newline="") as file:
        return [
            Title(row["title"], row["language"], Placed(row["family"] or None, row["level"] or None))
            for row in csv.DictReader(file)
            if row["half"] == half
        ]


def measure(of: Sequence[Title]) -> Shares:
    known = [title for title in of if title.wanted.family]
    none = [title for title in of if not title.wanted.family]
    placed = [title for title in known if title.found.family]
    wrong = [title for title in placed if title.found.family != title.wanted.family]
    invented = [title for title in none if title.found.family]
    level = [title for title in of if title.found.level != title.wanted.level]
    return Shares(
        len(of),
        len(placed) / len(known),
        len(wrong) / len(known),
        len(invented) / max(len(none), 1),
        len(level) / len(of),
    )


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", metavar="HALF", choices=("dev", "held"), help="show what is wrong in this half")
    listed = parser.parse_args(arguments).list
    for half in ("dev", "held"):
        print(f"{half:5} {measure(titles(half))}")
        for language in ("en", "de", "fr", "nl", "es"):
            print(f"   {language} {measure([title for title in titles(half) if title.language == language])}")
    for title in titles(listed) if listed else []:
        if title.found != title.wanted:
            print(f"{title.text}: {title.found} instead of {title.wanted}")


if __name__ == "__main__":
    main(sys.argv[1:])
