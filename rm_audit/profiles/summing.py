"""Which rows of a block are totals: their names from its cells, their sums from its amounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rm_audit.profiles.amounts import is_blank
from rm_audit.profiles.columns import column_kind
from rm_audit.profiles.headers import plain
from rm_audit.profiles.totals import CENT, Names, TotalRow, find_totals, quick_look, total_words
from rm_audit.profiles.work import Work
from rm_audit.readers import Value
from rm_audit.tables import MICROS, MONEY_COLUMN

_OF_ALL = re.compile(r":|\b(?:from|of) \d+\b")  # 'Total: Account', 'Results from 4 campaigns'


_ACCOUNT = re.compile(r":\s*(?:account|konto|compte|conta|cuenta)\b")


_COUNTS = ("impressions", "clicks", "apply_starts", "applies")


def set_totals_aside(work: Work, amounts: Sequence[int | None]) -> None:
    counts = next((work.columns[n] for n in ("hires", "applications", "interviews") if n in work.columns), None)
    if work.layout.table == "outcome_totals" and counts is not None:
        amounts = [None if value is None else int(str(value)) * MICROS for value in counts]
    elif work.layout.table == "traffic":
        _set_named_totals_aside(work)
    if work.layout.table not in ("outcome_totals", *MONEY_COLUMN):
        return
    names = _names(work)
    totals = find_totals([amounts, *other_measures(work)], names)
    for number, total in enumerate(totals):
        money = amounts[total.position] if work.layout.table in MONEY_COLUMN else 0
        work.set_aside(total.position, "total row", money or 0)
        if number == 0 or total.position in names.whole:  # others are of other levels: of the account, of a network
            _check_total_row(work, total, amounts[total.position] or 0)
        elif total.position in names.account:
            _say_account(work, total, amounts[total.position] or 0)


def _set_named_totals_aside(work: Work) -> None:
    """Visitors do not add up to their total, so that its name decides: nothing but total, and beside no key."""
    names = _names(work)
    for position in sorted((names.whole & names.bare) | (names.said & names.keyless) | names.sure):
        work.set_aside(position, "total row")


ALL = "all"  # a total where it adds up, and else a name like another: money for all channels is money


def other_measures(work: Work) -> list[list[int | None]]:
    """The months of a sheet that has a column each, else what else it counts: a total adds up in these, too."""
    names = [f"m_{column}" for column in work.layout.months] or [name for name in _COUNTS if name in work.columns]
    return [list(work.columns[name]) for name in names]  # type: ignore[arg-type]  # counts or micro-units


def _names(work: Work) -> Names:
    """Which rows are called a total, in whatever column, and which have no key beside it."""
    pattern, numbers = total_words(work.profile.totals), {*work.layout.months, *work.layout.sums}
    may_be_totals = quick_look(work.profile.totals)
    keys = _keys(work)
    names = Names()
    for column in range(work.width):
        texts = may_be_totals(work.texts(column)) if column not in numbers else []
        values = work.cells(column) if texts else ()
        said = {text for text in texts if pattern.fullmatch(text.casefold())}
        said |= {text for text in texts if plain(text) == ALL and column in keys and values.count(text) == 1}
        if not said:
            continue
        bare = {value for value in said if plain(value) in work.profile.totals or _OF_ALL.search(value)}
        for position, value in enumerate(values):
            if value in said:
                names.said.add(position)
                (names.whole if plain(value) in work.profile.totals else set()).add(position)
                (names.account if _ACCOUNT.search(str(value).casefold()) else set()).add(position)
                (names.bare if value in bare and _is_alone(work, position, column) else set()).add(position)
                (names.beside if column not in keys else set()).add(position)
    names.keyless = _keyless(work, sorted(keys), names.said)
    names.sure = set(_sure(work))
    names.alike = lambda position: named_as_beside(work, position)
    return names


def named_as_beside(work: Work, position: int) -> bool:
    """Whether the row above or below has the same words in every column of words: it is one more of the same."""
    keys = sorted(_keys(work))
    own = [work.cell_in(position, key) for key in keys]
    beside = [other for other in (position - 1, position + 1) if 0 <= other < len(work.rows)]
    return any(own) and any([work.cell_in(other, key) for key in keys] == own for other in beside)


def _is_alone(work: Work, position: int, column: int) -> bool:
    """Whether no other column of words says anything in this row."""
    others = _keys(work) - {column}
    cells = work.cells_in(position)
    return all(c >= len(cells) or is_blank(cells[c], work.profile.blanks) or cells[c] == cells[column] for c in others)


def _keys(work: Work) -> set[int]:
    """The columns of words that say what a row is about."""
    texts = {c for name, c in work.layout.columns.items() if column_kind(work, name) == "text"}
    return texts - {work.layout.columns.get("currency", -1)} or {work.layout.columns.get("start", -1)} - {-1}


def _keyless(work: Work, keys: Sequence[int], said: set[int]) -> set[int]:
    """Rows that say nothing in the columns of keys; none where most rows that are called no total are so."""
    found: set[int] | None = None
    for key in keys:
        column = work.cells(key)
        blank: set[Value] = {text for text in work.texts(key) if is_blank(text, work.profile.blanks)}
        blank |= {None} if None in column else set()
        if found is None:
            found = {p for p, value in enumerate(column) if value in blank} if blank else set()
        elif found:
            found = {p for p in found if column[p] in blank}
    return found if found and len(found - said) * 2 < len(work.rows) - len(said) else set()


def _sure(work: Work) -> Iterable[int]:
    """Rows that the workbook itself says are totals: a table's own, and sums of the amounts above them."""
    if not work.block.sheet.total_rows and not work.block.sheet.sums:
        return
    spots = work.layout.months or [work.layout.columns.get(MONEY_COLUMN.get(work.layout.table, ""), -1)]
    columns = {work.block.place(0, spot)[1] - 1 for spot in spots}
    for position, index in enumerate(work.rows):
        row = work.block.place(index, 0)[0] - 1
        if row in work.block.sheet.total_rows or any((row, column) in work.block.sheet.sums for column in columns):
            yield position


def _say_account(work: Work, total: TotalRow, says: int) -> None:
    """An account's total counts what has no row in this report, such as campaigns of another kind."""
    if total.difference > CENT:
        message = f"the sheet's total of the account says {says / MICROS:,.2f}, {total.difference / MICROS:,.2f} more "
        message += "than its rows, which are what counts"
        help = "What has no row in this report is in another: export the campaign report to have all of it."
        column = work.layout.columns.get("amount", 0)
        work.complain("info", "account-total", message, help, work.at(total.position, column))


def _check_total_row(work: Work, total: TotalRow, says: int) -> None:
    if abs(total.difference) < CENT:
        return
    adds_up = (says - total.difference) / MICROS
    message = f"the sheet's own total says {says / MICROS:,.2f}; its rows add up to {adds_up:,.2f}, which counts"
    help = "Look which is right, and mend the sum or the rows."
    column = work.layout.columns.get(MONEY_COLUMN.get(work.layout.table, ""), max(work.layout.sums, default=0))
    work.complain("warning", "total-differs", message, help, work.at(total.position, column))
