"""Rules: what is wrong with a file and where, the states in their order, settings, the hash, and the shipped rules."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from books import rule, rule_text, subjects

from rm_audit.errors import UsageError
from rm_audit.expr import column
from rm_audit.findings import State
from rm_audit.rulebook.lint import lint
from rm_audit.rulebook.load import load_rule, read_rule
from rm_audit.rulebook.model import Rule
from rm_audit.rulebook.pack import load_packs
from rm_audit.rulebook.run import judge, judge_all
from rm_audit.rulebook.selftest import run_tests
from rm_audit.rulebook.settings import ruleset
from rm_audit.shipped import rules_folder

SHIPPED = sorted(
    path.relative_to(rules_folder()).as_posix()
    for path in rules_folder().rglob("*.yaml")
    if path.name != "scoring.yaml" and path.parent.name not in ("lexicons", "copy")
)


def said(text: str) -> list[str]:
    """Every problem of a rule file, as people read it."""
    found, problems = load_rule(text, "a-rule.yaml")
    assert (found is None) == bool(problems)
    return [problem.text() for problem in problems]


def states_of(judged: Rule, *rows: dict[str, object]) -> list[str]:
    return [str(state) for state in judge(judged, subjects(judged.grain, *rows)).states]


# --- loading ----------------------------------------------------------------------------------------------------


def test_a_wrong_name_is_shown_at_its_line_and_column_with_a_caret() -> None:
    """The whole text of the problem, with the excerpt and the help."""
    assert said(rule_text(where="spend > 0", flag="clicks > aplies")) == [
        "a-rule.yaml:15:16: error: unknown name 'aplies'\n"
        "  | flag: clicks > aplies\n"
        "  |                ^\n"
        "  help: did you mean 'applies'?"
    ]


def test_a_caret_stands_right_inside_quotes_too() -> None:
    """The column counts the opening quote."""
    assert said(rule_text(flag='"clicks > aplies"')) == [
        "a-rule.yaml:14:17: error: unknown name 'aplies'\n"
        '  | flag: "clicks > aplies"\n'
        "  |                 ^\n"
        "  help: did you mean 'applies'?"
    ]


def test_all_problems_of_a_file_are_said_at_once() -> None:
    """A missing field, a wrong play and severity, an unknown field, two wrong names: six, from the top down."""
    text = rule_text(
        play="job-bords", severity="hgh", flagg="1 > 0", why="", where="spnd > 0", flag="hires == 0 and clcks > 0"
    )
    assert said(text) == [
        "a-rule.yaml:1:1: error: the field 'why' is missing: why it matters\n  | id: a-rule\n  | ^",
        "a-rule.yaml:3:7: error: 'play' must be one of programmatic, job-boards, big-sites, nurture, volume-metrics, "
        "advocacy, software, trust, hygiene, plan\n"
        "  | play: job-bords\n"
        "  |       ^\n"
        "  help: did you mean 'job-boards'?",
        "a-rule.yaml:6:11: error: 'severity' must be one of low, medium, high, critical\n"
        "  | severity: hgh\n"
        "  |           ^\n"
        "  help: did you mean 'high'?",
        "a-rule.yaml:13:1: error: unknown field 'flagg'\n  | flagg: 1 > 0\n  | ^\n  help: did you mean 'flag'?",
        "a-rule.yaml:14:8: error: unknown name 'spnd'\n"
        "  | where: spnd > 0\n"
        "  |        ^\n"
        "  help: did you mean 'spend'?",
        "a-rule.yaml:15:22: error: unknown name 'clcks'\n"
        "  | flag: hires == 0 and clcks > 0\n"
        "  |                      ^\n"
        "  help: did you mean 'clicks'?",
    ]


def test_a_key_that_stands_twice_is_a_problem() -> None:
    """Duplicate keys are an error and not a silent choice."""
    assert said(rule_text(flag="clicks > 0") + "weight: 3\n") == [
        "a-rule.yaml:15:1: error: the key 'weight' stands twice\n"
        "  | weight: 3\n"
        "  | ^\n"
        "  help: Keep one of the two; the first stands in line 7."
    ]


def test_a_name_of_another_grain_is_unknown() -> None:
    """A rule about channels cannot ask for the seats of a contract."""
    assert said(rule_text(flag="seats > 0")) == [
        "a-rule.yaml:14:7: error: unknown name 'seats'\n  | flag: seats > 0\n  |       ^"
    ]


def test_grains_that_do_not_go_together_are_refused() -> None:
    """A channel and a contract share no row; a grain with a slip of the pen is named."""
    assert said(rule_text(grain="[channel, contract]", flag="spend > 0"))[0] == (
        "a-rule.yaml:8:8: error: these grains do not go together\n  | grain: [channel, contract]\n  |        ^"
    )
    assert said(rule_text(grain="[chanel]", flag="1 > 0", message="x"))[0] == (
        "a-rule.yaml:8:9: error: unknown grain 'chanel'\n"
        "  | grain: [chanel]\n"
        "  |         ^\n"
        "  help: did you mean 'channel'?"
    )


def test_a_rule_without_its_law_is_refused() -> None:
    """A flaw needs `flag`, a trust rule `earn`."""
    assert said(rule_text()) == ["a-rule.yaml:4:7: error: a flaw rule needs 'flag'\n  | kind: flaw\n  |       ^"]
    assert said(rule_text(kind="trust", flag="spend > 0")) == [
        "a-rule.yaml:4:7: error: a trust rule needs 'earn'\n  | kind: trust\n  |       ^"
    ]


def test_names_in_messages_and_tests_are_checked() -> None:
    """A message that asks for a name that is not there; a test that gives one."""
    tests = "[{name: none, given: [{channel: A, spnd: 3}], expect: [{channel: A}]}]"
    assert said(rule_text(flag="spend > 0", message='"{chanel} fails."', tests=tests)) == [
        "a-rule.yaml:9:10: error: unknown name 'chanel' in the message\n"
        '  | message: "{chanel} fails."\n'
        "  |          ^\n"
        "  help: did you mean 'channel'?",
        "a-rule.yaml:13:43: error: unknown name 'spnd'\n"
        f"  | tests: {tests}\n"
        "  |                                           ^\n"
        "  help: did you mean 'spend'?",
    ]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("{spend:mony} spent", ["nothing is shown as 'mony'", "did you mean 'money'?"]),
        ("{spend:range} spent", ["'spend' has no range: there is no spend_low and spend_high", ""]),
        ("{hires:range} from {spend:money}, {clicks:count}, {channel}", []),
    ],
)
def test_how_a_message_shows_a_name_is_checked(message: str, expected: list[str]) -> None:
    """A format that there is not, a range that the vocabulary has not, and a message that is well."""
    found = load_rule(rule_text(flag="spend > 0", message=f'"{message}"'), "a-rule.yaml")[1]
    assert [word for problem in found for word in (problem.message, problem.help)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "a-rule.yaml:1:1: error: a rule file is a list of 'field: value' lines"),
        ("- a\n", "a-rule.yaml:1:1: error: a rule file is a list of 'field: value' lines\n  | - a\n  | ^"),
        ("id: &x a\n", None),
        ("id: [\n", None),
        ("\t", None),
    ],
)
def test_a_file_that_is_no_rule_is_a_problem_and_no_crash(text: str, expected: str | None) -> None:
    """Empty, a list, an anchor, broken YAML, a tab."""
    found = said(text)
    assert found
    assert expected is None or found == [expected]


@pytest.mark.parametrize(
    "fields",
    [{"weight": "[1]"}, {"weight": "-1"}, {"grain": "channel"}, {"play": "[a]"}, {"params": "[a]"},
     {"params": "{a: 3}"}, {"money": "3"}, {"money": "{class: odd, step: statistical, amount: spend}"},
     {"money": "{class: unproven, step: statistical, amount: 3}"}, {"tests": "3"}, {"tests": "[3]"}, {"flag": "3"},
     {"message": "[x]"}, {"blocks": "{a: 1}"}, {"unit": "[x]"}, {"unit": "clcks"}, {"id": "{a: 1}"},
     {"kind": "[flaw]"}, {"severity": "{a: 1}"}],
)  # fmt: skip
def test_a_field_of_the_wrong_kind_is_a_problem_and_no_crash(fields: dict[str, str]) -> None:
    """Whatever a field holds, loading says what is wrong and where."""
    assert said(rule_text(**{"flag": "spend > 0", **fields}))


def test_a_rule_lies_in_a_file_of_its_name(tmp_path: Path) -> None:
    """The file's name is the id."""
    (tmp_path / "other.yaml").write_text(rule_text(flag="spend > 0"))
    found, problems = read_rule(tmp_path / "other.yaml", "other.yaml")
    assert found is None
    assert [problem.text() for problem in problems] == [
        "other.yaml:1:1: error: the rule's id is 'a-rule' and its file is named 'other.yaml'\n"
        "  help: Name the file a-rule.yaml."
    ]


