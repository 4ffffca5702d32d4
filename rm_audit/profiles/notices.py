"""Cells of days of notice: '60 days', '3 months', 90."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rm_audit.profiles.amounts import Amounts
from rm_audit.profiles.work import Work
from rm_audit.readers import Value
from rm_audit.tables import MICROS

_NOTICE = re.compile(r"(\d{1,3}) ?(day|week|month)s?(?: notice)?")
_DAYS = {"day": 1, "week": 7, "month": 30}
_LONGEST = 3660  # judgement: nobody signs ten years of notice


def days_of_notice(value: Value) -> Value:
    """'60 days', '3 months' → days; any other cell as it is."""
    match = _NOTICE.fullmatch(value.strip().casefold()) if isinstance(value, str) else None
    return int(match[1]) * _DAYS[match[2]] if match else value


def drop_odd_notices(work: Work, column: int, values: Sequence[Value], read: Amounts) -> None:
    """Takes numbers that are no days of notice out of a column, and says so: their deadlines lie in no calendar."""
    odd = [p for p, micros in enumerate(read.micros) if micros is not None and not 0 <= micros <= _LONGEST * MICROS]
    for position in odd:
        read.micros[position] = None
    if odd:
        at = work.at(odd[0], column)
        words = f"{len(odd)} of {len(values)} cells hold no days of notice, {work.cell(at)} the first"
        work.complain("warning", "not-a-notice", words, "Write the days, such as 90, or 3 months.", at)
