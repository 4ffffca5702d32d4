"""Verdicts on channels and campaigns: what is accused, what is not, and why not."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from books import document
from employers import EXPORTED, USUAL, Channel, employer, totals
from hypothesis import given, settings
from hypothesis import strategies as st

import rm_audit
from rm_audit.book import Book
from rm_audit.explaining import explained
from rm_audit.metrics.evidence.draws import noise
from rm_audit.metrics.evidence.fit import Spreads, fit_stage
from rm_audit.metrics.evidence.lags import default_lag, fit_lag
from rm_audit.metrics.evidence.nested import Design
from rm_audit.rendering.explained import five_lines

FEW = settings(max_examples=8, deadline=None, derandomize=True, database=None)
DEAR = Channel("Appcast", dear=3.0)


def judged(of: Book, kind: str = "channel") -> dict[str, dict[str, Any]]:
    """Name → the subject as the report shows it on the day of the export."""
    return {item["name"]: item for item in document(of, as_of=EXPORTED)["subjects"][kind]}


def verdicts(of: Book, kind: str = "channel") -> dict[str, str]:
    return {name: item["verdict"] for name, item in judged(of, kind).items()}


# --- what is accused --------------------------------------------------------------------------------------------


def test_a_channel_at_three_times_the_usual_cost_is_confirmed() -> None:
    """Four usual channels, and one that pays three times as much for an application of the same kind."""
    found = judged(employer([*USUAL, DEAR]))
    assert {name: item["verdict"] for name, item in found.items()} == {
        "Appcast": "confirmed",
        "Dice": "fine",
        "Indeed": "fine",
        "Monster": "fine",
        "Reed": "fine",
    }
    dear = found["Appcast"]
    assert dear["probability_wasteful"] > 0.95
    assert dear["ratio_to_benchmark"]["low"] > 2.0
    assert dear["stages"][0] == {"stage": "applications", "observed": 399, "expected": pytest.approx(1200, rel=0.1)}
    assert dear["verdict_reason"] == "about nine in ten such flags are right"


def test_hard_jobs_do_not_make_a_channel_dear() -> None:
    """A channel that gets engineers alone pays seven times as much a hire as the nurses' channels, and is fine."""
    found = judged(employer([*USUAL, Channel("Appcast", families=["Engineering"], money=6000)]))
    assert found["Appcast"]["cost_per_hire"]["value"] > 3 * found["Indeed"]["cost_per_hire"]["value"]
    assert found["Appcast"]["verdict"] == "fine"


def test_a_campaign_is_judged_beside_its_channel() -> None:
    """All of a dear channel's campaigns are dear; those of a usual one are fine."""
    found = verdicts(employer([*USUAL, DEAR]), "campaign")
    assert found["Appcast, Appcast Nursing"] == "confirmed"
    assert found["Indeed, Indeed Nursing"] == "fine"


def test_the_rule_on_expensive_channels_follows_the_verdict() -> None:
    """It fails on the confirmed channel alone."""
    report = document(employer([*USUAL, DEAR]), as_of=EXPORTED)
    found = [one["subject"]["name"] for one in report["findings"] if one["rule"] == "board-expensive"]
    assert found == ["Appcast"]


def test_a_cfo_reads_why_in_five_lines() -> None:
    """Observed against due, how dear, how sure, what is claimed, and what would change it."""
    report = json.loads(rm_audit.audit(employer([*USUAL, DEAR]), as_of=EXPORTED).to_json())
    finding = next(one for one in report["findings"] if one["rule"] == "board-expensive")
    found = explained(report, "board-expensive", {"channel": "Appcast"})
    assert found is not None
    lines = five_lines(report, finding, found, near=False).splitlines()
    assert [line.split()[0] for line in lines] == ["What", "Rule", "Here", "Money", "Do"]
    assert lines[2].startswith("Here   399 applications where ")
    assert " were due for the money; " in lines[2]
    assert " are usual of so many applications; " in lines[2]
    assert "times the median channel's (" in lines[2]
    assert "sure of twice or more" in lines[2]
    assert "more hires of the same money would put it below twice the usual cost." in lines[4]


