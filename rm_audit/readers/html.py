"""Tables of a web page. Many applicant tracking systems write one and call it .xls, which Excel opens as a workbook."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from rm_audit.readers.model import Area, Value

WIDEST_SPAN, LONGEST_SPAN = 1000, 65_534  # what the HTML standard allows
BREAKS = frozenset({"br", "p", "div", "li"})
UNSEEN = frozenset({"script", "style"})


@dataclass
class HtmlTable:
    """The rows of a table: a cell that spans several stands in the first, the others are empty."""

    rows: list[list[Value]] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)  # column → how many rows more a cell above takes there
    texts: list[str] | None = None  # of the cell that is open
    span: tuple[int, int] = (1, 1)
    layout: bool = False  # it only arranges other tables on the page
    closed: bool = False

    @property
    def is_data(self) -> bool:
        """Two rows of two values at least; anything smaller arranges a page."""
        full = (row for row in self.rows if sum(value is not None for value in row) > 1)
        return not self.layout and next(full, None) is not None and next(full, None) is not None

    def open_row(self) -> None:
        self.close_cell()
        self.rows.append([])

    def open_cell(self, down: int, across: int) -> None:
        if self.texts is not None or not self.rows:  # ends of rows and of cells may be left out
            self.close_cell()
        if not self.rows:
            self.rows.append([])
        self.texts, self.span = [], (down, across)

    def close_cell(self) -> None:
        if self.texts is None:
            return
        row, (down, across) = self.rows[-1], self.span
        self._pass_over(row)
        at, column = len(self.rows) - 1, len(row)
        row += [" ".join("".join(self.texts).split()) or None, *[None] * (across - 1)]
        self.texts = None
        if down > 1:
            self.taken |= dict.fromkeys(range(column, column + across), down)
        if down * across > 1:
            self.merged.append(Area(at, column, at + down - 1, column + across - 1))

    def _pass_over(self, row: list[Value]) -> None:
        while len(row) in self.taken:
            row.append(None)

    def close_row(self) -> None:
        self.close_cell()
        if self.rows:
            self._pass_over(self.rows[-1])
            self.taken = {column: rows - 1 for column, rows in self.taken.items() if rows > 1}

    def within(self) -> list[Area]:
        """The merged areas without what they span below the last row."""
        last = len(self.rows) - 1
        return [Area(area.top, area.left, min(area.bottom, last), area.right) for area in self.merged]


class _Page(HTMLParser):
    """Collects the tables; one inside a cell of another is a table of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[HtmlTable] = []
        self.asks_password = False
        self._open: list[HtmlTable] = []
        self._unseen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._unseen = tag in UNSEEN
        if tag == "input" and (values.get("type") or "").lower() == "password":
            self.asks_password = True
        elif tag == "table":
            self._open.append(HtmlTable())
            self.tables.append(self._open[-1])
        elif self._open and tag == "tr":
            self._open[-1].close_row()
            self._open[-1].open_row()
        elif self._open and tag in ("td", "th"):
            down, across = _count(values.get("rowspan"), LONGEST_SPAN), _count(values.get("colspan"), WIDEST_SPAN)
            self._open[-1].open_cell(down, across)
        elif tag in BREAKS:
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = False
        if not self._open:
            return
        if tag in ("td", "th"):
            self._open[-1].close_cell()
        elif tag == "table":
            table = self._open.pop()
            table.close_row()
            table.closed = True
            if self._open:
                self._open[-1].layout = self._open[-1].layout or table.is_data

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].texts is not None and not self._unseen:
            self._open[-1].texts.append(data)

    def close(self) -> None:
        super().close()
        for table in self._open:
            table.close_row()


def html_tables(text: str) -> list[HtmlTable]:
    """The tables of data on a web page; none on one that asks for a password."""
    page = _Page()
    page.feed(text)
    page.close()
    return [] if page.asks_password else [table for table in page.tables if table.is_data]


def _count(text: str | None, most: int) -> int:
    return min(max(int(text), 1), most) if text and text.isascii() and text.isdecimal() else 1
