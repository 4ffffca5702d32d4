"""Whether a large file is plain enough for an engine, and which of its columns are what: judged by its first rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rm_audit.days import Period
from rm_audit.profiles.amounts import is_blank
from rm_audit.profiles.blocks import Block
from rm_audit.profiles.columns import MONTH_WORDS, WEEK_WORDS
from rm_audit.profiles.dates import Days
from rm_audit.profiles.extract import STARTS, extract
from rm_audit.profiles.headers import header_currency, plain, scale, without_code
from rm_audit.profiles.model import Extract, Layout, Profile
from rm_audit.profiles.preamble import stated_currency
from rm_audit.profiles.recognise import recognise
from rm_audit.profiles.unspent import PLANNED, VOID, stated_scale
from rm_audit.readers import Value, Whole, is_error
from rm_audit.rollups.written import NUMBER, Written, written
from rm_audit.tables import AMOUNT_COLUMN, ROW, TABLES, WHOSE

_THREE = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
_STATES = frozenset(["status", "state", "booking status", "type", "kind"])
LEAST = 0.9  # judgement: of the first rows so many are plain, or the file is read cell by cell
FEW_WORDS = 12
OF_A_ROW = ("invoice", "application_id")  # columns of words that tell every row from every other
Kind = Literal["text", "money", "day", "count"]


class NotPlainError(Exception):
    """Why an engine cannot read a file; it never leaves this room."""


class WrittenError(NotPlainError):
    """That an engine cannot read a file for how its cells are written: it may read a copy in which they are plain."""


@dataclass(frozen=True)
class Earlier:
    """How many applications stand in several rows of a file, and the numbers of the rows, in order, that a copy of it
    does not hold."""

    applications: int = 0
    rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))


@dataclass(frozen=True)
class Plan:
    """What to read of a file. `columns`: canonical column → its place in the file (from 0), `kinds` their kinds.

    `header` are the file's own names, `skip` the lines up to and with the header. `blanks` are texts that mean no
    value. `words` are the places of columns in which a word may say that a row is planned or void; `unspent`, once all
    rows were looked at, which texts of a column do. `constants` are the same in every row. `months` and `weeks`: what
    the header of the days says that they begin. `settled`: an amount such as 12.5 settles what 1.234 is. `written`: how
    it writes amounts and days. `span`: the first and last day of every row, where the file says it and not its rows.
    `earlier` are rows that a copy left out. `head` is what the ordinary way made of the first rows.
    """

    whole: Whole
    columns: Mapping[str, int]
    kinds: Mapping[str, Kind]
    header: Sequence[str]
    skip: int
    blanks: Sequence[str]
    words: Sequence[int]
    constants: Mapping[str, str]
    months: bool
    weeks: bool
    currency: str | None
    settled: bool
    written: Written
    head: Extract
    block: Block
    layout: Layout
    key: bytes = field(repr=False)
    period: Period | None = None
    table: str = "spend"
    span: Days | None = None
    unspent: Mapping[int, frozenset[str]] = field(default_factory=dict)
    earlier: Earlier = field(default_factory=Earlier)

    @property
    def texts(self) -> list[str]:
        """The canonical columns of words, in a fixed order, without those that would leave nothing to add up."""
        return [name for name in self.columns if self.kinds[name] == "text" and name not in OF_A_ROW]

    @property
    def counts(self) -> list[str]:
        return [name for name in self.columns if self.kinds[name] == "count"]

    @property
    def days(self) -> list[str]:
        known = TABLES[self.table].columns
        return [name for name, kind in known.items() if kind == "day" and name in self.columns]


def plan_of(whole: Whole, block: Block, layout: Layout, period: Period | None, key: bytes) -> Plan:
    """The plan of a file's one table. Raises NotPlainError with the reason."""
    table, header = layout.table, plain(layout.headers[layout.columns["start"]]) if "start" in layout.columns else ""
    check_layout(block, layout)
    _check_money(block, layout)
    if not whole.plain:
        raise WrittenError(
            "letters that are no UTF-8, lines that end in two ways, or a first line that names its delimiter"
        )
    if layout.stamps or layout.named or layout.profile.events:
        raise WrittenError("days by what they date")
    head = extract(block, layout, period, key)
    columns = {name: place for name, place in layout.columns.items() if name in TABLES[table].columns}
    columns = {name: block.column(place) - 1 for name, place in columns.items() if name in head.frames[table]}
    span = _span(head, header, "end" in layout.columns)
    if span is not None and not header:
        columns.pop("end", None)
    kinds: dict[str, Kind] = {name: TABLES[table].columns[name] for name in columns}  # type: ignore[misc]
    if head.yearless:
        raise NotPlainError("months without a year")
    rows = block.rows[layout.header_row + 1 :]
    places = {name: (layout.columns[name], kinds[name]) for name in columns}
    style = _style(rows, places, layout.profile, whole)
    _check_cells(rows, places, layout.profile, whole, style)
    return Plan(
        whole=whole,
        columns=columns,
        kinds=kinds,
        header=_header(block, layout),
        skip=block.row(layout.header_row),
        blanks=_blanks(rows, layout.profile) if whole.kind != "parquet" else [],  # where it has any, they are met
        words=[block.column(place) - 1 for place in state_columns(rows, layout)] if table == "spend" else [],
        constants=_constants(head, columns),
        months=header in MONTH_WORDS,
        weeks=header in WEEK_WORDS,
        currency=_currency(block, layout),
        settled=_settled(rows, layout, whole, style),
        written=style,
        head=head,
        block=block,
        layout=layout,
        key=key,
        period=period,
        table=table,
        span=span,
    )


