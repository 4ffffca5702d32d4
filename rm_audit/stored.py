"""Reports that were stored as JSON, read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rm_audit.errors import Problem, UsageError, why_unreadable

_REPORT = "rm-audit/report/"
_NEEDED = ("schema", "ruleset", "as_of", "score", "money", "findings", "rules", "problems", "inputs")


def load_report(path: Path) -> dict[str, Any]:
    """The document of a stored report. Raises UsageError where the file is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(path, why_unreadable(error)) from None
    except (json.JSONDecodeError, RecursionError):
        raise _unusable(path, "is not a report of rm-audit") from None
    if not isinstance(document, dict) or not str(document.get("schema")).startswith(_REPORT):
        raise _unusable(path, "is not a report of rm-audit")
    if any(name not in document for name in _NEEDED):
        raise _unusable(path, "is a report with parts missing")
    if "redacted" in document:
        raise _unusable(path, f"is a report that leaves out {' and '.join(document['redacted'])}")
    return document


def _unusable(path: Path, why: str) -> UsageError:
    help = "Make one with: rm-audit analyze PATH --output report.json"
    return UsageError(Problem("error", "report-unusable", f"the file {why}", help, path.name))
