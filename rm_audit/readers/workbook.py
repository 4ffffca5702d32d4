"""Workbooks: xlsx and ods (zip archives) and xls (an OLE file). Calamine reads the values, the rest is our own."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

from rm_audit.errors import Problem
from rm_audit.readers import problems, xlsx
from rm_audit.readers.far import far_cells
from rm_audit.readers.grids import Grid, read_grids
from rm_audit.readers.marks import Marks, marked, notes
from rm_audit.readers.model import Sheet
from rm_audit.readers.problems import FileError

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"

Read = tuple[str, list[Sheet], list[Problem]]  # kind, sheets and notes of a file


def read_zip(data: bytes) -> Read:
    """Kind, sheets and notes of an xlsx or ods workbook; raises FileError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if _zip_kind(archive) == "xlsx":
                return _read_xlsx(data, archive)
            from rm_audit.readers import ods

            marks = ods.scan(archive)
            grids = read_grids(data, "ods")
            return _joined("ods", grids, [marks.get(grid.name, Marks()) for grid in grids], [])
    # What zipfile raises for archives that are damaged, use an unknown compression or are encrypted.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise FileError(problems.BROKEN) from error


def _read_xlsx(data: bytes, archive: zipfile.ZipFile) -> Read:
    parts = {part.name: part for part in xlsx.scan(archive)}
    far = {name: problem for name, part in parts.items() if (problem := far_cells(archive, part))}
    if any(part.new_error for part in parts.values()):
        data = xlsx.with_old_errors(archive, [part.part for part in parts.values()])
    grids = read_grids(data, "xlsx", skipped=far, nul=any(part.nul for part in parts.values()))
    marks = [parts[grid.name].marks if grid.name in parts else Marks() for grid in grids]
    return _joined("xlsx", grids, marks, list(far.values()))


def read_ole(data: bytes) -> Read:
    """Kind, sheets and notes of an xls workbook; raises FileError, also for a newer one behind a password."""
    from rm_audit.readers import xls
    from rm_audit.readers.ole import is_locked, is_whole

    if _utf16("EncryptedPackage") in data:
        raise FileError(problems.PASSWORD_PROTECTED, "xlsx")
    if not is_whole(data):
        raise FileError(problems.BROKEN, "xls")
    if is_locked(data):
        raise FileError(problems.PASSWORD_PROTECTED, "xls")
    if _utf16("Workbook") not in data and _utf16("Book") not in data:
        raise FileError(problems.OLE_NOT_WORKBOOK)
    grids = read_grids(data, "xls")
    try:
        marks = xls.scan(data)
    except (struct.error, OSError, IndexError) as error:
        raise FileError(problems.BROKEN, "xls") from error
    return _joined("xls", grids, marks if len(marks) == len(grids) else [Marks() for _ in grids], [])


def _joined(kind: str, grids: Sequence[Grid], marks: Sequence[Marks], said: list[Problem]) -> Read:
    """Each grid with what is known beside its values; raises FileError where no sheet holds any and why is known."""
    for grid, beside in zip(grids, marks, strict=True):
        beside.merged += grid.merged
    pairs = list(zip(grids, marks, strict=True))
    sheets = [marked(grid.name, grid.rows, grid.hidden, beside) for grid, beside in pairs]
    said = [*said, *(note for grid, beside in pairs for note in notes(grid.name, beside))]
    if not any(sheet.rows for sheet in sheets):
        if said:
            raise FileError(said[0], kind)
        if any(beside.drawn for beside in marks):
            raise FileError(problems.ONLY_PICTURES, kind)
    return kind, sheets, said


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
