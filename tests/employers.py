"""Small employers without chance in them: so much money, so many applications, every nth of them qualified and hired.

A hire costs 267 in Nursing and 2,000 in Engineering on a usual channel. Screens come 5 days after the application and
hires 35 days, where that is before the export.
"""

from __future__ import annotations

from collections.abc import Sequence
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


def employer(
    channels: Sequence[Channel], *, scale: float = 1.0, drop: Sequence[str] = (), hires_only: bool = False
) -> Book:
    """The book of some channels in 2025; `drop` names columns that its files lack."""
    spend = ["Month,Channel,Campaign,Job family,Spend"]
    people = ["Application ID,Source,Campaign,Job family,Applied at,Qualified at,Hired at"]
    for channel in channels:
        for family in channel.families:
            cost, screen, hire = FAMILIES[family]
            seen = passed = hired = 0.0
            for month in channel.months:
                dear, poor = channel.late if channel.late and month > 6 else (channel.dear, channel.poor)
                campaign = f"{channel.name} {family}"
                spend.append(f"2025-{month:02d},{channel.name},{campaign},{family},{channel.money * scale:.2f}")
                number = int(seen + channel.money / (cost * dear)) - int(seen)
                seen += channel.money / (cost * dear)
                for place in range(number):
                    applied = date(2025, month, 1) + timedelta(days=place * 28 // max(number, 1))
                    before, passed = passed, passed + screen / poor
                    qualified = int(passed) > int(before)
                    was, hired = hired, hired + hire * qualified
                    days = [_seen(applied, 5, qualified), _seen(applied, 35, int(hired) > int(was))]
                    if days[1] or not hires_only:
                        line = [f"A{len(people)}", channel.name, campaign, family, applied.isoformat(), *days]
                        people.append(",".join(line))
    if hires_only:
        drop = [*drop, "Application ID", "Applied at", "Qualified at"]
    return book(spend=_without(spend, drop), applications=_without(people, drop))


def _seen(applied: date, days: int, happened: bool) -> str:
    on = applied + timedelta(days=days)
    return on.isoformat() if happened and on < EXPORTED else ""


def _without(lines: list[str], drop: Sequence[str]) -> str:
    rows = [line.split(",") for line in lines]
    kept = [place for place, name in enumerate(rows[0]) if name not in drop]
    return "\n".join(",".join(row[place] for place in kept) for row in rows) + "\n"
