"""Applications that stand in several rows, one a change of stage: a plain copy holds one row of each.

It is the one that got furthest, as where cells are read (`profiles/stages.py`), and of several such rows the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from rm_audit.profiles.stages import DAY_REACH, stage_reach
from rm_audit.progress import following
from rm_audit.rollups.duck import Duck, stoppable
from rm_audit.rollups.lines import blank_lines, in_file
from rm_audit.rollups.plan import Earlier, NotPlainError, Plan
from rm_audit.rollups.sql import DUCKDB, bad, literal, place, shown

_WORDS = "Looking for the stages of each application in {}"
_MOST = 1 << 40  # more than a file has rows


def without_history(plan: Plan, memory: str) -> Plan:
    """The plan of the copy without earlier rows of an application. Raises NotPlainError where a row of an application
    that stands in several holds a cell that nobody can read."""
    if "application_id" not in plan.columns:
        return plan
    engine = _Stages(plan, memory)
    try:
        applications, rows = engine.history(_reach(plan, engine))
    finally:
        engine.close()
    if not applications:
        return plan
    _drop(plan.whole.path, rows)
    return replace(plan, earlier=Earlier(applications, rows))


class _Stages(Duck):
    def history(self, reach: str) -> tuple[int, NDArray[np.int64]]:
        """How many applications stand in several rows, and the rows of each that did not get as far as another, or come
        later. Raises NotPlainError where a row cannot be read: it may be another of them."""
        self._rejects = True
        try:
            with following(_WORDS.format(self._plan.head.file), self._con.query_progress), stoppable():
                applications, odd, rows = self._earlier(reach)
        except duckdb.Error as error:
            raise NotPlainError(str(error).splitlines()[0]) from None
        if odd or self._rejected():
            raise NotPlainError("applications in several rows, with cells that are not plain")
        return applications, in_file(self._plan.skip + rows, blank_lines(self._plan))

    def _earlier(self, reach: str) -> tuple[int, bool, NDArray[np.int64]]:
        """Ids are compared by 128 bits made of each, for millions of texts would not fit into memory."""
        application, odd = place(self._plan.columns["application_id"]), bad(self._plan, self.types, DUCKDB)
        both = f"hash({application}) as one, hash({application}, 1) as other"
        kept = f"({reach})::bigint * {_MOST} - line as far, ({odd})::tinyint as odd"
        seen = f"select line, {both}, {kept} from ({self._lines()}) where {application} is not null"
        furthest = "select one, other, max(far) as furthest, max(odd) as odd from seen group by all having count(*) > 1"
        self._con.execute(f"create temp table seen as {seen}; create temp table applications as {furthest}")
        count, wrong = self._asked("select count(*), coalesce(max(odd), 0) from applications")[0]
        earlier = "select line from seen join applications using (one, other) where far < furthest order by line"
        return int(count), wrong > 0, self._fetched(earlier)["line"]


def _reach(plan: Plan, engine: Duck) -> str:
    """How far a row's application got, in the engine's words: 0 to 4."""
    days = {reach: shown(name, plan, engine.types, DUCKDB) for name, reach in DAY_REACH.items() if name in plan.days}
    found = [f"case when {day} is not null then {reach} else 0 end" for reach, day in days.items()]
    if "stage" in plan.columns:
        stage = place(plan.columns["stage"])
        found.append(f"case {_whens(stage, engine.read('stage'), plan)} else 0 end")
    return f"greatest({', '.join([*found, '0', '0'])})"


def _whens(column: str, stages: Mapping[str, str | None], plan: Plan) -> str:
    """Each stage as the file writes it that means one that was reached."""
    reached = {text: stage_reach(stage, plan.layout.profile) for text, stage in stages.items()}
    whens = [f"when {column} = {literal(text, DUCKDB)} then {reach}" for text, reach in reached.items() if reach]
    return " ".join(whens) or "when false then 0"


def _drop(path: Path, rows: NDArray[np.int64]) -> None:
    """Writes the copy anew without some of its lines. (Millions of empty lines are more than an engine takes.)"""
    kept, gone = path.with_suffix(".kept"), np.zeros(int(rows.max()) + 1, dtype=np.uint8)
    gone[rows] = 1
    dropped, last = gone.tobytes(), len(gone)
    with path.open("rb") as file, kept.open("wb") as out:
        out.writelines(line for number, line in enumerate(file, 1) if number >= last or not dropped[number])
    kept.replace(path)
