"""Tests inside rules: what they reach, what the linter insists on, and the JUnit document."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from books import rule, rule_text
from typer.testing import CliRunner

from rm_audit.cli.app import wired
from rm_audit.expr.scope import formula
from rm_audit.rulebook.coverage import coverage
from rm_audit.rulebook.lint import lint
from rm_audit.rulebook.load import load_rule
from rm_audit.rulebook.pack import load_packs
from rm_audit.rulebook.selftest import run_tests
from rm_audit.vocabulary import VOCABULARY

FLOOR = "{floor: {value: 0.1, unit: ratio, source: judgement, why: it is low}}"
LEAKY = {
    "params": FLOOR,
    "where": "clicks > 0",
    "flag": "applies_per_click < floor and channel_kind != 'search'",
    "money": "{class: unproven, step: statistical, amount: 'max(spend, media_spend)'}",
}
FAIL = "{name: fails, given: [{channel: A, clicks: 90, applies: 1, spend: 5, channel_kind: board, media_spend: 4}], expect: [{state: fail}]}"  # noqa: E501
EDGE = "{name: edge, boundary: true, given: [{channel: A, clicks: 90, applies: 9, channel_kind: board}], expect: [{state: pass}]}"  # noqa: E501
BLANK = "{name: blank, given: [{channel: A, applies: 9}], expect: [{state: not_evaluated, missing: [clicks]}]}"


def command(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(wired(), ["rules", *words], env={"COLUMNS": "100"}, catch_exceptions=False)
    return done.exit_code, done.stdout, done.stderr


def pack(folder: Path, **fields: str) -> str:
    """A folder with one rule in it."""
    (folder / "pack").mkdir()
    (folder / "pack" / "a-rule.yaml").write_text(rule_text(**fields), encoding="utf-8")
    return str(folder / "pack")


# --- coverage ---------------------------------------------------------------------------------------------------


def test_each_condition_is_reached_true_false_unknown_and_on_its_threshold() -> None:
    """Three tests, and what they never come to: one line a condition."""
    found = coverage(rule(**LEAKY, tests=f"[{FAIL}, {EDGE}, {BLANK}]"))
    assert [(branch.field, branch.text, branch.never) for branch in found.branches] == [
        ("where", "clicks > 0", ("false", "boundary")),
        ("flag", "applies_per_click < floor", ("unknown",)),
        ("flag", "channel_kind != 'search'", ("false", "unknown")),
        ("money", "max(spend, media_spend)", ()),
        ("money", "spend", ()),
        ("money", "media_spend", ("chosen",)),
    ]
    assert (found.reached, found.wanted) == (8, 14)


def test_a_condition_counts_only_where_it_is_asked() -> None:
    """A channel without clicks never asks for the flag, so its rate of nothing reaches nothing."""
    tests = "[{name: n, given: [{channel: A, clicks: 0, applies: 0}], expect: [{state: not_applicable}]}]"
    found = coverage(rule(**LEAKY, tests=tests))
    assert [sorted(branch.reached) for branch in found.branches] == [["boundary", "false"], [], [], [], [], []]


def test_what_can_never_be_unknown_is_not_asked_to_be() -> None:
    """coalesce with a constant behind it, and a comparison of parameters."""
    judged = rule(params=FLOOR, flag="coalesce(channel_kind, 'x') == 'x' or 0 < floor <= 1")
    assert [(branch.text, branch.wanted) for branch in coverage(judged).branches] == [
        ("coalesce(channel_kind, 'x') == 'x'", ("true", "false")),
        ("0 < floor", ("true", "false", "boundary")),
        ("floor <= 1", ("true", "false", "boundary")),
        ("channel_kind", ("chosen",)),
        ("'x'", ("chosen",)),
    ]


def test_coverage_as_people_read_it(tmp_path: Path) -> None:
    """The whole of what the command prints."""
    assert command("test", "--coverage", pack(tmp_path, **LEAKY, tests=f"[{FAIL}, {EDGE}, {BLANK}]")) == (
        0,
        "1 rule, 3 tests, all hold\n"
        "8 of 14 branches are reached by the rules' own tests (57%)\n"
        "  a-rule                           8 of 14\n"
        "    where   clicks > 0: never false, on its threshold\n"
        "    flag    applies_per_click < floor: never unknown\n"
        "    flag    channel_kind != 'search': never false, unknown\n"
        "    money   media_spend: never chosen\n",
        "",
    )


def test_the_shipped_rules_reach_nearly_all_of_themselves() -> None:
    """At least nineteen of twenty branches; the rest are combinations that cannot be, or ends of intervals."""
    found = [coverage(one) for one in load_packs()[0]]
    assert sum(item.reached for item in found) >= 0.95 * sum(item.wanted for item in found)


# --- rows of tests ----------------------------------------------------------------------------------------------


def test_what_one_row_gives_and_another_does_not_is_derived_in_the_other() -> None:
    """hire_share is given for A; for B it is 1 of 10; C says that it is unknown; D lacks the hires."""
    tests = (
        "[{name: n, given: [{channel: A, hire_share: 0.5}, {channel: B, hires: 1, total_hires: 10}, "
        "{channel: C, hires: 1, total_hires: 10, hire_share: null}, {channel: D, total_hires: 10}], "
        "expect: [{channel: A, state: fail}, {channel: B, state: pass}, "
        "{channel: C, state: not_evaluated, missing: [hire_share]}, "
        "{channel: D, state: not_evaluated, missing: [hires]}]}]"
    )
    assert run_tests([rule(params=FLOOR, flag="hire_share > floor", tests=tests)])[0].wrong == ()


def test_a_formula_speaks_of_names_that_stand_before_it() -> None:
    """So that one pass through the vocabulary derives all that a row does not give."""
    order = {name: place for place, name in enumerate(VOCABULARY)}
    derived = [name for name, word in VOCABULARY.items() if word.formula]
    assert all(order[part] < order[name] for name in derived for part in formula(name).names)


@pytest.mark.parametrize(
    ("test", "message", "help_"),
    [
        ("{name: n, given: [{}], expect: [{state: fial}]}", "there is no state 'fial'", "did you mean 'fail'?"),
        ("{name: n, given: [{}], expect: [{}], params: {flor: 1}}", "the rule has no parameter 'flor'",
         "did you mean 'floor'?"),
        ("{name: n, given: [{}], expect: [{}], params: {floor: x}}", "a value of unit ratio is a number, and this is a "
         "text", ""),
        ("{name: n, given: [{}], expect: [{}], params: {floor: [1]}}", "'floor' must be a number or a text", ""),
    ],
)  # fmt: skip
def test_a_slip_in_a_test_is_said_when_the_rule_is_read(test: str, message: str, help_: str) -> None:
    """A state that there is not, a parameter that the rule has not."""
    problems = load_rule(rule_text(params=FLOOR, flag="hire_share > floor", tests=f"[{test}]"), "a-rule.yaml")[1]
    assert [(problem.message, problem.help) for problem in problems] == [(message, help_)]


# --- the linter -------------------------------------------------------------------------------------------------


def test_a_bare_number_in_an_expression_is_shown_with_a_caret() -> None:
    """0 and 1 need no source, nor do months back; every other number is made a parameter."""
    judged = rule(
        grain="[channel, month]",
        where="spend > 0 and hires >= 1",
        flag='"hires < 0.25 * prior(hires, 3)"',
        tests=f"[{FAIL}, {EDGE}]",
    )
    bare = [problem.text() for problem in lint([judged]) if "number" in problem.message]
    assert bare == [
        "a-rule.yaml:15:16: error: the number 0.25 says neither its unit nor its source\n"
        '  | flag: "hires < 0.25 * prior(hires, 3)"\n'
        "  |                ^\n"
        "  help: Make it a parameter: {value, unit, source}."
    ]


def test_a_boundary_test_must_sit_on_a_boundary() -> None:
    """A rate of exactly a tenth is one; a rate of a ninetieth is not, whatever it calls itself."""
    there = rule(**LEAKY, tests=f"[{EDGE}]")
    beside = rule(**LEAKY, tests=f"[{FAIL.replace('given', 'boundary: true, given')}]")
    words = [[problem.message for problem in lint([one]) if "boundary" in problem.message] for one in (there, beside)]
    assert words == [[], ["the test 'fails' is no boundary: no row of it sits on a threshold"]]


def test_a_rule_of_marks_alone_has_no_threshold_to_sit_on() -> None:
    """`has_kpi` is true or false: its boundary is what the test's author says it is."""
    tests = "[{name: n, boundary: true, given: [{line: A, has_kpi: true}], expect: [{state: pass}]}]"
    judged = rule(grain="[line]", flag="not has_kpi", tests=tests)
    assert [problem for problem in lint([judged]) if "boundary" in problem.message] == []


