"""The same money in two sheets counts once, and both figures are said; what cannot be told is said to be a doubt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rm_audit.book.model import Book
from rm_audit.book.sight import Sight, look
from rm_audit.config import Config
from rm_audit.errors import did_you_mean
from rm_audit.tables import ROW, SHEET


def settle_overlaps(book: Book, config: Config) -> None:
    """Sets aside rows of spend that stand elsewhere too: whole sheets first, then rows, then sums of months."""
    _say_unknown_channels(book, config)
    sight = look(book, config)
    if sight is None or not sight.free.any():
        return
    _settle(sight)
    book.problems += sight.notes
    if not sight.keep.all():
        _drop_outcomes(book, sight)
        book.set_aside("spend", sight.keep, sight.reasons, "amount")


def _settle(sight: Sight) -> None:
    from rm_audit.book.alike import say_doubts, settle_alike  # these take time, and most books have nothing for them
    from rm_audit.book.cards import settle_cards
    from rm_audit.book.siblings import doubt_undated, settle_siblings
    from rm_audit.book.summaries import settle_summaries
    from rm_audit.book.teams import doubt_nameless, settle_teams

    for settle in (settle_cards, settle_siblings, settle_summaries, settle_teams, settle_alike):
        settle(sight)
    for doubt in (doubt_undated, doubt_nameless, say_doubts):
        doubt(sight)


def _say_unknown_channels(book: Book, config: Config) -> None:
    spend = book.tables.get("spend")
    if spend is None or not any(config.overlaps) or config.document is None:
        return
    names = [str(name) for name in spend["channel"].dropna().unique()]
    known = {book.channels.key(name) for name in names}
    for channel in config.overlaps:
        if channel and book.channels.key(channel) not in known:
            help = did_you_mean(channel, names) or "Write it as the report does, or take the line out."
            words = f"no spend is on the channel '{channel}', so what it says changes nothing"
            problem = config.document.problem("overlaps", words, ("overlaps", channel), help=help, key=True)
            book.problems.append(replace(problem, level="info"))


def _drop_outcomes(book: Book, sight: Sight) -> None:
    """Hires beside spend that is counted elsewhere are counted there too, where that sheet counts any."""
    totals = book.tables.get("outcome_totals")
    if totals is None:
        return
    counting = {number for number, ref in enumerate(book.sheets) if "outcome_totals" in ref.columns}
    twins = {pair for pair in sight.settled if set(pair) <= counting}
    numbers = [number for pair in twins for number in pair]
    spend = book.tables["spend"]
    out = ~sight.keep & np.isin(sight.sheet, numbers)
    gone = set(zip(sight.sheet[out].tolist(), spend[ROW].to_numpy()[out].tolist(), strict=True))
    own = zip(totals[SHEET].tolist(), totals[ROW].tolist(), strict=True)
    keep = np.array([place not in gone for place in own], dtype=bool)
    book.tables["outcome_totals"] = totals[keep].reset_index(drop=True)
