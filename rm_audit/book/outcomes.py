"""Which rows count as an application, an interview, an offer, a hire; and no hire counted from two files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from rm_audit.book.model import Book
from rm_audit.errors import Problem
from rm_audit.profiles.library import generic
from rm_audit.profiles.stages import stage_is
from rm_audit.tables import SHEET

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
    columns = [set(book.sheets[int(number)].columns["applications"]) for number in table[SHEET]]
    funnel = [bool(mapped & _FUNNEL) for mapped in columns]
    table["is_application"] = _marks([True if known else None for known in funnel])
    reached: list[bool] = [False] * len(table)
    for mark, day in STAGES:
        reached = _reached(table, mark, day, reached)
        can_say = [day in mapped or "stage" in mapped for mapped in columns]  # a yes/no column is mapped as its day
        table[mark] = _marks([hit if known else None for hit, known in zip(reached, can_say, strict=True)])
    _count_hires_once(book, table, funnel)
    _drop_totals_known_better(book, table)


def _marks(values: Sequence[bool | None]) -> pd.Series[bool]:
    return pd.Series(pd.array(list(values), dtype="boolean"))


def _reached(table: pd.DataFrame, mark: str, day: str, later: Sequence[bool]) -> list[bool]:
    dated = table[day].notna().tolist() if day in table else [False] * len(table)
    words = generic().words["stages"][mark.removeprefix("is_")]
    staged = [stage_is(stage, words) for stage in table["stage"]] if "stage" in table else [False] * len(table)
    return [a or b or c for a, b, c in zip(dated, staged, later, strict=True)]


def _count_hires_once(book: Book, table: pd.DataFrame, funnel: Sequence[bool]) -> None:
    """Where an ATS export counts hires, a people file beside it adds leaving and ratings, and no hires."""
    in_funnel = pd.Series(funnel, dtype=bool)
    hired = table["is_hired"].fillna(False).astype(bool)
    counts = book.counts("applications")
    people, ats = (int(counts[(hired & where).to_numpy()].sum()) for where in (~in_funnel, in_funnel))
    if people and table.loc[in_funnel, "is_hired"].notna().any():
        table.loc[~in_funnel, "is_hired"] = pd.NA
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
