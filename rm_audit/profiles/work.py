"""One sheet under way from cells to a canonical table."""

from __future__ import annotations

from dataclasses import dataclass, field

from rm_audit.cells import letters
from rm_audit.days import Period
from rm_audit.errors import Level, Problem
from rm_audit.profiles.model import Layout, Profile
from rm_audit.readers import Sheet, Value


@dataclass
class Work:
    """One sheet under way. `rows` are (spreadsheet row, cells); columns grow beside them in the same order."""

    sheet: Sheet
    layout: Layout
    profile: Profile
    period: Period | None
    key: bytes
    rows: list[tuple[int, list[Value]]] = field(default_factory=list)
    columns: dict[str, list[object]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    aside: dict[int, tuple[str, int]] = field(default_factory=dict)
    dollar: bool = False
    yearless: bool = False

    def cells(self, column: int) -> list[Value]:
        return [cells[column] if column < len(cells) else None for _, cells in self.rows]

    def set_aside(self, position: int, reason: str, amount: int = 0) -> None:
        self.aside.setdefault(position, (reason, amount))

    def complain(
        self, level: Level, code: str, message: str, help: str, at: tuple[int, int] | None = None, excerpt: str = ""
    ) -> None:
        cell = f"{letters(at[1] + 1)}{at[0]}" if at else ""
        self.problems.append(
            Problem(level, code, message, help, self.sheet.source.file, self.sheet.name, cell, excerpt=excerpt)
        )
