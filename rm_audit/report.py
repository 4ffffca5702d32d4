"""The one versioned document that everything else is rendered from, `rm-audit/report/1`.

Keys are stable and in a stable order; the same inputs give the same bytes. No clock time, no machine path and no
personal data are in it. `report.schema.json` beside this file says its shape.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from importlib import resources
from typing import Any

from rm_audit import __version__
from rm_audit.book import Book, InputFile, InputSheet
from rm_audit.days import from_day
from rm_audit.errors import Problem
from rm_audit.findings import MONEY_CLASSES, Finding, State
from rm_audit.judging import Judged
from rm_audit.ledger import settle
from rm_audit.levers import levers
from rm_audit.metrics.alignment import alignment
from rm_audit.metrics.context import Context
from rm_audit.metrics.frames import pace
from rm_audit.metrics.plan_actual import plan_against_actual
from rm_audit.metrics.timeline import spend_by_month
from rm_audit.numbers import units
from rm_audit.rulebook.model import PLAYS, Rule
from rm_audit.rulebook.run import Result
from rm_audit.rulebook.settings import Ruleset
from rm_audit.score import Score, judged_spend, score
from rm_audit.stopping import Running, stopping
from rm_audit.subjects import KINDS

SCHEMA = "rm-audit/report/1"


@dataclass(frozen=True)
class Report:
    """The document, as plain Python values ready for JSON. `page` is all of it but the jobs, which no page shows: there
    may be very many, and they are made when the document is asked for."""

    page: Mapping[str, Any]
    notes: Sequence[Problem] = ()  # warnings about settings, waivers and the baseline, with their excerpts
    measure: Callable[[], Mapping[str, Any]] | None = None  # what a stored report keeps beside the document
    rows: Mapping[str, Mapping[str, Sequence[int]]] = field(default_factory=dict)  # finding → range → rows meant in it
    judged: Judged | None = None  # what the document was written from, to tell it in other words
    jobs: Callable[[], Sequence[Mapping[str, Any]]] | None = None

    @cached_property
    def document(self) -> Mapping[str, Any]:
        if self.jobs is None:
            return self.page
        kinds = {**self.page["subjects"], "job": [dict(item) for item in self.jobs()]}
        return {**self.page, "subjects": {kind: kinds[kind] for kind in KINDS if kind in kinds}}

    def to_json(self) -> str:
        """The document as text, two spaces deep, with a line end: the same bytes for the same inputs.

        The measurements that rules compared stand on one line, last: they are for `rejudge` and `explain`.
        """
        text = json.dumps(self.document, indent=2, ensure_ascii=False, allow_nan=False)
        if self.measure is not None:
            stored = json.dumps(self.measure(), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            text = f'{text[:-2]},\n  "measurements": {stored}\n}}'
        return f"{text}\n"


def schema(name: str = "report") -> dict[str, Any]:
    """The JSON Schema of a document: report, inspect, compare or config."""
    text = resources.files("rm_audit").joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@dataclass(frozen=True)
class Audited:
    """All that the document is written from."""

    ctx: Context
    rules: Ruleset
    judged: Judged
    subjects: Mapping[str, Sequence[Mapping[str, Any]]]
    jobs: Callable[[], Sequence[Mapping[str, Any]]] | None = None  # where spend names any
    notes: Sequence[Problem] = ()  # warnings about settings, waivers and the baseline


def write(
    audited: Audited,
    measure: Callable[[], Mapping[str, Any]] | None = None,
    rows: Mapping[str, Mapping[str, Sequence[int]]] | None = None,
) -> Report:
    """The report document of an audit; `measure` gives the measurements that it is stored with, `rows` those that are
    meant in ranges with gaps, by finding."""
    book, ctx = audited.ctx.book, audited.ctx
    kinds = {kind: [dict(item) for item in items] for kind, items in audited.subjects.items()}
    running = Running(pace(ctx), kinds["contract"])
    said = verdicts(audited.judged, audited.rules, _totals(book, audited.judged.evidence.basis), running)
    return Report(
        {
            "schema": SCHEMA,
            "tool": {"name": "rm-audit", "version": __version__},
            "ruleset": said.pop("ruleset"),
            "as_of": from_day(ctx.as_of).isoformat(),
            "data_through": _date(ctx.data_through),
            "currency": book.currency,
            "period": _period(book),
            "inputs": [_input(file) for file in book.inputs],
            "problems": [problem_item(problem) for problem in (*book.problems, *audited.notes)],
            **said,
            "spend_by_month": spend_by_month(ctx),
            "plan_against_actual": plan_against_actual(ctx),
            "alignment": alignment(ctx),
            "subjects": kinds,
        },
        audited.notes,
        measure,
        rows or {},
        audited.judged,
        audited.jobs,
    )


def verdicts(judged: Judged, rules: Ruleset, totals: Mapping[str, float], running: Running) -> dict[str, Any]:
    """The part of the document that other thresholds change. `totals` is the money that was read and examined."""
    whole = score(judged.counted, judged.ledgers, judged.claims, judged.evidence.basis)
    return {
        "ruleset": {"hash": rules.hash, "packs": list(rules.packs), "rules": len(rules.rules)},
        "score": _score(whole),
        "levers": levers(judged, whole.value),
        "money": _money(judged, totals),
        "stopping": stopping(judged, running),
        "plays": [_play(judged, play) for play in PLAYS],
        "findings": [_finding(finding) for finding in judged.findings],
        "earned": [dict(item) for item in judged.earned],
        "rules": [_rule(result) for result in judged.results],
    }


def _date(day: int | None) -> str | None:
    return None if day is None else from_day(day).isoformat()


def _period(book: Book) -> dict[str, str | None]:
    period = book.period
    return {"start": _date(period.start if period else None), "end": _date(period.end if period else None)}


def _input(file: InputFile) -> dict[str, Any]:
    return {"file": file.file, "sha256": file.sha256, "sheets": [sheet_account(sheet) for sheet in file.sheets]}


def sheet_account(sheet: InputSheet) -> dict[str, Any]:
    """Rows and amounts of one sheet: read = used + set aside, with each reason."""
    used, aside = units(sheet.amount_used), units(sheet.amount_aside)
    rows_aside = sheet.rows_aside
    return {
        "name": sheet.name,
        "profile": sheet.profile,
        "table": sheet.table,
        "currency": sheet.currency,
        "rows": {
            "read": sheet.rows_read,
            "used": sheet.rows_read - rows_aside if sheet.table else 0,
            "set_aside": rows_aside,
        },
        "amount": {"read": round(used + aside, 2), "used": used, "set_aside": aside},
        "set_aside": [
            {"reason": reason, "rows": rows, "amount": units(amount)}
            for reason, (rows, amount) in sheet.reasons.items()
        ],
    }


def problem_item(problem: Problem) -> dict[str, Any]:
    """A problem as the documents show it: in a text file that people write, the line and column are the cell."""
    keys = ("level", "code", "file", "sheet", "cell", "message", "help")
    item = {key: getattr(problem, key) for key in keys}
    return {**item, "cell": f"{problem.line}:{problem.column}"} if problem.line else item


def _score(found: Score) -> dict[str, Any]:
    parts = {"alignment": found.alignment, "practice": found.practice, "trust": found.trust}
    return {
        "value": None if found.value is None else round(found.value, 1),
        "low": round(found.low, 1),
        "high": round(found.high, 1),
        "coverage": round(found.coverage, 4),
        "parts": {
            name: {"value": round(part.value, 4), "coverage": round(part.coverage, 4)} for name, part in parts.items()
        },
    }


def _claimed(judged: Judged, play: str = "") -> dict[str, float]:
    """Whole cents by class on the basis' ledger, and what lies ahead (plans, licences without a spend row)."""
    sums = dict.fromkeys((*MONEY_CLASSES, "upcoming"), 0)
    for claim in judged.claims:
        money = claim.result.rule.money
        if money is not None and (not play or claim.result.rule.play == play):
            sums[money.money_class if claim.table == judged.evidence.basis else "upcoming"] += claim.claimed
    return {name: units(amount) for name, amount in sums.items()}