# --- states -----------------------------------------------------------------------------------------------------

LADDER = {"where": "spend > 0", "enough": "clicks >= 10", "flag": "applies == 0"}


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"clicks": 5, "applies": 0}, State.NOT_EVALUATED),
        ({"spend": 0, "clicks": 5, "applies": 0}, State.NOT_APPLICABLE),
        ({"spend": 0}, State.NOT_APPLICABLE),
        ({"spend": 9, "applies": 0}, State.NOT_EVALUATED),
        ({"spend": 9, "clicks": 5}, State.CANNOT_TELL),
        ({"spend": 9, "clicks": 50}, State.NOT_EVALUATED),
        ({"spend": 9, "clicks": 50, "applies": 0}, State.FAIL),
        ({"spend": 9, "clicks": 50, "applies": 1}, State.PASS),
    ],
)
def test_states_are_decided_in_the_order_where_enough_flag(row: dict[str, object], state: State) -> None:
    """The first of the three that is not true settles it: unknown, then false; then the flag."""
    assert states_of(rule(**LADDER), {"channel": "A", **row}) == [state]


def test_a_flag_that_is_unknown_only_for_zero_over_zero_cannot_tell() -> None:
    """No hires and no spend is no missing export; a missing input is."""
    judged = rule(flag="cost_per_hire > 5")
    rows = (
        {"channel": "A", "spend": 0, "hires": 0},
        {"channel": "B", "spend": 5, "hires": 0},
        {"channel": "C", "spend": 5},
    )
    assert states_of(judged, *rows) == ["cannot_tell", "cannot_tell", "not_evaluated"]


