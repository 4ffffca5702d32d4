"""Rows of large files of spend that a word calls planned or cancelled: they are no spend, and are said."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from test_rollup_copies import engine_of
from test_rollups import document

import rm_audit
from rm_audit.config import Config
from rm_audit.progress import telling

HEADER = ["Date", "Channel", "Campaign", "Clicks", "Status", "Spend"]


def bookings(
    path: Path,
    words: Mapping[str, int],
    header: Sequence[str] = HEADER,
    more: Sequence[Sequence[str]] = (),
    mark: str = "",
) -> Path:
    """Rows of two channels; `words` of the column of states, with how many rows each has."""
    chance = random.Random(2)
    states = [word for word, count in words.items() for _ in range(count)]
    chance.shuffle(states)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for state in states:
            day = f"2025-{chance.randint(1, 6):02}-{chance.randint(1, 28):02}"
            words_of_row = [day, chance.choice(["Jobwelt", "LinkedIn"]), f"C{chance.randint(1, 9)}"]
            writer.writerow([*words_of_row, chance.randint(0, 40), state, f"{mark}{chance.randint(0, 9_999) / 100}"])
        writer.writerows(more)
    return path


FEW = {f"phase {number}": 20 for number in range(11)}


@pytest.mark.parametrize("mark", ["", "$"])
@pytest.mark.parametrize(
    ("words", "aside"),
    [
        ({"Active": 200, "Cancelled": 9}, [("cancelled", 9)]),
        ({"active": 150, "Paused": 50, "Void": 3, "void ": 2, "CANCELLED": 1}, [("cancelled", 6)]),
        ({"Actual": 200, "Budget": 100}, [("a planned figure", 100)]),
        ({"Spent": 150, "Planned": 30, "Draft": 1}, [("a planned figure", 30), ("cancelled", 1)]),
        ({"Booked": 100, "n/a": 100, "Void": 4}, [("cancelled", 4)]),
        ({**FEW, "Void": 7}, [("cancelled", 7)]),  # twelve words are few
        ({**FEW, "last phase": 9, "Void": 7}, []),
        ({"Cancelled": 200}, []),  # a word in every row tells none from another
        ({"Planned": 150, "Live": 60}, []),  # nothing says what was spent
        ({"Budget": 150, "Paid": 60, "n/a": 3}, []),
    ],
)
def test_rows_that_are_no_spend_are_left_out_and_said(
    tmp_path: Path, words: Mapping[str, int], aside: list[tuple[str, int]], mark: str
) -> None:
    path = bookings(tmp_path / "bookings.csv", words, mark=mark)
    assert engine_of(path) == "duckdb"
    found = document(path, "duckdb")
    assert found == document(path, "pandas") == document(path, "cells")
    (sheet,) = found["inputs"][0]["sheets"]
    assert sorted((item["reason"], item["rows"]) for item in sheet["set_aside"]) == aside


@pytest.mark.parametrize("column", ["Type", "State", "Notes", "Campaign"])
def test_the_word_may_stand_in_any_column(tmp_path: Path, column: str) -> None:
    """State is a part of somebody's address, and no name of a campaign has twelve forms here."""
    header = [column if name == "Status" else name.replace(column, "Batch") for name in HEADER]
    path = bookings(tmp_path / "bookings.csv", {"Active": 200, "Cancelled": 9}, header, mark="$")
    assert engine_of(path) == "duckdb"
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def test_what_is_said_of_them_names_the_first(tmp_path: Path) -> None:
    rows = [["2025-03-01", "Jobwelt", "C1", "1", "Active", "5.00"]] * 100
    rows[40], rows[70] = (["2025-03-01", "Jobwelt", "C1", "1", "Cancelled", amount] for amount in ("7.25", "2.00"))
    path = bookings(tmp_path / "bookings.csv", {}, more=rows)
    problems = rm_audit.read(path, config=Config(engine="duckdb")).problems
    assert [(item.cell, item.message, item.help) for item in problems if item.code == "not-spent"] == [
        (
            "E42",
            "not counted as spent: 2 rows called 'Cancelled', 9.25 in all",
            "Take the word out of the rows if the money was spent.",
        )
    ]


