"""Columns of days by what they date, in a plain copy: a column a day, with the earliest; and who is named by one.

It is what `profiles/stages.py` makes of the cells, made a piece at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from rm_audit.days import Period
from rm_audit.profiles.amounts import is_blank
from rm_audit.profiles.model import Layout
from rm_audit.profiles.stages import time_of
from rm_audit.rollups.plain import Days
from rm_audit.rollups.plan import NotPlainError

Rows = list[list[str]]


@dataclass(frozen=True)
class Stamped:
    """`columns`: each day → the columns that date it, its own first. `at`: where it, and the name, are written to.

    `named` are the columns whose header is a name; `own` those that hold a day under its own header.
    """

    columns: Mapping[str, Sequence[int]]
    named: Mapping[int, str]
    at: Mapping[str, int]
    own: Mapping[str, int]
    name: str
    days: Mapping[int, Days]
    header: Sequence[str]

    def settle(self, rows: Rows) -> None:
        """Writes the days of a piece where they belong, into its rows. Raises NotPlainError for a row that has no place
        for them."""
        again = {number: list(row) for number, row in enumerate(rows) if row == self.header}
        cells = {place: [row[place] if place < len(row) else "" for row in rows] for place in self.days}
        read = {place: _read(days, cells[place]) for place, days in self.days.items()}
        found = {day: _earliest([read[place] for place in own]) for day, own in self.columns.items()}
        for day, place in self.own.items():
            found[day] = list(map(self._own(place), cells[place], read[place], found[day]))
        if self.named:
            found[self.name] = list(self._names([read[place] for place in self.named], rows))
        for name, texts in found.items():
            _fill(rows, self.at[name], texts)
        for number, row in again.items():
            rows[number] = row

    def _own(self, place: int) -> Callable[[str, str, str], str]:
        """What is written where a cell under the day's own header may hold what nobody can read: somebody is told."""
        blanks = self.days[place].blanks

        def written(cell: str, read: str, found: str) -> str:
            if read or is_blank(cell, blanks):
                return found
            if found:
                raise NotPlainError("days that nobody can read beside others of the same kind")
            return cell

        return written

    def _names(self, days: Sequence[Sequence[str]], rows: Rows) -> Iterator[str]:
        """The name that the earliest day of each row gives; on one day the time decides."""
        places = list(self.named)
        for row, own in zip(rows, zip(*days, strict=True), strict=True):
            first = min(filter(None, own), default="")
            met = [place for place, day in zip(places, own, strict=True) if day == first] if first else []
            times = [time_of(row[place]) for place in met] if len(met) > 1 else [(0, 0, 0)]
            yield self.named[met[times.index(min(times))]] if met else ""


def _read(days: Days, cells: Sequence[str]) -> list[str]:
    distinct = set(cells)
    return list(map({**dict.fromkeys(distinct, ""), **days.known(distinct)}.__getitem__, cells))


def _earliest(columns: Sequence[Sequence[str]]) -> Sequence[str]:
    if len(columns) == 1:
        return columns[0]
    return [min(filter(None, days), default="") for days in zip(*columns, strict=True)]


def _fill(rows: Rows, place: int, texts: Iterable[str]) -> None:
    for row, text in zip(rows, texts, strict=True):
        if place < len(row):
            row[place] = text
        elif text:
            raise NotPlainError("rows that are shorter than the header")


def stamped(layout: Layout, within: Period | None, header: Sequence[str]) -> tuple[Layout, Stamped | None]:
    """The layout of a plain copy, and what writes the days into it; none where no column needs it. `within`: see
    `Days`. Raises NotPlainError where there is no place for all that is to be written."""
    if not layout.stamps and not layout.named:
        return layout, None
    stamps, named = layout.profile.stamps, list(layout.named)
    columns = {day: list(places) for day, places in layout.stamps.items()}
    at = {day: places[0] for day, places in columns.items()}
    if named:
        columns[stamps.day] = [*columns.get(stamps.day, ()), *named]
        at[stamps.day] = named[0]
        at[stamps.name] = named[-1]
    own = {day: layout.columns[day] for day in columns if day in layout.columns}
    at |= {name: layout.columns[name] for name in at if name in layout.columns}
    if len(set(at.values())) < len(at):
        raise NotPlainError("one column of days for two things")
    columns = {day: [*([own[day]] if day in own else []), *places] for day, places in columns.items()}
    habit, blanks = layout.profile.dates, layout.profile.blanks
    days = {
        place: Days(place=place, blanks=blanks, habit=habit, within=within if place in own.values() else None)
        for place in sorted(set(chain.from_iterable(columns.values())))
    }
    plainly = replace(layout, columns={**at, **layout.columns}, stamps={}, named={})
    return plainly, Stamped(columns, layout.named, at, own, stamps.name, days, header)