def test_an_unknown_where_is_not_evaluated_also_for_zero_over_zero() -> None:
    """design/rules.md: `where` unknown → not_evaluated; `enough` unknown → not_evaluated."""
    row = {"channel": "A", "spend": 0, "hires": 0}
    assert states_of(rule(where="cost_per_hire > 5", flag="spend > 0"), row) == ["not_evaluated"]
    assert states_of(rule(enough="cost_per_hire > 5", flag="spend > 0"), row) == ["not_evaluated"]


def test_a_trust_rule_passes_where_it_is_earned() -> None:
    """earn: true is a pass, false a fail, unknown not evaluated."""
    judged = rule(kind="trust", earn="stayed_low >= 0.7")
    rows = [{"channel": name, "stayed_low": value} for name, value in (("A", 0.8), ("B", 0.6), ("C", None))]
    assert states_of(judged, *rows) == ["pass", "fail", "not_evaluated"]


def test_a_rule_that_breaks_is_an_error_and_the_run_goes_on() -> None:
    """design/rules.md: `A rule that breaks is error, and the run goes on`. The measure of clicks is broken here: three
    values for two channels. The rule that asks for it is an error, and its neighbour is judged."""
    broken, sound = rule(id="broken", flag="clicks > applies"), rule(id="sound", flag="spend > 1")
    frame = subjects(
        ["channel"], {"channel": "A", "spend": 5, "applies": 1}, {"channel": "B", "spend": 0, "applies": 1}
    )
    frame = replace(frame, columns={**frame.columns, "clicks": column([1, 2, 3])})
    results = judge_all([broken, sound], {("channel",): frame})
    assert [result.states.tolist() for result in results] == [["error", "error"], ["fail", "pass"]]


