"""Finds rule packs and loads them whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, partial
from pathlib import Path

from rm_audit.config import PROJECT_FILE
from rm_audit.errors import Problem
from rm_audit.rulebook.load import read_rule
from rm_audit.rulebook.model import Rule, RuleTest
from rm_audit.shipped import rules_folder

PACK_FILE = "pack.yaml"  # a pack's own settings
NOT_RULES = ("scoring.yaml", "lexicons", "copy", PACK_FILE, PROJECT_FILE)


def load_packs(paths: Sequence[str | Path] = ()) -> tuple[list[Rule], list[Problem]]:
    """All rules of the packs (a folder or a file each), with the problems of all; no path means the built-in rules.

    Packs given are added to the built-in rules; a rule with a known id takes that rule's place.
    """
    own, complaints_of_own = _built_in()
    problems = list(complaints_of_own)
    by_id = {rule.id: rule for rule in own}
    for path in paths:
        more, complaints = _load_pack(Path(path), str(Path(path).name))
        problems += complaints
        by_id.update({rule.id: rule for rule in more})
    return _in_order(by_id.values()), problems


def _in_order(rules: Iterable[Rule]) -> list[Rule]:
    return sorted(rules, key=lambda rule: (rule.play, rule.id))


@cache
def _built_in() -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
    """The rules that ship with rm-audit, read once a process: a rule is a value, and nobody changes one."""
    rules, problems = _load_pack(rules_folder(), "rules", tests=False)
    return tuple(rules), tuple(problems)


def load_only(paths: Sequence[str | Path]) -> tuple[list[Rule], list[Problem]]:
    """The rules of these packs alone, for lint and test; without a path, the built-in rules."""
    if not paths:
        rules, problems = _load_pack(rules_folder(), "rules")
        return _in_order(rules), problems
    rules, problems = [], []
    for path in paths:
        more, complaints = _load_pack(Path(path), str(Path(path).name))
        rules, problems = rules + more, problems + complaints
    return rules, problems


def _load_pack(folder: Path, shown: str, tests: bool = True) -> tuple[list[Rule], list[Problem]]:
    if not folder.exists():
        return [], [Problem("error", "no-such-pack", "no such rule file or folder", "Give a folder with rules.", shown)]
    files = [folder] if folder.is_file() else _files(folder)
    if not files and not (folder / PACK_FILE).is_file():
        return [], [Problem("error", "empty-pack", "no rule file (*.yaml) in this folder", "", shown)]
    rules, problems = [], []
    for file in files:
        name = shown if folder.is_file() else f"{shown}/{file.relative_to(folder).as_posix()}"
        rule, complaints = read_rule(file, name, None if tests else partial(_tests_of, file))
        rules += [rule] if rule else []
        problems += complaints
    return rules, problems


@cache
def _tests_of(file: Path) -> tuple[RuleTest, ...]:
    """The tests inside a rule that was read without them."""
    rule, _ = read_rule(file, file.name)
    return rule.tests if rule else ()


def _files(folder: Path) -> list[Path]:
    found = sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")])
    rules = [file for file in found if not set(file.relative_to(folder).parts) & set(NOT_RULES)]
    return [file for file in rules if file.is_file()]  # a pipe or a device would be read for ever


def source_text(rule: Rule, packs: Sequence[Path]) -> str:
    """The text of a rule's file, from the pack that gave it."""
    for pack in [*reversed(list(packs)), rules_folder()]:
        files = [pack] if pack.is_file() else _files(pack)
        for file in files:
            if file.stem == rule.id:
                return file.read_text(encoding="utf-8")
    return ""
