"""The same money in two sheets: said, before anybody adds it up twice."""

from __future__ import annotations

import pandas as pd

from rm_audit.book.model import Book
from rm_audit.days import month_of
from rm_audit.errors import Problem
from rm_audit.numbers import exact_money, units
from rm_audit.tables import SHEET


def say_overlaps(book: Book) -> None:
    """A warning for each pair of spend sheets that give the same amount for a channel and month.

    Which of them counts is for people to say: a platform's export and a team's sheet of it look alike, and so may two
    equal invoices. Both are counted until then.
    """
    spend = book.tables.get("spend")
    if spend is None or spend[SHEET].nunique() < 2:
        return
    same: dict[tuple[int, int], list[int]] = {}
    for amounts in _by_channel_and_month(spend):
        sheets = sorted(amounts)
        for position, one in enumerate(sheets):
            for other in sheets[position + 1 :]:
                if amounts[one] and amounts[one] == amounts[other]:
                    same.setdefault((one, other), []).append(amounts[one])
    for (one, other), amounts_twice in sorted(same.items()):
        _warn(book, one, other, amounts_twice)
    if not same:
        _say_sums(book, spend)


def _say_sums(book: Book, spend: pd.DataFrame) -> None:
    """A warning for each sheet that gives every channel just what all other sheets together give it: a summary."""
    known = spend[spend["channel"].notna()]
    for number in sorted(known[SHEET].unique()):
        own = known[known[SHEET] == number].groupby("channel")["amount"].sum()
        others = known[known[SHEET] != number].groupby("channel")["amount"].sum()
        if own.sum() and own.index.isin(others.index).all() and (own == others.reindex(own.index)).all():
            ref = book.sheets[int(number)]
            money = exact_money(units(int(own.sum())), book.currency or "")
            words = f"this sheet gives each channel what the other sheets add up to: {money} may be counted twice"
            help = "Leave it out if it is a summary of the others."
            book.problems.append(Problem("warning", "same-money", words, help, ref.file, ref.sheet))
            return


def _by_channel_and_month(spend: pd.DataFrame) -> list[dict[int, int]]:
    """For each channel and month the sum of each sheet."""
    start = spend["start"] if "start" in spend else pd.Series([pd.NA] * len(spend), dtype="Int64")
    sums: dict[tuple[str, str], dict[int, int]] = {}
    for channel, day, sheet, amount in zip(spend["channel"], start, spend[SHEET], spend["amount"], strict=True):
        if isinstance(channel, str):
            group = sums.setdefault((channel, "" if pd.isna(day) else month_of(int(day))), {})
            group[int(sheet)] = group.get(int(sheet), 0) + int(amount)
    return list(sums.values())


def _warn(book: Book, one: int, other: int, amounts: list[int]) -> None:
    names = [f"{ref.file}#{ref.sheet}".rstrip("#") for ref in (book.sheets[one], book.sheets[other])]
    money = exact_money(units(sum(amounts)), book.currency or "")
    times = f"{len(amounts)} time{'s' if len(amounts) > 1 else ''}"
    words = f"{names[0]} and {names[1]} give a channel's month the same amount, {times}: {money} may be counted twice"
    help = "Leave one of the two out if it is the same money."
    ref = book.sheets[other]
    book.problems.append(Problem("warning", "same-money", words, help, ref.file, ref.sheet))
