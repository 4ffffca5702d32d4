"""Lays settings over the rules in layers: built-in, packs, the project file, flags. A later layer wins.

Inside a layer a play gives way to a pattern, a pattern to an id, and a setting for all subjects to one for some
(`for`). What a later layer sets for all subjects takes the place of what an earlier one set for some.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rm_audit.errors import Problem, UsageError, did_you_mean
from rm_audit.rulebook.change import Change, Complain, changes
from rm_audit.rulebook.life import deprecated_note, renamed_note, renames
from rm_audit.rulebook.model import PLAYS, Rule

Path = tuple[str, ...]


def nowhere(code: str, message: str, help: str, _path: Path, _key: bool) -> Problem:
    """A problem with a setting that stands in no file."""
    return Problem("error", code, message, help)


@dataclass(frozen=True)
class Layer:
    """Settings from one place: `{pattern: off | on | {severity, weight, PARAM, for}}`.

    `complain` makes the problem of a path of keys (at the key, or at its value), so that it can name file and line;
    `origin` says where the value of a path was set.
    """

    settings: Mapping[str, Any]
    complain: Complain = nowhere
    origin: Callable[[Path], str] = lambda _path: "set by the caller"


@dataclass(frozen=True)
class Ruleset:
    """The rules in force, in order of play and id, and the hash that a score carries.

    `off` are the rules that are switched off. `renamed` leads from ids that rules had to those that they have.
    `origins[id, name, ...]` says where a value was set that is not the rule's own. `notes` are warnings.
    """

    rules: tuple[Rule, ...]
    packs: tuple[str, ...]
    hash: str
    off: tuple[Rule, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[Path, str] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()

    @property
    def known(self) -> dict[str, Rule]:
        """Every rule by its id, those that are switched off too."""
        return {rule.id: rule for rule in (*self.rules, *self.off)}


def ruleset(
    rules: Sequence[Rule],
    overrides: Mapping[str, Any],
    packs: Sequence[str] = (),
    complain: Complain = nowhere,
    layers: Sequence[Layer] = (),
) -> Ruleset:
    """Rules with layers of settings laid over them, `overrides` last.

    Raises UsageError for a pattern that fits no rule and for a setting that a rule does not have, all at once.
    """
    laying = _Laying(rules)
    for layer in (*layers, Layer(overrides, complain)):
        laying.lay(layer)
    if laying.problems:
        raise UsageError(laying.problems)
    found = [_by_new_names(rule, laying.renamed) for rule in laying.rules.values()]
    ordered = sorted(found, key=lambda rule: (rule.play, rule.id))
    chosen = tuple(rule for rule in ordered if rule.id not in laying.off)
    off = tuple(rule for rule in ordered if rule.id in laying.off)
    names = ("built-in", *packs)
    return Ruleset(chosen, names, _hash(chosen), off, laying.renamed, laying.origins, tuple(laying.notes))


def _by_new_names(rule: Rule, renamed: Mapping[str, str]) -> Rule:
    """A pack's hygiene rule still holds back what it held back under an old name."""
    return replace(rule, blocks=tuple(renamed.get(name, name) for name in rule.blocks)) if rule.blocks else rule


class _Laying:
    """The rules while layers are laid over them."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = {rule.id: rule for rule in rules}
        self.renamed = renames(rules)
        self.off: set[str] = set()
        self.origins: dict[Path, str] = {}
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []

    def lay(self, layer: Layer) -> None:
        before = {name: rule.cases for name, rule in self.rules.items()}
        for pattern in sorted(layer.settings, key=self._breadth):
            fits = self._fits(pattern, layer)
            found = changes(layer.settings[pattern], pattern, [self.rules[name] for name in fits], layer.complain)
            self.problems += found.problems if fits else []
            for name in fits:
                for change in found.of.get(name, ()):
                    self._take(name, change, layer.origin((pattern, *change.path)), before[name])

    def _breadth(self, pattern: str) -> int:
        """The widest first, so that the narrowest wins."""
        return 0 if pattern in PLAYS else 2 if pattern in self.rules or pattern in self.renamed else 1

    def _fits(self, pattern: str, layer: Layer) -> list[str]:
        if pattern in self.renamed:
            new = self.renamed[pattern]
            self.notes.append(renamed_note(layer.complain("renamed-rule", "", "", (pattern,), True), pattern, new))
            return [new]
        if pattern in PLAYS:
            return [rule.id for rule in self.rules.values() if rule.play == pattern]
        if pattern in self.rules and self.rules[pattern].status == "deprecated":
            at = layer.complain("deprecated-rule", "", "", (pattern,), True)
            self.notes.append(deprecated_note(at, self.rules[pattern]))
        fits = fnmatch.filter(self.rules, pattern)
        if not fits:
            help = did_you_mean(pattern, [*self.rules, *PLAYS]) or "See: rm-audit rules list"
            message = f"no rule is called '{pattern}'"
            self.problems.append(layer.complain("unknown-rule", message, help, (pattern,), True))
        return fits

    def _take(self, name: str, change: Change, origin: str, before: Sequence[object]) -> None:
        if change.on is not None:
            (self.off.discard if change.on else self.off.add)(name)
        self.rules[name] = change.laid(self.rules[name], before)
        self.origins[name, *change.path] = origin


def _hash(rules: Sequence[Rule]) -> str:
    """Expressions, effective parameters, weights, severities and statuses; prose does not count."""
    text = json.dumps([_law(rule) for rule in rules], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _law(rule: Rule) -> list[Any]:
    money = rule.money
    law = [
        *(rule.id, rule.kind, rule.status, rule.severity, rule.weight, rule.unit),
        *(list(rule.grain), list(rule.blocks), rule.values),
        *(item.text if item else "" for item in (rule.where, rule.enough, rule.law)),
        [money.money_class, money.step, money.rows, money.amount.text] if money else [],
    ]
    # Settings for some subjects change what comes out, so they are law; without any the hash is what it was.
    cases = [[case.key, case.pattern, dict(case.values), case.severity, case.off] for case in rule.cases]
    return [*law, cases] if cases else law
