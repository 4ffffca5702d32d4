"""The document of `rm-audit inspect --format json`, `rm-audit/inspect/1`."""

from __future__ import annotations

from typing import Any

from rm_audit.book import Book
from rm_audit.report import Report, problem_item, sheet_account


def inspected(book: Book) -> Report:
    """Per sheet the account of the report, with the columns that were mapped, left over, and dropped as personal."""
    inputs: list[dict[str, Any]] = [
        {
            "file": file.file,
            "sha256": file.sha256,
            "sheets": [{**sheet_account(sheet), "columns": dict(sheet.headers)} for sheet in file.sheets],
        }
        for file in book.inputs
    ]
    problems = [problem_item(problem) for problem in book.problems]
    return Report({"schema": "rm-audit/inspect/1", "inputs": inputs, "problems": problems})
