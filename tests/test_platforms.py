"""The built-in profiles of platforms: what stands in them, and the small files inside them."""

from __future__ import annotations

import pytest
from books import book
from test_profiles import rows, said

from rm_audit.profiles.library import shipped
from rm_audit.profiles.lint import lint
from rm_audit.profiles.model import Profile
from rm_audit.profiles.selftest import run_tests

PLATFORMS = [profile for profile in shipped() if profile.signature]


def test_no_profile_has_a_fault() -> None:
    assert lint(PLATFORMS) == []


@pytest.mark.parametrize("profile", PLATFORMS, ids=lambda profile: profile.id)
def test_the_files_inside_a_profile_are_read_as_it_says(profile: Profile) -> None:
    assert [(outcome.name, outcome.wrong) for outcome in run_tests([profile], shipped()) if outcome.wrong] == []


def test_an_export_whose_column_of_money_has_another_name_is_said_to_have_changed() -> None:
    """One header of those that tell the export was renamed: the profile still reads it, and says what it took."""
    text = """
        Start Date (in UTC),Currency,Campaign ID,Campaign Name,Ad Set ID,Ad Set Name,Total Spend,Impressions
        9/22/2026,EUR,1,Care,7,Nurses,12.50,300
    """
    of = book(linkedin=text)
    assert said(of) == [
        "linkedin.csv:A1: warning: this export has changed since the profile linkedin-campaign-manager was written: "
        "'total spent' is gone, and 'Total Spend' is taken for it\n"
        "  help: What is new is left over, not lost. Write a profile of your own: rm-audit profiles draft FILE."
    ]
    assert rows(of, "spend", "channel campaign amount") == [("LinkedIn", "Nurses", 12_500_000)]


def test_a_renamed_header_that_is_like_no_other_is_not_guessed_at() -> None:
    text = """
        Start Date (in UTC),Currency,Campaign ID,Campaign Name,Ad Set ID,Ad Set Name,Worth,Impressions
        9/22/2026,EUR,1,Care,7,Nurses,12.50,300
    """
    assert "spend" not in book(linkedin=text).tables
