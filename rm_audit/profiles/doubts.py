"""What a spend sheet may be read wrongly by, said before anybody trusts the sum."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from rm_audit.cells import letters
from rm_audit.profiles.blocks import is_number
from rm_audit.profiles.headers import plain, without_code
from rm_audit.profiles.library import generic
from rm_audit.profiles.summing import named_as_beside, other_measures
from rm_audit.profiles.totals import contradicted, is_chance, runs, sums_neighbours
from rm_audit.profiles.work import Work
from rm_audit.readers import Value
from rm_audit.tables import MICROS, MONEY_COLUMN

_MONEY = frozenset(("spend", "spent", "cost", "costs", "fee", "fees", "kosten", "ausgaben", "coût", "gasto", "custo"))
_NO_SPEND = re.compile(
    r"\b(?:per|avg|average|ec?pm|cp[acmlv]|rate|budget|plan(?:ned)?|target|forecast|conv(?:ersions?)?|value|revenue|ro[ia]s?"
    r"|cent(?:er|re)|type|code|category|name|id|currency|model|status|pro|por|par|daily|limit|cap|bid|date|salary)\b|/"
)
SAMPLE = 200  # cells that are looked at
DEAREST_CLICK = 50_000  # judgement: more than any click in any currency; micro-units make a click 1,000,000 and up
NOT_IN_MICROS = "If they are, call the column cost_micros, or divide by 1,000,000."
FEW_ROWS = 4  # judgement: in three rows one is the sum of the others too often by chance
MANY_ROWS = 1000  # judgement: nobody keeps so many shares in a sheet


def say_changes(work: Work) -> None:
    """An export that has other headers than when its profile was written, column by column."""
    layout = work.layout
    if not layout.gone and not layout.new and not layout.renamed:
        return
    told = [f"'{lost}' is gone, and '{new}' is taken for it" for new, lost in layout.renamed.items()]
    told += [f"'{name}' is gone" for name in layout.gone] + [f"'{name}' is new" for name in layout.new]
    words = f"this export has changed since the profile {work.profile.id} was written: {', '.join(told)}"
    help = "What is new is left over, not lost. Write a profile of your own: rm-audit profiles draft FILE."
    work.complain(
        "warning" if layout.gone or layout.renamed else "info", "headers-changed", words, help, (layout.header_row, 0)
    )


def say_guesses(work: Work) -> None:
    """Columns that were known by what their headers mean and by what stands in them, and by no profile's word."""
    layout = work.layout
    names = {place: name.removeprefix("o_") for name, place in layout.columns.items()}
    told = [f"'{work.header(p)}' is taken for {names[p]} ({sure:.0%} sure)" for p, (sure, _) in layout.guessed.items()]
    if told:
        money = layout.columns.get(MONEY_COLUMN.get(layout.table, "")) in layout.guessed
        words = f"headers that no profile knows: {', '.join(sorted(told))}"
        help = "If one is wrong, rename it, or describe the export: rm-audit profiles draft FILE."
        work.complain("warning" if money else "info", "guessed-columns", words, help, (layout.header_row, 0))


def say_what_may_mislead(work: Work, amounts: Sequence[int | None]) -> None:
    """A second column of money, amounts of which only some name a currency, rows that look like subtotals."""
    if work.layout.table != "spend":
        _say_money_left(work)
        return
    used = [position for position in range(len(work.rows)) if position not in work.aside]
    if not work.layout.months:
        _say_short_rows(work)
        _say_micros(work, used, amounts)
        _say_two_amounts(work)
        _say_some_currencies(work, used)
    _say_shares(work, used)
    _say_subtotals(work, [(position, amounts[position] or 0) for position in used])
    whole = work.layout.unsaid and all((amounts[position] or 0) % MICROS == 0 for position in used)
    if used and whole and not any(work.columns.get("currency", ())):
        words = "nothing says that these columns of months hold money; they are taken for it"
        help = "Write Spend, Cost or a currency in a header or a title, or leave the sheet out."
        work.complain("warning", "money-unsaid", words, help, (work.layout.header_row, min(work.layout.months)))


def _say_short_rows(work: Work) -> None:
    """In a text file, rows that all end before the header does may stand under the wrong headers."""
    if work.block.sheet.name:
        return
    wanted, widths = len(work.layout.headers), work.lengths - {0}
    if widths and max(widths) == min(widths) < wanted and max(widths) > 1:
        words = f"every row has {max(widths)} cells under {wanted} headers, so values may stand under the wrong ones"
        help = "Compare a row with the platform's page, and add what is missing."
        work.complain("warning", "short-rows", words, help, (work.layout.header_row, 0))


def _say_micros(work: Work, used: Sequence[int], amounts: Sequence[int | None]) -> None:
    known = [amounts[p] or 0 for p in used]
    column = work.columns.get("clicks", ())
    counted: list[int] = [column[p] or 0 for p in used] if column else []  # type: ignore[misc]  # counts are integers
    words = in_micros(sum(known), sum(counted))
    if words and all(amount % MICROS == 0 for amount in known):
        place = (work.layout.header_row, work.layout.columns["amount"])
        work.complain("warning", "perhaps-micros", words, NOT_IN_MICROS, place)


def in_micros(spent: int, clicks: int) -> str:
    """What to say where a click costs a fortune: whole amounts are likely millionths then, as interfaces of ad
    platforms give them. Empty where it does not."""
    if not clicks or spent <= DEAREST_CLICK * MICROS * clicks:
        return ""
    return f"a click costs {spent / MICROS / clicks:,.0f}: the amounts may be in micro-units"


