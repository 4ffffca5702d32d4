"""The roll-ups, written once: the same expressions run on pandas, DuckDB and Spark.

They take typed columns and give integers, for floating sums differ from run to run on several threads. Inside `agg`
stand only `col(x).agg()` and `len()`: what is conditional is a column before it is summed, for narwhals on pandas sums
a condition inside of `agg` wrongly and says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from rm_audit.rollups.marks import BAD, BLANK, CREDIT, CROWD, EACH, FIRST, MARK, MONTH, ROWS
from rm_audit.rollups.plan import Plan
from rm_audit.tables import NAMED


def rolled(frame: nw.LazyFrame[Any], plan: Plan, monthly: bool, floating: bool = False) -> nw.LazyFrame[Any]:
    """The roll-up of what a plan reads. `floating`: see `rolled_spend`."""
    if plan.table == "applications":
        return rolled_applications(frame, plan.texts, plan.days)
    return rolled_spend(frame, plan.texts, plan.counts, plan.days, monthly, floating)


def marked(frame: nw.LazyFrame[Any], counts: Sequence[str]) -> nw.LazyFrame[Any]:
    """Adds `mark`: what `bad` says, whether the row is a credit, and which of its counts are blank."""
    mark = nw.col(BAD) + nw.when(nw.col("amount") < 0).then(nw.lit(CREDIT)).otherwise(nw.lit(0))
    for number, name in enumerate(counts):
        mark = mark + nw.when(nw.col(name).is_null()).then(nw.lit(BLANK << number)).otherwise(nw.lit(0))
    return frame.with_columns(mark.cast(nw.Int32).alias(MARK))


def rolled_spend(
    frame: nw.LazyFrame[Any],
    texts: Sequence[str],
    counts: Sequence[str],
    days: Sequence[str],
    monthly: bool,
    floating: bool = False,
) -> nw.LazyFrame[Any]:
    """One row a group: its sums, its first and last day, how many rows it stands for.

    The grain is every column of words and the mark; beside it the day, or with `monthly` the month. A row that brings
    its own last day keeps both, for it may span months.

    With `floating` whole numbers are added up as floating ones, which costs an engine less. In any order that is the
    same sum to the last digit where it is less than 2**53, for what a group adds up is of one sign: a credit has a mark
    of its own, and a negative count is `bad`. Whoever asks for it looks whether it is less.
    """
    by_day = [] if not days or (monthly and len(days) == 1) else list(days)
    by_month = [MONTH] if days and not by_day else []
    names = ("amount", *counts)
    sums = [nw.col(name).sum() for name in names]
    ends = [nw.col("start").min().alias("first"), nw.col("start").max().alias("last")] if by_month else []
    rows = marked(frame, counts)
    rows = rows.with_columns(nw.col(name).cast(nw.Float64) for name in names) if floating else rows
    found = rows.group_by(*texts, MARK, *by_day, *by_month).agg(*sums, *ends, nw.len().alias(ROWS))
    large = [nw.col(name).cast(nw.Int64) for name in (*names, ROWS)]
    small = (MARK, *by_day, *(["first", "last"] if by_month else []))  # there may be many rows
    return found.select(*texts, *large, *(nw.col(name).cast(nw.Int32) for name in small))


def rolled_applications(frame: nw.LazyFrame[Any], texts: Sequence[str], days: Sequence[str]) -> nw.LazyFrame[Any]:
    """Applications that are alike in every word and every day are one row: how many they are, and nobody's name."""
    found = frame.with_columns(nw.col(BAD).alias(MARK)).group_by(*texts, MARK, *days).agg(nw.len().alias(ROWS))
    return found.select(*texts, *(nw.col(name).cast(nw.Int32) for name in (*days, MARK, ROWS)))  # there may be many


def repeated(frame: nw.LazyFrame[Any], by_id: bool, most: int) -> nw.LazyFrame[Any]:
    """Applications by source, job and day: how many they are, of how many it is known whose, of how many people it is
    the first day there, and of how many people they are; the last but where each application has an id, for then nobody
    asks. Left out is what goes without saying: each of another person, who comes for the first time.

    `frame` has a row an application, with its person or null, and is looked at several times. The figures add up over
    days, sources and jobs.
    """
    place, whose = ("source", "job", "day"), ("source", "job", "person")
    known = frame.filter(~nw.col("person").is_null())
    people = known.group_by(*whose).agg(nw.col("day").min(), nw.len().alias(ROWS))
    parts = [
        frame.group_by(*place).agg(nw.len().alias(ROWS), nw.col("person").count().alias(NAMED)),
        people.group_by(*place).agg(nw.len().alias(FIRST), nw.col(ROWS).max().alias(CROWD)),
    ]
    if not by_id:
        parts.append(known.group_by(*whose, "day").agg(nw.len().alias(ROWS)).group_by(*place).agg(nw.len().alias(EACH)))
    names = (ROWS, NAMED, FIRST, EACH, CROWD)
    for number, part in enumerate(parts):
        own = part.collect_schema().names()
        figures = [(nw.col(name) if name in own else nw.lit(0)).cast(nw.Int64).alias(name) for name in names]
        parts[number] = part.select(*place, *figures)
    sums = [nw.col(name).sum() for name in names[:-1]]
    found = nw.concat(parts).group_by(*place).agg(*sums, nw.col(CROWD).max())
    said = (nw.col(NAMED) < nw.col(ROWS)) | (nw.col(FIRST) < nw.col(NAMED)) | (nw.col(CROWD) > most)
    return found.filter(said).select("source", "job", *(nw.col(name).cast(nw.Int64) for name in ("day", *names)))
