"""The built-in profiles of platforms: what stands in them, and the small files inside them."""

from __future__ import annotations

import pytest

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
