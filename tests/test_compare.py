"""`rm-audit compare`: better, worse, new, gone, and what only the rules changed, each with figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from books import AS_OF, book
from hypothesis import given
from making import rm
from test_properties import FEW, Tables, books, build_of

import rm_audit
from rm_audit.report import Report

BEFORE = """Line,Budget,KPI,Owner,Objective
CRM,18000,,TA ops,hire
Video,9000,impressions,TA ops,hire
Meetup,4000,,TA ops,hire
"""
AFTER = """Line,Budget,KPI,Owner,Objective
CRM,20000,,TA ops,hire
Video,5000,impressions,TA ops,hire
Meetup,4000,hires,TA ops,hire
Fair,7000,,TA ops,hire
"""


def plan(text: str, **overrides: Any) -> Report:
    return rm_audit.audit(book(plan=text), rm_audit.load_rules(overrides=overrides), as_of=AS_OF)


def kinds(comparison: Any) -> dict[str, tuple[str, float | None, float | None]]:
    """Finding → kind, amount before, amount after."""
    return {
        item["id"]: (item["kind"], item["money"]["before"], item["money"]["after"])
        for item in comparison.document["findings"]
        if item["rule"] in ("plan-no-kpi", "kpi-vanity")
    }


def test_better_worse_new_and_gone() -> None:
    """Two plans: one line grew, one shrank, one got its KPI, one came."""
    found = rm_audit.compare(plan(AFTER), plan(BEFORE))
    assert kinds(found) == {
        "plan-no-kpi[line=CRM]": ("worse", 18000.0, 20000.0),
        "kpi-vanity[line=Video]": ("better", 9000.0, 5000.0),
        "plan-no-kpi[line=Meetup]": ("gone", 4000.0, None),
        "plan-no-kpi[line=Fair]": ("new", None, 7000.0),
    }
    assert "1 finding is new" in found.regressions
    assert "1 finding is worse" in found.regressions


def test_another_threshold_is_no_change_of_the_plan() -> None:
    """The same plan under another severity: said as such, scores not compared, no regression."""
    found = rm_audit.compare(plan(BEFORE, **{"plan-no-kpi": {"severity": "critical"}}), plan(BEFORE))
    assert {kind for kind, _, _ in kinds(found).values()} == {"threshold_changed"}
    assert found.document["rules"] == [
        {"id": "plan-no-kpi", "change": "threshold_changed", "what": ["severity: high → critical"]}
    ]
    assert (found.document["score"]["change"], found.regressions) == (None, ())
    assert "their scores are not compared" in found.document["notes"][0]


def test_a_changed_threshold_is_told_with_both_numbers_and_both_amounts(tmp_path: Path) -> None:
    """The same book, judged again by another buffer: 36 of 60 seats are idle, and 6 or 12 of them are spare."""
    (tmp_path / "seats.csv").write_text(
        "Vendor,Capability,Annual cost,Seats,Active seats,End\nSeatCo,crm,6000,60,24,2027-03-31\n"
    )
    (tmp_path / "spend.csv").write_text("Month,Channel,Vendor,Cost type,Spend\n2026-01,SeatCo,SeatCo,licence,6000\n")
    both = ("seats.csv", "spend.csv")
    rm("analyze", *both, "--as-of", "2026-06-30", "--output", "before.json", "--quiet", cwd=tmp_path)
    rm("rejudge", "before.json", "--set", "seats-idle.buffer=0.2", "--output", "after.json", "--quiet", cwd=tmp_path)
    code, said, _ = rm("compare", "before.json", "after.json", "--fail-on", "regression", cwd=tmp_path)
    assert code == 0
    assert (
        "Other threshold: found or lost because a setting changed (1)\n  high, 3,000 → 2,400 (-600.00): seats-idle"
        in said
    )
    assert "Rules and thresholds that changed\n  seats-idle: buffer: 0.1 → 0.2\n" in said


def test_of_many_changes_the_first_are_shown_and_the_others_added_up(tmp_path: Path) -> None:
    """Thirty lines of 1,000 lose their KPI: twenty are shown; ten more make 10,000 more."""
    head, lines = "Line,Budget,KPI,Owner,Objective\n", [f"Line {number},1000" for number in range(1, 31)]
    (tmp_path / "before.csv").write_text(head + "".join(f"{line},hires,TA ops,hire\n" for line in lines))
    (tmp_path / "after.csv").write_text(head + "".join(f"{line},,TA ops,hire\n" for line in lines))
    _, said, _ = rm("compare", "before.csv", "after.csv", "--as-of", "2026-06-30", cwd=tmp_path)
    new = said.partition("New (30)\n")[2].partition("\n\n")[0].splitlines()
    assert sum("nothing → 1,000" in line for line in new) == 20
    assert new[-1] == "  and 10 more, +10,000.00 in all: --format json has each."


def test_a_waiver_that_ran_out_is_a_step_back(tmp_path: Path) -> None:
    """Waived in June, open in July."""
    (tmp_path / "plan.csv").write_text(BEFORE)
    (tmp_path / "rm-audit.yaml").write_text(
        "waivers: [{rule: plan-no-kpi, where: line == 'CRM', reason: agreed, owner: TA ops, until: 2026-06-30}]\n"
    )
    rm("analyze", "plan.csv", "--as-of", "2026-06-30", "--output", "last.json", "--quiet", cwd=tmp_path)
    code, said, why = rm(
        "compare", "last.json", "plan.csv", "--as-of", "2026-07-01", "--fail-on", "regression", cwd=tmp_path
    )
    assert (code, why.splitlines()[-1]) == (1, "failed: 1 finding is worse")
    assert "      It was waived, and is open again.\n" in said


def test_a_ratchet_without_anything_to_judge_is_no_silent_pass(tmp_path: Path) -> None:
    """An empty plan after a full one is a step back (exit 1); after an empty one nothing could be judged (exit 3)."""
    (tmp_path / "full.csv").write_text(BEFORE)
    (tmp_path / "empty.csv").write_text("Line,Budget,KPI,Owner,Objective\n")
    said = {}
    for before in ("full.csv", "empty.csv"):
        ratchet = ("compare", before, "empty.csv", "--as-of", "2026-06-30", "--fail-on", "regression")
        code, _, why = rm(*ratchet, cwd=tmp_path)
        said[before] = (code, why.splitlines()[-1])
    assert said == {
        "full.csv": (1, "failed: there is no score any more: too little could be judged"),
        "empty.csv": (3, "not judged: no rule could judge anything after"),
    }


def test_a_rule_that_was_off_is_another_rule() -> None:
    """Its findings are neither new nor a step back."""
    found = rm_audit.compare(plan(BEFORE), plan(BEFORE, **{"plan-no-kpi": False}))
    assert kinds(found) == {
        "plan-no-kpi[line=CRM]": ("rule_changed", None, 18000.0),
        "plan-no-kpi[line=Meetup]": ("rule_changed", None, 4000.0),
    }
    assert found.regressions == ()


def test_gone_because_nobody_could_look_is_said() -> None:
    """Without the KPI column the rule has nothing to say, and the finding may still be there."""
    without = "Line,Budget,Owner,Objective\nCRM,18000,TA ops,hire\n"
    found = rm_audit.compare(plan(without), plan(BEFORE))
    notes = {item["note"] for item in found.document["findings"] if item["rule"] == "plan-no-kpi"}
    assert notes == {"the rule could not be judged now"}


@given(books())
@FEW
def test_a_report_compared_with_itself_is_no_change(tables: Tables) -> None:
    """Whatever the book."""
    report = rm_audit.audit(build_of(tables), as_of=AS_OF)
    found = rm_audit.compare(report, json.loads(report.to_json()))
    assert (found.document["findings"], found.document["rules"], found.regressions) == ([], [], ())


@given(books(), books())
@FEW
def test_what_is_new_one_way_is_gone_the_other(one: Tables, other: Tables) -> None:
    """And what is worse is better."""
    a, b = (rm_audit.audit(build_of(tables), as_of=AS_OF) for tables in (one, other))
    there, back = (
        {i["id"]: i["kind"] for i in rm_audit.compare(*pair).document["findings"]} for pair in ((a, b), (b, a))
    )
    opposite = {"new": "gone", "gone": "new", "worse": "better", "better": "worse"}
    assert back == {id: opposite[kind] for id, kind in there.items()}


def test_the_ratchet_on_the_command_line(tmp_path: Path) -> None:
    """A stored report against the plan as it is now: exit 1 on a step back, and 0 the other way round."""
    (tmp_path / "plan.csv").write_text(BEFORE)
    rm("analyze", "plan.csv", "--as-of", "2026-06-30", "--output", "last.json", "--quiet", cwd=tmp_path)
    (tmp_path / "plan.csv").write_text(AFTER)
    code, said, why = rm(
        "compare", "last.json", "plan.csv", "--as-of", "2026-06-30", "--fail-on", "regression", cwd=tmp_path
    )
    assert code == 1
    assert why.splitlines()[-2:] == ["failed: 1 finding is new", "failed: 1 finding is worse"]
    assert "  high, 18,000 → 20,000 (+2,000.00): plan-no-kpi[line=CRM]\n" in said
    assert "      was: 18,000 for 'CRM' is planned without a KPI.\n" in said
    assert rm("compare", "last.json", "last.json", "--fail-on", "regression", cwd=tmp_path)[0] == 0
    markdown = rm("compare", "last.json", "plan.csv", "--as-of", "2026-06-30", "--format", "markdown", cwd=tmp_path)[1]
    assert "**New (1)**" in markdown


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{}", "the file is not a report of rm-audit"),
        ('{"schema": "rm-audit/report/1"}', "the file is a report with parts missing"),
        ("no json", "the file is not a report of rm-audit"),
    ],
)
def test_a_file_that_is_no_report(text: str, why: str, tmp_path: Path) -> None:
    """Exit 2, and how to make one."""
    (tmp_path / "x.json").write_text(text)
    assert rm("compare", "x.json", "x.json", cwd=tmp_path) == (
        2,
        "",
        f"x.json: error: {why}\n  help: Make one with: rm-audit analyze PATH --output report.json\n",
    )


def test_what_the_baseline_knows_is_no_step_back(tmp_path: Path) -> None:
    """The fair came and the CRM grew; a report that knows both is given, so that nothing is new to anybody."""
    for name, text in (("before", BEFORE), ("after", AFTER)):
        (tmp_path / f"{name}.csv").write_text(text)
    day = ("--as-of", "2026-06-30")
    rm("analyze", "after.csv", *day, "--output", "known.json", "--quiet", cwd=tmp_path)
    ratchet = ("compare", "before.csv", "after.csv", *day, "--fail-on", "regression")
    assert rm(*ratchet, cwd=tmp_path)[::2] == (1, "failed: 1 finding is new\nfailed: 1 finding is worse\n")
    assert rm(*ratchet, "--baseline", "known.json", cwd=tmp_path)[::2] == (0, "")
    (tmp_path / "rm-audit.yaml").write_text("baseline: known.json\n")
    assert rm(*ratchet, cwd=tmp_path)[::2] == (0, "")
