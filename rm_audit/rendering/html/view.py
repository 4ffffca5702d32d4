"""What the page shows, as plain values and sentences, so that the template has nothing to decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rm_audit.numbers import money as shown_money
from rm_audit.numbers import percent, show
from rm_audit.rendering.html import figures
from rm_audit.rendering.html.budget import budget_view
from rm_audit.rendering.sentences import (
    CLASSES,
    class_words,
    counted_elsewhere,
    exact,
    left_out,
    outside,
    stake,
    steps,
    waiting,
)
from rm_audit.rendering.words import Document, Group, amount, files, hidden, is_setting, named, open_groups, to_bring
from rm_audit.vocabulary import VOCABULARY

THIN = 0.5  # coverage under which the page warns beside the score; judgement
MOST_CELLS = 12  # of one finding on the page; the json has all


@dataclass(frozen=True)
class Finding:
    """A group of findings as the page shows it; `members` are its parts where there is more than one."""

    anchor: str
    title: str
    rule: str
    first: Mapping[str, Any]
    stake: str
    counted: str
    worth: str
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
        "claimed": exact(document, claimed),
        "claimed_share": _share(claimed, spent),
        "examined": exact(document, spent),
        "read": f"{exact(document, whole['read'])}{left_out(document)}",
        "upcoming": exact(document, whole["upcoming"]) if whole["upcoming"] else "",
        "classes": [
            (name, exact(document, whole[name]), _share(whole[name], spent), class_words(document, name))
            for name in CLASSES
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
        "outside": outside(document),
        "months": _months(document),
        "findings": findings,
        "known": sum(len(group.members) for group in open_groups(document) if group.first["known"]),
        "waived": [item for item in document["findings"] if item["state"] == "waived"],
        "amount": lambda value: amount(document, value),
        "bring": to_bring(document),
        "waiting": waiting(document),
        "about_data": [item for item in problems if not is_setting(item)],
        "about_settings": [item for item in problems if is_setting(item)],
        "sheets": [(file, sheet) for file in document["inputs"] for sheet in file["sheets"]],
        "number": shown_money,
        "budget": budget_view(document),
    }  # fmt: skip


def _share(part: float, whole: float) -> str:
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


def _steps(document: Document, findings: Sequence[Finding]) -> list[tuple[str, Finding | None]]:
    """What to do next, each with the finding that it comes from."""
    by_fix = {item.first["fix"]: item for item in reversed(findings)}
    return [(step, by_fix.get(step)) for step in steps(document)]


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
        subject = item.first["subject"]
        name = next((subject[key] for key in ("channel", "contract", "programme") if key in subject), None)
        about.setdefault(str(name), []).append(item)
    ranked = sorted(
        document["subjects"]["channel"],
        key=lambda item: (-(item["spend"] or 0), -(item["hires"] or 0), item["name"]),
    )
    heads = [head for head, shown in _COLUMNS.items() if any(shown(item) != "-" for item in ranked)]
    whole = [{**item, "name": "The whole book"} for item in document["subjects"]["portfolio"] if ranked]
    rows = [
        {
            "name": item["name"],
            "cells": [_COLUMNS[head](item) for head in heads],
            "findings": [] if item in whole else about.get(item["name"], []),
            "whole": item in whole,
        }
        for item in [*ranked, *whole]
    ]
    return {"channel_heads": heads, "channels": rows}


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
        stake(document, group),
        counted_elsewhere(document, group),
        # An amount of nothing beside a step would say that it brings nothing.
        stake(document, group) if group.claimed or group.upcoming else counted_elsewhere(document, group),
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
