"""The reference of the rules as Markdown: an overview by play, then a page a rule with law, numbers, reason and remedy.

It is made from the rules alone, so that it says what they do. `rules/README.md` is the reference of the built-in rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rm_audit.expr import Scope
from rm_audit.rendering.vocabulary import logic_tables
from rm_audit.rulebook.model import PLAYS, Rule
from rm_audit.vocabulary import VOCABULARY

_HEAD = """\
# The rules

Made by `rm-audit rules docs` from the rule files: change those, and make it anew. A rule says **where** it applies
(else it is not applicable), when there is **enough** evidence (else it cannot tell), and what it **flags** or, for
trust, what **earns** a pass. What no export brings is unknown, and unknown is never a pass. Only stable rules
count in the score and in gates. Every number below can be changed in `rm-audit.yaml` under `rules:`, for all
subjects or for some.

"""
_STATUS = {
    "stable": "",
    "draft": "A draft: it counts for nothing yet.",
    "preview": "A preview: it is shown, and counts neither in the score nor in gates.",
    "deprecated": "Deprecated: it counts neither in the score nor in gates.",
}


def reference(rules: Sequence[Rule]) -> str:
    """The whole reference: rules by play, in the order of the plays."""
    by_play = {play: [rule for rule in rules if rule.play == play] for play in PLAYS}
    parts = [_HEAD, f"## What is unknown\n\n```\n{logic_tables().removeprefix('logic')[1:]}```\n\n"]
    for play, own in by_play.items():
        if own:
            parts += [f"## {PLAYS[play]}\n\n", _overview(own), *(_page(rule) for rule in own)]
    return "".join(parts).rstrip("\n") + "\n"


def _overview(rules: Sequence[Rule]) -> str:
    rows = [
        f"| [{rule.id}](#{rule.id}) | {_cell(rule.title)} | {rule.severity} | {rule.weight:g} | {rule.status} |\n"
        for rule in rules
    ]
    return "| rule | what is wrong | severity | weight | status |\n|---|---|---|---|---|\n" + "".join(rows) + "\n"


def _page(rule: Rule) -> str:
    sections = [f"### {rule.id}\n", f"**{_text(rule.title)}.** {_text(rule.why)}\n"]
    sections += [f"{line}\n" for line in _life(rule)]
    sections += [_law(rule), *_params(rule)]
    sections.append(f"- Do: {_text(rule.fix)}")
    sections += [f"- It would be wrong: {_text(alarm)}" for alarm in rule.false_alarms]
    bring = _bring(rule)
    sections += [f"- It needs {_text(bring)}."] if bring else []
    sections += (
        [f"- While it fails, it holds back {', '.join(f'`{name}`' for name in rule.blocks)}."] if rule.blocks else []
    )
    sections.append(f"- Proved by: {'; '.join(_text(test.name) for test in rule.tests)}.\n\n")
    return "\n".join(sections)


def _life(rule: Rule) -> Iterator[str]:
    since = f" Since {rule.since}." if rule.since else ""
    instead = f" `{rule.replaced_by}` does its work now." if rule.replaced_by else ""
    words = f"{_STATUS[rule.status]}{since}{instead}".strip()
    if words:
        yield words
    if rule.renamed_from:
        yield f"It was called {', '.join(f'`{name}`' for name in rule.renamed_from)}."


def _law(rule: Rule) -> str:
    lines = [f"for each {', '.join(rule.grain)}"]
    law = "earn" if rule.kind == "trust" else "flag"
    for name, item in (("where", rule.where), ("enough", rule.enough), (law, rule.law)):
        lines += [f"{name}: {item.text}"] if item else []
    if rule.money:
        lines.append(f"money: {rule.money.amount.text}  ({rule.money.money_class})")
    lines += [f"weighed by: {rule.unit}"] if rule.unit else []
    return "```\n" + "\n".join(lines) + "\n```\n"


def _params(rule: Rule) -> Iterator[str]:
    if rule.params:
        yield "| number | value | unit | source | why |\n|---|---|---|---|---|"
        for name, param in rule.params.items():
            cells = (f"`{name}`", _cell(param.value), _cell(param.unit), _cell(param.source), _cell(param.why))
            yield f"| {' | '.join(cells)} |"
        yield ""


def _bring(rule: Rule) -> str:
    scope = Scope(0, {})
    names = dict.fromkeys(name for item in rule.expressions for name in scope.base_names(item))
    return "; ".join(dict.fromkeys(VOCABULARY[name].bring for name in names if VOCABULARY[name].bring))


def _text(words: object) -> str:
    """Words of a rule file as Markdown shows them: a pack is a stranger's, and its marks are no marks of ours."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", " ".join(str(words).split()))


def _cell(words: object) -> str:
    return _text(words) or "-"
