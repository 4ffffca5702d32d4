"""Finds the header row of a sheet and says which canonical table stands under it."""

from __future__ import annotations

from collections.abc import Sequence

from rm_audit.profiles.headers import month_header, plain
from rm_audit.profiles.model import Layout, Profile, TableProfile
from rm_audit.readers import Sheet, Value

LOOK = 40  # judgement: preambles of real exports are at most 13 lines; 40 leaves room for notes
WIDE_MONTHS = 3


def recognise(sheet: Sheet, profile: Profile) -> Layout | None:
    """The layout that maps the most columns; None where no known column fits any table's needs."""
    best: tuple[int, Layout] | None = None
    for index, row in enumerate(sheet.rows[:LOOK]):
        for score, layout in _candidates(row, index, sheet.name, profile):
            if best is None or score > best[0]:
                best = (score, layout)
    return best[1] if best else None


def _candidates(row: Sequence[Value], index: int, sheet_name: str, profile: Profile) -> list[tuple[int, Layout]]:
    words = [plain(value) for value in row]
    if sum(bool(word) for word in words) < 2 and sum(month_header(value) is not None for value in row) < WIDE_MONTHS:
        return []
    wide = _wide(row, words, index, sheet_name, profile)
    if wide is not None:
        return [(len(wide.columns) + len(wide.months), wide)]
    found = []
    for table in profile.tables:
        columns = _map(words, table, profile)
        if columns is not None:
            found.append((len(columns), _layout(table.table, index, columns, row, words, profile)))
    return found


def _map(words: Sequence[str], table: TableProfile, profile: Profile) -> dict[str, int] | None:
    if table.never & set(words):
        return None
    columns: dict[str, int] = {}
    rank: dict[str, int] = {}
    order = {word: position for position, word in enumerate(table.headers)}
    for position, word in enumerate(words):
        column = table.headers.get(word)
        if column is not None and order[word] < rank.get(column, len(order)):
            columns[column], rank[column] = position, order[word]
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


def _wide(row: Sequence[Value], words: Sequence[str], index: int, sheet_name: str, profile: Profile) -> Layout | None:
    months = {position: month for position, value in enumerate(row) if (month := month_header(value)) is not None}
    if len(months) < WIDE_MONTHS or len(set(months.values())) < len(months):
        return None
    for name in ("plan", "spend"):
        table = next(item for item in profile.tables if item.table == name)
        columns = {
            table.headers[word]: p
            for p, word in reversed(list(enumerate(words)))
            if word in table.headers and p not in months
        }
        labelled = any(label in columns for label in profile.wide[name]["labels"])
        planned = any(column in columns for column in profile.wide[name].get("needs_one_of", ()))
        if labelled and (
            name == "spend" or planned or "plan" in sheet_name.casefold() or "budget" in sheet_name.casefold()
        ):
            total = columns.pop(profile.wide[name]["value"], None)
            for position, word in enumerate(words):
                total = position if word in profile.totals else total
            layout = _layout(name, index, columns, row, words, profile)
            unmapped = tuple(p for p in layout.unmapped if p not in months and p != total)
            return Layout(name, index, columns, months, total, None, layout.personal, unmapped)
    return None
