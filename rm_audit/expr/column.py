"""A column of values of which some are unknown, and why.

`state` is KNOWN, MISSING (an input was not there) or ZERO (the input was there, and the arithmetic is
0/0 or n/0). Where a value is not known, what stands in `values` means nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

KNOWN, MISSING, ZERO = 0, 2, 1  # ordered, so that the worse of two reasons is their maximum

Array = NDArray[Any]
State = NDArray[np.uint8]


@dataclass(frozen=True)
class Column:
    """Values (float64, bool, or object for text) with the state of each; both of length n."""

    values: Array
    state: State

    @property
    def known(self) -> NDArray[np.bool_]:
        return np.asarray(self.state == KNOWN)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def is_text(self) -> bool:
        return self.values.dtype == object


def column(values: Iterable[Any]) -> Column:
    """A column from plain values; None and NaN are MISSING."""
    items = list(values)
    missing = np.array([item is None or (isinstance(item, float) and item != item) for item in items], dtype=bool)
    known = [item for item, gone in zip(items, missing, strict=True) if not gone]
    state = np.where(missing, MISSING, KNOWN).astype(np.uint8)
    if any(isinstance(item, str) for item in known):
        text = [None if gone else str(item) for item, gone in zip(items, missing, strict=True)]
        return Column(np.array([*text, None], dtype=object)[:-1], state)
    if known and all(isinstance(item, bool | np.bool_) for item in known):
        return Column(
            np.array([bool(item) if not gone else False for item, gone in zip(items, missing, strict=True)]), state
        )
    numbers = [0.0 if gone else float(item) for item, gone in zip(items, missing, strict=True)]
    return Column(np.array(numbers, dtype=float), state)


def constant(value: Any, length: int) -> Column:
    """The same value in every row."""
    dtype: Any = object if isinstance(value, str) else bool if isinstance(value, bool) else float
    return Column(np.full(length, value, dtype=dtype), np.zeros(length, dtype=np.uint8))


def unknown(length: int, why: int = MISSING) -> Column:
    return Column(np.zeros(length), np.full(length, why, dtype=np.uint8))
