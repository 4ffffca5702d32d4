"""The examples are what the script makes, and their reports are what was expected, whole."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from jsonschema import Draft202012Validator

from rm_audit.report import schema

EXAMPLES = Path(__file__).parent.parent / "examples"
BOOKS = sorted(EXAMPLES.glob("*.xlsx"))
INPUTS = [*BOOKS, EXAMPLES / "employer"]
AS_OF = ["--as-of", "2026-10-15"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rm_audit", *arguments]
    width = {**os.environ, "COLUMNS": "100"}
    return subprocess.run(command, capture_output=True, check=False, encoding="utf-8", cwd=EXAMPLES, env=width)


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.name)
def test_the_report_of_an_example_is_as_expected(book: Path) -> None:
    """`rm-audit analyze examples/X.xlsx --as-of 2026-10-15` prints what `examples/X.txt` holds."""
    done = run("analyze", book.name, *AS_OF)
    expected = book.with_suffix(".txt").read_text("utf-8")
    assert (done.stdout, done.stderr, done.returncode) == (expected, "", 0)


@pytest.mark.parametrize("book", INPUTS, ids=lambda path: path.name)
def test_the_document_of_an_example_fits_its_schema_twice_the_same(book: Path) -> None:
    """The JSON document validates, and a second run gives the same bytes."""
    first, second = (run("analyze", book.name, *AS_OF, "--format", "json").stdout for _ in range(2))
    assert first == second
    assert [error.message for error in Draft202012Validator(schema()).iter_errors(json.loads(first))] == []


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.name)
def test_the_inspect_document_of_an_example_fits_its_schema(book: Path) -> None:
    """`rm-audit inspect --format json` validates too, and every sheet reconciles to the cent."""
    document = json.loads(run("inspect", book.name, "--format", "json").stdout)
    assert [error.message for error in Draft202012Validator(schema("inspect")).iter_errors(document)] == []
    for sheet in document["inputs"][0]["sheets"]:
        assert sheet["rows"]["read"] == sheet["rows"]["used"] + sheet["rows"]["set_aside"]
        assert sheet["amount"]["read"] == round(sheet["amount"]["used"] + sheet["amount"]["set_aside"], 2)


def test_each_play_has_a_flaw_and_trust_has_a_virtue() -> None:
    """The book of the README shows a flaw of each of the seven plays, of the plan, and a virtue."""
    document = json.loads(run("analyze", "spend.xlsx", *AS_OF, "--format", "json").stdout)
    plays = {finding["play"] for finding in document["findings"] if finding["state"] == "fail"}
    seven = {"programmatic", "job-boards", "big-sites", "nurture", "volume-metrics", "advocacy", "software"}
    assert seven | {"plan"} <= plays
    earned = {item["rule"] for item in document["earned"]}
    assert earned == {"trust-inside-sources", "trust-useful-sequence", "trust-fewer-better", "trust-offers-taken"}


def test_the_plan_fails_its_gate() -> None:
    """`rm-audit check plan.xlsx` is what CI runs: one line a finding, exit 1."""
    done = run("check", "plan.xlsx", *AS_OF)
    assert done.returncode == 1
    assert done.stderr == "failed: 1 finding at severity high or over\n"


def test_the_workbooks_are_what_the_script_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python examples/make_examples.py DIR` gives workbooks with the same values in the same cells."""
    script = EXAMPLES / "make_examples.py"
    monkeypatch.setattr(sys, "argv", [str(script), str(tmp_path)])
    monkeypatch.syspath_prepend(str(EXAMPLES))
    runpy.run_path(str(script), run_name="__main__")
    for book in BOOKS:
        assert values(tmp_path / book.name) == values(book)


def values(path: Path) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