# --- what is not accused yet ------------------------------------------------------------------------------------


def test_recent_money_is_too_early_and_says_when() -> None:
    """A channel that began in December has no hires by New Year; that says nothing, and by spring it will."""
    found = judged(employer([*USUAL, Channel("Appcast", dear=1.5, months=[12], money=800)]))["Appcast"]
    assert (found["hires"], found["verdict"]) == (0, "too_early")
    assert "2026-01-15" < found["judged_from"] < "2026-07-01"
    assert found["verdict_reason"].endswith("of its hires can have arrived by now")


def test_a_little_money_is_not_evidence() -> None:
    """Sixty a month that brought nobody: too little was due."""
    found = judged(employer([*USUAL, Channel("Appcast", dear=40.0, money=10.0)]))["Appcast"]
    assert (found["hires"], found["applications"]) == (0, 0)
    assert found["verdict"] in ("cannot_tell", "watch")


@FEW
@given(st.integers(0, 12), st.sampled_from([2.0, 10.0, 100.0]))
def test_nothing_is_confirmed_on_money_that_is_due_fewer_than_ten_outcomes(months: int, dear: float) -> None:
    """Up to 12 months of 12 each for nurses: seven applications at the usual cost."""
    small = Channel("Appcast", dear=dear, families=["Nursing"], money=12.0, months=range(1, months + 1))
    assert verdicts(employer([*USUAL, small])).get("Appcast", "none") != "confirmed"


# --- what cannot be told, and the words for it ------------------------------------------------------------------

FAMILY = "harder jobs may explain a difference in cost; a job family"
STATES = [
    # what the files lack, the verdict on a channel at three times the usual cost, and what its reason says
    ([], "confirmed", "about nine in ten such flags are right"),
    (["Campaign"], "confirmed", "about nine in ten such flags are right"),
    (["Qualified at"], "confirmed", "about nine in ten such flags are right"),
    (["Hired at"], "confirmed", "assumes that hires take about six weeks, for no dates say how long"),
    (["Applied at"], "watch", "likely twice the usual cost; hires alone, without the applications before them"),
    (["Job family"], "cannot_tell", f"a hire costs 3.1 times the median on raw totals; {FAMILY}"),
    (["Month"], "cannot_tell", "recent money may not have brought its hires yet; a date or a month beside the spend"),
    (["Hired at", "Stage"], "cannot_tell", "hires by source are not known; an ATS export with a row an application"),
]


@pytest.mark.parametrize(("drop", "verdict", "words"), STATES)
def test_a_lesser_book_says_less(drop: list[str], verdict: str, words: str) -> None:
    """Each column that is missing changes the words, and where it is needed, the verdict."""
    found = judged(employer([*USUAL, DEAR], drop=drop))["Appcast"]
    assert (found["verdict"], words in found["verdict_reason"]) == (verdict, True), found["verdict_reason"]
    assert (found["probability_wasteful"] is None) == (verdict == "cannot_tell")


SHEETS = [
    ([], "watch", "likely twice the usual cost; totals by month say not how long each hire took"),
    (["Qualified"], "watch", "likely twice the usual cost; totals by month say not how long each hire took"),
    (["Job family"], "cannot_tell", f"a hire costs 3.1 times the median on raw totals; {FAMILY}"),
    (["Month"], "cannot_tell", "recent money may not have brought its hires yet; a date or a month beside the spend"),
    (["Hires"], "cannot_tell", "hires by source are not known; an ATS export with a row an application"),
]


@pytest.mark.parametrize(("drop", "verdict", "words"), SHEETS)
def test_a_sheet_of_totals_says_likely_at_most(drop: list[str], verdict: str, words: str) -> None:
    """One sheet with a row a month, channel and job family, and what it says without some of its columns."""
    found = judged(totals([*USUAL, DEAR], drop=drop))
    assert (found["Appcast"]["verdict"], words in found["Appcast"]["verdict_reason"]) == (verdict, True), found[
        "Appcast"
    ]
    assert "confirmed" not in {item["verdict"] for item in found.values()}


