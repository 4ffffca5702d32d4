"""A finding in five lines: what, the rule, the arithmetic with its cells, the money, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any

from rm_audit.explaining import Explained, Side
from rm_audit.numbers import exact_money, percent, show
from rm_audit.rendering.words import clean, standing
from rm_audit.vocabulary import VOCABULARY

MOST_CELLS = 4
MOST_VALUES = 8
TWICE = 2  # the multiple of the verdicts
_PLAIN = re.compile(r"\w+|-?[\d.]+")  # a name or a number, which needs no arithmetic
_SHARES = ("rate_low(", "rate_high(", "share(")


def five_lines(document: Mapping[str, Any], finding: Mapping[str, Any], found: Explained, near: bool) -> str:
    """The finding with its figures; with `near`, a line for each passing subject that is nearest to failing."""
    lines = [
        f"What   {clean(finding['message'])} ({_grave(document, finding)})",
        f"Rule   {_rule(found)}",
        f"Here   {_weighed(document, finding, found) or _here(document, found)}. See {clean(_cells(found))}.",
        f"Money  {_money(document, finding, found)}",
        f"Do     {clean(finding['fix'])} {_turning(document, finding, found)}It would be wrong where: {_wrong(found)}",
    ]
    lines += [f"Near   {line}" for line in _near(document, found)] if near else []
    return "\n".join(lines) + "\n"


def holds(document: Mapping[str, Any], found: Explained, near: bool) -> str:
    """The same for a subject on which the rule found nothing, or could not judge."""
    lines = [
        f"What   {clean(found.name)} has no finding of this rule.",
        f"Rule   {_rule(found)}",
        f"Here   {_here(document, found)}.",
    ]
    lines += [f"Near   {line}" for line in _near(document, found)] if near else []
    return "\n".join(lines) + "\n"


def _grave(document: Mapping[str, Any], finding: Mapping[str, Any]) -> str:
    why = standing(document, finding)
    return f"{finding['severity']}, {why}" if why else str(finding["severity"])


def _rule(found: Explained) -> str:
    law = found.rule["law"]
    text = law.get("flag") or f"not ({law['earn']})"
    return f"{found.rule['title']}. It says so where {_numbers(text, found.rule['params'])}."


def _numbers(text: str, params: Mapping[str, Any]) -> str:
    """A law with the numbers in the place of its parameters."""
    for name, value in params.items():
        text = re.sub(rf"\b{re.escape(name)}\b", _plain(value), text)
    return text


def _plain(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else "unknown" if value is None else clean(value)


def _here(document: Mapping[str, Any], found: Explained) -> str:
    """Each measure with its value, then each side of a comparison that is more than a name or a number."""
    values = [f"{name.replace('_', ' ')} {_value(document, name, value)}" for name, value in found.values.items()]
    values += [
        f"so {_side(document, side)}"
        for side in found.sides
        if not (_PLAIN.fullmatch(side.left) and _PLAIN.fullmatch(side.right))
    ]
    return "; ".join(values[:MOST_VALUES])


def _judged(document: Mapping[str, Any], finding: Mapping[str, Any], found: Explained) -> Mapping[str, Any] | None:
    """The subject as the report shows it, where the rule asks for its verdict and it has one with stages."""
    if "verdict" not in found.values:
        return None
    of_kind = document["subjects"].get(finding["subject"]["kind"], [])
    item = next((one for one in of_kind if one["name"] == finding["subject"]["name"]), None)
    return item if item is not None and item.get("stages") and item.get("ratio_to_benchmark") else None


def _weighed(document: Mapping[str, Any], finding: Mapping[str, Any], found: Explained) -> str:
    """Observed against expected at each stage, the ratio with its range, and how sure; nothing without a verdict."""
    item = _judged(document, finding, found)
    if item is None:
        return ""
    stages = [
        f"{stage['observed']:,} {stage['stage']} where {stage['expected']:,.0f} were due" for stage in item["stages"]
    ]
    ratio, sure = item["ratio_to_benchmark"], item["probability_wasteful"]
    said = (
        f"so a hire costs {ratio['value']:.1f} times the median channel's ({ratio['low']:.1f} to {ratio['high']:.1f})"
    )
    return clean("; ".join([*stages, said, *([f"{sure:.0%} sure of twice or more"] if sure is not None else [])]))


def _turning(document: Mapping[str, Any], finding: Mapping[str, Any], found: Explained) -> str:
    """How many hires more would make the verdict another one: those that bring the ratio below twice."""
    item = _judged(document, finding, found)
    if item is None or not item["hires_expected"]:
        return ""
    due = item["hires_expected"]["value"]
    more = max(1, ceil(due / TWICE - due / item["ratio_to_benchmark"]["value"]))
    hires = "hire" if more == 1 else "hires"
    return f"About {more:,} more {hires} of the same money would put it below twice the usual cost. "


def _value(document: Mapping[str, Any], name: str, value: object) -> str:
    word = VOCABULARY.get(name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return clean(show(value, word.unit if word else "", document["currency"] or ""))


def _side(document: Mapping[str, Any], side: Side) -> str:
    """`1.6% against 2.6%`, in the unit of the left side."""
    share = side.left.startswith(_SHARES) or (side.left in VOCABULARY and VOCABULARY[side.left].unit == "ratio")
    if share and isinstance(side.left_value, float) and isinstance(side.right_value, float):
        return f"{percent(side.left_value)} against {percent(side.right_value)}"
    left = _value(document, side.left, side.left_value) if side.left in VOCABULARY else _number(side.left_value)
    right = _value(document, side.right, side.right_value) if side.right in VOCABULARY else _number(side.right_value)
    return f"{left} against {right}"


def _number(value: object) -> str:
    return f"{value:,.4g}" if isinstance(value, float) and abs(value) < 1000 else _thousands(value)


def _thousands(value: object) -> str:
    return f"{value:,.0f}" if isinstance(value, float) else "unknown" if value is None else clean(value)


def _cells(found: Explained) -> str:
    more = f" and {len(found.cells) - MOST_CELLS} more" if len(found.cells) > MOST_CELLS else ""
    return (", ".join(found.cells[:MOST_CELLS]) + more) or "no cell: it is about what is missing"


def _money(document: Mapping[str, Any], finding: Mapping[str, Any], found: Explained) -> str:
    money, law = finding["money"], found.rule["law"]
    if "money" not in law:
        return "It claims none: it is about how the work is done."
    if found.rule["status"] != "stable":
        return f"It claims none, for the rule is {found.rule['status']}."
    exact = {name: exact_money(money[name], document["currency"] or "") for name in ("amount", "wanted", "upcoming")}
    how = _numbers(law["money"], {**found.rule["params"], **found.money})
    if money["upcoming"]:
        return f"{exact['upcoming']} lies ahead, outside the totals ({how})."
    rest = round(money["wanted"] - money["amount"], 2)
    counted = "all of it is counted here" if not rest else f"{exact['amount']} of it is counted here"
    holders = [item["id"] for item in document["findings"] if finding["id"] in item["also_flagged_by"]]
    others = f", the rest under {clean(', '.join(holders[:2]))}" if rest and holders else ""
    return f"{exact['wanted']} is {money['class']} ({how}); {counted}{others}."


def _wrong(found: Explained) -> str:
    alarms = found.rule["false_alarms"]
    return clean(alarms[0]) if alarms else "-"


def _near(document: Mapping[str, Any], found: Explained) -> Iterator[str]:
    """The nearest passes, each with its own figures."""
    if not found.near:
        yield "No subject that passes is near: the law says yes or no, or nobody passes."
    for item in found.near:
        yield f"{clean(item.name)} passes: {_side(document, item.side)}, {item.distance:.0%} away."
