"""Employers with known truth, in worlds that methods do not expect.

    python tests/worlds.py --world clumped --seed 7 --employers 300 --out FOLDER

writes FOLDER/EMPLOYER/spend.csv, applications.csv and meta.json (the day of the snapshot), which an audit may read, and
FOLDER/truth.csv and source_map.csv, which only a scorer may. Employer number i depends on the seed, i and the world.
Truth is the cost per hire against an ordinary channel on the same jobs in the same weeks, over that of the median paid
channel; it has no noise in it, and hires that are still to come count. Openings do not cap it, and sources that the
applicant system lost are in it. `--list` says what the worlds are.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
from simulated.market import Market, market_of
from simulated.people import People, dated, fates_of, people_of, written
from simulated.shapes import WORLDS, Ints, Texts, world_of
from simulated.truth import truth_of

Day: TypeAlias = np.datetime64
FROM = np.datetime64("2024-01-01")  # a Monday; books start within 40 weeks of it
FILES = ("spend", "applications")


@dataclass(frozen=True)
class Employer:
    """Tables as they are written, `truth` and `source_map` with the employer's name; the day of the snapshot."""

    name: str
    spend: pd.DataFrame
    applications: pd.DataFrame
    truth: pd.DataFrame
    source_map: pd.DataFrame
    snapshot: Day


def make_employer(seed: int, index: int, world: str) -> Employer:
    rng = np.random.default_rng([seed, index, zlib.crc32(world.encode())])
    market = market_of(rng, world_of(world, rng))
    start = FROM + 7 * int(rng.integers(0, 40))
    snapshot = start + 7 * market.weeks + int(rng.integers(0, 11))
    people = people_of(rng, market)
    said, meant = written(rng, market, people)
    applications = _applications(rng, market, people, said, (start, snapshot))
    spend = _spend(rng, market, people, start)
    late = start + 7 * market.cells.week >= start + (snapshot - start) // 2
    campaigns = market.campaigns
    truth = truth_of(market.cells, market.channels.names, campaigns.names, campaigns.channel, late)
    truth.insert(0, "setting", world)
    called = f"e{index:04d}"
    for table in (truth, meant):
        table.insert(0, "employer", called)
    return Employer(called, spend, applications, truth, meant, snapshot)


def _applications(
    rng: np.random.Generator, market: Market, people: People, said: pd.DataFrame, days: tuple[Day, Day]
) -> pd.DataFrame:
    """As the system exports them on the day of the snapshot: numbered, by date."""
    start, snapshot = days
    applied = start + 7 * people.week + rng.integers(0, 7, len(people.week))
    dates = {step: dated(applied, late, snapshot) for step, late in fates_of(rng, market, people).items()}
    every = pd.DataFrame({**said, **_job_columns(market, people.job), "applied_at": applied, **dates})
    seen = every[every["applied_at"] <= snapshot].sort_values("applied_at", kind="stable", ignore_index=True)
    seen.insert(0, "application_id", [f"A{number:06d}" for number in range(1, len(seen) + 1)])
    return seen


def _job_columns(market: Market, job: Ints) -> dict[str, Texts]:
    """What a file says of a job: its number, and its family where families are known."""
    jobs = market.jobs
    numbers = np.array([f"J{2000 + 3 * number}" for number in range(len(jobs.family))])
    return {"req_id": numbers[job]} | ({"job_family": jobs.names[jobs.family[job]]} if market.world.families else {})


def _spend(rng: np.random.Generator, market: Market, people: People, start: Day) -> pd.DataFrame:
    """The rows of the platforms. They count 0.95 to 1.35 applies for each application, by channel."""
    cells, channels = market.cells, market.channels.names
    applied = np.bincount(people.cell[people.cell >= 0], minlength=len(cells.dollars))
    per_click, over = rng.uniform((0.8, 0.95), (2.5, 1.35), (len(channels), 2))[cells.channel].T
    clicks = applied + rng.poisson(cells.dollars / per_click)
    columns = {
        "date": start + 7 * cells.week,
        "channel": channels[cells.channel],
        "campaign": market.campaigns.names[cells.campaign],
        **_job_columns(market, cells.job),
        "spend": cells.dollars,
        "impressions": clicks + rng.poisson(clicks * rng.uniform(30, 120, len(channels))[cells.channel]),
        "clicks": clicks,
        "applies": np.minimum(rng.poisson(applied * over), clicks),
    }
    return pd.DataFrame(columns)


def write(employer: Employer, folder: Path) -> None:
    """The files of one employer, in a folder of its name."""
    own = folder / employer.name
    own.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        getattr(employer, name).to_csv(own / f"{name}.csv", index=False, lineterminator="\n")
    meta = {"employer": employer.name, "snapshot_date": str(employer.snapshot)}
    (own / "meta.json").write_text(json.dumps(meta) + "\n", encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--world", choices=WORLDS, default="all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--employers", type=int, default=10)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--list", action="store_true")
    asked = parser.parse_args(argv)
    if asked.list or asked.out is None:
        print("\n".join(f"{name:<11} {world.about}" for name, world in WORLDS.items()))
        return
    kept: dict[str, list[pd.DataFrame]] = {"truth": [], "source_map": []}
    for index in range(asked.employers):
        employer = make_employer(asked.seed, index, asked.world)
        write(employer, asked.out)
        for name, tables in kept.items():
            tables.append(getattr(employer, name))
    for name, tables in kept.items():
        pd.concat(tables).round(6).to_csv(asked.out / f"{name}.csv", index=False, lineterminator="\n")
    print(f"{asked.employers} employers of the world {asked.world} in {asked.out}")


if __name__ == "__main__":
    main()
