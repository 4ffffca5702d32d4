"""What is written: the same bytes for the same inputs in every format, and each file whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shlex
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from making import rm

from rm_audit.rendering import SUFFIXES

EXAMPLES = Path(__file__).parent.parent / "examples"
AUDIT = [sys.executable, "-m", "rm_audit", "analyze", "--as-of", "2026-10-15", "--quiet"]
SMALL = "Channel,Spend\nBoard A,9000\nBoard B,4000\n"


def hashes(folder: Path, **surroundings: str) -> dict[str, str]:
    """Every format of the README's book, written from a folder of its own, and the hash of each."""
    folder.mkdir()
    book = folder / "spend.xlsx"
    book.write_bytes((EXAMPLES / "spend.xlsx").read_bytes())
    outputs = [word for suffix in SUFFIXES for word in ("--output", f"out{suffix}")]
    subprocess.run([*AUDIT, book.name, *outputs], check=True, cwd=folder, env={**os.environ, **surroundings})
    return {suffix: hashlib.sha256((folder / f"out{suffix}").read_bytes()).hexdigest() for suffix in SUFFIXES}


def test_the_same_inputs_give_the_same_bytes_in_every_format(tmp_path: Path) -> None:
    """Another day, folder, time zone, language and order of sets: not a byte is another, in the workbook neither."""
    first = hashes(tmp_path / "first", TZ="Pacific/Apia", PYTHONHASHSEED="1", LC_ALL="C")
    time.sleep(2.1)  # the times in a zip are of two seconds
    assert hashes(tmp_path / "second folder", TZ="America/New_York", PYTHONHASHSEED="2", COLUMNS="60") == first


def listing(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("suffix", [".json", ".xlsx"])
def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path, suffix: str) -> None:
    """No file may grow past a hundred bytes: the old report is there as it was, nothing lies beside it, exit 2."""
    resource = pytest.importorskip("resource")  # of Unix
    (tmp_path / "spend.csv").write_text(SMALL, encoding="utf-8")
    (tmp_path / f"report{suffix}").write_bytes(b"the old report")
    before = listing(tmp_path)

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    done = subprocess.run(
        [*AUDIT, "spend.csv", "--output", f"report{suffix}"], cwd=tmp_path, preexec_fn=full, capture_output=True,
        check=False, encoding="utf-8",
    )  # fmt: skip
    assert listing(tmp_path) == before
    assert (done.returncode, done.stderr) == (
        2,
        f"error: --output: 'report{suffix}' cannot be written: File too large\n"
        "  help: Make room, and run again; the file is as it was.\n",
    )


def test_an_interrupt_leaves_the_old_file_whole(tmp_path: Path) -> None:
    """Stopped when the new file was written and had not yet taken the old one's place: exit 130, nothing left over."""
    (tmp_path / "report.json").write_bytes(b"the old report")
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from rm_audit.cli.files import write_whole\n"
        "def interrupted(event, arguments):\n"
        "    if event == 'os.rename':\n"
        "        print(sorted(path.name[:12] for path in Path().iterdir()), flush=True)\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.addaudithook(interrupted)\n"
        "try:\n"
        "    write_whole(Path('report.json'), 'the new report')\n"
        "except KeyboardInterrupt:\n"
        "    sys.exit(130)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (130, b"['.report.json', 'report.json']\n")
    assert listing(tmp_path) == {"report.json": b"the old report"}


def test_a_file_keeps_who_may_read_it_and_a_link_stays_a_link(tmp_path: Path) -> None:
    """A report that was closed to others is not opened by the next one, and a link leads to the new one."""
    (tmp_path / "spend.csv").write_text(SMALL, encoding="utf-8")
    (tmp_path / "own.json").write_bytes(b"old")
    (tmp_path / "own.json").chmod(0o600)
    (tmp_path / "link.csv").symlink_to("meant.csv")
    (tmp_path / "meant.csv").write_bytes(b"old")
    outputs = ["--output", "own.json", "--output", "link.csv"]
    subprocess.run([*AUDIT, "spend.csv", *outputs], cwd=tmp_path, check=True)
    assert stat.S_IMODE((tmp_path / "own.json").stat().st_mode) == 0o600
    assert (tmp_path / "own.json").read_bytes().startswith(b'{\n  "schema"')
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "meant.csv").read_bytes().startswith(b"id,rule,")


@pytest.mark.parametrize(
    ("output", "why"),
    [
        ("gone/out", "cannot be written: No such file or directory\n  help: Name a file in a folder that is there.\n"),
        ("spend.csv/out", "cannot be written: Not a directory\n  help: Name a file in a folder that is there.\n"),
        ("folder", "cannot be written: Is a directory\n  help: Name a file in a folder that is there.\n"),
        ("pipe", "is no file, but a device or a pipe\n  help: Name a file; - is stdout.\n"),
    ],
)
@pytest.mark.parametrize(
    ("line", "suffix"),
    [
        ("analyze missing.csv --output", ".json"),
        ("check missing.csv --output spend.json --output", ".xlsx"),
        ("rollup missing.csv --output", ".parquet"),
        ("compare missing.json missing.csv --output", ".json"),
    ],
)
def test_where_nothing_can_be_written_nothing_is_read(
    line: str, suffix: str, output: str, why: str, tmp_path: Path
) -> None:
    """The input is not there either, and nobody has looked for it yet. A link leads to a pipe, which stays one."""
    if output == "pipe" and not hasattr(os, "mkfifo"):
        pytest.skip("Windows has no such pipes")
    (tmp_path / "spend.csv").write_text(SMALL, encoding="utf-8")
    (tmp_path / f"folder{suffix}").mkdir()
    if output == "pipe":
        os.mkfifo(tmp_path / "real")
        (tmp_path / f"pipe{suffix}").symlink_to("real")

    done = rm(*line.split(), f"{output}{suffix}", cwd=tmp_path)

    assert done == (2, "", f"error: --output: '{output}{suffix}' {why}")
    assert output != "pipe" or stat.S_ISFIFO((tmp_path / f"pipe{suffix}").stat().st_mode)


def test_where_nobody_can_be_told_the_run_ends_in_words(tmp_path: Path) -> None:
    """Standard output is full, or closed: no traceback, and nobody takes it for a gate that was reached."""
    (tmp_path / "spend.csv").write_text(SMALL)
    line = " ".join([*map(shlex.quote, AUDIT[:-1]), "spend.csv"])
    full, closed = (
        subprocess.run(["sh", "-c", f"{line} {where}"], cwd=tmp_path, capture_output=True, text=True, check=False)
        for where in (">/dev/full", ">&-")
    )
    said = "error: the output cannot be written: No space left on device\n  help: Make room, or use --output.\n"
    assert (full.returncode, full.stderr) == (2, said)
    assert (closed.returncode, closed.stderr) == (0, "")


def test_a_file_that_goes_while_it_is_read_is_said(tmp_path: Path) -> None:
    """Its head was read; the engine does not find it any more."""
    (tmp_path / "log.csv").write_text("Date,Channel,Spend\n" + "2026-03-01,Xing,100.50\n" * 50)
    hooked = (
        "import os\n"
        "from rm_audit.rollups import extracting\n"
        "engine_of = extracting.engine_of\n"
        "extracting.engine_of = lambda *asked: (os.remove('log.csv'), engine_of(*asked))[1]\n"
        "from rm_audit.cli.main import run; run()"
    )
    command = [sys.executable, "-c", hooked, "analyze", "log.csv", "--engine", "duckdb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("error: 'log.csv' cannot be read: No such file or directory\n  help: It was there")
