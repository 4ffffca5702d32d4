"""What becomes of the people a channel brings, against those whom the others bring for the same jobs; and how many
answer a sequence. Each with a word, and the counts that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, exp, log
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.book import Book
from rm_audit.metrics.context import Context
from rm_audit.metrics.evidence.columns import days, known_families, marks, once_each, texts
from rm_audit.metrics.evidence.nested import total
from rm_audit.metrics.evidence.quality import (
    YEAR,
    Ratio,
    Seen,
    Strata,
    in_strata,
    rate,
    ratios,
    risk_sets,
    seen,
    staying,
)
from rm_audit.metrics.evidence.reading import families_of_jobs, tells
from rm_audit.metrics.evidence.rows import Floats, Ints, Marks, Texts
from rm_audit.metrics.evidence.verdict import Range
from rm_audit.metrics.outcomes import ratings
from rm_audit.metrics.sequences import names_of
from rm_audit.tables import SHEET
from rm_audit.words import among, coded

Word = Literal["better", "worse", "usual", "cannot_tell"]

LEAST_DUE = 5.0  # judgement, as for a chi-square: below, a count is not called better, worse or usual
BAND = 1.5  # judgement: a rate within a half more or less is the usual one
# Of fewer people than this nothing is said of ratings or of leaving: with one or two it would be a person's.
LEAST_PEOPLE = 5
_LEAST_KNOWN = 0.8  # judgement: of the people, whose job family is known
_AGES = (30, 60, 90, 180)  # judgement: days since the application; younger ones have not come so far yet
_RESTS_ON = (
    *("channel", "job", "is_application", "is_qualified", "is_interviewed", "is_hired"),
    "performance",
)
_NO_DAY = np.iinfo(np.int32).max
_MOST_CELLS = 4_000_000  # of strata and channels, in memory; a book with more is compared by job family alone
_SURE = 1.645  # of a two-sided 90% range, in sd
NO_FAMILY = (
    "harder jobs may explain a difference; a job family (or a job id that a list of requisitions has) beside each "
    "person would tell"
)
NOTHING = "nothing to compare it with: no other has the same {alike}, or there all came to the same"


@dataclass(frozen=True)
class Measure:
    """`said` has the counts in words; `more` are those of whom more would tell. `spread` is how much units differ (sd
    of the ratio) before the book says otherwise: judgement, as in the verdicts on cost."""

    name: str
    said: str
    more: str
    good: bool  # whether more of it is better
    spread: float
    alike: str = "jobs"


QUALIFIED = Measure("qualified_of_applications", "{:,} of {:,} applicants passed the screen", "applicants", True, 0.35)
HIRED = Measure("hires_of_interviews", "{:,} of {:,} interviewed were hired", "interviewed", True, 0.35)
LEFT = Measure("left_first_year", "{:,} of {:,} hires are known to have left within a year", "hires", False, 0.35)
POORLY = Measure("rated_poorly", "{:,} of {:,} rated hires were rated poorly", "rated hires", False, 0.35)
REPLIES = Measure("replies", "{:,} replies to {:,} messages", "messages", True, 0.40, "audience")


@dataclass(frozen=True)
class Quality:
    """One measure of one unit. `ratio` is against the others in the same jobs; `crude` the same without regard to
    jobs, against the whole. None where there is nothing to compare with."""

    measure: str
    observed: int
    of: int
    rate: Range
    verdict: Word
    reason: str
    expected: float | None = None
    ratio: Range | None = None
    crude: float | None = None


@dataclass(frozen=True)
class Qualities:
    channels: Mapping[str, list[Quality]] = field(default_factory=dict)
    sequences: Mapping[str, list[Quality]] = field(default_factory=dict)
    stays: Mapping[str, Range] = field(default_factory=dict)  # by channel: the share that stays a year


def qualities(ctx: Context) -> Qualities:
    """Every channel and sequence of a book on a day."""
    found = _People(ctx).found() if ctx.book.has("applications", "channel") else Qualities()
    return Qualities(found.channels, _sequences(ctx.book), found.stays)


class _People:
    """The rows of applications and hires, by channel and job family. A row may stand for several that are alike."""

    def __init__(self, ctx: Context) -> None:
        self.ctx, table = ctx, ctx.book.tables["applications"]
        names = (*_RESTS_ON, *(("left_at", "hired_at", SHEET) if "left_at" in table else ()))
        rows = table[[name for name in names if name in table]].copy(deep=False)
        rows["job_family"] = known_families(table, families_of_jobs(ctx.book))
        rows["age"] = _ages(table, ctx.data_through if ctx.data_through is not None else ctx.as_of)
        known = table["channel"].notna().to_numpy()
        counts = ctx.book.counts("applications")
        if not known.all():
            rows, counts = rows[known], counts[known]
        self.table, self.counts = once_each(rows, counts)
        self.family = coded(self.table["job_family"])
        self.channel = coded(self.table["channel"])
        self.channels: dict[str, list[Quality]] = {}

    def found(self) -> Qualities:
        own, hired = marks(self.table, "is_application"), marks(self.table, "is_hired")
        talked = marks(self.table, "is_interviewed") | hired
        passed = marks(self.table, "is_qualified") | talked
        alike, known = self._alike()
        if tells(passed[own], talked[own], self.counts[own]):
            self._count(QUALIFIED, own, passed, alike, known)
        if tells(talked[own], hired[own], self.counts[own]):
            self._count(HIRED, own & talked, hired, alike, known)
        stays = self._stays()
        if "performance" in self.table:
            well, poorly = ratings(self.table)
            self._count(POORLY, self._shown(well | poorly), poorly, self.family.codes + 1, self.family.codes >= 0)
        return Qualities(self.channels, {}, stays)

    def _alike(self) -> tuple[Ints, Marks]:
        """A number for applications of one age to one requisition, where they name it, else in one job family, and
        whether one of these is known. With families alone a channel that serves the easy requisitions of a family
        would look better than it is."""
        family, names = self.family
        if "job" in self.table:
            job, jobs = coded(self.table["job"])
        if "job" not in self.table or len(jobs) * (len(_AGES) + 2) * len(self.channel.names) > _MOST_CELLS:
            job = np.full(len(family), -1, dtype=np.int64)
        kind = (job + 1) * (len(names) + 1) + family + 1
        alike = pd.factorize(kind * (len(_AGES) + 2) + self.table["age"].to_numpy(), sort=True)[0].astype(np.int64)
        return alike, np.asarray((job >= 0) | (family >= 0))

    def _shown(self, rows: Marks) -> Marks:
        """Without the channels that have fewer than so many people among these rows: not even in a sum."""
        many = total(self.channel.codes[rows], self.counts[rows], len(self.channel.names)) >= LEAST_PEOPLE
        return rows & many[self.channel.codes]

    def _count(self, measure: Measure, rows: Marks, came: Marks, stratum: Ints, known: Marks) -> None:
        if not rows.any():
            return
        (unit, names), counts = among(self.channel, rows), self.counts[rows]
        hits = came[rows] * counts
        tried = total(unit, counts, len(names))
        rates = [rate(*pair) for pair in zip(total(unit, hits, len(names)), tried, strict=True)]
        of = _Of(measure, names.tolist(), tried, rates, _lacking(known[rows], counts))
        self._add(_judged(of, in_strata(stratum[rows], unit, len(names), hits, counts)))

    def _add(self, judged: Mapping[str, Quality]) -> None:
        for name, item in judged.items():
            self.channels.setdefault(name, []).append(item)

    def _stays(self) -> dict[str, Range]:
        """Adds leaving to the channels; returns who stays a year."""
        rows, seen_for, left = self._followed()
        rows = self._shown(rows)
        if not rows.any():
            return {}
        people = np.repeat(
            np.flatnonzero(rows), self.counts[rows].astype(np.int64)
        )  # those who were hired are few: each by itself
        (unit, names), (family, _) = among(self.channel, people), among(self.family, people)
        seen_for, left = seen_for[people], left[people]
        known = {}
        for code, name in enumerate(names):
            found = staying(seen_for[unit == code], left[unit == code])
            if found is not None:
                known[name] = Range(*found)
        tried = total(unit, None, len(names))
        shares = [known.get(name) for name in names]
        rates = [(1 - one.value, 1 - one.high, 1 - one.low) if one else (np.nan, 0.0, 1.0) for one in shares]
        of = _Of(LEFT, names.tolist(), tried, rates, _lacking(family >= 0, np.ones(len(family))))
        self._add(_judged(of, risk_sets(seen_for, left, family + 1, unit, len(names))))
        return known

    def _followed(self) -> tuple[Marks, Floats, Marks]:
        """Hires of files that say who left, for how many days each was seen, at most a year, and who left by then. A
        file in which all have left lists leavers alone, and says nothing of those who stayed."""
        hired, gone = days(self.table, "hired_at"), days(self.table, "left_at")
        through = self.ctx.data_through
        if through is None or np.isnan(gone).all():
            return np.zeros(len(hired), dtype=bool), hired, np.zeros(len(hired), dtype=bool)
        sheet = self.table[SHEET].to_numpy(dtype=np.int64)
        told = np.zeros(len(hired), dtype=bool)
        rows = (hired <= through) & ~(gone < hired)
        for number in np.unique(sheet):
            own = rows & (sheet == number)
            says = "left_at" in self.ctx.book.sheets[int(number)].columns["applications"]
            told |= own & bool(says and np.isnan(gone[own]).any())
        gone = np.where(gone <= through, gone, np.nan)
        span = np.where(np.isnan(gone), through, gone) - hired
        return told, np.minimum(span, YEAR), ~np.isnan(gone) & (span <= YEAR)


@dataclass(frozen=True)
class _Of:
    """A measure of some units: how many people each has, and its plain rates. `lacking` says why nothing is weighed."""

    measure: Measure
    names: list[str]
    tried: Floats
    rates: list[tuple[float, float, float]]
    lacking: str = ""


def _ages(table: pd.DataFrame, through: int) -> NDArray[np.integer[Any]]:
    """How old the application of each row is, in steps; the last of them is that of an unknown day."""
    if "applied_at" not in table:
        return np.full(len(table), len(_AGES) + 1)
    day = table["applied_at"].to_numpy(dtype=np.int32, na_value=_NO_DAY)
    found = np.full(len(day), len(_AGES) + 1, dtype=np.int8)
    for step, age in enumerate((-_NO_DAY, *_AGES)):  # one after the other: there may be many rows
        found[(day != _NO_DAY) & (day <= through - age)] = step
    return found


def _lacking(known: Marks, counts: Ints | Floats) -> str:
    return "" if counts[known].sum() >= _LEAST_KNOWN * counts.sum() else NO_FAMILY


def _codes(values: Texts) -> tuple[Ints, list[str]]:
    codes, names = pd.factorize(values, sort=True)
    return codes.astype(np.int64), [str(name) for name in names]


def _judged(of: _Of, strata: Strata) -> dict[str, Quality]:
    found = seen(strata, clumps=of.measure is not LEFT)
    ratio = ratios(found, of.measure.spread)
    plain = np.array([one[0] for one in of.rates])
    whole = np.nansum(plain * of.tried) / max(of.tried[~np.isnan(plain)].sum(), 1.0)
    judged = {}
    for row, name in enumerate(of.names):
        if not np.isnan(plain[row]):
            judged[name] = _one(of, found, ratio, row, float(plain[row] / whole) if whole else None)
    return judged


def _one(of: _Of, found: Seen, ratio: Ratio, row: int, crude: float | None) -> Quality:
    observed, tried = int(found.observed[row]), int(of.tried[row])
    counts, spread = of.measure.said.format(observed, tried), Range(*of.rates[row])
    lacking = of.lacking or ("" if ratio.known[row] > 0 else NOTHING.format(alike=of.measure.alike))
    if lacking:
        return Quality(of.measure.name, observed, tried, spread, "cannot_tell", f"{counts}; {lacking}")
    expected = float(found.expected[row])
    usual = expected if of.measure is LEFT else float(found.usual[row])  # days of leaving know no count at others' rate
    told = Range(float(ratio.value[row]), float(ratio.low[row]), float(ratio.high[row]))
    own = float(ratio.known[row]) / ratio.lent
    word = _word(of.measure, told, expected, tried, own)
    due = "all channels together make" if of.measure is LEFT else "the others' rate makes"
    if usual > tried:
        due = "all channels' chances of each day come to"
    reason = f"{counts}, where {due} {usual:.1f} for the same {of.measure.alike}"
    if word == "cannot_tell":
        reason += f"; {_more(of.measure, told, expected, tried, ratio.lent, own)}"
    return Quality(of.measure.name, observed, tried, spread, word, reason, usual, told, crude)


def _others(measure: Measure, expected: float, tried: int) -> float:
    """To how many of them it does not happen where it is expected of so many. Chances of leaving are added up day by
    day, and may come to more than one a person: then exp(-chance) of them stay."""
    return tried * exp(-expected / tried) if measure is LEFT else tried - expected


def _word(measure: Measure, ratio: Range, expected: float, tried: int, own: float) -> Word:
    others = _others(measure, expected, tried)
    if min(expected, others) < LEAST_DUE:
        return "cannot_tell"
    if ratio.low > 1 or ratio.high < 1:
        return "better" if (ratio.low > 1) == measure.good else "worse"
    ends = [ratio.low, ratio.high]
    ends += [_others(measure, expected * end, tried) / others for end in ends]
    return "usual" if own >= 1 and all(1 / BAND <= end <= BAND for end in ends) else "cannot_tell"


def _more(measure: Measure, ratio: Range, expected: float, tried: int, lent: float, own: float) -> str:
    """How many more would tell, were they like those so far: as many as bring the range off 1 or into the band."""
    off, due = abs(log(ratio.value)), min(expected, _others(measure, expected, tried))
    wanted = min((_SURE / max(gap, 1e-3)) ** 2 for gap in (off, log(BAND) - off) if gap > 0)
    times = max((wanted / lent - 1) / own, 1 / own, LEAST_DUE / max(due, 1e-9), 1.1) - 1
    return f"about {float(f'{ceil(times * tried):.2g}'):,.0f} more {measure.more} would tell"


def _sequences(book: Book) -> dict[str, list[Quality]]:
    """Replies of each sequence against the others': to the same audience, where every message names one."""
    if not all(book.has("messages", name) for name in ("sent", "replies", "sequence")):
        return {}
    table = book.tables["messages"]
    sent, replies = days(table, "sent"), days(table, "replies")
    named = np.array([isinstance(name, str) for name in names_of(table)], dtype=bool)
    rows = named & (sent > 0) & (replies >= 0) & (replies <= sent)
    if not rows.any():
        return {}
    audience = texts(table, "audience")[rows]
    parted = all(isinstance(one, str) for one in audience)
    stratum, strata = _codes(audience if parted else np.full(len(audience), "", dtype=object))
    unit, names = _codes(np.array(names_of(table), dtype=object)[rows])
    cell, shape = stratum * len(names) + unit, (len(strata), len(names))
    tried, came = (total(cell, part[rows], shape[0] * shape[1]).reshape(shape) for part in (sent, replies))
    rates = [rate(*pair) for pair in zip(came.sum(axis=0), tried.sum(axis=0), strict=True)]
    judged = _judged(_Of(REPLIES, names, tried.sum(axis=0), rates), Strata(tried, came))
    return {name: [one] for name, one in judged.items()}