def test_rules_judged_together_come_to_what_each_comes_to_alone() -> None:
    """What rules of one grain share is computed once, and changes no verdict and no claim."""
    rows = [
        {"channel": str(n), "channel_kind": kind, "media_spend": 900 * n, "total_media_spend": 40_000, "spend": 900 * n,
         "clicks": 700 * n, "applies": n, "applications": 90 * n, "total_applications": 900, "conversations": n % 3,
         "hires": n % 4, "total_hires": 60, "hires_expected_low": 9 * n, "benchmark_hires": 20,
         "spend_matured": 800 * n}
        for n, kind in enumerate(["job-board", "big-site", None, "referral", "programmatic", "job-board", "agency"])
    ]  # fmt: skip
    chosen = [one for one in load_packs()[0] if one.grain == ("channel",)]
    frame = subjects(["channel"], *rows)
    together = judge_all([replace(one, blocks=()) for one in chosen], {("channel",): frame})
    alone = [judge(one, frame) for one in chosen]
    assert [result.states.tolist() for result in together] == [result.states.tolist() for result in alone]
    assert [result.wanted.tolist() for result in together] == [result.wanted.tolist() for result in alone]
    assert [result.missing_names for result in together] == [result.missing_names for result in alone]
    assert len({state for result in alone for state in result.states}) >= 4


def test_the_month_before_of_the_same_channel() -> None:
    """`prior` looks for a channel's own month; A doubled, B did not, C has no month before, D's year turns."""
    judged = rule(grain="[channel, month]", flag="hires > 0 and spend >= times * prior(spend)",
                  params="{times: {value: 2, unit: multiple, source: judgement}}")  # fmt: skip
    rows = [("A", "2026-02", 10), ("A", "2026-03", 20), ("B", "2026-02", 10), ("B", "2026-03", 19), ("C", "2026-03", 9),
            ("D", "2026-01", 50), ("D", "2025-12", 5)]  # fmt: skip
    given = [{"channel": channel, "month": month, "spend": spend, "hires": 1} for channel, month, spend in rows]
    assert states_of(judged, *given) == [
        "not_evaluated", "fail", "not_evaluated", "pass", "not_evaluated", "fail", "not_evaluated",
    ]  # fmt: skip


def test_what_is_missing_is_found_in_a_frame_of_many_rows() -> None:
    """A hundred thousand subjects that lack one thing or another: each thing named once, within a second or two."""
    kinds = [{"clicks": 5}, {"spend": 1}, {"spend": 1, "clicks": 20}]
    columns = {
        name: column([kinds[row % 3].get(name) for row in range(100_000)]) for name in ("spend", "clicks", "applies")
    }
    frame = replace(subjects(["channel"]), length=100_000, columns=columns)
    start = time.perf_counter()
    assert judge(rule(**LADDER), frame).missing_names == ("spend", "clicks", "applies")
    assert time.perf_counter() - start < 5


def test_a_failing_hygiene_rule_holds_back_what_it_blocks() -> None:
    """The fails of the blocked rule become cannot_tell and claim nothing; its passes stay."""
    blind = rule(id="blind", kind="hygiene", grain="[channel]", flag="impressions == 0", blocks="[zero]")
    zero = rule(id="zero", flag="hires == 0", money="{class: unproven, step: statistical, amount: spend}", message="x")
    rows = [
        {"channel": "A", "spend": 5, "hires": 0, "impressions": 0},
        {"channel": "B", "spend": 5, "hires": 1, "impressions": 3},
    ]
    blocked = judge_all([blind, zero], {("channel",): subjects(["channel"], *rows)})[1]
    free = judge_all([zero], {("channel",): subjects(["channel"], *rows)})[0]
    assert (blocked.states.tolist(), blocked.wanted.tolist(), blocked.blocked_by) == (
        ["cannot_tell", "pass"], [0, 0], "blind",
    )  # fmt: skip
    assert (free.states.tolist(), free.wanted.tolist(), free.blocked_by) == (["fail", "pass"], [5_000_000, 0], "")


