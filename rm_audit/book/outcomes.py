"""Which rows count as an application, an interview, an offer, a hire; and no hire counted from two files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.book.model import Book
from rm_audit.errors import Problem
from rm_audit.profiles.library import generic
from rm_audit.profiles.stages import stage_is
from rm_audit.tables import SHEET
from rm_audit.words import looked_up

Mask: TypeAlias = NDArray[np.bool_]
# From the latest stage to the earliest: whoever reached a later one reached the earlier ones.
STAGES = (
    ("is_hired", "hired_at"),
    ("is_offered", "offered_at"),
    ("is_interviewed", "interviewed_at"),
    ("is_qualified", "qualified_at"),
)
_FUNNEL = frozenset({"applied_at", "application_id", "stage", "rejected_at"})
_TOTALS = {
    "is_application": "applications",
    "is_qualified": "qualified",
    "is_interviewed": "interviews",
    "is_offered": "offers",
    "is_hired": "hires",
}


def settle_outcomes(book: Book) -> None:
    """Adds the `is_...` marks to the applications: true, false, or unknown where a file cannot say."""
    table = book.tables.get("applications")
    if table is None:
        return
    sheets = table[SHEET].to_numpy()

    def known(names: Collection[str]) -> Mask:
        """Rows of sheets that have one of these columns."""
        held = [n for n in np.unique(sheets) if not set(names).isdisjoint(book.sheets[n].columns["applications"])]
        return np.isin(sheets, held)

    funnel = known(_FUNNEL)
    table["is_application"] = _marks(funnel, ~funnel)
    reached = np.zeros(len(table), dtype=bool)
    for mark, day in STAGES:
        reached = reached | _reached(table, mark, day)
        table[mark] = _marks(reached, ~known((day, "stage")))  # a yes/no column is mapped as its day
    _count_hires_once(book, table, funnel)
    _drop_totals_known_better(book, table)


def _marks(values: Mask, unknown: Mask) -> pd.Series[bool]:
    return pd.Series(pd.arrays.BooleanArray(values & ~unknown, unknown))


def _reached(table: pd.DataFrame, mark: str, day: str) -> Mask:
    """Rows with a day of the stage, or with a word for it."""
    found = np.zeros(len(table), dtype=bool)
    if day in table:
        found |= table[day].notna().to_numpy(dtype=bool)
    if "stage" in table:
        words = generic().words["stages"][mark.removeprefix("is_")]
        staged = {stage: stage_is(stage, words) for stage in table["stage"].dropna().unique()}
        found |= looked_up(table["stage"], staged, False)
    return found


def _count_hires_once(book: Book, table: pd.DataFrame, funnel: Mask) -> None:
    """Where an ATS export counts hires, a people file beside it adds leaving and ratings, and no hires."""
    in_funnel = pd.Series(funnel)
    hired = table["is_hired"].fillna(False).astype(bool)
    counts = book.counts("applications")
    people, ats = (int(counts[(hired & where).to_numpy()].sum()) for where in (~in_funnel, in_funnel))
    if people and table.loc[in_funnel, "is_hired"].notna().any():
        table["is_hired"] = table["is_hired"].mask(~in_funnel)
        words = f"hires stand in two files: {ats} in the ATS export, which count, and {people} in the people file"
        help = "The people file is used for leaving and ratings only. Leave one out to count the other."
        book.problems.append(Problem("info", "hires-twice", words, help))


def _drop_totals_known_better(book: Book, table: pd.DataFrame) -> None:
    totals = book.tables.get("outcome_totals")
    if totals is None:
        return
    for mark, name in _TOTALS.items():
        if name in totals and table[mark].notna().any():
            marked = table[mark].fillna(False).to_numpy(dtype=bool)
            rows, sums = int(book.counts("applications")[marked].sum()), int(totals[name].sum())
            book.tables["outcome_totals"] = totals = totals.drop(columns=name)
            words = f"{name} stand twice: {rows} in rows with a source, which count, and {sums} in totals per source"
            book.problems.append(Problem("info", "outcomes-twice", words, "Leave one out to count the other."))


def rating_words() -> Mapping[str, Sequence[str]]:
    """The words of performance ratings that mean well or poorly; all others say nothing yet."""
    return generic().words["performance"]
