"""What a profile says, and what recognising and extracting a sheet by it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from rm_audit.days import Period
from rm_audit.errors import Problem
from rm_audit.profiles.headers import plain
from rm_audit.profiles.months import Span
from rm_audit.readers import Value
from rm_audit.yamls import load


@dataclass(frozen=True)
class TableProfile:
    """One canonical table as its headers may be spelled: header → column; needs are groups of which each must show."""

    table: str
    headers: Mapping[str, str]
    needs: Sequence[Sequence[str]]
    never: frozenset[str]


@dataclass(frozen=True)
class Profile:
    """One platform's or team's way of writing sheets, as data."""

    id: str
    tables: Sequence[TableProfile]
    personal: frozenset[str]
    person: Sequence[str]
    totals: frozenset[str]
    blanks: frozenset[str]
    wide: Mapping[str, Mapping[str, Any]]
    words: Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class Layout:
    """Where things stand in one block. Rows and columns count from 0, as in `Block.rows`.

    `headers` are the header's texts, of one line or of two together; the last line is `header_row`. `months` are
    columns that hold a run of months each, `sums` columns that add up some of them, `other` month columns that do not
    count (a budget beside the actual figures). `unsaid`: nothing says that the months hold money.
    """

    table: str
    header_row: int
    headers: tuple[Value, ...]
    columns: Mapping[str, int]
    months: Mapping[int, Span] = field(default_factory=dict)
    sums: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    other: tuple[int, ...] = ()
    unsaid: bool = False
    person: int | None = None
    personal: tuple[int, ...] = ()
    unmapped: tuple[int, ...] = ()
    lines: int = 1


@dataclass(frozen=True)
class SetAside:
    """A row of a sheet (counted from 1) that was read and not used, why, and the micro-units on it."""

    row: int
    reason: str
    amount: int = 0


@dataclass
class Extract:
    """One recognised sheet: frames by canonical table, and where each column stands (counted from 1).

    Read = used + set aside, in rows and in micro-units of the sheet's own currency. `yearless` says that
    its months carry no year. `headers` are the three lists that `inspect` shows.
    """

    file: str
    sheet: str
    profile: str
    table: str
    frames: dict[str, pd.DataFrame]
    columns: dict[str, dict[str, int]]
    headers: dict[str, Any]
    rows_read: int
    set_aside: list[SetAside]
    problems: list[Problem]
    currency: str | None = None
    turned: bool = False
    period: Period | None = None  # what the file, not its rows, says of its time
    dollar_sign: bool = False
    yearless: bool = False


@cache
def generic() -> Profile:
    """The built-in profile for ordinary sheets."""
    return load_profile(Path(__file__).parent / "generic.yaml")


def load_profile(path: Path) -> Profile:
    """A profile from its file, which is trusted to be well formed: it ships with rm-audit."""
    data: dict[str, Any] = load(path.read_text(encoding="utf-8"), path.name).data
    tables = [
        TableProfile(
            table,
            {plain(word): column for column, words in body["columns"].items() for word in words},
            body["needs"],
            frozenset(body.get("never", ())),
        )
        for table, body in data["tables"].items()
    ]
    words = {name: data[name] for name in ("stages", "performance", "cost_types")}
    return Profile(
        id=data["id"],
        tables=tables,
        personal=frozenset(data["personal"]),
        person=data["person"],
        totals=frozenset(map(plain, data["totals"])),
        blanks=frozenset(data["blanks"]),
        wide=data["wide"],
        words=words,
    )
