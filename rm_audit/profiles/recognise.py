"""Finds the tables of a sheet, and says of each which canonical table it is and where its columns stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import PurePosixPath

from rm_audit.profiles.blocks import (
    EMPTY,
    Block,
    filled,
    is_number,
    is_word,
    looks_like_head,
    no_data,
    pairs_of,
    part,
    texts,
    turn,
)
from rm_audit.profiles.headers import plain, without_code
from rm_audit.profiles.heads import Head, best_head, filled_up, joined, with_job_codes
from rm_audit.profiles.model import Layout, Profile
from rm_audit.profiles.months import month_column
from rm_audit.profiles.preamble import stated_period
from rm_audit.readers import Area, Sheet, Value
from rm_audit.tables import TABLES

LOOK = 60  # judgement: preambles of real exports are at most 13 lines; 60 leaves room for notes
TITLE = 2  # cells: more in the row above, and a row in the middle of a sheet begins no table
TITLES = 15  # judgement: lines of a title or of comments over a table; a long column of words is none
SAMPLE = 200  # rows under headers that are looked at for what they mean


@dataclass(frozen=True)
class Stranger:
    """Tables under one that is read: where they begin (from 0), their rows, whether their headers are known."""

    row: int
    rows: int
    known: bool  # to the profile of the table above, which does not use it


@dataclass(frozen=True)
class Found:
    """What a sheet holds: tables with their layouts, header rows that were passed over, rows of unknown tables.

    `empty` says that the sheet is a whole export without a row; `words` are headers or lines that say so.
    """

    tables: Sequence[tuple[Block, Layout]] = ()
    passed_over: Sequence[tuple[int, int]] = ()  # (header row that was passed over, the one that counts), from 0
    unknown: Sequence[Stranger] = ()
    empty: bool = False


def recognise(sheet: Sheet, profiles: Sequence[Profile]) -> Found:
    """Every table of the sheet whose headers are a platform's, or fit a canonical table's needs."""
    counts = [len(row) - row.count(None) for row in sheet.rows]  # as `filled`, at once
    heads, passed = _heads(sheet, counts, profiles)
    if not heads:
        turned = _turned(sheet, profiles)
        heads, passed = ([], []) if turned.tables or turned.empty else _heads(sheet, counts, profiles, meaning=True)
    if not heads:
        return turned
    below = [sheet.rows[head.layout.header_row + 1 :][:SAMPLE] for head in heads]
    heads = [with_job_codes(filled_up(head, rows), rows) for head, rows in zip(heads, below, strict=True)]
    tables: list[tuple[Block, Layout]] = []
    unknown: list[Stranger] = []
    before = 0
    for number, head in enumerate(heads):
        end = _start_of_context(sheet, heads[number + 1].first) if number + 1 < len(heads) else len(sheet.rows)
        end, strangers = _strangers(sheet, counts, head.layout, end)
        unknown += strangers
        above = texts(sheet.rows[max(before, head.first - LOOK) : head.first])
        top = head.first
        block = Block(sheet, sheet.rows[top:end], top, above=above, merged=_shifted(sheet.merged, top))
        tables += _side_by_side(block, replace(head.layout, header_row=head.layout.header_row - top), profiles)
        before = end
    return Found(tables, passed, unknown)


def _shifted(areas: Sequence[Area], top: int) -> tuple[Area, ...]:
    return tuple(replace(area, top=area.top - top, bottom=area.bottom - top) for area in areas if area.top >= top)


def _heads(
    sheet: Sheet, counts: Sequence[int], profiles: Sequence[Profile], meaning: bool = False
) -> tuple[list[Head], list[tuple[int, int]]]:
    """Header rows from top to bottom; where two stand together without a row between, the better one."""
    found: list[Head] = []
    passed: list[tuple[int, int]] = []
    for index in _candidates(counts):
        head = _head_at(sheet, index, profiles, meaning)
        if head is None or (found and _is_again(sheet, found[-1], head)):
            continue
        if found and not any(count > 1 for count in counts[found[-1].layout.header_row + 1 : head.first]):
            if head.layout.lines > 1 and head.first <= found[-1].layout.header_row:
                found[-1] = max(found[-1], head, key=lambda item: item.score)
                continue
            loser, winner = sorted((found[-1], head), key=lambda item: item.score)
            winner = head if loser.score == winner.score else winner
            loser = found[-1] if winner is head else head
            if not (loser.first <= winner.layout.header_row and winner.first <= loser.layout.header_row):
                passed.append((loser.layout.header_row, winner.layout.header_row))
            found[-1] = winner
        else:
            found.append(head)
    return found, passed


def _is_again(sheet: Sheet, before: Head, head: Head) -> bool:
    """Whether a header only repeats the one before: no title says that other figures stand under it."""
    return head.layout.headers == before.layout.headers and filled(sheet.rows[head.first - 1]) != 1


def _candidates(counts: Sequence[int]) -> list[int]:
    """Rows where a table may begin: near the top, or after a row that is empty or a title."""
    first = [index for index, count in enumerate(counts[:LOOK]) if count >= 2]
    pairs = pairwise(counts[LOOK - 1 :])
    later = [index for index, (above, own) in enumerate(pairs) if above <= TITLE and own >= max(2, above + 1)]
    return first + [LOOK + index for index in later]


def _head_at(sheet: Sheet, index: int, profiles: Sequence[Profile], meaning: bool) -> Head | None:
    row = sheet.rows[index]
    if not looks_like_head(row):
        return None
    around = _around(sheet, index)
    below = sheet.rows[index + 1 : index + 1 + SAMPLE] if meaning else ()
    single = best_head(row, index, 1, around, profiles, below)
    above = sheet.rows[index - 1] if index else []
    both = None
    if filled(above) and (index < 2 or not looks_like_head(sheet.rows[index - 2]) or filled(above) < filled(row)):
        whole = joined(sheet, index)
        both = best_head(whole, index, 2, around, profiles, below) if whole != list(row) else None
    return max((head for head in (single, both) if head), key=lambda head: head.score, default=None)


def _around(sheet: Sheet, index: int) -> tuple[str, ...]:
    """What stands over and around a table, the nearest first: the lines above, the sheet's name, the file's."""
    first = index
    while first > 0 and index - first < 15 and filled(sheet.rows[first - 1]) <= TITLE:
        first -= 1
    above = reversed(texts(sheet.rows[first:index]))
    return (*(text.casefold() for text in above), *_names(sheet))


def _names(sheet: Sheet) -> tuple[str, str]:
    name = re.sub(r"[_\W]+", " ", PurePosixPath(sheet.source.file).stem)
    return sheet.name.casefold(), name.casefold()


def _start_of_context(sheet: Sheet, head: int) -> int:
    """The first row that belongs to the next table: its title lines, without an empty row between."""
    first = head
    while first > 0 and head - first < TITLES and 0 < filled(sheet.rows[first - 1]) <= TITLE:
        first -= 1
    return first if first > 0 and not filled(sheet.rows[first - 1]) else head


def _strangers(sheet: Sheet, counts: Sequence[int], layout: Layout, end: int) -> tuple[int, list[Stranger]]:
    """Where a table ends because others begin that are not read, after an empty row and perhaps a title."""
    heads = list(_other_heads(sheet, counts, layout, end))
    if not heads:
        return end, []
    found: list[Stranger] = []
    for index, known in heads:
        if not found or found[-1].known != known:
            found.append(Stranger(index, 0, known))
    stops = [*(_start_of_context(sheet, one.row) for one in found[1:]), end]
    rows = [sum(count > 0 for count in counts[one.row + 1 : stop]) for one, stop in zip(found, stops, strict=True)]
    return _start_of_context(sheet, heads[0][0]), [
        replace(one, rows=number) for one, number in zip(found, rows, strict=True)
    ]


def _other_heads(sheet: Sheet, counts: Sequence[int], layout: Layout, end: int) -> Iterator[tuple[int, bool]]:
    """Rows of headers of other tables, and whether the profile knows all of their words."""
    numbers, profile = _numbers_of(layout), layout.profile
    first = layout.header_row + 2
    for index, row in enumerate(sheet.rows[first : end if numbers else first], first):
        if counts[index - 1] > TITLE or not looks_like_head(row) or tuple(row) == layout.headers:
            continue
        if not any((p < len(row) and is_word(row[p])) or _is_known(row[p : p + 1], profile) for p in numbers):
            continue
        if not counts[index - 1] or _start_of_context(sheet, index) < index:
            yield index, _is_known(row, profile)


def _is_known(row: Sequence[Value], profile: Profile) -> bool:
    """Whether a platform's profile knows every header of a row."""
    words = {without_code(plain(value)) for value in row if value not in EMPTY}
    return profile.signature is not None and bool(words) and words <= profile.spellings


