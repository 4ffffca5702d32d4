"""Sequences: what their steps ask and give, and what came back."""

from __future__ import annotations

import pandas as pd

from rm_audit.metrics.context import Context
from rm_audit.metrics.frame import Frame
from rm_audit.metrics.tally import by_name, named_frame, total
from rm_audit.metrics.wording import assess, load_lexicon
from rm_audit.shipped import rules_folder

NOT_SENT = ("post", "story")


def sequence_frame(ctx: Context) -> Frame:
    """One subject a sequence: what its steps ask and give, and what came back."""
    table = ctx.book.tables.get("messages")
    if table is None:
        return Frame(("sequence",), 0, {})
    groups = by_name(_names(table))
    asks, gives = (load_lexicon(rules_folder() / "lexicons", name) for name in ("asks", "gives"))
    bodies = table["body"].tolist() if "body" in table else [None] * len(table)
    judged = [assess(body, asks, gives) if isinstance(body, str) else None for body in bodies]
    measures: dict[str, list[object]] = {name: [] for name in ("steps", "steps_assessed", "ask_steps", "give_steps")}
    for rows in groups.values():
        known = [judged[row] for row in rows if judged[row] is not None]
        measures["steps"].append(len(rows))
        measures["steps_assessed"].append(len(known))
        measures["ask_steps"].append(sum(bool(item.asks) for item in known if item))
        measures["give_steps"].append(sum(bool(item.gives) for item in known if item))
    for name in ("sent", "replies", "unsubscribes"):
        measures[name] = [total(table, name, rows) for rows in groups.values()]
    measures["entered"] = [
        int(table["sent"].iloc[rows].max()) if sent is not None else None
        for rows, sent in zip(groups.values(), measures["sent"], strict=True)
    ]
    return named_frame("sequence", list(groups), measures, {"messages": list(groups.values())})


def _names(table: pd.DataFrame) -> list[str | None]:
    """The sequence of each message; a post or a story is sent to nobody, and belongs to none."""
    size = len(table)
    names = table["sequence"].tolist() if "sequence" in table else ["all messages"] * size
    kinds = table["kind"].tolist() if "kind" in table else [None] * size
    return [None if kind in NOT_SENT else name for name, kind in zip(names, kinds, strict=True)]
