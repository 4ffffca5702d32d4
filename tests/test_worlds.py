"""The employers of `worlds.py`: the same every time, true by hand, and each world of the shape that it claims."""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from making import Case, told
from scipy import stats
from simulated.market import FREE, Cells, Market, market_of
from simulated.people import fates_of, people_of, written
from simulated.shapes import WORLDS, Floats, lags, tailed, world_of
from simulated.truth import truth_of
from worlds import Employer, main, make_employer, write

SEED = 4021


@lru_cache(maxsize=40)
def employer_of(world: str, index: int) -> Employer:
    return make_employer(SEED, index, world)


def employers(world: str, count: int = 12) -> list[Employer]:
    return [employer_of(world, index) for index in range(count)]


def markets(world: str, count: int = 20) -> list[tuple[np.random.Generator, Market]]:
    rngs = [np.random.default_rng([SEED, index]) for index in range(count)]
    return [(rng, market_of(rng, world_of(world, rng))) for rng in rngs]


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, count in (("once", 2), ("again", 2), ("more", 3)):
        main(["--world", "all", "--seed", "7", "--employers", str(count), "--out", str(tmp_path / name)])
    once, again, more = (files_in(tmp_path / name) for name in ("once", "again", "more"))
    assert once == again
    own = [
        f"{employer}/{file}"
        for employer in ("e0000", "e0001")
        for file in ("applications.csv", "meta.json", "spend.csv")
    ]
    assert sorted(once) == [*own, "source_map.csv", "truth.csv"]
    assert {name: more[name] for name in own} == {name: once[name] for name in own}
    assert more["truth.csv"].startswith(once["truth.csv"])
    assert capsys.readouterr().out.startswith("2 employers of the world all in ")


def test_seed_number_and_world_each_make_another_employer() -> None:
    spends = [
        make_employer(*which).spend["spend"].sum()
        for which in ((1, 0, "t3"), (2, 0, "t3"), (1, 1, "t3"), (1, 0, "gamma"))
    ]
    assert len(set(spends)) == 4


def test_truth_can_be_had_by_hand() -> None:
    """An ordinary channel needs $100 a hire on easy jobs (.1 x .5 x .2 hires a dollar) and $200 on hard ones.

    Steady buys a hire at $100, first as everybody does, then with twice the applications of half the quality.
    Hardjobs needs $250 where $200 is ordinary: 1.25 times, dear only on paper. Rubbish needs $500 where $100 is
    ordinary: 5 times. Tiny has 0.7% of the spend and no say. The median of 1, 1.25 and 5 is 1.25, so Rubbish is at 4.
    """
    easy, hard = (0.1, 0.5, 0.2), (0.05, 0.5, 0.2)
    rows = [
        # channel, campaign, week, dollars, ordinary, in truth
        (0, 0, 0, 500, easy, easy),
        (0, 0, 9, 500, easy, (0.2, 0.25, 0.2)),
        (1, 1, 0, 1000, hard, (0.04, 0.5, 0.2)),
        (2, 2, 0, 600, easy, (0.1, 0.1, 0.2)),
        (2, 3, 0, 400, easy, (0.1, 0.1, 0.2)),
        (3, 4, 9, 20, easy, (0.4, 0.5, 0.2)),
    ]
    channel, campaign, week, dollars, ordinary, actual = (np.array(part) for part in zip(*rows, strict=True))
    cells = Cells(channel, campaign, campaign, week, dollars, ordinary, actual)
    channels = np.array(["Steady", "Hardjobs", "Rubbish", "Tiny", "Never used"])
    campaigns = np.array(["s", "h", "r1", "r2", "t"])
    truth = truth_of(cells, channels, campaigns, np.array([0, 1, 2, 2, 3]), week > 4)
    columns = ["level", "name", "spend", "true_hires", "rel_cph", "rel_cpq", "wasteful", "excess_spend", "vuqd"]
    assert truth[columns].round(6).to_numpy().tolist() == [
        ["channel", "Steady", 1000, 10, 0.8, 0.8, 0, 0, 1],
        ["channel", "Hardjobs", 1000, 4, 1.0, 1.0, 0, 0, 0],
        ["channel", "Rubbish", 1000, 2, 4.0, 4.0, 1, 750, 0],
        ["channel", "Tiny", 20, 0.8, 0.2, 0.2, 0, 0, 0],
        ["campaign", "s", 1000, 10, 0.8, 0.8, 0, 0, 1],
        ["campaign", "h", 1000, 4, 1.0, 1.0, 0, 0, 0],
        ["campaign", "r1", 600, 1.2, 4.0, 4.0, 1, 450, 0],
        ["campaign", "r2", 400, 0.8, 4.0, 4.0, 1, 300, 0],
        ["campaign", "t", 20, 0.8, 0.2, 0.2, 0, 0, 0],
    ]
    steady = truth.iloc[0]
    assert (steady["cpa_ratio"], steady["hire_rate_ratio"]) == (0.5, 0.5)
    assert steady["cph_std"] == pytest.approx(1.0 * 3020 / 25.2)  # 25.2 hires at ordinary channels: $120 each
    assert steady["rel_loo"] == pytest.approx(1.0 / (15.2 / 6.8))  # the others need 2.2 times as much


