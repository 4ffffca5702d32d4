"""Cells as everybody writes them: 1,234.50 € as 1234.50, 14 March 2026 as 2026-03-14. Cells that nobody can read stay.

Columns are read a piece at a time, and each distinct cell once. They raise NotPlainError where a piece does not settle
what its cells are, or settles it otherwise than the pieces before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from rm_audit.days import Period, from_day
from rm_audit.profiles.amounts import Marks, is_blank, locale_of, marks_of, read_amounts
from rm_audit.profiles.cleaning import clean_texts, text_of
from rm_audit.profiles.columns import without_shares
from rm_audit.profiles.dates import (
    MARKS,
    date_order,
    day_of,
    day_or_month,
    ends_of,
    is_no_day,
    read_dates,
    three_parts,
    without_time,
)
from rm_audit.profiles.model import Layout
from rm_audit.profiles.totals import quick_look, total_words
from rm_audit.profiles.unspent import FEW_WORDS, PLANNED, SPENT, VOID
from rm_audit.readers import is_error
from rm_audit.rollups.plan import NotPlainError
from rm_audit.tables import MICROS, TABLES

_KNOWN = 1 << 18  # texts of a column that are remembered
_SETTLING = frozenset(".,’' \u00a0\u202f\u2009")  # the marks by which a locale is known


@dataclass(kw_only=True)
class _Filled:
    """A column in which marks such as n/a mean no value: they stay, and `nothing` are those that were met."""

    place: int
    blanks: frozenset[str]
    nothing: set[str] = field(default_factory=set)

    def _nothing(self, texts: Sequence[str]) -> set[str]:
        found = {text for text in texts if is_blank(text, self.blanks)}
        self.nothing |= {text for text in found if not is_error(text)}
        return found


@dataclass(kw_only=True)
class Numbers(_Filled):
    """A column of amounts or of counts. `codes` are the currencies beside its amounts, None where none stood there, and
    `code` is that of each text of the last piece; `dollar` says that one carries a $. `known` are texts that were read.
    """

    money: bool
    codes: set[str | None] = field(default_factory=set)
    code: dict[str, str | None] = field(default_factory=dict)
    dollar: bool = False
    locale: str = ""
    marks: Marks = field(default_factory=Marks)
    known: dict[str, str] = field(default_factory=dict)

    def plainly(self, texts: Sequence[str]) -> dict[str, str]:
        """Each text as a plain number."""
        fresh = [text for text in texts if text not in self.known]
        if len(self.known) + len(fresh) > _KNOWN:
            self.known, self.code, fresh = {}, {}, list(texts)
        self.known |= self._read(fresh)
        return {text: self.known[text] for text in texts}

    def _read(self, texts: Sequence[str]) -> dict[str, str]:
        cells = texts if self.money else without_shares(texts)
        own = locale_of(str(cell) for cell in cells if not is_blank(cell, self.blanks))
        locale = self.locale or own
        found = read_amounts(cells, self.blanks, locale)
        if own != locale and read_amounts(cells, self.blanks, own).micros != found.micros:
            raise NotPlainError("numbers that are written in several ways")
        self.marks |= marks_of(str(cell) for cell in cells if not is_blank(cell, self.blanks))
        if any(_SETTLING & set(text) for text in texts):
            self.locale = locale
        read = zip(texts, found.currencies, found.micros, strict=True)
        code = {text: code for text, code, micros in read if micros is not None}
        self.code |= code
        self.codes |= set(code.values())
        self.dollar |= self.money and any("$" in text for text in texts)
        shares = {text for text in texts if self.money and "%" in text}
        unread = {texts[position] for position in (*found.bad, *found.errors)} - shares
        if any(micros is not None for micros in read_amounts(sorted(unread), self.blanks).micros):
            raise NotPlainError("numbers that are written in several ways")
        stay = unread | shares | self._nothing(texts)
        both = zip(texts, found.micros, strict=True)
        return {text: text if text in stay else self._number(micros) for text, micros in both}

    def settle(self) -> None:
        """Raises NotPlainError where all cells together do not say what 1.234 is."""
        if self.marks.unsure:
            raise NotPlainError("amounts that may be thousands or decimals")

    def _number(self, micros: int | None) -> str:
        if micros is None:
            return ""
        if not self.money:
            return str(round(micros / MICROS))
        whole, rest = divmod(abs(micros), MICROS)
        digits = f"{rest:06}".rstrip("0").ljust(2, "0")
        digits += "0" if len(digits) == 3 else ""  # 1.234 may be thousands
        return f"{'-' if micros < 0 else ''}{whole}{f'.{digits}' if rest else ''}"


@dataclass(kw_only=True)
class Days(_Filled):
    """A column of days. `habit`: see `read_dates`; `within` is the period that the file names for itself.

    A cell may hold more than one day, `ranged`: then `spans` are the first and last days of the texts that were read
    last, and `several` says that one of them has more than one. Months without a year are of `year`. `settled`: a cell
    can be read in one order only; `outside`: one is no day of `within`, so that this settles no order.
    """

    habit: Mapping[str, str]
    within: Period | None
    order: str = ""
    ranged: bool = False
    year: Period | None = None
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    several: bool = False
    settled: bool = False
    outside: bool = False

    def plainly(self, texts: Sequence[str]) -> dict[str, str]:
        """Each text as a day with its year first, or nothing where it stands for none; those that nobody can read as
        they are."""
        known = self.known(texts)
        others = [text for text in texts if text not in known]
        stay = self._nothing(others)
        known |= {text: "" for text in others if text not in stay and is_no_day(text)}
        return {text: known.get(text, text) for text in texts}

    def settle(self) -> None:
        """Raises NotPlainError where the period of the file settled the order in one piece, and not beside all."""
        if self.order and self.outside and not self.settled:
            raise NotPlainError("days in an order that nothing settles")

    def _note(self, settled: bool, texts: Sequence[str], spans: Sequence[tuple[int, int] | None]) -> None:
        self.settled |= settled
        if self.within is not None:
            marked = [span for text, span in zip(texts, spans, strict=True) if span and _orders(text, span)]
            self.outside |= any(day not in self.within for span in marked for day in span)

    def known(self, texts: Iterable[str]) -> dict[str, str]:
        """The texts that are days, as days with their year first."""
        days = {text: str(without_time(text)) for text in texts}  # of a log nearly every time is another one
        read = self._read(sorted(set(days.values())))
        self.spans = {text: read[day] for text, day in days.items() if day in read}
        self.several |= any(first != last for first, last in read.values())
        return {text: from_day(first).isoformat() for text, (first, _) in self.spans.items()}

    def _read(self, texts: Sequence[str]) -> dict[str, tuple[int, int]]:
        said = {date_order([end]) for text in texts for end in ends_of(text)} - {"?"}
        order = self.order or next(iter(said), "")
        habit = dict.fromkeys(MARKS, order) if order else self.habit
        dates = read_dates(texts, self.blanks, self.year, within=self.within, habit=habit)
        orders = {order, *said, *chain.from_iterable(map(_orders, texts, dates.spans))} - {""}
        unread = {texts[position] for position in dates.bad}
        alone = read_dates(sorted(unread), self.blanks, None)
        unsure = any(day_or_month(end) == "ambiguous" for text in unread for end in ends_of(text))
        if len(orders) > 1 or dates.ambiguous or alone.ambiguous or any(alone.spans) or unsure:
            raise NotPlainError("days that are written in several ways")
        if dates.yearless or (not self.ranged and any(span and span[0] != span[1] for span in dates.spans)):
            raise NotPlainError("months or weeks")
        self.order = next(iter(orders), "")
        self._note(bool(said), texts, dates.spans)
        return {text: span for text, span in zip(texts, dates.spans, strict=True) if span}


@dataclass(kw_only=True)
class Ids(_Filled):
    """A column of ids, as they are compared."""

    name: str

    def plainly(self, texts: Sequence[str]) -> dict[str, str]:
        """Each text without what means nothing."""
        return {str(text): read or "" for text, read in clean_texts(self.name, texts, self.blanks).items()}


@dataclass(kw_only=True)
class Persons(_Filled):
    """A column of what tells persons apart, as it is compared."""

    def plainly(self, texts: Sequence[str]) -> dict[str, str]:
        """Each text in small letters, without what means nothing."""
        return {text: (text_of(text, self.blanks) or "").casefold() for text in texts}


@dataclass(kw_only=True)
class Personal(_Filled):
    """A column about people that nobody asks for: of its cells there is no more than that they are filled. Its `header`
    may stand there again.

    What says that a row is one of `totals` stays. Where its words are `few` they may say of a row that it is planned or
    void: then these stay, and of the others no more than which are alike.
    """

    header: str
    totals: frozenset[str]
    few: bool
    names: dict[str, str] = field(default_factory=dict)

    def plainly(self, texts: Sequence[str]) -> dict[str, str]:
        """Each text as a word that says nothing, but for the names of totals."""
        total = total_words(self.totals)
        called = [text for text in quick_look(self.totals)(texts) if total.fullmatch(text.casefold())]
        return {text: self._hidden(text) for text in texts} | dict(zip(called, called, strict=True))

    def _hidden(self, text: str) -> str:
        stays = text == self.header or is_blank(text, self.blanks)
        if stays or (self.few and text.strip().casefold() in PLANNED | SPENT | VOID):
            return text
        if self.few and len(self.names) <= FEW_WORDS:
            self.names.setdefault(text, f"x{len(self.names) + 1}")
        return self.names.get(text, "x")


Column = Numbers | Days | Ids | Persons | Personal


def _orders(text: str, span: tuple[int, int] | None) -> list[str]:
    """The orders of day and month in which a text was read; empty where there is only one."""
    return [_order(end, day) for end, day in zip(ends_of(text), span, strict=False)] if span else []


def _order(text: str, read: int) -> str:
    parts = three_parts(text)
    if parts is None or parts[0] >= 32:
        return ""
    days = {order: day_of(parts, order) for order in ("dmy", "mdy")}
    return "" if days["dmy"] == days["mdy"] else next((o for o, day in days.items() if day == read), "")


def columns_of(layout: Layout, within: Period | None, period: Period | None, states: Collection[int]) -> list[Column]:
    """The columns of numbers, of days, of ids that are compared, and of what is personal. `within` is the period that
    the file names for itself, `period` the one that was set; `states` are columns of few words by which a row may be no
    spend."""
    year, totals = period or within, layout.profile.totals
    kinds, blanks = TABLES[layout.table].columns, layout.profile.blanks
    found: list[Column] = [
        Personal(place=place, blanks=blanks, header=str(layout.headers[place]), totals=totals, few=place in states)
        for place in layout.personal
    ]
    ids = {"application_id"}
    if layout.profile.events:  # rows are compared by them
        ids.add("job")
        found += [Persons(place=layout.person, blanks=blanks)] if layout.person is not None else []
    for name, place in layout.columns.items():
        kind = kinds.get(name)
        if kind in ("money", "count"):
            found.append(Numbers(place=place, blanks=blanks, money=kind == "money"))
        elif kind == "day":
            days = Days(place=place, blanks=blanks, habit=layout.profile.dates, within=within)
            ranged = not layout.profile.events
            found.append(replace(days, ranged=ranged, year=year.whole_year() if year else None))
        elif name in ids:
            found.append(Ids(place=place, blanks=blanks, name=name))
    return found


def with_cell(row: Sequence[str], width: int, cell: str, why: str) -> Sequence[str]:
    """A row with one more cell, behind all others. Raises NotPlainError where it has another `width`, but for a shorter
    one that needs none."""
    if len(row) == width:
        return [*row, cell]
    if cell or len(row) > width:
        raise NotPlainError(why)
    return row


def rewritten(rows: list[list[str]], columns: Iterable[Column]) -> Sequence[Sequence[str]]:
    """The rows of a piece with their cells written plainly; takes the rows apart."""
    if len(set(map(len, rows))) > 1:  # to make them even, a row of a thousand cells would make a thousand of all
        for column in columns:
            place = column.place
            mine = [row for row in rows if len(row) > place]
            plainly = column.plainly(sorted({row[place] for row in mine}))
            for row in mine:
                row[place] = plainly[row[place]]
        return rows
    cells: list[Sequence[str]] = list(zip(*rows, strict=True))
    for column in columns:
        if column.place < len(cells):
            own = cells[column.place]
            cells[column.place] = list(map(column.plainly(sorted(set(own))).__getitem__, own))
    return list(zip(*cells, strict=True))
