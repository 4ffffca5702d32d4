"""An audit beside other checkers: `python tests/bench_peers.py FOLDER BIG.csv SMALL.csv [--runs N]`.

FOLDER holds a script `run_NAME.py` for each of them, which makes its checks of the file that it is given, and
`venvs/NAME/bin/python` to run it (that of the longest name that the script's begins with). SMALL.csv has the same
columns as BIG.csv and a few hundred rows: what each takes for it is start-up, and taken off for the net figures.

Every run is a process of its own, one after the other and in turn. Prints seconds by the clock, of the processors, and
net of start-up, and megabytes at the peak; and how many times as long as the audit each takes.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench_scale import Cost, cost

# Amounts of several currencies need rates; any will do.
PROJECT = "currency: EUR\nrates: {USD: 0.92, GBP: 1.17, CHF: 1.05}\n"


def peers(folder: Path) -> dict[str, list[str]]:
    """Name → its command without the file."""
    found = {}
    for script in sorted(folder.glob("run_*.py")):
        name = script.stem.removeprefix("run_")
        homes = [home for home in (folder / "venvs").iterdir() if name.startswith(home.name)]
        if homes:
            python = max(homes, key=lambda home: len(home.name)) / "bin" / "python"
            found[name] = [str(python), str(script)]
    return found


def audit(project: Path) -> list[str]:
    run = "from rm_audit.cli.main import run; run()"
    return [sys.executable, "-c", run, "analyze", "--as-of", "2026-03-31", "--quiet", "--config", str(project)]


def measured(commands: dict[str, list[str]], files: Sequence[Path], runs: int) -> dict[str, list[Cost]]:
    """The median cost of each command on each file; of one that fails, none."""
    found: dict[str, list[list[Cost]]] = {name: [[] for _ in files] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            for place, file in enumerate(files):
                try:
                    found[name][place].append(cost([*command, str(file)]))
                except RuntimeError as error:
                    print(error, file=sys.stderr)
    return {name: [median(costs) for costs in both] for name, both in found.items() if all(both)}


def median(costs: Sequence[Cost]) -> Cost:
    return Cost(*(statistics.median(getattr(one, field) for one in costs) for field in ("clock", "used", "peak")))


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("big", type=Path)
    parser.add_argument("small", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args(argv)
    files = [asked.big.resolve(), asked.small.resolve()]
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder, "rm-audit.yaml")
        project.write_text(PROJECT, encoding="utf-8")
        ours = {"rm-audit": audit(project), "rm-audit with duckdb": [*audit(project), "--engine", "duckdb"]}
        costs = measured({**ours, **peers(asked.folder.resolve())}, files, asked.runs)
    ours_big, ours_small = costs["rm-audit"]
    net = ours_big.clock - ours_small.clock
    print(f"{asked.big.name}, {asked.runs} runs each: seconds, of the processors, net of start-up, MB; times the audit")
    for name, (big, small) in sorted(costs.items(), key=lambda item: item[1][0].clock):
        print(f"{name:20} {big.clock:7.2f} {big.used:7.2f} {big.clock - small.clock:7.2f} {big.peak:7,.0f}   "
              f"{big.clock / ours_big.clock:6.2f}, net {(big.clock - small.clock) / net:6.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
