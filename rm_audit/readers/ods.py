"""What the XML of an ods workbook says beside the values: errors, formulas, spans, hidden rows and columns.

Calamine would search for the end of damaged XML for ever, and would build every repeated cell; so the whole of it is
parsed before, and where it stands is counted, because in this format no cell says its address.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from xml.parsers import expat

from rm_audit.readers import problems
from rm_audit.readers.far import too_large
from rm_audit.readers.marks import Marks, Place
from rm_audit.readers.model import Area, is_error
from rm_audit.readers.problems import FileError
from rm_audit.readers.sums import column_sum, from_ods

MOST_ROWS = 1 << 20  # more than a sheet can have; repeated empty rows reach to its end


def scan(archive: zipfile.ZipFile) -> dict[str, Marks]:
    """Each sheet's marks by name; raises FileError where the XML is damaged or a sheet too large to read."""
    reader = _Reader()
    try:
        with archive.open("content.xml") as stream:
            reader.parser.ParseFile(stream)
    except (expat.ExpatError, KeyError) as error:  # KeyError: no such part
        raise FileError(problems.BROKEN, "ods") from error
    return reader.sheets


class _Reader:
    """Counts rows and columns as the XML passes by."""

    def __init__(self) -> None:
        self.sheets: dict[str, Marks] = {}
        self._marks = Marks()
        self._name = ""
        self._row = self._column = 0  # the next ones
        self._last = -1  # column with a value in this row
        self._repeat = 1  # how often the row that is open stands in the sheet
        self._depth = 0  # a table inside a cell is no sheet
        self._lowest = self._rightmost = (0, 0)
        self._filled = 0
        self._error: Place | None = None  # where a cell is open that may show an error
        self._certain = False
        self._text = ""
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self._depth += 1
            if self._depth == 1:
                self._open_table(attributes.get("table:name", ""))
        elif self._depth == 1:
            if name in ("table:table-cell", "table:covered-table-cell"):
                self._cell(attributes)
            elif name == "table:table-row":
                self._open_row(attributes)
            elif name == "table:table-column":
                self._columns(attributes)
            elif name == "draw:frame":
                self._marks.drawn = True

    def _end(self, name: str) -> None:
        if name == "table:table-row" and self._depth == 1:
            self._close_row()
        elif name == "table:table-cell" and self._error:
            self._close_error(self._error)
        elif name == "table:table":
            self._depth -= 1
            if self._depth == 0:
                self._close_table()

    def _open_table(self, name: str) -> None:
        self._name = name
        self._marks = self.sheets.setdefault(name, Marks())
        self._row = self._column = self._filled = 0
        self._lowest = self._rightmost = (0, 0)

    def _close_table(self) -> None:
        problem = too_large(self._name, self._lowest, self._rightmost, self._filled)
        if problem:
            raise FileError(problem, "ods")

    def _open_row(self, attributes: dict[str, str]) -> None:
        self._repeat = _count(attributes, "table:number-rows-repeated")
        self._column, self._last = 0, -1
        if attributes.get("table:visibility", "visible") != "visible":
            self._marks.hidden_rows.update(range(self._row, min(self._row + self._repeat, MOST_ROWS)))

    def _columns(self, attributes: dict[str, str]) -> None:
        repeat = _count(attributes, "table:number-columns-repeated")
        if attributes.get("table:visibility", "visible") != "visible":
            self._marks.hidden_columns.update(range(self._column, min(self._column + repeat, 1 << 14)))
        self._column += repeat

    def _cell(self, attributes: dict[str, str]) -> None:
        place = (self._row, self._column)
        repeat = _count(attributes, "table:number-columns-repeated")
        self._column += repeat
        if "office:value-type" in attributes:
            self._filled += repeat
            self._last = self._column - 1
        if "table:formula" in attributes:
            self._formula(place, attributes)
        if "table:number-rows-spanned" in attributes or "table:number-columns-spanned" in attributes:
            down, across = (_count(attributes, f"table:number-{way}-spanned") for way in ("rows", "columns"))
            if down * across > 1:
                self._marks.merged.append(Area(*place, place[0] + down - 1, place[1] + across - 1))

    def _close_row(self) -> None:
        self._row += self._repeat
        if self._last >= 0:
            self._lowest = (self._row - 1, self._last)
            self._rightmost = max(self._rightmost, self._lowest, key=lambda place: place[1])

    def _formula(self, place: Place, attributes: dict[str, str]) -> None:
        kind = attributes.get("office:value-type")
        if kind is None:
            self._marks.missing.append(place)
        # To programs that do not know better an error is a text, as formulas can give.
        self._certain = attributes.get("calcext:value-type") == "error"
        if self._certain or kind == "string":
            self._error, self._text = place, ""
            self.parser.CharacterDataHandler = self._characters
        rows = column_sum(from_ods(attributes["table:formula"]), place)
        if rows:
            self._marks.sums[place] = rows

    def _characters(self, text: str) -> None:
        self._text += text

    def _close_error(self, place: Place) -> None:
        text = self._text.strip()
        if self._certain or is_error(text):  # some show it in their user's language
            self._marks.errors[place] = text if is_error(text) else "#ERROR!"
        self._error = None
        self.parser.CharacterDataHandler = None


def _count(attributes: Mapping[str, str], name: str) -> int:
    return int(attributes[name]) if name in attributes else 1  # a ValueError where the file is damaged
