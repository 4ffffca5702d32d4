"""Totals under large files of spend: exports have several, of levels that overlap."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from test_rollup_copies import engine_of
from test_rollups import document

HEADER = ["Day", "Campaign", "Keyword", "Clicks", "Impr.", "Currency code", "Cost"]
TITLE = "Search keyword report\n1 March 2025 - 31 March 2025\n"
SUMS = (6_102, 618_884, "146566.84")  # of the rows below


def report(path: Path, totals: Sequence[Sequence[str]], title: str = TITLE, above: Sequence[str] | None = None) -> Path:
    """A report of Google Ads by keyword and day, and the rows under it."""
    chance = random.Random(8)
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write(title)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows([above] if above else [])
        for number in range(300):
            day = f"2025-03-{chance.randint(1, 31):02}"
            words = [day, f"Nurses {number % 7}", f"night shift {chance.randint(1, 90)}"]
            figures = [chance.randint(0, 40), chance.randint(0, 4000), "EUR", chance.randint(0, 99_999) / 100]
            writer.writerow([*words, *figures])
        writer.writerows(totals)
    return path


def total(name: str, figures: Sequence[object] = SUMS, place: int = 1, blank: str = " --") -> list[str]:
    """A row under the table, of a name that may stand in any column."""
    clicks, impressions, cost = map(str, figures)
    cells = [blank, blank, blank, clicks, impressions, "EUR", cost]
    cells[place] = name
    return cells


LESS = (5_000, 500_000, "100000.00")
MORE = (7_000, 700_000, "160000.00")
NOTHING = (0, 0, "0.00")
LEVELS = [total("Total: Campaigns"), total("Total: Account"), total("Total: Search"), total("Total: Display", NOTHING)]


def test_totals_of_several_levels_are_set_aside(tmp_path: Path) -> None:
    path = report(tmp_path / "keywords.csv", LEVELS)
    assert engine_of(path) == "duckdb"
    found = document(path, "duckdb")
    assert found == document(path, "pandas") == document(path, "cells")
    (sheet,) = found["inputs"][0]["sheets"]
    assert sheet["rows"] == {"read": 304, "used": 300, "set_aside": 4}
    assert sheet["amount"] == {"read": 586267.36, "used": 146566.84, "set_aside": 439700.52}
    assert sheet["set_aside"] == [{"reason": "total row", "rows": 4, "amount": 439700.52}]


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ([total("Total")], []),
        ([total("Total", LESS)], ["total-differs"]),
        ([total("Total: Campaigns"), total("Total: Account", MORE)], ["account-total"]),
        ([total("Total: Keywords", place=2), total("Total: Account", MORE, place=2)], ["account-total"]),
        ([total("Total: Keywords", MORE, place=2)], ["total-differs"]),
        ([total("Total", place=0)], []),
        ([total("Grand total", blank=""), []], []),
    ],
)
def test_what_they_say_is_compared_with_all_rows(
    tmp_path: Path, totals: Sequence[Sequence[str]], said: list[str]
) -> None:
    path = report(tmp_path / "keywords.csv", totals)
    assert engine_of(path) == "duckdb"
    found = document(path, "duckdb")
    assert found == document(path, "pandas") == document(path, "cells")
    assert [problem["code"] for problem in found["problems"] if problem["code"].endswith(("differs", "total"))] == said


@pytest.mark.parametrize(
    ("totals", "above"),
    [
        ([total("Total"), *[["2025-03-05", "Nurses 1", "", "1", "10", "EUR", "9.50"]] * 30], None),  # further up
        ([["2025-03-05", "Total Rewards", "tea", "1", "10", "EUR", "9.50"], total("Total", LESS)], None),  # a campaign
        ([total("Total")], total("Total")),
        ([total("Total")], ["2025-03-05", "Nurses 1"]),
        ([total("Total: Account", MORE), ["2025-03-05", "Nurses 1", "tea", "1", "10", "EUR", "9.50"]], None),
    ],
)
def test_rows_that_may_be_none_are_read_beside_all_others(
    tmp_path: Path, totals: Sequence[Sequence[str]], above: Sequence[str] | None
) -> None:
    path = report(tmp_path / "keywords.csv", totals, above=above)
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize("amount", ["{:.2f}", "${:,.2f}"])
def test_a_total_whose_keys_are_marks_that_the_first_rows_have_not(tmp_path: Path, amount: str) -> None:
    """Its name stands in a column that nobody asks for; more rows stand above it than are looked at first."""
    path = tmp_path / "spend.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["Channel", "Campaign", "Note", "Clicks", "Spend"])
        for number in range(1500):
            writer.writerow(["Jobwelt", f"C{number % 9}", "", 3, amount.format(number % 90 + 0.25)])
        writer.writerow([" --", " --", "Grand total", 4500, amount.format(66_300)])
    found = document(path, "duckdb")
    assert found == document(path, "pandas") == document(path, "cells")
    (sheet,) = found["inputs"][0]["sheets"]
    assert sheet["set_aside"] == [{"reason": "total row", "rows": 1, "amount": 66300.0}]
