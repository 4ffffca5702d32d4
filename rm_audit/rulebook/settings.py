"""Lays a user's settings over the rules: thresholds, severities, on and off."""

from __future__ import annotations

import fnmatch
import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rm_audit.errors import Problem, UsageError, did_you_mean
from rm_audit.findings import SEVERITIES
from rm_audit.rulebook.model import Rule

Complain = Callable[[str, str, str, tuple[str, ...], bool], Problem]


@dataclass(frozen=True)
class Ruleset:
    """The rules in force, in order of play and id, and the hash that a score carries."""

    rules: tuple[Rule, ...]
    packs: tuple[str, ...]
    hash: str


def nowhere(code: str, message: str, help: str, _path: tuple[str, ...], _key: bool) -> Problem:
    """A problem with a setting that stands in no file."""
    return Problem("error", code, message, help)


def ruleset(
    rules: Sequence[Rule], overrides: Mapping[str, Any], packs: Sequence[str] = (), complain: Complain = nowhere
) -> Ruleset:
    """Rules with the user's settings laid over them: `{pattern: off | {severity, weight, PARAM}}`.

    Raises UsageError for a pattern that fits no rule and for a setting that a rule does not have. `complain` makes
    the problem of a path of keys (at the key, or at its value), so that it can name the file and line.
    """
    by_id = {rule.id: rule for rule in rules}
    problems: list[Problem] = []
    for pattern, change in overrides.items():
        fits = fnmatch.filter(by_id, pattern)
        if not fits:
            help = did_you_mean(pattern, [rule.id for rule in rules]) or "See: rm-audit rules list"
            problems.append(complain("unknown-rule", f"no rule is called '{pattern}'", help, (pattern,), True))
        elif change in (False, "off"):
            by_id = {name: rule for name, rule in by_id.items() if name not in fits}
        elif not isinstance(change, dict):
            help = "Write off, or {severity, weight, PARAMETER: value}."
            problems.append(complain("bad-setting", f"'{change}' is no setting of a rule", help, (pattern,), False))
        else:
            by_id |= {name: _changed(by_id[name], pattern, change, problems, complain) for name in fits}
    if problems:
        raise UsageError(problems)
    chosen = tuple(sorted(by_id.values(), key=lambda rule: (rule.play, rule.id)))
    return Ruleset(chosen, ("built-in", *packs), _hash(chosen))


def _changed(rule: Rule, pattern: str, change: Mapping[str, Any], problems: list[Problem], complain: Complain) -> Rule:
    for name, value in change.items():
        if name == "severity" and value in SEVERITIES:
            rule = replace(rule, severity=value)
        elif name == "weight" and _finite(value) and value > 0:
            rule = replace(rule, weight=float(value))
        elif name in rule.params and _same_kind(rule.params[name].value, value):
            param = replace(rule.params[name], value=value, source="set by the user")
            rule = replace(rule, params={**rule.params, name: param})
        else:
            problems.append(_refused(rule, pattern, name, value, complain))
    return rule


def _finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _same_kind(old: Any, new: Any) -> bool:
    return _finite(new) if isinstance(old, int | float) else isinstance(new, str)


def _refused(rule: Rule, pattern: str, name: str, value: Any, complain: Complain) -> Problem:
    known = ["severity", "weight", *rule.params]
    path = (pattern, name)
    if name not in known:
        help = did_you_mean(name, known) or f"It has: {', '.join(known)}."
        return complain("unknown-parameter", f"the rule '{rule.id}' has no parameter '{name}'", help, path, True)
    help = did_you_mean(str(value), SEVERITIES) if name == "severity" else ""
    help = help or "Give a value of the same kind."
    return complain("bad-setting", f"{rule.id}.{name} cannot be '{value}'", help, path, False)


def _hash(rules: Sequence[Rule]) -> str:
    """Expressions, effective parameters, weights, severities and statuses; prose does not count."""
    text = json.dumps([_law(rule) for rule in rules], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _law(rule: Rule) -> list[Any]:
    money = rule.money
    return [
        *(rule.id, rule.kind, rule.status, rule.severity, rule.weight, rule.unit),
        *(list(rule.grain), list(rule.blocks), rule.values),
        *(item.text if item else "" for item in (rule.where, rule.enough, rule.law)),
        [money.money_class, money.step, money.rows, money.amount.text] if money else [],
    ]
