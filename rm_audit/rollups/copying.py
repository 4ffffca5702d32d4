"""What hinders an engine is often only how cells are written: $1,234.50, 14 Mar 2026, letters of another alphabet.

Such a file is read a piece at a time, the ordinary way, into a copy that says the same plainly, among the machine's
temporary files; an engine adds that up, and it is gone. Each distinct cell of a piece is read once. What is settled for
a whole column, as the mark of decimals and the order of day and month are, the first piece settles: one that would
settle it otherwise ends the copy, and the file is read cell by cell.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from rm_audit.profiles.blocks import Block
from rm_audit.profiles.extract import extract
from rm_audit.profiles.model import Layout
from rm_audit.profiles.people import people_in, without_people
from rm_audit.progress import following
from rm_audit.readers import Value, Whole
from rm_audit.readers.decode import OLD_ENCODINGS
from rm_audit.readers.pieces import ParquetPieces, Pieces
from rm_audit.readers.problems import FileError, old_encoding
from rm_audit.readers.whole import HEAD_ROWS
from rm_audit.rollups.changes import without_changes
from rm_audit.rollups.coins import Coins
from rm_audit.rollups.ends import Ends, ends_beside
from rm_audit.rollups.history import without_history
from rm_audit.rollups.plain import Column, Days, Numbers, columns_of, rewritten
from rm_audit.rollups.plan import NotPlainError, Plan, plan_of, state_columns
from rm_audit.rollups.planning import Asked
from rm_audit.rollups.stamped import Stamped, stamped

Rows = Sequence[Sequence[str]]
More = Coins | Ends
PIECES: dict[str, Callable[[Whole], Pieces | ParquetPieces]] = {
    "csv": lambda whole: Pieces(whole.path, whole.delimiter),
    "parquet": lambda whole: ParquetPieces(whole.path),
}


@contextmanager
def copied(whole: Whole, block: Block, layout: Layout, asked: Asked, words: str) -> Iterator[Plan]:
    """The plan of a plain copy, which is gone afterwards. `words` say why it is made. Raises NotPlainError."""
    try:
        made = tempfile.TemporaryDirectory(prefix="rm-audit-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _not_copied(error) from None
    with made as folder:
        try:
            plan = _plan_of_copy(whole, Path(folder, "plain.csv"), block, layout, asked, words)
            plan = (without_changes if layout.profile.events else without_history)(plan, asked.memory)
        except OSError as error:
            raise _not_copied(error) from None
        yield plan


def _not_copied(error: OSError) -> NotPlainError:
    return NotPlainError(f"it cannot be copied: {error.strerror}")


def _plan_of_copy(whole: Whole, path: Path, block: Block, layout: Layout, asked: Asked, words: str) -> Plan:
    """Writes the copy, and gives its plan. What the first rows say of the file is what the file's own rows say."""
    head = extract(block, layout, asked.period, asked.key)
    rows = block.rows[layout.header_row + 1 :]
    layout = without_people(layout, people_in(layout, lambda place: _texts(rows, place)))
    states = state_columns(rows, layout) if layout.table == "spend" else []
    columns = columns_of(layout, head.period, asked.period, states)
    header = ["" if cell is None else str(cell) for cell in block.rows[layout.header_row]]
    layout, days = stamped(layout, head.period, header)
    if layout.profile.events:  # the plan of this copy has a row a change
        layout = replace(layout, profile=replace(layout.profile, events=False))
    numbers = [column for column in columns if isinstance(column, Numbers)]
    coins = next((Coins(column, layout, header) for column in numbers if column.money), None)
    ends = ends_beside(columns, layout, header, coins, dated=head.period is not None)
    more = [one for one in (coins, ends) if one is not None]
    plain = replace(whole, path=path, kind="csv", delimiter=",", plain=True)

    def plan(rows: Rows, settled: Layout) -> Plan:
        cells = [[cell or None for cell in row] for row in rows[block.top :]]
        return plan_of(plain, replace(block, rows=cells), settled, asked.period, asked.key)

    try:
        with closing(PIECES[whole.kind](whole)) as pieces, following(words, pieces.percent):
            plainly = _plainly(pieces, block.row(layout.header_row), columns, days, more)
            first = _copy(plainly, path, lambda rows: plan(rows, layout))
    except FileError as error:
        raise NotPlainError(error.problem.message) from None
    if not pieces.ended:  # as the file, which may be cut off there
        os.truncate(path, path.stat().st_size - 1)
    old = pieces.encoding in OLD_ENCODINGS
    notes = [replace(old_encoding(pieces.encoding), file=head.file)] if old else []
    for column in (*columns, *(days.days.values() if days else ())):
        if isinstance(column, Numbers | Days):
            column.settle()
    unnamed = head.currency is None and not (coins and coins.several and coins.amounts.codes != {None})
    dollar = head.dollar_sign or (unnamed and any(column.dollar for column in numbers))
    said = replace(head, dollar_sign=dollar, problems=[*notes, *head.problems])
    for one in more:
        layout = one.settled(layout)
    found = plan(first, layout)
    nothing = {mark for column in columns for mark in column.nothing}
    return replace(found, head=said, blanks=sorted({*found.blanks, *nothing}))


def _texts(rows: Sequence[Sequence[Value]], place: int) -> list[str]:
    """The distinct texts of a column."""
    cells = dict.fromkeys(row[place] for row in rows if place < len(row))
    return [cell for cell in cells if isinstance(cell, str)]


def _plainly(
    pieces: Iterable[list[list[str]]], skip: int, columns: Sequence[Column], days: Stamped | None, more: Sequence[More]
) -> Iterator[Rows]:
    """The pieces of a file in plain writing, with `more` columns behind its own. `skip` lines are no rows."""
    for rows in pieces:
        above, below = rows[:skip], rows[skip:]
        if days is not None:
            days.settle(below)
        written = [one.written(below) for one in more]
        plain = rewritten(below, columns)
        for one, texts in zip(more, written, strict=True):
            plain = one.beside(plain, texts)
            above = [*above[:-1], one.headed(above[-1])] if above else above
        yield [*above, *plain]
        skip = 0


def _copy(pieces: Iterable[Rows], path: Path, check: Callable[[Rows], object]) -> Rows:
    """Writes a copy, and gives its first rows. `check` looks at these, before the rest is read for nothing."""
    first: Rows = ()
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        for rows in pieces:
            writer.writerows(rows)
            if not first:
                first = rows[:HEAD_ROWS]
                check(first)
    return first
