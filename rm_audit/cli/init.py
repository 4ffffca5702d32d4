"""`rm-audit init`: a project file with what the exports beside it already tell, and a planning workbook to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rm_audit.cli.options import usage

if TYPE_CHECKING:
    from rm_audit.book import Book
    from rm_audit.book.sources import Unresolved

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Where to write it, beside your exports.")]


def init(folder: Folder = Path()) -> None:
    """Write a commented project file, rm-audit.yaml, and a planning workbook, plan.xlsx."""
    from rm_audit.book.sources import unresolved_sources
    from rm_audit.cli.planning import PLAN_FILE, write_plan
    from rm_audit.config import PROJECT_FILE

    target = folder / PROJECT_FILE
    if not folder.is_dir():
        raise usage(f"there is no folder '{folder}'", "Make it first, or give the folder of your exports.")
    if target.exists() or target.is_symlink():
        raise usage(f"'{target}' is there already", "Edit it, or move it away first.")
    book = _read(folder)
    sources = unresolved_sources(book) if book is not None else []
    currency = book.currency if book is not None else None
    _write(target, project_file(currency, sources))
    typer.echo(f"wrote {target}" + _found(currency, sources))
    plan = folder / PLAN_FILE
    if plan.exists() or plan.is_symlink():
        typer.echo(f"left {plan} alone: it is there already")
    else:
        write_plan(plan, currency)
        typer.echo(f"wrote {plan}: a plan to fill in; then run rm-audit check {plan}")


def _read(folder: Path) -> Book | None:
    """The book of the folder's exports; None where its amounts are in several currencies, and none is the book's."""
    from rm_audit.errors import InputError
    from rm_audit.verbs import read

    try:
        return read(folder)
    except InputError as error:
        for problem in error.problems:
            typer.echo(problem.text(), err=True)
        return None


def _found(currency: str | None, sources: Sequence[Unresolved]) -> str:
    found = [f"the currency is {currency}"] if currency else []
    count = sum(source.nameable for source in sources)
    found += [f"{count} spelling{'s' * (count > 1)} to settle under channels"] if count else []
    return f": {', '.join(found)}" if found else ""


def project_file(currency: str | None, sources: Sequence[Unresolved]) -> str:
    """The text of a new project file. A spelling that may hold a person's name is left out."""
    from rm_audit.yamls import quoted

    text = (Path(__file__).parent / "project-file.yaml").read_text(encoding="utf-8")
    if currency:
        text = text.replace("# currency: EUR", f"currency: {currency}")
    lines = [
        f"#  {quoted(source.name)}: CHANNEL  # {source.carries}".rstrip(" #") for source in sources if source.nameable
    ]
    if not lines:
        return text
    head, example, rest = text.partition("# channels: ")
    rest = rest.partition("\n")[2]
    hint = "# These sources are no channel of your spend, and of no known kind. Write for CHANNEL what each is."
    return "\n".join([head + hint, "channels:", *lines, rest]) if example else text


def _write(target: Path, text: str) -> None:
    """Only where nothing is there, also if it came while the exports were read."""
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise usage(f"'{target}' cannot be written: {error.strerror}", "Give a folder that you may write to.") from None
