"""People who apply again for the same job through the same source: how many applications are not their first."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rm_audit.book import Book
from rm_audit.expr import Column, numbers
from rm_audit.metrics.groups import Groups
from rm_audit.tables import NAMED, WHOSE

LEAST_KNOWN = 0.9  # judgement: of the applications so many say whose they are, or the others may be anybody's
KEYS = frozenset(["channel", "job", "month"])  # those by which the figures add up, however a file was read
_NAMES = ("named_applications", "repeat_applications", "unclear_applications")


def repeat_measures(book: Book, groups: Groups, columns: Mapping[str, Column]) -> dict[str, Column]:
    """Applications that say whose they are and for what; those of people who had applied there before; those of which
    that is not clear. The latter two are unknown where fewer than nine of ten say whose they are."""
    table = book.tables.get("applications")
    if table is None or NAMED not in table or "applications" not in groups.codes or not KEYS.issuperset(groups.keys):
        return {}
    counts = table["is_application"].fillna(False).to_numpy(dtype=bool)
    figures = [
        groups.summed("applications", np.where(counts, table[name].fillna(0).to_numpy(dtype=np.int64), 0))
        for name in WHOSE
    ]
    every = groups.tally("applications", counts)
    known = columns["applications"].known & (figures[0] >= LEAST_KNOWN * every)
    measures = {name: numbers(figure, known) for name, figure in zip(_NAMES, figures, strict=True)}
    return measures | {_NAMES[0]: numbers(figures[0])}
