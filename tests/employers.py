"""Small employers without chance in them: so much money, so many applications, every nth of them qualified and hired.

A hire costs 267 in Nursing and 2,000 in Engineering on a usual channel. Screens come 5 days after the application and
hires 35 days, where that is before the export.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from books import book

from rm_audit.book import Book

EXPORTED = date(2026, 1, 1)
FAMILIES = {"Nursing": (20.0, 0.25, 0.30), "Engineering": (60.0, 0.15, 0.20)}  # money an application, screen, hire


@dataclass(frozen=True)
class Channel:
    """`dear` times the usual money an application, `poor` times fewer screens passed; money a month and family."""

    name: str
    dear: float = 1.0
    poor: float = 1.0
    families: Sequence[str] = ("Nursing", "Engineering")
    months: Sequence[int] = range(1, 13)
    money: float = 1500.0
    late: tuple[float, float] | None = None  # dear and poor from July on


USUAL = [Channel("Indeed"), Channel("Monster"), Channel("Dice"), Channel("Reed")]


SPEND = "Month,Channel,Campaign,Job family,Spend"
PEOPLE = "Application ID,Source,Campaign,Job family,Applied at,Qualified at,Hired at,Stage,Touches"


def employer(
    channels: Sequence[Channel],
    *,
    scale: float = 1.0,
    drop: Sequence[str] = (),
    hires_only: bool = False,
    touches: Mapping[str, str] | None = None,
    lost: int = 0,
    misspelt: tuple[str, str] | None = None,
) -> Book:
    """The book of some channels in 2025; `drop` names columns that its files lack. `touches` are what the applications
    of a channel say of the way they came; every `lost`th application lacks its source. `misspelt` is a source, and how
    two applications in three of it are written."""
    spend, people = rows_of(channels, scale)
    if hires_only:
        people = [row for row in people if row["Hired at"]]
        drop = [*drop, "Application ID", "Applied at", "Qualified at", "Stage"]
    for number, row in enumerate(people):
        row["Touches"] = (touches or {}).get(row["Source"], "")
        if misspelt and row["Source"] == misspelt[0] and number % 3:
            row["Source"] = misspelt[1]
        if lost and number % lost == 0:
            row["Source"] = ""
    drop = [
        *drop,
        *([] if touches else ["Touches"]),
        *([] if "Hired at" in drop and "Stage" not in drop else ["Stage"]),
    ]
    return book(spend=_table(spend, SPEND, drop), applications=_table(people, PEOPLE, drop))


def totals(channels: Sequence[Channel], *, drop: Sequence[str] = ()) -> Book:
    """One sheet with a row a month, channel and job family: money, and how many of the month's applications got how
    far by New Year."""
    spend, people = rows_of(channels, 1.0)
    for row in spend:
        same = [one for one in people if one["Campaign"] == row["Campaign"] and one["Applied at"][:7] == row["Month"]]
        row["Applications"] = str(len(same))
        for total, step in (("Qualified", "Qualified at"), ("Hires", "Hired at")):
            row[total] = str(sum(1 for one in same if one[step]))
    return book(sheet=_table(spend, "Month,Channel,Job family,Spend,Applications,Qualified,Hires", drop))


def rows_of(channels: Sequence[Channel], scale: float) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Rows of money and of applications, by the names of their columns."""
    spend: list[dict[str, str]] = []
    people: list[dict[str, str]] = []
    for channel in channels:
        for family in channel.families:
            cost, screen, hire = FAMILIES[family]
            seen = passed = hired = 0.0
            same = {"Campaign": f"{channel.name} {family}", "Job family": family}
            for month in channel.months:
                dear, poor = channel.late if channel.late and month > 6 else (channel.dear, channel.poor)
                paid = {"Month": f"2025-{month:02d}", "Channel": channel.name, "Spend": f"{channel.money * scale:.2f}"}
                spend.append({**same, **paid})
                number = int(seen + channel.money / (cost * dear)) - int(seen)
                seen += channel.money / (cost * dear)
                for place in range(number):
                    applied = date(2025, month, 1) + timedelta(days=place * 28 // max(number, 1))
                    before, passed = passed, passed + screen / poor
                    qualified = int(passed) > int(before)
                    was, hired = hired, hired + hire * qualified
                    came, screened = _seen(applied, 35, int(hired) > int(was)), _seen(applied, 5, qualified)
                    steps = {"Qualified at": screened, "Hired at": came}
                    stage = "Hired" if came else "Phone screen" if screened else "Applied"
                    own = {"Application ID": f"A{len(people) + 1}", "Source": channel.name, "Stage": stage}
                    people.append({**same, **own, **steps, "Applied at": applied.isoformat()})
    return spend, people


def _seen(applied: date, days: int, happened: bool) -> str:
    on = applied + timedelta(days=days)
    return on.isoformat() if happened and on < EXPORTED else ""


def _table(rows: list[dict[str, str]], header: str, drop: Sequence[str]) -> str:
    kept = [name for name in header.split(",") if name not in drop]
    return "\n".join([",".join(kept), *(",".join(row[name] for name in kept) for row in rows)]) + "\n"
