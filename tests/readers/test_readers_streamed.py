"""A large text that is read cell by cell: in one pass, packed, and the same to the letter as one read at once."""

from __future__ import annotations

import csv
import gzip
import io
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import rm
from reading import sheets, texts

from rm_audit.cells import Source
from rm_audit.progress import tell, telling
from rm_audit.readers import FileRead, Value, packed, read_paths, whole
from rm_audit.readers.packed import Columns, Packed
from rm_audit.readers.streamed import read_streamed
from rm_audit.readers.text import table_of

CELLS = st.text(st.characters(codec="cp1252", exclude_categories=["Cc"], include_characters='\r\n\t"'), max_size=5)
LETTERS = ["utf-8", "utf-8-sig", "utf-16", "cp1252"]
VALUES = st.none() | st.text(max_size=3) | st.integers() | st.dates() | st.floats(allow_nan=False) | st.booleans()
ROWS = st.lists(st.lists(VALUES, max_size=4), max_size=20)
REQUISITIONS = "Requisition ID,Job title,Location,Date opened,Date closed,Openings\n" + "".join(
    f"R{n},Engineer {n % 3},City {n % 5},2025-0{n % 9 + 1}-1{n % 9},{'soon' if n == 7 else '2025-11-30'},{n % 4}\n"
    for n in range(20)
)
MESSAGES = "Sequence,Step,Send date,Subject,Sent,Delivered,Opens,Clicks,Replies,Unsubscribes\n" + "".join(
    f"Seq {n % 3},{n % 5},{n % 9 + 10}.03.2025,We are hiring {n},{'many' if n == 9 else 100 + n},{90 + n},{n},1,0,0\n"
    for n in range(20)
)
TRAFFIC = "Session source / medium,Landing page,Date,Sessions,Users,Key events\n" + "".join(
    f"indeed / cpc,/jobs/{n % 4},2025-02-{n + 1:02},{n * 5},{n * 3},{n % 3}\n" for n in range(20)
)
MONTHS = "Channel,Jan 2025,Feb 2025,Mar 2025\nJobwelt,10.50,20,30\nTotal,25,40,60\n\nIndeed,15,20,30,late\n"
DAMAGED = (
    "list.csv.zst: error: this compressed file (.zst) is cut off or damaged\n"
    "  help: Download or copy it again, or export the report as .xlsx or .csv."
)


@pytest.fixture(autouse=True)
def three_rows_a_piece() -> Iterator[None]:
    with mock.patch.object(packed, "PIECE", 3):
        yield


def streamed(path: Path) -> FileRead | None:
    return read_streamed(path, Source(path.name, ""), True)


@settings(deadline=None)
@given(
    st.lists(st.lists(CELLS, max_size=4), min_size=1, max_size=12),
    st.sampled_from(LETTERS),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "sep=;"]),
    st.booleans(),
)
def test_any_text_is_the_same_as_read_at_once(
    rows: list[list[str]], letters: str, end: str, declared: str, zipped: bool
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator=end).writerows([[declared], ["Channel", "Übrig"], *rows])
    data = text.getvalue().encode(letters)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        path.write_bytes(gzip.compress(data) if zipped else data)
        (at_once,) = read_paths([path])
        found = streamed(path)
    assert found is not None
    assert (sheets(found), texts(found)) == (sheets(at_once), texts(at_once))


