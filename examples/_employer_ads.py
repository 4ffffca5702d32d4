"""The other platforms' files of the folder `employer`: Google, Meta, Microsoft, TikTok and Indeed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from _employer import FIRST_DAY, JOBS, LAST_DAY, Bought, bought
from _employer_files import Tab, Text, american, each, fields, money, rate, separated, tabbed, utf16
from _rows import Row

_CAMPAIGN = fields(
    "Campaign status,Campaign,Budget,Budget name,Budget type,Currency code,Status,Status reasons,Optimisation score"
    ",Clicks,Impr.,CTR,Cost,Avg. CPC,Conversions,Cost / conv.,Bid strategy type,Conv. rate,Conv. value"
    ",Conv. value / cost,Original conv. value"
)
_AD_GROUP = fields(
    "Ad group status,Ad group,Campaign,Status,Status reasons,Currency code,Ad group type,Clicks,Impr.,CTR,Avg. CPC"
    ",Currency code,Cost,Conv. rate,Conversions,Cost / conv."
)
_META = fields(
    "Reporting starts|Reporting ends|Campaign name|Day|Campaign delivery|Attribution setting|Results|Result indicator"
    "|Reach|Frequency|Cost per results|Ad set budget|Ad set budget type|Amount spent (EUR)|Ends|Impressions"
    "|CPM (cost per 1,000 impressions) (EUR)|Link clicks|CPC (cost per link click) (EUR)"
    "|CTR (link click-through rate)|Clicks (all)"
)
_META_EMPTY = (
    '"Reporting starts","Reporting ends","Campaign name","Campaign delivery","Ad set budget","Ad set budget type",'
    '"Attribution setting",Results,"Result indicator",Reach,Impressions,"Cost per results","Amount spent (EUR)",Ends\n'
    '"No data available."\n'
)
_MICROSOFT = fields("TimePeriod,AccountId,CampaignId,CampaignName,CurrencyCode,Impressions,Clicks,Spend")
_TIKTOK = fields(
    "Campaign name|Ad group name|Ad name|By Day|Primary status|Secondary status|Cost|CPC (destination)|CPM|Impressions"
    "|Clicks (destination)|CTR (destination)|Reach|Cost per 1,000 people reached|Frequency|Clicks (all)|CTR (all)"
    "|Video views|2-second video views|6-second video views|Currency|Website URL (Ad level）"
)
_INDEED = fields(
    "Campaign|Impressions|Clickthrough rate (CTR)|Clicks|Apply start rate (ASR)|Apply starts"
    "|Apply completion rate (ACR)|Applies|Apply rate (AR)|Spend|Cost per click (CPC)|Cost per apply start (CPAS)"
    "|Cost per apply (CPA)|Job Count|Avg clicks per job|Avg apply starts per job|Avg applies per job"
    "|Avg spend per job"
)
_TRAFFIC = fields(
    "Campaign ID,Advertisement,Job,Job Reference Number,Platform,Clicks,Impressions,Conversions"
    ",Indeed Apply Conversions,Spend (currency),Organic Clicks,Organic Impressions,Apply Starts,Organic Apply Starts"
)


def _sums(rows: Sequence[Bought]) -> tuple[int, int, int, int]:
    """Cents, impressions, clicks, applies."""
    return (
        sum(row.cents for row in rows),
        sum(row.impressions for row in rows),
        sum(row.clicks for row in rows),
        sum(row.applies for row in rows),
    )


def _grouped(rows: Sequence[Bought], by: str) -> dict[str, list[Bought]]:
    found: dict[str, list[Bought]] = {}
    for row in rows:
        found.setdefault(str(getattr(row.campaign, by)), []).append(row)
    return found


def google_campaigns() -> Text:
    """The campaign report: no dates, counts with commas and costs without, totals of three scopes at the foot."""
    rows = [_google_campaign("Enabled", name, part) for name, part in _grouped(bought("Google"), "group").items()]
    totals = [
        _google_campaign(f"Total: {scope}", " --", bought("Google")) for scope in ("Campaigns", "Account", "Search")
    ]
    text = "Campaign report\n1 January 2026 - 30 June 2026\n" + separated([_CAMPAIGN, *rows, *totals])
    return Text(text.encode(), len(rows))


def _google_campaign(status: str, name: str, part: Sequence[Bought]) -> Row:
    cents, seen, clicks, applies = _sums(part)
    total = name == " --"
    budget: Row = [" --"] * 3 if total else ["40.00", name, "Daily"]
    state: Row = [" --"] * 3 if total else ["Eligible", "[ ]", "84.2%"]
    counts: Row = [f"{clicks:,}", f"{seen:,}", rate(clicks, seen), money(cents), each(cents, clicks), f"{applies:.2f}"]
    tail: Row = [
        each(cents, applies),
        " --" if total else "Maximise clicks",
        rate(applies, clicks),
        "0.00",
        "0.00",
        "0.00",
    ]
    return [status, name, *budget, "EUR", *state, *counts, *tail]


def google_ad_groups() -> Text:
    """The same money one level down, as the 'Excel .csv' of the same screen; Currency code stands twice."""
    rows: list[Row] = []
    for name, part in _grouped(bought("Google"), "name").items():
        rows.append(_google_group("Enabled", name, part[0].campaign.group, part))
    totals = [
        _google_group(f"Total: {scope}", " --", " --", bought("Google")) for scope in ("Ad groups", "Account", "Search")
    ]
    text = "Ad group report\n1 January 2026 - 30 June 2026\n" + tabbed([_AD_GROUP, *rows, *totals])
    return Text(utf16(text), len(rows))


def _google_group(status: str, name: str, campaign: str, part: Sequence[Bought]) -> Row:
    cents, seen, clicks, applies = _sums(part)
    state: Row = [" --"] * 2 if name == " --" else ["Eligible", "[ ]"]
    counts: Row = [f"{clicks:,}", f"{seen:,}", rate(clicks, seen), each(cents, clicks), "EUR", money(cents)]
    tail: Row = [rate(applies, clicks), f"{applies:.2f}", each(cents, applies)]
    kind = " --" if name == " --" else "Standard"
    return [status, name, campaign, *state, "EUR", kind, *counts, *tail]


def google_card() -> Text:
    """The card of the overview: the same money once more, a row a day, the period in the file's name alone."""
    by_day: dict[date, list[Bought]] = {}
    for row in bought("Google"):
        by_day.setdefault(row.day, []).append(row)
    rows: list[Row] = []
    for number in range((LAST_DAY - FIRST_DAY).days + 1):
        day = FIRST_DAY + timedelta(days=number)
        cents, seen, clicks, _ = _sums(by_day.get(day, []))
        price = f"€{each(cents, clicks) or '0.00'}"
        rows.append([f"{day:%a}, {day.day} {day:%b} {day.year}", clicks, seen, price, f"€{money(cents)}"])
    return Text(separated([["Date", "Clicks", "Impressions", "Avg. CPC", "Cost"], *rows]).encode(), len(rows))


