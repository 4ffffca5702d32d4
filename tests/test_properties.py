"""What holds for ever, on small generated books: design/rules.md, its last section."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from books import AS_OF, Rows, document, file, states
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from rm_audit.book import Book, build
from rm_audit.config import Config
from rm_audit.readers import Value
from rm_audit.verbs import audit, load_rules

Tables = dict[str, Rows]

# Repeatable runs: the same examples each time, and none is made smaller, which takes minutes on whole books.
# To search further: derandomize=False, a larger number, and Phase.shrink.
FEW = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)

SPEND_HEADER: list[Value] = ["Month", "Channel", "Job ID", "Cost type", "Spend", "Clicks", "Applies"]
ATS_HEADER: list[Value] = ["Application ID", "Source", "Applied at", "Interviewed at", "Hired at"]
JOBS_HEADER: list[Value] = ["Job ID", "Opened", "Closed"]
PLAN_HEADER: list[Value] = ["Line", "Budget", "KPI", "Owner", "Objective"]
CONTRACT_HEADER: list[Value] = ["Vendor", "Capability", "Annual cost", "Seats", "Active seats", "End", "Notice days"]

CHANNELS = ["Indeed", "LinkedIn", "Monster", "Appcast", "Employee referral"]
COUNTS = st.one_of(st.none(), st.integers(0, 40), st.integers(200, 3000))
CENTS = st.one_of(st.integers(-20_000, 500_000), st.integers(0, 50).map(lambda n: n * 100_000), st.just(1), st.just(0))


def money(cents: int) -> str:
    """Cents as a cell: 123456 → '1234.56'."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def cents(cell: Value) -> int:
    return round(float(str(cell)) * 100)


@st.composite
def spend_rows(draw: st.DrawFn) -> Rows:
    """A sheet of spend: months, channels, jobs, cost types, amounts with cents and credits, clicks and applies."""
    row = st.tuples(
        st.sampled_from(["2026-01", "2026-02", "2026-03", "2026-05"]),
        st.sampled_from(CHANNELS),
        st.sampled_from(["J1", "J2", None]),
        st.sampled_from(["media", "media", "media", "licence", "fee", None]),
        CENTS.map(money),
        COUNTS,
        COUNTS,
    )
    return [SPEND_HEADER, *[list(cells) for cells in draw(st.lists(row, min_size=1, max_size=9))]]


@st.composite
def ats_rows(draw: st.DrawFn) -> Rows:
    """An ATS export: draws of a source, a month and a stage, each of them several people."""
    kind = st.tuples(
        st.sampled_from([*CHANNELS, "Glassdoor", None]),
        st.sampled_from(["2026-01-05", "2026-02-11", "2026-03-20"]),
        st.sampled_from(["applied", "interviewed", "hired"]),
        st.integers(1, 25),
    )
    found: Rows = [ATS_HEADER]
    for source, day, stage, people in draw(st.lists(kind, min_size=1, max_size=6)):
        for _ in range(people):
            talked = "2026-04-02" if stage != "applied" else None
            found.append([f"a{len(found)}", source, day, talked, "2026-05-15" if stage == "hired" else None])
    return found


@st.composite
def plan_rows(draw: st.DrawFn) -> Rows:
    line = st.tuples(
        st.sampled_from(["Video", "Referral bonus", "CRM licence", "Meetup"]),
        st.integers(0, 2_000_000).map(money),
        st.sampled_from(["impressions", "hires", "applications and hires", None]),
        st.sampled_from(["TA ops", None]),
        st.sampled_from(["fill the night shift", None]),
    )
    return [
        PLAN_HEADER,
        *[list(cells) for cells in draw(st.lists(line, min_size=1, max_size=4, unique_by=lambda cells: cells[0]))],
    ]


