"""What is made from rules: the reference, the JSON Schema of a rule file, and a page for a new rule."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
import yaml
from books import rule, rule_text
from jsonschema import Draft202012Validator
from making import Case, told

from rm_audit.rendering.reference import reference
from rm_audit.rulebook.lint import lint
from rm_audit.rulebook.load import load_rule
from rm_audit.rulebook.model import PLAYS
from rm_audit.rulebook.pack import load_only
from rm_audit.rulebook.scaffold import scaffold
from rm_audit.rulebook.schema import rule_schema
from rm_audit.rulebook.selftest import run_tests
from rm_audit.shipped import rules_folder
from rm_audit.vocabulary import KEYS, PORTFOLIO

SHIPPED = sorted(
    path
    for path in rules_folder().rglob("*.yaml")
    if path.name not in ("scoring.yaml", "pack.yaml") and path.parent.name not in ("lexicons", "copy")
)

# --- the reference ----------------------------------------------------------------------------------------------


def test_the_reference_in_the_repository_is_the_one_of_the_rules() -> None:
    """`rules/README.md` is stale where this fails: make it anew with `rm-audit rules docs -o rules`."""
    rules, problems = load_only([])
    assert problems == []
    assert (rules_folder() / "README.md").read_text("utf-8") == reference(rules)


def test_a_page_of_the_reference_tells_all_of_a_rule() -> None:
    """Law, numbers with their sources, remedy, false alarms, what it needs, what proves it; marks are made harmless."""
    found = rule(
        title="Too *many* clicks", status="deprecated", since='"0.3"', replaced_by="other", renamed_from="[old]",
        params="{least: {value: 3, unit: count, source: judgement, why: a | b}}",
        where="spend > 0", flag="clicks > least",
    )  # fmt: skip
    page = reference([found]).partition("### ")[2]
    assert page == (
        "a-rule\n\n"
        "**Too \\*many\\* clicks.** Because.\n\n"
        "Deprecated: it counts neither in the score nor in gates. Since 0.3. `other` does its work now.\n\n"
        "It was called `old`.\n\n"
        "```\nfor each channel\nwhere: spend > 0\nflag: clicks > least\n```\n\n"
        "| number | value | unit | source | why |\n|---|---|---|---|---|\n"
        "| `least` | 3 | count | judgement | a \\| b |\n\n"
        "- Do: Mend it.\n"
        "- It would be wrong: The test is wrong.\n"
        "- It needs a spend sheet with an amount a channel; an ad platform's export, or a spend sheet with these "
        "columns.\n"
        "- Proved by: none.\n"
    )


# --- the schema -------------------------------------------------------------------------------------------------


def wrong_by_schema(text: str) -> list[str]:
    """Where an editor would draw a red line: the path of each error."""
    data: Any = yaml.load(text, Loader=yaml.BaseLoader) if not text.strip() else yaml.safe_load(text)
    found = Draft202012Validator(rule_schema()).iter_errors(data)
    return sorted(".".join(map(str, error.absolute_path)) for error in found)


def test_the_schema_is_a_schema() -> None:
    """By its own meta-schema."""
    Draft202012Validator.check_schema(rule_schema())


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_rule_fits_the_schema(path: Path) -> None:
    """An editor shows no error in any rule that ships."""
    assert wrong_by_schema(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"play": "job-bords"}, ["play"]),
        ({"severity": "hgh"}, ["severity"]),
        ({"status": "final"}, ["status"]),
        ({"kind": "trust"}, [""]),
        ({"why": ""}, [""]),
        ({"flagg": "1 > 0"}, [""]),
        ({"weight": "-1"}, ["weight"]),
        ({"weight": "heavy"}, ["weight"]),
        ({"grain": "[chanel]"}, ["grain.0"]),
        ({"grain": "channel"}, ["grain"]),
        ({"params": "{a: 3}"}, ["params.a"]),
        ({"params": "{a: {value: 3, unit: count}}"}, ["params.a"]),
        ({"money": "{class: odd, step: statistical, amount: spend}"}, ["money.class"]),
        ({"money": "{class: unproven, step: statistical, amount: 3}"}, ["money.amount"]),
        ({"message": "[x]"}, ["message"]),
        ({"false_alarms": "none"}, ["false_alarms"]),
        ({"blocks": "{a: 1}"}, ["blocks"]),
        ({"renamed_from": "old"}, ["renamed_from"]),
        ({"since": "0.2"}, ["since"]),
        ({"tests": "[3]"}, ["tests.0"]),
        ({"tests": "[{name: a, given: [{channel: A}]}]"}, ["tests.0"]),
        ({"tests": "[{name: a, given: [3], expect: [{state: fail}]}]"}, ["tests.0.given.0"]),
    ],
)
def test_a_bad_rule_has_its_error_in_the_editor_and_in_the_loader(fields: dict[str, str], where: list[str]) -> None:
    """Both refuse it; the schema at the place that is named."""
    text = rule_text(**{"flag": "spend > 0", **fields})
    assert wrong_by_schema(text) == where
    assert load_rule(text, "a-rule.yaml")[1] != []


def test_a_state_that_is_none_is_an_error_in_the_editor() -> None:
    """`expect: [{state: failed}]`: the states are a closed set."""
    tests = "[{name: a, given: [{channel: A}], expect: [{state: failed}]}]"
    assert wrong_by_schema(rule_text(flag="spend > 0", tests=tests)) == ["tests.0.expect.0.state"]


# --- a new rule -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("play", "grain"), [*itertools.product(PLAYS, [*KEYS, PORTFOLIO]), ("software", "channel,month"), ("trust", "job")]
)
def test_a_new_rule_is_a_draft_that_lints_and_whose_tests_hold(play: str, grain: str) -> None:
    """Whatever the play and the grain: no problem, no complaint, every test holds, and the schema has none either."""
    text = scaffold("a-new-rule", play, grain.split(","))
    found, problems = load_rule(text, "a-new-rule.yaml")
    assert [problem.text() for problem in problems] == []
    assert found is not None
    assert (found.status, found.play, ",".join(found.grain)) == ("draft", play, grain)
    assert [problem.text() for problem in lint([found])] == []
    assert [outcome.wrong for outcome in run_tests([found]) if outcome.wrong] == []
    assert wrong_by_schema(text) == []


def test_a_new_rule_is_written_and_never_over_a_file(tmp_path: Path) -> None:
    """`rules new` writes the page; a second time it stops, and the file is as it was."""
    case = Case("", "rules new board-many-ads --play job-boards", 0, written={"board-many-ads.yaml": "x"})
    first = told(case, tmp_path)
    assert (first.exit, first.stderr, first.stdout) == (
        0,
        "",
        "board-many-ads.yaml: a draft. Fill it in, then run: rm-audit rules lint board-many-ads.yaml && "
        "rm-audit rules test board-many-ads.yaml\n",
    )
    assert first.written["board-many-ads.yaml"] == scaffold("board-many-ads", "job-boards", ["channel"])
    second = told(case, tmp_path)
    assert (second.exit, second.written, second.stderr) == (
        2,
        first.written,
        "error: there is a file 'board-many-ads.yaml' already\n  help: Choose another id, or another folder with -o.\n",
    )


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ("x --play plan", "'x' is no id of a rule\n  help: Write two small words or more, such as board-too-many-ads."),
        ("../a-b --play plan", "'../a-b' is no id of a rule\n  help: Write two small words or more, such as "
                               "board-too-many-ads."),
        ("a-b --play plann", "--play: there is no play 'plann'\n  help: did you mean 'plan'?"),
        ("a-b --play plan --grain lin", "--grain: there is no grain 'lin'\n  help: did you mean 'line'?"),
        ("a-b --play plan --grain line,channel", "--grain: line and channel do not go together\n"
                                                 "  help: Name keys of one kind, such as channel,month."),
        ("a-b --play plan -o gone", "--output: 'gone/a-b.yaml' cannot be written: No such file or directory\n"
                                    "  help: Name a file in a folder that is there."),
    ],
)  # fmt: skip
def test_a_new_rule_that_cannot_be_is_told_why(tmp_path: Path, run: str, said: str) -> None:
    """A bad id, play, grain or folder: exit 2, one sentence, no file."""
    done = told(Case("", f"rules new {run}", 2), tmp_path)
    assert (done.exit, done.stderr, done.changed) == (2, f"error: {said}\n", ())
