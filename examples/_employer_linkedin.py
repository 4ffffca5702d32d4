"""The LinkedIn files of the folder `employer`: three campaign downloads in three layouts, and page analytics."""

from __future__ import annotations

import random
from datetime import date, timedelta

from _employer import FIRST_DAY, LAST_DAY, SEED, Bought, bought
from _employer_files import (
    Tab,
    Text,
    american,
    each,
    european,
    fields,
    money,
    rate,
    separated,
    spelled_out,
    tabbed,
    utf16,
)
from _rows import Row

ENGLISH = fields(
    "Start Date (in UTC)|Account Name|Currency|Campaign ID|Campaign Name|Campaign Status|Ad Set ID|Ad Set Name"
    "|Ad Set Objective|Ad Name|Ad ID|Ad Status|Ad Introduction Text|Ad Headline|Click URL|Total Spent|Impressions"
    "|Clicks|Click Through Rate|Average CPM|Average CPC|Total Engagements|Conversions|Leads"
    "|Clicks to Landing Page|Reach"
)
DUTCH = fields(
    "Begindatum (in UTC)|Accountnaam|Valuta|Campagne-ID|Campagnenaam|Status campagne|Advertentieset-ID"
    "|Naam van advertentieset|Doelstelling van advertentieset|Advertentienaam|Advertentie-ID|Advertentiestatus"
    "|Inleidende advertentietekst|Kop van advertentie|URL|Totaal besteed|Weergaven|Klikken"
    "|Doorklikfrequentie (CTR)|Gemiddelde CPM|Gemiddelde CPC|Aantal interacties|Conversies|Leads"
    "|Klikken naar bestemmingspagina|Gemiddelde kijktijd (in seconden)"
)
OLDER = fields(
    "Start Date (in UTC)|Account Name|Currency|Campaign Group ID|Campaign Group Name|Campaign ID|Campaign Name"
    "|Campaign Objective|Total Spent|Impressions|Clicks|Click Through Rate|Average CPM|Average CPC|Leads"
)
IDS = {"Logistics NL 2026": 608114410, "Zorg 2026": 609220317, "Drivers CE": 411870226, "Shift leads": 411870993}
CARE_SET = 412553108


def _id(name: str) -> int:
    return IDS.get(name, CARE_SET)


def _rates(one: Bought) -> list[str]:
    """Click rate, cost of a thousand impressions, cost of a click."""
    return [rate(one.clicks, one.impressions, 3), each(one.cents * 1000, one.impressions), each(one.cents, one.clicks)]


def _preamble(title: str, names: tuple[str, str, str], start: str, end: str, written: str, quote: str) -> str:
    lines = [title, f"{names[0]}: {start}", f"{names[1]}: {end}", f"{names[2]}: {written}"]
    return "".join(f"{quote}{line}{quote}\n" for line in lines) + "\n"


def english() -> Text:
    """The layout of 2026, April to June: campaign, ad set, ad."""
    rows: list[Row] = []
    for one in bought("LinkedIn Q2"):
        group, name = one.campaign.group, one.campaign.name
        head: Row = [american(one.day), "Brugghafen Logistics", "EUR", _id(group), group, "Active", _id(name), name]
        ad: Row = [
            "Website visits",
            f"{name} image",
            _id(name) + 7,
            "Active",
            "Work where ships meet the road",
            "Apply today",
        ]
        link = "https://jobs.example.org/nl?src=li-" + name.split()[0].lower()
        counts: Row = [money(one.cents, True), f"{one.impressions:,}", one.clicks, *_rates(one), one.clicks + 3]
        rows.append([*head, *ad, link, *counts, one.applies, 0, one.clicks, round(one.impressions * 0.7)])
    names = ("Report Start", "Report End", "Date Generated")
    span = (f"{spelled_out(date(2026, 4, 1))}, 12:00 AM", f"{spelled_out(LAST_DAY)}, 11:59 PM", "July 2, 2026, 9:12 AM")
    text = _preamble("Ad Performance Report (in UTC)", names, *span, '"')
    return Text(utf16(text + tabbed([ENGLISH, *rows])), len(rows))