def test_hires_without_a_source_cap_a_verdict() -> None:
    """Where every seventh source is lost, the lost hires could be the dear channel's, and it is watched."""
    dear = Channel("Appcast", dear=2.7)
    assert verdicts(employer([*USUAL, dear]))["Appcast"] == "confirmed"
    found = judged(employer([*USUAL, dear], lost=7))["Appcast"]
    assert (found["verdict"], found["verdict_reason"]) == (
        "watch",
        "14% of all hires have no known source; had this channel lost up to 3 times that share, it could be fine",
    )


def test_a_source_that_is_nearly_the_channels_name_leaves_it_one_to_watch() -> None:
    """Two in three of Dice's applications say 'Die', which may be Dice misspelt, and may be another site."""
    found = judged(employer(USUAL, misspelt=("Dice", "Die")))["Dice"]
    assert (found["verdict"], found["verdict_reason"]) == (
        "watch",
        "likely twice the usual cost, unless the source 'Die' is this channel misspelt; if it is, add 'Die: Dice' "
        "under channels in rm-audit.yaml",
    )


def test_a_verdict_that_the_first_touch_turns_is_none() -> None:
    """Those who applied on Indeed came by Appcast first: as booked Appcast is dear, by the first touch it is not."""
    alone = {channel.name: channel.name for channel in [*USUAL, DEAR]}
    found = judged(employer([*USUAL, DEAR], touches=alone | {"Indeed": "Appcast > Indeed"}))["Appcast"]
    assert found["credit"] == {"first": "fine", "last": "confirmed", "every": "fine"}
    assert found["verdict"] == "watch"
    assert found["verdict_reason"].endswith("fine where the first touch gets the hire")


def test_touches_that_agree_change_nothing() -> None:
    """One touch each: all ways book alike."""
    alone = {channel.name: channel.name for channel in [*USUAL, DEAR]}
    found = judged(employer([*USUAL, DEAR], touches=alone))["Appcast"]
    assert (found["verdict"], set(found["credit"].values())) == ("confirmed", {"confirmed"})


def test_raw_totals_that_say_the_opposite_are_warned_of() -> None:
    """Engineers alone: dear on raw totals, usual for the jobs. Both figures stand in the reason and in a warning."""
    report = document(employer([*USUAL, Channel("Appcast", families=["Engineering"], money=6000)]), as_of=EXPORTED)
    found = next(item for item in report["subjects"]["channel"] if item["name"] == "Appcast")
    both = "4.3 times the median on raw totals, 1.1 times for the same jobs"
    assert found["verdict_reason"].endswith(both)
    assert [item["message"] for item in report["problems"] if item["code"] == "crude-and-adjusted"] == [
        f"raw totals mislead: Appcast: {both}"
    ]


def test_without_campaigns_the_channels_are_judged_all_the_same() -> None:
    """No file names a campaign."""
    assert verdicts(employer([*USUAL, DEAR], drop=["Campaign"]))["Appcast"] == "confirmed"


def test_without_screens_two_stages_are_compared() -> None:
    """Applications and hires alone."""
    found = judged(employer([*USUAL, DEAR], drop=["Qualified at"]))["Appcast"]
    assert [stage["stage"] for stage in found["stages"]] == ["applications", "hires"]
    assert found["verdict"] == "confirmed"


def test_a_list_of_hires_is_compared_with_what_is_assumed_of_their_lag() -> None:
    """Hires with a day and a source, and no applications: the usual lag is taken, and said."""
    found = judged(employer([*USUAL, DEAR], hires_only=True))["Appcast"]
    assert [stage["stage"] for stage in found["stages"]] == ["hires"]
    assert found["verdict_reason"].endswith("assumes that hires take about six weeks, for no dates say how long")


def test_two_channels_are_no_benchmark() -> None:
    """The median of two says nothing."""
    found = judged(employer([USUAL[0], DEAR]))["Appcast"]
    assert found["verdict"] == "cannot_tell"
    assert found["verdict_reason"].startswith("with fewer than three advertised channels")


# --- what changes nothing ---------------------------------------------------------------------------------------


