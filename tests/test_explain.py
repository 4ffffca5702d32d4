"""`rm-audit explain FINDING --report report.json`: five lines, from the stored document alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from making import rm

import rm_audit
from rm_audit.cli.explain import _explained
from rm_audit.rendering.laws import Words

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the stored report of the example book, and nothing else."""
    path = tmp_path_factory.mktemp("stored")
    book = str(EXAMPLES / "spend.xlsx")
    rm("analyze", book, "--as-of", "2026-10-15", "--output", "report.json", "--quiet", cwd=path)
    return path


def test_a_finding_in_five_lines(folder: Path) -> None:
    """What, the rule with its number, the arithmetic with its cells, the money, what to do."""
    assert rm("explain", "seats-idle[contract=MetricMill]", "--report", "report.json", cwd=folder) == (
        0,
        "What   11 of 40 paid seats of MetricMill were used. (high)\n"
        "Rule   Seats are paid for and not used. It says so where idle share is over 25%.\n"
        "Here   idle share 72% against 25%. See spend.xlsx#Spend!L14, spend.xlsx#Spend!L30, spend.xlsx#Spend!L50, "
        "spend.xlsx#Spend!L72 and 7 more.\n"
        "Money  EUR 6,750 is avoidable (EUR 10,800 × (72.5% − 10%)); all of it is counted here.\n"
        "Do     Send the vendor the list of unused seats and reduce the number at the next notice date, with a tenth "
        "kept as spare. It would be wrong where: Seasonal tools and people on leave.\n",
        "",
    )


def test_people_of_the_channel_are_told_where_they_differ(folder: Path) -> None:
    """A sixth line: a channel whose people go further may be worth its cost, and one whose people do not is not."""
    found = "board-applications-not-hires[channel=JobSprint]"
    _, said, _ = rm("explain", found, "--report", "report.json", cwd=folder)
    assert said.splitlines()[5] == (
        "People worse. 22 of 521 applicants passed the screen, where the others' rate makes 159.3 for the same jobs: "
        "0.15 times the others' rate (0.10 to 0.20)."
    )


def test_near_lists_who_passes_by_little(folder: Path) -> None:
    """The nearest first, with both sides of the comparison."""
    finding = "clicks-without-applies[channel=JobSprint,month=2026-04]"
    _, said, _ = rm("explain", finding, "--report", "report.json", "--near", cwd=folder)
    rate = "(the larger of applies and applications) per clicks (high end)"
    assert said.splitlines()[5:7] == [
        f"Near   LinkedIn, 2026-07 passes: {rate} 2.8% against 2.6%, 7% away.",
        f"Near   LinkedIn, 2026-09 passes: {rate} 2.9% against 2.6%, 9% away.",
    ]


@pytest.mark.parametrize(
    ("finding", "near"),
    [
        ("board-zero-hire[channel=JobSprint]", "Near   LinkedIn passes: hires 40."),
        ("closed-req-spend[job=R-1007]", "Near   5 others pass, and none is nearer: it is yes or no."),
        ("site-concentration[channel=LinkedIn]", "Near   Nobody else passes, so nobody is near."),
        (
            "renewal-window[contract=MetricMill]",
            "Near   LinkedIn Recruiter passes: idle share 8.3% against 10%, 17% away.",
        ),
    ],
)
def test_near_says_so_where_no_share_tells_how_near(finding: str, near: str, folder: Path) -> None:
    """Against nothing the figure itself is told; where all passes are alike, or where there is none, that is said."""
    _, said, _ = rm("explain", finding, "--report", "report.json", "--near", cwd=folder)
    assert said.splitlines()[5:6] == [near]


def test_what_had_to_be_there_is_told_too(folder: Path) -> None:
    """No hire is only a finding where enough hires were due: 10.6 at least, of 10.2 that are needed."""
    _, said, _ = rm("explain", "board-zero-hire", "--report", "report.json", cwd=folder)
    assert "Here   verdict unknown; hires 0. Enough to tell: hires expected (low end) 10.6 against 10.2;" in said


def test_the_arithmetic_of_the_money_can_be_done_again(folder: Path) -> None:
    """EUR 50,133.75 × (1 − 1.7 × 2.99573 / 10.6131) is EUR 26,076.95 but for some cents."""
    _, said, _ = rm("explain", "board-zero-hire", "--report", "report.json", cwd=folder)
    assert "EUR 26,076.95 is unproven (EUR 50,133.75 × (1 − 1.7 × 2.99573 / 10.6131));" in said
    assert round(50_133.75 * (1 - 1.7 * 2.99573 / 10.6131), 1) == 26_076.9


