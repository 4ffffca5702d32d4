"""Who claims which dollar: no dollar twice, and claimed + unclaimed = examined, to the cent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from books import book, ctx, document, rule, rules, subjects
from hypothesis import given, settings
from hypothesis import strategies as st

from rm_audit.ledger import Claim, Ledger, settle
from rm_audit.metrics.frames import Frames, frame
from rm_audit.pots import pots_of, spread
from rm_audit.rulebook.model import Rule
from rm_audit.rulebook.run import CENT, judge


def claiming(id: str, step: str, amount: str, money_class: str = "unproven", **fields: str) -> Rule:
    """A rule that fails wherever money was spent, and claims an amount."""
    money = f"{{class: {money_class}, step: {step}, amount: {amount}}}"
    return rule(**{"id": id, "flag": "spend > 0", "money": money, **fields})


def claims(report: Any) -> dict[str, tuple[float, float, list[str]]]:
    """Finding → (amount that was granted, amount that was wanted, who else wanted it)."""
    return {f["id"]: (f["money"]["amount"], f["money"]["wanted"], f["also_flagged_by"]) for f in report["findings"]}


def totals(report: Any) -> tuple[float, ...]:
    return tuple(
        report["money"][name] for name in ("examined", "avoidable", "unproven", "misdirected", "unclaimed", "upcoming")
    )


HUNDRED = """
Month,Channel,Spend
2026-01,Indeed,100
"""


def test_no_dollar_is_claimed_twice() -> None:
    """Three rules want 30, 60 and all of the same 100. The first step gets its 30; each later one gets what it wants
    over and above what is claimed there, for two doubts about one row are likely to be the same doubt."""
    wanted = [
        claiming("late", "misdirected", "100 + 0 * spend", "misdirected"),
        claiming("middle", "statistical", "60 + 0 * spend"),
        claiming("sure", "contracts", "30 + 0 * spend", "avoidable"),
    ]
    report = document(book(spend=HUNDRED), rules(*wanted))
    assert claims(report) == {
        "sure[channel=Indeed]": (30.0, 30.0, ["middle[channel=Indeed]", "late[channel=Indeed]"]),
        "middle[channel=Indeed]": (30.0, 60.0, ["late[channel=Indeed]"]),
        "late[channel=Indeed]": (40.0, 100.0, []),
    }
    assert totals(report) == (100.0, 30.0, 30.0, 40.0, 0.0, 0.0)


def test_two_doubts_about_the_same_money_count_at_the_larger_one() -> None:
    """Both want 60 of 100: 60 are claimed, by the first, and the second is named beside it."""
    report = document(
        book(spend=HUNDRED),
        rules(claiming("b", "statistical", "60 + 0 * spend"), claiming("a", "statistical", "60 + 0 * spend")),
    )
    assert claims(report) == {
        "a[channel=Indeed]": (60.0, 60.0, ["b[channel=Indeed]"]),
        "b[channel=Indeed]": (0.0, 60.0, []),
    }
    assert totals(report) == (100.0, 0.0, 60.0, 0.0, 40.0, 0.0)


def test_claims_are_made_in_the_order_of_the_steps() -> None:
    """Seven rules want all of it; whoever stands first in the design gets it, one after the other is taken away."""
    steps = ["closed-req", "duplicate", "wrong-audience", "past-goal", "contracts", "statistical", "misdirected"]
    wanting = {step: claiming(f"r-{step}", step, "spend") for step in steps}
    for first, step in enumerate(steps):
        found = claims(document(book(spend=HUNDRED), rules(*[wanting[name] for name in reversed(steps[first:])])))
        assert [id for id, (amount, _, _) in found.items() if amount] == [f"r-{step}[channel=Indeed]"]


def test_inside_a_step_the_narrower_subject_then_severity_then_id_comes_first() -> None:
    """Campaign before channel before the whole book; among equals high before low, then the id."""
    spend = "Month,Channel,Campaign,Spend\n2026-01,Indeed,Nurses,100\n"
    order = [
        claiming("z-campaign", "statistical", "spend", grain="[channel, campaign]", severity="low"),
        claiming("y-high", "statistical", "spend", severity="high"),
        claiming("a-low", "statistical", "spend", severity="low"),
        claiming("b-low", "statistical", "spend", severity="low"),
        claiming("a-book", "statistical", "spend", severity="high", grain="[portfolio]"),
    ]
    winners = []
    for first in range(len(order)):
        found = claims(document(book(spend=spend), rules(*order[first:])))
        winners += [id.split("[")[0] for id, (amount, _, _) in found.items() if amount]
    assert winners == [found.id for found in order]


def test_a_claim_over_many_rows_takes_from_each_in_proportion() -> None:
    """45 of rows of 30 and 60: 15 and 30 are taken, 15 and 30 remain; a later claim of the month gets its part."""
    spend = "Month,Channel,Spend\n2026-01,Indeed,30\n2026-02,Indeed,60\n"
    wholes = claiming("whole", "contracts", "45 + 0 * spend")
    months = claiming("month", "statistical", "spend", grain="[channel, month]")
    on = ctx(book(spend=spend))
    results = [judge(found, frame(on, found.grain)) for found in (wholes, months)]
    ledgers, made = settle(results, pots_of([wholes, months], Frames(on), on))
    granted = {claim.id: (claim.claimed // CENT, claim.also) for claim in made}
    assert granted == {
        "whole[channel=Indeed]": (
            4500,
            ["month[channel=Indeed,month=2026-01]", "month[channel=Indeed,month=2026-02]"],
        ),
        "month[channel=Indeed,month=2026-01]": (1500, []),
        "month[channel=Indeed,month=2026-02]": (3000, []),
    }
    assert ledgers["spend"].remaining.tolist() == [0, 0]


def test_credits_are_netted_inside_their_channel_campaign_and_month() -> None:
    """A credit of 30 takes 30 off its own month, nothing off another month, channel or campaign."""
    spend = """
    Month,Channel,Campaign,Spend
    2026-01,Indeed,Nurses,100
    2026-01,Indeed,Nurses,-30
    2026-01,Indeed,Drivers,100
    2026-02,Indeed,Nurses,100
    2026-01,Monster,Nurses,100
    """
    frame = book(spend=spend).tables["spend"]
    assert (Ledger(frame, "amount").amounts // CENT).tolist() == [7000, 0, 10000, 10000, 10000]


def test_a_credit_nets_in_its_month_whatever_its_day() -> None:
    """The invoice of the 5th and its credit of the 20th are one month's: 70 remain to be claimed."""
    spend = "Date,Channel,Spend\n2026-01-05,Indeed,100\n2026-01-20,Indeed,-30\n"
    report = document(book(spend=spend), rules(claiming("all", "statistical", "99 + 0 * spend")))
    assert totals(report) == (70.0, 0.0, 70.0, 0.0, 0.0, 0.0)


