"""Who gets a hire that several channels touched: the first of them, the last, or every one.

A verdict that one of these ways turns into its opposite rests on the way, and not on the channel.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from rm_audit.metrics.evidence.columns import UNADVERTISED
from rm_audit.metrics.evidence.rows import Applied, Marks, Texts

WAYS = ("first", "last", "every")
_PARTED = re.compile(r"\s*(?:->|>|→|»|\||;)\s*")
_LEAST_KNOWN = 0.5  # judgement: of the rows; where fewer name their touches, the ways say nothing


def credited(
    applied: Applied, touches: Texts, channel_of: Callable[[str], str], paid: set[Any]
) -> Iterator[tuple[str, Applied]]:
    """The applications as each way books them; nothing where too few name their touches.

    A row that names none stays as it is booked. An application keeps its campaign only beside its own channel.
    """
    named = np.array([isinstance(text, str) and bool(text.strip()) for text in touches], dtype=bool)
    if not len(named) or applied.weight[named].sum() < _LEAST_KNOWN * applied.weight.sum():
        return
    paths: dict[str, list[str]] = {}
    for text in set(touches[named]):
        found = [channel_of(part) for part in _PARTED.split(str(text).strip()) if part]
        paths[text] = list(dict.fromkeys(name if name in paid else UNADVERTISED for name in found))
    for way in WAYS:
        yield way, _booked(applied, touches, named, {text: _picked(path, way) for text, path in paths.items()})


def _picked(path: list[str], way: str) -> list[str]:
    return path if way == "every" else path[:1] if way == "first" else path[-1:]


def _booked(applied: Applied, touches: Texts, named: Marks, paths: Mapping[str, list[str]]) -> Applied:
    channels = [
        paths[touches[row]] if named[row] and paths[touches[row]] else [applied.channel[row]]
        for row in range(len(touches))
    ]
    row = np.repeat(np.arange(len(touches)), [len(names) for names in channels])
    channel = np.array([name for names in channels for name in names], dtype=object)
    same = channel == applied.channel[row]
    moved = applied.picked(row)
    campaign = np.array([name if kept else None for name, kept in zip(moved.campaign, same, strict=True)], dtype=object)
    return replace(moved, channel=channel, campaign=campaign)
