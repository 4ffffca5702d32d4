"""Write the example workbooks spend.xlsx and plan.xlsx: python examples/make_examples.py [DIR].

The employer, Harbourline Logistics, and the vendors AdCascade, JobSprint, HireBarrel, PoolPress, ShareBeam,
MetricMill and TalentTiles are invented, and so is every number, also those of LinkedIn and Google Ads.
Two runs write the same files.
"""

from __future__ import annotations

import random
import re
import sys
import zipfile
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

from _applications import JOBS, application_rows
from _plans import LICENCES, PLAN_2027, SMALL_PLAN
from _rows import Cell, Row
from _spend import spend_rows
from _texts import ASSETS, SEQUENCES
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

SEED = 2026
WRITTEN = datetime(2026, 10, 1, 9, 0)
TITLE = "Harbourline Logistics: recruitment marketing spend 2026, EUR, excl. VAT"
HEADERS = {
    "Spend": "Month|Channel|Channel type|Campaign|Job ID|Cost type|Vendor|Impressions|Clicks|Apply starts|Applies"
    "|Spend (EUR)",
    "Applications": "Application ID|Candidate ID|Job ID|Job title|Job family|Source|Applied at|Qualified at"
    "|Interviewed at|Offered at|Hired at|Left at|Performance",
    "Requisitions": "Job ID|Job title|Job family|Location|Opened|Closed|Openings|Status",
    "Sequences": "Sequence|Step|Channel|Subject|Body|Sent|Replies|Unsubscribes",
    "Advocacy": "Date|Programme|Employee ID|Asset|Asset type|Original text|Channel",
    "Licences": "Vendor|Capability|Seats|Active seats|Annual cost (EUR)|Start|End|Notice days",
    "Plan 2027": "Line|Play|Channel|Budget (EUR)|Period|Objective|KPI|Target|Owner|Experiment",
}
FORMATS = {"Month": "mmm yyyy", "Spend (EUR)": "#,##0.00"}
WRAPPED = {"Body": 90, "Experiment": 60, "Objective": 34}
FREQUENT_SHARERS = {"E-017": 52, "E-204": 41}
SHARERS_IN_SEPTEMBER = ("E-033", "E-058", "E-112", "E-139", "E-271", "E-388", "E-640")
SHARERS_BEFORE = ("E-076", "E-165", "E-302", "E-455", "E-817")


def number_format(header: str, value: Cell) -> str | None:
    """The number format of a cell; text and IDs have none."""
    if header in FORMATS:
        return FORMATS[header]
    if isinstance(value, date):
        return "yyyy-mm-dd"
    if isinstance(value, float) and value < 1:
        return "0%"
    return "#,##0" if isinstance(value, int | float) else None


def write_row(sheet: Worksheet, number: int, headers: list[str], row: Row) -> None:
    for column, (header, value) in enumerate(zip(headers, row, strict=True), start=1):
        cell = sheet.cell(number, column, value)
        cell.alignment = Alignment(vertical="top", wrap_text=header in WRAPPED)
        if shape := number_format(header, value):
            cell.number_format = shape


def set_widths(sheet: Worksheet, headers: list[str], rows: list[Row]) -> None:
    for column, header in enumerate(headers, start=1):
        texts = ["2026-01-01" if isinstance(v := row[column - 1], date) else str(v or "") for row in rows]
        width = WRAPPED.get(header) or min(max(len(text) for text in [header, *texts]) + 3, 48)
        sheet.column_dimensions[get_column_letter(column)].width = width


def style_header(sheet: Worksheet, number: int) -> None:
    for cell in sheet[number]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DCE6F1")
        cell.alignment = Alignment(vertical="center")
    sheet.freeze_panes = f"A{number + 1}"


def style_total(sheet: Worksheet) -> None:
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
        cell.border = Border(top=Side(style="thin"))


def total_row(headers: list[str], rows: list[Row], label: str, amount: str) -> Row:
    """A row with a label in one column and the sum of another, everything else blank."""
    column = headers.index(amount)
    values = [value for row in rows if isinstance(value := row[column], int | float)]
    total: Row = [None] * len(headers)
    total[headers.index(label)] = "Total"
    total[column] = round(sum(values), 2)
    return total