@pytest.mark.parametrize(
    "data",
    [
        "a,b\nü,2\n".encode("utf-16")[:-1],  # cut off inside of a letter
        b"a,b\n" + "ü,2\n".encode() + b"\xc3",
        gzip.compress(b"a,b\n1,2\n" * 1000)[:-20],
    ],
)
def test_what_only_the_whole_can_tell_is_left_to_it(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(data)
    assert streamed(path) is None
    assert streamed(tmp_path / "none.csv") is None


def test_more_than_any_table_in_a_packing_is_left_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" * 100))
    assert streamed(path) is not None
    monkeypatch.setattr("rm_audit.readers.gzip.MOST_BYTES", 300)
    assert streamed(path) is None


def test_what_only_an_engine_unpacks_is_wrong_as_the_engine_says(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(REQUISITIONS * 200, encoding="utf-8")
    packed_as(tmp_path, "list.csv.zst")
    data = (tmp_path / "list.csv.zst").read_bytes()
    (tmp_path / "list.csv.zst").write_bytes(data[:-9] + b"\0" * 9)
    found = streamed(tmp_path / "list.csv.zst")
    assert found is not None
    assert (found.kind, found.sheets, texts(found)) == ("csv", [], [DAMAGED])


def test_blanks_alone_are_no_table(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(",,\n , ,\n", encoding="utf-8")
    assert streamed(tmp_path / "list.csv") is None


@given(ROWS, st.slices(20))
def test_packed_rows_are_those_of_a_list(rows: list[list[Value]], part: slice) -> None:
    part = slice(part.start, part.stop)
    table = Packed()
    for row in rows:
        table.append(row)
    assert table == rows
    assert list(table[part]) == rows[part]
    assert table[part] == rows[part]
    assert [table[index] for index in range(len(rows))] == rows


@given(ROWS, st.data())
def test_columns_of_packed_rows_are_those_of_the_rows(rows: list[list[Value]], data: st.DataObject) -> None:
    table = Packed()
    for row in rows:
        table.append(row)
    picked = sorted(data.draw(st.sets(st.sampled_from(range(len(rows)))))) if rows else []
    instead = {position: ["x"] for position in range(0, len(picked), 3)}
    chosen = [instead.get(position, rows[index]) for position, index in enumerate(picked)]
    width = max(map(len, chosen), default=0)
    wanted = [[row[place] if place < len(row) else None for row in chosen] for place in range(width)]
    assert list(Columns(table, picked, instead, width)) == wanted


@pytest.mark.parametrize(
    "text", [REQUISITIONS, MESSAGES, TRAFFIC, MONTHS], ids=["jobs", "messages", "traffic", "months"]
)
@pytest.mark.parametrize("name", ["list.csv", "list.csv.gz", "list.csv.zst"])
def test_a_large_list_gives_the_report_of_a_small_one(
    text: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the byte, addresses too, but for the sum of the file's bytes; and nothing is said of pieces."""
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    code, small, said = rm("analyze", "list.csv", "--format", "json", "--as-of", "2026-03-31", cwd=tmp_path)
    packed_as(tmp_path, name)
    monkeypatch.setattr(whole, "LARGE", 10)

    found = rm("analyze", name, "--format", "json", "--as-of", "2026-03-31", cwd=tmp_path)

    assert (found[0], without_sums(found[1].replace(name, "list.csv"))) == (code, without_sums(small))
    assert found[2].replace(name, "list.csv") == said


@pytest.mark.parametrize("text", [REQUISITIONS, MESSAGES, TRAFFIC], ids=["jobs", "messages", "traffic"])
def test_so_does_a_list_in_parquet(text: str, tmp_path: Path) -> None:
    """Its header is row 1. True days and numbers are packed as well as texts."""
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    query = f"copy (from read_csv('{tmp_path}/list.csv')) to '{tmp_path}/list.parquet' (format parquet)"
    duckdb.connect().execute(query)
    of = [rm("inspect", name, "--format", "json", cwd=tmp_path) for name in ("list.csv", "list.parquet")]
    (_, small, _), (_, found, _) = of
    assert without_sums(found.replace("list.parquet", "list.csv")) == without_sums(small)


def packed_as(folder: Path, name: str) -> None:
    data = (folder / "list.csv").read_bytes()
    if name.endswith(".gz"):
        (folder / name).write_bytes(gzip.compress(data))
    elif name.endswith(".zst"):
        line = "auto_detect=false, header=false, delim='\x01', quote='', escape='', columns={'line': 'VARCHAR'}"
        how = "format csv, header false, delimiter '\x01', quote '', compression zstd"
        copy = f"copy (from read_csv('{folder}/list.csv', {line})) to '{folder / name}' ({how})"
        duckdb.connect().execute(copy)


def without_sums(document: str) -> object:
    found = json.loads(document)
    for file in found["inputs" if "inputs" in found else "files"]:
        file.pop("sha256")
    return found


def test_whoever_waits_is_told_how_far_it_is_and_what_comes_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And why every cell is read, where somebody said so just before."""
    monkeypatch.setattr("rm_audit.readers.streamed.MANY", 10)
    monkeypatch.setattr("rm_audit.readers.streamed.SAMPLE_CHARACTERS", 10)
    monkeypatch.setattr("rm_audit.progress.EVERY", 0)
    (tmp_path / "list.csv").write_text(REQUISITIONS, encoding="utf-8")
    told = list[str]()
    with telling(told.append):
        tell("Reading list.csv cell by cell: no table of spend or of applications")
        with mock.patch("rm_audit.readers.streamed.table_of", slow(table_of)):
            streamed(tmp_path / "list.csv")
    first, *far, last = told
    assert first == "Reading list.csv cell by cell: no table of spend or of applications"
    assert far
    assert set(far) == {f"{first}: 100%"}
    assert last == "Looking at the 21 rows of list.csv"


def slow(work: Callable[..., Any]) -> Callable[..., Any]:
    def run(*words: Any) -> Any:
        time.sleep(0.1)
        return work(*words)

    return run
