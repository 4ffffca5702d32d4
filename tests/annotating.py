"""Helpers for tests of the annotated workbook: a rich book, the workbook that it becomes, and what stands in it."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from books import rule, rules
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from rm_audit.errors import Problem
from rm_audit.report import Report
from rm_audit.rulebook.settings import Ruleset
from rm_audit.verbs import audit, read, render

AS_OF = date(2026, 6, 30)
DEAR = rule(
    id="dear",
    severity="high",
    flag="spend > 50",
    money="{class: avoidable, step: statistical, amount: spend / 2}",
    message="'{channel} cost {spend}.'",
    fix="Spend less.",
)
ODD = rule(id="odd", severity="low", flag="spend == 60", message="'{channel} is odd.'", fix="Look again.")
RULES = rules(DEAR, ODD)
SPEND = "Channel,Spend\nIndeed,100\nMonster,60\nXing,5\n"


def annotated(*paths: Path, on: Ruleset = RULES, said: list[Problem] | None = None) -> tuple[Report, Any, bytes]:
    """The report of files, the workbook that it becomes as openpyxl opens it, and its bytes."""
    report = audit(read(paths), on, as_of=AS_OF)
    made = render(report, "xlsx", sources=paths, tell=[].append if said is None else said.append)
    assert isinstance(made, bytes)
    return report, openpyxl.load_workbook(io.BytesIO(made), rich_text=True), made


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def marked(sheet: Any) -> dict[str, tuple[str, str]]:
    """Address → fill and comment, of every cell with a comment."""
    cells = [cell for row in sheet.iter_rows() for cell in row]
    return {cell.coordinate: (cell.fill.fgColor.rgb[2:], cell.comment.text) for cell in cells if cell.comment}


def table(sheet: Any, head: str) -> list[tuple[Any, ...]]:
    """The rows under the row that begins with `head`, down to an empty one."""
    rows = sheet.iter_rows(values_only=True)
    rest = itertools.dropwhile(lambda row: row[0] != head, rows)
    return [tuple(value for value in row if value is not None) for row in itertools.takewhile(lambda row: row[0], rest)]


def rich_book() -> bytes:
    """A team's sheet with all that people put into one, its formulas calculated as a spreadsheet program does."""
    book = openpyxl.Workbook()
    book.properties.creator, book.properties.created = "TA operations", datetime(2026, 1, 5, 9)
    sheet = book.active
    sheet.title = "Spend '26"
    sheet.append(["Recruiting costs 2026"])
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["Channel", "Month", "Spend", "Note"])
    for row, (name, month, cost) in enumerate(
        (("Indeed", date(2026, 1, 1), "=40*2"), ("Monster", date(2026, 2, 1), 60), ("Xing", date(2026, 3, 1), 5)), 4
    ):
        sheet.append([name, month, cost])
        sheet.cell(row, 2).number_format = "mmm yyyy"
        sheet.cell(row, 3).number_format = '#,##0.00 "EUR"'
    sheet["D4"] = CellRichText("paid ", TextBlock(InlineFont(b=True), "twice"))
    sheet["D5"] = '=IF(C5>50,"dear & \'odd\'","fine")'
    sheet["D6"] = "=NA()"
    sheet["C5"].comment = Comment("Ask Finance.", "Controller")
    sheet["C5"].font = Font(color="FFFFFF", bold=True)
    sheet["C5"].fill = PatternFill("solid", fgColor="000080")
    sheet["C4"].border = Border(left=Side(style="thick"))
    sheet["A3"].alignment = Alignment(textRotation=45)
    sheet["C6"].protection = Protection(locked=False)
    sheet["F4"] = ArrayFormula("F4:F5", "=C4:C5*2")
    sheet["A5"].hyperlink = "https://jobs.example/monster"
    sheet.column_dimensions["A"].width = 31
    sheet.column_dimensions["F"].hidden = True
    sheet.row_dimensions[3].height = 33
    sheet.row_dimensions.group(5, 6, outline_level=1)
    sheet.freeze_panes = "B4"
    sheet.auto_filter.ref = "A3:D6"
    sheet.auto_filter.add_filter_column(0, ["Indeed", "Monster"])
    check = DataValidation("list", formula1='"paid,open"', allow_blank=True)
    check.add("D4:D6")
    sheet.add_data_validation(check)
    sheet.conditional_formatting.add("C4:C6", CellIsRule("greaterThan", ["70"], fill=PatternFill(bgColor="FF0000")))
    sheet.print_area, sheet.print_title_rows = "A1:D6", "3:3"
    sheet.page_setup.orientation, sheet.oddFooter.center.text = "portrait", "Confidential"
    sheet.protection.sheet = True
    book.defined_names["Budget"] = DefinedName("Budget", attr_text="'Spend ''26'!$C$4:$C$6")
    sheet.defined_names["Local"] = DefinedName("Local", attr_text="'Spend ''26'!$A$1")
    lists = book.create_sheet("Lists")
    for row in (["Team", "Head"], ["TA", 3], ["HR", 4]):
        lists.append(row)
    lists.add_table(Table(displayName="Teams", ref="A1:B3"))
    lists.sheet_state = "hidden"
    book.create_sheet("Audit")["A1"] = "our own audit of last year"
    out = io.BytesIO()
    book.save(out)
    values = {"C4": ("n", "80"), "D5": ("str", "dear &amp; 'odd'"), "D6": ("e", "#N/A"), "F4": ("n", "160")}
    return calculated(out.getvalue(), values)


def calculated(data: bytes, values: Mapping[str, tuple[str, str]]) -> bytes:
    """The workbook with the values that a spreadsheet program leaves behind the formulas of its first sheet."""

    def change(xml: str) -> str:
        for address, (kind, value) in values.items():
            xml = re.sub(
                rf'(<c r="{address}"[^>]*)>(.*?)<v ?/>|<v></v>', rf'\1 t="{kind}">\2<v>{value}</v>', xml, count=1
            )
        return xml

    return rewritten(data, {"xl/worksheets/sheet1.xml": change})


def rewritten(data: bytes, changes: Mapping[str, Any]) -> bytes:
    """A workbook with parts changed by a function of their text, or added as text."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            text = before.read(name).decode()
            after.writestr(name, changes[name](text) if callable(changes.get(name)) else text)
        for name, text in changes.items():
            if isinstance(text, str):
                after.writestr(name, text)
    return out.getvalue()
