"""Columns of cells → columns of values of a kind, with a complaint for each that cannot be read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np

from rm_audit.days import week_days
from rm_audit.profiles.amounts import Amounts, is_blank, read_amounts
from rm_audit.profiles.blocks import filled
from rm_audit.profiles.cleaning import clean_texts, is_rounded, text_of
from rm_audit.profiles.currencies import currency_code, currency_of_row
from rm_audit.profiles.dates import MARKS, Dates, date_order, read_dates, whole_steps
from rm_audit.profiles.headers import header_currency, plain, scale
from rm_audit.profiles.notices import days_of_notice
from rm_audit.profiles.totals import total_words
from rm_audit.profiles.work import Work
from rm_audit.readers import Value
from rm_audit.tables import MICROS, MONEY_COLUMN, TABLES

EXCERPT = 24  # characters of a cell that an error shows
_WITH_SHARE = re.compile(r"(\d[\d.,]*) ?\(\d[\d.,]* ?%\)")
MONTH_WORDS = ("month", "period", "monat", "mois", "mes", "maand", "mese", "mês")
WEEK_WORDS = ("week", "week starting", "week of", "woche", "semaine", "semana")
_STAGES = ("applied", "qualified", "interviewed", "offered", "hired")  # from the first to the last
CORRECT_ONE = "Correct the one that is wrong."
SHOWN = 5  # cells of one column that are complained of one by one


def column_kind(work: Work, name: str) -> str:
    """The kind of a canonical column in the table of this sheet."""
    if name.startswith("o_"):
        return "count"
    return TABLES[work.layout.table].columns.get(name, "text")


def read_column(work: Work, name: str, column: int) -> None:
    """Reads one column of the sheet into `work.columns[name]` by its kind."""
    values = work.cells(column)
    kind = column_kind(work, name)
    if name == "owner":  # often a person's name: all that is kept is whether there is one
        work.columns[name] = [None if is_blank(value, work.profile.blanks) else "named" for value in values]
    elif kind == "text":
        _read_texts(work, name, column, values)
    elif kind == "mark":
        work.columns[name] = [_mark(value) for value in values]
    elif kind == "day":
        _read_days(work, name, column, values)
    else:
        read_numbers(work, name, column, values, money=kind == "money")


def _read_texts(work: Work, name: str, column: int, values: Sequence[Value]) -> None:
    distinct = clean_texts(name, work.met(column) or dict.fromkeys(values), work.profile.blanks)
    if name.endswith(("_id", "job", "invoice")):
        rounded = {value for value in distinct if is_rounded(value)}
        if rounded:
            first = next(position for position, value in enumerate(values) if value in rounded)
            words = (
                f"ids of more than 15 digits were rounded by a spreadsheet, as in '{values[first]}'; they are not used"
            )
            help = "Export the file again, and open it only with the column set to text."
            work.complain("warning", "rounded-ids", words, help, work.at(first, column))
        distinct |= dict.fromkeys(rounded)
    work.columns[name] = list(map(distinct.__getitem__, values))


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


def _read_days(work: Work, name: str, column: int, values: Sequence[Value]) -> None:
    if work.layout.table == "applications" and _is_flag(values, work.profile.blanks):
        _read_flag(work, name, values)
        return
    header = plain(work.layout.headers[column])
    months = header in MONTH_WORDS and work.layout.table in ("spend", "outcome_totals")
    dates = read_dates(values, work.profile.blanks, work.months_of, months, work.own, work.profile.dates)
    if dates.ambiguous and (order := _order_elsewhere(work, column)):
        habit = dict.fromkeys(MARKS, order)
        dates = read_dates(values, work.profile.blanks, work.months_of, months, work.own, habit)
    if work.layout.table == "applications" and name.removesuffix("_at") in _STAGES:
        undated = {*dates.ambiguous, *dates.yearless}
        _reached(work, name, [position in undated for position in range(len(values))])
    week = header in WEEK_WORDS
    # Of a few rows of many nobody can say what the days stand for: who has all of them does.
    if name == "start" and not week and "end" not in work.layout.columns and not work.block.of:
        dates.spans = whole_steps(dates.spans)
    work.columns[name] = [span[0] if span else None for span in dates.spans]
    if name == "start" and "end" not in work.layout.columns:
        ends = [(max(span[1], week_days(span[0])[1]) if week else span[1]) if span else None for span in dates.spans]
        work.columns["end"] = list(ends)
    work.yearless |= bool(dates.yearless) and work.layout.table in ("spend", "outcome_totals")
    _complain_of_dates(work, name, column, values, dates)


def _order_elsewhere(work: Work, column: int) -> str:
    """The order of day and month that the other columns of days of this sheet have, where they have one: what wrote
    the one wrote the others. Empty where they say nothing or differ."""
    others = [place for name, place in work.layout.columns.items() if column_kind(work, name) == "day"]
    orders = {date_order(work.cells(place)) for place in others if place != column} - {"?"}
    return orders.pop() if len(orders) == 1 else ""


def _complain_of_dates(work: Work, name: str, column: int, values: Sequence[Value], dates: Dates) -> None:
    money = work.layout.table in ("spend", "outcome_totals")
    if dates.ambiguous:
        shown = " ".join(str(values[dates.ambiguous[0]]).split())[:EXCERPT]
        message = f"day and month cannot be told apart in {len(dates.ambiguous)} dates of this column, as in '{shown}'"
        message += "; these rows count without a date"
        help = "Write the dates as 2026-03-31."
        work.complain("warning", "ambiguous-dates", message, help, work.at(dates.ambiguous[0], column))
    bad = [p for p in dates.bad if p not in work.aside and not _is_total(work, values[p])]
    bad = [p for p in bad if filled(work.cells_in(p)) > 1]  # a line of words under the table is no row
    far = set(dates.far) & set(bad)
    bad = [p for p in bad if name != "end" or p in far]  # 'open' and the like are no end
    if bad:
        first = work.cell(work.at(bad[0], column))
        message = f"{len(bad)} of {work.block.of or len(values)} cells hold no date that can be read, {first} the first"
        message += f"; these rows count {'by their first day' if name == 'end' else 'without a date'}" if money else ""
        far_off = " Before 1970 and after 2099 they are taken for slips." if far else ""
        help = f"Write the dates as 2026-03-31.{far_off}"
        work.complain("warning", "not-a-date", message, help, work.at(bad[0], column))


def _is_total(work: Work, value: Value) -> bool:
    """Whether a cell is the name of a total row that stands in the column of dates."""
    return isinstance(value, str) and total_words(work.profile.totals).fullmatch(value.casefold()) is not None


def _is_flag(values: Sequence[Value], blanks: frozenset[str]) -> bool:
    """A column such as `Hired?` that says yes or no, and no day."""
    said = (value for value in values if not is_blank(value, blanks))
    first = next(said, None)  # most columns of days show with it that they are one
    return first is not None and all(_mark(value) is not None for value in chain([first], said))


def _read_flag(work: Work, name: str, values: Sequence[Value]) -> None:
    """A yes stands for the stage itself."""
    _reached(work, name, [_mark(value) is True for value in values])


def _reached(work: Work, name: str, hits: Sequence[bool]) -> None:
    """Rows that reached a stage on a day that nobody knows: the latest stage of several counts; a stage column of the
    sheet has the last word."""
    if not any(hits):
        return
    stage = name.removesuffix("_at")
    own = work.columns.get("stage") or [None] * len(hits)
    earlier = (
        set() if "stage" in work.layout.columns else set(_STAGES[: _STAGES.index(stage)] if stage in _STAGES else ())
    )
    work.columns["stage"] = [
        stage if hit and (mine is None or mine in earlier) else mine for mine, hit in zip(own, hits, strict=True)
    ]


def read_numbers(work: Work, name: str, column: int, values: Sequence[Value], money: bool) -> None:
    """Reads cells as money (micro-units) or as counts; a row whose money is no number is set aside."""
    values = [days_of_notice(value) for value in values] if name == "notice_days" else values
    if not money:
        values = without_shares(values)
    amounts = read_amounts(values, work.profile.blanks)
    main = name == MONEY_COLUMN.get(work.layout.table)
    shares = {text for text in amounts.texts if "%" in text} if money else set()
    if shares:
        amounts.bad.extend(p for p, value in enumerate(values) if value in shares and amounts.micros[p] is not None)
    work.dollar |= money and any("$" in text for text in amounts.texts)
    _complain_of_texts(work, column, values, amounts.bad, main)
    _complain_of_errors(work, column, values, amounts.errors, main)
    for position in amounts.bad if main else ():
        work.set_aside(position, "not a number")
    for position in amounts.errors if main else ():
        work.set_aside(position, "an error in the amount")
    if money:
        _complain_of_marks(work, column, values, amounts)
        work.columns[name] = _scaled(work, column, amounts.micros)
        if "currency" not in work.columns or main:
            _note_currencies(work, column, amounts.currencies)
    else:
        work.columns[name] = _counts(amounts)


def _counts(amounts: Amounts) -> list[object]:
    if None in amounts.micros:
        return [None if value is None else round(value / MICROS) for value in amounts.micros]
    counts: list[object] = np.rint(np.array(amounts.micros) / MICROS).astype(np.int64).tolist()
    return counts


def _complain_of_errors(work: Work, column: int, values: Sequence[Value], errors: Sequence[int], main: bool) -> None:
    if errors and main:
        words = f"{len(errors)} amount{'s' if len(errors) > 1 else ''} cannot be known: the cell shows an error"
        help = "Correct the formula or type in the value; the row is set aside until then."
        work.complain("error", "error-in-amount", words, help, work.at(errors[0], column), _shown(values[errors[0]]))


def _complain_of_marks(work: Work, column: int, values: Sequence[Value], amounts: Amounts) -> None:
    if amounts.unsure:
        first = amounts.unsure[0]
        read = (amounts.micros[first] or 0) / MICROS
        words = f"{len(amounts.unsure)} amounts such as '{values[first]}' may be thousands or decimals; "
        words += f"read as {read:,.2f}"
        help = "Look at one, and write them as 1234.50 if that is wrong."
        work.complain("warning", "unsure-mark", words, help, work.at(first, column))


def _scaled(work: Work, column: int, micros: Sequence[int | None]) -> list[object]:
    factor, words = scale(work.layout.headers[column])
    if factor == 1 and work.scale != 1 and work.layout.table in ("spend", "plan"):
        return _scaled_by_title(work, column, micros)
    if factor == 1:
        return list(micros)
    message = f"the header '{work.header(column)}' says {words}"
    help = "Write the amounts out if that is wrong."
    work.complain("info", "thousands", message, help, (work.layout.header_row, column))
    return [None if value is None else round(value * factor) for value in micros]


def _scaled_by_title(work: Work, column: int, micros: Sequence[int | None]) -> list[object]:
    said = any(problem.code == "scaled-by-title" for problem in work.problems)
    if not said:
        words = f"a title says that the amounts are in {'thousands' if work.scale == 1000 else 'millions'}: "
        words += f"they are multiplied by {int(work.scale):,}"
        help = "Write the amounts out if that is wrong."
        work.complain("warning", "scaled-by-title", words, help, (work.layout.header_row, column))
    return [None if value is None else round(value * work.scale) for value in micros]


def without_shares(values: Sequence[Value]) -> Sequence[Value]:
    """'350 (35.18%)' → '350': a count, with its share of another in brackets."""
    texts = {value for value in values if isinstance(value, str)}
    counts = {text: match[1] for text in texts if "(" in text and (match := _WITH_SHARE.fullmatch(text.strip()))}
    return [counts.get(value, value) if isinstance(value, str) else value for value in values] if counts else values


def _complain_of_texts(work: Work, column: int, values: Sequence[Value], bad: Sequence[int], main: bool) -> None:
    """The first cells one by one, the rest of them together."""
    for position in bad[:SHOWN]:
        help = "Write a number, or leave the cell empty." + (" The row is set aside." if main else "")
        at = work.at(position, column)
        work.complain("error", "not-a-number", "a text where a number should be", help, at, _shown(values[position]))
    rest = bad[SHOWN:]
    if rest:
        cells = ", ".join(work.cell(work.at(position, column)) for position in rest[:SHOWN])
        more = f" and {len(rest) - SHOWN} more" if len(rest) > SHOWN else ""
        count = f"in {len(rest)} more cell{'s' if len(rest) > 1 else ''}"
        help = "Write numbers, or leave the cells empty." + (" The rows are set aside." if main else "")
        message = f"texts where numbers should be {count}: {cells}{more}"
        work.complain("error", "not-a-number", message, help, work.at(rest[0], column))


def _shown(value: Value) -> str:
    """A cell's text for an error; an address that somebody typed into the wrong column is not repeated."""
    return "(an e-mail address, not shown)" if "@" in str(value) else f"'{str(value)[:EXCERPT]}'"


