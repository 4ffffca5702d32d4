"""Profile files → profiles, with every problem of a file at its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rm_audit.errors import Problem, did_you_mean
from rm_audit.profiles.amounts import LONGEST_BLANK
from rm_audit.profiles.headers import bare, plain, without_code
from rm_audit.profiles.model import Profile, Signature, Stamps, TableProfile
from rm_audit.tables import TABLES
from rm_audit.yamls import Document, load

EVIDENCE = ("REAL", "PARSER", "VENDOR", "own")  # how the headers are known; own: written by the one who uses it
OUTCOMES = ("o_qualified", "o_interviews", "o_offers", "o_hires")
NEEDED = ("id", "title", "evidence", "table", "recognise", "tests")
FIELDS = (
    *NEEDED, "channel", "constants", "columns", "known", "fixed", "own", "personal", "person", "totals", "blanks",
    "dates", "stamps", "events", "counted", "notes",
)  # fmt: skip
RECOGNISE = ("headers", "never", "around")
STAMPS = ("days", "named", "name", "day")
ORDERS = ("dmy", "mdy")
_MOST = 200  # characters of a pattern


def word(header: str) -> str:
    """A header as it is compared."""
    return without_code(plain(header))


def load_generic(text: str) -> Profile:
    """The built-in profile for ordinary sheets; it ships with rm-audit and is trusted to be well formed."""
    data: dict[str, Any] = load(text, "generic.yaml").data
    tables = [
        TableProfile(
            table,
            {plain(word): column for column, words in body["columns"].items() for word in words},
            body["needs"],
            frozenset(body.get("never", ())),
        )
        for table, body in data["tables"].items()
    ]
    return Profile(
        id=data["id"],
        tables=tables,
        personal=frozenset(data["personal"]),
        person=data["person"],
        totals=frozenset(map(plain, data["totals"])),
        blanks=frozenset(data["blanks"]),
        wide=data["wide"],
        words={name: data[name] for name in ("stages", "performance", "cost_types")},
        title=data["title"],
        own=True,
        currencies=frozenset(map(plain, data["tables"]["spend"]["columns"]["currency"])),
        file="generic.yaml",
    )


def load_profile(text: str, file: str, base: Profile) -> tuple[Profile | None, list[Problem]]:
    """One profile from its text, on top of the generic one. None where there is any problem."""
    document = load(text, file)
    if not document.problems and not isinstance(document.data, dict):
        document.problems.append(document.problem("profile-shape", "a profile is a list of 'field: value' lines"))
    profile = None if document.problems else _Reader(document).profile(base)
    return (None, document.in_order()) if document.problems else (profile, [])


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.data: dict[str, Any] = document.data

    def complain(self, message: str, *path: str | int, help: str = "", key: bool = False) -> None:
        self.document.problems.append(self.document.problem("profile", message, path, help=help, key=key))

    def profile(self, base: Profile) -> Profile | None:
        self._fields()
        if self.document.problems:
            return None
        tables = self._tables(base)
        personal, person = ([*map(bare, self._texts(name))] for name in ("personal", "person"))
        made = replace(
            base,
            id=self.data["id"],
            title=self.data["title"],
            evidence=self.data["evidence"],
            table=self.data["table"],
            tables=tables,
            channel=self.data.get("channel", ""),
            constants=self._constants(),
            signature=self._signature(),
            stamps=self._stamps(),
            events=self.data.get("events", False) is True,
            counted=frozenset(map(word, self._texts("counted"))),
            known=[tuple(map(word, _listed(item))) for item in self.data.get("known", ())],
            fixed=self.data.get("fixed", False) is True,
            own=self.data.get("own", False) is True,
            dates=self._dates(),
            notes=tuple(self._texts("notes")),
            file=self.document.file,
            tests=self.data["tests"],
            personal=base.personal | frozenset(personal),
            person=[*person, *(word for word in base.person if word not in personal)],
            totals=base.totals | frozenset(map(plain, self._texts("totals"))),
            blanks=base.blanks | self._blanks(),
        )
        return None if self.document.problems else made

    def _fields(self) -> None:
        for name in self.data:
            if name not in FIELDS:
                help = did_you_mean(name, FIELDS) or f"It may hold: {', '.join(FIELDS)}."
                self.complain(f"unknown field '{name}'", name, help=help, key=True)
        for name in NEEDED:
            if name not in self.data:
                self.complain(f"a profile needs '{name}'")
        self._choice("evidence", EVIDENCE)
        self._choice("table", tuple(TABLES))
        for name, kind, words in (
            ("id", str, "a name"), ("title", str, "a line of text"), ("recognise", dict, "headers: [...]"),
            ("tests", list, "a list of tests"), ("columns", dict, "column: [headers]"), ("channel", str, "a name"),
            ("stamps", dict, "days or named"), ("constants", dict, "column: text"), ("known", list, "headers"),
            ("dates", dict, "mark: dmy or mdy"),
        ):  # fmt: skip
            if name in self.data and not (isinstance(self.data[name], kind) and self.data[name]):
                self.complain(f"'{name}' holds {words}", name)
        if isinstance(self.data.get("id"), str) and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.data["id"]):
            self.complain("an id is small letters, figures and hyphens", "id")

    def _choice(self, name: str, choices: Sequence[str]) -> None:
        value = self.data.get(name)
        if name in self.data and value not in choices:
            help = did_you_mean(str(value), choices) or f"One of {', '.join(choices)}."
            self.complain(f"'{value}' is no {name}", name, help=help)

    def _texts(self, name: str, *inside: str) -> list[str]:
        found = self.data.get(name, ())
        for part in inside:
            found = found.get(part, ()) if isinstance(found, dict) else ()
        if isinstance(found, str) or not isinstance(found, Iterable) or not all(isinstance(x, str) for x in found):
            self.complain("this holds a list of texts", name, *inside, help="Write [one, two].")
            return []
        return list(found)

    def _tables(self, base: Profile) -> Sequence[TableProfile]:
        table = self.data["table"]
        if "columns" not in self.data:
            return base.tables
        headers: dict[str, str] = {}
        allowed = [*TABLES[table].columns, *(OUTCOMES if table == "spend" else ())]
        for column in self.data["columns"]:
            if column not in allowed:
                help = did_you_mean(column, allowed) or f"The table {table} has: {', '.join(allowed)}."
                self.complain(f"'{column}' is no column of {table}", "columns", column, help=help, key=True)
            for header in self._texts("columns", column):
                if headers.setdefault(word(header), column) != column:
                    self.complain(f"the header '{header}' stands under two columns", "columns", column)
        if self.data.get("own") is True:  # a team's sheet may hold whatever an ordinary one may
            ordinary = next(item for item in base.tables if item.table == table)
            headers |= {header: column for header, column in ordinary.headers.items() if header not in headers}
        return [TableProfile(table, headers, (), frozenset())]

    def _signature(self) -> Signature:
        told = self.data["recognise"]
        for name in told:
            if name not in RECOGNISE:
                help = did_you_mean(name, RECOGNISE) or f"It may hold: {', '.join(RECOGNISE)}."
                self.complain(f"unknown field '{name}'", "recognise", name, help=help, key=True)
        groups = [frozenset(map(word, _listed(group))) for group in told.get("headers") or ()]
        if len(groups) < 2:
            help = "Write at least two headers that together no other export has; [one, other] is either of the two."
            self.complain("'recognise' needs 'headers'", "recognise", help=help)
        around = [self._pattern(text, "recognise", "around") for text in self._texts("recognise", "around")]
        never = frozenset(map(word, self._texts("recognise", "never")))
        return Signature(groups, never, [pattern for pattern in around if pattern])

    def _pattern(self, text: str, *path: str) -> re.Pattern[str] | None:
        try:
            return re.compile(text, re.IGNORECASE) if len(text) <= _MOST else None
        except re.error as error:
            self.complain(f"'{text}' is no pattern: {error}", *path)
            return None

    def _stamps(self) -> Stamps:
        told: Mapping[str, Any] = self.data.get("stamps", {})
        for name in told:
            if name not in STAMPS:
                self.complain(f"unknown field '{name}'", "stamps", name, help=did_you_mean(name, STAMPS), key=True)
        days = {day: [star(text) for text in self._texts("stamps", "days", day)] for day in told.get("days", ())}
        for day in days:
            if TABLES[self.data["table"]].columns.get(day) != "day":
                self.complain(f"'{day}' is no day of {self.data['table']}", "stamps", "days", day, key=True)
        named = told.get("named")
        return Stamps(days, star(named) if named else None, told.get("name", "source"), told.get("day", "applied_at"))

    def _constants(self) -> Mapping[str, str]:
        texts = [name for name, kind in TABLES[self.data["table"]].columns.items() if kind == "text"]
        found = self.data.get("constants", {})
        for name in found:
            if name not in texts:
                help = did_you_mean(name, texts) or f"It may be: {', '.join(texts)}."
                self.complain(f"'{name}' is no text of {self.data['table']}", "constants", name, help=help, key=True)
        return {name: str(value) for name, value in found.items()}

    def _dates(self) -> Mapping[str, str]:
        for mark, order in self.data.get("dates", {}).items():
            if order not in ORDERS:
                self.complain(f"'{order}' is no order of day and month", "dates", mark, help="Write dmy or mdy.")
        return dict(self.data.get("dates", {}))

    def _blanks(self) -> frozenset[str]:
        marks = self._texts("blanks")
        for mark in marks:
            if len(mark) > LONGEST_BLANK:
                self.complain(f"a mark for 'no value' has at most {LONGEST_BLANK} characters", "blanks")
        return frozenset(mark.strip().casefold() for mark in marks)


def _listed(item: object) -> list[str]:
    return [str(part) for part in item] if isinstance(item, list) else [str(item)]


def star(text: str) -> re.Pattern[str]:
    """A header with * for any words, compared without case and with blanks or none."""
    parts = [r"\s*".join(map(re.escape, part.split())) for part in text.split("*", 1)]
    return re.compile(r"\s*" + r"\s*(.*?)\s*".join(parts) + r"\s*", re.IGNORECASE)
