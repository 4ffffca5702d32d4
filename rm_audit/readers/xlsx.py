"""What the XML of an xlsx workbook says beside the values: errors, formulas, hidden rows, totals.

Calamine gives an empty cell for an error and for a formula that was never calculated, so amounts would be left out
and nobody would notice. The XML can be far larger than the file, so it is searched in pieces, and a piece without a
trace of what is sought costs no more than the search for single bytes: most sheets hold values and nothing else.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree

from rm_audit.readers.marks import Marks, Place, column_index
from rm_audit.readers.model import is_error
from rm_audit.readers.sums import column_sum

PIECE = 1 << 20
NUL = b"_x0000_"  # how the format writes a character that XML cannot hold
_FORMULA = rb"<(?:\w+:)?f(?=[\s/>])([^>]*?)(?:/>|>([^<]*)</(?:\w+:)?f>)"
FORMULA = re.compile(_FORMULA + rb"\s*(<(?:\w+:)?v\b[^>]*>)?([^<]*)")
PLAIN_FORMULA = re.compile(FORMULA.pattern.replace(rb"(?:\w+:)?", b""))  # four times as fast
CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>])([^>]*)>")
VALUE = re.compile(rb"\s*(?:" + _FORMULA + rb")?\s*(?:<(?:\w+:)?v\b[^>]*>([^<]*))?")
IS_ERROR = re.compile(rb"""t=["']e["']""")  # begins with letters, which are found faster than a choice
IS_TEXT = re.compile(rb"""\st=["']str["']""")
IS_HIDDEN = re.compile(rb"""hidden=["'](?:1|t)""")
ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br=["'](\d+)""")
ROW_START = re.compile(rb"<(?:\w+:)?row(?=[\s>])([^>]*)")
COLUMNS = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
LEAST, MOST = re.compile(rb"""\bmin=["'](\d+)"""), re.compile(rb"""\bmax=["'](\d+)""")
ADDRESS = re.compile(rb"""r=["']([A-Z]+)(\d+)["']""")
DATA = b"sheetData>"
CELL_START = re.compile(rb"<(?:\w+:)?c[\s/>]")
SHARED = re.compile(rb"""\bsi=["'](\d+)["']""")
OLD_ERRORS = ("", "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
ERROR_VALUE = re.compile(
    rb"""(<(?:\w+:)?c\s[^>]*t=["']e["'][^>]*(?<!/)>\s*(?:""" + _FORMULA + rb""")?\s*<(?:\w+:)?v\b[^>]*(?<!/)>)[^<]*"""
)
FULL_CALCULATION = re.compile(rb"""\sfullCalcOnLoad=["'](?:1|true)["']""")
CURRENCY = re.compile(r"\[\$[^-\]]|[€£$¥₹]")
TABLE_END = re.compile(r"\$?[A-Z]+\$?\d+:\$?[A-Z]+\$?(\d+)")


@dataclass
class Part:
    """The XML of one sheet: its name in the workbook and in the archive, what it marks and how far it reaches.

    `last_row` is the number of its last row; `letters` of how many letters the names of its columns can be.
    """

    name: str
    part: str
    marks: Marks = field(default_factory=Marks)
    last_row: int = 0
    letters: int = 1
    nul: bool = False
    new_error: bool = False  # one that calamine does not know
    shared: dict[bytes, tuple[str, Place]] = field(default_factory=dict)


def scan(archive: zipfile.ZipFile) -> list[Part]:
    """Every sheet of the workbook with what its XML says beside the values."""
    names = {name.lower(): name for name in archive.namelist()}
    # Excel drops this wish on saving: with it, a stored 0 may be what a program wrote for "unknown".
    wished = FULL_CALCULATION.search(archive.read(names["xl/workbook.xml"])) is not None
    parts = list(sheet_parts(archive, names))
    for part in parts:
        for piece in pieces(archive, part.part):
            _scan_piece(piece, part, wished)
        _scan_relations(archive, names, part)
    formats = _formats(archive, names)
    strings = names.get("xl/sharedstrings.xml")
    nul = strings is not None and NUL in archive.read(strings)
    for part in parts:
        part.nul = part.nul or nul
        part.marks.formats = formats
    return parts


def _formats(archive: zipfile.ZipFile, names: dict[str, str]) -> tuple[str, ...]:
    """The workbook's own number formats that show a currency and that cells use."""
    codes: dict[str, str] = {}
    used: list[str] = []
    inside = False
    for item in _xml(archive, names.get("xl/styles.xml", "")):
        tag = item.tag.rpartition("}")[2]
        inside = tag == "cellXfs" or (inside and tag not in ("cellStyles", "cellStyleXfs", "dxfs"))
        if tag == "numFmt" and not inside:
            codes[item.get("numFmtId", "")] = item.get("formatCode", "")
        elif tag == "xf" and inside:
            used.append(codes.get(item.get("numFmtId", ""), ""))
    return tuple(dict.fromkeys(code for code in used if CURRENCY.search(code)))


def _scan_piece(piece: bytes, part: Part, wished: bool) -> None:
    first = part.last_row == 0  # no row before this piece: so the head of the sheet, with its columns, is in it
    head = piece.find(DATA) + len(DATA) if first and DATA in piece else 0
    piece = _reach(piece, part)
    if piece.find(b"#", head) >= 0:  # every error value has one
        _errors(piece, part)
    if piece.find(b"f", head) >= 0 and (b"<f" in piece or b":f" in piece):
        _formulas(piece, part, wished)
    if piece.find(b"hidden", 0, head) >= 0 or (piece.find(b"h", head) >= 0 and b"hidden" in piece):
        _hidden(piece, part)
    part.nul = part.nul or (piece.find(b"_", head) >= 0 and NUL in piece)


def pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The XML in pieces that end where a row does."""
    rest = b""
    with archive.open(part) as stream:
        while block := stream.read(PIECE):
            rest += block
            cut = rest.rfind(b"row>") + len(b"row>")
            if cut >= len(b"row>"):
                yield rest[:cut]
                rest = rest[cut:]
    yield rest


def _reach(piece: bytes, part: Part) -> bytes:
    """Notes how far the sheet reaches at most; gives the piece with a number on every row."""
    start = _row_before(piece, len(piece))
    row = ROW.match(piece, start) if start >= 0 else None
    if row is None and b"row>" in piece:
        piece = _numbered(piece, part)
    part.last_row = max(part.last_row, int(row[1])) if row else part.last_row
    quotes = rb"""["']""" if b"'" in piece else b'"'  # one byte is found faster than either of two
    while part.letters < 3 and re.search(rb"r=%s[A-Z]{%d}" % (quotes, part.letters + 1), piece):
        part.letters += 1
    return piece


def _row_before(piece: bytes, end: int) -> int:
    """Where the last row that begins before `end` begins."""
    start = piece.rfind(b"<row ", 0, end)
    return start if start >= 0 else piece.rfind(b"<", 0, max(piece.rfind(b":row ", 0, end), 0))


def _numbered(piece: bytes, part: Part) -> bytes:
    """The format does not ask for the numbers of rows. Those that have none follow the row before."""

    def number(row: re.Match[bytes]) -> bytes:
        given = ROW.match(row[0] + b'"')
        part.last_row = int(given[1]) if given else part.last_row + 1
        return row[0] if given else row[0] + b' r="%d"' % part.last_row

    return ROW_START.sub(number, piece)


def _errors(piece: bytes, part: Part) -> None:
    for hit in IS_ERROR.finditer(piece):
        cell = CELL.match(piece, piece.rfind(b"<", 0, hit.start()))
        place = _place(piece, cell) if cell and cell.end() > hit.end() and not cell[1].endswith(b"/") else None
        if cell and place:
            value = VALUE.match(piece, cell.end())
            text = (value[3] or b"").strip().decode() if value else ""
            part.marks.errors[place] = text if is_error(text) else "#ERROR!"
            part.new_error = part.new_error or text not in OLD_ERRORS


def _formulas(piece: bytes, part: Part, wished: bool) -> None:
    formulas = FORMULA if b":f" in piece else PLAIN_FORMULA
    for match in formulas.finditer(piece):
        cell = CELL.match(piece, piece.rfind(b"<", 0, match.start()))
        place = _place(piece, cell) if cell else None
        if cell is None or place is None:
            continue
        attributes, formula, value_tag, value = match.groups()
        if not value.strip() and not (value_tag and IS_TEXT.search(cell[0])):
            part.marks.missing.append(place)
        elif wished and value.strip() == b"0":
            part.marks.zeros.append(place)
        _sum(part, place, attributes, formula)


def _sum(part: Part, place: Place, attributes: bytes, formula: bytes | None) -> None:
    """Of cells that share a formula, only the first holds it."""
    shared = SHARED.search(attributes)
    text, moved = formula.decode(errors="replace") if formula else "", (0, 0)
    if shared and text:
        part.shared[shared[1]] = (text, place)
    elif shared:
        text, first = part.shared.get(shared[1], ("", place))
        moved = (place[0] - first[0], place[1] - first[1])
    rows = column_sum(text, place, moved) if text else None
    if rows:
        part.marks.sums[place] = rows


def _place(piece: bytes, cell: re.Match[bytes]) -> Place | None:
    """Where a cell stands. The format does not ask for its address: then its place in its row counts."""
    address = ADDRESS.search(cell[1])
    if address:
        return int(address[2]) - 1, column_index(address[1].decode())
    start = _row_before(piece, cell.start())
    row = ROW.match(piece, start) if start >= 0 else None
    return (int(row[1]) - 1, len(CELL_START.findall(piece, start, cell.start()))) if row else None


def _hidden(piece: bytes, part: Part) -> None:
    for hit in IS_HIDDEN.finditer(piece):
        start = piece.rfind(b"<", 0, hit.start())
        row = ROW.match(piece, start)
        if row:
            part.marks.hidden_rows.add(int(row[1]) - 1)
            continue
        columns = COLUMNS.match(piece, start)
        least, most = (end.search(columns[1]) if columns else None for end in (LEAST, MOST))
        if least and most:
            part.marks.hidden_columns.update(range(int(least[1]) - 1, min(int(most[1]), 16_384)))


def with_old_errors(archive: zipfile.ZipFile, parts: Sequence[str]) -> bytes:
    """The workbook with #N/A for every error, because calamine refuses a whole sheet for #SPILL!."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for name in archive.namelist():
            content = archive.read(name)
            copy.writestr(name, ERROR_VALUE.sub(rb"\1#N/A", content) if name in parts else content)
    return out.getvalue()


def _scan_relations(archive: zipfile.ZipFile, names: dict[str, str], part: Part) -> None:
    """The total rows of the sheet's own tables, and whether there is something drawn on it."""
    folder, name = posixpath.split(part.part)
    for kind, target in _relations(archive, names, f"{folder}/_rels/{name}.rels", folder).values():
        part.marks.drawn = part.marks.drawn or kind == "drawing"
        for table in _xml(archive, names.get(target.lower(), "")) if kind == "table" else ():
            last = TABLE_END.fullmatch(table.get("ref", ""))
            count = table.get("totalsRowCount", "0")
            if last and count.isdecimal() and table.tag.endswith("}table"):
                part.marks.total_rows.update(range(int(last[1]) - int(count), int(last[1])))


def sheet_parts(archive: zipfile.ZipFile, names: dict[str, str]) -> Iterator[Part]:
    """Each sheet's name and where in the archive it lies."""
    targets = _relations(archive, names, "xl/_rels/workbook.xml.rels", "xl")
    for item in _xml(archive, names["xl/workbook.xml"]):
        if item.tag.rpartition("}")[2] != "sheet":
            continue
        relation = next((value for key, value in item.attrib.items() if key.endswith("}id")), "")
        kind, target = targets.get(relation, ("", ""))
        if kind == "worksheet" and target.lower() in names:
            yield Part(item.get("name", ""), names[target.lower()])


def _relations(archive: zipfile.ZipFile, names: dict[str, str], part: str, folder: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: id → kind and name in the archive."""
    return {
        item.get("Id", ""): (
            item.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, item.get("Target", ""))).lstrip("/"),
        )
        for item in _xml(archive, names.get(part.lower(), ""))
    }


def _xml(archive: zipfile.ZipFile, part: str) -> Iterator[ElementTree.Element]:
    """Every element of a small part; none where calamine could read what this parser cannot."""
    try:
        return ElementTree.fromstring(archive.read(part)).iter() if part else iter(())
    except ElementTree.ParseError:
        return iter(())
