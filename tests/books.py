"""Helpers for tests: small books from csv text, in memory, and rules from a few fields."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from textwrap import dedent
from typing import Any

from rm_audit.book import Book, build, persons_key
from rm_audit.cells import Source
from rm_audit.config import Config
from rm_audit.days import to_day
from rm_audit.expr import Scope, column
from rm_audit.metrics.context import Context, context
from rm_audit.metrics.frame import Frame
from rm_audit.metrics.frames import Frames
from rm_audit.readers import FileRead, Sheet, Value
from rm_audit.readers.text import read_text
from rm_audit.rulebook.load import load_rule
from rm_audit.rulebook.message import value_at
from rm_audit.rulebook.model import Rule
from rm_audit.rulebook.run import judge_all
from rm_audit.rulebook.settings import Ruleset, ruleset
from rm_audit.verbs import audit, load_rules

AS_OF = date(2026, 6, 30)
Rows = list[list[Value]]


def table(text: str) -> Rows:
    """Rows of cells from csv text, read as the csv reader reads a file."""
    (sheet,), _ = read_text(dedent(text).strip("\n").encode(), ".csv")
    return sheet.rows


def file(name: str, sheets: str | Mapping[str, Rows]) -> FileRead:
    """One file as if it had been read: csv text, or a workbook's sheets by name."""
    source = Source(name, hashlib.sha256(f"{name}{sheets!r}".encode()).hexdigest())
    if isinstance(sheets, str):
        return FileRead(source, "csv", [Sheet(source, "", table(sheets))], [], named=True)
    return FileRead(source, "xlsx", [Sheet(source, title, rows) for title, rows in sheets.items()], [], named=True)


def book(config: Config | None = None, **texts: str) -> Book:
    """A book of csv files: `book(spend="Channel,Spend\\n...")` reads a file `spend.csv`."""
    files = [file(f"{name}.csv", text) for name, text in texts.items()]
    return build(files, config or Config(), persons_key([one.source for one in files]))


@cache
def built_in() -> Ruleset:
    """The shipped rules, read once."""
    return load_rules()


def document(of: Book, rules: Ruleset | None = None, config: Config | None = None, as_of: date = AS_OF) -> Any:
    """The report document of a book."""
    return audit(of, rules or built_in(), config=config, as_of=as_of).document


def states(of: Book, rules: Ruleset | None = None, as_of: date = AS_OF) -> dict[tuple[str, str], str]:
    """(rule, subject) → the state that the rule came to on it."""
    chosen = (rules or built_in()).rules
    on = ctx(of, as_of)
    results = judge_all(chosen, Frames(on))
    return {
        (result.rule.id, str(result.frame.subject(row)["name"])): str(state)
        for result in results
        for row, state in enumerate(result.states)
    }


def ctx(of: Book, as_of: date = AS_OF) -> Context:
    return context(of, to_day(as_of))


def measured(of: Book, grain: Sequence[str], names: str, as_of: date = AS_OF) -> dict[str, tuple[object, ...]]:
    """Subject → the values of the names, in their order; None where a value is unknown."""
    part = Frames(ctx(of, as_of))[tuple(grain)]
    scope = Scope(part.length, part.columns)
    return {
        str(part.subject(row)["name"]): tuple(value_at(scope, name, row) for name in names.split())
        for row in range(part.length)
    }


def subjects(grain: Sequence[str], *rows: Mapping[str, Any]) -> Frame:
    """A frame from plain rows; a name that a row does not give is unknown in it."""
    names = dict.fromkeys([*grain, *(name for row in rows for name in row)])
    return Frame(tuple(grain), len(rows), {name: column([row.get(name) for row in rows]) for name in names})


RULE = {
    "id": "a-rule",
    "title": "A rule for tests",
    "play": "job-boards",
    "kind": "flaw",
    "status": "stable",
    "severity": "medium",
    "weight": "1",
    "grain": "[channel]",
    "message": "It was judged.",
    "why": "Because.",
    "fix": "Mend it.",
    "false_alarms": "[The test is wrong.]",
    "tests": "[{name: none, given: [{}], expect: [{}]}]",
}


def rule_text(**fields: str) -> str:
    """The text of a rule file: the fields given, over those that every rule needs."""
    return "".join(f"{name}: {value}\n" for name, value in {**RULE, **fields}.items() if value)


def rule(**fields: str) -> Rule:
    """A rule from a few fields; it must load without a problem."""
    found, problems = load_rule(rule_text(**fields), f"{fields.get('id', 'a-rule')}.yaml")
    assert [problem.text() for problem in problems] == []
    assert found is not None
    return found


def rules(*found: Rule) -> Ruleset:
    return ruleset(found, {})
