"""What holds for ever, on a whole employer's book in which many things are wrong: design/rules.md, its last section.

`test_properties.py` asks the same of small drawn books. This one book has every table, so that every rule is asked.
"""

from __future__ import annotations

import random
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest
from books import built_in, file
from books import states as by_subject
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from planted import confusion
from planted.book import AS_OF, MONTHS, STAGES, advertise, clean
from planted.files import sheets
from planted.registry import PLANTERS
from test_properties import COLUMNS, OPEN, books, build_of, without

from rm_audit import audit
from rm_audit.book import Book, build, persons_key
from rm_audit.config import Config

WRONG = ("closed-req-spend", "seats-idle", "board-zero-hire", "clicks-without-applies", "kpi-vanity", "plan-no-owner",
         "nurture-no-reply", "adv-few-voices", "stack-overlap", "site-unqualified", "talks-not-entered")  # fmt: skip
MONEY = {"Spend": "Spend", "Licences": "Annual cost", "Plan 2027": "Budget"}
COUNTS = ("Clicks", "Apply starts", "Applies")
INNOCENT = "Totaljobs"
Sheets = dict[str, list[list[Any]]]
FEW = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
assert confusion.MODULES


@cache
def flawed() -> Sheets:
    """The sheets of an employer with eleven flaws of all kinds; amounts in whole cents, days as exports write them."""
    book = clean(11).copy(np.random.default_rng(11))
    for rule in WRONG:
        PLANTERS[rule].plant(book)
    book.plan.pop()  # its total row, which is no line
    return {name: [[_cell(value) for value in row] for row in rows] for name, rows in sheets(book).items()}


