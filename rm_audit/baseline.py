"""A baseline: the findings of a stored report, which are known and trip no gate. By rule and subject, never by row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rm_audit.errors import Problem
from rm_audit.stored import BASELINE, read_report

# A plan line without a name is called by its row, and a row is nobody: the next plan has another line there.
_BY_ROW = re.compile(r"row \d+")

Key = tuple[str, frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class Baseline:
    """What is known: rules with the keys of the subjects that they failed on."""

    keys: frozenset[Key] = frozenset()
    file: str = ""

    def after(self, renamed: Mapping[str, str]) -> tuple[Baseline, list[Problem]]:
        """The same by the names that rules have now, with a warning for each that has another."""
        old = sorted({rule for rule, _ in self.keys if rule in renamed})
        keys = frozenset((renamed.get(rule, rule), subject) for rule, subject in self.keys)
        notes = [
            Problem(
                "warning", "renamed-rule", f"the baseline knows '{rule}', which is called '{renamed[rule]}' now",
                "Store a new baseline.", self.file,
            )
            for rule in old
        ]  # fmt: skip
        return Baseline(keys, self.file), notes

    def knows(self, rule: str, subject: Mapping[str, object]) -> bool:
        key = _key(rule, subject)
        return key is not None and key in self.keys


def load_baseline(path: Path) -> Baseline:
    """The findings of a report that `--output x.json` or `--format json` made. Waived ones are not taken over: a
    waiver ends on its day. Raises UsageError where the file is no such report."""
    document = read_report(path, BASELINE)
    try:
        found = [_key(item["rule"], item["subject"]) for item in document["findings"] if item["state"] == "fail"]
    except (TypeError, KeyError, AttributeError):
        raise BASELINE.refused(path, "is not a report of rm-audit") from None
    return Baseline(frozenset(key for key in found if key is not None), path.name)


def _key(rule: str, subject: Mapping[str, Any]) -> Key | None:
    keys = {name: str(value) for name, value in subject.items() if name not in ("kind", "name")}
    if _BY_ROW.fullmatch(keys.get("line", "")):
        return None
    return rule, frozenset(keys.items())
