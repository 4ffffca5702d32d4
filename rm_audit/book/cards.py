"""Whole sheets that say the same money again: cards of one export, a file saved twice, a summary of other sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from rm_audit.book.sight import NONE, Seen, Sight, sums
from rm_audit.profiles.months import month_header
from rm_audit.tables import MICROS

_CENT = MICROS // 100
LEAVE_OUT = "Leave one of the two out; if it is other money, write overlaps: both in rm-audit.yaml."


@dataclass(frozen=True)
class Card:
    """What a sheet adds up to. None is what cannot be compared."""

    seen: Seen
    rows: int
    total: int
    by_channel: dict[int, int]
    by_month: dict[int, int] | None
    days: tuple[int, int] | None
    amounts: frozenset[int]


def settle_cards(sight: Sight) -> None:
    """Sheets with one total to the cent, and nothing that speaks against it, are the same money: one counts."""
    live = sight.live
    totals = sums(sight.sheet[live], sight.amount[live], len(sight.book.sheets))
    groups: dict[int, list[Seen]] = {}
    for seen in sight.seen:
        cents = round(int(totals[seen.number]) / _CENT)
        groups.setdefault(cents, []).append(seen)
    for cents, group in sorted(groups.items()):
        if cents and len(group) > 1:
            _settle_group(sight, [_card(sight, seen) for seen in group])
    _doubt_near(sight, totals)


def _settle_group(sight: Sight, cards: Sequence[Card]) -> None:
    keepers: list[Card] = []
    for card in sorted(cards, key=lambda card: _preference(sight, card)):
        verdicts = [(_verdict(sight, keeper, card), keeper) for keeper in keepers]
        same = next((keeper for verdict, keeper in verdicts if verdict == "same"), None)
        if same is not None:
            _set_card_aside(sight, card, same)
            continue
        for verdict, keeper in verdicts:
            if verdict == "doubt":
                sight.doubt(keeper.seen, card.seen, card.total, "add up to the same")
        keepers.append(card)


def _set_card_aside(sight: Sight, card: Card, keeper: Card) -> None:
    sight.drop(sight.rows_of(card.seen), f"the same money in {keeper.seen.label}")
    sight.settle(card.seen, keeper.seen)
    words = (
        f"this sheet and {keeper.seen.label} add up to the same: {sight.money(card.total)} in {_rows(card.rows)} here, "
        f"{sight.money(keeper.total)} in {_rows(keeper.rows)} there; counted once, there"
    )
    sight.note("warning", "counted-once", words, LEAVE_OUT, card.seen)


def _rows(count: int) -> str:
    return f"{count} row{'' if count == 1 else 's'}"


def _card(sight: Sight, seen: Seen) -> Card:
    rows = sight.rows_of(seen)
    amount, months, start = sight.amount[rows], sight.month[rows], sight.start[rows]
    dated = len(rows) > 0 and bool((start != NONE).all())
    return Card(
        seen=seen,
        rows=sight.book.count("spend", rows),
        total=int(amount.sum()),
        by_channel=_by(sight.channel[rows], amount),
        by_month=_by(months, amount) if dated and (months >= 0).all() else None,
        days=(int(start.min()), int(sight.end[rows].max())) if dated else None,
        amounts=frozenset(amount.tolist()),
    )


def _by(codes: Any, amounts: Any) -> dict[int, int]:
    found, inverse = np.unique(codes, return_inverse=True)
    by_code = zip(found.tolist(), sums(inverse, amounts, len(found)).tolist(), strict=True)
    return {code: amount for code, amount in by_code if amount}


def _preference(sight: Sight, card: Card) -> tuple[bool, int, int, int]:
    """The export before the team's sheet, then the one that carries a channel and dates, then more columns."""
    words = {sight.words.get(channel, "export") for channel in card.by_channel}
    turned = words == {"team"}
    carries = bool(card.seen.naming) + (card.days is not None)
    return card.seen.export == turned, -carries, -len(card.seen.columns), card.seen.rank


def _verdict(sight: Sight, one: Card, other: Card) -> str:
    """'same', 'other' (other money), or 'doubt'."""
    if max(one.rows, other.rows) < 2 or _left_to_months(sight, one, other) or apart(one, other):
        return "other"
    rows = [sight.rows_of(card.seen) for card in (one, other)]
    against = sight.measured_apart(one.seen, rows[0], [other.seen], rows[1])
    if one.seen.naming == other.seen.naming != "":
        against |= one.by_channel != other.by_channel
    if one.by_month is not None and other.by_month is not None:
        against |= one.by_month != other.by_month
    # The same flat amount in every row, or names that count: two months, two regions, two accounts may look so.
    flat = len(one.amounts | other.amounts) < 2 and one.seen.stem != other.seen.stem
    return "doubt" if against or flat or _named_apart(one, other) else "same"


def _left_to_months(sight: Sight, one: Card, other: Card) -> bool:
    """A team's sheet and an export of channels that the project file settles one by one, some so and some so."""
    words = {sight.words.get(channel, "export") for channel in (*one.by_channel, *other.by_channel)}
    return one.seen.export != other.seen.export and len(words) > 1


def apart(one: Card, other: Card) -> bool:
    """Whether both are dated and share no day."""
    if one.days is None or other.days is None:
        return False
    return one.days[1] < other.days[0] or other.days[1] < one.days[0]


def _named_apart(one: Card, other: Card) -> bool:
    """Two files without dates whose names carry other numbers: 'spend-2026-01' and 'spend-2026-02'."""
    months = {month_header(card.seen.ref.sheet) for card in (one, other)}
    if len(months) == 2 and None not in months:
        return True  # sheets called January and February
    figures = (one.seen.figures, other.seen.figures)
    return one.days is None and other.days is None and all(figures) and figures[0] != figures[1]


def _doubt_near(sight: Sight, totals: Any) -> None:
    """Totals that differ by no more than rounding each row to the cent can make: said, and both counted."""
    ordered = sorted((int(totals[seen.number]), seen.rank, seen) for seen in sight.seen if totals[seen.number] > 0)
    for (low, _, one), (high, _, other) in pairwise(ordered):
        least = min(one.stop - one.first, other.stop - other.first)
        near = min((one.stop - one.first + other.stop - other.first) * _CENT // 2, low // 1000)
        if least > 1 and _CENT <= high - low <= near:
            cards = _card(sight, one), _card(sight, other)
            if not apart(*cards) and (one.naming != other.naming or not one.naming):
                sight.doubt(one, other, low, "add up to almost the same")
