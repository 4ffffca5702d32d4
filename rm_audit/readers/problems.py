"""The words for everything that can be wrong with a file; the caller fills in which file it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rm_audit.cells import letters
from rm_audit.errors import Problem, did_you_mean

SHOWN_CELLS = 5
OLD_ENCODING = "old-encoding"
# What the first bytes of a file tell of it, that was given another name.
_TOLD = {b"PAR1": "It is Parquet: name it .parquet.", b"\x28\xb5\x2f\xfd": "It is packed with zstd: name it .zst."}


class FileError(Exception):
    """A file that cannot be read at all; `problem` says why. It never leaves this room."""

    def __init__(self, problem: Problem, kind: str = "") -> None:
        self.problem = problem
        self.kind = kind
        super().__init__(problem.message)


def no_such_file(name: str, siblings: Iterable[str]) -> Problem:
    near = did_you_mean(name, siblings)
    remedy = "Check the spelling and the folder" + (f"; {near}" if near else ".")
    return Problem("error", "no-such-file", "no file or folder of this name", remedy)


def lock_file(name: str, named: bool) -> Problem:
    message = "a lock file that Excel leaves beside an open workbook; not a workbook"
    if named:
        return Problem("error", "lock-file", message, f"Give the workbook itself: {name.removeprefix('~$')}.")
    return Problem("info", "lock-file", message)


def binary_file(suffix: str, start: bytes) -> Problem:
    """`start` are the file's first bytes, which say of some what it is."""
    workbook = suffix in (".xlsx", ".xlsm", ".xls", ".ods")
    message = f"named {suffix} but holds binary data" if suffix else "holds binary data, not a table"
    message = f"named {suffix} but is not a workbook" if workbook else message
    return Problem("error", "binary-file", message, _TOLD.get(start, "Export the report again as .xlsx or .csv."))


def old_encoding(encoding: str) -> Problem:
    message = f"not saved as UTF-8; read as {encoding}, so accented letters and currency signs may be wrong"
    return Problem("warning", OLD_ENCODING, message, 'If they are, open it in Excel and save it as "CSV UTF-8".')


def open_quote(row: int, column: int) -> Problem:
    message = f"a quote opened in row {row} is never closed, so the rest of the file was read as one cell"
    remedy = "The file may be cut off: compare its last rows with the source, or export it again."
    return Problem("warning", "open-quote", message, remedy, cell=f"{letters(column)}{row}")


def never_calculated(sheet: str, cells: Sequence[str]) -> Problem:
    message = f"formulas that were never calculated, so their values are missing: {_listed(cells)}"
    remedy = "Open and save the workbook in Excel or LibreOffice, then run again."
    return Problem("error", "formulas-not-calculated", message, remedy, sheet=sheet, cell=cells[0])


def perhaps_never_calculated(sheet: str, cells: Sequence[str]) -> Problem:
    message = f"formulas that may never have been calculated and are stored as 0: {_listed(cells)}"
    remedy = "Open and save the workbook in Excel or LibreOffice, then run again."
    return Problem("warning", "formulas-stored-as-zero", message, remedy, sheet=sheet, cell=cells[0])


def error_cells(sheet: str, cells: Sequence[str]) -> Problem:
    message = f"cells that show an error such as #N/A in place of a value: {_listed(cells)}"
    remedy = "Correct the formulas in these cells, or type in the values."
    return Problem("warning", "error-cells", message, remedy, sheet=sheet, cell=cells[0])


def far_cells(sheet: str, cells: Sequence[str]) -> Problem:
    message = f"a value so far outside that this sheet is too large to read: {_listed(cells)}"
    remedy = "Delete what stands there by mistake, save the workbook and run again."
    return Problem("error", "cells-far-outside", message, remedy, sheet=sheet, cell=cells[0])


def row_cut_off(row: int) -> Problem:
    message = f"row {row}, the last one, is shorter than all before it, and the file does not end with a line break"
    remedy = "It may be cut off: compare its last rows with the source, or export it again."
    return Problem("warning", "cut-off", message, remedy, cell=f"A{row}")


def not_for_spark(scheme: str, reason: str) -> Problem:
    """`scheme` is that of the address, or all of a table's, which has none."""
    if scheme.startswith("table:"):
        remedy = "Check the name of the table, and that Spark is configured (SPARK_CONF_DIR) to find it."
        return Problem("error", "unreadable", f"Spark cannot read this table: {reason}", remedy)
    if "No FileSystem for scheme" in reason or "FileSystem not found" in reason:
        remedy = "Add one to the configuration of Spark (spark.jars.packages), or copy the files to this machine."
        return Problem("error", "unreadable", f"Spark has no connector for {scheme}://", remedy)
    remedy = "Check the address, and that you may read what is there."
    return Problem("error", "unreadable", f"Spark cannot read this: {reason}", remedy)


