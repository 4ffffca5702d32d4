"""A book, rules and a day → the report. Pure: the same inputs give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rm_audit.baseline import Baseline
from rm_audit.book import Book
from rm_audit.cells import Cell, addresses
from rm_audit.config import Config
from rm_audit.days import to_day
from rm_audit.errors import Problem
from rm_audit.findings import CONFIDENCE, Finding, State
from rm_audit.ledger import Claim, finding_id, settle
from rm_audit.metrics.context import Context, context
from rm_audit.metrics.frame import Frame
from rm_audit.metrics.frames import Frames, narrowed
from rm_audit.report import Audited, Report, rank, write
from rm_audit.rulebook.message import fill, value_at
from rm_audit.rulebook.run import Result, judge_all
from rm_audit.rulebook.settings import Ruleset
from rm_audit.rulebook.special import sheets_in
from rm_audit.rulebook.waived_cells import read_cells
from rm_audit.rulebook.waivers import Waived, Waiver, apply, read_waivers
from rm_audit.subjects import subjects
from rm_audit.tables import MAIN_COLUMN
from rm_audit.vocabulary import VOCABULARY

NOTHING_KNOWN = Baseline()


def audit(book: Book, rules: Ruleset, *, config: Config, as_of: date, baseline: Baseline = NOTHING_KNOWN) -> Report:
    """Judges every rule on the book, lets waivers and the baseline speak, and writes the report document."""
    ctx = context(book, to_day(as_of))
    frames = Frames(ctx)
    waivers, notes = _waivers(book, rules, config)
    waived = apply(judge_all(rules.rules, frames, sheets_in(book)), waivers, as_of)
    results = waived.results
    known, renamed = baseline.after(rules.renamed)
    ledgers, claims = settle(results, ctx)
    by_id = {claim.id: claim for claim in claims}
    basis = Audited(ctx, rules, results, ledgers, claims, (), (), {}, config.plays_not_used).basis
    findings = [
        _answered(_finding(result, row, ctx, by_id.get(finding_id(result, row)), basis), row, waived, known)
        for result in results
        for row in result.rows_in(State.FAIL, State.WAIVED)
    ]
    found = Audited(
        ctx,
        rules,
        results,
        ledgers,
        claims,
        sorted(findings, key=rank),
        _earned(results, ctx),
        subjects(frames),
        config.plays_not_used,
        (*rules.notes, *notes, *renamed, *waived.problems),
    )
    return write(found)


def _waivers(book: Book, rules: Ruleset, config: Config) -> tuple[list[Waiver], list[Problem]]:
    """Those of the project file, then those of the workbooks' own cells."""
    written, notes = read_waivers(config, rules)
    in_cells, more = read_cells(book, rules)
    return written + in_cells, notes + more


def _answered(finding: Finding, row: int, waived: Waived, known: Baseline) -> Finding:
    """A finding with who lets it be, and whether it was known before."""
    waiver = waived.by.get((finding.rule, row))
    return replace(
        finding,
        waiver=waiver.shown() if waiver is not None else None,
        known=known.knows(finding.rule, finding.subject),
    )


def _message(result: Result, row: int, ctx: Context) -> str:
    params = result.rule.params
    currency = ctx.book.currency or ""
    return fill(
        result.rule.message, result.scope, row, currency, lambda name: params[name].unit if name in params else ""
    )


def _earned(results: Sequence[Result], ctx: Context) -> list[dict[str, str]]:
    """What trust rules came to pass, in their own words: the part of a report that people want to keep."""
    return [
        {
            "rule": result.rule.id,
            "subject": str(result.frame.subject(row)["name"]),
            "message": _message(result, row, ctx),
        }
        for result in results
        if result.rule.kind == "trust" and result.rule.status == "stable"
        for row in result.rows_in(State.PASS)
    ]


def _finding(result: Result, row: int, ctx: Context, claim: Claim | None, basis: str) -> Finding:
    rule = result.rule
    in_basis = claim is not None and claim.table == basis
    claimed = claim.claimed if claim is not None else 0
    cells, rows = addresses(_cells(result, row, ctx))
    return Finding(
        id=finding_id(result, row),
        rule=rule.id,
        play=rule.play,
        severity=result.severity(row),
        confidence=CONFIDENCE[rule.money.money_class if rule.money else ""],
        state=State(result.states[row]),
        subject=result.frame.subject(row),
        values={name: _shown(value_at(result.scope, name, row)) for name in _names(result)},
        threshold=_threshold(result, row),
        message=_message(result, row, ctx),
        fix=rule.fix,
        money_class=rule.money.money_class if rule.money else "",
        wanted=claim.wanted if claim is not None else 0,
        claimed=claimed if in_basis else 0,
        upcoming=0 if in_basis else claimed,
        also_flagged_by=tuple(claim.also) if claim is not None else (),
        cells=tuple(cells),
        rows=rows,
    )


def _names(result: Result) -> list[str]:
    """The words that the rule looked at: those of its expressions, then the measures they rest on."""
    used = [name for item in result.rule.expressions for name in item.names if name in VOCABULARY]
    base = [name for item in result.rule.expressions for name in result.scope.base_names(item)]
    return list(dict.fromkeys([*used, *base]))


def _shown(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value


def _threshold(result: Result, row: int) -> str:
    """The law with the parameters that hold for this subject, as the rule states it."""
    special = {name for case in result.rule.cases for name in case.values}
    values = {
        name: _plain(value_at(result.scope, name, row)) if name in special else value
        for name, value in result.rule.values.items()
    }
    settings = ", ".join(f"{name} = {value}" for name, value in values.items())
    return f"{result.rule.law.text}" + (f"  ({settings})" if settings else "")


def _plain(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _cells(result: Result, row: int, ctx: Context) -> list[list[Cell]]:
    """The cells behind every measure that the rule compared, each in the rows of this subject; money first."""
    places = list(dict.fromkeys(place for name in _names(result) for place in VOCABULARY[name].tables))
    if result.rule.money is not None and "spend.amount" not in places and len(result.frame.table_rows("spend", row)):
        places.append("spend.amount")
    places.sort(key=lambda place: place not in ("spend.amount", "plan.budget"))
    groups = []
    for place in places:
        table, _, column = place.partition(".")
        groups.append(ctx.book.cells(table, column, _rows(result, table, row, column, ctx)))
    return groups


def _rows(result: Result, table: str, row: int, column: str, ctx: Context) -> list[int]:
    part: Frame = result.frame
    rows = part.table_rows(table, row)
    if table == "spend" and result.rule.money is not None:
        rows = narrowed(ctx, rows, result.rule.money.rows)
    frame = ctx.book.tables.get(table)
    if frame is None or column == MAIN_COLUMN[table] or column not in frame:
        return [int(position) for position in rows]
    known = frame[column].notna().to_numpy()
    return [int(position) for position in rows[known[rows]]]
