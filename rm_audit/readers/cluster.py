"""What only Spark can read: a path with a scheme (`s3a://bucket/log.parquet`), or a table (`table:marts.spend`)."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from rm_audit.cells import Source
from rm_audit.readers import problems
from rm_audit.readers.model import FileRead, Sheet, Value, Whole, plain_value
from rm_audit.readers.sessions import failures, reason, session

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://.+")
_TABLE = "table:"
_FORMATS = ("parquet", "orc", "json", "csv", "avro", "delta")


def is_remote(address: str) -> bool:
    """Whether an argument names no file of this machine."""
    return address.startswith(_TABLE) or _SCHEME.fullmatch(address) is not None


def name_of(address: str) -> str:
    """What it is called in the report: its last part, for a bucket or a server is nobody's business."""
    return address.removeprefix(_TABLE) if address.startswith(_TABLE) else address.rstrip("/").rsplit("/", 1)[-1]


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
    try:
        frame = rows_at(address)
        head: list[list[Value]] = [list(map(plain_value, row)) for row in frame.limit(rows).collect()]
    except failures() as error:
        problem = problems.not_for_spark(address.partition("://")[0], reason(error))
        return FileRead(source, "", [], [replace(problem, file=source.file)], True)
    sheet = Sheet(source, "", [list(frame.columns), *head])
    whole = Whole(Path(address), "spark", "", lambda: str, lambda: _unread(source), address)
    return FileRead(source, "spark", [sheet], [], True, whole)


def _unread(source: Source) -> FileRead:
    return FileRead(source, "", [], [replace(problems.NOT_PLAIN, file=source.file)], True)
