"""What a profile says, and what recognising and extracting a sheet by it gives."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from rm_audit.days import Period
from rm_audit.errors import Problem
from rm_audit.profiles.months import Span
from rm_audit.readers import Value


@dataclass(frozen=True)
class TableProfile:
    """One canonical table as its headers may be spelled: header → column; needs are groups of which each must show."""

    table: str
    headers: Mapping[str, str]
    needs: Sequence[Sequence[str]]
    never: frozenset[str]


@dataclass(frozen=True)
class Signature:
    """How an export is known: of each group one header is there, none of `never`, and words stand around the table.

    Headers are compared as `plain` words. `around` are patterns for the lines above, the sheet's and the file's name;
    one of them must be found where there are any.
    """

    groups: Sequence[frozenset[str]] = ()
    never: frozenset[str] = frozenset()
    around: Sequence[re.Pattern[str]] = ()


@dataclass(frozen=True)
class Stamps:
    """Columns that hold a day each. `days`: canonical day → patterns of its headers, the earliest filled cell counts.

    `named`: the column that is filled earliest gives its name (what the pattern's star stands for) to `name`, and its
    day to `day`.
    """

    days: Mapping[str, Sequence[re.Pattern[str]]] = field(default_factory=dict)
    named: re.Pattern[str] | None = None
    name: str = "source"
    day: str = "applied_at"


@dataclass(frozen=True, eq=False)
class Profile:
    """One platform's or team's way of writing sheets, as data.

    `tables` are tried in order; a profile with columns of its own has one, and one without has those of the generic
    profile. `constants` are columns that are the same in every row. `known` are headers that the export has and that
    are not used, each with all its spellings. `fixed`: the export has these columns and no others. `own` says that a
    team keeps such sheets itself. `dates`: the mark between day, month and year → their order, where the values do
    not settle it. `events`: a row is a change of stage, and `applied_at` is the day of it. `counted`: headers of days
    that are counted from the first day of the file's own period, which is 0.
    """

    id: str
    tables: Sequence[TableProfile]
    personal: frozenset[str]
    person: Sequence[str]
    totals: frozenset[str]
    blanks: frozenset[str]
    wide: Mapping[str, Mapping[str, Any]]
    words: Mapping[str, Mapping[str, Sequence[str]]]
    title: str = ""
    table: str = ""
    evidence: str = ""
    channel: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)
    signature: Signature | None = None
    stamps: Stamps = field(default_factory=Stamps)
    events: bool = False
    counted: frozenset[str] = frozenset()
    known: Sequence[Sequence[str]] = ()
    fixed: bool = False
    own: bool = False
    dates: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    currencies: frozenset[str] = frozenset()  # headers of a column of currency codes, in any export
    file: str = ""
    tests: Sequence[Mapping[str, Any]] = ()

    @cached_property
    def spellings(self) -> frozenset[str]:
        """Every header that the profile knows, as compared."""
        mapped = {header for table in self.tables for header in table.headers if table.table == self.table}
        return frozenset(mapped | {header for group in self.known for header in group})


@dataclass(frozen=True)
class Layout:
    """Where things stand in one block. Rows and columns count from 0, as in `Block.rows`.

    `headers` are the header's texts, of one line or of two together; the last line is `header_row`. `months` are
    columns that hold a run of months each, `sums` columns that add up some of them, `other` month columns that do not
    count (a budget beside the actual figures). `unsaid`: nothing says that the months hold money. `stamps` are columns
    of days by what they date, `named` columns whose header names a source. `gone` and `new` are the headers by which
    the export differs from its profile, `renamed` a header that was taken for one that is gone.
    `guessed` are columns that were known by their meaning alone: how sure (0 to 1), and why.
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
    profile: Profile = field(kw_only=True, compare=False)
    stamps: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    named: Mapping[int, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    guessed: Mapping[int, tuple[float, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class SetAside:
    """A row of a sheet (counted from 1) that was read and not used, why, and the micro-units on it.

    Row 0 are `rows` rows of a large file that an engine rolled up.
    """

    row: int
    reason: str
    amount: int = 0
    rows: int = 1


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
    export: bool = False  # a platform wrote it, and no team
    dollar_sign: bool = False
    yearless: bool = False
