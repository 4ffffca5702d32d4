"""Large plain files of a book: rolled up by an engine, or read the ordinary way where none can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rm_audit.cells import Source
from rm_audit.config import Config
from rm_audit.errors import Problem
from rm_audit.profiles.model import Profile
from rm_audit.readers import FileRead
from rm_audit.readers.problems import BROKEN_GZIP

if TYPE_CHECKING:
    from rm_audit.rollups import RolledUp

KEPT = "rollup"  # in the place of an engine: the sums of a file that were made before


def looked_at(
    file: FileRead, config: Config, profiles: Sequence[Profile], key: bytes
) -> tuple[FileRead, list[RolledUp]]:
    """A large file rolled up, or as it is read cell by cell where no engine can; each with its true sha256, or none
    where nobody sees it."""
    if file.whole is None:
        return file, []
    from rm_audit.rollups import roll_up

    sound = file.whole.sound()
    digest = file.whole.sha256() if config.fingerprints else str  # beside what the engine does
    cells, found = file, []
    if file.whole.kind == "kept":
        found = _kept(file.whole.path, file.source.file)
    elif config.engine != "cells":
        found = roll_up(file, profiles, config.period, key, config.engine, config.memory)
    if found and not sound():
        broken = replace(BROKEN_GZIP, file=file.source.file)
        return replace(file, sheets=[], problems=[broken], whole=None), []
    if not found:
        cells = file.whole.read()
    return replace(cells, source=Source(file.source.file, digest())), found


def _kept(path: Path, file: str) -> list[RolledUp]:
    from rm_audit.rollups import RolledUp
    from rm_audit.rollups.keeping import kept

    try:
        return [RolledUp(extract, rows, KEPT) for extract, rows in kept(path, file)]
    except ValueError:  # broken behind its head: who reads it as a sheet says so
        return []


def said(found: RolledUp) -> Problem:
    """That rows were added up, and what is not looked for in such a file. No word of who did it: all do it alike."""
    if found.engine == KEPT:
        words = "these are sums that rm-audit rollup made: findings name rows of this file, not each cell"
        return Problem("info", "sums-alone", words, "", found.extract.file, found.extract.sheet)
    first, last = found.rows
    words = f"rows {first:,} to {last:,} were added up by an engine: findings name the range, not each cell"
    months = "; of each day its month was kept, so what is old enough to be judged is known to the month alone"
    words += months if found.monthly else ""
    if found.extract.table == "spend":
        words += "; subtotals without a name and invoices that stand twice were not looked for"
    help = "rm-audit analyze --engine cells reads every cell, which takes longer."
    return Problem("info", "rolled-up", words, help, found.extract.file)
