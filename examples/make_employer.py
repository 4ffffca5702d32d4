"""Write the folder `employer`, a mixed set of exports of one invented employer: python examples/make_employer.py [DIR].

Each file has the structure of a real export: the platforms' own, the hiring systems', the team's sheets. All of them
show one truth, which `truth()` gives. Persons are invented and marked: Testperson-0017 Muster. Two runs write the same.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import _employer_ads as ads
import _employer_hiring as hiring
import _employer_linkedin as linkedin
import _employer_office as office
from _employer import RATES, hires_truth, spend_truth
from _employer_files import Tab, Text
from make_examples import new_book, save

TEXTS: dict[str, Callable[[], Text]] = {
    "campaign_608114410 (3).csv": linkedin.english,
    "creative_609220317_ad_performance.csv": linkedin.dutch,
    "LinkedIn campaign performance Q1 saved again.csv": linkedin.older,
    "Campaign report.csv": ads.google_campaigns,
    "Ad group report.csv": ads.google_ad_groups,
    "Time_series(2026.01.01-2026.06.30).csv": ads.google_card,
    "Brugghafen-Campaigns-1-Jan-202630-Jun-2026.csv": ads.meta,
    "Brugghafen-Campaigns-1-Jul-202631-Jul-2026.csv": ads.meta_empty,
    "Campaign_Performance_CH.csv": ads.microsoft,
    "Indeed traffic CH.csv": ads.indeed_traffic,
    "Indeed applicants CH.csv": hiring.applicants,
    "iCIMS Submittal Export.csv": hiring.icims,
    "Ashby considerations.csv": hiring.ashby,
    "Workable candidates.csv": hiring.workable,
    "Stage changes Bremen.csv": hiring.stage_events,
    "Eintritte 2026.csv": hiring.people,
    "campaigns.csv": office.mailchimp,
    "Nurse open day report.csv": office.single_mail,
    "Klaviyo campaigns.csv": office.klaviyo,
    "data-export.csv": office.analytics,
}
BOOKS: dict[str, Callable[[], list[Tab]]] = {
    "TikTok H1 2026.xlsx": ads.tiktok,
    "Indeed campaign performance.xlsx": ads.indeed,
    "Requisitions All Status 2026-06-30.xlsx": hiring.workday,
    "Recruiting Kosten 2026.xlsx": office.team_sheet,
    "Licences.xlsx": office.licences,
    "Plan 2027.xlsx": office.plan,
    "brugghafen_page_analytics.xls": linkedin.page,
}
LOCK = "~$Recruiting Kosten 2026.xlsx"
PROJECT = f"""\
# Brugghafen Group, an invented employer: what the files cannot say.
currency: EUR
rates: {{CHF: {RATES["CHF"]}, USD: {RATES["USD"]}}}
period: 2026-01..2026-06
channels:
  Facebook: Meta
  Google: Google Ads
  Vendor Portal: Agencies
  Pflegejobs-Portal: {{kind: job-board}}
  Career fairs: {{kind: event}}
  Recruiter: {{kind: sourcing}}
"""


@dataclass(frozen=True)
class Truth:
    """What an audit of the folder must come to.

    `spend`: euros per channel, each cost once: a platform's export before the team's sheet, one of the three Google
    files. `hires`: per channel of the source, None where the system keeps no source. `rows`: rows of the tables of each
    file, without header, totals and footer.
    """

    spend: dict[str, Decimal]
    hires: dict[str | None, int]
    rows: dict[str, int]


def truth() -> Truth:
    rows = {name: make().rows for name, make in TEXTS.items()}
    rows |= {name: sum(tab.rows for tab in make()) for name, make in BOOKS.items()}
    return Truth(spend_truth(), hires_truth(), rows)


def write_book(tabs: list[Tab], path: Path) -> None:
    book = new_book(path.stem)
    for tab in tabs:
        sheet = book.create_sheet(tab.title)
        for number, line in enumerate(tab.lines, start=1):
            for column, value in enumerate(line, start=1):
                sheet.cell(number, column, value)
    save(book, path)


def write_old_book(tabs: list[Tab], path: Path) -> None:
    """An .xls, as LinkedIn still writes."""
    import xlwt  # type: ignore[import-untyped]  # only this file needs it: it comes with the extra `test`

    book = xlwt.Workbook()
    for tab in tabs:
        sheet = book.add_sheet(tab.title)
        for number, line in enumerate(tab.lines):
            for column, value in enumerate(line):
                if value is not None:
                    sheet.write(number, column, value)
    book.save(str(path))


def lock_file() -> bytes:
    """What Excel leaves beside an open workbook: the length of a name, the name, blanks; 165 bytes."""
    name = b"Testperson-9001 Muster"
    return (bytes([len(name)]) + name).ljust(165, b" ")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "employer"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in TEXTS.items():
        (folder / name).write_bytes(text().data)
    for name, tabs in BOOKS.items():
        (write_old_book if name.endswith(".xls") else write_book)(tabs(), folder / name)
    (folder / LOCK).write_bytes(lock_file())
    (folder / "rm-audit.yaml").write_text(PROJECT, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
