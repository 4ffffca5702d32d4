"""The terminal report at every width, in a pipe and on a terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from books import book, document
from rich.cells import cell_len

import rm_audit
from rm_audit.config import Config
from rm_audit.rendering.terminal import terminal

# A bad plan beside two channels, one of which hires.
SPEND = "".join(f"2026-0{month},Board,98765.43\n2026-0{month},Fair,3456.78\n" for month in range(1, 7))
HIRES = "Fair,2026-02-01,2026-02-09,2026-03-01\n" * 12 + "Board,2026-02-01,,\n" * 90
BOOK = document(
    book(
        Config(currency="EUR"),
        spend=f"Month,Channel,Spend\n{SPEND}",
        hires=f"Source,Applied,Interviewed,Hired\n{HIRES}",
        plan="Line,Budget,KPI,Owner,Objective\nA platform for the talent pool,150000,,,\n",
    )
)
STRANGE = (
    "求人広告サービス株式会社東京本社",
    "לוח משרות 24",
    "[bold]Board[/bold]",
    "Board \x1b[31mred",
    "A name that goes on " * 3,
)


def spend(folder: Path) -> str:
    rows = [f"2026-0{month},{name},{9000 + 100 * place},4000,20\n" for month in range(1, 5)
            for place, name in enumerate(STRANGE)]  # fmt: skip
    file = folder / "spend.csv"
    file.write_text("Month,Channel,Spend (EUR),Clicks,Applies\n" + "".join(rows), encoding="utf-8")
    return file.name


def piped(folder: Path, **surroundings: str) -> str:
    command = [sys.executable, "-W", "error", "-m", "rm_audit", "analyze", spend(folder), "--verbose"]
    done = subprocess.run(
        [*command, "--as-of", "2026-10-15"], capture_output=True, check=True, encoding="utf-8", cwd=folder,
        env={**os.environ, **surroundings},
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_screen_and_every_name_is_whole(tmp_path: Path, width: int) -> None:
    """Wide letters count double; a long name is folded and never cut; markup and escapes stay text."""
    text = piped(tmp_path, COLUMNS=str(width))
    assert [line for line in text.splitlines() if cell_len(line) > width] == []
    folded = "".join(text.split())
    assert [name for name in STRANGE if "".join(name.replace("\x1b", "�").split()) not in folded] == []
    assert "\x1b" not in text


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_no_figure_is_cut_at_any_width(width: int) -> None:
    """Columns that matter least go where there is no room; those that stay are whole, ranges too. Colours add nothing
    but themselves."""
    text = terminal(BOOK, width=width)
    assert [line for line in text.splitlines() if cell_len(line) > width or "…" in line] == []
    head = next(line for line in text.splitlines() if line.startswith("  Channel "))
    assert head.split()[1] == "Spend"
    assert ("Cost per hire (range)" in head) == (width >= 60)
    coloured = terminal(BOOK, width=width, color=True)
    assert coloured != text
    plain = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in plain.splitlines()] == text.splitlines()


def test_subjects_of_several_keys_are_told_apart() -> None:
    """Two boards whose clicks cost three times as much in one month each: a board goes with its month."""
    rows = [
        f"2026-0{month},{name},{30000 if month == bad else 9000},3000\n"
        for name, bad in (("Board A", 4), ("Board B", 5), ("Board C", 6))
        for month in range(1, 8)
    ]
    text = terminal(document(book(Config(currency="EUR"), spend="Month,Channel,Spend,Clicks\n" + "".join(rows))))
    assert "     The same: Board B, 2026-05; Board C, 2026-06.\n" in text


def test_what_many_files_have_is_said_of_the_first(tmp_path: Path) -> None:
    """Seven files that an engine adds up: three are named, four are counted. Errors are all shown."""
    for number in range(1, 8):
        lines = f"2026-0{number}-01,Xing,100.50\n" * 30 + f"2026-0{number}-15,Indeed,about 50\n"
        (tmp_path / f"month{number}.csv").write_text(f"Date,Channel,Spend\n{lines}", "utf-8")
    found = document(rm_audit.read(tmp_path, config=Config(engine="duckdb")))
    text, every = (terminal(found, width=400, verbose=verbose) for verbose in (False, True))
    assert (text.count("were added up"), text.count("a text where a number")) == (3, 7)
    assert "  and 4 more of that kind: --verbose shows them.\n" in text
    assert every.count("were added up") == 7


@pytest.mark.parametrize("columns", ["", "wide", "-3"])
def test_a_width_that_is_none_is_as_if_there_were_none(tmp_path: Path, columns: str) -> None:
    assert piped(tmp_path, COLUMNS=columns) == piped(tmp_path, COLUMNS="100")


def on_a_terminal(code: str) -> str:
    """What a fresh interpreter writes to a stderr that is a terminal."""
    import pty  # not on Windows

    own, its = pty.openpty()
    surroundings = {**os.environ, "TERM": "xterm"}
    subprocess.run([sys.executable, "-c", code], stderr=its, stdout=subprocess.DEVNULL, check=True, env=surroundings)
    os.set_blocking(own, False)
    try:
        return os.read(own, 100_000).decode()
    except BlockingIOError:
        return ""
    finally:
        os.close(own)
        os.close(its)


def test_a_long_wait_is_explained_on_a_terminal_and_a_short_one_is_not() -> None:
    wait = "import time\nfrom rm_audit.cli.screen import waiting\nwith waiting('Reading the files'): time.sleep({})"
    assert "Reading the files" in on_a_terminal(wait.format(1.6))
    assert on_a_terminal(wait.format(0)) == ""


def test_in_a_pipe_nothing_is_said() -> None:
    wait = "import time\nfrom rm_audit.cli.screen import waiting\nwith waiting('Reading'): time.sleep(1.3)"
    done = subprocess.run([sys.executable, "-c", wait], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
