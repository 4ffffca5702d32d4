"""Shares of an advocacy programme: by how few people, of what, and whether they fade."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from rm_audit.metrics.frame import Rows
from rm_audit.metrics.wording import hits, load_lexicon
from rm_audit.shipped import rules_folder

QUARTER = 90  # days at each end of a log that are compared


def sharing_measures(shares: pd.DataFrame, groups: Sequence[Rows], as_of: int) -> dict[str, list[object]]:
    """Values a programme; unknown where a share lacks its person, its day or the type of its item."""
    measures: dict[str, list[object]] = {}
    for rows in groups:
        part = shares.iloc[rows]
        part = part[~(part["shared_at"] > as_of).fillna(False)] if "shared_at" in part else part
        for name, value in {**_people(part), **_quarters(part), **_types(part)}.items():
            measures.setdefault(name, []).append(value)
    return measures


def _people(part: pd.DataFrame) -> dict[str, object]:
    if "person" not in part or part.empty or part["person"].isna().any():
        return {"sharers": None, "top_shares": None}
    counts = part["person"].value_counts()
    busiest = counts.nlargest(-(-len(counts) // 10))
    return {"sharers": len(counts), "top_shares": int(busiest.sum())}


def _quarters(part: pd.DataFrame) -> dict[str, object]:
    if "shared_at" not in part or part.empty or part["shared_at"].isna().any():
        return {"first_shares": None, "last_shares": None}
    days = part["shared_at"]
    first, last = int(days.min()), int(days.max())
    return {
        "first_shares": int((days < first + QUARTER).sum()),
        "last_shares": int((days > last - QUARTER).sum()),
    }


def _types(part: pd.DataFrame) -> dict[str, object]:
    if "asset_type" not in part or part.empty:
        return {"typed_shares": None, "promo_shares": None}
    known = load_lexicon(rules_folder() / "lexicons", "promo-assets")
    said = part["asset_type"].dropna()
    return {"typed_shares": len(said), "promo_shares": sum(bool(hits(str(value), known)) for value in said)}
