"""Whole numbers in order, of which there may be millions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_DENSE = 1 << 16  # judgement: so many places are looked through faster than numbers are sorted


def in_order(numbers: Ints) -> tuple[Ints, Ints]:
    """Numbers from 0 up in order, and where each stood; of equal ones the first stays first."""
    size = max(len(numbers) - 1, 0).bit_length()
    if int(numbers.max(initial=0)).bit_length() + size > 62:
        order = np.argsort(numbers, kind="stable")
        return numbers[order], order
    # With its place behind it each number is another one: to sort those takes half the time of sorting places.
    both = numbers << size
    both |= np.arange(len(numbers))
    both.sort()
    order = both & ((1 << size) - 1)
    both >>= size
    return both, order


def renumbered(numbers: Ints, most: int) -> tuple[Ints, int]:
    """Numbers below `most` by their place among those that are met, and how many these are; -1 stays."""
    if most > max(_DENSE, len(numbers)):
        return _by_sorting(numbers)
    met = np.zeros(most + 1, dtype=bool)
    met[numbers] = True  # -1 is the last one
    places = np.append(np.cumsum(met[:-1]) - 1, -1)
    return places[numbers], int(met[:-1].sum())


def _by_sorting(numbers: Ints) -> tuple[Ints, int]:
    found, order = in_order(numbers + 1)
    nobody = int(len(found) > 0 and found[0] == 0)
    found[1:] = found[1:] != found[:-1]
    found[:1] = -nobody
    np.cumsum(found, out=found)
    places = np.empty_like(order)
    places[order] = found
    return places, int(found[-1]) + 1 if len(found) else 0