@pytest.mark.parametrize(("kind", "status"), [("flaw", "stable"), ("hygiene", "preview"), ("hygiene", "draft")])
def test_only_a_stable_hygiene_rule_holds_back(kind: str, status: str) -> None:
    """A flaw that names rules to block, or a hygiene rule under trial, blocks nothing."""
    blind = rule(id="blind", kind=kind, status=status, flag="spend > 0", blocks="[zero]")
    zero = rule(id="zero", flag="hires == 0")
    frame = subjects(["channel"], {"channel": "A", "spend": 5, "hires": 0})
    assert judge_all([blind, zero], {("channel",): frame})[1].states.tolist() == ["fail"]


def test_what_is_missing_and_which_export_brings_it_is_said() -> None:
    """A subject without applies lacks applies; a grain without any subject lacks all that the rule asks for."""
    judged = rule(**LADDER)
    one = judge(judged, subjects(["channel"], {"channel": "A", "spend": 9, "clicks": 50}))
    none = judge(judged, subjects(["channel"]))
    assert (one.missing_names, one.bring()) == (
        ("applies",),
        "an ad platform's export, or a spend sheet with these columns",
    )
    assert none.missing_names == ("spend", "clicks", "applies")
    assert none.count()[State.NOT_EVALUATED] == 1


def test_a_claim_is_in_whole_cents_rounded_down_and_never_negative() -> None:
    """Of 10.009 the claim is 10.00; a negative amount claims nothing; binary fractions lose no cent."""
    judged = rule(flag="spend > -99", money="{class: unproven, step: statistical, amount: spend}")
    rows = [{"channel": str(n), "spend": spend} for n, spend in enumerate([10.009, -3, 0.29, 1.1, None])]
    assert judge(judged, subjects(["channel"], *rows)).wanted.tolist() == [10_000_000, 0, 290_000, 1_100_000, 0]


# --- settings over rules ----------------------------------------------------------------------------------------

PARAMS = "{least: {value: 3, unit: count, source: judgement}, word: {value: x, unit: text, source: judgement}}"


def _two() -> list[Rule]:
    return [
        rule(id="board-zero", params=PARAMS, flag="clicks > least and channel != word"),
        rule(id="nurture-ask", play="nurture", flag="spend > 0"),
    ]


def test_settings_change_parameters_severity_and_weight_by_pattern() -> None:
    """`board-*` takes a parameter, a severity and a weight; the source says who set it."""
    (board, nurture) = ruleset(_two(), {"board-*": {"least": 8, "severity": "high", "weight": 2}}).rules
    assert (board.id, board.severity, board.weight, board.values) == (
        "board-zero",
        "high",
        2.0,
        {"least": 8, "word": "x"},
    )
    assert board.params["least"].source == "set by the user"
    assert (nurture.id, nurture.severity, nurture.weight) == ("nurture-ask", "medium", 1.0)


