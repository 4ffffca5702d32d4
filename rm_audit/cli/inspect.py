"""`rm-audit inspect`: what was recognised, mapped, left over and set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rm_audit.cli.analyze import NoColor
from rm_audit.cli.groups import grouped
from rm_audit.cli.options import Paths, Reading, usage

if TYPE_CHECKING:
    from rm_audit.book import Book
    from rm_audit.config import Config

Form = Annotated[str, typer.Option("--format", metavar="FORMAT", help="terminal, json.")]


@grouped
def inspect(paths: Paths, reading: Reading, form: Form = "terminal", no_color: NoColor = False) -> None:
    """Show what was recognised, mapped, left over and set aside."""
    from rm_audit.cli.options import say, settings_of
    from rm_audit.cli.screen import screen, waiting
    from rm_audit.inspected import inspected
    from rm_audit.rendering.inspection import inspection
    from rm_audit.verbs import read

    if form not in ("terminal", "json"):
        raise usage(f"--format: inspect has no format '{form}'", "There are terminal and json.")
    config = settings_of(paths, reading)
    with waiting("Reading the files"):
        book = read(paths, config=config)
    say([problem for problem in book.problems if problem.level == "error"])
    found = inspected(book, _to_bring(book, config) if book.recognised else [])
    typer.echo(found.to_json() if form == "json" else inspection(found.document, **screen(no_color)), nl=False)
    if not book.recognised and any(file.sheets for file in book.inputs):
        typer.echo("error: nothing in these files was recognised", err=True)
    raise typer.Exit(3 if book.unreadable or not book.recognised else 0)


def _to_bring(book: Book, config: Config) -> list[str]:
    """Which exports would let more rules judge, the most useful first."""
    from rm_audit.cli.options import day_of
    from rm_audit.rendering.words import to_bring
    from rm_audit.verbs import audit

    return [what for what, _ in to_bring(audit(book, config=config, as_of=day_of(None)).document)]
