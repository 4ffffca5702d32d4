"""What a workbook knows beyond the values of its cells: errors, formulas, merges, hidden rows, sums, totals."""

from __future__ import annotations

import struct
from pathlib import Path

import openpyxl
import pytest
import xlwt
from odf.table import CoveredTableCell, TableColumn
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table
from reading import (
    RECALCULATE,
    ods_book,
    ods_cell,
    ods_row,
    only_sheet,
    read,
    sheets,
    texts,
    with_sheet_xml,
    workbook,
)

from rm_audit.readers import Area, is_error

CORRECT = "  help: Correct the formulas in these cells, or type in the values."


def test_every_error_of_excel_stands_in_its_cell(tmp_path: Path) -> None:
    shown = ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!"]
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="e"><v>{text}</v></c></row>' for row, text in enumerate(shown, 1))

    result = read(with_sheet_xml(tmp_path / "plan.xlsx", cells))

    assert sheets(result) == [("Spend", [[text] for text in shown])]
    assert all(is_error(text) for text in shown)
    assert texts(result) == [
        "plan.xlsx:Spend!A1: warning: cells that show an error such as #N/A in place of a value: "
        f"A1, A2, A3, A4, A5 and 5 more\n{CORRECT}"
    ]


CELLS = (
    # two ways to write one sheet: A1 12, B1 #N/A, C1 a formula without a value, row 2 hidden with 5 in A2
    '<row r="1"><c r="A1"><v>12</v></c><c r="B1" t="e"><v>#N/A</v></c><c r="C1"><f>A1*2</f></c></row>'
    '<row r="2" hidden="1"><c r="A2"><v>5</v></c></row>',
    '<row r="1"><c r="A1"><v>12</v></c><c t="e" s="0" r="B1"><f ca="1">A9</f><v>#N/A</v></c>'
    '<c s="0" r="C1"><f>A1*2</f><v/></c></row><row hidden="true" r="2"><c r="A2" ><v>5</v></c></row>',
    '<row><c><v>12</v></c><c t="e"><v>#N/A</v></c><c><f>A1*2</f></c></row><row hidden="1"><c><v>5</v></c></row>',
)


@pytest.mark.parametrize("cells", CELLS)
@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("tag", ["", "x"])
def test_it_does_not_matter_how_a_program_writes_its_xml(tmp_path: Path, cells: str, quote: str, tag: str) -> None:
    result = read(with_sheet_xml(tmp_path / "plan.xlsx", cells.replace('"', quote), tag=tag))

    assert sheets(result) == [("Spend", [[12, "#N/A", "#NOT CALCULATED!"], [5, None]])]
    assert only_sheet(result).hidden_rows == {1}
    assert [problem.cell for problem in result.problems] == ["C1", "B1"]


def test_a_text_that_looks_like_xml_is_a_text(tmp_path: Path) -> None:
    text = '# <c r="A1" t=\'e\'> t="e" hidden="1" <f>1+1</f> _x0041_'

    result = read(workbook(tmp_path / "plan.xlsx", {"A1": text, "A2": 1}))

    assert (texts(result), only_sheet(result).hidden_rows) == ([], frozenset())


