"""`rm-audit config`: every setting in force and the place that set it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from rm_audit.cli.options import ConfigFile, Currency, Packs, PeriodText, Sets, usage

Places = Annotated[list[str] | None, typer.Argument(metavar="[PATH]...", help="Inputs, to find the project file of.")]
Form = Annotated[str, typer.Option("--format", metavar="FORMAT", help="terminal or json.")]
Changed = Annotated[bool, typer.Option("--changed", help="Only what somebody set.")]


def config(
    paths: Places = None,
    config: ConfigFile = None,
    rules: Packs = None,
    set_: Sets = None,
    currency: Currency = None,
    period: PeriodText = None,
    changed: Changed = False,
    form: Form = "terminal",
) -> None:
    """Show every setting in force and the file and line that set it."""
    from rm_audit.cli.options import ruleset_of, say, settings
    from rm_audit.inforce import as_document, settings_in_force

    if form not in ("terminal", "json"):
        raise usage(f"--format: config has no format '{form}'", "There are terminal and json.")
    found = settings(paths or ["."], config, currency, period, set_ or [])
    ruleset = ruleset_of(rules or [], found)
    say(ruleset.notes)
    shown = [item for item in settings_in_force(found, ruleset) if item.changed or not changed]
    if form == "json":
        typer.echo(json.dumps(as_document(shown, ruleset), indent=2, ensure_ascii=False))
        return
    width = max((len(f"{item.name} = {_text(item.value)}") for item in shown), default=0)
    for item in shown:
        typer.echo(f"{f'{item.name} = {_text(item.value)}':<{min(width, 80)}}  {item.origin}")


def _text(value: object) -> str:
    """A value as one would write it in the project file."""
    if isinstance(value, list):
        return f"[{', '.join(_text(item) for item in value)}]"
    if isinstance(value, float):
        return f"{value:g}" if value == float(f"{value:g}") else repr(value)
    return "-" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
