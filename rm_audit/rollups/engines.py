"""Which engine looks at a file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from rm_audit.profiles.repeats import Key
from rm_audit.readers.sessions import failures, reason
from rm_audit.rollups.odd import OddRow
from rm_audit.rollups.plan import NotPlainError, Plan
from rm_audit.rollups.shape import Arrays, Columns


class Engine(Protocol):
    """What an engine is asked: the groups of a file, and the rows that it should not read."""

    name: str
    broken: list[OddRow]

    def groups(self, monthly: bool) -> Columns: ...

    def odd_rows(self, named: Mapping[str, Sequence[str]]) -> list[OddRow]: ...

    def last_rows(self, most: int, /) -> list[OddRow]:
        """The last rows, in the order of the file, but for broken ones; none where they have no order."""
        ...

    def ids(self, name: str) -> tuple[bool, bool]:
        """Whether a column of ids has one twice, and whether it has one that a spreadsheet has rounded."""
        ...

    def repeated(self, apart: Collection[Key]) -> Arrays | None:
        """Who applies again, by source, job and day, but for some keys. None where the rows do not say."""
        ...

    def applied(self, keys: Collection[Key]) -> list[tuple[str, str, str, int]]:
        """The plain rows of some keys: source and job as written, who, and the day."""
        ...

    def close(self) -> None: ...


def engine_of(name: str, plan: Plan, memory: str) -> Engine:
    """The engine of a name; DuckDB for `auto`."""
    if name == "spark":
        from rm_audit.rollups.spark import Remote, Spark

        return Remote(plan, memory) if plan.whole.kind == "spark" else Spark(plan, memory)
    if name == "pandas":
        from rm_audit.rollups.memory import Memory

        return Memory(plan, memory)
    from rm_audit.rollups.duck import Duck

    return Duck(plan, memory)


@contextmanager
def answering(name: str) -> Iterator[None]:
    """Inside of it, what Spark cannot do is a NotPlainError: damaged files, addresses that are gone."""
    own = failures() if name == "spark" else ()
    try:
        yield
    except own as error:
        raise NotPlainError(f"Spark could not read it: {reason(error)}") from None
