"""`rm-audit compare BEFORE AFTER`: what got better and what got worse, and the ratchet for CI."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rm_audit.cli.groups import grouped
from rm_audit.cli.options import Judging, usage

if TYPE_CHECKING:
    from collections.abc import Mapping

Before = Annotated[str, typer.Argument(metavar="BEFORE", help="A stored report, or files to audit.")]
After = Annotated[str, typer.Argument(metavar="AFTER", help="A stored report, or files to audit.")]
Form = Annotated[str, typer.Option("--format", metavar="FORMAT", help="terminal, json or markdown.")]
FailOn = Annotated[str, typer.Option("--fail-on", metavar="WHAT", help="regression, or never.")]
Output = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write it here instead of to stdout.")]
FORMATS = ("terminal", "json", "markdown")


@grouped
def compare(
    before: Before,
    after: After,
    judging: Judging,
    fail_on: FailOn = "never",
    form: Form = "terminal",
    output: Output = None,
) -> None:
    """Compare two reports: better, worse, new, gone, rule changed, threshold changed."""
    from rm_audit.baseline import Baseline, load_baseline
    from rm_audit.cli.files import check_place, write_whole
    from rm_audit.comparing import compare_documents

    _check(form, fail_on)
    if output is not None:
        check_place(output)
    known = load_baseline(judging.baseline) if judging.baseline is not None else Baseline()
    documents = [_document(path, judging) for path in (before, after)]
    try:
        found = compare_documents(documents[0], documents[1], known)
    except (KeyError, TypeError, AttributeError):
        raise usage("one of the two reports lacks what is compared", "Store it again.", "report-unusable") from None
    text = _rendered(found.document, form)
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_whole(output, text)
    if fail_on == "regression" and found.regressions:
        for why in found.regressions:
            typer.echo(f"failed: {why}", err=True)
        raise typer.Exit(1)
    if fail_on == "regression" and not _judged(documents[1]):
        typer.echo("not judged: no rule could judge anything after", err=True)
        raise typer.Exit(3)


def _check(form: str, fail_on: str) -> None:
    from rm_audit.errors import did_you_mean

    if form not in FORMATS:
        help = did_you_mean(form, FORMATS) or f"There are {', '.join(FORMATS)}."
        raise usage(f"--format: compare has no format '{form}'", help)
    if fail_on not in ("regression", "never"):
        raise usage(f"--fail-on: compare knows no '{fail_on}'", "Write regression or never.")


def _document(path: str, judging: Judging) -> Mapping[str, Any]:
    """A stored report as it is; anything else is audited now."""
    from rm_audit.cli.analyze import audited
    from rm_audit.stored import load_report

    if path.endswith(".json"):
        return load_report(Path(path))
    book, report = audited([path], judging)
    if not book.recognised:
        typer.echo(f"error: nothing in '{path}' was recognised", err=True)
        raise typer.Exit(3)
    return report.document


def _judged(document: Mapping[str, Any]) -> bool:
    return any(rule["judged"][state] for rule in document["rules"] for state in ("pass", "fail", "waived"))


def _rendered(document: Mapping[str, Any], form: str) -> str:
    from rm_audit.rendering.comparison import comparison, comparison_markdown

    if form == "json":
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    return comparison(document) if form == "terminal" else comparison_markdown(document)
