"""What each row of spend was paid for."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.book import Book
from rm_audit.channels import spelled
from rm_audit.profiles.library import generic
from rm_audit.words import looked_up

_USUAL = "media"


def of_type(book: Book, kind: str) -> NDArray[np.bool_]:
    """The spend rows of a cost type."""
    return book.once(("of type", kind), ["spend"], lambda: _of_type(book.tables["spend"], kind))


def _of_type(spend: pd.DataFrame, kind: str) -> NDArray[np.bool_]:
    if "cost_type" not in spend:
        return np.full(len(spend), kind == _USUAL)
    found = {word: known == kind for word, known in _types(spend).items()}
    return looked_up(spend["cost_type"], found, kind == _USUAL)


def cost_types(book: Book) -> NDArray[np.object_]:
    """The cost type of every spend row in canonical words, None for an unknown one; media where no column says
    otherwise."""
    return book.once("cost types", ["spend"], lambda: _cost_types(book.tables["spend"]))


def _cost_types(spend: pd.DataFrame) -> NDArray[np.object_]:
    if "cost_type" not in spend:
        return np.full(len(spend), _USUAL, dtype=object)
    return looked_up(spend["cost_type"], _types(spend), _USUAL)


def _types(spend: pd.DataFrame) -> dict[str, str | None]:
    words = {spelled(word): kind for kind, known in generic().words["cost_types"].items() for word in known}
    return {value: words.get(spelled(value)) for value in spend["cost_type"].dropna().unique()}
