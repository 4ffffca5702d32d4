"""Workbooks that a reader could choke on: values far outside, cells repeated for ever, pictures in place of a table."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import making
import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.draw import Frame
from odf.table import TableCell
from openpyxl.chart import BarChart
from openpyxl.styles import Font
from reading import failure, ods_book, ods_cell, ods_row, read, sheets, texts, with_sheet_xml, workbook

from rm_audit.cells import letters
from rm_audit.readers import far
from rm_audit.readers.marks import column_index

DELETE = "  help: Delete what stands there by mistake, save the workbook and run again."
PICTURES = (
    "error: the sheets of this workbook hold pictures or charts and no values\n"
    "  help: Export the table itself as .xlsx or .csv, not a picture of it."
)


def test_a_value_in_the_last_cell_of_a_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Spend"
    book.active.append(["Channel", "Spend"])
    book.active["XFD1048576"] = "x"
    book.create_sheet("Hires").append(["Source"])
    book.save(tmp_path / "plan.xlsx")

    result = read(tmp_path / "plan.xlsx")

    assert sheets(result) == [("Hires", [["Source"]])]
    assert texts(result) == [
        "plan.xlsx:Spend!XFD1048576: error: a value so far outside that this sheet is too large to read: XFD1048576\n"
        f"{DELETE}"
    ]


def test_a_value_far_below_and_one_far_to_the_right(tmp_path: Path) -> None:
    path = workbook(tmp_path / "plan.xlsx", {"A1": "Channel", "A1048576": 1, "ALL3": 2})

    assert failure(path, path.read_bytes()) == (
        "xlsx",
        [
            "plan.xlsx:Spend!A1048576: error: a value so far outside that this sheet is too large to read: "
            f"A1048576, ALL3\n{DELETE}"
        ],
    )


@pytest.mark.parametrize("claimed", ['<dimension ref="A1"/>', ""])
def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Path, claimed: str) -> None:
    path = with_sheet_xml(tmp_path / "plan.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>')
    far_row = '<row r="900000"><c r="XX900000"><v>1</v></c></row></sheetData>'
    whole = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w") as archive:
        for name in whole.namelist():
            text = whole.read(name).decode()
            archive.writestr(name, text.replace("</sheetData>", far_row).replace('<dimension ref="A1:A1"/>', claimed))

    assert [problem.cell for problem in read(path).problems] == ["XX900000"]


def test_a_cell_far_away_that_is_only_coloured_is_no_value(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Channel", "Spend"])
    book.active["XFD1048576"].font = Font(bold=True)
    book.save(tmp_path / "plan.xlsx")

    assert (sheets(read(tmp_path / "plan.xlsx")), texts(read(tmp_path / "plan.xlsx"))) == (
        [("Sheet", [["Channel", "Spend"]])],
        [],
    )


def test_a_large_sheet_that_is_full_is_no_mistake() -> None:
    assert far.too_large("Spend", (1_048_575, 0), (0, 30), filled=1_048_576 * 25) is None
    assert far.too_large("Spend", (1_048_575, 0), (0, 30), filled=1_048_576) is not None


@settings(max_examples=200, deadline=None)
@given(width=st.integers(1, 16_383), column=st.integers(1, 16_384), row=st.integers(1, 9_999_999))
def test_the_search_for_wider_sheets_finds_them_and_no_others(width: int, column: int, row: int) -> None:
    cell = f'<c r="{letters(column)}{row}">'.encode()

    assert (far.right_of(width).search(cell) is not None) == (column > width)
    assert column_index(letters(column)) == column - 1


def test_an_ods_value_that_is_repeated_over_the_whole_sheet(tmp_path: Path) -> None:
    value = {"valuetype": "float", "value": 1}
    path = ods_book(
        tmp_path / "plan.ods", ods_row(ods_cell("1", numbercolumnsrepeated=16384, **value), numberrowsrepeated=1048576)
    )

    assert failure(path, path.read_bytes()) == (
        "ods",
        [
            "plan.ods:Spend!XFD1048576: error: a value so far outside that this sheet is too large to read: "
            f"XFD1048576\n{DELETE}"
        ],
    )


def test_a_workbook_of_charts_without_values(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.add_chart(BarChart(), "B2")
    book.save(tmp_path / "plan.xlsx")

    assert failure(tmp_path / "plan.xlsx", (tmp_path / "plan.xlsx").read_bytes()) == (
        "xlsx",
        [f"plan.xlsx: {PICTURES}"],
    )


def test_an_ods_workbook_of_pictures_without_values(tmp_path: Path) -> None:
    cell = TableCell()
    cell.addElement(Frame(width="5cm", height="5cm"))
    path = ods_book(tmp_path / "plan.ods", ods_row(cell))

    assert failure(path, path.read_bytes()) == ("ods", [f"plan.ods: {PICTURES}"])


def test_an_xls_workbook_of_pictures_without_values(tmp_path: Path) -> None:
    one_dot = struct.pack("<2sIHHI", b"BM", 58, 0, 0, 54) + struct.pack(
        "<IiiHHIIiiII", 40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0
    )
    book = xlwt.Workbook()
    book.add_sheet("Spend").insert_bitmap_data(one_dot + bytes(4), 0, 0)
    book.save(str(tmp_path / "plan.xls"))

    assert failure(tmp_path / "plan.xls", (tmp_path / "plan.xls").read_bytes()) == ("xls", [f"plan.xls: {PICTURES}"])


def test_a_picture_beside_a_table_is_nothing_to_speak_of(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Channel"])
    book.create_sheet("Chart").add_chart(BarChart(), "B2")
    book.save(tmp_path / "plan.xlsx")

    assert (sheets(read(tmp_path / "plan.xlsx")), texts(read(tmp_path / "plan.xlsx"))) == (
        [("Sheet", [["Channel"]]), ("Chart", [])],
        [],
    )


KINDS = {
    "a.xlsx": making.xlsx(),
    "a.xls": making.xls(),
    "a.ods": making.ods(),
    "a.csv.gz": gzip.compress(b"a,b\n" * 99),
}


@settings(max_examples=150, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(KINDS)))
def test_no_damage_is_more_than_a_problem(data: st.DataObject, name: str) -> None:
    damaged = bytearray(KINDS[name])
    for at in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=9)):
        damaged[at] = data.draw(st.integers(0, 255))
    with TemporaryDirectory() as folder:
        Path(folder, name).write_bytes(damaged)
        result = read(Path(folder, name))

    assert result.sheets or result.problems
