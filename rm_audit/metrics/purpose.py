"""What money is for: of every spend row, of every line of the plan, and what a line's objective says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from rm_audit.book import Book
from rm_audit.channels import Purpose, purposes
from rm_audit.metrics.costs import of_type
from rm_audit.metrics.groups import alike
from rm_audit.metrics.wording import Lexicon, hits, load_lexicon
from rm_audit.shipped import rules_folder

# Where no channel says it, the words of a line do: the first list that fits.
_WORDS = (("software-plan", "tools"), ("trust-plan", "trust"), ("boards-plan", "ads"))
_OBJECTIVES = (("objective-trust", "trust"), ("objective-volume", "distribution"))


@cache
def _lexicon(name: str) -> Lexicon:
    return load_lexicon(rules_folder() / "lexicons", name)


@cache
def by_kind() -> Mapping[str, Purpose]:
    """A kind of channel → what its money is for."""
    return {kind: purpose for purpose in purposes() for kind in purpose.kinds}


def of_words(text: str) -> str:
    """The purpose that words name, such as 'Referral breakfast'; the last one where they name none."""
    return next((purpose for name, purpose in _WORDS if hits(text, _lexicon(name))), purposes()[-1].id)


def of_objective(text: object) -> str:
    """The side that an objective names: trust, distribution, both, neither, or empty where none is stated."""
    if not isinstance(text, str) or not text.strip():
        return ""
    sides = [side for name, side in _OBJECTIVES if hits(text, _lexicon(name))]
    return {0: "neither", 1: sides[0] if sides else "", 2: "both"}[len(sides)]


def of_spend(book: Book) -> dict[tuple[str, str], int]:
    """Micro-units of the spend by purpose and kind: a licence is for software, else the channel's kind, else the row's
    words."""
    spend = book.tables["spend"]
    names = [name for name in ("channel", "campaign", "vendor") if name in spend]
    licence = of_type(book, "licence")
    # Rows repeat what they are for, so that each kind of row is looked at once.
    kinds, first = alike(book, "spend", names, licence)
    amounts = np.zeros(len(first), dtype=np.int64)
    np.add.at(amounts, kinds, spend["amount"].to_numpy(dtype=np.int64))
    rows = spend[names].take(first)
    sums: dict[tuple[str, str], int] = {}
    looked_at = (licence[first].tolist(), amounts.tolist())
    for of_licence, amount, kind, text in zip(*looked_at, _kinds(book, rows), _texts(rows, names), strict=True):
        meant = ("tools", "software") if of_licence else _purpose(kind, text)
        sums[meant] = sums.get(meant, 0) + amount
    return sums


def of_plan(book: Book) -> list[tuple[str, str]]:
    """Purpose and kind of every line of the plan."""
    plan = book.tables["plan"]
    texts = _texts(plan, ("line", "play", "channel"))
    return [_purpose(kind, text) for kind, text in zip(_kinds(book, plan), texts, strict=True)]


def _purpose(kind: str | None, text: str) -> tuple[str, str]:
    known = by_kind().get(kind or "other")
    if known is None or known.id == purposes()[-1].id:
        return of_words(text), "other"
    return known.id, kind or "other"


def _kinds(book: Book, table: pd.DataFrame) -> list[str | None]:
    if "channel" not in table:
        return [None] * len(table)
    known = {name: book.channels.kind(name) for name in table["channel"].dropna().unique()}
    return [known.get(name) for name in table["channel"].tolist()]


def _texts(table: pd.DataFrame, names: Sequence[str]) -> list[str]:
    columns = [table[name].tolist() for name in names if name in table]
    met: dict[tuple[object, ...], str] = {}
    rows = list(zip(*columns, strict=True)) if columns else [()] * len(table)
    for row in set(rows):
        met[row] = " ".join(value for value in row if isinstance(value, str))
    return [met[row] for row in rows]
