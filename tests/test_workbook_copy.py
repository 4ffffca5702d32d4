"""The annotated workbook: that it changes nothing of the user's own, and names what it cannot carry."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from annotating import (
    AS_OF,
    RULES,
    annotated,
    marked,
    rewritten,
    rich_book,
    table,
    written,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from making import xlsx
from openpyxl.chart import BarChart, Reference
from openpyxl.worksheet.formula import ArrayFormula

from rm_audit.errors import Problem
from rm_audit.readers import read_paths
from rm_audit.rendering.workbook.marks import mark, marks
from rm_audit.rendering.workbook.rows import add_rows
from rm_audit.verbs import audit, read, render

# --- what is kept -----------------------------------------------------------------------------------------------


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
