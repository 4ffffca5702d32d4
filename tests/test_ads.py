"""Reports of ad platforms, whose columns the user chooses: known by some of them, and a team's own sheet is not."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rm_audit.book import build
from rm_audit.cells import Source
from rm_audit.config import Config
from rm_audit.profiles.library import shipped
from rm_audit.profiles.model import Profile
from rm_audit.profiles.recognise import recognise
from rm_audit.profiles.selftest import run_tests, sheet_of
from rm_audit.readers import FileRead, Sheet, Value

# A report of two campaigns in pounds; the last row is the account's total.
GOOGLE: dict[str, Sequence[Value]] = {
    "Campaign": ["Nurses Leeds", "Drivers Hull", "Total: Account"],
    "Cost": ["800.50", "300.25", "1100.75"],
    "Impr.": ["31,000", "9,000", "40,000"],
    "Currency code": ["GBP", "GBP", "GBP"],
    "Campaign status": ["Enabled", "Paused", None],
    "Budget": ["25.00", "10.00", " --"],
    "Budget name": [" --", " --", " --"],
    "Status": ["Eligible", "Paused", None],
    "Optimisation score": ["57.35", "48.90", None],
    "Clicks": ["600", "200", "800"],
    "CTR": ["1.94%", "2.22%", "2.00%"],
    "Avg. CPC": ["1.33", "1.50", "1.38"],
    "Conversions": ["49.00", "25.00", "74.00"],
    "Cost / conv.": ["16.34", "12.01", "14.88"],
    "Conv. value": ["1,286.58", "841.23", "2,127.81"],
}
NEEDED = ["Campaign", "Cost", "Impr.", "Currency code"]


def profile_of(file: str, rows: Sequence[Sequence[Value]]) -> str:
    """The profile by which the one table of a sheet is read; no word where nothing is."""
    found = recognise(Sheet(Source(file, ""), "", [list(row) for row in rows]), shipped())
    return found.tables[0][1].profile.id if found.tables else ""


@given(
    chosen=st.sets(st.sampled_from(sorted(set(GOOGLE) - set(NEEDED)))),
    order=st.randoms(use_true_random=False),
)
def test_a_google_report_says_the_same_whichever_columns_it_has(chosen: set[str], order: Random) -> None:
    columns = [*NEEDED, *sorted(chosen)]
    order.shuffle(columns)
    rows = [[GOOGLE[column][row] for column in columns] for row in range(3)]
    source = Source("Campaign report.csv", "")
    sheet = Sheet(source, "", [["Campaign report"], ["1 March 2026 - 31 March 2026"], list(columns), *rows])
    found = build([FileRead(source, "csv", [sheet], [], named=True)], Config())
    assert [sheet.profile for sheet in found.inputs[0].sheets] == ["google-ads"]
    assert list(found.tables["spend"]["amount"]) == [800_500_000, 300_250_000]
    assert set(found.tables["spend"]["channel"]) == {"Google Ads"}
    assert found.currency == "GBP"


@pytest.mark.parametrize(
    ("file", "header", "row"),
    [
        ("media.csv", ["Channel", "Month", "Impr.", "Cost", "Avg. CPC"], ["Indeed", "2026-03", 900, 120, 1.2]),
        ("media.csv", ["Date", "Campaign", "Amount spent"], ["2026-03-02", "Nurses", 120]),
        ("media.csv", ["Source", "Campaign name", "Amount spent", "Reporting starts"], ["Meta", "A", 9, "2026-03-02"]),
        ("media.csv", ["Campaign ID", "Spend", "Impressions"], ["c-1", 120, 900]),
        ("media.csv", ["Campaign", "Spend", "Clicks", "Applies"], ["Nurses", 120, 90, 12]),
        ("media.csv", ["Date", "Clicks", "Impressions", "Avg. CPC", "Cost"], ["2026-03-02", 90, 900, 1.2, 108]),
        ("media.csv", ["Campaign", "Device", "Cost", "Impressions", "Clicks"], ["Nurses", "Phone", 120, 900, 90]),
    ],
)
def test_a_teams_own_sheet_is_not_taken_for_a_platforms(file: str, header: list[Value], row: list[Value]) -> None:
    assert profile_of(file, [header, row]) == "generic"


@pytest.mark.parametrize("wanted", [profile for profile in shipped() if profile.signature], ids=lambda p: p.id)
def test_no_file_inside_a_profile_is_claimed_by_two(wanted: Profile) -> None:
    """Each file is read by its own profile also where that stands last: no two platforms share a signature."""
    others = [profile for profile in shipped() if profile.signature and profile is not wanted]
    outcomes = run_tests([wanted], [*others, wanted, shipped()[-1]])
    assert [outcome.wrong for outcome in outcomes if outcome.wrong] == []
    for test in wanted.tests:
        found = recognise(sheet_of(wanted, test), [*others, shipped()[-1]])
        assert {layout.profile.id for _, layout in found.tables} <= {"generic"}
