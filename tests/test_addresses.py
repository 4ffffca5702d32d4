"""The cells behind a finding as few texts: each alone up to twenty, then ranges with the rows that are meant."""

from __future__ import annotations

import numpy as np
from books import book
from hypothesis import given
from hypothesis import strategies as st

from rm_audit.book.addresses import Addresses

ROWS = 90
SPEND = "Month,Channel,Clicks,Spend\n" + "".join(f"2026-01,C{n},{n if n % 3 else ''},{n + 1}\n" for n in range(ROWS))
OF = Addresses(book(spend=SPEND))


def told(*positions: int, column: str = "amount") -> tuple[list[str], dict[str, list[int]]]:
    """The addresses of a column in these rows of the table; row 0 stands in line 2 of the file."""
    texts, rows = OF.texts([OF.keys("spend", column, np.array(positions, dtype=np.int64))])
    return list(texts), {text: list(found) for text, found in rows.items()}


def test_a_few_cells_are_told_one_by_one_in_the_order_of_the_sheet() -> None:
    """Each once, whatever the order of the rows."""
    assert told(4, 0, 4, 1) == (["spend.csv#D2", "spend.csv#D3", "spend.csv#D6"], {})


def test_a_cell_with_nothing_in_it_is_no_evidence() -> None:
    """Rows 0 and 3 have no clicks."""
    assert told(0, 1, 2, 3, column="clicks") == (["spend.csv#C3", "spend.csv#C4"], {})


def test_many_cells_become_ranges() -> None:
    """25 rows and 10 more after a gap are two ranges."""
    assert told(*range(25), *range(30, 40)) == (["spend.csv#D2:D26", "spend.csv#D32:D41"], {})


def test_too_many_ranges_become_one_with_the_rows_that_are_meant() -> None:
    """Every second row of 60."""
    assert told(*range(0, 60, 2)) == (["spend.csv#D2:D60"], {"spend.csv#D2:D60": list(range(2, 62, 2))})


def test_a_column_or_a_table_that_is_not_there_has_no_cell() -> None:
    """Nothing, and no error."""
    assert told(0, column="job") == ([], {})
    assert OF.texts([OF.keys("plan", "budget", np.array([0]))]) == ([], {})


@given(st.lists(st.sets(st.integers(0, ROWS - 1)), min_size=2, max_size=2), st.sampled_from([3, 20]))
def test_what_is_told_is_what_was_asked(groups: list[set[int]], most: int) -> None:
    """The rows of all addresses of a column, without those of a range that are not meant, are the rows that were asked
    for; and never are there more addresses than allowed."""
    columns = {"B": "channel", "D": "amount"}
    keys = [
        OF.keys("spend", name, np.array(sorted(group), dtype=np.int64))
        for name, group in zip(columns.values(), groups, strict=True)
    ]
    texts, meant = OF.texts(keys, most)
    found: dict[str, set[int]] = {"B": set(), "D": set()}
    for text in texts:
        column, inside = text[len("spend.csv#")], text[len("spend.csv#") + 1 :]
        first, _, last = inside.partition(f":{column}")
        found[column] |= set(meant.get(text, range(int(first), int(last or first) + 1)))
    assert list(found.values()) == [{position + 2 for position in group} for group in groups]
    assert len(texts) <= most
