"""The table of channels: what each cost, what it brought, with ranges, and who stayed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from rm_audit.numbers import money, percent
from rm_audit.render.words import Document, clean

MOST = 15


def channel_table(document: Document, verbose: bool) -> Table | None:
    """One row a channel, the most money first; None where no channel was found."""
    channels = document["subjects"].get("channel", [])
    if not channels:
        return None
    ranked = sorted(channels, key=lambda item: (-(item["spend"] or 0), -(item["hires"] or 0), item["name"]))
    shown = ranked if verbose else ranked[: MOST if len(ranked) > MOST + 8 else None]
    stays = any(item["followed"] for item in channels)
    rated = any(item["rated"] for item in channels)
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="dim")
    for name, justify in _columns(document, stays, rated):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for item in shown:
        table.add_row(*_row(item, stays, rated))
    if len(shown) < len(ranked):
        table.add_row(f"and {len(ranked) - len(shown)} more: --verbose")
    whole = document["subjects"]["portfolio"][0]
    table.add_row(*_row({**whole, "name": "the whole book"}, stays, rated), style="bold")
    return table


def _columns(document: Document, stays: bool, rated: bool) -> list[tuple[str, str]]:
    code = f" {document['currency']}" if document["currency"] else ""
    names = [("Channel", "left"), (f"Spend{code}", "right"), ("Applications", "right"), ("Talks", "right")]
    names += [("Hires", "right"), (f"Cost per hire{code}", "right")]
    return names + [("Left in year 1", "right")] * stays + [("Rated well", "right")] * rated


def _row(item: Mapping[str, Any], stays: bool, rated: bool) -> list[str]:
    row = [clean(item["name"]), _number(item["spend"]), _number(item["applications"])]
    row += [_number(item["conversations"]), _number(item["hires"]), _range(item["cost_per_hire"])]
    if stays:
        row.append(_of(item["left_first_year"], item["followed"]))
    if rated:
        row.append(_of(item["rated_well"], item["rated"]))
    return row


def _number(value: float | None) -> str:
    return "unknown" if value is None else money(value)


def _range(estimate: Mapping[str, Any] | None) -> str:
    """A cost with its range; over the low end alone where there is no outcome yet."""
    if estimate is None:
        return "-"
    if estimate["value"] is None:
        return f"over {money(estimate['low'])}"
    if not estimate["value"]:
        return "0"
    return f"{money(estimate['value'])} ({money(estimate['low'])} to {money(estimate['high'])})"


def _of(part: float | None, whole: float | None) -> str:
    if not whole or part is None:
        return "-"
    return f"{part:.0f} of {whole:.0f} ({percent(part / whole)})"