def _totals(book: Book, basis: str) -> dict[str, float]:
    """read = examined + set aside."""
    sheets = [sheet for file in book.inputs for sheet in file.sheets if sheet.table == basis]
    examined = units(sum(sheet.amount_used for sheet in sheets))
    aside = units(sum(sheet.amount_aside for sheet in sheets))
    return {"read": round(examined + aside, 2), "set_aside": aside, "examined": examined}


def _money(judged: Judged, totals: Mapping[str, float]) -> dict[str, Any]:
    """examined = the three classes + unclaimed, to the cent."""
    claimed = _claimed(judged)
    return {
        "basis": judged.evidence.basis,
        **{name: totals[name] for name in ("read", "set_aside", "examined")},
        **{name: claimed[name] for name in MONEY_CLASSES},
        "unclaimed": round(totals["examined"] - sum(claimed[name] for name in MONEY_CLASSES), 2),
        "upcoming": claimed["upcoming"],
    }


def _play(judged: Judged, play: str) -> dict[str, Any]:
    own = [result for result in judged.counted if result.rule.play == play]
    # On a ledger of its own: a play whose claims other plays made first has not earned their money back.
    found = score(own, *settle(own, judged.evidence.pots), judged.evidence.basis)
    value = None if found.value is None or not own else round(found.value, 1)
    return {
        "id": play,
        "title": PLAYS[play],
        "score": value,
        "coverage": round(found.coverage, 4) if own else 0.0,
        "judged_money": units(judged_spend(own, judged.ledgers, judged.evidence.basis)),
        "money": _claimed(judged, play),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "rule": finding.rule,
        "play": finding.play,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "state": str(finding.state),
        "subject": dict(finding.subject),
        "values": dict(finding.values),
        "threshold": finding.threshold,
        "message": finding.message,
        "fix": finding.fix,
        "money": {
            "class": finding.money_class or None,
            "amount": units(finding.claimed),
            "wanted": units(finding.wanted),
            "upcoming": units(finding.upcoming),
        },
        "also_flagged_by": list(finding.also_flagged_by),
        "cells": list(finding.cells),
        "waiver": dict(finding.waiver) if finding.waiver is not None else None,
        "known": finding.known,
    }


