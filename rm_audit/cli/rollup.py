"""`rm-audit rollup`: the book as a small file of aggregates, to audit later or elsewhere."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rm_audit.cli.files import check_place, put
from rm_audit.cli.groups import grouped
from rm_audit.cli.options import Paths, Reading, usage

if TYPE_CHECKING:
    from rm_audit.book import Book
    from rm_audit.rollups.keeping import Account

Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write; it ends in .parquet.")]


@grouped
def rollup(paths: Paths, output: Output, reading: Reading) -> None:
    """Write the aggregates alone, without people, to audit later or elsewhere: analyze takes the file."""
    from rm_audit.cli.options import say, settings_of
    from rm_audit.cli.screen import waiting
    from rm_audit.readers import files_meant
    from rm_audit.rollups.keeping import left_out, parts_of, write
    from rm_audit.verbs import read

    if output.suffix != ".parquet":
        raise usage(f"--output: '{output}' does not end in .parquet", "Aggregates are written as Parquet.")
    if output.resolve() in {found.resolve() for found in files_meant(paths)}:
        raise usage(f"--output: '{output}' is an input, which is never written to", "Name another file.")
    for folder in filter(os.path.isdir, paths):
        if output.resolve().is_relative_to(Path(folder).resolve()):
            words = f"--output: '{output}' would lie in '{folder}', among the files that it adds up"
            raise usage(words, "Name a file in another folder.")
    check_place(output)
    config = replace(settings_of(paths, reading), outside=True)
    with waiting("Reading the files"):
        book = read(paths, config=config)
    say([problem for problem in book.problems if problem.level == "error"])
    parts = parts_of(book.tables, _accounts(book), book.currency, book.yearless)
    if not parts:
        typer.echo("error: there is nothing in these files to roll up", err=True)
        raise typer.Exit(3)
    rows = put(output, partial(write, parts))
    left = left_out(book.tables)
    if left:
        typer.echo(f"warning: aggregates hold nothing of persons; left out: {', '.join(left)}", err=True)
    whole = sum(int(book.counts(table).sum()) for table in {part.table for part in parts})
    typer.echo(f"{output}: {rows:,} rows that stand for {whole:,}")
    raise typer.Exit(3 if book.unreadable else 0)


def _accounts(book: Book) -> list[Account]:
    from rm_audit.rollups.keeping import Account

    pairs = zip(book.sheets, book.accounts, strict=True)
    return [Account(ref.columns, sheet.table or "", sheet.reasons) for ref, sheet in pairs]
