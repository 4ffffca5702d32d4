"""The report as Markdown, for a pull request or a wiki page: short, unless everything is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rm_audit.rendering import words
from rm_audit.rendering.budget import MOST_NOTICES, north_star, stopping
from rm_audit.rendering.sentences import exact
from rm_audit.rendering.waived import counted
from rm_audit.rendering.words import Document, Group, amount, clean, open_groups, to_bring

MOST_FINDINGS = 10
MOST_FINDINGS_SHORT = 5
# What would be read as a mark. Entities, not backslashes: they hold in tables, in code and in lists alike. An @ would
# call a person, a # an issue, and :// or www. would make a link of a text that somebody wrote into a cell.
_MARKS = {mark: f"&#{ord(mark)};" for mark in "&<>|*_`[]~@#\\$"}


def markdown(document: Document, *, short: bool = False, verbose: bool = False) -> str:
    """Score, money, the findings in a table, and what to do; `verbose` adds plays, data and all findings."""
    parts = [_head(document), _talks(document), _money(document), [] if short else _stopping(document, verbose)]
    parts += [_findings(document, short, verbose)]
    parts += [] if short else [_next(document)]
    parts += [_plays(document), _data(document)] if verbose else []
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part))) + "\n"


def escaped(text: object) -> str:
    """Text from a file as text in Markdown: no mark in it is obeyed, no person called, no link made."""
    plain = "".join(_MARKS.get(char, char) for char in clean(text))
    return plain.replace("://", "&#58;//").replace("www.", "www&#46;")


def _head(document: Document) -> Iterator[str]:
    score = document["score"]
    if score["value"] is None:
        yield "### rm-audit: no score, too little could be judged"
    else:
        yield f"### rm-audit: score {score['value']:.0f} of 100"
    yield ""
    span = "" if score["value"] is None else f"{score['low']:.0f} to {score['high']:.0f}; "
    yield (
        f"{escaped(words.files(document))}, judged as of {document['as_of']}: "
        f"{span}{score['coverage']:.0%} of the weight was judged. Rules {document['ruleset']['hash']}."
    )


def _talks(document: Document) -> Iterator[str]:
    lines = [escaped(line) for line in north_star(document)]
    if lines:
        yield " ".join((f"**{lines[0]}**", *lines[1:]))


def _stopping(document: Document, verbose: bool) -> Iterator[str]:
    lines = stopping(document, None if verbose else MOST_NOTICES)
    yield from (f"- {escaped(line)}" for line in lines)


def _money(document: Document) -> Iterator[str]:
    money = document["money"]
    what = "Plan" if money["basis"] == "plan" else "Spend"
    shown = [f"{name} {exact(document, money[name])}" for name in ("avoidable", "unproven", "misdirected")]
    yield f"**{what} examined: {exact(document, money['examined'])}.** {', '.join(shown)}."


def _findings(document: Document, short: bool, verbose: bool) -> Iterator[str]:
    groups = open_groups(document, apart=verbose)
    groups = sorted(groups, key=_by_severity) if short else groups
    if not groups:
        yield "No open finding." if counted(document) else "No finding."
    else:
        most = len(groups) if verbose else MOST_FINDINGS_SHORT if short else MOST_FINDINGS
        yield "| | money | what | where |"
        yield "|---|---:|---|---|"
        for group in groups[:most]:
            yield _row(document, group)
        if len(groups) > most:
            yield f"\nand {len(groups) - most:,} more."
    if counted(document):
        yield f"\n{counted(document)}"


def _by_severity(group: Group) -> tuple[bool, int]:
    return group.first["known"], words.SEVERITY_ORDER.index(group.first["severity"])


def _row(document: Document, group: Group) -> str:
    first = group.first
    severity = f"known, {first['severity']}" if first["known"] else first["severity"]
    more = f" (and {len(group.members) - 1:,} like it)" if len(group.members) > 1 else ""
    cells = first["cells"]
    where = escaped(cells[0]) + (" …" if len(cells) > 1 else "") if cells else ""
    rule = escaped(words.named(document, first["rule"]))
    return f"| {severity} | {_stake(document, group)} | {escaped(first['message'])}{more} ({rule}) | {where} |"


def _stake(document: Document, group: Group) -> str:
    kind = group.first["money"]["class"]
    if group.upcoming and not group.at_stake:
        return f"{kind}, ahead: {amount(document, group.upcoming)}"
    return f"{kind} {amount(document, group.claimed)}" if group.at_stake else ""


def _next(document: Document) -> Iterator[str]:
    steps = [escaped(step) for step in dict.fromkeys(group.first["fix"] for group in open_groups(document))][:3]
    bring = to_bring(document)
    steps += [f"Bring {escaped(bring[0][0])}, so that more can be judged."] if bring else []
    if steps:
        yield "**What to do next**"
        yield ""
        yield from (f"{number}. {step}" for number, step in enumerate(steps, 1))


def _plays(document: Document) -> Iterator[str]:
    yield "| play | of 100 | judged |"
    yield "|---|---:|---:|"
    for play in document["plays"]:
        shown = "" if play["score"] is None else f"{play['score']:.0f}"
        yield f"| {play['title']} | {shown} | {play['coverage']:.0%} |"


def _data(document: Document) -> Iterator[str]:
    problems: list[Any] = [problem for problem in document["problems"] if not words.is_setting(problem)]
    if problems:
        yield "**About the data**"
        yield ""
    for problem in problems:
        said = f"{words.place(problem)}{problem['level']}: {problem['message']}. {problem['help']}"
        yield f"- {escaped(said.strip())}"