def _cell(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else round(value, 2) if isinstance(value, float) else value


def built(tables: Sheets, apart: bool = False) -> Book:
    """The book of the sheets of one workbook, or of a file each."""
    files = [file(f"{name}.xlsx", {name: rows}) for name, rows in tables.items()] if apart else [file("b.xlsx", tables)]
    return build(files, Config(), persons_key([one.source for one in files]))


def judged(tables: Sheets, apart: bool = False) -> Any:
    return audit(built(tables, apart), built_in(), as_of=AS_OF).document


@cache
def before() -> Any:
    return judged(flawed())


def told(document: Any) -> Any:
    """States, money and score, findings in their words and order; addresses may change with the place of a row."""
    findings = [{name: part for name, part in item.items() if name != "cells"} for item in document["findings"]]
    return findings, {name: document[name] for name in ("score", "money", "plays", "earned", "rules", "subjects")}


def states(document: Any) -> dict[str, Any]:
    return {item["id"]: item["judged"] for item in document["rules"]}


def column(rows: list[list[Any]], header: str) -> int:
    return rows[0].index(header)


def test_the_book_has_something_of_every_class_of_money() -> None:
    """Else the properties below would hold of nothing."""
    assert set(WRONG) <= {item["rule"] for item in before()["findings"]}
    assert all(before()["money"][name] > 0 for name in ("avoidable", "unproven", "misdirected", "unclaimed"))


@pytest.mark.parametrize("apart", [False, True], ids=["one workbook", "a file each"])
def test_the_order_of_rows_columns_sheets_and_files_changes_nothing(apart: bool) -> None:
    dice = random.Random(7)
    mixed = {}
    for name in dice.sample(list(flawed()), len(flawed())):
        head, *body = flawed()[name]
        order = dice.sample(range(len(head)), len(head))
        mixed[name] = [[row[place] for place in order] for row in [head, *dice.sample(body, len(body))]]

    assert told(judged(mixed, apart)) == told(before())


def test_splitting_every_spend_row_in_two_changes_no_state_money_or_score() -> None:
    """Each row becomes two: a third and the rest, of its amount and of its counts."""
    head, *body = flawed()["Spend"]
    amount, counts = head.index("Spend"), [head.index(name) for name in COUNTS]
    halves = []
    for row in body:
        one, two = list(row), list(row)
        one[amount] = round(row[amount] / 3, 2)
        two[amount] = round(row[amount] - one[amount], 2)
        for place in counts:
            if row[place] is not None:
                one[place], two[place] = row[place] // 3, row[place] - row[place] // 3
        halves += [one, two]

    assert told(judged({**flawed(), "Spend": [head, *halves]})) == told(before())


def test_a_hundred_times_the_money_changes_no_state_and_no_score() -> None:
    """The same book in cents."""
    large = {name: [list(row) for row in rows] for name, rows in flawed().items()}
    for name, header in MONEY.items():
        for row in large[name][1:]:
            row[column(large[name], header)] *= 100
    after = judged(large)

    assert states(after) == states(before())
    assert after["score"]["value"] == pytest.approx(before()["score"]["value"], abs=0.1)
    for name in ("examined", "avoidable", "unproven", "misdirected"):
        assert after["money"][name] == pytest.approx(100 * before()["money"][name], abs=100)


@pytest.mark.parametrize(
    ("sheet", "header"),
    [
        *[(name, "") for name in ("Applicants", "Shares", "Requisitions", "Mails", "Licences", "Plan 2027")],
        *[("Spend", name) for name in ("Cost type", "Job ID", "Clicks", "Applies")],
        *[("Applicants", name) for name in ("Source", "Interviewed at", "Rejected at")],
        *[("Licences", name) for name in ("Active seats", "Notice days")],
    ],
)
def test_removing_a_table_or_a_column_makes_no_rule_pass(sheet: str, header: str) -> None:
    """What failed or was open about a subject does not come to a pass where less is known."""
    less = {name: rows for name, rows in flawed().items() if header or name != sheet}
    if header:
        at = column(flawed()[sheet], header)
        less[sheet] = [[*row[:at], *row[at + 1 :]] for row in flawed()[sheet]]
    after = by_subject(built(less))

    assert {key for key, state in after.items() if state == "pass" and all_states().get(key) in OPEN} == set()


@cache
def all_states() -> dict[tuple[str, str], str]:
    return by_subject(built(flawed()))


@given(books(), st.data())
@settings(FEW)
def test_where_no_claim_is_lost_leaving_a_file_at_home_never_raises_the_low_end(
    tables: dict[str, Any], data: st.DataObject
) -> None:
    """The claims stand as they did, and less is known beside them: `low` falls or stays."""
    name, header = data.draw(st.sampled_from([place for place in COLUMNS if place[0] in tables]))
    full, less = (audit(build_of(each), built_in(), as_of=AS_OF).document for each in
                  (tables, without(tables, name, header)))  # fmt: skip
    assume(claims(less) == claims(full) and full["money"]["examined"])

    assert less["score"]["low"] <= full["score"]["low"]


def claims(document: Any) -> dict[str, float]:
    return {item["id"]: item["money"]["amount"] for item in document["findings"] if item["money"]["amount"]}


@pytest.mark.parametrize("cost", [1500, 3000])
def test_an_innocent_channel_that_is_added_has_no_money_claimed_by_an_avoidable_or_unproven_rule(cost: int) -> None:
    """A board that hires at the others' price, and one that hires at half of it, beside eleven flaws."""
    book = clean(12).copy(np.random.default_rng(12))
    for rule in ("board-zero-hire", "clicks-without-applies", "closed-req-spend"):
        PLANTERS[rule].plant(book)
    for month in MONTHS:
        jobs = [row["Job ID"] for row in book.media("Indeed", month)]
        advertise(book, INNOCENT, month, jobs[0], 3000, 50)
        for number in range(50):
            hired = number < 3000 / cost
            book.apply(INNOCENT, month, None, dict.fromkeys(STAGES, 1.0) if hired else None)
    found = judged(sheets_of(book))

    assert found["money"]["avoidable"] > 0
    assert found["money"]["unproven"] > 0
    taken = [
        item["id"]
        for item in found["findings"]
        if item["money"]["class"] in ("avoidable", "unproven") and item["money"]["amount"]
        if item["subject"].get("channel") == INNOCENT
    ]
    assert taken == []


def sheets_of(book: Any) -> Sheets:
    return {name: [[_cell(value) for value in row] for row in rows] for name, rows in sheets(book).items()}


def test_no_claim_exceeds_the_spend_that_it_lies_on() -> None:
    """Each finding about a channel, a month of it or a job gets at most what was spent there, and all that are about
    one channel get at most what was spent on the channel."""
    head, *body = flawed()["Spend"]
    named = {"channel": "Channel", "month": "Month", "job": "Job ID"}
    taken: dict[str, float] = {}
    for item in before()["findings"]:
        keys = {named[key]: value for key, value in item["subject"].items() if key in named}
        if not keys or not item["money"]["amount"]:
            continue
        rows = [
            row
            for row in body
            if all(str(row[head.index(header)]).startswith(str(value)) for header, value in keys.items())
        ]
        assert item["money"]["amount"] <= round(sum(row[head.index("Spend")] for row in rows), 2), item["id"]
        if "Channel" in keys:
            taken[str(keys["Channel"])] = taken.get(str(keys["Channel"]), 0) + item["money"]["amount"]

    assert len(taken) >= 2
    for channel, amount in taken.items():
        assert amount <= sum(row[head.index("Spend")] for row in body if row[head.index("Channel")] == channel)


def test_equal_rows_with_different_invoices_are_two_costs() -> None:
    """Two rows that are equal in everything but the number of the invoice, and two that are equal without one."""
    rows = [["Month", "Channel", "Invoice", "Spend"], ["2026-01", "Indeed", "R-1", "100.00"]]
    twice = [*rows, ["2026-01", "Indeed", "R-2", "100.00"], *[["2026-01", "Monster", None, "40.00"]] * 2]

    assert judged({"Spend": twice})["money"]["examined"] == 280.0
