"""What evidence says of a channel or a campaign: the values alone. How they are come by takes time to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["confirmed", "watch", "fine", "too_early", "cannot_tell"]


@dataclass(frozen=True)
class Trend:
    verdict: Literal["volume_up_quality_down", "none", "cannot_tell"]
    probability: float | None = None


@dataclass(frozen=True)
class Range:
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Judged:
    """What is known of one channel or campaign. `ratio` is its cost per hire over the median channel's for the same
    jobs; `excess` the money above that cost; `stages` are (name, observed, expected) at the usual rates."""

    verdict: Verdict
    why: str
    probability: float | None = None
    ratio: Range | None = None
    expected: Range | None = None
    excess: Range | None = None
    due: float | None = None
    stages: tuple[tuple[str, float, float], ...] = ()
    judged_from: int | None = None
    credit: tuple[tuple[str, Verdict], ...] = ()  # the verdict as each way of booking hires has it


@dataclass(frozen=True)
class Evidence:
    """By channel, and by (channel, campaign). `lacking` says why nothing was weighed at all, `assumed` what had to be
    assumed for it."""

    channels: Mapping[str, Judged] = field(default_factory=dict)
    campaigns: Mapping[tuple[str, str], Judged] = field(default_factory=dict)
    trends: Mapping[str, Trend] = field(default_factory=dict)
    lacking: str = ""
    assumed: str = ""
