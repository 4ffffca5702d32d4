"""What rows mean only beside all others: the ordinary way settles it for the whole table, and a few rows cannot.

Each check raises NotPlainError where the rows that were read by themselves may say something else than in their table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from rm_audit.days import from_day
from rm_audit.profiles.amounts import is_blank, read_amounts
from rm_audit.profiles.dates import Days, ends_of, read_dates, three_parts, whole_steps
from rm_audit.profiles.headers import plain
from rm_audit.profiles.model import Extract
from rm_audit.profiles.unspent import FOOT, at_foot
from rm_audit.rollups.marks import ROWS
from rm_audit.rollups.odd import CENT, TOTAL, OddRow, cell_of
from rm_audit.rollups.plan import NotPlainError, Plan, WrittenError
from rm_audit.rollups.shape import days_of, last_days, spans_of, texts_of
from rm_audit.tables import ROW

ENDS = 4  # a wrong total is a total in the last rows alone, as in any other file; so is a note
OF_THE_FILE = "days that may be those of the whole file"
_LABELS = ("channel", "vendor", "campaign")
_POINTED = "12.50"  # an amount that every engine reads


def without_empty(plan: Plan, rows: Sequence[OddRow], last: int) -> list[OddRow]:
    """The rows that hold a cell. One that says something in a single cell may be a title, which parts a table; near the
    `last` row of the file, with no header below it, it is a note."""
    blanks = plan.layout.profile.blanks
    filled = {item.row: sum(not is_blank(cell, blanks) for cell in item.cells) for item in rows}
    first = min((row for row, count in filled.items() if count == 1), default=None)
    if first is not None and (first <= last - ENDS or any(row > first and n > 1 for row, n in filled.items())):
        raise NotPlainError("rows of a single cell")
    return [item for item in rows if any(cell is not None for cell in item.cells)]


def check_span(groups: pd.DataFrame, plan: Plan) -> None:
    """Whether all rows have the first day of the file, as the first rows have."""
    if plan.span is not None and plan.days and len(groups) and days_of(groups) != [plan.span[0]]:
        raise NotPlainError(OF_THE_FILE)


def check_steps(groups: pd.DataFrame, kept: pd.DataFrame, plan: Plan) -> None:
    """Whether days stand for weeks or months, or do not, with the rows that are no spend as without them."""
    if len(plan.days) == 1 and plan.span is None and len(kept) < len(groups):
        every, own = (last_days(rows, plan) for rows in (groups, kept))
        if any(every[day] != last for day, last in own.items()):
            raise NotPlainError("days that stand for weeks or months beside rows that are no spend")


def check_words(groups: pd.DataFrame, plan: Plan, last: Callable[[int], Sequence[OddRow]]) -> None:
    """Whether no row is a figure under the table, such as an average. `last` are so many of the last rows."""
    for name in (name for name in _LABELS if name in plan.texts):
        named = [text for text in texts_of(groups, name) if at_foot(text)]
        count = int(groups[groups[name].isin(named)][ROWS].sum()) if named else 0
        cells = [cell_of(item, plan.columns[name]) for item in last(FOOT)] if count else []
        # Of a cluster the last rows are not known: many that are called so are a channel's.
        if any(isinstance(cell, str) and at_foot(cell) for cell in cells) or 0 < count <= FOOT * len(named):
            raise NotPlainError("figures under the table")


def check_numbers(plan: Plan, rows: Sequence[OddRow], others: Sequence[OddRow]) -> None:
    """Whether the cells are the same numbers beside those of the first rows and of some others: 1.234,56 is none beside
    12.50. And whether beside them the first rows are what every engine reads: 45,123 is less beside 0,500."""
    blanks = plan.layout.profile.blanks
    for name, place in plan.columns.items():
        if plan.kinds[name] not in ("money", "count"):
            continue
        own, kind = [cell_of(item, place) for item in rows], plan.kinds[name]
        start = plan.layout.header_row + 1
        column = place - plan.block.left
        head = [row[column] for row in plan.block.rows[start:] if column < len(row)]
        head += [cell_of(item, place) for item in others]
        head += [_POINTED] if kind == "money" and not plan.written.comma else []  # there may be some further down
        alone, beside = read_amounts(own, blanks), read_amounts([*own, *head], blanks)
        engines = read_amounts(head, blanks, plan.written.locale(kind)).micros
        both = zip(head, engines, beside.micros[len(own) :], strict=True)
        differ = any(a != b for cell, a, b in both if isinstance(cell, str) and plan.written.is_number(cell, kind))
        if differ or alone.micros != beside.micros[: len(own)] or alone.unsure:
            raise WrittenError(f"numbers of {name} that are written in several ways")


def check_order(plan: Plan, rows: Sequence[OddRow]) -> None:
    """Whether days that the engine could not read are written in another order than its own, which all rows settle."""
    for name in plan.days if plan.written.order else ():
        for item in rows:
            cell = cell_of(item, plan.columns[name])
            ends = ends_of(cell) if isinstance(cell, str) else []
            if any(three_parts(end) is not None and not plan.written.is_day(end) for end in ends):
                raise WrittenError("days that are written in several ways")


def with_days(
    plan: Plan, ends: Mapping[int, int], read: Extract, kept: Sequence[OddRow], totals: Sequence[OddRow]
) -> Extract:
    """Days of a few rows, `kept`, stand for the weeks or months that they begin where those of all rows do. `ends` are
    the last days for which the other rows' days stand: they must be the same beside these, and beside those of
    totals."""
    own = read.frames["spend"]
    if plan.span is not None:
        if len(own) and (own["start"].isna() | (own["start"] != plan.span[0]) | (own["end"] != plan.span[1])).any():
            raise NotPlainError(OF_THE_FILE)
        return read
    if len(plan.days) != 1 or not {"start", "end"} <= set(own):
        return read
    both = zip(own["start"], own["end"], strict=True)
    spans = [None if pd.isna(first) else (int(first), int(last)) for first, last in both]
    of_kept, of_totals = (_spans(plan, rows) for rows in (kept, totals))
    several = any(span and span[0] != span[1] for span in of_kept)
    if plan.months and (several or any(span and from_day(span[0]).day != 1 for span in (*spans, *of_totals))):
        raise NotPlainError("days that are no firsts of months")
    settled = whole_steps([*spans_of(ends, plan), *spans, *of_totals])
    if [span[1] for span in settled[: len(ends)] if span] != list(ends.values()):
        raise NotPlainError("days that stand for weeks or months beside other days")
    last = [span[1] if span else None for span in settled[len(ends) :][: len(own)]]
    end = pd.Series(last, index=own.index, dtype="Int64").astype(own["end"].dtype)
    return replace(read, frames={**read.frames, "spend": own.assign(end=end)})


def _spans(plan: Plan, rows: Sequence[OddRow]) -> Sequence[Days | None]:
    """What the day of each row says alone."""
    cells = [cell_of(item, plan.columns[plan.days[0]]) for item in rows]
    return read_dates(cells, plan.layout.profile.blanks, None).spans


def check_kept(plan: Plan, read: Extract, kept: Sequence[OddRow], used: int) -> None:
    """Whether no row is called a total by itself that may be none in its table, or the other way round: a row adds up
    its neighbours, which are not there. `used` are the micro-units of all rows."""
    places = [plan.columns[name] for name in plan.texts if name != "currency"]
    blanks = plan.layout.profile.blanks
    named = {item.row for item in kept if any(not is_blank(cell_of(item, place), blanks) for place in places)}
    if any(item.reason == TOTAL and item.row in named for item in read.set_aside):
        raise NotPlainError("rows with a name and that of a total")
    money = read.frames["spend"]
    alone = money[~money[ROW].isin(named)]["amount"]
    if any(abs(2 * int(amount) - used) < CENT for amount in alone if int(amount)):
        raise NotPlainError("a total without a name")


def check_total(plan: Plan, totals: Sequence[OddRow], count: int) -> None:
    """Whether there is one total, in the first row or one of the last, and nothing else is called so."""
    names = [name for name in (*plan.texts, *plan.days) if name != "currency"]
    words = plan.layout.profile.totals
    for item in totals:
        texts = [str(cell_of(item, plan.columns[name]) or "") for name in names]
        first, last = plan.skip + 1, plan.skip + count - ENDS
        if len(totals) > 1 or plain(max(texts)) not in words or first < item.row <= last:
            raise NotPlainError("totals that may be none")
