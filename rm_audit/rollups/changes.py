"""Rows that are changes of stage: a plain copy holds one row an application, with the first day of each stage.

It is the row that comes first, as where cells are read (`profiles/stages.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from rm_audit.days import from_day
from rm_audit.profiles.model import Layout
from rm_audit.profiles.stages import STAGE_DAYS, stage_is
from rm_audit.progress import following
from rm_audit.readers.pieces import ROWS, Pieces
from rm_audit.readers.whole import HEAD_ROWS
from rm_audit.rollups.asking import who
from rm_audit.rollups.duck import Duck, stoppable
from rm_audit.rollups.lines import blank_lines, in_file
from rm_audit.rollups.plan import Earlier, NotPlainError, Plan, plan_of
from rm_audit.rollups.shape import Arrays
from rm_audit.rollups.sql import DUCKDB, bad, is_one_of, place, shown

KEYS = ("job", "application_id")  # of an application, beside its person
_DAY = "applied_at"  # of each change
_MOST = 1 << 40  # more than a file has rows
_BEFORE, _NO_DAY = 1 << 20, 1 << 22  # more days than there are before 1970, and than there are at all


@dataclass(frozen=True)
class _Firsts:
    """The first row of each application, by its number in the file and in order; the day of each stage, since 1970; and
    the numbers of the other rows."""

    rows: NDArray[np.int64]
    days: Mapping[str, np.ma.MaskedArray[tuple[int, ...], np.dtype[np.int64]]]
    others: NDArray[np.int64]


def without_changes(plan: Plan, memory: str) -> Plan:
    """The plan of another copy, which has one row an application. Raises NotPlainError where a row holds a cell that
    nobody can read."""
    if "stage" not in plan.columns or _DAY not in plan.columns:
        raise NotPlainError("changes of stage without their stage or day")
    engine = _Changes(plan, memory)
    try:
        firsts = engine.firsts()
    finally:
        engine.close()
    path = plan.whole.path.with_name("first.csv")
    _write(plan, path, firsts)
    plan.whole.path.unlink()
    layout = _with_days(plan.layout, len(plan.header))
    with_head = replace(plan.block, rows=_head(path)[plan.block.top :])
    made = plan_of(replace(plan.whole, path=path), with_head, layout, plan.period, plan.key)
    return replace(made, head=plan.head, blanks=plan.blanks, earlier=Earlier(0, firsts.others))


def _with_days(layout: Layout, width: int) -> Layout:
    days = {day: width + number for number, day in enumerate(STAGE_DAYS.values())}
    columns = {name: at for name, at in layout.columns.items() if name != "stage"}
    return replace(layout, columns={**columns, **days}, headers=(*layout.headers, *days))


def _head(path: Path) -> list[list[str | None]]:
    pieces = Pieces(path, ",")
    try:
        return [[cell or None for cell in row] for row in islice(next(iter(pieces)), HEAD_ROWS)]
    finally:
        pieces.close()


class _Changes(Duck):
    def firsts(self) -> _Firsts:
        self._rejects = True
        words = f"Looking for the first row of each application in {self._plan.head.file}"
        try:
            with following(words, self._con.query_progress), stoppable():
                count, odd, found = self._found()
        except duckdb.Error as error:
            raise NotPlainError(str(error).splitlines()[0]) from None
        if odd or self._rejected():
            raise NotPlainError("changes of stage with cells that are not plain")
        blank = blank_lines(self._plan)
        other = np.ones(count + 1, dtype=bool)
        other[found["line"]] = other[0] = False
        rows, others = (in_file(self._plan.skip + lines, blank) for lines in (found["line"], np.flatnonzero(other)))
        return _Firsts(rows, {day: np.ma.masked_array(found[day]) for day in STAGE_DAYS.values()}, others)

    def _found(self) -> tuple[int, bool, Arrays]:
        """Applications are compared by 128 bits made of each, for millions of texts would not fit into memory."""
        plan = self._plan
        day = shown(_DAY, plan, self.types, DUCKDB)
        key = f"concat_ws(chr(31), {', '.join(self._keys())})"
        order = f"coalesce({day} + {_BEFORE}, {_NO_DAY})::bigint * {_MOST} + line"
        met = self.read("stage")
        reached = [f"case when {self._reached(name, met)} then {day} end as {at}" for name, at in STAGE_DAYS.items()]
        odd = f"({bad(plan, self.types, DUCKDB)})::tinyint as odd"
        seen = f"select hash({key}) as one, hash({key}, 1) as other, {order} as place, {', '.join(reached)}, {odd}"
        days = ", ".join(f"min({at}) as {at}" for at in STAGE_DAYS.values())
        firsts = f"select min(place) % {_MOST} as line, {days}, count(*) as many, max(odd) as odd from seen"
        self._con.execute(f"create temp table seen as {seen} from ({self._lines()})")
        self._con.execute(f"create temp table firsts as {firsts} group by one, other")
        count, wrong = self._asked("select coalesce(sum(many), 0), coalesce(max(odd), 0) from firsts")[0]
        names = ", ".join(("line", *STAGE_DAYS.values()))
        return int(count), wrong > 0, self._fetched(f"select {names} from firsts order by line")

    def _keys(self) -> Iterator[str]:
        """The cells that are alike in all rows of an application."""
        yield "''"
        places = [who(self._plan)] if self._plan.layout.person is not None else []
        for at in (*places, *(self._plan.columns[name] for name in KEYS if name in self._plan.columns)):
            yield f"coalesce({place(at)}, '')"

    def _reached(self, name: str, met: Mapping[str, str | None]) -> str:
        """Whether a row is of a stage; `met` are all stages, as written and as read."""
        words = self._plan.layout.profile.words["stages"][name]
        texts = [written for written, read in met.items() if stage_is(read, words)]
        return is_one_of(place(self._plan.columns["stage"]), texts, DUCKDB)


def _write(plan: Plan, path: Path, firsts: _Firsts) -> None:
    """Writes a copy with the first row of each application alone, and its days behind its cells; and empty lines."""
    header = ",".join(("", *STAGE_DAYS.values())).encode()
    added = _added(firsts)
    wanted, text = next(added, (0, b""))
    with plan.whole.path.open("rb") as file, path.open("wb") as out:
        for number, line in enumerate(file, 1):
            if number < plan.skip:
                out.write(line)
            elif number == plan.skip:
                out.write(line.rstrip(b"\n") + header + b"\n")
            elif line == b"\n":  # rows below it keep their numbers by it
                out.write(line)
            elif number == wanted:
                out.write(line.rstrip(b"\n") + text + b"\n")
                wanted, text = next(added, (0, b""))


def _added(firsts: _Firsts) -> Iterator[tuple[int, bytes]]:
    """The number of each row, and the cells of its days. There may be millions, of which a piece is made at a time; and
    there are few days."""
    columns = [column.filled(_NO_DAY) for column in firsts.days.values()]
    met = {day for column in columns for day in np.unique(column).tolist()} - {_NO_DAY}
    cells = {_NO_DAY: b",", **{day: b"," + from_day(day).isoformat().encode() for day in met}}
    for start in range(0, len(firsts.rows), ROWS):
        piece = slice(start, start + ROWS)
        for row, *days in zip(*(column[piece].tolist() for column in (firsts.rows, *columns)), strict=True):
            yield row, b"".join(map(cells.__getitem__, days))
