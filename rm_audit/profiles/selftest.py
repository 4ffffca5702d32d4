"""Runs the tests that stand inside profiles: a small file in, rows and what was set aside out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from rm_audit.cells import Source
from rm_audit.days import from_day
from rm_audit.errors import Problem
from rm_audit.profiles.extract import extract
from rm_audit.profiles.model import Extract, Profile
from rm_audit.profiles.recognise import recognise
from rm_audit.readers import Sheet, Value
from rm_audit.readers.text import read_text
from rm_audit.tables import MICROS, ROW, TABLES

KEY = b"test"
GIVEN = ("name", "file", "sheet", "text", "cells", "expect")
EXPECT = ("rows", "set_aside", "currency", "period", "says", "unmapped", "personal", "empty")


@dataclass(frozen=True)
class Outcome:
    """One test of one profile: what was wrong, in words; nothing where it held."""

    profile: Profile
    name: str
    wrong: tuple[str, ...]


def run_tests(profiles: Sequence[Profile], among: Sequence[Profile]) -> list[Outcome]:
    """Every test of every profile, each with all profiles of `among` in the running."""
    return [
        Outcome(profile, str(test.get("name", f"test {number}")), tuple(_wrong(profile, test, among)))
        for profile in profiles
        for number, test in enumerate(profile.tests, 1)
    ]


def as_problems(outcomes: Sequence[Outcome]) -> list[Problem]:
    """Failed tests as problems of the profile's file."""
    return [
        Problem(
            "error", "profile-test", f"test '{outcome.name}': {'; '.join(outcome.wrong)}", file=outcome.profile.file
        )
        for outcome in outcomes
        if outcome.wrong
    ]


def sheet_of(profile: Profile, test: Mapping[str, Any]) -> Sheet:
    """The file of a test as if it had been read."""
    name = test.get("file", f"{profile.id}.csv")
    source = Source(name, "")
    if "text" in test:
        (sheet,), _ = read_text(str(test["text"]).encode(), PurePosixPath(name).suffix.lower())
        return Sheet(source, "", sheet.rows)
    return Sheet(source, test.get("sheet", "Sheet1"), [list(row) for row in test["cells"]])


def _wrong(profile: Profile, test: Mapping[str, Any], among: Sequence[Profile]) -> list[str]:
    odd = [name for name in test if name not in GIVEN] + [n for n in test.get("expect", {}) if n not in EXPECT]
    if odd or "expect" not in test or not ("text" in test) ^ ("cells" in test):
        return [f"a test holds {', '.join(GIVEN)} (text or cells), and expects {', '.join(EXPECT)}, not {odd}"]
    found = recognise(sheet_of(profile, test), among)
    expect = test["expect"]
    if "empty" in expect:
        return [] if found.empty is expect["empty"] and not found.tables else ["the export is not seen to be empty"]
    if not found.tables:
        return ["nothing was recognised"]
    said = {layout.profile.id for _, layout in found.tables}
    if said != {profile.id}:
        return [f"recognised as {', '.join(sorted(said))}"]
    return _compare([extract(block, layout, None, KEY) for block, layout in found.tables], expect)


def found_in(cells: Sequence[Sequence[Value]], profile: Profile, among: Sequence[Profile]) -> dict[str, Any] | None:
    """What a test of these cells would have to expect; None where the profile does not recognise them."""
    found = recognise(sheet_of(profile, {"cells": cells}), among)
    if not found.tables or any(layout.profile.id != profile.id for _, layout in found.tables):
        return None
    return _told([extract(block, layout, None, KEY) for block, layout in found.tables])


def _told(extracts: Sequence[Extract]) -> dict[str, Any]:
    first = extracts[0]
    return {
        "rows": [row for extract in extracts for row in _rows(extract)],
        "set_aside": [{"row": item.row, "reason": item.reason} for extract in extracts for item in extract.set_aside],
        "currency": first.currency,
        "period": str(first.period) if first.period else None,
        "says": [problem.code for extract in extracts for problem in extract.problems],
        "unmapped": first.headers["unmapped"],
        "personal": first.headers["personal"],
    }


def _compare(extracts: Sequence[Extract], expect: Mapping[str, Any]) -> list[str]:
    found = _told(extracts)
    wrong = []
    for name in EXPECT:
        wanted = expect.get(name, [] if name in ("says", "set_aside") else None)
        if name in found and wanted is not None:
            got = found[name]
            differs = _rows_differ(got, wanted) if name == "rows" else f"expected {wanted}, found {got}"
            wrong += [f"{name}: {differs}"] if differs and (name == "rows" or got != wanted) else []
    return wrong


def _rows_differ(rows: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]]) -> str:
    """The first row that differs in what the test asks for, in words."""
    for number, (row, asked) in enumerate(zip(rows, wanted, strict=False), 1):
        plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in asked.items()}
        own = {name: row.get(name) for name in asked}
        if own != plain:
            return f"row {number}: expected {plain}, found {own}"
    return "" if len(rows) == len(wanted) else f"expected {len(wanted)} rows, found {len(rows)}"


def _rows(extract: Extract) -> list[dict[str, Any]]:
    """The rows of the table as a test writes them: money in units, days as texts, a known person as true."""
    frame = extract.frames[extract.table]
    kinds = TABLES[extract.table].columns
    rows = []
    for _, row in frame.sort_values(ROW, kind="stable").iterrows():
        rows.append({name: _shown(row[name], kind) for name, kind in kinds.items() if name in frame})
    return rows


def _shown(value: Any, kind: str) -> Any:
    import pandas as pd

    if value is None or value is pd.NA or value != value:
        return None
    if kind == "money":
        return int(value) / MICROS
    if kind == "day":
        return from_day(int(value)).isoformat()
    if kind == "count":
        return int(value)
    if kind == "mark":
        return bool(value)
    return True if kind == "person" else value
