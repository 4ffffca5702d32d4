"""The ends of 90% two-sided intervals: Jeffreys for rates, exact gamma for counts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rm_audit.expr.column import KNOWN, ZERO, Part, worst
from rm_audit.expr.elementwise import Rows, numbers
from rm_audit.expr.operate import finite

INTERVAL = 0.90  # two-sided, as the design of the verdicts fixes it
_LOW, _HIGH = (1 - INTERVAL) / 2, (1 + INTERVAL) / 2


def _rate(end: float) -> Callable[[Rows, Part, Part], Part]:
    def call(rows: Rows, hits: Part, tries: Part) -> Part:
        from rm_audit.special import betaincinv  # costs time: only where an interval is asked for

        plain = [numbers(rows, item) for item in (hits, tries)]
        n = np.maximum(plain[1].values, 0)
        x = np.clip(plain[0].values, 0, n)
        low_edge, high_edge = (x == 0) & (end < 0.5), (x == n) & (end > 0.5)
        values = betaincinv(x + 0.5, n - x + 0.5, end)
        nil, state = np.where(n <= 0, ZERO, KNOWN).astype(np.uint8), worst(*plain)
        worse = nil if state is None else np.maximum(state, nil)
        return finite(np.where(low_edge, 0.0, np.where(high_edge, 1.0, values)), worse if worse.any() else None)

    return call


def _count(end: float) -> Callable[[Rows, Part], Part]:
    def call(rows: Rows, counts: Part) -> Part:
        from rm_audit.special import gammaincinv

        plain = numbers(rows, counts)
        x = np.maximum(plain.values, 0)
        shape = x if end < 0.5 else x + 1
        values = np.where(shape > 0, gammaincinv(np.maximum(shape, 1e-9), end), 0.0)
        return finite(values, plain.state)

    return call


rate_low, rate_high = _rate(_LOW), _rate(_HIGH)
count_low, count_high = _count(_LOW), _count(_HIGH)