def meta() -> Text:
    """By day, with the account's total first: its campaign name is blank."""
    rows = [_meta_row(row.campaign.name, row.day.isoformat(), [row]) for row in bought("Meta")]
    total = _meta_row(None, None, bought("Meta"))
    return Text(b"\xef\xbb\xbf" + separated([_META, total, *rows]).encode(), len(rows))


def _meta_row(name: str | None, day: str | None, part: Sequence[Bought]) -> Row:
    cents, seen, clicks, applies = _sums(part)
    head: Row = [FIRST_DAY.isoformat(), LAST_DAY.isoformat(), name, day, "active" if name else None]
    results: Row = ["7-day click", applies or None, "actions:lead" if applies else None]
    reach: Row = [round(seen * 0.8), 1.25, each(cents, applies), "25" if name else None, "Daily" if name else None]
    tail: Row = [
        each(cents * 1000, seen),
        clicks,
        each(cents, clicks),
        f"{100 * clicks / seen:.6f}",
        clicks + clicks // 5,
    ]
    return [*head, *results, *reach, money(cents), "Ongoing" if name else None, seen, *tail]


def meta_empty() -> Text:
    """A month in which nothing ran."""
    return Text(_META_EMPTY.encode(), 0)


def microsoft() -> Text:
    """Preamble and footer are quoted lines of one cell; Swiss francs."""
    numbers = {"Logistik Zürich": "380114527", "Pflege Basel": "380114893"}
    rows: list[Row] = []
    for row in bought("Microsoft"):
        name = row.campaign.name
        head: Row = [american(row.day), "141009736", numbers[name], name, "CHF"]
        rows.append([*head, row.impressions, row.clicks, money(row.cents)])
    lines = (
        "Report Name: Campaign_Performance_CH|Report Time: 1/1/2026,6/30/2026|Time Zone: (GMT+01:00) Bern"
        "|Last Completed Available Day: 7/1/2026 11:59:00 PM (GMT)"
        "|Last Completed Available Hour: 7/2/2026 6:00:00 AM (GMT)"
        f"|Report Aggregation: Daily|Report Filter: |Potential Incomplete Data: false|Rows: {len(rows)}"
    ).split("|")
    preamble = "".join(f'"{line}"\n' for line in lines) + "\n"
    footer = '\n"@2026 Microsoft Corporation. All rights reserved. "\n'
    return Text((preamble + separated([_MICROSOFT, *rows], quote_all=True) + footer).encode(), len(rows))