@pytest.mark.parametrize("off", ["off", False])
def test_off_takes_rules_out(off: object) -> None:
    """`off` and `false` both switch off, one rule or all that fit a pattern."""
    assert [found.id for found in ruleset(_two(), {"nurture-*": off}).rules] == ["board-zero"]
    assert ruleset(_two(), {"*": off}).rules == ()


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"board-zer": "off"}, "error: no rule is called 'board-zer'\n  help: did you mean 'board-zero'?"),
        ({"qqq-*": "off"}, "error: no rule is called 'qqq-*'\n  help: See: rm-audit rules list"),
        (
            {"board-zero": {"leest": 8}},
            "error: the rule 'board-zero' has no parameter 'leest'\n  help: did you mean 'least'?",
        ),
        (
            {"board-zero": {"qqq": 8}},
            "error: the rule 'board-zero' has no parameter 'qqq'\n  help: It has: severity, weight, least, word.",
        ),
        (
            {"board-zero": {"least": "many"}},
            "error: board-zero.least cannot be 'many'\n  help: Give a value of the same kind.",
        ),
        (
            {"board-zero": {"least": True}},
            "error: board-zero.least cannot be 'True'\n  help: Give a value of the same kind.",
        ),
        (
            {"board-zero": {"severity": "hgh"}},
            "error: board-zero.severity cannot be 'hgh'\n  help: did you mean 'high'?",
        ),
        (
            {"board-zero": {"weight": 0}},
            "error: board-zero.weight cannot be '0'\n  help: Give a value of the same kind.",
        ),
        (
            {"board-zero": {"weight": True}},
            "error: board-zero.weight cannot be 'True'\n  help: Give a value of the same kind.",
        ),
    ],
)
def test_a_setting_that_fits_nothing_is_refused(overrides: dict[str, object], expected: str) -> None:
    """An unknown rule, an unknown parameter, a value of the wrong kind: whole text."""
    with pytest.raises(UsageError) as error:
        ruleset(_two(), overrides)
    assert str(error.value) == expected


def test_the_hash_changes_with_the_law_and_not_with_prose() -> None:
    """Expressions, parameters, weights, severities and money count; words and tests do not."""
    plain = {"where": "spend > 0", "flag": "hires == 0", "params": PARAMS.replace("x, unit", "y, unit")}
    base = ruleset([rule(**plain)], {}).hash
    prose = {"title": "Another", "why": "For.", "fix": "Do.", "message": "z", "false_alarms": "[None.]"}
    law = [
        {"where": "spend > 1"}, {"flag": "hires == 1"}, {"enough": "clicks > 1"}, {"weight": "2"}, {"severity": "low"},
        {"status": "preview"}, {"grain": "[channel, month]"}, {"params": PARAMS.replace("3", "4")}, {"unit": "spend"},
        {"money": "{class: unproven, step: statistical, amount: spend}"},
        {"money": "{class: avoidable, step: statistical, amount: spend}"},
    ]  # fmt: skip
    assert ruleset([rule(**{**plain, **prose})], {}).hash == base
    hashes = [ruleset([rule(**{**plain, **change})], {}).hash for change in law]
    assert len({base, *hashes}) == len(law) + 1


def test_where_and_enough_are_not_the_same_law() -> None:
    """Moving a condition from `where` to `enough` changes what comes out, so it changes the hash."""
    one = ruleset([rule(where="spend > 0", flag="hires == 0")], {}).hash
    other = ruleset([rule(enough="spend > 0", flag="hires == 0")], {}).hash
    assert one != other


def test_what_hygiene_blocks_is_law() -> None:
    """A rule that is held back judges otherwise, so the list of blocks is part of the hash."""
    one = ruleset([rule(kind="hygiene", flag="spend > 0", blocks="[x]")], {}).hash
    other = ruleset([rule(kind="hygiene", flag="spend > 0", blocks="[y]")], {}).hash
    assert one != other


# --- packs and the shipped rules --------------------------------------------------------------------------------


def test_a_pack_replaces_a_rule_of_the_same_id(tmp_path: Path) -> None:
    """Built-in rules stay; the pack's rule of a known id takes that rule's place, a new one is added."""
    (tmp_path / "board-zero-hire.yaml").write_text(rule_text(id="board-zero-hire", title="Ours", flag="hires == 0"))
    (tmp_path / "ours.yaml").write_text(rule_text(id="ours", flag="hires == 0"))
    builtin, _ = load_packs()
    found, problems = load_packs([tmp_path])
    assert problems == []
    assert {one.id for one in found} == {one.id for one in builtin} | {"ours"}
    assert [one.title for one in found if one.id in ("board-zero-hire", "ours")] == ["Ours", "A rule for tests"]


