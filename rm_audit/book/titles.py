"""What family of jobs and what level each application and each requisition belongs to, by its title."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from rm_audit.book.model import Book
from rm_audit.config import Config
from rm_audit.errors import Problem
from rm_audit.titles import Mapped, as_known, place
from rm_audit.words import empty, first_of, translated

TABLES = ("applications", "jobs")
SHOWN = 3  # titles named in the problem: enough to see what kind they are


def settle_titles(book: Book, config: Config) -> None:
    """Gives applications, jobs and spend their `job_family`, and the first two their `level`, where a sheet has titles.

    A family is the project file's for the title, else the sheet's own (by the project file's name for it), else what
    the words of the title say. A level is the sheet's own, else what the title says. The unplaced are said, once.
    """
    mapped = Mapped(config.families)
    counts: Counter[str] = Counter()
    unplaced: Counter[str] = Counter()
    for name in TABLES:
        table = book.tables.get(name)
        if table is None:
            continue
        if "job_title" in table or "job_family" in table:
            table["job_family"] = _families(table, mapped)
        if "job_title" in table or "level" in table:
            table["level"] = _levels(table)
        if "job_title" in table:
            rows = pd.Series(book.counts(name), index=table.index)
            counts.update(_by_title(table, rows))
            unplaced.update(_by_title(table, rows[table["job_family"].isna()]))
    spend = book.tables.get("spend")
    if spend is not None and ("job_title" in spend or "job_family" in spend):
        spend["job_family"] = _families(spend, mapped)
    if unplaced:
        book.problems.append(_say(counts.total(), unplaced))


def _by_title(table: pd.DataFrame, rows: pd.Series[int]) -> dict[str, int]:
    """Title → how many rows; `rows` says of some rows how many each stands for."""
    return {str(title): int(count) for title, count in rows.groupby(table["job_title"], sort=False).sum().items()}


def _column(table: pd.DataFrame, name: str) -> pd.Series[str]:
    """A column of text; one that no sheet brought holds nothing."""
    return table[name] if name in table else empty(table.index)


def _families(table: pd.DataFrame, mapped: Mapped) -> pd.Series[str]:
    titles, own = _column(table, "job_title"), _column(table, "job_family")
    by_file = {title: mapped.of(title) for title in titles.dropna().unique()}
    by_sheet = {family: mapped.of(family) or as_known(family) for family in own.dropna().unique()}
    by_words = {title: place(title).family for title in by_file}
    return first_of(translated(titles, by_file), translated(own, by_sheet), translated(titles, by_words))


def _levels(table: pd.DataFrame) -> pd.Series[str]:
    titles, own = _column(table, "job_title"), _column(table, "level")
    by_sheet = {level: place(level).level or level for level in own.dropna().unique()}
    by_words = {title: place(title).level for title in titles.dropna().unique()}
    return first_of(translated(own, by_sheet), translated(titles, by_words))


def _say(rows: int, unplaced: Counter[str]) -> Problem:
    several = unplaced.total()
    commonest = sorted(unplaced.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]
    names = ", ".join(f"'{title}' ({count})" for title, count in commonest)
    share = f"{several / rows:.0%}" if several / rows >= 0.01 else "under 1%"
    words = f"{several} of {rows} rows with a job title ({share}) have no job family; the commonest: {names}"
    title = commonest[0][0].replace("'", "''")
    help = f"Write it under families in rm-audit.yaml: {{'{title}': the family}}; a pattern such as '*Nurse*' will do."
    return Problem("info", "titles-unplaced", words, help)
