"""The planning workbook of `rm-audit init`: easy to fill in, and a plan that is filled in passes the check."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from making import rm

LINES = [
    ("Referral bonus", "Referrals", None, 24000, "hires who stay a year", "12", None, "TA ops", "name colleagues"),
    ("Open evenings", "Events and meetups", None, 12000, "conversations held", "80", "Q2", "Plant lead", "meet people"),
    ("ATS licence", "Software", None, 18000, "interviews held", "400", None, "TA ops", "answer in two days"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an export in euros, after `rm-audit init`."""
    (tmp_path / "spend.csv").write_text("Month,Channel,Spend (EUR)\n2026-01,Indeed,100\n")
    assert rm("init", cwd=tmp_path) == (
        0,
        "wrote rm-audit.yaml: the currency is EUR\n"
        "wrote plan.xlsx: a plan to fill in; then run rm-audit check plan.xlsx\n",
        "",
    )
    return tmp_path


def fill(path: Path, lines: list[tuple[object, ...]]) -> None:
    book = openpyxl.load_workbook(path)
    for row, line in enumerate(lines, 2):
        for column, value in enumerate(line, 1):
            book["Plan"].cell(row, column).value = value
    book.save(path)


def test_a_plan_that_is_filled_in_passes_the_check(folder: Path) -> None:
    """Three lines by the drop-downs: no finding, exit 0."""
    fill(folder / "plan.xlsx", LINES)
    code, said, _ = rm("check", "plan.xlsx", "--as-of", "2026-11-30", cwd=folder)
    assert (code, "No finding." in said, "Score 100 of 100" in said) == (0, True, True)


def test_a_line_without_a_kpi_does_not(folder: Path) -> None:
    """The check names its cell."""
    fill(folder / "plan.xlsx", [("CRM licence", "Software", None, 9000, None, None, None, "TA ops", "one view")])
    code, said, _ = rm("check", "plan.xlsx", "--as-of", "2026-11-30", cwd=folder)
    assert code == 1
    assert "plan.xlsx#Plan!D2: high: EUR 9,000 for 'CRM licence' is planned without a KPI. [plan-no-kpi]" in said


def test_the_blank_workbook_is_read_without_an_error(folder: Path) -> None:
    """Recognised and empty, and its formulas have values before anybody opened it."""
    code, said, errors = rm("analyze", "plan.xlsx", "--as-of", "2026-11-30", cwd=folder)
    assert (code, errors) == (0, "")
    assert "No score: too little could be judged." in said


def test_every_choice_of_the_kpi_list_is_an_outcome(folder: Path) -> None:
    """Whatever is chosen from the list, the check is content with it."""
    book = openpyxl.load_workbook(folder / "plan.xlsx")
    (rule,) = [item for item in book["Plan"].data_validations.dataValidation if item.promptTitle == "KPI"]
    choices = rule.formula1.strip('"').split(",")
    lines = [(f"Line {kpi}", "Referrals", None, 1000, kpi, "1", None, "TA ops", "do it") for kpi in choices]
    fill(folder / "plan.xlsx", lines)
    code, said, _ = rm("check", "plan.xlsx", "--as-of", "2026-11-30", "--fail-on", "low", cwd=folder)
    assert (len(choices), code, "No finding." in said) == (7, 0, True)


def test_every_column_has_a_note_and_a_hint(folder: Path) -> None:
    """The budget takes amounts from 0 up and nothing else."""
    sheet = openpyxl.load_workbook(folder / "plan.xlsx")["Plan"]
    rules = {item.promptTitle: item for item in sheet.data_validations.dataValidation}
    assert [cell.value for cell in sheet[1]] == [
        *("Line", "Category", "Channel", "Budget (EUR)", "KPI", "Target", "Quarter", "Owner", "Objective")
    ]
    assert all(cell.comment is not None for cell in sheet[1])
    assert len(rules) == 9
    assert (rules["Budget"].type, rules["Budget"].errorStyle) == ("decimal", "stop")


def test_the_sums_add_up_what_a_check_would_find(folder: Path) -> None:
    """By category over all 30 rows, then the money that lacks a KPI, a target, an owner or an objective; such a cell is
    coloured in the plan as well."""
    book = openpyxl.load_workbook(folder / "plan.xlsx")
    sums = {row[0].value: row[1].value for row in book["Sums"].iter_rows(max_row=14)}
    assert sums["The whole plan (EUR)"] == "=SUM(Plan!$D$2:$D$31)"
    assert sums["Referrals"] == "=SUMIF(Plan!$B$2:$B$31,A9,Plan!$D$2:$D$31)"
    assert book["Sums"]["A9"].value == "Referrals"
    assert {name: sums[f"Lacks {name}"] for name in ("KPI", "Target", "Owner", "Objective")} == {
        name: f'=SUMIF(Plan!${letter}$2:${letter}$31,"",Plan!$D$2:$D$31)'
        for name, letter in (("KPI", "E"), ("Target", "F"), ("Owner", "H"), ("Objective", "I"))
    }
    marked = {str(area.sqref): area.rules[0].formula for area in book["Plan"].conditional_formatting}
    assert marked["E2:E31"] == ['AND(N($D2)>0,TRIM($E2)="")']
    assert set(marked) == {"E2:E31", "F2:F31", "H2:H31", "I2:I31"}


def test_a_plan_that_is_there_is_left_alone(tmp_path: Path) -> None:
    """It may be somebody's work of a week."""
    (tmp_path / "plan.xlsx").write_bytes(b"mine")
    assert rm("init", cwd=tmp_path)[1].splitlines()[-1] == "left plan.xlsx alone: it is there already"
    assert (tmp_path / "plan.xlsx").read_bytes() == b"mine"
