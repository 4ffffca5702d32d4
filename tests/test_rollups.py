"""Large plain files: added up by an engine, they give the report that reading every cell gives."""

from __future__ import annotations

import ast
import gzip
import itertools
import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rm_audit
from rm_audit.cli.main import run_with
from rm_audit.config import Config
from rm_audit.profiles.amounts import read_amounts
from rm_audit.progress import following, telling
from rm_audit.readers.whole import silent
from rm_audit.rollups.lines import in_file

# What the audit of a small text may load: 947 today, 614 of them what `import pandas` loads, 175 of our own.
MOST_MODULES = 1000
AS_OF = date(2026, 3, 31)
HEADER = "Date,Channel,Campaign,Job ID,Notes,Impressions,Clicks,Applies,Spend,Currency"
CHANNELS = ["Jobwelt", "LinkedIn", " Google  Ads", "jobwelt", "Bob's Board", "n/a"]
# Row of the file → the cell that somebody wrote otherwise there.
MESS = {
    40: (8, "free"),
    41: (8, '"1,234.50"'),
    42: (8, ""),
    43: (0, "31.12.2025"),
    44: (0, ""),
    45: (6, "12 clicks"),
    46: (8, "1e5"),
    47: (8, "-25.10"),
    48: (1, "somebody@example.com"),
    49: (8, "#N/A"),
    50: (9, ""),
    51: (1, "Total Rewards Board"),
    52: (6, "1e1"),
    53: (5, "1_000"),
    54: (6, "007"),
    55: (8, "12_5.10"),
    56: (6, "-3"),
}


def test_words_of_one_number_send_the_file_to_the_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's numbers for words may meet, though nobody will see it: here all words of a length have the same."""
    path = log(tmp_path / "log.csv", 1500)
    engine = document(path, "duckdb")
    assert rm_audit.read(path, config=Config(engine="duckdb")).engines == {"log.csv": "duckdb"}
    monkeypatch.setattr("rm_audit.rollups.duck._hash", 'length("{}")'.format)
    cells = document(path, "duckdb")
    assert rm_audit.read(path, config=Config(engine="duckdb")).engines == {}
    assert cells == engine


def log(path: Path, rows: int, mess: bool = True) -> Path:
    """A log of spend with what people and exports do to such files."""
    chance = random.Random(5)
    lines = [HEADER]
    for number in range(2, rows + 2):
        day = f"2025-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        names = [chance.choice(CHANNELS), f'"Q{chance.randint(1, 4)}, always on"', f"REQ-{chance.randint(1, 20)}", "x"]
        clicks = "" if chance.random() < 0.05 else str(chance.randint(0, 40))
        applies = "-" if chance.random() < 0.1 else str(chance.randint(0, 3))
        cells = [day, *names, str(chance.randint(1, 999)), clicks, applies, f"{chance.randint(0, 90000) / 100:.2f}"]
        cells.append("EUR")
        if mess and number in MESS:
            place, text = MESS[number]
            cells[place] = text
        lines.append(",".join(cells))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_short_amount_is_the_number_that_everybody_reads() -> None:
    """Every text of up to five of these letters that is plain to the engine: 1.e5 is, and 1_0.5 and 1e1. are not."""
    letters = "15.e_+- "
    texts = ["".join(text) for size in range(1, 6) for text in itertools.product(letters, repeat=size)]
    con = duckdb.connect()
    con.execute("create table cells as select unnest(?) as c0", [texts])
    amount = "try_cast(c0 as decimal(18, 6))"
    short = f"instr(c0, '.') between strlen(c0) - 2 and 3 and {amount} is not null"
    found = con.execute(f"select c0, {amount} from cells where {short}").fetchall()
    assert {text for text, _ in found} & {"1.e5", "1_0.5", "1e1.", "-1.5", "51.15"} == {"1.e5", "-1.5", "51.15"}
    for text, number in found:
        read = read_amounts([text, "3.25", "4.75"], frozenset())
        assert (read.micros[0], read.bad, read.unsure) == (int(number * 1_000_000), [], []), text


SOURCES = ["Jobwelt", "jobwelt ", "LinkedIn", "Google Ads", "Employee referral", "Bob's Board", "", "Zeitung"]
STAGES = ["Applied", "Screen", "Interview", "Hired", "Rejected", "Warteschleife"]
# Row of the file → the cell that somebody wrote otherwise there.
MESS_OF_PEOPLE = {30: (6, "31.12.2025"), 31: (6, "soon"), 32: (1, ""), 33: (2, "somebody@example.com"), 34: (7, "yes")}


