"""A recognised sheet → rows of its canonical table, with what was set aside and why."""

from __future__ import annotations

from collections.abc import Sequence

from rm_audit.cells import letters
from rm_audit.days import Period, month_days
from rm_audit.profiles.amounts import is_blank, read_amounts
from rm_audit.profiles.columns import column_kind, read_column, read_numbers, read_person
from rm_audit.profiles.doubts import say_what_may_mislead
from rm_audit.profiles.headers import header_currency
from rm_audit.profiles.model import Extract, Layout, Profile, SetAside
from rm_audit.profiles.shape import shaped
from rm_audit.profiles.totals import Label, TotalRow, find_totals
from rm_audit.profiles.work import Work
from rm_audit.readers import Sheet
from rm_audit.tables import MICROS, MONEY_COLUMN


def extract(sheet: Sheet, layout: Layout, profile: Profile, period: Period | None, key: bytes) -> Extract:
    """All rows under the header, typed; `key` makes the keyed hash that stands for a person."""
    work = Work(sheet, layout, profile, period, key)
    _collect_rows(work)
    for name in sorted(layout.columns, key=lambda column: column != "currency"):  # amounts look at the currency column
        read_column(work, name, layout.columns[name])
    read_person(work)
    amounts = _read_months(work) if layout.months else _main_amounts(work)
    _set_totals_aside(work, amounts)
    _set_empty_aside(work, amounts)
    say_what_may_mislead(work, amounts)
    return _finished(work)


def _collect_rows(work: Work) -> None:
    header = work.sheet.rows[work.layout.header_row]
    for index, cells in enumerate(work.sheet.rows[work.layout.header_row + 1 :], work.layout.header_row + 2):
        if any(not is_blank(value, frozenset()) for value in cells):
            work.rows.append((index, cells))
            if cells == header:
                work.set_aside(len(work.rows) - 1, "header row again")


def _main_amounts(work: Work) -> list[int | None]:
    name = MONEY_COLUMN.get(work.layout.table)
    if name is None:
        return [None] * len(work.rows)
    return [None if value is None else int(str(value)) for value in work.columns.get(name, [None] * len(work.rows))]


def _read_months(work: Work) -> list[int | None]:
    """Reads the month columns; the amount of a row is the sum of its months."""
    sums: list[int | None] = [None] * len(work.rows)
    for column in work.layout.months:
        read_numbers(work, MONEY_COLUMN[work.layout.table], column, work.cells(column), money=True)
        values = work.columns.pop(MONEY_COLUMN[work.layout.table])
        work.columns[f"m_{column}"] = values
        for position, value in enumerate(values):
            if value is not None:
                sums[position] = (sums[position] or 0) + int(str(value))
    for position, (reason, _) in work.aside.items():  # a row with one bad month is set aside with all its money
        work.aside[position] = (reason, sums[position] or 0)
    work.yearless |= any(_month_span(work, month) is None for month in work.layout.months.values())
    _check_total_column(work, sums)
    return sums


def _month_span(work: Work, month: tuple[int | None, int]) -> tuple[int, int] | None:
    year, number = month
    if year is not None:
        return month_days(year, number)
    return work.period.month(number) if work.period else None


