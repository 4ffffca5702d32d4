"""What a copy through openpyxl cannot carry, found in the parts of the original and in the copy beside it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from rm_audit.errors import Problem
from rm_audit.rendering.workbook.copy import Copy

# Parts of the archive → what a person calls them. Charts and pictures are counted instead, for openpyxl carries some.
_PARTS = {
    r"xl/charts/chartEx": "charts of newer kinds (map, funnel, waterfall and the like)",
    r"xl/slicer(s|Caches)/": "slicers",
    r"xl/timeline(s|Caches)/": "timelines",
    r"xl/vbaProject": "macros",
    r"xl/(ctrlProps|activeX)/": "form controls",
    r"xl/threadedComments/": "threads of comments (their text stays, as notes)",
    r"xl/(dialog|macro)sheets/": "sheets of dialogs or macros",
    r"xl/embeddings/": "embedded objects",
    r"xl/(connections|queryTables|model)|customXml/": "queries and connections to data",
    r"xl/(richData/|metadata)": "formulas that spill, linked data types and pictures in cells",
    r"xl/diagrams/": "diagrams",
    r"_xmlsignatures/": "the digital signature",
    r"docMetadata/": "the sensitivity label",
}
# Marks in the XML of sheets and drawings.
_IN_SHEETS = {
    rb"sparklineGroups?[ >]": "sparklines",
    rb"x14:conditionalFormattings?[ >]": "conditional formats that only newer versions know",
    rb"x14:dataValidations?[ >]": "validations that refer to other sheets in the newer way",
    rb"<picture ": "a background picture",
    rb"<legacyDrawingHF ": "pictures in the header or footer",
    rb"oleObjects?[ >]": "embedded objects",
}
_PICTURE = re.compile(rb"<(?:\w+:)?pic[ >]")
_SHAPES = re.compile(rb"<(?:\w+:)?(sp|cxnSp|grpSp)[ >]")


def losses(name: str, data: bytes, copy: Copy) -> list[Problem]:
    """A warning with what the copy will not have, and one with what is drawn anew and may look different."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        lost = list(dict.fromkeys([*_drawn(archive, copy.book), *_by_part(archive), *_in_xml(archive)]))
        anew = list(_anew(archive, copy.book))
    problems = []
    if lost:
        words = f"the annotated copy cannot carry: {'; '.join(lost)}"
        help = "The original keeps them, and is not touched."
        problems.append(Problem("warning", "not-carried", words, help, file=name))
    if anew:
        words = f"the annotated copy has these made anew, so they may look different: {'; '.join(anew)}"
        problems.append(Problem("warning", "made-anew", words, "Compare them with the original.", file=name))
    return problems


def _drawn(archive: zipfile.ZipFile, book: Any) -> Iterator[str]:
    """Charts and pictures that openpyxl did not take over, and shapes, which it never does."""
    names = archive.namelist()
    charts = sum(re.fullmatch(r"xl/charts/chart\d*\.xml", name) is not None for name in names)
    pictures = sum(len(_PICTURE.findall(archive.read(name))) for name in _drawings(names))
    left = charts - _carried(book, "_charts")
    yield from [_counted(left, "chart")] if left > 0 else []
    left = pictures - _carried(book, "_images")
    yield from [_counted(left, "picture")] if left > 0 else []
    if any(_SHAPES.search(archive.read(name)) for name in _drawings(names)):
        yield "shapes and text boxes"


def _drawings(names: list[str]) -> list[str]:
    return [name for name in names if re.fullmatch(r"xl/drawings/[^/]+\.xml", name)]


def _carried(book: Any, what: str) -> int:
    return sum(len(getattr(sheet, what, ())) for sheet in book._sheets)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count > 1 else ''}"


def _by_part(archive: zipfile.ZipFile) -> Iterator[str]:
    for pattern, words in _PARTS.items():
        if any(re.match(pattern, name) for name in archive.namelist()):
            yield words


def _in_xml(archive: zipfile.ZipFile) -> Iterator[str]:
    """What stands inside the XML of sheets. The end of a sheet is enough: there is where such things stand."""
    sheets = [name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
    ends = [_after_rows(archive.read(name)) for name in sheets]
    for pattern, words in _IN_SHEETS.items():
        if any(re.search(pattern, end) for end in ends):
            yield words


def _after_rows(xml: bytes) -> bytes:
    return xml[xml.rfind(b"sheetData") :]


def _anew(archive: zipfile.ZipFile, book: Any) -> Iterator[str]:
    charts = _carried(book, "_charts")
    yield from [_counted(charts, "chart")] if charts else []
    pivots = _carried(book, "_pivots")
    yield from [_counted(pivots, "pivot table")] if pivots else []
    if any(re.match(r"xl/comments", name) for name in archive.namelist()):
        yield "notes on cells (their text and author stay; their size and bold words do not)"
