"""What the plan says that the money is for, against what it buys and where the money went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rm_audit.channels import purposes
from rm_audit.metrics.context import Context
from rm_audit.metrics.plan import plan_names
from rm_audit.metrics.purpose import of_objective, of_plan, of_spend
from rm_audit.numbers import units

LEAST = 0.05  # judgement: a misalignment of less than a twentieth of the money is no headline
_Sums = dict[str, int]


def alignment(ctx: Context) -> dict[str, Any] | None:
    """Amounts by purpose of the spend and of the plan, amounts by what objectives say, and the largest misalignment.

    None where there is neither spend nor plan. `planned` and `objectives` are None where no sheet has them.
    """
    book = ctx.book
    spent = of_spend(book) if book.has("spend") else None
    planned = _sums(of_plan(book), book.tables["plan"]["budget"]) if book.has("plan") else None
    if spent is None and planned is None:
        return None
    objectives = _objectives(ctx) if planned is not None else None
    found: dict[str, Any] = {
        "spent": None if spent is None else units(sum(spent.values())),
        "planned": None if planned is None else units(sum(planned.values())),
        "objectives": None if objectives is None else {name: units(sum_) for name, sum_ in objectives.items()},
        "rows": _rows(spent, planned),
    }
    crossed = _crossed(ctx) if objectives is not None else []
    return {**found, "crossed": crossed, "largest": _largest(spent, planned, objectives, crossed)}


def _sums(marks: list[tuple[str, str]], amounts: Any) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for mark, amount in zip(marks, amounts.fillna(0), strict=True):
        sums[mark] = sums.get(mark, 0) + int(amount)
    return sums


def _rows(spent: Any, planned: Any) -> list[dict[str, Any]]:
    """One item a purpose that has money, with its kinds of channels, in the order of the purposes."""
    rows = []
    for purpose in purposes():
        keys = sorted({key for sums in (spent, planned) if sums for key in sums if key[0] == purpose.id and sums[key]})
        if not keys:
            continue
        kinds = [{"kind": key[1], "planned": _one(planned, [key]), "spent": _one(spent, [key])} for key in keys]
        whole = {"planned": _one(planned, keys), "spent": _one(spent, keys)}
        rows.append(
            {"purpose": purpose.id, "title": purpose.title, "side": purpose.side or None, **whole, "kinds": kinds}
        )
    return rows


def _one(sums: Mapping[tuple[str, str], int] | None, keys: list[tuple[str, str]]) -> float | None:
    return None if sums is None else units(sum(sums.get(key, 0) for key in keys))


def _side(purpose: str) -> str:
    return next(item.side for item in purposes() if item.id == purpose)


def _objectives(ctx: Context) -> _Sums | None:
    """Micro-units of the plan by what the objective says; None where the plan has no column of objectives."""
    plan = ctx.book.tables["plan"]
    if "objective" not in plan:
        return None
    sums = {"trust": 0, "distribution": 0, "both": 0, "neither": 0, "none": 0}
    for text, amount in zip(plan["objective"], plan["budget"].fillna(0), strict=True):
        sums[of_objective(text) or "none"] += int(amount)
    return sums


def _crossed(ctx: Context) -> list[dict[str, Any]]:
    """Lines whose objective is trust and that buy distribution, the most money first; months of a line together."""
    plan = ctx.book.tables["plan"]
    found: dict[tuple[str, str], list[int]] = {}
    lines = zip(plan_names(plan), plan["objective"], of_plan(ctx.book), strict=True)
    for row, (name, text, (purpose, _)) in enumerate(lines):
        if of_objective(text) == "trust" and _side(purpose) == "distribution":
            found.setdefault((name, text), []).append(row)
    budgets = plan["budget"].fillna(0).to_numpy(dtype=np.int64)
    items = [
        {"line": name, "objective": text, "budget": units(int(budgets[rows].sum()))}
        for (name, text), rows in found.items()
    ]
    return sorted(items, key=lambda item: (-float(str(item["budget"])), str(item["line"])))


def _largest(
    spent: Mapping[tuple[str, str], int] | None,
    planned: Mapping[tuple[str, str], int] | None,
    objectives: _Sums | None,
    crossed: list[dict[str, Any]],
) -> dict[str, Any]:
    """`kind` says what `amount` is.

    objective: lines that say trust and buy distribution; spend: the share that the plan has for trust less that of
    the spend, in money; within: nothing over a twentieth; unstated: there is nothing to hold the money to.
    """
    total = sum((planned or {}).values())
    stated = sum(objectives[name] for name in ("trust", "distribution", "both")) if objectives else 0
    choices: list[tuple[float, float, dict[str, Any]]] = []
    if crossed and total:
        amount = sum(item["budget"] for item in crossed)
        choices.append((amount, amount / units(total), {"kind": "objective"}))
    if spent and total and sum(spent.values()):
        said = max(_share(planned or {}), objectives["trust"] / total if objectives else 0.0)
        went = _share(spent)
        amount = units(int((said - went) * sum(spent.values())))
        choices.append((amount, said - went, {"kind": "spend", "said": round(said, 4), "went": round(went, 4)}))
    best = max(choices, key=lambda choice: choice[0], default=None)
    if best is not None and best[1] >= LEAST:
        return {**best[2], "amount": round(best[0], 2)}
    return {"kind": "within" if choices and (stated or planned) else "unstated", "amount": 0.0}


def _share(sums: Mapping[tuple[str, str], int]) -> float:
    whole = sum(sums.values())
    own = sum(amount for (purpose, _), amount in sums.items() if _side(purpose) == "trust")
    return own / whole if whole else 0.0
