"""Real files written and read back, in words that all tests of the readers share."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
from odf.namespaces import nsdict
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from rm_audit.readers import FileRead, Sheet, Value, read_paths

CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
nsdict[CALCEXT] = "calcext"  # the prefix that LibreOffice writes
RECALCULATE = "  help: Open and save the workbook in Excel or LibreOffice, then run again."


def read(path: Path) -> FileRead:
    (result,) = read_paths([path])
    return result


def written(path: Path, data: bytes) -> FileRead:
    path.write_bytes(data)
    return read(path)


def only_sheet(result: FileRead) -> Sheet:
    (sheet,) = result.sheets
    return sheet


def sheets(result: FileRead) -> list[tuple[str, list[list[Value]]]]:
    return [(sheet.name, sheet.rows) for sheet in result.sheets]


def texts(result: FileRead) -> list[str]:
    return [problem.text() for problem in result.problems]


def failure(path: Path, data: bytes) -> tuple[str, list[str]]:
    result = written(path, data)
    assert result.sheets == []
    return result.kind, texts(result)


def workbook(path: Path, cells: dict[str, object]) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Spend"
    for address, value in cells.items():
        book.active[address] = value
    book.save(path)
    return path


def with_sheet_xml(path: Path, sheet_data: str, workbook_end: str = "", after: str = "", tag: str = "") -> Path:
    """The workbook at `path` with its sheet's cells as another program would have written them.

    `after` follows the cells; `tag` is a prefix that the program gave to every tag of the sheet.
    """
    whole = zipfile.ZipFile(io.BytesIO(workbook(path, {"A1": 1}).read_bytes()))
    with zipfile.ZipFile(path, "w") as archive:
        for name in whole.namelist():
            text = whole.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                text = text[: text.index("<sheetData>")] + f"<sheetData>{sheet_data}</sheetData>{after}</worksheet>"
                text = _prefixed(text, tag) if tag else text
            if name == "xl/workbook.xml":
                text = text[: text.index("<calcPr")] + workbook_end + "</workbook>"
            archive.writestr(name, text)
    return path


def _prefixed(xml: str, tag: str) -> str:
    text = xml.replace("</", "\0").replace("<", f"<{tag}:").replace("\0", f"</{tag}:")
    return text.replace(f"<{tag}:?", "<?").replace("xmlns=", f"xmlns:{tag}=")


def ods_cell(text: str = "", **attributes: Any) -> TableCell:
    """A cell that shows `text`; `calcext` is the type that LibreOffice gives beside the standard's."""
    calcext = attributes.pop("calcext", "")
    cell = TableCell(**attributes)
    if calcext:
        cell.setAttrNS(CALCEXT, "value-type", calcext)
    if text:
        cell.addElement(P(text=text))
    return cell


def ods_row(*cells: Any, **attributes: Any) -> TableRow:
    row = TableRow(**attributes)
    for cell in cells:
        row.addElement(cell)
    return row


def ods_book(path: Path, *parts: Any) -> Path:
    """An ods workbook of one sheet, "Spend", with these columns and rows."""
    book = OpenDocumentSpreadsheet()
    table = Table(name="Spend")
    book.spreadsheet.addElement(table)
    for part in parts:
        table.addElement(part)
    book.save(str(path))
    return path
