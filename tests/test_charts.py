"""Charts: any numbers can be drawn, and the document holds what they are drawn from."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from books import book, document
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import read_page

from rm_audit.errors import visible
from rm_audit.rendering.html.charts import Row, money_bars, ranges
from rm_audit.rendering.html.svg import drawn

EXAMPLES = Path(__file__).parent.parent / "examples"


@cache
def document_of(name: str) -> Any:
    command = [sys.executable, "-m", "rm_audit", "analyze", name, "--as-of", "2026-10-15", "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8", cwd=EXAMPLES)
    return json.loads(done.stdout)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.text(max_size=30), st.lists(st.floats(0, 1e12), min_size=2, max_size=2)), min_size=1, max_size=8
    ),
    st.sampled_from([340.0, 950.0]),
)
def test_any_amounts_can_be_drawn(parts: list[tuple[str, list[float]]], width: float) -> None:
    """Nothing, cents and millions of millions in one chart: a picture of the asked width, well formed."""
    rows = [Row(visible(label), f"{sum(values):,.0f}", values) for label, values in parts]
    (svg,) = read_page(
        drawn(lambda width: money_bars(rows, ("avoidable", "unclaimed"), width), width, "a", "words")
    ).children
    assert (svg.tag, svg.attributes["width"], svg.attributes["aria-label"]) == ("svg", f"{width:g}", "words")


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.floats(0.01, 1e9), st.floats(1, 50), st.floats(1, 50), st.sampled_from([0, 1, 2])),
        min_size=1,
        max_size=8,
    )
)
def test_any_ranges_can_be_drawn(parts: list[tuple[float, float, float, int]]) -> None:
    """Closed ranges, ranges without an upper end, and ranges without a value."""
    rows = [
        Row("x", "y", [low, None if kind == 2 else low * up, None if kind else low * up * more])
        for low, up, more, kind in parts
    ]
    (svg,) = read_page(drawn(lambda width: ranges(rows, parts[0][0], width), 340, "a", "words")).children
    assert len([text for text in svg.all("text") if text.text == "x"]) == len(rows)


def test_the_spend_by_month_of_rows_with_one_day_with_many_and_with_none() -> None:
    """A row that spans a quarter counts in each month by its days, to the cent; one without a day stands apart."""
    spend = """
        Start date,End date,Channel,Spend (EUR)
        2026-01-10,2026-01-10,Indeed,100
        2026-01-01,2026-03-31,Xing,90
        ,,Indeed,7.50
    """
    assert document(book(spend=spend))["spend_by_month"] == [
        {"month": "2026-01", "spend": 131.0, "matured": None},
        {"month": "2026-02", "spend": 28.0, "matured": None},
        {"month": "2026-03", "spend": 31.0, "matured": None},
        {"month": None, "spend": 7.5, "matured": None},
    ]


@pytest.mark.parametrize("name", ["spend.xlsx", "employer"])
def test_the_months_add_up_to_what_was_examined(name: str) -> None:
    """And no month is riper than it is large."""
    found = document_of(name)
    months = found["spend_by_month"]
    assert abs(sum(item["spend"] for item in months) - found["money"]["examined"]) < 0.01 * len(months)
    assert all(0 <= item["matured"] <= item["spend"] for item in months if item["month"])


@pytest.mark.parametrize("name", ["spend.xlsx", "plan.xlsx", "employer"])
def test_a_play_claims_no_more_than_it_judged(name: str) -> None:
    """What a play judged is a part of what was examined, and its claims are a part of that."""
    found = document_of(name)
    for play in found["plays"]:
        claimed = sum(play["money"][kind] for kind in ("avoidable", "unproven", "misdirected"))
        assert claimed <= play["judged_money"] + 0.01
        assert play["judged_money"] <= found["money"]["examined"]
