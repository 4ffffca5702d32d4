"""Waivers and baselines: what they let be, for how long, and what they never move."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from books import book, rule, rules, subjects
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from rm_audit.baseline import Baseline, load_baseline
from rm_audit.cli.gates import Gates
from rm_audit.config import Config, load_config
from rm_audit.errors import UsageError
from rm_audit.findings import State
from rm_audit.report import Report, schema
from rm_audit.rulebook.run import judge
from rm_audit.rulebook.settings import Ruleset
from rm_audit.rulebook.waivers import apply, read_waivers
from rm_audit.verbs import audit, render

DAY = date(2026, 6, 30)
DEAR = rule(
    id="dear", severity="high", flag="spend > 10", money="{class: avoidable, step: statistical, amount: spend / 2}"
)
RULES = rules(DEAR)
SPEND = "Channel,Spend\nIndeed,100\nMonster,60\nXing,5\n"


def waiver(until: str, where: str = "channel == 'Indeed'") -> str:
    return f"  - {{rule: dear, where: {json.dumps(where)}, reason: season, owner: TA ops, until: {until}}}\n"


def config(folder: Path, *waivers: str) -> Config:
    """A project file with these waivers, read."""
    file = folder / "rm-audit.yaml"
    file.write_text("waivers:\n" + "".join(waivers), encoding="utf-8")
    return load_config(file)


def report(
    config: Config | None = None, spend: str = SPEND, on: Ruleset = RULES, known: Baseline | None = None
) -> Report:
    return audit(book(config, spend=spend), on, config=config, as_of=DAY, baseline=known or Baseline())


def states(of: Report) -> dict[str, str]:
    return {item["subject"]["name"]: item["state"] for item in of.document["findings"]}


def codes(of: Report) -> list[str]:
    return [note.code for note in of.notes]


# --- waivers ----------------------------------------------------------------------------------------------------


def test_a_waiver_lets_its_finding_be_and_moves_no_money_and_no_score(tmp_path: Path) -> None:
    """Score, money and plays are those of the same book without the waiver; the rule counts one fail less."""
    plain, waived = report().document, report(config(tmp_path, waiver("2026-12-31"))).document
    assert {item["subject"]["name"]: item["state"] for item in waived["findings"]} == {
        "Indeed": "waived",
        "Monster": "fail",
    }
    assert [waived[part] for part in ("score", "money", "plays")] == [
        plain[part] for part in ("score", "money", "plays")
    ]
    judged = [(of["rules"][0]["judged"]["fail"], of["rules"][0]["judged"]["waived"]) for of in (plain, waived)]
    assert judged == [(2, 0), (1, 1)]


def test_a_waived_finding_trips_no_gate(tmp_path: Path) -> None:
    """Both findings are waived: neither severity nor 80 of avoidable money closes a gate, and both were judged."""
    gates = Gates(fail_on="low", fail_on_amount=1)
    free = report(config(tmp_path, waiver("2026-12-31", "spend > 10"))).document
    assert (gates.reached(free), gates.unjudged(free)) == ([], [])
    assert gates.reached(report().document) == [
        "2 findings at severity low or over",
        "avoidable and unproven money is 80.00, at or over 1.00",
    ]


@pytest.mark.parametrize(
    ("until", "state", "said"),
    [
        ("2026-06-30", "waived", []),
        ("2026-06-29", "fail", ["waiver-expired"]),
        ("2026-06-31", "fail", ["waiver-bad-date"]),
        ("next year", "fail", ["waiver-bad-date"]),
        ("2027", "fail", ["waiver-bad-date"]),
        ("''", "fail", ["waiver-bad-date"]),
        ("[2027-01-01]", "fail", ["waiver-bad-date"]),
    ],
)
def test_a_waiver_holds_on_its_last_day_and_a_day_that_is_none_has_run_out(
    tmp_path: Path, until: str, state: str, said: list[str]
) -> None:
    """Judged on 30 June 2026: that day holds; the day before, and what is no day, bring the finding back."""
    found = report(config(tmp_path, waiver(until)))
    assert (states(found)["Indeed"], codes(found)) == (state, said)


def test_the_document_with_waivers_fits_its_schema_and_says_who_and_why(tmp_path: Path) -> None:
    """A waived finding carries its waiver, the other one none. The second problem (the first is about the currency) is
    in the project file, and names its line and column."""
    found = report(config(tmp_path, waiver("2026-12-31"), waiver("2026-12-31", "channel == 'Gone'"))).document
    assert [error.message for error in Draft202012Validator(schema()).iter_errors(found)] == []
    assert [item["waiver"] for item in found["findings"]] == [
        {"reason": "season", "owner": "TA ops", "until": "2026-12-31", "place": "rm-audit.yaml:2"},
        None,
    ]
    assert [(item["code"], item["file"], item["cell"]) for item in found["problems"][1:]] == [
        ("waiver-unused", "rm-audit.yaml", "3:5")
    ]


def test_a_waiver_that_fits_nothing_is_told(tmp_path: Path) -> None:
    """A channel that passes, and one that is not there; run out or not."""
    unused = [waiver("2026-12-31", "channel == 'Xing'"), waiver("2025-12-31", "channel == 'Gone'")]
    assert codes(report(config(tmp_path, *unused))) == ["waiver-unused", "waiver-unused"]


def test_a_waiver_of_a_rule_that_is_off_fits_nothing(tmp_path: Path) -> None:
    """The rule is known and says nothing, so nothing is waived; that is told and is no mistake."""
    from rm_audit.rulebook.settings import ruleset

    assert codes(report(config(tmp_path, waiver("2026-12-31")), on=ruleset([DEAR], {"dear": "off"}))) == [
        "waiver-unused"
    ]


def test_what_is_unknown_waives_nothing(tmp_path: Path) -> None:
    """Nobody knows the clicks here: an unknown `where` is not true."""
    found = report(config(tmp_path, waiver("2026-12-31", "clicks < 5")))
    assert (states(found)["Indeed"], codes(found)) == ("fail", ["waiver-unused"])


def test_a_waiver_is_not_called_unused_where_its_rule_could_not_be_judged(tmp_path: Path) -> None:
    """A hook gives one workbook a call: in a book without amounts by channel the waiver is a note, not a warning."""
    of = book(plan="Line,Budget,KPI\nCRM,900,\n")
    found = audit(of, RULES, config=config(tmp_path, waiver("2026-12-31")), as_of=DAY)
    assert [(note.level, note.message) for note in found.notes] == [
        ("info", "the waiver of dear (TA ops) waives nothing here, where the rule could not be judged")
    ]


def test_waivers_can_be_given_from_python() -> None:
    """A Config without a file: the same five parts, checked as closely."""
    parts = {"rule": "dear", "where": "channel == 'Indeed'", "reason": "season", "owner": "TA ops"}
    given_ = Config(waivers=({**parts, "until": date(2026, 12, 31)},))
    assert states(report(given_)) == {"Indeed": "waived", "Monster": "fail"}
    with pytest.raises(UsageError, match="the waiver lacks 'until'"):
        report(Config(waivers=(parts,)))


def test_one_that_ran_out_is_silent_where_another_holds(tmp_path: Path) -> None:
    """Renewed in a new line: the finding stays waived, and the old line is called unused."""
    found = report(config(tmp_path, waiver("2026-01-31"), waiver("2026-12-31")))
    assert (states(found)["Indeed"], codes(found)) == ("waived", ["waiver-unused"])


@given(st.text("0123456789-/. TWZ:+x", max_size=12), st.integers(-400, 400))
def test_whatever_stands_as_its_day_a_waiver_never_outlives_it(
    tmp_path_factory: pytest.TempPathFactory, text: str, days: int
) -> None:
    """A text is a day or has run out; a day holds up to itself and not one day longer."""
    last = DAY + timedelta(days=days)
    for until, holds in ((json.dumps(text), False), (last.isoformat(), days >= 0)):
        read = config(tmp_path_factory.mktemp("waivers"), waiver(until))
        waivers, _ = read_waivers(read, RULES)
        judged = judge(DEAR, subjects(["channel"], {"channel": "Indeed", "spend": 100}))
        if until.strip('"') != last.isoformat() and _is_day(text):
            continue
        assert apply([judged], waivers, DAY).results[0].states.tolist() == [State.WAIVED if holds else State.FAIL]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text.strip())
    except ValueError:
        return False
    return True


def test_the_page_shows_new_findings_then_known_then_waived_then_what_the_settings_say(tmp_path: Path) -> None:
    """Indeed is waived, the waiver of Monster ran out in May, Xing was known: four places of one page."""
    known = load_baseline(stored(tmp_path, report(spend="Channel,Spend\nXing,30\n").to_json()))
    settings = config(tmp_path, waiver("2026-12-31"), waiver("2026-05-31", "channel == 'Monster'"))
    found = report(settings, "Channel,Spend (EUR)\nIndeed,100\nMonster,20\nXing,30\n", known=known)
    page = render(found, "terminal")
    assert part(page, "Findings") == [
        "  1 new; 1 known from the baseline, which trip no gate and stand last.",
        "  1. high  avoidable EUR 10  [dear]",
        "     It was judged.",
        "     Do: Mend it.",
        "     See: spend.csv#B3",
        "  2. known, high  avoidable EUR 15  [dear]",
        "     It was judged.",
        "     Do: Mend it.",
        "     See: spend.csv#B4",
    ]
    assert part(page, "Waived: counted as failing, and no gate closes for it") == [
        "  dear[channel=Indeed], avoidable EUR 50: season (TA ops), until 2026-12-31 [rm-audit.yaml:2]"
    ]
    assert part(page, "About the settings") == [
        "  rm-audit.yaml:3:5: warning: the waiver of dear (TA ops) ran out on 2026-05-31: the finding is back",
        "  for Monster. Mend what it says, or renew the waiver with a reason that still holds.",
    ]
    assert render(found, "terminal", short=True).splitlines()[-3:] == [
        "spend.csv#B3: high: It was judged. [dear]",
        "spend.csv#B4: known, high: It was judged. [dear]",
        "1 finding is waived.",
    ]


def part(page: str, title: str) -> list[str]:
    """The lines under a title, up to the next empty one."""
    lines = page.splitlines()
    start = lines.index(title) + 1
    return lines[start : lines.index("", start)]


# --- baselines --------------------------------------------------------------------------------------------------


def stored(folder: Path, of: Any) -> Path:
    file = folder / "before.json"
    file.write_text(of if isinstance(of, str) else json.dumps(of), encoding="utf-8")
    return file


def test_a_report_as_its_own_baseline_knows_all_and_nothing_else_changes(tmp_path: Path) -> None:
    """Every finding is known, no gate closes; score and money are as before. A later row order is the same book."""
    before = report()
    known = load_baseline(stored(tmp_path, before.to_json()))
    after = report(known=known, spend="Channel,Spend\nXing,5\nMonster,60\nIndeed,100\n").document
    assert [item["known"] for item in after["findings"]] == [True, True]
    assert (after["score"], after["money"]) == (before.document["score"], before.document["money"])
    assert Gates(fail_on="low", fail_on_amount=1).reached(after) == []


def test_a_new_channel_is_new(tmp_path: Path) -> None:
    """The baseline has Indeed and Monster; Stepstone was not there: its 20 of avoidable money are what a gate sees."""
    known = load_baseline(stored(tmp_path, report().to_json()))
    after = report(known=known, spend=SPEND + "Stepstone,40\n").document
    assert {item["subject"]["name"]: item["known"] for item in after["findings"]} == {
        "Indeed": True,
        "Monster": True,
        "Stepstone": False,
    }
    assert Gates(fail_on_amount=20).reached(after) == ["avoidable and unproven money is 20.00, at or over 20.00"]
    assert Gates(fail_on_amount=21).reached(after) == []


def test_what_was_waived_is_not_known_when_the_waiver_runs_out(tmp_path: Path) -> None:
    """A baseline that was stored under a waiver does not prolong it."""
    waived = report(config(tmp_path, waiver("2026-12-31")))
    known = load_baseline(stored(tmp_path, waived.to_json()))
    after = report(config(tmp_path, waiver("2026-05-31")), known=known).document
    assert {item["subject"]["name"]: item["known"] for item in after["findings"]} == {"Indeed": False, "Monster": True}


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{}", '{"schema": 3, "findings": []}', '{"schema": "rm-audit/inspect/1"}', "[" * 100_000,
     '{"schema": "rm-audit/report/1", "findings": [3]}', '{"schema": "rm-audit/report/1", "findings": 3}',
     '{"schema": "rm-audit/report/1", "findings": [{"rule": "a", "state": "fail", "subject": 3}]}'],
)  # fmt: skip
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, text: str) -> None:
    """Empty, another document, broken inside: one sentence each, and no traceback."""
    with pytest.raises(UsageError) as error:
        load_baseline(stored(tmp_path, text))
    assert str(error.value) == (
        "before.json: error: the baseline is not a report of rm-audit\n"
        "  help: Make one with: rm-audit analyze PATH --output baseline.json"
    )


RENAMED = rule(id="costly", renamed_from="[dear, pricey]", flag="spend > 10")


def test_an_old_name_of_a_rule_still_works_in_waivers_and_baselines_with_a_warning(tmp_path: Path) -> None:
    """`dear` is called `costly` now: the waiver of Indeed holds, Monster is known, and both places are told."""
    known = load_baseline(stored(tmp_path, report().to_json()))
    found = report(config(tmp_path, waiver("2026-12-31")), on=rules(RENAMED), known=known)
    told: Sequence[tuple[str, str]] = [(note.location, note.message) for note in found.notes]
    assert states(found) == {"Indeed": "waived", "Monster": "fail"}
    assert [item["known"] for item in found.document["findings"]] == [True, True]
    assert told == [
        ("rm-audit.yaml:2:12", "the rule 'dear' is called 'costly' now"),
        ("before.json", "the baseline knows 'dear', which is called 'costly' now"),
    ]
