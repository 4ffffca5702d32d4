"""A book on a day → its evidence; or what it lacks, in words, for there to be any."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from rm_audit.book import Book
from rm_audit.channels import inside_kinds, is_named, is_unknown_source, spelled
from rm_audit.metrics.context import Context
from rm_audit.metrics.costs import of_type
from rm_audit.metrics.evidence.columns import (
    UNADVERTISED,
    UNKNOWN,
    days,
    families,
    known_families,
    marks,
    once_each,
    texts,
)
from rm_audit.metrics.evidence.nested import total
from rm_audit.metrics.evidence.rows import Applied, Floats, Ints, Marks, Paid, Step, Texts
from rm_audit.metrics.evidence.verdict import Evidence
from rm_audit.tables import MICROS
from rm_audit.words import coded, looked_up, translated

# What is paid there is no advertising that hires are bought with; inside sources are paid after the hire.
NOT_ADVERTISING = frozenset({"software", "email", "career-site", "agency"})
_LEAST_KNOWN = 0.8  # judgement: of the money, of the applications, whose family or day is known
_HALF = 0.5
MOST_FAMILIES = 200  # judgement: a fit takes seconds; the time goes with the cube, and 2,000 would take an hour
_ENOUGH_ALIKE = 0.05  # judgement: below this part of a channel's applications a misspelt source turns nothing
_LEAST_STOPPED = 0.2  # judgement: who stopped at a step, as a share of those who went on
_WEEK = 7

NO_FAMILY = (
    "harder jobs may explain a difference in cost; a job family (or a job id that a list of requisitions has) "
    "beside the spend and beside the applications would tell"
)
MANY_FAMILIES = (
    f"the book has more than {MOST_FAMILIES} job families, and too much is outside of the largest to compare like with "
    "like; coarser job families would tell"
)
NO_MONTHS = (
    "worth checking where it is dear: recent money may not have brought its hires yet; a date or a month beside the "
    "spend would tell"
)
NO_HIRES = "hires by source are not known; an ATS export with a row an application and its stages would tell"
NO_MONEY = "no spend is known"
HIRES_ALONE = "hires alone, without the applications before them; an ATS export with a row an application would tell"


def evidence(ctx: Context) -> Evidence:
    """Every channel and campaign weighed against the book's own median channel."""
    read = _read(ctx)
    if isinstance(read, str):
        return Evidence(lacking=read)
    return _weighed(ctx.book, *read)


def _weighed(book: Book, paid: Paid, applied: Applied, touches: Texts, through: int) -> Evidence:
    from rm_audit.metrics.evidence.cells import make_cells  # all of these only where there is something to weigh
    from rm_audit.metrics.evidence.credit import credited
    from rm_audit.metrics.evidence.judging import weigh, with_credit, with_look_alikes
    from rm_audit.metrics.evidence.ripe import ripen
    from rm_audit.metrics.evidence.trend import trends

    dark = dark_share(book)
    screened = applied.screened()
    rows = ripen(paid, screened, through)
    found = weigh(make_cells(rows), through, dark, applied.likely)
    if found.lacking:
        return found
    ways = {
        way: weigh(make_cells(ripen(paid, booked.screened(), through)), through, dark, applied.likely).channels
        for way, booked in credited(applied, touches, book.channels.of_source, set(paid.channel))
    }
    found = with_look_alikes(with_credit(found, ways), _look_alikes(book, set(paid.channel)))
    return replace(found, trends=trends(rows if screened.stages == applied.stages else ripen(paid, applied, through)))


def _read(ctx: Context) -> tuple[Paid, Applied, Texts, int] | str:
    """The rows of money and of applications, the touches of these, and the day up to which outcomes are known; or what
    is missing."""
    book = ctx.book
    if not book.has("spend", "channel"):
        return NO_MONEY
    if not book.has("spend", "start") or book.yearless:
        return NO_MONTHS
    if not _has_outcomes(book):  # before what takes time
        return NO_HIRES
    of_job = families_of_jobs(book)
    paid = _paid(book, of_job)
    if paid is None:
        return NO_MONTHS
    found = _outcomes(book, of_job, set(paid.channel))
    if found is None:
        return NO_HIRES
    applied, touches = found
    if not len(applied.family):
        return NO_HIRES
    if not _families_known(paid, applied):
        return NO_FAMILY
    paid, applied = _of_most(paid, applied)
    if not _families_known(paid, applied):
        return MANY_FAMILIES
    return paid, applied, touches, _through(ctx, paid)


