"""The annotated workbook: what it adds to a copy of the user's book, from which files, and the command."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from annotating import (
    AS_OF,
    DEAR,
    RULES,
    SPEND,
    annotated,
    marked,
    rewritten,
    rich_book,
    table,
    written,
)
from books import rule, rules
from hypothesis import given
from hypothesis import strategies as st
from making import Case, ods, told, xls, xlsx

from rm_audit.errors import Problem, UsageError
from rm_audit.rendering.workbook.marks import split
from rm_audit.rendering.workbook.rows import free_title
from rm_audit.verbs import audit, read, render

# --- what is added ----------------------------------------------------------------------------------------------


def test_a_flagged_cell_tells_what_is_wrong_and_shows_how_bad(tmp_path: Path) -> None:
    """Two channels cost more than 50. One of them is odd too: its cell has both findings and the worse one's colour."""
    _, book, _ = annotated(written(tmp_path, "spend.csv", SPEND))
    indeed = "rm-audit: high, dear\nIndeed cost 100.\nMoney: avoidable 50.\nDo: Spend less."
    monster = "rm-audit: high, dear\nMonster cost 60.\nMoney: avoidable 30.\nDo: Spend less."
    odd = "rm-audit: low, odd\nMonster is odd.\nDo: Look again."
    assert marked(book["spend"]) == {"B2": ("FFC7A8", indeed), "B3": ("FFC7A8", f"{monster}\n\n{odd}")}
    assert [cell.comment.author for cell in (book["spend"]["B2"], book["spend"]["B3"])] == ["rm-audit", "rm-audit"]


