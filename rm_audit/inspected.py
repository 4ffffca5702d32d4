"""The document of `rm-audit inspect --format json`, `rm-audit/inspect/1`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rm_audit.book import Book
from rm_audit.days import from_day
from rm_audit.numbers import units
from rm_audit.report import Report, problem_item, sheet_account


def inspected(book: Book, bring: Sequence[str] = ()) -> Report:
    """Per sheet the account of the report, with the columns that were mapped, guessed, left over, and dropped as
    personal; then what all files hold together, and what to `bring` for a fuller audit, the most useful first.
    """
    inputs: list[dict[str, Any]] = [
        {
            "file": file.file,
            "sha256": file.sha256,
            "sheets": [{**sheet_account(sheet), "columns": dict(sheet.headers)} for sheet in file.sheets],
        }
        for file in book.inputs
    ]
    problems = [problem_item(problem) for problem in book.problems]
    whole = {"book": _book(book), "bring": list(bring)}
    return Report({"schema": "rm-audit/inspect/1", "inputs": inputs, "problems": problems, **whole})


def _book(book: Book) -> dict[str, Any]:
    """Rows by table, and the spend with its currency, channels and days."""
    spend = book.tables.get("spend")
    rows = {name: int(book.counts(name).sum()) for name, table in book.tables.items() if len(table)}
    if spend is None or not len(spend):
        return {"rows": rows, "spend": None}
    days = spend["start"].dropna() if "start" in spend else spend["amount"].iloc[:0]
    last = spend["end"].dropna() if "end" in spend else days
    return {
        "rows": rows,
        "spend": {
            "amount": units(int(spend["amount"].sum())),
            "currency": book.currency,
            "channels": int(spend["channel"].dropna().nunique()),
            "start": from_day(int(days.min())).isoformat() if len(days) else None,
            "end": from_day(int(max(days.max(), *last.nlargest(1)))).isoformat() if len(days) else None,
        },
    }