def _say_two_amounts(work: Work) -> None:
    layout = work.layout
    table = next(item for item in work.profile.tables if item.table == "spend")
    known = {header for group in work.profile.known for header in group}  # a profile says that these are no spend
    left = [place for place in layout.unmapped if without_code(plain(layout.headers[place])) not in known]
    others = [place for place in left if _is_money(layout.headers[place], table.headers)] or _rivals(work)
    if others:
        own = letters(work.block.column(layout.columns["amount"]))
        names = ", ".join(f"'{work.header(p)}' in {letters(work.block.column(p))}" for p in others)
        help = f"Column {own} is what counts. Rename or delete the one that should not."
        words = f"another column of money is left over: {names}"
        work.complain("warning", "two-amounts", words, help, (layout.header_row, others[0]))


def _say_money_left(work: Work) -> None:
    """Money spent beside a plan, a list of hires or of requisitions is no part of that table: it must not go unsaid."""
    if work.layout.table in ("traffic", "messages") or not work.profile.own:
        return
    ordinary = next(item for item in generic().tables if item.table == "spend")
    left = [p for p in work.layout.unmapped if _is_money(work.layout.headers[p], ordinary.headers) and _counts(work, p)]
    if left:
        kind = work.layout.table.replace("_", " ")
        names = ", ".join(f"'{work.header(p)}' in {letters(work.block.column(p))}" for p in left)
        words = f"money stands here that is not read as spend: {names}; the sheet is taken for a table of {kind}"
        help = "Give the spend a sheet of its own: a channel, an amount, and a month."
        work.complain("warning", "money-left", words, help, (work.layout.header_row, left[0]))


def _counts(work: Work, column: int) -> bool:
    return any(is_number(value) for value in work.cells(column)[:SAMPLE])


def _rivals(work: Work) -> list[int]:
    """Columns that may mean the money as well, where it was known by its meaning alone."""
    layout = work.layout
    if layout.columns.get("amount") not in layout.guessed:
        return []
    from rm_audit.profiles.meaning import THRESHOLD, candidates

    guesses = {p: candidates(layout.headers[p], work.cells(p)[:200], "spend") for p in layout.unmapped}
    return [
        p for p, found in guesses.items() if found and found[0].column == "amount" and found[0].confidence >= THRESHOLD
    ]


def _is_money(header: Value, known: Mapping[str, str]) -> bool:
    """Whether a header that is left over speaks of money spent, and not of a rate, a budget or a value."""
    if known.get(plain(header)) == "amount":
        return True
    return bool(set(plain(header).split()) & _MONEY) and not _NO_SPEND.search(str(header).casefold())


def _say_some_currencies(work: Work, used: Sequence[int]) -> None:
    codes = [work.columns["currency"][position] for position in used] if "currency" in work.columns else []
    if any(codes) and not all(codes):
        bare = used[codes.index(None)]
        words = f"{codes.count(None)} of {len(codes)} amounts name no currency, and are taken to be in the book's"
        help = "Name the currency in the header, or in a column called Currency."
        work.complain("warning", "some-currencies", words, help, work.at(bare, work.layout.columns["amount"]))


def _say_shares(work: Work, used: Sequence[int]) -> None:
    """Money that is nowhere more than 1, with decimals, is a rate or a share; but in a log it is that of a click."""
    if len(used) > MANY_ROWS:
        return
    columns = [work.columns[f"m_{column}"] for column in work.layout.months] or [work.columns.get("amount", [])]
    found: list[int] = []
    for amount in (int(str(column[p])) for column in columns for p in used if column and column[p] is not None):
        if amount > MICROS:  # money, as nearly always: the others need not be looked at
            return
        found.append(amount)
    if len(found) >= FEW_ROWS and any(amount % MICROS for amount in found):
        words = "no amount of this sheet is more than 1: they look like shares or rates, and are taken for money"
        help = "Leave the sheet out if they are, or write the amounts in whole units of the currency."
        spot = min(work.layout.months, default=work.layout.columns.get("amount", 0))
        work.complain("warning", "looks-like-shares", words, help, work.at(used[0], spot))


def _say_subtotals(work: Work, rows: Sequence[tuple[int, int]]) -> None:
    amounts = [amount for _, amount in rows]
    if len(rows) < FEW_ROWS:
        return
    known = np.array(amounts, dtype=np.int64)
    kept = [position for position, _ in rows]
    said = [[column[position] for position in kept] for column in other_measures(work)]
    others = [np.array([value or 0 for value in column], dtype=np.int64) for column in said]
    near = set()
    for step in (1, -1):
        for place, length in runs(known, step).items():
            # What the row leaves blank says nothing: many subtotals are of the amounts alone.
            own = [other for other, column in zip(others, said, strict=True) if column[place] is not None]
            near |= set() if contradicted(own, place, step, length) else {place}
    summed = [place for place in sorted(near) if sums_neighbours(amounts, place)]
    found = [rows[place][0] for place in summed if not named_as_beside(work, rows[place][0])]
    if found and not is_chance(len(found), len(rows)):
        numbers = [str(work.row(position)) for position in found]
        names = ", ".join(numbers[:5]) + (" and more" if len(found) > 5 else "")
        shown = f"row{'s' if len(found) > 1 else ''} {names}"
        words = f"the amount in {shown} is the sum of the rows beside it, and both count"
        help = "If it is a subtotal, call it Subtotal in the first column, or delete the row."
        column = work.layout.columns.get("amount", max(work.layout.sums, default=0))
        work.complain("warning", "subtotals", words, help, work.at(found[0], column))