def _numbers_of(layout: Layout) -> list[int]:
    """Columns that hold numbers and nothing else, by which the headers of another table are told from a row."""
    kinds = TABLES[layout.table].columns if layout.table == "traffic" else {"amount": "money", "budget": "money"}
    named = [
        layout.columns[name] for name, kind in kinds.items() if kind in ("money", "count") and name in layout.columns
    ]
    return named or list(layout.months)


def _side_by_side(block: Block, layout: Layout, profiles: Sequence[Profile]) -> list[tuple[Block, Layout]]:
    """The tables that stand beside each other under one row of headers, each with columns of its own."""
    head = block.rows[layout.header_row]
    inside = _cuts(block, head, layout)
    if not inside:
        return [(block, layout)]
    parts = [part(block, first, last) for first, last in pairwise([0, *inside, max(map(len, block.rows))])]
    around = _around(block.sheet, block.top)
    found: list[Layout | None] = []
    for piece in parts:
        own = layout.headers[piece.left - block.left :][: len(piece.rows[layout.header_row])]
        best = best_head(own, layout.header_row, layout.lines, around, profiles)
        found.append(replace(best.layout, lines=layout.lines) if best else None)
    if sum(one is not None for one in found) < 2:
        return [(block, layout)]
    return [(piece, one) for piece, one in zip(parts, found, strict=True) if one is not None]


