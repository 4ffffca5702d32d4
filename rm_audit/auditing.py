"""A book, rules and a day → the report. Pure: the same inputs give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rm_audit.balance import check_read
from rm_audit.baseline import Baseline
from rm_audit.book import Book
from rm_audit.book.addresses import Addresses, Keys
from rm_audit.config import Config
from rm_audit.crude import disagreements, mixed_up
from rm_audit.days import to_day
from rm_audit.errors import Problem
from rm_audit.findings import State
from rm_audit.judging import Evidence, judge_evidence, names_of
from rm_audit.ledger import finding_id
from rm_audit.measured import measurements
from rm_audit.metrics.context import Context, context
from rm_audit.metrics.frame import Rows
from rm_audit.metrics.frames import Frames, narrowed
from rm_audit.pots import pots_of
from rm_audit.report import Audited, Report, write
from rm_audit.rulebook.run import Result
from rm_audit.rulebook.settings import Ruleset
from rm_audit.rulebook.special import sheets_in
from rm_audit.rulebook.waived_cells import read_cells
from rm_audit.rulebook.waivers import Waiver, read_waivers
from rm_audit.subjects import jobs_of, subjects
from rm_audit.vocabulary import VOCABULARY

NOTHING_KNOWN = Baseline()


def audit(book: Book, rules: Ruleset, *, config: Config, as_of: date, baseline: Baseline = NOTHING_KNOWN) -> Report:
    """Judges every rule on the book, lets waivers and the baseline speak, and writes the report document.

    Raises BalanceError where what was read, or claimed, does not add up.
    """
    check_read(book)
    ctx = context(book, to_day(as_of))
    frames = Frames(ctx)
    waivers, notes = _waivers(book, rules, config)
    known, renamed = baseline.after(rules.renamed)
    cells = CellsOf(ctx)
    evidence = Evidence(
        frames,
        pots_of(rules.rules, frames, ctx),
        _basis(book),
        book.currency or "",
        as_of,
        sheets_in(book),
        cells,
        waivers,
        known.knows,
        config.plays_not_used,
    )
    judged = judge_evidence(evidence, rules.rules)
    shown = subjects(frames)
    crude = (*disagreements(shown["channel"]), *mixed_up(shown["channel"]))
    every_note = (*rules.notes, *notes, *renamed, *judged.problems, *crude)
    stored = measurements(evidence, judged.results)
    rows = {
        finding_id(result, row): meant
        for result in judged.results
        for row in result.rows_in(State.FAIL, State.WAIVED)
        if (meant := cells.rows(result, row))
    }
    return write(Audited(ctx, rules, judged, shown, jobs_of(frames), every_note), stored, rows)


def _basis(book: Book) -> str:
    """Spend where there is any, else the plan."""
    spend = book.tables.get("spend")
    return "plan" if (spend is None or not len(spend)) and book.has("plan") else "spend"


def _waivers(book: Book, rules: Ruleset, config: Config) -> tuple[list[Waiver], list[Problem]]:
    """Those of the project file, then those of the workbooks' own cells."""
    written, notes = read_waivers(config, rules)
    in_cells, more = read_cells(book, rules)
    return written + in_cells, notes + more


class CellsOf:
    """The addresses behind a verdict on a book. Rules that rest on the same columns of a subject share them."""

    def __init__(self, ctx: Context) -> None:
        self._addresses = Addresses(ctx.book)
        self._chosen = _Chosen(ctx)
        self._found: dict[tuple[object, ...], tuple[Sequence[str], Mapping[str, Sequence[int]]]] = {}
        self._places: dict[str, tuple[str, ...]] = {}

    def __call__(self, result: Result, row: int) -> Sequence[str]:
        return self._of(result, row)[0]

    def rows(self, result: Result, row: int) -> Mapping[str, Sequence[int]]:
        """The rows that are meant in a range that holds others too."""
        return self._of(result, row)[1]

    def _of(self, result: Result, row: int) -> tuple[Sequence[str], Mapping[str, Sequence[int]]]:
        rule, places_of, found = result.rule, self._places, self._found
        if rule.id not in places_of:
            places_of[rule.id] = tuple(dict.fromkeys(p for name in names_of(result) for p in VOCABULARY[name].tables))
        key = (rule.grain, row, places_of[rule.id], rule.money is not None, rule.money.rows if rule.money else "")
        if key not in found:
            found[key] = self._addresses.texts(self._groups(result, row, list(places_of[rule.id])))
        return found[key]

    def _groups(self, result: Result, row: int, places: list[str]) -> list[Keys]:
        """The cells behind every measure that the rule compared, each in the rows of this subject; money first."""
        money = result.rule.money
        if money is not None and "spend.amount" not in places and len(result.frame.table_rows("spend", row)):
            places.append("spend.amount")
        places.sort(key=lambda place: place not in ("spend.amount", "plan.budget"))
        groups = []
        for place in places:
            table, _, column = place.partition(".")
            rows = result.frame.table_rows(table, row)
            if table == "spend" and money is not None:
                rows = self._chosen(rows, money.rows)
            groups.append(self._addresses.keys(table, column, rows))
        return groups


class _Chosen:
    """Which spend rows are in a named set, found once a set and not once a subject."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self._sets: dict[str, NDArray[np.bool_]] = {}

    def __call__(self, rows: Rows, name: str) -> Rows:
        if not name or not len(rows):  # a book without spend has none of them
            return rows
        if name not in self._sets:
            everything = np.arange(len(self.ctx.book.tables["spend"]), dtype=np.int64)
            self._sets[name] = np.isin(everything, narrowed(self.ctx, everything, name))
        return rows[self._sets[name][rows]]