def tiktok() -> list[Tab]:
    """Masked counts, dashes, and a total row under the days."""
    rows = [_tiktok_row("Azubi Pflege 2026", row.day.isoformat(), [row]) for row in bought("TikTok")]
    total = _tiktok_row(f"Total of {len(rows)} results", "-", bought("TikTok"))
    return [Tab("Sheet1", [[*_TIKTOK], *rows, total], len(rows))]


def _tiktok_row(name: str, day: str, part: Sequence[Bought]) -> Row:
    cents, seen, clicks, _ = _sums(part)
    head: Row = (
        [name, "-", "-", day, "-", "-"] if len(part) > 1 else [name, "Hamburg 16-24", "Video 1", day, "Active", "-"]
    )
    costs: Row = [cents / 100, round(cents / 100 / clicks, 2), round(cents * 10 / seen, 2), seen]
    click: Row = [clicks if clicks > 4 else "<5", round(clicks / seen, 4), round(seen * 0.8)]
    reach: Row = [round(cents * 10 / seen / 0.8, 2), 1.25, clicks + 2, round((clicks + 2) / seen, 4)]
    return [*head, *costs, *click, *reach, round(seen * 0.9), round(seen * 0.3), round(seen * 0.1), "EUR", "--"]


def indeed() -> list[Tab]:
    """The employer's campaign report: no date, no id and no currency."""
    rows: list[Row] = []
    for number, (name, part) in enumerate(_grouped(bought("Indeed"), "name").items()):
        cents, seen, clicks, applies = _sums(part)
        starts, jobs, spent = round(applies * 2.4), 2 + number % 4, cents / 100
        shares: Row = [
            name,
            seen,
            clicks / seen,
            clicks,
            starts / clicks,
            starts,
            applies / starts,
            applies,
            applies / clicks,
        ]
        prices: Row = [spent, *(round(spent / count, 2) for count in (clicks, starts, applies)), jobs]
        rows.append([*shares, *prices, *(round(count / jobs, 2) for count in (clicks, starts, applies, spent))])
    return [Tab("Campaigns", [[*_INDEED], *rows], len(rows))]


def indeed_traffic() -> Text:
    """The traffic of the Swiss feed, which another account pays in dollars: the currency stands behind the amount."""
    rows: list[Row] = []
    for number, (name, part) in enumerate(_grouped(bought("Indeed API"), "name").items()):
        cents, seen, clicks, applies = _sums(part)
        job = JOBS["indeed"][number % 2]
        head: Row = [f"7c41e0{number}a", "Feed CH", job.title, name, "All"]
        paid: Row = [float(clicks), float(seen), float(applies), float(applies), f"{money(cents)}(USD)"]
        rows.append([*head, *paid, float(clicks // 3), float(seen // 2), float(applies * 2), float(applies // 2)])
    return Text(separated([_TRAFFIC, *rows]).encode(), len(rows))
