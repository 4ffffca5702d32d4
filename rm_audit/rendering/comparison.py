"""What changed between two reports, as text and as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rm_audit.numbers import exact_money
from rm_audit.rendering.markdown import escaped
from rm_audit.rendering.words import clean

MOST = 20  # findings of a kind; judgement: a pull request takes some more, a reader does not
HEADS = {
    "new": "New",
    "worse": "Worse",
    "rule_changed": "Other rule: found or lost because the rule changed",
    "threshold_changed": "Other threshold: found or lost because a setting changed",
    "better": "Better",
    "gone": "Gone",
}


def comparison(document: Mapping[str, Any]) -> str:
    """The comparison as plain text, a block a kind, with the figures of both sides."""
    return _page(document, clean, head="{}", bullet="  ", under="      ")


def comparison_markdown(document: Mapping[str, Any]) -> str:
    """The same for a pull request."""
    return _page(document, escaped, head="**{}**\n", bullet="- ", under="  ")


def _page(document: Mapping[str, Any], text: Callable[[object], str], head: str, bullet: str, under: str) -> str:
    lines = [*_heading(document), ""]
    for kind, title in HEADS.items():
        items = [item for item in document["findings"] if item["kind"] == kind]
        if items:
            lines.append(head.format(f"{title} ({len(items):,})"))
            for item in items[:MOST]:
                lines += [f"{bullet}{line}" if not number else f"{under}{line}"
                          for number, line in enumerate(_finding(document, item, text))]  # fmt: skip
            lines += [f"{bullet}{_rest(items[MOST:])}"] if len(items) > MOST else []
            lines.append("")
    if document["rules"]:
        lines.append(head.format("Rules and thresholds that changed"))
        lines += [f"{bullet}{text(rule['id'])}: {text('; '.join(rule['what']))}" for rule in document["rules"]]
        lines.append("")
    if not document["findings"]:
        lines += ["No finding changed.", ""]
    return "\n".join(lines[:-1]) + "\n"


def _rest(items: Sequence[Mapping[str, Any]]) -> str:
    change = sum((item["money"]["after"] or 0) - (item["money"]["before"] or 0) for item in items)
    return f"and {len(items):,} more{f', {change:+,.2f} in all' if change else ''}: --format json has each."


def _heading(document: Mapping[str, Any]) -> Iterator[str]:
    before, after, score = document["before"], document["after"], document["score"]
    yield f"Judged as of {before['as_of']} before, and {after['as_of']} after."
    shown = ["no score" if score[side] is None else f"{score[side]:.1f}" for side in ("before", "after")]
    if score["change"] is None:
        yield f"Score {shown[0]} before and {shown[1]} after, not compared."
    else:
        yield f"Score {shown[0]} → {shown[1]} ({score['change']:+.1f})."
    for name, pair in document["money"].items():
        if pair["before"] or pair["after"]:
            yield f"{name} {_moved(document, pair)}."
    yield from document["notes"]


def _moved(document: Mapping[str, Any], pair: Mapping[str, Any]) -> str:
    amounts = [
        "nothing" if pair[side] is None else exact_money(pair[side], document[side]["currency"] or "")
        for side in ("before", "after")
    ]
    if pair["change"] == 0:
        return f"{amounts[1]}, as before"
    change = f" ({pair['change']:+,.2f})" if pair["change"] is not None else ""
    return f"{amounts[0]} → {amounts[1]}{change}"


def _finding(document: Mapping[str, Any], item: Mapping[str, Any], text: Callable[[object], str]) -> Iterator[str]:
    severity = item["severity"]
    sides = [severity[side] for side in ("before", "after") if severity[side]]
    grave = " → ".join(dict.fromkeys(sides))
    money = f", {_moved(document, item['money'])}" if item["money"]["before"] or item["money"]["after"] else ""
    yield f"{grave}{money}: {text(item['id'])}"
    was, now = item["message"]["before"], item["message"]["after"]
    if now is not None and was is not None and now != was:
        yield f"was: {text(was)}"
    yield text(now if now is not None else was)
    if item["state"] == {"before": "waived", "after": "fail"}:
        yield "It was waived, and is open again."
    if item["note"]:
        yield f"But {item['note']}, so it may still be there."
