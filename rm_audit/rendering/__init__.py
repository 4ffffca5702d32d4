"""One file a format: each takes the page of a report and returns text, or bytes where the format is no text."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from rm_audit.report import Report

# A format → the suffix of its files. Each is a function in a file, both of the format's name; json is the document.
FORMATS: Mapping[str, str] = {
    "terminal": ".txt",
    "json": ".json",
    "html": ".html",
    "markdown": ".md",
    "csv": ".csv",
    "sarif": ".sarif",
    "junit": ".xml",
    "github": "",
    "xlsx": ".xlsx",
}
# Which format a file gets by its suffix.
SUFFIXES: Mapping[str, str] = {suffix: form for form, suffix in FORMATS.items() if suffix}


def render(report: Report, form: str, **options: Any) -> str | bytes:
    """The report in a format. Options that a format has no use for are left alone: width, color, short and verbose
    are for people, `places` (a file's name in the report → its path) for machines, `sources` and `tell` for
    the workbook, which is bytes. With `redact` (names, amounts or all) no format is given what it hides, nor the files
    themselves. Raises ValueError for other formats."""
    if form not in FORMATS:
        raise ValueError(f"there is no format '{form}'; there are {', '.join(FORMATS)}")
    if what := options.pop("redact", None):
        from rm_audit.redacting import redacted

        report = redacted(report, what)
        options = {name: value for name, value in options.items() if name not in ("places", "sources", "tell")}
    if form == "json":
        return report.to_json()
    if form == "xlsx":
        from rm_audit.rendering.workbook import workbook

        return workbook(report, **{name: value for name, value in options.items() if name in ("sources", "tell")})
    used = {name: value for name, value in options.items() if name in _OPTIONS.get(form, ())}
    text: str = getattr(import_module(f"rm_audit.rendering.{form}"), form)(report.page, **used)
    return text


_OPTIONS = {
    "terminal": ("width", "color", "short", "verbose"),
    "markdown": ("short", "verbose"),
    "sarif": ("places",),
    "github": ("places",),
}
