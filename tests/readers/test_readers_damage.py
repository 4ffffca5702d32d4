"""Files that only an engine reads, cut off or damaged: that is said, and not that they hold no plain table."""

from __future__ import annotations

from pathlib import Path

import duckdb
from reading import texts

from rm_audit.readers import read_paths

PARQUET = (
    "log.parquet: error: this Parquet file is cut off or damaged\n"
    "  help: Download or copy it again, or export it again from where it came from."
)
ZSTD = (
    "log.csv.zst: error: this compressed file (.zst) is cut off or damaged\n"
    "  help: Download or copy it again, or export the report as .xlsx or .csv."
)
NOT_PLAIN = (
    "error: packed or stored for an engine (.zst, .parquet), and no plain table that an engine can read\n"
    "  help: Export it as .csv or .xlsx, or as .parquet with a column each for the date, the channel and the amount."
)
HOW = {"log.parquet": "format parquet", "log.csv.zst": "format csv, header, compression zstd"}


def log(path: Path, rows: int = 100) -> bytes:
    query = (
        "select date '2025-01-01' + (r % 300)::int as Date, 'Indeed' as Channel, r * 1.25 as Spend from range(?) t(r)"
    )
    duckdb.connect().execute(f"copy ({query}) to '{path}' ({HOW[path.name]})", [rows])
    return path.read_bytes()


def said(path: Path, data: bytes) -> list[str]:
    path.write_bytes(data)
    (found,) = read_paths([path], "duckdb")
    return texts(found) + (texts(found.whole.read()) if found.whole else [])


def test_every_cut_of_a_parquet_file_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    data = log(path)
    for size in range(1, len(data)):
        assert said(path, data[:size]) == [PARQUET], size


def test_a_parquet_file_whose_list_of_columns_is_overwritten_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    data = log(path)
    assert said(path, data[:-40] + b"\xff" * 32 + data[-8:]) == [PARQUET]


def test_a_parquet_file_damaged_below_its_first_rows_is_damaged(tmp_path: Path) -> None:
    """The first rows can be read; who reads the rest finds that out."""
    path = tmp_path / "log.parquet"
    data = log(path, 300_000)
    middle = len(data) // 2
    assert said(path, data[:middle] + b"\xff" * 4000 + data[middle + 4000 :]) == [PARQUET]


def test_a_packed_text_that_cannot_be_unpacked_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.zst"
    data = log(path)
    middle = len(data) // 2
    assert said(path, data[:middle] + b"\xff" * 20 + data[middle + 20 :]) == [ZSTD]


def test_a_packed_picture_is_whole_and_no_table(tmp_path: Path) -> None:
    """A frame with one block of bytes as they are: eight that no text begins with."""
    picture = bytes.fromhex("28b52ffd 2008 410000 89504e470d0a1a0a")
    assert said(tmp_path / "log.csv.zst", picture) == [f"log.csv.zst: {NOT_PLAIN}"]
