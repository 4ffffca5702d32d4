"""Rolled-up rows → rows of the canonical table: words as they are read anywhere, blanks unknown, in one order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from rm_audit.days import from_day, month_days, week_days
from rm_audit.profiles.cleaning import clean_texts
from rm_audit.profiles.currencies import currency_of_row
from rm_audit.profiles.dates import whole_steps
from rm_audit.profiles.totals import quick_look, total_words
from rm_audit.rollups.marks import BLANK, MARK, ODD, ROWS, VOID
from rm_audit.rollups.plan import Plan
from rm_audit.sorting import in_order
from rm_audit.tables import AMOUNT_COLUMN, COUNT, MAIN_COLUMN, ROW, WHOSE
from rm_audit.words import column_of, is_coded

Arrays = dict[str, np.ndarray[Any, Any]]
Columns = dict[str, Any]  # words by their numbers, where there may be many rows
_MOST = 1 << 62


def frame_of(groups: Columns) -> pd.DataFrame:
    """The groups as an engine gave them. Takes them apart, as there may be many."""
    data = {}
    for name in list(groups):
        data[name] = _column(groups.pop(name), wide=name == "amount")  # money is multiplied by rates
    return pd.DataFrame(data, copy=False)


def _column(values: Any, wide: bool) -> pd.Series[Any]:
    if isinstance(values, pd.Categorical):
        return pd.Series(values)
    mask = np.ma.getmaskarray(values)
    plainly = np.ma.getdata(values)
    if plainly.dtype == object:
        return pd.Series(_categories(plainly, mask))
    numbers = np.where(mask, 0, plainly) if mask.any() else plainly
    kind = np.int64 if wide or not _fits(numbers) else np.int32
    return pd.Series(pd.arrays.IntegerArray(numbers.astype(kind, copy=False), mask))


def _fits(numbers: np.ndarray[Any, Any]) -> bool:
    """Whether half the room will do."""
    most = np.iinfo(np.int32).max
    return -most <= int(numbers.min(initial=0)) and int(numbers.max(initial=0)) <= most


def _categories(texts: np.ndarray[Any, Any], mask: np.ndarray[Any, Any]) -> pd.Categorical:
    """Words with a number for each distinct one: all that follows looks at those."""
    if mask.any():
        texts = texts.copy()
        texts[mask] = None
    codes, distinct = pd.factorize(texts)
    return pd.Categorical.from_codes(codes, pd.Index(distinct, dtype=object))


def texts_of(frame: pd.DataFrame, name: str) -> list[str]:
    """The distinct words of a column."""
    return [text for text in frame[name].cat.categories.tolist() if isinstance(text, str)]


def named_totals(frame: pd.DataFrame, plan: Plan) -> dict[str, list[str]]:
    """Texts that name a total row, by column."""
    words, may_be = total_words(plan.layout.profile.totals), quick_look(plan.layout.profile.totals)
    found: dict[str, list[str]] = {}
    for name in plan.texts:
        said = [text for text in may_be(texts_of(frame, name)) if words.fullmatch(text.casefold())]
        if said:
            found[name] = said
    return found


def plain_rows(frame: pd.DataFrame, named: Mapping[str, Sequence[str]], marks: int = VOID | ODD) -> pd.DataFrame:
    """The groups that have none of some marks, and no text that is `named`."""
    odd = (frame[MARK] & marks).astype(bool).to_numpy()
    for name, texts in named.items():
        odd = odd | frame[name].isin(list(texts)).to_numpy()
    return frame[~odd] if odd.any() else frame


def canonical(rows: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """The rows as a frame of the plan's table; each stands for `COUNT` rows of the file, which ROW 0 says.

    Takes `rows` apart: there may be millions, and two of each column would not fit.
    """
    data = _columns(rows, plan)
    order = _order(data, rows, plan)
    count, names = len(rows), list(data)
    counted = _small(rows.pop(ROWS))
    whose = {name: _small(rows.pop(name)) for name in WHOSE if name in rows}
    for name in list(rows):
        del rows[name]
    columns = {name: pd.Series(data.pop(name)).array.take(order) for name in names}  # one at a time
    frame = pd.DataFrame(columns, copy=False)
    main = plan.columns.get(MAIN_COLUMN[plan.table], min(plan.columns.values()))
    frame[ROW], frame[AMOUNT_COLUMN] = np.zeros(count, dtype=np.int8), np.full(count, main + 1, dtype=np.int16)
    frame[COUNT] = counted[order]
    for name, figures in whose.items():  # what nobody can call by a source or a job is nobody's
        frame[name] = np.where(frame["source"].notna() & frame["job"].notna(), figures[order], 0)
    return frame


def _small(counts: pd.Series[int]) -> np.ndarray[Any, Any]:
    figures = counts.to_numpy(dtype=np.int64)
    ends = (np.min_scalar_type(int(end)) for end in (figures.min(initial=0), figures.max(initial=0)))
    return figures.astype(np.result_type(*ends))


def _columns(rows: pd.DataFrame, plan: Plan) -> dict[str, Any]:
    """The columns of the plan's table, in the order of `rows`."""
    data: dict[str, Any] = {}
    for name in plan.columns:
        if name in plan.texts:
            data[name] = _words(rows, name, plan)
        elif name == "amount" or (plan.table != "spend" and plan.kinds[name] == "day"):
            data[name] = rows[name]
        elif name in plan.counts:
            bit = BLANK << plan.counts.index(name)
            data[name] = rows[name].mask((rows[MARK] & bit).astype(bool).to_numpy())
    if plan.table == "spend":
        data |= _days(rows, plan)
        data.setdefault("currency", _same(plan.currency, len(rows)))
    return data | {name: _same(text, len(rows)) for name, text in plan.constants.items()}


