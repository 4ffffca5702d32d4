"""Folders that may not be opened: a plain error, whoever names them, and never a traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# To root every folder is open; without these two of its rights it is like anybody else.
AS_ANYBODY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
SPEND = "Channel,Spend (EUR)\nIndeed,100\n"

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights"),
    pytest.mark.skipif(IS_ROOT and shutil.which("setpriv") is None, reason="root may open every folder"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A file, and a folder with one that is shut."""
    shut = tmp_path / "shut"
    shut.mkdir()
    for path in (tmp_path / "spend.csv", shut / "spend.csv"):
        path.write_text(SPEND, encoding="utf-8")
    shut.chmod(0o000)
    yield tmp_path
    shut.chmod(0o700)


def told(line: str, folder: Path) -> tuple[int, str]:
    """The exit code and what stands on stderr."""
    command = [*(AS_ANYBODY if IS_ROOT else []), sys.executable, "-m", "rm_audit", *line.split()]
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.returncode, done.stderr


FOLDER = (
    "shut: error: this folder could not be opened\n  help: Check that you may open it, or give its files by name.\n"
)
FILE = (
    "spend.csv: error: this file could not be opened\n"
    "  help: Check that it is still there, that you may read it and that no other program holds it open.\n"
)


@pytest.mark.parametrize(
    ("line", "exit", "said"),
    [
        ("analyze shut", 3, FOLDER),
        ("check shut", 3, FOLDER),
        ("inspect shut", 3, FOLDER),
        ("rollup shut -o book.parquet", 3, f"{FOLDER}error: there is nothing in these files to roll up\n"),
        ("analyze shut/spend.csv", 3, FILE),
        ("copy shut", 3, FOLDER),
        ("copy shut/spend.csv", 3, FILE),
    ],
)
def test_what_is_to_be_read_may_not_be_opened(line: str, exit: int, said: str, folder: Path) -> None:
    assert told(line, folder) == (exit, said)


def test_a_shut_folder_among_others_is_passed_over_with_a_word(folder: Path) -> None:
    code, said = told("inspect .", folder)
    assert (code, said) == (0, FOLDER)


@pytest.mark.parametrize(
    "line",
    [
        "analyze spend.csv --rules shut/rule.yaml",
        "analyze spend.csv --profiles shut/rule.yaml",
        "rules lint shut/rule.yaml",
        "rules docs --output shut/rule.yaml",
        "init shut/rule.yaml",
    ],
)
def test_an_option_leads_into_a_shut_folder(line: str, folder: Path) -> None:
    said = "error: 'shut/rule.yaml' may not be opened\n  help: Check that you may open it and its folder.\n"
    assert told(line, folder) == (2, said)


@pytest.mark.parametrize("line", ["analyze spend.csv --output shut/a.json", "rollup spend.csv --output shut/a.parquet"])
def test_an_output_in_a_shut_folder_is_refused(line: str, folder: Path) -> None:
    said = f"error: --output: '{line.split()[-1]}' cannot be written: Permission denied\n"
    assert told(line, folder) == (2, f"{said}  help: Name a file in a folder that you may write to.\n")
