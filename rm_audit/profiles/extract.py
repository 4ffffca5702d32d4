"""A recognised sheet → rows of its canonical table, with what was set aside and why."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from rm_audit.cells import letters
from rm_audit.days import Period, month_days
from rm_audit.errors import Level, Problem
from rm_audit.profiles.amounts import is_blank, read_amounts
from rm_audit.profiles.dates import read_dates
from rm_audit.profiles.headers import header_currency, plain
from rm_audit.profiles.model import Extract, Layout, Profile, SetAside
from rm_audit.profiles.shape import shaped
from rm_audit.profiles.totals import Label, TotalRow, find_totals
from rm_audit.readers import Sheet, Value
from rm_audit.tables import MICROS, TABLES

MONEY_COLUMN = {"spend": "amount", "plan": "budget", "contracts": "amount"}
EXCERPT = 24  # characters of a cell that an error shows
SHOWN = 5  # cells of one column that are complained of one by one


@dataclass
class _Work:
    """One sheet under way. `rows` are (spreadsheet row, cells); columns grow beside them in the same order."""

    sheet: Sheet
    layout: Layout
    profile: Profile
    period: Period | None
    key: bytes
    rows: list[tuple[int, list[Value]]] = field(default_factory=list)
    columns: dict[str, list[object]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    aside: dict[int, tuple[str, int]] = field(default_factory=dict)
    dollar: bool = False
    yearless: bool = False

    def cells(self, column: int) -> list[Value]:
        return [cells[column] if column < len(cells) else None for _, cells in self.rows]

    def set_aside(self, position: int, reason: str, amount: int = 0) -> None:
        self.aside.setdefault(position, (reason, amount))

    def complain(
        self, level: Level, code: str, message: str, help: str, at: tuple[int, int] | None = None, excerpt: str = ""
    ) -> None:
        cell = f"{letters(at[1] + 1)}{at[0]}" if at else ""
        self.problems.append(
            Problem(level, code, message, help, self.sheet.source.file, self.sheet.name, cell, excerpt=excerpt)
        )


def extract(sheet: Sheet, layout: Layout, profile: Profile, period: Period | None, key: bytes) -> Extract:
    """All rows under the header, typed; `key` makes the keyed hash that stands for a person."""
    work = _Work(sheet, layout, profile, period, key)
    _collect_rows(work)
    for name in sorted(layout.columns, key=lambda column: column != "currency"):  # amounts look at the currency column
        _read_column(work, name, layout.columns[name])
    _read_person(work)
    amounts = _read_months(work) if layout.months else _main_amounts(work)
    _set_totals_aside(work, amounts)
    _set_empty_aside(work, amounts)
    return _finished(work)


def _collect_rows(work: _Work) -> None:
    header = work.sheet.rows[work.layout.header_row]
    for index, cells in enumerate(work.sheet.rows[work.layout.header_row + 1 :], work.layout.header_row + 2):
        if any(not is_blank(value, frozenset()) for value in cells):
            work.rows.append((index, cells))
            if cells == header:
                work.set_aside(len(work.rows) - 1, "header row again")


def _kind(work: _Work, name: str) -> str:
    if name.startswith("o_"):
        return "count"
    return TABLES[work.layout.table].columns.get(name, "text")


def _read_column(work: _Work, name: str, column: int) -> None:
    values = work.cells(column)
    kind = _kind(work, name)
    if name == "owner":  # often a person's name: all that is kept is whether there is one
        work.columns[name] = [None if is_blank(value, work.profile.blanks) else "named" for value in values]
    elif kind == "text":
        work.columns[name] = [_text(value, work.profile.blanks) for value in values]
    elif kind == "mark":
        work.columns[name] = [_mark(value) for value in values]
    elif kind == "day":
        _read_days(work, name, column, values)
    else:
        _read_numbers(work, name, column, values, money=kind == "money")


def _text(value: Value, blanks: frozenset[str]) -> str | None:
    if is_blank(value, blanks):
        return None
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return " ".join(str(value).split())


def _mark(value: Value) -> bool | None:
    word = plain(value) if isinstance(value, str) else value
    known = {
        "yes": True,
        "y": True,
        "true": True,
        "x": True,
        "1": True,
        "no": False,
        "n": False,
        "false": False,
        "0": False,
    }
    return known.get(str(word).casefold()) if word is not None else None


def _read_days(work: _Work, name: str, column: int, values: Sequence[Value]) -> None:
    header = plain(work.sheet.rows[work.layout.header_row][column])
    months = header in ("month", "period", "monat", "mois") and work.layout.table in ("spend", "outcome_totals")
    dates = read_dates(values, work.profile.blanks, work.period, months)
    work.columns[name] = [span[0] if span else None for span in dates.spans]
    if name == "start" and "end" not in work.layout.columns:
        work.columns["end"] = [span[1] if span else None for span in dates.spans]
    work.yearless |= bool(dates.yearless) and work.layout.table in ("spend", "outcome_totals")
    if dates.ambiguous:
        row = work.rows[dates.ambiguous[0]][0]
        message = f"day and month cannot be told apart in the {len(dates.ambiguous)} dates of this column"
        work.complain("warning", "ambiguous-dates", message, "Write the dates as 2026-03-31.", (row, column))
    if dates.bad:
        row = work.rows[dates.bad[0]][0]
        message = f"{len(dates.bad)} of {len(values)} cells are no date that can be read; the first is shown"
        if work.layout.table in ("spend", "outcome_totals"):
            message += "; these rows count without a date"
        work.complain("warning", "not-a-date", message, "Write the dates as 2026-03-31.", (row, column))


def _read_numbers(work: _Work, name: str, column: int, values: Sequence[Value], money: bool) -> None:
    amounts = read_amounts(values, work.profile.blanks)
    main = name == MONEY_COLUMN.get(work.layout.table)
    work.dollar |= money and any(isinstance(value, str) and "$" in value for value in values)
    _complain_of_texts(work, column, values, amounts.bad, main)
    for position in amounts.bad if main else ():
        work.set_aside(position, "not a number")
    if money:
        work.columns[name] = list(amounts.micros)
        if "currency" not in work.columns or main:
            _note_currencies(work, column, amounts.currencies)
    else:
        work.columns[name] = [None if value is None else round(value / MICROS) for value in amounts.micros]


def _complain_of_texts(work: _Work, column: int, values: Sequence[Value], bad: Sequence[int], main: bool) -> None:
    """The first cells one by one, the rest of them together."""
    for position in bad[:SHOWN]:
        help = "Write a number, or leave the cell empty." + (" The row is set aside." if main else "")
        at = (work.rows[position][0], column)
        work.complain("error", "not-a-number", "a text where a number should be", help, at, _shown(values[position]))
    rest = bad[SHOWN:]
    if rest:
        cells = ", ".join(f"{letters(column + 1)}{work.rows[position][0]}" for position in rest[:SHOWN])
        more = f" and {len(rest) - SHOWN} more" if len(rest) > SHOWN else ""
        count = f"in {len(rest)} more cell{'s' if len(rest) > 1 else ''}"
        help = "Write numbers, or leave the cells empty." + (" The rows are set aside." if main else "")
        message = f"texts where numbers should be {count}: {cells}{more}"
        work.complain("error", "not-a-number", message, help, (work.rows[rest[0]][0], column))


def _shown(value: Value) -> str:
    """A cell's text for an error; an address that somebody typed into the wrong column is not repeated."""
    return "(an e-mail address, not shown)" if "@" in str(value) else f"'{str(value)[:EXCERPT]}'"


