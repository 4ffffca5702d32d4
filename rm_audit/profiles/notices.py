"""Cells of days of notice: '60 days', '3 months', 90."""

from __future__ import annotations

import re

from rm_audit.profiles.work import Work
from rm_audit.readers import Value

_NOTICE = re.compile(r"(\d{1,3}) ?(day|week|month)s?(?: notice)?")
_DAYS = {"day": 1, "week": 7, "month": 30}
_LONGEST = 3660  # judgement: nobody signs ten years of notice


def days_of_notice(value: Value) -> Value:
    """'60 days', '3 months' → days; any other cell as it is."""
    match = _NOTICE.fullmatch(value.strip().casefold()) if isinstance(value, str) else None
    return int(match[1]) * _DAYS[match[2]] if match else value


def drop_odd_notices(work: Work) -> None:
    """Takes numbers that are no days of notice out of their column, and says so: their deadlines lie in no calendar."""
    days = work.columns.get("notice_days", [])
    odd = [p for p, found in enumerate(days) if isinstance(found, int) and not 0 <= found <= _LONGEST]
    for position in odd:
        days[position] = None
    named = [position for position in odd if position not in work.aside]
    if named:
        at = work.at(named[0], work.layout.columns["notice_days"])
        words = f"{len(named)} of {len(days)} cells hold no days of notice, {work.cell(at)} the first"
        work.complain("warning", "not-a-notice", words, "Write the days, such as 90, or 3 months.", at)