def test_the_sheet_of_findings_lists_them_with_links_to_their_cells(tmp_path: Path) -> None:
    """Score and money first, then a row a finding; Counted adds up to the money, and a link is a place, no formula."""
    report, book, _ = annotated(written(tmp_path, "spend.csv", SPEND))
    sheet = book["Audit"]
    assert book.active.title == "Audit"
    hash = report.document["ruleset"]["hash"]
    version = report.document["tool"]["version"]
    assert [sheet.cell(row, 1).value for row in range(1, 6)] == [
        "Audit of spend.csv",
        f"Judged as of 2026-06-30 by rm-audit {version}, rules {hash}.",
        "Score 3 of 100 (3 to 3, by what was not judged); 100% of the weight judged.",
        "Spend examined: 165: avoidable 80, unproven 0, misdirected 0, unclaimed 85.",
        "Counted adds up to these amounts, no money twice. Doubted is what the finding alone doubts.",
    ]
    assert table(sheet, "No.") == [
        ("No.", "Severity", "State", "About", "What is wrong", "Doubt", "Counted", "Doubted", "What to do", "Cell",
         "Cell 2", "Cell 3", "Further cells", "Rule"),
        (1, "high", "open", "Indeed", "Indeed cost 100.", "avoidable", 50, 50, "Spend less.", "spend!B2", "dear"),
        (2, "high", "open", "Monster", "Monster cost 60.", "avoidable", 30, 30, "Spend less.", "spend!B3", "dear"),
        (3, "low", "open", "Monster", "Monster is odd.", "Look again.", "spend!B3", "odd"),
    ]  # fmt: skip
    assert [sheet.cell(row, 10).hyperlink.location for row in (8, 9, 10)] == ["'spend'!B2", "'spend'!B3", "'spend'!B3"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A8", "A7:N10", "$7:$7")


def test_the_sheet_of_gaps_says_what_to_bring_and_what_is_wrong_with_the_data(tmp_path: Path) -> None:
    """A rule about clicks cannot judge, another has too little to go by, and nothing names a currency."""
    clicks = rule(id="many", flag="clicks > 3", title="Too many clicks")
    hires = rule(id="few", flag="spend < 3", enough="spend > 500", title="Too few hires")
    _, book, _ = annotated(written(tmp_path, "spend.csv", SPEND), on=rules(DEAR, clicks, hires))
    sheet = book["Could not judge"]
    assert table(sheet, "Bring") == [
        ("Bring", "Then these can be judged", "Rules"),
        ("An ad platform's export, or a spend sheet with these columns", "Too many clicks", 1),
    ]
    assert table(sheet, "Cannot be told yet") == [
        ("Cannot be told yet", "Why", "Cases"),
        ("Too few hires", "Too little evidence yet", 3),
    ]
    assert table(sheet, "About the data") == [
        ("About the data", "What to do", "Where"),
        (
            "info: no file names a currency; amounts are shown without one",
            "Name it: --currency EUR, or currency: in rm-audit.yaml.",
        ),
    ]


def test_a_waived_finding_is_grey_and_says_who_lets_it_be(tmp_path: Path) -> None:
    """A cell of the team's own sheet waives the rule for its row."""
    text = 'Channel,Spend,Waived\nIndeed,100,"waived: dear, season, TA ops, until 2026-12-31"\nXing,5,\n'
    report, book, _ = annotated(written(tmp_path, "spend.csv", text))
    assert [item["state"] for item in report.document["findings"]] == ["waived"]
    assert marked(book["spend"])["B2"] == (
        "E2E2E2",
        "rm-audit: waived, high, dear\nIndeed cost 100.\nMoney: avoidable 50.\nDo: Spend less.\n"
        "Waived until 2026-12-31 by TA ops: season",
    )
    assert table(book["Audit"], "No.")[1][2] == "waived"


def test_a_range_with_gaps_marks_its_own_cells_and_no_others(tmp_path: Path) -> None:
    """Thirty rows of two channels in turn: the finding names B2:B60, and only Indeed's cells are marked."""
    rows = "".join(f"{name},{cost}\n" for _ in range(30) for name, cost in (("Indeed", 9), ("Xing", 1)))
    report, book, _ = annotated(written(tmp_path, "spend.csv", f"Channel,Spend\n{rows}"))
    assert [item["cells"] for item in report.document["findings"]] == [["spend.csv#B2:B60"]]
    found = marked(book["spend"])
    assert list(found) == [f"B{row}" for row in range(2, 61, 2)]
    assert {words.rpartition("\n")[2] for _, words in found.values()} == {"One of the cells of B2:B60."}


def test_of_a_long_range_the_first_hundred_cells_are_marked(tmp_path: Path) -> None:
    """A colour down a whole column says nothing, and ten thousand comments make a workbook slow."""
    rows = "Indeed,9\n" * 500
    report, book, _ = annotated(written(tmp_path, "spend.csv", f"Channel,Spend\n{rows}"))
    assert [item["cells"] for item in report.document["findings"]] == [["spend.csv#B2:B501"]]
    assert list(marked(book["spend"])) == [f"B{row}" for row in range(2, 102)]


def test_a_comment_tells_five_findings_and_counts_the_others(tmp_path: Path) -> None:
    """Seven rules flag one cell."""
    seven = rules(*(rule(id=f"no-{number}", flag="spend > 50", message=f"No. {number}.") for number in range(7)))
    _, book, _ = annotated(written(tmp_path, "spend.csv", SPEND), on=seven)
    words = book["spend"]["B2"].comment.text
    assert re.findall(r"No\. \d", words) == ["No. 0", "No. 1", "No. 2", "No. 3", "No. 4"]
    assert words.endswith("\n\nAnd 2 more: see the sheet of findings.")


# --- files that are no workbook, and several files --------------------------------------------------------------


@pytest.mark.parametrize(("name", "make"), [("plan.xls", xls), ("plan.ods", ods)])
def test_another_workbook_comes_with_its_rows_and_the_marks(tmp_path: Path, name: str, make: Any) -> None:
    """xls and ods: every value at its address, in a sheet that is named after file and sheet."""
    path = written(tmp_path, name, make({"Spend": [["Channel", "Spend"], ["Indeed", 100], ["Xing", 5]]}))
    _, book, _ = annotated(path)
    assert book.sheetnames == ["Audit", "Could not judge", "plan Spend"]
    rows = list(book["plan Spend"].iter_rows(values_only=True))
    assert rows == [("Channel", "Spend"), ("Indeed", 100), ("Xing", 5)]
    assert list(marked(book["plan Spend"])) == ["B2"]


@pytest.mark.parametrize("bad", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x")', "#REF!"])
def test_a_campaign_that_looks_like_a_formula_stays_a_text(tmp_path: Path, bad: str) -> None:
    """In the rows, in the sheet of findings and in the comment; with the quote mark that keeps it so in Excel."""
    quoted = bad.replace('"', '""')
    _, book, made = annotated(written(tmp_path, "spend.csv", f'Channel,Spend\n"{quoted}",100\n'))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n"}
    texts = [cell for cell in cells if cell.value == bad]
    assert texts != []
    assert all(cell.quotePrefix for cell in texts if bad != "#REF!")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert not any(
            re.search(rb"<f[ >]", archive.read(name)) for name in archive.namelist() if "worksheets/sheet" in name
        )


def test_signs_that_nobody_sees_are_shown(tmp_path: Path) -> None:
    """A mark that turns words around, and one that nobody sees: shown, never obeyed."""
    _, book, _ = annotated(written(tmp_path, "spend.csv", "Channel,Spend\nIn\u202ede\u200bed,100\n"))
    assert book["spend"]["A2"].value == "In\N{REPLACEMENT CHARACTER}de\N{REPLACEMENT CHARACTER}ed"
    assert "In\N{REPLACEMENT CHARACTER}de" in book["spend"]["B2"].comment.text


def test_of_several_files_the_first_workbook_is_copied_whole(tmp_path: Path) -> None:
    """The second workbook and the text come with their values; links and marks go to all three."""
    spend = [["Channel", "Spend"], ["Indeed", 100]]
    first = written(tmp_path, "b.xlsx", xlsx({"Spend": spend}))
    second = written(tmp_path, "a.xlsx", xlsx({"Spend": [["Channel", "Spend"], ["Monster", 90]]}))
    text = written(tmp_path, "more.csv", "Channel,Spend\nStep,80\n")
    said: list[Problem] = []
    _, book, _ = annotated(first, second, text, said=said)
    assert book.sheetnames == ["Audit", "Could not judge", "Spend", "a Spend", "more"]
    assert [list(marked(book[title])) for title in ("Spend", "a Spend", "more")] == [["B2"], ["B2"], ["B2"]]
    assert [book["Audit"].cell(row, 10).hyperlink.location for row in (8, 9, 10)] == [
        "'Spend'!B2", "'a Spend'!B2", "'more'!B2",
    ]  # fmt: skip
    assert [problem.text() for problem in said] == [
        "b.xlsx: warning: this workbook is copied whole; the copy has the values alone of a.xlsx\n"
        "  help: To have another one whole, name it first."
    ]


def test_a_workbook_in_which_nothing_was_recognised_is_not_the_one_to_copy(tmp_path: Path) -> None:
    """Notes that come first in a folder."""
    notes = written(tmp_path, "a.xlsx", xlsx({"Notes": [["To do"], ["Call"]]}))
    spend = written(tmp_path, "b.xlsx", xlsx({"Spend": [["Channel", "Spend"], ["Indeed", 100]]}))
    _, book, _ = annotated(notes, spend)
    assert book.sheetnames == ["Audit", "Could not judge", "Spend", "a Notes"]


def test_without_its_sources_a_report_becomes_the_two_sheets_alone(tmp_path: Path) -> None:
    """For sending on: no row of any file, and no link."""
    report = audit(read(written(tmp_path, "spend.csv", SPEND)), RULES, as_of=AS_OF)
    made = render(report, "xlsx")
    assert isinstance(made, bytes)
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["Audit", "Could not judge"]
    assert (book["Audit"].cell(8, 10).value, book["Audit"].cell(8, 10).hyperlink) == ("spend.csv#B2", None)


def test_a_file_that_changed_since_is_refused(tmp_path: Path) -> None:
    """Marks would stand on other cells than those that were judged."""
    path = written(tmp_path, "spend.csv", SPEND)
    report = audit(read(path), RULES, as_of=AS_OF)
    written(tmp_path, "spend.csv", f"New,line\n{SPEND}")
    with pytest.raises(UsageError, match=r"spend\.csv: error: this file is not what was audited"):
        render(report, "xlsx", sources=[path])


# --- names ------------------------------------------------------------------------------------------------------

NAMES = st.text(st.sampled_from("aA é#!'[]:*?/\\.:$9"), max_size=40)


@given(st.lists(NAMES, min_size=1, max_size=8))
def test_a_title_is_one_that_the_format_allows_and_nobody_has(wanted: list[str]) -> None:
    """31 letters at most, none of seven signs, no quote at an end, and no two alike, in capitals or not."""
    book = openpyxl.Workbook()
    for name in wanted:
        book.create_sheet(free_title(book, name))
    titles = book.sheetnames
    assert len({title.casefold() for title in titles}) == len(wanted) + 1
    assert all(0 < len(title) <= 31 and not re.search(r"[\\/*?:\[\]]", title) for title in titles)
    assert not any(title.startswith("'") or title.endswith("'") for title in titles)


@given(NAMES.filter(bool), NAMES, st.sampled_from(["D7", "A2:A40"]))
def test_an_address_comes_apart_as_it_was_put_together(file: str, sheet: str, ref: str) -> None:
    """Whatever signs stand in the names of file and sheet."""
    address = f"{file}#{sheet}!{ref}" if sheet else f"{file}#{ref}"
    found = split(address, {"inputs": [{"file": file, "sheets": [{"name": sheet}]}]})
    assert found == (file, sheet, ref)


# --- the command ------------------------------------------------------------------------------------------------


def test_the_command_writes_the_copy_and_touches_nothing_else(tmp_path: Path) -> None:
    """One new file, the original with the same hash; what the copy cannot carry on stderr; stdout empty by --quiet."""
    source = rewritten(xlsx({"Spend": [["Channel", "Spend"], ["Indeed", 100]]}), {"xl/vbaProject.bin": "x"})
    written(tmp_path, "plan.xlsx", source)
    before = hashlib.sha256((tmp_path / "plan.xlsx").read_bytes()).hexdigest()
    run = "analyze plan.xlsx --as-of 2026-06-30 --format xlsx --output audited.xlsx --quiet"
    done = told(Case("", run, 0), tmp_path)
    assert (done.exit, done.stdout, done.changed) == (0, "", ("audited.xlsx",))
    assert done.stderr == (
        "plan.xlsx: warning: the annotated copy cannot carry: macros\n"
        "  help: The original keeps them, and is not touched.\n"
    )
    assert hashlib.sha256((tmp_path / "plan.xlsx").read_bytes()).hexdigest() == before
    assert openpyxl.load_workbook(tmp_path / "audited.xlsx").sheetnames == ["Audit", "Could not judge", "Spend"]


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ("--format xlsx", "--format: xlsx is no text for a screen or a pipe\n"
                          "  help: Name a file, such as --output audited.xlsx."),
        ("--format xlsx --output -", "--format: xlsx is no text for a screen or a pipe\n"
                                     "  help: Name a file, such as --output audited.xlsx."),
        ("--output plan.xlsx", "--output: 'plan.xlsx' is an input, which is never written to\n"
                               "  help: Name another file."),
    ],
)  # fmt: skip
def test_the_command_refuses_what_cannot_be(tmp_path: Path, run: str, said: str) -> None:
    """No workbook on a screen, and none over the original: exit 2, and no file is changed."""
    written(tmp_path, "plan.xlsx", xlsx())
    done = told(Case("", f"analyze plan.xlsx {run}", 2), tmp_path)
    assert (done.exit, done.stderr, done.changed) == (2, f"error: {said}\n", ())


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    """In two processes, with other seeds for hashes and in another time zone; no clock is in the archive."""
    written(tmp_path, "plan.xlsx", rich_book())
    written(tmp_path, "more.csv", SPEND)
    for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/Lima")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        words = ["analyze", "plan.xlsx", "more.csv", "--as-of", "2026-06-30", "--quiet", "--output", f"{seed}.xlsx"]
        command = [sys.executable, "-m", "rm_audit", *words]
        subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    made = [(tmp_path / name).read_bytes() for name in ("1.xlsx", "2.xlsx")]
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert re.findall(r"modified [^>]*>([^<]*)<", archive.read("docProps/core.xml").decode()) == [
            "2026-06-30T12:00:00Z"
        ]
