"""What one line of settings changes in the rules that it fits, each value checked against each rule."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rm_audit.errors import Problem, did_you_mean
from rm_audit.findings import SEVERITIES
from rm_audit.rulebook.model import Case, Rule
from rm_audit.vocabulary import KEYS

Path = tuple[str, ...]
Complain = Callable[[str, str, str, Path, bool], Problem]
SHEET = "sheet"


@dataclass(frozen=True)
class Change:
    """One value for one rule: `path` are the keys under the pattern, such as ("for", "channel", "Indeed", "multiple").

    `on` says whether the rule is switched on or off as a whole; None where it says nothing of it.
    """

    path: Path
    value: Any
    on: bool | None = None

    def laid(self, rule: Rule, before: Sequence[object]) -> Rule:
        """The rule with this change. Cases of earlier layers (`before`) give way to what is set for all subjects."""
        if self.path and self.path[0] == "for":
            return replace(rule, cases=(*rule.cases, self._case()))
        name = self.path[0] if self.path else ""
        kept = tuple(_without(case, name) if case in before else case for case in rule.cases)
        rule = replace(rule, cases=tuple(case for case in kept if case is not None))
        if name == "severity":
            return replace(rule, severity=self.value)
        if name == "weight":
            return replace(rule, weight=float(self.value))
        if name in rule.params:
            param = replace(rule.params[name], value=self.value, source="set by the user")
            return replace(rule, params={**rule.params, name: param})
        return rule

    def _case(self) -> Case:
        _for, key, pattern, *rest = self.path
        if not rest:
            return Case(key, pattern, off=not self.value)
        if rest == ["severity"]:
            return Case(key, pattern, severity=self.value)
        return Case(key, pattern, {rest[0]: self.value})


def _without(case: Case, name: str) -> Case | None:
    """A case without what is now set for all; `name` is empty where the whole rule is switched."""
    gone = {"": case.off is not None, "severity": case.severity is not None}.get(name, name in case.values)
    return None if gone else case


@dataclass
class Found:
    """The changes of one line by rule, and what is wrong with it: each thing once, however many rules it fits."""

    of: dict[str, list[Change]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def changes(value: Any, pattern: str, rules: Sequence[Rule], complain: Complain) -> Found:
    """The changes that `pattern: value` makes to the rules that the pattern fits."""
    reader = _Reader(pattern, rules, complain)
    switch = _switch(value)
    if switch is not None:
        reader.found.of = {rule.id: [Change((), value, on=switch)] for rule in rules}
    elif not isinstance(value, dict):
        help = "Write off, or {severity, weight, PARAMETER: value}."
        reader.complain("bad-setting", f"'{value}' is no setting of a rule", help, ())
    else:
        reader.body(value, ())
    return reader.found


def _switch(value: Any) -> bool | None:
    """`on` and `off` as YAML reads them, bare or in quotation marks; None for all else."""
    if isinstance(value, bool):
        return value
    return {"on": True, "off": False}.get(value) if isinstance(value, str) else None


def _finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _same_kind(old: Any, new: Any) -> bool:
    return _finite(new) if isinstance(old, int | float) else isinstance(new, str)


class _Reader:
    def __init__(self, pattern: str, rules: Sequence[Rule], complain: Complain) -> None:
        self.pattern, self.rules, self._complain = pattern, rules, complain
        self.found = Found()

    def complain(self, code: str, message: str, help: str, path: Path, key: bool = False) -> None:
        self.found.problems.append(self._complain(code, message, help, (self.pattern, *path), key))

    def body(self, body: Mapping[str, Any], path: Path) -> None:
        """`{severity, weight, PARAM: value, for}`, or inside `for` without weight and for."""
        for name, value in body.items():
            if name == "for" and not path:
                self._for(value)
            elif name == "severity" or (name == "weight" and not path):
                fits = value in SEVERITIES if name == "severity" else _finite(value) and value > 0
                self._set(self.rules, (*path, name), value, fits)
            else:
                having = [rule for rule in self.rules if name in rule.params and self._has_key(rule, path)]
                if having:
                    fits = all(_same_kind(rule.params[name].value, value) for rule in having)
                    self._set(having, (*path, name), value, fits)
                elif self.rules:
                    self._unknown(name, path)

    def _set(self, rules: Sequence[Rule], path: Path, value: Any, fits: bool) -> None:
        if not fits:
            help = did_you_mean(str(value), SEVERITIES) if path[-1] == "severity" else ""
            dotted = ".".join((rules[0].id if len(self.rules) == 1 else self.pattern, *path))
            self.complain(
                "bad-setting", f"{dotted} cannot be '{value}'", help or "Give a value of the same kind.", path
            )
            return
        for rule in rules:
            if self._has_key(rule, path):
                self.found.of.setdefault(rule.id, []).append(Change(path, value))

    def _unknown(self, name: str, path: Path) -> None:
        known = ["severity"] if path else ["severity", "weight"]
        known += dict.fromkeys(param for rule in self.rules for param in rule.params)
        help = did_you_mean(name, [*known, *([] if path else ["for"])]) or f"It has: {', '.join(known)}."
        one = len(self.rules) == 1
        who = f"the rule '{self.rules[0].id}' has no" if one else f"none of the rules of '{self.pattern}' has a"
        self.complain("unknown-parameter", f"{who} parameter '{name}'", help, (*path, name), True)

    def _has_key(self, rule: Rule, path: Path) -> bool:
        return not path or path[0] != "for" or path[1] == SHEET or path[1] in rule.grain

    def _for(self, body: Any) -> None:
        """`{channel: {PATTERN: off | {severity, PARAM: value}}, sheet: {...}}`."""
        help = "Write for: {channel: {Indeed: {PARAMETER: value}}}."
        if not isinstance(body, dict):
            self.complain("bad-setting", "'for' names the subjects that a setting is for", help, ("for",))
            return
        for key, patterns in body.items():
            path = ("for", key)
            if key not in KEYS and key != SHEET:
                near = did_you_mean(key, [*KEYS, SHEET]) or f"It is one of {', '.join([*KEYS, SHEET])}."
                self.complain("bad-setting", f"no setting is by '{key}'", near, path, True)
            elif not any(self._has_key(rule, path) for rule in self.rules):
                grain = " and ".join(self.rules[0].grain) if self.rules else ""
                self.complain("bad-setting", f"'{self.pattern}' judges each {grain}, not each {key}", "", path, True)
            elif not isinstance(patterns, dict):
                self.complain("bad-setting", f"'{key}' needs a name and its settings", help, path)
            else:
                for name, inner in patterns.items():
                    self._case(inner, (*path, name))

    def _case(self, inner: Any, path: Path) -> None:
        switch = _switch(inner)
        if switch is not None:
            self._set(self.rules, path, switch, True)
        elif isinstance(inner, dict):
            self.body(inner, path)
        else:
            self.complain(
                "bad-setting", f"'{inner}' is no setting of a rule", "Write off, or {PARAMETER: value}.", path
            )
