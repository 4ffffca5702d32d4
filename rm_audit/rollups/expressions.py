"""The roll-ups, written once: the same expressions run on pandas, DuckDB and Spark.

They take typed columns and give integers, for floating sums differ from run to run on several threads. Inside `agg`
stand only `col(x).agg()` and `len()`: what is conditional is a column before it is summed, for narwhals on pandas sums
a condition inside of `agg` wrongly and says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from rm_audit.rollups.marks import BAD, BLANK, CREDIT, MARK, MONTH, ROWS
from rm_audit.rollups.plan import Plan
from rm_audit.tables import AGAIN, NAMED

CROWD = "crowd"  # how often the person of a group applies who applies most often


def rolled(frame: nw.LazyFrame[Any], plan: Plan, monthly: bool) -> nw.LazyFrame[Any]:
    """The roll-up of what a plan reads."""
    if plan.table == "applications":
        return rolled_applications(frame, plan.texts, plan.days)
    return rolled_spend(frame, plan.texts, plan.counts, plan.days, monthly)


def marked(frame: nw.LazyFrame[Any], counts: Sequence[str]) -> nw.LazyFrame[Any]:
    """Adds `mark`: what `bad` says, whether the row is a credit, and which of its counts are blank."""
    mark = nw.col(BAD) + nw.when(nw.col("amount") < 0).then(nw.lit(CREDIT)).otherwise(nw.lit(0))
    for number, name in enumerate(counts):
        mark = mark + nw.when(nw.col(name).is_null()).then(nw.lit(BLANK << number)).otherwise(nw.lit(0))
    return frame.with_columns(mark.cast(nw.Int64).alias(MARK))


def rolled_spend(
    frame: nw.LazyFrame[Any], texts: Sequence[str], counts: Sequence[str], days: Sequence[str], monthly: bool
) -> nw.LazyFrame[Any]:
    """One row a group: its sums, its first and last day, how many rows it stands for.

    The grain is every column of words and the mark; beside it the day, or with `monthly` the month. A row that brings
    its own last day keeps both, for it may span months.
    """
    by_day = [] if not days or (monthly and len(days) == 1) else list(days)
    by_month = [MONTH] if days and not by_day else []
    sums = [nw.col(name).sum() for name in ("amount", *counts)]
    ends = [nw.col("start").min().alias("first"), nw.col("start").max().alias("last")] if by_month else []
    groups = marked(frame, counts).group_by(*texts, MARK, *by_day, *by_month)
    found = groups.agg(*sums, *ends, nw.len().alias(ROWS))
    numbers = ["amount", *counts, MARK, ROWS, *by_day, *by_month, *(["first", "last"] if by_month else [])]
    return found.select(*texts, *(nw.col(name).cast(nw.Int64) for name in numbers))


def rolled_applications(frame: nw.LazyFrame[Any], texts: Sequence[str], days: Sequence[str]) -> nw.LazyFrame[Any]:
    """Applications that are alike in every word and every day are one row: how many they are, and nobody's name."""
    found = frame.with_columns(nw.col(BAD).alias(MARK)).group_by(*texts, MARK, *days).agg(nw.len().alias(ROWS))
    return found.select(*texts, *(nw.col(name).cast(nw.Int64) for name in (*days, MARK, ROWS)))


def repeated(frame: nw.LazyFrame[Any], by_id: bool) -> nw.LazyFrame[Any]:
    """Applications by source, job and day: how many they are, and how many are not the first of their person there.

    `frame` has a row an application, with its person. Without ids those of one day are one application. The first is
    one of the first day, so that the figures add up over sources, jobs, days and months. It is looked at twice.
    """
    place, whose = ("source", "job", "day"), ("source", "job", "person")
    each = frame if by_id else frame.group_by(*whose, "day").agg(nw.len().alias(NAMED))
    every = each.group_by(*place).agg(nw.len().alias(NAMED))
    people = each.group_by(*whose).agg(nw.col("day").min(), nw.len().alias(NAMED))
    firsts = people.group_by(*place).agg(nw.len().alias(AGAIN), nw.col(NAMED).max().alias(CROWD))
    both = [
        every.select(*place, NAMED, nw.col(NAMED).alias(AGAIN), (nw.col(NAMED) * 0).alias(CROWD)),
        firsts.select(*place, (nw.col(AGAIN) * 0).alias(NAMED), (nw.col(AGAIN) * -1).alias(AGAIN), CROWD),
    ]
    as_numbers = [part.with_columns(*(nw.col(name).cast(nw.Int64) for name in (NAMED, AGAIN, CROWD))) for part in both]
    found = nw.concat(as_numbers).group_by(*place)
    summed = found.agg(nw.col(NAMED).sum(), nw.col(AGAIN).sum(), nw.col(CROWD).max())
    return summed.select(*place[:2], *(nw.col(name).cast(nw.Int64) for name in ("day", NAMED, AGAIN, CROWD)))
