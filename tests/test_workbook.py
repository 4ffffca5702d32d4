"""The annotated workbook: what it adds to a copy of the user's book, and that it changes nothing else."""

from __future__ import annotations

import hashlib
import io
import itertools
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from books import rule, rules
from hypothesis import given, settings
from hypothesis import strategies as st
from making import Case, ods, told, xls, xlsx
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from rm_audit.errors import Problem, UsageError
from rm_audit.readers import read_paths
from rm_audit.rendering.workbook.marks import mark, marks, split
from rm_audit.rendering.workbook.rows import add_rows, free_title
from rm_audit.report import Report
from rm_audit.rulebook.settings import Ruleset
from rm_audit.verbs import audit, read, render

AS_OF = date(2026, 6, 30)
DEAR = rule(
    id="dear",
    severity="high",
    flag="spend > 50",
    money="{class: avoidable, step: statistical, amount: spend / 2}",
    message="'{channel} cost {spend}.'",
    fix="Spend less.",
)
ODD = rule(id="odd", severity="low", flag="spend == 60", message="'{channel} is odd.'", fix="Look again.")
RULES = rules(DEAR, ODD)
SPEND = "Channel,Spend\nIndeed,100\nMonster,60\nXing,5\n"


def annotated(*paths: Path, on: Ruleset = RULES, said: list[Problem] | None = None) -> tuple[Report, Any, bytes]:
    """The report of files, the workbook that it becomes as openpyxl opens it, and its bytes."""
    report = audit(read(paths), on, as_of=AS_OF)
    made = render(report, "xlsx", sources=paths, tell=[].append if said is None else said.append)
    assert isinstance(made, bytes)
    return report, openpyxl.load_workbook(io.BytesIO(made), rich_text=True), made


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def marked(sheet: Any) -> dict[str, tuple[str, str]]:
    """Address → fill and comment, of every cell with a comment."""
    cells = [cell for row in sheet.iter_rows() for cell in row]
    return {cell.coordinate: (cell.fill.fgColor.rgb[2:], cell.comment.text) for cell in cells if cell.comment}


def table(sheet: Any, head: str) -> list[tuple[Any, ...]]:
    """The rows under the row that begins with `head`, down to an empty one."""
    rows = sheet.iter_rows(values_only=True)
    rest = itertools.dropwhile(lambda row: row[0] != head, rows)
    return [tuple(value for value in row if value is not None) for row in itertools.takewhile(lambda row: row[0], rest)]


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


# --- what is kept -----------------------------------------------------------------------------------------------


