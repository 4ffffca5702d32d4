"""The planning workbook of `rm-audit init`: drop-downs, notes and sums, so that a good plan is easy to write."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rm_audit.cli.options import usage

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

PLAN_FILE = "plan.xlsx"
_HEAD, _BODY, _EDGE, _LACKS = "1F3A4D", "F4F7F9", "C9D3DA", "FBE3B5"
_AUTHOR, _FONT = "rm-audit", "Calibri"


def write_plan(target: Path, currency: str | None) -> None:
    """Writes the workbook where nothing is there. Raises UsageError where the folder may not be written to."""
    from openpyxl import Workbook
    from openpyxl.worksheet.properties import PageSetupProperties

    from rm_audit.yamls import load

    text = (Path(__file__).parent / "plan-template.yaml").read_text(encoding="utf-8")
    template: dict[str, Any] = load(text, "plan-template.yaml").data
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = template["sheet"]
    for number, column in enumerate(template["columns"], 1):
        _column(sheet, number, column, template["rows"], currency)
    _mark_gaps(sheet, template)
    sheet.freeze_panes, sheet.print_title_rows = "B2", "1:1"
    sheet.row_dimensions[1].height = 24
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    _sums(book.create_sheet(template["sums"]["title"]), template, currency)
    saved = io.BytesIO()
    book.save(saved)
    try:
        with target.open("xb") as file:
            file.write(_calculated(saved))
    except OSError as error:
        raise usage(f"'{target}' cannot be written: {error.strerror}", "Give a folder that you may write to.") from None


def _calculated(saved: io.BytesIO) -> bytes:
    """The workbook with the values of its formulas, which are all 0 while no line is written: the library stores none,
    and a program that reads the file without calculating would find them missing."""
    with_values = io.BytesIO()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(with_values, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            new.writestr(item, re.sub(rb"</f><v ?/>|</f><v></v>", b"</f><v>0</v>", data))
    return with_values.getvalue()


def _column(sheet: Worksheet, number: int, column: Mapping[str, Any], rows: int, currency: str | None) -> None:
    """A header with its note, and cells with their format, choices and hint."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    money = column.get("money", False)
    head = sheet.cell(1, number, f"{column['title']} ({currency})" if money and currency else column["title"])
    head.font, head.fill = Font(name=_FONT, bold=True, color="FFFFFF"), PatternFill("solid", fgColor=_HEAD)
    head.alignment = Alignment(horizontal="right" if money else "left", vertical="center", indent=int(money))
    head.comment = Comment(column["note"], _AUTHOR, width=260, height=90)
    letter = get_column_letter(number)
    sheet.column_dimensions[letter].width = column["width"]
    line = Side(style="hair", color=_EDGE)
    for row in range(2, rows + 2):
        cell = sheet.cell(row, number)
        cell.border = Border(bottom=line)
        if row % 2:
            cell.fill = PatternFill("solid", fgColor=_BODY)
        if money:
            cell.number_format = "#,##0.00"
            cell.alignment = Alignment(horizontal="right", indent=1)  # or it touches the words beside it
    _validated(sheet, f"{letter}2:{letter}{rows + 1}", column)


def _validated(sheet: Worksheet, cells: str, column: Mapping[str, Any]) -> None:
    """The hint that shows when a cell is chosen; a drop-down, or a number where it is money."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if column.get("money"):
        rule = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
        rule.errorStyle, rule.error, rule.errorTitle = (
            "stop",
            "Write an amount from 0 up, as a number.",
            column["title"],
        )
    elif "choices" in column:
        rule = DataValidation(type="list", formula1=f'"{",".join(column["choices"])}"', allow_blank=True)
        # Another word is allowed: the list helps, and the audit judges what is written.
        rule.errorStyle, rule.error, rule.errorTitle = "warning", "This is not in the list. Keep it?", column["title"]
    else:
        rule = DataValidation(allow_blank=True)
    rule.showErrorMessage, rule.showInputMessage = True, True
    rule.promptTitle, rule.prompt = column["title"], column["note"]
    rule.add(cells)
    sheet.add_data_validation(rule)


def _letters(template: Mapping[str, Any]) -> dict[str, str]:
    """Column of the plan → its letter."""
    from openpyxl.utils import get_column_letter

    return {column["title"]: get_column_letter(number) for number, column in enumerate(template["columns"], 1)}


def _mark_gaps(sheet: Worksheet, template: Mapping[str, Any]) -> None:
    """What a line with money still needs is coloured until it is there."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import PatternFill

    letters, last = _letters(template), template["rows"] + 1
    for column in template["columns"]:
        if column.get("needed"):
            letter = letters[column["title"]]
            empty = f'AND(N(${letters["Budget"]}2)>0,TRIM(${letter}2)="")'
            rule = FormulaRule(formula=[empty], fill=PatternFill("solid", bgColor=_LACKS))  # type: ignore[no-untyped-call]
            sheet.conditional_formatting.add(f"{letter}2:{letter}{last}", rule)


def _sums(sheet: Worksheet, template: Mapping[str, Any], currency: str | None) -> None:
    """The plan added up by category, and what would be found in a check, as formulas over the plan's rows."""
    from openpyxl.formatting.rule import CellIsRule
    from openpyxl.styles import Font, PatternFill

    words, last = template["sums"], template["rows"] + 1
    place = {title: f"{template['sheet']}!${letter}$2:${letter}${last}" for title, letter in _letters(template).items()}
    budget = place["Budget"]
    lines = [(f"{words['whole']} ({currency})" if currency else words["whole"], f"=SUM({budget})")]
    categories: Sequence[str] = next(item["choices"] for item in template["columns"] if item["title"] == "Category")
    lines += [(name, f"=SUMIF({place['Category']},A{row},{budget})") for row, name in enumerate(categories, 2)]
    needed = [item["title"] for item in template["columns"] if item.get("needed")]
    lines += [(words["lacking"].format(title=title), f'=SUMIF({place[title]},"",{budget})') for title in needed]
    for row, (name, formula) in enumerate(lines, 1):
        sheet.cell(row, 1, name).font = Font(name=_FONT, bold=row == 1 or row > len(lines) - len(needed))
        sheet.cell(row, 2, formula).number_format = "#,##0.00"
    lacking = CellIsRule(operator="greaterThan", formula=["0"], fill=PatternFill("solid", bgColor=_LACKS))  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add(f"B{len(lines) - len(needed) + 1}:B{len(lines)}", lacking)
    sheet.cell(len(lines) + 2, 1, template["hint"]).font = Font(name=_FONT, italic=True)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 18