@st.composite
def contract_rows(draw: st.DrawFn) -> Rows:
    row = st.tuples(
        st.sampled_from(["LinkedIn", "DashCo", "SeatCo"]),
        st.sampled_from(["dashboards", "crm"]),
        st.integers(0, 2_000_000).map(money),
        st.one_of(st.none(), st.integers(0, 60)),
        st.one_of(st.none(), st.integers(0, 40)),
        st.sampled_from(["2026-08-31", "2027-03-31", None]),
        st.sampled_from([30, 60, None]),
    )
    found = draw(st.lists(row, min_size=1, max_size=3, unique_by=lambda cells: cells[:2]))
    return [CONTRACT_HEADER, *[list(cells) for cells in found]]


@st.composite
def books(draw: st.DrawFn) -> Tables:
    """A book of up to five sheets; spend is always there."""
    tables: Tables = {"spend": draw(spend_rows())}
    if draw(st.integers(0, 3)):
        tables["ats"] = draw(ats_rows())
    if draw(st.booleans()):
        tables["jobs"] = [JOBS_HEADER, ["J1", "2025-11-03", "2026-02-10"], ["J2", "2025-11-03", None]]
    if draw(st.booleans()):
        tables["plan"] = draw(plan_rows())
    if draw(st.booleans()):
        tables["contracts"] = draw(contract_rows())
    return tables


def build_of(tables: Mapping[str, Rows]) -> Book:
    """One workbook whose sheets are the tables."""
    return build([file("book.xlsx", tables)], Config())


def told(report: Any) -> Any:
    """The report without what may change with the place of a row: inputs, and the cells of evidence."""
    kept = {name: part for name, part in report.items() if name != "inputs"}
    kept["findings"] = [{**finding, "cells": None} for finding in kept["findings"]]
    kept["problems"] = sorted((p["level"], p["code"], p["message"], p["help"]) for p in kept["problems"])
    return kept


def judged(report: Any) -> Any:
    """States, money and score alone: what a split row must not change."""
    kept = told(report)
    return {name: kept[name] for name in ("score", "money", "plays", "findings", "rules", "earned", "subjects")}


@given(books(), st.randoms(use_true_random=False))
@FEW
def test_the_order_of_rows_columns_sheets_and_files_changes_nothing(tables: Tables, random: Any) -> None:
    """Every sheet with its rows and columns shuffled, and each sheet in a file of its own, in any order."""
    shuffled = {name: _shuffled(rows, random) for name, rows in tables.items()}
    names = list(shuffled)
    random.shuffle(names)
    as_files = build([file(f"{name}.xlsx", {name: shuffled[name]}) for name in names], Config())
    as_sheets = build_of({name: shuffled[name] for name in names})

    expected = told(document(build_of(tables)))

    assert told(document(as_sheets)) == expected
    assert told(document(as_files)) == expected


def _shuffled(rows: Rows, random: Any) -> Rows:
    columns = list(range(len(rows[0])))
    random.shuffle(columns)
    body = rows[1:]
    random.shuffle(body)
    return [[row[column] for column in columns] for row in [rows[0], *body]]


@given(books(), st.integers(0, 8), st.integers(1, 99))
@FEW
def test_splitting_a_spend_row_in_two_changes_no_state_money_or_score(tables: Tables, which: int, part: int) -> None:
    """A row of 100.00 with 10 clicks says what two rows of 30.00 and 70.00 with 3 and 7 clicks say."""
    spend = tables["spend"]
    row = spend[1 + which % (len(spend) - 1)]
    pieces = [[*row], [*row]]
    whole = cents(row[4])
    first = whole * part // 100
    pieces[0][4], pieces[1][4] = money(first), money(whole - first)
    for count in (5, 6):
        if row[count] is not None:
            pieces[0][count], pieces[1][count] = int(str(row[count])) // 2, -(-int(str(row[count])) // 2)
    position = spend.index(row)
    split = {**tables, "spend": [*spend[:position], *pieces, *spend[position + 1 :]]}

    assert judged(document(build_of(split))) == judged(document(build_of(tables)))


