"""A report without names, without amounts, or without both, to be shown outside: one step before any format.

Nothing is taken out of finished sentences where that can be helped: findings are told anew from what was measured, with
stand-ins for names and shares for amounts. Of what cannot be told anew (a problem's words, a waiver's reason) nothing
is kept that may hold what has to go. What this file does not know is not kept at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rm_audit import redacting_budget
from rm_audit.findings import State
from rm_audit.judging import Judged, earners, message_of
from rm_audit.ledger import finding_id, id_of
from rm_audit.numbers import SHARE, show
from rm_audit.redacting_budget import Hiding
from rm_audit.report import Report
from rm_audit.rulebook.model import Rule
from rm_audit.rulebook.run import Result
from rm_audit.standins import GONE, OWN_TEXTS, Names
from rm_audit.vocabulary import KEYS, MONEY, PORTFOLIO, VOCABULARY

CHOICES: Mapping[str, tuple[str, ...]] = {
    "names": ("names",),
    "amounts": ("amounts",),
    "all": ("names", "amounts"),
}
FIGURES = 3  # of a share; judgement: with more of them the amounts behind shares of round budgets can be worked out
_NUMBER = re.compile(r"\d(?:[\d.,'’\s]*\d)?")
_SAME_MONEY = "the same money"  # a reason that goes on with the name of a file
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_OUR_TEXTS = ("kind", "verdict", "quality_trend")  # of a measured subject
# Nothing of a file and no amount is in these.
_AS_IT_IS = ("schema", "tool", "as_of", "data_through", "period", "score")
Item = Mapping[str, Any]


def redacted(report: Report, what: str) -> Report:
    """The report without `what`, which is one of CHOICES. It keeps no measurements and cannot be judged again.

    Raises ValueError for another word, and for a report that was only read back and can be told in no other way.
    """
    if what not in CHOICES or report.judged is None:
        raise ValueError(f"'{what}' is not one of {', '.join(CHOICES)}, or the report cannot be told anew")
    hide = _Redaction(report.document, report.judged, CHOICES[what])
    return Report({**hide.document(), "redacted": list(CHOICES[what])})


class _Redaction:
    """What is hidden of which report."""

    def __init__(self, whole: Item, judged: Judged, parts: tuple[str, ...]) -> None:
        self.whole, self.judged = whole, judged
        self.no_names, self.no_amounts = "names" in parts, "amounts" in parts
        self.names = Names(whole, judged)
        amounts = [value for value in whole["money"].values() if not isinstance(value, str)]
        self.all_of_it = whole["money"]["examined"] or max(amounts) or 1.0

    def document(self) -> dict[str, Any]:
        """The whole document, key by key in its order; a key that nobody thought of is left out."""
        told: dict[str, Callable[[Any], Any]] = {
            "ruleset": self._ruleset,
            "currency": lambda code: SHARE if self.no_amounts else code,
            "inputs": lambda files: [self._input(file) for file in files],
            "problems": lambda problems: [self._notice(), *map(self._problem, problems)],
            "levers": lambda found: redacting_budget.levers(found, self._hiding()),
            "money": self._money,
            "stopping": lambda found: redacting_budget.stopping(found, self._hiding()),
            "plan_against_actual": lambda found: redacting_budget.plan_against_actual(found, self._hiding()),
            "alignment": lambda found: redacting_budget.alignment(found, self._hiding()),
            "plays": lambda plays: [self._play(play) for play in plays],
            "findings": self._findings,
            "earned": lambda earned: list(map(self._earned, earned, earners(self.judged.results))),
            "rules": lambda rules: [self._rule(rule) for rule in rules],
            "spend_by_month": lambda months: [{**self._money(item), "month": item["month"]} for item in months],
            "subjects": lambda kinds: {kind: [self._subject(kind, item) for item in kinds[kind]] for kind in kinds},
        }
        told |= {name: lambda value: value for name in _AS_IT_IS}
        return {name: told[name](value) for name, value in self.whole.items() if name in told}

    # --- amounts and texts --------------------------------------------------------------------------------------

    def _amount(self, value: float | None) -> float | None:
        """An amount as a percentage of all the money."""
        if value is None or not self.no_amounts:
            return value
        return float(f"{100 * value / self.all_of_it:.{FIGURES}g}") + 0.0

    def _money(self, amounts: Item) -> dict[str, Any]:
        """Amounts by name; words among them stay."""
        return {name: value if isinstance(value, str) else self._amount(value) for name, value in amounts.items()}

    def _measured(self, name: str, value: Any) -> Any:
        """A measure of a subject: an amount, alone or with its ends, or anything else, which stays."""
        if not is_money(name):
            return value
        return self._money(value) if isinstance(value, Mapping) else self._amount(value)

    def _text(self, name: str, text: str) -> str:
        """A text that a measure has: ours, or a name of the file's."""
        return text if not self.no_names or name in OWN_TEXTS else self.names.of(text)

    def _words(self, text: str) -> str:
        """A sentence that may hold anything at all, with no figure in it where amounts are hidden."""
        if self.no_names:
            return GONE if text else ""
        return _NUMBER.sub("…", text) if self.no_amounts else text

    def _said(self, result: Result, row: int) -> str:
        """What a rule says of a subject, told anew."""
        params = result.rule.params

        def telling(name: str, value: object, unit: str) -> str:
            if name in params and unit == MONEY and self.no_amounts:
                return GONE  # beside shares, an amount that is known would tell all the others
            if isinstance(value, str):
                return self._text(name, value) if name not in params else value
            if unit == MONEY and isinstance(value, float):
                value = self._amount(value)
            return show(value, unit, SHARE if self.no_amounts else self.whole["currency"] or "")

        return self._of_rule(message_of(result, row, telling))

    def _of_rule(self, text: str) -> str:
        return self.names.in_words(text) if self.no_names else text

    # --- the parts of the document ------------------------------------------------------------------------------

    def _notice(self) -> dict[str, Any]:
        names = "names are left out: they have stand-ins, the same one everywhere in this report"
        amounts = f"amounts are left out: they stand as percentages of the money examined, to {FIGURES} figures"
        said = "; ".join([names] * self.no_names + [amounts] * self.no_amounts)
        return {"level": "info", "code": "redacted", **dict.fromkeys(("file", "sheet", "cell"), ""),
                "message": said, "help": ""}  # fmt: skip

    def _problem(self, problem: Item) -> dict[str, Any]:
        """Where it is and what kind of problem; its words only where no name can be in them."""
        words = {name: self._words(problem[name]) for name in ("message", "help")}
        if self.no_names:
            words = {"message": problem["code"].replace("-", " "), "help": ""}
        return {**problem, **words, "file": self._file(problem["file"]),
                "sheet": self._sheet(problem["file"], problem["sheet"])}  # fmt: skip

    def _ruleset(self, ruleset: Item) -> dict[str, Any]:
        own, *packs = ruleset["packs"]
        named = [f"Pack {number}" for number, _ in enumerate(packs, 1)] if self.no_names else packs
        return {**ruleset, "packs": [own, *named]}

    def _file(self, name: str) -> str:
        return self.names.file(name) if self.no_names else name

    def _sheet(self, file: str, name: str) -> str:
        return self.names.sheet(file, name) if self.no_names else name

    def _input(self, file: Item) -> dict[str, Any]:
        """Without the hash of the file, which would prove whose it is."""
        sheets = [
            {
                **sheet,
                "name": self._sheet(file["file"], sheet["name"]),
                "profile": sheet["profile"] and (GONE if self.no_names else sheet["profile"]),
                "amount": self._money(sheet["amount"]),
                "set_aside": [self._aside(item) for item in sheet["set_aside"]],
            }
            for sheet in file["sheets"]
        ]
        return {"file": self._file(file["file"]), "sha256": "", "sheets": sheets}

    def _aside(self, item: Item) -> dict[str, Any]:
        reason = item["reason"]
        if self.no_names and reason.startswith(_SAME_MONEY):
            reason = f"{_SAME_MONEY} elsewhere"
        return {**item, "reason": reason, "amount": self._amount(item["amount"])}

    def _play(self, play: Item) -> dict[str, Any]:
        return {**play, "judged_money": self._amount(play["judged_money"]), "money": self._money(play["money"])}

    def _rows(self) -> dict[str, tuple[Result, int]]:
        return {
            finding_id(result, row): (result, row)
            for result in self.judged.results
            for row in result.rows_in(State.FAIL, State.WAIVED)
        }

    def _hiding(self) -> Hiding:
        rows = self._rows()
        name = self.names.of if self.no_names else str
        return Hiding(self._amount, name, self._of_rule, lambda id: self._id(*rows[id]))

    def _findings(self, findings: Sequence[Item]) -> list[dict[str, Any]]:
        rows = self._rows()
        ids = {id: self._id(result, row) for id, (result, row) in rows.items()}
        return [self._finding(finding, *rows[finding["id"]], ids) for finding in findings]

    def _id(self, result: Result, row: int) -> str:
        return id_of(result.rule.id, self._who(result.frame.subject(row)))

    def _who(self, subject: Item) -> dict[str, Any]:
        return self.names.subject(subject) if self.no_names else dict(subject)

    def _finding(self, finding: Item, result: Result, row: int, ids: Item) -> dict[str, Any]:
        cells, waiver = finding["cells"], finding["waiver"]
        return {
            **finding,
            "id": ids[finding["id"]],
            "subject": self._who(finding["subject"]),
            "values": {name: self._value(name, value) for name, value in finding["values"].items()},
            "threshold": self._threshold(finding["threshold"], result.rule),
            "message": self._said(result, row),
            "fix": self._of_rule(finding["fix"]),
            "money": self._money(finding["money"]),
            "also_flagged_by": [ids[id] for id in finding["also_flagged_by"]],
            "cells": [self.names.address(cell) for cell in cells] if self.no_names else cells,
            "waiver": waiver and {name: self._of_waiver(text) for name, text in waiver.items()},
        }

    def _value(self, name: str, value: Any) -> Any:
        return self._text(name, value) if isinstance(value, str) else self._measured(name, value)

    def _of_waiver(self, text: str) -> str:
        return text if _DAY.fullmatch(text) else self._words(text)

    def _threshold(self, text: str, rule: Rule) -> str:
        """The law and its numbers, without the amounts that somebody set."""
        for name in self._set_amounts(rule):
            text = re.sub(rf"\b{re.escape(name)} = [^,)]*", f"{name} = {GONE}", text)
        return self._of_rule(text)

    def _set_amounts(self, rule: Rule) -> list[str]:
        return [name for name, param in rule.params.items() if self.no_amounts and param.unit == MONEY]

    def _earned(self, item: Item, behind: tuple[Result, int]) -> dict[str, Any]:
        result, row = behind
        return {**item, "subject": self._who(result.frame.subject(row))["name"], "message": self._said(result, row)}

    def _rule(self, item: Item) -> dict[str, Any]:
        """Without the settings for some subjects, which name them."""
        rule = next(result.rule for result in self.judged.results if result.rule.id == item["id"])
        hidden = dict.fromkeys(self._set_amounts(rule), GONE)
        return {
            **item,
            "title": self._of_rule(item["title"]),
            "law": {name: self._of_rule(text) if isinstance(text, str) else text for name, text in item["law"].items()},
            "params": {**item["params"], **hidden},
            "for": [],
            "false_alarms": [self._of_rule(text) for text in item["false_alarms"]],
        }

    def _subject(self, kind: str, item: Item) -> dict[str, Any]:
        """A measured subject: who it is, and its measures."""
        keys = {key: item[key] for key in KEYS if key in item} or ({kind: item["name"]} if kind != PORTFOLIO else {})
        who = self._who({"kind": kind, "name": item["name"], **keys})
        kept = {name: value for name, value in item.items() if name not in keys and name != "name"}
        return {name: who[name] if name not in kept else self._kept(name, kept[name]) for name in item}

    def _kept(self, name: str, value: Any) -> Any:
        return value if name in _OUR_TEXTS else self._value(name, value)


def is_money(name: str) -> bool:
    """Whether a measure of a subject is an amount."""
    word = VOCABULARY.get(name)
    return name.startswith("cost_per_") or (word is not None and word.unit == MONEY)
