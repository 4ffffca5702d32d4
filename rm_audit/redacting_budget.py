"""The parts of a report that tell of budgets, without names or amounts: levers, stopping, plan and actual, purposes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Item = Mapping[str, Any]
_AMOUNTS = frozenset(
    ("money", "planned", "spent", "difference", "gone", "credit", "a_month", "a_year", "budget", "amount", "objectives")
)


@dataclass(frozen=True)
class Hiding:
    """How an amount, a name, a sentence of a rule and the id of a finding are told."""

    amount: Callable[[float | None], float | None]
    name: Callable[[str], str]
    of_rule: Callable[[str], str]
    finding: Callable[[str], str]

    def amounts(self, item: Item) -> dict[str, Any]:
        """An item with its own amounts told; what lies deeper in it is not touched."""
        return {name: self._told(value) if name in _AMOUNTS else value for name, value in item.items()}

    def _told(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: self.amount(part) for name, part in value.items()}
        return value if isinstance(value, list) else self.amount(value)


def levers(found: list[Item], hide: Hiding) -> list[dict[str, Any]]:
    return [
        {**hide.amounts(item), "title": hide.of_rule(item["title"]), "fix": hide.of_rule(item["fix"])} for item in found
    ]


def stopping(found: Item, hide: Hiding) -> dict[str, Any]:
    notices = [
        {
            **hide.amounts(item),
            "licence": hide.name(item["licence"]),
            "findings": [hide.finding(id) for id in item["findings"]],
        }
        for item in found["notices"]
    ]
    return {**hide.amounts(found), "notices": notices}


def plan_against_actual(found: Item | None, hide: Hiding) -> dict[str, Any] | None:
    if found is None:
        return None
    channels = [
        {
            **hide.amounts(item),
            "channel": item["channel"] and hide.name(item["channel"]),
            "months": [hide.amounts(month) for month in item["months"]],
        }
        for item in found["channels"]
    ]
    return {
        **hide.amounts(found),
        "undated": hide.amounts(found["undated"]),
        "months": [hide.amounts(month) for month in found["months"]],
        "channels": channels,
    }


def alignment(found: Item | None, hide: Hiding) -> dict[str, Any] | None:
    if found is None:
        return None
    rows = [{**hide.amounts(row), "kinds": [hide.amounts(kind) for kind in row["kinds"]]} for row in found["rows"]]
    crossed = [
        {**hide.amounts(item), "line": hide.name(item["line"]), "objective": hide.name(item["objective"])}
        for item in found["crossed"]
    ]
    return {**hide.amounts(found), "rows": rows, "crossed": crossed, "largest": hide.amounts(found["largest"])}
