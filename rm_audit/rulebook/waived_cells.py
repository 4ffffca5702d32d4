"""Waivers in a workbook's own column `Waived`, beside the line that they are about.

    waived: plan-no-kpi, the law demands it, Talent lead, until 2027-03-31

A cell waives its rule for the subject that its row belongs to; it never waives what is said of the whole book.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rm_audit.book import Book
from rm_audit.cells import Cell, letters
from rm_audit.errors import Problem, did_you_mean
from rm_audit.rulebook.life import renamed_note
from rm_audit.rulebook.settings import Ruleset
from rm_audit.rulebook.waivers import Waiver
from rm_audit.tables import SHEET
from rm_audit.vocabulary import PORTFOLIO

COLUMN, TABLES = "waived", ("plan", "spend")
FORM = "Write waived: RULE, reason, owner, until 2027-03-31."
LEAST_PARTS = 4  # rule, reason, owner, until; a reason may hold commas


def read_cells(book: Book, rules: Ruleset) -> tuple[list[Waiver], list[Problem]]:
    """The waivers of all cells, and a warning for each cell that says something else."""
    waivers: list[Waiver] = []
    problems: list[Problem] = []
    for table in TABLES:
        if not book.has(table, COLUMN):
            continue
        for cell, positions in _cells(book, table).items():
            at = Problem("warning", "waiver", "", FORM, cell.file, cell.sheet, f"{letters(cell.column)}{cell.row}")
            said = str(book.tables[table][COLUMN].iloc[positions[0]])
            for text in said.replace(";", "\n").splitlines():
                found = _one(text, at, str(cell), table, positions, rules)
                waivers += [found] if isinstance(found, Waiver) else []
                problems += [found] if isinstance(found, Problem) else []
                old = text.partition(":")[2].partition(",")[0].strip()
                if isinstance(found, Waiver) and old in rules.renamed:
                    problems.append(renamed_note(at, old, found.rule))
    return waivers, _once(problems)


def _cells(book: Book, table: str) -> dict[Cell, tuple[int, ...]]:
    """Each cell of the column that holds something, with the rows of the table that it stands in: a month each."""
    frame = book.tables[table]
    having = [number for number, ref in enumerate(book.sheets) if COLUMN in ref.columns.get(table, {})]
    said = frame[COLUMN].notna().to_numpy() & frame[SHEET].isin(having).to_numpy()
    positions = [int(number) for number in said.nonzero()[0]]
    found: dict[Cell, tuple[int, ...]] = {}
    for cell, position in zip(book.cells(table, COLUMN, positions), positions, strict=True):
        found[cell] = (*found.get(cell, ()), position)
    return found


def _once(problems: Sequence[Problem]) -> list[Problem]:
    """One warning for all cells of a sheet with the same trouble: a column may be called so and mean something else."""
    same: dict[tuple[str, str, str, str], list[Problem]] = {}
    for problem in problems:
        same.setdefault((problem.file, problem.sheet, problem.message, problem.help), []).append(problem)
    more = {key: f"{key[2]} (and {len(found) - 1} more like it)" for key, found in same.items() if len(found) > 1}
    return [replace(found[0], message=more.get(key, key[2])) for key, found in same.items()]


def _one(
    text: str, at: Problem, place: str, table: str, positions: tuple[int, ...], rules: Ruleset
) -> Waiver | Problem:
    """A waiver, or what is wrong with its cell; the cell's own words are not repeated, for they may be anything."""
    head, colon, rest = text.partition(":")
    parts = [part.strip() for part in rest.split(",")]
    until = parts[-1].removeprefix("until").strip() if parts[-1].startswith("until") else ""
    if head.strip().casefold() != COLUMN or not colon or len(parts) < LEAST_PARTS or not all([*parts, until]):
        return _unread(at, "this cell is no waiver, so nothing is waived", FORM)
    rule = rules.known.get(rules.renamed.get(parts[0], parts[0]))
    if rule is None:
        help = did_you_mean(parts[0], rules.known) or "See: rm-audit rules list"
        return _unread(at, "this cell waives a rule that is not there", help)
    if PORTFOLIO in rule.grain or not rule.grain:
        help = "Write such a waiver in rm-audit.yaml."
        return _unread(at, f"a cell cannot waive {rule.id}, which judges the whole book", help)
    return Waiver(rule.id, _joined(parts[1:-2]), parts[-2], until, at, place, table=table, positions=positions)


def _joined(parts: Sequence[str]) -> str:
    return ", ".join(parts)


def _unread(at: Problem, message: str, help: str) -> Problem:
    return Problem("warning", "waiver-unread", message, help, at.file, at.sheet, at.cell)
