"""How a text writes its amounts and days: with a decimal point or comma, marks of thousands, the year, the day or the
month first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from rm_audit.days import is_credible
from rm_audit.profiles.dates import date_order, day_of, three_parts
from rm_audit.readers import Value

_DAY = re.compile(r"(19[789]|20\d)\d-(\d\d-\d\d[T ]\d\d:\d\d.*|\d\d?-\d\d?)")
_MARKED = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{4}")
NUMBER = re.compile(r"^-?\d{1,11}(\.\d+)?\Z")
_POINT = re.compile(r"-?\d+\.\d+")
# Patterns that Python and the engines read alike.
COMMA = "^-?[0-9]+(,[0-9][0-9]?)?$"
_COMMA = re.compile(COMMA)
_PARTED = {
    ",": "^-?[1-9][0-9]?[0-9]?(,[0-9][0-9][0-9])+([.][0-9]+)?$",
    ".": "^-?[1-9][0-9]?[0-9]?([.][0-9][0-9][0-9])+(,[0-9]+)?$",
}
_THREE = "^[0-9][0-9]?[{0}][0-9][0-9]?[{0}][1-9][0-9][0-9][0-9]$"


@dataclass(frozen=True)
class Written:
    """`comma`: it is the decimal mark of amounts. `money` and `count`: the marks of thousands in amounts and in counts;
    empty where they have none. `decimals`: counts have such, as 12.0. `order` of day and month, dmy or mdy, with the
    `mark` between them; empty where days are as 2026-03-31."""

    comma: bool = False
    money: str = ""
    count: str = ""
    decimals: bool = False
    order: str = ""
    mark: str = ""

    @property
    def pattern(self) -> str:
        """Of the days, where they have an order."""
        return _THREE.format(self.mark)

    def is_day(self, cell: Value) -> bool:
        """Whether every engine reads the cell as the same day."""
        if not self.order or not isinstance(cell, str):
            return is_day(cell)
        parts = three_parts(cell) if re.search(self.pattern, cell) else None
        day = None if parts is None else day_of(parts, self.order)
        return day is not None and is_credible(day, day)

    def thousands(self, kind: str) -> str:
        """The mark of thousands in amounts, or in counts."""
        return {"money": self.money, "count": self.count}.get(kind, "")

    def parted(self, kind: str) -> str:
        """The pattern of those that have it."""
        return _PARTED[self.thousands(kind)]

    def locale(self, kind: str) -> str:
        """The locale in which every engine reads amounts, or counts."""
        return "de_DE" if self.thousands(kind) == "." or (self.comma and kind == "money") else "en_US"

    def is_number(self, cell: str, kind: str) -> bool:
        """Whether a text is an amount, or a count, in this way of writing."""
        mark = self.thousands(kind)
        if mark and mark in cell:
            return re.search(self.parted(kind), cell) is not None
        return (_COMMA if self.comma and kind == "money" else NUMBER).search(cell) is not None


def written(amounts: Sequence[str], counts: Sequence[str], days: Sequence[str], habit: Mapping[str, str]) -> Written:
    """How a file writes, by the texts of its first rows. `habit` is how its platform writes days, by the mark."""
    points = [text for text in amounts if _POINT.fullmatch(text) and not _are_parted([text], ".")]
    comma = not points and any("," in text and _COMMA.search(text) for text in amounts)
    money = "." if comma and _are_parted(amounts, ".") else ""
    if not comma and any("." in text and _are_parted([text], ",") for text in amounts):  # 1,234 alone may be decimals
        money = ","
    count = next((mark for mark in (",", ".") if _are_parted(counts, mark)), "")
    decimals = count != "." and any("." in text for text in counts)
    return replace(_ordered(days, habit), comma=comma, money=money, count=count, decimals=decimals)


def _are_parted(texts: Sequence[str], mark: str) -> bool:
    """Whether some have this mark between thousands."""
    return any(mark in text and re.search(_PARTED[mark], text) for text in texts)


def _ordered(days: Sequence[str], habit: Mapping[str, str]) -> Written:
    found = [match[1] for text in days if (match := _MARKED.fullmatch(text))]
    if 2 * len(found) <= len(days) or len(set(found)) > 1:  # a few among days of another kind are read by themselves
        return Written()
    mark, order = found[0], date_order(days)
    if order == "?":
        order = "dmy" if mark == "." else habit.get(mark, "")  # nobody writes the month first with points
    return Written(order=order, mark=mark if order else "")


def settles(cell: Value) -> bool:
    """Whether a day can be read in one order only."""
    return date_order([cell]) != "?"


def is_day(cell: Value) -> bool:
    """Whether a cell is a day with its year first, or a true one."""
    return isinstance(cell, date | datetime) or (isinstance(cell, str) and _DAY.fullmatch(cell) is not None)
