"""`rm-audit explain RULE`: the law, its numbers with sources, the reason, the remedy, and a worked example."""

from __future__ import annotations

from typing import Annotated

import typer

from rm_audit.cli.options import ConfigFile, Packs, Sets

RuleId = Annotated[str, typer.Argument(metavar="RULE", help="A rule's id, such as board-zero-hire.")]


def explain(rule: RuleId, rules: Packs = None, config: ConfigFile = None, set_: Sets = None) -> None:
    """Explain a rule: law, sources, remedy and an example."""
    from rm_audit.cli.options import ruleset_of, settings
    from rm_audit.cli.rules import find
    from rm_audit.rendering.page import page

    found = ruleset_of(rules or [], settings(["."], config, None, None, set_ or []))
    typer.echo(page(find(found.rules, rule)), nl=False)
