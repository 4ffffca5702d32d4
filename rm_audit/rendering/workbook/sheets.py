"""The two sheets of our own: the findings with links to their cells, and what could not be judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from rm_audit.cells import letters
from rm_audit.errors import Problem
from rm_audit.numbers import exact_money
from rm_audit.rendering.words import Document, clean, files, is_setting, named, place, to_bring
from rm_audit.rendering.workbook.look import Styles, body, fill, link, on_paper, put, put_head, title, widths
from rm_audit.rendering.workbook.marks import shown, split
from rm_audit.rendering.workbook.rows import free_title

AUDIT, GAPS = "Audit", "Could not judge"
LINKS = 3  # cells of a finding that are links; the others are named
_HEADS = [
    "No.", "Severity", "State", "About", "What is wrong", "Doubt", "Counted", "Doubted", "What to do",
    "Cell", "Cell 2", "Cell 3", "Further cells", "Rule",
]  # fmt: skip
_WIDTHS = (6, 10, 9, 24, 46, 14, 13, 13, 44, 24, 24, 24, 40, 26)
_FREE = len(_HEADS) - 2  # further cells may be many, and would make every row high
_GAP_WIDTHS = (58, 78, 46)
_FIRST_LINK = 10
_ON_PAPER = "J"  # the last column that is printed


def add_audit(book: Workbook, document: Document, places: Mapping[tuple[str, str], str]) -> None:
    """The findings as the first sheet, which is the one that is open."""
    sheet = book.create_sheet(free_title(book, AUDIT), 0)
    lines = _head(document)
    for row, words in enumerate(lines, 1):
        title(sheet, row, words, big=row == 1)
    head = len(lines) + 2
    put_head(sheet, head, _HEADS, ("No.", "Counted", "Doubted"))
    found, styles = shown(document), Styles()
    for row, (_, finding) in enumerate(found, head + 1):
        _finding(sheet, row, row - head, document, finding, styles)
        _links(sheet, row, document, finding["cells"], places)
    if not found:
        title(sheet, head + 1, "No finding.")
    widths(sheet, _WIDTHS)
    sheet.freeze_panes = f"A{head + 1}"
    sheet.auto_filter.ref = f"A{head}:{letters(len(_HEADS))}{max(head + len(found), head + 1)}"
    sheet.print_area = f"A1:{_ON_PAPER}{head + max(len(found), 1)}"
    on_paper(sheet, head)
    _open(book)


def _open(book: Workbook) -> None:
    """Opens the workbook on its first sheet alone: with two sheets chosen, what is typed goes into both."""
    for other in book.worksheets:
        for view in other.views.sheetView:
            view.tabSelected = False
    for chart in book.chartsheets:
        for look in chart.sheetViews.sheetView:
            look.tabSelected = False
    book.active = 0
    book.worksheets[0].sheet_view.tabSelected = True
    for window in book.views:
        window.firstSheet = 0


def _head(document: Document) -> list[str]:
    money, score = document["money"], document["score"]
    currency = document["currency"] or ""
    what = "Plan examined" if money["basis"] == "plan" else "Spend examined"
    classes = ", ".join(
        f"{name} {exact_money(money[name], currency)}" for name in ("avoidable", "unproven", "misdirected", "unclaimed")
    )
    value = "No score: too little could be judged" if score["value"] is None else f"Score {score['value']:.0f} of 100"
    span = f"{score['low']:.0f} to {score['high']:.0f}, by what was not judged"
    return [
        f"Audit of {files(document)}",
        f"Judged as of {document['as_of']} by rm-audit {document['tool']['version']}, "
        f"rules {document['ruleset']['hash']}.",
        f"{value} ({span}); {score['coverage']:.0%} of the weight judged.",
        f"{what}: {exact_money(money['examined'], currency)}: {classes}.",
        "Counted adds up to these amounts, no money twice. Doubted is what the finding alone doubts.",
    ]


def _finding(
    sheet: Worksheet, row: int, number: int, document: Document, finding: Mapping[str, Any], styles: Styles
) -> None:
    money = finding["money"]
    state = "waived" if finding["state"] == "waived" else "known" if finding["known"] else "open"
    doubt = f"{money['class']}, ahead" if money["upcoming"] else money["class"] or ""
    wrong, waiver = clean(finding["message"]), finding["waiver"]
    wrong += clean(f" Waived until {waiver['until']} by {waiver['owner']}: {waiver['reason']}") if waiver else ""
    amounts = (float(money["amount"]), float(money["wanted"])) if money["class"] else (None, None)
    about = clean(finding["subject"]["name"])
    about = "" if about == "this audit" else about
    values = (number, finding["severity"], state, about, wrong, doubt, *amounts, finding["fix"])
    wrapped = [0 if column == _FREE else width for column, width in enumerate(_WIDTHS)]
    more = ", ".join(finding["cells"][LINKS:])
    body(sheet, row, (*values, *[""] * LINKS, clean(more), named(document, finding["rule"])), wrapped, styles)
    sheet.cell(row, 2).fill = fill("waived" if state == "waived" else finding["severity"])


def _links(
    sheet: Worksheet, row: int, document: Document, cells: Sequence[str], places: Mapping[tuple[str, str], str]
) -> None:
    for column, address in enumerate(cells[:LINKS], _FIRST_LINK):
        file, inside, ref = split(address, document)
        to = places.get((file, inside))
        put(sheet, row, column, address if to is None else f"{to}!{ref}")
        if to is not None:
            link(sheet, row, column, to, ref)


def add_gaps(book: Workbook, document: Document, notes: Sequence[Problem]) -> None:
    """What to bring, what cannot be told yet, what is wrong with the data, and what this copy does not have."""
    sheet = book.create_sheet(free_title(book, GAPS), 0)
    title(sheet, 1, "What could not be judged, and what to bring", big=True)
    bring = [(f"{item[:1].upper()}{item[1:]}", "; ".join(titles), len(titles)) for item, titles in to_bring(document)]
    blocks: tuple[tuple[Sequence[str], Sequence[Sequence[Any]]], ...] = (
        (("Bring", "Then these can be judged", "Rules"), bring),
        (("Cannot be told yet", "Why", "Cases"), _waiting(document)),
        (("About the data", "What to do", "Where"), _problems(document)),
        (("About this workbook", "What to do", "File"), [(note.message, note.help, note.file) for note in notes]),
    )
    row, styles = 3, Styles()
    for heads, rows in blocks:
        if rows:
            put_head(sheet, row, heads, ("Rules", "Cases"))
            for offset, values in enumerate(rows, 1):
                body(sheet, row + offset, values, _GAP_WIDTHS, styles)
            row += len(rows) + 2
    if row == 3:
        title(sheet, row, "Every rule was judged.")
    widths(sheet, _GAP_WIDTHS)
    on_paper(sheet)


def _waiting(document: Document) -> list[tuple[str, str, int]]:
    rules = [rule for rule in document["rules"] if rule["judged"]["cannot_tell"] and rule["status"] == "stable"]
    why = {rule["id"]: f"Held back by {rule['blocked_by']}" for rule in rules if rule["blocked_by"]}
    return [
        (rule["title"], why.get(rule["id"], "Too little evidence yet"), rule["judged"]["cannot_tell"]) for rule in rules
    ]


def _problems(document: Document) -> list[tuple[str, str, str]]:
    found = [problem for problem in document["problems"] if not is_setting(problem)]
    return [
        (f"{problem['level']}: {problem['message']}", problem["help"], place(problem).removesuffix(": "))
        for problem in found
    ]
