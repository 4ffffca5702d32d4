"""The operators on whole columns, with three-valued logic.

Unknown is neither true nor false: `unknown and false` is false, `unknown or true` is true, all else that
touches an unknown is unknown. Division by zero is unknown for a reason of its own (ZERO).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from rm_audit.expr.column import KNOWN, MISSING, ZERO, Part, State, unknown_part, worst
from rm_audit.expr.texts import Texts, aligned, folded

Compare = Callable[[Any, Any], Any]
_TURNED: dict[Compare, Compare] = {
    operator.lt: operator.gt, operator.gt: operator.lt, operator.le: operator.ge, operator.ge: operator.le,
    operator.eq: operator.eq, operator.ne: operator.ne,
}  # fmt: skip
FEW = 8  # so many equalities take less time than a search through a sorted list


def truth(part: Part) -> Part:
    """A part as true or false: a number is true where it is not 0, a text has no truth value."""
    if part.is_text:
        length = len(part.values) if isinstance(part.values, Texts) else 1
        return Part(np.zeros(length, dtype=bool), np.full(length, MISSING, dtype=np.uint8))
    values = part.values
    if isinstance(values, bool | np.bool_):
        return part
    if isinstance(values, float) or values.dtype != bool:
        return _truths(values != 0, part.state)
    return part


def _truths(values: Any, state: State | None) -> Part:
    """Truth values with False where they are not known."""
    return Part(values, None) if state is None else Part(values & (state == KNOWN), state)


def any_true(parts: Sequence[Part]) -> Part:
    """`or`: one known true decides it."""
    found = truth(parts[0])
    for item in map(truth, parts[1:]):
        values = found.values | item.values
        state = worst(found, item)
        found = Part(values, None if state is None else state * np.logical_not(values))
    return found


def all_true(parts: Sequence[Part]) -> Part:
    """`and`: one known false decides it."""
    found = truth(parts[0])
    for item in map(truth, parts[1:]):
        state = worst(found, item)
        if state is not None:
            state = state * (_may_be(found) & _may_be(item))
        found = Part(found.values & item.values, state)
    return found


def _may_be(part: Part) -> Any:
    """True or unknown."""
    return part.values if part.state is None else part.values | (part.state != KNOWN)


def negation(part: Part) -> Part:
    found = truth(part)
    return _truths(np.logical_not(found.values), found.state)


def minus(part: Part) -> Part:
    return Part(-part.values, part.state) if not part.is_text and _is_number(part) else _minus_odd(part)


def _is_number(part: Part) -> bool:
    return isinstance(part.values, float) or (isinstance(part.values, np.ndarray) and part.values.dtype == float)


def _minus_odd(part: Part) -> Part:
    if part.is_text:
        return unknown_part(len(part.values)) if isinstance(part.values, Texts) else unknown_part(1)
    return Part(-_number(part.values), part.state)


def _number(values: Any) -> Any:
    return values.astype(float) if isinstance(values, np.ndarray) else float(values)


def comparison(compare: Compare, left: Part, right: Part) -> Part:
    state = worst(left, right)
    if left.is_text != right.is_text:
        # A text beside a number has no answer; unknown inputs are typed as numbers and land here too.
        return _no_answer(left, right, state)
    return _truths(_texts(compare, left.values, right.values) if left.is_text else compare(*_plain(left, right)), state)


def _plain(left: Part, right: Part) -> tuple[Any, Any]:
    a, b = left.values, right.values
    return (a, b) if _is_number(left) and _is_number(right) else (_number(a), _number(b))


def _texts(compare: Compare, a: Any, b: Any) -> Any:
    if isinstance(a, str) and isinstance(b, str):
        return compare(folded(a), folded(b))
    if isinstance(b, str):
        return a.compare_word(folded(b), compare)
    if isinstance(a, str):
        return b.compare_word(folded(a), _TURNED[compare])
    a, b = aligned(a, b)
    return compare(a.codes, b.codes)


def _no_answer(left: Part, right: Part, state: State | None) -> Part:
    lengths = [len(item.values) for item in (left, right) if isinstance(item.values, np.ndarray | Texts)]
    length = max(lengths, default=1)
    worse = np.full(length, MISSING, dtype=np.uint8)
    return Part(np.zeros(length, dtype=bool), worse if state is None else np.maximum(state, worse))


def membership(part: Part, items: Sequence[Any], negate: bool) -> Part:
    """`in` and `not in` a list of constants."""
    if part.is_text:
        words = [folded(item) for item in items if isinstance(item, str)]
        values = part.values
        found = folded(values) in words if isinstance(values, str) else values.among(words)
    else:
        found = _among(_number(part.values), [float(item) for item in items if not isinstance(item, str)])
    return _truths(np.logical_not(found) if negate else found, part.state)


def _among(values: Any, numbers: Sequence[float]) -> Any:
    if len(numbers) > FEW:
        return np.isin(values, numbers)
    found = np.zeros(np.shape(values), dtype=bool)
    for number in numbers:
        found = found | (values == number)
    return found


def arithmetic(operate: Callable[[Any, Any], Any], left: Part, right: Part) -> Part:
    """+, - and *; what is larger than any number has no answer."""
    if left.is_text or right.is_text:
        return _as_numbers(_no_answer(left, right, worst(left, right)))
    a, b = _plain(left, right)
    return finite(operate(a, b), worst(left, right))


def division(left: Part, right: Part) -> Part:
    if left.is_text or right.is_text:
        return _as_numbers(_no_answer(left, right, worst(left, right)))
    a, b = _plain(left, right)
    state, zero = worst(left, right), b == 0
    if not np.any(zero):
        return finite(np.divide(a, b), state)
    a, b = np.broadcast_arrays(np.atleast_1d(a), np.atleast_1d(b))
    values = np.divide(a, b, out=np.zeros(b.shape), where=b != 0)
    nil = np.broadcast_to(np.where(zero, ZERO, KNOWN).astype(np.uint8), values.shape)
    return finite(values, nil if state is None else np.maximum(state, nil))


def _as_numbers(part: Part) -> Part:
    return Part(part.values.astype(float), part.state)


def finite(values: Any, state: State | None) -> Part:
    """A part whose values that are no number have no answer."""
    fits = np.isfinite(values)
    if fits.all():
        return Part(values if isinstance(values, np.ndarray) else float(values), state)
    worse = np.where(fits, KNOWN if state is None else state, MISSING).astype(np.uint8)
    return Part(np.atleast_1d(np.where(fits, values, 0.0)), np.atleast_1d(worse))
