"""Small things that every text renderer needs: clean text, amounts with the document's currency, groups of findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rm_audit.cells import Place, taken_apart
from rm_audit.errors import visible
from rm_audit.numbers import money

Document = Mapping[str, Any]
SEVERITY_ORDER = ("critical", "high", "medium", "low")
MANY = 10  # judgement: of more things than these nobody reads one by one
_PLACES = 6  # of a sum: takes away what binary fractions leave, and nothing of a small share

clean = visible


def amount(document: Document, value: float) -> str:
    return money(value, document["currency"] or "")


def place(problem: Mapping[str, Any]) -> str:
    """Where a problem of the document is, as `FILE:SHEET!CELL: `; nothing where it is nowhere."""
    inside = "!".join(part for part in (problem["sheet"], problem["cell"]) if part)
    where = ":".join(part for part in (problem["file"], inside) if part)
    return clean(f"{where}: ") if where else ""


@dataclass(frozen=True)
class Group:
    """Findings of one rule about one thing, month by month, or about many; `first` is the one with the most money."""

    first: Mapping[str, Any]
    members: Sequence[Mapping[str, Any]]

    @property
    def claimed(self) -> float:
        return float(round(sum(item["money"]["amount"] for item in self.members), _PLACES))

    @property
    def at_stake(self) -> float:
        """What the findings wanted, whether it was granted or already claimed by another."""
        return float(
            round(sum(item["money"]["wanted"] for item in self.members if not item["money"]["upcoming"]), _PLACES)
        )

    @property
    def upcoming(self) -> float:
        return float(round(sum(item["money"]["upcoming"] for item in self.members), _PLACES))


def grouped(findings: Sequence[Mapping[str, Any]], apart: bool = False) -> list[Group]:
    """One cause, one group: findings of a rule that differ only in their month, plan lines of one rule, and findings of
    one rule that no money lies on; and all of a rule that is broken by many things, unless they are wanted `apart`.
    What the baseline knows comes last.
    """
    members: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for finding in findings:
        subject = {key: str(value) for key, value in finding["subject"].items() if key not in ("name", "kind", "month")}
        money = finding["money"]
        if finding["subject"]["kind"] == "line" or not (money["wanted"] or money["upcoming"]):
            subject = {}
        new = "known" if finding["known"] else "new"
        members.setdefault((finding["rule"], finding["state"], new, *subject.values()), []).append(finding)
    things = Counter(key[:3] for key in members)
    causes: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for key, items in members.items():
        causes.setdefault(key if apart or things[key[:3]] <= MANY else key[:3], []).extend(items)
    groups = [Group(items[0], items) for items in causes.values()]
    return sorted(groups, key=_rank)


def _rank(group: Group) -> tuple[bool, float, float, int, str]:
    return group.first["known"], -group.at_stake, -group.upcoming, _severity(group), group.first["id"]


def open_groups(document: Document, apart: bool = False) -> list[Group]:
    """Findings that somebody should act on, in groups: no waived ones, and none of trust rules, which are no flaw."""
    trust = {rule["id"] for rule in document["rules"] if rule["kind"] == "trust"}
    found = [item for item in document["findings"] if item["state"] == "fail" and item["rule"] not in trust]
    return grouped(found, apart)


def finding_cells(document: Document, finding: Mapping[str, Any]) -> list[Place]:
    """The addresses of a finding, taken apart."""
    files = [file["file"] for file in document["inputs"]]
    found = [taken_apart(cell, files) for cell in finding["cells"]]
    return [cell for cell in found if cell is not None]


def standing(document: Document, finding: Mapping[str, Any]) -> str:
    """Why a finding closes no gate, in a word or two; empty where it closes one."""
    rule = next(item for item in document["rules"] if item["id"] == finding["rule"])
    if finding["state"] == "waived":
        return f"waived until {finding['waiver']['until']}" if finding["waiver"] else "waived"
    if finding["known"]:
        return "known"
    if rule["status"] != "stable":
        return str(rule["status"])
    return "not earned" if rule["kind"] == "trust" else ""


def named(document: Document, rule: str) -> str:
    """A rule's id, and its status where it is not stable: such a finding counts for nothing and closes no gate."""
    status = next((item["status"] for item in document["rules"] if item["id"] == rule), "stable")
    return rule if status == "stable" else f"{rule}, {status}"


def is_setting(problem: Mapping[str, Any]) -> bool:
    """Whether a problem is about settings, waivers and the like, and not about the data."""
    return str(problem["code"]).startswith(("waiver-", "renamed-", "deprecated-", "lock-"))


def _severity(group: Group) -> int:
    return SEVERITY_ORDER.index(group.first["severity"])


def hidden(document: Document) -> str:
    """What a redacted report leaves out, such as `Names and amounts are left out.`; nothing for a whole report."""
    parts = document.get("redacted", ())
    return f"{' and '.join(parts).capitalize()} are left out." if parts else ""


def files(document: Document) -> str:
    """The names of the inputs, in short."""
    names = [clean(item["file"]) for item in document["inputs"]]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def to_bring(document: Document) -> list[tuple[str, list[str]]]:
    """What to bring → the titles of the rules that would then judge: first what serves the most plays, then rules."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for rule in document["rules"]:
        if rule["judged"]["not_evaluated"] and rule["bring"] and rule["status"] == "stable":
            for item in rule["bring"].split("; "):
                found.setdefault(item, []).append(rule)
    plays = {item: len({rule["play"] for rule in rules}) for item, rules in found.items()}
    ranked = sorted(found, key=lambda item: (-plays[item], -len(found[item]), item))
    return [(item, [rule["title"] for rule in found[item]]) for item in ranked]
