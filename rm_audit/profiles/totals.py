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


@dataclass(frozen=True)
class Label:
    """The texts of a row: `keys` in the columns that name what a row is about, `others` in all the rest."""

    keys: Sequence[Value]
    others: Sequence[Value]


def find_totals(labels: Sequence[Label], amounts: Sequence[int | None], words: frozenset[str]) -> list[TotalRow]:
    """Rows that are sums of rows above them.

    A total's label with the arithmetic; a bare label such as 'Total' alone; a longer one such as 'Total: Account' in
    a column that names nothing, where no key stands beside it; a last row without any text whose amount is the sum.
    A row whose campaign is called 'Total Rewards' and whose amount is no sum of rows stays a row.
    """
    found: list[TotalRow] = []
    running, since_last = 0, 0
    for position, (label, amount) in enumerate(zip(labels, amounts, strict=True)):
        last = position == len(amounts) - 1 and position > 1 and not any(label.keys)
        kind = "" if amount is None else _kind(label, words) or ("unnamed" if last else "")
        sums = [total for total in (since_last, running) if total]
        difference = min(((amount or 0) - total for total in sums), key=abs, default=None)
        equal = difference is not None and abs(difference) < CENT
        if kind and (equal or (kind == "sure" and difference is not None)):
            found.append(TotalRow(position, difference or 0))
            since_last = 0
            continue
        running += amount or 0
        since_last += amount or 0
    return found


def sums_neighbours(amounts: Sequence[int], position: int, least: int = 2, most: int = 40) -> bool:
    """Whether an amount is the sum of a run of at least two amounts right above it, or right below it."""
    amount = amounts[position]
    for step in (1, -1):
        total = 0
        for count in range(1, most + 1):
            beside = position + step * count
            if amount <= 0 or not 0 <= beside < len(amounts) or amounts[beside] <= 0:
                break
            total += amounts[beside]
            if abs(total - amount) < CENT and count >= least:
                return True
            if total > amount:
                break
    return False


def _kind(label: Label, words: frozenset[str]) -> str:
    """'sure' for a bare label and for one beside no key, 'perhaps' where only the arithmetic can tell."""
    keys, others = ([plain(cell) for cell in cells if isinstance(cell, str)] for cells in (label.keys, label.others))
    if any(text in words for text in (*keys, *others)):
        return "sure"
    if any(_begins(text, words) for text in others):
        return "sure" if not any(keys) else "perhaps"
    return "perhaps" if any(_begins(text, words) for text in keys) else ""


def _begins(text: str, words: frozenset[str]) -> bool:
    return bool(text) and text.split(" ")[0] in words
