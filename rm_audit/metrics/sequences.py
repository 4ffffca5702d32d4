"""Sequences: what their steps ask and give, what their copy is worth, and what came back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd

from rm_audit.copy import Judgement, judge
from rm_audit.copy.series import ASK, series
from rm_audit.metrics.context import Context
from rm_audit.metrics.frame import Frame, Rows
from rm_audit.metrics.tally import by_name, named_frame, total
from rm_audit.metrics.wording import Wording, assess, load_lexicon
from rm_audit.shipped import rules_folder

Seen = TypeVar("Seen")
NOT_SENT = ("post", "story")
LAST_USEFUL_STEP = 4  # GEM-SEQ: beyond four steps interest grows little


def sequence_frame(ctx: Context) -> Frame:
    """One subject a sequence: what its steps ask and give, and what came back."""
    table = ctx.book.tables.get("messages")
    if table is None:
        return Frame(("sequence",), 0, {})
    groups = {name: _in_order(table, rows) for name, rows in by_name(names_of(table)).items()}
    texts = [body if isinstance(body, str) else "" for body in _bodies(table)]
    judged = once_each(judge, texts)
    measures = _wording_measures(texts, judged, list(groups.values()))
    measures |= _copy_measures(texts, judged, list(groups.values()))
    measures |= _answer_measures(table, list(groups.values()))
    return named_frame("sequence", list(groups), measures, {"messages": list(groups.values())})


def once_each(look: Callable[[str], Seen], texts: Sequence[str]) -> list[Seen]:
    """What is seen in each text, of which many may be the same: a log has one in a thousand rows."""
    seen = {text: look(text) for text in dict.fromkeys(texts)}
    return [seen[text] for text in texts]


def _in_order(table: pd.DataFrame, rows: Rows) -> Rows:
    """Rows by the number of their step, where every step has one; else as the file has them."""
    steps = [str(step).strip() for step in table["step"].iloc[rows]] if "step" in table else []
    if not steps or not all(step.isascii() and step.isdecimal() for step in steps):
        return rows
    return rows[np.argsort([int(step) for step in steps], kind="stable")]


def _wording_measures(
    texts: Sequence[str], judged: Sequence[Judgement], groups: Sequence[Rows]
) -> dict[str, list[object]]:
    asks, gives = (load_lexicon(rules_folder() / "lexicons", name) for name in ("asks", "gives"))
    said = once_each(lambda text: assess(text, asks, gives), texts)
    measures: dict[str, list[object]] = {}
    for rows in groups:
        known = [(found, judged[row]) for found, row in ((said[row], row) for row in rows) if found is not None]
        for name, value in _ledger(len(rows), known).items():
            measures.setdefault(name, []).append(value)
    return measures


def _ledger(steps: int, known: Sequence[tuple[Wording, Judgement]]) -> dict[str, object]:
    giving = [index for index, (found, _) in enumerate(known) if found.gives]
    return {
        "steps": steps,
        "steps_assessed": len(known),
        "ask_steps": sum(bool(found.asks) or _asks(judgement) for found, judgement in known),
        "give_steps": len(giving),
        "steps_before_give": giving[0] if giving else len(known),
    }


def _asks(judgement: Judgement) -> bool:
    """The copy detector finds asks that the list of asks does not hold, and the other way round."""
    return any(part.startswith(ASK) for part in judgement.parts or ())


def _copy_measures(
    texts: Sequence[str], judged: Sequence[Judgement], groups: Sequence[Rows]
) -> dict[str, list[object]]:
    found = [series([texts[row] for row in rows], [judged[row] for row in rows]) for rows in groups]
    return {
        "copy_steps": [item.assessed for item in found],
        "bland_steps": [item.bland for item in found],
        "alike_steps": [item.alike for item in found],
        "same_ask_steps": [item.same_ask for item in found],
        "same_ask": [item.ask or None for item in found],
    }


def _answer_measures(table: pd.DataFrame, groups: Sequence[Rows]) -> dict[str, list[object]]:
    measures: dict[str, list[object]] = {}
    for name in ("sent", "delivered", "opens", "replies", "interested", "unsubscribes", "complaints"):
        measures[name] = [total(table, name, rows) for rows in groups]
    late = [rows[LAST_USEFUL_STEP:] for rows in groups]
    for name in ("sent", "replies"):
        none = 0 if name in table else None  # no late step brings nothing; without the column nobody knows
        measures[f"late_{name}"] = [total(table, name, rows) if len(rows) else none for rows in late]
    measures["entered"] = [
        int(table["sent"].iloc[rows].max()) if sent is not None else None
        for rows, sent in zip(groups, measures["sent"], strict=True)
    ]
    return measures


def names_of(table: pd.DataFrame) -> list[str | None]:
    """The sequence of each message; a post or a story is sent to nobody, and belongs to none."""
    size = len(table)
    names = table["sequence"].tolist() if "sequence" in table else ["all messages"] * size
    kinds = table["kind"].tolist() if "kind" in table else [None] * size
    return [None if kind in NOT_SENT else name for name, kind in zip(names, kinds, strict=True)]


def _bodies(table: pd.DataFrame) -> list[object]:
    """The text of each message; a mail tool's statistics have none."""
    return table["body"].tolist() if "body" in table else [None] * len(table)
