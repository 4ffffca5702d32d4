"""Spark rolls up a file on a cluster, or on this machine where no cluster is configured.

Rows that no engine should read are few, and are fetched by the way that numbers them, for Spark keeps no row numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from rm_audit.profiles.repeats import Key
from rm_audit.readers.cluster import rows_at
from rm_audit.readers.model import plain_value
from rm_audit.readers.sessions import session
from rm_audit.rollups.asking import applicants, can_ask, of_keys
from rm_audit.rollups.duck import MOST_ODD, Duck
from rm_audit.rollups.expressions import rolled
from rm_audit.rollups.marks import BAD, MARK, ROWS
from rm_audit.rollups.odd import OddRow
from rm_audit.rollups.plan import NotPlainError, WrittenError
from rm_audit.rollups.shape import Columns
from rm_audit.rollups.sql import SPARK, is_odd, is_one_of, literal, place, typed

_BROKEN = "broken_line"  # where Spark puts a line with too many or too few cells
_IS_BROKEN = 1 << 20  # a mark beside those that all engines give
_LINES, _VIEW = "rm_audit_lines", "rm_audit_rows"


class Spark(Duck):
    """One file under Spark."""

    name = "spark"
    _dialect = SPARK
    _typing = False
    _seen: Mapping[str, str]  # the types of what was rolled up

    def _rolled(self, monthly: bool) -> Columns:
        if self._plan.whole.kind == "csv":
            return self._rolled_lines(monthly)
        rows = self._parquet_rows(session())
        rows.createOrReplaceTempView(_VIEW)
        self._seen = dict(rows.dtypes)
        return self._rolled_view(monthly)

    def _rolled_view(self, monthly: bool) -> Columns:
        return self._columns(rolled(self._typed(_VIEW), self._plan, monthly))

    def _rolled_lines(self, monthly: bool) -> Columns:
        """Broken lines are a group of their own, of which no word leaves the engine, so that the file is read once."""
        lines = self._csv_lines(session())
        whole = lines.where(f"{_BROKEN} is null").drop(_BROKEN)
        whole.createOrReplaceTempView(_VIEW)
        self._seen = dict(whole.dtypes)
        cells = [f"case when {_BROKEN} is null then {name} end as {name}" for name in whole.columns]
        lines.selectExpr(*cells, _BROKEN).createOrReplaceTempView(_LINES)
        mark = nw.when(nw.col(_BROKEN).is_null()).then(nw.col(BAD)).otherwise(nw.lit(_IS_BROKEN))
        found = self._columns(rolled(self._typed(_LINES, _BROKEN).with_columns(mark.alias(BAD)), self._plan, monthly))
        broken = (np.ma.getdata(found[MARK]) & _IS_BROKEN).astype(bool)
        self._check_broken(int(np.ma.getdata(found[ROWS])[broken].sum()))
        return {name: values[~broken] for name, values in found.items()}

    def _typed(self, view: str, *more: str) -> nw.LazyFrame[Any]:
        return self._lazy(typed(self._plan, view, self._seen, SPARK, more))

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

    def _columns(self, lazy: nw.LazyFrame[Any]) -> Columns:
        """By way of Arrow: a million groups, each a row of Python, take nine seconds more."""
        native: Any = lazy.to_native()
        found = native.toArrow()
        return {name: _column(found.column(name)) for name in found.column_names}

    def _csv_lines(self, session: Any) -> Any:
        plan = self._plan
        if plan.skip != 1:
            raise NotPlainError("lines above its header")
        names = [place(number) for number in range(len(plan.header))]
        schema = ", ".join(f"{name} string" for name in (*names, _BROKEN))
        reader = session.read.schema(schema).option("columnNameOfCorruptRecord", _BROKEN)
        options = {"header": "true", "enforceSchema": "true", "sep": plan.whole.delimiter, "quote": '"', "escape": '"'}
        return _known(reader.options(**options).csv(str(plan.whole.path)), plan.blanks)

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
        self._seen = self.types
        return self._rolled_view(monthly)

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
        f"case when {name} in ({texts}) then null else {name} end as {name}"
        if kind == "string" and name != _BROKEN
        else name
        for name, kind in rows.dtypes
    ]
    return rows.selectExpr(*known)


def _column(cells: Any) -> Any:
    """One of Arrow's columns: words by their numbers, or integers in a masked array."""
    if str(cells.type) == "string":
        coded = cells.combine_chunks().dictionary_encode()
        codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return pd.Categorical.from_codes(codes, pd.Index(coded.dictionary.to_pylist(), dtype=object))
    mask = cells.is_null().to_numpy()
    return np.ma.MaskedArray(cells.fill_null(0).to_numpy(), mask)
