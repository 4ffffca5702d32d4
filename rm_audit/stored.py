"""Reports that were stored as JSON, read back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rm_audit.errors import Problem, UsageError, why_unreadable

_REPORT = "rm-audit/report/"
_NEEDED = ("schema", "ruleset", "as_of", "score", "money", "findings", "rules", "problems", "inputs")


@dataclass(frozen=True)
class Use:
    """What a stored report is wanted for: how it is called, the code of its problems, a name for a new one."""

    called: str
    code: str
    example: str

    def refused(self, path: Path, why: str) -> UsageError:
        help = f"Make one with: rm-audit analyze PATH --output {self.example}"
        return UsageError(Problem("error", self.code, f"the {self.called} {why}", help, path.name))


REPORT = Use("file", "report-unusable", "report.json")
BASELINE = Use("baseline", "baseline-unusable", "baseline.json")


def load_report(path: Path) -> dict[str, Any]:
    """The document of a stored report, with all of its main parts. Raises UsageError where the file is none."""
    document = read_report(path, REPORT)
    if any(name not in document for name in _NEEDED):
        raise REPORT.refused(path, "is a report with parts missing")
    return document


def read_report(path: Path, use: Use) -> dict[str, Any]:
    """A document that calls itself a report of ours. Raises UsageError where the file is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise use.refused(path, why_unreadable(error)) from None
    except (json.JSONDecodeError, RecursionError):
        raise use.refused(path, "is not a report of rm-audit") from None
    if not isinstance(document, dict) or not str(document.get("schema")).startswith(_REPORT):
        raise use.refused(path, "is not a report of rm-audit")
    if "redacted" in document:
        raise use.refused(path, f"is a report that leaves out {' and '.join(document['redacted'])}")
    return document
