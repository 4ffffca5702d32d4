"""`rm-audit rollup`: the book as a small file of aggregates, to audit later or elsewhere."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rm_audit.cli.options import ConfigFile, Currency, EngineName, Memory, Paths, PeriodText, Profiles, usage

if TYPE_CHECKING:
    from rm_audit.book import Book
    from rm_audit.rollups.keeping import Account, Part

Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write; it ends in .parquet.")]

_NO_ROOM = os.strerror(errno.ENOSPC)


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
    """Write the aggregates alone, without people, to audit later or elsewhere: analyze takes the file."""
    from rm_audit.cli.options import say, settings, with_engine
    from rm_audit.readers import files_meant
    from rm_audit.rollups.keeping import left_out, parts_of
    from rm_audit.verbs import read

    if output.suffix != ".parquet":
        raise usage(f"--output: '{output}' does not end in .parquet", "Aggregates are written as Parquet.")
    if output.resolve() in {found.resolve() for found in files_meant(paths)}:
        raise usage(f"--output: '{output}' is an input, which is never written to", "Name another file.")
    settings_used = with_engine(settings(paths, config, currency, period, profiles=profiles or []), engine, memory)
    book = read(paths, config=settings_used)
    say([problem for problem in book.problems if problem.level == "error"])
    parts = parts_of(book.tables, _accounts(book), book.currency, book.yearless)
    if not parts:
        typer.echo("error: there is nothing in these files to roll up", err=True)
        raise typer.Exit(3)
    rows = _write(parts, output)
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


def _write(parts: Sequence[Part], output: Path) -> int:
    """Beside the target first, so that no half-written file is ever there. Returns the number of rows."""
    from rm_audit.rollups.keeping import write

    held = None
    try:
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
        held = Path(name)
        os.close(handle)
        rows = write(parts, held)
        held.chmod(0o644)
        held.replace(output)
    except OSError as error:
        full = error.errno == errno.ENOSPC or "No space left" in str(error)  # the engine says it in words alone
        words = f"--output: '{output}' cannot be written: {_NO_ROOM if full else error.strerror or error}"
        help = "Make room, and run again." if full else "Name a file in a folder that is there."
        raise usage(words, help) from None
    finally:  # whatever ended it, an interruption too
        if held is not None:
            held.unlink(missing_ok=True)
    return rows
