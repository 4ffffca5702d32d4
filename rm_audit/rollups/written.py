"""How a text writes its amounts and days: with a decimal point or comma, the year, the day or the month first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rm_audit.profiles.dates import date_order, day_of, three_parts
from rm_audit.readers import Value

_DAY = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?")
_MARKED = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{4}")
_POINT = re.compile(r"-?\d+\.\d+")
# Patterns that Python and the engines read alike.
COMMA = "^-?[0-9]+(,[0-9][0-9]?)?$"
_THREE = "^[0-9][0-9]?[{0}][0-9][0-9]?[{0}][1-9][0-9][0-9][0-9]$"


@dataclass(frozen=True)
class Written:
    """`comma`: it is the decimal mark of amounts. `order` of day and month, dmy or mdy, with the `mark` between them;
    empty where days are as 2026-03-31."""

    comma: bool = False
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
        return parts is not None and day_of(parts, self.order) is not None

    def is_amount(self, cell: str) -> bool:
        """Whether a text is an amount with a decimal comma, or without decimals."""
        return self.comma and re.search(COMMA, cell) is not None


def written(amounts: Sequence[str], days: Sequence[str], habit: Mapping[str, str]) -> Written:
    """How a file writes, by the texts of its first rows. `habit` is how its platform writes days, by the mark."""
    comma = any("," in text and re.search(COMMA, text) for text in amounts) and not any(map(_POINT.fullmatch, amounts))
    found = [match[1] for text in days if (match := _MARKED.fullmatch(text))]
    if 2 * len(found) <= len(days) or len(set(found)) > 1:  # a few among days of another kind are read by themselves
        return Written(comma)
    mark, order = found[0], date_order(days)
    if order == "?":
        order = "dmy" if mark == "." else habit.get(mark, "")  # nobody writes the month first with points
    return Written(comma, order, mark if order else "")


def settles(cell: Value) -> bool:
    """Whether a day can be read in one order only."""
    return date_order([cell]) != "?"


def is_day(cell: Value) -> bool:
    """Whether a cell is a day with its year first, or a true one."""
    return isinstance(cell, date | datetime) or (isinstance(cell, str) and _DAY.fullmatch(cell) is not None)
