"""`rm-audit rules`: list, show, lint, test and vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rm_audit.cli.analyze import Form
from rm_audit.cli.options import ConfigFile, Packs, finish, say, usage
from rm_audit.cli.writing import docs, new, schema

if TYPE_CHECKING:
    from rm_audit.rulebook.model import Rule

rules_app = typer.Typer(
    help="Look at the rules, check them, run the tests inside them.", no_args_is_help=True, rich_markup_mode=None
)
rules_app.command()(docs)
rules_app.command()(schema)
rules_app.command()(new)
PackArguments = Annotated[list[Path] | None, typer.Argument(metavar="[PACK]...", help="Else the built-in rules.")]
RuleId = Annotated[str, typer.Argument(metavar="RULE", help="A rule's id.")]


def find(rules: Sequence[Rule], name: str) -> Rule:
    """The rule of that id. Raises UsageError with the nearest id."""
    from rm_audit.errors import Problem, did_you_mean
    from rm_audit.rulebook.life import renamed_note, renames

    old = renames(rules)
    if name in old:
        say([renamed_note(Problem("warning", "renamed-rule", ""), name, old[name])])
    for rule in rules:
        if rule.id == old.get(name, name):
            return rule
    help = did_you_mean(name, [rule.id for rule in rules]) or "See: rm-audit rules list"
    raise usage(f"no rule is called '{name}'", help, "unknown-rule")


@rules_app.command("list")
def list_rules(rules: Packs = None) -> None:
    """List every rule: play, id, severity, status, title."""
    from rm_audit.verbs import load_rules

    for rule in load_rules(*(rules or [])).rules:
        typer.echo(f"{rule.play:<15} {rule.id:<32} {rule.severity:<9} {rule.status:<8} {rule.title}")


@rules_app.command()
def show(rule: RuleId, rules: Packs = None) -> None:
    """Print a rule's file as it stands."""
    from rm_audit.rulebook.pack import source_text
    from rm_audit.verbs import load_rules

    found = find(load_rules(*(rules or [])).rules, rule)
    typer.echo(source_text(found, rules or []), nl=False)


@rules_app.command()
def lint(packs: PackArguments = None) -> None:
    """Check rules for mistakes and for proofs that are missing. Exit 2 where there are any."""
    from rm_audit.rulebook.layers import pack_layers
    from rm_audit.rulebook.lint import lint as lint_rules
    from rm_audit.rulebook.pack import load_only

    found, problems = load_only(packs or [])
    problems += [*lint_rules(found), *pack_layers(packs or [])[1]]
    finish(problems, f"{_of(len(found), 'rule')}, no complaint")


@rules_app.command("test")
def run_rule_tests(
    packs: PackArguments = None,
    coverage: Annotated[bool, typer.Option("--coverage", help="Show what the tests reach of each rule.")] = False,
    junit: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write a JUnit document too.")] = None,
) -> None:
    """Run the tests that stand inside the rules. Exit 2 where one fails."""
    from rm_audit.rulebook.coverage import coverage as covered_by
    from rm_audit.rulebook.junit import junit as as_junit
    from rm_audit.rulebook.pack import load_only
    from rm_audit.rulebook.selftest import as_problems, run_tests

    found, problems = load_only(packs or [])
    outcomes = run_tests(found)
    covered = [covered_by(rule) for rule in found] if coverage else []
    if junit is not None:
        _write(junit, as_junit(outcomes, problems, covered))
    finish(problems + as_problems(outcomes), f"{_of(len(found), 'rule')}, {_of(len(outcomes), 'test')}, all hold")
    if coverage:
        from rm_audit.rendering.coverage import coverage_text

        typer.echo(coverage_text(covered), nl=False)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError:
        raise usage(f"--junit: '{file}' cannot be written", "Give a file in a folder that is there.") from None


@rules_app.command()
def vocabulary(
    grain: Annotated[str, typer.Option("--grain", metavar="KEY", help="Only the names of this grain.")] = "",
    logic: Annotated[bool, typer.Option("--logic", help="Only the truth tables.")] = False,
    form: Form = "terminal",
) -> None:
    """Print the words that rules may use: names with unit, meaning and origin, functions, and truth tables."""
    import json

    from rm_audit.cli.screen import screen
    from rm_audit.errors import did_you_mean
    from rm_audit.rendering import vocabulary as words
    from rm_audit.vocabulary import KEYS, PORTFOLIO

    if form not in ("terminal", "json"):
        raise usage(f"--format: vocabulary has no format '{form}'", "There are terminal and json.")
    if grain and grain not in (*KEYS, PORTFOLIO):
        known = [*KEYS, PORTFOLIO]
        raise usage(f"--grain: unknown grain '{grain}'", did_you_mean(grain, known) or f"There are {', '.join(known)}.")
    if form == "json":
        found = {"logic": words.logic_document()} if logic else words.document(grain)
        typer.echo(json.dumps(found, indent=2))
        return
    width = min(screen(no_color=True)["width"], 120)
    typer.echo(words.logic_tables() if logic else words.vocabulary(grain, width), nl=False)


@rules_app.command()
def lock(packs: PackArguments = None, config: ConfigFile = None) -> None:
    """Note the files of each pack in rules.lock, so that a change is told."""
    from rm_audit.cli.files import write_whole
    from rm_audit.cli.options import settings
    from rm_audit.rulebook.lock import LOCK_FILE, lock_text, named

    found = settings(["."], config, None, None)
    folder = found.folder or Path()
    known = named([*found.extends, *(packs or [])], folder)
    missing = [name for name, pack in known.items() if not pack.exists()]
    if missing:
        raise usage(f"there is no pack '{missing[0]}'", "Give a folder with rules.", "no-such-pack")
    write_whole(folder / LOCK_FILE, lock_text(known))
    typer.echo(f"{LOCK_FILE}: {', '.join(known)}")


def _of(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
