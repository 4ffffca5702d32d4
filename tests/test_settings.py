"""Settings in layers: which wins, what holds for one channel or sheet, and what the hash of the rules sees of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from books import book, document, rule, rules, subjects
from hypothesis import given
from hypothesis import strategies as st

from rm_audit.book import build, persons_key
from rm_audit.config import Config, load_config
from rm_audit.errors import UsageError
from rm_audit.rulebook.model import Rule
from rm_audit.rulebook.run import judge
from rm_audit.rulebook.settings import Layer, Ruleset, ruleset
from rm_audit.verbs import rules_in_force

LEAST = "{least: {value: 100, unit: count, source: judgement}}"
TOO_MANY = rule(id="too-many", params=LEAST, flag="clicks > least", message="'{clicks:count} clicks.'")
OTHER = rule(id="other", play="trust", kind="trust", earn="clicks > 0")


def laid(*layers: dict[str, Any], on: Sequence[Rule] = (TOO_MANY, OTHER)) -> Ruleset:
    return ruleset(on, {}, layers=[Layer(layer) for layer in layers])


def states(found: Ruleset, **clicks: int) -> dict[str, str]:
    """Channel → the state of `too-many` on it."""
    (judged,) = (one for one in found.rules if one.id == "too-many")
    frame = subjects(["channel"], *({"channel": name, "clicks": count} for name, count in clicks.items()))
    return {name: str(state) for name, state in zip(clicks, judge(judged, frame).states, strict=True)}


def least(found: Ruleset) -> object:
    return found.known["too-many"].values["least"]


# --- which wins -------------------------------------------------------------------------------------------------


def test_a_later_layer_wins_however_wide_it_is() -> None:
    """A pack sets the rule by its id, the project file sets all rules of the play: the project file wins."""
    assert least(laid({"too-many": {"least": 5}}, {"job-boards": {"least": 7}})) == 7
    assert least(laid({"job-boards": {"least": 7}}, {"too-many": {"least": 5}})) == 5


def test_inside_a_layer_the_narrower_wins_in_any_order_of_lines() -> None:
    """An id over a pattern, a pattern over a play."""
    lines = {"too-many": {"least": 1}, "too-*": {"least": 2}, "job-boards": {"least": 3}}
    for order in (list(lines), list(reversed(lines))):
        assert least(laid({name: lines[name] for name in order})) == 1
    assert least(laid({"too-*": {"least": 2}, "job-boards": {"least": 3}})) == 2


def test_a_whole_play_is_switched_off_and_one_rule_of_it_on() -> None:
    """`on` brings back what a wider line or an earlier layer took out."""
    found = laid({"job-boards": "off", "trust": "off"}, {"too-many": "on"})
    assert ([one.id for one in found.rules], [one.id for one in found.off]) == (["too-many"], ["other"])


def test_a_threshold_does_not_switch_a_rule_on() -> None:
    """A flag with a number for a rule that is off leaves it off: on and off are said, never guessed."""
    assert [one.id for one in laid({"too-many": False}, {"too-many": {"least": 3}}).rules] == ["other"]


NAMES = st.sampled_from(["too-many", "too-*", "job-boards", "*"])


@given(st.lists(st.dictionaries(NAMES, st.integers(0, 9).map(lambda number: {"least": number})), min_size=1))
def test_the_last_layer_that_sets_a_value_is_the_one_that_holds(layers: list[dict[str, Any]]) -> None:
    """Whatever the layers say: the last with a line for the rule decides, by its narrowest line."""
    last = next((layer for layer in reversed(layers) if layer), {})
    order = [name for name in ("too-many", "too-*", "*", "job-boards") if name in last]
    narrow = [name for name in last if name in ("too-*", "*")]
    wanted = last["too-many"] if "too-many" in last else last[narrow[-1]] if narrow else last.get("job-boards")
    assert least(laid(*layers)) == (wanted["least"] if wanted else 100), order


# --- for some subjects ------------------------------------------------------------------------------------------


def test_a_threshold_for_one_channel_leaves_the_others_alone() -> None:
    """Indeed may have 500 clicks, all others 100; how it is written, large or small, does not matter."""
    found = laid({"too-many": {"for": {"channel": {"indeed": {"least": 500}}}}})
    assert states(found, Indeed=300, Monster=300, Xing=50) == {"Indeed": "pass", "Monster": "fail", "Xing": "pass"}


def test_a_rule_is_switched_off_for_channels_by_pattern_and_on_for_one() -> None:
    """What is switched off for a channel does not apply to it; a name goes over a pattern."""
    found = laid({"too-many": {"for": {"channel": {"Indeed": "on", "*": "off"}}}})
    assert states(found, Indeed=300, Monster=300) == {"Indeed": "fail", "Monster": "not_applicable"}


def test_a_later_layer_that_sets_all_goes_over_an_earlier_one_that_set_some() -> None:
    """The pack's exception for Indeed gives way to the project's number for all; its own exception would stay."""
    pack = {"too-many": {"for": {"channel": {"Indeed": {"least": 500}}}}}
    assert states(laid(pack, {"too-many": {"least": 200}}), Indeed=300) == {"Indeed": "fail"}
    both = {"too-many": {"least": 200, "for": {"channel": {"Indeed": {"least": 400}}}}}
    assert states(laid(pack, both), Indeed=300, Monster=300) == {"Indeed": "pass", "Monster": "fail"}


def test_the_report_shows_the_threshold_and_the_severity_of_the_channel() -> None:
    """One rule, two channels, two thresholds: each finding tells the one that held for it."""
    found = laid({"too-many": {"for": {"channel": {"Indeed": {"least": 200, "severity": "low"}}}}})
    of = book(spend="Channel,Spend,Clicks\nIndeed,100,300\nMonster,100,300\n")
    told = [(one["id"], one["severity"], one["threshold"], one["message"]) for one in document(of, found)["findings"]]
    assert told == [
        ("too-many[channel=Monster]", "medium", "clicks > least  (least = 100)", "300 clicks."),
        ("too-many[channel=Indeed]", "low", "clicks > least  (least = 200)", "300 clicks."),
    ]


@pytest.mark.parametrize(
    ("pattern", "judged"),
    [("Old", ["B", "C"]), ("old", ["B", "C"]), ("book.xlsx#Old", ["B", "C"]), ("*", []), ("Gone", ["A", "B", "C"])],
)
def test_a_rule_is_switched_off_for_what_stands_wholly_in_a_sheet(pattern: str, judged: list[str]) -> None:
    """A stands in the sheet Old, C in New, B in both: a setting for Old is for A alone."""
    from books import file, table

    head = "Channel,Spend,Clicks\n"
    sheets = {"Old": table(f"{head}A,10,300\nB,20,300\n"), "New": table(f"{head}B,31,300\nC,30,300\n")}
    read = file("book.xlsx", sheets)
    of = build([read], Config(), persons_key([read.source]))
    found = laid({"too-many": {"for": {"sheet": {pattern: "off"}}}})
    assert sorted(one["subject"]["name"] for one in document(of, found)["findings"]) == judged


KEYS = (
    "severity",
    "weight",
    "for",
    "channel",
    "sheet",
    "month",
    "rule",
    "where",
    "reason",
    "owner",
    "until",
    "multiple",
)
VALUES = (
    "off",
    "on",
    "hgh",
    "board-expensive",
    "board-*",
    "[",
    "job-boards",
    "Indeed",
    "2027-02-30",
    "",
    "*",
    "spend >",
)
WORDS = st.sampled_from([*KEYS, *VALUES])
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(allow_nan=False), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=12,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(["rules", "waivers", "extends", "baseline"], ANYTHING)))
def test_whatever_a_project_file_holds_it_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]
) -> None:
    """Settings, waivers, packs and baselines of any shape: rules in force, or problems that each name a line."""
    file = tmp_path_factory.mktemp("any") / "rm-audit.yaml"
    file.write_text(json.dumps(data), encoding="utf-8")
    lines = [1]
    try:
        assert rules_in_force(load_config(file)).hash
    except UsageError as error:
        lines = [problem.line for problem in error.problems]
    assert all(lines)


# --- the hash ---------------------------------------------------------------------------------------------------


def test_the_hash_sees_every_setting_that_can_change_a_verdict() -> None:
    """A threshold, a severity, off, and each of them for one channel: seven rulesets, seven hashes."""
    changes: list[dict[str, Any]] = [{}, {"least": 5}, {"severity": "low"}]
    changes += [{"for": {"channel": {"Indeed": inner}}} for inner in ("off", {"least": 5}, {"severity": "low"})]
    hashes = [laid({"too-many": change}).hash for change in changes] + [laid({"too-many": "off"}).hash]
    assert len(set(hashes)) == 7


def test_the_hash_is_the_same_where_a_setting_says_what_the_rule_says() -> None:
    """To write a rule's own number again changes nothing."""
    assert laid({"too-many": {"least": 100}}).hash == rules(TOO_MANY, OTHER).hash
