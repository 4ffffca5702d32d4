"""Large plain files of a book: rolled up by an engine, or read the ordinary way where none can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rm_audit.cells import Source
from rm_audit.config import Config
from rm_audit.errors import Problem
from rm_audit.profiles.model import Profile
from rm_audit.readers import FileRead
from rm_audit.rollups import RolledUp, roll_up

NAMES = {"duckdb": "DuckDB", "pandas": "pandas", "spark": "Spark"}


def looked_at(
    file: FileRead, config: Config, profiles: Sequence[Profile], key: bytes
) -> tuple[FileRead, RolledUp | None]:
    """A large file rolled up, with its true sha256. Else the file as it is read cell by cell, or why it is not."""
    if file.whole is None:
        return file, None
    found = roll_up(file, profiles, config.period, key, config.engine, config.memory)
    if isinstance(found, RolledUp):
        return replace(file, source=Source(file.source.file, file.whole.sha256())), found
    if file.whole.read is not None:
        return file.whole.read(), None
    words = f"this file cannot be read by an engine: {found}"
    help = "Export it as .csv, or with a column each for the date, the channel and the amount."
    return FileRead(
        file.source, "", [], [Problem("error", "not-plain", words, help, file.source.file)], file.named
    ), None


def said(found: RolledUp, file: FileRead) -> Problem:
    """That rows were added up, by whom, and what is not looked for in such a file."""
    first, last = found.rows
    words = f"rows {first:,} to {last:,} were added up by {NAMES[found.engine]}: findings name the range, not each cell"
    words += "; subtotals without a name and invoices that stand twice were not looked for"
    readable = file.whole is not None and file.whole.read is not None
    help = "rm-audit analyze --engine pandas reads every cell, which takes longer." if readable else ""
    return Problem("info", "rolled-up", words, help, found.extract.file)
