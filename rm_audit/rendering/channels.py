"""The table of channels: what each cost, what it brought, with ranges, and who stayed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from rm_audit.numbers import end, money
from rm_audit.rendering.words import Document, clean

MOST = 25


def channel_table(document: Document, verbose: bool, narrow: bool = False) -> Table | None:
    """One row a channel, the most money first; None where there is none. A measure that nobody has takes no column."""
    channels = document["subjects"].get("channel", [])
    if not channels:
        return None
    ranked = sorted(channels, key=lambda item: (-(item["spend"] or 0), -(item["hires"] or 0), item["name"]))
    shown = ranked if verbose or len(ranked) <= MOST else ranked[: MOST - 3]
    columns = [column for column in _COLUMNS if any(column.show(item) != "-" for item in channels)]
    columns = [column for column in columns if not (narrow and column.wide_only)]
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column("Channel", overflow="fold", min_width=16)
    for column in columns:
        table.add_column(column.head, justify="right", no_wrap=True)
    for item in [*shown, {**document["subjects"]["portfolio"][0], "name": "the whole book"}]:
        style = "bold" if item["name"] == "the whole book" else None
        table.add_row(clean(item["name"]), *[column.show(item) for column in columns], style=style)
    if len(shown) < len(ranked):
        table.add_row(f"({len(ranked) - len(shown)} more: --verbose)")
    return table


@dataclass(frozen=True)
class _Column:
    head: str
    show: Callable[[Mapping[str, Any]], str]
    wide_only: bool = False


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
    _Column("Spend", lambda item: _number(item["spend"])),
    _Column("Applied", lambda item: _number(item["applications"]), wide_only=True),
    _Column("Talks", lambda item: _number(item["conversations"])),
    _Column("Hires", lambda item: _number(item["hires"])),
    _Column(
        "Cost per hire (range)", lambda item: "-" if item.get("kind") == "software" else _range(item["cost_per_hire"])
    ),
    _Column("Left in year 1", lambda item: _of(item["left_first_year"], item["followed"])),
    _Column("Rated well", lambda item: _of(item["rated_well"], item["rated"]), wide_only=True),
)