@FEW
@given(st.sampled_from(["Xing", "StepStone", "Adzuna", "Totaljobs"]), st.sampled_from([700.0, 1500.0, 3000.0]))
def test_an_innocent_channel_flips_no_verdict(name: str, money: float) -> None:
    """A usual channel more, and every other verdict stands."""
    before = verdicts(employer([*USUAL, DEAR]))
    after = verdicts(employer([*USUAL, DEAR, Channel(name, money=money)]))
    assert {key: value for key, value in after.items() if key != name} == before
    assert after[name] == "fine"


@FEW
@given(st.sampled_from([0.25, 4.0, 1000.0]))
def test_the_unit_of_money_changes_no_verdict(scale: float) -> None:
    """The same book in a currency of another size."""
    one, other = judged(employer([*USUAL, DEAR])), judged(employer([*USUAL, DEAR], scale=scale))
    for name in one:
        assert other[name]["verdict"] == one[name]["verdict"]
        assert other[name]["probability_wasteful"] == pytest.approx(one[name]["probability_wasteful"], abs=0.002)
        assert other[name]["ratio_to_benchmark"]["value"] == pytest.approx(one[name]["ratio_to_benchmark"]["value"])


def test_the_same_book_gives_the_same_bytes() -> None:
    """Draws are made of names, not of chance."""
    one, other = (json.dumps(judged(employer([*USUAL, DEAR])), sort_keys=True) for _ in range(2))
    assert one == other


# --- volume up, quality down ------------------------------------------------------------------------------------


def test_cheaper_applications_that_are_hired_less_often_are_a_trend() -> None:
    """From July on half the money an application, and a third of the screens passed."""
    turned = Channel("Appcast", late=(0.5, 3.0))
    found = {name: item["quality_trend"]["verdict"] for name, item in judged(employer([*USUAL, turned])).items()}
    assert found["Appcast"] == "volume_up_quality_down"
    assert {found[channel.name] for channel in USUAL} == {"none"}


def test_a_change_of_all_channels_is_no_channels_trend() -> None:
    """All of them became cheaper and poorer: the market did."""
    names = ["Indeed", "Monster", "Dice", "Reed", "Appcast"]
    found = judged(employer([Channel(name, late=(0.5, 3.0)) for name in names]))
    assert "volume_up_quality_down" not in {item["quality_trend"]["verdict"] for item in found.values()}


# --- the parts --------------------------------------------------------------------------------------------------


def test_lags_are_not_too_short_where_the_data_are_young() -> None:
    """True median 60 days, of which only lags shorter than their age are seen: their plain median is under 52."""
    source = np.random.default_rng(5)
    lag, age = source.lognormal(np.log(60), 0.5, 20_000), source.uniform(1, 150, 20_000)
    seen = lag <= age
    found = fit_lag(lag[seen], age[seen], np.zeros(seen.sum(), dtype=np.int64), 1, default_lag(1))
    assert np.median(lag[seen]) < 52
    assert float(np.exp(found.middle[0])) == pytest.approx(60, rel=0.08)
    assert float(found.spread[0]) == pytest.approx(0.5, rel=0.08)


def test_a_fitted_stage_expects_as_many_as_were_seen() -> None:
    """The level is free, so expected counts add up to the counts."""
    source = np.random.default_rng(7)
    design = Design(
        pair=np.arange(12) // 2,
        unit=np.arange(12),
        channel=np.repeat(np.arange(3), 2),
        family=np.tile(np.arange(2), 3),
        channels=3,
        families=2,
        units=12,
    )
    seen = source.poisson(20, 12).astype(float)
    stage = fit_stage(design, seen, np.full(12, 100.0), Spreads(0.4, 0.35))
    assert stage.rate.sum() == pytest.approx(seen.sum(), rel=1e-3)
    assert np.all(np.linalg.eigvalsh(stage.curve.stiff) > 0)


def test_a_name_has_its_own_numbers() -> None:
    """Standard normal, and the same each time, whatever other names there are."""
    first, other = noise(["channel A", "channel B"])
    assert np.array_equal(noise(["channel A"])[0], first)
    assert not np.array_equal(first, other)
    assert first.mean() == pytest.approx(0.0, abs=0.06)
    assert first.std() == pytest.approx(1.0, abs=0.05)
