"""Scale measured: `python tests/bench_scale.py [ROWS ...] [--runs N]` makes logs of so many rows (100,000 and 1,000,000
where none are given) and audits them, in turn with hand-written DuckDB SQL for the same grain.

With `--applications` the logs are of applications, nearly all different, with or without a column of persons; there is
no SQL beside them, for the audit asks several things of them: what it takes is printed, and the peak of memory. So it
is with `--wide`: spend of which nearly half the rows stand alone in their month, and nothing is left to add up.

With `--written` the logs hold amounts such as $1,234.50 and days such as Mar 14, 2026, which are copied plainly
first; up to two million rows are read cell by cell too, in turn, and the ratio is what the copy takes of that.

With `--lists` there are a list of requisitions, sequences, shares and a report of web analytics, which are read cell by
cell in pieces, for each row stands for itself.

With `--plot FILE.png` (or .svg) the audits' seconds and peaks against the rows are drawn, with the slope of their
logarithms; sizes from 1,000 to 100,000,000 are meant.

Prints for each size the audit of the CSV and of the Parquet file, net of the same command on 200 such rows, as a ratio
to the SQL on the same file net of starting DuckDB: by the clock and in processor time, and the peak of memory of both.
The ratio in brackets is to the same SQL with distinct people, which the audit counts of applications and not of spend.
Every run is a process of its own, one after the other, so that a busy machine slows all. The files are deleted.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CHANNELS = ["Jobwelt", "Stellennetz", "Karriereplatz", "Aushang24", "Pendlerblatt", "Campusboard", "LinkedIn", "Indeed"]
# A log of clicks: each requisition runs in one to three months, on up to eight of 400 campaigns.
MACRO = "create macro chance(n, what, most) as (hash(n * 64 + what) % most)::bigint"
EVENTS = """
copy (
  select (date '2024-01-01' + to_months(month::integer))::date + chance(n, 1, 28)::integer as date,
    [{channels}][campaign % 8 + 1] as channel, 'CMP-' || lpad(campaign::varchar, 4, '0') as campaign,
    'REQ-' || lpad(job::varchar, 6, '0') as job_id, 'City ' || job % 12 as location, chance(n, 2, 3000000) as candidate,
    clicks * (10 + chance(n, 3, 70)) as impressions, clicks, chance(n, 4, clicks // 4 + 1) as applies,
    round(clicks * chance(n, 5, 200) / 100.0, 2)::double as spend, 'EUR' as currency
  from (
    select n, job, (job * 7919 + chance(n, 6, 8) * 104729) % 400 as campaign, chance(n, 7, 13) as clicks,
      chance(job, 8, 22) + chance(n, 9, chance(job, 10, 3) + 1) as month
    from (select n, chance(n, 11, 20000) as job from range({rows}) as rows (n))
  )
) to '{path}' ({how})
"""
# The same grain by hand: what a roll-up of this log must hold, in integers.
BY_HAND = """
select channel, campaign, job_id, currency, date_trunc('month', date) as month,
  sum(cast(round(spend * 1000000) as bigint)) as amount, sum(impressions) as impressions, sum(clicks) as clicks,
  sum(applies) as applies, min(date) as first, max(date) as last, count(*) as rows
from '{path}' group by all
"""

# Twenty thousand requisitions, eight sources, a year of days: rows that are alike in all of it are few.
APPLICATIONS = """
copy (
  select 'A-' || n as "Application ID", {persons} [{channels}][chance(n, 1, 8) + 1] as "Source",
    'REQ-' || lpad(job::varchar, 6, '0') as "Job ID",
    ['Nurse', 'Developer', 'Beekeeper', 'Cook', 'Driver'][job % 5 + 1] as "Job title", day as "Applied",
    case when far < 30 then day + (chance(n, 4, 30) + 2)::integer end as "Interviewed",
    case when far < 4 then day + (chance(n, 5, 30) + 30)::integer end as "Hired",
    case when far < 4 then 'Hired' when far < 30 then 'Interview' when far < 70 then 'Rejected' else 'Applied' end
      as "Stage"
  from (
    select n, chance(n, 11, 20000) as job, chance(n, 3, 100) as far,
      (date '2025-01-01' + chance(n, 2, 365)::integer)::date as day
    from range({rows}) as rows (n))
) to '{path}' (header)
"""

# Every requisition on every channel in every month of two years.
WIDE = """
copy (
  select (date '2024-01-01' + chance(n, 1, 700)::integer)::date as "Date",
    [{channels}][chance(n, 2, 8) + 1] as "Channel", 'CMP-' || lpad((job % 400)::varchar, 4, '0') as "Campaign",
    'REQ-' || lpad(job::varchar, 6, '0') as "Job ID", chance(n, 4, 900) as "Impressions", chance(n, 5, 13) as "Clicks",
    chance(n, 6, 3) as "Applies", (chance(n, 7, 4000) / 100.0)::double as "Spend", 'EUR' as "Currency"
  from (select n, chance(n, 3, 20000) as job from range({rows}) as rows (n))
) to '{path}' (header)
"""

# The log again, as people in America read it.
WRITTEN = """
copy (
  select strftime(date, '%b %d, %Y') as "Date", channel as "Channel", campaign as "Campaign", job_id as "Job ID",
    format('{{:,}}', impressions * 13) as "Impressions", clicks as "Clicks", applies as "Applies",
    format('${{:,.2f}}', spend * 37) as "Spend"
  from '{log}'
) to '{path}' (header)
"""

DAY = "(date '2025-01-01' + chance(n, {}, 500)::integer)::date"
LISTS = {
    "jobs": f"""'R-' || n as "Requisition ID", 'Engineer ' || n % 977 as "Job title", 'Dept ' || n % 37 as "Department",
        'City ' || n % 211 as "Location", {DAY.format(1)} as "Date opened",
        case when n % 3 > 0 then {DAY.format(1)} + chance(n, 2, 90)::integer end as "Date closed",
        n % 4 + 1 as "Openings"
    """,
    "messages": f"""'Sequence ' || n % 501 as "Sequence", n % 5 + 1 as "Step", {DAY.format(1)} as "Send date",
        'Message ' || n % 9973 as "Subject", 'We are looking for ' || n % 9973 || ' people' as "Body",
        n % 900 + 100 as "Sent", n % 900 + 90 as "Delivered", n % 80 as "Opens", n % 20 as "Clicks",
        n % 5 as "Replies"
    """,
    "shares": f"""'E-' || n % 20011 as "Employee ID", {DAY.format(1)} as "Date", 'Post ' || n % 4999 as "Post",
        'LinkedIn' as "Network", 1 as "Shares", n % 40 as "Clicks", n % 900 as "Impressions"
    """,
    "traffic": f"""'indeed / cpc' as "Session source / medium", '/jobs/' || n % 49999 as "Landing page",
        {DAY.format(1)} as "Date", n % 400 as "Sessions", n % 300 as "Users", n % 9 as "Key events"
    """,
}

MOST_CELLS = 2_000_000  # rows that are read cell by cell beside a copy: more take gigabytes


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock and of the processors, and megabytes at the peak, of one process."""

    clock: float
    used: float
    peak: float


def generate_applications(folder: Path, rows: int) -> dict[str, Path]:
    """Applications as CSV, without persons and with them."""
    paths = {kind: folder / f"{kind}-{rows}.csv" for kind in ("alone", "persons")}
    for kind, path in paths.items():
        persons = "'C-' || chance(n, 6, 2000000) as \"Candidate ID\"," if kind == "persons" else ""
        _write(APPLICATIONS.format(rows=rows, path=path, persons=persons, channels=_CHANNELS))
    return paths


def generate_wide(folder: Path, rows: int) -> dict[str, Path]:
    path = folder / f"wide-{rows}.csv"
    _write(WIDE.format(rows=rows, path=path, channels=_CHANNELS))
    return {"wide": path}


def generate_lists(folder: Path, rows: int) -> dict[str, Path]:
    paths = {kind: folder / f"{kind}-{rows}.csv" for kind in LISTS}
    for kind, path in paths.items():
        _write(f"copy (select {LISTS[kind]} from range({rows}) as rows (n)) to '{path}' (header)")
    return paths


def generate_written(folder: Path, rows: int) -> Path:
    made, path = generate(folder, rows), folder / f"written-{rows}.csv"
    _write(WRITTEN.format(log=made["parquet"], path=path))
    for log in made.values():
        log.unlink()
    return path


def _write(query: str) -> None:
    """In a process of its own: what starts a process hands its own peak of memory down to it."""
    settings = "set enable_progress_bar = false; set memory_limit = '2GB'; set preserve_insertion_order = false"
    run = "import duckdb, sys; con = duckdb.connect(); [con.execute(query) for query in sys.argv[1:]]"
    subprocess.run([sys.executable, "-c", run, settings, MACRO, query], check=True)


_CHANNELS = ", ".join(f"'{name}'" for name in CHANNELS)


def generate(folder: Path, rows: int) -> dict[str, Path]:
    """The log as CSV and as Parquet."""
    paths = {kind: folder / f"log-{rows}.{kind}" for kind in ("csv", "parquet")}
    for kind, path in paths.items():
        how = "header" if kind == "csv" else "format parquet, compression zstd, row_group_size 250000"
        _write(EVENTS.format(rows=rows, path=path, how=how, channels=_CHANNELS))
    return paths


def cost(command: Sequence[str]) -> Cost:
    """Runs a command to its end; raises RuntimeError where it fails."""
    start = time.perf_counter()
    process = os.posix_spawn(command[0], list(command), dict(os.environ), file_actions=[_SILENT])
    _, status, usage = os.wait4(process, 0)
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {status}")
    return Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


_SILENT = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)