def test_a_credit_larger_than_its_month_leaves_nothing_and_never_less() -> None:
    """100 with a credit of 130: nothing to claim in that month; the other month keeps its 50."""
    spend = "Month,Channel,Spend\n2026-01,Indeed,100\n2026-01,Indeed,-130\n2026-02,Indeed,50\n"
    report = document(book(spend=spend), rules(claiming("all", "statistical", "999 + 0 * spend")))
    assert claims(report) == {"all[channel=Indeed]": (50.0, 999.0, [])}
    assert totals(report) == (20.0, 0.0, 50.0, 0.0, -30.0, 0.0)


LICENCES = """
Vendor,Capability,Annual cost,Seats,Active seats
SeatCo,dashboards,"10,000",100,50
"""


def test_a_licence_without_a_spend_row_is_upcoming_and_outside_every_total() -> None:
    """Half the seats idle, a tenth kept spare: 4,000 of 10,000 lie ahead; the 100 of spend are untouched."""
    report = document(book(spend=HUNDRED, licences=LICENCES))
    finding = next(f for f in report["findings"] if f["rule"] == "seats-idle")
    assert finding["money"] == {"class": "avoidable", "amount": 0.0, "wanted": 4000.0, "upcoming": 4000.0}
    assert totals(report) == (100.0, 0.0, 0.0, 0.0, 100.0, 4000.0)


def test_a_licence_with_a_spend_row_claims_what_was_paid() -> None:
    """A licence row of 500 for the vendor: 40% of it is claimed, and nothing lies ahead."""
    spend = "Month,Channel,Cost type,Spend\n2026-01,Indeed,media,100\n2026-01,SeatCo,licence,500\n"
    report = document(book(spend=spend, licences=LICENCES))
    finding = next(f for f in report["findings"] if f["rule"] == "seats-idle")
    assert finding["money"] == {"class": "avoidable", "amount": 200.0, "wanted": 200.0, "upcoming": 0.0}
    assert totals(report) == (600.0, 200.0, 0.0, 0.0, 400.0, 0.0)


def test_a_plan_beside_spend_lies_ahead_and_a_plan_alone_is_the_basis() -> None:
    """Without a KPI the whole budget is misdirected: upcoming beside spend, claimed where only a plan is there."""
    plan = "Line,Budget,KPI,Owner,Objective\nVideo,4000,,Ann,more talks\n"
    beside, alone = document(book(spend=HUNDRED, plan=plan)), document(book(plan=plan))
    assert (beside["money"]["basis"], totals(beside)) == ("spend", (100.0, 0.0, 0.0, 0.0, 100.0, 4000.0))
    assert (alone["money"]["basis"], totals(alone)) == ("plan", (4000.0, 0.0, 0.0, 4000.0, 0.0, 0.0))


def test_only_stable_rules_claim() -> None:
    """A rule in preview is listed, wants no money and gets none."""
    trial = claiming("trial", "statistical", "spend", status="preview")
    report = document(book(spend=HUNDRED), rules(trial))
    assert claims(report) == {"trial[channel=Indeed]": (0.0, 0.0, [])}
    assert totals(report) == (100.0, 0.0, 0.0, 0.0, 100.0, 0.0)


