"""`rm-audit rollup`: the spend of many rows as a small file of aggregates, to audit later or elsewhere."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rm_audit.cli.options import ConfigFile, Currency, EngineName, Memory, Paths, PeriodText, Profiles, usage

if TYPE_CHECKING:
    from rm_audit.book import Book

Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write; it ends in .parquet.")]


def rollup(
    paths: Paths,
    output: Output,
    config: ConfigFile = None,
    currency: Currency = None,
    period: PeriodText = None,
    profiles: Profiles = None,
    engine: EngineName = "auto",
    memory: Memory = None,
) -> None:
    """Write the spend as aggregates alone, which analyze takes; other tables are left out, and named."""
    from rm_audit.cli.options import say, settings, with_engine
    from rm_audit.readers import files_meant
    from rm_audit.verbs import read

    if output.suffix != ".parquet":
        raise usage(f"--output: '{output}' does not end in .parquet", "Aggregates are written as Parquet.")
    if output.resolve() in {found.resolve() for found in files_meant(paths)}:
        raise usage(f"--output: '{output}' is an input, which is never written to", "Name another file.")
    settings_used = with_engine(settings(paths, config, currency, period, profiles=profiles or []), engine, memory)
    book = read(paths, config=settings_used)
    say([problem for problem in book.problems if problem.level == "error"])
    if not book.has("spend") or not len(book.tables["spend"]):
        typer.echo("error: there is no spend in these files to roll up", err=True)
        raise typer.Exit(3)
    rows = _write(book, output)
    left = sorted(name.replace("_", " ") for name, table in book.tables.items() if name != "spend" and len(table))
    if left:
        typer.echo(f"warning: only the spend is rolled up; left out: {', '.join(left)}", err=True)
    typer.echo(f"{output}: {rows:,} rows that stand for {book.count('spend', range(len(book.tables['spend']))):,}")
    raise typer.Exit(3 if book.unreadable else 0)


def _write(book: Book, output: Path) -> int:
    """Beside the target first, so that no half-written file is ever there. Returns the number of rows."""
    from rm_audit.rollups.keeping import aggregates, write

    found = aggregates(book.tables["spend"], book.currency)
    try:
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
        os.close(handle)
        write(found, Path(name))
        Path(name).chmod(0o644)
        Path(name).replace(output)
    except OSError as error:
        words = f"--output: '{output}' cannot be written: {error.strerror or error}"
        raise usage(words, "Name a file in a folder that is there.") from None
    return len(found)
