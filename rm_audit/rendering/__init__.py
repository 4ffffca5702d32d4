"""One file a format: each takes a report document and returns text, or bytes where the format is no text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rm_audit.report import Report

FORMATS: Sequence[str] = ("terminal", "json", "xlsx")
# Which format a file gets by its suffix.
SUFFIXES = {".txt": "terminal", ".json": "json", ".xlsx": "xlsx"}


def render(report: Report, form: str, **options: Any) -> str | bytes:
    """The report in a format. Options of the terminal: width, color, short, verbose; of xlsx: sources, tell.

    Raises ValueError for other formats.
    """
    if form == "json":
        return report.to_json()
    if form == "terminal":
        from rm_audit.rendering.terminal import terminal

        return terminal(report.document, **options)
    if form == "xlsx":
        from rm_audit.rendering.workbook import workbook

        return workbook(report, **options)
    raise ValueError(f"there is no format '{form}'; there are {', '.join(FORMATS)}")