def dutch() -> Text:
    """The same layout from an account whose owner has LinkedIn in Dutch, January to June."""
    rows: list[Row] = []
    for one in bought("LinkedIn NL"):
        group, name = one.campaign.group, one.campaign.name
        day = f"{one.day.day}-{one.day.month}-{one.day.year}"
        head: Row = [day, "Brugghafen Zorg", "EUR", _id(group), group, "Actief", _id(name), name]
        ad: Row = ["Websitebezoeken", f"{name} beeld", _id(name) + 7, "Actief", "Zorg dicht bij huis", "Solliciteer nu"]
        shares = [european(text) for text in _rates(one)]
        counts: Row = [european(money(one.cents, True)), european(f"{one.impressions:,}"), one.clicks, *shares]
        tail: Row = [one.clicks + 2, one.applies, 0, one.clicks, f"{4 + one.clicks / 7:.10f}"]
        rows.append([*head, *ad, "https://jobs.example.org/zorg?src=li-zorg", *counts, *tail])
    names = ("Begindatum van rapport", "Einddatum van rapport", "Datum aangemaakt")
    span = ("1 januari 2026, 0:00", "30 juni 2026, 23:59", "2 juli 2026, 10:31")
    text = _preamble("Rapport met advertentieprestaties (in UTC)", names, *span, "")
    return Text(utf16(text + tabbed([DUTCH, *rows])), len(rows))


def older() -> Text:
    """The layout before: what is a campaign now was a campaign group. January to March, saved again as UTF-8."""
    rows: list[Row] = []
    for one in bought("LinkedIn Q1"):
        group, name = one.campaign.group, one.campaign.name
        head: Row = [
            american(one.day),
            "Brugghafen Logistics",
            "EUR",
            _id(group),
            group,
            _id(name),
            name,
            "Website visits",
        ]
        rows.append([*head, money(one.cents, True), one.impressions, one.clicks, *_rates(one), 0])
    cents = sum(one.cents for one in bought("LinkedIn Q1"))
    total: Row = ["Total", *[None] * 7, money(cents, True), *[None] * 6]
    names = ("Report Start", "Report End", "Date Generated")
    span = ("January 1, 2026, 12:00 AM", "March 31, 2026, 11:59 PM", "April 1, 2026, 8:05 AM")
    text = _preamble("Campaign Performance Report (in UTC)", names, *span, '"')
    return Text((text + separated([OLDER, *rows, total])).encode(), len(rows))


_SIDES = ("(desktop)", "(mobile)", "(total)")
_KINDS = ("(organic)", "(sponsored)", "(total)")
_NOTE = "Aggregated engagement metrics for all updates in the chosen time. Some numbers are estimates."
_UPDATE = fields(
    "Update title|Update link|Update type|Campaign name|Posted by|Created date|Campaign start date|Campaign end date"
    "|Audience|Impressions|Video views|Clicks|Click through rate (CTR)|Likes|Comments|Shares|Follows|Engagement rate"
)


def page() -> list[Tab]:
    """Page analytics: visitors, updates by day under a note, and single updates with the name of who posted."""
    rng = random.Random(SEED)
    return [_visitors(rng), _updates(rng), _posts(rng)]


def _visitors(rng: random.Random) -> Tab:
    what = [
        f"{page} {count}"
        for page in ("Overview", "Life", "Jobs", "Total")
        for count in ("page views", "unique visitors")
    ]
    rows: list[Row] = []
    for number in range(91):
        row: Row = [(FIRST_DAY + timedelta(days=number)).strftime("%m/%d/%Y")]
        for _ in what:
            desktop, mobile = rng.randint(0, 40), rng.randint(0, 25)
            row += [desktop, mobile, desktop + mobile]
        rows.append(row)
    return Tab("Visitor metrics", [["Date", *(f"{name} {side}" for name in what for side in _SIDES)], *rows], len(rows))


def _updates(rng: random.Random) -> Tab:
    head: Row = ["Date", *(f"Impressions {kind}" for kind in _KINDS), "Unique impressions (organic)"]
    for name in ("Clicks", "Reactions", "Comments", "Shares", "Engagement rate"):
        head += [f"{name} {kind}" for kind in _KINDS]
    rows: list[Row] = []
    for number in range(91):
        seen = rng.randint(80, 900)
        row: Row = [(FIRST_DAY + timedelta(days=number)).strftime("%m/%d/%Y"), seen, 0, seen, round(seen * 0.7)]
        for share in (30, 60, 300, 500):
            row += [seen // share, 0, seen // share]
        rows.append([*row, 0.05, 0, 0.05])
    return Tab("Update metrics (aggregated)", [[_NOTE], [*head], *rows], len(rows))


def _posts(rng: random.Random) -> Tab:
    titles = (
        "Night shift in the port",
        "A day with the care team in Bremen",
        "Open day for drivers",
        "Meet our planners",
    )
    rows: list[Row] = []
    for number, title in enumerate(titles):
        seen = rng.randint(900, 4000)
        serial = 46040 + 21 * number  # days as spreadsheets count them, from 1900
        head: Row = [
            title,
            f"https://social.example.org/update/{number}",
            "Organic",
            None,
            "Testperson-9010 Muster",
            serial,
        ]
        rows.append([*head, None, None, "All followers", seen, 0, seen // 25, 0.04, seen // 60, 3, 2, 1, 0.055])
    return Tab("Update engagement", [[_NOTE], [*_UPDATE], *rows], len(rows))
