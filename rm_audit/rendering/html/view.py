"""What the page shows, as plain values and sentences, so that the template has nothing to decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rm_audit.numbers import SHARE, percent, show
from rm_audit.numbers import money as shown_money
from rm_audit.rendering import quality, sentences
from rm_audit.rendering.html import figures
from rm_audit.rendering.html.budget import budget_view
from rm_audit.rendering.words import Document, Group, amount, files, hidden, is_setting, named, open_groups, to_bring
from rm_audit.vocabulary import VOCABULARY

THIN = 0.5  # coverage under which the page warns beside the score; judgement
MOST_NAMES = 4  # of those whom a step is about
MOST_CELLS = 12  # of one finding on the page; the json has all
MOST_EARNED = 10  # of what builds trust at once; the others open under them


@dataclass(frozen=True)
class Finding:
    """A group of findings as the page shows it; `members` are its parts where there is more than one."""

    anchor: str
    title: str
    rule: str
    first: Mapping[str, Any]
    stake: str
    counted: str
    evidence: Sequence[tuple[str, str, str]]
    cells: Sequence[str]
    more_cells: int
    members: Sequence[tuple[str, str, str, str]]


def view(document: Document) -> dict[str, Any]:
    """Every value that the template names."""
    findings = [_finding(document, number, group) for number, group in enumerate(open_groups(document), 1)]
    whole, spent = document["money"], document["money"]["examined"]
    claimed = round(sum(whole[name] for name in figures.CLAIMED), 2)
    problems = document["problems"]
    return {
        "document": document,
        "files": files(document),
        "hidden": hidden(document),
        "score": _score(document),
        "money": whole,
        "claimed": sentences.exact(document, claimed),
        "claimed_share": _share(document, claimed),
        "examined": sentences.exact(document, spent),
        "read": f"{sentences.exact(document, whole['read'])}{sentences.left_out(document)}",
        "upcoming": sentences.exact(document, whole["upcoming"]) if whole["upcoming"] else "",
        "classes": [
            (name, sentences.exact(document, whole[name]), _share(document, whole[name]), words)
            for name, words in sentences.classes(document).items()
        ],
        "steps": _steps(document, findings),
        "charts": {
            "plays": figures.by_play(document),
            "costs": figures.by_cost(document),
            "quality": figures.by_quality(document),
            "months": figures.by_month(document),
        },
        "plays": _plays(document),
        "unjudged_plays": _unjudged(document),
        **_channels(document, findings),
        "outside": sentences.outside(document),
        "quality": (quality.HEAD, quality.told(document), quality.untold(document)),
        "months": _months(document),
        "findings": findings,
        "known": sum(len(group.members) for group in open_groups(document) if group.first["known"]),
        "waived": [item for item in document["findings"] if item["state"] == "waived"],
        "amount": lambda value: amount(document, value),
        "bring": to_bring(document),
        "waiting": sentences.waiting(document),
        "most_earned": MOST_EARNED,
        "about_data": [item for item in problems if not is_setting(item)],
        "about_settings": [item for item in problems if is_setting(item)],
        "sheets": [(file, sheet) for file in document["inputs"] for sheet in file["sheets"]],
        "number": shown_money,
        "budget": budget_view(document),
    }  # fmt: skip


def _share(document: Document, part: float) -> str:
    """A part of the money as a percentage; nothing where the amounts are percentages already."""
    whole = document["money"]["examined"]
    if document["currency"] == SHARE:
        return ""
    return percent(part / whole) if whole else "-"


def _score(document: Document) -> dict[str, Any]:
    score = document["score"]
    names = {
        "alignment": ("Money", "what the money does: half of the judged money claimed is 0"),
        "practice": ("Practice", "how the work is done where no money can be claimed"),
        "trust": ("Trust", "signs that people are served"),
    }
    return {
        "value": None if score["value"] is None else f"{score['value']:.0f}",
        "low": f"{score['low']:.0f}",
        "high": f"{score['high']:.0f}",
        "coverage": f"{score['coverage']:.0%}",
        "thin": score["coverage"] < THIN,
        "thin_money": percent(judged) if (judged := score["parts"]["alignment"]["coverage"]) < THIN else "",
        "parts": [
            (*names[name], f"{100 * part['value']:.0f}" if part["coverage"] else "-", f"{part['coverage']:.0%}")
            for name, part in score["parts"].items()
        ],
    }


@dataclass(frozen=True)
class Step:
    """What to do next, with the first finding that it comes from, whom it is about, and what it is worth."""

    words: str
    finding: Finding | None
    about: Sequence[str]
    more: int
    worth: str


def _steps(document: Document, findings: Sequence[Finding]) -> list[Step]:
    """What to do next. Findings with one remedy are one step: it names them, and adds up their amounts."""
    groups = open_groups(document)
    steps = []
    for words in sentences.steps(document):
        own = [group for group in groups if group.first["fix"] == words]
        names = list(dict.fromkeys(name for group in own for item in group.members if (name := _about(item))))
        finding = findings[groups.index(own[0])] if own else None
        steps.append(Step(words, finding, names[:MOST_NAMES], max(len(names) - MOST_NAMES, 0), _worth(document, own)))
    return steps


def _about(finding: Mapping[str, Any]) -> str:
    """Whom a finding is about, without the month; nothing for the whole book."""
    subject = finding["subject"]
    return ", ".join(str(value) for key, value in subject.items() if key not in ("kind", "name", "month"))


def _worth(document: Document, groups: Sequence[Group]) -> str:
    """The amounts of groups together. An amount of nothing beside a step would say that it brings nothing."""
    claimed, ahead = (_by_class(groups, of) for of in ("claimed", "upcoming"))
    said = [f"{kind} {amount(document, claimed[kind])}" for kind in claimed]
    said = said or [f"{kind}, ahead: {amount(document, ahead[kind])}" for kind in ahead]
    return ", ".join(said) or (sentences.counted_elsewhere(document, groups[0]) if groups else "")


def _by_class(groups: Sequence[Group], of: str) -> dict[str, float]:
    sums: dict[str, float] = {}
    for group in groups:
        kind = group.first["money"]["class"]
        sums[kind] = sums.get(kind, 0) + getattr(group, of)
    return {kind: value for kind, value in sums.items() if value}


def _plays(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "title": play["title"],
            "score": "-" if play["score"] is None else f"{play['score']:.0f}",
            "coverage": f"{play['coverage']:.0%}",
            "judged": _number(play["judged_money"] or None),
            "claims": [_number(play["money"][name] or None) for name in (*figures.CLAIMED, "upcoming")],
        }
        for play in document["plays"]
        if play["coverage"]
    ]


def _unjudged(document: Document) -> list[str]:
    return [play["title"] for play in document["plays"] if not play["coverage"] and play["id"] != "hygiene"]


def _number(value: float | None) -> str:
    return "-" if value is None else shown_money(value)


_COLUMNS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "Spend": lambda item: _number(item["spend"]),
    "Applied": lambda item: _number(item["applications"]),
    "Talks": lambda item: _number(item["conversations"]),
    "Hires": lambda item: _number(item["hires"]),
    "Cost per talk (range)": lambda item: _cost(item, "cost_per_conversation"),
    "Cost per hire (range)": lambda item: _cost(item, "cost_per_hire"),
    "Left in year 1": lambda item: _of(item["left_first_year"], item["followed"]),
    "Rated well": lambda item: _of(item["rated_well"], item["rated"]),
}


def _channels(document: Document, findings: Sequence[Finding]) -> dict[str, Any]:
    """A row a channel, the most money first, with the findings that name it; the whole book last.

    A measure that nobody has takes no column.
    """
    about: dict[str, list[Finding]] = {}
    for item in findings:
        about.setdefault(_channel(item.first), []).append(item)
    ranked = sorted(
        document["subjects"]["channel"],
        key=lambda item: (-(item["spend"] or 0), -(item["hires"] or 0), item["name"]),
    )
    claimed = _claimed(document)
    heads = [head for head, shown in _COLUMNS.items() if any(shown(item) != "-" for item in ranked)]
    whole = [{**item, "name": "The whole book"} for item in document["subjects"]["portfolio"] if ranked]
    rows = [
        {
            "name": item["name"],
            "cells": [_COLUMNS[head](item) for head in heads],
            "claimed": _number(sum(claimed.values()) if item in whole else claimed.get(item["name"])),
            "findings": [] if item in whole else about.get(item["name"], []),
            "whole": item in whole,
        }
        for item in [*ranked, *whole]
    ]
    return {"channel_heads": heads, "channels": rows}


def _channel(finding: Mapping[str, Any]) -> str:
    """The channel that a finding is about, or the vendor, whose money stands under its name; nothing for others."""
    subject = finding["subject"]
    return next((str(subject[key]) for key in ("channel", "contract", "programme") if key in subject), "")


def _claimed(document: Document) -> dict[str, float]:
    """Channel → what findings claim of its money; under no name what they claim of others'."""
    found: dict[str, float] = {}
    for finding in document["findings"]:
        if finding["money"]["amount"]:
            name = _channel(finding)
            found[name] = round(found.get(name, 0) + finding["money"]["amount"], 6)
    return found


