"""The usual rules, by hand: over twice the average cost per hire, or much money and no hire."""

from __future__ import annotations

import pandas as pd
import pytest
from naive_flags import flags_of

SPEND = pd.DataFrame(
    [("Good", "g", 3000), ("Dear", "d", 3000), ("Idle", "i", 1500), ("New", "n", 500)],
    columns=["channel", "campaign", "spend"],
)
HIRES = pd.DataFrame(
    [*[("good.com", "g", "2025-03-01")] * 10, *[("Dear", "", "2025-03-01")] * 2, *[("Idle", "i", None)] * 9],
    columns=["source", "campaign", "hired_at"],
)
NAMES = pd.DataFrame({"source": ["good.com", "Dear", "Idle"], "channel": ["Good", "Dear", "Idle"]})


@pytest.mark.parametrize(
    ("least", "flagged"),
    [
        (0, ["Dear", "Idle", "d", "i"]),  # 12 hires at 667 each: Dear needs 1500; its hires name no campaign
        (2, ["Dear"]),  # who has no hires is not judged
        (3, []),
    ],
)
def test_flags_by_hand(least: int, flagged: list[str]) -> None:
    flags = flags_of(SPEND, HIRES, NAMES, least)
    assert len(flags) == 8
    assert flags.loc[flags["flagged"] == 1, "name"].tolist() == flagged