def _note_currencies(work: Work, column: int, found: Sequence[str | None]) -> None:
    own = work.columns.get("currency") or [None] * len(found)
    named = header_currency(work.layout.headers[column])
    header = named or work.currency
    if header is None and not any(own) and not any(found):
        header = _format_currency(work, column)
    work.dollar |= "$" in str(work.layout.headers[column]) or "$" in own
    known = {mine: currency_of_row(str(mine)) if mine else None for mine in set(own)}
    words = currencies_differ(named, known.values())
    if words:
        work.complain("warning", "currencies-differ", words, CORRECT_ONE, (work.layout.header_row, column))
    work.columns["currency"] = [known[mine] or cell or header for mine, cell in zip(own, found, strict=True)]


def currencies_differ(named: str | None, rows: Iterable[str | None]) -> str:
    """What to say where a header names a currency that no row does; empty where it does not, or no row names any."""
    said = sorted({code for code in rows if code})
    if not named or not said or named in said:
        return ""
    return f"the header says {named} and the column of currencies {' and '.join(said)}, which counts"


def _format_currency(work: Work, column: int) -> str | None:
    """The one currency in which a workbook shows its amounts, where nothing else names any."""
    signs = {currency_code(text) or "$" for text in work.block.sheet.formats}
    if len(signs) > 1 and not any(problem.code == "several-formats" for problem in work.problems):
        words = f"cells of this workbook show {' and '.join(sorted(signs))}, and the amounts name no currency"
        help = "Add a column called Currency: amounts of several currencies must not be added up."
        work.complain("warning", "several-formats", words, help, (work.layout.header_row, column))
    work.dollar |= signs == {"$"}
    return next(iter(signs - {"$"})) if len(signs) == 1 and signs != {"$"} else None


def read_person(work: Work) -> None:
    """Reads who a row is about as a keyed hash; the text itself goes no further."""
    if work.layout.person is None:
        return
    cells = work.cells(work.layout.person)
    names = {value: text_of(value, work.profile.blanks) for value in dict.fromkeys(cells)}
    hashes = {value: name if name is None else _hashed(name, work.key) for value, name in names.items()}
    work.columns["person"] = list(map(hashes.__getitem__, cells))


def _hashed(value: str, key: bytes) -> str:
    return hashlib.blake2b(value.casefold().encode(), key=key[:64], digest_size=12).hexdigest()
