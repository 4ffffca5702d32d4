"""Amounts times rates, exact to the micro-unit: whole numbers all the way, never a float."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from rm_audit.config import Config, Rate

Days = tuple["pd.Series[Any]", "pd.Series[Any]"]
Uses = set[tuple[str, int, str, str]]  # code, first day, span as written, rate: in the order in which they are shown
Ints = np.ndarray[Any, Any]
_NO_DAY = np.iinfo(np.int64).min
_SAFE = 2**62


def exchanged(
    codes: pd.Series[Any], days: Days, amounts: pd.Series[Any], config: Config, uses: Uses
) -> tuple[pd.Series[Any], Ints]:
    """The amounts in the book's currency, and the positions of rows that no one rate covers.

    Rows that name no currency are in the book's own. Rates that were used are added to `uses`.
    """
    start, end = (day.to_numpy(dtype=np.int64, na_value=_NO_DAY) for day in days)
    known = amounts.notna().to_numpy()
    money = amounts.to_numpy(dtype=np.int64, na_value=0).copy()
    numbers, names = pd.factorize(codes)
    wrong = np.zeros(len(money), dtype=bool)
    for number, code in enumerate(names):
        if code == config.currency:
            continue
        left = (numbers == number) & known
        for rate in config.rates_of(code):
            period = rate.period
            rows = left if period is None else left & (start >= period.start) & (end <= period.end)
            if period is None:  # for ever: not for a row that begins or ends inside a span with a rate of its own
                rows = rows & ~_touched(config.rates_of(code), start, end)
            if rows.any():
                money[rows] = _times(money[rows], *fraction(rate.value))
                uses.add((code, period.start if period else _NO_DAY, rate.span, str(rate.value)))
            left = left & ~rows
        wrong |= left
    after = pd.Series(money, index=amounts.index).astype("Int64")
    return after.mask(~known), np.flatnonzero(wrong)


def _touched(rates: Sequence[Rate], start: Ints, end: Ints) -> Ints:
    touched = np.zeros(len(start), dtype=bool)
    for rate in rates:
        if rate.period is not None:
            touched |= (start <= rate.period.end) & (end >= rate.period.start)
    return touched


def holds(rates: Sequence[Rate], day: int) -> bool:
    """Whether some rate holds on a day."""
    return any(rate.period is None or day in rate.period for rate in rates)


def fraction(value: Decimal) -> tuple[int, int]:
    """A rate as a fraction of whole numbers: 1.17 → 117, 100."""
    return value.as_integer_ratio()


def _times(amounts: Ints, over: int, under: int) -> Ints:
    """Amounts times a fraction, halves to the even number. Python's whole numbers where 64 bits may not do."""
    most = int(np.abs(amounts).max())
    if under * over * 2 >= _SAFE or (most // under + 1) * over >= _SAFE:
        return np.array([nearest(int(amount) * over, under) for amount in amounts.tolist()], dtype=np.int64)
    whole, rest = np.divmod(amounts, under)
    part, left = np.divmod(rest * over, under)
    result: Ints = whole * over + part
    result += (2 * left > under) | ((2 * left == under) & (result % 2 == 1))
    return result


def nearest(over: int, under: int) -> int:
    """A fraction as the nearest whole number, halves to the even one."""
    over, under = (over, under) if under > 0 else (-over, -under)
    whole, rest = divmod(over, under)
    return whole + (2 * rest > under or (2 * rest == under and whole % 2 == 1))