def _same(text: str | None, count: int) -> pd.Series[Any]:
    """A column with one text in all rows."""
    return column_of([text], np.zeros(count, dtype=np.int64))


def _words(rows: pd.DataFrame, name: str, plan: Plan) -> pd.Series[Any]:
    """The words of a column as they are read anywhere. A currency is the row's own, else what the header says, where
    anything does."""
    codes, distinct = rows[name].cat.codes.to_numpy(), rows[name].cat.categories
    read = clean_texts(name, list(distinct), plan.layout.profile.blanks)
    known: list[str | None] = [read[text] for text in distinct]
    if name == "currency":
        known = [(text and currency_of_row(text)) or plan.currency for text in known]
    elif known == sorted(distinct):  # nothing to clean, and in order already
        return rows[name]
    known.append(plan.currency if name == "currency" else None)  # -1 is the last one: no text
    return column_of(known, np.where(codes < 0, len(distinct), codes))


def _days(rows: pd.DataFrame, plan: Plan) -> dict[str, Any]:
    if plan.span is not None:
        days = zip(("start", "end"), plan.span, strict=True)
        return {name: pd.array(np.full(len(rows), day, dtype=np.int32), dtype="Int32") for name, day in days}
    if not plan.days:
        return {}
    if len(plan.days) == 2:
        return {name: rows[name] for name in plan.days}
    ends = last_days(rows, plan)
    first, known = min(ends, default=0), np.array(list(ends), dtype=np.int64)
    table = np.zeros(max(ends, default=0) - first + 1, dtype=np.int32)
    table[known - first] = list(ends.values())
    names = _dated(rows)
    last = table[rows[names[-1]].to_numpy(dtype=np.int64) - first]
    return {"start": rows[names[0]], "end": pd.array(last, dtype="Int32")}


def last_days(rows: pd.DataFrame, plan: Plan) -> dict[int, int]:
    """The days of rows that bring no last day of their own, and the last day that each stands for: of a week or month
    that it begins, or itself."""
    days = days_of(rows)
    spans = whole_steps(spans_of(days, plan))
    return {day: span[1] for day, span in zip(days, spans, strict=True) if span is not None}


def of_one_weekday(rows: pd.DataFrame) -> bool:
    """Whether there are several days, and all of one weekday as far as they are known: they may begin weeks."""
    days = days_of(rows)
    return len(days) > 1 and len({day % 7 for day in days}) == 1


