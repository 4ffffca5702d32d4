"""A finding in five lines: what, the rule, the arithmetic with its cells, the money, and what to do; and a sixth
where the people of a channel or sequence differ from those of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any

from rm_audit.explaining import Explained, Side
from rm_audit.numbers import exact_money, show
from rm_audit.rendering.laws import IF_KNOWN, Words
from rm_audit.rendering.quality import apart
from rm_audit.rendering.words import clean, standing
from rm_audit.rollups.looking import RowsFound

MOST_CELLS = 4
MOST_VALUES = 8
TWICE = 2  # the multiple of the verdicts


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
    lines += [f"People {clean(line)}" for line in _people(document, finding)]
    return "\n".join(lines) + "\n"


def _people(document: Mapping[str, Any], finding: Mapping[str, Any]) -> list[str]:
    """What is better or worse about the people of this subject: a dear source may be worth it."""
    item = _subject(document, finding)
    return apart(item) if item is not None else []


def rows_line(found: RowsFound) -> str:
    """How many rows of a file are behind a finding, and which: neighbours as a range, of very many the first."""
    runs: list[list[int]] = []
    for row in found.first:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    rows = ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in runs)
    more = f" and {found.count - len(found.first):,} more" if found.count > len(found.first) else ""
    many = f"{found.count:,} row{'s' * (found.count != 1)}"
    return f"Rows   {many} of {found.file} ({found.table}): {rows}{more}.\n"


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
    say = Words(found.params).say
    text = say(law["flag"]) if "flag" in law else f"not: {say(law['earn'])}"
    return f"{found.rule['title']}. It says so where {text}."


def _here(document: Mapping[str, Any], found: Explained) -> str:
    """Both sides of each comparison with their values, the measures that stand in none, and what had to be there."""
    words = Words(found.params)
    told = {words.say(side.left): _against(document, words, side) for side in found.sides}
    shown = {side.right for side in found.sides} | {side.left for side in found.sides}
    plain = {words.say(name): _shown(document, words, name, value)
             for name, value in found.values.items() if name not in shown}  # fmt: skip
    enough = {words.say(side.left): _against(document, words, side) for side in found.enough}
    there = [_named(said, value) for said, value in enough.items() if said not in told and IF_KNOWN not in said]
    here = [_named(said, value) for said, value in {**plain, **told}.items() if IF_KNOWN not in said]
    return "; ".join(here[:MOST_VALUES]) + (f". Enough to tell: {'; '.join(there)}" if there else "")


def _named(said: str, value: str) -> str:
    """`hires 40`, `has kpi: no`, `clicks × 0.0519 = 280 against 10`."""
    return (
        f"{said}: {value}" if value in ("yes", "no") else f"{said}{' =' if '×' in said or '/' in said else ''} {value}"
    )


def _against(document: Mapping[str, Any], words: Words, side: Side) -> str:
    """`1.6% against 2.6%`, both in the unit of the left side; against nothing the left side alone."""
    left = _shown(document, words, side.left, side.left_value)
    if side.right == "0":
        return left
    unit = side.right if words.unit(side.right) else side.left
    return f"{left} against {_shown(document, words, unit, side.right_value)}"


def _judged(document: Mapping[str, Any], finding: Mapping[str, Any], found: Explained) -> Mapping[str, Any] | None:
    """The subject as the report shows it, where the rule asks for its verdict and it has one with stages."""
    if "verdict" not in found.values:
        return None
    item = _subject(document, finding)
    return item if item is not None and item.get("stages") and item.get("ratio_to_benchmark") else None


def _subject(document: Mapping[str, Any], finding: Mapping[str, Any]) -> Mapping[str, Any] | None:
    of_kind = document["subjects"].get(finding["subject"]["kind"], [])
    return next((one for one in of_kind if one["name"] == finding["subject"]["name"]), None)


def _weighed(document: Mapping[str, Any], finding: Mapping[str, Any], found: Explained) -> str:
    """Observed against expected at each stage, the ratio with its range, and how sure; nothing without a verdict."""
    item = _judged(document, finding, found)
    if item is None:
        return ""
    names = [stage["stage"] for stage in item["stages"]]
    of = ["were due for the money", *(f"are usual of so many {name}" for name in names)]
    stages = [
        f"{stage['observed']:,} {stage['stage']} where {stage['expected']:,.0f} {why}"
        for stage, why in zip(item["stages"], of, strict=False)
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


def _shown(document: Mapping[str, Any], words: Words, text: str, value: object) -> str:
    """The value of an expression in its unit."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    unit = words.unit(text)
    return clean(show(value, unit, document["currency"] or "")) if unit else _number(value)


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
    how = Words(found.params, found.money, document["currency"] or "").say(law["money"])
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
    words = Words(found.params)
    if not found.passing:
        yield "Nobody else passes, so nobody is near."
    elif not found.near:
        who = "1 other passes" if found.passing == 1 else f"{found.passing} others pass"
        yield f"{who}, and none is nearer: it is yes or no."
    for item in found.near:
        away = f", {item.share:.0%} away" if item.share is not None else ""
        figures = _named(words.say(item.side.left), _against(document, words, item.side))
        yield f"{clean(item.name)} passes: {figures}{away}."