# --- random amounts and claims ----------------------------------------------------------------------------------

AMOUNTS = st.lists(st.integers(0, 10**15), min_size=1, max_size=8)


@given(AMOUNTS, st.floats(0, 1))
def test_spread_adds_up_exactly_and_never_exceeds_a_part(parts: list[int], share: float) -> None:
    """An amount over parts: the shares sum to it, none is negative, none is over its part."""
    over = np.array(parts, dtype=np.int64)
    amount = min(int(sum(parts) * share), sum(parts))
    shares = spread(amount, over)
    assert int(shares.sum()) == amount
    assert (shares >= 0).all()
    assert (shares <= over).all()


@given(AMOUNTS, st.floats(0, 1))
def test_spread_is_in_proportion_to_a_micro_unit(parts: list[int], share: float) -> None:
    """No share is further from its exact proportion than the number of parts in micro-units."""
    amount = min(int(sum(parts) * share), sum(parts))
    shares = spread(amount, np.array(parts, dtype=np.int64))
    exact = [amount * part / sum(parts) if sum(parts) else 0 for part in parts]
    assert all(abs(int(s) - e) <= len(parts) + e * 1e-9 for s, e in zip(shares, exact, strict=True))


CHANNELS = 6
RESULT = judge(
    claiming("any", "statistical", "spend"),
    subjects(["channel"], *[{"channel": str(n), "spend": 1} for n in range(CHANNELS)]),
)
WISHES = st.lists(
    st.tuples(st.sets(st.integers(0, 5), min_size=1), st.integers(0, 3_000)), min_size=1, max_size=CHANNELS
)
CENTS = st.lists(st.integers(-500, 2_000), min_size=6, max_size=6)


def _ledger(cents: list[int]) -> Ledger:
    channels = [str(n // 2) for n in range(len(cents))]
    frame = pd.DataFrame({"amount": pd.Series([n * CENT for n in cents], dtype="Int64"), "channel": channels})
    return Ledger(frame, "amount")


def _granted(ledger: Ledger, wishes: list[tuple[set[int], int]], at: dict[int, int] | None = None) -> list[Claim]:
    made = []
    for number, (rows, wanted) in enumerate(wishes):
        places = np.array(sorted((at or {}).get(row, row) for row in rows), dtype=np.int64)
        made.append(Claim(RESULT, number, "spend", places, wanted * CENT))
        ledger.grant(made[-1])
    return made


@given(CENTS, WISHES)
@settings(max_examples=200)
def test_claimed_and_unclaimed_are_exactly_what_was_examined(
    cents: list[int], wishes: list[tuple[set[int], int]]
) -> None:
    """Whatever is claimed in whatever order: nothing is lost, nothing is claimed twice, nothing is over a row."""
    ledger = _ledger(cents)
    made = _granted(ledger, wishes)
    claimed = sum(claim.claimed for claim in made)
    assert claimed + int(ledger.remaining.sum()) == int(ledger.amounts.sum())
    assert int(ledger.amounts.sum()) == sum(max(cents[n] + cents[n + 1], 0) for n in (0, 2, 4)) * CENT
    assert ((ledger.remaining >= 0) & (ledger.remaining <= ledger.amounts)).all()
    assert all(0 <= claim.claimed <= claim.wanted and claim.claimed % CENT == 0 for claim in made)


@given(CENTS, WISHES, st.permutations(range(3)))
@settings(max_examples=200)
def test_the_order_of_rows_changes_no_claim(
    cents: list[int], wishes: list[tuple[set[int], int]], pairs: list[int]
) -> None:
    """The same rows in another order grant the same amounts, and are held by the same claims."""
    order = [2 * pair + half for pair in pairs for half in (1, 0)]
    at = {old: new for new, old in enumerate(order)}
    moved = Ledger(
        pd.DataFrame(
            {
                "amount": pd.Series([cents[old] * CENT for old in order], dtype="Int64"),
                "channel": [str(old // 2) for old in order],
            }
        ),
        "amount",
    )
    first, second = _granted(_ledger(cents), wishes), _granted(moved, wishes, at)
    assert [claim.claimed for claim in second] == [claim.claimed for claim in first]


def test_a_cent_is_not_won_or_lost_by_the_order_of_rows() -> None:
    """Six rows of 1.00. One claim takes a cent from the first three, one takes two cents from the others. A third
    wants a cent of one row of each: it gets 2/3 and 1/3 of a cent, one cent, whichever rows stand first."""
    granted = set()
    for one, other in ((0, 3), (1, 4), (2, 5), (0, 5), (2, 3)):
        ledger = Ledger(pd.DataFrame({"amount": pd.Series([100 * CENT] * 6, dtype="Int64")}), "amount")
        granted.add(_granted(ledger, [({0, 1, 2}, 1), ({3, 4, 5}, 2), ({one, other}, 2)])[-1].claimed)
    assert granted == {CENT}
