"""What a measurement needs beside the book: the day of judgement and how far the outcomes reach."""

from __future__ import annotations

from dataclasses import dataclass

from rm_audit.book import Book

_OUTCOME_DAYS = ("applied_at", "qualified_at", "interviewed_at", "offered_at", "hired_at", "rejected_at", "left_at")


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
