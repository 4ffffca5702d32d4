"""Files that only an engine reads, cut off or damaged: that is said, and not that they hold no plain table."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import texts

import rm_audit
from rm_audit.config import Config
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


WHOLE = 600 * sum(day * 1_000_000 + 500_000 for day in range(1, 29))


@given(st.integers(0, 2), st.sampled_from([0, 9]), st.data())
@settings(max_examples=30, deadline=None)
def test_a_gzip_whose_bytes_were_changed_is_never_added_up(parts: int, level: int, data: st.DataObject) -> None:
    """Its sum at the end tells; engines do not look at it."""
    text = "Date,Channel,Spend\n" + "".join(f"2025-03-{day:02},Jobwelt,{day}.50\n" for day in range(1, 29)) * 600
    packed = gzip.compress(text.encode(), level, mtime=0) + gzip.compress(b"2025-03-01,Jobwelt,1.00\n", mtime=0) * parts
    place = data.draw(st.integers(len(packed) * 3 // 4, len(packed) - 1))  # behind what is looked at first
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "log.csv.gz")
        path.write_bytes(packed)
        assert rm_audit.read(path, config=Config(engine="duckdb")).engines == {"log.csv.gz": "duckdb"}
        changed = bytes([packed[place] ^ 1 << data.draw(st.integers(0, 7))])
        path.write_bytes(packed[:place] + changed + packed[place + 1 :])
        book = rm_audit.read(path, config=Config(engine="duckdb"))
        same = book.unreadable == [] and int(book.tables["spend"]["amount"].sum()) == WHOLE + parts * 1_000_000
        assert same or "broken-gzip" in [problem.code for problem in book.problems]
