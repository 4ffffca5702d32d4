"""Cells → the words that are shown: blanks are no words, addresses are not repeated, rounded ids are known."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rm_audit.profiles.amounts import LONGEST_BLANK
from rm_audit.profiles.private import PROSE, without_addresses
from rm_audit.readers import Value, is_error

_ROUNDED = re.compile(r"\d[.,]\d+E\+\d\d", re.IGNORECASE)


def clean_texts(name: str, values: Iterable[Value], blanks: frozenset[str]) -> dict[Value, str | None]:
    """Distinct cells of a column of words as they are shown: blanks and errors are None, addresses are not repeated."""
    distinct = {value: text_of(value, blanks) for value in values}
    if name not in PROSE and any(isinstance(value, str) and "@" in value for value in distinct):
        distinct |= {value: without_addresses(text) for value, text in distinct.items() if text}
    return distinct


def is_rounded(value: Value) -> bool:
    """Whether an id has gone through a number: 1.2E+17 in a text, or more digits than a number holds."""
    if isinstance(value, str):
        return ("E+" in value or "e+" in value) and _ROUNDED.fullmatch(value.strip()) is not None
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 10**15


def text_of(value: Value, blanks: frozenset[str]) -> str | None:
    if isinstance(value, str):
        text = " ".join(value.split())
        blank = not text or (len(text) <= LONGEST_BLANK and text.casefold() in blanks)
        return None if blank or is_error(text) else text
    if value is None:
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
