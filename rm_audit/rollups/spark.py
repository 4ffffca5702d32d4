"""Spark rolls up a file on a cluster, or on this machine where no cluster is configured.

Rows that no engine should read are few, and are fetched by the way that numbers them, for Spark keeps no row numbers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np

from rm_audit.errors import Problem, UsageError
from rm_audit.rollups.duck import Columns, Duck
from rm_audit.rollups.expressions import rolled
from rm_audit.rollups.plan import NotPlainError
from rm_audit.rollups.sql import SPARK, place, typed

_BROKEN = "broken_line"  # where Spark puts a line with too many or too few cells
_VIEW = "rm_audit_rows"
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",  # what is being done is said by whoever waits
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.csv.parser.columnPruning.enabled": "false",  # else a broken line is only seen in columns that are used
}


class Spark(Duck):
    """One file under Spark."""

    name = "spark"

    def _rolled(self, monthly: bool) -> Columns:
        plan = self._plan
        session = _session()
        rows = self._csv_rows(session) if plan.whole.kind == "csv" else self._parquet_rows(session)
        rows.createOrReplaceTempView(_VIEW)
        types = {name: kind for name, kind in rows.dtypes if name != _BROKEN}
        lazy: nw.LazyFrame[Any] = nw.from_native(session.sql(typed(plan, _VIEW, types, SPARK)))
        native: Any = rolled(lazy, plan, monthly).to_native()
        found = native.collect()
        return {name: _column([row[name] for row in found]) for name in native.columns}

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
        blanks = ", ".join("'" + text.replace("'", "\\'") + "'" for text in plan.blanks)
        known = [f"case when {name} in ({blanks}) then null else {name} end as {name}" for name in names]
        return lines.where(f"{_BROKEN} is null").selectExpr(*known)

    def _check_broken(self, count: int) -> None:
        """Fetches broken lines with their numbers; raises NotPlainError where it does not find as many."""
        if not count:
            return
        self._rejects = True
        self._con.execute(f"select count(c0) from {self._source()}").fetchall()
        self.broken = self._rejected()
        if len(self.broken) != count:
            raise NotPlainError("cells that hold line ends")

    def _parquet_rows(self, session: Any) -> Any:
        path = self._plan.whole.path
        found = session.read.option("basePath", str(_root(path))).parquet(str(path))
        names = [f"`{name.replace('`', '``')}` as {place(n)}" for n, name in enumerate(self._plan.header)]
        return found.selectExpr(*names)


def _root(path: Path) -> Path:
    """The folder under which `column=value` folders part a table; the file's own where none do."""
    parts = [folder for folder in path.parents if "=" in folder.name]
    return parts[-1].parent if parts else path.parent


def _session() -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise _missing("PySpark is not installed") from None
    builder = SparkSession.builder.appName("rm-audit")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except (RuntimeError, OSError):
        raise _missing("Spark did not start") from None
    session.sparkContext.setLogLevel("ERROR")
    return session


def _missing(words: str) -> UsageError:
    help = 'It needs pip install "rm-audit[spark]" and Java 17 or later (JAVA_HOME); --engine duckdb needs neither.'
    return UsageError(Problem("error", "no-spark", f"--engine spark: {words}", help))


def _column(values: list[Any]) -> np.ndarray[Any, Any]:
    mask = np.array([value is None for value in values], dtype=bool)
    if any(isinstance(value, str) for value in values) or mask.all():
        return np.array([*values, None], dtype=object)[:-1]
    return np.ma.MaskedArray(np.array([0 if value is None else value for value in values], dtype=np.int64), mask)
