"""The JSON Schema of a rule file, for completion and inline errors in an editor.

It is made from the loader's own fields: what a field may hold is asked of the field's own test, so that the two never
say different things. What needs the rule language (names in expressions) only `rm-audit rules lint` can check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rm_audit.findings import State
from rm_audit.rulebook.fields import MONEY_FIELDS, PARAM_FIELDS, RULE_FIELDS, TEST_FIELDS, Field
from rm_audit.vocabulary import KEYS, PORTFOLIO, VOCABULARY

Schema = dict[str, Any]
ID = "rm-audit/rule/1"
_GRAIN = (*KEYS, PORTFOLIO)


def rule_schema() -> Schema:
    """The schema of one rule file."""
    law = {"properties": {"kind": {"const": "trust"}}, "required": ["kind"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "A rule of rm-audit",
        "description": "The law, the reason, the remedy and the proof of one rule, on one page.",
        **_object(RULE_FIELDS, _rule_parts()),
        "if": law,
        "then": {"required": ["earn"]},
        "else": {"required": ["flag"]},
    }


def _rule_parts() -> Mapping[str, Schema]:
    """The parts of a rule that are objects or lists of their own."""
    return {
        "grain": {"type": "array", "minItems": 1, "items": {"enum": list(_GRAIN)}},
        "params": {"type": "object", "additionalProperties": _object(PARAM_FIELDS, {})},
        "money": _object(MONEY_FIELDS, {}),
        "tests": {
            "type": "array",
            "minItems": 1,
            "items": _object(TEST_FIELDS, {"given": _rows(), "expect": _expect()}),
        },
    }


def _object(fields: Mapping[str, Field], parts: Mapping[str, Schema]) -> Schema:
    properties = {
        name: {"description": field.holds, **(parts[name] if name in parts else _value(field))}
        for name, field in fields.items()
    }
    needed = [name for name, field in fields.items() if field.needed]
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


# A sample of each kind of value, and what the schema calls it: a field takes the kinds whose sample passes its test.
_SAMPLES: tuple[tuple[Any, Schema], ...] = (
    ("x", {"type": "string", "minLength": 1}),
    (1.5, {"type": "number"}),
    (True, {"type": "boolean"}),
    (["x"], {"type": "array", "items": {"type": "string", "minLength": 1}}),
    ([{"x": 1}], {"type": "array", "minItems": 1, "items": {"type": "object"}}),
    ({"x": 1}, {"type": "object"}),
)


def _value(field: Field) -> Schema:
    if field.choices:
        return {"enum": list(field.choices)}
    fits = [_bounded(schema, field.test) for sample, schema in _SAMPLES if field.test(sample)]
    return fits[0] if len(fits) == 1 else {"anyOf": fits}


def _bounded(schema: Schema, test: Callable[[Any], bool]) -> Schema:
    return {**schema, "exclusiveMinimum": 0} if schema["type"] == "number" and not test(-1.5) else schema


def _rows() -> Schema:
    """Rows of a test: any word of the vocabulary, or a parameter of the rule."""
    words = {name: {"description": f"{word.meaning} ({word.unit})"} for name, word in VOCABULARY.items()}
    plain = {"type": ["string", "number", "boolean", "null"]}
    row = {"type": "object", "properties": words, "additionalProperties": plain}
    return {"type": "array", "minItems": 1, "items": row}


def _expect() -> Schema:
    """Rows that must come out: the state, what is missing, the amount."""
    own: Schema = {
        "state": {"enum": [str(state) for state in State], "description": "the state that must come out"},
        "missing": {"type": "array", "items": {"type": "string"}, "description": "the names that are missing"},
        "amount": {"type": "number", "description": "the money that is claimed"},
    }
    rows = _rows()
    rows["items"]["properties"] |= own
    return rows