@given(books())
@FEW
def test_scaling_all_money_by_ten_changes_no_state_and_no_score_and_ten_times_the_money(tables: Tables) -> None:
    """A book in which every amount is ten times as high is the same book in a smaller unit."""
    large = _times(tables, 1000)  # a claim is rounded down to a whole cent: beside these amounts a cent is nothing
    one, ten = document(build_of(large)), document(build_of(_times(large, 10)))

    assert states(build_of(_times(large, 10))) == states(build_of(large))
    assert [rule["judged"] for rule in ten["rules"]] == [rule["judged"] for rule in one["rules"]]
    for name in ("read", "set_aside", "examined"):
        assert ten["money"][name] == pytest.approx(10 * one["money"][name], abs=0.001)
    for name in ("avoidable", "unproven", "misdirected", "unclaimed", "upcoming"):
        assert ten["money"][name] == pytest.approx(10 * one["money"][name], abs=0.1 * (1 + len(one["findings"])))
    scores = [[report["score"][name] for name in ("value", "low", "high", "coverage")] for report in (one, ten)]
    assert scores[1] == pytest.approx(scores[0], abs=0.3)


def _times(tables: Tables, factor: int) -> Tables:
    amounts = {"spend": "Spend", "plan": "Budget", "contracts": "Annual cost"}
    changed = {
        name: _with_column(tables[name], header, lambda cell: money(cents(cell) * factor))
        for name, header in amounts.items()
        if name in tables
    }
    return {**tables, **changed}


def _with_column(rows: Rows, header: str, change: Callable[[Value], Value]) -> Rows:
    at = rows[0].index(header)
    return [rows[0], *[[change(cell) if place == at else cell for place, cell in enumerate(row)] for row in rows[1:]]]


@given(books())
@FEW
def test_every_cent_is_claimed_unclaimed_or_set_aside(tables: Tables) -> None:
    """read = examined + set aside; examined = the three classes + unclaimed; no claim exceeds its wish."""
    report = document(
        build_of({**tables, "spend": [*tables["spend"], ["2026-01", None, None, None, "10.00", None, None]]})
    )
    money_ = {name: round(value * 100) for name, value in report["money"].items() if name != "basis"}
    sheets = [sheet for file_ in report["inputs"] for sheet in file_["sheets"]]

    assert money_["read"] == money_["examined"] + money_["set_aside"]
    assert money_["examined"] == sum(money_[name] for name in ("avoidable", "unproven", "misdirected", "unclaimed"))
    assert all(0 <= f["money"]["amount"] <= f["money"]["wanted"] for f in report["findings"])
    assert all(s["rows"]["read"] == s["rows"]["used"] + s["rows"]["set_aside"] for s in sheets)
    positive = sum(max(cents(row[4]), 0) for row in tables["spend"][1:])
    assert 0 <= money_["avoidable"] + money_["unproven"] + money_["misdirected"] <= positive


# Which words of the vocabulary a column or a table brings: its removal may take a verdict away, never grant one.
COLUMNS = [
    *[("spend", header) for header in ("Job ID", "Clicks", "Applies")],
    *[("ats", header) for header in ("Source", "Applied at", "Interviewed at", "Hired at")],
    *[("plan", header) for header in ("KPI", "Owner", "Objective")],
    *[("contracts", header) for header in ("Capability", "Seats", "Active seats", "End", "Notice days")],
    *[(name, "") for name in ("ats", "jobs", "plan", "contracts")],
]


def without(tables: Tables, name: str, header: str) -> Tables:
    """The book without one column of a table; without the table where no header is given."""
    if not header:
        return {key: rows for key, rows in tables.items() if key != name}
    at = tables[name][0].index(header)
    return {**tables, name: [[*row[:at], *row[at + 1 :]] for row in tables[name]]}


@given(books(), st.data())
@settings(FEW, max_examples=30)
def test_removing_a_table_or_a_column_never_makes_a_rule_pass(tables: Tables, data: st.DataObject) -> None:
    """What is judged on less evidence may become unknown; what failed or was open does not come to pass."""
    name, header = data.draw(st.sampled_from([place for place in COLUMNS if place[0] in tables]))
    before, after = states(build_of(tables)), states(build_of(without(tables, name, header)))

    newly = {key for key, state in after.items() if state == "pass" and before.get(key) in OPEN}

    assert newly == set()


