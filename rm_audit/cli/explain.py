"""`rm-audit explain RULE`: the law, its numbers with sources, the reason, the remedy, and a worked example.

`rm-audit explain FINDING --report report.json`: the arithmetic on your own row, from the stored report alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rm_audit.cli.options import ConfigFile, Memory, Packs, Profiles, Sets, usage

if TYPE_CHECKING:
    from rm_audit.config import Config

What = Annotated[str, typer.Argument(metavar="RULE|FINDING", help="Such as board-zero-hire, or a finding's id.")]
Stored = Annotated[Path | None, typer.Option("--report", metavar="FILE", help="A report that --output x.json stored.")]
Rows = Annotated[
    list[str] | None,
    typer.Option("--rows", metavar="PATH", help="With --report: the files again, to list the rows themselves."),
]
Near = Annotated[bool, typer.Option("--near", help="With --report: who passes and nearly fails.")]


def explain(
    what: What,
    report: Stored = None,
    near: Near = False,
    rows: Rows = None,
    rules: Packs = None,
    config: ConfigFile = None,
    set_: Sets = None,
    profiles: Profiles = None,
    memory: Memory = None,
) -> None:
    """Explain a rule, or a finding of a stored report in five lines."""
    from rm_audit.cli.options import ruleset_of, settings, with_engine
    from rm_audit.cli.rules import find
    from rm_audit.rendering.page import page

    if report is not None:
        typer.echo(_explained(report, what, near), nl=False)
        if rows:
            found = with_engine(settings(rows, config, None, None, (), profiles or []), "duckdb", memory)
            _say_rows(report, what, rows, found)
        return
    if near or rows or what.endswith("]"):
        raise usage("a finding is explained from a stored report", "Add --report report.json.")
    ruleset = ruleset_of(rules or [], settings(["."], config, None, None, set_ or []))
    typer.echo(page(find(ruleset.rules, what)), nl=False)


def _explained(file: Path, what: str, near: bool) -> str:
    from rm_audit.explaining import explained
    from rm_audit.rendering.explained import five_lines, holds
    from rm_audit.stored import load_report

    document = load_report(file)
    if "measurements" not in document:
        raise usage("the report holds no measurements", "Store it again with --output report.json.", "report-unusable")
    rule, finding = _meant(document, what)
    keys = _keys(finding, what)
    try:
        found = explained(document, rule, keys)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise usage("the report's measurements are broken", "Store it again.", "report-unusable") from None
    if found is None:
        raise usage(f"the report has no subject '{what}'", _others(document, rule), "unknown-finding")
    return five_lines(document, finding, found, near) if finding is not None else holds(document, found, near)


def _say_rows(file: Path, what: str, paths: list[str], config: Config) -> None:
    """A line a file with the rows behind the finding, where an engine had added them up. Exit 3 where a file that was
    named could not be read: its rows may be the ones."""
    from rm_audit.cli.options import say
    from rm_audit.rendering.explained import rows_line
    from rm_audit.stored import load_report
    from rm_audit.tracing import rows_behind

    found = rows_behind(paths, config, _keys(_meant(load_report(file), what)[1], what))
    nothing = "Rows   none: the cells above are exact, or these are not the files of the report\n"
    lines = "".join(map(rows_line, found.rows)) or ("" if found.unread else nothing)
    typer.echo(lines, nl=False)
    say(found.problems)
    if found.unread:
        raise typer.Exit(3)


def _meant(document: Mapping[str, Any], what: str) -> tuple[str, Mapping[str, Any] | None]:
    """The rule and its finding of that id; of a rule with one finding, its own id will do."""
    from rm_audit.errors import did_you_mean

    findings = [item for item in document["findings"] if what in (item["id"], item["rule"])]
    rule = what.partition("[")[0]
    known = [item["id"] for item in document["rules"]]
    if rule not in known:
        raise usage(f"the report has no rule '{rule}'", did_you_mean(rule, known), "unknown-rule")
    if len(findings) == 1:
        return rule, findings[0]
    if not what.endswith("]"):
        raise usage(f"'{rule}' has {len(findings) or 'no'} findings here", _others(document, rule), "unknown-finding")
    return rule, None


def _keys(finding: Mapping[str, Any] | None, what: str) -> dict[str, str]:
    """The subject's keys: of the finding, else as they are written in brackets."""
    if finding is not None:
        return {key: value for key, value in finding["subject"].items() if key not in ("kind", "name")}
    inside = what.partition("[")[2][:-1]
    return dict(part.partition("=")[::2] for part in inside.split(",") if "=" in part)


def _others(document: Mapping[str, Any], rule: str) -> str:
    ids = [item["id"] for item in document["findings"] if item["rule"] == rule]
    more = f" and {len(ids) - 5} more" if len(ids) > 5 else ""
    return f"Its findings: {', '.join(ids[:5])}{more}." if ids else "It has none in this report."
