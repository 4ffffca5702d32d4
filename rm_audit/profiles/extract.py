"""A recognised block → rows of its canonical table, with what was set aside and why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from rm_audit.days import Period, is_credible
from rm_audit.profiles.amounts import read_amounts
from rm_audit.profiles.blocks import Block, filled, no_data, texts
from rm_audit.profiles.columns import column_kind, read_column, read_numbers, read_person
from rm_audit.profiles.doubts import say_changes, say_guesses, say_what_may_mislead
from rm_audit.profiles.headers import header_currency, plain, without_code
from rm_audit.profiles.model import Extract, Layout, SetAside
from rm_audit.profiles.notices import drop_odd_notices
from rm_audit.profiles.people import drop_people
from rm_audit.profiles.preamble import is_whole_year, name_period, stated_currency, stated_period, yearless_month
from rm_audit.profiles.repeats import mark_repeats
from rm_audit.profiles.shape import shaped
from rm_audit.profiles.stages import (
    collapse_events,
    one_row_an_application,
    read_stamps,
    say_unknown_stages,
    set_constants,
)
from rm_audit.profiles.summing import set_totals_aside
from rm_audit.profiles.unspent import other_title, set_other_figures_aside, stated_scale
from rm_audit.profiles.work import Work
from rm_audit.readers import Value
from rm_audit.tables import MICROS, MONEY_COLUMN

_COUNTED = re.compile(r"\d{1,4}")  # GA4 writes four figures
# Headers of a day on which something begins; under others a day is the day of the row.
_ACTIVITY = ("impressions", "clicks", "apply_starts")
STARTS = ("start", "begin", "reporting", "début", "inicio", "início", "berichts")


def extract(block: Block, layout: Layout, period: Period | None, key: bytes) -> Extract:
    """All rows under the header, typed; `key` makes the keyed hash that stands for a person."""
    own = _own_period(block, period, layout.profile.dates)
    work = Work(block, layout, layout.profile, period, key, own, stated_currency(block.above))
    work.scale = stated_scale((*block.above[-4:], block.sheet.name))
    say_changes(work)
    say_guesses(work)
    _collect_rows(work)
    drop_people(work)
    layout = work.layout
    for name in sorted(layout.columns, key=lambda column: column != "currency"):  # amounts look at the currency column
        _read(work, name, layout.columns[name])
    read_person(work)
    read_stamps(work)
    collapse_events(work)
    one_row_an_application(work)
    set_constants(work)
    amounts = _read_months(work) if layout.months else _main_amounts(work)
    set_totals_aside(work, amounts)
    _set_empty_aside(work, amounts)
    set_other_figures_aside(work, amounts)
    _date_by_the_file(work)
    drop_odd_notices(work)
    say_what_may_mislead(work, amounts)
    say_unknown_stages(work)
    mark_repeats(work)
    return _finished(work)


def _read(work: Work, name: str, column: int) -> None:
    if name == "start" and without_code(plain(work.layout.headers[column])) in work.profile.counted:
        _read_counted_days(work, column)
    else:
        read_column(work, name, column)


def _read_counted_days(work: Work, column: int) -> None:
    """GA4's 'Nth day': 0000 is the first day of the period that stands above the table."""
    texts = [str(value).strip() for value in work.cells(column)]
    first = work.own.start if work.own else None
    days = [first + int(text) if first is not None and _COUNTED.fullmatch(text) else None for text in texts]
    work.columns["start"], work.columns["end"] = list(days), list(days)


def _own_period(block: Block, period: Period | None, habit: Mapping[str, str]) -> Period | None:
    """What the sheet's lines above the table, its name, or the file's name say of the time."""
    file = name_period(PurePosixPath(block.sheet.source.file).stem)
    stated = stated_period(block.above, habit)
    month = yearless_month(block.sheet.name)
    if month is not None:  # a sheet called March, of the year that something else names
        days = month.days(stated or file or period)
        return Period(*days) if days else None
    return stated or name_period(block.sheet.name) or file


def _collect_rows(work: Work) -> None:
    """The rows under the header; those that only repeat it, or that say nothing of the table, are set aside at once."""
    header = list(work.block.rows[work.layout.header_row])
    covers, width, title, other = _covers(work), filled(header), "", ""
    wide: list[int] = []
    for index, cells in enumerate(work.block.rows[work.layout.header_row + 1 :], work.layout.header_row + 1):
        count = len(cells) - cells.count(None)
        if not count:
            continue
        reason = "says that there is no data" if count == 1 and no_data(cells) else other
        if index == work.layout.header_row + 1 and _explains(work, cells):
            reason = "says what the headers mean"
        if count == width and list(cells) == header:
            other = f"under the title '{title}'" if other_title(title) else ""
            reason = "header row again"
        elif len(cells) > len(work.layout.headers) and _is_wider(work, cells):
            reason = "more cells than headers"
            wide.append(index)
        title = " ".join(texts([cells])) if count == 1 else title
        if reason:  # its words must not be taken for values
            work.set_aside(len(work.rows), reason)
            work.instead[len(work.rows)] = []
        elif index in covers:
            work.instead[len(work.rows)] = _uncovered(cells, covers[index])
        work.rows.append(index)
    _say_set_aside(work, wide)


