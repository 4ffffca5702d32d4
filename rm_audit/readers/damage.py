"""What is cut off or damaged among the files that only an engine reads, as far as that can be known."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from rm_audit.errors import Problem
from rm_audit.readers import problems, zstd
from rm_audit.readers.problems import FileError

if TYPE_CHECKING:
    import duckdb

PARQUET_MAGIC = b"PAR1"  # stands at both ends
_LEAST_PARQUET = 12  # with how long the footer is
# What zstd says of bytes that it cannot unpack. Its other complaints are of memory and of missing dictionaries.
_ZSTD_WORDS = ("corrupt", "checksum", "specification", "src size")
# What an engine says of a kind of Parquet that it cannot read, though it is whole.
_PARQUET_WORDS = ("support", "encrypt", "memory")


def check(path: Path, kind: str) -> None:
    """Raises FileError for a file whose end is not there; `kind` is "zstd", "parquet" or another."""
    if kind == "zstd" and not zstd.all_there(path):
        raise FileError(problems.BROKEN_ZSTD)
    if kind == "parquet" and not _ends_as_parquet(path):
        raise FileError(problems.BROKEN_PARQUET)


def _ends_as_parquet(path: Path) -> bool:
    if path.stat().st_size < _LEAST_PARQUET:
        return False
    with path.open("rb") as file:
        file.seek(-len(PARQUET_MAGIC), os.SEEK_END)
        return file.read() == PARQUET_MAGIC


def of_zstd(error: duckdb.Error) -> Problem:
    """What is wrong with a packed text, by what stopped the engine."""
    words = str(error).lower()
    return problems.BROKEN_ZSTD if any(word in words for word in _ZSTD_WORDS) else problems.NOT_PLAIN


def of_parquet(error: duckdb.Error) -> Problem:
    """What is wrong with a Parquet file, by what stopped the engine. Its errors of damage are of three classes."""
    import duckdb

    words = str(error).lower()
    damaged = type(error) in (duckdb.Error, duckdb.IOException, duckdb.InvalidInputException)
    kind = any(word in words for word in _PARQUET_WORDS)
    return problems.BROKEN_PARQUET if damaged and not kind else problems.NOT_PLAIN