@pytest.mark.parametrize("world", WORLDS)
def test_truth_is_about_the_spend_that_is_written(world: str) -> None:
    for employer in employers(world, 2):
        for level in ("channel", "campaign"):
            truth = employer.truth[employer.truth["level"] == level].set_index("name")["spend"]
            spent = employer.spend.groupby(level)["spend"].sum()
            assert truth.sort_index().to_dict() == pytest.approx(spent.to_dict())
        channels = employer.truth[employer.truth["level"] == "channel"]
        votes = channels[channels["spend"] >= 0.01 * channels["spend"].sum()]
        assert votes["rel_cph"].median() == pytest.approx(1)


@pytest.mark.parametrize("world", WORLDS)
def test_dates_are_in_order_and_not_after_the_snapshot(world: str) -> None:
    for employer in employers(world, 2):
        table = employer.applications
        steps = ["applied_at", "qualified_at", "interviewed_at", "offered_at", "hired_at"]
        for before, after in pairwise(steps):
            assert (table[after].isna() | (table[before] <= table[after])).all(), after
        assert table[[*steps, "rejected_at"]].max().max() <= employer.snapshot
        assert not (table["hired_at"].notna() & table["rejected_at"].notna()).any()
        assert 50 <= table["hired_at"].notna().sum() <= 2500


def test_campaigns_that_are_named_on_applications_are_of_their_channel() -> None:
    employer = employers("plain")[0]
    meant = employer.source_map.set_index("source")["channel"]
    tagged = employer.applications.query("campaign != ''")
    assert len(tagged) > 100
    assert (tagged["campaign"].str.split(" - ").str[0] == tagged["source"].map(meant)).all()


@pytest.mark.parametrize(
    ("law", "form", "expected"),
    [
        ("lognormal", 0.5, stats.lognorm(0.5, scale=30)),
        ("gamma", 0.8, stats.gamma(0.8, scale=30 / stats.gamma(0.8).median())),
        ("weibull", 0.7, stats.weibull_min(0.7, scale=30 / stats.weibull_min(0.7).median())),
    ],
)
def test_lags_have_their_median_and_the_quantiles_of_their_law(law: str, form: float, expected: object) -> None:
    days = lags(np.random.default_rng(1), law, np.full(40_000, 30.0), np.full(40_000, form))
    wanted = [expected.ppf(share) for share in (0.1, 0.5, 0.9)]  # type: ignore[attr-defined]
    assert np.quantile(days, (0.1, 0.5, 0.9)) == pytest.approx(wanted, rel=0.06)
    assert wanted[1] == pytest.approx(30)


def log_days_to_hire(world: str) -> Floats:
    """Of hires of applications that are older than 250 days: logarithms about the mean of their family."""
    parts = []
    for employer in employers(world):
        table, known = employer.applications, employer.snapshot - 250
        old = table[(table["applied_at"] < known) & table["hired_at"].notna()]
        days = np.log((old["hired_at"] - old["qualified_at"]).dt.days.clip(1))
        parts.append(days - days.groupby(old["job_family"]).transform("mean"))
    return pd.concat(parts).to_numpy()


def test_lags_in_the_files_lean_to_the_quick_side_where_they_are_gamma_or_weibull() -> None:
    assert abs(stats.skew(log_days_to_hire("plain"))) < 0.35
    assert stats.skew(log_days_to_hire("gamma")) < -0.6
    assert stats.skew(log_days_to_hire("weibull")) < -0.6