def _explains(work: Work, cells: Sequence[Value]) -> bool:
    """Whether the first row under a platform's headers has a sentence in every column of counts, as Facebook's does."""
    numbers = [column for name, column in work.layout.columns.items() if column_kind(work, name) == "count"]
    said = [cells[column] for column in numbers if column < len(cells)]
    sentences = [v for v in said if isinstance(v, str) and " " in v.strip() and not v.strip()[0].isdigit()]
    return work.profile.signature is not None and len(said) > 1 and len(sentences) == len(said)


def _is_wider(work: Work, cells: Sequence[Value]) -> bool:
    """Whether a row of a text file has cells that no header stands over: an amount such as 1,500 came apart."""
    width = len(work.layout.headers)
    text, money = not work.block.sheet.name and not work.block.turned, work.layout.table in MONEY_COLUMN
    return text and money and any(value is not None for value in cells[width:])


def _say_set_aside(work: Work, wide: Sequence[int]) -> None:
    if wide:
        words = f"{len(wide)} row{'s have' if len(wide) > 1 else ' has'} more cells than there are headers, as in row "
        words += f"{work.block.row(wide[0])}, and cannot be read"
        help = "An amount such as 1,500 must stand in quotes: export the file again, or save it as .xlsx."
        work.complain("error", "row-too-wide", words, help, (wide[0], len(work.layout.headers)))
    titles = sorted({reason for reason, _ in work.aside.values() if reason.startswith("under the title")})
    for reason in titles:
        count = sum(own == reason for own, _ in work.aside.values())
        words = f"{count} rows stand {reason}, and are not counted as spent"
        work.complain("warning", "other-title", words, "Give them a sheet of their own.", (work.layout.header_row, 0))


def _covers(work: Work) -> dict[int, list[tuple[int, Value]]]:
    """What cells under a merged one say: the same as its first cell, but for money, which stands there once."""
    numbers = {c for name, c in work.layout.columns.items() if column_kind(work, name) not in ("text", "day")}
    numbers |= {*work.layout.months, *work.layout.sums}
    found: dict[int, list[tuple[int, Value]]] = {}
    for area in work.block.merged:
        rows = work.block.rows[area.top : area.bottom + 1]
        if area.left == area.right and area.left not in numbers and area.top > work.layout.header_row and rows:
            value = rows[0][area.left] if area.left < len(rows[0]) else None
            for index in range(area.top + 1, area.bottom + 1):
                found.setdefault(index, []).append((area.left, value))
    return found


def _uncovered(cells: Sequence[Value], covered: Sequence[tuple[int, Value]]) -> list[Value]:
    whole = list(cells)
    for column, value in covered:
        whole[column] = value
    return whole


def _main_amounts(work: Work) -> list[int | None]:
    name = MONEY_COLUMN.get(work.layout.table)
    if name is None:
        return [None] * len(work.rows)
    return list(work.columns.get(name, [None] * len(work.rows)))  # type: ignore[arg-type]  # micro-units


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
    work.yearless |= any(span.days(work.months_of) is None for span in work.layout.months.values())
    _complain_of_far_months(work)
    for column, parts in work.layout.sums.items():
        _check_sums(work, column, parts)
    return sums


def _complain_of_far_months(work: Work) -> None:
    spans = {column: span.days(work.months_of) for column, span in work.layout.months.items()}
    for column in (column for column, days in spans.items() if days is not None and not is_credible(*days)):
        words = f"the header '{work.header(column)}' names no month of any plan; its amounts count without one"
        help = "Write a month of the years 1970 to 2099."
        work.complain("warning", "not-a-date", words, help, (work.layout.header_row, column))


