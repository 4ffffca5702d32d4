"""Settings for some subjects, by channel, by another key of the grain, or by sheet → values a subject."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rm_audit.book import Book
from rm_audit.expr import Column, column
from rm_audit.findings import Severity
from rm_audit.metrics.frame import Frame
from rm_audit.rulebook.change import SHEET
from rm_audit.rulebook.model import Case
from rm_audit.tables import SHEET as SHEET_NUMBER

# A frame and a subject → the names of the sheets that its verdict is about, each as `Sheet` and as `file.xlsx#Sheet`.
SheetsOf = Callable[[Frame, int], list[tuple[str, str]]]
# The tables that a subject stands in, the first that it has rows in counts: a channel's hires come from another sheet.
_HOME = ("spend", "plan", "contracts", "messages", "advocacy", "jobs", "applications", "outcome_totals")


@dataclass(frozen=True)
class Specials:
    """What is special for some subjects: parameters as columns (`plain` are the others), severities, and `off`."""

    params: Mapping[str, Column]
    plain: Mapping[str, Any]
    off: NDArray[np.bool_]
    severities: Mapping[int, Severity] = field(default_factory=dict)


class Settings(Protocol):
    """What a rule is judged by: its parameters, and the settings of some subjects, of which a later one wins."""

    @property
    def values(self) -> Mapping[str, Any]: ...

    @property
    def cases(self) -> Sequence[Case]: ...


def no_sheets(_frame: Frame, _row: int) -> list[tuple[str, str]]:
    """For frames that came from no book."""
    return []


def sheets_in(book: Book) -> SheetsOf:
    """Where subjects stand in a book."""

    def of(frame: Frame, row: int) -> list[tuple[str, str]]:
        for table in _HOME:
            rows = frame.table_rows(table, row)
            if len(rows):
                numbers = np.unique(book.tables[table][SHEET_NUMBER].to_numpy()[rows]).tolist()
                found = [book.sheets[number] for number in numbers]
                return [(ref.sheet or ref.file, f"{ref.file}#{ref.sheet}") for ref in found]
        return []

    return of


def specials(rule: Settings, frame: Frame, sheets: SheetsOf) -> Specials:
    """The settings of each subject: those of the rule, and over them the cases that fit it, patterns before names."""
    off = np.zeros(frame.length, dtype=bool)
    if not rule.cases:
        return Specials({}, rule.values, off)
    values = {name: [value] * frame.length for name, value in rule.values.items()}
    severities: dict[int, Severity] = {}
    for case in sorted(rule.cases, key=lambda case: not _is_pattern(case.pattern)):
        for row in range(frame.length):
            if not _fits(case, frame, row, sheets):
                continue
            off[row] = off[row] if case.off is None else case.off
            severities |= {row: case.severity} if case.severity else {}
            for name, value in case.values.items():
                values[name][row] = value
    named = {name for case in rule.cases for name in case.values}
    params = {name: column(values[name]) for name in named}
    plain = {name: value for name, value in rule.values.items() if name not in named}
    return Specials(params, plain, off, severities)


def _is_pattern(text: str) -> bool:
    return any(mark in text for mark in "*?[")


def _fits(case: Case, frame: Frame, row: int, sheets: SheetsOf) -> bool:
    """Whether the subject is of that name, or all of it stands in sheets of that name. Case does not count."""
    wanted = case.pattern.casefold()
    if case.key == SHEET:
        places = sheets(frame, row)
        return bool(places) and all(any(_named(name.casefold(), wanted) for name in names) for names in places)
    item = frame.columns[case.key]
    return not item.state[row] and _named(str(item.values[row]).casefold(), wanted)


def _named(name: str, pattern: str) -> bool:
    return name == pattern or fnmatch.fnmatchcase(name, pattern)