def dispersion(world: str, by: str) -> float:
    """Pearson's: mean of (count - mean)^2 / mean of applications; 1 where they are Poisson."""
    squares = []
    for rng, market in markets(world):
        cells, people = market.cells, people_of(rng, market)
        mean = cells.dollars * cells.actual[:, 0]
        count = np.bincount(people.cell[people.cell >= 0], minlength=len(mean))
        unit = cells.channel * market.weeks + cells.week if by == "week" else np.arange(len(mean))
        expected, seen = np.bincount(unit, mean), np.bincount(unit, count)
        squares.append((seen - expected)[expected > 1] ** 2 / expected[expected > 1])
    return float(np.concatenate(squares).mean())


def test_counts_are_poisson_in_the_plain_world_and_far_from_it_where_they_are_clumped() -> None:
    assert dispersion("plain", "cell") == pytest.approx(1, abs=0.1)
    assert dispersion("plain", "week") == pytest.approx(1, abs=0.1)
    assert dispersion("clumped", "cell") > 4
    assert dispersion("clumped", "week") > 1.5 * dispersion(
        "clumped", "cell"
    )  # what a week shares does not average out


def test_effects_have_heavy_tails_where_that_is_said() -> None:
    far = {tail: np.abs(tailed(np.random.default_rng(5), tail, (60_000,))) for tail in ("normal", "t3", "mixture")}
    assert np.mean(far["normal"] > 3) == pytest.approx(0.0027, abs=0.001)
    assert all(np.mean(far[tail] > 3) > 0.02 for tail in ("t3", "mixture"))
    assert all(np.median(far[tail]) < 1.1 * np.median(far["normal"]) for tail in far)


@pytest.mark.parametrize("world", ["t3", "mixture"])
def test_campaigns_of_the_market_have_them_too(world: str) -> None:
    def kurtosis(name: str) -> float:
        return float(stats.kurtosis(np.concatenate([market.campaigns.effect[:, 0] for _, market in markets(name)])))

    assert kurtosis(world) > kurtosis("plain") + 2


def test_openings_cap_hires_and_the_first_are_taken() -> None:
    shares = []
    for rng, market in markets("capped", 6):
        people = people_of(rng, market)
        roomy = dataclasses.replace(market, world=dataclasses.replace(market.world, openings=None))
        some, every = (fates_of(np.random.default_rng(8), way, people)["hired_at"] for way in (market, roomy))
        day = 7 * people.week + every
        hired, missed = np.isfinite(some), np.isfinite(every) & ~np.isfinite(some)
        assert np.isfinite(every)[hired].all()
        last = pd.Series(day[hired]).groupby(people.job[hired]).max()
        first = pd.Series(day[missed]).groupby(people.job[missed]).min()
        assert set(first.index) <= set(last.index)  # a job that would have hired has one opening at least
        assert (first >= last[first.index]).all()
        shares.append(hired.sum() / np.isfinite(every).sum())
    assert 0.4 < np.mean(shares) < 0.75


def seasons(world: str) -> tuple[float, float]:
    """How many times more a dollar brings at the best time of the year, and how far the families' best weeks differ."""
    swings, peaks = [], []
    for _, market in markets(world):
        cells, jobs = market.cells, market.jobs
        family = jobs.family[cells.job]
        yields = np.log(cells.ordinary[:, 0]) - (jobs.of_family[family] + jobs.effect[cells.job])[:, 0]
        best = []
        for number in np.unique(family):
            by_week = pd.Series(yields[family == number]).groupby(cells.week[family == number] % 52).mean()
            swings.append(np.exp(by_week.max() - by_week.min()))
            best.append(np.exp(2j * np.pi * by_week.idxmax() / 52))
        peaks.append(1 - abs(np.mean(best)))
    return float(np.median(swings)), float(np.median(peaks))


def test_seasons_are_strong_and_at_another_time_for_each_family() -> None:
    strong, mild = seasons("seasonal"), seasons("plain")
    assert strong[0] > 3 > 1.3 > mild[0]
    assert strong[1] > 0.3 > 0.2 > mild[1]


