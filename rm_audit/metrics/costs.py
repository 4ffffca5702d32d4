"""What each row of spend was paid for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rm_audit.book import Book
from rm_audit.channels import spelled
from rm_audit.profiles.library import generic


def of_type(book: Book, kind: str) -> NDArray[np.bool_]:
    """The spend rows of a cost type."""
    spend = book.tables["spend"]
    if "cost_type" not in spend:
        return np.full(len(spend), kind == "media")
    return np.asarray(np.array(cost_types(book), dtype=object) == kind, dtype=bool)


def cost_types(book: Book) -> list[str | None]:
    """The cost type of every spend row in canonical words; media where no column says otherwise."""
    spend = book.tables["spend"]
    if "cost_type" not in spend:
        return ["media"] * len(spend)
    words = {spelled(word): kind for kind, known in generic().words["cost_types"].items() for word in known}
    known = {value: words.get(spelled(value)) for value in spend["cost_type"].dropna().unique()}
    return [known[value] if isinstance(value, str) else "media" for value in spend["cost_type"].tolist()]
