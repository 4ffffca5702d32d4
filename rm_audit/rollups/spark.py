"""Spark rolls up a file on a cluster, or on this machine where no cluster is configured.

Rows that no engine should read are few, and are fetched by the way that numbers them, for Spark keeps no row numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np

from rm_audit.profiles.repeats import Key
from rm_audit.readers.cluster import rows_at
from rm_audit.readers.model import plain_value
from rm_audit.readers.sessions import session
from rm_audit.rollups.asking import applicants, can_ask, of_keys
from rm_audit.rollups.duck import MOST_ODD, Duck
from rm_audit.rollups.expressions import rolled
from rm_audit.rollups.odd import OddRow
from rm_audit.rollups.plan import NotPlainError, WrittenError
from rm_audit.rollups.shape import Arrays, Columns
from rm_audit.rollups.sql import SPARK, is_odd, is_one_of, literal, place, typed

_BROKEN = "broken_line"  # where Spark puts a line with too many or too few cells
_VIEW = "rm_audit_rows"


class Spark(Duck):
    """One file under Spark."""

    name = "spark"
    _dialect = SPARK
    _seen: Mapping[str, str]  # the types of what was rolled up

    def _rolled(self, monthly: bool) -> Columns:
        plan = self._plan
        rows = self._csv_rows(session()) if plan.whole.kind == "csv" else self._parquet_rows(session())
        rows.createOrReplaceTempView(_VIEW)
        types = {name: kind for name, kind in rows.dtypes if name != _BROKEN}
        return self._collected(types, monthly)

    def _collected(self, types: Mapping[str, str], monthly: bool) -> Columns:
        self._seen = types
        return self._columns(rolled(self._lazy(typed(self._plan, _VIEW, types, SPARK)), self._plan, monthly))

    def applied(self, keys: Collection[Key]) -> list[tuple[str, str, str, int]]:
        """The plain rows of some keys: source and job as written, who, and the day."""
        query = of_keys(self._applicants() or "", keys, SPARK, among=True)
        return [tuple(row) for row in session().sql(query).collect()] if keys else []

    def _applicants(self) -> str | None:
        return applicants(self._plan, _VIEW, self._seen, SPARK) if can_ask(self._plan, self._seen) else None

    def _lazy(self, query: str) -> nw.LazyFrame[Any]:
        found: nw.LazyFrame[Any] = nw.from_native(session().sql(query))
        return found

    def _kept(self, query: str) -> nw.LazyFrame[Any]:
        """Not kept: a session remembers such rows by the name of their file, whatever stands in it next time."""
        return self._lazy(query)

    def _columns(self, lazy: nw.LazyFrame[Any]) -> Arrays:
        native: Any = lazy.to_native()
        found = native.collect()
        return {name: _column([row[name] for row in found], kind) for name, kind in native.dtypes}

    def _csv_rows(self, session: Any) -> Any:
        plan = self._plan
        if plan.skip != 1:
            raise NotPlainError("lines above its header")
        names = [place(number) for number in range(len(plan.header))]
        schema = ", ".join(f"{name} string" for name in (*names, _BROKEN))
        reader = session.read.schema(schema).option("columnNameOfCorruptRecord", _BROKEN)
        options = {"header": "true", "enforceSchema": "true", "sep": plan.whole.delimiter, "quote": '"', "escape": '"'}
        lines = reader.options(**options).csv(str(plan.whole.path))
        # Spark wants to be asked for more than the broken lines alone.
        self._check_broken(lines.selectExpr(f"count({_BROKEN}) as broken", "count(c0) as first").first()["broken"])
        return _known(lines.where(f"{_BROKEN} is null").select(*names), plan.blanks)

    def _check_broken(self, count: int) -> None:
        """Fetches broken lines with their numbers; raises NotPlainError where it does not find as many."""
        if not count:
            return
        self._rejects = True
        self._con.execute(f"select count(c0) from {self._source()}").fetchall()
        self.broken = self._rejected()
        if len(self.broken) != count:
            raise WrittenError("cells that hold line ends")

    def _parquet_rows(self, session: Any) -> Any:
        path = self._plan.whole.path
        found = session.read.option("basePath", str(_root(path))).parquet(str(path))
        names = [f"`{name.replace('`', '``')}` as {place(n)}" for n, name in enumerate(self._plan.header)]
        return found.selectExpr(*names)


def _root(path: Path) -> Path:
    """The folder under which `column=value` folders part a table; the file's own where none do."""
    parts = [folder for folder in path.parents if "=" in folder.name]
    return parts[-1].parent if parts else path.parent


class Remote(Spark):
    """What only Spark can read: it is asked for the rows that no engine should read too, which have no numbers."""

    def _look(self) -> dict[str, str]:
        frame = rows_at(self._plan.whole.address)
        names = [f"`{name.replace('`', '``')}` as {place(n)}" for n, name in enumerate(self._plan.header)]
        rows = _known(frame.selectExpr(*names), self._plan.blanks)
        rows.createOrReplaceTempView(_VIEW)
        self._rows_there = rows
        return dict(rows.dtypes)

    def _rolled(self, monthly: bool) -> Columns:
        return self._collected(self.types, monthly)

    def last_rows(self, _most: int, /) -> list[OddRow]:
        """None: rows of a cluster have no order."""
        return []

    def ids(self, name: str) -> tuple[bool, bool]:
        """Whether a column of ids has one twice, and whether it has one that a spreadsheet has rounded."""
        text = f"trim(cast({place(self._plan.columns[name])} as string))"
        query = f"select count({text}), count(distinct {text}), count_if({text} ilike '%e+%') from {_VIEW}"
        every, distinct, rounded = session().sql(query).first()
        return every != distinct, bool(rounded)

    def odd_rows(self, named: Mapping[str, Sequence[str]]) -> list[OddRow]:
        """Rows that hold a cell which is not plain, or a text that is `named` in a column; their number is 0."""
        wanted = [is_one_of(place(self._plan.columns[name]), texts, SPARK) for name, texts in named.items()]
        wanted.append(is_odd(self._plan, self.types, SPARK))
        found = self._rows_there.where(" or ".join(wanted)).limit(MOST_ODD + 1).collect()
        if len(found) > MOST_ODD:
            raise NotPlainError(f"more than {MOST_ODD:,} rows with cells that are not plain")
        return [OddRow(0, cells) for cells in sorted((list(map(plain_value, row)) for row in found), key=str)]


def _known(rows: Any, blanks: Sequence[str]) -> Any:
    """Rows without the texts that mean no value."""
    texts = ", ".join(literal(text, SPARK) for text in blanks)
    known = [
        f"case when {name} in ({texts}) then null else {name} end as {name}" if kind == "string" else name
        for name, kind in rows.dtypes
    ]
    return rows.selectExpr(*known)


def _column(values: list[Any], kind: str) -> np.ndarray[Any, Any]:
    if kind == "string":
        return np.array([*values, None], dtype=object)[:-1]
    mask = np.array([value is None for value in values], dtype=bool)
    numbers = np.array(
        [0 if value is None else value for value in values], dtype=np.int32 if kind == "int" else np.int64
    )
    return np.ma.MaskedArray(numbers, mask)
