"""A column of values of which some are unknown, and why.

`state` is KNOWN, MISSING (an input was not there) or ZERO (the input was there, and the arithmetic is
0/0 or n/0). Where a value is not known, what stands in `values` means nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rm_audit.expr.texts import Texts

KNOWN, MISSING, ZERO = 0, 2, 1  # ordered, so that the worse of two reasons is their maximum

Array = NDArray[Any]
State = NDArray[np.uint8]


@dataclass(frozen=True)
class Column:
    """Values (float64, bool, or object for text) with the state of each; both of length n.

    `derived`, where it is there, marks the rows whose value was not measured and comes from the name's formula.
    """

    values: Array
    state: State
    derived: NDArray[np.bool_] | None = None

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


def numbers(values: NDArray[Any], known: NDArray[np.bool_] | None = None) -> Column:
    """A column from an array of numbers; what is not known, or NaN, is MISSING."""
    found = np.asarray(values, dtype=float)
    gone = np.isnan(found) if known is None else ~known | np.isnan(found)
    return Column(np.where(gone, 0.0, found), np.where(gone, MISSING, KNOWN).astype(np.uint8))


class Part(NamedTuple):
    """A value on its way through an expression: a Column without what need not be written out.

    `values` is a float64 or bool array, a Texts, or one float, bool or str for all rows. `state` is None where all
    rows are known. A truth value that is not known is False, so that `or` is the or of the values.
    """

    values: Any
    state: State | None

    @property
    def is_text(self) -> bool:
        return isinstance(self.values, Texts | str)


def part(of: Column) -> Part:
    """A column as the first value of an expression."""
    state = of.state if of.state.any() else None
    if of.is_text:
        return Part(Texts.of(of.values), state)
    if of.values.dtype == bool:
        return Part(of.values if state is None else of.values & (state == KNOWN), state)
    return Part(of.values, state)


def written_out(found: Part, length: int) -> Column:
    """The column of a part, one value and one state a row."""
    values, state = found
    if isinstance(values, Texts):
        values = values.plain()
    elif not isinstance(values, np.ndarray):
        kind: Any = object if isinstance(values, str) else bool if isinstance(values, bool | np.bool_) else float
        values = np.full(length, values, dtype=kind)
    state = np.zeros(length, dtype=np.uint8) if state is None else state
    return Column(_in_full(values, length), _in_full(state, length))


def _in_full(values: Array, length: int) -> Array:
    return values if values.shape == (length,) else np.broadcast_to(values, (length,))


def worst(*parts: Part) -> State | None:
    """The worst of the states; None where all are known."""
    found = None
    for item in parts:
        if item.state is not None:
            found = item.state if found is None else np.maximum(found, item.state)
    return found


def constant(value: Any, length: int) -> Column:
    """The same value in every row."""
    return written_out(Part(value, None), length)


def unknown(length: int, why: int = MISSING) -> Column:
    return Column(np.zeros(length), np.full(length, why, dtype=np.uint8))


def unknown_part(length: int, why: int = MISSING) -> Part:
    return Part(np.zeros(length), np.full(length, why, dtype=np.uint8))
