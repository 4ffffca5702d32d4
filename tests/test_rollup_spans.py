"""Large files of spend whose days are weeks, months or ranges: each in one cell, or under a header that says so."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from test_rollup_copies import engine_of
from test_rollups import document

import rm_audit
from rm_audit.config import Config
from rm_audit.days import Period, month_days
from rm_audit.profiles.library import library
from rm_audit.progress import telling
from rm_audit.readers import pieces, read_paths
from rm_audit.rollups.looking import rows_of
from rm_audit.tracing import rows_behind


def monday(day: date) -> date:
    return day - timedelta(day.weekday())


def sunday(day: date) -> date:
    return monday(day) + timedelta(6)


# How the header calls them, and how a week or a month is written in which a day lies.
SPANS: dict[str, tuple[str, Callable[[date], str]]] = {
    "2025-W07": ("Week", lambda day: "{}-W{:02}".format(*day.isocalendar())),
    "2025-02-10 under 'Week'": ("Week", lambda day: monday(day).isoformat()),
    "02/10/2025 under 'Week of'": ("Week of", lambda day: f"{monday(day):%m/%d/%Y}"),
    "10 Feb 2025 under 'Week'": ("Week", lambda day: f"{monday(day):%d %b %Y}"),
    "Feb 2025": ("Month", lambda day: f"{day:%b %Y}"),
    "02/2025": ("Month", lambda day: f"{day:%m/%Y}"),
    "Q1 2025": ("Period", lambda day: f"Q{(day.month + 2) // 3} {day.year}"),
    "10.02.2025 bis 16.02.2025": ("Zeitraum", lambda day: f"{monday(day):%d.%m.%Y} bis {sunday(day):%d.%m.%Y}"),
    "02/10/2025 - 02/16/2025": ("Date", lambda day: f"{monday(day):%m/%d/%Y} - {sunday(day):%m/%d/%Y}"),
}
WEEKS_OF_MARCH = [f"2025-W{week:02}" for week in (10, 11, 12, 13, 14)]  # those that begin in it


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "ROWS", 100)


def export(path: Path, span: str, sign: str = "", more: Sequence[Sequence[str]] = ()) -> Path:
    """A row a campaign and span."""
    chance, (header, written) = random.Random(5), SPANS[span]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([header, "Channel", "Campaign", "Clicks", "Spend"])
        for _ in range(300):
            words = [chance.choice(["Jobwelt", "LinkedIn", "Google Ads"]), f"C{chance.randint(1, 40)}"]
            day = date(2025, 1, 6) + timedelta(chance.randint(0, 170))
            amount = f"{sign * chance.randint(0, 1)}{chance.randint(0, 9_999) / 100}"
            writer.writerow([written(day), *words, chance.randint(0, 40), amount])
        writer.writerows(more)
    return path


@pytest.mark.parametrize("sign", ["", "$", "£"])
@pytest.mark.parametrize("span", SPANS)
def test_an_engine_adds_up_weeks_and_months_as_reading_every_cell_does(tmp_path: Path, span: str, sign: str) -> None:
    path = export(tmp_path / "spend.csv", span, sign)
    assert engine_of(path) == "duckdb"
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def test_a_week_in_two_months_is_money_of_both(tmp_path: Path) -> None:
    path = tmp_path / "spend.csv"
    path.write_text("Week,Channel,Spend\n" + "2025-W05,Jobwelt,70.00\n" * 10, encoding="utf-8")  # 27 January on
    found = document(path, "duckdb")
    assert [(one["month"], one["spend"]) for one in found["spend_by_month"]] == [("2025-01", 500), ("2025-02", 200)]


@pytest.mark.parametrize(
    "row",
    [
        ["2025-W07", "Jobwelt", "C1", "twelve", "9.50"],
        ["2025-W07", "Jobwelt", "C1", "12", "free"],
        ["2025-02-10", "Jobwelt", "C1", "12", "9.50"],
        ["Mar 2025", "Jobwelt", "C1", "12", "9.50"],
        ["soon", "Jobwelt", "C1", "12", "9.50"],
        ["", "Jobwelt", "C1", "12", "9.50"],
        ["Total", "", "", "", "9.50"],
        ["Week", "Channel", "Campaign", "Clicks", "Spend"],
        ["2025-W07", "Jobwelt"],
    ],
)
@pytest.mark.parametrize("span", ["2025-W07", "2025-02-10 under 'Week'"])
def test_so_it_does_beside_a_row_that_is_written_otherwise(tmp_path: Path, span: str, row: Sequence[str]) -> None:
    path = export(tmp_path / "spend.csv", span, more=[row])
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def test_months_that_only_a_later_piece_has_are_read_cell_by_cell(tmp_path: Path) -> None:
    told: list[str] = []
    path = export(tmp_path / "spend.csv", "10 Feb 2025 under 'Week'", more=[["Mar 2025", "Jobwelt", "C1", "1", "9.50"]])
    with telling(told.append):
        assert engine_of(path) == ""
    assert told[-1].endswith("months or weeks among days")
    assert document(path, "duckdb") == document(path, "cells")


def test_under_a_header_of_starts_the_days_may_be_those_of_the_file(tmp_path: Path) -> None:
    """All rows begin with the file: they are then of all its days, and not of one month of it."""
    path = tmp_path / "spend 2025-01-01 to 2025-06-30.csv"
    path.write_text("Start date,Channel,Spend\n" + "Jan 2025,Jobwelt,70.00\n" * 10, encoding="utf-8")
    assert engine_of(path) == ""
    assert document(path, "duckdb") == document(path, "cells")
    assert document(path, "duckdb")["period"] == {"start": "2025-01-01", "end": "2025-06-30"}


def test_who_asks_for_the_rows_of_a_month_gets_those_that_begin_in_it(tmp_path: Path) -> None:
    path = export(tmp_path / "spend.csv", "2025-W07", "$")
    with path.open(encoding="utf-8") as file:
        rows = [number for number, line in enumerate(file, 1) if line.split(",")[0] in WEEKS_OF_MARCH]
    (file_read,) = read_paths([path], engine="duckdb")
    everywhere = {"spend": {"channel": lambda _: True}}
    found = rows_of(file_read, library(()), everywhere, Period(*month_days(2025, 3)), 100)
    assert found is not None
    assert list(found.first) == rows


@pytest.mark.parametrize("written", ["{:%b %Y}", "{:%G-W%V}"])
def test_an_application_of_a_week_or_month_counts_from_its_first_day(tmp_path: Path, written: str) -> None:
    lines = ["Application ID,Candidate,Source,Job ID,Applied,Hired"]
    for number in range(300):
        day = date(2025, 1, 6) + timedelta(number % 90)
        hired = written.format(day + timedelta(40)) if number % 5 == 0 else ""
        lines.append(f"A-{number},Person {number},Jobwelt,REQ-{number % 7},{written.format(day)},{hired}")
    path = tmp_path / "applications.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert engine_of(path) == "duckdb"
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


WEEKS = ["2025-W05,Jobwelt,3,5.50"] * 98


def lines(path: Path, header: str, rows: Sequence[str], above: str = "") -> Path:
    path.write_text("\n".join([f"{above}{header},Channel,Clicks,Spend", *rows, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("rows", "above"),
    [
        ([*WEEKS, "03/01/2025 - 03/07/2025,Jobwelt,3,5.50", "03/08/2025 - 03/14/2025,Jobwelt,3,5.50"], ""),
        (["03/15/2025 - 03/21/2025,Jobwelt,3,5.50"] * 99 + ["2025-03-05,Jobwelt,3,5.50"] * 2, ""),
        (
            ["03/15/2025 - 03/21/2025,Jobwelt,3,5.50"] * 99
            + ["2025-03-05,Jobwelt,3,5.50", "03/01/2025 - 03/07/2025,Jobwelt,3,5.50"],
            "",
        ),
        (
            ["03/01/2025 - 03/07/2025,Jobwelt,3,5.50"] * 97 + ["04/05/2025 - 04/06/2025,Jobwelt,3,5.50"] * 5,
            "1 January 2025 - 31 March 2025\n",
        ),
        (["02.03.2025,Jobwelt,3,5.50"] * 99 + ["02/03/2025 - 08/03/2025,Jobwelt,3,5.50"], ""),
    ],
)
def test_an_order_of_day_and_month_that_one_piece_cannot_settle(
    tmp_path: Path, rows: Sequence[str], above: str
) -> None:
    """What the cells of all rows settle, a later piece may not be able to, or may settle otherwise."""
    path = lines(tmp_path / "spend.csv", "Date", rows, above)
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize("row", ["9999-12-31,Jobwelt,3,free", "9999-12-31,Jobwelt,3,5.50", "9999-W52,Jobwelt,3,5.50"])
@pytest.mark.parametrize("header", ["Week", "Date"])
def test_the_last_week_of_the_calendar_ends_with_it(tmp_path: Path, header: str, row: str) -> None:
    path = lines(tmp_path / "spend.csv", header, [*WEEKS, row])
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def test_a_range_among_firsts_of_months_leaves_them_days(tmp_path: Path) -> None:
    rows = [f"2025-{month:02}-01,Jobwelt,3,5.50" for month in range(1, 7)] * 10
    path = lines(tmp_path / "spend.csv", "Month", [*rows, "2025-01-01 - 2025-01-31,Jobwelt,3,5.50"])
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")
    assert document(path, "cells")["period"]["end"] == "2025-06-01"


def test_months_without_a_year_are_of_the_period_that_was_set(tmp_path: Path) -> None:
    months = ["January", "February", "March"]
    path = lines(tmp_path / "spend.csv", "Month", [f"{month},Jobwelt,3,5.50" for month in months] * 50)
    year = Config(engine="duckdb", period=Period(month_days(2025, 1)[0], month_days(2025, 12)[1]))
    assert rm_audit.read(path, config=year).engines == {"spend.csv": "duckdb"}
    (found,) = rows_behind([str(path)], year, {"channel": "Jobwelt", "month": "2025-02"}).rows
    assert (found.count, found.first[:3]) == (50, [3, 6, 9])


def test_lines_above_the_header_may_end_in_another_way(tmp_path: Path) -> None:
    path = tmp_path / "spend.csv"
    path.write_bytes(b"Spend of 2025\n" + b"Date,Channel,Spend\r\n" + b"2025-03-01,Jobwelt,5.50\r\n" * 100)
    found = document(path, "duckdb")
    assert found["inputs"][0]["sheets"][0]["amount"]["used"] == 550
    assert found == document(path, "pandas") == document(path, "cells")


def test_a_currency_that_only_a_total_names_is_that_of_the_sheet(tmp_path: Path) -> None:
    rows = ["2025-03-01,Jobwelt,3,5.50"] * 99
    path = lines(tmp_path / "spend.csv", "Date", [*rows, "Total,,,€544.50"])
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")
    assert document(path, "cells")["inputs"][0]["sheets"][0]["currency"] == "EUR"


def test_one_hire_on_a_day_that_nobody_knows_makes_no_hires_of_others(tmp_path: Path) -> None:
    rows = ["Application ID,Candidate,Source,Job ID,Applied,Hired"]
    rows += [f"A-{number},Person {number},Jobwelt,REQ-1,2025-01-{number % 28 + 1:02}," for number in range(300)]
    path = tmp_path / "applications.csv"
    path.write_text("\n".join([*rows, "A-300,Person 300,Jobwelt,REQ-1,2025-01-05,March", ""]), encoding="utf-8")
    found = document(path, "duckdb")
    assert found["subjects"]["portfolio"][0]["hires"] == 1
    assert found == document(path, "pandas") == document(path, "cells")
