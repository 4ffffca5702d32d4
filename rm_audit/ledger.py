"""Who claims which dollar: no dollar twice.

Every row starts with its amount, credits netted inside their channel, campaign and month. Claims are made in
a fixed order; of each row a claim gets what it wants over and above what earlier claims took. All amounts are
micro-units in integers, so that claimed + unclaimed = examined holds exactly at every run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from rm_audit.findings import SEVERITIES, State
from rm_audit.metrics.context import Context
from rm_audit.metrics.frame import Rows
from rm_audit.metrics.frames import narrowed
from rm_audit.metrics.groups import months
from rm_audit.rulebook.model import STEPS
from rm_audit.rulebook.run import CENT, Result
from rm_audit.tables import MONEY_COLUMN
from rm_audit.vocabulary import PORTFOLIO, family

_DEPTH = {"job": 0, "campaign": 1, "month": 2, PORTFOLIO: 4}


@dataclass
class Claim:
    """One failing subject of one money rule: what it wanted and what the ledger granted, in whole cents."""

    result: Result
    row: int
    table: str
    rows: Rows
    wanted: int
    claimed: int = 0
    also: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return finding_id(self.result, self.row)


class Ledger:
    """The rows of one money table and how much of each is claimed."""

    def __init__(self, frame: pd.DataFrame, column: str) -> None:
        amounts = frame[column].fillna(0).to_numpy(dtype=np.int64)
        self.amounts = _netted(frame, amounts)
        self.claimed = np.zeros(len(amounts), dtype=np.int64)
        self.holders: dict[int, list[Claim]] = {}

    @property
    def remaining(self) -> Rows:
        return self.amounts - self.claimed

    def grant(self, claim: Claim) -> None:
        """Gives the claim what it wants of each row over and above what is claimed there, and tells the holders.

        What it wants is spread over its rows in proportion to their amounts. Two findings that each doubt six
        tenths of a row are likely to doubt the same six tenths: together they claim those, and not the whole row.
        """
        amounts, before = self.amounts[claim.rows], self.claimed[claim.rows]
        wanted = spread(min(claim.wanted, int(amounts.sum())), amounts)
        gain = np.maximum(wanted - before, 0)
        # Sharing out leaves up to a micro-unit a row on one row or another: the order of rows must not cost a cent.
        total = min(int(gain.sum()) + len(claim.rows), claim.wanted, int((amounts - before).sum()))
        claim.claimed = total - total % CENT
        self.claimed[claim.rows] += _filled(claim.claimed, gain, amounts - before)
        if claim.claimed < claim.wanted:
            self._tell_holders(claim)
        if claim.claimed:
            for row in claim.rows[gain > 0]:
                self.holders.setdefault(int(row), []).append(claim)

    def _tell_holders(self, claim: Claim) -> None:
        holders = [holder for row in claim.rows for holder in self.holders.get(int(row), [])]
        for holder in {holder.id: holder for holder in holders}.values():
            holder.also.append(claim.id)


def spread(amount: int, over: Rows) -> Rows:
    """An amount in proportion to non-negative parts, in integers that add up to it exactly; never more than a part."""
    total = int(over.sum())
    if not total:
        return np.zeros(len(over), dtype=np.int64)
    # Python integers: a product of two sums in micro-units does not fit in 64 bits.
    shares = np.array([amount * int(part) // total for part in over], dtype=np.int64)
    order = np.argsort(-(over - shares), kind="stable")
    short = amount - int(shares.sum())
    for position in order:
        step = min(short, int(over[position] - shares[position]))
        shares[position] += step
        short -= step
    return shares


def _filled(amount: int, wanted: Rows, room: Rows) -> Rows:
    """An amount shared out as wanted; the few micro-units that do not fit go where there is room."""
    shares = spread(min(amount, int(wanted.sum())), wanted)
    return shares + spread(amount - int(shares.sum()), room - shares)


def _netted(frame: pd.DataFrame, amounts: Rows) -> Rows:
    """Credits are taken off the rows of their channel, campaign and month; what they leave is never negative."""
    net = np.maximum(amounts, 0)
    if (amounts >= 0).all():
        return net
    month = months(frame, "spend")
    frame = frame if month is None else frame.assign(month=month)
    keys = [name for name in ("channel", "campaign", "month") if name in frame]
    codes = frame[keys].astype("object").groupby(keys, dropna=False).ngroup().to_numpy() if keys else np.zeros(len(net))
    for code in np.unique(codes[amounts < 0]):
        rows = np.flatnonzero(codes == code)
        kept = max(int(amounts[rows].sum()), 0)
        net[rows] = spread(kept, net[rows])
    return net


def finding_id(result: Result, row: int) -> str:
    """`board-zero-hire[channel=Monster]`: the rule and the subject, never a row number."""
    subject = result.frame.subject(row)
    keys = ",".join(f"{key}={value}" for key, value in subject.items() if key not in ("kind", "name"))
    return f"{result.rule.id}[{keys}]"


def settle(results: Sequence[Result], ctx: Context) -> tuple[dict[str, Ledger], list[Claim]]:
    """All claims of stable rules on the ledgers of spend, plan and contracts, in the order of the design."""
    money = [(name, column) for name, column in MONEY_COLUMN.items() if ctx.book.has(name, column)]
    ledgers = {name: Ledger(ctx.book.tables[name], column) for name, column in money}
    claims = [
        claim
        for result in results
        if result.rule.money is not None and result.rule.status == "stable"
        for row in result.rows_in(State.FAIL, State.WAIVED)  # a waiver opens a gate; it does not move money
        if (claim := _claim(result, row, ctx)) is not None
    ]
    for claim in sorted(claims, key=_order):
        ledgers[claim.table].grant(claim)
    return ledgers, claims


def money_table(result: Result, row: int) -> str:
    """The table whose money a verdict is about: plan lines their budget, all else the spend; a licence that has no
    spend row, its contract. Empty where there is no money under the subject."""
    if family(result.rule.grain) == "line":
        return "plan"
    for table in ("spend", "contracts"):
        if len(result.frame.table_rows(table, row)):
            return table
    return ""


def _claim(result: Result, row: int, ctx: Context) -> Claim | None:
    assert result.rule.money is not None
    table = money_table(result, row)
    if not table:
        return None
    rows = result.frame.table_rows(table, row)
    rows = narrowed(ctx, rows, result.rule.money.rows) if table == "spend" else rows
    return Claim(result, row, table, rows, int(result.wanted[row]))


def _order(claim: Claim) -> tuple[int, int, int, str, str]:
    rule = claim.result.rule
    assert rule.money is not None
    depth = min((_DEPTH.get(key, 3) for key in rule.grain), default=4)
    name = str(claim.result.frame.subject(claim.row)["name"])
    return STEPS.index(rule.money.step), depth, -SEVERITIES.index(claim.result.severity(claim.row)), rule.id, name
