"""Rows of spend that a word calls planned or cancelled: what they add up to is no spend, and is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from rm_audit.cells import letters
from rm_audit.errors import Problem
from rm_audit.profiles.headers import plain
from rm_audit.profiles.model import Extract, SetAside
from rm_audit.profiles.unspent import FEW_WORDS, NOT_SPENT, PLANNED, VOID, say_unspent, words_of_unspent
from rm_audit.rollups.duck import Duck
from rm_audit.rollups.marks import MARK, ODD, ROWS
from rm_audit.rollups.marks import VOID as VOID_MARK
from rm_audit.rollups.odd import OddRow, cell_of
from rm_audit.rollups.plan import NotPlainError, Plan
from rm_audit.rollups.shape import texts_of
from rm_audit.rollups.sql import DUCKDB, is_odd, is_of, is_one_of, place, shown

BESIDE = "rows called planned or cancelled among those that are read cell by cell"


@dataclass(frozen=True)
class Unspent:
    """The rows that some texts of a column say it of: how many, their micro-units, the first and what it is called."""

    place: int
    texts: frozenset[str]
    reason: str
    rows: int
    amount: int
    first: int
    word: str


def columns_of_unspent(groups: pd.DataFrame, plan: Plan) -> list[int]:
    """The places of columns of which a word may say it; none where no row has one."""
    named = [plan.columns[name] for name in plan.texts if _few(texts_of(groups, name)) & (PLANNED | VOID)]
    marked = bool((groups[MARK] & VOID_MARK).any())
    return sorted({*named, *(plan.words if marked else ())})


def _few(texts: Sequence[str]) -> set[str]:
    """The words, where they are few; none as soon as they are more, for there may be many."""
    words: set[str] = set()
    for text in texts:
        words.add(text.strip().casefold())
        if len(words) > FEW_WORDS:
            return set()
    return words


def unspent_of(plan: Plan, memory: str, places: Sequence[int], broken: Sequence[OddRow]) -> list[Unspent]:
    """The rows that a word of these columns says it of, column by column. Raises NotPlainError where rows have no
    numbers."""
    if plan.whole.kind == "spark":
        raise NotPlainError("rows that a word calls planned or cancelled")
    as_written, engine = _Words(replace(plan, blanks=("",)), memory), _Words(plan, memory)
    try:
        words = list(_words(plan, {at: as_written.texts(at) for at in places}, broken))
        return list(engine.left_out(words))
    finally:
        as_written.close()
        engine.close()


def _words(
    plan: Plan, texts: Mapping[int, set[str]], broken: Sequence[OddRow]
) -> Iterator[tuple[int, frozenset[str], str]]:
    for at, own in texts.items():
        header = plan.layout.headers[at - plan.block.left]
        beside = {cell for item in broken if isinstance(cell := cell_of(item, at), str)}
        for said, why in words_of_unspent(sorted((own | beside) - {str(header)}), plain(header)):
            yield at, said, why


class _Words(Duck):
    def texts(self, at: int) -> set[str]:
        """The distinct texts of a column, or more than are few."""
        self._rejects = True
        column = place(at)
        if not is_of(self.types[column], ("varchar",)):
            return set()
        query = f"select distinct {column} from {self._source()} where {column} is not null limit {FEW_WORDS + 3}"
        return {text for (text,) in self._asked(query)}

    def left_out(self, words: Sequence[tuple[int, frozenset[str], str]]) -> Iterator[Unspent]:
        """What the rows of each add up to. A row that several say it of is of the first."""
        self._rejects = True
        before = is_odd(self._plan, self.types, DUCKDB)
        amount = shown("amount", self._plan, self.types, DUCKDB)
        for at, texts, why in words:
            said = is_one_of(place(at), texts, DUCKDB)
            figures = f"count(*), sum({amount}), min(line), arg_min({place(at)}, line)"
            query = f"select {figures} from ({self._lines()}) where {said} and not coalesce({before}, false)"
            ((rows, money, line, word),) = self._asked(query)
            before = f"({before} or coalesce({said}, false))"
            if rows:
                self.broken = self._rejected() if self._plan.whole.kind == "csv" else []
                (first,) = self._rows([line])
                yield Unspent(at, texts, why, int(rows), int(money), first, word)


def with_unspent(plan: Plan, found: Sequence[Unspent]) -> Plan:
    """The plan that marks these rows and no others."""
    texts: dict[int, frozenset[str]] = {}
    for item in found:
        texts[item.place] = texts.get(item.place, frozenset()) | item.texts
    return replace(plan, words=(), unspent=texts)


def all_marked(groups: pd.DataFrame, found: Sequence[Unspent]) -> bool:
    """Whether the rows that are marked are these and no others."""
    marked = (groups[MARK] & (VOID_MARK | ODD)) == VOID_MARK
    return int(groups[ROWS][marked].sum()) == sum(item.rows for item in found)


def said_of_unspent(plan: Plan, found: Sequence[Unspent]) -> list[Problem]:
    """A word on the rows of each kind."""
    problems = []
    for item in found:
        said = say_unspent(item.rows, item.word, item.amount)
        place = f"{letters(item.place + 1)}{item.first}"
        problems.append(Problem("warning", NOT_SPENT, *said, plan.head.file, "", place))
    return problems


def set_aside_with(found: Sequence[Unspent], others: Sequence[SetAside]) -> list[SetAside]:
    """The rows with their money among the others that are set aside, in the order in which each kind is met."""
    kinds = [(item.first, SetAside(0, item.reason, item.amount, item.rows)) for item in found]
    both = [*((item.row, item) for item in others), *kinds]
    return [item for _, item in sorted(both, key=lambda pair: pair[0])]


def check_beside(plan: Plan, rows: Sequence[OddRow], read: Extract) -> None:
    """Whether no row that was read by itself is one of them, for all rows together decide that."""
    aside = {item.row for item in read.set_aside}
    said = any(
        cell_of(item, at) in texts for item in rows if item.row not in aside for at, texts in plan.unspent.items()
    )
    if said or any(item.code == NOT_SPENT for item in read.problems):
        raise NotPlainError(BESIDE)