def audit(path: Path, *flags: str) -> list[str]:
    run = "from rm_audit.cli.main import run; run()"
    return [sys.executable, "-c", run, "analyze", str(path), "--as-of", "2026-03-31", "--engine", "duckdb", *flags]


def by_hand(path: Path, people: bool = False) -> list[str]:
    query = BY_HAND.format(path=path)
    query = query.replace("count(*)", "count(distinct candidate) as people, count(*)") if people else query
    return [sys.executable, "-c", f"import duckdb; duckdb.connect().execute({query!r}).fetchnumpy()"]


def nothing() -> list[str]:
    return [sys.executable, "-c", "import duckdb; duckdb.connect().execute('select 1').fetchnumpy()"]


def median(costs: Sequence[Cost]) -> Cost:
    return Cost(*(statistics.median(getattr(one, name) for one in costs) for name in ("clock", "used", "peak")))


def measure(folder: Path, rows: int, runs: int, small: dict[str, Path]) -> dict[str, Cost]:
    """The cost of the audit of each kind of file. `small` are files of 200 rows, by kind."""
    audits = {}
    for kind, path in generate(folder, rows).items():
        commands = {"audit": audit(path), "small": audit(small[kind]), "import": nothing()}
        commands |= {"sql": by_hand(path), "people": by_hand(path, people=True)}
        found: dict[str, list[Cost]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                found[name].append(cost(command))
        middle = {name: median(costs) for name, costs in found.items()}
        print(line(kind, rows, middle), flush=True)
        path.unlink()
        audits[kind] = middle["audit"]
    return audits


def measure_alone(files: dict[str, Path], rows: int, runs: int) -> None:
    """What an audit of each file takes, without SQL beside it."""
    for kind, path in files.items():
        found = median([cost(audit(path)) for _ in range(runs)])
        print(
            f"{rows:>12,} {kind:8} audit {found.clock:7.2f} s, {found.used:7.2f} s of processors, {found.peak:6.0f} MB"
        )
        path.unlink()


def measure_written(path: Path, rows: int, runs: int) -> None:
    """What an audit of a log takes that is copied plainly first, beside that of each of its cells."""
    commands = {"copied": audit(path)} | ({"cells": audit(path, "--engine", "cells")} if rows <= MOST_CELLS else {})
    found: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(cost(command))
    middle = {name: median(costs) for name, costs in found.items()}
    for name, one in middle.items():
        share = f", {middle['copied'].clock / one.clock:.2f} of it by the clock" if name == "cells" else ""
        print(f"{rows:>12,} {name:8} {one.clock:7.2f} s, {one.used:7.2f} s of processors, {one.peak:6.0f} MB{share}")
    path.unlink()


def plot(costs: dict[int, dict[str, Cost]], path: Path) -> None:
    """Seconds and megabytes against rows, both on logarithmic axes; the slope is that of the largest two sizes."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    sizes = sorted(costs)
    figure, (clock, peak) = pyplot.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    for kind in ("csv", "parquet"):
        seconds = [costs[size][kind].clock for size in sizes]
        label = kind
        if len(sizes) > 1:
            slope = math.log(seconds[-1] / seconds[-2]) / math.log(sizes[-1] / sizes[-2])
            label += f" (slope at the end {slope:.2f})"
        clock.plot(sizes, seconds, marker="o", label=label)
        peak.plot(sizes, [costs[size][kind].peak for size in sizes], marker="o", label=kind)
    for axes, words in ((clock, "seconds of an audit"), (peak, "megabytes at the peak")):
        axes.set(xscale="log", yscale="log", xlabel="rows", ylabel=words)
        axes.grid(True, alpha=0.3)
        axes.legend()
    figure.savefig(path)


def line(kind: str, rows: int, middle: dict[str, Cost]) -> str:
    """One size and kind: net of start-up on both sides."""
    audit_, small, sql, people, start = (middle[name] for name in ("audit", "small", "sql", "people", "import"))
    clock, with_people = ((audit_.clock - small.clock) / (one.clock - start.clock) for one in (sql, people))
    used, used_with = ((audit_.used - small.used) / (one.used - start.used) for one in (sql, people))
    return (
        f"{rows:>12,} {kind:8} audit {audit_.clock:7.2f} s, {audit_.used:7.2f} s of processors, {audit_.peak:6.0f} MB; "
        f"SQL {sql.clock:6.2f} s, {sql.used:6.2f} s, {sql.peak:6.0f} MB; net ratio {clock:5.2f} ({with_people:.2f}) "
        f"by the clock, {used:5.2f} ({used_with:.2f}) of processors"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--applications", action="store_true")
    parser.add_argument("--wide", action="store_true")
    parser.add_argument("--lists", action="store_true")
    parser.add_argument("--written", action="store_true")
    parser.add_argument("--plot", type=Path, default=None)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        alone = {generate_applications: asked.applications, generate_wide: asked.wide, generate_lists: asked.lists}
        for generate_alone in [made for made, wanted in alone.items() if wanted]:
            for rows in asked.rows:
                measure_alone(generate_alone(Path(folder), rows), rows, asked.runs)
        if any(alone.values()):
            return
        if asked.written:
            for rows in asked.rows:
                measure_written(generate_written(Path(folder), rows), rows, asked.runs)
            return
        small = generate(Path(folder), 200)
        costs = {rows: measure(Path(folder), rows, asked.runs, small) for rows in asked.rows}
    if asked.plot is not None:
        plot(costs, asked.plot)


if __name__ == "__main__":
    main()
