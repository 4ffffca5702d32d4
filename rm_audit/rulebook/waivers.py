"""Waivers: who lets which finding be, why, and until when. One that ran out brings its finding back, and says so.

A waiver stands in the project file (`waivers:`) or in a workbook's own column `Waived`. Every part of it is required.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from rm_audit.config import Config
from rm_audit.errors import Problem, UsageError, did_you_mean
from rm_audit.expr import Expression, ExpressionError, parse
from rm_audit.findings import State
from rm_audit.rulebook.life import renamed_note
from rm_audit.rulebook.model import Rule
from rm_audit.rulebook.run import Result
from rm_audit.rulebook.settings import Ruleset
from rm_audit.vocabulary import KEYS, family, words
from rm_audit.yamls import Document, load

FIELDS: Mapping[str, str] = {
    "rule": "the id of a rule",
    "where": 'an expression on the names of what the rule judges, such as channel == "Handshake"',
    "reason": "why the finding may stand",
    "owner": "who answers for it",
    "until": "the last day on which it holds, such as 2027-03-31",
}


@dataclass(frozen=True)
class Waiver:
    """One waiver. `last` is the last day on which it holds, None where `until` is no day: then it never holds.

    Its subjects are those where `where` is true, or those that rest on rows of `table` at `positions`. `at` is a
    problem at its place, whose words are still to be written; `place` is that place in words.
    """

    rule: str
    reason: str
    owner: str
    until: str
    at: Problem
    place: str
    where: Expression | None = None
    table: str = ""
    positions: tuple[int, ...] = ()
    subjects: tuple[int, ...] | None = None  # of a stored report, which holds no rows

    @property
    def last(self) -> date | None:
        try:
            return date.fromisoformat(self.until)
        except ValueError:
            return None

    def holds(self, day: date) -> bool:
        return self.last is not None and day <= self.last

    def rows(self, result: Result) -> list[int]:
        """The failing subjects that this waiver is about."""
        failed = set(result.rows_in(State.FAIL))
        return [row for row in self.fits(result) if row in failed] if failed else []

    def fits(self, result: Result) -> list[int]:
        """The subjects that this waiver is about, whatever was found."""
        rows = range(result.frame.length)
        if self.subjects is not None:
            return list(self.subjects)
        if self.where is not None:
            found = result.scope.evaluate(self.where)
            return [row for row in rows if found.known[row] and bool(found.values[row])]
        table_rows = result.frame.table_rows
        return [row for row in rows if np.isin(table_rows(self.table, row), self.positions).any()]

    def shown(self) -> dict[str, str]:
        """What a report shows of it."""
        return {"reason": self.reason, "owner": self.owner, "until": self.until, "place": self.place}


def read_waivers(config: Config, rules: Ruleset) -> tuple[list[Waiver], list[Problem]]:
    """The waivers of the project file, and warnings about rules that have another name now.

    Raises UsageError with everything that is wrong with any of them, save their dates: a bad date has run out.
    """
    if not config.waivers:
        return [], []
    # From Python a Config may hold waivers without a file: they are read as one would write them.
    text = json.dumps({"waivers": config.waivers}, default=str, ensure_ascii=False)
    reader = _Reader(config.document or load(text, "waivers"), rules)
    found = [reader.one(number, body) for number, body in enumerate(config.waivers)]
    if reader.problems:
        raise UsageError(sorted(reader.problems, key=lambda problem: (problem.line, problem.column)))
    return [waiver for waiver in found if waiver is not None], reader.notes


class _Reader:
    def __init__(self, document: Document, rules: Ruleset) -> None:
        self.document, self.rules = document, rules
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []

    def complain(self, message: str, *path: str | int, help: str = "", offset: int = 0, key: bool = False) -> None:
        place = ("waivers", *path)
        problem = self.document.problem("waiver", message, place, help=help, offset=offset, key=key)
        self.problems.append(problem)

    def one(self, number: int, body: Any) -> Waiver | None:
        if not isinstance(body, dict):
            self.complain("a waiver is {rule, where, reason, owner, until}", number)
            return None
        for name in body:
            if name not in FIELDS:
                help = did_you_mean(name, FIELDS) or f"It holds: {', '.join(FIELDS)}."
                self.complain(f"unknown key '{name}'", number, name, help=help, key=True)
        for name, holds in FIELDS.items():
            if name not in body:
                self.complain(f"the waiver lacks '{name}': {holds}", number)
            elif name != "until" and not (isinstance(body[name], str) and body[name].strip()):
                self.complain(f"'{name}' must be {holds}", number, name)
        rule = self._rule(number, body.get("rule"))
        where = self._where(number, body.get("where"), rule)
        if rule is None or where is None:
            return None
        at = self.document.problem("waiver", "", ("waivers", number))
        place = f"{self.document.file}:{at.line}"
        reason, owner, until = (str(body.get(name)).strip() for name in ("reason", "owner", "until"))
        return Waiver(rule.id, reason, owner, until, at, place, where)

    def _rule(self, number: int, name: Any) -> Rule | None:
        if not isinstance(name, str):
            return None
        known = self.rules.known
        if name in self.rules.renamed:
            at = self.document.problem("renamed-rule", "", ("waivers", number, "rule"))
            self.notes.append(renamed_note(at, name, self.rules.renamed[name]))
        rule = known.get(self.rules.renamed.get(name, name))
        if rule is None:
            help = did_you_mean(name, known) or "See: rm-audit rules list"
            self.complain(f"no rule is called '{name}'", number, "rule", help=help)
        return rule

    def _where(self, number: int, text: Any, rule: Rule | None) -> Expression | None:
        """The expression, on the names of the rule's grain; a key that the rule does not judge by would never fit."""
        if not isinstance(text, str) or rule is None:
            return None
        known = [name for name in words(family(rule.grain)) if name not in KEYS or name in rule.grain]
        try:
            return parse(text, known)
        except ExpressionError as error:
            line, column = self.document.places["waivers", number, "where"]
            quoted = self.document.text.splitlines()[line - 1][column - 1 : column] in ("'", '"')
            help = error.help or f"The rule judges each {' and '.join(rule.grain)}."
            self.complain(error.message, number, "where", help=help, offset=error.column + quoted)
            return None


