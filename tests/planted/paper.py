"""What is planted in the plan, and in the data itself."""

from __future__ import annotations

from datetime import date

from planted.ads import BOOK
from planted.book import MONTHS, STAGES, Book, Row, pay, planned
from planted.office import licence
from planted.registry import plants

LARGEST, PEOPLE, PAGES = "Ads on Indeed", "Meetups and site visits", "Career pages rewritten"


# --- the plan --------------------------------------------------------------------------------------------------------


def line(book: Book, name: str, **cells: object) -> Row:
    """A line of the plan with other cells; the total row follows its budget."""
    found = next(row for row in book.plan if row["Line"] == name)
    found |= {key if key in found else key.capitalize(): value for key, value in cells.items()}
    add_up(book)
    return found


def add_up(book: Book) -> None:
    book.plan[-1]["Budget"] = sum(row["Budget"] for row in planned(book))


@plants("plan-boards-most")
def _(book: Book) -> str:
    line(book, LARGEST, budget=200000)
    return BOOK


@plants("plan-more-for-less")
def _(book: Book) -> str:
    """An agency that is paid like an advertiser and hires nobody: what is asked of it is asked by the plan alone."""
    for month in MONTHS:
        pay(book, "Staffing desk", month, "media", 5000, "agency")
        for _ in range(6):
            book.apply("Staffing desk", month, None, STAGES | {"Offered at": 0.0})
    book.plan.insert(
        0, dict(next(planned(book))) | {"Line": "Staffing desk", "Channel": "Staffing desk", "Budget": 90000}
    )
    add_up(book)
    return "Staffing desk"


@plants("plan-no-kpi")
def _(book: Book) -> str:
    line(book, PAGES, KPI=None)
    return PAGES


@plants("plan-no-objective")
def _(book: Book) -> str:
    line(book, PAGES, objective=None)
    return PAGES


@plants("plan-no-owner")
def _(book: Book) -> str:
    line(book, PAGES, owner=None)
    return PAGES


@plants("plan-no-target")
def _(book: Book) -> str:
    line(book, PAGES, target=None)
    return PAGES


@plants("plan-no-test")
def _(book: Book) -> str:
    line(book, LARGEST, experiment=None)
    return LARGEST


@plants("plan-no-trust-money")
def _(book: Book) -> str:
    line(book, "Referral introductions", Line="Career pages in Polish", Channel=None)
    line(book, PEOPLE, Line="Photographs of the wards")
    return BOOK


@plants("plan-renewal-open")
def _(book: Book) -> str:
    licence(book, "VoiceCo").update({"End": date(2026, 10, 15), "Active seats": 95})
    return "Advocacy licence"


@plants("plan-software-over-trust")
def _(book: Book) -> str:
    line(book, "Advocacy licence", budget=120000)
    return BOOK


@plants("plan-sums-wrong")
def _(book: Book) -> str:
    book.plan[-1]["Budget"] += 5000
    return BOOK


@plants("kpi-opens")
def _(book: Book) -> str:
    line(book, PAGES, KPI="open rate, interviews held")
    return PAGES


@plants("kpi-vanity")
def _(book: Book) -> str:
    line(book, PAGES, KPI="page views")
    return PAGES


# --- the data --------------------------------------------------------------------------------------------------------


@plants("source-dark")
def _(book: Book) -> str:
    hired = [row for row in book.ats if row["Hired at"]]
    for row in hired[::3]:
        row["Source"] = "Other"
    return BOOK


@plants("spend-immature")
def _(book: Book) -> str:
    """Only the last quarter is in the files, and the export of the ATS was taken on its last day."""
    end = date(2026, 3, 31)
    book.spend[:] = [row for row in book.spend if row["Month"] >= MONTHS[-3]]
    book.ats[:] = [row for row in book.ats if row["Applied at"] >= MONTHS[-3]]
    for row in book.ats:
        row |= {name: None for name in (*STAGES, "Rejected at", "Left at") if row[name] and row[name] > end}
    return BOOK


@plants("spend-unplaced")
def _(book: Book) -> str:
    for month in MONTHS:
        pay(book, None, month, "content", 4000)
    return BOOK


@plants("spend-untyped")
def _(book: Book) -> str:
    for row in book.media():
        if row["Month"] < MONTHS[5]:
            row["Cost type"] = None
    return BOOK


@plants("spend-without-job")
def _(book: Book) -> str:
    for row in book.media():
        if row["Month"] >= MONTHS[6]:
            row["Job ID"] = None
    return BOOK


@plants("talks-not-entered")
def _(book: Book) -> str:
    hired = [row for row in book.ats if row["Hired at"]]
    for row in hired[::2]:
        row["Interviewed at"] = None
    return BOOK
