"""The folder `examples/employer`: mixed exports of one invented employer become one book, without a hand edit.

The script that writes the folder knows the truth behind it. The book must come to the same: money to the cent, hires to
the head, and nobody's name.
"""

from __future__ import annotations

import re
import runpy
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from test_examples import AS_OF, EXAMPLES, run

import rm_audit
from rm_audit.book import Book
from rm_audit.cli.main import run_with
from rm_audit.config import load_config
from rm_audit.rulebook.model import PLAYS
from rm_audit.tables import MICROS

FOLDER = EXAMPLES / "employer"
LOCK = "~$Recruiting Kosten 2026.xlsx"
# Every person of the files is called so; their numbers, addresses and streets are marked in the same way.
MARKER = re.compile(r"testperson|muster|@example\.org|\+49 000|P\d{5}", re.IGNORECASE)
# Rows of these tables are counted one by one; what mails, pages and sessions become is the profiles' matter.
COUNTED = {"spend", "applications", "jobs", "contracts", "plan"}
EVENTS = "Stage changes Bremen.csv"  # a row a change of stage: several rows are one application
ALONE = {path.name for path in FOLDER.iterdir() if path.suffix != ".yaml" and path.name != LOCK}


@pytest.fixture(scope="module")
def truth() -> Iterator[Any]:
    """What `examples/make_employer.py` says the folder holds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(EXAMPLES))
        yield import_module("make_employer").truth()


@pytest.fixture(scope="module")
def book() -> Book:
    """`rm_audit.read("examples/employer")`, with the settings of the folder's own rm-audit.yaml."""
    return rm_audit.read(FOLDER, config=load_config(FOLDER / "rm-audit.yaml", tuple(PLAYS)))