def test_a_nul_written_as_an_escape_is_left_out(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>Ind_x0000_eed</t></is></c></row>'

    assert sheets(read(with_sheet_xml(tmp_path / "plan.xlsx", cells))) == [("Spend", [["Indeed"]])]


def test_merged_cells_and_what_is_hidden(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Channel", "Note", "Spend"], ["Indeed", "x", 10], [None, "y", 20], ["Total", None, 30]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.active.row_dimensions[3].hidden = True
    book.active.row_dimensions[90].hidden = True
    book.active.column_dimensions["B"].hidden = True
    book.save(tmp_path / "plan.xlsx")

    sheet = only_sheet(read(tmp_path / "plan.xlsx"))

    assert (sheet.merged, sheet.hidden_rows, sheet.hidden_columns) == ((Area(1, 0, 2, 0),), {2}, {1})


@pytest.mark.parametrize(
    ("formula", "first_and_last"),
    [
        # a formula in D9 → the rows of column D that it adds up, as the sheet counts them
        ("SUM(D2:D8)", (2, 8)),
        ("SUM($D$2:$D$8)", (2, 8)),
        ("SUM( D2 : D4 , D6:D8 )", (2, 8)),
        ("SUBTOTAL(9,D2:D8)", (2, 8)),
        ("SUBTOTAL(109,D2:D8)", (2, 8)),
        ("_xlfn.AGGREGATE(9,6,D2:D8)", (2, 8)),
        ("D5+D8", (5, 8)),
        ("+D5+D8", (5, 8)),
        ("SUM(D2:D4)+SUM(D6:D8)", (2, 8)),
        ("SUM(D10:D12)", (10, 12)),
        ("SUM(B9:C9)", None),
        ("SUM(C2:D8)", None),
        ("SUM(Other!D2:D8)", None),
        ("SUM(D2:D9)", None),
        ("SUBTOTAL(1,D2:D8)", None),
        ("SUM(D2:D8)*2", None),
        ("SUM(D2:D8)+1", None),
        ("D5", None),
        ("D5-D8", None),
        ('IF(D5>0,SUM(D2:D8),"")', None),
    ],
)
def test_formulas_that_add_up_their_own_column(
    tmp_path: Path, formula: str, first_and_last: tuple[int, int] | None
) -> None:
    text = formula.replace(">", "&gt;").replace('"', "&quot;")
    cells = f'<row r="9"><c r="D9"><f>{text}</f><v>30</v></c></row>'

    sheet = only_sheet(read(with_sheet_xml(tmp_path / "plan.xlsx", cells)))

    rows = (first_and_last[0] - 1, first_and_last[1] - 1) if first_and_last else None
    assert sheet.sums == ({(8, 3): rows} if rows else {})


def test_a_sum_that_is_shared_by_the_cells_beside_it(tmp_path: Path) -> None:
    cells = (
        '<row r="3"><c r="B3"><f t="shared" ref="B3:D3" si="0">SUM(B1:B2)</f><v>3</v></c>'
        '<c r="C3"><f t="shared" si="0"/><v>3</v></c><c r="D3"><f t="shared" si="0"></f><v>3</v></c></row>'
        '<row r="6"><c r="B6"><f t="shared" ref="B6:C6" si="1">SUM($B$4:$B$5)</f><v>3</v></c>'
        '<c r="C6"><f t="shared" si="1"/><v>3</v></c><c r="D6"><f t="shared" si="7"/><v>3</v></c></row>'
    )

    result = read(with_sheet_xml(tmp_path / "plan.xlsx", cells))

    assert texts(result) == []
    assert only_sheet(result).sums == {(2, 1): (0, 1), (2, 2): (0, 1), (2, 3): (0, 1), (5, 1): (3, 4)}


def test_an_array_formula_without_a_value(tmp_path: Path) -> None:
    cells: dict[str, object] = {"A1": 1, "A2": ArrayFormula("A2:A3", "=SUM(A1:A1)")}

    assert sheets(read(workbook(tmp_path / "plan.xlsx", cells))) == [("Spend", [[1], ["#NOT CALCULATED!"]])]


def test_the_total_row_of_a_table(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Channel", "Spend"], ["Indeed", 10], ["Xing", 20], ["All", 30]):
        book.active.append(row)
    book.active.add_table(Table(displayName="Costs", ref="A1:B4", totalsRowCount=1))
    book.create_sheet("Plain").append(["Channel"])
    book.save(tmp_path / "plan.xlsx")

    assert [sheet.total_rows for sheet in read(tmp_path / "plan.xlsx").sheets] == [{3}, frozenset()]


def xls(path: Path, *, calculated: bool = True) -> Path:
    """A workbook of old; xlwt stores no results, so those of its formulas are written over where it was calculated."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Kosten")
    for row, channel in enumerate(["Indeed", "Xing", "Monster"]):
        sheet.write(row, 0, channel)
        sheet.write(row, 1, xlwt.Formula("7*1"))
    sheet.write_merge(3, 4, 0, 0, "StepStone")
    sheet.row(1).hidden = True
    sheet.col(1).hidden = True
    book.add_sheet("Second").write(0, 0, 5)
    book.save(str(path))
    if calculated:
        empty = struct.pack("<Q", 0xFFFF000000000003)
        data = path.read_bytes().replace(empty, struct.pack("<d", 7.0), 1)
        data = data.replace(empty, b"\x02\x00\x07\x00\x00\x00\xff\xff", 1)
        path.write_bytes(data)
    return path


def test_an_xls_workbook_with_an_error_and_an_empty_text(tmp_path: Path) -> None:
    result = read(xls(tmp_path / "kosten.xls"))

    rows = [["Indeed", 7], ["Xing", "#DIV/0!"], ["Monster", None], ["StepStone", None]]
    assert sheets(result) == [("Kosten", rows), ("Second", [[5]])]
    sheet = result.sheets[0]
    assert (sheet.merged, sheet.hidden_rows, sheet.hidden_columns) == ((Area(3, 0, 4, 0),), {1}, {1})
    assert texts(result) == [
        f"kosten.xls:Kosten!B2: warning: cells that show an error such as #N/A in place of a value: B2\n{CORRECT}"
    ]


def test_an_xls_workbook_that_a_program_wrote_without_calculating(tmp_path: Path) -> None:
    result = read(xls(tmp_path / "kosten.xls", calculated=False))

    assert [row[1] for row in result.sheets[0].rows] == ["#NOT CALCULATED!"] * 3 + [None]
    assert texts(result) == [
        "kosten.xls:Kosten!B1: error: formulas that were never calculated, so their values are missing: B1, B2, B3\n"
        f"{RECALCULATE}"
    ]


def test_an_xls_workbook_with_a_typed_error(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("Kosten").row(0).set_cell_error(1, 0x2A)
    book.save(str(tmp_path / "kosten.xls"))

    assert sheets(read(tmp_path / "kosten.xls")) == [("Kosten", [[None, "#N/A"]])]


def test_an_ods_workbook_with_errors_and_formulas(tmp_path: Path) -> None:
    number = {"valuetype": "float", "value": 3}
    error = {"valuetype": "string", "stringvalue": "", "calcext": "error"}
    path = ods_book(
        tmp_path / "kosten.ods",
        ods_row(ods_cell("Indeed", valuetype="string"), ods_cell("3", **number)),
        ods_row(ods_cell("Xing", valuetype="string"), ods_cell("#N/A", formula="of:=NA()", **error)),
        ods_row(ods_cell("Monster", valuetype="string"), ods_cell("Err:502", formula="of:=X()", **error)),
        ods_row(ods_cell("Jobs", valuetype="string"), ods_cell("#NV", formula="of:=NA()", **error)),
        ods_row(ods_cell("Meta", valuetype="string"), ods_cell(formula="of:=1+1")),
        ods_row(ods_cell(), ods_cell("3", formula="of:=SUM([.B1:.B5])", **number)),
        ods_row(ods_cell(), ods_cell("3", formula="of:=SUBTOTAL(9;[.B1:.B5])", **number)),
        ods_row(ods_cell(), ods_cell("x", formula='of:="x"', valuetype="string")),
    )

    result = read(path)

    assert [row[1] for row in only_sheet(result).rows] == [
        3, "#N/A", "Err:502", "#ERROR!", "#NOT CALCULATED!", 3, 3, "x",
    ]  # fmt: skip
    assert only_sheet(result).sums == {(5, 1): (0, 4), (6, 1): (0, 4)}
    assert texts(result) == [
        "kosten.ods:Spend!B5: error: formulas that were never calculated, so their values are missing: B5\n"
        f"{RECALCULATE}",
        "kosten.ods:Spend!B2: warning: cells that show an error such as #N/A in place of a value: B2, B3, B4\n"
        f"{CORRECT}",
    ]


def test_an_ods_workbook_with_spans_and_what_is_hidden(tmp_path: Path) -> None:
    text = {"valuetype": "string"}
    path = ods_book(
        tmp_path / "kosten.ods",
        TableColumn(),
        TableColumn(numbercolumnsrepeated=2, visibility="collapse"),
        TableColumn(numbercolumnsrepeated=1021),
        ods_row(ods_cell("Indeed", numberrowsspanned=2, numbercolumnsspanned=1, **text), ods_cell("a", **text)),
        ods_row(CoveredTableCell(), ods_cell("b", **text), visibility="filter"),
        ods_row(ods_cell("x", numbercolumnsrepeated=3, **text), numberrowsrepeated=2, visibility="collapse"),
        ods_row(ods_cell("y", **text), ods_cell(numbercolumnsrepeated=1023)),
        ods_row(ods_cell(numbercolumnsrepeated=1024), numberrowsrepeated=1048571, visibility="collapse"),
    )

    sheet = only_sheet(read(path))

    assert [row[0] for row in sheet.rows] == ["Indeed", None, "x", "x", "y"]
    assert (sheet.merged, sheet.hidden_rows, sheet.hidden_columns) == ((Area(0, 0, 1, 0),), {1, 2, 3}, {1, 2})


def test_number_formats_with_a_currency_are_told(tmp_path: Path) -> None:
    """Excel keeps the sign of most amounts in the format of the cell, and not in the cell."""
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"], book.active["A3"] = 5, 6, 7
    book.active["A1"].number_format = "#,##0.00 [$€-407]"
    book.active["A2"].number_format = "0.00"
    book.save(tmp_path / "plan.xlsx")
    file = read(tmp_path / "plan.xlsx")
    assert file.sheets[0].formats == ("#,##0.00 [$€-407]",)