def _has_hires(book: Book) -> bool:
    return book.has("applications", "channel") and bool(marks(book.tables["applications"], "is_hired").any())


def _has_outcomes(book: Book) -> bool:
    return _has_hires(book) or book.has("outcome_totals", "hires")


def _through(ctx: Context, paid: Paid) -> int:
    """The last day of the outcomes; where they have none, the last day of the money that is past."""
    if ctx.data_through is not None:
        return ctx.data_through
    past = paid.last[paid.last <= ctx.as_of]
    return int(past.max()) if len(past) else ctx.as_of


def _outcomes(book: Book, of_job: dict[str, str], paid: set[Any]) -> tuple[Applied, Texts] | None:
    """Applications, else totals; None where these say no hires. Totals have no touches."""
    if _has_hires(book):
        return _applied(book, of_job, paid)
    from rm_audit.metrics.evidence.totals import applied_of_totals

    totals = applied_of_totals(book.tables["outcome_totals"], paid) if book.has("outcome_totals", "hires") else None
    return None if totals is None else (totals, np.full(len(totals.channel), None, dtype=object))


def advertised(book: Book, channel: object) -> bool:
    """Whether money on the channel buys advertising."""
    kind = book.channels.kind(str(channel))
    return kind not in NOT_ADVERTISING and kind not in inside_kinds()


def dark_share(book: Book) -> float:
    """The share of hires that no channel is known for."""
    if not book.has("applications", "channel"):
        return 0.0
    table = book.tables["applications"]
    placed = book.channels.is_placed if book.has("spend") else is_named
    names = table["channel"].dropna().unique()
    lost = looked_up(table["channel"], {name: is_unknown_source(name) or not placed(name) for name in names}, True)
    hires = np.where(marks(table, "is_hired"), book.counts("applications"), 0)
    return int(hires[lost].sum()) / max(int(hires.sum()), 1)


def _look_alikes(book: Book, paid: set[Any]) -> dict[str, str]:
    """The source beside each paid channel that is a letter away from its name, is nobody known, and brought enough to
    turn a verdict."""
    from rapidfuzz.distance import OSA

    if not book.has("applications", "channel"):
        return {}
    codes, names = coded(book.tables["applications"]["channel"])
    found = np.bincount(codes + 1, book.counts("applications"), len(names) + 1)[1:]
    counts = dict(zip(names.tolist(), found.tolist(), strict=True))
    strange = [
        name for name in counts if not (name in paid or book.channels.is_placed(name) or is_unknown_source(name))
    ]
    return {
        channel: name
        for channel in sorted(paid)
        for name in strange
        if counts[name] >= _ENOUGH_ALIKE * counts.get(channel, 0)
        and OSA.distance(spelled(name), spelled(channel), score_cutoff=1) == 1
    }


def _families_known(paid: Paid, applied: Applied) -> bool:
    """Whether the job family of most money and of most applications is."""
    return _known(paid.family, np.maximum(paid.amount, 0.0)) and _known(applied.family, applied.weight)


def _of_most(paid: Paid, applied: Applied) -> tuple[Paid, Applied]:
    """The rows with the largest job families alone, by their shares of money and of applications; the family of the
    others is as good as unknown."""
    codes, names = pd.factorize(np.concatenate([paid.family, applied.family]), sort=True)
    if len(names) <= MOST_FAMILIES:
        return paid, applied
    money, rows = np.maximum(paid.amount, 0.0), len(paid.amount)
    share = total(codes[:rows], money, len(names)) / max(float(money.sum()), 1e-9)
    share += total(codes[rows:], applied.counts, len(names)) / max(float(applied.weight.sum()), 1.0)
    kept = np.zeros(len(names), dtype=bool)
    kept[np.argsort(-share, kind="stable")[:MOST_FAMILIES]] = True
    families = np.where(kept, names, UNKNOWN)[codes]
    return replace(paid, family=families[:rows]), replace(applied, family=families[rows:])


def _known(families: Texts, weight: Floats) -> bool:
    return float(weight[families != UNKNOWN].sum()) >= _LEAST_KNOWN * float(weight.sum())


def families_of_jobs(book: Book) -> dict[str, str]:
    """The family of each requisition: as its list says, else as most applications to it."""
    return book.once("families of jobs", ["jobs", "applications"], lambda: _families_of_jobs(book))


