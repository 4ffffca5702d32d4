"""Files packed with zstd: all of one is there, or it is refused. No engine says so: it adds up what it has."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import texts

from rm_audit.readers import read_paths
from rm_audit.readers.zstd import all_there

MAGIC = bytes.fromhex("28b52ffd")
BROKEN = (
    "log.csv.zst: error: this compressed file (.zst) is cut off or damaged\n"
    "  help: Download or copy it again, or export the report as .xlsx or .csv."
)


def packed(path: Path, rows: int, header: bool = True) -> bytes:
    """A log of spend as DuckDB packs it."""
    query = (
        "select date '2025-01-01' + (r % 300)::int as Date, 'Indeed' as Channel, r * 1.25 as Spend from range(?) t(r)"
    )
    how = f"format csv, header {header}, compression zstd"
    duckdb.connect().execute(f"copy ({query}) to '{path}' ({how})", [rows])
    return path.read_bytes()


def is_there(data: bytes) -> bool:
    with TemporaryDirectory() as folder:
        path = Path(folder, "log.csv.zst")
        path.write_bytes(data)
        return all_there(path)


@pytest.mark.parametrize("rows", [0, 1, 10, 5000, 200_000])
def test_a_whole_file_is_read(rows: int, tmp_path: Path) -> None:
    packed(tmp_path / "log.csv.zst", rows)

    (found,) = read_paths([tmp_path / "log.csv.zst"], "duckdb")

    assert found.sheets[0].rows[0] == ["Date", "Channel", "Spend"]
    assert found.problems == []


@pytest.mark.parametrize("skipped", [b"", bytes.fromhex("502a4d18 03000000 616263")])
def test_parts_one_after_the_other_are_one_file(skipped: bytes, tmp_path: Path) -> None:
    """As programs that pack on several processors write them, with notes to themselves between the parts."""
    path = tmp_path / "log.csv.zst"
    one, other = packed(path, 20), packed(path, 3, header=False)
    path.write_bytes(skipped + one + skipped + other + skipped)

    (found,) = read_paths([path], "duckdb")
    whole = found.whole

    assert whole is not None
    assert [len(sheet.rows) for sheet in (*found.sheets, *whole.read().sheets)] == [24, 24]


def test_every_cut_of_a_file_is_refused(tmp_path: Path) -> None:
    """But for no byte at all: that is an empty file."""
    path = tmp_path / "log.csv.zst"
    data = packed(path, 20)
    for size in range(1, len(data)):
        path.write_bytes(data[:size])
        (found,) = read_paths([path], "duckdb")
        assert (found.sheets, texts(found)) == ([], [BROKEN]), size


def test_what_stands_behind_the_last_part_is_no_part_of_a_file(tmp_path: Path) -> None:
    assert not is_there(packed(tmp_path / "log.csv.zst", 20) + b"\n")


# A block: its kind (0 as it is, 1 one byte many times, 2 packed), and the bytes that stand in the file.
BLOCKS = st.tuples(st.sampled_from([0, 1, 2]), st.binary(min_size=1, max_size=9))


def frame(blocks: list[tuple[int, bytes]], single: bool, content: int, dictionary: int, checksum: bool) -> bytes:
    """A frame, written down from the format's description (RFC 8878); its bytes would not unpack."""
    described = content << 6 | single << 5 | checksum << 2 | dictionary
    window = b"" if single else b"w"
    sizes = b"c" * (1 if single and not content else [0, 2, 4, 8][content]) + b"d" * [0, 1, 2, 4][dictionary]
    parts = [MAGIC, bytes([described]), window, sizes]
    for number, (kind, data) in enumerate(blocks):
        size, there = (300, data[:1]) if kind == 1 else (len(data), data)
        last = number == len(blocks) - 1
        parts += [(size << 3 | kind << 1 | last).to_bytes(3, "little"), there]
    return b"".join([*parts, b"sums" if checksum else b""])


SIZES = st.sampled_from([0, 1, 2, 3])


@given(st.builds(frame, st.lists(BLOCKS, min_size=1, max_size=3), st.booleans(), SIZES, SIZES, st.booleans()))
def test_a_part_of_any_make_is_there_whole_or_not_at_all(data: bytes) -> None:
    assert is_there(data)
    assert is_there(data + data)
    assert not any(is_there(data[:size]) for size in range(1, len(data)))


def test_a_block_of_no_kind_is_damage() -> None:
    assert not is_there(frame([(3, b"abc")], False, 0, 0, False))
