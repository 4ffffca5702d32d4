"""A commented profile for an export that nobody has described yet, drafted from one file of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import PurePosixPath
from typing import Any

from rm_audit.channels import may_hold_person
from rm_audit.profiles.blocks import EMPTY, filled, looks_like_head
from rm_audit.profiles.contents import content
from rm_audit.profiles.dates import read_dates
from rm_audit.profiles.library import generic, shipped
from rm_audit.profiles.load import load_profile, word
from rm_audit.profiles.meaning import assign, is_personal
from rm_audit.profiles.private import looks_personal
from rm_audit.profiles.recognise import LOOK
from rm_audit.profiles.selftest import found_in
from rm_audit.readers import Sheet, Value
from rm_audit.readers.packed import column_of
from rm_audit.tables import MONEY_COLUMN, TABLES

TELLING = 3  # headers that the draft knows its export by
SHOWN = 2  # rows of the file that become the draft's own test
_FIGURES = ("money", "count", "day")
_MARKS = ("/", "-", ".")


@dataclass
class Sketch:
    """What was found out about a file: its header row, and for the table that fits best which column is what."""

    sheet: Sheet
    row: int
    table: str
    columns: Mapping[str, tuple[int, float, str]]
    personal: Sequence[int]

    @property
    def headers(self) -> Sequence[Value]:
        return self.sheet.rows[self.row]

    def cells(self, position: int) -> Sequence[Value]:
        return column_of(self.sheet.rows, position, self.row + 1)


def sketch(sheets: Sequence[Sheet]) -> Sketch | None:
    """The sheet and row of headers that say the most, and what they mean; None where no row looks like headers."""
    heads = [(i, sheet) for sheet in sheets for i, row in enumerate(sheet.rows[:LOOK]) if looks_like_head(row)]
    if not heads:
        return None
    index, sheet = max(heads, key=lambda item: (filled(item[1].rows[item[0]]), -item[0]))
    found = [_for_table(sheet, index, table) for table in TABLES]
    best = max(found, key=lambda one: sum(sure for _, sure, _ in one.columns.values()) - _lacking(one))
    return best if best.columns else found[0]


def _lacking(one: Sketch) -> float:
    """What a table that needs a column that nobody found is worth less."""
    needs = next((item.needs for item in generic().tables if item.table == one.table), [])
    return sum(1.5 for group in needs if not set(group) & {*one.columns, "person"})


def _for_table(sheet: Sheet, row: int, table: str) -> Sketch:
    headers = sheet.rows[row]
    known = next((item.headers for item in generic().tables if item.table == table), {})
    bare_sketch = Sketch(sheet, row, table, {}, ())
    values = [bare_sketch.cells(position) for position in range(len(headers))]
    personal = [p for p, header in enumerate(headers) if _is_personal(header, values[p])]
    columns: dict[str, tuple[int, float, str]] = {}
    for position, header in enumerate(headers):
        column = known.get(word(str(header))) if isinstance(header, str) else None
        if column and position not in personal:
            columns.setdefault(column, (position, 1.0, "its header is a known one"))
    taken = {position for position, _, _ in columns.values()}
    free = [None if p in taken or p in personal else header for p, header in enumerate(headers)]
    for column, guess in assign(free, values, table).items():
        columns.setdefault(column, guess)
    return Sketch(sheet, row, table, columns, personal)


def _is_personal(header: Value, values: Sequence[Value]) -> bool:
    return isinstance(header, str) and (is_personal(header) or looks_personal(values) is not None)


def draft(sheets: Sequence[Sheet], name: str) -> str | None:
    """The profile as text; None where no row looks like headers, or where none is understood and no figures stand
    under any: then the row may be a list of people.
    """
    found = sketch(sheets)
    if found is None or not (found.columns or _has_figures(found)):
        return None
    body = _body(found, name)
    profile, _ = load_profile(body + "tests: [{name: none}]\n", "draft", generic())
    cells = _sample(found)
    told = found_in(cells, profile, (profile, *shipped())) if profile else None
    return body + _tests(cells, told or {"rows": [], "set_aside": [], "says": []})


def _has_figures(found: Sketch) -> bool:
    return any(content(found.cells(p)).kind in _FIGURES for p in range(len(found.headers)))


def _body(found: Sketch, name: str) -> str:
    stem = PurePosixPath(name).stem
    identity = re.sub(r"[^a-z0-9]+", "-", stem.casefold()).strip("-") or "export"
    money = MONEY_COLUMN.get(found.table)
    lines = [
        f"# Drafted from {PurePosixPath(name).name}. Look at the lines that say CHECK, then run:",
        f"#   rm-audit inspect {PurePosixPath(name).name} --profiles {identity}.yaml",
        f"id: {identity}",
        f"title: {_text(f'Exports such as {stem}')}",
        "evidence: own",
        f"table: {found.table}  # {TABLES[found.table].row}",
        *_channel(found, stem),
        "recognise:",
        f"  headers: [{', '.join(f'[{_text(header)}]' for header in _telling(found))}]  # all of them together",
        "columns:",
        *(f"  {column}: [{_text(found.headers[p])}]{_how(sure, why)}" for column, (p, sure, why) in _ordered(found)),
    ]
    if money and money not in found.columns:
        lines.append(f"  {money}: []  # CHECK: write the header of the money between the brackets")
    rest = [h for p, h in enumerate(found.headers) if h not in EMPTY and p not in _used(found)]
    lines += ["known:  # there, and not used", *(f"  - {_text(header)}" for header in rest)] if rest else []
    people = [found.headers[p] for p in found.personal]
    lines += [f"personal: [{', '.join(map(_text, people))}]  # dropped at reading"] if people else []
    return "\n".join([*lines, *_dates(found)]) + "\n"


def _channel(found: Sketch, stem: str) -> list[str]:
    names = {"spend": ("channel", "vendor"), "applications": ("source",)}.get(found.table, ())
    if not names or set(names) & set(found.columns):
        return []
    words = re.split(r"[^\w]+|_|\d", stem)
    return [f"channel: {_text(next(filter(None, words), 'Channel').title())}  # CHECK: whose export is this?"]


def _ordered(found: Sketch) -> list[tuple[str, tuple[int, float, str]]]:
    order = list(TABLES[found.table].columns)
    return sorted(found.columns.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))


def _used(found: Sketch) -> set[int]:
    return {position for position, _, _ in found.columns.values()} | set(found.personal)


def _telling(found: Sketch) -> list[Value]:
    """The headers that the export is known by: the money's, then those that ordinary sheets do not have."""
    common = {header for table in generic().tables for header in table.headers}
    places = [p for p, header in enumerate(found.headers) if header not in EMPTY and p not in found.personal]
    money = found.columns.get(MONEY_COLUMN.get(found.table, ""), (-1, 0.0, ""))[0]
    rank = sorted(places, key=lambda p: (p != money, p not in _used(found), word(str(found.headers[p])) in common, p))
    return [found.headers[p] for p in sorted(rank[:TELLING])]


