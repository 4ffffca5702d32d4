"""Sequences, advocacy programmes, licences and plan lines: what is bought beside the media."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rm_audit.book import Book
from rm_audit.channels import spelled
from rm_audit.expr import Column, column
from rm_audit.metrics.context import Context
from rm_audit.metrics.frame import Frame, Rows
from rm_audit.metrics.outcomes import cost_types
from rm_audit.metrics.wording import assess, hits, load_lexicon
from rm_audit.shipped import rules_folder
from rm_audit.tables import MICROS

ACTIVE_DAYS = 30  # a month, the window in which 4S-ADV counts an active advocate
LAST_DAY = 10**6


def _by_name(names: Sequence[object]) -> dict[str, Rows]:
    """Names → positions of their rows, in order of name; rows without a name take no part."""
    found: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        if isinstance(name, str):
            found.setdefault(name, []).append(position)
    return {name: np.array(found[name], dtype=np.int64) for name in sorted(found)}


def _sum(table: pd.DataFrame, name: str, rows: Rows) -> int | None:
    """The sum over some rows; unknown where the column is absent or any row of it is blank."""
    if name not in table or not len(rows):
        return None
    values = table[name].iloc[rows]
    return None if values.isna().any() else int(values.sum())


def _frame(key: str, names: Sequence[str], measures: dict[str, list[object]], rows: dict[str, list[Rows]]) -> Frame:
    columns: dict[str, Column] = {name: column(values) for name, values in measures.items()}
    return Frame((key,), len(names), {key: column(names), **columns}, rows)


def sequence_frame(ctx: Context) -> Frame:
    """One subject a sequence: what its steps ask and give, and what came back."""
    table = ctx.book.tables.get("messages")
    if table is None:
        return Frame(("sequence",), 0, {})
    names = table["sequence"] if "sequence" in table else pd.Series(["all messages"] * len(table))
    groups = _by_name(names.tolist())
    asks, gives = (load_lexicon(rules_folder() / "lexicons", name) for name in ("asks", "gives"))
    judged = [assess(body, asks, gives) if isinstance(body, str) else None for body in table["body"]]
    measures: dict[str, list[object]] = {name: [] for name in ("steps", "steps_assessed", "ask_steps", "give_steps")}
    for rows in groups.values():
        known = [judged[row] for row in rows if judged[row] is not None]
        measures["steps"].append(len(rows))
        measures["steps_assessed"].append(len(known))
        measures["ask_steps"].append(sum(bool(item.asks) for item in known if item))
        measures["give_steps"].append(sum(bool(item.gives) for item in known if item))
    for name in ("sent", "replies", "unsubscribes"):
        measures[name] = [_sum(table, name, rows) for rows in groups.values()]
    measures["entered"] = [
        int(table["sent"].iloc[rows].max()) if sent is not None else None
        for rows, sent in zip(groups.values(), measures["sent"], strict=True)
    ]
    return _frame("sequence", list(groups), measures, {"messages": list(groups.values())})


def _vendor_rows(book: Book, vendor: str) -> Rows:
    """Spend rows of type licence whose vendor or channel is this vendor: media of the same firm is another matter."""
    spend = book.tables.get("spend")
    if spend is None:
        return np.empty(0, dtype=np.int64)
    types = cost_types(book)
    same = [
        kind == "licence" and any(isinstance(value, str) and spelled(value) == spelled(vendor) for value in values)
        for kind, values in zip(
            types, zip(*[spend[name] for name in ("vendor", "channel") if name in spend], strict=True), strict=True
        )
    ]
    return np.flatnonzero(np.array(same, dtype=bool)).astype(np.int64)


def _cost(book: Book, vendor: str, amount: int | None) -> float | None:
    rows = _vendor_rows(book, vendor)
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
    groups = _by_name(names)
    first = [int(rows[0]) for rows in groups.values()]
    vendors = [str(table["vendor"].iloc[row]) for row in first]
    amounts = [_sum(table, "amount", rows) for rows in groups.values()]
    measures: dict[str, list[object]] = {
        "vendor": list(vendors),
        "capability": [capability.iloc[row] if isinstance(capability.iloc[row], str) else None for row in first],
        "seats": [_sum(table, "seats", rows) for rows in groups.values()],
        "active_seats": [_sum(table, "active_seats", rows) for rows in groups.values()],
        "contract_amount": [None if amount is None else amount / MICROS for amount in amounts],
        "contract_cost": [_cost(ctx.book, v, a) for v, a in zip(vendors, amounts, strict=True)],
        **_deadlines(table, first, ctx.as_of),
    }
    measures["cheaper_same"] = _cheaper(measures["capability"], measures["contract_cost"], vendors)
    spend = [_vendor_rows(ctx.book, vendor) for vendor in vendors]
    return _frame("contract", list(groups), measures, {"contracts": list(groups.values()), "spend": spend})


def _deadlines(table: pd.DataFrame, rows: Sequence[int], as_of: int) -> dict[str, list[object]]:
    ends = [table["end"].iloc[row] if "end" in table else pd.NA for row in rows]
    notices = [table["notice_days"].iloc[row] if "notice_days" in table else pd.NA for row in rows]
    to_end: list[object] = [None if pd.isna(end) else int(end) - as_of for end in ends]
    to_notice: list[object] = [
        None if pd.isna(end) or pd.isna(notice) else int(end) - int(notice) - as_of
        for end, notice in zip(ends, notices, strict=True)
    ]
    return {"days_to_end": to_end, "days_to_notice": to_notice}


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


def programme_frame(ctx: Context) -> Frame:
    """One subject an advocacy programme: its shares, the people who share, the seats that are paid for."""
    shares = ctx.book.tables.get("advocacy")
    names = _programmes(ctx.book)
    if not names:
        return Frame(("programme",), 0, {})
    own = shares["programme"].tolist() if shares is not None and "programme" in shares else []
    groups = _by_name(own) if own else {}
    alone = np.arange(0 if shares is None else len(shares), dtype=np.int64)
    none = np.empty(0, dtype=np.int64)
    rows = [groups.get(name, none) if own or len(names) > 1 else alone for name in names]
    licences = [_licence_rows(ctx.book, name, len(names) == 1) for name in names]
    measures = _licence_measures(ctx, names, licences)
    for name, values in _share_measures(ctx, rows).items():
        measures[name] = values
    tables = {"advocacy": rows, "contracts": licences, "spend": [_vendor_rows(ctx.book, name) for name in names]}
    return _frame("programme", names, measures, tables)


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
        return {"contract_cost": [_cost(ctx.book, name, None) for name in names]}
    amounts = [_sum(contracts, "amount", rows) for rows in licences]
    return {
        "seats": [_sum(contracts, "seats", rows) for rows in licences],
        "contract_amount": [None if amount is None else amount / MICROS for amount in amounts],
        "contract_cost": [_cost(ctx.book, name, amount) for name, amount in zip(names, amounts, strict=True)],
    }


def _share_measures(ctx: Context, groups: Sequence[Rows]) -> dict[str, list[object]]:
    shares = ctx.book.tables.get("advocacy")
    if shares is None:
        return {}
    measures: dict[str, list[object]] = {"shares": [len(rows) if len(rows) else None for rows in groups]}
    original = shares["original"] if "original" in shares else pd.Series([pd.NA] * len(shares))
    measures["original_shares"] = [
        None if original.iloc[rows].isna().any() or not len(rows) else int(original.iloc[rows].sum()) for rows in groups
    ]
    days = [shares["shared_at"].iloc[rows].dropna() for rows in groups]
    known = [day[day <= ctx.as_of] for day in days]
    measures["log_days"] = [int(day.max() - day.min()) + 1 if len(day) else None for day in known]
    measures["active_people"] = [_active(shares, day.index.to_numpy(), day.to_numpy(dtype=np.int64)) for day in known]
    return measures


def _active(shares: pd.DataFrame, rows: Rows, days: Rows) -> int | None:
    if "person" not in shares or not len(days):
        return None
    recent = rows[days > days.max() - ACTIVE_DAYS]
    people = shares["person"].iloc[recent]
    return None if people.isna().any() else int(people.nunique())


def plan_names(plan: pd.DataFrame) -> list[str]:
    """What each line of the plan is called: its own name, else its channel or play, else its row."""
    parts = [plan[name].tolist() for name in ("line", "channel", "play") if name in plan]
    rows = [f"row {row}" for row in plan["_row"]]
    return [next((v for v in values if isinstance(v, str)), row) for *values, row in zip(*parts, rows, strict=True)]


def plan_frame(ctx: Context) -> Frame:
    """One subject a line of the plan."""
    plan = ctx.book.tables.get("plan")
    if plan is None:
        return Frame(("line",), 0, {})
    groups = _by_name(plan_names(plan))
    measures: dict[str, list[object]] = {
        "budget": [int(plan["budget"].iloc[rows].sum()) / MICROS for rows in groups.values()],
        "play": [_first(plan, "play", rows) for rows in groups.values()],
        "kpi": [_first(plan, "kpi", rows) for rows in groups.values()],
    }
    for mark, name in (("has_kpi", "kpi"), ("has_owner", "owner"), ("has_objective", "objective")):
        measures[mark] = [_first(plan, name, rows) is not None if name in plan else None for rows in groups.values()]
    for mark, lexicon in (("kpi_outcome", "kpi-outcome"), ("kpi_vanity", "kpi-vanity")):
        known = load_lexicon(rules_folder() / "lexicons", lexicon)
        measures[mark] = [
            bool(hits(str(kpi), known)) if kpi else (False if "kpi" in plan else None) for kpi in measures["kpi"]
        ]
    return _frame("line", list(groups), measures, {"plan": list(groups.values())})


def _first(plan: pd.DataFrame, name: str, rows: Rows) -> str | None:
    values = plan[name].iloc[rows].tolist() if name in plan else []
    return next((value for value in values if isinstance(value, str)), None)


def plan_totals(ctx: Context) -> dict[str, Column]:
    """Budget of the whole plan, of its software, and of what connects people or shares expertise."""
    plan = ctx.book.tables.get("plan")
    if plan is None:
        return {}
    texts = [" ".join(str(v) for v in values if isinstance(v, str)) for values in _plan_texts(plan)]
    budget = plan["budget"].fillna(0).to_numpy(dtype=np.int64)
    measures = {"plan_budget": column([int(budget.sum()) / MICROS])}
    taken = np.zeros(len(texts), dtype=bool)
    for name, lexicon in (("plan_software", "software-plan"), ("plan_trust", "trust-plan")):  # software wins
        known = load_lexicon(rules_folder() / "lexicons", lexicon)
        fits = np.array([bool(hits(text, known)) for text in texts], dtype=bool) & ~taken
        taken |= fits
        measures[name] = column([int(budget[fits].sum()) / MICROS])
    return measures


def _plan_texts(plan: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(zip(*[plan[name] for name in ("line", "play") if name in plan], strict=True)) or [()] * len(plan)
