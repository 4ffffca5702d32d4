"""The books of the audit itself: what must add up on every run, checked before anything is reported.

A sum that does not is a fault of this program and never of a file. No report is written then: a wrong total is worse
than none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from rm_audit.book import Book
from rm_audit.errors import InputError, Problem
from rm_audit.ledger import Claim, Ledger
from rm_audit.numbers import units
from rm_audit.tables import COUNT, MONEY_COLUMN, ROW, SHEET

_HELP = "This is a fault of rm-audit and not of your files. Please report it with this line; no report was written."


class BalanceError(InputError):
    """Sums of one run contradict each other."""


def check_read(book: Book) -> None:
    """Examined + set aside = read, sheet by sheet: the account of a sheet says what its table holds, in rows and in
    micro-units. Raises BalanceError."""
    for number, sheet in enumerate(book.accounts):
        frame = book.tables.get(sheet.table or "")
        if frame is None:
            continue
        own = frame[SHEET].to_numpy() == number
        used = _rows(frame[own])
        if used != sheet.rows_read - sheet.rows_aside:
            words = f"{used} rows used and {sheet.rows_aside} set aside are not the {sheet.rows_read} read"
            raise _error("rows", words, sheet.name)
        money = MONEY_COLUMN.get(sheet.table or "")
        held = int(frame[money][own].sum()) if money and money in frame else 0
        if held != sheet.amount_used:
            words = f"{units(held):,.2f} is examined, and the account of the sheet says {units(sheet.amount_used):,.2f}"
            raise _error("money", words, sheet.name)


def _rows(frame: pd.DataFrame) -> int:
    """The rows of the file behind rows of a table: a month each may share one, and a rolled-up row has several."""
    rows = frame[ROW].to_numpy()
    rolled = int(frame[COUNT][rows == 0].sum()) if COUNT in frame else 0
    return len(np.unique(rows[rows > 0])) + rolled


def check_claims(ledgers: Mapping[str, Ledger], claims: Sequence[Claim]) -> None:
    """Claimed + unclaimed = examined, to the micro-unit: no row is claimed beyond its amount, and what the findings
    were granted is what the rows gave. Raises BalanceError."""
    for table, ledger in ledgers.items():
        taken = int(ledger.claimed.sum())
        granted = sum(claim.claimed for claim in claims if claim.table == table)
        if (ledger.claimed < 0).any() or (ledger.remaining < 0).any():
            raise _error("money", f"more is claimed of a row of {table} than it holds")
        if taken != granted:
            words = f"findings claim {units(granted):,.2f} of {table}, and its rows gave {units(taken):,.2f}"
            raise _error("money", words)


def _error(what: str, words: str, sheet: str = "") -> BalanceError:
    add_up = "do not add up" if what == "rows" else "does not add up"
    return BalanceError(
        Problem("error", "out-of-balance", f"the {what} of this run {add_up}: {words}", _HELP, sheet=sheet)
    )