def _how(sure: float, why: str) -> str:
    return "" if sure == 1 else f"  # CHECK: {sure:.0%} sure, by {why}"


def _dates(found: Sketch) -> list[str]:
    for column, (position, _, _) in found.columns.items():
        kind = TABLES[found.table].columns.get(column)
        cells = found.cells(position) if kind == "day" else []
        dates = read_dates(cells, generic().blanks, None)
        if dates.ambiguous:
            mark = next((mark for mark in _MARKS if mark in str(cells[dates.ambiguous[0]])), "/")
            return [f"dates: {{'{mark}': dmy}}  # CHECK: dmy or mdy? Both fit all dates of this file"]
    return []


def _sample(found: Sketch) -> list[list[Value]]:
    """The header and the first rows, with nothing in them but what the profile takes."""
    figures = {p for p in range(len(found.headers)) if content(found.cells(p)).kind in _FIGURES}
    keep = {position for position, _, _ in found.columns.values()} | (figures - set(found.personal))
    rows = [row for row in found.sheet.rows[found.row + 1 :] if filled(row) >= min(2, len(keep))][:SHOWN]
    return [
        [header if header not in EMPTY else "" for header in found.headers],
        *([_safe(value) if p in keep else None for p, value in enumerate(row)] for row in rows),
    ]


def _safe(value: Value) -> Value:
    """A cell for the draft's own test; a text that may name a person is left out."""
    return None if isinstance(value, str) and ("@" in value or may_hold_person(value)) else value


def _tests(cells: Sequence[Sequence[Value]], told: Mapping[str, Any]) -> str:
    lines = ["tests:", "  - name: the first rows of the file it was drafted from", "    cells:"]
    lines += [f"      - [{', '.join(map(_text, row))}]" for row in cells]
    shown = [{name: value for name, value in row.items() if value is not None} for row in told["rows"]]
    lines += ["    expect:", "      rows:" if shown else "      rows: []  # CHECK: what these rows are to become"]
    lines += [f"        - {{{', '.join(f'{name}: {_text(value)}' for name, value in row.items())}}}" for row in shown]
    for name in ("set_aside", "says"):
        lines += [f"      {name}: {json.dumps(told[name], ensure_ascii=False)}"] if told[name] else []
    return "\n".join(lines) + "\n"


def _text(value: object) -> str:
    """A value as YAML that stays what it is: texts always in quotes."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time | timedelta):
        return json.dumps(str(value))
    return "null" if value is None else json.dumps(value, ensure_ascii=False)
