"""Which cells a report flags, and the comment and the fill that they get."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles.colors import Color
from openpyxl.utils.cell import column_index_from_string

from rm_audit.cells import MOST_ROWS
from rm_audit.findings import SEVERITIES
from rm_audit.rendering.words import Document, amount, clean, named
from rm_audit.rendering.workbook.look import fill
from rm_audit.report import Report

MOST_COMMENTS = 10_000  # judgement: with twice as many LibreOffice takes minutes to open the workbook
MOST_WORDS = 5  # findings that one comment tells; judgement: more do not fit on a screen
AUTHOR = "rm-audit"
_LETTERS_A_LINE, _LINE_HEIGHT, _WIDTH = 44, 17, 340  # of a comment in pixels, as Excel and LibreOffice draw it
_REF = re.compile(r"([A-Z]+)(\d+)(?::[A-Z]+(\d+))?")


@dataclass(frozen=True)
class Mark:
    """One cell that a finding flags: file and sheet of the input, position from 1, and its range where it is in one."""

    file: str
    sheet: str
    row: int
    column: int
    finding: int  # its number in the document
    within: str = ""

    @property
    def place(self) -> tuple[str, str]:
        return self.file, self.sheet


def shown(document: Document) -> list[tuple[int, Mapping[str, Any]]]:
    """The findings that the workbook tells, by their number: not those of trust rules, which are no flaw."""
    trust = {rule["id"] for rule in document["rules"] if rule["kind"] == "trust"}
    found = enumerate(document["findings"])
    return [(number, item) for number, item in found if item["rule"] not in trust or item["state"] == "waived"]


def split(address: str, document: Document) -> tuple[str, str, str]:
    """`plan.xlsx#Spend!D7` → file, sheet and cells. Names may hold # and !, cells never do."""
    files = [item["file"] for item in document["inputs"]]
    rest, mark, ref = address.rpartition("!")
    file = next((name for name in files if mark and rest.startswith(f"{name}#")), None)
    if file is None:
        name, _, ref = address.rpartition("#")
        return name, "", ref
    return file, rest[len(file) + 1 :], ref


def marks(report: Report) -> list[Mark]:
    """Every flagged cell, once a finding, in the order of the findings: most money first."""
    return [
        mark
        for number, finding in shown(report.page)
        for address in finding["cells"]
        for mark in _marks(report, number, finding, address)
    ]


def _marks(report: Report, number: int, finding: Mapping[str, Any], address: str) -> Iterator[Mark]:
    file, sheet, ref = split(address, report.page)
    match = _REF.fullmatch(ref)
    if match is None:
        return
    first, last = int(match[2]), int(match[3] or match[2])
    rows = report.rows.get(finding["id"], {}).get(address) or range(first, last + 1)
    for row in rows[:MOST_ROWS]:
        yield Mark(file, sheet, row, column_index_from_string(match[1]), number, ref if last > first else "")


def mark(
    book: Workbook,
    report: Report,
    wanted: Sequence[Mark],
    places: Mapping[tuple[str, str], str],
    most: int = MOST_COMMENTS,
) -> int:
    """Puts fills on the cells, and comments on the first of them; returns how many have the fill alone."""
    cells: dict[tuple[str, int, int], list[Mark]] = {}
    for item in wanted:
        if item.place in places:
            cells.setdefault((places[item.place], item.row, item.column), []).append(item)
    document = report.page
    told = {item.finding: _words(document, document["findings"][item.finding]) for item in wanted}
    for count, ((title, row, column), own) in enumerate(cells.items()):
        cell = _owner(book[title], row, column)
        _colour(cell, [document["findings"][item.finding] for item in own])
        if count < most:
            _comment(cell, own, told)
    return max(len(cells) - most, 0)


def _owner(sheet: Any, row: int, column: int) -> Any:
    """The cell, or the one that it is merged into."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        area = next(area for area in sheet.merged_cells.ranges if cell.coordinate in area)
        return sheet.cell(area.min_row, area.min_col)
    return cell


def _colour(cell: Any, findings: Sequence[Mapping[str, Any]]) -> None:
    """The fill of the worst open finding; grey where all are waived."""
    found = [finding["severity"] for finding in findings if finding["state"] == "fail"]
    cell.fill = fill(max(found, key=SEVERITIES.index) if found else "waived")
    if _is_light(cell.font.color):
        cell.font = _dark(cell.font)


def _comment(cell: Any, own: Sequence[Mark], told: Mapping[int, str]) -> None:
    """What each finding says, under what somebody wrote there before."""
    parts = [told[item.finding] + (f"\nOne of the cells of {item.within}." if item.within else "") for item in own]
    more = [f"And {len(parts) - MOST_WORDS} more: see the sheet of findings."] if len(parts) > MOST_WORDS else []
    text = "\n\n".join([*parts[:MOST_WORDS], *more])
    before = cell.comment
    author = before.author if before is not None else AUTHOR
    text = f"{before.text}\n\n{text}" if before is not None else text
    cell.comment = None  # one comment belongs to one cell: a new one takes its place
    cell.comment = Comment(text, author, height=_height(text), width=_WIDTH)


def _height(text: str) -> int:
    lines = sum(1 + len(line) // _LETTERS_A_LINE for line in text.split("\n"))
    return min(lines + 1, 40) * _LINE_HEIGHT


def _words(document: Document, finding: Mapping[str, Any]) -> str:
    """What the comment says: how bad, which rule, what is wrong, how much money, what to do."""
    state = "waived, " if finding["state"] == "waived" else "known, " if finding["known"] else ""
    lines = [f"{AUTHOR}: {state}{finding['severity']}, {named(document, finding['rule'])}", clean(finding["message"])]
    lines += [f"Money: {_money(document, finding['money'])}."] if finding["money"]["wanted"] else []
    lines += [f"Do: {clean(finding['fix'])}"]
    waiver = finding["waiver"]
    lines += [clean(f"Waived until {waiver['until']} by {waiver['owner']}: {waiver['reason']}")] if waiver else []
    return "\n".join(lines)


def _money(document: Document, money: Mapping[str, Any]) -> str:
    wanted, claimed = money["wanted"], money["amount"]
    if money["upcoming"]:
        return f"{money['class']}, ahead: {amount(document, money['upcoming'])}"
    if wanted - claimed < 1:
        return f"{money['class']} {amount(document, claimed)}"
    rest = "all of it is" if not claimed else f"{amount(document, claimed)} counts here, the rest is"
    return f"{money['class']} {amount(document, wanted)}; {rest} counted under another finding"


def _is_light(color: Color | None) -> bool:
    """Whether words in this colour could not be read on a light fill."""
    if color is None:
        return False
    if color.type == "theme":
        return color.theme == 0 and not color.tint  # white in the themes of both programs
    if color.type != "rgb" or not isinstance(color.rgb, str):
        return False
    red, green, blue = (int(color.rgb[at : at + 2], 16) for at in (2, 4, 6))
    return 0.3 * red + 0.59 * green + 0.11 * blue > 150  # the brightness that television gives to three colours


def _dark(font: Any) -> Any:
    dark = copy(font)
    dark.color = Color(rgb="FF000000")
    return dark
