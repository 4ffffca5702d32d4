"""What is said about the sources of the ATS: which were taken for a channel of the spend, and which for none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from rm_audit.book.model import Book
from rm_audit.channels import is_unknown_source, may_hold_person
from rm_audit.errors import Level, Problem
from rm_audit.yamls import quoted

MOST_NAMED = 5


@dataclass(frozen=True)
class Unresolved:
    """A source that is no channel of the spend and of no known kind, with what it carries (None: no file says)."""

    name: str
    hires: int | None
    applications: int | None

    @property
    def nameable(self) -> bool:
        """Whether the spelling may be shown in a list: not where it may hold a person's name."""
        return not may_hold_person(self.name)

    @property
    def carries(self) -> str:
        """'3 hires'; where there is none, '40 applications'."""
        for count, word in ((self.hires, "hire"), (self.applications, "application")):
            if count:
                return f"{count} {word}{'s' * (count != 1)}"
        return ""

    def text(self) -> str:
        return f"'{self.name}'" + (f" ({self.carries})" if self.carries else "")


def unresolved_sources(book: Book) -> list[Unresolved]:
    """Those that carry the most hires first, then applications. Empty where the book has no spend to join."""
    if not book.channels.spend_keys:
        return []
    hires: dict[str, int] = {}
    applications: dict[str, int] = {}
    for table, column, into in (
        ("applications", "", applications),
        ("applications", "is_hired", hires),
        ("outcome_totals", "applications", applications),
        ("outcome_totals", "hires", hires),
    ):
        for name, count in _counted(book, table, column):
            into[name] = into.get(name, 0) + count
    names = {
        name
        for table in ("applications", "outcome_totals")
        if book.has(table, "channel")
        for name in book.tables[table]["channel"].dropna().unique()
    }
    found = [
        Unresolved(name, hires.get(name), applications.get(name))
        for name in names
        if not is_unknown_source(name) and not book.channels.is_placed(name)
    ]
    return sorted(found, key=lambda item: (-(item.hires or 0), -(item.applications or 0), item.name))


def _counted(book: Book, table: str, column: str) -> Iterable[tuple[str, int]]:
    """(channel, sum of a column) where the column says anything; the number of rows where no column is named."""
    if not book.has(table, "channel") or not book.has(table, column):
        return []
    rows, counts = book.tables[table], book.counts(table)
    # Counts of a file stand in its rows already; the rows of applications are counted, and may stand for several.
    values = pd.Series(1, index=rows.index) if not column else rows[column].astype("Int64")
    values = values * counts if table == "applications" else values
    sums = values.groupby(rows["channel"], sort=False).sum(min_count=1).dropna()
    return [(str(name), int(count)) for name, count in sums.items()]


def say_sources(book: Book) -> None:
    """Adds to the book's problems what was assumed about sources, and what is left to be settled by hand."""
    _say_near(book)
    _say_decorated(book)
    _say_beside(book)
    _say_unresolved(book)


def _joined(book: Book, way: str) -> list[tuple[str, str]]:
    return sorted((source, found.channel) for source, found in book.channels.joined.items() if found.way == way)


def _say_near(book: Book) -> None:
    found = [(source, channel) for source, channel in _joined(book, "near") if not may_hold_person(source)]
    for source, channel in found[:MOST_NAMED]:
        words = f"the source '{source}' was taken for the channel '{channel}' by its spelling"
        book.problems.append(Problem("info", "near-spelling", words, _undo(source)))
    if len(found) > MOST_NAMED:
        words = f"{len(found) - MOST_NAMED} more sources were taken for channels by their spelling"
        book.problems.append(Problem("info", "near-spelling", words, "Each can be written under channels."))


def _say_decorated(book: Book) -> None:
    found = _joined(book, "decorated")
    shown = [(source, channel) for source, channel in found if not may_hold_person(source)]
    if not shown:
        return
    pairs = [f"'{source}' for '{channel}'" for source, channel in shown[:MOST_NAMED]]
    pairs += [f"{len(found) - len(pairs)} more"] if len(found) > len(pairs) else []
    words = f"taken for channels of the spend without what stands around their names: {', '.join(pairs)}"
    book.problems.append(Problem("info", "decorated-source", words, _undo(shown[0][0])))


def _undo(source: str) -> str:
    return f"If that is wrong, write under channels in rm-audit.yaml: {{'{source}': '{source}'}}."


def _say_beside(book: Book) -> None:
    """How many, and for which channel; the names that stand beside are not shown, for they may be persons'."""
    counts: dict[str, int] = {}
    for _, channel in _joined(book, "beside"):
        counts[channel] = counts.get(channel, 0) + 1
    for channel, count in counts.items():
        sources = "1 source" if count == 1 else f"{count} sources"
        words = f"{sources} with another name beside '{channel}' {'was' if count == 1 else 'were'} taken for it"
        help = "If one is another channel, write its spelling under channels in rm-audit.yaml."
        book.problems.append(Problem("info", "name-beside-channel", words, help))


def _say_unresolved(book: Book) -> None:
    found = unresolved_sources(book)
    if not found:
        return
    named = [item for item in found if item.nameable][:MOST_NAMED]
    texts = [item.text() for item in named]
    rest = [item for item in found if item not in named]
    if rest:
        hires = sum(item.hires or 0 for item in rest)
        texts.append(f"and {len(rest)} more" + (f" with {hires} hire{'s' * (hires != 1)}" if hires else ""))
    many = "1 source is" if len(found) == 1 else f"{len(found)} sources are"
    words = f"{many} no channel of the spend and of no known kind: {', '.join(texts)}"
    level: Level = "warning" if any(item.hires for item in found) else "info"
    book.problems.append(Problem(level, "unresolved-source", words, _remedy(named)))


def _remedy(named: Sequence[Unresolved]) -> str:
    if not named:
        return "Their spellings may hold names of persons. Write each under channels in rm-audit.yaml."
    lines = ", ".join(f"{quoted(item.name)}: CHANNEL" for item in named)
    return f"Write under channels in rm-audit.yaml what each is: {{{lines}}}, with {{kind: KIND}} for one of its own."
