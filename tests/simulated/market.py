"""Jobs, channels and campaigns, and the dollars that went to each in each week.

Stages are always in this order: applications per dollar, qualified per application, hires per qualified. An effect is
the natural logarithm of what a stage yields, against an ordinary channel: below 0 is worse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from simulated.shapes import Flags, Floats, Ints, Texts, World, forms, tailed

FAMILIES = ("Nursing", "Warehouse", "Kitchen", "Engineering", "Sales", "Driving", "Service Desk", "Finance", "Assembly")
BOARDS = (
    *("Indeed", "LinkedIn", "ZipRecruiter", "Glassdoor", "Monster", "Google Ads", "Meta Ads", "Talroo", "Adzuna"),
    *(
        "Jooble",
        "Dice",
        "Handshake",
        "CareerBuilder",
        "Snagajob",
        "Harbour Jobs",
        "Brightpost",
        "Shiftlane",
        "Nordwerk",
    ),
    *("Campus Days", "Townboard", "Medforum", "Quarry Careers", "Lanternjobs", "Depot News", "Millrace Ads"),
)
FREE = ("Careers Site", "Employee Referral")
YIELDS = (0.05, 0.28, 0.12)  # of a middling family: 20 dollars an application, about 600 a hire
FAMILY_SD, JOB_SD = (0.35, 0.3, 0.35), (0.15, 0.15, 0.15)
CHANNEL_SD, CAMPAIGN_SD, PAIR_SD = (0.27, 0.2, 0.16), (0.25, 0.2, 0.15), (0.1, 0.1, 0.08)
BAD_CAMPAIGNS, CAMPAIGN_BY = 0.08, (0.5, 1.4)
MOST = (np.inf, 0.9, 0.8)  # a share of people stays below 1
JOBS_AT_ONCE = 6


@dataclass(frozen=True)
class Jobs:
    """F families and R requisitions of them; weeks count from 0."""

    names: Texts
    family: Ints
    effect: Floats  # R x 3: logarithms of what the stages yield, families and seasons apart
    of_family: Floats  # F x 3
    opened: Ints
    closed: Ints
    peak: Floats  # part of the year by which a family's season is shifted
    days: Floats  # F x 2: medians to qualified and from there to hired
    form: Floats


@dataclass(frozen=True)
class Channels:
    """C paid channels; `turn` is what changes for good in the week `turned`."""

    names: Texts
    effect: Floats
    pair: Floats  # C x F x 3
    mix: Floats  # C x F: which jobs it is bought for
    weight: Floats
    launched: Ints
    turned: Ints
    turn: Floats
    speed: Floats


@dataclass(frozen=True)
class Campaigns:
    """N campaigns, each of one channel and of one or two families."""

    names: Texts
    channel: Ints
    effect: Floats
    jobs: Ints  # N x JOBS_AT_ONCE; -1: none
    first: Ints
    last: Ints


@dataclass(frozen=True)
class Cells:
    """The dollars of one campaign for one job in one week; what stages yield for an ordinary channel, and in truth."""

    channel: Ints
    campaign: Ints
    job: Ints
    week: Ints
    dollars: Floats
    ordinary: Floats
    actual: Floats


@dataclass(frozen=True)
class Market:
    """One employer before anybody applied."""

    world: World
    weeks: int
    jobs: Jobs
    channels: Channels
    campaigns: Campaigns
    cells: Cells


def market_of(rng: np.random.Generator, world: World) -> Market:
    weeks = some(rng, world.weeks)
    jobs = _jobs(rng, world, weeks)
    channels = _channels(rng, world, jobs, weeks)
    campaigns = _campaigns(rng, world, jobs, channels, weeks)
    return Market(world, weeks, jobs, channels, campaigns, _cells(rng, world, jobs, channels, campaigns, weeks))


def some(rng: np.random.Generator, bounds: tuple[int, int]) -> int:
    return int(rng.integers(bounds[0], bounds[1] + 1))


def _jobs(rng: np.random.Generator, world: World, weeks: int) -> Jobs:
    count, families = some(rng, world.requisitions), int(rng.integers(4, 8))
    shares = rng.dirichlet(np.full(families, 2.5))
    opened = rng.integers(-10, weeks, count)
    peaks = rng.random(families) if world.season_by_family else np.full(families, rng.random())
    return Jobs(
        names=rng.choice(FAMILIES, families, replace=False),
        family=np.r_[np.arange(families), rng.choice(families, count - families, p=shares)],
        effect=rng.normal(0, JOB_SD, (count, 3)),
        of_family=np.log(YIELDS) + rng.normal(0, FAMILY_SD, (families, 3)),
        opened=opened,
        closed=opened + rng.integers(6, 30, count),
        peak=peaks,
        days=rng.uniform((4, 20), (12, 50), (families, 2)),
        form=forms(rng, world.lag, families),
    )


def _channels(rng: np.random.Generator, world: World, jobs: Jobs, weeks: int) -> Channels:
    count, families = some(rng, world.paid), len(jobs.names)
    bad = rng.permutation(count) < min(round(rng.uniform(*world.bad) * count), (count - 1) // 2)  # never half
    shares = np.bincount(jobs.family, minlength=families) / len(jobs.family)
    return Channels(
        names=rng.choice(BOARDS, count, replace=False),
        effect=_effects(rng, world, CHANNEL_SD, bad, world.bad_by),
        pair=rng.normal(0, PAIR_SD, (count, families, 3)),
        mix=rng.dirichlet(1.3 * families * shares + 0.02, count),
        weight=np.exp(rng.standard_normal(count)),
        launched=np.where(rng.random(count) < 0.2, weeks - rng.integers(5, 21, count), 0),
        turned=(weeks * rng.uniform(0.4, 0.6, count)).astype(int),
        turn=_turns(rng, count),
        speed=np.exp(world.speed_sd * rng.standard_normal(count)),
    )


def _effects(
    rng: np.random.Generator, world: World, spread: tuple[float, ...], bad: Flags, by: tuple[float, float]
) -> Floats:
    """What units yield: their ordinary differences, and what the bad ones lose, in parts drawn for each."""
    ordinary = tailed(rng, world.tail, (len(bad), 3)) * spread
    lost = bad * rng.uniform(*by, len(bad))
    return ordinary - lost[:, None] * rng.dirichlet((1, 1, 1), len(bad))


def _turns(rng: np.random.Generator, count: int) -> Floats:
    """One channel in ten turns to volume without quality; a few only get cheaper, a few only get worse."""
    kind = rng.choice(4, count, p=(0.78, 0.1, 0.06, 0.06))
    more = np.isin(kind, (1, 2)) * rng.uniform(0.3, 0.8, count)
    worse = np.isin(kind, (1, 3)) * rng.uniform(0.45, 1.2, count)
    return np.c_[more, -0.6 * worse, -0.4 * worse]


def _campaigns(rng: np.random.Generator, world: World, jobs: Jobs, channels: Channels, weeks: int) -> Campaigns:
    paid = len(channels.names)
    count = max(some(rng, world.campaigns), paid)
    pull = np.sqrt(channels.weight)
    channel = np.r_[np.arange(paid), rng.choice(paid, count - paid, p=pull / pull.sum())]
    family = np.c_[_drawn(rng, channels.mix[channel]), _drawn(rng, channels.mix[channel])]
    family[rng.random(count) > 0.15, 1] = -1
    told = np.where(family[:, 1] < 0, jobs.names[family[:, 0]], "Mixed")
    first, last = _runs(rng, channels.launched[channel], weeks)
    return Campaigns(
        names=_campaign_names(channels.names[channel], told, world.families),
        channel=channel,
        effect=_effects(rng, world, CAMPAIGN_SD, rng.random(count) < BAD_CAMPAIGNS, CAMPAIGN_BY),
        jobs=_jobs_at_once(rng, jobs, family, first, last),
        first=first,
        last=last,
    )


def _drawn(rng: np.random.Generator, shares: Floats) -> Ints:
    """One column for each row, by the row's shares."""
    return np.minimum((rng.random((len(shares), 1)) > shares.cumsum(1)).sum(1), shares.shape[1] - 1)


