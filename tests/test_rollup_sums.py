"""What an engine adds up as floating numbers is the whole number that it should be, or is added up again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import narwhals as nw
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_rollups import document, log

import rm_audit
from rm_audit.cli.main import run_with
from rm_audit.config import Config
from rm_audit.readers import whole
from rm_audit.rollups import duck, expressions
from rm_audit.rollups.duck import _is_exact
from rm_audit.rollups.expressions import rolled_spend

HEADER = "Date,Channel,Campaign,Job ID,Impressions,Clicks,Applies,Spend,Currency"


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 1 << 52)), min_size=1, max_size=40))
def test_sums_that_floating_numbers_hold_are_those_of_whole_numbers(rows: list[tuple[bool, int]]) -> None:
    """A spend and a credit have marks of their own: what a group adds up is of one sign."""
    con = duckdb.connect()
    con.execute("create table rows (channel varchar, amount bigint, clicks bigint, bad integer)")
    signed = [-amount if credit else amount for credit, amount in rows]
    con.executemany("insert into rows values ('Jobwelt', ?, ?, 0)", [[one, abs(one)] for one in signed])
    found = {}
    for floating in (False, True):
        lazy = nw.from_native(con.sql("select * from rows"))
        groups = rolled_spend(lazy, ["channel"], ["clicks"], [], False, floating).sort("mark")
        found[floating] = groups.to_native().fetchnumpy()
    whole, floats = (np.concatenate([found[way]["amount"], found[way]["clicks"]]) for way in (False, True))
    spent, credited = sum(one for one in signed if one >= 0), sum(one for one in signed if one < 0)
    assert set(whole.tolist()) <= {spent, credited, -credited}
    if _is_exact(floats):
        assert floats.tolist() == whole.tolist()
    assert _is_exact(floats) == (max(spent, -credited) < 1 << 53)


def test_sums_that_floating_numbers_cannot_hold_are_added_up_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty amounts of two thousand millions a day: from 9,007,199,254.740992 on, every other number is missing."""
    path = tmp_path / "log.csv"
    row = "2025-03-{day:02},Jobwelt,Q1,REQ-1,5,3,1,{amount},EUR"
    amounts = ["2000000000.740993", "0.000001", "1234567.89", "12.5"] * 30
    rows = [row.format(day=1 + number % 4, amount=amount) for number, amount in enumerate(amounts)]
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    asked = []

    def told(*given: object, floating: bool = False) -> object:
        asked.append(floating)
        return expressions.rolled(*given, floating=floating)  # type: ignore[arg-type]

    monkeypatch.setattr(duck, "rolled", told)
    engine = document(path, "duckdb")
    assert asked == [True, False]
    assert engine == document(path, "cells") == document(path, "pandas")
    assert rm_audit.read(path, config=Config(engine="duckdb")).tables["spend"]["amount"].sum() == 30 * 2001234581130994


@pytest.mark.parametrize(
    ("amount", "alone"), [("2251799813.685247", 0), ("-2251799813.685247", 0), ("2251799813.685248", 1), ("9e12", 1)]
)
def test_amounts_up_to_two_thousand_millions_are_added_up(tmp_path: Path, amount: str, alone: int) -> None:
    """A floating number holds each of them to the millionth; a larger one is a row of its own, read as a cell is."""
    path = log(tmp_path / "log.csv", 100, mess=False)
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[9] = f"2025-03-03,Jobwelt,Q1,REQ-1,x,5,3,1,{amount},EUR"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    table = rm_audit.read(path, config=Config(engine="duckdb")).tables["spend"]
    beside = table[table["_row"] > 0]
    assert beside[["_row", "amount"]].to_numpy().tolist() == [[10, int(Decimal(amount) * 1_000_000)]] * alone
    assert document(path, "duckdb") == document(path, "cells") == document(path, "pandas")


