"""Large files whose cells are written in other ways: an engine adds up a plain copy, and the report is the same."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_rollups import document, people

import rm_audit
from rm_audit.config import Config
from rm_audit.profiles.amounts import read_amounts
from rm_audit.profiles.library import library
from rm_audit.progress import telling
from rm_audit.readers import pieces, read_paths
from rm_audit.rollups.looking import rows_of
from rm_audit.rollups.plain import Days, Numbers
from rm_audit.rollups.plan import NotPlainError

BLANKS = frozenset({"-", "n/a"})


def marked(amount: float, marks: str = ",.") -> str:
    return f"{amount:,.2f}".translate(str.maketrans(",.", marks))


AMOUNTS: dict[str, Callable[[float], str]] = {
    "1,234.50": marked,
    "$1,234.50": lambda amount: f"${marked(amount)}",
    "1.234,50 €": lambda amount: f"{marked(amount, '.,')} €",
    "1 234,50": lambda amount: marked(amount, " ,"),
    "CHF 1'234.50": lambda amount: f"CHF {marked(amount, chr(39) + '.')}",
    "(1,234.50)": lambda amount: f"({marked(amount)})" if int(amount) % 7 == 0 else marked(amount),
}
DAYS: dict[str, Callable[[date], str]] = {
    "Mar 14, 2025": lambda day: day.strftime("%b %d, %Y"),
    "14 March 2025": lambda day: day.strftime("%d %B %Y"),
    "03/14/2025 10:22": lambda day: day.strftime("%m/%d/%Y 10:22"),
    "14.03.25": lambda day: day.strftime("%d.%m.%y"),
    "20250314": lambda day: day.strftime("%Y%m%d"),
    "45730": lambda day: str((day - date(1899, 12, 30)).days),
}
LETTERS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]
HEADER = ["Date", "Channel", "Campaign", "Job ID", "Impressions", "Clicks", "Notes", "Spend"]
# A piece has a hundred rows here, and a row of fifty is written otherwise by hand.
MESS = {50: (7, "free"), 150: (7, ""), 151: (5, "12 clicks"), 250: (0, ""), 251: (4, "<10"), 350: (1, "")}


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "ROWS", 100)


def export(
    path: Path,
    amount: str = "$1,234.50",
    day: str = "Mar 14, 2025",
    letters: str = "utf-8",
    delimiter: str = ",",
    above: str = "",
    rows: int = 420,
    lines: Sequence[Sequence[str]] = (),
) -> Path:
    chance = random.Random(3)
    with path.open("w", newline="", encoding=letters) as file:
        file.write(above)
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(HEADER)
        for number in range(2, rows + 2):
            spent = date(2025, chance.randint(1, 12), chance.randint(1, 28))
            words = [chance.choice(["Jobwelt", "LinkedIn", "Zürich Jobs"]), f"C{chance.randint(1, 3)}"]
            counts = [f"{chance.randint(1, 9999):,}", str(chance.randint(0, 40))]
            note = chance.choice(["", "", "one line\nand another"])
            cells = [DAYS[day](spent), *words, f"REQ-{chance.randint(1, 9)}", *counts, note]
            cells.append(AMOUNTS[amount](chance.randint(0, 900_000) / 100))
            if number in MESS:
                place, text = MESS[number]
                cells[place] = text
            writer.writerow(cells)
        writer.writerows(lines)
    return path


def engine_of(path: Path) -> str:
    """The engine that added it up; nothing where it was read cell by cell."""
    return rm_audit.read(path, config=Config(engine="duckdb")).engines.get(path.name, "")


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("day", DAYS)
def test_amounts_and_days_may_be_written_as_people_write_them(tmp_path: Path, amount: str, day: str) -> None:
    path = export(tmp_path / "log.csv", amount, day)
    assert engine_of(path) == "duckdb"
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize("letters", LETTERS)
@pytest.mark.parametrize(("delimiter", "above"), [(",", ""), ("\t", ""), (";", "sep=;\n"), (";", "Spend of 2025\n\n")])
def test_a_file_may_have_other_letters_and_say_what_parts_its_cells(
    tmp_path: Path, letters: str, delimiter: str, above: str
) -> None:
    path = export(tmp_path / "log.csv", letters=letters, delimiter=delimiter, above=above)
    assert engine_of(path) == "duckdb"
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


PACKINGS = {
    "log.csv.gz": "format csv, header, compression gzip",
    "log.csv.zst": "format csv, header, compression zstd",
    "log.parquet": "format parquet",
}


@pytest.mark.parametrize("name", PACKINGS)
def test_a_file_may_be_packed(tmp_path: Path, name: str) -> None:
    packed(tmp_path / name, "*")
    assert engine_of(tmp_path / name) == "duckdb"
    assert document(tmp_path / name, "duckdb") == document(tmp_path / name, "pandas")
    assert document(tmp_path / name, "duckdb") == document(tmp_path / name, "cells")


def packed(path: Path, columns: str) -> Path:
    loose, con = export(path.parent / "loose.csv"), duckdb.connect()
    con.execute(f"create table rows as select * from read_csv('{loose}', all_varchar = true)")
    con.execute(f"copy (select {columns} from rows) to '{path}' ({PACKINGS[path.name]})")
    return path


@pytest.mark.parametrize(("first", "engine"), [(10**15, ""), (10**14, "duckdb")])
def test_numbers_of_more_digits_than_a_spreadsheet_holds_are_no_sure_ids(
    tmp_path: Path, first: int, engine: str
) -> None:
    path = tmp_path / "log.parquet"
    packed(path, f'* replace ({first} + rowid as "Job ID")')
    assert engine_of(path) == engine
    assert document(path, "duckdb") == document(path, "cells")


def test_rows_keep_their_numbers_where_a_cell_has_two_lines_and_a_line_has_no_cell(tmp_path: Path) -> None:
    path = export(tmp_path / "log.csv", lines=[[], ["Mar 1, 2025", "Jobwelt", "C1", "REQ-1", "5", "1", "", "soon"]])
    engine, cells = (rm_audit.read(path, config=Config(engine=name)) for name in ("duckdb", "cells"))
    aside = [(item.row, item.reason) for item in engine.inputs[0].sheets[0].set_aside]
    assert aside == [(50, "not a number"), (150, "no amount"), (423, "not a number")]
    assert engine.inputs[0].sheets[0].set_aside == cells.inputs[0].sheets[0].set_aside
    assert [problem.cell for problem in engine.problems if problem.code == "not-a-number"] == ["F151", "H50", "H423"]


def test_the_rows_behind_a_finding_have_the_numbers_of_the_file(tmp_path: Path) -> None:
    path = export(tmp_path / "log.csv", letters="utf-16", rows=40)
    (file,) = read_paths([path], "duckdb")
    found = rows_of(file, library(()), {"spend": {"channel": lambda text: text == "Zürich Jobs"}}, None, 5)
    with path.open(encoding="utf-16", newline="") as text:
        written = list(csv.reader(text))
    rows = [number for number, cells in enumerate(written, 1) if cells[1] == "Zürich Jobs"]
    assert found is not None
    assert (found.file, found.count, found.first) == ("log.csv", len(rows), rows[:5])


SETTLED_OTHERWISE = {
    "amounts in two currencies": ["Mar 1, 2025", "Jobwelt", "C1", "REQ-1", "5", "1", "", "7.00 €"],
    "another decimal mark": ["Mar 1, 2025", "Jobwelt", "C1", "REQ-1", "5", "1", "", "1.234,50"],
    "a month": ["Mar 2025", "Jobwelt", "C1", "REQ-1", "5", "1", "", "$7.00"],
    "a day in an order that nothing settles": ["03/04/2025", "Jobwelt", "C1", "REQ-1", "5", "1", "", "$7.00"],
    "a quote that is never closed": ["Mar 1, 2025", '"Jobwelt', "C1", "REQ-1", "5", "1", "", "$7.00"],
}


@pytest.mark.parametrize("done", SETTLED_OTHERWISE)
def test_a_piece_that_settles_it_otherwise_sends_the_file_to_the_cells(tmp_path: Path, done: str) -> None:
    path = export(tmp_path / "log.csv")
    with path.open("a", encoding="utf-8") as file:
        file.write(",".join(f'"{cell}"' if "," in cell else cell for cell in SETTLED_OTHERWISE[done]) + "\n")
    assert engine_of(path) == ""
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


UNREAD = {
    "a line end inside of a number": ["Mar 1, 2025", "Jobwelt", "C1", "REQ-1", "1\n234", "1", "", "$7.00"],
    "a day and its time on two lines": ["2025-03-04\n10:22", "Jobwelt", "C1", "REQ-1", "5", "1", "", "$7.00"],
    "a currency without an amount": ["Mar 1, 2025", "Jobwelt", "C1", "REQ-1", "5", "1", "", "EUR"],
    "a day that is none": ["31.02.2025", "Jobwelt", "C1", "REQ-1", "5", "1", "", "$7.00"],
    "one row with a thousand cells": ["Mar 1, 2025", "Jobwelt", "C1", "REQ-1", "5", "1", "", "$7.00", *["x"] * 1000],
}


@pytest.mark.parametrize("done", UNREAD)
def test_what_nobody_can_read_in_its_column_stays_unread(tmp_path: Path, done: str) -> None:
    path = export(tmp_path / "log.csv", lines=[UNREAD[done]])
    assert engine_of(path) == "duckdb"
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize("amount", ["$7.00", "7.00"])
@pytest.mark.parametrize("row", [",,,n/a", "-,-,-,-", " ,,,", ",,,", ",Jobwelt,,n/a", "Note,,-,n/a", "n/a,,,"])
@pytest.mark.parametrize("place", [100, 300])
def test_rows_of_marks_for_no_value_are_rows(tmp_path: Path, amount: str, row: str, place: int) -> None:
    rows = [f"2025-03-{1 + n % 28:02},Jobwelt,REQ-{n},{amount}" for n in range(300)]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["Date,Channel,Job ID,Spend", *rows[:place], row, *rows[place:], ""]), encoding="utf-8")
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize("amount", ["$7.00", "7.00"])
@pytest.mark.parametrize("line", ["Mar 1, 2025,Jobw", "Mar 1, 2025,Zü"])
def test_a_file_that_was_cut_off_is_said_to_be(tmp_path: Path, amount: str, line: str) -> None:
    rows = [f"2025-03-{day:02},Zürich Jobs,REQ-{day},{amount}" for day in range(1, 29)] * 12
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["Date,Channel,Job ID,Spend", *rows, line]), encoding="utf-8")
    assert "cut-off" in [problem.code for problem in rm_audit.read(path, config=Config(engine="duckdb")).problems]
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def test_a_file_that_was_cut_off_inside_of_a_letter_keeps_its_letters(tmp_path: Path) -> None:
    """The last byte is half an ü; that does not make the others Western letters of old."""
    rows = [f"2025-03-{day:02},Zürich Jobs,REQ-{day},$7.00" for day in range(1, 29)] * 400  # more than what is a head
    path = tmp_path / "log.csv"
    path.write_bytes("\n".join(["Date,Channel,Job ID,Spend", *rows, "2025-03-01,Zü"]).encode()[:-1])
    assert document(path, "duckdb") == document(path, "cells")
    assert "Zürich Jobs" in set(rm_audit.read(path, config=Config(engine="duckdb")).tables["spend"]["channel"])


@pytest.mark.parametrize("late", ["Łódź Praca świat", "Работа"])
def test_letters_of_old_are_known_however_lines_end(tmp_path: Path, late: str) -> None:
    rows = [f"2025-03-{day:02},Jobwelt,REQ-{day},$7.00" for day in range(1, 29)] * 3
    path = tmp_path / "log.csv"
    text = "\r".join(["Date,Channel,Job ID,Spend", *rows, f"2025-03-01,{late},REQ-1,$7.00", ""])
    path.write_bytes(text.encode("cp1250" if "Ł" in late else "cp1251"))
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize("turned", [False, True])
def test_thousands_with_and_without_a_mark_in_different_pieces_are_doubted(tmp_path: Path, turned: bool) -> None:
    parts = [
        [f'2025-03-01,Jobwelt,"$1,{100 + n}"' for n in range(110)],
        [f"2025-03-02,Jobwelt,$10{n}" for n in range(100, 210)],
    ]
    path = tmp_path / "log.csv"
    rows = [row for part in (parts[::-1] if turned else parts) for row in part]
    path.write_text("\n".join(["Date,Channel,Spend", *rows, ""]), encoding="utf-8")
    assert "unsure-mark" in [problem.code for problem in rm_audit.read(path, config=Config(engine="duckdb")).problems]
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize("day", ["2025-01-13", "01/13/2025"])
def test_under_a_header_of_months_one_other_day_makes_all_of_them_days(tmp_path: Path, day: str) -> None:
    rows = [f"2025-{1 + n % 9:02}-01,Jobwelt,REQ-{n},7.00,EUR" for n in range(120)]
    path = tmp_path / "log.csv"
    path.write_text(
        "\n".join(["Month,Channel,Job ID,Spend,Currency", *rows, f"{day},Jobwelt,REQ-1,7.00,EUR", ""]), "utf-8"
    )
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def test_applications_without_an_id_in_the_column_of_ids_are_added_up(tmp_path: Path) -> None:
    rows = [f",Person {n},Jobwelt,REQ-{n % 5},2025-03-{1 + n % 28:02}" for n in range(120)]
    path = tmp_path / "people.csv"
    path.write_text("\n".join(["Application ID,Candidate,Source,Job ID,Applied", *rows, ""]), encoding="utf-8")
    assert engine_of(path) == "duckdb"
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize("first", ["25/12/2025", "12/25/2025"])
def test_a_later_piece_cannot_turn_day_and_month_around(tmp_path: Path, first: str) -> None:
    """Of 3 April to 12 November nobody knows the order, until a row far below says it."""
    lines = [f"0{1 + n % 9}/0{1 + n % 7}/2025,Jobwelt,REQ-{n % 9},10.50 €" for n in range(250)]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["Date,Channel,Job ID,Spend", *lines, f"{first},Jobwelt,REQ-1,10.50 €", ""]), "utf-8")
    assert engine_of(path) == ""
    assert document(path, "duckdb") == document(path, "cells")


@pytest.mark.parametrize("day", ["Mar 14, 2025", "14.03.25", "20250314"])
def test_applications_may_have_their_days_as_people_write_them(tmp_path: Path, day: str) -> None:
    path = people(tmp_path / "people.csv", 420, mess=False)
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    for row in rows:
        row[6:9] = [DAYS[day](date.fromisoformat(cell[:10])) if cell else "" for cell in row[6:9]]
    with path.open("w", encoding="utf-16", newline="") as file:
        csv.writer(file, delimiter="\t").writerows([header, *rows])
    assert engine_of(path) == "duckdb"
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


STAGES = ["Applied", "Screen", "Interview", "Rejected", "Hired"]


def history(path: Path, lines: Sequence[str] = ()) -> Path:
    """A row a change of stage: one to four of each application, in no order."""
    chance, rows = random.Random(5), []
    for number in range(150):
        words = [f"A-{number} ", f"Person {number % 90}", chance.choice(["Jobwelt", "LinkedIn"]), f"REQ-{number % 7}"]
        day = date(2025, chance.randint(1, 9), chance.randint(1, 28))
        for stage in chance.sample(STAGES, chance.randint(1, 4)):
            met = {"Interview": 0, "Hired": 1}.get(stage)
            later = [day.replace(month=day.month + 2).isoformat() if met == place else "" for place in (0, 1)]
            rows.append([*words, day.isoformat(), *later, stage])
    chance.shuffle(rows)
    header = "Application ID,Candidate,Source,Job ID,Applied,Interviewed,Hired,Stage"
    path.write_text("\n".join([header, *map(",".join, rows), *lines, ""]), encoding="utf-8")
    return path


def test_of_a_history_the_row_that_got_furthest_counts(tmp_path: Path) -> None:
    path = history(tmp_path / "history.csv", lines=["A-700,Person 700,Jobwelt,REQ-1,soon,,,Applied"])
    assert engine_of(path) == "duckdb"
    found = document(path, "duckdb")
    assert found == document(path, "pandas") == document(path, "cells")
    (sheet,) = found["inputs"][0]["sheets"]
    (earlier,) = sheet["set_aside"]
    assert (earlier["reason"], earlier["rows"] + 151) == (
        "another stage of the same application",
        sheet["rows"]["read"],
    )
    assert [problem["code"] for problem in found["problems"]][:2] == ["not-a-date", "application-history"]


def test_rows_beside_a_history_keep_their_numbers(tmp_path: Path) -> None:
    """The copy is without the rows of earlier stages, and the file is not."""
    path = history(tmp_path / "history.csv", lines=["A-700,Person 700,Jobwelt,REQ-1,soon,,,Applied"])
    last = len(path.read_text(encoding="utf-8").splitlines())
    book = rm_audit.read(path, config=Config(engine="duckdb"))
    assert [problem.cell for problem in book.problems if problem.code == "not-a-date"] == [f"E{last}"]


@pytest.mark.parametrize("line", ["A-1,Person 1,Jobwelt,REQ-1,soon,,,Applied", "A-1,Person 1", "A-1,,,,,,,,,,,"])
def test_a_history_with_a_row_that_cannot_be_read_is_read_cell_by_cell(tmp_path: Path, line: str) -> None:
    path = history(tmp_path / "history.csv", lines=[line])
    assert engine_of(path) == ""
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def test_the_copy_is_told_of_and_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere, told = tmp_path / "temporary", list[str]()
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    with telling(told.append):
        engine_of(export(tmp_path / "log.csv"))
    assert told[:2] == [
        "Copying log.csv in plain writing: the column of start is not written plainly",
        "Adding up log.csv",
    ]
    assert list(elsewhere.iterdir()) == []


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of temporary files that stay, so that they can be looked at."""
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    monkeypatch.setattr("shutil.rmtree", lambda *_, **__: None)
    return elsewhere


