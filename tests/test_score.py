"""The score: the formulas of design/rules.md by hand, on results small enough for a page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from books import book, document, rule, rules, subjects
from hypothesis import given, settings
from hypothesis import strategies as st

from rm_audit.config import Config
from rm_audit.findings import State
from rm_audit.ledger import Claim, Ledger
from rm_audit.rulebook.model import Rule
from rm_audit.rulebook.run import CENT, Result, judge
from rm_audit.score import Score, numbers, score

TWO = """
Month,Channel,Spend,Clicks
2026-01,Indeed,100,10
2026-01,Monster,300,10
"""


def money(id: str, flag: str, amount: str, money_class: str = "unproven", **fields: str) -> Rule:
    """A rule that claims an amount where its flag is true."""
    claim = f"{{class: {money_class}, step: statistical, amount: {amount}}}"
    return rule(**{"id": id, "flag": flag, "money": claim, **fields})


def scored(*found: Rule, spend: str = TWO, config: Config | None = None) -> Any:
    return document(book(config, spend=spend), rules(*found), config)["score"]


def parts(alignment: tuple[float, float], practice: tuple[float, float], trust: tuple[float, float]) -> Any:
    """The three parts as the report shows them: value and coverage."""
    names = {"alignment": alignment, "practice": practice, "trust": trust}
    return {name: {"value": value, "coverage": coverage} for name, (value, coverage) in names.items()}


CLAIM = money("m-claim", "spend < 200", "spend * 0.5", weight="2")  # Indeed fails: 50 of the 400 are claimed
BLIND = money("m-blind", "impressions > 0", "spend")  # nobody knows the impressions
HALF = rule(id="p-half", flag="spend < 200")  # Indeed fails, Monster passes
EARNED = rule(id="t-earned", kind="trust", earn="spend > 0", grain="[portfolio]")
DARK = rule(id="t-dark", kind="trust", earn="rated > 0", grain="[portfolio]", weight="4")


def test_the_numbers_of_the_design() -> None:
    """scoring.yaml holds the numbers of the formulas."""
    assert dict(numbers()) == {
        "alignment": 0.70, "practice": 0.20, "trust": 0.10,
        "judged_half": 0.5, "misdirected_weight": 0.5, "least_coverage": 0.20,
    }  # fmt: skip


def test_the_whole_score_by_hand() -> None:
    """A = 1 - 50/200 = .75, judged by weights 2 of 3; P = 1/2, all judged; T = 1, weight 1 of 5 judged.

    value = 100 · .75 · (.70 + .20·.5 + .10·.2·1) / (.70 + .20 + .10·.2) = 75 · .82 / .92 = 66.8
    coverage = .70·2/3 + .20 + .10·.2 = .6867
    low = 100 · (.75·2/3) · (.70 + .10 + .02) = 41
    high = 100 · (.75·2/3 + 1/3) · (.70 + .20·.5 + .10·(.2 + .8)) = 83.33 · .9 = 75
    """
    assert scored(CLAIM, BLIND, HALF, EARNED, DARK) == {
        "value": 66.8,
        "low": 41.0,
        "high": 75.0,
        "coverage": 0.6867,
        "parts": parts((0.75, 0.6667), (0.5, 1.0), (1.0, 0.2)),
    }


def test_misdirected_money_counts_half() -> None:
    """40 misdirected: A = 1 - 20/200 = .9; value = 90 · (.70 + .10 + .10) = 81."""
    milder = money("m-claim", "spend < 200", "spend * 0.4", "misdirected")
    assert scored(milder, HALF, EARNED) == {
        "value": 81.0,
        "low": 81.0,
        "high": 81.0,
        "coverage": 1.0,
        "parts": parts((0.9, 1.0), (0.5, 1.0), (1.0, 1.0)),
    }


@pytest.mark.parametrize(("claimed", "value"), [("200", 0.0), ("400", 0.0), ("0", 100.0), ("100", 50.0), ("199", 0.5)])
def test_half_of_the_judged_money_claimed_is_zero(claimed: str, value: float) -> None:
    """All 400 are judged: 200 claimed is 0, whatever else shines; nothing claimed is 100."""
    wanting = money("m", "spend > 0", f"{claimed} + 0 * spend", grain="[portfolio]")
    assert scored(wanting, EARNED)["value"] == value


def test_money_that_no_rule_judged_is_no_part_of_a() -> None:
    """Only Indeed's 100 are judged, and 25 of them claimed: A = 1 - 25/50."""
    narrow = money("m", "spend < 200", "25 + 0 * spend", where='channel == "Indeed"')
    assert scored(narrow, EARNED)["parts"]["alignment"]["value"] == 0.5


