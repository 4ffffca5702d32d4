"""Files → book: recognise and extract every sheet, then settle currency, channels and period."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import pandas as pd

from rm_audit.book.currency import settle_currency
from rm_audit.book.model import Book, InputFile, InputSheet, SheetRef
from rm_audit.book.outcomes import settle_outcomes
from rm_audit.book.overlap import settle_overlaps
from rm_audit.book.period import settle_period
from rm_audit.cells import letters
from rm_audit.channels import Channels, kind_from_words
from rm_audit.config import Config
from rm_audit.errors import Level, Problem
from rm_audit.numbers import exact_money, units
from rm_audit.profiles.extract import extract
from rm_audit.profiles.model import Extract, SetAside, generic
from rm_audit.profiles.recognise import Found, recognise
from rm_audit.readers import FileRead, Sheet
from rm_audit.tables import MONEY_COLUMN, ROW, SHEET

# What stands in a sheet that nobody recognised may be personal: none of it is shown.
NO_HEADERS: Mapping[str, object] = {"mapped": {}, "unmapped": [], "personal": []}


def build(files: Sequence[FileRead], config: Config) -> Book:
    """The book of all files. Never raises for what files hold: look at `.problems`.

    Raises InputError only where amounts in several currencies cannot be brought into one.
    """
    book = Book({}, [], [], [problem for file in files for problem in file.problems], Channels())
    book.unreadable = [file.source.file for file in files if file.named and not file.sheets]
    parts: dict[str, list[pd.DataFrame]] = {}
    key = _key(files)
    seen: dict[str, str] = {}
    for file in files:
        first = seen.setdefault(file.source.sha256, file.source.file)
        double = first if file.source.sha256 and first != file.source.file else ""
        _add_file(book, file, config, key, parts, double)
    book.tables = {name: pd.concat(frames, ignore_index=True) for name, frames in parts.items()}
    settle_currency(book, config)
    settle_outcomes(book)
    settle_period(book, config)
    _settle_channels(book, config)
    settle_overlaps(book, config)
    return book


def _key(files: Sequence[FileRead]) -> bytes:
    """The key of the persons' hashes: the same person is the same hash inside one call, and in no other."""
    return hashlib.blake2b("".join(sorted(file.source.sha256 for file in files)).encode()).digest()


def _add_file(
    book: Book, file: FileRead, config: Config, key: bytes, parts: dict[str, list[pd.DataFrame]], double: str
) -> None:
    entry = InputFile(file.source.file, file.source.sha256)
    book.inputs.append(entry)
    for sheet in file.sheets:
        found = recognise(sheet, generic())
        _say_what_is_there(book, entry, file, sheet, found)
        for block, layout in found.tables:
            extracted = extract(block, layout, generic(), config.period, key)
            book.problems += extracted.problems
            _say_dollars(book, extracted, config)
            _say_hidden(book, extracted, sheet)
            entry.sheets.append(_account(extracted, double))
            _add_frames(book, extracted, parts, bool(double))
    if double:
        words = f"the same bytes as {double}: counted once"
        book.problems.append(Problem("warning", "double-file", words, "Leave one of the two out.", file.source.file))


def _rows(sheet: Sheet) -> int:
    return sum(any(value is not None for value in row) for row in sheet.rows)


def _say_what_is_there(book: Book, entry: InputFile, file: FileRead, sheet: Sheet, found: Found) -> None:
    """Empty exports, unknown sheets and tables, and header rows that were passed over."""
    name = file.source.file
    if found.empty:
        entry.sheets.append(InputSheet(sheet.name, generic().id, None, None, NO_HEADERS, 0))
        book.problems.append(
            Problem("info", "empty-export", "an export without a row: nothing to count", "", name, sheet.name)
        )
    elif not found.tables:
        entry.sheets.append(InputSheet(sheet.name, None, None, None, NO_HEADERS, _rows(sheet)))
        _say_unrecognised(book, file, sheet)
    for passed, used in found.passed_over:
        words = f"two rows look like headers: {passed + 1} and {used + 1}; row {used + 1} is the one that is used"
        help = f"Delete row {passed + 1} if that is right, else row {used + 1}."
        book.problems.append(Problem("warning", "two-headers", words, help, name, sheet.name, f"A{passed + 1}"))
    for row, count in found.unknown:
        words = f"a second table begins in row {row + 1}, with headers that nobody knows: its {count} rows are not read"
        help = "Give it a sheet of its own with known headers, or leave it out."
        entry.sheets.append(InputSheet(sheet.name, None, None, None, NO_HEADERS, count))
        book.problems.append(Problem("warning", "unknown-table", words, help, name, sheet.name, f"A{row + 1}"))


def _say_unrecognised(book: Book, file: FileRead, sheet: Sheet) -> None:
    if not _rows(sheet):
        book.problems.append(Problem("info", "empty-sheet", "the sheet is empty", "", file.source.file, sheet.name))
        return
    help = (
        "A header row needs a channel (or source, campaign, vendor) and an amount, a hire date, a budget or a text. "
        "Rename the headers, or leave the sheet out."
    )
    book.problems.append(
        Problem("warning", "no-known-column", "no row of headers that is known", help, file.source.file, sheet.name)
    )


def _say_dollars(book: Book, found: Extract, config: Config) -> None:
    if found.dollar_sign and config.currency is None:
        words = "the amounts carry a $, which names no one currency; they are shown without one"
        help = "Say which dollar: --currency USD, or currency: in rm-audit.yaml."
        book.problems.append(Problem("info", "which-dollar", words, help, found.file, found.sheet))