def _note_currencies(work: _Work, column: int, found: Sequence[str | None]) -> None:
    own = work.columns.get("currency") or [None] * len(found)
    header = header_currency(work.sheet.rows[work.layout.header_row][column])
    work.dollar |= "$" in str(work.sheet.rows[work.layout.header_row][column])
    work.columns["currency"] = [
        str(mine).upper() if mine else cell or header for mine, cell in zip(own, found, strict=True)
    ]


def _read_person(work: _Work) -> None:
    if work.layout.person is None:
        return
    values = [_text(value, work.profile.blanks) for value in work.cells(work.layout.person)]
    work.columns["person"] = [value if value is None else _hashed(value, work.key) for value in values]


def _hashed(value: str, key: bytes) -> str:
    return hashlib.blake2b(value.casefold().encode(), key=key[:64], digest_size=12).hexdigest()


def _main_amounts(work: _Work) -> list[int | None]:
    name = MONEY_COLUMN.get(work.layout.table)
    if name is None:
        return [None] * len(work.rows)
    return [None if value is None else int(str(value)) for value in work.columns.get(name, [None] * len(work.rows))]


def _read_months(work: _Work) -> list[int | None]:
    """Reads the month columns; the amount of a row is the sum of its months."""
    sums: list[int | None] = [None] * len(work.rows)
    for column in work.layout.months:
        _read_numbers(work, MONEY_COLUMN[work.layout.table], column, work.cells(column), money=True)
        values = work.columns.pop(MONEY_COLUMN[work.layout.table])
        work.columns[f"m_{column}"] = values
        for position, value in enumerate(values):
            if value is not None:
                sums[position] = (sums[position] or 0) + int(str(value))
    work.yearless |= any(_month_span(work, month) is None for month in work.layout.months.values())
    _check_total_column(work, sums)
    return sums


