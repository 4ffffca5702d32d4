"""Workbooks: xlsx and ods (zip archives) and xls (an OLE file), read by calamine."""

from __future__ import annotations

import io
import zipfile
import zlib
from xml.parsers import expat

from rm_audit.errors import Problem
from rm_audit.readers import problems
from rm_audit.readers.formulas import formula_problems
from rm_audit.readers.model import Value
from rm_audit.readers.ole import is_locked, is_whole
from rm_audit.readers.problems import FileError

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
LONGEST_SCAN = 200_000_000

Tables = list[tuple[str, list[list[Value]], bool]]  # name, rows, hidden


def read_zip(data: bytes) -> tuple[str, Tables, list[Problem]]:
    """Kind, sheets and notes of an xlsx or ods workbook; raises FileError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            kind = _zip_kind(archive)
            if kind == "ods":
                _check_content(archive)
            tables = _tables(data, kind)
            scan = kind == "xlsx" and len(data) <= LONGEST_SCAN
            return kind, tables, formula_problems(archive) if scan else []
    # What zipfile raises for archives that are damaged, use an unknown compression or are encrypted.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise FileError(problems.BROKEN) from error


def read_ole(data: bytes) -> tuple[str, Tables, list[Problem]]:
    """Kind and sheets of an xls workbook; raises FileError, also for a newer one behind a password."""
    if _utf16("EncryptedPackage") in data:
        raise FileError(problems.PASSWORD_PROTECTED, "xlsx")
    if not is_whole(data):
        raise FileError(problems.BROKEN, "xls")
    if is_locked(data):
        raise FileError(problems.PASSWORD_PROTECTED, "xls")
    if _utf16("Workbook") not in data and _utf16("Book") not in data:
        raise FileError(problems.OLE_NOT_WORKBOOK)
    return "xls", _tables(data, "xls"), []


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _zip_kind(archive: zipfile.ZipFile) -> str:
    names = {name.lower() for name in archive.namelist()}
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise FileError(problems.BINARY_WORKBOOK)
    if "mimetype" not in names or not archive.read("mimetype").startswith(ODS_TYPE):
        raise FileError(problems.ZIP_NOT_WORKBOOK)
    if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise FileError(problems.PASSWORD_PROTECTED, "ods")
    return "ods"


def _check_content(archive: zipfile.ZipFile) -> None:
    """Raises FileError for an ods file whose XML is damaged: calamine would search for its end for ever."""
    try:
        with archive.open("content.xml") as stream:
            expat.ParserCreate().ParseFile(stream)
    except (expat.ExpatError, KeyError) as error:  # KeyError: no such part
        raise FileError(problems.BROKEN, "ods") from error


def _tables(data: bytes, kind: str) -> Tables:
    from python_calamine import CalamineError, PasswordError

    try:
        return _calamine_tables(data)
    except PasswordError as error:
        raise FileError(problems.PASSWORD_PROTECTED, kind) from error
    except CalamineError as error:
        raise FileError(problems.BROKEN, kind) from error
    except _panics() as error:
        raise FileError(problems.BROKEN, kind) from error


def _panics() -> tuple[type[BaseException], ...]:
    """What the Rust code inside raises where a damaged file makes it panic.

    The class has no module to import it from, stands beside Exception so that nobody catches it by accident, and is
    there only once a panic has happened: so it is looked up when an exception passes by.
    """
    return tuple(kind for kind in BaseException.__subclasses__() if kind.__name__ == "PanicException")


def _calamine_tables(data: bytes) -> Tables:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    tables: Tables = []
    for index, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ == SheetTypeEnum.WorkSheet:
            rows = workbook.get_sheet_by_index(index).to_python(skip_empty_area=False)
            hidden = sheet.visible != SheetVisibleEnum.Visible
            tables.append((sheet.name, [[_value(value) for value in row] for row in rows], hidden))
    return tables


def _value(value: Value) -> Value:
    if isinstance(value, str):
        return value.replace("\0", "") or None
    return value