# --- JUnit ------------------------------------------------------------------------------------------------------


def test_the_junit_document(tmp_path: Path) -> None:
    """One rule whose first test fails, and one file that is no rule: the whole document, and exit 2."""
    folder = pack(tmp_path, **LEAKY, tests=f"[{FAIL.replace('state: fail', 'state: pass')}, {BLANK}]")
    (Path(folder) / "other.yaml").write_text("- x\n")
    code, out, _ = command("test", "--coverage", "--junit", str(tmp_path / "report.xml"), folder)
    assert (code, out) == (2, "")
    assert (tmp_path / "report.xml").read_text("utf-8") == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<testsuites name="rm-audit rules test" tests="3" failures="1" errors="1">\n'
        '  <testsuite name="a-rule" tests="2" failures="1" errors="0">\n'
        "    <properties>\n"
        '      <property name="branches reached" value="6/14" />\n'
        "    </properties>\n"
        '    <testcase classname="a-rule" name="fails" file="pack/a-rule.yaml" line="13">\n'
        '      <failure message="expected pass, came to fail" />\n'
        "    </testcase>\n"
        '    <testcase classname="a-rule" name="blank" file="pack/a-rule.yaml" line="13" />\n'
        "  </testsuite>\n"
        '  <testsuite name="loading" tests="1" failures="0" errors="1">\n'
        '    <testcase classname="loading" name="pack/other.yaml:1:1">\n'
        "      <error message=\"a rule file is a list of 'field: value' lines\">pack/other.yaml:1:1: error: a rule "
        "file is a list of 'field: value' lines\n  | - x\n  | ^</error>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n"
    )


def test_the_junit_document_of_the_shipped_rules_is_xml_and_whole(tmp_path: Path) -> None:
    """A case for each test of each rule."""
    assert command("test", "--junit", str(tmp_path / "report.xml"))[0] == 0
    cases = Xml.parse(tmp_path / "report.xml").getroot().iter("testcase")
    expected = [(one.id, test.name) for one in load_packs()[0] for test in one.tests]
    assert [(case.get("classname"), case.get("name")) for case in cases] == expected
