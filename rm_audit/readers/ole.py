"""Whether an OLE file (the container of .xls) is all there and open to read.

Calamine panics and prints to the terminal where a file was cut off, and where there is a password it only
says that it does not know the format. So both are found out before.
"""

from __future__ import annotations

import struct

HEADER = 512
FREE = 0xFFFFFFFF
IN_HEADER = 109  # so many table sectors are listed in the header itself: enough for files of 6.8 MB and more
BOOK_START = bytes.fromhex("0908100000060500")  # the first record of every workbook since Excel 97
FILE_PASS = 0x2F  # the record that says "what follows is encrypted"; it stands among the first


def is_locked(data: bytes) -> bool:
    """Whether the workbook's records are encrypted."""
    at = data.find(BOOK_START)
    for _ in range(6):
        if at < 0 or at + 4 > len(data):
            return False
        record, length = struct.unpack_from("<HH", data, at)
        if record == FILE_PASS:
            return True
        at += 4 + length
    return False


def is_whole(data: bytes) -> bool:
    """Whether every sector that the allocation table says is in use lies inside the file."""
    if len(data) < HEADER:
        return False
    shift: int = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        return False
    size = 1 << shift
    tables = [sector for sector in struct.unpack_from(f"<{IN_HEADER}I", data, 76) if sector < FREE - 5]
    last = 0
    for number, sector in enumerate(tables):
        start = (sector + 1) * size
        if start + size > len(data):
            return False
        entries = struct.unpack_from(f"<{size // 4}I", data, start)
        used = [index for index, entry in enumerate(entries) if entry != FREE]
        last = max(last, number * (size // 4) + used[-1]) if used else last
    # The last sector may be short, for some programs do not fill it up; but not in the middle of the directory.
    directory: int = struct.unpack_from("<I", data, 48)[0]
    return len(data) > (last + 1) * size and len(data) >= (directory + 2) * size
