"""Large files that date the stages of applications in their own ways: changes of stage, and columns of days."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from test_rollup_copies import engine_of
from test_rollups import document

import rm_audit
from rm_audit.config import Config
from rm_audit.days import from_day
from rm_audit.profiles.dates import read_dates
from rm_audit.profiles.library import library
from rm_audit.readers import pieces, read_paths
from rm_audit.rollups.looking import rows_of

CHANGES = "Candidate ID,Candidate Name,Opening ID,Opening,Stage,Date of change"
SUBMITTALS = (
    "Person : System ID,Requisition : Req ID,Last Resume Submissions: Indeed Apply,"
    "Last Resume Submissions: Employee Referral,Last Interview: Interviewed; Not Selected,"
    "Date First Interviewed: Hiring Manager,Hire/Rehire Date"
)
STAGES = ["1. Applied", "2. Phone screen", "4a. Interview", "5. Offer", "6. Hired", "Not hired", ""]


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "ROWS", 100)


def written(path: Path, header: str, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)
    return path


def changes(path: Path, more: Sequence[Sequence[str]] = ()) -> Path:
    """One row a change of stage, in no order; of some nobody knows the person, or the day."""
    chance, rows = random.Random(5), list[list[str]]()
    for number in range(150):
        person = chance.choice([f"C-{number}", f"c-{number}", f" C-{number}", ""])
        first = date(2025, 1, 6) + timedelta(chance.randint(0, 200))
        for week, stage in enumerate(chance.sample(STAGES, chance.randint(1, 5))):
            day = "" if chance.random() < 0.03 else (first + timedelta(7 * week)).isoformat()
            rows.append([person, f"Testperson {number}", f"O-{number % 9}", "Nurse", stage, day])
    chance.shuffle(rows)
    return written(path, CHANGES, [*rows, *more])


def submittals(path: Path, more: Sequence[Sequence[str]] = ()) -> Path:
    """One row an application, and the days in columns that say where from, and how far."""
    chance, rows = random.Random(6), list[list[str]]()

    def cell(day: date, often: float) -> str:
        hour, half = chance.randint(1, 12), chance.choice(["AM", "PM"])
        return f"{day.month}/{day.day}/{day.year} {hour}:05:00 {half}" if chance.random() < often else ""

    for number in range(320):
        day = date(2025, 1, 6) + timedelta(chance.randint(0, 200))
        sent = [cell(day + timedelta(chance.randint(0, 1)), 0.6) for _ in range(2)]
        later = [cell(day + timedelta(20), 0.3), cell(day + timedelta(18), 0.2), cell(day + timedelta(40), 0.1)]
        rows.append([str(90_000 + number % 250), f"REQ-{number % 7}", *sent, *later])
    return written(path, SUBMITTALS, [*rows, *more])


def test_changes_of_stage_are_one_row_an_application(tmp_path: Path) -> None:
    path = changes(tmp_path / "stages.csv")
    assert engine_of(path) == "duckdb"
    found = document(path, "duckdb")
    assert found == document(path, "pandas") == document(path, "cells")
    (sheet,) = found["inputs"][0]["sheets"]
    (earlier,) = sheet["set_aside"]
    assert earlier["reason"] == "another stage of the same application"
    assert sheet["rows"]["used"] + earlier["rows"] == sheet["rows"]["read"] == 442


def test_an_application_has_the_first_day_of_each_stage(tmp_path: Path) -> None:
    rows = [[f"C-{number}", "", "O-1", "Nurse", "1. Applied", "2026-03-02"] for number in range(200)]
    own = [["c-7", "", "O-1", "", "6. Hired", "2026-05-01"], ["C-7", "", "O-1", "", "4a. Interview", "2026-03-09"]]
    path = written(tmp_path / "stages.csv", CHANGES, [*rows[:50], *own, *rows[50:]])
    table = rm_audit.read(path, config=Config(engine="duckdb")).tables["applications"].set_index("_count")
    days = ["applied_at", "qualified_at", "interviewed_at", "offered_at", "hired_at"]
    assert {
        count: [None if pd.isna(day) else str(from_day(day)) for day in row] for count, *row in table[days].itertuples()
    } == {
        199: ["2026-03-02", None, None, None, None],
        1: ["2026-03-02", None, "2026-03-09", None, "2026-05-01"],
    }


def test_the_rows_of_changes_keep_their_numbers(tmp_path: Path) -> None:
    """The copy has one row an application, and the file has more, and empty lines."""
    first = [[f"C-{number}", "", "O-1", "Nurse", "1. Applied", "2026-03-02"] for number in range(150)]
    second = [[f"C-{number}", "", "O-1", "Nurse", "2. Phone screen", "2026-03-05"] for number in range(150)]
    rows = [*first, [], *second, [], [], ["C-900", "", "O-2", "", "", "2026-04-02"]]
    path = written(tmp_path / "stages.csv", CHANGES, rows)
    (file,) = read_paths([path], "duckdb")
    found = rows_of(file, library(()), {"applications": {"job": lambda text: text == "O-2"}}, None, 5)
    assert found is not None
    assert (found.count, found.first) == (1, [305])


@pytest.mark.parametrize(
    "row", [["C-1", "", "O-1", "", "6. Hired", "soon"], ["C-1", "", "O-1"], CHANGES.split(","), ["C-1", *[""] * 5]]
)
def test_changes_of_stage_that_cannot_be_read_are_read_cell_by_cell(tmp_path: Path, row: list[str]) -> None:
    path = changes(tmp_path / "stages.csv", [row])
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def test_columns_of_days_are_a_day_each_and_the_source(tmp_path: Path) -> None:
    path = submittals(tmp_path / "submittals.csv")
    assert engine_of(path) == "duckdb"
    found = document(path, "duckdb")
    assert found == document(path, "pandas") == document(path, "cells")
    sources = rm_audit.read(path, config=Config(engine="duckdb")).tables["applications"]["source"]
    assert set(sources.dropna()) == {"Indeed Apply", "Employee Referral"}


def test_columns_of_days_may_be_true_days(tmp_path: Path) -> None:
    whole, path = submittals(tmp_path / "submittals.csv"), tmp_path / "submittals.parquet"
    read = f"read_csv('{whole}', timestampformat = '%-m/%-d/%Y %I:%M:%S %p')"
    duckdb.connect().execute(f"copy (select * from {read}) to '{path}' (format parquet)")
    assert engine_of(path) == "duckdb"
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize(
    "row",
    [
        ["1", "REQ-1", "soon", "", "", "", ""],  # nobody reads it, and nothing is asked of it
        ["1", "REQ-1", "3/4/2025 9:00:00 AM", "3/4/2025 8:59:00 PM", "", "", ""],
        ["1", "REQ-1", "3/4/2025 9:00:00 PM", "3/4/2025 12:10:00 AM", "", "", "3/9/2025"],
        ["1", "REQ-1", "3/4/2025"],
        ["1", "REQ-1"],
        [""] * 7,
        [],
        SUBMITTALS.split(","),
    ],
)
def test_a_row_beside_columns_of_days_is_read_as_any_other(tmp_path: Path, row: list[str]) -> None:
    path = submittals(tmp_path / "submittals.csv", [row, ["2", "REQ-2", "3/5/2025", "", "", "", ""]])
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def test_a_time_behind_a_day_says_nothing_of_its_order() -> None:
    """Nobody writes the month first with points, at whatever hour."""
    found = read_dates(["03.04.2026 10:00", "05.04.2026 11:30:00"], frozenset(), None)
    assert [from_day(span[0]) for span in found.spans if span] == [date(2026, 4, 3), date(2026, 4, 5)]