def copied(path: Path, header: str, rows: Sequence[str], kept: Path) -> list[str]:
    """The lines of the copy of a file."""
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    assert engine_of(path) == "duckdb"
    (copy,) = kept.rglob("plain.csv")
    assert copy.parent.stat().st_mode & 0o077 == 0  # nobody else can look into it
    return copy.read_text(encoding="utf-8").splitlines()


def test_the_copy_is_without_addresses_and_numbers_of_people(tmp_path: Path, kept: Path) -> None:
    rows = [
        f"A-{n},C-{n},someone{n}@example.com,0151 2345{n},Jobwelt,REQ-{n % 5},Mar {1 + n % 28} 2025" for n in range(120)
    ]
    header = "Application ID,Candidate ID,Email,Phone,Source,Job ID,Applied"
    assert copied(tmp_path / "people.csv", header, rows, kept)[1] == "A-0,C-0,x,x,Jobwelt,REQ-0,2025-03-01"


def test_a_column_is_about_people_by_what_stands_in_it_too(tmp_path: Path, kept: Path) -> None:
    """Recruiters are few, and a word beside their names may say that a row is no spend: it shows which are alike."""
    names = ["Testperson One", "Testperson Two", "Cancelled"]
    rows = [f"Mar {1 + n % 28} 2025,Jobwelt,C1,desk{n}@example.com,{names[n % 3]},$1.{n:02}" for n in range(90)]
    header = "Date,Channel,Campaign,Booked by,Recruiter,Spend"
    path = tmp_path / "bookings.csv"
    assert copied(path, header, rows, kept)[:5] == [
        header,
        "2025-03-01,Jobwelt,C1,x,x1,1",
        "2025-03-02,Jobwelt,C1,x,x2,1.01",
        "2025-03-03,Jobwelt,C1,x,Cancelled,1.02",
        "2025-03-04,Jobwelt,C1,x,x1,1.03",
    ]
    assert document(path, "duckdb") == document(path, "cells")