def one_table(found_in: Sequence[tuple[Block, Layout]]) -> tuple[Block, Layout]:
    if len(found_in) != 1:
        raise NotPlainError(f"{len(found_in)} tables in it")
    return found_in[0]


def recognised(head: Sequence[object], profiles: Sequence[Profile]) -> tuple[Block, Layout]:
    """The one table of the head of a file. Raises NotPlainError."""
    (sheet,) = head
    found = recognise(sheet, profiles)  # type: ignore[arg-type]  # a head is one sheet
    if found.unknown or found.passed_over:
        raise NotPlainError("more than one row of headers")
    return one_table(found.tables)


def check_layout(block: Block, layout: Layout) -> None:
    """Raises NotPlainError for a table that is no list of rows of spend or of applications."""
    odd = {
        "no table of spend or of applications": layout.table not in ("spend", "applications"),
        "a column a month": bool(layout.months or layout.sums or layout.other),
        "a turned table": block.turned,
        "counts of hires beside the costs": any(name.startswith("o_") for name in layout.columns),
        "a header of several lines": layout.lines > 1 or block.left > 0,
    }
    for why, holds in odd.items():
        if holds:
            raise NotPlainError(why)


def _check_money(block: Block, layout: Layout) -> None:
    if layout.table != "spend":
        return
    if "amount" not in layout.columns:
        raise NotPlainError("no column of amounts")
    if stated_scale((*block.above[-4:], "")) != 1:
        raise NotPlainError("amounts in thousands")
    if scale(layout.headers[layout.columns["amount"]])[0] != 1:
        raise NotPlainError("amounts in thousands or micros")
    counted = [layout.headers[place] for name, place in layout.columns.items() if name == "start"]
    if any(without_code(plain(text)) in layout.profile.counted for text in counted):
        raise NotPlainError("days that are counted")


def _span(head: Extract, header: str, ended: bool) -> Days | None:
    """The days of the file, where its rows have none under a `header`, or all have the first of them and no end: by the
    first rows."""
    if head.table != "spend" or head.period is None or (header and (ended or not header.startswith(STARTS))):
        return None
    starts = head.frames["spend"]["start"]
    return (head.period.start, head.period.end) if len(starts) and (starts == head.period.start).all() else None


def _style(
    rows: Sequence[Sequence[Value]], columns: Mapping[str, tuple[int, Kind]], profile: Profile, whole: Whole
) -> Written:
    """How a text writes; true numbers and days need no style."""
    texts: dict[Kind, list[str]] = {"money": [], "count": [], "day": []}
    for place, kind in columns.values():
        if kind in texts and whole.kind == "csv":
            cells = [row[place] for row in rows if place < len(row)]
            texts[kind] += [cell for cell in cells if isinstance(cell, str) and not is_blank(cell, profile.blanks)]
    return written(texts["money"], texts["count"], texts["day"], profile.dates)


