"""Which charts a report has: from the document to a title, what it says in words, and the drawing in two widths."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from rm_audit.numbers import ends, money, percent
from rm_audit.rendering.html.charts import NARROW, WIDE, Row, money_bars, months, ranges, volume_and_quality
from rm_audit.rendering.html.svg import drawn
from rm_audit.rendering.words import Document, amount, clean

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CLAIMED = ("avoidable", "unproven", "misdirected")
MOST_ROWS = 15  # channels in a chart; the table has all
_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Chart:
    """A chart of the page. `legend` are pairs of a colour's name and its words."""

    title: str
    words: str
    wide: Markup
    narrow: Markup
    legend: Sequence[tuple[str, str]] = ()
    note: str = ""


def _chart(
    name: str,
    title: str,
    words: str,
    draw: Callable[[float], Figure],
    legend: Sequence[tuple[str, str]] = (),
    note: str = "",
) -> Chart:
    # What `drawn` returns is made from an element tree, which has escaped every word in it.
    wide, narrow = (
        Markup(drawn(draw, width, f"{name}-{size}", f"{title}. {words}"))
        for size, width in (("wide", WIDE), ("narrow", NARROW))
    )
    return Chart(title, words, wide, narrow, legend, note)


def by_play(document: Document) -> Chart | None:
    """What each play judged, and how much of it is claimed by a finding."""
    whole = document["money"]
    if not whole["examined"]:
        return None
    legend = [(name, name) for name in CLAIMED] + [("unclaimed", "nothing claimed")]
    parts = [("The whole book", whole, whole["examined"])]
    parts += [(play["title"], play["money"], play["judged_money"]) for play in document["plays"]]
    rows = [_money_row(*part) for part in parts if part[2] > 0]
    said = "; ".join(f"{row.label}: {row.words} claimed" for row in rows)
    kind = "plan" if whole["basis"] == "plan" else "spend"
    return _chart(
        "plays",
        f"Claimed and unclaimed {kind}, by play{_in(document)}",
        f"{said}.",
        lambda width: money_bars(rows, (*CLAIMED, "unclaimed"), width),
        legend,
        "Several plays may judge the same money; each amount is claimed once at most. A play that judges no money of "
        "its own has no bar.",
    )


def _money_row(label: str, claims: Mapping[str, float], judged: float) -> Row:
    values = [claims[name] for name in CLAIMED]
    claimed = sum(values)
    return Row(label, f"{percent(claimed / judged)} of {judged:,.0f}", [*values, max(judged - claimed, 0)])


def by_cost(document: Document) -> Chart | None:
    """Cost per conversation of each channel with its range; where no conversation is known, per hire."""
    for name, outcome in (("cost_per_conversation", "conversation"), ("cost_per_hire", "hire")):
        told = [item for item in _media(document) if item[name] and item[name]["low"]]
        if any(item[name]["value"] for item in told):
            return _cost_chart(document, told, name, outcome)
    return None


def _cost_chart(document: Document, told: Sequence[Mapping[str, Any]], name: str, outcome: str) -> Chart:
    shown = sorted(told[:MOST_ROWS], key=lambda item: (item[name]["value"] or float("inf"), item[name]["low"]))
    rows = [
        Row(clean(item["name"]), cost_range(item[name]), [item[name][end] for end in ("low", "value", "high")])
        for item in shown
    ]
    whole = document["subjects"]["portfolio"][0][name]
    line = whole["value"] if whole else None
    note = f"The dashed line is the whole book: {amount(document, line)}. " if line else ""
    note += f"A range holds 9 times in 10; an arrow: no {outcome} yet. The axis is not even: equal steps multiply."
    return _chart(
        "costs",
        f"Cost per {outcome} by channel{_in(document)}",
        f"{'; '.join(f'{row.label}: {row.words}' for row in rows)}.",
        lambda width: ranges(rows, line, width),
        note=note + _more(told),
    )


def cost_range(estimate: Mapping[str, float | None]) -> str:
    """A cost with its range; over the low end alone where there is no outcome yet."""
    low, value, high = (estimate[name] for name in ("low", "value", "high"))
    if value is None:
        return f"over {money(low or 0)}"
    span = ends(low or 0, high) if high is not None else f"over {money(low or 0)}"
    return f"{money(value)} ({span})"


def by_quality(document: Document) -> Chart | None:
    """How many applied at each channel, and what share of them came to a conversation; else to a hire."""
    for name, words in (("conversations", "had a talk"), ("hires", "were hired")):
        told = [item for item in document["subjects"]["channel"] if item["applications"] and item[name] is not None]
        if any(item[name] for item in told):
            told.sort(key=lambda item: (-item["applications"], item["name"]))
            rows = [_quality_row(item, name) for item in told[:MOST_ROWS]]
            heads = ("Applied", f"Of these, {words}")
            return _chart(
                "quality",
                "Volume against quality, by channel",
                f"{'; '.join(f'{row.label}: {row.words} {words}' for row in rows)}.",
                lambda width, rows=rows, heads=heads: volume_and_quality(rows, heads, width),  # type: ignore[misc]
                note="A long bar on the left beside a short one on the right is volume without people to talk to."
                + _more(told),
            )
    return None


def _quality_row(item: Mapping[str, Any], name: str) -> Row:
    applied, reached = item["applications"], item[name]
    return Row(clean(item["name"]), f"{reached:,.0f} of {applied:,.0f}", [applied, min(reached / applied, 1.0)])


def by_month(document: Document) -> Chart | None:
    """The spend of each month: what can have brought its hires by now, and what is too young to be judged."""
    dated = [item for item in document["spend_by_month"] if item["month"]]
    if len(dated) < 2:
        return None
    matures = any(item["matured"] is not None for item in dated)
    rows = [_month_row(item) for item in dated]
    undated = sum(item["spend"] for item in document["spend_by_month"] if not item["month"])
    note = f"Without a date, and not in the chart: {amount(document, undated)}." if undated else ""
    through = f"by {document['data_through']}" if document["data_through"] else ""
    legend = [("accent", f"old enough to have hired {through}"), ("waits", "too young: its hires are still to come")]
    said = "; ".join(f"{item['month']}: {row.words}" for item, row in zip(dated, rows, strict=True))
    return _chart(
        "months",
        f"Spend by month{_in(document)}",
        f"{said}.",
        lambda width: months(rows, ("accent", "waits"), width),
        legend if matures else (),
        note if matures else f"No outcome has a date, so nobody can say how much of it is old enough. {note}".strip(),
    )


def _month_row(item: Mapping[str, Any]) -> Row:
    year, _, month = item["month"].partition("-")
    spend, matured = item["spend"], item["matured"]
    label = f"{_MONTHS[int(month)]}\n{year}"
    if matured is None:
        return Row(label, f"{spend:,.0f}", [max(spend, 0), 0])
    share = percent(matured / spend) if spend else "none"
    return Row(label, f"{spend:,.0f}, {share} of it matured", [max(matured, 0), max(spend - matured, 0)])


def _media(document: Document) -> list[Mapping[str, Any]]:
    """Channels with spend, the most first; a licence buys no conversation."""
    found = [item for item in document["subjects"]["channel"] if item["spend"] and item.get("kind") != "software"]
    return sorted(found, key=lambda item: (-item["spend"], item["name"]))


def _more(told: Sequence[object]) -> str:
    return f" {len(told) - MOST_ROWS} more are in the table." if len(told) > MOST_ROWS else ""


def _in(document: Document) -> str:
    return f", {document['currency']}" if document["currency"] else ""
