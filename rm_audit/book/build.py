"""Files → book: recognise and extract every sheet, then settle currency, channels and period."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rm_audit.book.currency import settle_currency
from rm_audit.book.large import looked_at, said
from rm_audit.book.model import Book, InputFile, InputSheet, SheetRef
from rm_audit.book.naming import settle_channels
from rm_audit.book.outcomes import settle_outcomes
from rm_audit.book.overlap import settle_overlaps
from rm_audit.book.period import settle_period
from rm_audit.book.sources import say_sources
from rm_audit.book.titles import settle_titles
from rm_audit.cells import Source, letters
from rm_audit.channels import Channels
from rm_audit.config import Config
from rm_audit.errors import Level, Problem
from rm_audit.numbers import exact_money, units
from rm_audit.profiles.extract import extract
from rm_audit.profiles.library import generic, library
from rm_audit.profiles.model import Extract, Profile, SetAside
from rm_audit.profiles.recognise import Found, Stranger, recognise
from rm_audit.readers import FileRead, Sheet
from rm_audit.tables import AMOUNT_COLUMN, COUNT, MONEY_COLUMN, ROW, SHEET
from rm_audit.words import stacked

if TYPE_CHECKING:
    from rm_audit.rollups import RolledUp

# What stands in a sheet that nobody recognised may be personal: none of it is shown.
NO_HEADERS: Mapping[str, object] = {"mapped": {}, "unmapped": [], "personal": []}


def build(files: Iterable[FileRead], config: Config, key: bytes = b"") -> Book:
    """The book of all files; `key` is what persons are hashed with. Never raises for what files hold: look at
    `.problems`.

    Raises InputError only where amounts in several currencies cannot be brought into one.
    """
    book = Book({}, [], [], [], Channels())
    parts: dict[str, list[pd.DataFrame]] = {}
    profiles = library(config.profiles)
    seen: dict[str, str] = {}
    met: list[Problem] = []
    for found in files:
        file, rolled = looked_at(found, config, profiles, key)
        met += file.problems
        book.unreadable += [file.source.file] if file.named and not file.sheets else []
        first = seen.setdefault(file.source.sha256, file.source.file)
        double = first if file.source.sha256 and first != file.source.file else ""
        if not rolled:
            _add_file(book, file, config, profiles, key, parts, double)
        else:
            _add_rolled(book, file, config, rolled, parts, double)
    book.problems = met + book.problems
    book.tables = {name: stacked(frames) for name, frames in parts.items()}
    settle_currency(book, config)
    settle_outcomes(book)
    settle_period(book, config)
    settle_channels(book, config)
    settle_overlaps(book, config)
    settle_titles(book, config)
    say_sources(book)
    return book


def persons_key(sources: Sequence[Source]) -> bytes:
    """The key of the persons' hashes: the same person is the same hash inside one call, and in no other."""
    return hashlib.blake2b("".join(sorted(source.sha256 for source in sources)).encode()).digest()


def _add_file(
    book: Book,
    file: FileRead,
    config: Config,
    profiles: Sequence[Profile],
    key: bytes,
    parts: dict[str, list[pd.DataFrame]],
    double: str,
) -> None:
    entry = InputFile(file.source.file, file.source.sha256)
    book.inputs.append(entry)
    for sheet in file.sheets:
        found = recognise(sheet, profiles)
        _say_what_is_there(book, entry, file, sheet, found)
        for block, layout in found.tables:
            extracted = extract(block, layout, config.period, key)
            book.problems += extracted.problems
            _say_dollars(book, extracted, config)
            _say_hidden(book, extracted, sheet)
            entry.sheets.append(_account(extracted, double))
            _add_frames(book, extracted, parts, bool(double))
    _say_double(book, file, double)


def _add_rolled(
    book: Book,
    file: FileRead,
    config: Config,
    rolled: Sequence[RolledUp],
    parts: dict[str, list[pd.DataFrame]],
    double: str,
) -> None:
    entry = InputFile(file.source.file, file.source.sha256)
    book.inputs.append(entry)
    for one in rolled:
        book.problems += [*one.extract.problems, said(one)]
        book.engines[file.source.file] = one.engine
        _say_dollars(book, one.extract, config)
        entry.sheets.append(_account(one.extract, double))
        _add_frames(book, one.extract, parts, bool(double), one.rows)
    _say_double(book, file, double)


def _say_double(book: Book, file: FileRead, double: str) -> None:
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
    for stranger in found.unknown:
        _say_stranger(book, entry, sheet, stranger, found.tables[0][1].profile)


def _say_stranger(book: Book, entry: InputFile, sheet: Sheet, stranger: Stranger, profile: Profile) -> None:
    """A table under another that is not read: unknown, or known to say the same again in other parts."""
    row = stranger.row + 1
    level: Level = "info" if stranger.known else "warning"
    words = f"a second table begins in row {row}, with headers that nobody knows: its {stranger.rows} rows are not read"
    help = "Give it a sheet of its own with known headers, or leave it out."
    if stranger.known:
        words = (
            f"what stands from row {row} on, {stranger.rows} rows, is known as a part of this export and is not used"
        )
        help = ""
    known = profile.id if stranger.known else None
    entry.sheets.append(InputSheet(sheet.name, known, None, None, NO_HEADERS, stranger.rows))
    code = "unused-table" if stranger.known else "unknown-table"
    book.problems.append(Problem(level, code, words, help, entry.file, sheet.name, f"A{row}"))


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
    if found.turned or money is None or money not in frame or not (sheet.hidden_rows or sheet.hidden_columns):
        return
    hidden = frame[frame[ROW].isin([row + 1 for row in sheet.hidden_rows])]
    if len(hidden):
        amount = exact_money(units(int(hidden[money].sum())), found.currency or "")
        rows = sorted(set(hidden[ROW]))
        words = f"{len(rows)} row{'s' if len(rows) > 1 else ''} that the sheet hides hold {amount}, and count"
        help = "Show the rows (clear the filter), and delete those that should not count."
        place = f"{letters(found.columns[found.table].get(money, 1))}{rows[0]}"
        book.problems.append(Problem("warning", "hidden-rows", words, help, found.file, found.sheet, place))
    columns = sorted({int(place) for place in frame[AMOUNT_COLUMN].unique() if place - 1 in sheet.hidden_columns})
    if columns:
        names = ", ".join(map(letters, columns))
        words = f"amounts stand in column{'s' if len(columns) > 1 else ''} {names}, which the sheet hides, and count"
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
        counts = frame.groupby(ROW)[COUNT].sum().to_dict() if COUNT in frame else {}
        sheet.set_aside += [
            SetAside(int(str(row)), "other file's double", int(amount), int(counts.get(row, 1)))
            for row, amount in rows.items()
        ]
        sheet.amount_used = 0
    return sheet


def _add_frames(
    book: Book, found: Extract, parts: dict[str, list[pd.DataFrame]], double: bool, span: tuple[int, int] = (0, 0)
) -> None:
    number = len(book.sheets)
    ref = SheetRef(found.file, found.sheet, found.columns, found.turned, found.export, span)
    book.sheets.append(ref)
    if double:
        return
    book.yearless |= found.yearless and found.table == "spend"
    for table, frame in found.frames.items():
        parts.setdefault(table, []).append(
            frame.assign(**{SHEET: np.full(len(frame), number, dtype=np.min_scalar_type(number))})
        )
