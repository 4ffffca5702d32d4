"""What a report is stored with, so that other thresholds can be tried without the files: every measurement that a
rule compared, the money in groups, the cells, and who lets what be. And back, from a stored report to evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from rm_audit.errors import Problem
from rm_audit.expr import ZERO, Column, column, formula
from rm_audit.judging import Evidence
from rm_audit.metrics.frame import Frame, parted
from rm_audit.pots import Grain, Pot
from rm_audit.rulebook.message import placeholders
from rm_audit.rulebook.model import Rule
from rm_audit.rulebook.run import Result
from rm_audit.rulebook.waivers import Waiver
from rm_audit.vocabulary import VOCABULARY

Json = dict[str, Any]


def measurements(evidence: Evidence, results: Sequence[Result]) -> Callable[[], Json]:
    """The measurements behind results, made when they are asked for: on a big book the cells take a while."""
    return lambda: _stored(evidence, results)


def _stored(evidence: Evidence, results: Sequence[Result]) -> Json:
    grains = dict.fromkeys(result.rule.grain for result in results)
    sheets: dict[tuple[str, str], int] = {}
    cells: dict[tuple[str, ...], int] = {}
    return {
        "plays_not_used": list(evidence.plays_not_used),
        "money": {name: _pot(pot) for name, pot in evidence.pots.items()},
        "frames": [_frame(evidence, grain, [r.rule for r in results], sheets) for grain in grains],
        "rules": {result.rule.id: _rule(evidence, result, cells) for result in results},
        "waivers": [_waiver(waiver, results) for waiver in evidence.waivers],
        "sheets": [list(names) for names in sheets],
        "cells": [list(addresses) for addresses in cells],
    }


def _pot(pot: Pot) -> Json:
    named = {name: np.flatnonzero(mask).tolist() for name, mask in pot.named.items()}
    return {"amounts": pot.amounts.tolist(), "named": named}


def _frame(evidence: Evidence, grain: Grain, rules: Sequence[Rule], sheets: dict[tuple[str, str], int]) -> Json:
    """Subjects with all that rules of this grain rest on; numbers as measured, not rounded."""
    part = evidence.frames[grain]
    names = dict.fromkeys(name for rule in rules if rule.grain == grain for name in _measured_names(rule, part))
    columns = {name: part.columns[name] for name in names}
    zeros = {name: np.flatnonzero(item.state == ZERO).tolist() for name, item in columns.items()}
    numbers = [
        [sheets.setdefault(names, len(sheets)) for names in evidence.sheets(part, row)] for row in range(part.length)
    ]
    return {
        "grain": list(grain),
        "length": part.length,
        "columns": {name: _plain(item) for name, item in columns.items()},
        "no_answer": {name: rows for name, rows in zeros.items() if rows},
        "money": {
            name: [rows.tolist() for rows in pot.rows[grain]]
            for name, pot in evidence.pots.items()
            if grain in pot.rows
        },
        "sheets": numbers,
    }


def _plain(item: Column) -> list[Any]:
    values = item.values.tolist()
    return [value if known else None for value, known in zip(values, item.known, strict=True)]


def _measured_names(rule: Rule, part: Frame) -> list[str]:
    """The columns of a frame that a rule rests on: law, money, message and unit, through their formulas to the ground,
    and the keys that name a subject."""
    money = [rule.money.amount] if rule.money else []
    wanted = [name for item in (*rule.expressions, *money) for name in item.names]
    for name, form in placeholders(rule.message):
        wanted += [name, f"{name}_low", f"{name}_high"] if form == "range" else [name]
    wanted += [rule.unit] if rule.unit else []
    found = dict.fromkeys(key for key in rule.grain if key in part.columns)
    seen: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in part.columns:
            found[name] = None
        if name in VOCABULARY and VOCABULARY[name].formula:
            wanted += formula(name).names
    return sorted(found)


def _rule(evidence: Evidence, result: Result, cells: dict[tuple[str, ...], int]) -> Json:
    """For each subject where its cells are listed, and the subjects that the baseline knows."""
    rows = range(result.frame.length)
    known = [row for row in rows if evidence.knows(result.rule.id, result.frame.subject(row))]
    places = [cells.setdefault(tuple(evidence.cells(result, row)), len(cells)) for row in rows]
    return {"cells": places, **({"known": known} if known else {})}


def _waiver(waiver: Waiver, results: Sequence[Result]) -> Json:
    subjects = [row for result in results if result.rule.id == waiver.rule for row in waiver.fits(result)]
    at = {name: getattr(waiver.at, name) for name in ("file", "sheet", "cell", "line", "column")}
    return {"rule": waiver.rule, **waiver.shown(), "at": at, "subjects": subjects}


def evidence_of(document: Mapping[str, Any]) -> Evidence:
    """The evidence that a stored report was made from. Raises KeyError, TypeError or ValueError where it is none."""
    stored = document["measurements"]
    frames = {tuple(item["grain"]): _frame_back(item) for item in stored["frames"]}
    pots = {name: _pot_back(name, item, stored["frames"]) for name, item in stored["money"].items()}
    sheets = {tuple(item["grain"]): item["sheets"] for item in stored["frames"]}
    known = {
        (rule, tuple(_keys(document, rule, frames).subject(row).items()))
        for rule, item in stored["rules"].items()
        for row in item.get("known", ())
    }
    return Evidence(
        frames,
        pots,
        document["money"]["basis"],
        document["currency"] or "",
        date.fromisoformat(document["as_of"]),
        lambda part, row: [tuple(stored["sheets"][number]) for number in sheets[part.grain][row]],
        lambda result, row: stored["cells"][stored["rules"][result.rule.id]["cells"][row]],
        [_waiver_back(item) for item in stored["waivers"]],
        lambda rule, subject: (rule, tuple(subject.items())) in known,
        tuple(stored["plays_not_used"]),
    )


def _keys(document: Mapping[str, Any], rule: str, frames: Mapping[Grain, Frame]) -> Frame:
    return frames[next(tuple(item["grain"]) for item in document["rules"] if item["id"] == rule)]


def _frame_back(item: Mapping[str, Any]) -> Frame:
    columns = {name: column(values) for name, values in item["columns"].items()}
    for name, rows in item["no_answer"].items():
        state = columns[name].state.copy()
        state[rows] = ZERO
        columns[name] = replace(columns[name], state=state)
    return Frame(tuple(item["grain"]), item["length"], columns)


def _pot_back(name: str, item: Mapping[str, Any], frames: Sequence[Mapping[str, Any]]) -> Pot:
    amounts = np.array(item["amounts"], dtype=np.int64)
    numbers = np.arange(len(amounts))
    rows = {
        tuple(part["grain"]): parted([np.array(groups, dtype=np.int64) for groups in part["money"][name]], len(amounts))
        for part in frames
        if name in part["money"]
    }
    return Pot(amounts, rows, {key: np.isin(numbers, groups) for key, groups in item["named"].items()})


def _waiver_back(item: Mapping[str, Any]) -> Waiver:
    words = {name: item[name] for name in ("rule", "reason", "owner", "until", "place")}
    return Waiver(**words, at=Problem("warning", "waiver", "", **item["at"]), subjects=tuple(item["subjects"]))
