"""How large a planted effect must be, so that the test of a rule sees it in 99 of 100 books.

An effect is a true rate; what the book shows of it is a draw. Each function finds the rate nearest to the ordinary one
at which the draws that a rule flags have a chance of .99 together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import stats

POWER = 0.99
Numbers: TypeAlias = NDArray[np.float64]
Seen: TypeAlias = Callable[[Any], Any]  # counts that can come up → whether the rule flags them


def rate_high(hits: Any, tries: Any) -> Any:
    """The high end of Jeffreys' 90% interval, by scipy's own distribution."""
    return np.where(hits >= tries, 1.0, stats.beta.ppf(0.95, hits + 0.5, np.maximum(tries - hits, 0) + 0.5))


def rate_low(hits: Any, tries: Any) -> Any:
    return np.where(hits <= 0, 0.0, stats.beta.ppf(0.05, hits + 0.5, np.maximum(tries - hits, 0) + 0.5))


def count_high(count: Any) -> Any:
    """The high end of the exact 90% interval of a count."""
    return stats.gamma.ppf(0.95, count + 1.0)


def count_low(count: Any) -> Any:
    return np.where(count <= 0, 0.0, stats.gamma.ppf(0.05, np.maximum(count, 1e-9)))


def below(tries: int, seen: Seen) -> float:
    """The highest rate at which `tries` draws are flagged, where few hits are."""
    hits = np.arange(tries + 1)
    flagged = np.asarray(seen(hits), dtype=bool)
    return _nearest(lambda rate: float(stats.binom.pmf(hits, tries, rate)[flagged].sum()), falling=True)


def above(tries: int, seen: Seen) -> float:
    """The lowest rate at which `tries` draws are flagged, where many hits are."""
    hits = np.arange(tries + 1)
    flagged = np.asarray(seen(hits), dtype=bool)
    return _nearest(lambda rate: float(stats.binom.pmf(hits, tries, rate)[flagged].sum()), falling=False)


def behind(hits: int, seen: Seen) -> float:
    """The highest rate at which the tries behind so many hits are flagged, where many tries are."""
    misses = np.arange(hits * 400)
    flagged = np.asarray(seen(hits + misses), dtype=bool)
    return _nearest(lambda rate: float(stats.nbinom.pmf(misses, hits, rate)[flagged].sum()), falling=True, least=0.01)


def _nearest(power: Callable[[float], float], falling: bool, least: float = 1e-6) -> float:
    """Where the power crosses .99, on its good side; by halving. `falling`: a lower rate has more power."""
    good, bad = (least, 1 - least) if falling else (1 - least, least)
    if power(good) < POWER:
        raise ValueError("no rate is extreme enough: plant on more subjects")
    for _ in range(60):
        middle = (good + bad) / 2
        good, bad = (middle, bad) if power(middle) >= POWER else (good, middle)
    return good
