"""Two reports → what got better, what got worse, what is new, what is gone, and where only the rules changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rm_audit.baseline import Baseline
from rm_audit.findings import SEVERITIES

SCHEMA = "rm-audit/compare/1"
KINDS = ("new", "worse", "rule_changed", "threshold_changed", "better", "gone")
_CENT = 0.005
_TENTH = 0.05  # scores are rounded to a tenth
_MONEY = ("examined", "avoidable", "unproven", "misdirected")
_LAW = ("law", "grain", "kind", "status")
_SETTINGS = ("params", "for", "severity", "weight")

NOTHING_KNOWN = Baseline()

Json = dict[str, Any]
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Comparison:
    """The document of a comparison, and why it is a step back: one sentence each, nothing where it is none."""

    document: Document
    regressions: tuple[str, ...]


def compare_documents(before: Document, after: Document, known: Baseline = NOTHING_KNOWN) -> Comparison:
    """What changed between two report documents, by rule and subject. What `known` knows is no step back.

    Scores of different rules are not compared, and neither are amounts in different currencies.
    """
    changed = _changed_rules(before, after)
    same_rules = before["ruleset"]["hash"] == after["ruleset"]["hash"]
    same_money = before["currency"] == after["currency"] and before["money"]["basis"] == after["money"]["basis"]
    findings = _findings(before, _marked(after, known), changed, same_money)
    score = _score(before, after) if same_rules else {**_score(before, after), "change": None}
    notes = _notes(before, after, same_rules, same_money)
    document = {
        "schema": SCHEMA,
        "before": _head(before),
        "after": _head(after),
        "notes": notes,
        "score": score,
        "money": {name: _pair(before["money"][name], after["money"][name], same_money) for name in _MONEY},
        "findings": findings,
        "rules": [item for item in changed.values() if item["change"]],
    }
    return Comparison(document, tuple(_regressions(document, after)))


def _marked(document: Document, known: Baseline) -> Document:
    """The document with the findings marked that the baseline knows too."""
    findings = [{**item, "known": item["known"] or known.knows(item["rule"], item["subject"])}
                for item in document["findings"]]  # fmt: skip
    return {**document, "findings": findings}


def _head(document: Document) -> Json:
    return {name: document.get(name) for name in ("tool", "ruleset", "as_of", "currency")}


def _pair(before: float | None, after: float | None, comparable: bool = True) -> Json:
    change = round(after - before, 2) + 0.0 if comparable and before is not None and after is not None else None
    return {"before": before, "after": after, "change": change}


def _score(before: Document, after: Document) -> Json:
    return _pair(before["score"]["value"], after["score"]["value"])


def _notes(before: Document, after: Document, same_rules: bool, same_money: bool) -> list[str]:
    notes = []
    if not same_rules:
        hashes = f"{before['ruleset']['hash']} and {after['ruleset']['hash']}"
        notes.append(f"The two were judged by different rules or thresholds ({hashes}): their scores are not compared.")
    if before["currency"] != after["currency"]:
        codes = f"{before['currency'] or 'no currency'} and {after['currency'] or 'no currency'}"
        notes.append(f"The two are in {codes}: amounts are not compared.")
    elif not same_money:
        notes.append("One is about spend and the other about a plan: amounts are not compared.")
    return notes


def _changed_rules(before: Document, after: Document) -> dict[str, Json]:
    """Every rule of either report, with what changed in it: nothing, its thresholds, the rule itself."""
    old = {rule["id"]: rule for rule in before["rules"]}
    new = {rule["id"]: rule for rule in after["rules"]}
    return {id: _changed(id, old.get(id), new.get(id)) for id in {**new, **old}}


def _changed(id: str, old: Document | None, new: Document | None) -> Json:
    if old is None or new is None:
        words = "was not there or off before" if old is None else "is not there or off now"
        return {"id": id, "change": "rule_changed", "what": [f"it {words}"]}
    law = [name for name in _LAW if old.get(name) != new.get(name)]
    settings = [words for name in _SETTINGS for words in _differences(name, old.get(name), new.get(name))]
    change = "rule_changed" if law else "threshold_changed" if settings else ""
    return {"id": id, "change": change, "what": [*(f"its {name} changed" for name in law), *settings]}


def _differences(name: str, old: Any, new: Any) -> list[str]:
    """`multiple: 2 → 4`, one a value."""
    if old == new:
        return []
    if name == "params" and isinstance(old, dict) and isinstance(new, dict):
        names = [key for key in {**old, **new} if old.get(key) != new.get(key)]
        return [f"{key}: {old.get(key)} → {new.get(key)}" for key in names]
    return ["its settings for some subjects changed"] if name == "for" else [f"{name}: {old} → {new}"]


def _by_subject(document: Document) -> dict[tuple[str, ...], Document]:
    """Findings by rule and the keys of the subject, never by a row."""
    return {
        (
            item["rule"],
            *(f"{key}={value}" for key, value in item["subject"].items() if key not in ("kind", "name")),
        ): item
        for item in document["findings"]
    }


def _findings(before: Document, after: Document, changed: Mapping[str, Json], same_money: bool) -> list[Json]:
    old, new = _by_subject(before), _by_subject(after)
    found = []
    for key in {**new, **old}:
        kind = _kind(old.get(key), new.get(key), same_money)
        if kind and changed[key[0]]["change"]:
            kind = changed[key[0]]["change"]
        if kind:
            found.append(_item(kind, old.get(key), new.get(key), after, same_money))
    return sorted(found, key=lambda item: (KINDS.index(item["kind"]), -_size(item), item["id"]))


def _size(item: Json) -> float:
    """How much money moved; the whole of it where there is only one side."""
    money = item["money"]
    return abs(float(money["after"] or 0) - float(money["before"] or 0))


def _kind(old: Document | None, new: Document | None, same_money: bool) -> str:
    """Nothing where a finding is as it was."""
    if old is None or new is None:
        return "gone" if new is None else "new"
    if old["state"] == "waived" and new["state"] == "fail":
        return "worse"  # it was let be, and is open again
    moved = _stake(new) - _stake(old) if same_money else 0.0
    graver = SEVERITIES.index(new["severity"]) - SEVERITIES.index(old["severity"])
    if abs(moved) > _CENT:
        return "worse" if moved > 0 else "better"
    return "worse" if graver > 0 else "better" if graver < 0 else ""


def _stake(finding: Document) -> float:
    """What a finding wants: what is granted depends on what other findings claim."""
    return float(finding["money"]["wanted"])


def _item(kind: str, old: Document | None, new: Document | None, after: Document, same_money: bool) -> Json:
    shown: Document = new or old or {}
    return {
        "kind": kind,
        "id": shown["id"],
        "rule": shown["rule"],
        "severity": {"before": old["severity"] if old else None, "after": new["severity"] if new else None},
        "state": {"before": old["state"] if old else None, "after": new["state"] if new else None},
        "money": _pair(_stake(old) if old else None, _stake(new) if new else None, same_money),
        "message": {"before": old["message"] if old else None, "after": new["message"] if new else None},
        "counts": new is not None and _counts(new, after),
        "note": _note(shown["rule"], after) if new is None else "",
    }


def _note(rule: str, after: Document) -> str:
    """Gone because it was mended, or because nobody could look."""
    now = next((item["judged"] for item in after["rules"] if item["id"] == rule), None)
    if now is None or any(now[state] for state in ("pass", "fail", "waived")):
        return ""
    return "the rule could not be judged now"


def _counts(finding: Document, document: Document) -> bool:
    """Whether a finding is one that gates look at: open, not known, of a stable rule that is not about trust."""
    rule = next(item for item in document["rules"] if item["id"] == finding["rule"])
    open_now = finding["state"] == "fail" and not finding["known"]
    return open_now and rule["status"] == "stable" and rule["kind"] != "trust"


def _regressions(document: Json, after: Document) -> list[str]:
    why = []
    score = document["score"]
    if score["change"] is not None and score["change"] < -_TENTH:
        why.append(f"the score fell from {score['before']} to {score['after']}")
    for kind in ("new", "worse"):
        count = sum(item["kind"] == kind and item["counts"] for item in document["findings"])
        if count:
            why.append(f"{count} finding{'s are' if count > 1 else ' is'} {kind}")
    if score["before"] is not None and after["score"]["value"] is None:
        why.append("there is no score any more: too little could be judged")
    return why