def _check_cells(
    rows: Sequence[Sequence[Value]],
    columns: Mapping[str, tuple[int, Kind]],
    profile: Profile,
    whole: Whole,
    style: Written,
) -> None:
    """Whether nearly all cells of the head are numbers and days that every engine reads alike."""
    if not rows:
        raise NotPlainError("no row under its header")
    for name, (place, kind) in columns.items():
        cells = [row[place] if place < len(row) else None for row in rows]
        known = [cell for cell in cells if not is_blank(cell, profile.blanks)]
        plainly = sum(_is_plain(cell, kind, style) for cell in known)
        if plainly < LEAST * len(known):
            raise WrittenError(f"the column of {name} is not written plainly")
    if whole.kind == "csv" and len({len(row) for row in rows if row}) > 3:
        raise NotPlainError("rows of many lengths")


def _settled(rows: Sequence[Sequence[Value]], layout: Layout, whole: Whole, style: Written) -> bool:
    """Whether the point is the decimal mark of the amounts, by the first rows. Raises WrittenError where all that have
    a point look like 1.234, which may be thousands."""
    if style.money:
        return True
    place = layout.columns.get("amount", -1)
    cells = [row[place] for row in rows if 0 <= place < len(row)]
    marked = [cell for cell in cells if isinstance(cell, str) and "." in cell and NUMBER.fullmatch(cell)]
    settled = any(_THREE.fullmatch(cell) is None for cell in marked)
    if marked and not settled and whole.kind == "csv":
        raise WrittenError("amounts that may be thousands or decimals")
    return settled


def _is_plain(cell: Value, kind: Kind, style: Written) -> bool:
    if kind == "text":
        return True
    if kind == "day":
        return style.is_day(cell)
    if isinstance(cell, str):
        return style.is_number(cell, kind)
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _header(block: Block, layout: Layout) -> list[str]:
    """The names of all columns of the file, as it has them."""
    return ["" if cell is None else str(cell) for cell in block.rows[layout.header_row]]


def _currency(block: Block, layout: Layout) -> str | None:
    if "amount" not in layout.columns:
        return None
    return header_currency(layout.headers[layout.columns["amount"]]) or stated_currency(block.above)


def _blanks(rows: Sequence[Sequence[Value]], profile: Profile) -> list[str]:
    """The texts of the head that mean no value, as written."""
    texts = {cell for row in rows for cell in row if isinstance(cell, str)}
    return sorted({text for text in texts if is_blank(text, profile.blanks) and not is_error(text)} | {""})


def state_columns(rows: Sequence[Sequence[Value]], layout: Layout) -> list[int]:
    """Columns of few words that may say of a row that it is planned or void."""
    found, seen = [], {place for name, place in layout.columns.items() if name not in OF_A_ROW}
    for place, header in enumerate(layout.headers):
        words = {str(row[place]).strip().casefold() for row in rows if place < len(row) and row[place] is not None}
        said = bool(words & (PLANNED | VOID))
        words.discard(str(header).strip().casefold())  # which may stand there again
        # One more word, and it has too many: then none of them says so, wherever it stands.
        few = len(words) < FEW_WORDS or (said and len(words) == FEW_WORDS)
        # Below the first rows too a column may say so; those that are seen in the groups need not be asked.
        may_say = said or plain(header) in _STATES or place not in seen
        if few and may_say and (not words or not all(map(_is_number, words))):
            found.append(place)
    return found


def _is_number(word: str) -> bool:
    return NUMBER.fullmatch(word) is not None


def _constants(head: Extract, columns: Mapping[str, int]) -> dict[str, str]:
    """Columns of the head that no column of the file brought, and which all rows have, such as a profile's channel.
    Only some have the stage of a hire on a day that nobody knows: these are read by themselves."""
    frame = head.frames[head.table]
    passed = (*columns, "start", "end", "currency", "person", ROW, AMOUNT_COLUMN, *WHOSE)
    found = {str(name): frame[name].unique() for name in frame if name not in passed and not frame[name].isna().any()}
    if any(len(values) > 1 for values in found.values()):
        raise NotPlainError("a column that is made of others")
    return {name: str(values[0]) for name, values in found.items() if len(values)}