def test_what_does_not_apply_leaves_the_sums_and_what_is_unknown_counts_as_not_judged() -> None:
    """Three practice rules: one not applicable, one not evaluated, one failing on one of two. P = .5, cP = 1/2."""
    away = rule(id="p-away", where="spend > 9999", flag="spend > 0", weight="50")
    dark = rule(id="p-dark", flag="impressions > 0")
    found = scored(CLAIM, HALF, away, dark, EARNED)
    assert found["parts"]["practice"] == {"value": 0.5, "coverage": 0.5}


def test_a_rule_weighs_its_subjects_by_its_own_unit() -> None:
    """By spend, Monster's 300 of 400 pass: P = .75 and not .5."""
    by_spend = rule(id="p-spend", flag="spend < 200", unit="spend")
    assert scored(CLAIM, by_spend, EARNED)["parts"]["practice"] == {"value": 0.75, "coverage": 1.0}


def test_hygiene_and_rules_under_trial_are_no_part_of_the_score() -> None:
    """A failing hygiene rule and a failing preview rule change nothing."""
    dirty = rule(id="h", kind="hygiene", flag="spend > 0")
    trial = rule(id="p-trial", status="preview", flag="spend > 0")
    assert scored(CLAIM, HALF, EARNED, dirty, trial) == scored(CLAIM, HALF, EARNED)


def test_under_a_coverage_of_a_fifth_there_is_no_value() -> None:
    """One money rule of weight 8 in 100 was judged: coverage .7·.08 + .10 = .156 and no value, but both ends."""
    judged = money("m-judged", "spend < 200", "spend * 0.5", weight="8")
    blind = money("m-blind", "impressions > 0", "spend", weight="92")
    dark = rule(id="p-dark", flag="impressions > 0")
    assert scored(judged, blind, dark, EARNED) == {
        "value": None,
        "low": 4.8,
        "high": 98.0,
        "coverage": 0.156,
        "parts": parts((0.75, 0.08), (0.0, 0.0), (1.0, 1.0)),
    }


def test_at_a_coverage_of_just_a_fifth_there_is_a_value() -> None:
    """Weight 1 of 7: coverage = .70/7 + .10 = .20 exactly."""
    judged = money("m-judged", "spend < 0", "spend", weight="1")
    blind = money("m-blind", "impressions > 0", "spend", weight="6")
    dark = rule(id="p-dark", flag="impressions > 0")
    found = scored(judged, blind, dark, EARNED)
    assert (found["coverage"], found["value"]) == (0.2, 100.0)


def test_where_no_money_was_judged_there_is_no_value() -> None:
    """Practice and trust shine, coverage is .30, and nobody judged a dollar: null."""
    found = scored(BLIND, HALF, EARNED)
    assert (found["value"], found["coverage"]) == (None, 0.3)


def test_no_spend_and_no_plan_is_no_score() -> None:
    """A list of hires alone: null, from 0 to what the trust rules allow."""
    ats = "Source,Hired at\nIndeed,2026-01-05\n"
    assert document(book(ats=ats))["score"]["value"] is None


def test_a_play_that_is_not_used_leaves_the_sums_and_nothing_else_does() -> None:
    """`plays_not_used: [advocacy]` takes its rules out; else what nothing was brought for lowers coverage."""
    dark = rule(id="p-dark", play="advocacy", flag="impressions > 0", weight="1")
    without_it = Config(plays_not_used=("advocacy",))
    assert scored(CLAIM, HALF, dark, EARNED)["parts"]["practice"] == {"value": 0.5, "coverage": 0.5}
    assert scored(CLAIM, HALF, dark, EARNED, config=without_it)["parts"]["practice"] == {"value": 0.5, "coverage": 1.0}