def _rule(result: Result) -> dict[str, Any]:
    count = result.count()
    states = (
        State.PASS,
        State.FAIL,
        State.CANNOT_TELL,
        State.NOT_APPLICABLE,
        State.NOT_EVALUATED,
        State.WAIVED,
        State.ERROR,
    )
    return {
        "id": result.rule.id,
        "title": result.rule.title,
        "play": result.rule.play,
        "kind": result.rule.kind,
        "status": result.rule.status,
        "severity": result.rule.severity,
        "judged": {str(state): count[state] for state in states},
        "missing": list(result.missing_names),
        "bring": result.bring(),
        "blocked_by": result.blocked_by,
        **_law(result.rule),
    }


def _law(rule: Rule) -> dict[str, Any]:
    """What the rule says, and the settings that it judged with: enough to tell two reports' rules apart."""
    return {
        "grain": list(rule.grain),
        "weight": rule.weight,
        "law": law_of(rule),
        "params": rule.values,
        "for": [asdict(case) for case in rule.cases],
        "false_alarms": list(rule.false_alarms),
    }


def law_of(rule: Rule) -> dict[str, Any]:
    """The texts of a rule that decide, without its numbers."""
    texts = {"where": rule.where, "enough": rule.enough, "earn" if rule.kind == "trust" else "flag": rule.law}
    money = rule.money
    return {
        **{name: item.text for name, item in texts.items() if item is not None},
        **({"money": money.amount.text, "step": money.step, "rows": money.rows} if money else {}),
        "blocks": list(rule.blocks),
    }
