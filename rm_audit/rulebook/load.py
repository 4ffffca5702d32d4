"""Rule files → rules, with every problem of every file at its line and column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rm_audit.errors import Problem, did_you_mean, why_unreadable
from rm_audit.expr import FUNCTIONS, UNITS, Expression, ExpressionError, Words, parse
from rm_audit.findings import State
from rm_audit.numbers import FORMATS
from rm_audit.rulebook.fields import MONEY_FIELDS, PARAM_FIELDS, RULE_FIELDS, TEST_FIELDS, Field, is_value
from rm_audit.rulebook.message import placeholders
from rm_audit.rulebook.model import MoneyRule, Param, Place, Rule, RuleTest
from rm_audit.vocabulary import KEYS, PORTFOLIO, family, words
from rm_audit.yamls import Document, load, too_large

MAX_BYTES = 100_000  # judgement: a rule is a page or two, and a page is three thousand characters
LONGEST = 60  # characters of a word that is quoted in a complaint
TESTS = "\ntests:"  # begins the last field of each rule that ships with rm-audit
Proof = Callable[[], tuple[RuleTest, ...]]


def load_rule(text: str, file: str, later: Proof | None = None) -> tuple[Rule | None, list[Problem]]:
    """One rule from its text. The rule is None where any problem was found.

    `later` gives the tests of a text that is known to be sound and to end with them: they are not read now.
    """
    document = load(text.partition(TESTS)[0] if later else text, file, MAX_BYTES)
    if not document.problems and not isinstance(document.data, dict):
        document.problems.append(document.problem("rule-shape", "a rule file is a list of 'field: value' lines"))
    if document.problems:
        return None, document.in_order()
    return _Reader(document).rule(later)


class _Reader:
    """Reads one document; problems are collected in `document.problems`."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.data: dict[str, Any] = document.data

    def complain(
        self, code: str, message: str, path: Place, help: str = "", offset: int = 0, key: bool = False
    ) -> None:
        if self.document.full:
            return
        self.document.problems.append(self.document.problem(code, message, path, help=help, offset=offset, key=key))

    def rule(self, later: Proof | None) -> tuple[Rule | None, list[Problem]]:
        self.fields({**self.data, **({"tests": [{}]} if later else {})}, RULE_FIELDS, ())
        self._check_grain()
        params = self._params()
        names = self._names(params)
        law_field = "earn" if self.data.get("kind") == "trust" else "flag"
        if law_field not in self.data:
            self.complain("rule-field", f"a {self.data.get('kind')} rule needs '{law_field}'", ("kind",))
        parts = {name: self._expression((name,), names, "mark") for name in ("where", "enough", law_field)}
        money = self._money(names)
        self._check_texts(names.units)
        tests = tuple(self._tests(names))
        if self.document.problems:
            return None, self.document.in_order()
        return self._assembled(params, parts, law_field, money, later or (lambda: tests)), []

    def _assembled(
        self,
        params: Mapping[str, Param],
        parts: Mapping[str, Expression | None],
        law_field: str,
        money: MoneyRule | None,
        proof: Proof,
    ) -> Rule:
        law = parts[law_field]
        assert law is not None
        plain = ("id", "title", "play", "kind", "status", "severity", "message", "why", "fix")
        return Rule(
            **{name: self.data[name] for name in plain},
            weight=float(self.data["weight"]),
            grain=self._grain(),
            params=params,
            where=parts["where"],
            enough=parts["enough"],
            law=law,
            money=money,
            unit=self.data.get("unit", ""),
            false_alarms=tuple(self.data["false_alarms"]),
            blocks=tuple(self.data.get("blocks", ())),
            proof=proof,
            file=self.document.file,
            document=self.document,
            since=self.data.get("since", ""),
            replaced_by=self.data.get("replaced_by", ""),
            renamed_from=tuple(self.data.get("renamed_from", ())),
        )

    def fields(self, data: Mapping[str, Any], known: Mapping[str, Field], path: Place) -> None:
        """Every unknown, missing or badly filled field of one mapping."""
        for name in data:
            if name not in known and not self.document.full:
                help = did_you_mean(name[:LONGEST], known)
                self.complain("rule-field", f"unknown field '{name[:LONGEST]}'", (*path, name), help, key=True)
        for name, field in known.items():
            if name not in data and field.needed:
                self.complain("rule-field", f"the field '{name}' is missing: {field.holds}", path)
            elif name in data and not field.test(data[name]):
                help = did_you_mean(str(data[name])[:LONGEST], field.choices)
                self.complain("rule-value", f"'{name}' must be {field.holds}", (*path, name), help)

    def _grain(self) -> tuple[str, ...]:
        grain = self.data.get("grain")
        return tuple(str(key) for key in grain) if isinstance(grain, list) else ()

    def _grain_known(self) -> bool:
        return all(key in KEYS or key == PORTFOLIO for key in self._grain())

    def _check_grain(self) -> None:
        for index, key in enumerate(self._grain()):
            if key not in KEYS and key != PORTFOLIO and not self.document.full:
                help = did_you_mean(key[:LONGEST], [*KEYS, PORTFOLIO])
                self.complain("rule-grain", f"unknown grain '{key[:LONGEST]}'", ("grain", index), help)
        families = {family([key]) for key in self._grain() if key in KEYS or key == PORTFOLIO}
        if len(families) > 1:
            self.complain("rule-grain", "these grains do not go together", ("grain",))

    def _names(self, params: Mapping[str, Param]) -> Words:
        """What the rule's expressions may speak of: the vocabulary of its grain, and its parameters."""
        known = words(family(self._grain())) if self._grain_known() else {}
        units = {name: word.unit for name, word in known.items()}
        for name in params:
            if name in units or name in FUNCTIONS:
                help = f"Call it something else, such as least_{name}."
                self.complain(
                    "rule-field", f"'{name}' is already a word of the rules", ("params", name), help, key=True
                )
        own = {name: param.unit for name, param in params.items()}
        return Words({**units, **own}, frozenset(own), tuple(key for key in self._grain() if key in KEYS))

    def _params(self) -> dict[str, Param]:
        found = self.data.get("params")
        params = {}
        for name, body in (found if isinstance(found, dict) else {}).items():
            path = ("params", name)
            if not isinstance(body, dict):
                self.complain("rule-value", f"'{name}' must be {{value, unit, source}}", path)
                continue
            self.fields(body, PARAM_FIELDS, path)
            self._check_value(body.get("value"), body.get("unit"), (*path, "value"))
            params[name] = Param(body.get("value"), str(body.get("unit")), str(body.get("source")), body.get("why", ""))
        return params

    def _check_value(self, value: Any, unit: Any, path: Place) -> None:
        """A parameter's value must be of its unit; what is no unit or no value at all is said elsewhere."""
        kind = "text" if isinstance(value, str) else "mark" if isinstance(value, bool) else "number"
        if unit in UNITS and isinstance(value, str | int | float):
            wanted = unit if unit in ("text", "mark") else "number"
            if kind != wanted:
                self.complain("rule-value", f"a value of unit {unit} is a {wanted}, and this is a {kind}", path)

    def _expression(self, path: Place, known: Words, wanted: str) -> Expression | None:
        value: Any = self.data
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if not isinstance(value, str):
            return None
        try:
            return parse(value, known, wanted)
        except ExpressionError as error:
            line, column = self.document.places[path]
            quoted = self.document.text.splitlines()[line - 1][column - 1 : column] in ("'", '"')
            for one in [error, *error.more]:
                self.complain("rule-expression", one.message, path, one.help, offset=one.column + quoted)
            return None

    def _money(self, names: Words) -> MoneyRule | None:
        body = self.data.get("money")
        if not isinstance(body, dict):
            return None
        self.fields(body, MONEY_FIELDS, ("money",))
        amount = self._expression(("money", "amount"), names, "money")
        if amount is None or self.document.problems:
            return None
        return MoneyRule(body["class"], body["step"], amount, body.get("rows", ""))

    def _check_texts(self, names: Collection[str]) -> None:
        for name, form in placeholders(str(self.data.get("message", ""))):
            if name not in names and not self.document.full:
                help = did_you_mean(name[:LONGEST], names)
                self.complain("rule-message", f"unknown name '{name[:LONGEST]}' in the message", ("message",), help)
            elif not self.document.full:
                self._check_form(name, form, names)
        unit = self.data.get("unit")
        if isinstance(unit, str) and unit not in names:
            help = did_you_mean(unit[:LONGEST], names)
            self.complain("rule-value", f"unknown name '{unit[:LONGEST]}'", ("unit",), help)

    def _check_form(self, name: str, form: str, names: Collection[str]) -> None:
        """How the message shows a name: in a unit, or as a range where the vocabulary has its ends."""
        ends = {f"{name}_low", f"{name}_high"}
        if form == "range" and not ends <= set(names):
            self.complain(
                "rule-message", f"'{name}' has no range: there is no {name}_low and {name}_high", ("message",)
            )
        elif form and form != "range" and form not in FORMATS:
            help = did_you_mean(form[:LONGEST], [*FORMATS, "range"])
            self.complain("rule-message", f"nothing is shown as '{form[:LONGEST]}'", ("message",), help)

    def _tests(self, names: Words) -> list[RuleTest]:
        found = self.data.get("tests")
        tests = []
        for index, body in enumerate(_rows(found)):
            path = ("tests", index)
            self.fields(body, TEST_FIELDS, path)
            self._check_given(body, path, names.units)
            self._check_states(body, path)
            self._check_set(body.get("params"), path, names)
            if not self.document.problems:
                tests.append(self._test(body, path))
        return tests

    def _test(self, body: Mapping[str, Any], path: Place) -> RuleTest:
        line = self.document.places.get(path, (1, 1))[0]
        given, expect = tuple(body["given"]), tuple(body["expect"])
        return RuleTest(body["name"], given, expect, body.get("boundary", False), body.get("params", {}), line)

    def _check_states(self, body: Mapping[str, Any], path: Place) -> None:
        for index, row in enumerate(_rows(body.get("expect"))):
            if "state" in row and row["state"] not in list(State):
                place = (*path, "expect", index, "state")
                word = str(row["state"])[:LONGEST]
                help = did_you_mean(word, State) or f"There are {', '.join(State)}."
                self.complain("rule-test", f"there is no state '{word}'", place, help)

    def _check_set(self, found: Any, path: Place, names: Words) -> None:
        """The parameters that a test sets are the rule's own, each of its unit."""
        for name, value in (found if isinstance(found, dict) else {}).items():
            place = (*path, "params", name)
            if name not in names.params:
                help = did_you_mean(name[:LONGEST], names.params)
                self.complain("rule-test", f"the rule has no parameter '{name[:LONGEST]}'", place, help, key=True)
            elif not is_value(value):
                self.complain("rule-test", f"'{name}' must be a number or a text", place)
            else:
                self._check_value(value, names.units[name], place)

    def _check_given(self, body: Mapping[str, Any], path: Place, names: Mapping[str, str]) -> None:
        allowed = {"given": set(names), "expect": {*names, "state", "missing", "amount"}}
        for part, known in allowed.items():
            rows = body.get(part)
            for index, row in enumerate(_rows(rows)):
                for name, value in row.items():
                    wants, fits = _HOLDS.get(part == "expect" and name, _HOLDS[names.get(name, "text")])
                    if not fits(value):
                        self.complain("rule-test", f"'{name[:LONGEST]}' must be {wants}", (*path, part, index, name))
                    if name not in known and not self.document.full:
                        place = (*path, part, index, name)
                        help = did_you_mean(name[:LONGEST], known)
                        self.complain("rule-test", f"unknown name '{name[:LONGEST]}'", place, help, key=True)


