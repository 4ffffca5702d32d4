"""The canonical tables: what one row is, and which columns it may have.

A column that a file did not bring is absent from the frame or null in it, never zero. Money is int64
micro-units (a millionth of the currency's unit, so that no export loses a fraction of a cent), days are
int64 counted from 1970-01-01, counts are nullable Int64, marks (`is_...`) are nullable booleans.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "money", "day", "count", "mark", "number", "person"]
MICROS = 1_000_000

# Every row also carries where it came from: number of its sheet in the book, row, and column of its main amount.
SHEET, ROW, AMOUNT_COLUMN = "_sheet", "_row", "_column"
# A row that an engine rolled up has ROW 0, and says how many rows of the file it stands for.
COUNT = "_count"
# Of the applications that a row stands for: how many name their person, job and source; how many of those are by a
# person who had applied for the same job through the same source before; and of how many that is not clear, for
# nothing says whether they are stages of another one. What is left are people, each once a job and source.
NAMED, AGAIN, UNCLEAR = WHOSE = ("_named", "_again", "_unclear")


@dataclass(frozen=True)
class TableSpec:
    """One canonical table: what a row is, its columns by kind, what brings it in words."""

    name: str
    row: str
    columns: Mapping[str, Kind]
    bring: str


def _table(name: str, row: str, bring: str, **columns: str) -> TableSpec:
    kinds = {column: kind for kind, names in columns.items() for column in names.split()}
    return TableSpec(name, row, kinds, bring)  # type: ignore[arg-type]  # the keyword is the kind


_ALL = (
    _table(
        "spend",
        "one line of cost",
        "a spend sheet",
        text="channel channel_kind campaign campaign_id job job_title job_family vendor cost_type invoice currency "
        "waived",
        money="amount",
        day="start end",
        count="impressions clicks apply_starts applies",
    ),
    _table(
        "applications",
        "one application, or one hire of a people file",
        "an ATS export with a row an application",
        text="application_id job job_title job_family level source channel campaign source_method touches "
        "performance stage",
        day="applied_at qualified_at interviewed_at offered_at hired_at rejected_at left_at",
        mark="is_application is_qualified is_interviewed is_offered is_hired",
        person="person",
    ),
    _table(
        "outcome_totals",
        "counts for a channel, and for a period where given",
        "a sheet of totals per source",
        text="source channel job_family",
        day="start end",
        count="applications qualified interviews offers hires",
    ),
    _table(
        "jobs",
        "a requisition",
        "a list of requisitions with opening and closing dates",
        text="job job_title job_family level location status",
        day="opened closed",
        count="openings",
    ),
    _table(
        "messages",
        "one step of a sequence",
        "the sequences with the text of each step",
        text="sequence step kind channel vendor audience subject body",
        day="sent_at",
        count="sent delivered opens clicks replies interested unsubscribes complaints",
    ),
    _table(
        "advocacy",
        "one share by an employee",
        "the advocacy tool's share log",
        text="programme asset asset_type body",
        day="shared_at",
        mark="original",
        person="person",
    ),
    _table(
        "traffic",
        "views and visits of a page, a post or a site: by day, by source or by content",
        "a web or page analytics export",
        text="source content",
        day="start end",
        count="views visits visitors impressions clicks reactions shares conversions",
    ),
    _table(
        "contracts",
        "one licence",
        "a list of licences with seats, cost and end dates",
        text="vendor capability currency",
        money="amount",
        day="start end",
        count="seats active_seats notice_days",
    ),
    _table(
        "plan",
        "one line of a planning sheet",
        "a planning sheet",
        text="line play channel period kpi objective target owner experiment currency waived",
        money="budget",
        day="start end",
    ),
)
TABLES: Mapping[str, TableSpec] = {table.name: table for table in _ALL}

# The column whose cell stands for the row in evidence, and carries its money where it has any.
MAIN_COLUMN: Mapping[str, str] = {
    "spend": "amount",
    "applications": "source",
    "outcome_totals": "source",
    "jobs": "job",
    "messages": "body",
    "advocacy": "programme",
    "traffic": "source",
    "contracts": "amount",
    "plan": "budget",
}

# The days of an application, in the order in which one stands for the time that it belongs to.
COHORT_DAYS = ("applied_at", "hired_at", "qualified_at", "interviewed_at", "offered_at")

# The column that holds the money of a table that has any.
MONEY_COLUMN: Mapping[str, str] = {"spend": "amount", "plan": "budget", "contracts": "amount"}
