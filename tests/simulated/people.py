"""Who applied, how far each came and when, and what the applicant system wrote of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulated.market import FREE, Jobs, Market, slug
from simulated.shapes import Flags, Floats, Ints, Texts, lags, together

NEVER = np.datetime64("NaT")
NOTHING_SAID = np.array(["", "Unknown", "Other", "n/a"])
BATCH = 4  # weeks in which a job's hires come together, where counts are clumped


@dataclass(frozen=True)
class People:
    """One value per application; `source` counts paid channels first, then free ones; `cell` is -1 for the free."""

    cell: Ints
    source: Ints
    job: Ints
    week: Ints
    qualify: Floats
    hire: Floats


def people_of(rng: np.random.Generator, market: Market) -> People:
    """Applications are Poisson, and negative binomial where counts are clumped."""
    world, jobs, cells, weeks = market.world, market.jobs, market.cells, market.weeks
    paid = len(market.channels.names)
    in_week = together(rng, world.clump, (paid, weeks))[cells.channel, cells.week]
    mean = cells.dollars * cells.actual[:, 0] * in_week * together(rng, world.clump, cells.dollars.shape)
    cell = np.repeat(np.arange(len(mean)), rng.poisson(mean))
    free = _free(rng, jobs, paid, int(len(cell) * rng.uniform(0.1, 0.25)), weeks)
    source, job, week = (
        np.r_[mine[cell], theirs] for mine, theirs in zip((cells.channel, cells.job, cells.week), free, strict=True)
    )
    base = np.exp(jobs.of_family[jobs.family] + jobs.effect)[free[1], 1:] * np.where(free[0] == paid, 1.0, 1.5)[:, None]
    share = np.r_[cells.actual[cell, 1:], base]
    in_week = together(rng, world.clump / 4, (paid + len(FREE), weeks))
    in_batch = together(rng, world.clump, (len(jobs.family), weeks // BATCH + 1))
    return People(
        cell=np.r_[cell, np.full(len(base), -1)],
        source=source,
        job=job,
        week=week,
        qualify=np.minimum(share[:, 0] * in_week[source, week], 0.95),
        hire=np.minimum(share[:, 1] * in_batch[job, week // BATCH], 0.95),
    )


def _free(rng: np.random.Generator, jobs: Jobs, paid: int, count: int, weeks: int) -> tuple[Ints, Ints, Ints]:
    """Source, job and week of applications that cost nothing."""
    job = rng.integers(0, len(jobs.family), count)
    week = jobs.opened[job] + (rng.random(count) * (jobs.closed - jobs.opened)[job]).astype(int)
    return paid + (rng.random(count) < 0.3), job, np.clip(week, 0, weeks - 1)


def fates_of(rng: np.random.Generator, market: Market, people: People) -> dict[str, Floats]:
    """Days from the application to each step; inf: never."""
    world, jobs = market.world, market.jobs
    count, family = len(people.job), jobs.family[people.job]
    pace = np.r_[market.channels.speed, np.ones(len(FREE))][people.source]
    to_qualified, to_hired = (
        lags(rng, world.lag, jobs.days[family, step] * pace, jobs.form[family]) for step in (0, 1)
    )
    talk = people.hire**0.4
    qualified = rng.random(count) < people.qualify
    talked = qualified & (rng.random(count) < talk)
    hired = talked & (rng.random(count) < people.hire / talk)
    end = to_qualified + to_hired
    if world.openings is not None:
        hired = _while_open(rng, world.openings, people, hired, end)
    offered = hired | (talked & (rng.random(count) < 0.05))
    steps = {
        "qualified_at": (qualified, to_qualified),
        "interviewed_at": (talked, to_qualified + to_hired * rng.uniform(0.25, 0.6, count)),
        "offered_at": (offered, to_qualified + to_hired * rng.uniform(0.75, 0.95, count)),
        "hired_at": (hired, end),
        "rejected_at": (~hired & (rng.random(count) < 0.7), np.where(qualified, end, to_qualified)),
    }
    return {name: np.where(came, days, np.inf) for name, (came, days) in steps.items()}


def _while_open(rng: np.random.Generator, openings: float, people: People, hired: Flags, days: Floats) -> Flags:
    """Of those who would have been hired, the first of each job, as many as it has openings; it has one at least."""
    would = np.flatnonzero(hired)
    job = people.job[would]
    order = np.lexsort((people.week[would] * 7 + days[would], job))
    room = np.maximum(1, rng.poisson(openings * np.bincount(job)))
    starts = np.searchsorted(job[order], job[order])
    late = np.arange(len(order)) - starts >= room[job[order]]
    hired = hired.copy()
    hired[would[order[late]]] = False
    return hired


def spellings(rng: np.random.Generator, name: str) -> tuple[list[str], Floats]:
    """One to five ways to write a source, and how often each is used; the plain one most."""
    if name in FREE:
        ways = {"Careers Site": ["Career Site", "careers page", "Company website"]}.get(
            name, ["Referral", "employee referral"]
        )
    else:
        ways = [name.lower(), name.upper(), f"{slug(name)}.com", f"{name} (paid)", f"{name} - Sponsored", f" {name}"]
    picked = rng.permutation(ways)[: int(rng.integers(0, 5))]
    return [name, *map(str, picked)], rng.dirichlet(np.r_[4.0, np.ones(len(picked))])


def written(rng: np.random.Generator, market: Market, people: People) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The source and the campaign as the system has them, per application; and what each spelling stands for."""
    names = [*market.channels.names, *FREE]
    ways = [spellings(rng, name) for name in names]
    source = np.empty(len(people.source), object)
    for number, (texts, often) in enumerate(ways):
        mine = np.flatnonzero(people.source == number)
        source[mine] = rng.choice(np.array(texts, object), len(mine), p=often)
    paid = len(names) - len(FREE)
    kept, loss = rng.uniform(0.65, 1, paid), rng.uniform(*market.world.loss, paid)
    lost = rng.random(len(source)) < np.r_[loss, np.zeros(len(FREE))][people.source]
    source[lost] = np.where(rng.random(lost.sum()) < 0.4, FREE[0], rng.choice(NOTHING_SAID, lost.sum()))
    tagged = (people.cell >= 0) & ~lost & (rng.random(len(source)) < np.r_[kept, 0, 0][people.source])
    campaign = np.where(tagged, market.campaigns.names[market.cells.campaign[people.cell]], "")
    meant = [(text, name) for name, (texts, _) in zip(names, ways, strict=True) for text in texts]
    return pd.DataFrame({"source": source, "campaign": campaign}), pd.DataFrame(meant, columns=["source", "channel"])


def dated(applied: Texts, days: Floats, snapshot: np.datetime64) -> Texts:
    """Dates of a step; what lies after the snapshot has not happened yet."""
    when = applied + np.where(np.isfinite(days), np.round(days), 0).astype(int)
    return np.where(np.isfinite(days) & (when <= snapshot), when, NEVER)
