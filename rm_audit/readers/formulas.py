"""Cells of an xlsx workbook that look empty to a reader but are not: formulas without a value, and errors.

A program that writes formulas without calculating them leaves amounts out, and nobody would notice. So
the XML of every sheet is searched, in pieces, because it can be far larger than the file.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from rm_audit.errors import Problem
from rm_audit.readers import problems

PIECE = 1 << 22
CELL_WITH_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)(?<!/)>\s*"
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v\b[^>]*>)?([^<]*)"
)
CELL_WITH_ERROR = re.compile(rb"""<(?:\w+:)?c\b([^>]*\st=["']e["'][^>]*)>""")
ADDRESS = re.compile(rb"""\sr=["']([A-Z]+[0-9]+)["']""")
TEXT_RESULT = re.compile(rb"""\st=["']str["']""")
FULL_CALCULATION = re.compile(rb"""\sfullCalcOnLoad=["'](?:1|true)["']""")
UNKNOWN = "?"  # an address is optional in the format, though every known program writes it


def formula_problems(archive: zipfile.ZipFile) -> list[Problem]:
    """A problem for each sheet with formulas that were never calculated, and one for error cells."""
    names = {name.lower(): name for name in archive.namelist()}
    # Excel drops this wish on saving: with it, a stored 0 may be what a program wrote for "unknown".
    wished = FULL_CALCULATION.search(archive.read(names["xl/workbook.xml"])) is not None
    found: list[Problem] = []
    for sheet, part in _sheet_parts(archive, names):
        found += _scan(_pieces(archive, part), sheet, wished)
    return found


def _scan(pieces: Iterator[bytes], sheet: str, wished: bool) -> list[Problem]:
    missing: list[str] = []
    zeros: list[str] = []
    errors: list[str] = []
    for piece in pieces:
        errors += [_address(match[1]) for match in CELL_WITH_ERROR.finditer(piece)]
        if b"<f" not in piece and b":f" not in piece:  # most sheets hold no formula at all
            continue
        for match in CELL_WITH_FORMULA.finditer(piece):
            attributes, value_tag, value = match.groups()
            if not value.strip() and not (value_tag and TEXT_RESULT.search(attributes)):
                missing.append(_address(attributes))
            elif wished and value.strip() == b"0":
                zeros.append(_address(attributes))
    makers = (problems.never_calculated, missing), (problems.perhaps_never_calculated, zeros)
    return [make(sheet, cells) for make, cells in (*makers, (problems.error_cells, errors)) if cells]


def _address(attributes: bytes) -> str:
    match = ADDRESS.search(attributes)
    return match[1].decode() if match else UNKNOWN


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The XML in pieces that end where a row does."""
    rest = b""
    with archive.open(part) as stream:
        while block := stream.read(PIECE):
            rest += block
            cut = rest.rfind(b"row>") + len(b"row>")
            if cut >= len(b"row>") and rest.find(b"row>") >= 0:
                yield rest[:cut]
                rest = rest[cut:]
    yield rest


def _sheet_parts(archive: zipfile.ZipFile, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each sheet's name and where in the archive it lies."""
    relations = _xml(archive, names.get("xl/_rels/workbook.xml.rels", ""))
    targets = {item.get("Id", ""): item.get("Target", "") for item in relations}
    for item in _xml(archive, names["xl/workbook.xml"]):
        if item.tag.rpartition("}")[2] != "sheet":
            continue
        relation = next((value for key, value in item.attrib.items() if key.endswith("}id")), "")
        target = posixpath.normpath(posixpath.join("/xl", targets.get(relation, ""))).lstrip("/")
        if target.lower() in names:
            yield item.get("name", ""), names[target.lower()]


def _xml(archive: zipfile.ZipFile, part: str) -> Iterator[ElementTree.Element]:
    """Every element of a small part; none where calamine could read what this parser cannot."""
    try:
        return ElementTree.fromstring(archive.read(part)).iter() if part else iter(())
    except ElementTree.ParseError:
        return iter(())
