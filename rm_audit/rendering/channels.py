"""The table of channels: what each cost, what it brought, with ranges, and who stayed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from rm_audit.numbers import end, money
from rm_audit.rendering.words import Document, clean

MOST = 25
_NAME, _BETWEEN = 16, 2  # letters of a name that is folded, and between columns


def channel_table(document: Document, verbose: bool, width: int) -> Table | None:
    """One row a channel, the most money first, at most so wide; None where there is none.

    A measure that nobody has takes no column, and where there is no room those go that matter least.
    """
    channels = document["subjects"].get("channel", [])
    if not channels:
        return None
    ranked = sorted(channels, key=lambda item: (-(item["spend"] or 0), -(item["hires"] or 0), item["name"]))
    shown = ranked if verbose or len(ranked) <= MOST else ranked[: MOST - 3]
    rows = [*shown, {**document["subjects"]["portfolio"][0], "name": "the whole book"}]
    columns = _that_fit(
        [column for column in _COLUMNS if any(column.show(item) != "-" for item in channels)], rows, width
    )
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column("Channel", overflow="fold", min_width=_NAME)
    for column in columns:
        table.add_column(column.head, justify="right", no_wrap=True)
    for item in rows:
        style = "bold" if item["name"] == "the whole book" else None
        table.add_row(clean(item["name"]), *[column.show(item) for column in columns], style=style)
    if len(shown) < len(ranked):
        table.add_row(f"({len(ranked) - len(shown)} more: --verbose)")
    return table


@dataclass(frozen=True)
class _Column:
    head: str
    show: Callable[[Mapping[str, Any]], str]
    rank: int  # the column with the highest goes first where there is no room


def _that_fit(columns: Sequence[_Column], rows: Sequence[Mapping[str, Any]], width: int) -> list[_Column]:
    wide = {column.head: max(len(column.head), *(len(column.show(item)) for item in rows)) for column in columns}
    kept = sorted(columns, key=lambda column: column.rank)
    while len(kept) > 1 and _NAME + sum(wide[column.head] + _BETWEEN for column in kept) > width:
        kept.pop()
    return [column for column in columns if column in kept]


def _number(value: float | None) -> str:
    return "-" if value is None else money(value)


def _range(estimate: Mapping[str, Any] | None) -> str:
    """A cost with its range; over the low end alone where there is no outcome yet."""
    if estimate is None:
        return "-"
    if estimate["value"] is None:
        return f"over {money(estimate['low'])}"
    if not estimate["value"]:
        return "-"
    return f"{money(estimate['value'])} ({end(estimate['low'])} to {end(estimate['high'])})"


def _of(part: float | None, whole: float | None) -> str:
    if not whole or part is None:
        return "-"
    return f"{part:.0f} of {whole:.0f}"


_COLUMNS = (
    _Column("Spend", lambda item: _number(item["spend"]), 0),
    _Column("Applied", lambda item: _number(item["applications"]), 5),
    _Column("Talks", lambda item: _number(item["conversations"]), 3),
    _Column("Hires", lambda item: _number(item["hires"]), 2),
    _Column(
        "Cost per hire (range)",
        lambda item: "-" if item.get("kind") == "software" else _range(item["cost_per_hire"]),
        1,
    ),
    _Column("Left in year 1", lambda item: _of(item["left_first_year"], item["followed"]), 4),
    _Column("Rated well", lambda item: _of(item["rated_well"], item["rated"]), 6),
)
