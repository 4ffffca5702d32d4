"""Every amount into one currency, by rates that the user gave; never by a guess."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from rm_audit.book.exchange import Days, Ints, Uses, exchanged, fraction, holds, nearest
from rm_audit.book.model import Book
from rm_audit.cells import letters
from rm_audit.config import Config
from rm_audit.days import from_day, month_of
from rm_audit.errors import InputError, Problem
from rm_audit.tables import MONEY_COLUMN, SHEET


def settle_currency(book: Book, config: Config) -> None:
    """Sets `book.currency` and converts money columns. Raises InputError where a rate is needed and not given."""
    found = sorted({code for table in MONEY_COLUMN for code in _codes(book, table)} or _of_sheets(book))
    book.currency = config.currency or (found[0] if len(found) == 1 else None)
    foreign = [code for code in found if code != book.currency]
    if foreign:
        _need_rates(book, config, found)
        _convert(book, config)
    elif book.currency is None and any(table in book.tables for table in MONEY_COLUMN):
        if any(problem.code == "which-dollar" for problem in book.problems):
            return
        words = "no file names a currency; amounts are shown without one"
        book.problems.append(
            Problem("info", "no-currency", words, "Name it: --currency EUR, or currency: in rm-audit.yaml.")
        )


def _of_sheets(book: Book) -> set[str]:
    """What headers say where no row is left to say it."""
    return {sheet.currency for file in book.inputs for sheet in file.sheets if sheet.currency}


def _codes(book: Book, table: str) -> set[str]:
    frame = book.tables.get(table)
    if frame is None or "currency" not in frame:
        return set()
    return {code for code in frame["currency"].unique() if isinstance(code, str)}


def _need_rates(book: Book, config: Config, found: list[str]) -> None:
    if config.currency is None:
        places = [_first_place(book, code) for code in found]
        words = f"amounts in {' and '.join(found)} cannot be added up: {'; '.join(places)}"
        rates = ", ".join(f"{code}: what one {code} is worth" for code in found[1:])
        help = f"Write in rm-audit.yaml: currency: {found[0]} and rates: {{{rates}}}."
        # The run ends here, so what else is wrong is said now.
        others = [problem for problem in book.problems if problem.level == "error"]
        raise InputError([*others, Problem("error", "mixed-currencies", words, help)])
    missing = [code for code in found if code != config.currency and code not in config.rates]
    if missing:
        words = f"there is no rate for {' and '.join(missing)} in {config.currency}: {_first_place(book, missing[0])}"
        help = f"Write in rm-audit.yaml: rates: {{{missing[0]}: what one {missing[0]} is worth in {config.currency}}}."
        raise InputError(Problem("error", "no-rate", words, help))


def _first_place(book: Book, code: str) -> str:
    for table, column in MONEY_COLUMN.items():
        frame = book.tables.get(table)
        if frame is not None and "currency" in frame:
            rows = frame.index[frame["currency"] == code]
            if len(rows):
                return f"{code} in {book.cells(table, column, [int(rows[0])])[0]}"
    return code


def _convert(book: Book, config: Config) -> None:
    uses: Uses = set()
    averaged = False
    for table, column in MONEY_COLUMN.items():
        frame = book.tables.get(table)
        if frame is None or "currency" not in frame:
            continue
        before = frame[column]
        days = _days(table, frame)
        after, wrong = exchanged(frame["currency"], days, before, config, uses)
        if len(wrong):
            raise InputError(_no_rate(book, config, table, int(wrong[0]), days))
        frame[column] = after
        averaged |= _convert_accounts(book, config, table, before)
    _say_rates(book, sorted(uses), averaged)


def _days(table: str, frame: pd.DataFrame) -> Days:
    """First and last day of each row; a licence has the price of its first day, for however long it runs."""
    none = pd.Series(pd.NA, index=frame.index, dtype="Int64")
    start = frame.get("start", none)
    end = frame["end"].fillna(start) if "end" in frame and table == "spend" else start
    return start, end


def _no_rate(book: Book, config: Config, table: str, row: int, days: Days) -> Problem:
    code = str(book.tables[table]["currency"].iloc[row])
    ends: list[int | None] = [None if pd.isna(day.iloc[row]) else int(day.iloc[row]) for day in days]
    first, last = ends
    rates = config.rates_of(code)
    at_ends = [day is not None and holds(rates, day) for day in ends]
    cell = book.cells(table, MONEY_COLUMN[table], [row])[0]
    place = (cell.file, cell.sheet, f"{letters(cell.column)}{cell.row}")
    if first is not None and last is not None and all(at_ends):
        words = f"the row runs from {from_day(first)} to {from_day(last)}, and no one rate for {code} covers it"
        help = f"Give one rate for the whole of it under rates: {code}: in rm-audit.yaml, or split the row."
        return Problem("error", "several-rates", words, help, *place)
    day = last if at_ends[0] else first
    month = None if day is None else month_of(day)
    words = f"there is no rate for {code} in {month or 'a row without a date'}"
    help = f"Add {month or 'one rate for ever'} under rates: {code}: in rm-audit.yaml."
    return Problem("error", "no-rate", words, help, *place)


def _convert_accounts(book: Book, config: Config, table: str, before: pd.Series[Any]) -> bool:
    """Sheets account for themselves in the book's currency. Whether set-aside rows went by a sheet's average rate.

    A row that was set aside has no day of its own here. Where one rate is for ever it goes by that; else by what the
    used rows of the sheet became, so that a total row still says what its rows add up to.
    """
    frame, averaged = book.tables[table], False
    numbers = frame[SHEET].to_numpy()
    was, became = (_by_sheet(book, numbers, money) for money in (before, frame[MONEY_COLUMN[table]]))
    for number, sheet in enumerate(book.accounts):
        if sheet.table != table:
            continue
        sheet.amount_used = became[number]
        if was[number] == became[number] and (sheet.currency or book.currency) == book.currency:
            continue
        rates = config.rates_of(sheet.currency) if sheet.currency else []
        sheet.currency = book.currency  # its amounts are in it from here on; the rates say what they were
        if not sheet.set_aside:
            continue
        if len(rates) == 1 and rates[0].period is None:
            over, under = fraction(rates[0].value)
        else:
            over, under = (became[number], was[number]) if was[number] else (sum(became), sum(was))
            averaged = True
        if under:
            sheet.set_aside = [replace(item, amount=nearest(item.amount * over, under)) for item in sheet.set_aside]
    return averaged


def _by_sheet(book: Book, numbers: Ints, money: pd.Series[Any]) -> list[int]:
    sums = money.groupby(numbers).sum()
    return [int(value) for value in sums.reindex(range(len(book.sheets)), fill_value=0)]


def _say_rates(book: Book, uses: list[tuple[str, int, str, str]], averaged: bool) -> None:
    book.rates_used = [
        f"1 {code} = {value} {book.currency}" + (f" in {span}" if span else "") for code, _, span, value in uses
    ]
    if not book.rates_used:
        return
    words = f"amounts were converted: {'; '.join(book.rates_used)}"
    words += "; rows set aside went by the average rate of their sheet" if averaged else ""
    help = "The rates are those of rm-audit.yaml; correct them there."
    book.problems.append(Problem("info", "rates", words, help))
