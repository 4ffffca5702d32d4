"""Days that nobody plans for: what programs write where there is no day, and slips such as 2525 for 2025."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest
from test_rollup_copies import engine_of
from test_rollups import document

import rm_audit
from rm_audit.cli.main import run_with
from rm_audit.days import Period, month_days
from rm_audit.profiles.dates import is_no_day, read_dates
from rm_audit.profiles.preamble import name_period

HEADER = "Start date,End date,Channel,Clicks,Spend EUR"
STAND_INS = ["9999-12-31", "31.12.9999", "12/31/9999", "9999-12-31 00:00:00", "2999-12-31", "4712-12-31", "1970-01-01"]
STAND_INS += ["1900-01-01", "0001-01-01", "01.01.0001", "0001-01-01T00:00:00", "1-1-0001", "0001/01/01"]
SLIPS = [
    "2525-12-31",
    "31.12.2525",
    "2100-01-01",
    "1969-12-31",
    "0925-03-09",
    "31 December 2525",
    "1900-02-01 - 2025-03-31",
    "Jan 1970",
]


def book(path: Path, end: str) -> Path:
    """Three rows of spend, of which the second ends on a day of its own."""
    rows = ["2025-03-01,2025-03-31,Jobwelt,10,100", f"2025-04-01,{end},Jobwelt,10,100"]
    path.write_text("\n".join([HEADER, *rows, "2025-05-01,2025-05-31,LinkedIn,10,300", ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize("text", STAND_INS)
def test_what_a_program_writes_where_there_is_no_day_is_no_day_and_no_fault(text: str) -> None:
    read = read_dates([text, "2025-03-01"], frozenset(), None)
    assert (read.spans, read.bad) == ([None, (20148, 20148)], [])
    assert is_no_day(text)


@pytest.mark.parametrize("value", [*SLIPS, datetime(2525, 12, 31), date(1940, 1, 1)])
def test_a_day_far_from_any_plan_is_a_bad_cell(value: str | date) -> None:
    read = read_dates([value, "2025-03-01"], frozenset(), None)
    assert (read.spans, read.bad, read.far) == ([None, (20148, 20148)], [0], [0])
    assert not is_no_day(str(value))


@pytest.mark.parametrize(
    "text", ["2099-12-31", "1970-01-02", "soon", "", "03/04/2025", "2025-03", "Feb 1970", "Q2 1970"]
)
def test_all_else_is_neither(text: str) -> None:
    read = read_dates([text, "2025-03-01"], frozenset([""]), None)
    assert read.far == []
    assert not is_no_day(text)


def test_a_far_day_is_one_in_the_order_that_its_column_has(tmp_path: Path) -> None:
    """5 April 2525: alone it may be 4 May."""
    path = book(tmp_path / "spend.csv", "05.04.2525")
    path.write_text(path.read_text(encoding="utf-8").replace("2025-05-31", "28.05.2025"), encoding="utf-8")
    report = rm_audit.audit(rm_audit.read(path), as_of=date(2026, 3, 31)).document
    assert [(item["code"], item["cell"]) for item in report["problems"]] == [("not-a-date", "B3")]


def test_a_range_without_an_end_is_its_first_day() -> None:
    assert read_dates(["2025-03-01 - 9999-12-31"], frozenset(), None).spans == [(20148, 20148)]


@pytest.mark.parametrize(
    ("header", "far"), [("Jan 2025,Feb 2025,Mar 2525", "Mar 2525"), ("Q1 2025,Q2 2025,Q3 2525", "Q3 2525")]
)
def test_money_under_a_month_of_a_far_year_counts_without_a_date(tmp_path: Path, header: str, far: str) -> None:
    path = tmp_path / "spend EUR.csv"
    path.write_text(f"Channel,{header}\nJobwelt,100,200,300\nLinkedIn,50,60,70\n", encoding="utf-8")
    report = rm_audit.audit(rm_audit.read(path), as_of=date(2026, 3, 31)).document
    assert report["money"]["read"] == 780
    assert [item["spend"] for item in report["spend_by_month"] if item["month"] is None] == [370]
    assert report["period"]["end"][:4] == "2025"
    (problem,) = (item for item in report["problems"] if item["code"] == "not-a-date")
    assert (problem["cell"], problem["help"]) == ("D1", "Write a month of the years 1970 to 2099.")
    assert problem["message"] == (f"the header '{far}' names no month of any plan; its amounts count without one")


@pytest.mark.parametrize("end", ["2525-12", "Dec 2525", "Q4 2525", "12/2525", "2025-12-01 - 2525-12-31"])
def test_a_far_month_is_named_as_an_end_too(tmp_path: Path, end: str) -> None:
    report = rm_audit.audit(rm_audit.read(book(tmp_path / "spend.csv", end)), as_of=date(2026, 3, 31)).document
    assert [(item["code"], item["cell"]) for item in report["problems"]] == [("not-a-date", "B3")]


def test_the_name_of_a_file_has_no_far_period() -> None:
    assert [name_period(name) for name in ("spend Q1 1950", "spend March 1950", "budget 1900")] == [None] * 3
    assert name_period("spend Q1 1970") == Period(*month_days(1970, 1)[:1], month_days(1970, 3)[1])


@pytest.mark.parametrize("end", ["9999-12-31", ""])
def test_spend_without_an_end_counts_by_its_first_day(tmp_path: Path, end: str) -> None:
    """As spread over eight thousand years it would count for nothing."""
    report = rm_audit.audit(rm_audit.read(book(tmp_path / "spend.csv", end)), as_of=date(2026, 3, 31)).document
    assert report["period"] == {"start": "2025-03-01", "end": "2025-05-31"}
    months = [(item["month"], item["spend"]) for item in report["spend_by_month"]]
    assert months == [("2025-03", 100), ("2025-04", 100), ("2025-05", 300)]
    assert report["problems"] == []


def test_a_slip_is_named_with_its_cell_and_what_was_made_of_it(tmp_path: Path) -> None:
    path = book(tmp_path / "spend.csv", "2525-12-31")
    report = rm_audit.audit(rm_audit.read(path), as_of=date(2026, 3, 31)).document
    assert report["period"] == {"start": "2025-03-01", "end": "2025-05-31"}
    (problem,) = report["problems"]
    assert (problem["level"], problem["code"], problem["cell"]) == ("warning", "not-a-date", "B3")
    assert problem["message"] == (
        "1 of 3 cells hold no date that can be read, B3 the first; these rows count by their first day"
    )
    assert problem["help"] == "Write the dates as 2026-03-31. Before 1970 and after 2099 they are taken for slips."


def test_a_true_date_of_a_workbook_may_stand_for_no_end_too(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["Tool", "Seats", "Active seats", "Annual cost", "Start date", "End date", "Notice period"])
    sheet.append(["Sharewell", 100, 90, 12000, datetime(2025, 1, 1), datetime(9999, 12, 31), "90 days"])
    workbook.save(tmp_path / "licences.xlsx")
    contracts = rm_audit.read(tmp_path / "licences.xlsx").tables["contracts"]
    assert contracts["end"].isna().tolist() == [True]


def log(path: Path, end: str, odd: str) -> Path:
    """A log with the same end in every row but one."""
    rows = [f"2025-0{1 + n % 9}-{1 + n % 28:02},{end},Jobwelt,{n % 40},{n % 900}.50" for n in range(3000)]
    rows[1500] = f"2025-03-04,{odd},LinkedIn,7,12.25"
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize("odd", ["2025-03-05", "9999-12-31", "2525-12-31", "soon", ""])
@pytest.mark.parametrize("end", ["9999-12-31", "2525-12-31", "2025-10-31", ""])
def test_large_files_say_of_such_ends_what_their_cells_say(tmp_path: Path, end: str, odd: str) -> None:
    path = log(tmp_path / "log.csv", end, odd)
    assert engine_of(path) == ("" if end == "2525-12-31" else "duckdb")  # no column of slips is written plainly
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize("end", ["9999-12-31", "2525-12-31"])
def test_parquet_with_true_days_does_so_too(tmp_path: Path, end: str) -> None:
    days = "read_csv(?, types = {'Start date': 'DATE', 'End date': 'DATE'})"
    path = tmp_path / "log.parquet"
    whole = log(tmp_path / "log.csv", end, "2025-03-05")
    duckdb.connect().execute(f"copy (select * from {days}) to '{path}' (format parquet)", [str(whole)])
    assert engine_of(path) == "duckdb"
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize(
    "flag", [["--as-of", "9999-12-31"], ["--as-of", "0001-01-01"], ["--period", "2025-01..9999-12"]]
)
def test_a_day_of_judgement_or_a_period_far_from_any_plan_is_an_error(
    tmp_path: Path, flag: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = book(tmp_path / "spend.csv", "")
    assert run_with(["analyze", str(path), *flag]) == 2
    said = capsys.readouterr().err
    assert "does not lie in the years 1970 to 2099" in said
    assert "help: Write" in said


@pytest.mark.parametrize("notice", ["-30", "-1e12", "99999"])
def test_days_of_notice_that_are_none_are_named_and_set_no_deadline(tmp_path: Path, notice: str) -> None:
    header = "Tool,Seats,Active seats,Annual cost EUR,Start date,End date,Notice days"
    rows = ["Sharewell,100,9,12000,2025-01-01,2026-12-31,90", f"Postwell,100,9,12000,2025-01-01,2026-12-31,{notice}"]
    path = tmp_path / "licences.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    report = rm_audit.audit(rm_audit.read(path), as_of=date(2026, 3, 31)).document
    (problem,) = (item for item in report["problems"] if item["code"] == "not-a-notice")
    assert problem["message"] == "1 of 2 cells hold no days of notice, G3 the first"
    assert problem["help"] == "Write the days, such as 90, or 3 months."
    by = {item["licence"]: (item["state"], item["by"]) for item in report["stopping"]["notices"]}
    assert by == {"Sharewell": ("open", "2026-10-02"), "Postwell": ("unknown", None)}


def test_a_total_of_days_of_notice_is_no_slip(tmp_path: Path) -> None:
    rows = [f"Tool {n},100,9,12000,2025-01-01,2026-12-31,90" for n in range(50)]
    header = "Tool,Seats,Active seats,Annual cost EUR,Start date,End date,Notice days"
    path = tmp_path / "licences.csv"
    path.write_text("\n".join([header, *rows, "Total,5000,450,600000,,,4500", ""]), encoding="utf-8")
    assert [item.code for item in rm_audit.read(path).problems] == []


@pytest.mark.parametrize(("end", "figure"), [("25569", "25569"), ("19000101", "19000101")])
def test_an_amount_or_a_word_like_such_a_day_is_what_it_is(tmp_path: Path, end: str, figure: str) -> None:
    """25569 is 1970-01-01 to a spreadsheet, and a number of clicks to everybody."""
    days = [str(45658 + n % 300) if end == "25569" else f"2025010{1 + n % 9}" for n in range(3000)]
    rows = [f"{day},{end},Jobwelt,{n % 40},{n % 900}.50" for n, day in enumerate(days)]
    rows[1500] = f"{days[0]},{end},{end},{figure},{figure}"
    path = tmp_path / "log.csv"
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize("period", ["1970", "1970-01", "1970..2099"])
def test_the_first_and_the_last_year_are_years(tmp_path: Path, period: str) -> None:
    path = book(tmp_path / "spend.csv", "")
    with pytest.raises(SystemExit, match="0"):
        run_with(["analyze", str(path), "--period", period, "--quiet", "--as-of", "1970-01-01"])