def _cuts(block: Block, head: Sequence[Value], layout: Layout) -> list[int]:
    """Columns where another table may begin: after a column that is empty all the way, or where the headers repeat."""
    gaps = [c for c in range(1, len(head)) if head[c] in EMPTY and head[c - 1] not in EMPTY]
    empty = [c + 1 for c in gaps if all(len(row) <= c or row[c] in EMPTY for row in block.rows)]
    first = next((c for c, value in enumerate(head) if value not in EMPTY), 0)
    again = [c for c in range(first + 2, len(head)) if head[c] == head[first] and head[c] not in EMPTY]
    return empty or ([] if layout.months else again)


def _turned(sheet: Sheet, profiles: Sequence[Profile]) -> Found:
    """No header row: a document of names and values, months down and channels across, or an export without rows."""
    whole = Block(sheet, sheet.rows, above=texts(sheet.rows[:15]))
    for blocks in (pairs_of(whole), _matrix(whole)):
        heads = [(block, best_head(block.rows[0], 0, 1, _said(block), profiles)) for block in blocks]
        known = [(block, head.layout) for block, head in heads if head and not (block.across and head.layout.unsaid)]
        if known:
            return Found(known)
    return Found(empty=_is_empty_export(sheet.rows))


def _said(block: Block) -> tuple[str, ...]:
    """What stands over and around a turned block, the nearest first."""
    return (*block.across, *map(str.casefold, reversed(block.above)), *_names(block.sheet))


def _matrix(block: Block) -> list[Block]:
    """Months down the first column and channels across, as a sheet with a row a channel; none where it is no such."""
    firsts = [row[0] if row and row[0] not in EMPTY else None for row in block.rows]
    months = sum(_is_month(value) for value in firsts)
    below = len(firsts) - firsts.count(None)
    for index, row in enumerate(block.rows[:LOOK]):
        below -= firsts[index] is not None
        months -= _is_month(firsts[index])
        if months >= 2 and months >= below / 2 and looks_like_head(row):
            across = " ".join(str(value) for value in row if value is not None).casefold()
            rows = [["Channel", *row[1:]], *block.rows[index + 1 :]]
            turned = turn(Block(block.sheet, rows, block.top + index, block.left, above=texts(block.rows[:index])))
            return [replace(turned, across=(across,))]
    return []


def _is_month(value: Value) -> bool:
    return value is not None and month_column(value) is not None


def _is_empty_export(rows: Sequence[Sequence[Value]]) -> bool:
    """A header without a row under it, or the lines of a preamble with a period and no table."""
    lines = [row for row in rows if filled(row)]
    wide = [row for row in lines if filled(row) > TITLE]
    said = any(no_data(row) for row in lines)
    if wide and wide[0] is not lines[-1] and not said:
        return False
    if not wide:
        figures = any(filled(row) == TITLE and is_number(row[-1]) for row in lines[1:])
        return len(lines) >= 2 and not figures and stated_period(texts(lines)) is not None
    return len(wide) == 1 and looks_like_head(wide[0])