def rich_book() -> bytes:
    """A team's sheet with all that people put into one, its formulas calculated as a spreadsheet program does."""
    book = openpyxl.Workbook()
    book.properties.creator, book.properties.created = "TA operations", datetime(2026, 1, 5, 9)
    sheet = book.active
    sheet.title = "Spend '26"
    sheet.append(["Recruiting costs 2026"])
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["Channel", "Month", "Spend", "Note"])
    for row, (name, month, cost) in enumerate(
        (("Indeed", date(2026, 1, 1), "=40*2"), ("Monster", date(2026, 2, 1), 60), ("Xing", date(2026, 3, 1), 5)), 4
    ):
        sheet.append([name, month, cost])
        sheet.cell(row, 2).number_format = "mmm yyyy"
        sheet.cell(row, 3).number_format = '#,##0.00 "EUR"'
    sheet["D4"] = CellRichText("paid ", TextBlock(InlineFont(b=True), "twice"))
    sheet["D5"] = '=IF(C5>50,"dear & \'odd\'","fine")'
    sheet["D6"] = "=NA()"
    sheet["C5"].comment = Comment("Ask Finance.", "Controller")
    sheet["C5"].font = Font(color="FFFFFF", bold=True)
    sheet["C5"].fill = PatternFill("solid", fgColor="000080")
    sheet["C4"].border = Border(left=Side(style="thick"))
    sheet["A3"].alignment = Alignment(textRotation=45)
    sheet["C6"].protection = Protection(locked=False)
    sheet["F4"] = ArrayFormula("F4:F5", "=C4:C5*2")
    sheet["A5"].hyperlink = "https://jobs.example/monster"
    sheet.column_dimensions["A"].width = 31
    sheet.column_dimensions["F"].hidden = True
    sheet.row_dimensions[3].height = 33
    sheet.row_dimensions.group(5, 6, outline_level=1)
    sheet.freeze_panes = "B4"
    sheet.auto_filter.ref = "A3:D6"
    sheet.auto_filter.add_filter_column(0, ["Indeed", "Monster"])
    check = DataValidation("list", formula1='"paid,open"', allow_blank=True)
    check.add("D4:D6")
    sheet.add_data_validation(check)
    sheet.conditional_formatting.add("C4:C6", CellIsRule("greaterThan", ["70"], fill=PatternFill(bgColor="FF0000")))
    sheet.print_area, sheet.print_title_rows = "A1:D6", "3:3"
    sheet.page_setup.orientation, sheet.oddFooter.center.text = "portrait", "Confidential"
    sheet.protection.sheet = True
    book.defined_names["Budget"] = DefinedName("Budget", attr_text="'Spend ''26'!$C$4:$C$6")
    sheet.defined_names["Local"] = DefinedName("Local", attr_text="'Spend ''26'!$A$1")
    lists = book.create_sheet("Lists")
    for row in (["Team", "Head"], ["TA", 3], ["HR", 4]):
        lists.append(row)
    lists.add_table(Table(displayName="Teams", ref="A1:B3"))
    lists.sheet_state = "hidden"
    book.create_sheet("Audit")["A1"] = "our own audit of last year"
    out = io.BytesIO()
    book.save(out)
    values = {"C4": ("n", "80"), "D5": ("str", "dear &amp; 'odd'"), "D6": ("e", "#N/A"), "F4": ("n", "160")}
    return calculated(out.getvalue(), values)


def calculated(data: bytes, values: Mapping[str, tuple[str, str]]) -> bytes:
    """The workbook with the values that a spreadsheet program leaves behind the formulas of its first sheet."""

    def change(xml: str) -> str:
        for address, (kind, value) in values.items():
            xml = re.sub(
                rf'(<c r="{address}"[^>]*)>(.*?)<v ?/>|<v></v>', rf'\1 t="{kind}">\2<v>{value}</v>', xml, count=1
            )
        return xml

    return rewritten(data, {"xl/worksheets/sheet1.xml": change})


