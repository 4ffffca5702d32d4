"""What the report says in words, whoever shows it: the terminal, the page. All of it is made from the document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from rm_audit.numbers import exact_money
from rm_audit.rendering.words import Document, Group, amount, clean, is_setting, open_groups, place, to_bring

# What keeps most of a book from being judged, and what makes its sums wrong: first among the things to do.
KEEPS_OUT = ("no-year", "ambiguous-dates", "formulas-not-calculated")
FIRST = ("same-money", *KEEPS_OUT)
MOST_LIKE = 4  # lines that say the same of several things
CLASSES = {
    "avoidable": "proven row by row: stop it at the next notice, or claim it back",
    "unproven": "more than the evidence supports",
    "misdirected": "real money for work that builds no trust: re-point it",
    "unclaimed": "nothing said against it here",
}
Problem = Mapping[str, Any]
_REASONS = {"total row": "in total rows, which repeat the rows"}


def exact(document: Document, value: float) -> str:
    return exact_money(value, document["currency"] or "")


def class_words(document: Document, name: str) -> str:
    """What a class of money means; where nothing could judge the money, nothing was said in its favour either."""
    judged = document["score"]["parts"]["alignment"]["coverage"] > 0
    return CLASSES[name] if judged or name != "unclaimed" else "not judged: see what to bring"


def classes(document: Document) -> dict[str, str]:
    """The classes of money with what each means here."""
    return {name: class_words(document, name) for name in CLASSES}


def left_out(document: Document) -> str:
    """What was read and not examined: amounts by reason, and rows whose amount could not be read at all."""
    sheets = [sheet for file in document["inputs"] for sheet in file["sheets"]]
    sums: dict[str, float] = {}
    unread = 0
    for sheet in sheets:
        for item in sheet["set_aside"] if sheet["table"] == document["money"]["basis"] else ():
            sums[item["reason"]] = sums.get(item["reason"], 0) + item["amount"]
            unread += item["rows"] if item["reason"] == "not a number" else 0
    said = [f"{exact(document, sums[reason])} {_REASONS.get(reason, reason)}" for reason in sums if sums[reason]]
    said += [f"{unread} row{'s' if unread > 1 else ''} with no readable amount"] if unread else []
    return f"; not examined: {', '.join(said)}" if said else ""


def stake(document: Document, group: Group) -> str:
    """What the finding adds to the totals: the amounts of all findings add up to them. Empty without money."""
    kind = group.first["money"]["class"]
    if group.at_stake:
        return f"{kind} {amount(document, group.claimed)}"
    return f"{kind}, ahead: {amount(document, group.upcoming)}" if group.upcoming else ""


def counted_elsewhere(document: Document, group: Group) -> str:
    """How much of what a finding wants is already claimed by another; nothing where none of it is."""
    if not group.at_stake or group.at_stake - group.claimed < 1:
        return ""
    whole = amount(document, group.at_stake)
    rest = "all of it is" if not group.claimed else "the rest is"
    return f"It doubts {whole}; {rest} counted under another finding."


def outside(document: Document) -> str:
    """Applications and hires that belong to other days than the money."""
    sheets = [sheet for file in document["inputs"] for sheet in file["sheets"] if sheet["table"] == "applications"]
    aside = [item for sheet in sheets for item in sheet["set_aside"] if item["reason"] == "outside the period"]
    rows, period = sum(item["rows"] for item in aside), document["period"]
    span = f"{period['start']} to {period['end']}, the time of the spend"
    return f"Not counted: {rows} applications or hires outside {span}." if rows else ""


def waiting(document: Document) -> list[str]:
    """A line for each reason why rules cannot tell yet, with the rules and in how many cases."""
    found: dict[str, list[str]] = {}
    for rule in document["rules"]:
        count = rule["judged"]["cannot_tell"]
        if count and rule["status"] == "stable":
            why = f"held back by {rule['blocked_by']}" if rule["blocked_by"] else "too little evidence yet"
            found.setdefault(why, []).append(f"{rule['title']} ({count})")
    return [f"Cannot tell yet, {why}: {'; '.join(titles)}." for why, titles in found.items()]


def earned(document: Document, verbose: bool) -> Iterator[str]:
    """What builds trust, a line each; of a rule that many things keep the first of them, unless all are asked for."""
    for rule, items in groupby(document["earned"], key=lambda item: item["rule"]):
        own = list(items)
        shown = own if verbose or len(own) <= MOST_LIKE else own[: MOST_LIKE - 1]
        yield from (f"+ {clean(item['message'])}" for item in shown)
        if len(shown) < len(own):
            yield f"  and {len(own) - len(shown):,} more of {rule}: --verbose shows them."


def about_data(document: Document, verbose: bool) -> Iterator[str]:
    """What is said of the data, a line each; of a kind that many files have the first, unless all are asked for."""
    problems = [problem for problem in document["problems"] if not is_setting(problem)]
    for problem, left in first_of_a_kind(problems, () if verbose else ("warning", "info")):
        yield f"{place(problem)}{problem['level']}: {clean(problem['message'])}. {clean(problem['help'])}"
        if left:
            yield f"and {left:,} more of that kind: --verbose shows them."


def first_of_a_kind(problems: Sequence[Problem], levels: Collection[str]) -> Iterator[tuple[Problem, int]]:
    """Problems, of some levels the first of each kind that has many, and behind the last of these how many are left."""
    kinds, met = Counter((item["level"], item["code"]) for item in problems), Counter[tuple[str, str]]()
    for item in problems:
        kind = item["level"], item["code"]
        many = kinds[kind] > MOST_LIKE and kind[0] in levels
        met[kind] += 1
        if not many or met[kind] < MOST_LIKE:
            yield item, kinds[kind] - met[kind] if many and met[kind] == MOST_LIKE - 1 else 0


def steps(document: Document) -> list[str]:
    """What to do next, the most urgent first."""
    urgent = dict.fromkeys(item["help"] for item in document["problems"] if item["code"] in FIRST and item["help"])
    fixes = list(dict.fromkeys(group.first["fix"] for group in open_groups(document)))[:3]
    bring = to_bring(document)
    return [*urgent, *fixes, *([f"Bring {bring[0][0]}, so that more can be judged."] if bring else [])]
