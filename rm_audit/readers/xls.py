"""What the records of an xls workbook say beside the values: errors, formulas, hidden rows and columns.

The records are those of [MS-XLS], "Excel Binary File Format": a number, a length and so many bytes.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from rm_audit.readers.marks import Marks

BOUND_SHEET, BOF, EOF = 0x85, 0x809, 0x0A
FORMULA, BOOL_ERR, ROW, COL_INFO, OBJECT, DRAWING = 0x06, 0x205, 0x208, 0x7D, 0x5D, 0xEC
TOLD = frozenset({BOUND_SHEET, FORMULA, BOOL_ERR, ROW, COL_INFO, OBJECT, DRAWING})
WORKSHEET = 0
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
ERROR_RESULT, EMPTY_RESULT = 2, 3  # the first byte of a result that is no number
RECALCULATE = 3  # the bits of a formula that ask for a calculation when the file is opened
# The build and the year in the first record of what xlwt writes. It gives every formula an empty text as its result,
# which formulas that were calculated can have too, though hardly all of them in one workbook.
XLWT = struct.pack("<HH", 0x0DBB, 0x07CC)


def scan(data: bytes) -> list[Marks]:
    """The marks of each worksheet, in the order of the workbook; none where the records cannot be followed."""
    stream = _stream(data)
    sheets = [Marks() for _ in _starts(stream)]
    numbers = 0  # formulas with any result but an empty text
    for marks, start in zip(sheets, _starts(stream), strict=True):
        for record, at in _records(stream, start):
            if record == FORMULA:
                numbers += _formula(stream, at, marks)
            elif record == BOOL_ERR:
                row, column, _, value, is_error = struct.unpack_from("<3HBB", stream, at)
                if is_error:
                    marks.errors[row, column] = ERRORS.get(value, "#ERROR!")
            elif record in (ROW, COL_INFO):
                _hidden(stream, at, record, marks)
            marks.drawn = marks.drawn or record in (OBJECT, DRAWING)
    if numbers or stream[8:12] != XLWT:
        for marks in sheets:
            marks.missing.clear()
    return sheets


def _stream(data: bytes) -> bytes:
    from olefile import OleFileIO  # a rare path, and its import is not free

    with OleFileIO(io.BytesIO(data)) as container:
        for name in ("Workbook", "Book"):
            if container.exists(name):
                content: bytes = container.openstream(name).read()
                return content
    return b""


def _starts(stream: bytes) -> Iterator[int]:
    """Where the records of each worksheet begin."""
    for record, at in _records(stream, 0):
        if record == BOUND_SHEET and stream[at + 5] & 0x0F == WORKSHEET:
            yield int.from_bytes(stream[at : at + 4], "little")


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int]]:
    """The records from `start` to the end of that sheet, without the charts that lie inside of it."""
    depth, at, end = 0, start, len(stream) - 4
    unpack = struct.Struct("<HH").unpack_from
    while at <= end:
        record, length = unpack(stream, at)
        at += 4
        if at + length > end + 4:
            return
        if record in (BOF, EOF):
            depth += 1 if record == BOF else -1
            if depth <= 0:
                return
        elif depth == 1 and record in TOLD:
            yield record, at
        at += length


def _formula(stream: bytes, at: int, marks: Marks) -> bool:
    """Notes a result that calamine does not give; says whether there is any but an empty text."""
    row, column, _, result, flags = struct.unpack_from("<3H8sH", stream, at)
    special = result[6:] == b"\xff\xff"
    if special and result[0] == ERROR_RESULT:
        marks.errors[row, column] = ERRORS.get(result[2], "#ERROR!")
    elif special and result[0] == EMPTY_RESULT:
        marks.missing.append((row, column))
        return False
    elif result == bytes(8) and flags & RECALCULATE:
        marks.zeros.append((row, column))
    return True


def _hidden(stream: bytes, at: int, record: int, marks: Marks) -> None:
    if record == ROW:
        row, flags = struct.unpack_from("<H10xH", stream, at)
        if flags & 0x20:
            marks.hidden_rows.add(row)
    else:
        first, last, flags = struct.unpack_from("<HH4xH", stream, at)
        if flags & 1:
            marks.hidden_columns.update(range(first, min(last, 255) + 1))