def days_of(rows: pd.DataFrame) -> list[int]:
    """The days that are known, each once and in order. There may be many rows, and there are few days."""
    columns = [rows[name].to_numpy(dtype=np.int64) for name in _dated(rows)]
    if not len(rows):
        return []
    low, high = (int(end(column)) for end, column in ((np.min, columns[0]), (np.max, columns[-1])))
    met = np.zeros(high - low + 1, dtype=bool)
    for column in columns:
        met[column - low] = True
    return (low + np.flatnonzero(met)).tolist()


def spans_of(days: Iterable[int], plan: Plan) -> list[tuple[int, int]]:
    """First and last of what each day says alone: under a header of weeks it is the first of one; of months, where all
    are firsts of one, each is the whole."""
    known = list(days)
    if plan.weeks:
        return [week_days(day) for day in known]
    if not plan.months or any(from_day(day).day != 1 for day in known):
        return [(day, day) for day in known]
    return [month_days(from_day(day).year, from_day(day).month) for day in known]


def _dated(rows: pd.DataFrame) -> tuple[str, ...]:
    """The columns of the days between which a row of the roll-up lies."""
    return ("first", "last") if "first" in rows else ("start",)


def _order(data: Mapping[str, Any], rows: pd.DataFrame, plan: Plan) -> np.ndarray[Any, Any]:
    """By day and words, so that the same file gives the same rows in the same order whatever read it."""
    days = _span(data) if plan.table == "spend" else (_ranks(data[name]) for name in plan.days if name in data)
    packed = _packed(chain(days, (_ranks(data[name]) for name in plan.texts if name in data)))
    if len(packed) == 1 and int(packed[0].min(initial=0)) >= 0:
        ordered, order = in_order(packed[0])
        alike = ordered[1:] == ordered[:-1]
    else:
        order = np.lexsort(packed[::-1])
        alike = np.ones(max(len(order) - 1, 0), dtype=bool)
        for key in packed:
            alike &= np.diff(key[order]) == 0
    if alike.any():  # only the rows that are alike so far need be looked at further
        places = np.flatnonzero(np.append(alike, False) | np.append(False, alike))
        rest = order[places]
        figures = [*([data["amount"]] if "amount" in data else []), *(data[name] for name in plan.counts), rows[ROWS]]
        keys = _packed(chain((key[rest] for key in packed), (_ranks(column)[rest] for column in figures)))
        order[places] = rest[np.lexsort(keys[::-1])]
    return order


def _span(data: Mapping[str, Any]) -> Iterator[np.ndarray[Any, Any]]:
    """The first day, and how long after it the last one is: the same order as of both, in less room."""
    if "start" in data:
        first = _ranks(data["start"])
        yield first
        if "end" in data:
            yield _ranks(data["end"]) - first


def _ranks(column: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """Numbers, or the places of words, as integers that sort as these do; what is not known comes last."""
    if is_coded(column):
        codes = column.cat.codes.to_numpy()
        return np.where(codes < 0, len(column.cat.categories), codes) if (codes < 0).any() else codes
    most = column.max()
    return column.to_numpy(dtype=np.int64, na_value=0 if pd.isna(most) else int(most) + 1)


def _packed(keys: Iterable[np.ndarray[Any, Any]]) -> list[np.ndarray[Any, Any]]:
    """The same order with fewer keys: neighbours that fit into one integer together are one. Sorting is what costs."""
    packed: list[np.ndarray[Any, Any]] = []
    room = 0
    for key in keys:
        low, high = (int(key.min()), int(key.max())) if len(key) else (0, 0)
        size = high - low + 1
        if packed and room * size < _MOST:  # in place: there may be many rows
            packed[-1] *= size
            packed[-1] += key
            packed[-1] -= low
            room *= size
        else:
            packed.append(key.astype(np.int64))
            packed[-1] -= low if size < _MOST else 0
            room = min(size, _MOST)
    return packed
