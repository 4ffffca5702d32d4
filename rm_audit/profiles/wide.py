"""Sheets with a column a month: which columns are months, which are sums of them, and whether they hold money."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rm_audit.profiles.blocks import is_year
from rm_audit.profiles.headers import plain
from rm_audit.profiles.model import Profile
from rm_audit.profiles.months import Span, month_column
from rm_audit.readers import Value

LEAST = 2
_COUNTS = re.compile(
    r"\b(hires?|hired|applications?|applicants?|applies|clicks?|interviews?|headcount|offers?|candidates?|views|leads"
    r"|impressions|visits|sessions|users|einstellungen|bewerbungen)\b"
)
_MONEY = re.compile(
    r"\b(spends?|spending|costs?|budgets?|invoices?|amounts?|plan|kosten|ausgaben|spent|expenses?|expenditures?|coûts?"
    r"|dépenses?|gastos?|costes?|eur|usd|gbp|chf)\b|[€$£]"
)
_RATES = re.compile(  # a price of one, which nobody adds up
    r"\b(?:costs?|spend|kosten|coûts?|costes?|custo|costo)[ -](?:per|pro|par|por|je|/)|\bcp[achi]\b"
)
_PLANS = re.compile(r"\b(plan|plans|planned|budgets?|forecast)\b")
_SPENT_TOO = re.compile(r"\b(?:ytd|actuals?|spent|remaining|used|ist|variance)\b")
_MIXED = re.compile(r"\b(?:metric|measure|kennzahl|stage|kpi value)\b")  # rows of unlike things are never added up
_PARTIAL = re.compile(r"(?:h([12])|ytd|year to date|half year ([12]))(?: (?:19|20)\d\d)?")


class Months(NamedTuple):
    """The columns of a wide sheet by what they hold; `sums` are columns that add up others: column → those."""

    columns: Mapping[int, Span]
    sums: dict[int, tuple[int, ...]]
    kind: str
    other: tuple[int, ...]


def months_of(headers: Sequence[Value], profile: Profile) -> Months | None:
    """The month columns of a header row; None where they are no such thing."""
    said = {position: found for position, value in enumerate(headers) if (found := month_column(value)) is not None}
    kinds = {kind for _, kind in said.values()}
    kind = (
        "spent"
        if "spent" in kinds
        else ""
        if "" in kinds or not kinds
        else "planned"
        if "planned" in kinds
        else "counted"
    )
    spans = {position: span for position, (span, own) in said.items() if own == kind}
    other = tuple(position for position, (_, own) in said.items() if own != kind)
    short = {position: span for position, span in spans.items() if span.length == 1}
    columns = short if len(short) >= LEAST else spans
    if len(columns) < LEAST:
        columns = _years(headers)
    if len(columns) < LEAST or len(set(columns.values())) < len(columns):
        return None
    longer = {position: span for position, span in spans.items() if position not in columns}
    sums = {p: tuple(c for c, m in columns.items() if _covers(span, m)) for p, span in longer.items()}
    sums |= _totals(headers, columns, profile, other)
    return Months(columns, sums, kind, other)


def _years(headers: Sequence[Value]) -> dict[int, Span]:
    return {p: Span(int(float(str(value))), 1, 12) for p, value in enumerate(headers) if is_year(value)}


def _covers(long: Span, short: Span) -> bool:
    same = long.year is None or short.year is None or long.year == short.year
    return same and long.month <= short.month < long.month + long.length


def _totals(
    headers: Sequence[Value], columns: Mapping[int, Span], profile: Profile, other: Sequence[int]
) -> dict[int, tuple[int, ...]]:
    """Columns such as Total, Total 2026, YTD and H1, each with the months that it adds up."""
    found: dict[int, tuple[int, ...]] = {}
    for position, value in enumerate(headers):
        text = plain(value) or (str(value).split(".")[0] if is_year(value) else "")
        year = re.search(r"\b(?:19|20)\d\d\b", text)
        words = re.sub(r"\b(?:(?:19|20)\d\d|eur|usd|gbp|chf|spend|cost|spent|costs|actual)\b", " ", text)
        words = " ".join(words.split())
        half = _PARTIAL.fullmatch(words)
        if position in columns or position in other or not (words in profile.totals or half or (year and not words)):
            continue
        own = [c for c, m in columns.items() if not year or m.year is None or m.year == int(year[0])]
        if half and (half[1] or half[2]):
            first = 1 if (half[1] or half[2]) == "1" else 7
            own = [c for c in own if first <= columns[c].month < first + 6]
        elif half:  # the year to date, as far as the months stand before it
            own = [c for c in own if c < position] or own
        found[position] = tuple(own)
    return found


def wide_layout(
    headers: Sequence[Value], words: Sequence[str], around: Sequence[str], profile: Profile
) -> tuple[str, dict[str, int], Months, bool] | None:
    """Table, columns, months, and whether anything says that the months hold money; None where it is no wide sheet."""
    months = months_of(headers, profile)
    if months is None or months.kind == "counted":
        return None
    money = months.kind == "spent" or _holds_money(around)
    if money is False:
        return None  # hires or applications a month: no money, whatever the columns look like
    for name in ("plan", "spend"):
        columns = _columns(name, words, months, around, profile)
        if columns is not None:
            return name, columns, months, bool(money)
    return None


def _holds_money(around: Sequence[str]) -> bool | None:
    """What the nearest words say, the header's before the title's before the file's name; None where none says it."""
    for text in around:
        money, counts = bool(_MONEY.search(text)) and not _RATES.search(text), bool(_COUNTS.search(text))
        counts = counts or bool(_RATES.search(text))
        if money or counts:
            return money
    return None


def _is_spent(around: Sequence[str]) -> bool:
    """Whether the nearest text that says either speaks of what was spent, and not of a plan alone."""
    near = next((text for text in around if _SPENT_TOO.search(text) or _PLANS.search(text)), "")
    return _SPENT_TOO.search(near) is not None


def _columns(
    name: str, words: Sequence[str], months: Months, around: Sequence[str], profile: Profile
) -> dict[str, int] | None:
    about = " ".join(around)
    table = next(item for item in profile.tables if item.table == name)
    taken = {*months.columns, *months.sums, *months.other}
    known = [(table.headers[word], p) for p, word in enumerate(words) if word in table.headers and p not in taken]
    columns = dict(reversed(known))
    asked = profile.wide[name].get("needs_one_of", ())
    planned = any(column in columns for column in asked) or months.kind == "planned"
    if months.kind == "spent" or (months.kind == "" and (months.other or _is_spent(around))):
        planned, about = False, ""  # a budget beside the months of what was spent makes no plan of them
    if _MIXED.search(" ".join(words)) or not any(label in columns for label in profile.wide[name]["labels"]):
        return None
    if name == "plan" and not planned and not (_PLANS.search(about) and months.kind != "spent"):
        return None
    value = columns.pop(profile.wide[name]["value"], None)
    if value is not None:
        months.sums.setdefault(value, tuple(months.columns))
    return columns
