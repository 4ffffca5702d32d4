"""Days that DuckDB's reader makes of a large text at once: each file gives the report that days made of words give."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from test_rollups import document

import rm_audit
from rm_audit.config import Config
from rm_audit.profiles.library import library
from rm_audit.readers import read_paths
from rm_audit.rollups.duck import Duck
from rm_audit.rollups.odd import OddRow
from rm_audit.rollups.plan import NotPlainError, Plan
from rm_audit.rollups.planning import Asked, on_plan
from rm_audit.rollups.shape import frame_of, plain_rows
from rm_audit.rollups.sources import plain_days

HEADER = "Day,Channel,Clicks,Spend"
FIRST = [f"2025-01-{1 + number % 28:02},Jobwelt,{number % 40},{number % 900}.50" for number in range(1100)]
LAST = [f"2025-02-{1 + number % 28:02},LinkedIn,{number % 40},{number % 900}.50" for number in range(3000)]
# What stands in a column of days → whether its file is added up with the days that the reader made; None where no
# engine adds it up.
CELLS: dict[str, bool | None] = {
    "2025-03-09": True,
    "2025-3-9": True,
    " 2025-03-09": True,
    "  2025-03-15 ": True,
    "\t2025-3-09\v": True,
    '"2025-03-09\n"': True,
    "2025-03-09 10:00": False,
    "2025-03-09T10:00:00Z": False,
    "2025/03/09": False,
    "09.03.2025": False,
    "9 March 2025": False,
    "2025-02-30": False,
    "12025-03-09": False,
    "925-03-09": True,  # these are far from any plan: such a row is read cell by cell beside the others
    "1969-12-31": True,
    "epoch": True,
    "2100-01-01": True,
    "9999-12-31": True,
    "Infinity ": None,
    "-infinity": None,
    "soon": False,
    "\u00a02025-03-09": False,
    "": True,
}


def export(path: Path, cell: str, last: Sequence[str] = LAST) -> Path:
    """A log in which one row, far from its ends, has this cell for its day."""
    path.write_bytes("\n".join([HEADER, *FIRST, f"{cell},Jobwelt,7,12.25", *last, ""]).encode())
    return path


def report(path: Path) -> str:
    """The bytes of the report document."""
    book = rm_audit.read(path, config=Config(engine="duckdb"))
    return json.dumps(rm_audit.audit(book, as_of=date(2026, 3, 31)).document)


def added_up(path: Path) -> tuple[bool | None, list[str], list[OddRow]]:
    """Whether the reader made the days, the groups in order, and the rows that are read cell by cell, which are in no
    group here; None and nothing where no engine adds it up."""

    def use(plan: Plan) -> tuple[bool, list[str], list[OddRow]]:
        assert plain_days(plan) == ["c0"]
        engine = Duck(plan, "")
        typed = engine._by_days(monthly=False) is not None
        groups = plain_rows(frame_of(engine.groups(monthly=False)), {})
        rows = sorted(map(str, groups.itertuples(index=False)))
        return typed, rows, engine.odd_rows({})

    (file,) = read_paths([path], "duckdb")
    try:
        return on_plan(file, library(()), Asked(None, b"", ""), use)
    except NotPlainError:
        return None, [], []


@pytest.mark.parametrize("cell", CELLS)
def test_a_day_however_it_is_written_gives_the_report_of_its_cell(
    tmp_path: Path, cell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = export(tmp_path / "log.csv", cell)
    assert added_up(path)[0] is CELLS[cell]
    by_days, whole = report(path), document(path, "duckdb")
    monkeypatch.setattr(Duck, "_typing", False)
    assert by_days == report(path)
    assert whole == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize("line", ["Total,,57,1234.50", "Total", "soon,Jobwelt,7,12.25"])
def test_where_the_last_rows_have_no_days_words_are_read_at_once(tmp_path: Path, line: str) -> None:
    """Else the file would be read twice."""
    path = export(tmp_path / "log.csv", "2025-03-09", [*LAST, line])
    (file,) = read_paths([path], "duckdb")
    assert on_plan(file, library(()), Asked(None, b"", ""), plain_days) == []
    assert document(path, "duckdb") == document(path, "cells")


def test_a_broken_line_far_from_the_ends_is_read_beside_them(tmp_path: Path) -> None:
    path = export(tmp_path / "log.csv", "2025-03-09,LinkedIn,1,2.50\n2025-03-09")
    assert added_up(path)[0] is True
    path = export(tmp_path / "log.csv", "2025-03-09,LinkedIn,1,2.50,EUR\n2025-03-09")
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize("cell", ["2025-03-10 10:00", "soon", "10 March 2025"])
def test_where_broken_lines_are_passed_over_no_day_is_passed_over_with_them(
    tmp_path: Path, cell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All days are Mondays, so the file is added up a second time, by days; the first time met a broken line."""
    monkeypatch.setattr("rm_audit.rollups.extracting.DAYS_UP_TO", 60)
    days = [(date(2025, 1, 6) + timedelta(7 * (number % 40))).isoformat() for number in range(4000)]
    lines = [f"{day},Jobwelt,{number % 40},{number % 900}.50" for number, day in enumerate(days)]
    lines[1500], lines[1600] = f"{cell},Jobwelt,7,1000000.25", "2025-03-10,Jobwelt"
    path = tmp_path / "log.csv"
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


letters = some.sampled_from([*"0123456789--  /.:T+_eai", "\t", "\u00a0", "٣"])
changes = some.tuples(some.integers(0, 12), some.sampled_from(["put", "take", "change"]), letters)


@settings(max_examples=40)
@given(
    text=some.sampled_from(["2025-03-09", "2025-3-9", " 2025-12-31 ", "epoch", "infinity"]),
    changes=some.lists(changes, max_size=3),
)
def test_no_day_is_one_to_the_reader_alone(
    text: str, changes: Sequence[tuple[int, str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each text near a day gives the same groups and the same rows beside them, whoever makes the days."""
    for at, how, letter in changes:
        text = text[:at] + ("" if how == "take" else letter) + text[at + (how != "put") :]
    path = export(tmp_path_factory.mktemp("days") / "log.csv", f'"{text}"')
    typed, *found = added_up(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Duck, "_typing", False)
        assert found == list(added_up(path)[1:])
    if typed and not found[1]:
        assert re.fullmatch(r"\s*[1-9]\d{3}-\d\d?-\d\d?\s*", text, re.ASCII)