def _check_sums(work: Work, column: int, parts: Sequence[int]) -> None:
    """Compares a column such as Total or Q1 with the months that it adds up."""
    totals = read_amounts(work.cells(column), work.profile.blanks).micros
    both = []
    for position, total in enumerate(totals):
        months = [work.columns[f"m_{part}"][position] for part in parts]
        known = [int(str(value)) for value in months if value is not None]
        if total is not None and position not in work.aside and known:
            both.append((position, sum(known), total))
    wrong = [position for position, months_sum, total in both if abs(months_sum - total) >= MICROS // 100]
    if not wrong:
        return
    cells = ", ".join(work.cell(work.at(position, column)) for position in wrong[:8])
    says, adds = sum(total for _, _, total in both) / MICROS, sum(value for _, value, _ in both) / MICROS
    own = "total column" if len(parts) == len(work.layout.months) else f"column '{work.header(column)}'"
    message = f"the sheet's own {own} says {says:,.2f}; its months add up to {adds:,.2f}, which is what counts"
    words = f"It is wrong in {len(wrong)} of {len(both)} cells: {cells}{' and more' if len(wrong) > 8 else ''}. "
    work.complain("warning", "total-differs", message, words + "Mend the sums there.", work.at(wrong[0], column))


def _set_empty_aside(work: Work, amounts: Sequence[int | None]) -> None:
    money = work.layout.table in ("spend", "plan")  # a licence without a cost still has seats
    columns = [values for name, values in work.columns.items() if name != "currency"]
    for position in [p for p, amount in enumerate(amounts) if amount is None]:
        if all(values[position] is None for values in columns):
            work.set_aside(position, "no value in a known column")
        elif money:
            alone = filled(work.cells_in(position)) == 1
            work.set_aside(position, "a note" if alone else "no amount")


def _date_by_the_file(work: Work) -> None:
    """Rows without a date of their own get the file's period; so do aggregate rows dated on its first day."""
    own = work.own
    if work.layout.table not in ("spend", "outcome_totals", "traffic") or work.layout.months or own is None:
        return
    size = len(work.rows)
    starts = work.columns.get("start")
    used = [p for p in range(size) if p not in work.aside]
    header = plain(work.layout.headers[work.layout.columns["start"]]) if "start" in work.layout.columns else ""
    first_days = header.startswith(STARTS) and starts is not None and {starts[p] for p in used} == {own.start}
    aggregate = first_days and "end" not in work.layout.columns
    if starts is None or aggregate:
        work.columns["start"], work.columns["end"] = [own.start] * size, [own.end] * size
        if used and is_whole_year(own) and starts is None:
            words = f"the rows carry no date; they are taken to be of {str(own)[:4]}, which a title or a name says"
            work.complain("info", "year-from-name", words, "Add a column of dates or months if that is wrong.")


def _finished(work: Work) -> Extract:
    row = work.block.row  # of rows that were picked from a large file each remembers its own
    numbers = list(map(row, work.rows))
    frames, columns = shaped(work, numbers)
    codes = work.columns.get("currency", [])
    used = {code for position, code in enumerate(codes) if position not in work.aside} - {None}
    currencies = sorted(map(str, used or set(codes) - {None} or _header_currencies(work)))
    return Extract(
        file=work.block.sheet.source.file,
        sheet=work.block.sheet.name,
        profile=work.profile.id,
        table=work.layout.table,
        frames=frames,
        columns=columns,
        headers=_headers(work),
        rows_read=len(work.rows),
        set_aside=[SetAside(numbers[position], *why) for position, why in sorted(work.aside.items())],
        problems=work.problems,
        currency=currencies[0] if len(currencies) == 1 else None,
        turned=work.block.turned,
        period=work.own,
        dollar_sign=work.dollar and not currencies,
        yearless=work.yearless,
        export=_is_export(work),
    )


def _is_export(work: Work) -> bool:
    """A platform measures views and clicks, a team's own sheet does not."""
    return not work.profile.own or any(name in work.layout.columns for name in _ACTIVITY)


def _header_currencies(work: Work) -> set[str]:
    """What the header of the money column says where no row is left to say it."""
    column = work.layout.columns.get(MONEY_COLUMN.get(work.layout.table, ""))
    code = header_currency(work.layout.headers[column]) if column is not None else None
    return {code} if code else set()


def _headers(work: Work) -> dict[str, object]:
    layout = work.layout
    mapped = {work.header(column): name.removeprefix("o_") for name, column in layout.columns.items()}
    mapped |= {work.header(column): MONEY_COLUMN[layout.table] for column in layout.months}
    mapped |= {work.header(column): day for day, columns in layout.stamps.items() for column in columns}
    mapped |= {work.header(column): work.profile.stamps.name for column in layout.named}
    mapped |= {work.header(column): "checked, not added" for column in layout.sums}
    mapped |= {work.header(column): "not added: other figures of a month" for column in layout.other}
    guessed = {
        work.header(column): {"column": mapped[work.header(column)], "confidence": sure, "why": why}
        for column, (sure, why) in sorted(layout.guessed.items())
    }
    personal = [work.header(column) for column in layout.personal]
    person = [work.header(layout.person)] if layout.person is not None else []
    return {
        "mapped": mapped,
        "guessed": guessed,
        "unmapped": [work.header(column) for column in layout.unmapped],
        "personal": person + personal,
    }
