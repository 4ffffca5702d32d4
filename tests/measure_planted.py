"""What the rules find where one thing is planted, and where nothing is: `python tests/measure_planted.py [--books N]`.

A line a rule: whether it goes by arithmetic (sure) or by draws (chance), in how many of its planted books it named the
planted subject, and which other rules spoke in them: of its own play, of another on the same evidence, or of another
for no reason. The last lines are the clean books.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from planted.confusion import Line, by_chance, line_of, rules, silence


def summary(lines: list[Line]) -> str:
    """How many of the planted books were found by their rules, and in how many a rule of another play spoke."""
    parts = []
    for kind, chance in (("sure", False), ("chance", True)):
        own = [line for line in lines if by_chance(line.rule) == chance]
        found, books = sum(line.found for line in own), sum(line.books for line in own)
        others = sum(line.elsewhere.total() for line in own)
        parts.append(
            f"{kind}: {len(own)} rules, {found} of {books} planted books found; {others} findings of other plays"
        )
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--books", type=int, default=5, help="planted books a rule")
    parser.add_argument("--clean", type=int, default=40, help="clean books")
    parser.add_argument("--rule", action="append", default=[], help="only this rule; can be given several times")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for rule in wanted.rule or rules():
            lines.append(line_of(rule, range(wanted.books), Path(folder)))
            print(lines[-1], flush=True)
        print(summary(lines))
        print(silence(range(100, 100 + wanted.clean), Path(folder)))


if __name__ == "__main__":
    main()
