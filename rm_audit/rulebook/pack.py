"""Finds rule packs, loads them whole, and lays a user's settings over them."""

from __future__ import annotations

import fnmatch
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rm_audit.errors import Problem, UsageError, did_you_mean
from rm_audit.findings import SEVERITIES
from rm_audit.rulebook.load import read_rule
from rm_audit.rulebook.model import Rule
from rm_audit.shipped import rules_folder

NOT_RULES = ("scoring.yaml", "lexicons")


@dataclass(frozen=True)
class Ruleset:
    """The rules in force, in order of play and id, and the hash that a score carries."""

    rules: tuple[Rule, ...]
    packs: tuple[str, ...]
    hash: str


def load_packs(paths: Sequence[str | Path] = ()) -> tuple[list[Rule], list[Problem]]:
    """All rules of the packs (a folder or a file each), with the problems of all; no path means the built-in rules.

    Packs given are added to the built-in rules; a rule with a known id takes that rule's place.
    """
    rules, problems = _load_pack(rules_folder(), "rules")
    by_id = {rule.id: rule for rule in rules}
    for path in paths:
        more, complaints = _load_pack(Path(path), str(Path(path).name))
        problems += complaints
        by_id.update({rule.id: rule for rule in more})
    return sorted(by_id.values(), key=lambda rule: (rule.play, rule.id)), problems


def load_only(paths: Sequence[str | Path]) -> tuple[list[Rule], list[Problem]]:
    """The rules of these packs alone, for lint and test; without a path, the built-in rules."""
    if not paths:
        return load_packs()
    rules: list[Rule] = []
    problems: list[Problem] = []
    for path in paths:
        more, complaints = _load_pack(Path(path), str(Path(path).name))
        rules, problems = rules + more, problems + complaints
    return rules, problems


def _load_pack(folder: Path, shown: str) -> tuple[list[Rule], list[Problem]]:
    if not folder.exists():
        return [], [Problem("error", "no-such-pack", "no such rule file or folder", "Give a folder with rules.", shown)]
    files = [folder] if folder.is_file() else _files(folder)
    if not files:
        return [], [Problem("error", "empty-pack", "no rule file (*.yaml) in this folder", "", shown)]
    rules, problems = [], []
    for file in files:
        name = shown if folder.is_file() else f"{shown}/{file.relative_to(folder).as_posix()}"
        rule, complaints = read_rule(file, name)
        rules += [rule] if rule else []
        problems += complaints
    return rules, problems


def _files(folder: Path) -> list[Path]:
    found = sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")])
    return [file for file in found if not set(file.relative_to(folder).parts) & set(NOT_RULES)]


def ruleset(rules: Sequence[Rule], overrides: Mapping[str, Any], packs: Sequence[str] = ()) -> Ruleset:
    """Rules with the user's settings laid over them: `{pattern: off | {severity, weight, status, PARAM}}`.

    Raises UsageError for a pattern that fits no rule and for a parameter that the rule does not have.
    """
    by_id = {rule.id: rule for rule in rules}
    problems: list[Problem] = []
    for pattern, change in overrides.items():
        fits = fnmatch.filter(by_id, pattern)
        if not fits:
            help = did_you_mean(pattern, [rule.id for rule in rules]) or "See: rm-audit rules list"
            problems.append(Problem("error", "unknown-rule", f"no rule is called '{pattern}'", help))
        for name in fits:
            changed = _changed(by_id[name], change, problems)
            if changed is None:
                del by_id[name]
            else:
                by_id[name] = changed
    if problems:
        raise UsageError(problems)
    chosen = tuple(sorted(by_id.values(), key=lambda rule: (rule.play, rule.id)))
    return Ruleset(chosen, ("built-in", *packs), _hash(chosen))


def _changed(rule: Rule, change: Any, problems: list[Problem]) -> Rule | None:
    if change in (False, "off"):
        return None
    for name, value in (change if isinstance(change, dict) else {"": change}).items():
        if name == "severity" and value in SEVERITIES:
            rule = replace(rule, severity=value)
        elif name == "weight" and isinstance(value, int | float) and value > 0:
            rule = replace(rule, weight=float(value))
        elif name in rule.params and _same_kind(rule.params[name].value, value):
            param = replace(rule.params[name], value=value, source="set by the user")
            rule = replace(rule, params={**rule.params, name: param})
        else:
            problems.append(_refused(rule, name, value))
    return rule


def _same_kind(old: Any, new: Any) -> bool:
    numbers = isinstance(old, int | float) and isinstance(new, int | float) and not isinstance(new, bool)
    return numbers or (isinstance(old, str) and isinstance(new, str))


def _refused(rule: Rule, name: str, value: Any) -> Problem:
    known = ["severity", "weight", *rule.params]
    if name in known:
        return Problem(
            "error", "bad-setting", f"{rule.id}.{name} cannot be '{value}'", "Give a value of the same kind."
        )
    help = did_you_mean(name, known) or f"It has: {', '.join(known)}."
    return Problem("error", "unknown-parameter", f"the rule '{rule.id}' has no parameter '{name}'", help)


def _hash(rules: Sequence[Rule]) -> str:
    """Expressions, effective parameters, weights, severities and statuses; prose does not count."""
    law = [
        [rule.id, rule.kind, rule.status, rule.severity, rule.weight, list(rule.grain), rule.values,
         [item.text for item in rule.expressions], rule.money.amount.text if rule.money else "",
         [rule.money.money_class, rule.money.step, rule.money.rows] if rule.money else [], rule.unit]
        for rule in rules
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(law, sort_keys=True).encode()).hexdigest()[:16]


def source_text(rule: Rule, packs: Sequence[Path]) -> str:
    """The text of a rule's file, from the pack that gave it."""
    for pack in [*reversed(list(packs)), rules_folder()]:
        files = [pack] if pack.is_file() else _files(pack)
        for file in files:
            if file.stem == rule.id:
                return file.read_text(encoding="utf-8")
    return ""