def rewritten(data: bytes, changes: Mapping[str, Any]) -> bytes:
    """A workbook with parts changed by a function of their text, or added as text."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            text = before.read(name).decode()
            after.writestr(name, changes[name](text) if callable(changes.get(name)) else text)
        for name, text in changes.items():
            if isinstance(text, str):
                after.writestr(name, text)
    return out.getvalue()


def parts(data: bytes) -> dict[str, dict[str, Any]]:
    """What each sheet's XML and the workbook's hold beside the cells: sheet → element → its XML in one form."""
    found: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for number, title in enumerate(openpyxl.load_workbook(io.BytesIO(data)).sheetnames, 1):
            xml = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
            items = {item.tag.rpartition("}")[2]: _plain(item) for item in xml}
            found[title] = {name: text for name, text in items.items() if name not in ("sheetData", "dimension")}
    return found


def _plain(item: ElementTree.Element) -> str:
    """Without which sheet is chosen, numbers of parts that it refers to, and A1 where the format has it anyway."""
    text = ElementTree.canonicalize(ElementTree.tostring(item))
    return re.sub(r' (tabSelected="\w+"|(?:\w+:)?id="(?:rId\d+|comments|anysvml)"|(activeCell|sqref)="A1")', "", text)


def looks(sheet: Any, flagged: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """Address → all of a cell: value, format, font, border and so on; of flagged ones not what a mark changes."""
    return {
        cell.coordinate: (
            str(cell.value) if not isinstance(cell.value, ArrayFormula) else cell.value.text,
            cell.data_type,
            cell.number_format,
            *map(repr, (cell.alignment, cell.border, cell.protection)),
            cell.hyperlink.target if cell.hyperlink else None,
            *(() if cell.coordinate in flagged else map(repr, (cell.font, cell.fill, cell.comment))),
        )
        for row in sheet.iter_rows()
        for cell in row
    }


def names(of: Any) -> dict[str, str]:
    """The names of a workbook or a sheet, and the cells that they stand for."""
    return {name: item.attr_text for name, item in of.defined_names.items()}


def test_a_copy_of_a_workbook_keeps_all_of_it_part_by_part(tmp_path: Path) -> None:
    """Cells, formulas, formats, widths, filters, validations, names, merged cells, panes, tables, protection, print."""
    source = rich_book()
    _, book, made = annotated(written(tmp_path, "plan.xlsx", source))
    before = openpyxl.load_workbook(io.BytesIO(source), rich_text=True)
    assert book.sheetnames == ["Audit 2", "Could not judge", *before.sheetnames]
    flagged = {"Spend '26": ["C4", "C5"]}
    assert list(marked(book["Spend '26"])) == ["C4", "C5"]
    old, new = parts(source), parts(made)
    for sheet in before.worksheets:
        own = flagged.get(sheet.title, [])
        assert looks(book[sheet.title], own) == looks(sheet, own)
        assert new[sheet.title] == old[sheet.title]
        assert book[sheet.title].sheet_state == sheet.sheet_state
        assert names(book[sheet.title]) == names(sheet)
        assert book[sheet.title].tables == sheet.tables
    assert names(book) == names(before)
    assert (book.properties.creator, book.properties.created) == ("TA operations", datetime(2026, 1, 5, 9))


def test_the_values_behind_formulas_stay(tmp_path: Path) -> None:
    """openpyxl alone would drop them: a preview would be empty, and an audit of the copy would find no money."""
    source = rich_book()
    _, _, made = annotated(written(tmp_path, "plan.xlsx", source))
    before, after = (openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Spend '26"] for data in (source, made))
    cells = ("C4", "C5", "D5", "D6", "F4")
    assert [after[cell].value for cell in cells] == [80, 60, "dear & 'odd'", "#N/A", 160]
    assert [after[cell].value for cell in cells] == [before[cell].value for cell in cells]


def test_a_number_that_shows_as_a_day_stays_the_number_that_it_was(tmp_path: Path) -> None:
    """A sum under a column of days, and a time with many places: openpyxl would change both."""
    book = openpyxl.Workbook()
    for row in (["Channel", "Day", "Spend"], ["Indeed", 1, 100], ["Xing", 1, 5]):
        book.active.append(row)
    for address, number in (("B2", -7), ("B3", 46000.123456789)):
        book.active[address] = number
        book.active[address].number_format = "yyyy-mm-dd"
    out = io.BytesIO()
    book.save(out)
    _, _, made = annotated(written(tmp_path, "plan.xlsx", out.getvalue()))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        xml = archive.read("xl/worksheets/sheet3.xml").decode()
    assert re.findall(r'<c r="B[23]"[^>]* t="(\w)"><v>([^<]*)', xml) == [("n", "-7"), ("n", "46000.123456789")]


def test_a_comment_that_is_there_already_stays_above_ours(tmp_path: Path) -> None:
    """With its author; white words on dark blue become dark words on the light fill, as bold as they were."""
    _, book, _ = annotated(written(tmp_path, "plan.xlsx", rich_book()))
    cell = book["Spend '26"]["C5"]
    assert cell.comment.text.startswith("Ask Finance.\n\nrm-audit: high, dear\nMonster cost 60.\n")
    assert cell.comment.author == "Controller"
    assert (cell.font.color.rgb, cell.font.b) == ("FF000000", True)


def test_a_mark_in_merged_cells_is_on_the_one_that_shows(tmp_path: Path) -> None:
    """Spend merged over two rows: the comment is on the first cell, which is the only one that can have one."""
    rows = [["Channel", "Spend"], ["Indeed", 100], ["Xing", None]]
    path = written(tmp_path, "plan.xlsx", xlsx({"Spend": rows}, {"Spend": ["B2:B3"]}))
    _, book, _ = annotated(path)
    assert list(marked(book["Spend"])) == ["B2"]
    assert [str(area) for area in book["Spend"].merged_cells.ranges] == ["B2:B3"]


def test_links_to_other_workbooks_stay(tmp_path: Path) -> None:
    """A formula on another workbook, with the place where that lies."""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    packed = "http://schemas.openxmlformats.org/package/2006/relationships"
    one = f'<externalReferences><externalReference xmlns:r="{kinds}" r:id="rId99"/></externalReferences>'
    related = f'<Relationship Id="rId99" Type="{kinds}/externalLink" Target="externalLinks/externalLink1.xml"/>'
    target = f'<Relationship Id="rId1" Type="{kinds}/externalLinkPath" Target="rates.xlsx" TargetMode="External"/>'
    source = rewritten(
        xlsx({"Spend": [["Channel", "Spend"], ["Indeed", 100], ["Xing", "=[1]Rates!A1"]]}),
        {
            "xl/_rels/workbook.xml.rels": lambda xml: xml.replace("</Relationships>", f"{related}</Relationships>"),
            "xl/workbook.xml": lambda xml: xml.replace("</sheets>", f"</sheets>{one}"),
            "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{main}"><externalBook xmlns:r="{kinds}"'
            ' r:id="rId1"><sheetNames><sheetName val="Rates"/></sheetNames></externalBook></externalLink>',
            "xl/externalLinks/_rels/externalLink1.xml.rels": f'<Relationships xmlns="{packed}">{target}'
            "</Relationships>",
        },
    )
    said: list[Problem] = []
    _, book, _ = annotated(written(tmp_path, "plan.xlsx", source), said=said)
    assert book["Spend"]["B3"].value == "=[1]Rates!A1"
    assert [link.file_link.target for link in book._external_links] == ["rates.xlsx"]
    assert said == []


LONG = st.lists(st.tuples(st.sampled_from(["Indeed", "Monster", "Xing"]), st.integers(0, 60)), min_size=1, max_size=60)


@settings(max_examples=30)
@given(LONG)
def test_the_marked_cells_are_those_of_the_findings_and_no_others(rows: list[tuple[str, int]]) -> None:
    """Whatever the rows and their order: each cell with money of a channel that is flagged has a mark, and no other."""
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), "plan.xlsx", xlsx({"Spend": [["Channel", "Spend"], *rows]}))
        _, book, _ = annotated(path)
    dear = {name for name in dict(rows) if sum(cost for other, cost in rows if other == name) > 50}
    odd = {name for name in dict(rows) if sum(cost for other, cost in rows if other == name) == 60}
    own = [f"B{number}" for number, (name, _) in enumerate(rows, 2) if name in dear | odd]
    assert list(marked(book["Spend"])) == own
    assert {cell.coordinate for cell in book["Spend"]["B"] if cell.fill.fill_type == "solid"} == set(own)


def test_comments_are_for_the_first_cells_and_the_colour_for_all(tmp_path: Path) -> None:
    """Ten thousand comments at most, here one: with more, programs take minutes to open the workbook."""
    path = written(tmp_path, "plan.xlsx", xlsx({"Spend": [["Channel", "Spend"], ["Indeed", 100], ["Xing", 90]]}))
    report, book = audit(read(path), RULES, as_of=AS_OF), openpyxl.load_workbook(path)
    assert mark(book, report, marks(report), {("plan.xlsx", "Spend"): "Spend"}, most=1) == 1
    assert list(marked(book["Spend"])) == ["B2"]
    assert [cell.fill.fgColor.rgb for cell in book["Spend"]["B"]] == ["00000000", "00FFC7A8", "00FFC7A8"]


def test_a_file_too_long_for_a_workbook_comes_with_its_head_and_its_flagged_rows(tmp_path: Path) -> None:
    """Half a million cells are added at most, here fifty; each row that is there stands at its own number."""
    path = written(tmp_path, "spend.csv", "Channel,Spend\n" + "Xing,0\n" * 30 + "Indeed,100\n")
    book = openpyxl.Workbook()
    added = add_rows(book, list(read_paths([path])), {("spend.csv", ""): {32}}, most=50)
    rows = book["spend"].iter_rows(values_only=True)
    assert [number for number, row in enumerate(rows, 1) if row[0]] == [*range(1, 21), 32]
    assert added.places == {("spend.csv", ""): "spend"}
    assert [note.text() for note in added.notes] == [
        "spend.csv: info: too long for a workbook: 'spend' has its first 20 rows and the flagged ones\n"
        "  help: Each row stands at its own number. The file itself has them all."
    ]


def test_an_audit_of_the_copy_comes_to_the_same(tmp_path: Path) -> None:
    """Score, money and findings of the copy are those of the original: our sheets are no spend."""
    original = Path(__file__).parent.parent / "examples" / "spend.xlsx"
    first = audit(read(original), as_of=date(2026, 10, 31))
    made = render(first, "xlsx", sources=[original])
    assert isinstance(made, bytes)
    second = audit(read(written(tmp_path, "spend.xlsx", made)), as_of=date(2026, 10, 31))
    for part in ("score", "money", "plays", "findings"):
        assert second.document[part] == first.document[part]


# --- what cannot be kept ----------------------------------------------------------------------------------------

DRAWING = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">{}</xdr:wsDr>'
)
NOT_CARRIED = {
    "xl/vbaProject.bin": "macros",
    "xl/slicers/slicer1.xml": "slicers",
    "xl/timelines/timeline1.xml": "timelines",
    "xl/ctrlProps/ctrlProp1.xml": "form controls",
    "xl/activeX/activeX1.xml": "form controls",
    "xl/threadedComments/threadedComment1.xml": "threads of comments (their text stays, as notes)",
    "xl/connections.xml": "queries and connections to data",
    "xl/embeddings/oleObject1.bin": "embedded objects",
    "xl/charts/chartEx1.xml": "charts of newer kinds (map, funnel, waterfall and the like)",
    "xl/metadata.xml": "formulas that spill, linked data types and pictures in cells",
    "_xmlsignatures/sig1.xml": "the digital signature",
    "docMetadata/LabelInfo.xml": "the sensitivity label",
}


@pytest.mark.parametrize("part", NOT_CARRIED)
def test_what_the_copy_cannot_carry_is_named(tmp_path: Path, part: str) -> None:
    """A part of the workbook that openpyxl leaves out: a warning with its name, on stderr and in the copy."""
    source = rewritten(xlsx({"Spend": [["Channel", "Spend"], ["Indeed", 100]]}), {part: "<x/>"})
    said: list[Problem] = []
    _, book, _ = annotated(written(tmp_path, "plan.xlsx", source), said=said)
    message = f"the annotated copy cannot carry: {NOT_CARRIED[part]}"
    assert [problem.text() for problem in said] == [
        f"plan.xlsx: warning: {message}\n  help: The original keeps them, and is not touched."
    ]
    assert table(book["Could not judge"], "About this workbook")[1][0] == message


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<xdr:twoCellAnchor><xdr:pic/></xdr:twoCellAnchor>", "1 picture"),
        ("<xdr:oneCellAnchor><xdr:sp/></xdr:oneCellAnchor>", "shapes and text boxes"),
        ("<a><xdr:pic/></a><a><xdr:pic/></a><a><xdr:cxnSp/></a>", "2 pictures; shapes and text boxes"),
    ],
)
def test_pictures_and_shapes_are_named(tmp_path: Path, inside: str, words: str) -> None:
    """They stand in drawings."""
    plain = xlsx({"Spend": [["Channel", "Spend"], ["Indeed", 100]]})
    source = rewritten(plain, {"xl/drawings/drawing1.xml": DRAWING.format(inside.replace("/>", " a='b'/>"))})
    said: list[Problem] = []
    annotated(written(tmp_path, "plan.xlsx", source), said=said)
    assert [problem.message for problem in said] == [f"the annotated copy cannot carry: {words}"]


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<x14:sparklineGroup/>", "sparklines"),
        ("<x14:dataValidations/>", "validations that refer to other sheets in the newer way"),
        ("<x14:conditionalFormatting/>", "conditional formats that only newer versions know"),
    ],
)
def test_what_newer_versions_put_at_the_end_of_a_sheet_is_named(tmp_path: Path, inside: str, words: str) -> None:
    """Sparklines and the like stand in a list of extensions, which openpyxl leaves out."""
    space = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
    inside = inside.replace("/>", f' xmlns:x14="{space}"/>')
    change = {
        "xl/worksheets/sheet1.xml": lambda xml: xml.replace(
            "</worksheet>",
            f'<extLst><ext uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}">{inside}</ext></extLst></worksheet>',
        )
    }
    source = rewritten(xlsx({"Spend": [["Channel", "Spend"], ["Indeed", 100]]}), change)
    said: list[Problem] = []
    annotated(written(tmp_path, "plan.xlsx", source), said=said)
    assert [problem.message for problem in said] == [f"the annotated copy cannot carry: {words}"]


def test_a_chart_is_made_anew_and_said(tmp_path: Path) -> None:
    """openpyxl draws charts again from what it understands of them."""
    book = openpyxl.Workbook()
    for row in (["Channel", "Spend"], ["Indeed", 100], ["Xing", 5]):
        book.active.append(row)
    chart = BarChart()
    chart.add_data(Reference(book.active, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    book.active.add_chart(chart, "E2")
    out = io.BytesIO()
    book.save(out)
    said: list[Problem] = []
    _, copy, _ = annotated(written(tmp_path, "plan.xlsx", out.getvalue()), said=said)
    assert [problem.message for problem in said] == [
        "the annotated copy has these made anew, so they may look different: 1 chart"
    ]
    assert len(copy["Sheet"]._charts) == 1


def test_a_workbook_that_openpyxl_does_not_open_comes_with_its_values(tmp_path: Path) -> None:
    """Its styles are damaged in a way that spreadsheet programs overlook."""
    plain = xlsx({"Spend": [["Channel", "Spend"], ["Indeed", 100]]})
    odd = '<patternFill patternType="odd"'
    broken = rewritten(
        plain, {"xl/styles.xml": lambda xml: re.sub('<patternFill(?: patternType="none")?', odd, xml, count=1)}
    )
    said: list[Problem] = []
    _, book, _ = annotated(written(tmp_path, "plan.xlsx", broken), said=said)
    assert [problem.code for problem in said] == ["not-copied"]
    assert said[0].message.startswith("this workbook cannot be copied with its formulas and formats (")
    assert book.sheetnames == ["Audit", "Could not judge", "plan Spend"]
    assert list(marked(book["plan Spend"])) == ["B2"]


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
        command = [sys.executable, "-m", "rm_audit.cli.main", *words]
        subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    made = [(tmp_path / name).read_bytes() for name in ("1.xlsx", "2.xlsx")]
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert re.findall(r"modified [^>]*>([^<]*)<", archive.read("docProps/core.xml").decode()) == [
            "2026-06-30T12:00:00Z"
        ]
