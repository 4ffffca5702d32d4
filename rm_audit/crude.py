"""Raw totals beside the verdicts: what a plain division would say, and a warning where it says the opposite."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from rm_audit.errors import Problem

LEAST = 3  # judgement: a median of two says nothing
DEAR, CHEAP = 2.0, 1.25  # the multiple of the verdicts; judgement: about the usual cost
APART = 1.1  # judgement: a rate so many times the usual one is on that side of it
_MOST_NAMED = 3


def with_crude(items: list[dict[str, Any]], lacking: str) -> None:
    """Adds `crude_ratio` to channels or campaigns as the report shows them: spend a hire over the median of those with
    a hire. Where nothing was weighed (`lacking` says why) or the two disagree, the reason says both figures."""
    costs = [_cost(item) for item in items]
    known = [cost for cost in costs if cost is not None]
    usual = median(known) if len(known) >= LEAST else None
    for item, cost in zip(items, costs, strict=True):
        ratio = None if usual is None or cost is None else round(cost / usual, 2)
        item["crude_ratio"] = ratio
        if ratio is None:
            continue
        if item["ratio_to_benchmark"] is None and lacking:
            item["verdict_reason"] = (
                f"a hire costs {ratio:.1f} times the median on raw totals; {item['verdict_reason']}"
            )
        elif _opposite(item):
            item["verdict_reason"] += f"; {_both(item)}"


def disagreements(channels: Sequence[dict[str, Any]]) -> list[Problem]:
    """One warning for all channels on which raw totals say the opposite of the verdict."""
    found = [item for item in channels if _opposite(item)]
    if not found:
        return []
    named = "; ".join(f"{item['name']}: {_both(item)}" for item in found[:_MOST_NAMED])
    more = f"; and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    help = "Trust the second figure: job mix and hires that are still to come are taken out of it."
    return [Problem("warning", "crude-and-adjusted", f"raw totals mislead: {named}{more}", help)]


def mixed_up(channels: Sequence[dict[str, Any]]) -> list[Problem]:
    """One warning for all channels of whose people plain shares say the opposite of what the same jobs say."""
    found = [
        f"{item['name']}, {one['measure'].replace('_', ' ')}: {one['crude_ratio']:.2f} times the book's on raw totals, "
        f"{one['ratio']['value']:.2f} times the others' for the same jobs"
        for item in channels
        for one in item["quality"]
        if one["ratio"] is not None and one["crude_ratio"] is not None and _turned(one)
    ]
    if not found:
        return []
    more = f"; and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    said = f"raw shares mislead: {'; '.join(found[:_MOST_NAMED])}{more}"
    help = "Trust the second figure: job mix is taken out of it."
    return [Problem("warning", "crude-and-adjusted-quality", said, help)]


def _turned(one: dict[str, Any]) -> bool:
    crude, adjusted = float(one["crude_ratio"]), float(one["ratio"]["value"])
    return (crude <= 1 / APART and adjusted >= APART) or (crude >= APART and adjusted <= 1 / APART)


def _cost(item: dict[str, Any]) -> float | None:
    return item["spend"] / item["hires"] if item["spend"] and item["spend"] > 0 and item["hires"] else None


def _opposite(item: dict[str, Any]) -> bool:
    """Dear on raw totals and fine on the same jobs, or the other way round."""
    crude = item.get("crude_ratio")
    if crude is None or item["ratio_to_benchmark"] is None:
        return False
    return (crude >= DEAR and item["verdict"] == "fine") or (
        crude < CHEAP and item["verdict"] in ("confirmed", "watch")
    )


def _both(item: dict[str, Any]) -> str:
    adjusted = item["ratio_to_benchmark"]["value"]
    return f"{item['crude_ratio']:.1f} times the median on raw totals, {adjusted:.1f} times for the same jobs"