def _month_span(work: _Work, month: tuple[int | None, int]) -> tuple[int, int] | None:
    year, number = month
    if year is not None:
        return month_days(year, number)
    return work.period.month(number) if work.period else None


def _check_total_column(work: _Work, sums: Sequence[int | None]) -> None:
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


def _set_totals_aside(work: _Work, amounts: Sequence[int | None]) -> None:
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


def _labels(work: _Work) -> list[Label]:
    """The texts of each row, those of the columns that say what it is about apart from all others."""
    mapped = set(work.layout.columns.values()) | set(work.layout.months)
    keys = [
        work.layout.columns[name] for name in work.layout.columns if _kind(work, name) == "text" and name != "currency"
    ]
    labels = []
    for _, cells in work.rows:
        named = [cells[c] for c in keys if c < len(cells) and not is_blank(cells[c], work.profile.blanks)]
        rest = [cell for c, cell in enumerate(cells) if c not in mapped and isinstance(cell, str)]
        labels.append(Label(named, [cell for cell in rest if not is_blank(cell, work.profile.blanks)]))
    return labels


def _check_total_row(work: _Work, total: TotalRow, says: int) -> None:
    if abs(total.difference) < MICROS // 100:
        return
    adds_up = (says - total.difference) / MICROS
    message = (
        f"the sheet's own total says {says / MICROS:,.2f}; its rows add up to {adds_up:,.2f}, which is what counts"
    )
    column = work.layout.columns.get(MONEY_COLUMN.get(work.layout.table, ""), work.layout.total_column or 0)
    work.complain("warning", "total-differs", message, "Mend the sum.", (work.rows[total.position][0], column))


def _set_empty_aside(work: _Work, amounts: Sequence[int | None]) -> None:
    money = work.layout.table in ("spend", "plan")  # a licence without a cost still has seats
    for position in range(len(work.rows)):
        known = any(work.columns[name][position] is not None for name in work.columns if name != "currency")
        if not known:
            work.set_aside(position, "no value in a known column")
        elif money and amounts[position] is None:
            work.set_aside(position, "no amount")


def _finished(work: _Work) -> Extract:
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


def _header_currencies(work: _Work) -> set[str]:
    """What the header of the money column says where no row is left to say it."""
    column = work.layout.columns.get(MONEY_COLUMN.get(work.layout.table, ""))
    code = header_currency(work.sheet.rows[work.layout.header_row][column]) if column is not None else None
    return {code} if code else set()


def _headers(work: _Work) -> dict[str, object]:
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
