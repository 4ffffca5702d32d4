"""A large plain file → one recognised sheet, as the ordinary way would give it, with its rows rolled up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from rm_audit.cells import letters
from rm_audit.days import Period
from rm_audit.errors import Problem
from rm_audit.profiles.cleaning import clean_texts, is_rounded
from rm_audit.profiles.columns import CORRECT_ONE, currencies_differ
from rm_audit.profiles.currencies import currency_of_row
from rm_audit.profiles.doubts import NOT_IN_MICROS, in_micros
from rm_audit.profiles.headers import header_currency
from rm_audit.profiles.model import Extract, Profile, SetAside
from rm_audit.profiles.private import looks_personal
from rm_audit.progress import tell
from rm_audit.readers import FileRead, Value
from rm_audit.readers.cluster import rows_at
from rm_audit.readers.problems import OLD_ENCODING, row_cut_off
from rm_audit.readers.whole import parquet_rows, unpacked_size
from rm_audit.rollups.applications import check_ids, together
from rm_audit.rollups.beside import (
    check_numbers,
    check_order,
    check_span,
    check_totals,
    check_words,
    with_days,
    without_empty,
)
from rm_audit.rollups.copying import Asked, on_plan
from rm_audit.rollups.engines import Engine, engine_of
from rm_audit.rollups.lines import is_cut_off
from rm_audit.rollups.marks import ROWS
from rm_audit.rollups.odd import OddRow, about_rows, read_odd, set_totals_aside, without_totals
from rm_audit.rollups.people import ask
from rm_audit.rollups.plan import NotPlainError, Plan
from rm_audit.rollups.shape import (
    canonical,
    frame_of,
    has_void,
    last_days,
    named_totals,
    of_one_weekday,
    plain_rows,
    texts_of,
)
from rm_audit.tables import COUNT, MICROS
from rm_audit.words import stacked

# Up to so many rows every day is kept, above it every month: a row a day and requisition would be all rows again.
# Judgement. A month's money is then as old as its last day: it is never called late too early.
DAYS_UP_TO = 300_000


@dataclass(frozen=True)
class RolledUp:
    """A file as an engine read it: its sheet, the rows that it stands for (first and last), and which engine it was."""

    extract: Extract
    rows: tuple[int, int]
    engine: str


def roll_up(
    file: FileRead, profiles: Sequence[Profile], period: Period | None, key: bytes, engine: str, memory: str
) -> list[RolledUp]:
    """The file rolled up; nothing where an engine cannot: then it is read the ordinary way."""
    try:
        return [on_plan(file, profiles, Asked(period, key, memory), lambda plan: _rolled(plan, engine, memory))]
    except NotPlainError as error:
        tell(f"Reading {file.source.file} cell by cell: {error}")
        return []


def _rolled(plan: Plan, name: str, memory: str) -> RolledUp:
    engine = engine_of(name, plan, memory)
    try:
        check_ids(engine, plan)
        groups = _groups(engine, plan)
        if has_void(groups):
            raise NotPlainError("rows that a word calls planned or cancelled")
        _check_people(groups, plan)
        if plan.table == "spend":
            check_words(groups, plan)
        named = named_totals(groups, plan) if plan.table == "spend" else {}
        count, all_groups = int(groups[ROWS].sum()) + len(plan.earlier.rows), len(groups)
        groups = plain_rows(groups, named)  # one name for both: there may be millions, and they go as soon as they can
        check_span(groups, plan)
        said = _currencies_differ(groups, plan)
        odd = engine.odd_rows(named) if len(groups) < all_groups else []
        broken = engine.broken
        every = sorted([*odd, *broken], key=lambda item: item.row)
        applied = ask(engine, plan, every)
    finally:
        engine.close()
    last = plan.skip + count + len(broken)
    beside = without_empty(plan, every, last)
    cut = is_cut_off(plan, {item.row: len(item.cells) for item in broken}, last)
    count += len(broken) - (len(every) - len(beside))
    if plan.table == "applications":
        found = together(plan, groups, beside, count, _OF_THE_HEAD, applied)
    else:
        ends = last_days(groups, plan) if beside and len(plan.days) == 1 and plan.span is None else {}
        found = _together(plan, canonical(groups, plan), beside, named, count, ends, said)
    if cut:
        found = replace(found, problems=[replace(row_cut_off(last), file=plan.head.file), *found.problems])
    return RolledUp(found, (plan.skip + 1, plan.skip + count), engine.name)


def _groups(engine: Engine, plan: Plan) -> pd.DataFrame:
    """By month where the file is long; but a week may lie in two months, so what is all of one weekday stays days."""
    long = _is_long(plan)
    groups = frame_of(engine.groups(long))
    if not long or plan.table != "spend" or len(plan.days) != 1 or not of_one_weekday(plain_rows(groups, {})):
        return groups
    del groups  # there may be many
    return frame_of(engine.groups(False))


def _is_long(plan: Plan) -> bool:
    """Whether the days within a month are let go, by the size of the file and the length of its first rows."""
    if plan.whole.kind == "spark":
        return int(rows_at(plan.whole.address).count()) > DAYS_UP_TO
    if plan.whole.kind == "parquet":
        return parquet_rows(plan.whole.path) > DAYS_UP_TO
    rows = plan.block.rows[plan.layout.header_row + 1 :]
    width = sum(len(str(cell)) + 1 for row in rows for cell in row if cell is not None) / max(len(rows), 1)
    return unpacked_size(plan.whole.path) > DAYS_UP_TO * width


def _check_people(groups: pd.DataFrame, plan: Plan) -> None:
    for name in plan.texts:
        texts = texts_of(groups, name)
        if looks_personal(texts) not in (None, "names"):
            raise NotPlainError(f"the column of {name} is about people")
        if name.endswith(("_id", "job")) and any(map(is_rounded, _as_held(plan, name, texts))):
            raise NotPlainError("ids that a spreadsheet has rounded")


def _as_held(plan: Plan, name: str, texts: Sequence[str]) -> Sequence[Value]:
    """Ids as the file holds them, for a number of more than 15 digits is no sure id: as numbers in Parquet."""
    place = plan.columns[name] - plan.block.left
    cells = [row[place] for row in plan.block.rows[plan.layout.header_row + 1 :] if place < len(row)]
    numbers = plan.whole.kind == "parquet" and any(isinstance(cell, int) for cell in cells)
    return [int(text) if numbers and text.lstrip("-").isdecimal() else text for text in texts]


def _together(
    plan: Plan,
    frame: pd.DataFrame,
    odd: Sequence[OddRow],
    named: dict[str, list[str]],
    count: int,
    ends: Mapping[int, int],
    said: Sequence[Problem],
) -> Extract:
    """The rolled-up rows and those that were read cell by cell, as one sheet. `ends`: see `with_days`; `said` is what
    all rows say together."""
    head = plan.head
    kept, totals = without_totals(odd, plan, named)
    problems = [problem for problem in head.problems if problem.code in _OF_THE_HEAD]
    aside: list[SetAside] = []
    read = None
    if odd:
        check_numbers(plan, kept, totals)
        check_numbers(plan, totals, kept)
        check_order(plan, kept)
        read = with_days(plan, ends, read_odd(plan, kept, count), totals)
        problems += [problem for problem in about_rows(read.problems) if problem.code not in _OF_THE_HEAD]
        aside += read.set_aside
        frame = stacked([frame, read.frames["spend"].assign(**{COUNT: 1})])
    problems += said
    check_totals(plan, read, kept, totals, count, int(frame["amount"].sum()))
    if totals:
        more, said = set_totals_aside(plan, read_odd(plan, totals, count), totals, int(frame["amount"].sum()))
        aside, problems = [*aside, *more], [*problems, *said]
    currencies = sorted({code for code in frame["currency"].unique() if isinstance(code, str)})
    return replace(
        head,
        frames={"spend": frame},
        rows_read=count,
        set_aside=sorted(aside, key=lambda item: item.row),
        problems=_in_order([*problems, *_micros(plan, frame), *_negative(plan, frame), *_some_currencies(plan, frame)]),
        currency=currencies[0] if len(currencies) == 1 else read.currency if read and not currencies else None,
    )


# What the first rows say of the whole file: its headers, its titles.
_OF_THE_HEAD = frozenset(
    [
        "headers-changed",
        "guessed-columns",
        "personal-column",
        "cumulative",
        "two-amounts",
        "perhaps-planned",
        "thousands",
        "year-from-name",
        OLD_ENCODING,
    ]
)


# What the ordinary way says last, and in this order, when all cells are read.
_LAST = (
    "total-differs",
    "account-total",
    "negative-spend",
    "cumulative",
    "perhaps-planned",
    "year-from-name",
    "perhaps-micros",
    "two-amounts",
    "some-currencies",
)


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: _LAST.index(problem.code) if problem.code in _LAST else -1)


def _currencies_differ(groups: pd.DataFrame, plan: Plan) -> list[Problem]:
    if "currency" not in plan.columns or "amount" not in plan.columns:
        return []
    texts = clean_texts("currency", groups["currency"].dropna().unique(), plan.layout.profile.blanks).values()
    header = header_currency(plan.block.rows[plan.layout.header_row][plan.layout.columns["amount"]])
    words = currencies_differ(header, (currency_of_row(text) for text in texts if text))
    return [_about_header(plan, "currencies-differ", words, CORRECT_ONE)] if words else []


def _about_header(plan: Plan, code: str, words: str, help: str) -> Problem:
    place = f"{letters(plan.columns['amount'] + 1)}{plan.skip}"
    return Problem("warning", code, words, help, plan.head.file, "", place)


def _micros(plan: Plan, frame: pd.DataFrame) -> list[Problem]:
    clicks = int(frame["clicks"].sum()) if "clicks" in frame else 0
    words = in_micros(int(frame["amount"].sum()), clicks)
    if not words or (frame["amount"] % MICROS).any():
        return []
    return [_about_header(plan, "perhaps-micros", words, NOT_IN_MICROS)]


def _negative(plan: Plan, frame: pd.DataFrame) -> list[Problem]:
    if int(frame["amount"].sum()) >= 0:
        return []
    words = "the amounts add up to less than nothing: outflows may be written as negative amounts"
    help = "Write what was spent as positive amounts, and what came back as negative ones."
    return [Problem("warning", "negative-spend", words, help, plan.head.file, "")]


def _some_currencies(plan: Plan, frame: pd.DataFrame) -> list[Problem]:
    bare = frame["currency"].isna().to_numpy()
    count, all_rows = int(frame[COUNT][bare].sum()), int(frame[COUNT].sum())
    if count in (0, all_rows):
        return []
    words = f"{count} of {all_rows} amounts name no currency, and are taken to be in the book's"
    help = "Name the currency in the header, or in a column called Currency."
    return [Problem("warning", "some-currencies", words, help, plan.head.file, "")]
