"""`rm-audit-hook`: `rm-audit check` for pre-commit, which gives all files of a commit at once.

All paths of one call are one book, and the workbooks of a commit are not: each gets a call of its own.
"""

from __future__ import annotations

import sys
from pathlib import PurePath

# The first that holds for any workbook, as in one call.
_ORDER = (130, 2, 1, 3, 0)
FLAGS = ("--no-color", "--quiet", "--verbose")  # the options of `check` that take no value


def run() -> None:
    """Checks each workbook that stands at the end of the command line, with the options in front of them."""
    options, files = parted(sys.argv[1:])
    codes = {_check([*options, file]) for file in files}
    sys.exit(next((code for code in _ORDER if code in codes), 0))


def parted(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Options and files. The files are the last words that end as tables do, and are no option's value."""
    from rm_audit.readers.discover import SUFFIXES

    first = len(arguments)
    while first and PurePath(arguments[first - 1]).suffix.lower() in SUFFIXES and not _valued(arguments[: first - 1]):
        first -= 1
    return arguments[:first], arguments[first:]


def _valued(before: list[str]) -> bool:
    """Whether the words end in an option that takes the next word as its value."""
    last = before[-1] if before else ""
    return last.startswith("--") and "=" not in last and last not in (*FLAGS, "--")


def _check(arguments: list[str]) -> int:
    from rm_audit.cli.main import run_with

    try:
        return run_with(["check", *arguments])
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0