@pytest.mark.parametrize("typed", ["all_varchar = true", "types = {'Spend': 'DOUBLE', 'Clicks': 'BIGINT'}"])
def test_a_count_below_nothing_is_read_cell_by_cell(tmp_path: Path, typed: str) -> None:
    """A correction of clicks: the engine adds up what is of one sign, and the row is beside it with its number."""
    text, path = log(tmp_path / "log.csv", 600, mess=False), tmp_path / "log.parquet"
    lines = text.read_text(encoding="utf-8").splitlines()
    cells = lines[9].rsplit(",", 4)
    text.write_text("\n".join([*lines[:9], ",".join([cells[0], "-7", *cells[2:]]), *lines[10:], ""]), encoding="utf-8")
    query = f"select * from read_csv('{text}', {typed}, nullstr = ['', '-'])"
    duckdb.connect().execute(f"copy ({query}) to '{path}' (format parquet)")
    table = rm_audit.read(path, config=Config(engine="duckdb")).tables["spend"]
    assert table.loc[table["clicks"] < 0, ["_row", "clicks", "_count"]].to_numpy().tolist() == [[10, -7, 1]]
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def test_by_month_as_by_day_the_engines_give_the_same_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of large files the days are let go; the money of every month is what it is with them."""
    path = log(tmp_path / "log.csv", 1500)
    by_day = document(path, "duckdb")
    monkeypatch.setattr("rm_audit.rollups.extracting.DAYS_UP_TO", 100)
    by_month = document(path, "duckdb")
    assert by_month == document(path, "pandas")
    spend = rm_audit.read(path, config=Config(engine="duckdb")).tables["spend"]
    assert ((spend["end"] > spend["start"]) & (spend["_count"] > 1)).any()
    assert [(one["month"], one["spend"]) for one in by_month["spend_by_month"]] == [
        (one["month"], one["spend"]) for one in by_day["spend_by_month"]
    ]
    assert by_month["subjects"]["channel"] == by_day["subjects"]["channel"]


@pytest.mark.parametrize(
    ("line", "engine", "january"),
    [
        ("2025-01-06,Jobwelt,Q1,REQ-1,5,3,1,70.00,EUR", "duckdb", 2670.0),
        ('2025-01-27,Jobwelt,Q1,REQ-1,5,3,1,"1,400.00",EUR', "duckdb", 3600.0),  # five of its seven days
        ("31.12.2025,Jobwelt,Q1,REQ-1,5,3,1,70.00,EUR", None, 2800.0),
    ],
)
def test_weeks_stay_weeks_however_many_rows_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, engine: str | None, january: float
) -> None:
    """A week from 27 January to 2 February is money of both months, which four weeks added up would not say. So it is
    in a row that is read by itself; and beside a day of no such week, each day is one day in all rows."""
    path = tmp_path / "log.csv"
    weeks = [date(2025, 1, 6) + timedelta(days=7 * number % 280) for number in range(400)]
    rows = [f"{day},Jobwelt,Q1,REQ-{number % 3},5,3,1,70.00,EUR" for number, day in enumerate(weeks)]
    path.write_text("\n".join([HEADER, *rows, line, ""]), encoding="utf-8")
    cells = document(path, "cells")
    monkeypatch.setattr("rm_audit.rollups.extracting.DAYS_UP_TO", 100)
    assert document(path, "duckdb") == cells == document(path, "pandas")
    assert cells["spend_by_month"][0] == {"month": "2025-01", "spend": january, "matured": None}
    assert rm_audit.read(path, config=Config(engine="duckdb")).engines.get("log.csv") == engine


@pytest.mark.parametrize(("days", "times"), [([4], 1), ([3, 4], 1), ([3, 10], 2)])
def test_a_long_file_is_asked_twice_only_where_its_days_may_be_weeks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: list[int], times: int
) -> None:
    """The clicks of one day are no weeks; those of two Mondays may be."""
    path, asked = tmp_path / "log.csv", []
    rows = [f"2025-03-{days[n % len(days)]:02},Jobwelt,Q1,REQ-1,5,3,1,70.00,EUR" for n in range(200)]
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    groups = duck.Duck.groups

    def counted(self: duck.Duck, monthly: bool) -> Mapping[str, object]:
        asked.append(monthly)
        return groups(self, monthly)

    monkeypatch.setattr(duck.Duck, "groups", counted)
    monkeypatch.setattr("rm_audit.rollups.extracting.DAYS_UP_TO", 100)
    assert rm_audit.read(path, config=Config(engine="duckdb")).engines == {"log.csv": "duckdb"}
    assert asked == [True, False][:times]


def test_which_bytes_a_large_file_had_is_told_wherever_it_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The screen does not show it, and nobody waits for it there; two files are looked at, for they may be one."""
    path, out = log(tmp_path / "log.csv", 600, mess=False), tmp_path / "report.json"
    seen: list[str] = []
    made = whole._sha256

    def sha256(path: Path) -> str:
        seen.append(path.name)
        return made(path)

    monkeypatch.setattr(whole, "_sha256", sha256)
    asked = ["--engine", "duckdb", "--as-of", "2026-03-31"]
    assert (exit_code("analyze", path, *asked), seen) == (0, [])
    assert exit_code("analyze", path, *asked, "--output", out) == 0
    (told,) = json.loads(out.read_text(encoding="utf-8"))["inputs"]
    assert (told["sha256"], seen) == (hashlib.sha256(path.read_bytes()).hexdigest(), ["log.csv"])
    again = tmp_path / "again.csv"
    again.write_bytes(path.read_bytes())
    capsys.readouterr()
    assert exit_code("analyze", path, again, *asked) == 0
    assert "the same bytes as" in " ".join(capsys.readouterr().out.split())


