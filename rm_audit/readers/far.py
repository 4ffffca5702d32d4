"""Values so far from all others that the grid between them would not fit into memory.

A stray value in the last cell of a sheet makes a grid of 17,000,000,000 cells, and calamine would build it.
"""

from __future__ import annotations

import re
import zipfile

from rm_audit.cells import letters
from rm_audit.errors import Problem
from rm_audit.readers import problems
from rm_audit.readers.marks import MOST_CELLS, Place, address, column_index
from rm_audit.readers.xlsx import Part, pieces

COLUMNS_OF = {1: 26, 2: 26 + 26**2, 3: 16_384}
SPARSE = 10  # a sheet that holds a value in one of so many cells was meant to be as large as it is. Judgement.
FILLED = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]+)(\d+)["'][^>]*(?<!/)>\s*<(?!/)""")


def far_cells(archive: zipfile.ZipFile, part: Part) -> Problem | None:
    """A problem where the sheet is too large to read; the exact look is for sheets that could be."""
    if part.last_row * COLUMNS_OF[part.letters] <= MOST_CELLS:
        return None
    if not _wider(archive, part, MOST_CELLS // part.last_row):
        return None
    lowest, rightmost, filled = (0, 0), (0, 0), 0
    for piece in pieces(archive, part.part):
        for match in FILLED.finditer(piece):
            place = (int(match[2]) - 1, column_index(match[1].decode()))
            filled += 1
            lowest = max(lowest, place)
            rightmost = max(rightmost, place, key=lambda each: each[1])
    return too_large(part.name, lowest, rightmost, filled)


def too_large(name: str, lowest: Place, rightmost: Place, filled: int) -> Problem | None:
    """A problem where the grid is too large and nearly empty; it names the cells that make it so."""
    cells = (lowest[0] + 1) * (rightmost[1] + 1)
    if cells <= max(MOST_CELLS, SPARSE * filled):
        return None
    return problems.far_cells(name, list(dict.fromkeys((address(lowest), address(rightmost)))))


def _wider(archive: zipfile.ZipFile, part: Part, width: int) -> bool:
    """Whether a cell, be it empty, stands right of the first `width` columns."""
    cell = right_of(width)
    return any(cell.search(piece) for piece in pieces(archive, part.part))


def right_of(width: int) -> re.Pattern[bytes]:
    """What finds the address of a cell right of the first `width` columns: cheap, as it begins with what is fixed."""
    last = letters(width)
    names = [f"[A-Z]{{{len(last) + 1},}}"]
    for at, letter in enumerate(last):
        if letter != "Z":
            names.append(f"{last[:at]}[{chr(ord(letter) + 1)}-Z][A-Z]{{{len(last) - at - 1}}}[0-9]")
    return re.compile(f"r=[\"'](?:{'|'.join(names)})".encode())
