"""A workbook through openpyxl and back, with what openpyxl alone would change put back.

It forgets the values that formulas came to, and reads a number as a day where its format shows one. Without the
values a preview shows nothing and an audit of the copy finds nothing, so they are taken from the XML of the original.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from openpyxl import Workbook, load_workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.exceptions import InvalidFileException

from rm_audit.readers.xlsx import sheet_parts

Value = tuple[str, str]  # what type of value a formula came to ("n", "str", "b", "e"), and the value as text
# What openpyxl raises for workbooks that other programs open: it is stricter than they are.
_REFUSALS = (
    InvalidFileException,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OSError,
    zipfile.BadZipFile,
    ElementTree.ParseError,
)
# A formula as openpyxl writes it, without a value.
_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"([^>]*)>(<f\b[^>]*?(?:/>|>[^<]*</f>))(?:<v ?/>|<v></v>)')
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip archive can hold: no clock is read


class NotOpenedError(Exception):
    """openpyxl does not open this workbook; its text says why, in short."""


@dataclass
class Copy:
    """An open workbook, the values that its formulas came to by sheet and cell, and what openpyxl said on opening."""

    book: Workbook
    values: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    said: tuple[str, ...] = ()


def empty(as_of: str) -> Copy:
    """A workbook without a sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties = DocumentProperties(creator="rm-audit", created=_noon(as_of))
    return Copy(book)


def opened(data: bytes, as_of: str) -> Copy:
    """The workbook, ready to be written into. Raises NotOpenedError."""
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            book = load_workbook(io.BytesIO(data), rich_text=True)
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                values = {title: _restored(archive, part, book[title]) for title, part in _parts(archive, book)}
                _dated(archive, book, as_of)
    except _REFUSALS as error:
        raise NotOpenedError(str(error).split("\n")[0][:100] or type(error).__name__) from error
    book.template = False  # a copy of a template that says it is one would not open under the name .xlsx
    return Copy(book, values, tuple(str(item.message) for item in said))


def _parts(archive: zipfile.ZipFile, book: Workbook) -> Iterator[tuple[str, str]]:
    names = {name.lower(): name for name in archive.namelist()}
    titles = {sheet.title for sheet in book.worksheets}
    return ((part.name, part.part) for part in sheet_parts(archive, names) if part.name in titles)


def _restored(archive: zipfile.ZipFile, part: str, sheet: Any) -> dict[str, Value]:
    """The values of formulas; and numbers that openpyxl took for days are put back into the sheet as they were."""
    values: dict[str, Value] = {}
    with archive.open(part) as stream:
        for address, kind, formula, value in _cells(stream):
            if formula:
                values[address] = (kind, value)
            elif kind == "n":
                cell = sheet._cells.get(coordinate_to_tuple(address))
                if cell is not None and cell.data_type in ("d", "e"):
                    cell._value, cell.data_type = float(value), "n"
    return values


def _cells(stream: Any) -> Iterator[tuple[str, str, bool, str]]:
    """Address, type, whether it is a formula, and value of each cell of a sheet's XML that has a value."""
    for _, item in ElementTree.iterparse(stream):
        tag = item.tag.rpartition("}")[2]
        if tag == "c" and item.get("r"):
            formula, value = False, None
            for part in item:
                formula = formula or part.tag.endswith("}f")
                value = part.text if part.tag.endswith("}v") else value
            if value is not None:
                yield item.get("r", ""), item.get("t", "n"), formula, value
        elif tag == "row":
            item.clear()


def _dated(archive: zipfile.ZipFile, book: Workbook, as_of: str) -> None:
    """A book that does not say when it was made gets the day of judgement, where openpyxl would read the clock."""
    core = archive.read("docProps/core.xml") if "docProps/core.xml" in archive.namelist() else b""
    if not core:
        book.properties = DocumentProperties(creator="rm-audit", created=_noon(as_of))
    elif b"created>" not in core:
        book.properties.created = _noon(as_of)


def _noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00")


def saved(copy: Copy, as_of: str) -> bytes:
    """The bytes of the workbook: the same for the same content, whatever the clock says."""
    book = copy.book
    first, last = io.BytesIO(), io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book.save(first)
    titles = {sheet.path.lstrip("/"): sheet.title for sheet in book.worksheets}
    with zipfile.ZipFile(first) as made, zipfile.ZipFile(last, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in made.namelist():
            data = made.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>%sT12:00:00Z" % as_of.encode(), data)
            values = copy.values.get(titles.get(name, ""))
            archive.writestr(_entry(name), _with_values(data, values) if values else data)
    return last.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIRST_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # else it would be named after the system that runs this
    return entry


def _with_values(xml: bytes, values: Mapping[str, Value]) -> bytes:
    """The XML of a sheet with the value behind each formula that the original had there."""

    def valued(cell: re.Match[bytes]) -> bytes:
        address, attributes, formula = cell.groups()
        if address.decode() not in values:
            return cell[0]
        kind, value = values[address.decode()]
        text = escape(value).encode()
        return b'<c r="%s"%s t="%s">%s<v>%s</v>' % (address, attributes, kind.encode(), formula, text)

    return _FORMULA.sub(valued, xml)
