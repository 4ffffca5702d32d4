"""Two downloads of one export that overlap, and invoices that stand in two files: each row counts once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from rm_audit.book.cards import LEAVE_OUT
from rm_audit.book.pairs import IDENTITY, Compared, compare, identities
from rm_audit.book.sight import NONE, Ints, Pair, Seen, Sight, sums

Counts = dict[Pair, tuple[int, int]]
_MIX = np.uint64(0x9E3779B97F4A7C15)
# Judgement. Two lists of invoices share a few flat fees by chance; two downloads of the same days share most rows of
# the days that both have. Half of the smaller one's rows there, in two different amounts, is far over the first.
SHARE = 0.5
SIEVE = SHARE * SHARE * 0.8  # as many as can convince: half of them equal, of half of the rows, and some leeway
# Without clicks or impressions only amounts can agree, so all rows that both have must, and three of them at least.
FEWEST = {True: 2, False: 3}


def settle_siblings(sight: Sight) -> None:
    """Sets aside rows of one file that another file has too; where it cannot be told, the amount is a doubt."""
    present = [seen for seen in sight.seen if len(sight.rows_of(seen))]
    if len({seen.ref.file for seen in present}) < 2:
        return
    _settle_invoices(sight, [seen for seen in present if "invoice" in seen.columns])
    present = [seen for seen in present if len(sight.rows_of(seen))]
    alike, strict = _equal_rows(sight, present)
    for better, seen in combinations(sorted(present, key=lambda seen: _preference(sight, seen)), 2):
        pair = (better.number, seen.number)
        count, _ = alike.get(pair, (0, 0))
        if not count or better.ref.file == seen.ref.file:
            continue
        if count >= min(FEWEST.values()) and count >= SIEVE * _in_common_days(sight, better, seen):
            _settle_pair(sight, better, seen)
        elif pair in strict:
            sight.doubt(better, seen, strict[pair][1], f"give {_rows(strict[pair][0])} alike")


def doubt_undated(sight: Sight) -> None:
    """Two exports of one span, or of none, that name mostly the same campaigns may be two downloads of one time."""
    # Once each, for a table may have hundreds of parts.
    spans = {seen.number: _span(sight, seen) for seen in sight.seen if seen.export}
    undated = [seen for seen in sight.seen if spans.get(seen.number) is not None]
    for one, other in combinations(undated, 2):
        if spans[one.number] != spans[other.number]:
            continue
        named_apart = one.figures and other.figures and one.figures != other.figures
        if one.ref.file == other.ref.file or named_apart or _key_columns(one) != _key_columns(other):
            continue
        rows, others = sight.rows_of(one), sight.rows_of(other)
        codes = identities(sight, (one, other), (rows, others))
        both = np.intersect1d(codes[: len(rows)], codes[len(rows) :])
        if len(both) >= SHARE * min(len(rows), len(others)):
            here = int(sight.amount[rows[np.isin(codes[: len(rows)], both)]].sum())
            there = int(sight.amount[others[np.isin(codes[len(rows) :], both)]].sum())
            sight.doubt(one, other, min(here, there), f"name the same in {_rows(len(both))} without days")


def _span(sight: Sight, seen: Seen) -> tuple[int, int] | None:
    """The one span of all rows, which may be none at all; None where rows have days of their own."""
    rows = sight.rows_of(seen)
    spans = np.unique(np.stack([sight.start[rows], sight.end[rows]]), axis=1)
    return (int(spans[0, 0]), int(spans[1, 0])) if spans.shape[1] == 1 else None


def _key_columns(seen: Seen) -> frozenset[str]:
    return seen.columns & {"channel", "start", "end", *IDENTITY}


def _preference(sight: Sight, seen: Seen) -> tuple[int, int]:
    """The file whose days reach further knows the older days better too; else the first."""
    return -int(sight.end[sight.rows_of(seen)].max()), seen.rank


def _in_common_days(sight: Sight, *pair: Seen) -> int:
    """The rows of the smaller of two sheets that begin in the days that both have."""
    starts = [sight.start[sight.rows_of(seen)] for seen in pair]
    starts = [start[start != NONE] for start in starts]
    if not all(len(start) for start in starts):
        return 0
    first, last = max(start.min() for start in starts), min(start.max() for start in starts)
    return min(int(((start >= first) & (start <= last)).sum()) for start in starts)


def _equal_rows(sight: Sight, group: Sequence[Seen]) -> tuple[Counts, Counts]:
    """How many rows two sheets share, and their money: by channel, days and amount, and by all that names them."""
    rows = np.concatenate([sight.rows_of(seen) for seen in group])
    rows = rows[(sight.start[rows] != NONE) & (sight.amount[rows] != 0)]
    marks = np.zeros(len(rows), dtype=np.uint64)
    for column in (sight.channel, sight.start, sight.end, sight.amount):
        marks = (marks ^ column[rows].astype(np.uint64)) * _MIX
        marks ^= marks >> np.uint64(29)
    twice = pd.Series(marks).duplicated(keep=False).to_numpy()
    rows, marks = rows[twice], marks[twice]
    codes = pd.factorize(marks)[0].astype(np.int64)
    strict = codes
    for name in IDENTITY:
        if name in sight.book.tables["spend"]:
            part, known = pd.factorize(sight.texts(name)[rows])
            strict = pd.factorize(strict * (len(known) + 1) + part)[0].astype(np.int64)
    return _shared(sight, group, rows, codes), _shared(sight, group, rows, strict)


def _shared(sight: Sight, group: Sequence[Seen], rows: Ints, codes: Ints) -> Counts:
    size = len(sight.book.sheets)
    _, first = np.unique(codes * size + sight.sheet[rows], return_index=True)  # each code once a sheet
    rows, codes = rows[first], codes[first]
    sheet, amount = sight.sheet[rows], np.maximum(sight.amount[rows], 0)
    common = np.bincount(codes) > 1 if len(codes) else np.zeros(0, dtype=bool)
    sheet, amount, codes = (column[common[codes]] for column in (sheet, amount, codes))
    found: Counts = {}
    for seen in group:
        inside = np.zeros(len(common), dtype=bool)
        inside[codes[sheet == seen.number]] = True
        at = inside[codes]
        counts, money = np.bincount(sheet[at], minlength=size), sums(sheet[at], amount[at], size)
        found |= {(seen.number, n): (int(counts[n]), int(money[n])) for n in np.flatnonzero(counts).tolist()}
    return found


def _settle_pair(sight: Sight, better: Seen, seen: Seen) -> None:
    found = compare(sight, seen, better)
    equal = found.here[found.equal & (found.here != 0)]
    if not len(equal):
        return
    if not _convincing(better, seen, found, equal):
        sight.doubt(better, seen, int(np.maximum(equal, 0).sum()), f"give {_rows(len(equal))} alike")
        return
    sight.drop(found.rows, f"the same money in {better.label}")
    sight.settle(better, seen)
    _say(sight, better, seen, found)


def _convincing(better: Seen, seen: Seen, found: Compared, equal: Ints) -> bool:
    if _key_columns(better) != _key_columns(seen):
        return False
    measured, shared = better.export and seen.export, len(found.here)
    if len(equal) < FEWEST[measured] or len(np.unique(equal)) < 2 or shared < SHARE * found.fewest:
        return False
    if measured and found.daily:
        return len(equal) >= SHARE * shared  # late clicks and credits change the last days of a download
    return len(equal) == int(((found.here != 0) | (found.there != 0)).sum())


def _say(sight: Sight, better: Seen, seen: Seen, found: Compared) -> None:
    here, there = (sight.money(int(amounts.sum())) for amounts in (found.here, found.there))
    restated, count = int((~found.equal).sum()), sight.book.count("spend", found.rows)
    stand = "stands" if count == 1 else "stand"
    words = (
        f"{_rows(count)} of this sheet {stand} in {better.label} too: {here} here, {there} there; counted once, there"
    )
    if restated:
        words += f"; {restated} of them {'differs' if restated == 1 else 'differ'}"
    sight.note("warning", "counted-once", words, LEAVE_OUT, seen)


def _rows(count: int) -> str:
    return f"{count} row{'' if count == 1 else 's'}"


def _settle_invoices(sight: Sight, group: Sequence[Seen]) -> None:
    """The same number of an invoice, channel and amount in two files is one invoice, as often as the first has it."""
    if len(group) < 2:
        return
    spend = sight.book.tables["spend"]
    ordered = sorted(group, key=lambda seen: seen.rank)
    rows = np.concatenate([sight.rows_of(seen) for seen in ordered])
    lines = pd.DataFrame({"row": rows, "sheet": sight.sheet[rows], "channel": sight.channel[rows]})
    lines["invoice"], lines["amount"] = spend["invoice"].to_numpy()[rows], sight.amount[rows]
    lines = lines[lines["invoice"].notna() & (lines["amount"] != 0)]
    key = ["channel", "invoice", "amount"]
    lines["nth"] = lines.groupby([*key, "sheet"]).cumcount()
    lines["first"] = lines.groupby([*key, "nth"])["sheet"].transform("first")
    files = {seen.number: seen.ref.file for seen in group}
    again = lines[(lines["first"] != lines["sheet"]) & (lines["first"].map(files) != lines["sheet"].map(files))]
    by_number = {seen.number: seen for seen in group}
    pairs = again[["sheet", "first"]].drop_duplicates().itertuples(index=False)
    for number, first in sorted((int(pair[0]), int(pair[1])) for pair in pairs):
        part = again[(again["sheet"] == number) & (again["first"] == first)]
        seen, better = by_number[number], by_number[first]
        sight.drop(part["row"].to_numpy(), f"the same invoice in {better.label}")
        money = sight.money(int(part["amount"].sum()))
        bear = "bears" if len(part) == 1 else "bear"
        words = f"{_rows(len(part))} of this sheet {bear} an invoice number and amount that stand in {better.label} too"
        sight.note("warning", "counted-once", f"{words}: {money} in both, counted once, there", LEAVE_OUT, seen)
