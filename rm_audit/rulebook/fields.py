"""The fields of a rule file: which there are, which are needed, and what each may hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rm_audit.expr import UNITS
from rm_audit.findings import MONEY_CLASSES, SEVERITIES
from rm_audit.rulebook.model import KINDS, PLAYS, STATUSES, STEPS
from rm_audit.vocabulary import KEYS, PORTFOLIO


@dataclass(frozen=True)
class Field:
    """One field: needed or not, what it may hold in words, and the test for it."""

    needed: bool
    holds: str
    test: Callable[[Any], bool]
    choices: tuple[str, ...] = ()


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


LARGEST = 1e15  # more than all the money there is; whole numbers up to it are exact


def _in_bounds(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) < LARGEST  # an infinite or undefined number is not


def _number(value: Any) -> bool:
    return _in_bounds(value) and not isinstance(value, bool) and value > 0


def is_value(value: Any) -> bool:
    """A text, a mark or a finite number: what a parameter may be."""
    return isinstance(value, str) or _in_bounds(value)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(_text(item) for item in value)


def _mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _one_of(choices: tuple[str, ...], needed: bool = True) -> Field:
    return Field(needed, f"one of {', '.join(choices)}", lambda value: value in choices, choices)


def _needs(holds: str, test: Callable[[Any], bool]) -> Field:
    return Field(True, holds, test)


def _may(holds: str, test: Callable[[Any], bool]) -> Field:
    return Field(False, holds, test)


_EXPRESSION = "an expression on one line"

RULE_FIELDS: Mapping[str, Field] = {
    "id": _needs("the rule's name, the same as the file's", _text),
    "title": _needs("a short sentence that names the failing state", _text),
    "play": _one_of(tuple(PLAYS)),
    "kind": _one_of(KINDS),
    "status": _one_of(STATUSES),
    "since": _may("the version in which the rule came to its status, as a text", _text),
    "replaced_by": _may("the id of the rule that does a deprecated rule's work", _text),
    "renamed_from": _may("a list of ids that the rule had before", _texts),
    "severity": _one_of(SEVERITIES),
    "weight": _needs("a number over 0", _number),
    "grain": Field(True, f"a list of {', '.join([*KEYS, PORTFOLIO])}", _texts, (*KEYS, PORTFOLIO)),
    "params": _may("names with {value, unit, source}", _mapping),
    "where": _may(_EXPRESSION, _text),
    "enough": _may(_EXPRESSION, _text),
    "flag": _may(_EXPRESSION, _text),
    "earn": _may(_EXPRESSION, _text),
    "money": _may("{class, step, amount}", _mapping),
    "unit": _may("the name that weighs a subject, e.g. sent", _text),
    "message": _needs("one sentence with {names} in it", _text),
    "why": _needs("why it matters", _text),
    "fix": _needs("what to do on Monday", _text),
    "false_alarms": _needs("a list of texts", _texts),
    "blocks": _may("a list of rule ids", _texts),
    "tests": _needs("a list of {name, given, expect}", _rows),
}
PARAM_FIELDS: Mapping[str, Field] = {
    "value": _needs(
        "a number or a text",
        is_value,
    ),
    "unit": _one_of(tuple(UNITS)),
    "source": _needs("a source key, or the word judgement", _text),
    "why": _may("a text", _text),
}
MONEY_FIELDS: Mapping[str, Field] = {
    "class": _one_of(MONEY_CLASSES),
    "step": _one_of(STEPS),
    "amount": _needs(_EXPRESSION, _text),
    "rows": _one_of(("after_close", "after_filled"), needed=False),
}
TEST_FIELDS: Mapping[str, Field] = {
    "name": _needs("a sentence", _text),
    "given": _needs("a list of rows", _rows),
    "expect": _needs("a list of rows", _rows),
    "boundary": _may("true where the test sits on the threshold", lambda value: isinstance(value, bool)),
    "params": _may("parameters for this test", _mapping),
}