def exit_code(*arguments: object) -> object:
    with pytest.raises(SystemExit) as ended:
        run_with([str(argument) for argument in arguments])
    return ended.value.code


NOTES = [
    ("Generated on 2026-01-05\n", True),
    ("\nNotes:\nConfidential\n", True),
    (",,,,,,,,,\nGenerated on 2026-01-05,,,,,,,,,\n", True),
    ("Total,,,,,,,,5.00,EUR\n\nGenerated on 2026-01-05\n", True),
    (f"\n\nBudget\n{HEADER}\n2025-01-01,Jobwelt,Q1,REQ-1,5,3,1,70.00,EUR\n", False),
]


@pytest.mark.parametrize(("foot", "engine"), NOTES)
def test_notes_under_a_large_table_are_set_aside_and_titles_part_it(tmp_path: Path, foot: str, engine: bool) -> None:
    """A line of one cell at the end is a note, and no reason to read a million rows cell by cell."""
    path = log(tmp_path / "log.csv", 1500, mess=False)
    path.write_text(path.read_text(encoding="utf-8") + foot, encoding="utf-8")
    assert bool(rm_audit.read(path, config=Config(engine="duckdb")).engines) == engine
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def months_of_spend(path: Path, header: str, lines: Sequence[str]) -> Path:
    rows = [f"2025-{1 + n % 12:02}-{1 + n % 27:02},Jobwelt,REQ-{n % 9},7.00,EUR" for n in range(200)]
    path.write_text("\n".join([header, *rows, *lines, ""]), encoding="utf-8")
    return path


def test_a_total_without_an_amount_is_no_total(tmp_path: Path) -> None:
    path = months_of_spend(tmp_path / "log.csv", "Date,Channel,Job ID,Spend,Currency", ["Total"])
    (sheet,) = document(path, "duckdb")["inputs"][0]["sheets"]
    assert [item["reason"] for item in sheet["set_aside"]] == ["no value in a known column"]
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def test_a_header_that_names_another_currency_than_the_rows_is_said(tmp_path: Path) -> None:
    """And the sheet's currency is that of the rows that count: the last one, without any, does not."""
    path = months_of_spend(tmp_path / "log.csv", "Date,Channel,Job ID,Spend USD,Currency", ["2025-03-01,Jobwelt,REQ-1"])
    found = document(path, "duckdb")
    assert [problem["code"] for problem in found["problems"]] == ["currencies-differ"]
    assert found["inputs"][0]["sheets"][0]["currency"] == "EUR"
    assert found == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize(("rows", "engine", "said"), [(300, False, ["looks-like-shares"]), (1200, True, [])])
def test_amounts_below_one_are_perhaps_shares_in_a_sheet_and_cents_in_a_log(
    tmp_path: Path, rows: int, engine: bool, said: list[str]
) -> None:
    path = tmp_path / "log.csv"
    lines = [f"2025-{1 + n % 12:02}-{1 + n % 27:02},Jobwelt,REQ-{n % 9},0.{n % 7 + 1}7,EUR" for n in range(rows)]
    path.write_text("\n".join(["Date,Channel,Job ID,Spend,Currency", *lines, ""]), encoding="utf-8")
    assert bool(rm_audit.read(path, config=Config(engine="duckdb")).engines) == engine
    found = document(path, "duckdb")
    assert [problem["code"] for problem in found["problems"]] == said
    assert found == document(path, "pandas") == document(path, "cells")


def test_where_every_row_is_shorter_than_the_header_that_is_said(tmp_path: Path) -> None:
    path = months_of_spend(tmp_path / "log.csv", "Date,Channel,Job ID,Spend,Currency,Note", [])
    found = document(path, "duckdb")
    assert [problem["code"] for problem in found["problems"]] == ["short-rows"]
    assert found == document(path, "pandas") == document(path, "cells")
