"""The tests inside rules as a JUnit document, which build servers read: a suite a rule, a case a test."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree as Xml

from rm_audit.errors import Problem, visible
from rm_audit.rulebook.coverage import Coverage
from rm_audit.rulebook.selftest import Outcome


def junit(outcomes: Sequence[Outcome], unread: Sequence[Problem], covered: Sequence[Coverage]) -> str:
    """The document as text. Rules that could not be read are errors of a suite of their own."""
    share = {item.rule.id: f"{item.reached}/{item.wanted}" for item in covered}
    failed = sum(bool(outcome.wrong) for outcome in outcomes)
    counts = {"tests": len(outcomes) + len(unread), "failures": failed, "errors": len(unread)}
    root = Xml.Element("testsuites", {"name": "rm-audit rules test", **_texts(counts)})
    for rule, group in groupby(outcomes, key=lambda outcome: outcome.rule.id):
        _suite(root, rule, list(group), share.get(rule, ""))
    if unread:
        count = str(len(unread))
        suite = Xml.SubElement(root, "testsuite", {"name": "loading", "tests": count, "failures": "0", "errors": count})
        for problem in unread:
            case = Xml.SubElement(suite, "testcase", {"classname": "loading", "name": visible(problem.location)})
            Xml.SubElement(case, "error", {"message": visible(problem.message)}).text = problem.text()
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def _suite(root: Xml.Element, rule: str, outcomes: Sequence[Outcome], covered: str) -> None:
    failed = sum(bool(outcome.wrong) for outcome in outcomes)
    counts = {"tests": len(outcomes), "failures": failed, "errors": 0}
    suite = Xml.SubElement(root, "testsuite", {"name": rule, **_texts(counts)})
    if covered:
        properties = Xml.SubElement(suite, "properties")
        Xml.SubElement(properties, "property", {"name": "branches reached", "value": covered})
    for outcome in outcomes:
        place = {"file": visible(outcome.rule.file), "line": str(outcome.test.line)}
        case = Xml.SubElement(suite, "testcase", {"classname": rule, "name": visible(outcome.test.name), **place})
        if outcome.wrong:
            Xml.SubElement(case, "failure", {"message": visible("; ".join(outcome.wrong))})


def _texts(counts: dict[str, int]) -> dict[str, str]:
    return {name: str(count) for name, count in counts.items()}