def test_money_that_is_counted_elsewhere_says_where(folder: Path) -> None:
    """Two findings doubt the same dollars: the one that got none names the one that has them."""
    _, said, _ = rm("explain", "board-zero-hire", "--report", "report.json", cwd=folder)
    assert "EUR 0 of it is counted here, the rest under clicks-without-applies[channel=JobSprint" in said


def test_a_setting_for_one_subject_is_the_one_that_is_told(folder: Path) -> None:
    """MetricMill may have 30% of its seats idle, and none of the others; near is who passes by its own number."""
    special = "seats-idle.for.contract.MetricMill.idle=0.3"
    rm("rejudge", "report.json", "--set", special, "--output", "special.json", "--quiet", cwd=folder)
    _, said, _ = rm("explain", "seats-idle[contract=MetricMill]", "--report", "special.json", "--near", cwd=folder)
    assert said.splitlines()[1].endswith("It says so where idle share is over 30%.")
    assert said.splitlines()[2].startswith("Here   idle share 72% against 30%.")
    assert said.splitlines()[5] == "Near   PoolPress passes: idle share 16% against 25%, 36% away."


def test_every_finding_of_the_example_can_be_explained(folder: Path) -> None:
    """Each in five lines, and a sixth where its people differ; in one process."""
    document = json.loads((folder / "report.json").read_text("utf-8"))
    for finding in document["findings"]:
        lines = _explained(folder / "report.json", finding["id"], near=False).splitlines()
        named = [line.split()[0] for line in lines]
        assert named[:5] == ["What", "Rule", "Here", "Money", "Do"]
        assert named[5:] in ([], ["People"])


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("seats-idle[contract=Nobody]", "--report", "report.json"), "the report has no subject"),
        (("seats-idel", "--report", "report.json"), "the report has no rule 'seats-idel'"),
        (("seats-idle", "--report", "report.json"), "'seats-idle' has 3 findings here"),
        (("seats-idle[contract=MetricMill]",), "a finding is explained from a stored report"),
        (("seats-idle", "--near"), "a finding is explained from a stored report"),
    ],
)  # fmt: skip
def test_what_cannot_be_explained(arguments: tuple[str, ...], why: str, folder: Path) -> None:
    """Exit 2 and the nearest thing that can."""
    code, said, error = rm("explain", *arguments, cwd=folder)
    assert (code, said) == (2, "")
    assert error.startswith(f"error: {why}")


@pytest.mark.parametrize("finding", ["seats-idle[contract=MetricMill]", "board-zero-hire[channel=JobSprint]"])
def test_files_of_rows_that_are_not_there_are_named(finding: str, folder: Path) -> None:
    """Exit 3, and no word that there are no rows: they may stand in that file."""
    code, said, error = rm("explain", finding, "--report", "report.json", "--rows", "nothere", cwd=folder)
    assert (code, "Rows" in said) == (3, False)
    assert error == ("nothere: error: no file or folder of this name\n  help: Check the spelling and the folder.\n")


@pytest.mark.parametrize(
    ("law", "words"),
    [
        ("idle_share > idle", "idle share is over 25%"),
        ("0 <= days_to_notice <= days", "days to notice is from 0 to 60"),
        ("not has_kpi", "there is no kpi"),
        ("kpi_vanity and not kpi_outcome", "kpi vanity and not kpi outcome"),
        ("hires > 0 and (offers == 0 or clicks >= 5)", "hires is over 0 and (offers is 0 or clicks is at least 5)"),
        ('channel_kind in ("search", "social")', "channel kind is one of 'search', 'social'"),
        ('matches(kpi, "*opens*|*views*")', "kpi reads like 'opens' or 'views'"),
        ("media_spend / clicks > 2 * median(media_spend / clicks, channel)",
         "media spend / clicks is over 2 × the median of media spend / clicks by channel"),
        ("applications > 2 * prior(applications, 12)", "applications is over 2 × applications a year before"),
        ("spend - (clicks - hires) < (1 - idle) * spend", "spend − (clicks − hires) is under 0.75 × spend"),
        ("spend / (clicks * hires) < max(spend, 5) * 2",
         "spend / (clicks × hires) is under (the larger of spend and 5) × 2"),
    ],
)  # fmt: skip
def test_a_law_in_words(law: str, words: str) -> None:
    """The expression language, said to somebody who reads no code."""
    assert Words({"idle": 0.25, "days": 60}).say(law) == words


def test_every_shipped_law_can_be_said() -> None:
    """No sign of code is left in any of them."""
    for rule in rm_audit.load_rules().rules:
        for expression in (*rule.expressions, *([rule.money.amount] if rule.money else [])):
            said = Words(rule.values).say(expression.text)
            assert not set("_<>=*") & set(said), said