def _runs(rng: np.random.Generator, launched: Ints, weeks: int) -> tuple[Ints, Ints]:
    """First and last week: two in five run from the launch to the end, the others for 6 to 40 weeks."""
    always = rng.random(len(launched)) < 0.4
    first = np.where(always, launched, rng.integers(launched, weeks - 3))
    return first, np.where(always, weeks - 1, np.minimum(first + rng.integers(5, 40, len(first)), weeks - 1))


def _jobs_at_once(rng: np.random.Generator, jobs: Jobs, family: Ints, first: Ints, last: Ints) -> Ints:
    """Two to six jobs of the campaign's families, those first that are open while it runs."""
    own = (jobs.family == family[:, :1]) | (jobs.family == family[:, 1:])
    meets = (jobs.opened <= last[:, None]) & (jobs.closed > first[:, None])
    rank = np.where(own, rng.random(own.shape) + meets, -1)
    best = np.argsort(-rank, axis=1)[:, :JOBS_AT_ONCE]
    wanted = np.arange(JOBS_AT_ONCE) < rng.integers(2, JOBS_AT_ONCE + 1, len(family))[:, None]
    return np.where(wanted & (np.take_along_axis(rank, best, 1) >= 0), best, -1)


def _campaign_names(channels: Texts, families: Texts, tell: bool) -> Texts:
    seen: dict[str, int] = {}
    names = []
    for channel, family in zip(channels, families, strict=True):
        stem = f"{channel} - {family}" if tell else f"{channel} - Push"
        seen[stem] = seen.get(stem, 0) + 1
        names.append(f"{stem} {seen[stem]:02d}")
    return np.array(names)


