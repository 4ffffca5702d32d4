"""What a rule says of a subject: the closed set of states, and the finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class State(StrEnum):
    """Every verdict is one of these; `tests` and renderers match them exhaustively."""

    FAIL = "fail"
    PASS = "pass"
    CANNOT_TELL = "cannot_tell"
    NOT_APPLICABLE = "not_applicable"
    NOT_EVALUATED = "not_evaluated"
    WAIVED = "waived"
    ERROR = "error"


JUDGED = (State.PASS, State.FAIL, State.WAIVED)  # verdicts that a rule came to


Severity = Literal["low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high", "critical")

MoneyClass = Literal["avoidable", "unproven", "misdirected"]
MONEY_CLASSES: tuple[MoneyClass, ...] = ("avoidable", "unproven", "misdirected")

# How sure the kind of evidence lets us be: row-level proof, a statistical bound, or a judgement about purpose.
CONFIDENCE: Mapping[str, str] = {"avoidable": "high", "unproven": "medium", "misdirected": "low", "": "medium"}


@dataclass(frozen=True)
class Finding:
    """A rule that failed on a subject, with its words, its numbers, its money and its cells.

    `wanted` and `claimed` are whole minor units of the report's currency (cents) times 10_000, that is
    micro-units; `claimed` is what the ledger granted. `values` holds what the rule looked at, by name.
    """

    id: str
    rule: str
    play: str
    severity: Severity
    confidence: str
    state: State
    subject: Mapping[str, object]
    values: Mapping[str, object]
    threshold: str
    message: str
    fix: str
    money_class: str = ""
    wanted: int = 0
    claimed: int = 0
    upcoming: int = 0
    also_flagged_by: tuple[str, ...] = ()
    cells: tuple[str, ...] = field(default=())
    waiver: Mapping[str, str] | None = None  # who lets it be: reason, owner, until, place
    known: bool = False  # whether the baseline has it