def run_with(code: str, path: Path, elsewhere: Path) -> subprocess.CompletedProcess[str]:
    """`rm-audit rollup` after some code, with temporary files in a folder of their own."""
    whole = f"import tempfile; tempfile.tempdir = {str(elsewhere)!r}\n{code}\nfrom rm_audit.cli.main import run; run()"
    rolling = ["rollup", str(path), "--engine", "duckdb", "--output", str(path.parent / "kept.parquet")]
    return subprocess.run([sys.executable, "-c", whole, *rolling], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("sent", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_run_that_is_ended_while_the_copy_is_made_leaves_nothing(tmp_path: Path, sent: str, code: int) -> None:
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    hooked = (
        "import os, signal\n"
        "from rm_audit.rollups import copying\n"
        f"copying.rewritten = lambda rows, columns: os.kill(os.getpid(), signal.{sent})\n"
    )
    done = run_with(hooked, export(tmp_path / "log.csv"), elsewhere)
    assert (done.returncode, done.stderr) == (code, "")
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["log.csv", "temporary"]


def test_without_a_folder_for_a_copy_the_file_is_read_cell_by_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, told = export(tmp_path / "log.csv"), list[str]()
    cells = document(path, "cells")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with telling(told.append):
        assert document(path, "duckdb") == cells
    assert told == ["Reading log.csv cell by cell: it cannot be copied: No such file or directory"]


def test_without_room_for_a_copy_the_file_is_read_cell_by_cell(tmp_path: Path) -> None:
    """Here no file may be larger than 20,000 bytes, and a copy is."""
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    code = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))"
    path = export(tmp_path / "log.csv", rows=350)
    assert path.stat().st_size > 20_000
    done = run_with(code, path, elsewhere)
    assert (done.returncode, done.stderr.splitlines()[1]) == (0, "  | '12 clicks'")
    assert list(elsewhere.iterdir()) == []
    kept = rm_audit.read(tmp_path / "kept.parquet").tables["spend"]
    assert int(kept["amount"].sum()) == int(rm_audit.read(path).tables["spend"]["amount"].sum())