def test_a_pack_that_is_not_there_or_empty_is_a_problem(tmp_path: Path) -> None:
    """The words of both."""
    (tmp_path / "empty").mkdir()
    _, problems = load_packs([tmp_path / "none", tmp_path / "empty"])
    assert [problem.text() for problem in problems] == [
        "none: error: no such rule file or folder\n  help: Give a folder with rules.",
        "empty: error: no rule file (*.yaml) in this folder",
    ]


@pytest.mark.parametrize("file", SHIPPED)
def test_a_shipped_rule_is_the_same_read_without_its_tests(file: str) -> None:
    """An audit leaves the tests inside unread until somebody asks: the rule and its lines are the same, and so are
    they. It holds as long as they stand last in the file."""
    whole, _ = read_rule(rules_folder() / file, file)
    assert whole is not None
    without = next(one for one in load_packs()[0] if one.id == whole.id)
    assert "tests" not in without.document.data
    for name in ("title", "play", "message", "why", "fix", "false_alarms", "params", "since", "tests"):
        assert getattr(without, name) == getattr(whole, name)
    assert ruleset([without], {}).hash == ruleset([whole], {}).hash
    assert whole.lines == {**without.lines, "tests": whole.lines["tests"]}


@pytest.mark.parametrize("file", SHIPPED)
def test_a_shipped_rule_lints_and_passes_its_own_tests(file: str) -> None:
    """One test a rule file: dropping a rule into `rules/` adds a test here."""
    found, problems = read_rule(rules_folder() / file, file)
    assert [problem.text() for problem in problems] == []
    assert found is not None
    everybody, _ = load_packs()
    complaints = [problem.text() for problem in lint(everybody) if problem.file.endswith(file)]
    wrong = [(outcome.test.name, outcome.wrong) for outcome in run_tests([found]) if outcome.wrong]
    assert (complaints, wrong) == ([], [])


def test_lint_names_what_a_rule_lacks() -> None:
    """Proofs that are missing, a parameter without use, a target that is not there, an id used twice."""
    bare = rule(flag="spend > 0", params=PARAMS, kind="hygiene", blocks="[b-rule]", false_alarms="[]")
    found = lint([bare, bare])
    assert [(problem.location, problem.message, problem.help) for problem in found][:8] == [
        ("a-rule.yaml:13:1", "no test expects 'fail'", "Add a test whose rows come to fail."),
        ("a-rule.yaml:13:1", "no test expects 'pass'", "Add a test whose rows come to pass."),
        ("a-rule.yaml:13:1", "no test expects 'not_evaluated'", "Add a test whose rows come to not_evaluated."),
        ("a-rule.yaml:13:1", "no test sits on the threshold", "Add a test with 'boundary: true'."),
        ("a-rule.yaml:12:15", "no false alarm is named", "Say when the rule would be wrong."),
        ("a-rule.yaml:15:10", "the parameter 'least' is never used", ""),
        ("a-rule.yaml:15:61", "the parameter 'word' is never used", ""),
        ("a-rule.yaml:16:10", "blocks an unknown rule 'b-rule'", "did you mean 'a-rule'?"),
    ]
    assert found[0].excerpt == "tests: [{name: none, given: [{}], expect: [{}]}]\n^"
    assert [problem.message for problem in found][-2:] == ["the id 'a-rule' is used by 2 rules"] * 2


def test_a_test_inside_a_rule_says_what_came_out_instead() -> None:
    """Wrong state, wrong amount, wrong missing, no such row: each in words."""
    wrong = (
        "[{name: wrong, given: [{channel: A, spend: 5}, {channel: B}], expect: [{channel: A, state: pass, amount: 4}, "
        "{channel: B, state: not_evaluated, missing: [clicks]}, {channel: C, state: fail}]}]"
    )
    judged = rule(flag="spend > 0", money="{class: unproven, step: statistical, amount: spend}", tests=wrong)
    assert run_tests([judged])[0].wrong == (
        "expected pass, came to fail",
        "expected the amount 4, claimed 5.0",
        "expected missing ['clicks'], found ['spend']",
        "no given row is {'channel': 'C', 'state': 'fail'}",
    )