def _say_hidden(book: Book, found: Extract, sheet: Sheet) -> None:
    if sheet.hidden and found.rows_read:
        words = "this sheet is hidden in the workbook, and counts"
        help = "Delete the sheet if it is old, or show it so that all see what counts."
        book.problems.append(Problem("warning", "hidden-sheet", words, help, found.file, found.sheet))
    money, frame = MONEY_COLUMN.get(found.table), found.frames[found.table]
    if found.turned or money is None or money not in frame:
        return
    hidden = frame[frame[ROW].isin([row + 1 for row in sheet.hidden_rows])]
    if len(hidden):
        amount = exact_money(units(int(hidden[money].sum())), found.currency or "")
        rows = sorted(set(hidden[ROW]))
        words = f"{len(rows)} row{'s' if len(rows) > 1 else ''} that the sheet hides hold {amount}, and count"
        help = "Show the rows (clear the filter), and delete those that should not count."
        place = f"{letters(found.columns[found.table].get(money, 1))}{rows[0]}"
        book.problems.append(Problem("warning", "hidden-rows", words, help, found.file, found.sheet, place))
    column = found.columns[found.table].get(money)
    if column is not None and column - 1 in sheet.hidden_columns:
        words = f"the amounts stand in column {letters(column)}, which the sheet hides"
        help = "Show the column, so that all see what counts."
        book.problems.append(Problem("warning", "hidden-column", words, help, found.file, found.sheet))


def _account(found: Extract, double: str) -> InputSheet:
    sheet = InputSheet(found.sheet, found.profile, found.table, found.currency, found.headers, found.rows_read)
    sheet.set_aside = list(found.set_aside)
    frame = found.frames[found.table]
    money = MONEY_COLUMN.get(found.table)
    sheet.amount_used = int(frame[money].sum()) if money and money in frame else 0
    if double:
        rows = frame.groupby(ROW)[money].sum() if money and money in frame else dict.fromkeys(frame[ROW], 0)
        sheet.set_aside += [SetAside(int(str(row)), "other file's double", int(amount)) for row, amount in rows.items()]
        sheet.amount_used = 0
    return sheet


def _add_frames(book: Book, found: Extract, parts: dict[str, list[pd.DataFrame]], double: bool) -> None:
    number = len(book.sheets)
    book.sheets.append(SheetRef(found.file, found.sheet, found.columns, found.turned))
    if double:
        return
    book.yearless |= found.yearless and found.table == "spend"
    for table, frame in found.frames.items():
        parts.setdefault(table, []).append(frame.assign(**{SHEET: pd.Series([number] * len(frame), dtype="int32")}))


def _settle_channels(book: Book, config: Config) -> None:
    channels = book.channels
    channels.aliases, channels.set_kinds = config.channel_names, config.channel_kinds
    spend = book.tables.get("spend")
    if spend is not None:
        names = _channel_names(book, spend)
        kinds = spend["channel_kind"] if "channel_kind" in spend else pd.Series([None] * len(spend))
        words = [kind_from_words(str(kind)) if isinstance(kind, str) else None for kind in kinds]
        known = [(n, k, int(a)) for n, k, a in zip(names, words, spend["amount"], strict=True) if n is not None]
        channels.settle(known)
        spend["channel"] = pd.Series([n if n is None else channels.of_spend(n) for n in names], dtype="object")
    for name in ("applications", "outcome_totals"):
        table = book.tables.get(name)
        if table is not None and "source" in table:
            named = {source: channels.of_source(source) for source in table["source"].dropna().unique()}
            table["channel"] = table["source"].map(named).astype("object")
    for source, channel in sorted(channels.joined.items()):
        words_ = f"the source '{source}' was taken for the channel '{channel}' by its spelling"
        help = f"If that is wrong, write under channels in rm-audit.yaml: {{'{source}': '{source}'}}."
        book.problems.append(Problem("info", "near-spelling", words_, help))


def _channel_names(book: Book, spend: pd.DataFrame) -> list[str | None]:
    """What each row was spent on: its channel, else its vendor; its campaign only in sheets that know no channel."""
    names = _first_known(spend, ("channel", "vendor"))
    campaigns = _first_known(spend, ("campaign",))
    known = [bool({"channel", "vendor"} & set(book.sheets[int(n)].columns["spend"])) for n in spend[SHEET]]
    found = [name or (None if has else campaign) for name, campaign, has in zip(names, campaigns, known, strict=True)]
    for number in sorted({int(n) for n, name in zip(spend[SHEET], found, strict=True) if name is None}):
        pairs = enumerate(zip(spend[SHEET], found, strict=True))
        _say_nameless(book, number, [position for position, (n, name) in pairs if n == number and name is None])
    return found


def _say_nameless(book: Book, number: int, rows: Sequence[int]) -> None:
    money = exact_money(units(int(book.tables["spend"]["amount"].iloc[list(rows)].sum())), book.currency or "")
    ref, cell = book.sheets[number], book.cells("spend", "amount", [rows[0]])[0]
    words = f"{len(rows)} row{'s' if len(rows) > 1 else ''} with {money} name no channel, and are in no channel's sum"
    help = "Fill the channel in on every row; a merged cell fills its first row only."
    place = f"{letters(cell.column)}{cell.row}"
    level: Level = "warning" if {"channel", "vendor", "campaign"} & set(ref.columns["spend"]) else "info"
    book.problems.append(Problem(level, "no-channel", words, help, ref.file, ref.sheet, place))


def _first_known(frame: pd.DataFrame, columns: Sequence[str]) -> list[str | None]:
    """For each row the first of some text columns that holds a text."""
    present = [frame[name] for name in columns if name in frame]
    if not present:
        return [None] * len(frame)
    return [next((v for v in values if isinstance(v, str)), None) for values in zip(*present, strict=True)]
