"""The report as JUnit XML: a suite a play, a case a finding, and a case for each rule that holds or could not judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from rm_audit.errors import visible
from rm_audit.rendering.words import Document, standing


def junit(document: Document) -> str:
    """Findings that close a gate are failures. What is waived, known, or of a rule that is not stable is skipped, and
    so is a rule that could not judge, with what it lacks. No time is in it: the same inputs give the same bytes."""
    suites = Element("testsuites", name="rm-audit")
    for play in document["plays"]:
        cases = [case for rule in document["rules"] if rule["play"] == play["id"] for case in _cases(document, rule)]
        if cases:
            suite = SubElement(suites, "testsuite", name=play["title"])
            suite.attrib.update(_counts(cases))
            suite.extend(cases)
    sums = {name: str(sum(int(suite.get(name, "0")) for suite in suites)) for name in ("tests", "failures", "skipped")}
    suites.attrib.update({**sums, "errors": str(sum(int(suite.get("errors", "0")) for suite in suites))})
    indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(suites, encoding="unicode")}\n'


def clean(text: object) -> str:
    """Visible text without the few characters that XML knows no way to write."""
    return visible(text).translate({0xFFFE: "�", 0xFFFF: "�"})


def _counts(cases: list[Element]) -> dict[str, str]:
    named = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    counts = {name: str(sum(case.find(tag) is not None for case in cases)) for name, tag in named.items()}
    return {"tests": str(len(cases)), **counts}


def _cases(document: Document, rule: Mapping[str, Any]) -> Iterator[Element]:
    findings = [finding for finding in document["findings"] if finding["rule"] == rule["id"]]
    for finding in findings:
        yield _finding(document, finding)
    judged = rule["judged"]
    if judged["error"]:
        case = _case(rule, rule["id"])
        SubElement(case, "error", message=f"the rule broke on {judged['error']} subjects")
        yield case
    elif not findings:
        case = _case(rule, rule["id"])
        if not judged["pass"]:
            SubElement(case, "skipped", message=_why(rule))
        yield case


def _case(rule: Mapping[str, Any], name: str) -> Element:
    return Element("testcase", classname=f"rm-audit.{rule['play']}", name=clean(name))


def _why(rule: Mapping[str, Any]) -> str:
    """Why a rule came to nothing."""
    judged = rule["judged"]
    if judged["cannot_tell"]:
        return f"held back by {rule['blocked_by']}" if rule["blocked_by"] else "too little evidence yet"
    if judged["not_evaluated"]:
        return f"bring {rule['bring']}" if rule["bring"] else "something that it needs is unknown"
    return "it applies to nothing here"


def _finding(document: Document, finding: Mapping[str, Any]) -> Element:
    case = _case({"play": finding["play"]}, finding["id"])
    why = standing(document, finding)
    if why:
        SubElement(case, "skipped", message=clean(f"{why}: {finding['message']}"))
        return case
    failure = SubElement(case, "failure", type=finding["severity"], message=clean(finding["message"]))
    cells = [f"See: {', '.join(finding['cells'])}"] if finding["cells"] else []
    failure.text = "\n".join(clean(line) for line in (*cells, f"Do: {finding['fix']}"))
    return case
