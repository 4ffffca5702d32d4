"""`--memory`: a size that an engine can work in is taken, any other refused before a file is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import rm

LOG = "Date,Channel,Spend\n" + "".join(f"2025-{month:02}-{day:02},Indeed,1.50\n" for month in (1, 2) for day in (3, 4))
TOO_LITTLE = "is too little for an engine\n  help: Write 100MB or more, such as 2GB.\n"
NO_SIZE = "is not a size\n  help: Write it as 500MB or 2GB.\n"


@pytest.mark.parametrize("size", ["100MB", "96MiB", "0.1GB", "1 GB", "700000KB"])
def test_a_size_that_suffices(size: str, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    code, _, said = rm("analyze", "log.csv", "--engine", "duckdb", "--memory", size, "--verbose", cwd=tmp_path)
    assert code == 0
    assert "rows 2 to 5 were added up by DuckDB" in said


@pytest.mark.parametrize(
    ("size", "why"),
    [
        ("0MB", TOO_LITTLE),
        ("10KB", TOO_LITTLE),
        ("99MB", TOO_LITTLE),
        ("0.05GB", TOO_LITTLE),
        ("lots", NO_SIZE),
        ("-2GB", NO_SIZE),
        ("2", NO_SIZE),
        ("٢GB", NO_SIZE),
    ],
)
@pytest.mark.parametrize("command", ["analyze log.csv", "rollup log.csv -o book.parquet", "inspect log.csv"])
def test_a_size_that_does_not(command: str, size: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    assert rm(*command.split(), "--memory", size, cwd=tmp_path) == (2, "", f"error: --memory: '{size}' {why}")


@pytest.mark.parametrize("size", ["900TB", f"{'9' * 400}GB"])
def test_more_than_any_machine_has(size: str, tmp_path: Path) -> None:
    """What this one has, the message says."""
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    code, shown, said = rm("analyze", "log.csv", "--memory", size, cwd=tmp_path)
    assert (code, shown) == (2, "")
    assert said.startswith(f"error: --memory: '{size}' is more than this machine has\n  help: Write ")
    assert said.endswith("MB or less.\n")
