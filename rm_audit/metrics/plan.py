"""Plan lines, and what the plan as a whole spends on tools and on people."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rm_audit.expr import Column, column
from rm_audit.metrics.context import Context
from rm_audit.metrics.frame import Frame, Rows
from rm_audit.metrics.plan_lines import line_measures
from rm_audit.metrics.tally import by_name, named_frame
from rm_audit.metrics.wording import hits, load_lexicon
from rm_audit.shipped import rules_folder
from rm_audit.tables import MICROS, SHEET

_LEXICONS = (("plan_software", "software-plan"), ("plan_trust", "trust-plan"), ("plan_boards", "boards-plan"))
_NAMED = {
    "has_kpi": "kpi",
    "has_owner": "owner",
    "has_objective": "objective",
    "has_target": "target",
    "has_experiment": "experiment",
}


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
    groups = by_name(plan_names(plan))
    texts = {name: plan[name].tolist() if name in plan else [None] * len(plan) for name in ("play", *_NAMED.values())}
    measures: dict[str, list[object]] = {
        "budget": [int(plan["budget"].iloc[rows].sum()) / MICROS for rows in groups.values()],
        "play": [_said(texts["play"], rows) for rows in groups.values()],
        "kpi": [_said(texts["kpi"], rows) for rows in groups.values()],
    }
    for mark, name in _NAMED.items():
        measures[mark] = [_said(texts[name], rows) is not None if name in plan else None for rows in groups.values()]
    for mark, lexicon in (("kpi_outcome", "kpi-outcome"), ("kpi_vanity", "kpi-vanity")):
        known = load_lexicon(rules_folder() / "lexicons", lexicon)
        measures[mark] = [
            bool(hits(str(kpi), known)) if kpi else (False if "kpi" in plan else None) for kpi in measures["kpi"]
        ]
    measures |= line_measures(ctx, plan, list(groups), list(groups.values()))
    return named_frame("line", list(groups), measures, {"plan": list(groups.values())})


def _said(texts: Sequence[object], rows: Rows) -> str | None:
    """What a line says in a column; where rows of one name say several things, all of them in order of spelling."""
    return " / ".join(sorted({text for row in rows if isinstance(text := texts[row], str)})) or None


def plan_totals(ctx: Context) -> dict[str, Column]:
    """Budget of the whole plan, of its software, and of what connects people or shares expertise."""
    plan = ctx.book.tables.get("plan")
    if plan is None:
        return {}
    texts = [" ".join(str(v) for v in values if isinstance(v, str)) for values in _plan_texts(plan)]
    budget = plan["budget"].fillna(0).to_numpy(dtype=np.int64)
    measures = {"plan_budget": column([int(budget.sum()) / MICROS])}
    taken = np.zeros(len(texts), dtype=bool)
    for name, lexicon in _LEXICONS:  # the first that fits wins
        known = load_lexicon(rules_folder() / "lexicons", lexicon)
        fits = np.array([bool(hits(text, known)) for text in texts], dtype=bool) & ~taken
        taken |= fits
        measures[name] = column([int(budget[fits].sum()) / MICROS])
    return measures | _adds_up(ctx)


def _plan_texts(plan: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(zip(*[plan[name] for name in ("line", "play") if name in plan], strict=True)) or [()] * len(plan)


def _adds_up(ctx: Context) -> dict[str, Column]:
    """Whether the plan's own totals are the sums of its lines; unknown where it has no total row."""
    plan = ctx.book.tables["plan"]
    numbers = sorted({int(number) for number in plan[SHEET]})
    places = {(ctx.book.sheets[number].file, ctx.book.sheets[number].sheet) for number in numbers}
    total_rows = any(item.reason == "total row" for number in numbers for item in ctx.book.accounts[number].set_aside)
    if not total_rows:
        return {}
    wrong = [p for p in ctx.book.problems if p.code == "total-differs" and (p.file, p.sheet) in places]
    return {"plan_adds_up": column([not wrong])}
