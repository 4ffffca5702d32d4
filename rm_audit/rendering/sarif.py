"""The findings as SARIF 2.1.0, for code hosts and editors. A row is a line; the cell is a logical location."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from rm_audit.cells import Place
from rm_audit.rendering.laws import Words
from rm_audit.rendering.words import Document, clean, finding_cells, standing

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
_PROBLEM_LEVELS = {"error": "error", "warning": "warning", "info": "note"}

Json = dict[str, Any]
Places = Mapping[str, str]


def sarif(document: Document, *, places: Places | None = None) -> str:
    """One run with all findings. `places` leads from a file's name in the report to its path from the root."""
    paths = dict(places or {})
    rules = {rule["id"]: number for number, rule in enumerate(document["rules"])}
    run = {
        "tool": {"driver": _driver(document)},
        "invocations": [_invocation(document, paths)],
        "artifacts": [_artifact(file, paths) for file in document["inputs"]],
        "results": [_result(document, finding, rules, paths) for finding in document["findings"]],
        "columnKind": "unicodeCodePoints",
        "properties": {"score": document["score"], "money": document["money"], "ruleset": document["ruleset"]},
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _driver(document: Document) -> Json:
    return {
        "name": document["tool"]["name"],
        "version": document["tool"]["version"],
        "rules": [_rule(rule) for rule in document["rules"]],
    }


def _rule(rule: Mapping[str, Any]) -> Json:
    return {
        "id": rule["id"],
        "shortDescription": {"text": rule["title"]},
        "fullDescription": {"text": f"{rule['title']}. {_law(rule)}"},
        "help": {"text": f"rm-audit explain {rule['id']} says why, and when it would be wrong."},
        "defaultConfiguration": {"level": LEVELS[rule["severity"]]},
        "properties": {"play": rule["play"], "kind": rule["kind"], "status": rule["status"]},
    }


def _law(rule: Mapping[str, Any]) -> str:
    """What the rule says, and when it would be wrong."""
    law, words = rule["law"], Words(rule["params"])
    says = f"It says so where {words.say(law['flag'])}." if "flag" in law else f"It wants: {words.say(law['earn'])}."
    return f"{says} It would be wrong where: {rule['false_alarms'][0]}" if rule["false_alarms"] else says


def _uri(file: str, places: Places) -> str:
    return quote(places.get(file, file))


def _artifact(file: Mapping[str, Any], places: Places) -> Json:
    hashes = {"hashes": {"sha-256": file["sha256"]}} if file["sha256"] else {}
    return {"location": {"uri": _uri(file["file"], places)}, **hashes}


def _invocation(document: Document, places: Places) -> Json:
    """What the audit has to say about the data itself."""
    notes = [
        {
            "level": _PROBLEM_LEVELS[problem["level"]],
            "descriptor": {"id": problem["code"]},
            "message": {"text": clean(f"{problem['message']}. {problem['help']}").strip()},
            **_problem_place(problem, places),
        }
        for problem in document["problems"]
    ]
    return {"executionSuccessful": True, "toolExecutionNotifications": notes}


def _problem_place(problem: Mapping[str, Any], places: Places) -> Json:
    if not problem["file"]:
        return {}
    inside = "!".join(part for part in (problem["sheet"], problem["cell"]) if part)
    logical = {"logicalLocations": [{"fullyQualifiedName": clean(inside)}]} if inside else {}
    physical = {"artifactLocation": {"uri": _uri(problem["file"], places)}}
    return {"locations": [{"physicalLocation": physical, **logical}]}


def _result(document: Document, finding: Mapping[str, Any], rules: Mapping[str, int], places: Places) -> Json:
    cells = finding_cells(document, finding)
    where = f" [{', '.join(clean(cell.inside) for cell in cells[:3])}{' …' if len(cells) > 3 else ''}]" if cells else ""
    why = standing(document, finding)
    flaw = why in ("", "known") or finding["state"] == "waived"
    return {
        "ruleId": finding["rule"],
        "ruleIndex": rules[finding["rule"]],
        "kind": "fail" if flaw else "informational",
        "level": LEVELS[finding["severity"]] if flaw else "none",
        "message": {"text": f"{clean(finding['message'])}{where} {clean(finding['fix'])}"},
        "locations": [_location(cell, places) for cell in cells[:1]] or _whole_file(document, places),
        "relatedLocations": [{"id": number, **_location(cell, places)} for number, cell in enumerate(cells[1:], 1)],
        # By rule and subject, so that a finding stays the same one when rows are put in above it.
        "partialFingerprints": {"finding/v1": hashlib.sha256(finding["id"].encode()).hexdigest()[:32]},
        **_answered(document, finding),
        "properties": {
            **{name: finding[name] for name in ("id", "severity", "confidence", "subject", "money", "threshold")},
            "standing": why,
        },
    }


def _location(cell: Place, places: Places) -> Json:
    region = {"startLine": cell.first, **({"endLine": cell.last} if cell.last > cell.first else {})}
    return {
        "physicalLocation": {"artifactLocation": {"uri": _uri(cell.file, places)}, "region": region},
        "logicalLocations": [{"name": cell.cell, "fullyQualifiedName": clean(cell.inside), "kind": "cell"}],
    }


def _whole_file(document: Document, places: Places) -> list[Json]:
    """A finding about the whole book has no cell; hosts show only what has a file and a line, so it gets the first."""
    files = [file["file"] for file in document["inputs"]][:1]
    return [
        {"physicalLocation": {"artifactLocation": {"uri": _uri(file, places)}, "region": {"startLine": 1}}}
        for file in files
    ]


def _answered(document: Document, finding: Mapping[str, Any]) -> Json:
    """What is waived is suppressed; where a baseline knows anything, each finding says whether it is known."""
    found: Json = {}
    if finding["state"] == "waived":
        reason = clean(f"{finding['waiver']['reason']} ({finding['waiver']['owner']})") if finding["waiver"] else ""
        found["suppressions"] = [{"kind": "external", "status": "accepted", "justification": reason}]
    if any(other["known"] for other in document["findings"]):
        found["baselineState"] = "unchanged" if finding["known"] else "new"
    return found
