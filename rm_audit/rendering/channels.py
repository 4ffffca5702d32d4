"""The table of channels: what each cost, what it brought, with ranges, and who stayed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.table import Table

from rm_audit.numbers import ends, money
from rm_audit.rendering.words import Document, clean

MOST = 25
NAME, NAME_MOST = 16, 24  # columns of a channel's name: longer ones are folded
GAP = 2


def channel_table(document: Document, verbose: bool, width: int) -> Table | None:
    """One row a channel, the most money first; None where there is none.

    A measure that nobody has takes no column, and where the columns do not fit into `width`, the last in rank go.
    """
    channels = document["subjects"].get("channel", [])
    if not channels:
        return None
    ranked = sorted(channels, key=lambda item: (-(item["spend"] or 0), -(item["hires"] or 0), item["name"]))
    shown = ranked if verbose or len(ranked) <= MOST else ranked[: MOST - 3]
    whole = {**document["subjects"]["portfolio"][0], "name": "the whole book"}
    columns = _fitting(_COLUMNS, [*shown, whole], width)
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column("Channel", overflow="fold", min_width=NAME)
    for column in columns:
        table.add_column(column.head, justify="right", no_wrap=True)
    for item in [*shown, whole]:
        style = "bold" if item["name"] == "the whole book" else None
        table.add_row(clean(item["name"]), *[column.show(item) for column in columns], style=style)
    if len(shown) < len(ranked):
        table.add_row(f"({len(ranked) - len(shown)} more: --verbose)")
    return table


@dataclass(frozen=True)
class _Column:
    head: str
    show: Callable[[Mapping[str, Any]], str]
    rank: int = 0  # the higher, the sooner it goes where there is no room


def _fitting(columns: Sequence[_Column], items: Sequence[Mapping[str, Any]], width: int) -> list[_Column]:
    shown = {column.head: [column.show(item) for item in items] for column in columns}
    kept = [column for column in columns if any(text != "-" for text in shown[column.head][:-1])]
    wide = {column.head: max(map(len, (column.head, *shown[column.head]))) + GAP for column in kept}
    name = min(max(NAME, *(cell_len(clean(item["name"])) for item in items)), NAME_MOST)
    while len(kept) > 1 and name + sum(wide[column.head] for column in kept) > width:
        kept.remove(max(kept, key=lambda column: column.rank))
    return kept


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
    return f"{money(estimate['value'])} ({ends(estimate['low'], estimate['high'])})"


def _of(part: float | None, whole: float | None) -> str:
    if not whole or part is None:
        return "-"
    return f"{part:.0f} of {whole:.0f}"


def _per(estimate: Mapping[str, Any] | None) -> str:
    return "-" if estimate is None or not estimate["value"] else f"{estimate['value']:,.1f}"


def _unless_software(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda item: "-" if item.get("kind") == "software" else _range(item[name])


_COLUMNS = (
    _Column("Spend", lambda item: _number(item["spend"])),
    _Column("Talks", lambda item: _number(item["conversations"]), 3),
    _Column("Cost per talk (range)", _unless_software("cost_per_conversation"), 4),
    _Column("Hires", lambda item: _number(item["hires"]), 2),
    _Column("Cost per hire (range)", _unless_software("cost_per_hire"), 1),
    _Column("Talks per hire", lambda item: _per(item["conversations_per_hire"]), 6),
    _Column("Applied", lambda item: _number(item["applications"]), 7),
    _Column("Left in year 1", lambda item: _of(item["left_first_year"], item["followed"]), 5),
    _Column("Rated well", lambda item: _of(item["rated_well"], item["rated"]), 8),
)
