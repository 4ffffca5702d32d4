"""Everything that can go wrong, in one tree, and the value that describes it.

    RmAuditError            carries one or more Problems
    ├── UsageError          exit 2: a bad option, config, rule or profile
    └── InputError          exit 3: the input could not be audited

A `Problem` is a value: readers and loaders collect them beside the good data, so that one bad file
never hides the problems of the others. Only `cli/` prints them and turns them into exit codes.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong or worth knowing: where it is, what it is, what to do about it.

    `file` is the path relative to the argument it was found under. `cell` is an A1 address or range;
    `line` and `column` count from 1 and are for text files that people write (rules, configuration).
    `excerpt` is shown under the message; it never holds a value from a column that may be personal.
    """

    level: Level
    code: str
    message: str
    help: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    line: int = 0
    column: int = 0
    excerpt: str = ""

    @property
    def location(self) -> str:
        """`FILE:LOCATION` with the parts that are known, e.g. `plan.xlsx:Spend!D7` or `x.yaml:3:7`."""
        place = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell
        if self.line:
            place = f"{self.line}:{self.column}"
        return ":".join(part for part in (self.file, place) if part)

    def text(self) -> str:
        """The problem as people read it: place, level, words, then excerpt and remedy on lines of their own."""
        head = f"{self.location}: " if self.location else ""
        lines = [f"{head}{self.level}: {self.message}"]
        lines += [f"  | {line}" for line in self.excerpt.split("\n") if line]
        if self.help:
            lines.append(f"  help: {self.help}")
        return "\n".join(visible(line) for line in lines)


class RmAuditError(Exception):
    """A run that cannot go on. `problems` says why, one value a cause."""

    exit_code = 2

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems: list[Problem] = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(problem.text() for problem in self.problems))


class UsageError(RmAuditError):
    """Wrong use: a bad option, configuration, rule or profile."""

    exit_code = 2


class InputError(RmAuditError):
    """The input could not be audited: missing, unreadable, or nothing in it was recognised."""

    exit_code = 3


def visible(text: object) -> str:
    """Text from a file, safe for a terminal: control characters and escapes become visible, never obeyed."""
    hidden = ("Cc", "Cf", "Co", "Cs")
    return "".join("�" if unicodedata.category(char) in hidden and char != "\t" else char for char in str(text))


def why_unreadable(error: Exception) -> str:
    """What is wrong with a file that people wrote and that could not be read, in plain words."""
    if isinstance(error, FileNotFoundError):
        return "is not there"
    if isinstance(error, IsADirectoryError):
        return "is a folder, not a file"
    if isinstance(error, UnicodeDecodeError):
        return "is not saved as UTF-8"
    return "may not be opened"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean 'spend'?`, or nothing where no known word is near."""
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else ""
