"""`rm-audit rules docs`, `schema` and `new`: what is made from rules, and a page for a new one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from rm_audit.cli.options import say, usage

PackArguments = Annotated[list[Path] | None, typer.Argument(metavar="[PACK]...", help="Else the built-in rules.")]
Into = Annotated[Path | None, typer.Option("--output", "-o", metavar="DIR|FILE", help="Write here; else to stdout.")]
NewId = Annotated[str, typer.Argument(metavar="ID", help="Small words with hyphens, such as board-too-many-ads.")]
Play = Annotated[str, typer.Option("--play", metavar="PLAY", help="The play that the rule belongs to.")]
Grain = Annotated[
    str, typer.Option("--grain", metavar="KEY[,KEY]", help="What it judges: channel, campaign, job, line, ...")
]
Folder = Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder of the rule file.")]


def docs(packs: PackArguments = None, output: Into = None) -> None:
    """Write the reference of the rules as Markdown."""
    from rm_audit.cli.files import write_whole
    from rm_audit.errors import UsageError
    from rm_audit.rendering.reference import reference
    from rm_audit.rulebook.pack import load_only

    found, problems = load_only(packs or [])
    if problems:
        raise UsageError(problems)
    text = reference(found)
    if output is None:
        typer.echo(text, nl=False)
        return
    file = output / "README.md" if output.is_dir() else output
    if file.suffix != ".md":
        raise usage(f"--output: '{file}' is no Markdown file", "Name a folder, or a file that ends in .md.")
    write_whole(file, text)


def schema() -> None:
    """Print the JSON Schema of a rule file, for completion and errors in an editor."""
    from rm_audit.rulebook.schema import rule_schema

    typer.echo(json.dumps(rule_schema(), indent=2, ensure_ascii=False))


def new(id: NewId, play: Play, grain: Grain = "channel", output: Folder = Path()) -> None:
    """Write a rule file with its tests, as a draft to be filled in."""
    from rm_audit.cli.files import write_whole
    from rm_audit.rulebook.load import load_rule
    from rm_audit.rulebook.scaffold import is_id, scaffold

    if not is_id(id):
        raise usage(f"'{id}' is no id of a rule", "Write two small words or more, such as board-too-many-ads.")
    keys = _grain(grain)
    _known(play)
    file = output / f"{id}.yaml"
    if file.exists():
        raise usage(f"there is a file '{file}' already", "Choose another id, or another folder with -o.")
    text = scaffold(id, play, keys)
    _rule, problems = load_rule(text, file.name)
    say(problems)
    write_whole(file, text)
    typer.echo(f"{file}: a draft. Fill it in, then run: rm-audit rules lint {file} && rm-audit rules test {file}")


def _known(play: str) -> None:
    from rm_audit.errors import did_you_mean
    from rm_audit.rulebook.model import PLAYS

    if play not in PLAYS:
        help = did_you_mean(play, PLAYS) or f"It is one of {', '.join(PLAYS)}."
        raise usage(f"--play: there is no play '{play}'", help)


def _grain(text: str) -> list[str]:
    from rm_audit.errors import did_you_mean
    from rm_audit.vocabulary import KEYS, PORTFOLIO, family

    keys = [key.strip() for key in text.split(",")]
    for key in keys:
        if key not in KEYS and key != PORTFOLIO:
            help = did_you_mean(key, [*KEYS, PORTFOLIO]) or f"It is one of {', '.join([*KEYS, PORTFOLIO])}."
            raise usage(f"--grain: there is no grain '{key}'", help)
    if len({family([key]) for key in keys}) > 1:
        raise usage(
            f"--grain: {' and '.join(keys)} do not go together", "Name keys of one kind, such as channel,month."
        )
    return keys
