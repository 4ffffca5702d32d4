"""How many spellings of sources resolve, and how many wrongly.

    python tests/measure_channels.py [--simulator PATH --employers 300 --seed 7] [--half dev] [--misses]

The list is `tests/channels.csv`; its half 'held' is never tuned on. A simulator is a Python file with
`make_employer(seed, index)` that gives a dict with the frames `spend`, `applications` (their `source`) and
`source_map` (source, channel).
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rm_audit.channels import Channels, is_unknown_source, spelled

LIST = Path(__file__).parent / "channels.csv"
ALONE = "-"


@dataclass
class Tally:
    """`due` sources have a channel in the spend and `joined` of them came to it; `wrong` joined another, or joined
    where they have none. Each is a count of rows, or of spellings."""

    rows: int = 0
    due: int = 0
    joined: int = 0
    wrong: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, said: str, expected: str, found: str, weight: int = 1) -> None:
        self.rows += weight
        self.due += weight * (expected != ALONE)
        self.joined += weight * (expected == found != ALONE)
        self.wrong += weight * (found not in (ALONE, expected))
        if found != expected:
            self.misses.append(f"{said} -> {found}, not {expected}")

    @property
    def resolved(self) -> float:
        return self.joined / self.due if self.due else 1.0

    @property
    def wrongly(self) -> float:
        """Wrong joins of all joins."""
        return self.wrong / (self.joined + self.wrong) if self.wrong else 0.0

    def line(self, name: str) -> str:
        return f"{name:<22} {self.rows:>8} {self.due:>8} {self.resolved:>9.2%} {self.wrong:>6} {self.wrongly:>8.2%}"


def lines(half: str = "") -> list[Mapping[str, str]]:
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return [row for row in rows if half in ("", row["half"])]


def joined(spend: Iterable[str], sources: Iterable[str]) -> dict[str, str]:
    """Source → the channel of the spend that it came to, or `-`."""
    channels = Channels()
    channels.settle((name, None, 1) for name in spend)
    paid = {channels.of_spend(name) for name in spend}
    found = {source: channels.of_source(source) for source in sources}
    return {source: channel if channel in paid else ALONE for source, channel in found.items()}


def of_list(half: str = "") -> dict[str, Tally]:
    """A tally a kind of decoration; each spelling is asked in a book of its own."""
    tallies: dict[str, Tally] = {}
    for row in lines(half):
        found = joined(row["spend"].split("; "), [row["spelling"]])[row["spelling"]]
        tallies.setdefault(row["decoration"], Tally()).add(row["spelling"], row["expected"], found)
    return tallies


def total(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        for name in ("rows", "due", "joined", "wrong", "misses"):
            setattr(whole, name, getattr(whole, name) + getattr(tally, name))
    return whole


def of_simulator(path: Path, employers: int, seed: int) -> tuple[Tally, float]:
    """Rows of applications over many employers, and the longest time that one book took, in seconds."""
    spec = importlib.util.spec_from_file_location("simulator", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python file")
    simulator: Any = importlib.util.module_from_spec(spec)
    sys.modules["simulator"] = simulator
    spec.loader.exec_module(simulator)
    tally, longest = Tally(), 0.0
    for number in range(employers):
        made = simulator.make_employer(seed, number)
        spend = sorted(set(made["spend"]["channel"]))
        truth = dict(zip(made["source_map"]["source"], made["source_map"]["channel"], strict=True))
        rows = Counter(made["applications"]["source"])
        asked = [source for source in rows if source in truth and not is_unknown_source(source)]
        start = time.perf_counter()
        found = joined(spend, asked)
        longest = max(longest, time.perf_counter() - start)
        for source in asked:
            expected = truth[source] if truth[source] in spend else ALONE
            tally.add(source, expected, found[source], rows[source])
    return tally, longest


def seconds_for(sources: int = 400, spend: int = 60) -> float:
    """The time that a book with many spellings takes, all of them new."""
    names = [f"Board {chr(97 + n % 26)}{spelled(str(n * 7919))} Werk" for n in range(spend)]
    asked = [f"Job Board - {names[n % spend][:-1]} {n % 7 * 'x'} (Sponsored)" for n in range(sources)]
    start = time.perf_counter()
    joined(names, asked)
    return time.perf_counter() - start


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--simulator", type=Path)
    parser.add_argument("--employers", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--half", choices=["dev", "held"], help="only this half of the list")
    parser.add_argument("--misses", action="store_true", help="name what did not come out as expected")
    asked = parser.parse_args(arguments)
    print(f"{'':<22} {'rows':>8} {'due':>8} {'resolved':>9} {'wrong':>6} {'of joins':>8}")
    for half in [asked.half] if asked.half else ["dev", "held"]:
        tallies = of_list(half)
        for name, tally in tallies.items():
            print(tally.line(f"{half} {name}"))
        whole = total(tallies.values())
        print(whole.line(f"{half}, all"))
        print(*(f"    {miss}" for miss in whole.misses if asked.misses), sep="\n")
    if asked.simulator:
        tally, longest = of_simulator(asked.simulator, asked.employers, asked.seed)
        print(tally.line(f"{asked.employers} employers"), f"  longest book {longest:.3f} s")
        print(*(f"    {miss}" for miss in sorted(set(tally.misses)) if asked.misses), sep="\n")
    print(f"400 sources against 60 channels: {seconds_for():.3f} s")


if __name__ == "__main__":
    main()
