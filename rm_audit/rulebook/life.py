"""The life of a rule: what goes with its status, and what is said to those who still use an old name or an old rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rm_audit.errors import Problem, did_you_mean
from rm_audit.rulebook.model import Rule


def renames(rules: Sequence[Rule]) -> dict[str, str]:
    """Ids that rules had → those that they have. An id that a rule has now is never an old one."""
    ids = {rule.id for rule in rules}
    return {old: rule.id for rule in rules for old in rule.renamed_from if old not in ids}


def renamed_note(at: Problem, old: str, new: str) -> Problem:
    """The warning that a rule has another name now, at the place of a problem."""
    words = f"the rule '{old}' is called '{new}' now"
    return replace(at, level="warning", code="renamed-rule", message=words, help=f"Write {new}.")


def deprecated_note(at: Problem, rule: Rule) -> Problem:
    """The warning that a setting is about a rule that is on its way out."""
    words = f"the rule '{rule.id}' is deprecated since {rule.since or 'a while'}"
    help = f"{rule.replaced_by} does its work now." if rule.replaced_by else ""
    return replace(at, level="warning", code="deprecated-rule", message=words, help=help)


def complaints(rules: Sequence[Rule]) -> Iterator[Problem]:
    """What a rule's file must say of its life: since when it is deprecated and what replaces it. Old names are free."""
    ids = {rule.id for rule in rules}
    taken: dict[str, str] = {}
    for rule in rules:
        if rule.status == "deprecated" and not rule.since:
            yield _at(rule, "status", "a deprecated rule says since when", "Add since: with the version.")
        if rule.status == "deprecated" and not rule.replaced_by:
            yield _at(rule, "status", "a deprecated rule names what replaces it", "Add replaced_by: with a rule's id.")
        if rule.replaced_by and rule.replaced_by not in ids:
            help = did_you_mean(rule.replaced_by, ids)
            yield _at(rule, "replaced_by", f"it is replaced by an unknown rule '{rule.replaced_by}'", help)
        for old in rule.renamed_from:
            if old in ids or old in taken:
                yield _at(rule, "renamed_from", f"'{old}' is the name of {taken.get(old, 'a rule that is there')}")
            taken[old] = rule.id


def _at(rule: Rule, field: str, message: str, help: str = "") -> Problem:
    return Problem("error", "rule-lint", message, help, rule.file, line=rule.lines.get(field, 1), column=1)
