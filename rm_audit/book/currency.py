"""Every amount into one currency, by rates that the user gave; never by a guess."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal

import pandas as pd

from rm_audit.book.model import Book
from rm_audit.cells import letters
from rm_audit.config import Config
from rm_audit.days import month_of
from rm_audit.errors import InputError, Problem
from rm_audit.tables import MONEY_COLUMN


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
    return {code for code in frame["currency"] if isinstance(code, str)}


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
    for table, column in MONEY_COLUMN.items():
        frame = book.tables.get(table)
        if frame is None or "currency" not in frame:
            continue
        rates = [_rate(book, config, (table, number), row) for number, row in enumerate(frame.to_dict("records"))]
        amounts = [
            None if pd.isna(amount) else int((Decimal(int(amount)) * rate).to_integral_value(ROUND_HALF_EVEN))
            for amount, rate in zip(frame[column], rates, strict=True)
        ]
        frame[column] = pd.Series(amounts, dtype="Int64")
        _convert_accounts(book, config, table, column)


def _rate(book: Book, config: Config, at: tuple[str, int], row: dict[object, object]) -> Decimal:
    code = row.get("currency")
    start = row.get("start")
    month = month_of(int(str(start))) if start is not None and not pd.isna(start) else None  # type: ignore[call-overload]
    if not isinstance(code, str):
        return Decimal(1)  # a sheet that names no currency is in the book's own
    rate = config.rate(code, month)
    if rate is None:
        words = f"there is no rate for {code} in {month or 'a row without a date'}"
        help = f"Add {month or 'one rate for ever'} under rates: {code}: in rm-audit.yaml."
        cell = book.cells(at[0], MONEY_COLUMN[at[0]], [at[1]])[0]
        place = f"{letters(cell.column)}{cell.row}"
        raise InputError(Problem("error", "no-rate", words, help, cell.file, cell.sheet, place))
    used = f"1 {code} = {rate} {book.currency}" + (f" in {month}" if month in config.rates.get(code, {}) else "")
    if code != book.currency and used not in book.rates_used:
        book.rates_used.append(used)
    return rate


def _convert_accounts(book: Book, config: Config, table: str, column: str) -> None:
    """Sheets in a foreign currency account for themselves in the book's, set-aside rows at the sheet's steady rate."""
    sheets = [sheet for file in book.inputs for sheet in file.sheets if sheet.table]
    frame = book.tables[table]
    for number, sheet in enumerate(sheets):
        if sheet.table != table:
            continue
        sheet.amount_used = int(frame.loc[frame["_sheet"] == number, column].sum())
        rate = config.rate(sheet.currency, None) if sheet.currency else None
        if rate is not None:
            sheet.set_aside = [replace(item, amount=round(item.amount * rate)) for item in sheet.set_aside]