def lost_sources(world: str) -> list[Floats]:
    """Of each employer, the share of applications of each larger channel that do not have it as their source."""
    shares = []
    for rng, market in markets(world, 8):
        people = people_of(rng, market)
        said, meant = written(rng, market, people)
        names = np.array([*market.channels.names, *FREE])[people.source]
        lost = said["source"].map(dict(zip(meant["source"], meant["channel"], strict=True))) != names
        per_channel = lost.groupby(people.source).agg(["mean", "size"])
        shares.append(
            per_channel["mean"][
                (per_channel["size"] > 300) & (per_channel.index < len(market.channels.names))
            ].to_numpy()
        )
    return shares


def test_channels_differ_in_how_many_sources_are_lost() -> None:
    assert all(np.ptp(shares) < 0.08 for shares in lost_sources("plain"))
    assert np.median([np.ptp(shares) for shares in lost_sources("leaky")]) > 0.2
    assert max(shares.max() for shares in lost_sources("leaky")) < 0.45


def test_more_than_a_third_of_the_channels_are_wasteful_where_that_is_said() -> None:
    truths = {world: pd.concat([one.truth for one in employers(world)]) for world in ("plain", "manybad")}
    share = {world: truth.groupby("level")["wasteful"].mean() for world, truth in truths.items()}
    assert share["manybad"]["channel"] > 1 / 3
    assert share["plain"].between(0.08, 0.3).all()


def test_one_channel_has_half_of_the_spend() -> None:
    for employer in employers("giant"):
        spent = employer.spend.groupby("channel")["spend"].sum()
        assert 0.46 < spent.max() / spent.sum() < 0.56


def test_speed_shows_in_the_days_to_a_hire() -> None:
    assert all(np.ptp(market.channels.speed) == 0 for _, market in markets("plain"))
    assert np.median([np.ptp(np.log(market.channels.speed)) for _, market in markets("speeds")]) > np.log(3)
    rng, market = markets("speeds", 1)[0]
    people = people_of(rng, market)
    days = fates_of(rng, market, people)["hired_at"]
    paid = np.isfinite(days) & (people.cell >= 0)
    per_channel = pd.Series(np.log(days[paid])).groupby(people.source[paid]).agg(["mean", "size"]).query("size >= 10")
    speed = np.log(market.channels.speed)[per_channel.index]
    assert np.corrcoef(per_channel["mean"], speed)[0, 1] > 0.7


def test_nothing_tells_the_family_where_families_are_absent() -> None:
    for employer in employers("nofamilies"):
        for table in (employer.spend, employer.applications):
            assert "job_family" not in table
            assert table["campaign"].str.fullmatch(r"|.+ - Push \d+").all()
    assert "job_family" in employers("plain")[0].spend


def test_the_world_of_all_mixes_the_shapes() -> None:
    rngs = [np.random.default_rng(number) for number in range(200)]
    drawn = [world_of("all", rng) for rng in rngs]
    assert {world.lag for world in drawn} == {"lognormal", "gamma", "weibull"}
    assert {world.tail for world in drawn} == {"normal", "t3", "mixture"}
    for field in ("clump", "openings", "season", "loss", "bad", "giant", "speed_sd", "families"):
        differ = np.mean([getattr(world, field) != getattr(WORLDS["plain"], field) for world in drawn])
        assert 0.3 < differ < 0.5, field


@pytest.mark.parametrize("world", ["plain", "nofamilies", "all"])
def test_the_files_of_a_world_are_read_to_the_cent(world: str, tmp_path: Path) -> None:
    employer = min(employers(world, 4), key=lambda one: len(one.applications))
    write(employer, tmp_path)
    spend, applications = ("inputs.1.sheets.0", "inputs.0.sheets.0")
    asked = {
        f"{spend}.amount.read": 0,
        f"{spend}.rows.read": 0,
        f"{applications}.rows.read": 0,
        f"{applications}.table": 0,
    }
    out = told(Case("", f"analyze {employer.name} --as-of {employer.snapshot} --format json", 0, json=asked), tmp_path)
    assert (out.exit, "error" in out.stderr) == (0, False)  # what the audit has to say of the employer is said
    assert list(out.json.values()) == [
        pytest.approx(employer.spend["spend"].sum()),
        len(employer.spend),
        len(employer.applications),
        "applications",
    ]
