"""How the files of the folder `employer` are written: text with the right bytes, workbooks without the clock."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from _rows import Cell, Row


def fields(text: str) -> list[str]:
    """The names in a text, between bars or else semicolons or commas."""
    mark = next((mark for mark in "|;" if mark in text), ",")
    return text.split(mark)


MONTHS = fields("January,February,March,April,May,June,July,August,September,October,November,December")


@dataclass(frozen=True)
class Text:
    """A text export: its lines, and the rows of its table without header, totals and footer."""

    data: bytes
    rows: int


@dataclass(frozen=True)
class Tab:
    """One sheet of a workbook: all its rows, and how many of them are rows of its table."""

    title: str
    lines: list[Row]
    rows: int


def separated(rows: Sequence[Sequence[Cell]], mark: str = ",", quote_all: bool = False) -> str:
    """Rows as text with LF; blank for None."""
    out = io.StringIO()
    writer = csv.writer(
        out, delimiter=mark, lineterminator="\n", quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    )
    writer.writerows(rows)
    return out.getvalue()


def tabbed(rows: Sequence[Sequence[Cell]]) -> str:
    """Rows with tabs; a cell with a comma is quoted, as LinkedIn and Google do."""

    def cell(value: Cell) -> str:
        text = "" if value is None else str(value)
        return f'"{text}"' if "," in text else text

    return "".join("\t".join(map(cell, row)) + "\n" for row in rows)


def utf16(text: str) -> bytes:
    """UTF-16 with the mark in front, little end first."""
    return b"\xff\xfe" + text.encode("utf-16-le")


def money(cents: int, thousands: bool = False) -> str:
    return f"{cents / 100:,.2f}" if thousands else f"{cents / 100:.2f}"


def european(text: str) -> str:
    """'1,234.50' → '1.234,50'."""
    return text.translate(str.maketrans(",.", ".,"))


def each(cents: int, count: int) -> str:
    """Cents a piece; blank where there is no piece."""
    return money(round(cents / count)) if count else ""


def rate(part: float, whole: float, places: int = 2) -> str:
    return f"{100 * part / whole:.{places}f}%" if whole else ""


def american(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def spelled_out(day: date) -> str:
    """'January 5, 2026'."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"