@dataclass(frozen=True)
class Waived:
    """Results after waivers, which waiver lets which verdict be (by rule and subject's row), and what to say."""

    results: list[Result]
    by: Mapping[tuple[str, int], Waiver]
    problems: list[Problem]


def apply(results: Sequence[Result], waivers: Iterable[Waiver], day: date) -> Waived:
    """Fails that a waiver lets be become `waived`. A waiver that ran out, or that fits nothing, is a warning."""
    by_rule = {result.rule.id: result for result in results}
    by: dict[tuple[str, int], Waiver] = {}
    problems = []
    for waiver in sorted(waivers, key=lambda waiver: not waiver.holds(day)):
        result = by_rule.get(waiver.rule)
        rows = waiver.rows(result) if result is not None else []
        if waiver.holds(day):
            by |= {(waiver.rule, row): by.get((waiver.rule, row), waiver) for row in rows}
            problems += [] if rows else [_unused(waiver, "waives nothing") if _told(result) else _unjudged(waiver)]
            continue
        back = [row for row in rows if (waiver.rule, row) not in by]
        problems.append(
            _back(waiver, result, back) if result is not None and back else _unused(waiver, _ran_out(waiver))
        )
    problems.sort(key=lambda problem: (problem.file, problem.sheet, problem.line, problem.column, problem.cell))
    return Waived([_waived(result, by) for result in results], by, problems)


def _waived(result: Result, by: Mapping[tuple[str, int], Waiver]) -> Result:
    rows = [row for rule, row in by if rule == result.rule.id]
    if not rows:
        return result
    states = result.states.copy()
    states[np.array(rows)] = State.WAIVED
    return replace(result, states=states)


def _ran_out(waiver: Waiver) -> str:
    return f"ran out on {waiver.until}" if waiver.last else f"counts as run out, for '{waiver.until}' is no day"


def _unused(waiver: Waiver, why: str) -> Problem:
    words = (
        f"the waiver of {waiver.rule} ({waiver.owner}) {why}{'' if why == 'waives nothing' else ' and fits nothing'}"
    )
    return replace(waiver.at, level="warning", code="waiver-unused", message=words, help="Take it out, or mend it.")


def _told(result: Result | None) -> bool:
    """Whether the rule had its say: one that is off never will, and one without its export may have it elsewhere."""
    return result is None or any(state != State.NOT_EVALUATED for state in result.states)


def _unjudged(waiver: Waiver) -> Problem:
    words = f"the waiver of {waiver.rule} ({waiver.owner}) waives nothing here, where the rule could not be judged"
    return replace(waiver.at, level="info", code="waiver-unjudged", message=words, help="")


def _back(waiver: Waiver, result: Result, rows: Sequence[int]) -> Problem:
    names = [str(result.frame.subject(row)["name"]) for row in rows]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    words = f"the waiver of {waiver.rule} ({waiver.owner}) {_ran_out(waiver)}: the finding is back for"
    words = f"{words} {', '.join(names[:3])}{more}"
    help = "Mend what it says, or renew the waiver with a reason that still holds."
    code = "waiver-expired" if waiver.last else "waiver-bad-date"
    return replace(waiver.at, level="warning", code=code, message=words, help=help)
