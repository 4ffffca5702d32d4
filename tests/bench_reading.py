"""Reading measured: `python tests/bench_reading.py [WORKBOOKS] [ROWS]` reads made workbooks, in turn with a bare parse.

Prints how many times as long as calamine's own parse of the same files it takes to have a book's tables, by the clock
and in processor time. Both run in one process, one after the other, so that a busy machine slows both. A file is parsed
while the one before it is looked at, so a second processor shows by the clock.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import python_calamine

import rm_audit

HEADERS = "Date Vendor Channel CampaignID Campaign JobID Title Location Impressions Clicks Applies Spend Currency Notes"
CHANNELS = ["Jobwelt", "Stellennetz", "Karriereplatz", "Aushang24", "Pendlerblatt", "Campusboard"]


def workbook(path: Path, rows: int, seed: int) -> Path:
    """A spend sheet of 14 columns, different for every seed."""
    chance = random.Random(seed)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Spend")
    sheet.append(HEADERS.split())
    for number in range(rows):
        channel, job = chance.choice(CHANNELS), chance.randrange(5000)
        day = date(2024, 1, 1) + timedelta(days=chance.randrange(700))
        names = [
            day,
            f"{channel} GmbH",
            channel,
            f"CMP-{job % 400:04}",
            f"Always on {job % 400}",
            f"REQ-{job:06}",
            "Driver",
        ]
        counts = ["Bern", chance.randrange(9000), chance.randrange(80), chance.randrange(9)]
        note = f"inv. {100_000 + number}" if number % 5 == 0 else None
        sheet.append([*names, *counts, round(chance.gammavariate(2, 60), 2), "EUR", note])
    book.save(path)
    return path


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """By the clock, and of the processors."""
    clock, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - used


def bare(paths: Sequence[Path]) -> None:
    for path in paths:
        parsed = python_calamine.CalamineWorkbook.from_path(path)
        for index in range(len(parsed.sheet_names)):
            parsed.get_sheet_by_index(index).to_python()


def main(workbooks: int = 50, rows: int = 10_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = [workbook(Path(folder, f"spend {n}.xlsx"), rows, n) for n in range(workbooks)]
        rm_audit.read(paths[:1])  # start-up is no part of reading
        rounds = [(seconds(lambda: bare(paths)), seconds(lambda: rm_audit.read(paths))) for _ in range(3)]
    print(f"{workbooks} workbooks of {rows:,} rows, in times a bare parse (median, lowest to highest):")
    for index, name in enumerate(["by the clock", "processor time"]):
        ratios = sorted(ours[index] / theirs[index] for theirs, ours in rounds)
        print(f"{name}: {ratios[1]:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
