"""What an engine may read otherwise than whoever reads every cell: the same money, set aside for the same reasons."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from test_rollups import document

THREE = ["paid,2026-03-01,Xing,100.50", "paid,2026-03-02,Indeed,200.25", "paid,2026-03-03,Xing,300.75"]
STATES = "Status,Date,Channel,Spend"
PLAIN = "Date,Channel,Spend"
MANY = [f"2026-0{1 + number % 6}-{1 + number % 28:02},Xing,600" for number in range(1000)]  # more than the first rows


def same(path: Path) -> tuple[float, list[tuple[str, int]]]:
    """What was examined, and the rows that were set aside by reason; alike for all who read."""
    found = document(path, "duckdb")
    assert found == document(path, "pandas") == document(path, "cells")
    (sheet,) = found["inputs"][0]["sheets"]
    return found["money"]["examined"], sorted((item["reason"], item["rows"]) for item in sheet["set_aside"])


def text(folder: Path, header: str, *lines: str) -> Path:
    path = folder / "log.csv"
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8", newline="")
    return path


def parquet(folder: Path, columns: str, rows: Sequence[tuple[str | float | None, ...]]) -> Path:
    path = folder / "log.parquet"
    con = duckdb.connect()
    con.execute(f"create table log ({columns})")
    con.executemany(f"insert into log values ({', '.join('?' * len(rows[0]))})", rows)
    con.execute(f"copy log to '{path}' (format parquet)")
    return path


@pytest.mark.parametrize("blank", ["", " ", "n/a", None])
def test_a_total_beside_marks_for_no_value_in_parquet(tmp_path: Path, blank: str | None) -> None:
    """Some write an empty text where there is nothing. 642.00 is what the four rows add up to."""
    rows = [
        ("DE", "Xing", "2026-03-01", 100.5),
        ("DE", "Indeed", "2026-03-02", 200.25),
        ("AT", "Xing", "2026-03-03", 300.75),
        ("AT", "Indeed", "2026-03-05", 40.5),
        ("Total", blank, "2026-03-05", 642.0),
    ]
    path = parquet(tmp_path, "Country varchar, Channel varchar, Date date, Spend double", rows)
    assert same(path) == (642.0, [("total row", 1)])


def test_applications_that_say_nothing_in_parquet(tmp_path: Path) -> None:
    rows = [("Xing", "2026-03-01", "R1"), ("Indeed", "2026-03-02", "R2"), (" ", None, " "), ("n/a", None, "")]
    path = parquet(tmp_path, 'Source varchar, Applied date, "Job ID" varchar', rows)
    assert same(path) == (0.0, [("no value in a known column", 2)])


@pytest.mark.parametrize("header", ["City", "Email", "Hiring manager"])
def test_a_total_that_a_column_about_people_names_where_a_copy_is_made(tmp_path: Path, header: str) -> None:
    lines = [
        "Berlin,1 Mar 2026,100.50,Xing",
        "Wien,2 Mar 2026,200.25,Indeed",
        "Berlin,3 Mar 2026,300.75,Xing",
        "Subtotal,,123.45,",
    ]
    assert same(text(tmp_path, f"{header},Date,Spend,Channel", *lines)) == (601.5, [("total row", 1)])


@pytest.mark.parametrize("blank", [" ", "\t", "\x1f", "\u00a0", "\u3000"])
def test_a_state_with_any_blank_around_it(tmp_path: Path, blank: str) -> None:
    path = text(tmp_path, STATES, *THREE, f"{blank}void{blank},2026-03-14,Xing,1000.00")
    assert same(path) == (601.5, [("cancelled", 1)])


@pytest.mark.parametrize(("count", "examined"), [(3, 150.75), (9, 326.25)])
def test_rows_of_averages_under_the_table(tmp_path: Path, count: int, examined: float) -> None:
    """The last eight rows may be such figures; a ninth above them is a channel's."""
    averages = [f"2026-{month:02}-28,Average,{month}75.5" for month in range(1, count + 1)]
    path = text(tmp_path, PLAIN, "2026-01-05,Xing,100.50", "2026-01-06,Indeed,50.25", *averages)
    assert same(path) == (examined, [("a figure under the table", min(count, 8))])


def test_an_invoice_that_is_called_cancelled_below_the_first_rows(tmp_path: Path) -> None:
    lines = [f"{'open' if number % 3 else 'paid'},{row}" for number, row in enumerate(MANY)]
    path = text(tmp_path, f"Invoice,{PLAIN}", *lines, "cancelled,2026-03-14,Xing,100000.00")
    assert same(path) == (600_000.0, [("cancelled", 1)])


def test_a_decimal_comma_beside_points_below_the_first_rows(tmp_path: Path) -> None:
    path = text(tmp_path, PLAIN, *MANY, '2026-03-14,Xing,"1.234,50"', "2026-03-15,Xing,2945.48")
    assert same(path) == (602_945.48, [("not a number", 1)])


def test_a_row_that_is_longer_than_the_engine_reads(tmp_path: Path) -> None:
    path = text(tmp_path, f"Notes,{PLAIN}", "a,2026-03-01,Xing,100.50", f"{'word ' * 480_000},2026-03-02,Indeed,9000")
    assert same(path) == (9100.5, [])


def test_a_line_end_of_another_kind_between_quoted_cells(tmp_path: Path) -> None:
    lines = ['"2026-03-01","Xing","100.50"\r"2026-03-02","Indeed","200.25"', '"2026-03-03","Xing","300.75"']
    assert same(text(tmp_path, '"Date","Channel","Spend"', *lines)) == (601.5, [])


def test_a_count_that_nobody_can_hold_beside_a_row_that_is_cut_off(tmp_path: Path) -> None:
    rows = [f"2026-03-01,Xing,{number},110" for number in range(20)]
    path = text(
        tmp_path,
        "Date,Channel,Clicks,Spend",
        *rows,
        "2026-03-02,Indeed,9223372036854775807,200.25",
        "2026-03-03,Indeed,6",
    )
    assert same(path) == (2400.25, [("no amount", 1)])


def test_a_row_that_only_settles_the_days_says_nothing_of_the_amounts(tmp_path: Path) -> None:
    """3.250 is three and a quarter, as the other amounts show; the header stands there again."""
    rows = [f"0{1 + number % 9}-07-2025,Indeed,0.{100 + number}" for number in range(20)]
    path = text(tmp_path, PLAIN, "15-05-2026,Xing,3.250", *rows, PLAIN, "12-09-2026,Xing,45.04")
    assert same(path)[1] == [("header row again", 1)]