def test_the_folder_is_what_the_script_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python examples/make_employer.py DIR` writes the same files: texts byte for byte, workbooks cell by cell."""
    script = EXAMPLES / "make_employer.py"
    monkeypatch.setattr(sys, "argv", [str(script), str(tmp_path)])
    monkeypatch.syspath_prepend(str(EXAMPLES))
    runpy.run_path(str(script), run_name="__main__")
    assert {path.name: held(path) for path in tmp_path.iterdir()} == {
        path.name: held(path) for path in FOLDER.iterdir()
    }
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_000_000


def held(path: Path) -> object:
    if path.suffix not in (".xlsx", ".xls") or path.name == LOCK:
        return path.read_bytes()
    workbook = CalamineWorkbook.from_path(path)
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


def test_the_files_tell_one_story(truth: Any) -> None:
    """The people file has the hires of all hiring systems; the team wrote LinkedIn down within three euros a month."""
    assert truth.rows["Eintritte 2026.csv"] == sum(truth.hires.values()) == 54
    sheet = CalamineWorkbook.from_path(FOLDER / "Recruiting Kosten 2026.xlsx").get_sheet_by_index(0).to_python()
    line = next(row for row in sheet if row[0] == "LinkedIn")
    months = [Decimal(str(value)) for value in line[1:7]]
    assert 0 < abs(sum(months) - truth.spend["LinkedIn"]) <= 18


def test_the_spend_of_each_channel_is_the_truth_to_the_cent(book: Book, truth: Any) -> None:
    """Three LinkedIn layouts add up, three Google files count once, and the team's LinkedIn line gives way."""
    sums = book.tables["spend"].groupby("channel", dropna=False)["amount"].sum()
    found = {channel: Decimal(int(amount)) / MICROS for channel, amount in sums.items()}
    cent = Decimal("0.01")
    assert {channel: amount.quantize(cent) for channel, amount in found.items()} == {
        channel: amount.quantize(cent) for channel, amount in truth.spend.items()
    }


def test_the_hires_of_each_source_are_the_truth(book: Book, truth: Any) -> None:
    """iCIMS, Workable, Indeed's list and the stage changes each hold a part; the people file holds all once more."""
    table = book.tables["applications"]
    hired = table[table["is_hired"].fillna(False).astype(bool)]
    sources = [channel if isinstance(channel, str) else None for channel in hired["channel"]]
    assert {source: sources.count(source) for source in sources} == truth.hires
    (twice,) = (problem.message for problem in book.problems if problem.code == "hires-twice")
    assert twice == "hires stand in two files: 54 in the ATS export, which count, and 54 in the people file"


def test_every_row_of_every_file_is_used_or_stands_in_another(book: Book, truth: Any) -> None:
    """Total rows, footers and 'No data available.' are set aside; no row of a table is lost or made up."""
    found = {
        file.file: sum(sheet.rows_read - len({item.row for item in lost(sheet)}) for sheet in file.sheets)
        for file in book.inputs
        if {sheet.table for sheet in file.sheets} & COUNTED and file.file != EVENTS
    }
    assert found == {name: truth.rows[name] for name in found}


def lost(sheet: Any) -> list[Any]:
    """What was set aside for another reason than that it stands in another file."""
    return [item for item in sheet.set_aside if not item.reason.startswith("the same money in ")]


def test_every_file_is_read_and_recognised(book: Book) -> None:
    """The lock file is said to be one; each sheet of all others is known, the empty export too."""
    assert book.unreadable == []
    assert [problem.file for problem in book.problems if problem.code == "lock-file"] == [LOCK]
    assert [problem.text() for problem in book.problems if problem.level == "error"] == []
    unknown = [f"{file.file}#{sheet.name}" for file in book.inputs for sheet in file.sheets if sheet.profile is None]
    assert unknown == []
    assert [file.file for file in book.inputs if not file.sheets] == [LOCK]
    tables = Counter(sheet.table for file in book.inputs for sheet in file.sheets if sheet.table in COUNTED)
    assert tables == {"spend": 13, "applications": 6, "jobs": 1, "contracts": 1, "plan": 1}


def test_a_period_is_set_so_no_month_lacks_a_year(book: Book) -> None:
    """The team's sheet has twelve months and no year; July to December are empty and outside the period."""
    assert [problem.message for problem in book.problems if problem.code == "no-year"] == []


def test_only_what_is_wrong_in_the_files_is_warned_of(book: Book) -> None:
    """Two wrong totals, a file that is no UTF-8, the same money three times: all on purpose, and no more."""
    warned = Counter((problem.code, problem.file) for problem in book.problems if problem.level == "warning")
    once = [file for code, file in warned if code == "counted-once"]
    assert {code for code, _ in warned} == {"total-differs", "old-encoding", "counted-once"}
    assert ("total-differs", "Recruiting Kosten 2026.xlsx") in warned
    assert ("old-encoding", "Eintritte 2026.csv") in warned
    google = {"Campaign report.csv", "Ad group report.csv", "Time_series(2026.01.01-2026.06.30).csv"}
    assert len(once) == 3
    assert len(google & set(once)) == 2  # two of the three give way to the other; which one stays is the book's choice


def test_the_book_holds_no_person(book: Book) -> None:
    """Names, addresses and numbers of persons are in no cell of any table."""
    texts = [str(value) for table in book.tables.values() for column in table for value in table[column].unique()]
    assert [text for text in texts if MARKER.search(text)] == []


@pytest.mark.parametrize(
    "command",
    [
        ["inspect", "employer"],
        ["inspect", "employer", "--format", "json"],
        ["analyze", "employer", "--verbose", *AS_OF],
        ["analyze", "employer", "--format", "json", *AS_OF],
        ["check", "employer", "--fail-on", "never", *AS_OF],
    ],
    ids=" ".join,
)
def test_no_output_names_a_person(command: list[str]) -> None:
    """`rm-audit inspect examples/employer` and the others end with 0 and show nothing of a person."""
    done = run(*command)
    assert done.returncode == 0, done.stderr
    assert MARKER.findall(done.stdout + done.stderr) == []


@pytest.mark.parametrize(
    "files", [[name] for name in sorted(ALONE)] + [[EVENTS, "Campaign report.csv"]], ids=" and ".join
)
def test_each_file_makes_a_report_without_the_others(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """`rm-audit analyze FILE --format json` and the page for people: a stage log knows no source, applications
    no money, and what is missing is asked for."""
    for form in ("json", "terminal"):
        with pytest.raises(SystemExit) as ended:
            run_with(["analyze", *(str(FOLDER / name) for name in files), "--format", form, *AS_OF])
        done = capsys.readouterr()
        assert ended.value.code == 0, done.err
    assert "Judged as of 2026-10-15" in done.out


def test_the_markers_are_in_the_files() -> None:
    """The search for persons can fail: the files that hold persons hold the marks that it looks for."""
    holding = {path.name for path in FOLDER.iterdir() if MARKER.search(path.read_bytes().decode("latin-1"))}
    assert {EVENTS, LOCK, "Eintritte 2026.csv", "Indeed applicants CH.csv", "iCIMS Submittal Export.csv"} <= holding