OPEN = ("fail", "cannot_tell", "not_evaluated")


def test_leaving_out_the_cost_types_makes_no_rule_pass() -> None:
    """LinkedIn has all of the media money and a fifth of the hires. Without the column the licence of 900 counts as
    media too; what failed may become unknown by that, and must not come to pass."""
    spend: Rows = [
        ["Month", "Channel", "Cost type", "Spend"],
        ["2026-01", "LinkedIn", "media", "1000.00"],
        ["2026-01", "SeatCo", "licence", "900.00"],
    ]
    tables = {"spend": spend, "ats": _hires({"LinkedIn": 6, "Employee referral": 24})}
    key = ("site-concentration", "LinkedIn")

    assert states(build_of(tables))[key] == "fail"
    assert states(build_of(without(tables, "spend", "Cost type")))[key] != "pass"


@pytest.mark.xfail(
    strict=True,
    reason="without dated spend there is no period, so that other hires are counted: another question, and not less of "
    "the same evidence; kept here so that a better answer is noticed",
)
def test_leaving_out_the_months_makes_no_rule_pass() -> None:
    """The one hire of February has no source, the nine of January have one. February's spend sets the period, and
    nobody knows where its hires came from; without the months all ten count, and one unknown of ten would pass."""
    spend: Rows = [["Month", "Channel", "Spend"], ["2026-02", "Indeed", "100.00"]]
    february: list[Value] = ["f", None, "2026-02-05", None, "2026-03-15"]
    tables = {"spend": spend, "ats": [*_hires({"Indeed": 9}), february]}
    key = ("source-dark", "the whole book")

    assert states(build_of(tables))[key] == "fail"
    assert states(build_of(without(tables, "spend", "Month")))[key] != "pass"


def _hires(by_source: Mapping[str, int]) -> Rows:
    """An ATS export in which everybody was hired."""
    found: Rows = [ATS_HEADER]
    for source, people in by_source.items():
        found += [[f"{source}{n}", source, "2026-01-05", "2026-02-01", "2026-05-15"] for n in range(people)]
    return found


@pytest.mark.xfail(
    strict=True,
    reason="the formula of low multiplies A, which rises when the evidence of a claim is left at home, by cA, which "
    "falls only by that rule's share of the weights",
)
def test_leaving_a_column_at_home_never_raises_the_low_end() -> None:
    """design/rules.md: removing a table or a column never raises `low`. One row whose 1,000 clicks brought nothing is
    claimed whole, so low is 0; without the column of clicks nobody claims it, and the licences' rule still passes."""
    spend: Rows = [["Month", "Channel", "Job ID", "Spend", "Clicks", "Applies"]]
    spend.append(["2026-01", "Indeed", "J1", "1000.00", 1000, 0])
    tables = {"spend": spend, "jobs": [JOBS_HEADER, ["J1", "2025-11-03", None]]}
    before, after = (document(build_of(each)) for each in (tables, without(tables, "spend", "Clicks")))

    assert after["score"]["low"] <= before["score"]["low"]


@given(books(), st.data())
@settings(FEW, max_examples=25)
def test_where_nothing_was_claimed_leaving_a_file_at_home_never_raises_the_low_end(
    tables: Tables, data: st.DataObject
) -> None:
    """Without a claim A is 1, and less evidence is only less coverage."""
    name, header = data.draw(st.sampled_from([place for place in COLUMNS if place[0] in tables]))
    before = document(build_of(tables))
    assume(not any(finding["money"]["amount"] for finding in before["findings"]))
    after = document(build_of(without(tables, name, header)))

    assert after["score"]["low"] <= before["score"]["low"]


