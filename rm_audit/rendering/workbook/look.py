"""How our own cells look, and how a text from a file becomes a cell that is a text and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from rm_audit.errors import visible

# Light fills under dark words: a contrast of 9 to 1 at least. The words say the severity too.
SEVERITY_FILLS = {"critical": "FF9C9C", "high": "FFC7A8", "medium": "FFE699", "low": "CFE2F3", "waived": "E2E2E2"}
MOST_LETTERS = 32_767  # what a cell can hold
FACE = "Calibri"  # a Font without a face is drawn in whatever the program likes, often another one than its neighbours
_LINE_POINTS = 13.5  # height of a line of letters of ten points
_HEAD = "1F3864"
_LINE = Side(style="thin", color="D0D0D0")


def fill(severity: str) -> PatternFill:
    return PatternFill("solid", fgColor=SEVERITY_FILLS[severity])


def title(sheet: Worksheet, row: int, words: str, *, big: bool = False) -> None:
    """A line over a table; it runs on over the cells beside it."""
    put(sheet, row, 1, words, font=Font(name=FACE, bold=big, size=16 if big else 11))


def put(sheet: Worksheet, row: int, column: int, value: Any, **style: Any) -> Cell:
    """A value in a cell. A text stays a text, also where it begins with = or shows like an error."""
    cell: Any = sheet.cell(row, column)
    if isinstance(value, str):
        put_text(cell, value)
    else:
        cell.value = value
    for name, item in style.items():
        setattr(cell, name, item)
    return cell  # type: ignore[no-any-return]


def put_text(cell: Any, text: str) -> None:
    """A text that no program calculates: Excel keeps the quote mark when somebody edits the cell."""
    clean = "\n".join(visible(line) for line in text.split("\n"))[:MOST_LETTERS]
    cell.value = clean
    if cell.data_type in ("f", "e"):
        cell.data_type = "s"
    if clean[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True


def put_head(sheet: Worksheet, row: int, titles: Sequence[str], numbers: Sequence[str] = ()) -> None:
    """The heads of a table, white on blue; those of `numbers` stand over them, at the right."""
    for column, title in enumerate(titles, 1):
        side = "right" if title in numbers else "left"
        put(
            sheet,
            row,
            column,
            title,
            font=Font(name=FACE, bold=True, color="FFFFFF", size=10),
            fill=PatternFill("solid", fgColor=_HEAD),
            alignment=Alignment(horizontal=side, vertical="center", indent=int(side == "left")),
        )
    sheet.row_dimensions[row].height = 20


Styles = dict[
    tuple[type, bool], Any
]  # kind of value, whether it wraps → the style that was made for the first such cell


def body(sheet: Worksheet, row: int, values: Sequence[Any], letters: Sequence[int], styles: Styles) -> None:
    """A row of a table: words wrap in columns of so many `letters` (0: they do not), amounts have two decimals."""
    for column, (value, width) in enumerate(zip(values, letters, strict=True), 1):
        cell: Any = put(sheet, row, column, value)
        quoted = cell.quotePrefix
        kind = (type(value), width > 0)
        if kind not in styles:
            _style(cell, *kind)
            styles[kind] = copy(cell._style)  # ten times as fast as to compare every part of the style again
        cell._style = copy(styles[kind])
        cell.quotePrefix = quoted
    lines = max(_lines(str(value), width) for value, width in zip(values, letters, strict=True) if width)
    # Said here, for LibreOffice fits no row to its words on opening. 409 points is the highest row that there can be.
    sheet.row_dimensions[row].height = min(_LINE_POINTS * lines + 3, 409)


def _style(cell: Any, kind: type, wraps: bool) -> None:
    words = kind is str
    side = "left" if words else "right"
    cell.alignment = Alignment(horizontal=side, vertical="top", wrap_text=words and wraps, indent=int(words))
    cell.font = Font(name=FACE, size=10)
    cell.border = Border(bottom=_LINE)
    cell.number_format = "#,##0.00" if kind is float else "General"


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column: words do not break, so lines are not full."""
    return sum(1 + int(len(line) / (width - 1)) for line in text.split("\n"))


def link(sheet: Worksheet, row: int, column: int, title: str, ref: str) -> None:
    """Makes a cell a link to cells of this workbook; a place and no formula, so that nothing is calculated."""
    cell = sheet.cell(row, column)
    quoted = title.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{ref}")
    cell.font = Font(name=FACE, size=10, color="0563C1", underline="single")


def widths(sheet: Worksheet, letters: Sequence[int]) -> None:
    for column, width in enumerate(letters, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def on_paper(sheet: Worksheet, head: int = 0) -> None:
    """Landscape, as wide as the page, with the heads on every page and its number below."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    footer: Any = sheet.oddFooter
    footer.center.text = "&A, page &P of &N"
    if head:
        sheet.print_title_rows = f"{head}:{head}"
