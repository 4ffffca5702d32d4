"""What a spend sheet may be read wrongly by, said before anybody trusts the sum."""

from __future__ import annotations

from collections.abc import Sequence

from rm_audit.cells import letters
from rm_audit.profiles.headers import plain
from rm_audit.profiles.totals import sums_neighbours
from rm_audit.profiles.work import Work

FEW_ROWS = 4  # judgement: in three rows one is the sum of the others too often by chance


def say_what_may_mislead(work: Work, amounts: Sequence[int | None]) -> None:
    """A second column of money, amounts of which only some name a currency, rows that look like subtotals."""
    if work.layout.table != "spend":
        return
    used = [position for position in range(len(work.rows)) if position not in work.aside]
    if not work.layout.months:
        _say_two_amounts(work)
        _say_some_currencies(work, used)
    _say_subtotals(work, [(work.rows[position][0], amounts[position] or 0) for position in used])


def _say_two_amounts(work: Work) -> None:
    header = work.sheet.rows[work.layout.header_row]
    table = next(item for item in work.profile.tables if item.table == "spend")
    others = [place for place in work.layout.unmapped if table.headers.get(plain(header[place])) == "amount"]
    if others:
        names = ", ".join(f"'{' '.join(str(header[place]).split())}' in {letters(place + 1)}" for place in others)
        own = letters(work.layout.columns["amount"] + 1)
        help = f"Column {own} is what counts. Rename or delete the one that should not."
        words = f"another column of money is left over: {names}"
        work.complain("warning", "two-amounts", words, help, (work.layout.header_row + 1, others[0]))


def _say_some_currencies(work: Work, used: Sequence[int]) -> None:
    codes = [work.columns["currency"][position] for position in used] if "currency" in work.columns else []
    if any(codes) and not all(codes):
        bare = work.rows[used[codes.index(None)]][0]
        words = f"{codes.count(None)} of {len(codes)} amounts name no currency, and are taken to be in the book's"
        help = "Name the currency in the header, or in a column called Currency."
        work.complain("warning", "some-currencies", words, help, (bare, work.layout.columns["amount"]))


def _say_subtotals(work: Work, rows: Sequence[tuple[int, int]]) -> None:
    amounts = [amount for _, amount in rows]
    found = [row for position, (row, _) in enumerate(rows) if sums_neighbours(amounts, position)]
    if found and len(rows) >= FEW_ROWS:
        names = ", ".join(map(str, found[:5])) + (" and more" if len(found) > 5 else "")
        shown = f"row{'s' if len(found) > 1 else ''} {names}"
        words = f"the amount in {shown} is the sum of the rows beside it, and both count"
        help = "If it is a subtotal, call it Subtotal in the first column, or delete the row."
        column = work.layout.columns.get("amount", work.layout.total_column or 0)
        work.complain("warning", "subtotals", words, help, (found[0], column))
