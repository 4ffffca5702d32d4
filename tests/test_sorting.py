"""Whole numbers in order: what NumPy and pandas say of few, for as many as there are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rm_audit import sorting
from rm_audit.sorting import in_order, renumbered


@given(st.lists(st.integers(0, 2**62 - 1) | st.integers(0, 3), max_size=50))
def test_numbers_come_in_order_and_equal_ones_as_they_stood(numbers: list[int]) -> None:
    found, order = in_order(np.array(numbers, dtype=np.int64))
    assert found.tolist() == sorted(numbers)
    assert order.tolist() == sorted(range(len(numbers)), key=lambda place: numbers[place])


@pytest.mark.parametrize("dense", [0, 1 << 16])
@given(numbers=st.lists(st.integers(-1, 9), max_size=50))
def test_numbers_are_numbered_by_their_places(dense: int, numbers: list[int]) -> None:
    met = sorted({number for number in numbers if number >= 0})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorting, "_DENSE", dense)
        places, count = renumbered(np.array(numbers, dtype=np.int64), 2**40 if not dense else 10)
    assert (places.tolist(), count) == ([met.index(number) if number >= 0 else -1 for number in numbers], len(met))
