"""People planted in every kind of file, and looked for in everything that comes out.

Every person here is called Zzmark; each has an address, a number and a page marked in the same way. No command may
repeat the mark, whatever the file is and wherever in it the person stands.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import pytest
from making import Case, ods, told, xls, xlsx

MARK = "zzmark"
Rows = Sequence[Sequence[Any]]

PEOPLE: Rows = [
    ["Candidate name", "E-Mail", "Kontakt", "Source", "Applied", "Hired", "Phone", "Bemerkung"],
    [
        "Zzmark Ada",
        "ada@zzmark.example",
        "+41 44 555 01 01 zzmark",
        "Jobwelt",
        "2026-01-05",
        "2026-02-01",
        "",
        "zzmark",
    ],
    ["Zzmark Bo", "bo@zzmark.example", "", "Referral - Zzmark Cy", "2026-01-06", "", "+41 44 zzmark", ""],
    ["Zzmark Di", "di@zzmark.example", "", "cy@zzmark.example", "2026-01-07", "2026-02-03", "", "Zzmark ruft an"],
    ["Zzmark Ed", "ed@zzmark.example", "", "Zzmark Fay - LinkedIn", "next zzmark", "", "", ""],
]
SPEND: Rows = [
    ["Channel", "Spend (EUR)", "Month", "Recruiter", "Ansprache", "Buyer"],
    ["Jobwelt", 900, "2026-01", "Zzmark Gil", "gil@zzmark.example", "https://www.linkedin.com/in/zzmark-gil"],
    ["Stellennetz", "hal@zzmark.example", "2026-01", "Zzmark Hal", "hal@zzmark.example", ""],
    ["Aushang24 (ivy@zzmark.example)", 50, "2026-02", "Zzmark Ivy", "ivy@zzmark.example", ""],
]
LIST: Rows = [["Zzmark Jo", "Zzmark Kim"], ["jo@zzmark.example", "kim@zzmark.example"], ["x", "y"]]
SOURCES: Rows = [
    ["Application ID", "Source", "Applied"],
    *([f"A-{number}", f"person{number}@zzmark.example", "2026-01-05"] for number in range(8)),
]
SHEETS: dict[str, Rows] = {"People": PEOPLE, "Spend": SPEND, "List": LIST, "Sources": SOURCES}


def _text(rows: Rows, delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def _html(rows: Rows) -> bytes:
    lines = ("".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in rows)
    return f"<html><table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table></html>".encode()


def _books(make: Callable[[Any], bytes], suffix: str) -> dict[str, bytes]:
    return {f"book{suffix}": make(SHEETS)}


def _each(make: Callable[[Rows], bytes], suffix: str) -> dict[str, bytes]:
    return {f"{name.casefold()}{suffix}": make(rows) for name, rows in SHEETS.items()}


KINDS: dict[str, dict[str, bytes]] = {
    "csv": _each(lambda rows: _text(rows).encode(), ".csv"),
    "csv with semicolons in an old encoding": _each(lambda rows: _text(rows, ";").encode("cp1252"), ".csv"),
    "utf-16 with tabs": _each(lambda rows: _text(rows, "\t").encode("utf-16"), ".csv"),
    "packed": _each(lambda rows: gzip.compress(_text(rows).encode()), ".csv.gz"),
    "web page": _each(_html, ".xls"),
    "xlsx": _books(xlsx, ".xlsx"),
    "xls": _books(xls, ".xls"),
    "ods": _books(ods, ".ods"),
    "cut off": {"book.xlsx": xlsx(SHEETS)[:900], "people.csv": _text(PEOPLE).encode()[:-40] + b'"'},
}
RUNS = [
    "inspect {files}",
    "inspect {files} --format json",
    "analyze {files} --as-of 2026-06-30 --verbose",
    "analyze {files} --as-of 2026-06-30 --format json",
    "check {files} --as-of 2026-06-30 --currency EUR",
    "init .",
]


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_who_stands_in_a_file_comes_out(kind: str, tmp_path: Path) -> None:
    files = {name: {"bytes": data.hex()} for name, data in KINDS[kind].items()}
    drafts = [f"profiles draft {name}" for name in files]
    for number, run in enumerate([*RUNS, *drafts]):
        folder = tmp_path / str(number)
        case = Case("", run.format(files=" ".join(files)), 0, files, written={"rm-audit.yaml": ""})
        out = told(case, folder)
        said = f"{out.stdout}\n{out.stderr}\n{out.written}".casefold()
        lines = [line for line in said.splitlines() if MARK in line]
        assert lines == [], run
        assert "traceback" not in said, run


def test_the_mark_is_in_the_files() -> None:
    """Else the test above would find nothing because nothing is there."""
    assert all(MARK in _text(rows).casefold() for rows in SHEETS.values())
