"""Rows of spend that a word calls planned or cancelled, which are no spend, and those that it calls a credit or a
payment, which are added up as they stand: how many they are, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from rm_audit.cells import letters
from rm_audit.errors import Problem
from rm_audit.profiles.headers import plain
from rm_audit.profiles.model import Extract, SetAside
from rm_audit.profiles.unspent import (
    FEW_WORDS,
    NOT_SPENT,
    PERHAPS_CREDIT,
    PLANNED,
    VOID,
    say_credits,
    say_unspent,
    texts_of_credits,
    words_of_unspent,
)
from rm_audit.rollups.duck import Duck
from rm_audit.rollups.marks import MARK, ODD, ROWS
from rm_audit.rollups.marks import VOID as VOID_MARK
from rm_audit.rollups.odd import OddRow, cell_of
from rm_audit.rollups.plan import NotPlainError, Plan
from rm_audit.rollups.shape import texts_of
from rm_audit.rollups.sql import DUCKDB, credits_in, is_odd, is_of, is_one_of, paid, place, shown

Texts = Mapping[int, frozenset[str]]
BESIDE = "rows called planned, cancelled or credits among those that are read cell by cell"


@dataclass(frozen=True)
class Called:
    """The rows that some texts of a column call something: how many, their micro-units, the first and what it is
    called. With a `reason` they are set aside."""

    place: int
    texts: frozenset[str]
    reason: str
    rows: int
    amount: int
    first: int
    word: str


def called(plan: Plan, groups: pd.DataFrame, memory: str, broken: Sequence[OddRow]) -> tuple[Plan, list[Called]]:
    """What words call the rows, column by column; and the plan that marks those which are no spend, and no others.
    Raises NotPlainError where rows have no numbers."""
    named = {at: texts_of(groups, name) for name in plan.texts if (at := plan.columns[name]) is not None}
    marked = bool((groups[MARK] & VOID_MARK).any())
    states = sorted(
        {*(at for at, texts in named.items() if _few(texts) & (PLANNED | VOID)), *(plan.words if marked else ())}
    )
    credits = {at: found for at, texts in named.items() if (found := texts_of_credits(texts, _header(plan, at)))}
    if not states and not credits:
        return plan, []
    if plan.whole.kind == "spark":
        raise NotPlainError("rows that a word calls planned, cancelled or credits")
    return _called(plan, memory, states, credits, broken)


def _called(
    plan: Plan, memory: str, states: Sequence[int], credits: Texts, broken: Sequence[OddRow]
) -> tuple[Plan, list[Called]]:
    as_written, engine = _Words(replace(plan, blanks=("",)), memory), _Words(plan, memory)
    people = {plan.block.column(at) - 1 for at in (*plan.layout.personal, plan.layout.person) if at is not None}
    try:
        unspent = list(engine.unspent(_words(plan, {at: as_written.texts(at) for at in states}, broken)))
        others = {at: engine.credit_texts(at) for at in states if at not in credits and at not in people}
        texts = sorted({**credits, **others}.items())
        found = list(engine.credits({at: own for at, own in texts if own}, unspent))
    finally:
        as_written.close()
        engine.close()
    return _with(plan, unspent), [*unspent, *found]


def _header(plan: Plan, at: int) -> str:
    """The header of a place of the file, as compared."""
    return plain(plan.layout.headers[at - plan.block.left])


def _few(texts: Sequence[str]) -> set[str]:
    """The words, where they are few; none as soon as they are more, for there may be many."""
    words: set[str] = set()
    for text in texts:
        words.add(text.strip().casefold())
        if len(words) > FEW_WORDS:
            return set()
    return words


def _words(
    plan: Plan, texts: Mapping[int, set[str]], broken: Sequence[OddRow]
) -> Iterator[tuple[int, frozenset[str], str]]:
    for at, own in texts.items():
        beside = {cell for item in broken if isinstance(cell := cell_of(item, at), str)}
        header = str(plan.layout.headers[at - plan.block.left])  # which may stand there again
        for said, why in words_of_unspent(sorted((own | beside) - {header}), _header(plan, at)):
            yield at, said, why


class _Words(Duck):
    def texts(self, at: int) -> set[str]:
        """The distinct texts of a column, or more than are few."""
        column = place(at)
        return self._distinct(at, f"{column} is not null limit {FEW_WORDS + 3}")

    def credit_texts(self, at: int) -> frozenset[str]:
        """The distinct texts of a column that say that money came back, or was paid."""
        return texts_of_credits(sorted(self._distinct(at, credits_in(self._plan, at, DUCKDB))), _header(self._plan, at))

    def _distinct(self, at: int, condition: str) -> set[str]:
        self._rejects = True
        if not is_of(self.types[place(at)], ("varchar",)):
            return set()
        return {text for (text,) in self._asked(f"select distinct {place(at)} from {self._source()} where {condition}")}

    def unspent(self, words: Iterator[tuple[int, frozenset[str], str]]) -> Iterator[Called]:
        """What the rows of each add up to. A row that several say it of is of the first."""
        others = f"not coalesce({is_odd(self._plan, self.types, DUCKDB)}, false)"
        for at, texts, why in words:
            said = is_one_of(place(at), texts, DUCKDB)
            yield from self._rows_of(at, texts, why, f"{said} and {others}")
            others += f" and not coalesce({said}, false)"

    def credits(self, texts: Texts, unspent: Sequence[Called]) -> Iterator[Called]:
        """What the rows of each column add up to whose amounts are no credits."""
        others = f"not coalesce({is_odd(self._plan, self.types, DUCKDB)}, false)"
        for item in unspent:
            others += f" and not coalesce({is_one_of(place(item.place), item.texts, DUCKDB)}, false)"
        amount = shown("amount", self._plan, self.types, DUCKDB)
        for at, own in texts.items():
            said = f"{is_one_of(place(at), own, DUCKDB)} and ({amount} > 0 or {paid(at)})"
            yield from self._rows_of(at, own, "", f"{said} and {others}")

    def _rows_of(self, at: int, texts: frozenset[str], reason: str, condition: str) -> Iterator[Called]:
        self._rejects = True
        amount = shown("amount", self._plan, self.types, DUCKDB)
        figures = f"count(*), sum({amount}), min(line), arg_min({place(at)}, line)"
        ((rows, money, line, word),) = self._asked(f"select {figures} from ({self._lines()}) where {condition}")
        if rows:
            self.broken = self._rejected() if self._plan.whole.kind == "csv" else []
            (first,) = self._rows([line])
            yield Called(at, texts, reason, int(rows), int(money), first, word)


def _with(plan: Plan, unspent: Sequence[Called]) -> Plan:
    texts: dict[int, frozenset[str]] = {}
    for item in unspent:
        texts[item.place] = texts.get(item.place, frozenset()) | item.texts
    return replace(plan, words=(), unspent=texts)


def are_marked(groups: pd.DataFrame, found: Sequence[Called]) -> bool:
    """Whether the rows that are marked are those which are no spend, and no others."""
    marked = (groups[MARK] & (VOID_MARK | ODD)) == VOID_MARK
    return int(groups[ROWS][marked].sum()) == sum(item.rows for item in found if item.reason)


def said_of(plan: Plan, found: Sequence[Called]) -> list[Problem]:
    """A word on the rows of each kind."""
    problems = []
    for item in found:
        code, say = (NOT_SPENT, say_unspent) if item.reason else (PERHAPS_CREDIT, say_credits)
        cell = f"{letters(item.place + 1)}{item.first}"
        problems.append(Problem("warning", code, *say(item.rows, item.word, item.amount), plan.head.file, "", cell))
    return problems


def set_aside_with(found: Sequence[Called], others: Sequence[SetAside]) -> list[SetAside]:
    """The rows that are no spend, with their money, among the others that are set aside: in the order in which each
    kind is met."""
    kinds = [(item.first, SetAside(0, item.reason, item.amount, item.rows)) for item in found if item.reason]
    both = [*((item.row, item) for item in others), *kinds]
    return [item for _, item in sorted(both, key=lambda pair: pair[0])]


def check_beside(rows: Sequence[OddRow], read: Extract, found: Sequence[Called]) -> None:
    """Whether no row that was read by itself is called so too, for all rows together decide that."""
    aside = {item.row for item in read.set_aside}
    used = [item for item in rows if item.row not in aside]
    if any(cell_of(row, item.place) in item.texts for row in used for item in found):
        raise NotPlainError(BESIDE)
    if any(item.code == NOT_SPENT or (found and item.code == PERHAPS_CREDIT) for item in read.problems):
        raise NotPlainError(BESIDE)
