"""The report inside a copy of the user's own workbook: marks on the cells, a sheet of findings, a sheet of gaps.

sources ─► copy      the first workbook, opened by openpyxl, with what it would change put back
        ─► losses    what the copy cannot carry, in words
        ─► rows      sheets of the other files: their values, nothing of their look
report  ─► marks     which cells of which sheet, with what to say there
        ─► sheets    "Audit" and "Could not judge"
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from rm_audit.errors import Problem, UsageError
from rm_audit.readers import FileRead, contents, read_paths
from rm_audit.rendering.words import Document
from rm_audit.rendering.workbook.copy import Copy, NotOpenedError, empty, opened, saved
from rm_audit.rendering.workbook.losses import losses
from rm_audit.rendering.workbook.marks import MOST_COMMENTS, mark, marks
from rm_audit.rendering.workbook.rows import Place, add_rows, by_place
from rm_audit.rendering.workbook.sheets import add_audit, add_gaps
from rm_audit.report import Report

Tell = Callable[[Problem], None]


def workbook(report: Report, sources: str | Path | Sequence[str | Path] = (), tell: Tell | None = None) -> bytes:
    """The bytes of an xlsx file: a copy of the first workbook of `sources`, which are the paths that were audited.

    `tell` is given what the copy cannot carry, before it is made. Without sources there are the two sheets alone.
    Raises UsageError where a source is not what it was when it was audited.
    """
    listed = [sources] if isinstance(sources, str | Path) else list(sources)
    files = _files(report, listed)
    copy, whole, notes = _copy(report.page, files, contents(listed) if listed else {})
    for note in notes:
        if tell is not None:
            tell(note)
    places = {(whole, sheet.title): sheet.title for sheet in copy.book.worksheets}
    wanted = marks(report)
    added = add_rows(copy.book, [file for file in files if file.source.file != whole], by_place(wanted))
    places |= added.places
    silent = mark(copy.book, report, wanted, places)
    notes = [*notes, *added.notes, *_said(silent)]
    add_gaps(copy.book, report.page, notes)
    add_audit(copy.book, report.page, places)
    return saved(copy, report.page["as_of"])


def _files(report: Report, sources: Sequence[str | Path]) -> list[FileRead]:
    known = {item["file"]: item["sha256"] for item in report.page["inputs"]}
    files = [file for file in (read_paths(sources) if sources else ()) if file.sheets]
    for file in files:
        if known.get(file.source.file) != file.source.sha256:
            words = "this file is not what was audited: it changed, or was not among the inputs"
            raise UsageError(Problem("error", "not-audited", words, "Run the audit again.", file=file.source.file))
    return files


def _copy(document: Document, files: Sequence[FileRead], data: dict[str, bytes]) -> tuple[Copy, str, list[Problem]]:
    """The workbook to write into, the name of the file that it copies, and what is to be said of that."""
    read = {item["file"] for item in document["inputs"] if any(sheet["profile"] for sheet in item["sheets"])}
    books = [file.source.file for file in files if file.kind == "xlsx"]
    notes: list[Problem] = []
    for name in sorted(books, key=lambda name: name not in read):  # first one with something in it that was judged
        try:
            copy = opened(data[name], document["as_of"])
        except NotOpenedError as error:
            notes.append(_unopened(name, str(error)))
            continue
        return copy, name, [*notes, *losses(name, data[name], copy), *_others(name, books)]
    return empty(document["as_of"]), "", notes


def _unopened(name: str, why: str) -> Problem:
    words = f"this workbook cannot be copied with its formulas and formats ({why}); the copy has its values"
    return Problem("warning", "not-copied", words, "Save it anew in Excel or LibreOffice, then run again.", file=name)


def _others(name: str, books: Sequence[str]) -> list[Problem]:
    others = [book for book in books if book != name]
    if not others:
        return []
    words = f"this workbook is copied whole; the copy has the values alone of {', '.join(others)}"
    return [Problem("warning", "one-copy", words, "To have another one whole, name it first.", file=name)]


def _said(silent: int) -> list[Problem]:
    words = (
        f"{silent:,} flagged cells have a colour and no comment: {MOST_COMMENTS:,} have one, those with the most money"
    )
    return [Problem("info", "no-comment", words, "The sheet of findings names them all.")] if silent else []


__all__ = ["Place", "workbook"]
