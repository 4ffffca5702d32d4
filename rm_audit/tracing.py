"""The rows behind a subject in the files themselves, for what an engine added up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from rm_audit.book import Book, build, persons_key
from rm_audit.config import Config
from rm_audit.days import Period, month_days
from rm_audit.errors import Problem
from rm_audit.profiles.library import library
from rm_audit.readers import FileRead, read_paths
from rm_audit.rollups.looking import Belongs, RowsFound, rows_of
from rm_audit.rollups.planning import Asked

MOST_ROWS = 20  # of a file, that are named
_GIVEN = ("campaign", "job")
_KEYS = {"channel", "month", *_GIVEN}


@dataclass(frozen=True)
class Behind:
    """The rows of a subject by file, what is wrong with the files, and whether one that was named is `unread`."""

    rows: list[RowsFound]
    problems: list[Problem]
    unread: bool


def rows_behind(paths: Sequence[str], config: Config, keys: Mapping[str, str]) -> Behind:
    """The rows of a subject in each file that an engine can read; `keys` are those of its finding. No rows for
    subjects that are not made of spend or applications. The settings' engine is DuckDB."""
    reading = read_paths(paths, config.engine)
    files = list(reading)
    found = _rows(files, config, keys, persons_key(reading.sources)) if set(keys) <= _KEYS else []
    problems = [problem for file in files for problem in file.problems if problem.level == "error"]
    return Behind(found, problems, any(file.named and not file.sheets for file in files))


def _rows(files: Sequence[FileRead], config: Config, keys: Mapping[str, str], persons: bytes) -> list[RowsFound]:
    book = build(files, config, persons)
    belongs, days = _belongs(book, keys), _days(keys)
    profiles = library(config.profiles)
    asked = Asked(config.period, b"", config.memory)
    found = [rows_of(file, profiles, belongs, days, MOST_ROWS, asked) for file in files]
    return [one for one in found if one is not None and one.count]


def _belongs(book: Book, keys: Mapping[str, str]) -> Belongs:
    given: dict[str, Callable[[str], bool]] = {name: partial(_is, keys[name]) for name in _GIVEN if name in keys}
    spend, applications = dict(given), dict(given)
    if "channel" in keys:
        spend["channel"] = lambda text: book.channels.of_spend(text) == keys["channel"]
        applications["source"] = lambda text: book.channels.of_source(text) == keys["channel"]
    return {"spend": spend, "applications": applications}


def _is(wanted: str, text: str) -> bool:
    return text == wanted


def _days(keys: Mapping[str, str]) -> Period | None:
    if "month" not in keys:
        return None
    year, month = keys["month"].split("-")
    return Period(*month_days(int(year), int(month)))