def _cost(item: Mapping[str, Any], name: str) -> str:
    estimate = item[name]
    if not item["spend"] or item.get("kind") == "software" or estimate is None:
        return "-"
    return figures.cost_range(estimate)


def _of(part: float | None, whole: float | None) -> str:
    return "-" if not whole or part is None else f"{part:.0f} of {whole:.0f}"


def _months(document: Document) -> list[tuple[str, str, str, str]]:
    """Month, spend, matured part and its share."""
    rows = []
    for item in document["spend_by_month"]:
        spend, ripe = item["spend"], item["matured"]
        share = "-" if ripe is None or spend <= 0 else percent(ripe / spend)
        rows.append(
            (item["month"] or "without a date", shown_money(spend), "-" if ripe is None else shown_money(ripe), share)
        )
    return rows


def _finding(document: Document, number: int, group: Group) -> Finding:
    first = group.first
    titles = {rule["id"]: rule["title"] for rule in document["rules"]}
    members = [
        (
            str(item["subject"]["name"]),
            item["message"],
            amount(document, item["money"]["amount"] or item["money"]["upcoming"]),
            ", ".join(item["cells"][:3]) + (" ..." if len(item["cells"]) > 3 else ""),
        )
        for item in group.members
    ]
    return Finding(
        f"finding-{number}",
        titles[first["rule"]],
        named(document, first["rule"]),
        first,
        sentences.stake(document, group),
        sentences.counted_elsewhere(document, group),
        [_evidence(document, name, value) for name, value in first["values"].items()],
        first["cells"][:MOST_CELLS],
        max(len(first["cells"]) - MOST_CELLS, 0),
        members if len(members) > 1 else [],
    )


def _evidence(document: Document, name: str, value: object) -> tuple[str, str, str]:
    """A measure in words, its value in its unit, and what it means."""
    word = VOCABULARY.get(name)
    shown = {True: "yes", False: "no"}.get(value) if isinstance(value, bool) else None
    unit = word.unit if word else ""
    return name.replace("_", " "), shown or show(value, unit, document["currency"] or ""), word.meaning if word else ""
