"""Licences: seats, deadlines, cost, and which of two tools for one capability is the cheaper."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rm_audit.book import Book
from rm_audit.channels import spelled
from rm_audit.metrics.context import Context
from rm_audit.metrics.costs import of_type
from rm_audit.metrics.frame import Frame, Rows
from rm_audit.metrics.tally import by_name, named_frame, total
from rm_audit.tables import MICROS


def vendor_rows(book: Book, vendor: str) -> Rows:
    """Spend rows of type licence whose vendor or channel is this vendor: media of the same firm is another matter."""
    if "spend" not in book.tables:
        return np.empty(0, dtype=np.int64)
    return book.once("licences paid", ["spend"], lambda: _paid_rows(book)).get(spelled(vendor), np.empty(0, np.int64))


def _paid_rows(book: Book) -> dict[str, Rows]:
    """Vendors and channels as they are spelled → the spend rows of type licence that name them."""
    paid = np.flatnonzero(of_type(book, "licence"))
    spend = book.tables["spend"].iloc[paid]
    found: dict[str, list[int]] = {}
    names = [spend[name].tolist() for name in ("vendor", "channel") if name in spend]
    for row, *said in zip(paid.tolist(), *names, strict=True):
        for name in {spelled(value) for value in said if isinstance(value, str)}:
            found.setdefault(name, []).append(row)
    return {name: np.array(rows, dtype=np.int64) for name, rows in found.items()}


def licence_cost(book: Book, vendor: str, amount: int | None) -> float | None:
    rows = vendor_rows(book, vendor)
    if len(rows):
        return int(book.tables["spend"]["amount"].iloc[rows].sum()) / MICROS
    return None if amount is None else amount / MICROS


def contract_frame(ctx: Context) -> Frame:
    """One subject a licence."""
    table = ctx.book.tables.get("contracts")
    if table is None:
        return Frame(("contract",), 0, {})
    capability = table["capability"] if "capability" in table else pd.Series([None] * len(table))
    twice = set(table["vendor"][table["vendor"].duplicated()])
    names = [
        f"{v} ({c})" if v in twice and isinstance(c, str) else v
        for v, c in zip(table["vendor"], capability, strict=True)
    ]
    groups = by_name(names)
    first = [int(rows[0]) for rows in groups.values()]
    vendors = [str(table["vendor"].iloc[row]) for row in first]
    amounts = [total(table, "amount", rows) for rows in groups.values()]
    measures: dict[str, list[object]] = {
        "vendor": list(vendors),
        "capability": [capability.iloc[row] if isinstance(capability.iloc[row], str) else None for row in first],
        "seats": [total(table, "seats", rows) for rows in groups.values()],
        "active_seats": [total(table, "active_seats", rows) for rows in groups.values()],
        "contract_amount": [None if amount is None else amount / MICROS for amount in amounts],
        "contract_cost": [licence_cost(ctx.book, v, a) for v, a in zip(vendors, amounts, strict=True)],
        **_deadlines(table, list(groups.values()), ctx.as_of),
    }
    measures["cheaper_same"] = _cheaper(measures["capability"], measures["contract_cost"], vendors)
    spend = [vendor_rows(ctx.book, vendor) for vendor in vendors]
    measures |= _paid(ctx, table, list(groups.values()), spend)
    return named_frame("contract", list(groups), measures, {"contracts": list(groups.values()), "spend": spend})


def _deadlines(table: pd.DataFrame, groups: Sequence[Rows], as_of: int) -> dict[str, list[object]]:
    """Days to the first end and to the first last day for notice among the rows of each licence."""
    if "end" not in table:
        return {}
    ends = table["end"]
    notices = ends - table["notice_days"] if "notice_days" in table else ends.where(ends.isna())
    to_end = [_least(ends.iloc[rows], as_of) for rows in groups]
    to_notice = [_least(notices.iloc[rows], as_of) for rows in groups]
    return {"days_to_end": to_end, "days_to_notice": to_notice}


def _paid(ctx: Context, table: pd.DataFrame, groups: Sequence[Rows], spend: Sequence[Rows]) -> dict[str, list[object]]:
    """Whether each licence has a deadline; what was paid for it in the last year, and after its last end.

    Nothing is known of a vendor whom no spend row names: it may be paid from another budget.
    """
    dated = np.zeros(len(table), dtype=bool)
    if {"end", "notice_days"} <= set(table.columns):
        dated = (table["end"].notna() & table["notice_days"].notna()).to_numpy()
    measures: dict[str, list[object]] = {"has_deadline": [bool(dated[rows].all()) for rows in groups]}
    if not ctx.book.has("spend", "start"):
        return measures
    days, amounts = (ctx.book.tables["spend"][name] for name in ("start", "amount"))
    paid, late = measures.setdefault("paid_year", []), measures.setdefault("paid_after_end", [])
    for rows, own in zip(groups, spend, strict=True):
        begun, known = days.iloc[own], bool(len(own)) and bool(days.iloc[own].notna().all())
        within = (begun > ctx.as_of - 365) & (begun <= ctx.as_of)
        paid.append(int(amounts.iloc[own][within].sum()) / MICROS if known else None)
        ends = table["end"].iloc[rows] if "end" in table else pd.Series([pd.NA])
        over = known and not ends.isna().any()
        late.append(int(amounts.iloc[own][begun > ends.max()].sum()) / MICROS if over else None)
    return measures


def _least(days: pd.Series[int], as_of: int) -> object:
    known = [int(day) for day in days.tolist() if not pd.isna(day)]
    return min(known) - as_of if known else None


def _cheaper(capabilities: Sequence[object], costs: Sequence[object], vendors: Sequence[str]) -> list[object]:
    """The cost of each contract that is not the dearest for its capability; 0 for the dearest and for those alone."""
    groups: dict[str, list[tuple[float, str]]] = {}
    for capability, cost, vendor in zip(capabilities, costs, vendors, strict=True):
        if isinstance(capability, str) and isinstance(cost, float):
            groups.setdefault(spelled(capability), []).append((cost, vendor))
    dearest = {capability: max(members) for capability, members in groups.items()}
    result: list[object] = []
    for capability, cost, vendor in zip(capabilities, costs, vendors, strict=True):
        if not isinstance(capability, str) or not isinstance(cost, float):
            result.append(None)
        else:
            result.append(0.0 if dearest[spelled(capability)] == (cost, vendor) else cost)
    return result