def people(path: Path, rows: int, mess: bool = True) -> Path:
    """An export of applications with names, stages and days, and what people do to such files."""
    chance = random.Random(6)
    lines = ["Application ID,Candidate,Source,Campaign,Job ID,Job title,Applied,Interviewed,Hired,Stage"]
    for number in range(2, rows + 2):
        month, day, hit = chance.randint(1, 9), chance.randint(1, 28), chance.random()
        talked = f"2025-{month + 1:02}-{day:02}" if hit < 0.3 else ""
        hired = f"2025-{month + 2:02}-{day:02}T09:30:00" if hit < 0.1 else ""
        job = chance.randint(1, 20)
        words = [chance.choice(SOURCES), chance.choice(["Q1, always on", "Q2, always on", ""]), f"REQ-{job}"]
        cells = [f"A-{number}", f"Person {number}", *words, ["Nurse", "Developer", "Beekeeper"][job % 3]]
        cells += [f"2025-{month:02}-{day:02}", talked, hired, chance.choice(STAGES)]
        if mess and number in MESS_OF_PEOPLE:
            place, text = MESS_OF_PEOPLE[number]
            cells[place] = text
        lines.append(",".join(f'"{cell}"' if "," in cell else cell for cell in cells))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def document(path: Path, engine: str) -> dict[str, Any]:
    """The report document, without what says where rows stand and who added them up."""
    book = rm_audit.read(path, config=Config(engine=engine))
    found = json.loads(json.dumps(rm_audit.audit(book, as_of=AS_OF).document))
    assert isinstance(found, dict)
    # That amounts in neighbouring rows add up is a doubt about places; an engine says that it does not look for it.
    places = ("rolled-up", "subtotals")
    found["problems"] = [item | {"cell": ""} for item in found["problems"] if item["code"] not in places]
    for finding in found["findings"]:
        finding["cells"] = []
    return found


def test_an_engine_gives_the_report_that_reading_every_cell_gives(tmp_path: Path) -> None:
    path = log(tmp_path / "log.csv", 1500)
    cells, engine = document(path, "cells"), document(path, "duckdb")
    assert engine == cells
    (sheet,) = engine["inputs"][0]["sheets"]
    assert sheet["rows"] == {"read": 1500, "used": 1497, "set_aside": 3}
    assert [(item["reason"], item["rows"]) for item in sheet["set_aside"]] == [
        ("not a number", 1),
        ("no amount", 1),
        ("an error in the amount", 1),
    ]


def test_spend_and_applications_give_the_report_that_reading_every_cell_gives(tmp_path: Path) -> None:
    log(tmp_path / "log.csv", 1500)
    people(tmp_path / "people.csv", 1200)
    assert set(rm_audit.read(tmp_path, config=Config(engine="duckdb")).engines) == {"log.csv", "people.csv"}
    cells, engine = document(tmp_path, "cells"), document(tmp_path, "duckdb")
    assert engine == cells
    assert engine["subjects"]["portfolio"][0]["hires"] > 100