def test_a_file_that_was_left_at_home_counts_against_coverage() -> None:
    """A practice rule about sequences has no subject at all: it stays in the sums, as not judged."""
    sequences = rule(id="p-seq", play="nurture", grain="[sequence]", flag="steps > 4")
    assert scored(CLAIM, HALF, sequences, EARNED)["parts"]["practice"] == {"value": 0.5, "coverage": 0.5}


def test_a_plays_score_is_the_same_sums_over_its_own_rules() -> None:
    """job-boards has the claim and the half practice: 100 · .75 · (.70 + .20·.5) / .90 = 66.7; trust earned 100."""
    plays = {
        play["id"]: play
        for play in document(book(spend=TWO), rules(CLAIM, HALF, replace(EARNED, play="trust")))["plays"]
    }
    assert {id: (play["score"], play["coverage"]) for id, play in plays.items() if play["coverage"]} == {
        "job-boards": (66.7, 1.0),
        "trust": (100.0, 1.0),
    }
    assert plays["job-boards"]["money"] == {"avoidable": 0.0, "unproven": 50.0, "misdirected": 0.0, "upcoming": 0.0}
    assert plays["nurture"]["score"] is None


def test_a_plan_alone_is_judged_on_its_budget() -> None:
    """4,000 of 16,000 have no KPI: misdirected, counted half: A = 1 - 2000/8000 = .75."""
    plan = "Line,Budget,KPI\nVideo,4000,\nReferral,12000,hires\n"
    no_kpi = money("plan-kpi", "not has_kpi", "budget", "misdirected", play="plan", grain="[line]")
    report = document(book(plan=plan), rules(no_kpi, EARNED))
    assert report["money"]["basis"] == "plan"
    assert report["score"]["parts"]["alignment"] == {"value": 0.75, "coverage": 1.0}


# --- random states ----------------------------------------------------------------------------------------------

ALL = [State.PASS, State.FAIL, State.CANNOT_TELL, State.NOT_APPLICABLE, State.NOT_EVALUATED, State.WAIVED, State.ERROR]
ROWS = st.lists(st.tuples(st.integers(0, 5000), *[st.sampled_from(ALL)] * 4, st.floats(0, 1)), min_size=1, max_size=5)


def _random(rows: list[tuple[Any, ...]]) -> Score:
    frame = subjects(["channel"], *[{"channel": str(n), "spend": row[0] / 100} for n, row in enumerate(rows)])
    frame = replace(frame, rows={"spend": [np.array([n], dtype=np.int64) for n in range(len(rows))]})
    ledger = Ledger(pd.DataFrame({"amount": pd.Series([row[0] * CENT for row in rows], dtype="Int64")}), "amount")
    results: list[Result] = []
    for number, found in enumerate((CLAIM, BLIND, HALF, replace(EARNED, grain=("channel",)))):
        states = np.array([row[1 + number] for row in rows], dtype=object)
        results.append(replace(judge(replace(found, weight=1.0 + number), frame), states=states))
    claims = [
        Claim(results[0], n, "spend", np.array([n], dtype=np.int64), int(row[0] * row[5]) * CENT)
        for n, row in enumerate(rows)
        if row[1] == State.FAIL
    ]
    for claim in claims:
        ledger.grant(claim)
    return score(results, {"spend": ledger}, claims, "spend")


@given(ROWS)
@settings(max_examples=200, deadline=None)
def test_low_value_and_high_stand_in_this_order(rows: list[tuple[Any, ...]]) -> None:
    """Whatever the states: 0 <= low <= value <= high <= 100, and everything judged leaves no distance."""
    found = _random(rows)
    assert -1e-9 <= found.low <= found.high + 1e-9 <= 100 + 2e-9
    if found.value is not None:
        assert found.low - 1e-9 <= found.value <= found.high + 1e-9
    if found.coverage == pytest.approx(1.0, abs=1e-12):
        assert found.low == pytest.approx(found.high)


@given(ROWS)
@settings(max_examples=100, deadline=None)
def test_a_waived_verdict_counts_as_a_fail(rows: list[tuple[Any, ...]]) -> None:
    """Turning practice fails into waivers changes no number of the score."""
    waived = [(*row[:3], State.WAIVED if row[3] == State.FAIL else row[3], *row[4:]) for row in rows]
    assert _random(waived) == _random(rows)
