"""Weeks, months and other spans in one column: in a plain copy their last days stand in a column of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rm_audit.days import from_day, week_days
from rm_audit.profiles.columns import WEEK_WORDS
from rm_audit.profiles.extract import STARTS
from rm_audit.profiles.headers import plain
from rm_audit.profiles.model import Layout
from rm_audit.rollups.coins import Coins
from rm_audit.rollups.plain import Column, Days, with_cell
from rm_audit.rollups.plan import NotPlainError

HEADER = "End"
Rows = Sequence[Sequence[str]]


@dataclass
class Ends:
    """The last days of a column of `days`, behind all other columns and what `coins` puts there. The first piece of
    the file decides whether there are `several` days in a cell."""

    days: Days
    layout: Layout
    header: Sequence[str]
    coins: Coins | None
    several: bool | None = None

    def written(self, rows: Rows) -> list[str]:
        """The days of a piece as they are written; not asked for where each cell is one day."""
        place = self.days.place
        return [] if self.several is False else [row[place] if place < len(row) else "" for row in rows]

    def beside(self, plainly: Rows, written: Sequence[str]) -> Rows:
        """The rows of a piece in plain writing, with the last days of what was `written`. Raises NotPlainError where
        a later piece is the first that has such."""
        if self.several is None:
            self.several = self.days.several
        if not self.several:
            if self.days.several:
                raise NotPlainError("months or weeks among days")
            return plainly
        last = {text: from_day(day).isoformat() for text, day in self._last().items()}
        last[self.header[self.days.place]] = HEADER  # the header may stand there again
        width = self._width
        why = "months or weeks in rows of another length than the header"
        return [with_cell(row, width, last.get(text, ""), why) for row, text in zip(plainly, written, strict=True)]

    def headed(self, header: list[str]) -> list[str]:
        """The row of headers."""
        return [*header, HEADER] if self.several else header

    def settled(self, layout: Layout) -> Layout:
        """The layout of the copy from that of the file."""
        if not self.several:
            return layout
        columns = {**layout.columns, "end": self._width}
        return replace(layout, columns=columns, headers=(*layout.headers, HEADER))

    @property
    def _width(self) -> int:
        return len(self.header) + (1 if self.coins and self.coins.apart else 0)

    def _last(self) -> dict[str, int]:
        """Under a header of weeks a day is the first of one."""
        week = plain(self.layout.headers[self.days.place]) in WEEK_WORDS
        spans = self.days.spans.items()
        return {text: max(last, week_days(first)[1]) if week else last for text, (first, last) in spans}


def ends_beside(
    columns: Sequence[Column], layout: Layout, header: Sequence[str], coins: Coins | None, dated: bool
) -> Ends | None:
    """What writes the last days of a table of spend that has no column for them. Where the file is `dated`, days under
    a header such as 'Reporting starts' may be those of the whole file: they are not parted from it."""
    if layout.table != "spend" or "end" in layout.columns or "start" not in layout.columns:
        return None
    place = layout.columns["start"]
    days = next(column for column in columns if isinstance(column, Days) and column.place == place)
    if dated and plain(layout.headers[place]).startswith(STARTS):
        days.ranged = False
        return None
    return Ends(days, layout, header, coins)