def _listed(cells: Sequence[str]) -> str:
    shown = ", ".join(cells[:SHOWN_CELLS])
    rest = len(cells) - SHOWN_CELLS
    return f"{shown} and {rest} more" if rest > 0 else shown


EMPTY_FILE = Problem("error", "empty-file", "this file is empty", "Export it again, or leave it out.")
ONLY_PICTURES = Problem(
    "error",
    "only-pictures",
    "the sheets of this workbook hold pictures or charts and no values",
    "Export the table itself as .xlsx or .csv, not a picture of it.",
)
NOTHING_TO_READ = Problem(
    "error",
    "nothing-to-read",
    "no spreadsheet or csv file in this folder",
    "Give a folder that holds .xlsx, .xlsm, .xls, .ods, .csv, .tsv, .txt or .parquet files; texts also as .gz or .zst.",
)
FOR_SPARK = Problem(
    "error",
    "no-such-file",
    "no file or folder of this name",
    "If it is a table, or a place that only Spark can read, add --engine spark.",
)
NO_MATCH = Problem(
    "error",
    "no-match",
    "no file matches this pattern",
    "Check the pattern: * stands for any part of a name, ** for any folders between.",
)
PASSWORD_PROTECTED = Problem(
    "error",
    "password-protected",
    "this workbook is protected with a password",
    "Open it, remove the password (in Excel: File > Info > Protect Workbook), save it and run again.",
)
BROKEN = Problem(
    "error",
    "broken-zip",
    "this workbook is cut off or damaged",
    "Download or copy it again; where it still opens in Excel, save it under a new name.",
)
UNREADABLE = Problem(
    "error",
    "unreadable",
    "this file could not be opened",
    "Check that it is still there, that you may read it and that no other program holds it open.",
)
FOLDER_UNREADABLE = Problem(
    "error", "unreadable", "this folder could not be opened", "Check that you may open it, or give its files by name."
)
ZIP_NOT_WORKBOOK = Problem(
    "error",
    "not-a-workbook",
    "an archive without a workbook in it",
    "Unpack it and give the files inside, or export the report again as .xlsx or .csv.",
)
OLE_NOT_WORKBOOK = Problem(
    "error", "not-a-workbook", "an Office file, but not a workbook", "Export the report again as .xlsx or .csv."
)
BROKEN_GZIP = Problem(
    "error",
    "broken-gzip",
    "this compressed file (.gz) is cut off or damaged",
    "Download or copy it again, or export the report as .xlsx or .csv.",
)
GZIP_TOO_LARGE = Problem(
    "error",
    "gzip-too-large",
    "this compressed file (.gz) holds more than 1 GB",
    "Unpack it, see whether it is the table that you mean, and give a part of it at a time.",
)
BROKEN_ZSTD = Problem(
    "error",
    "broken-zstd",
    "this compressed file (.zst) is cut off or damaged",
    "Download or copy it again, or export the report as .xlsx or .csv.",
)
BROKEN_PARQUET = Problem(
    "error",
    "broken-parquet",
    "this Parquet file is cut off or damaged",
    "Download or copy it again, or export it again from where it came from.",
)
NOT_PLAIN = Problem(
    "error",
    "not-plain",
    "packed or stored for an engine (.zst, .parquet), and no plain table that an engine can read",
    "Export it as .csv or .xlsx, or as .parquet with a column each for the date, the channel and the amount.",
)
UNKNOWN_ENCODING = Problem(
    "error",
    "unknown-encoding",
    "the text of this file cannot be read: it is in no encoding that spreadsheet programs save",
    'Open it in the program that made it and save it as "CSV UTF-8".',
)
BINARY_WORKBOOK = Problem(
    "error", "binary-workbook", "a binary workbook (.xlsb), which is not read", "Open it in Excel and save it as .xlsx."
)
WEB_PAGE = Problem(
    "error",
    "web-page",
    "a web page or XML file, not a table",
    "Open it in a browser or in Excel: if it shows the table, save that as .xlsx, if a sign-in page, export again.",
)
PAGE_CUT_OFF = Problem(
    "warning",
    "cut-off",
    "the web page ends in the middle of its table",
    "It may be cut off: compare its last rows with the source, or export it again.",
)
CUT_CHARACTER = Problem(
    "warning",
    "cut-off",
    "the file ends in the middle of a character",
    "It may be cut off: compare its last rows with the source, or export it again.",
)
DAMAGED_TEXT = Problem(
    "warning",
    "damaged-text",
    "some characters are damaged and are shown as \N{REPLACEMENT CHARACTER}",
    "Export the file again where names in it matter.",
)
