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
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from rm_audit.days import Period
from rm_audit.profiles.blocks import Block
from rm_audit.profiles.extract import extract
from rm_audit.profiles.headers import header_currency
from rm_audit.profiles.model import Layout, Profile
from rm_audit.progress import following
from rm_audit.readers import FileRead, Whole
from rm_audit.readers.decode import OLD_ENCODINGS
from rm_audit.readers.pieces import ParquetPieces, Pieces
from rm_audit.readers.problems import FileError, old_encoding
from rm_audit.readers.whole import HEAD_ROWS
from rm_audit.rollups.history import without_history
from rm_audit.rollups.plain import Column, Numbers, columns_of, rewritten
from rm_audit.rollups.plan import NotPlainError, Plan, WrittenError, check_layout, plan_of, recognised

Made = TypeVar("Made")


@dataclass(frozen=True)
class Asked:
    """The period that was set, what persons are hashed with, and how much memory an engine may use."""

    period: Period | None
    key: bytes
    memory: str


Rows = Sequence[Sequence[str]]
_PIECES: dict[str, Callable[[Whole], Pieces | ParquetPieces]] = {
    "csv": lambda whole: Pieces(whole.path, whole.delimiter),
    "parquet": lambda whole: ParquetPieces(whole.path),
}


def on_plan(file: FileRead, profiles: Sequence[Profile], asked: Asked, use: Callable[[Plan], Made]) -> Made:
    """What `use` makes of the plan of a file; where only its writing hinders, of the plan of a plain copy. Raises
    NotPlainError."""
    whole = file.whole
    if whole is None:
        raise NotPlainError("a file that is read cell by cell")
    block, layout = recognised(file.sheets, profiles)
    try:
        return use(plan_of(whole, block, layout, asked.period, asked.key))
    except WrittenError as error:
        if whole.kind not in _PIECES:
            raise
        check_layout(block, layout)
        words = f"Copying {file.source.file} in plain writing: {error}"
    with _copied(whole, block, layout, asked, words) as plan:
        return use(plan)


@contextmanager
def _copied(whole: Whole, block: Block, layout: Layout, asked: Asked, words: str) -> Iterator[Plan]:
    try:
        made = tempfile.TemporaryDirectory(prefix="rm-audit-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _not_copied(error) from None
    with made as folder:
        try:
            plan = _plan_of_copy(whole, Path(folder, "plain.csv"), block, layout, asked, words)
            plan = without_history(plan, asked.memory)
        except OSError as error:
            raise _not_copied(error) from None
        yield plan


def _not_copied(error: OSError) -> NotPlainError:
    return NotPlainError(f"it cannot be copied: {error.strerror}")


def _plan_of_copy(whole: Whole, path: Path, block: Block, layout: Layout, asked: Asked, words: str) -> Plan:
    """Writes the copy, and gives its plan. What the first rows say of the file is what the file's own rows say."""
    head = extract(block, layout, asked.period, asked.key)
    columns = columns_of(layout, head.period)
    numbers = [column for column in columns if isinstance(column, Numbers)]
    plain = replace(whole, path=path, kind="csv", delimiter=",", plain=True)

    def plan(rows: Rows, settled: Layout) -> Plan:
        cells = [[cell or None for cell in row] for row in rows[block.top :]]
        return plan_of(plain, replace(block, rows=cells), settled, asked.period, asked.key)

    try:
        first, encoding = _copy(
            whole, path, block.row(layout.header_row), columns, words, lambda rows: plan(rows, layout)
        )
    except FileError as error:
        raise NotPlainError(error.problem.message) from None
    notes = [replace(old_encoding(encoding), file=head.file)] if encoding in OLD_ENCODINGS else []
    for column in numbers:
        column.settle()
    dollar = head.dollar_sign or (head.currency is None and any(column.dollar for column in numbers))
    said = replace(head, dollar_sign=dollar, problems=[*notes, *head.problems])
    found = plan(first, _with_currency(layout, numbers))
    nothing = {mark for column in columns for mark in column.nothing}
    return replace(found, head=said, blanks=sorted({*found.blanks, *nothing}))


def _copy(
    whole: Whole,
    path: Path,
    skip: int,
    columns: Sequence[Column],
    words: str,
    check: Callable[[Rows], object],
) -> tuple[Rows, str]:
    """Writes a plain copy of a text, and gives its first rows and the encoding. `skip` lines are no rows; `check`
    looks at the first rows, before the rest is read for nothing."""
    first: Rows = ()
    with closing(_PIECES[whole.kind](whole)) as pieces, path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        with following(words, pieces.percent):
            for rows in pieces:
                above = 0 if first else skip
                plain = [*rows[:above], *rewritten(rows[above:], columns)]
                writer.writerows(plain)
                if not first:
                    first = plain[:HEAD_ROWS]
                    check(first)
    if not pieces.ended:  # as the file, which may be cut off there
        os.truncate(path, path.stat().st_size - 1)
    return first, pieces.encoding


def _with_currency(layout: Layout, columns: Sequence[Numbers]) -> Layout:
    """The currency that stood beside each amount, in the header. Raises NotPlainError where amounts differ in it."""
    amounts = next((column for column in columns if column.money), None)
    codes = amounts.codes if amounts else set()
    if amounts is None or codes <= {None}:
        return layout
    header = str(layout.headers[amounts.place])
    if len(codes) > 1 or header_currency(header) not in (None, *codes):
        raise NotPlainError("amounts in several currencies")
    headers = list(layout.headers)
    headers[amounts.place] = header if header_currency(header) else f"{header} ({codes.pop()})"
    return replace(layout, headers=tuple(headers))
