"""What a measurement needs beside the book: the day of judgement and how far the outcomes reach."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rm_audit.book import Book
from rm_audit.tables import AMOUNT_COLUMN, COUNT, ROW

_OUTCOME_DAYS = ("applied_at", "qualified_at", "interviewed_at", "offered_at", "hired_at", "rejected_at", "left_at")

# What names, days and marks were made of. There may be many rows, and a copy of them is large.
_AS_WRITTEN = ["source", "job_title", "stage", ROW, AMOUNT_COLUMN]


@dataclass(frozen=True)
class Context:
    """A book on a day. `data_through` is the last outcome day not after `as_of`; None where outcomes have no days."""

    book: Book
    as_of: int
    data_through: int | None


def context(book: Book, as_of: int) -> Context:
    table = book.tables.get("applications")
    columns = [] if table is None else [table[name].dropna() for name in _OUTCOME_DAYS if name in table]
    past = [past for days in columns if len(past := days[days <= as_of])]
    return Context(book, as_of, max((int(days.max()) for days in past), default=None))


def row_by_row(ctx: Context) -> Context:
    """The same with a row an application, for what weighs each of them by its own days."""
    if not ctx.book.has("applications", COUNT):
        return ctx
    counts = ctx.book.counts("applications")
    if (counts == 1).all():
        return ctx
    table = ctx.book.tables["applications"].drop(columns=_AS_WRITTEN, errors="ignore")
    rows = table.take(np.repeat(np.arange(len(table)), counts)).reset_index(drop=True)
    return replace(ctx, book=replace(ctx.book, tables={**ctx.book.tables, "applications": rows}))