@pytest.mark.parametrize(
    "row",
    [
        ["2025-03-01", "Jobwelt", "C1", "1", "Cancelled", "$7.00"],
        ["soon", "Jobwelt", "C1", "1", "Cancelled", "7.00"],
        ["2025-03-01", "Jobwelt", "C1", "1", "Cancelled", ""],
        ["2025-03-01", "Jobwelt", "C1", "1", "Cancelled"],
        ["2025-03-01", "Jobwelt", "C1", "1", "Cancelled", "7.00", "x"],
        ["2025-03-01", "Jobwelt", "C1", "1", "Cancelled", "-7.00"],
        ["2025-03-01", "Jobwelt", "C1", "n/a", "Cancelled", "7.00"],
        ["2025-03-01", "Total Rewards", "C1", "1", "Cancelled", "7.00"],
        ["Total", "", "", "", "", "900.00"],
        HEADER,
    ],
)
def test_a_row_beside_them_is_read_as_any_other(tmp_path: Path, row: Sequence[str]) -> None:
    path = bookings(tmp_path / "bookings.csv", {"Active": 200, "Cancelled": 9}, more=[row])
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def test_days_that_stand_for_weeks_with_them_and_not_without_are_read_beside_each_other(tmp_path: Path) -> None:
    mondays = [f"2025-01-{day:02}" for day in (6, 13, 20, 27)]
    rows = [[mondays[number % 4], "Jobwelt", "C1", "1", "Active", "5.00"] for number in range(100)]
    rows.append(["2025-01-08", "Jobwelt", "C1", "1", "Cancelled", "5.00"])
    path, told = bookings(tmp_path / "bookings.csv", {}, more=rows), list[str]()
    with telling(told.append):
        assert engine_of(path) == ""
    assert told[-1].endswith("days that stand for weeks or months beside rows that are no spend")
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize("mark", ["", "$"])
@pytest.mark.parametrize("column", ["Status", "Campaign", "Cost type", "Channel"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"Invoice": 200, "Credit note": 9}, "9 rows called 'Credit note'"),
        ({"Invoice": 200, "Payment from Muster AG": 1}, "1 row called 'Payment'"),  # and not who paid
        ({"Invoice": 200, "refunded ": 2, "Refund": 1}, "3 rows called"),
        ({"Invoice": 200, "Credits of a school": 9}, ""),
    ],
)
def test_rows_that_may_be_credits_are_added_up_and_said(
    tmp_path: Path, words: Mapping[str, int], said: str, column: str, mark: str
) -> None:
    header = [column if name == "Status" else name.replace(column, "Batch") for name in HEADER]
    path = bookings(tmp_path / "bookings.csv", words, header, mark=mark)
    assert engine_of(path) == "duckdb"
    found = document(path, "duckdb")
    assert found == document(path, "pandas") == document(path, "cells")
    messages = [problem["message"] for problem in found["problems"] if problem["code"] == "perhaps-credit"]
    assert [message.startswith(f"added up as written: {said}") for message in messages] == [True] * bool(said)


def test_credits_that_are_negative_are_as_they_should_be(tmp_path: Path) -> None:
    rows = [["2025-03-01", "Jobwelt", "C1", "1", "Invoice", "5.00"]] * 100
    rows[40] = ["2025-03-01", "Jobwelt", "C1", "1", "Credit note", "-5.00"]
    path = bookings(tmp_path / "bookings.csv", {}, more=rows)
    assert engine_of(path) == "duckdb"
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize(("word", "code"), [("Refund", "perhaps-credit"), ("Cancelled", "not-spent")])
def test_the_first_of_them_may_stand_far_below(tmp_path: Path, word: str, code: str) -> None:
    """In a column of which the first thousand rows hold nothing."""
    more = [["2025-03-05", "Jobwelt", "C1", "3", text, "5.50"] for text in ("Active", "Active", word)]
    path = bookings(tmp_path / "bookings.csv", {"": 1200}, more=more if word != "Refund" else more[2:])
    found = document(path, "duckdb")
    assert code in [item["code"] for item in found["problems"]]
    assert found == document(path, "pandas") == document(path, "cells")