def add_sheet(
    book: Workbook, name: str, rows: list[Row], total: tuple[str, str] | None = None, title: str = ""
) -> None:
    """Add a sheet; `total` names the column of the label and the column which is summed."""
    sheet = book.create_sheet(name)
    headers = HEADERS[name].split("|")
    start = 3 if title else 1
    if title:
        sheet.cell(1, 1, title).font = Font(bold=True, size=14)
    lines = [*rows, total_row(headers, rows, *total)] if total else rows
    for number, row in enumerate([list[Cell](headers), *lines], start=start):
        write_row(sheet, number, headers, row)
    set_widths(sheet, headers, lines)
    style_header(sheet, start)
    if total:
        style_total(sheet)


def share_days(rng: random.Random) -> list[tuple[date, str]]:
    """Who shared on which day: 170 shares of 14 employees, 9 of whom share in September."""
    year, august, end = date(2026, 1, 5), date(2026, 8, 31), date(2026, 9, 30)
    counts = Counter(FREQUENT_SHARERS)
    others = [*SHARERS_IN_SEPTEMBER, *SHARERS_BEFORE]
    counts.update(dict.fromkeys(others, 3))
    counts.update(rng.choices(others, k=170 - counts.total()))
    days = [(date(2026, 9, rng.randint(1, 30)), person) for person in [*FREQUENT_SHARERS, *SHARERS_IN_SEPTEMBER]]
    counts.subtract(person for _, person in days)
    for person, count in counts.items():
        span = ((august if person in SHARERS_BEFORE else end) - year).days / count
        days += [(year + timedelta(days=int(span * (i + rng.random()))), person) for i in range(count)]
    return sorted(days)


def advocacy_rows(rng: random.Random) -> list[Row]:
    days = share_days(rng)
    original = set(rng.sample(range(len(days)), 20))
    rows: list[Row] = []
    for number, (day, person) in enumerate(days):
        asset, kind = rng.choice(ASSETS)
        network = rng.choices(("LinkedIn", "Instagram"), (85, 15))[0]
        rows.append([day, "ShareBeam", person, asset, kind, "Yes" if number in original else "No", network])
    return rows


def new_book(title: str) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = title
    book.properties.creator = "TA operations"
    book.properties.created = WRITTEN
    book.properties.modified = WRITTEN
    return book


def spend_book() -> Workbook:
    """The book of a year so far; each sheet has its own random numbers, so one can change without the others."""
    book = new_book("Recruitment marketing 2026")
    add_sheet(book, "Spend", spend_rows(random.Random(SEED)), ("Channel", "Spend (EUR)"), TITLE)
    add_sheet(book, "Applications", application_rows(random.Random(SEED)))
    add_sheet(book, "Requisitions", [job.row() for job in JOBS])
    add_sheet(book, "Sequences", SEQUENCES)
    add_sheet(book, "Advocacy", advocacy_rows(random.Random(SEED)))
    add_sheet(book, "Licences", LICENCES)
    add_sheet(book, "Plan 2027", PLAN_2027, ("Line", "Budget (EUR)"))
    return book


def plan_book() -> Workbook:
    book = new_book("Recruitment marketing plan 2027")
    add_sheet(book, "Plan 2027", SMALL_PLAN, ("Line", "Budget (EUR)"))
    return book


def save(book: Workbook, path: Path) -> None:
    """Save a book, then take the time of saving out of it: openpyxl stamps the clock into the file."""
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    stamp = rf"\g<1>{WRITTEN:%Y-%m-%dT%H:%M:%SZ}<".encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts:
            info = zipfile.ZipInfo(name, WRITTEN.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*<", stamp, data)
            archive.writestr(info, data)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    save(spend_book(), folder / "spend.xlsx")
    save(plan_book(), folder / "plan.xlsx")


if __name__ == "__main__":
    main()
