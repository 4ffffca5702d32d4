"""Large files of spend whose days stand in their name, or above the table, and not in their rows."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from test_rollup_copies import engine_of
from test_rollups import document

from rm_audit.days import Period, month_days
from rm_audit.profiles.library import library
from rm_audit.progress import telling
from rm_audit.readers import read_paths
from rm_audit.rollups.looking import rows_of

MARCH = "spend 2025-03-01 to 2025-03-31.csv"
NOTHING: Mapping[str, str] = {}


def export(
    path: Path, days: Mapping[str, str] = NOTHING, above: str = "", more: Sequence[Sequence[str]] = (), mark: str = ""
) -> Path:
    """A row a campaign; `days` are its columns of days, with what stands in all of them."""
    chance = random.Random(4)
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write(above)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*days, "Channel", "Campaign", "Clicks", "Spend"])
        for _ in range(300):
            words = [chance.choice(["Jobwelt", "LinkedIn", "Google Ads"]), f"C{chance.randint(1, 40)}"]
            writer.writerow([*days.values(), *words, chance.randint(0, 40), f"{mark}{chance.randint(0, 9_999) / 100}"])
        writer.writerows(more)
    return path


@pytest.mark.parametrize("mark", ["", "$"])
@pytest.mark.parametrize(
    ("name", "above", "days"),
    [
        (MARCH, "", {}),
        (MARCH, "", {"End date": "2025-03-31"}),
        (MARCH, "", {"Start date": "2025-03-01"}),
        (MARCH, "", {"Start date": "2025-03-01", "End date": "2025-03-07"}),
        (MARCH, "", {"Start date": "2025-03-02"}),
        (MARCH, "", {"Date": "2025-03-01"}),
        ("spend.csv", "1 March 2025 - 31 March 2025\n\n", {}),
        ("spend.csv", "1 March 2025 - 31 March 2025\n\n", {"Reporting starts": "2025-03-01"}),
        ("spend 2025.csv", "", {}),
        ("spend 2025.csv", "", {"Reporting starts": "2025-01-01"}),
        ("spend.csv", "", {}),
    ],
)
def test_rows_may_take_their_days_from_the_file(
    tmp_path: Path, name: str, above: str, days: Mapping[str, str], mark: str
) -> None:
    path = export(tmp_path / name, days, above, mark=mark)
    assert engine_of(path) == "duckdb"
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def test_each_row_is_of_all_days_of_the_file(tmp_path: Path) -> None:
    found = document(export(tmp_path / MARCH), "duckdb")
    assert [item["month"] for item in found["spend_by_month"]] == ["2025-03"]
    assert found["period"] == {"start": "2025-03-01", "end": "2025-03-31"}


@pytest.mark.parametrize(
    "row",
    [
        ["2025-03-01", "Jobwelt", "C1", "twelve", "9.50"],
        ["2025-03-01", "Jobwelt", "C1", "12", "$9.50"],
        ["2025-03-09", "Jobwelt", "C1", "12", "9.50"],
        ["9 March 2025", "Jobwelt", "C1", "12", "9.50"],
        ["soon", "Jobwelt", "C1", "12", "9.50"],
        ["", "Jobwelt", "C1", "12", "9.50"],
        ["Total", "", "", "", "9.50"],
    ],
)
def test_a_row_beside_them_is_read_as_any_other(tmp_path: Path, row: Sequence[str]) -> None:
    path = export(tmp_path / MARCH, {"Start date": "2025-03-01"}, more=[row])
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def test_where_not_all_rows_have_the_first_day_each_has_its_own(tmp_path: Path) -> None:
    """The first thousand rows look as if they were of the whole month."""
    days = {"Start date": "2025-03-01"}
    more = [["2025-03-01", "Jobwelt", "C1", "1", "1.00"]] * 1000 + [["2025-03-09", "Jobwelt", "C1", "1", "1.00"]]
    path, told = export(tmp_path / MARCH, days, more=more), list[str]()
    with telling(told.append):
        assert engine_of(path) == ""
    assert told[-1] == f"Reading {MARCH} cell by cell: days that may be those of the whole file"
    assert document(path, "duckdb") == document(path, "cells")


def test_the_rows_behind_a_finding_are_found_by_the_days_of_the_file(tmp_path: Path) -> None:
    path = export(tmp_path / MARCH)
    (file,) = read_paths([path], "duckdb")
    belongs = {"spend": {"campaign": lambda text: text == "C7"}}
    with path.open(encoding="utf-8", newline="") as text:
        rows = [number for number, cells in enumerate(csv.reader(text), 1) if cells[1] == "C7"]
    for month, expected in ((3, rows), (4, [])):
        found = rows_of(file, library(()), belongs, Period(*month_days(2025, month)), 100)
        assert found is not None
        assert (found.count, found.first) == (len(expected), expected)