def _families_of_jobs(book: Book) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("jobs", "applications"):
        if book.has(name, "job") and book.has(name, "job_family"):
            table = book.tables[name][["job", "job_family"]].assign(rows=book.counts(name)).dropna()
            of_each = table.groupby(["job", "job_family"], observed=True)["rows"].sum().sort_index()
            most = of_each.sort_values(ascending=False, kind="stable")  # of two that are as many the first by name
            for job, family in most.index:
                found.setdefault(str(job), str(family))
    return found


def _paid(book: Book, of_job: dict[str, str]) -> Paid | None:
    """Media money on advertised channels; None where too much of it has no day."""
    spend = book.tables["spend"]
    fits = {name: advertised(book, name) for name in spend["channel"].dropna().unique()}
    media = of_type(book, "media")
    rows = spend[media & looked_up(spend["channel"], fits, False)]
    amount, first = rows["amount"].to_numpy(dtype=float) / MICROS, days(rows, "start")
    dated = ~np.isnan(first)
    paid = np.maximum(amount, 0.0)  # what came back says nothing of how much is dated
    if not dated.any() or paid[dated].sum() < _LEAST_KNOWN * paid.sum():
        return None
    rows, amount, first = rows[dated], amount[dated], first[dated]
    last = days(rows, "end")
    last = np.where(np.isnan(last), first + _step(first) - 1, last)
    return Paid(texts(rows, "channel"), families(rows, of_job), texts(rows, "campaign"), amount, first, last)


def _step(first: Floats) -> int:
    """Days that a row stands for where it has one day: a week where all begin on the same day of the week."""
    days = np.unique(first)
    return _WEEK if len(days) > 2 and (np.diff(days) % _WEEK == 0).all() else 1


def _applied(book: Book, of_job: dict[str, str], paid: set[Any]) -> tuple[Applied, Texts]:
    """Applications by channel, those that are alike in all that is weighed as one row; hires alone where most hires
    have no application beside them, or where the applications have no days."""
    table, counts = book.tables["applications"], book.counts("applications")
    hired, own = marks(table, "is_hired"), marks(table, "is_application")
    dated = own & (table["applied_at"].notna().to_numpy() if "applied_at" in table else False)
    both, hires, every, known = (int(counts[rows].sum()) for rows in (own & hired, hired, own, dated))
    alone = both < _HALF * hires or known < _LEAST_KNOWN * every
    told = {name: not is_unknown_source(name) for name in table["channel"].dropna().unique()}
    keep = looked_up(table["channel"], told, False) & (hired if alone else own)
    rows = _weighed_alone(table, of_job) if keep.all() else _weighed_alone(table[keep], of_job)
    rows["channel"] = translated(rows["channel"], {name: name if name in paid else UNADVERTISED for name in told})
    rows, weight = once_each(rows, counts[keep])
    applied = Applied(
        texts(rows, "channel"),
        families(rows, {}),
        texts(rows, "campaign"),
        days(rows, "applied_at"),
        _steps(rows, weight, alone),
        alone,
        HIRES_ALONE if alone else "",
        weight,
    )
    return applied, texts(rows, "touches")


_WEIGHED = (
    *("channel", "campaign", "touches", "applied_at"),
    *("is_qualified", "qualified_at", "is_interviewed", "interviewed_at", "is_hired", "hired_at"),
)


def _weighed_alone(table: pd.DataFrame, of_job: dict[str, str]) -> pd.DataFrame:
    """What evidence rests on, and nothing else."""
    rows = table[[name for name in _WEIGHED if name in table]].copy(deep=False)
    rows["job_family"] = known_families(table, of_job)
    return rows


def _steps(rows: pd.DataFrame, weight: Floats, alone: bool) -> tuple[Step, ...]:
    """The steps that tell something, and the hire. Who reached one reached those before."""
    later = marks(rows, "is_hired")
    found = [Step("hires", later, days(rows, "hired_at"))]
    for name, stem in () if alone else (("interviews", "interviewed"), ("qualified", "qualified")):
        reached = marks(rows, f"is_{stem}") | later
        if tells(reached, later, weight):
            found.insert(0, Step(name, reached, days(rows, f"{stem}_at")))
            later = reached
    return tuple(found)


def tells(reached: Marks, later: Marks, weight: Floats | Ints) -> bool:
    """Whether a step is written down of those who stopped at it too, and not of those alone who went on."""
    return bool(weight[reached & ~later].sum() > _LEAST_STOPPED * weight[later].sum())