def test_applications_that_are_alike_are_one_row_without_a_name(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    rows = [f"A-{number},Person {number},Jobwelt,2025-01-0{1 + number % 2}," for number in range(900)]
    path.write_text("\n".join(["Application ID,Candidate,Source,Applied,Hired", *rows, ""]), encoding="utf-8")
    table = rm_audit.read(path, config=Config(engine="duckdb")).tables["applications"]
    assert table[["source", "applied_at", "_count"]].to_numpy().tolist() == [
        ["Jobwelt", 20089, 450],
        ["Jobwelt", 20090, 450],
    ]
    assert not {"person", "application_id"} & set(table)


def test_applications_in_several_rows_count_once(tmp_path: Path) -> None:
    path = people(tmp_path / "people.csv", 300, mess=False)
    path.write_text(path.read_text(encoding="utf-8").replace("A-12,", "A-13,"), encoding="utf-8")
    book = rm_audit.read(path, config=Config(engine="duckdb"))
    assert book.engines == {"people.csv": "duckdb"}
    assert int(book.tables["applications"]["_count"].sum()) == 299
    assert [problem.code for problem in book.problems if "several rows" in problem.message] == ["application-history"]


@pytest.mark.parametrize("suffix", [".parquet", ".csv.zst"])
def test_what_no_engine_can_add_up_is_read_cell_by_cell_however_it_is_packed(tmp_path: Path, suffix: str) -> None:
    """An application in two rows, of one of which nobody knows the day."""
    path = tmp_path / f"people{suffix}"
    plain = people(tmp_path / "people.csv", 300, mess=False)
    lines = plain.read_text(encoding="utf-8").splitlines()
    lines[11] = lines[11].replace("A-12,", "A-13,").replace(",2025-", ",soon 2025-", 1)
    plain.write_text("\n".join([*lines, ""]), encoding="utf-8")
    how = "format parquet" if suffix == ".parquet" else "format csv, header, compression zstd"
    duckdb.connect().execute(f"copy (select * from read_csv(?, all_varchar=true)) to '{path}' ({how})", [str(plain)])
    one, other = (rm_audit.read(each, config=Config()) for each in (path, plain))
    assert one.tables["applications"].drop(columns="person").equals(other.tables["applications"].drop(columns="person"))
    assert len(one.tables["applications"]) == 299


@pytest.mark.parametrize(
    "line", ["A-9001,Ann Other,Jobwelt,,REQ-1,Nurse,2025-03-01", "A-9001,,Jobwelt,,,,2025-03-01,,,,x"]
)
def test_applications_with_too_many_or_too_few_cells_are_read(tmp_path: Path, line: str) -> None:
    path = people(tmp_path / "people.csv", 300, mess=False)
    path.write_text(path.read_text(encoding="utf-8") + f"{line}\n", encoding="utf-8")
    assert document(path, "duckdb") == document(path, "cells")


def steps(days: list[str]) -> bytes:
    """A log whose days are the given ones alone."""
    rows = [f"{day},Jobwelt,C{number},REQ-{number},x,9,1,1,{number}.5,EUR" for day in days for number in range(9)]
    return "\n".join([HEADER, *rows, ""]).encode()


FORMS: Mapping[str, Callable[[str], bytes]] = {
    "windows line ends": lambda text: text.replace("\n", "\r\n").encode(),
    "a mark of bytes": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "lines above the header": lambda text: f"Spend report\n\nAccount: 12\n{text}".encode(),
    "empty lines": lambda text: text.replace("\n2025-01", "\n\n2025-01").encode(),
    "line ends in cells": lambda text: text.replace("always on", "always\non", 1).encode(),
    "the header again": lambda text: f"{text}{HEADER}\n".encode(),
    "months by their first days": lambda _: steps([f"2025-{month:02}-01" for month in range(1, 13)]),
    "weeks by their first days": lambda _: steps(["2025-01-06", "2025-01-13", "2025-01-20", "2025-01-27"]),
    "an old encoding": lambda text: text.replace("Bob's", "Zoé's").encode("latin-1"),
}


@pytest.mark.parametrize("form", FORMS)
def test_however_a_log_is_written_its_rows_and_amounts_are_those_of_its_cells(tmp_path: Path, form: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(FORMS[form](log(path, 200).read_text(encoding="utf-8")))
    cells, engine = (rm_audit.read(path, config=Config(engine=name)) for name in ("cells", "duckdb"))
    assert engine.accounts[0].rows_read == cells.accounts[0].rows_read
    assert engine.accounts[0].amount_used == cells.accounts[0].amount_used
    assert engine.accounts[0].set_aside == cells.accounts[0].set_aside
    assert engine.period == cells.period


def with_cell(place: int, text: str) -> Callable[[list[list[str]]], object]:
    """One cell in the middle of a log, written otherwise."""
    return lambda rows: rows[200].__setitem__(place, text)


def every(place: int, write: Callable[[str], str], first: int = 0) -> Callable[[list[list[str]]], object]:
    """Every cell of a column from a row on, written otherwise."""
    return lambda rows: [row.__setitem__(place, write(row[place])) for row in rows[first:]]


def a_total(called: str, more: float = 0.0, at: int = 400) -> Callable[[list[list[str]]], object]:
    """A row with a name and what the rows above it add up to."""
    return lambda rows: rows.insert(
        at, ["", called, *[""] * 6, f"{sum(float(row[8]) for row in rows[:at]) + more:.2f}", ""]
    )


ODD_FIRSTS = [f'2025-{month:02}-01,Jobwelt,Q,REQ-1,x,9,1,1,"1,234.50",EUR' for month in range(1, 7)]
# What is done to the rows of a log that is plain else.
SETTLED_BY_ALL: Mapping[str, Callable[[list[list[str]]], object]] = {
    "a number as in Germany among others": with_cell(8, '"1.234,56"'),
    "thousands with a point among whole amounts": lambda rows: (
        every(8, lambda text: text[:-3])(rows),
        with_cell(8, "1.234")(rows),
    ),
    "three decimals in all amounts": every(8, lambda text: f"{text}5"),
    "a number of computers": with_cell(6, "0x10"),
    "a count as long as what it stands for": with_cell(6, "5e2"),
    "a count with a point": with_cell(6, "1.000"),
    "an amount in brackets": with_cell(8, "(25.00)"),
    "a day without marks": with_cell(0, "2025 01 05"),
    "a day and no time": with_cell(0, "2025-01-05T"),
    "a day and a word": with_cell(0, "2025-01-05 10:00 about"),
    "a year of one figure": with_cell(0, "0001-01-01"),
    "a year of five figures": with_cell(0, "12025-01-1"),
    "a name of totals beside other names": with_cell(1, "Total"),
    "a name of totals beside a campaign": with_cell(2, "Total"),
    "a total in the column of days": with_cell(0, "Total"),
    "a total at the end": a_total("Total"),
    "a total at the end that is wrong": a_total("Grand total", 7.0),
    "a total before the end": a_total("Total", at=200),
    "a total before the end that is wrong": a_total("Total", 7.0, at=200),
    "a total above all": lambda rows: (a_total("Total")(rows), rows.insert(0, rows.pop())),
    "a total of one channel": a_total("Jobwelt total", -9.0),
    "a total without a name": a_total(""),
    "two totals": lambda rows: (a_total("Subtotal", at=200)(rows), a_total("Grand total", at=401)(rows)),
    "an average at the end": lambda rows: rows.append(["", "Average", *[""] * 6, "450.12", ""]),
    "cells without anything": lambda rows: rows.insert(200, [""] * 10),
    "a line of spaces": lambda rows: rows.insert(200, ["  "]),
    "a note at the end": lambda rows: rows.extend([[], ["Downloaded today"]]),
    "cancelled in notes": every(4, lambda _: "Cancelled", first=380),
    "cancelled in campaigns": every(2, lambda _: "Cancelled", first=380),
    "firsts of months where a number is odd": lambda rows: rows.extend(line.split(",", 8) for line in ODD_FIRSTS),
    "one day among firsts of months where a number is odd": lambda rows: (
        every(0, lambda day: f"{day[:7]}-01")(rows),
        rows[200].__setitem__(slice(None), ["2025-03-15", *rows[200][1:8], '"1,000.00"', "EUR"]),
    ),
}


@pytest.mark.parametrize("done", SETTLED_BY_ALL)
@pytest.mark.parametrize("engine", ["duckdb", "pandas"])
def test_what_the_whole_table_settles_is_not_settled_by_a_few_rows(tmp_path: Path, done: str, engine: str) -> None:
    path = log(tmp_path / "log.csv", 400, mess=False)
    header, *rows = [
        line.split(",") for line in path.read_text(encoding="utf-8").replace(", always on", "").splitlines()
    ]
    SETTLED_BY_ALL[done](rows)
    path.write_text("\n".join(map(",".join, [header, *rows])) + "\n", encoding="utf-8")
    assert document(path, engine) == document(path, "cells")


def test_a_word_that_says_cancelled_far_below_the_first_rows_is_seen(tmp_path: Path) -> None:
    path = log(tmp_path / "log.csv", 1500, mess=False)
    lines = path.read_text(encoding="utf-8").replace(",x,", ",booked,").splitlines()
    lines[1400:] = [line.replace("booked", "cancelled") for line in lines[1400:]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert document(path, "duckdb") == document(path, "cells")


def test_letters_of_an_old_encoding_far_below_the_first_rows_are_read(tmp_path: Path) -> None:
    path = log(tmp_path / "log.csv", 2600, mess=False)
    lines = path.read_text(encoding="utf-8").replace(",x,", f",{'x' * 120},").splitlines()
    lines[2500] = "2025-01-02,Zoé,Q1,REQ-1,x,5,5,1,500.00,EUR"
    path.write_bytes(("\n".join(lines) + "\n").encode("latin-1"))
    assert document(path, "duckdb") == document(path, "cells")


def test_bad_cells_are_named_with_their_rows(tmp_path: Path) -> None:
    book = rm_audit.read(log(tmp_path / "log.csv", 100), config=Config(engine="duckdb"))
    assert [(item.code, item.cell) for item in book.problems if item.level == "error"] == [
        ("not-a-number", "G45"),
        ("not-a-number", "I40"),
        ("error-in-amount", "I49"),
    ]


def test_evidence_is_the_file_and_the_range_of_its_rows(tmp_path: Path) -> None:
    book = rm_audit.read(log(tmp_path / "log.csv", 200, mess=False), config=Config(engine="duckdb"))
    assert [str(cell) for cell in book.cells("spend", "amount", [0])] == ["log.csv#I2:I201"]


@pytest.mark.parametrize("name", ["log.csv.gz", "log.csv.zst", "log.parquet", "parts"])
def test_packed_files_parquet_and_partitions_give_the_same_money(tmp_path: Path, name: str) -> None:
    whole = log(tmp_path / "log.csv", 400, mess=False)
    con = duckdb.connect()
    source = f"read_csv('{whole}', all_varchar=true)"
    if name.endswith(".gz"):
        (tmp_path / name).write_bytes(gzip.compress(whole.read_bytes()))
    else:
        how = {"log.csv.zst": "format csv, header, compression zstd", "log.parquet": "format parquet"}
        partly = "format parquet, partition_by (Currency, Campaign)"
        con.execute(f"copy (select * from {source}) to '{tmp_path / name}' ({how.get(name, partly)})")
    book = rm_audit.read(tmp_path / name, config=Config(engine="duckdb"))
    expected = rm_audit.read(whole, config=Config(engine="cells"))
    assert int(book.tables["spend"]["amount"].sum()) == int(expected.tables["spend"]["amount"].sum())
    assert sum(sheet.rows_read for sheet in book.accounts) == 400
    assert book.period == expected.period


def test_parquet_with_true_numbers_is_read_alike_by_duckdb_and_pandas(tmp_path: Path) -> None:
    whole, path = log(tmp_path / "log.csv", 600, mess=False), tmp_path / "log.parquet"
    typed = "read_csv(?, types = {'Spend': 'DOUBLE', 'Date': 'DATE', 'Clicks': 'BIGINT'}, nullstr = ['', '-'])"
    duckdb.connect().execute(f"copy (select * from {typed}) to '{path}' (format parquet)", [str(whole)])
    one, other = document(path, "duckdb"), document(path, "pandas")
    assert one == other
    assert one["inputs"][0]["sheets"][0]["rows"]["used"] == 600


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Notes", "[1, 2]"),
        ("Notes", "{'a': 1}"),
        ("Job ID", 'md5("Job ID")::uuid'),
        ("Job ID", 'substr("Job ID", 5)::bigint + 1234567890123456789'),
        ("Channel", "case when \"Job ID\" > 'REQ-2' then Channel end"),
        ("Date", "Date::timestamptz + interval 23 hour"),
        ("Spend", "Spend::double / 7"),
    ],
)
def test_columns_of_parquet_of_any_kind_give_the_report_of_their_cells(tmp_path: Path, name: str, written: str) -> None:
    whole, path = log(tmp_path / "log.csv", 400, mess=False), tmp_path / "log.parquet"
    source = "read_csv(?, all_varchar=true)"
    query = f"select * replace (case when Clicks = '1' then 'x' else Clicks end as Clicks, {written} as \"{name}\")"
    duckdb.connect().execute(f"copy ({query} from {source}) to '{path}' (format parquet)", [str(whole)])
    assert document(path, "duckdb") == document(path, "cells")


@pytest.mark.parametrize("never", ["date '12000-01-01'", "date 'infinity'", "date '0044-03-15 (BC)'"])
@pytest.mark.parametrize("engine", ["duckdb", "pandas"])
def test_a_day_that_no_calendar_has_is_read_as_in_its_cell(never: str, engine: str, tmp_path: Path) -> None:
    """Databases hold such days for "never", and Parquet keeps them."""
    path = tmp_path / "log.parquet"
    day = f"case when r = 500 then {never} else date '2025-01-01' + (r % 300)::int end"
    query = f"select {day} as Date, 'Indeed' as Channel, r * 1.5 as Spend from range(1200) rows(r)"
    duckdb.connect().execute(f"copy ({query}) to '{path}' (format parquet)")

    read, cells = (rm_audit.read(path, config=Config(engine=name)) for name in (engine, "cells"))

    assert (read.period, read.engines) == (cells.period, {})
    assert [problem.text() for problem in read.problems] == [problem.text() for problem in cells.problems]


def test_lines_with_too_many_or_too_few_cells_are_read_one_by_one(tmp_path: Path) -> None:
    lines = log(tmp_path / "log.csv", 100, mess=False).read_text(encoding="utf-8").splitlines()
    lines[20] = "2025-01-01,Jobwelt,Q1,REQ-1,x,5,5,1,1,500.00,EUR"
    lines[30] = "2025-01-02,Jobwelt,Q1,REQ-1,x,5,5,1"
    (tmp_path / "log.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    book = rm_audit.read(tmp_path / "log.csv", config=Config(engine="duckdb"))
    assert [(item.row, item.reason) for item in book.accounts[0].set_aside] == [
        (21, "more cells than headers"),
        (31, "no amount"),
    ]
    assert book.accounts[0].rows_read == 100


@given(st.sets(st.integers(1, 60)), st.integers(0, 3))
def test_rows_get_the_numbers_that_they_have_in_the_file(passed: set[int], head: int) -> None:
    """The engine counts the rows from the header on and passes over some: rows 2 and 4 of five, say, of 1, 3 and 5."""
    there = [row for row in range(head + 1, 60) if row not in passed]
    counted = list(range(head + 1, head + 1 + len(there)))
    assert in_file(np.array(counted, dtype=np.int64), sorted(row for row in passed if row > head)).tolist() == there


def test_a_total_row_is_set_aside_and_its_difference_is_said(tmp_path: Path) -> None:
    path = log(tmp_path / "log.csv", 100, mess=False)
    used = rm_audit.read(path, config=Config(engine="cells")).accounts[0].amount_used
    total = f",Total,,,,,,,{used / 1e6 + 5:.2f},\n"
    path.write_text(path.read_text(encoding="utf-8") + total, encoding="utf-8")
    book = rm_audit.read(path, config=Config(engine="duckdb"))
    assert book.accounts[0].amount_used == used
    assert [(item.row, item.reason) for item in book.accounts[0].set_aside] == [(102, "total row")]
    assert [item.cell for item in book.problems if item.code == "total-differs"] == ["I102"]


def test_what_is_not_plain_is_read_cell_by_cell(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("Channel,Spend Jan 2025,Spend Feb 2025\nJobwelt,100,200\nLinkedIn,300,400\n", encoding="utf-8")
    book = rm_audit.read(path, config=Config(engine="duckdb"))
    assert [str(cell) for cell in book.cells("spend", "amount", [1])] == ["plan.csv#C2"]


def test_verbose_says_who_added_the_rows_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = log(tmp_path / "log.csv", 50, mess=False)
    with pytest.raises(SystemExit):
        run_with(["analyze", str(path), "--engine", "duckdb", "--verbose", "--as-of", "2026-03-31"])
    assert "rows 2 to 51 were added up by DuckDB: findings name the range" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flag", "value", "said"),
    [
        ("--engine", "dukdb", "error: --engine: there is no engine 'dukdb'\n  help: did you mean 'duckdb'?\n"),
        ("--memory", "lots", "error: --memory: 'lots' is not a size\n  help: Write it as 500MB or 2GB.\n"),
    ],
)
def test_an_engine_or_a_size_that_there_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flag: str, value: str, said: str
) -> None:
    path = log(tmp_path / "log.csv", 5, mess=False)
    assert run_with(["analyze", str(path), flag, value]) == 2
    assert capsys.readouterr().err == said


def test_a_small_book_loads_no_engine(tmp_path: Path) -> None:
    path = log(tmp_path / "log.csv", 5, mess=False)
    code = (
        "import sys; from rm_audit.cli.main import run_with\n"
        f"try: run_with(['analyze', {str(path)!r}, '--quiet'])\n"
        "except SystemExit: pass\n"
        "heavy = {'duckdb', 'narwhals', 'pyspark', 'scipy.special', 'openpyxl', 'matplotlib'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "print(len(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded, count = done.stdout.split("\n")[:2]
    assert loaded == "[]"
    assert int(count) <= MOST_MODULES


def test_help_loads_neither_pandas_nor_numpy() -> None:
    code = (
        "import sys; from rm_audit.cli.main import run_with\n"
        "try: run_with(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'pandas', 'numpy', 'duckdb', 'narwhals', 'yaml'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


def test_only_plain_aggregates_stand_inside_agg() -> None:
    """narwhals on pandas sums a condition inside of `agg` wrongly, and says nothing."""
    file = Path(rm_audit.__file__).parent / "rollups" / "expressions.py"
    calls = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    aggregates = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "agg"]
    inside = [ast.unparse(argument) for call in aggregates for argument in call.args]
    assert sorted(inside) == sorted(
        [
            *("*sums", "*ends", "nw.len().alias(ROWS)", "nw.len().alias(ROWS)"),
            *("nw.col('day').min()", "nw.len().alias(ROWS)"),
            *("nw.len().alias(ROWS)", "nw.col('person').count().alias(NAMED)"),
            *("nw.len().alias(FIRST)", "nw.col(ROWS).max().alias(CROWD)"),
            *("*sums", "nw.col(CROWD).max()", "nw.len().alias(EACH)", "nw.len().alias(ROWS)"),
        ]
    )
    written = ast.unparse(ast.parse(file.read_text()))
    assert "sums = [nw.col(name).sum() for name in names]" in written
    assert "sums = [nw.col(name).sum() for name in names[:-1]]" in written


def rolled_up(paths: list[Path], kept: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        run_with(["rollup", *map(str, paths), "-o", str(kept)])
    assert ended.value.code == 0


# What says where a number stands, and what was thought of single cells, is all that a file of aggregates lacks.
LINEAGE = ("inputs", "problems")


def test_a_file_of_aggregates_does_not_lie_among_its_sources(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads the folder next would count the applications twice."""
    monkeypatch.chdir(tmp_path)
    Path("exports").mkdir()
    Path("exports", "hires.csv").write_text("Source,Hire date\nXing,2026-01-05\n")
    assert run_with(["rollup", "exports", "-o", "exports/kept.parquet"]) == 2
    assert capsys.readouterr().err == (
        "error: --output: 'exports/kept.parquet' would lie in 'exports', among the files that it adds up\n"
        "  help: Name a file in another folder.\n"
    )
    rolled_up([Path("exports")], Path("kept.parquet"))


def test_files_of_aggregates_keep_outcomes_of_days_whose_spend_is_in_another(tmp_path: Path) -> None:
    """Spend by quarter, and all applications beside that of the second: twelve hires of 1,200 cost 100 each."""
    (tmp_path / "first.csv").write_text("Month,Channel,Spend (EUR)\n2026-01,Xing,300\n2026-02,Xing,300\n")
    (tmp_path / "second.csv").write_text("Month,Channel,Spend (EUR)\n2026-03,Xing,300\n2026-04,Xing,300\n")
    hires = "".join(f"Xing,2026-0{month}-05,2026-0{month}-25\n" for month in (1, 2, 3, 4) for _ in range(3))
    (tmp_path / "hires.csv").write_text(f"Source,Applied,Hired\n{hires}")
    rolled_up([tmp_path / "first.csv"], tmp_path / "a.parquet")
    rolled_up([tmp_path / "second.csv", tmp_path / "hires.csv"], tmp_path / "b.parquet")
    kept = rm_audit.audit(rm_audit.read([tmp_path / "a.parquet", tmp_path / "b.parquet"]), as_of=AS_OF).document
    whole = rm_audit.audit(rm_audit.read(sorted(tmp_path.glob("*.csv"))), as_of=AS_OF).document
    assert kept["subjects"] == whole["subjects"]
    assert kept["subjects"]["portfolio"][0]["hires"] == 12


@pytest.mark.parametrize("example", ["spend.xlsx", "plan.xlsx"])
def test_a_file_of_aggregates_gives_the_same_report(example: str, tmp_path: Path) -> None:
    path, kept = Path(__file__).parent.parent / "examples" / example, tmp_path / "kept.parquet"
    rolled_up([path], kept)
    whole, again = document(path, "auto"), document(kept, "auto")
    assert {name: again[name] for name in again if name not in LINEAGE} == {
        name: whole[name] for name in whole if name not in LINEAGE
    }


def test_an_export_without_a_row_is_kept_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Spend that is known to be none is not the same as spend that nobody brought."""
    (tmp_path / "spend.csv").write_text("Date,Channel,Spend (EUR)\nNo data available.\n", encoding="utf-8")
    people(tmp_path / "people.csv", 100, mess=False)
    rolled_up([tmp_path / "spend.csv", tmp_path / "people.csv"], tmp_path / "kept.parquet")
    assert capsys.readouterr().out.endswith("kept.parquet: 100 rows that stand for 100\n")
    whole = rm_audit.audit(rm_audit.read([tmp_path / "spend.csv", tmp_path / "people.csv"]), as_of=AS_OF).document
    again = rm_audit.audit(rm_audit.read(tmp_path / "kept.parquet"), as_of=AS_OF).document
    for part in ("score", "plays", "money", "rules", "alignment", "subjects", "period", "currency"):
        assert again[part] == whole[part], part
    assert whole["subjects"]["portfolio"][0]["spend"] == 0


def test_a_file_of_aggregates_of_large_texts_gives_the_same_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log(tmp_path / "log.csv", 800)
    people(tmp_path / "people.csv", 600)
    rolled_up([tmp_path / "log.csv", tmp_path / "people.csv"], tmp_path / "kept.parquet")
    assert capsys.readouterr().out.endswith("rows that stand for 1,397\n")
    assert sum(sheet.rows_read for sheet in rm_audit.read(tmp_path / "kept.parquet").accounts) == 1400
    whole = rm_audit.audit(rm_audit.read([tmp_path / "log.csv", tmp_path / "people.csv"]), as_of=AS_OF).document
    again = rm_audit.audit(rm_audit.read(tmp_path / "kept.parquet"), as_of=AS_OF).document
    for part in ("score", "plays", "money", "spend_by_month", "alignment", "subjects", "period", "currency"):
        assert again[part] == whole[part], part


def test_aggregates_hold_no_person(tmp_path: Path) -> None:
    people(tmp_path / "people.csv", 300)
    shares = "Program,Employee,Date,Asset\n" + "".join(
        f"ShareBeam,worker{n % 3}@example.com,2025-02-{n + 1:02},Story {n}\n" for n in range(9)
    )
    (tmp_path / "shares.csv").write_text(shares, encoding="utf-8")
    rolled_up([tmp_path / "people.csv", tmp_path / "shares.csv"], tmp_path / "kept.parquet")
    rows = duckdb.connect().execute("select * from read_parquet(?)", [str(tmp_path / "kept.parquet")]).fetchall()
    texts = {cell for row in rows for cell in row if isinstance(cell, str)}
    assert not [text for text in texts if "Person " in text or "@" in text or "A-" in text]
    assert {text for text in texts if text.startswith("person ")} == {"person 1", "person 2", "person 3"}


def test_aggregates_are_parquet_and_never_an_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = log(tmp_path / "log.csv", 30, mess=False)
    assert run_with(["rollup", str(path), "-o", str(tmp_path / "kept.csv")]) == 2
    assert "does not end in .parquet" in capsys.readouterr().err


def test_aggregates_that_cannot_be_written_leave_nothing_beside_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder has the name that the file should get."""
    path, output = log(tmp_path / "log.csv", 30, mess=False), tmp_path / "kept.parquet"
    output.mkdir()
    assert run_with(["rollup", str(path), "-o", str(output)]) == 2
    assert capsys.readouterr().err == (
        f"error: --output: '{output}' cannot be written: Is a directory\n"
        "  help: Name a file in a folder that is there.\n"
    )
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["kept.parquet", "log.csv"]


def rolling_up(code: str, path: Path, kept: Path) -> list[str]:
    """A process that runs some code with the command line of a roll-up."""
    return [sys.executable, "-c", code, "rollup", str(path), "--engine", "duckdb", "-o", str(kept)]


def test_a_folder_without_room_is_left_without_a_half_written_file(tmp_path: Path) -> None:
    path, folder = log(tmp_path / "log.csv", 300, mess=False), tmp_path / "kept"
    folder.mkdir()
    code = (
        "import resource, signal; from rm_audit.cli.main import run\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512)); run()"
    )
    command = rolling_up(code, path, folder / "kept.parquet")
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert "kept.parquet' cannot be written" in done.stderr
    assert list(folder.iterdir()) == []


def test_whoever_waits_is_told_what_is_done_and_how_far(tmp_path: Path) -> None:
    told: list[str] = []
    with telling(told.append):
        rm_audit.read(log(tmp_path / "log.csv", 50, mess=False), config=Config(engine="duckdb"))
        assert told == ["Adding up log.csv"]  # it was done before there was more to tell
        with following("Counting", lambda: 43.2):
            while len(told) < 3:
                time.sleep(0.01)
    assert told[1:3] == ["Counting", "Counting: 43%"]


def test_whoever_waits_longer_is_told_why(tmp_path: Path) -> None:
    path, told = tmp_path / "thousands.csv", list[str]()
    path.write_text("Date,Channel,Spend (in thousands)\n" + "2026-01-05,Monster,2.5\n" * 40, encoding="utf-8")
    with telling(told.append):
        rm_audit.read(path, config=Config(engine="duckdb"))
    assert told == ["Reading thousands.csv cell by cell: amounts in thousands or micros"]


def test_what_does_not_fit_into_memory_is_put_among_the_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder in which somebody works may be one that nobody can write to; here a file stands in the way."""
    work, elsewhere = tmp_path / "work", tmp_path / "temporary"
    work.mkdir()
    elsewhere.mkdir()
    (work / ".tmp").touch()  # where the engine would put it
    monkeypatch.chdir(work)
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    con = silent()
    con.execute("set memory_limit = '40MB'")
    con.execute("create table numbers as select hash(number) as number from range(12_000_000) as numbers (number)")
    (folder,) = elsewhere.iterdir()
    assert folder.name.startswith("rm-audit-")
    assert sum(file.stat().st_size for file in folder.iterdir()) > 20_000_000
    ((different,),) = con.execute("select count(distinct number) from numbers where number % 100 = 0").fetchall()
    assert different > 100_000
    con.close()
    assert list(elsewhere.iterdir()) == []
    assert [file.name for file in work.iterdir()] == [".tmp"]


def test_an_interrupted_run_stops_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    path, output = log(tmp_path / "log.csv", 200_000, mess=False), tmp_path / "kept.parquet"
    code = "from rm_audit.cli.main import run; run()"
    command = [sys.executable, "-c", code, "rollup", str(path), "--engine", "duckdb", "-o", str(output)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(0.5)  # it has begun, and takes longer than that
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode in (130, -signal.SIGINT)
    assert [file.name for file in tmp_path.iterdir()] == ["log.csv"]


def test_an_interrupt_inside_a_query_ends_the_run_too(tmp_path: Path) -> None:
    """The library calls it an error of its own; the run ends with 130 all the same, and shows no traceback."""
    path = log(tmp_path / "log.csv", 200_000, mess=False)
    code = (
        "import os, signal, threading\n"
        "from rm_audit.rollups import duck\n"
        "rolled = duck.rolled\n"
        "def soon(*asked, **how):\n"
        "    threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "    return rolled(*asked, **how)\n"
        "duck.rolled = soon\n"
        "from rm_audit.cli.main import run; run()"
    )
    command = rolling_up(code, path, tmp_path / "kept.parquet")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "")
    assert [file.name for file in tmp_path.iterdir()] == ["log.csv"]


def test_explain_asks_the_engine_for_the_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = "Date,Channel,Job ID,Spend,Currency"
    days = [f"2025-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)]
    rows = [f"{day},{('Monster', 'Indeed', 'monster ')[n % 3]},REQ-{n % 2},90.00,EUR" for n, day in enumerate(days)]
    (tmp_path / "log.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    hires = "".join(f"Indeed,2025-0{month}-{day:02}\n" for month in range(1, 7) for day in range(1, 9))
    (tmp_path / "hires.csv").write_text(f"Source,Hire date\n{hires}", encoding="utf-8")
    report, paths = tmp_path / "report.json", [str(tmp_path / name) for name in ("log.csv", "hires.csv")]
    analyzed = ["analyze", *paths, "--engine", "duckdb", "--as-of", "2026-03-31", "--quiet", "--output", str(report)]
    with pytest.raises(SystemExit):
        run_with(analyzed)
    findings = json.loads(report.read_text(encoding="utf-8"))["findings"]
    finding = next(item for item in findings if item["rule"] == "board-zero-hire")
    assert finding["cells"][0].endswith("log.csv#D2:D337")
    capsys.readouterr()
    asked = ["explain", finding["id"], "--report", str(report), "--rows", paths[0], "--rows", paths[1]]
    with pytest.raises(SystemExit):
        run_with(asked)
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Rows")]
    shown = "2, 4 to 5, 7 to 8, 10 to 11, 13 to 14, 16 to 17, 19 to 20, 22 to 23, 25 to 26, 28 to 29, 31"
    assert told == [f"Rows   224 rows of log.csv (spend): {shown} and 204 more."]


PROFILE = """
id: house
title: Posten of the house
evidence: own
table: spend
own: true
recognise: {headers: [[Wann], [Wohin], [Wieviel]]}
columns: {start: [Wann], channel: [Wohin], job: [Stelle], amount: [Wieviel]}
tests:
  - headers: Wann, Wohin, Stelle, Wieviel
"""


def test_explain_knows_the_profiles_of_a_team(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "house.yaml").write_text(PROFILE, encoding="utf-8")
    rows = [f"2025-{month:02}-{day:02},Indeed,REQ-1,90.00" for month in range(1, 13) for day in range(1, 29)]
    (tmp_path / "log.csv").write_text("\n".join(["Wann,Wohin,Stelle,Wieviel", *rows, ""]), encoding="utf-8")
    (tmp_path / "hires.csv").write_text("Source,Hire date\nMonster,2025-01-05\n", encoding="utf-8")
    report, paths = tmp_path / "report.json", [str(tmp_path / name) for name in ("log.csv", "hires.csv")]
    house = ["--profiles", str(tmp_path / "house.yaml"), "--memory", "400MB"]
    for words in (
        ["analyze", *paths, "--engine", "duckdb", "--as-of", "2026-03-31", "--quiet", "--output", str(report), *house],
        ["explain", "board-zero-hire[channel=Indeed]", "--report", str(report), "--rows", paths[0], *house],
    ):
        with pytest.raises(SystemExit):
            run_with(words)
    assert "Rows   336 rows of log.csv (spend): 2 to 21 and 316 more." in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("engine", ["cells", "pandas", "duckdb"])
def test_counts_that_each_fit_into_half_the_room_add_up_to_more(tmp_path: Path, engine: str) -> None:
    """Eighty-one days of 2,000,000,000 impressions: each is held in 32 bits, and their sum is not."""
    days = [f"2025-{month:02}-{day:02}" for month in (1, 2, 3) for day in range(1, 28)]
    rows = "".join(f"{day},Monster,2000000000,10.50,EUR\n" for day in days)
    (tmp_path / "log.csv").write_text(f"Date,Channel,Impressions,Spend,Currency\n{rows}", encoding="utf-8")
    (monster,) = document(tmp_path / "log.csv", engine)["subjects"]["channel"]
    assert (monster["impressions"], monster["spend"]) == (162_000_000_000, 850.5)


# --- many rows ----------------------------------------------------------------------------------------------------


def test_rows_in_pieces_give_the_report_of_all_rows_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Millions of rows are looked at piece by piece; here pieces are of seven rows, and the report is the same."""

    def told() -> str:
        employer = Path(__file__).parents[1] / "examples" / "employer"
        with pytest.raises(SystemExit):
            run_with(["analyze", str(employer), "--as-of", "2026-10-15", "--format", "json"])
        return capsys.readouterr().out

    at_once = told()
    monkeypatch.setattr("rm_audit.book.addresses._PIECE", 7)
    monkeypatch.setattr("rm_audit.metrics.evidence.columns._PIECE", 7)
    monkeypatch.setattr("rm_audit.metrics.frame._MANY", 7)
    assert told() == at_once
    assert len(json.loads(at_once)["findings"]) > 10
