"""The lines of a text as an engine counts them, and as they stand in the file."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from rm_audit.profiles.amounts import is_blank
from rm_audit.readers import Value, Whole, gzip
from rm_audit.readers.pieces import LINE_END
from rm_audit.readers.zstd import is_zstd
from rm_audit.rollups.plan import NotPlainError, Plan


def in_file(rows: NDArray[np.int64], passed: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers in the file of rows that were counted without those that the engine passed over (in order)."""
    return rows + np.searchsorted(np.array(passed, dtype=np.int64) - np.arange(len(passed)), rows, side="right")


def blank_lines(plan: Plan) -> list[int]:
    """The numbers of empty lines, which the engine does not count; of packed files they are not looked for."""
    if plan.whole.kind != "csv" or packing(plan.whole) != "none":
        return []
    with plan.whole.path.open("rb") as file:
        return [number for number, line in enumerate(file, 1) if line in (b"\n", b"\r\n") and number > plan.skip]


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of a line. Raises NotPlainError."""
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error as error:
        raise NotPlainError(str(error)) from None


def as_written(plan: Plan, rows: Mapping[int, Sequence[Value]]) -> dict[int, list[Value]]:
    """The cells of some rows with their marks for no value, which are nothing to an engine. Of packed files, and of
    copies without some of their rows, they are not looked for; nor where a cell above has two lines, for then another
    row stands in the line of that number."""
    if not rows or plan.whole.kind != "csv" or packing(plan.whole) != "none" or len(plan.earlier.rows):
        return {}
    blanks, delimiter = plan.layout.profile.blanks, plan.whole.delimiter
    with plan.whole.path.open("rb") as file:
        lines = {number: line.decode(errors="replace") for number, line in enumerate(file, 1) if number in rows}
    read = {number: next(csv.reader([line], delimiter=delimiter), []) for number, line in lines.items()}
    found: dict[int, list[Value]] = {}
    for number, cells in read.items():
        own = [cell.replace(LINE_END, "\n") or None for cell in cells]
        both = list(zip_longest(own, rows[number]))
        if all(cell == known or (known is None and is_blank(cell, blanks)) for cell, known in both):
            found[number] = list(own)
    return found


def is_cut_off(plan: Plan, broken: Mapping[int, int], last: int) -> bool:
    """Whether the `last` row has fewer cells than all others, and no line end behind it: a download may have broken
    off. `broken` are rows of another length than the header's, with theirs; of packed files it is not known."""
    if last not in broken or plan.whole.kind != "csv" or packing(plan.whole) != "none":
        return False
    with plan.whole.path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        ended = file.read() in b"\r\n"
    return not ended and broken[last] < min([len(plan.header), *(size for row, size in broken.items() if row != last)])


def packing(whole: Whole) -> str:
    """What a text is packed with, in the words of the engine."""
    with whole.path.open("rb") as file:
        start = file.read(4)
    return "gzip" if start[:2] == gzip.MAGIC else "zstd" if is_zstd(start) else "none"
