"""What only Spark can read: a path with a scheme (`s3a://bucket/log.parquet`), or a table (`table:marts.spend`)."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from rm_audit.cells import Source
from rm_audit.errors import Problem, UsageError
from rm_audit.readers import problems
from rm_audit.readers.model import FileRead, Sheet, Value, Whole, plain_value

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://.+")
_TABLE = "table:"
_FORMATS = ("parquet", "orc", "json", "csv", "avro", "delta")
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",  # what is being done is said by whoever waits
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.csv.parser.columnPruning.enabled": "false",  # else a broken line is only seen in columns that are used
}


def is_remote(address: str) -> bool:
    """Whether an argument names no file of this machine."""
    return address.startswith(_TABLE) or _SCHEME.fullmatch(address) is not None


def name_of(address: str) -> str:
    """What it is called in the report: its last part, for a bucket or a server is nobody's business."""
    return address.removeprefix(_TABLE) if address.startswith(_TABLE) else address.rstrip("/").rsplit("/", 1)[-1]


def session() -> Any:
    """The Spark session of this process. Raises UsageError where there is none to be had."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise _missing("PySpark is not installed") from None
    builder = SparkSession.builder.appName("rm-audit")
    for name, value in {**_SETTINGS, **_warehouse()}.items():
        builder = builder.config(name, value)
    try:
        found = builder.getOrCreate()
    except (RuntimeError, OSError):
        raise _missing("Spark did not start") from None
    found.sparkContext.setLogLevel("ERROR")
    return found


def _warehouse() -> dict[str, str]:
    """Where nobody configured Spark, its folder of tables is none of the folder that somebody works in."""
    configured = os.environ.get("SPARK_CONF_DIR") or os.environ.get("SPARK_HOME")
    return {} if configured else {"spark.sql.warehouse.dir": str(Path(tempfile.gettempdir(), "rm-audit-spark"))}


def _missing(words: str) -> UsageError:
    help = 'It needs pip install "rm-audit[spark]" and Java 17 or later (JAVA_HOME); --engine duckdb needs neither.'
    return UsageError(Problem("error", "no-spark", f"--engine spark: {words}", help))


def rows_at(address: str) -> Any:
    """Its rows, as Spark's frame; nothing is read yet."""
    if address.startswith(_TABLE):
        return session().table(address.removeprefix(_TABLE))
    suffix = name_of(address).rsplit(".", 1)[-1].lower()
    form = suffix if suffix in _FORMATS else "parquet"
    return session().read.format(form).option("header", "true").load(address)


def open_remote(address: str, rows: int) -> FileRead:
    """The names of the columns, and the first rows under them; the rest is Spark's to add up."""
    source = Source(name_of(address), "")
    from pyspark.errors import PySparkException

    try:
        frame = rows_at(address)
        head: list[list[Value]] = [list(map(plain_value, row)) for row in frame.limit(rows).collect()]
    except PySparkException as error:
        words = f"Spark cannot read this: {str(error).splitlines()[0][:200]}"
        return FileRead(source, "", [], [Problem("error", "unreadable", words, "", source.file)], True)
    sheet = Sheet(source, "", [list(frame.columns), *head])
    whole = Whole(Path(address), "spark", "", lambda: str, lambda: _unread(source), address)
    return FileRead(source, "spark", [sheet], [], True, whole)


def _unread(source: Source) -> FileRead:
    return FileRead(source, "", [], [replace(problems.NOT_PLAIN, file=source.file)], True)
