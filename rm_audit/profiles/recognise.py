"""Finds the header row of a sheet and says which canonical table stands under it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rm_audit.profiles.headers import gross, month_header, plain
from rm_audit.profiles.model import Layout, Profile, TableProfile
from rm_audit.readers import Sheet, Value

LOOK = 40  # judgement: preambles of real exports are at most 13 lines; 40 leaves room for notes
WIDE_MONTHS = 2
_COUNTS = re.compile(r"\b(hires?|hired|applications?|applicants?|applies|clicks?|interviews?|headcount|offers?)\b")
_MONEY = re.compile(r"\b(spends?|spending|costs?|budgets?|invoices?|amounts?|plan|kosten|ausgaben)\b")
_PLANS = re.compile(r"\b(plan|plans|planned|budgets?|forecast)\b")


def recognise(sheet: Sheet, profile: Profile) -> Layout | None:
    """The layout that maps the most columns; None where no known column fits any table's needs."""
    best: tuple[int, Layout] | None = None
    for index, row in enumerate(sheet.rows[:LOOK]):
        around = plain(" ".join([sheet.name, *(str(cell) for above in sheet.rows[:index] for cell in above if cell)]))
        for score, layout in _candidates(row, index, around, profile):
            if best is None or score > best[0]:
                best = (score, layout)
    return best[1] if best else None


def _candidates(row: Sequence[Value], index: int, around: str, profile: Profile) -> list[tuple[int, Layout]]:
    words = [plain(value) for value in row]
    if sum(bool(word) for word in words) < 2 and sum(month_header(value) is not None for value in row) < WIDE_MONTHS:
        return []
    wide = _wide(row, words, index, around, profile)
    if wide is not None:
        return [(len(wide.columns) + len(wide.months), wide)]
    found = []
    for table in profile.tables:
        columns = _map(row, words, table, profile)
        if columns is not None:
            found.append((len(columns), _layout(table.table, index, columns, row, words, profile)))
    return found


def _map(row: Sequence[Value], words: Sequence[str], table: TableProfile, profile: Profile) -> dict[str, int] | None:
    if table.never & set(words):
        return None
    columns: dict[str, int] = {}
    rank: dict[str, int] = {}
    order = {word: position for position, word in enumerate(table.headers)}
    for position, word in enumerate(words):
        column = table.headers.get(word)
        place = order.get(word, 0) + len(order) * gross(row[position])  # with tax in it only where there is no other
        if column is not None and place < rank.get(column, 2 * len(order)):
            columns[column], rank[column] = position, place
    people = {"person"} if any(word in profile.person for word in words) else set()
    known = set(columns) | people
    return columns if all(known & set(group) for group in table.needs) else None


def _layout(
    table: str, index: int, columns: dict[str, int], row: Sequence[Value], words: Sequence[str], profile: Profile
) -> Layout:
    used = set(columns.values())
    person = None
    if table in ("applications", "advocacy"):
        free = {word: position for position, word in reversed(list(enumerate(words))) if position not in used}
        person = next((free[word] for word in profile.person if word in free), None)
    personal = [p for p, word in enumerate(words) if word in profile.personal and p not in used and p != person]
    rest = set(range(len(row))) - used - set(personal) - {person}
    unmapped = sorted(position for position in rest if row[position] is not None)
    return Layout(table, index, columns, person=person, personal=tuple(personal), unmapped=tuple(unmapped))


def _wide(row: Sequence[Value], words: Sequence[str], index: int, around: str, profile: Profile) -> Layout | None:
    months = {position: month for position, value in enumerate(row) if (month := month_header(value)) is not None}
    if len(months) < WIDE_MONTHS or len(set(months.values())) < len(months):
        return None
    about = f"{around} {' '.join(words)}"
    if _COUNTS.search(about) and not _MONEY.search(about):
        return None  # hires or applications a month: no money, whatever the columns look like
    for name in ("plan", "spend"):
        layout = _wide_table(name, row, words, months, index, about, profile)
        if layout is not None:
            return layout
    return None


def _wide_table(
    name: str,
    row: Sequence[Value],
    words: Sequence[str],
    months: Mapping[int, tuple[int | None, int]],
    index: int,
    about: str,
    profile: Profile,
) -> Layout | None:
    table = next(item for item in profile.tables if item.table == name)
    known = [(word, p) for p, word in enumerate(words) if word in table.headers and p not in months]
    columns = {table.headers[word]: p for word, p in reversed(known)}
    planned = any(column in columns for column in profile.wide[name].get("needs_one_of", ()))
    if not any(label in columns for label in profile.wide[name]["labels"]):
        return None
    if name == "plan" and not planned and not _PLANS.search(about):
        return None
    total = columns.pop(profile.wide[name]["value"], None)
    for position, word in enumerate(words):
        total = position if word in profile.totals else total
    layout = _layout(name, index, columns, row, words, profile)
    unmapped = tuple(p for p in layout.unmapped if p not in months and p != total)
    return Layout(name, index, columns, months, total, None, layout.personal, unmapped)