def _is_number(value: Any) -> bool:
    return value is None or (is_value(value) and not isinstance(value, str | bool))


# What a row of a test may hold, by the unit of a name, or by the name of what is expected.
_HOLDS: Mapping[str | bool, tuple[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(("money", "count", "ratio", "multiple", "days"), ("a number, or null where unknown", _is_number)),
    "mark": ("true or false, or null where unknown", lambda value: value is None or isinstance(value, bool)),
    "text": (
        "a text, or null where unknown",
        lambda value: value is None or is_value(value) or isinstance(value, date),
    ),
    "amount": ("a number", lambda value: value is not None and _is_number(value)),
    "missing": ("a list of names", lambda value: isinstance(value, list) and all(isinstance(i, str) for i in value)),
}


def _rows(value: Any) -> list[dict[str, Any]]:
    rows = value if isinstance(value, list) else []
    return rows if all(isinstance(item, dict) for item in rows) else []


def read_rule(path: Path, shown: str, later: Proof | None = None) -> tuple[Rule | None, list[Problem]]:
    """One rule from its file; `shown` is how the file is named in problems, `later` as in `load_rule`."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return None, [Problem("error", "yaml-too-large", too_large(MAX_BYTES), file=shown)]
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return None, [Problem("error", "rule-unreadable", f"the rule file {why_unreadable(error)}", file=shown)]
    rule, problems = load_rule(text, shown, later)
    if rule is not None and rule.id != path.stem:
        message = f"the rule's id is '{rule.id}' and its file is named '{path.name}'"
        problems = [Problem("error", "rule-name", message, f"Name the file {rule.id}.yaml.", shown, line=1, column=1)]
        return None, problems
    return rule, problems
