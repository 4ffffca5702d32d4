"""Which spend and which outcomes belong to the time that is judged."""

from __future__ import annotations

import pandas as pd

from rm_audit.book.model import Book
from rm_audit.config import Config
from rm_audit.days import Period, from_day
from rm_audit.errors import Problem
from rm_audit.tables import COHORT_DAYS

OUTSIDE = "outside the period"


def settle_period(book: Book, config: Config) -> None:
    """The period is the one that was set, else the span of the dated spend.

    Dated spend outside a set period is set aside. Outcomes belong to the day of their application, else of
    the hire; those outside the period are set aside, so that hires are never divided into other years' money.
    """
    if config.period is not None and book.has("spend", "start"):
        _keep_spend(book, config.period)
    book.period = config.period or _own_period(book)
    if book.yearless:
        _say_yearless(book)
    if book.period is not None and not (config.outside and config.period is None):
        _keep_outcomes(book, book.period)


def _own_period(book: Book) -> Period | None:
    spend = book.tables.get("spend")
    if spend is None or "start" not in spend or not spend["start"].notna().any():
        return None
    end = spend["end"].fillna(spend["start"])
    return Period(int(spend["start"].min()), int(end.max()))


def _keep_spend(book: Book, period: Period) -> None:
    spend = book.tables["spend"]
    start, end = spend["start"], spend["end"].fillna(spend["start"])
    inside = start.isna() | ((start >= period.start) & (end <= period.end))
    book.set_aside("spend", inside.astype(bool), OUTSIDE, "amount")


def cohort_day(applications: pd.DataFrame) -> pd.Series[int]:
    """The day that an outcome belongs to: its application, else its hire, else its first known stage."""
    known = [applications[name] for name in COHORT_DAYS if name in applications]
    day = known[0] if known else pd.Series(pd.NA, index=applications.index, dtype="Int64")
    for other in known[1:]:
        day = day.fillna(other.astype(day.dtype)) if day.isna().any() else day
    return day


def _keep_outcomes(book: Book, period: Period) -> None:
    applications = book.tables.get("applications")
    if applications is not None:
        day = cohort_day(applications)
        inside = day.isna() | ((day >= period.start) & (day <= period.end))
        book.set_aside("applications", inside.astype(bool), OUTSIDE)
    totals = book.tables.get("outcome_totals")
    if totals is not None and "start" in totals:
        inside = totals["start"].isna() | ((totals["start"] >= period.start) & (totals["start"] <= period.end))
        book.set_aside("outcome_totals", inside.astype(bool), OUTSIDE)


def _say_yearless(book: Book) -> None:
    span, example = "", "2026"
    if book.has("applications"):
        days = cohort_day(book.tables["applications"]).dropna()
        if len(days):
            first, example = str(from_day(int(days.min())).year), str(from_day(int(days.max())).year)
            span = f"; the hires run from {first} to {example}"
    words = f"the spend has months and no year{span}, so nothing that divides money by hires can be shown"
    help = f"Say which year the sheet is for, e.g. --period {example}."
    book.problems.append(Problem("warning", "no-year", words, help))
