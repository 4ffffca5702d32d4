"""What a profile must have before anybody relies on it."""

from __future__ import annotations

from collections.abc import Sequence

from rm_audit.errors import Problem
from rm_audit.profiles.model import Profile
from rm_audit.tables import MONEY_COLUMN


def lint(profiles: Sequence[Profile]) -> list[Problem]:
    """Mistakes that a file can hold and still be read: no proof, a money table without money, ids that stand twice."""
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for profile in profiles:
        problems += [Problem("error", "profile-lint", words, help, profile.file) for words, help in _faults(profile)]
        if profile.id in seen:
            words = f"the id '{profile.id}' stands in {seen[profile.id]} too"
            problems.append(
                Problem("error", "profile-lint", words, "Give each profile an id of its own.", profile.file)
            )
        seen[profile.id] = profile.file
    return problems


def _faults(profile: Profile) -> list[tuple[str, str]]:
    faults = []
    table = profile.tables[0]
    own = len(profile.tables) == 1
    money = MONEY_COLUMN.get(table.table)
    if own and money and money not in table.headers.values():
        faults.append((f"a profile of {table.table} needs a column '{money}'", f"Write {money}: [its header]."))
    for group in profile.signature.groups if profile.signature else ():
        people = profile.personal | frozenset(profile.person)
        if own and group.isdisjoint(profile.spellings | people) and not profile.stamps.named:
            words = f"'{min(group)}' is asked for in 'recognise' and stands under no column and not under 'known'"
            faults.append((words, "Add it to columns or to known, so that a change of it is noticed."))
    if not any("expect" in test and test["expect"].get("rows") for test in profile.tests):
        faults.append(("no test of this profile expects rows", "Add a small file and the rows that it holds."))
    return faults
