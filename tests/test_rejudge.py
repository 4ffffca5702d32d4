"""`rm-audit rejudge`: other thresholds on a stored report give what a whole run gives, to the byte."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from books import AS_OF, book, built_in
from hypothesis import given
from hypothesis import settings as some
from hypothesis import strategies as st
from making import rm
from test_properties import FEW, Tables, books, build_of

import rm_audit
from rm_audit.baseline import Baseline
from rm_audit.config import Config
from rm_audit.errors import UsageError
from rm_audit.rejudging import rejudge

EXAMPLES = Path(__file__).parent.parent / "examples"
RULES = built_in().rules
NUMBERS = [(rule.id, name) for rule in RULES for name, value in rule.values.items() if isinstance(value, int | float)]
WAIVERS = (
    {
        "rule": "clicks-without-applies",
        "where": "clicks > 100",
        "reason": "a test",
        "owner": "TA ops",
        "until": "2026-12-31",
    },
    {"rule": "plan-no-kpi", "where": "budget > 9000", "reason": "a test", "owner": "TA ops", "until": "2026-01-31"},
)
KNOWN = Baseline(frozenset({("seats-idle", frozenset({("contract", "SeatCo: crm")}))}))


@st.composite
def settings(draw: st.DrawFn) -> dict[str, Any]:
    """Up to three thresholds set to something near what they are, a severity, a weight, or a number for one channel."""
    found: dict[str, Any] = {}
    for id, name in draw(st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=3, unique=True)):
        rule = built_in().known[id]
        value = round(rule.values[name] * draw(st.sampled_from([0, 0.1, 0.5, 0.9, 1.1, 2, 10])), 4)
        body = found.setdefault(id, {})
        if "channel" in rule.grain and draw(st.booleans()):
            body.setdefault("for", {}).setdefault("channel", {})["Ind*"] = {name: value}
        elif draw(st.booleans()) and draw(st.booleans()):
            body.setdefault("for", {}).setdefault("sheet", {})["spend"] = {name: value}
        else:
            body[name] = value
        if draw(st.booleans()):
            body["severity"] = draw(st.sampled_from(["low", "critical"]))
            body["weight"] = 2.5
    return found


@given(books(), settings())
@some(FEW, max_examples=30)
def test_new_thresholds_on_a_stored_report_give_what_a_whole_run_gives(tables: Tables, changed: dict[str, Any]) -> None:
    """States, money, score, words, cells, byte by byte; with waivers, a baseline and settings for some subjects."""
    of, config = build_of(tables), Config(waivers=WAIVERS)
    stored = json.loads(rm_audit.audit(of, config=config, as_of=AS_OF, baseline=KNOWN).to_json())
    whole = rm_audit.audit(
        of, rm_audit.load_rules(overrides=changed), config=config, as_of=AS_OF, baseline=KNOWN
    ).to_json()
    assert rejudge(stored, RULES, changed).to_json() == whole


def rounds() -> list[dict[str, dict[str, float]]]:
    """Settings in which every number of every rule is doubled once and halved once.

    A rule that holds others back is changed alone, for its change may hide theirs. Of the others each round takes the
    next number of every rule: each report is compared whole, rule by rule and claim by claim.
    """
    found: list[dict[str, dict[str, float]]] = []
    for factor in (2, 0.5):
        together: dict[int, dict[str, dict[str, float]]] = {}
        for id, name in NUMBERS:
            rule = built_in().known[id]
            changed = {name: rule.values[name] * factor}
            if rule.blocks:
                found.append({id: changed})
                continue
            place = [other for of, other in NUMBERS if of == id].index(name)
            together.setdefault(place, {})[id] = changed
        found += together.values()
    return found


def test_every_number_of_every_rule_is_in_the_rounds() -> None:
    """Doubled and halved."""
    tried = [(id, name) for changed in rounds() for id, values in changed.items() for name in values]
    assert sorted(tried) == sorted([*NUMBERS, *NUMBERS])


def test_the_same_on_the_example_for_every_number_of_every_rule() -> None:
    """Each parameter of the shipped rules, doubled and halved, on the example book."""
    of, day = rm_audit.read(EXAMPLES / "spend.xlsx"), date(2026, 10, 15)
    stored = json.loads(rm_audit.audit(of, as_of=day).to_json())
    for changed in rounds():
        whole = rm_audit.audit(of, rm_audit.load_rules(overrides=changed), as_of=day)
        assert rejudge(stored, RULES, changed).to_json() == whole.to_json(), changed


def test_without_a_setting_nothing_changes() -> None:
    """A report that is judged again by its own rules is itself, with the settings that it was made with."""
    rules = rm_audit.load_rules(overrides={"plan-no-kpi": {"severity": "low"}})
    plan = book(plan="Line,Budget,KPI\nCRM licence,18000,\n")
    report = rm_audit.audit(plan, rules, as_of=AS_OF)
    assert rejudge(json.loads(report.to_json()), RULES, {}).to_json() == report.to_json()


def test_a_rule_can_be_switched_off_and_none_can_be_switched_on() -> None:
    """What a rule that was off rests on was never measured."""
    plan = book(plan="Line,Budget,KPI\nCRM licence,18000,\n")
    with_all = json.loads(rm_audit.audit(plan, as_of=AS_OF).to_json())
    without = rejudge(with_all, RULES, {"plan-no-kpi": False})
    assert "plan-no-kpi" not in {rule["id"] for rule in without.document["rules"]}
    with pytest.raises(UsageError, match="plan-no-kpi was switched off when the report was made"):
        rejudge(json.loads(without.to_json()), RULES, {"plan-no-kpi": True})


def test_on_the_command_line(tmp_path: Path) -> None:
    """Store a report, take the plan away, try another number: what `analyze --set` had given."""
    (tmp_path / "spend.csv").write_text(
        "Month,Channel,Spend (EUR),Clicks,Applies\n2026-01,Indeed,1000,2000,60\n2026-02,Indeed,1000,2000,60\n"
    )
    analyze = ("analyze", "spend.csv", "--as-of", "2026-06-30", "--format", "json")
    assert rm(*analyze, "--output", "report.json", "--quiet", cwd=tmp_path)[0] == 0
    _, wanted, _ = rm(*analyze, "--set", "clicks-without-applies.expected=500", cwd=tmp_path)
    (tmp_path / "spend.csv").unlink()
    set_ = ("--set", "clicks-without-applies.expected=500")
    assert rm("rejudge", "report.json", *set_, "--format", "json", cwd=tmp_path) == (0, wanted, "")


@pytest.mark.parametrize("name", ["currency", "rates.USD", "channels.Handshake", "period", "waivers", "as_of"])
def test_what_changes_a_measurement_is_refused_by_name(name: str, tmp_path: Path) -> None:
    """Exit 2, and what to do."""
    (tmp_path / "report.json").write_text("{}")
    assert rm("rejudge", "report.json", "--set", f"{name}=1", cwd=tmp_path) == (
        2,
        "",
        f"error: --set: '{name}' changes what is measured, and not what it is held against\n"
        "  help: Run rm-audit analyze again.\n",
    )


@pytest.mark.parametrize("option", ["--as-of", "--currency", "--period", "--profiles", "--config", "--baseline"])
def test_an_option_that_changes_a_measurement_is_refused_by_name(option: str, tmp_path: Path) -> None:
    """The same for the options that `analyze` has."""
    (tmp_path / "report.json").write_text("{}")
    code, said, error = rm("rejudge", "report.json", option, "2026-01-31", cwd=tmp_path)
    assert (code, said) == (2, "")
    assert error.startswith(f"error: {option} changes what is measured, and not what it is held against\n")


def test_a_report_of_other_rules_is_refused_by_the_rule_that_differs() -> None:
    """A pack that was given then and is not given now."""
    stored = json.loads(rm_audit.audit(book(plan="Line,Budget,KPI\nCRM licence,18000,\n"), as_of=AS_OF).to_json())
    (rule,) = [rule for rule in stored["rules"] if rule["id"] == "plan-no-kpi"]
    rule["law"]["flag"] = "budget > 1"
    stored["ruleset"]["hash"] = "0" * 16
    with pytest.raises(UsageError, match="not those that the report was judged by: plan-no-kpi"):
        rejudge(stored, RULES, {})


def test_a_report_without_measurements_is_refused() -> None:
    """Such as one that an older version stored."""
    document = rm_audit.audit(book(plan="Line,Budget,KPI\nCRM licence,18000,\n"), as_of=AS_OF).document
    with pytest.raises(UsageError, match="the report holds no measurements"):
        rejudge(document, RULES, {})
