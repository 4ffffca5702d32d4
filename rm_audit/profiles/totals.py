"""Total rows: by their label and by arithmetic, never by a long label alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rm_audit.profiles.headers import plain
from rm_audit.readers import Value
from rm_audit.tables import MICROS

CENT = MICROS // 100


@dataclass(frozen=True)
class TotalRow:
    """A row that sums others: its position, and by how much it differs from them (micro-units)."""

    position: int
    difference: int


def find_totals(
    labels: Sequence[Sequence[Value]], amounts: Sequence[int | None], words: frozenset[str]
) -> list[TotalRow]:
    """Rows that are sums: a total's label with the arithmetic, a bare total's label alone, or a last row without label.

    A row called 'Total Rewards campaign' whose amount is no sum of rows stays a row.
    """
    found: list[TotalRow] = []
    running, since_last = 0, 0
    for position, (cells, amount) in enumerate(zip(labels, amounts, strict=True)):
        kind = _label(cells, words)
        last = position == len(amounts) - 1 and position > 1
        if amount is not None and (kind or (last and not any(cells))):
            sums = [total for total in (since_last, running) if total]
            difference = min((amount - total for total in sums), key=abs, default=None)
            equal = difference is not None and abs(difference) < CENT
            if equal or (kind == "bare" and difference is not None):
                found.append(TotalRow(position, difference or 0))
                since_last = 0
                continue
        running += amount or 0
        since_last += amount or 0
    return found


def _label(cells: Sequence[Value], words: frozenset[str]) -> str:
    texts = [plain(cell) for cell in cells if isinstance(cell, str)]
    if any(text in words for text in texts):
        return "bare"
    return "long" if any(text.split(" ")[0] in words for text in texts if text) else ""