def _cells(
    rng: np.random.Generator, world: World, jobs: Jobs, channels: Channels, campaigns: Campaigns, weeks: int
) -> Cells:
    """Dollars are such that as many hires come as the employer is to have; cells under a dollar are left out."""
    campaign, slot, week, amount = _amounts(rng, jobs, channels, campaigns, weeks)
    channel, job = campaigns.channel[campaign], campaigns.jobs[campaign, slot]
    if world.giant is not None:
        amount = _with_giant(amount, channel, rng.uniform(*world.giant))
    ordinary, actual = _yields(world, jobs, channels, campaigns.effect[campaign], channel, job, week)
    hires = np.exp(rng.uniform(*np.log(world.hires)))
    dollars = np.round(amount * hires / (amount * actual.prod(1)).sum(), 2)
    kept = dollars >= 1
    return Cells(*(part[kept] for part in (channel, campaign, job, week, dollars, ordinary, actual)))


def _amounts(
    rng: np.random.Generator, jobs: Jobs, channels: Channels, campaigns: Campaigns, weeks: int
) -> tuple[Ints, Ints, Ints, Floats]:
    """Campaign, place among its jobs, week, and money without a unit yet. Jobs that are closed get next to nothing."""
    week = np.arange(weeks)
    runs = (week >= campaigns.first[:, None]) & (week <= campaigns.last[:, None])
    weight = channels.weight[campaigns.channel] * np.exp(0.8 * rng.standard_normal(len(runs)))
    money = runs * weight[:, None] * np.exp(0.3 * rng.standard_normal(runs.shape))
    opened = jobs.opened[campaigns.jobs][:, :, None] <= week
    closed = jobs.closed[campaigns.jobs][:, :, None] <= week
    share = np.where(opened & ~closed, 1.0, 0.02) * (campaigns.jobs >= 0)[:, :, None]
    share[share < 0.1 * share.max(axis=1, keepdims=True)] = 0
    share *= np.exp(0.5 * rng.standard_normal((*campaigns.jobs.shape, 1)) + 0.2 * rng.standard_normal(share.shape))
    amount = money[:, None, :] * share / share.sum(axis=1, keepdims=True)
    campaign, slot, at = np.nonzero(amount)
    return campaign, slot, at, amount[campaign, slot, at]


def _with_giant(amount: Floats, channel: Ints, share: float) -> Floats:
    """The channel that has most gets `share` of all."""
    totals = np.bincount(channel, amount)
    giant = channel == totals.argmax()
    return amount * np.where(giant, share / totals.max(), (1 - share) / (totals.sum() - totals.max()))


def _yields(
    world: World, jobs: Jobs, channels: Channels, own: Floats, channel: Ints, job: Ints, week: Ints
) -> tuple[Floats, Floats]:
    """What each stage yields in each cell: for a channel and campaign without any effect, and for this one."""
    family = jobs.family[job]
    season = world.season * np.sin(2 * np.pi * (week / 52 + jobs.peak[family]))
    base = jobs.of_family[family] + jobs.effect[job] + np.c_[season, 0 * season, season / 2]
    turn = channels.turn[channel] * (week >= channels.turned[channel])[:, None]
    effect = channels.effect[channel] + channels.pair[channel, family] + own + turn
    return np.minimum(np.exp(base), MOST), np.minimum(np.exp(base + effect), MOST)


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())
