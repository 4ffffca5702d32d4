"""The rules that everybody uses, on the employers of `worlds.py`: how often are they wrong?

    python tests/naive_flags.py --world clumped --seed 7 --employers 300 [--out flags.csv] [--least 0]
    python tests/naive_flags.py --folder FOLDER [--out flags.csv]      # employers that are written already

A channel or campaign is flagged where its cost per hire is over twice the employer's, or where it has spent more than
1000 and hired nobody. Sources are joined by the true map, so that only the rule is at fault. `--least 5` asks for 5
hires before a cost is judged, and never flags for none.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from simulated.shapes import WORLDS
from worlds import make_employer

TIMES, IDLE = 2.0, 1000.0  # cost per hire over the employer's; money without a hire
LEVELS = ("channel", "campaign")


def made(world: str, seed: int, employers: int) -> Iterator[tuple[pd.DataFrame, ...]]:
    """Spend, applications, source map and truth of each employer."""
    for index in range(employers):
        employer = make_employer(seed, index, world)
        yield employer.spend, employer.applications, employer.source_map, employer.truth


def read(folder: Path) -> Iterator[tuple[pd.DataFrame, ...]]:
    told = {
        name: pd.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""])
        for name in ("source_map", "truth")
    }
    for name, truth in told["truth"].groupby("employer"):
        spend, applications = (pd.read_csv(folder / str(name) / f"{table}.csv") for table in ("spend", "applications"))
        yield spend, applications, told["source_map"].query("employer == @name"), truth


def flags_of(spend: pd.DataFrame, applications: pd.DataFrame, source_map: pd.DataFrame, least: int) -> pd.DataFrame:
    """Level, name and flag of every channel and campaign that spent."""
    hired = applications[applications["hired_at"].notna()]
    meant = dict(zip(source_map["source"], source_map["channel"], strict=True))
    owners = {"channel": hired["source"].map(meant), "campaign": hired["campaign"]}
    parts = []
    for level in LEVELS:
        spent = spend.groupby(level)["spend"].sum()
        hires = owners[level].value_counts().reindex(spent.index).fillna(0)
        average = spent.sum() / max(1, hires.sum())
        dear = (spent > TIMES * average * hires) & (hires >= max(1, least))
        idle = (hires == 0) & (spent > IDLE) & (least == 0)
        parts.append(
            pd.DataFrame({"level": level, "name": spent.index, "flagged": (dear | idle).astype(int).to_numpy()})
        )
    return pd.concat(parts, ignore_index=True)


def judged(employers: Iterable[tuple[pd.DataFrame, ...]], least: int) -> pd.DataFrame:
    """The truth of every unit, and its flag."""
    parts = [
        truth.merge(flags_of(spend, applications, source_map, least), on=["level", "name"], how="left")
        for spend, applications, source_map, truth in employers
    ]
    return pd.concat(parts, ignore_index=True)


def line(level: str, units: pd.DataFrame) -> str:
    """False flags of all flags with its 95% half-width over employers, plainly false ones, and what was found."""
    flagged, bad = units["flagged"] == 1, units["wasteful"] == 1
    false = float((~bad[flagged]).mean())
    per_employer = pd.DataFrame({"false": flagged & ~bad, "all": flagged}).groupby(units["employer"]).sum().to_numpy()
    picks = np.random.default_rng(0).integers(0, len(per_employer), (300, len(per_employer)))
    sums = per_employer[picks].sum(1)
    width = 1.96 * float(np.std(sums[:, 0] / np.maximum(1, sums[:, 1])))
    gross, recall = float((units["rel_cph"][flagged] < 1.5).mean()), float(flagged[bad].mean())
    money = float(units["spend"][bad & flagged].sum() / units["spend"][bad].sum())
    return f"{level:<9} {flagged.sum():>6} {false:>6.3f} ±{width:.3f} {gross:>6.3f} {recall:>7.3f} {money:>8.3f}"


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--world", choices=WORLDS, default="all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--employers", type=int, default=300)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--least", type=int, default=0)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args(argv)
    employers = read(asked.folder) if asked.folder else made(asked.world, asked.seed, asked.employers)
    units = judged(employers, asked.least)
    if asked.out:
        units[["employer", "level", "name", "flagged"]].to_csv(asked.out, index=False, lineterminator="\n")
    print(asked.folder or asked.world)
    print(f"{'':<9} {'flags':>6} {'FDR':>6} {'':>6} {'gross':>6} {'recall':>7} {'$ recall':>8}")
    for level in LEVELS:
        print(line(level, units[units["level"] == level]))


if __name__ == "__main__":
    main()
