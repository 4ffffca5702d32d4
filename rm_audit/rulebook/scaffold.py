"""A new rule as a page to be filled in: it lints, its tests hold, and it is a draft."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rm_audit.vocabulary import KEYS, family

ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")


@dataclass(frozen=True)
class _Parts:
    """What a first rule of a family compares: a part with a whole, both counts."""

    whole: str
    part: str


_FAMILIES: Mapping[str, _Parts] = {
    "outcomes": _Parts("clicks", "applies"),
    "portfolio": _Parts("clicks", "applies"),
    "sequence": _Parts("sent", "replies"),
    "programme": _Parts("seats", "active_people"),
    "contract": _Parts("seats", "active_seats"),
}

_PAGE = """\
id: {id}
title: {title}
play: {play}
kind: {kind}
status: draft
severity: medium
weight: 1
grain: [{grain}]
{law}why: Say what it costs whom, in one sentence.
fix: Say what somebody can do on Monday.
false_alarms:
  - Say when the rule would be wrong.
tests:
{tests}"""

_SHARE = """\
params:
  least: {{value: 50, unit: count, source: judgement, why: "say why fewer are no evidence"}}
  limit: {{value: 0.05, unit: ratio, source: judgement, why: "say where the number comes from"}}
where: {whole} > 0
enough: {whole} >= least
{law}
message: "{subject}{{{part}:count}} {part} of {{{whole}:count}} {whole}."
"""
_LINE = """\
where: budget > 0
flag: not has_owner
unit: budget
message: "{budget} for '{line}' is planned without an owner."
"""


def scaffold(id: str, play: str, grain: Sequence[str]) -> str:
    """The text of a rule file. `grain` is one or more keys of one family, or portfolio."""
    kind = "trust" if play == "trust" else "flaw"
    head = {"id": id, "play": play, "kind": kind, "grain": ", ".join(grain), "title": _title(id)}
    if family(grain) == "line":
        # A line has a budget and marks, and no counts to compare.
        law = _LINE if kind == "flaw" else _LINE.replace("flag: not has_owner", "earn: has_owner")
        return _PAGE.format(**head, law=law, tests=_tests(_line_rows()))
    parts = _FAMILIES[family(grain)]
    ratio = f"{parts.part} / {parts.whole}"
    law = f"earn: {ratio} >= limit" if kind == "trust" else f"flag: {ratio} < limit"
    keys = [key for key in grain if key in KEYS]
    subject = ", ".join(f"{{{key}}}" for key in keys) + ": " if keys else ""
    text = _SHARE.format(whole=parts.whole, part=parts.part, law=law, subject=subject)
    return _PAGE.format(**head, law=text, tests=_tests(_share_rows(parts, keys)))


def is_id(text: str) -> bool:
    """Small letters and digits, two words at least, with hyphens between."""
    return ID.fullmatch(text) is not None


def _title(id: str) -> str:
    words = id.replace("-", " ")
    return f"{words[0].upper()}{words[1:]}"


Row = tuple[str, str, str]  # the name of a test, what is given, what is expected


def _share_rows(parts: _Parts, keys: Sequence[str]) -> list[Row]:
    """One test a state, with 5 of 100 on the threshold."""

    def given(whole: int, part: int | None) -> str:
        values = [f"{key}: {'2026-03' if key == 'month' else 'A'}" for key in keys]
        values += [f"{parts.whole}: {whole}"] + ([f"{parts.part}: {part}"] if part is not None else [])
        return f"{{{', '.join(values)}}}"

    return [
        ("one of a hundred fails", given(100, 1), "{state: fail, amount: 0}"),
        ("ten of a hundred pass", given(100, 10), "{state: pass, amount: 0}"),
        ("exactly five of a hundred pass", given(100, 5), "{state: pass}"),
        ("ten are too few to tell", given(10, 0), "{state: cannot_tell}"),
        ("none at all is none of its business", given(0, 0), "{state: not_applicable}"),
        (
            "without the counts nothing can be said",
            given(100, None),
            f"{{state: not_evaluated, missing: [{parts.part}]}}",
        ),
    ]


def _line_rows() -> list[Row]:
    return [
        ("a line without an owner fails", "{line: CRM, budget: 900, has_owner: false}", "{state: fail, amount: 0}"),
        ("a line with an owner passes", "{line: CRM, budget: 900, has_owner: true}", "{state: pass, amount: 0}"),
        ("exactly no money is left alone", "{line: CRM, budget: 0, has_owner: false}", "{state: not_applicable}"),
        (
            "without owners nothing can be said",
            "{line: CRM, budget: 900}",
            "{state: not_evaluated, missing: [has_owner]}",
        ),
    ]


def _tests(rows: Sequence[Row]) -> str:
    """Tests as YAML; the one whose name begins with `exactly` sits on the threshold."""
    text = ""
    for name, given, expect in rows:
        boundary = "    boundary: true\n" if name.startswith("exactly") else ""
        text += f"  - name: {name}\n{boundary}    given:  [{given}]\n    expect: [{expect}]\n"
    return text