@given(st.lists(st.integers(-10_000_000, 10_000_000), min_size=1), st.sampled_from(sorted(AMOUNTS)))
def test_a_plain_amount_is_the_amount(cents: list[int], style: str) -> None:
    texts = [AMOUNTS[style](number / 100) for number in cents]
    column = Numbers(place=0, blanks=BLANKS, money=True)
    plainly = column.plainly(texts)
    read, own = read_amounts(texts, BLANKS), read_amounts([plainly[text] for text in texts], BLANKS, "en_US")
    assert own.micros == read.micros
    assert own.currencies == [None] * len(texts)
    assert column.codes == set(read.currencies)


@given(st.lists(st.dates(date(2001, 1, 1), date(2049, 12, 31)), min_size=1), st.sampled_from(sorted(DAYS)))
def test_a_plain_day_is_the_day(days: list[date], style: str) -> None:
    clear = [*days, date(2025, 3, 14)]  # of which nobody can mistake the order
    texts = [DAYS[style](day) for day in clear]
    plainly = Days(place=0, blanks=BLANKS, habit={}, within=None).plainly(texts)
    assert [date.fromisoformat(plainly[text]) for text in texts] == clear


def test_what_the_first_piece_settles_holds_for_the_others() -> None:
    """1,234 is a thousand and more beside 1,234.50, and 03/04 is in March where another row was the 14th of March."""
    amounts, days = Numbers(place=0, blanks=BLANKS, money=True), Days(place=0, blanks=BLANKS, habit={}, within=None)
    assert amounts.plainly(["1,234.50", "7"]) == {"1,234.50": "1234.50", "7": "7"}
    assert amounts.plainly(["1,234", "n/a", "12.5"]) == {"1,234": "1234", "n/a": "n/a", "12.5": "12.50"}
    assert days.plainly(["03/14/2025"]) == {"03/14/2025": "2025-03-14"}
    assert days.plainly(["03/04/2025", ""]) == {"03/04/2025": "2025-03-04", "": ""}
    with pytest.raises(NotPlainError, match="days that are written in several ways"):
        days.plainly(["14/03/2025"])
    with pytest.raises(NotPlainError, match="numbers that are written in several ways"):
        amounts.plainly(["1.234,50"])
