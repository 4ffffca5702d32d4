"""One file a format: each takes a report document and returns text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rm_audit.report import Report

FORMATS: Sequence[str] = ("terminal", "json", "html")
# Which format a file gets by its suffix.
SUFFIXES = {".txt": "terminal", ".json": "json", ".html": "html"}


def render(report: Report, form: str, **options: Any) -> str:
    """The report in a format. Options of the terminal: width, color, short, verbose. Raises ValueError for others."""
    if form == "json":
        return report.to_json()
    if form == "terminal":
        from rm_audit.rendering.terminal import terminal

        return terminal(report.document, **options)
    if form == "html":
        from rm_audit.rendering.html import html

        return html(report.document)
    raise ValueError(f"there is no format '{form}'; there are {', '.join(FORMATS)}")
