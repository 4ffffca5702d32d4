"""Who claims which dollar: no dollar twice.

Every row starts with its amount, credits netted inside their channel, campaign and month. Rows that no rule tells
apart are one group (`pots.py`). Claims are made in a fixed order; of each group a claim gets what it wants over and
above what earlier claims took. All amounts are micro-units in integers, so that claimed + unclaimed = examined holds
exactly at every run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rm_audit.findings import SEVERITIES, State
from rm_audit.metrics.frame import Frame, Parted, Rows, held
from rm_audit.pots import Pot, netted, spread
from rm_audit.rulebook.model import STEPS
from rm_audit.rulebook.run import CENT, Result
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
    taken: Rows = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # what it was granted of each row

    @property
    def id(self) -> str:
        return finding_id(self.result, self.row)


class Ledger:
    """The rows of one money table, or groups of them, and how much of each is claimed."""

    def __init__(self, frame: pd.DataFrame, column: str) -> None:
        self._open(netted(frame, column))

    @classmethod
    def of(cls, pot: Pot) -> Ledger:
        """The ledger of a table in groups."""
        ledger = cls.__new__(cls)
        ledger._open(pot.amounts, pot)
        return ledger

    def _open(self, amounts: Rows, pot: Pot | None = None) -> None:
        self.amounts, self.pot = amounts, pot
        self.claimed = np.zeros(len(amounts), dtype=np.int64)
        self.holders: dict[int, list[Claim]] = {}

    @property
    def remaining(self) -> Rows:
        return self.amounts - self.claimed

    def rows_of(self, table: str, frame: Frame, row: int) -> Rows:
        """Where the money of a subject stands in this ledger of a table."""
        return frame.table_rows(table, row) if self.pot is None else self.pot.of(frame.grain, row)

    def held(self, table: str, frame: Frame, subjects: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Where the money of some subjects stands."""
        return held(self._parts(table, frame), len(self.amounts), subjects)

    def money(self, table: str, frame: Frame, subjects: NDArray[np.bool_]) -> int:
        """The micro-units of some subjects, no row twice."""
        if self.pot is not None and isinstance(self._parts(table, frame), Parted):
            return int(self.pot.sums(frame.grain)[subjects].sum())
        return int(self.amounts[self.held(table, frame, subjects)].sum())

    def _parts(self, table: str, frame: Frame) -> Sequence[Rows]:
        return frame.rows.get(table, ()) if self.pot is None else self.pot.rows.get(frame.grain, ())

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
        claim.taken = _filled(claim.claimed, gain, amounts - before)
        self.claimed[claim.rows] += claim.taken
        if claim.claimed < claim.wanted:
            self._tell_holders(claim)
        if claim.claimed:
            for row in claim.rows[gain > 0]:
                self.holders.setdefault(int(row), []).append(claim)

    def _tell_holders(self, claim: Claim) -> None:
        holders = [holder for row in claim.rows for holder in self.holders.get(int(row), [])]
        for holder in {holder.id: holder for holder in holders}.values():
            holder.also.append(claim.id)


def _filled(amount: int, wanted: Rows, room: Rows) -> Rows:
    """An amount shared out as wanted; the few micro-units that do not fit go where there is room."""
    shares = spread(min(amount, int(wanted.sum())), wanted)
    return shares + spread(amount - int(shares.sum()), room - shares)


def finding_id(result: Result, row: int) -> str:
    """`board-zero-hire[channel=Monster]`: the rule and the subject, never a row number."""
    return id_of(result.rule.id, result.frame.subject(row))


def id_of(rule: str, subject: Mapping[str, object]) -> str:
    keys = ",".join(f"{key}={value}" for key, value in subject.items() if key not in ("kind", "name"))
    return f"{rule}[{keys}]"


def settle(results: Sequence[Result], pots: Mapping[str, Pot]) -> tuple[dict[str, Ledger], list[Claim]]:
    """All claims of stable rules on the ledgers of spend, plan and contracts, in the order of the design."""
    ledgers = {name: Ledger.of(pot) for name, pot in pots.items()}
    claims = [
        claim
        for result in results
        if result.rule.money is not None and result.rule.status == "stable"
        for row in result.rows_in(State.FAIL, State.WAIVED)  # a waiver opens a gate; it does not move money
        if (claim := _claim(result, row, pots)) is not None
    ]
    for claim in sorted(claims, key=_order):
        ledgers[claim.table].grant(claim)
    return ledgers, claims


def money_table(result: Result, row: int, pots: Mapping[str, Pot]) -> str:
    """The table whose money a verdict is about: plan lines their budget, all else the spend; a licence that has no
    spend row, its contract. Empty where there is no money under the subject."""
    grain = result.rule.grain
    tables = ("plan",) if family(grain) == "line" else ("spend", "contracts")
    return next((name for name in tables if name in pots and len(pots[name].of(grain, row))), "")


def _claim(result: Result, row: int, pots: Mapping[str, Pot]) -> Claim | None:
    assert result.rule.money is not None
    table = money_table(result, row, pots)
    if not table:
        return None
    rows = pots[table].of(result.rule.grain, row, result.rule.money.rows if table == "spend" else "")
    return Claim(result, row, table, rows, int(result.wanted[row]))


def _order(claim: Claim) -> tuple[int, int, int, str, str]:
    rule = claim.result.rule
    assert rule.money is not None
    depth = min((_DEPTH.get(key, 3) for key in rule.grain), default=4)
    name = str(claim.result.frame.subject(claim.row)["name"])
    return STEPS.index(rule.money.step), depth, -SEVERITIES.index(claim.result.severity(claim.row)), rule.id, name
