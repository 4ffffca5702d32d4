"""A rule as a value: law, reason, remedy, proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from rm_audit.expr import Expression
from rm_audit.findings import MoneyClass, Severity
from rm_audit.yamls import Document

PLAYS: Mapping[str, str] = {
    "programmatic": "Programmatic ad software",
    "job-boards": "Spray and pray on job boards",
    "big-sites": "Job ads on the big sites",
    "nurture": "Sequences and stories sold as nurture",
    "volume-metrics": "Volume and vanity metrics",
    "advocacy": "Employee advocacy software",
    "software": "Software, dashboards and licences",
    "trust": "Trust: what earns conversations",
    "hygiene": "Data hygiene",
    "plan": "The plan",
}
# The order in which claims are made on the ledger: the most certain first.
STEPS = ("closed-req", "duplicate", "wrong-audience", "past-goal", "contracts", "statistical", "misdirected")
KINDS = ("flaw", "trust", "hygiene")
STATUSES = ("draft", "preview", "stable", "deprecated")

Place = tuple[str | int, ...]
Kind = Literal["flaw", "trust", "hygiene"]
Status = Literal["draft", "preview", "stable", "deprecated"]


@dataclass(frozen=True)
class Param:
    """A number or a text that a user may change: its value, unit, and where it came from."""

    value: Any
    unit: str
    source: str
    why: str = ""


@dataclass(frozen=True)
class MoneyRule:
    """What a failing rule claims: class, step, amount; `rows` narrows the claim to a named set of rows."""

    money_class: MoneyClass
    step: str
    amount: Expression
    rows: str = ""


@dataclass(frozen=True)
class RuleTest:
    """A proof inside the rule: rows of vocabulary values, and the states that must come out."""

    name: str
    given: tuple[Mapping[str, Any], ...]
    expect: tuple[Mapping[str, Any], ...]
    boundary: bool = False
    params: Mapping[str, Any] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True)
class Case:
    """Settings of a rule for some subjects: those whose `key` (of the grain, or `sheet`) fits a pattern.

    What is not set is None; `off` True takes the rule off these subjects, False puts it back on.
    """

    key: str
    pattern: str
    values: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity | None = None
    off: bool | None = None


@dataclass(frozen=True)
class Rule:
    """One rule, checked: every name in it is in the vocabulary of its grain."""

    id: str
    title: str
    play: str
    kind: Kind
    status: Status
    severity: Severity
    weight: float
    grain: tuple[str, ...]
    params: Mapping[str, Param]
    where: Expression | None
    enough: Expression | None
    law: Expression  # `flag` of a flaw or hygiene rule, `earn` of a trust rule
    money: MoneyRule | None
    unit: str
    message: str
    why: str
    fix: str
    false_alarms: tuple[str, ...]
    blocks: tuple[str, ...]
    proof: Callable[[], tuple[RuleTest, ...]] = field(compare=False, repr=False)  # gives the tests inside the rule
    file: str
    document: Document = field(compare=False, repr=False)  # where everything stands, for complaints
    since: str = ""  # the version in which the status came to be what it is
    replaced_by: str = ""  # where a deprecated rule's work is done now
    renamed_from: tuple[str, ...] = ()  # ids that still work in settings, waivers and baselines
    cases: tuple[Case, ...] = ()  # the user's settings for some subjects; a later one wins

    @property
    def tests(self) -> tuple[RuleTest, ...]:
        """The tests inside the rule. Who only judges never asks, and they are the larger part of the file."""
        return self.proof()

    @cached_property
    def lines(self) -> dict[str, int]:
        """Where each field stands, and each parameter: `rm-audit config` names the line of a value."""
        places = self.document.key_places
        fields = {str(path[0]): line for path, (line, _) in places.items() if len(path) == 1}
        params = {str(path[1]): line for path, (line, _) in places.items() if len(path) == 2 and path[0] == "params"}
        return {**params, **fields}

    def quoted(self, path: Place) -> bool:
        """Whether the text at `path` stands in quotes, so that it begins one column later."""
        line, column = self.document.places[path]
        return self.document.text.splitlines()[line - 1][column - 1 : column] in ("'", '"')

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Every expression that decides the state, in the order in which they are asked."""
        return tuple(item for item in (self.where, self.enough, self.law) if item is not None)

    @property
    def values(self) -> dict[str, Any]:
        """The parameters in force, by name."""
        return {name: param.value for name, param in self.params.items()}
