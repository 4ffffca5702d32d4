"""A file in the words by which DuckDB reads it, and which of its columns its reader may make days at once."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Collection, Sequence

from rm_audit.readers import Value
from rm_audit.rollups.lines import packing
from rm_audit.rollups.plan import Plan
from rm_audit.rollups.sql import DUCKDB, literal, place

_DAY = re.compile(r"[1-9]\d{3}-\d\d?-\d\d?", re.ASCII)
_END = 1 << 16  # bytes at the end of a file; judgement: totals and notes stand there, and rows as long as any


def source(plan: Plan, rejects: bool, days: Collection[str]) -> str:
    """The rows of a file. With `rejects` broken lines are put aside and do not end it. `days` are columns of a text
    that are read as days: a cell that is none breaks its line."""
    return _csv(plan, rejects, days) if plan.whole.kind == "csv" else _placed(plan)


def parquet(plan: Plan) -> str:
    """The rows of Parquet under their own names."""
    return f"read_parquet({_quoted(str(plan.whole.path))}, hive_partitioning = true)"


def plain_days(plan: Plan) -> list[str]:
    """The columns of a text whose days have their year first, by its first and last rows. None of a packed file, whose
    last rows nobody knows.

    What the reader makes of a cell cannot be seen from the day: it passes blanks around it and single digits of a month
    or day, as everybody does. Of words such as epoch it makes days for which nobody plans, as of years of three digits.
    """
    if plan.whole.kind != "csv" or plan.written.order or packing(plan.whole) != "none":
        return []
    rows = [*plan.block.rows[plan.layout.header_row + 1 :], *_last_rows(plan)]
    if any(len(row) != len(plan.header) for row in rows):
        return []
    places = [plan.columns[name] for name in plan.days]
    return [place(at) for at in places if all(_is_day(row[at], plan.blanks) for row in rows)]


def _is_day(cell: Value, blanks: Sequence[str]) -> bool:
    return cell is None or (isinstance(cell, str) and (cell in blanks or _DAY.fullmatch(cell) is not None))


def _last_rows(plan: Plan) -> list[list[str]]:
    """The rows of the end of a file, without the line in which that begins."""
    with plan.whole.path.open("rb") as file:
        file.seek(max(file.seek(0, os.SEEK_END) - _END, 0))
        lines = file.read().decode(errors="replace").splitlines()[1:]
    return [row for row in csv.reader(lines, delimiter=plan.whole.delimiter) if row]


def _placed(plan: Plan) -> str:
    """Parquet with its columns under their places, for names may hold anything."""
    names = [f'"{name.replace(chr(34), chr(34) * 2)}" as {place(n)}' for n, name in enumerate(plan.header)]
    inside = parquet(plan).replace("hive_", "file_row_number = true, hive_")
    return f"(select {', '.join(names)}, file_row_number from {inside})"


def _csv(plan: Plan, rejects: bool, days: Collection[str]) -> str:
    names = [place(number) for number in range(len(plan.header))]
    kinds = [f"'{name}': '{'DATE' if name in days else 'VARCHAR'}'" for name in names]
    options = {
        "auto_detect": "false",
        "header": "false",
        "skip": str(plan.skip),
        "delim": _quoted(plan.whole.delimiter),
        "quote": "'\"'",
        "escape": "'\"'",
        "columns": "{" + ", ".join(kinds) + "}",
        "nullstr": "[" + ", ".join(map(_quoted, plan.blanks)) + "]",
        "compression": _quoted(packing(plan.whole)),
        **({"store_rejects": "true"} if rejects else {}),
        **({"dateformat": "'%Y-%m-%d'"} if days else {}),
    }
    return f"read_csv({_quoted(str(plan.whole.path))}, {', '.join(f'{k} = {v}' for k, v in options.items())})"


def _quoted(text: str) -> str:
    return literal(text, DUCKDB)
