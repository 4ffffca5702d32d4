"""The findings as a table, one row a finding, for a spreadsheet or a script."""

from __future__ import annotations

import csv as tables
import io
from collections.abc import Mapping
from typing import Any

from rm_audit.errors import visible
from rm_audit.rendering.words import Document, standing

COLUMNS = (
    *("id", "rule", "play", "severity", "confidence", "state", "standing", "kind", "subject"),
    *("class", "amount", "wanted", "upcoming", "currency", "message", "threshold", "fix"),
    *("cells", "also_flagged_by", "reason", "owner", "until"),
)


def csv(document: Document) -> str:
    """One row a finding, in the report's order; lines end in a line feed, lists are parted by semicolons."""
    out = io.StringIO()
    writer = tables.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for finding in document["findings"]:
        writer.writerow({name: _safe(value) for name, value in _row(document, finding).items()})
    return out.getvalue()


def _row(document: Document, finding: Mapping[str, Any]) -> dict[str, Any]:
    same = ("id", "rule", "play", "severity", "confidence", "state", "message", "threshold", "fix")
    waiver = finding["waiver"] or {}
    return {
        **{name: finding[name] for name in same},
        "standing": standing(document, finding),
        "kind": finding["subject"]["kind"],
        "subject": finding["subject"]["name"],
        **{name: finding["money"][name] for name in ("class", "amount", "wanted", "upcoming")},
        "currency": document["currency"],
        "cells": "; ".join(finding["cells"]),
        "also_flagged_by": "; ".join(finding["also_flagged_by"]),
        **{name: waiver.get(name) for name in ("reason", "owner", "until")},
    }


def _safe(value: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front, and is then shown as it is."""
    if not isinstance(value, str):
        return value
    text = visible(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text
