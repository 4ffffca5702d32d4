"""The findings as annotations of GitHub Actions: a line each, which the runner shows beside the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rm_audit.rendering.words import (
    SEVERITY_ORDER,
    Document,
    Group,
    clean,
    finding_cells,
    open_groups,
    standing,
)

_COMMANDS = {"critical": "error", "high": "error", "medium": "warning", "low": "notice"}


def github(document: Document, *, places: Mapping[str, str] | None = None) -> str:
    """The worst first, for a runner shows ten a step and kind, and one line for findings that differ in their month.

    Only what closes a gate is an error or a warning; what is waived or about trust is left out. `places` leads from a
    file's name in the report to its path.
    """
    groups = sorted(open_groups(document, apart=True), key=lambda group: _order(document, group))
    lines = [*(_line(document, group, dict(places or {})) for group in groups), *_summary(document)]
    return "".join(f"{line}\n" for line in lines)


def _order(document: Document, group: Group) -> tuple[bool, int]:
    return bool(standing(document, group.first)), SEVERITY_ORDER.index(group.first["severity"])


def _line(document: Document, group: Group, places: Mapping[str, str]) -> str:
    finding, why = group.first, standing(document, group.first)
    command = "notice" if why else _COMMANDS[finding["severity"]]
    title = f"{finding['severity']}: {finding['rule']}" + (f" ({why})" if why else "")
    cells = finding_cells(document, finding)
    where: dict[str, object] = {}
    if cells:
        first = cells[0]
        where = {"file": places.get(first.file, first.file), "line": first.first}
        where |= {"endLine": first.last} if first.last > first.first else {}
    inside = f"{cells[0].inside}: " if cells else ""
    more = f" (and {len(group.members) - 1} like it)" if len(group.members) > 1 else ""
    properties = ",".join(f"{name}={_property(value)}" for name, value in {**where, "title": title}.items())
    words = f"{inside}{finding['message']}{more} {finding['fix']}"
    return f"::{command} {properties}::{_data(words)}"


def _summary(document: Document) -> Iterator[str]:
    score = document["score"]
    if score["value"] is not None:
        said = f"score {score['value']:.0f} of 100 ({score['low']:.0f} to {score['high']:.0f})"
    else:
        said = "no score: too little could be judged"
    yield f"::notice title=rm-audit::{_data(said)}"


def _data(text: object) -> str:
    """Words of a command: a percent sign and line ends are written as the runner reads them."""
    return clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: object) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
