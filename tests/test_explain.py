"""`rm-audit explain FINDING --report report.json`: five lines, from the stored document alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rm_audit.cli.explain import _explained

EXAMPLES = Path(__file__).parent.parent / "examples"


def rm(*arguments: str, cwd: Path) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "rm_audit.cli.main", *arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=cwd, check=False)
    return done.returncode, done.stdout, done.stderr


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
        "Rule   Seats are paid for and not used. It says so where idle_share > 0.25.\n"
        "Here   idle share 72%. See spend.xlsx#Spend!L14, spend.xlsx#Spend!L30, spend.xlsx#Spend!L50, "
        "spend.xlsx#Spend!L72 and 7 more.\n"
        "Money  EUR 6,750 is avoidable (10800 * (0.725 - 0.1)); all of it is counted here.\n"
        "Do     Send the vendor the list of unused seats and reduce the number at the next notice date, with a tenth "
        "kept as spare. It would be wrong where: Seasonal tools and people on leave.\n",
        "",
    )


def test_near_lists_who_passes_by_little(folder: Path) -> None:
    """The nearest first, with both sides of the comparison."""
    finding = "clicks-without-applies[channel=JobSprint,month=2026-04]"
    _, said, _ = rm("explain", finding, "--report", "report.json", "--near", cwd=folder)
    assert said.splitlines()[5:7] == [
        "Near   LinkedIn, 2026-07 passes: 2.8% against 2.6%, 7% away.",
        "Near   LinkedIn, 2026-09 passes: 2.9% against 2.6%, 9% away.",
    ]


def test_money_that_is_counted_elsewhere_says_where(folder: Path) -> None:
    """Two findings doubt the same dollars: the one that got none names the one that has them."""
    _, said, _ = rm("explain", "board-zero-hire", "--report", "report.json", cwd=folder)
    assert "EUR 0 of it is counted here, the rest under clicks-without-applies[channel=JobSprint" in said


def test_every_finding_of_the_example_can_be_explained(folder: Path) -> None:
    """Each in five lines, in one process."""
    document = json.loads((folder / "report.json").read_text("utf-8"))
    for finding in document["findings"]:
        assert len(_explained(folder / "report.json", finding["id"], near=False).splitlines()) == 5


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
