"""Advocacy programmes: who shares, in whose words, and the seats that are paid for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from rm_audit.book import Book
from rm_audit.channels import spelled
from rm_audit.copy import judge
from rm_audit.metrics.context import Context
from rm_audit.metrics.frame import Frame, Rows
from rm_audit.metrics.licences import licence_cost, vendor_rows
from rm_audit.metrics.sharing import sharing_measures
from rm_audit.metrics.tally import by_name, named_frame, total
from rm_audit.tables import MICROS

ACTIVE_DAYS = 30  # a month, the window in which 4S-ADV counts an active advocate


def programme_frame(ctx: Context) -> Frame:
    """One subject an advocacy programme: its shares, the people who share, the seats that are paid for."""
    shares = ctx.book.tables.get("advocacy")
    names = _programmes(ctx.book)
    if not names:
        return Frame(("programme",), 0, {})
    own = shares["programme"].tolist() if shares is not None and "programme" in shares else []
    groups = by_name(own) if own else {}
    alone = np.arange(0 if shares is None else len(shares), dtype=np.int64)
    none = np.empty(0, dtype=np.int64)
    rows = [groups.get(name, none) if own or len(names) > 1 else alone for name in names]
    licences = [_licence_rows(ctx.book, name, len(names) == 1) for name in names]
    measures = _licence_measures(ctx, names, licences)
    for name, values in _share_measures(ctx, rows).items():
        measures[name] = values
    tables = {"advocacy": rows, "contracts": licences, "spend": [vendor_rows(ctx.book, name) for name in names]}
    return named_frame("programme", names, measures, tables)


def _programmes(book: Book) -> list[str]:
    names: set[str] = set()
    shares, contracts = book.tables.get("advocacy"), book.tables.get("contracts")
    if contracts is not None and "capability" in contracts:
        pairs = zip(contracts["vendor"], contracts["capability"], strict=True)
        names |= {str(v) for v, c in pairs if isinstance(c, str) and "advocacy" in spelled(c)}
    if shares is not None:
        own = {name for name in shares["programme"] if isinstance(name, str)} if "programme" in shares else set()
        names |= own or ({"advocacy"} if not names else set())
    return sorted(names)


def _licence_rows(book: Book, programme: str, alone: bool) -> Rows:
    contracts = book.tables.get("contracts")
    if contracts is None:
        return np.empty(0, dtype=np.int64)
    capability = contracts["capability"] if "capability" in contracts else pd.Series([""] * len(contracts))
    fits = [
        spelled(str(vendor)) == spelled(programme) or (alone and isinstance(what, str) and "advocacy" in spelled(what))
        for vendor, what in zip(contracts["vendor"], capability, strict=True)
    ]
    return np.flatnonzero(np.array(fits, dtype=bool)).astype(np.int64)


def _licence_measures(ctx: Context, names: Sequence[str], licences: Sequence[Rows]) -> dict[str, list[object]]:
    contracts = ctx.book.tables.get("contracts")
    if contracts is None:
        return {"contract_cost": [licence_cost(ctx.book, name, None) for name in names]}
    amounts = [total(contracts, "amount", rows) for rows in licences]
    return {
        "seats": [total(contracts, "seats", rows) for rows in licences],
        "contract_amount": [None if amount is None else amount / MICROS for amount in amounts],
        "contract_cost": [licence_cost(ctx.book, name, amount) for name, amount in zip(names, amounts, strict=True)],
    }


def _share_measures(ctx: Context, groups: Sequence[Rows]) -> dict[str, list[object]]:
    shares = ctx.book.tables.get("advocacy")
    if shares is None:
        return {}
    measures: dict[str, list[object]] = {"shares": [len(rows) if len(rows) else None for rows in groups]}
    original = _original(shares)
    measures["original_shares"] = [
        None if original.iloc[rows].isna().any() or not len(rows) else int(original.iloc[rows].sum()) for rows in groups
    ]
    days = [shares["shared_at"].iloc[rows].dropna() for rows in groups]
    known = [day[day <= ctx.as_of] for day in days]
    measures["log_days"] = [int(day.max() - day.min()) + 1 if len(day) else None for day in known]
    measures |= _text_measures(shares, groups)
    measures |= sharing_measures(shares, groups, ctx.as_of)
    measures["active_people"] = [_active(shares, day.index.to_numpy(), day.to_numpy(dtype=np.int64)) for day in known]
    return measures


def _original(shares: pd.DataFrame) -> pd.Series:
    """Which shares are in the employee's own words: as the log says, else those whose text nobody else shared."""
    if "original" in shares or "body" not in shares:
        return shares["original"] if "original" in shares else pd.Series([pd.NA] * len(shares))
    spoken = [spelled(body) if isinstance(body, str) else "" for body in shares["body"]]
    times = Counter(spoken)
    return pd.Series([times[text] == 1 if text else False for text in spoken], dtype="boolean")


def _text_measures(shares: pd.DataFrame, groups: Sequence[Rows]) -> dict[str, list[object]]:
    """What the texts of a programme are worth, each text once: one that fifty people pass on is one text."""
    if "body" not in shares:
        return {}
    measures: dict[str, list[object]] = {"texts_assessed": [], "bland_texts": [], "work_texts": []}
    for rows in groups:
        texts = sorted({body for body in shares["body"].iloc[rows] if isinstance(body, str)})
        known = [found for found in map(judge, texts) if found.score is not None]
        measures["texts_assessed"].append(len(known))
        measures["bland_texts"].append(sum(found.verdict == "bland" for found in known))
        measures["work_texts"].append(sum(found.shows_work for found in known))
    return measures


def _active(shares: pd.DataFrame, rows: Rows, days: Rows) -> int | None:
    if "person" not in shares or not len(days):
        return None
    recent = rows[days > days.max() - ACTIVE_DAYS]
    people = shares["person"].iloc[recent]
    return None if people.isna().any() else int(people.nunique())
