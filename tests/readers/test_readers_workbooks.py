"""Workbooks: values at their addresses, and what goes wrong with them."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import msoffcrypto.format.ooxml
import openpyxl
import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet, OpenDocumentText
from odf.table import Table, TableCell, TableRow
from odf.text import P
from reading import RECALCULATE, failure, read, sheets, texts, with_sheet_xml, workbook

from rm_audit.readers import read_paths

BROKEN = (
    "error: this workbook is cut off or damaged\n"
    "  help: Download or copy it again; where it still opens in Excel, save it under a new name."
)
PROTECTED = (
    "error: this workbook is protected with a password\n"
    "  help: Open it, remove the password (in Excel: File > Info > Protect Workbook), save it and run again."
)


def xls(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Kosten")
    sheet.write(2, 1, "Indeed")
    sheet.write(2, 2, 12.5)
    sheet.write(2, 3, date(2024, 5, 1), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    book.add_sheet("Empty")
    book.save(str(path))
    return path


def ods(path: Path) -> Path:
    book = OpenDocumentSpreadsheet()
    table = Table(name="Tabelle1")
    book.spreadsheet.addElement(table)
    table.addElement(TableRow(numberrowsrepeated=2))
    row = TableRow()
    table.addElement(row)
    row.addElement(TableCell())
    name = TableCell(valuetype="string")
    name.addElement(P(text="Xing"))
    row.addElement(name)
    row.addElement(TableCell(valuetype="float", value="7.5"))
    row.addElement(TableCell(valuetype="date", datevalue="2024-05-01"))
    book.save(str(path))
    return path


def test_every_value_stands_where_the_sheet_shows_it(tmp_path: Path) -> None:
    cells: dict[str, object] = {
        "B3": " Indeed ", "C3": 3, "D3": 12.5, "E3": True, "F3": date(2024, 5, 1),
        "C4": datetime(2024, 5, 1, 8, 30), "D4": time(8, 30), "E4": timedelta(hours=30),
    }  # fmt: skip

    result = read(workbook(tmp_path / "plan.xlsx", cells))

    assert (result.kind, texts(result)) == ("xlsx", [])
    assert sheets(result) == [
        (
            "Spend",
            [
                [None] * 6,
                [None] * 6,
                [None, " Indeed ", 3, 12.5, True, date(2024, 5, 1)],
                [None, None, datetime(2024, 5, 1, 8, 30), time(8, 30), timedelta(hours=30), None],
            ],
        )
    ]


def test_hidden_and_empty_sheets_are_read_and_charts_are_not(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a"])
    hidden = book.create_sheet("Hidden")
    hidden.append(["b"])
    hidden.sheet_state = "veryHidden"
    book.create_chartsheet("Chart")
    book.create_sheet("Empty")
    book.save(tmp_path / "plan.xlsm")

    assert sheets(read(tmp_path / "plan.xlsm")) == [("Sheet", [["a"]]), ("Hidden", [["b"]]), ("Empty", [])]


def test_an_xls_workbook(tmp_path: Path) -> None:
    result = read(xls(tmp_path / "kosten.xls"))

    assert (result.kind, texts(result)) == ("xls", [])
    table = [[None] * 4, [None] * 4, [None, "Indeed", 12.5, date(2024, 5, 1)]]
    assert sheets(result) == [("Kosten", table), ("Empty", [])]


def test_an_ods_workbook(tmp_path: Path) -> None:
    result = read(ods(tmp_path / "kosten.ods"))

    assert (result.kind, texts(result)) == ("ods", [])
    assert sheets(result) == [("Tabelle1", [[None] * 4, [None] * 4, [None, "Xing", 7.5, date(2024, 5, 1)]])]


def test_the_bytes_tell_the_format_and_not_the_name(tmp_path: Path) -> None:
    workbook(tmp_path / "plan.xlsx", {"A1": "x"}).rename(tmp_path / "plan.csv")

    result = read(tmp_path / "plan.csv")

    assert (result.kind, sheets(result)) == ("xlsx", [("Spend", [["x"]])])


def test_formulas_that_were_never_calculated(tmp_path: Path) -> None:
    cells = {"A1": "Cost", **{f"A{row}": "=B1*2" for row in range(2, 9)}}

    result = read(workbook(tmp_path / "plan.xlsx", cells))

    assert sheets(result) == [("Spend", [["Cost"], *[["#NOT CALCULATED!"]] * 7])]
    assert texts(result) == [
        "plan.xlsx:Spend!A2: error: formulas that were never calculated, so their values are missing: "
        f"A2, A3, A4, A5, A6 and 2 more\n{RECALCULATE}"
    ]


def test_formulas_with_a_value_are_nothing_to_speak_of(tmp_path: Path) -> None:
    cells = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>""</f><v></v></c>'
        '<c r="C1"><f t="shared" si="0"/><v>0</v></c><c r="D1" s="0"/></row>'
    )

    result = read(with_sheet_xml(tmp_path / "plan.xlsx", cells))

    assert (sheets(result), texts(result)) == ([("Spend", [[2, None, 0]])], [])


def test_zeros_that_a_program_may_have_written_for_formulas(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1"><f>B1*2</f><v>0</v></c><c r="B1"><v>0</v></c></row>'

    result = read(with_sheet_xml(tmp_path / "plan.xlsx", cells, '<calcPr calcId="124519" fullCalcOnLoad="1"/>'))

    assert sheets(result) == [("Spend", [[0, 0]])]
    assert texts(result) == [
        "plan.xlsx:Spend!A1: warning: formulas that may never have been calculated and are stored as 0: A1\n"
        f"{RECALCULATE}"
    ]


def test_cells_that_show_an_error(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1"><v>5</v></c><c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    cells += '<row r="2"><c r="B2" t="e"><v>#N/A</v></c></row>'

    result = read(with_sheet_xml(tmp_path / "plan.xlsx", cells))

    assert sheets(result) == [("Spend", [[5, "#DIV/0!"], [None, "#N/A"]])]
    assert texts(result) == [
        "plan.xlsx:Spend!B1: warning: cells that show an error such as #N/A in place of a value: B1, B2\n"
        "  help: Correct the formulas in these cells, or type in the values."
    ]


def test_a_long_sheet_is_searched_to_its_end(tmp_path: Path) -> None:
    filler = "".join(f'<row r="{row}"><c r="A{row}"><v>1.2345678901234</v></c></row>' for row in range(1, 100_000))
    last = '<row r="100000"><c r="A100000"><f>SUM(A1:A99999)</f></c></row>'

    assert texts(read(with_sheet_xml(tmp_path / "plan.xlsx", filler + last))) == [
        "plan.xlsx:Spend!A100000: error: formulas that were never calculated, so their values are missing: A100000\n"
        f"{RECALCULATE}"
    ]


def test_a_workbook_without_values_is_an_empty_file(tmp_path: Path) -> None:
    result = read(workbook(tmp_path / "plan.xlsx", {}))

    assert (result.kind, result.sheets) == ("xlsx", [])
    assert texts(result) == ["plan.xlsx: error: this file is empty\n  help: Export it again, or leave it out."]


def test_a_password_on_an_xlsx(tmp_path: Path) -> None:
    plain = io.BytesIO(workbook(tmp_path / "plain.xlsx", {"A1": 1}).read_bytes())
    locked = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("secret", locked)

    assert failure(tmp_path / "plan.xlsx", locked.getvalue()) == ("xlsx", [f"plan.xlsx: {PROTECTED}"])


def test_a_password_on_an_xls(tmp_path: Path) -> None:
    plain = xls(tmp_path / "plain.xls").read_bytes()
    file_pass, interface_header = b"\x2f\x00\x02\x00", b"\xe1\x00\x02\x00"

    locked = plain.replace(interface_header, file_pass, 1)

    assert failure(tmp_path / "kosten.xls", locked) == ("xls", [f"kosten.xls: {PROTECTED}"])


def test_a_password_on_an_ods(tmp_path: Path) -> None:
    with zipfile.ZipFile(ods(tmp_path / "kosten.ods"), "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")

    assert failure(tmp_path / "kosten.ods", (tmp_path / "kosten.ods").read_bytes()) == (
        "ods",
        [f"kosten.ods: {PROTECTED}"],
    )


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_workbooks_that_were_cut_off(tmp_path: Path, part: float, capfd: pytest.CaptureFixture[str]) -> None:
    for make, name, kind in ((workbook, "a.xlsx", ""), (xls, "a.xls", "xls"), (ods, "a.ods", "")):
        path = make(tmp_path / name, {"A1": 1}) if make is workbook else make(tmp_path / name)
        data = path.read_bytes()
        assert failure(path, data[: int(len(data) * part)]) == (kind, [f"{name}: {BROKEN}"])
    assert capfd.readouterr() == ("", "")


def test_damage_inside_a_workbook(tmp_path: Path) -> None:
    path = with_sheet_xml(tmp_path / "plan.xlsx", '<row r="1"><c r="A1"><v>1</c></row>')

    assert failure(path, path.read_bytes()) == ("xlsx", [f"plan.xlsx: {BROKEN}"])


def test_damage_inside_an_ods(tmp_path: Path) -> None:
    whole = zipfile.ZipFile(io.BytesIO(ods(tmp_path / "kosten.ods").read_bytes()))
    with zipfile.ZipFile(tmp_path / "kosten.ods", "w") as archive:
        for name in whole.namelist():
            archive.writestr(name, whole.read(name).replace(b"</table:table>", b"</t/ble:table>"))

    assert failure(tmp_path / "kosten.ods", (tmp_path / "kosten.ods").read_bytes()) == (
        "ods",
        [f"kosten.ods: {BROKEN}"],
    )


def test_archives_and_office_files_that_are_no_workbooks(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "exports.zip", "w") as archive:
        archive.writestr("spend.csv", "a,b")
    with zipfile.ZipFile(tmp_path / "spend.xlsb", "w") as archive:
        archive.writestr("xl/workbook.bin", b"")
    OpenDocumentText().save(str(tmp_path / "letter.ods"))
    (tmp_path / "letter.xls").write_bytes(
        xls(tmp_path / "a.xls").read_bytes().replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le"))
    )

    reads = list(read_paths([tmp_path / name for name in ("exports.zip", "spend.xlsb", "letter.ods", "letter.xls")]))

    unpack = "  help: Unpack it and give the files inside, or export the report again as .xlsx or .csv."
    assert [text for result in reads for text in texts(result)] == [
        f"exports.zip: error: an archive without a workbook in it\n{unpack}",
        "spend.xlsb: error: a binary workbook (.xlsb), which is not read\n"
        "  help: Open it in Excel and save it as .xlsx.",
        f"letter.ods: error: an archive without a workbook in it\n{unpack}",
        "letter.xls: error: an Office file, but not a workbook\n  help: Export the report again as .xlsx or .csv.",
    ]
