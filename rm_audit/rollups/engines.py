"""Which engine looks at a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from rm_audit.rollups.odd import OddRow
from rm_audit.rollups.plan import Plan
from rm_audit.rollups.shape import Columns


class Engine(Protocol):
    """What an engine is asked: the groups of a file, and the rows that it should not read."""

    name: str
    broken: list[OddRow]

    def groups(self, monthly: bool) -> Columns: ...

    def odd_rows(self, named: Mapping[str, Sequence[str]]) -> list[OddRow]: ...

    def repeats(self, name: str) -> bool:
        """Whether a column of ids has one twice, or one that a spreadsheet has rounded."""
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