@given(books(), st.data())
@settings(FEW, max_examples=25)
def test_emptying_one_cell_never_makes_a_failing_subject_pass(tables: Tables, data: st.DataObject) -> None:
    """A cell other than a name or an amount is emptied: verdicts may become unknown, and none turns from fail to pass.

    A missing count is not a zero, a missing stage date is not a talk that was held.
    """
    cells = [("spend", 5), ("spend", 6), ("plan", 2), ("plan", 3), ("plan", 4), ("contracts", 4), ("contracts", 5)]
    name, column = data.draw(st.sampled_from([place for place in cells if place[0] in tables]))
    row = data.draw(st.integers(1, len(tables[name]) - 1))
    emptied = [[*line] for line in tables[name]]
    emptied[row][column] = None
    before, after = states(build_of(tables)), states(build_of({**tables, name: emptied}))

    assert {key for key, state in after.items() if state == "pass" and before.get(key) in OPEN} == set()


@given(books())
@FEW
def test_the_score_lies_between_its_ends(tables: Tables) -> None:
    """low <= value <= high, for the whole and for every part of it; all between 0 and 100."""
    score = document(build_of(tables))["score"]

    assert 0 <= score["low"] <= score["high"] <= 100
    assert score["value"] is None or score["low"] <= score["value"] <= score["high"]
    assert score["value"] is None or score["coverage"] >= 0.2


@given(books())
@FEW
def test_the_same_inputs_give_the_same_bytes(tables: Tables) -> None:
    """Read and judged twice, the JSON is the same, byte for byte."""
    first, second = (audit(build_of(tables), load_rules(), as_of=AS_OF).to_json() for _ in range(2))

    assert first == second


@given(books(), st.integers(0, 8))
@FEW
def test_equal_rows_are_two_costs_and_no_duplicate(tables: Tables, which: int) -> None:
    """Two equal rows without an equal invoice are two costs: all of it is examined, and none is set aside."""
    spend = tables["spend"]
    row = spend[1 + which % (len(spend) - 1)]
    twice = {**tables, "spend": [*spend, [*row]]}

    one, two = document(build_of(tables)), document(build_of(twice))

    assert round(two["money"]["examined"] * 100) == round(one["money"]["examined"] * 100) + cents(row[4])
    assert two["money"]["set_aside"] == one["money"]["set_aside"]
    assert [finding["id"] for finding in two["findings"] if "duplicate" in finding["rule"]] == []


def test_plan_lines_of_one_name_are_judged_alike_in_any_order() -> None:
    """Two lines called Video, one by impressions and one by hires: which stands first must not matter."""
    lines: Rows = [["Video", "100.00", "impressions", "x", "y"], ["Video", "100.00", "hires", "x", "y"]]
    one, other = (build_of({"plan": [PLAN_HEADER, *rows]}) for rows in (lines, lines[::-1]))

    assert told(document(one)) == told(document(other))


def test_contracts_of_one_name_are_judged_alike_in_any_order() -> None:
    """Two licences of one vendor for one purpose, ending in different years: which stands first must not matter."""
    lines: Rows = [
        ["SeatCo", "crm", "100.00", 9, 3, "2026-08-31", 30],
        ["SeatCo", "crm", "100.00", 9, 3, "2028-08-31", 30],
    ]
    one, other = (build_of({"contracts": [CONTRACT_HEADER, *rows]}) for rows in (lines, lines[::-1]))

    assert told(document(one)) == told(document(other))


def test_an_innocent_channel_that_is_added_loses_no_money() -> None:
    """A channel with as many hires as its spend deserves, beside one that has none: nothing is claimed from it."""
    spend: Rows = [
        ["Month", "Channel", "Spend"],
        ["2026-01", "Indeed", "30000.00"],
        ["2026-01", "Monster", "30000.00"],
        ["2026-01", "Glassdoor", "10000.00"],
    ]
    report = document(build_of({"spend": spend, "ats": _hires({"Indeed": 30, "Glassdoor": 10})}))
    claimed = {f["subject"]["name"]: f["money"]["amount"] > 0 for f in report["findings"] if f["money"]["class"]}

    assert claimed == {"Monster": True}