def _check_total_column(work: Work, sums: Sequence[int | None]) -> None:
    column = work.layout.total_column
    if column is None:
        return
    totals = read_amounts(work.cells(column), work.profile.blanks).micros
    both = [(p, sums[p] or 0, total) for p, total in enumerate(totals) if total is not None and p not in work.aside]
    wrong = [position for position, months, total in both if abs(months - total) >= MICROS // 100]
    if not wrong:
        return
    name = letters(column + 1)
    cells = ", ".join(f"{name}{work.rows[position][0]}" for position in wrong[:8])
    says, months = sum(total for _, _, total in both) / MICROS, sum(value for _, value, _ in both) / MICROS
    message = f"the sheet's own total column says {says:,.2f}; its months add up to {months:,.2f}, which is what counts"
    count = len(wrong)
    words = (
        f"It is wrong in {count} of {len(both)} cells: {cells}{' and more' if count > 8 else ''}. Mend the sums there."
    )
    work.complain("warning", "total-differs", message, words, (work.rows[wrong[0]][0], column))


def _set_totals_aside(work: Work, amounts: Sequence[int | None]) -> None:
    counts = next((work.columns[n] for n in ("hires", "applications", "interviews") if n in work.columns), None)
    if work.layout.table == "outcome_totals" and counts is not None:
        amounts = [None if value is None else int(str(value)) * MICROS for value in counts]
    elif work.layout.table not in MONEY_COLUMN:
        return
    totals = find_totals(_labels(work), amounts, work.profile.totals)
    for number, total in enumerate(totals):
        money = amounts[total.position] if work.layout.table in MONEY_COLUMN else 0
        work.set_aside(total.position, "total row", money or 0)
        if number == 0:  # later totals are of other levels: of the account, of another network
            _check_total_row(work, total, amounts[total.position] or 0)


def _labels(work: Work) -> list[Label]:
    """The texts of each row, those of the columns that say what it is about apart from all others."""
    mapped = set(work.layout.columns.values()) | set(work.layout.months)
    keys = [
        work.layout.columns[name]
        for name in work.layout.columns
        if column_kind(work, name) == "text" and name != "currency"
    ]
    labels = []
    for _, cells in work.rows:
        named = [cells[c] for c in keys if c < len(cells) and not is_blank(cells[c], work.profile.blanks)]
        rest = [cell for c, cell in enumerate(cells) if c not in mapped and isinstance(cell, str)]
        labels.append(Label(named, [cell for cell in rest if not is_blank(cell, work.profile.blanks)]))
    return labels


def _check_total_row(work: Work, total: TotalRow, says: int) -> None:
    if abs(total.difference) < MICROS // 100:
        return
    adds_up = (says - total.difference) / MICROS
    message = f"the sheet's own total says {says / MICROS:,.2f}; its rows add up to {adds_up:,.2f}, which counts"
    help = "Look which is right, and mend the sum or the rows."
    column = work.layout.columns.get(MONEY_COLUMN.get(work.layout.table, ""), work.layout.total_column or 0)
    work.complain("warning", "total-differs", message, help, (work.rows[total.position][0], column))


def _set_empty_aside(work: Work, amounts: Sequence[int | None]) -> None:
    money = work.layout.table in ("spend", "plan")  # a licence without a cost still has seats
    for position in range(len(work.rows)):
        known = any(work.columns[name][position] is not None for name in work.columns if name != "currency")
        if not known:
            work.set_aside(position, "no value in a known column")
        elif money and amounts[position] is None:
            work.set_aside(position, "no amount")


def _finished(work: Work) -> Extract:
    frames, columns = shaped(work.layout, work.columns, [row for row, _ in work.rows], set(work.aside), work.period)
    currencies = sorted({str(code) for code in work.columns.get("currency", []) if code} or _header_currencies(work))
    return Extract(
        file=work.sheet.source.file,
        sheet=work.sheet.name,
        profile=work.profile.id,
        table=work.layout.table,
        frames=frames,
        columns=columns,
        headers=_headers(work),
        rows_read=len(work.rows),
        set_aside=[SetAside(work.rows[position][0], *why) for position, why in sorted(work.aside.items())],
        problems=work.problems,
        currency=currencies[0] if len(currencies) == 1 else None,
        dollar_sign=work.dollar and not currencies,
        yearless=work.yearless,
    )


def _header_currencies(work: Work) -> set[str]:
    """What the header of the money column says where no row is left to say it."""
    column = work.layout.columns.get(MONEY_COLUMN.get(work.layout.table, ""))
    code = header_currency(work.sheet.rows[work.layout.header_row][column]) if column is not None else None
    return {code} if code else set()


def _headers(work: Work) -> dict[str, object]:
    row = work.sheet.rows[work.layout.header_row]

    def shown(column: int) -> str:
        value = row[column]
        return " ".join(str(value).split()) if value is not None else f"column {letters(column + 1)}"

    mapped = {shown(column): name.removeprefix("o_") for name, column in work.layout.columns.items()}
    mapped |= {shown(column): MONEY_COLUMN[work.layout.table] for column in work.layout.months}
    if work.layout.total_column is not None:
        mapped[shown(work.layout.total_column)] = "checked, not added"
    personal = [shown(column) for column in work.layout.personal]
    person = [shown(work.layout.person)] if work.layout.person is not None else []
    return {
        "mapped": mapped,
        "unmapped": [shown(column) for column in work.layout.unmapped],
        "personal": person + personal,
    }
