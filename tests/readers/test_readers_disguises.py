"""Files that are not what their names say, and files inside of others: the bytes tell."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import failure, only_sheet, sheets, texts, workbook, written

from rm_audit.readers import Area, read_paths
from rm_audit.readers import gzip as gzip_reader
from rm_audit.readers.html import html_tables

TABLE = [["Channel", "Cost"], ["Zürich – Pflege", "1,50"], ["Xing", "2"]]
WEB_PAGE = (
    "error: a web page or XML file, not a table\n"
    "  help: Open it in a browser or in Excel: if it shows the table, save that as .xlsx, "
    "if a sign-in page, export again."
)
BROKEN = (
    "error: this compressed file (.gz) is cut off or damaged\n"
    "  help: Download or copy it again, or export the report as .xlsx or .csv."
)


def text_of(delimiter: str) -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in TABLE)


@pytest.mark.parametrize(
    ("name", "delimiter", "encoding"),
    [
        ("report.xls", "\t", "utf-8"),
        ("report.xlsx", ";", "utf-8-sig"),
        ("report.csv", "\t", "utf-8"),
        ("report.csv", "\t", "utf-16"),
        ("report.csv", "\t", "utf-16-le"),
        ("report.csv", "\t", "utf-16-be"),
        ("report.tsv", ";", "utf-8"),
        ("report", "|", "utf-8"),
    ],
)
def test_a_text_table_by_any_name(tmp_path: Path, name: str, delimiter: str, encoding: str) -> None:
    result = written(tmp_path / name, text_of(delimiter).encode(encoding))

    assert (result.kind, sheets(result), texts(result)) == ("csv", [("", TABLE)], [])


@pytest.mark.parametrize("name", ["spend.csv.gz", "spend.gz", "spend.csv", "spend"])
def test_a_packed_text_table(tmp_path: Path, name: str) -> None:
    result = written(tmp_path / name, gzip.compress(text_of(";").encode()))

    assert (result.source.file, result.kind, sheets(result), texts(result)) == (name, "csv", [("", TABLE)], [])


def test_a_packed_workbook(tmp_path: Path) -> None:
    plain = workbook(tmp_path / "plan.xlsx", {"A1": "Channel", "B1": 5}).read_bytes()

    result = written(tmp_path / "plan.xlsx.gz", gzip.compress(plain))

    assert (result.kind, sheets(result)) == ("xlsx", [("Spend", [["Channel", 5]])])


@pytest.mark.parametrize("between", [b"", b"\0" * 512])
def test_a_file_packed_in_several_parts_is_one(tmp_path: Path, between: bytes) -> None:
    """With zeros between them, as tapes have, too."""
    first, second = text_of(";").encode(), b"Monster;3\r\n"

    result = written(tmp_path / "spend.csv.gz", gzip.compress(first) + between + gzip.compress(second))

    assert sheets(result) == [("", [*TABLE, ["Monster", "3"]])]


def test_packed_tables_in_a_folder_are_read_and_backups_are_not(tmp_path: Path) -> None:
    for name in ("a.csv.gz", "b.XLSX.GZ", "c.tar.gz", "d.sql.gz", "e.gz"):
        (tmp_path / name).write_bytes(gzip.compress(b"Channel,Cost\nIndeed,5\n"))

    assert [result.source.file for result in read_paths([tmp_path])] == ["a.csv.gz", "b.XLSX.GZ"]


@pytest.mark.parametrize("part", [0.1, 0.5, 0.99])
def test_a_packed_file_that_was_cut_off(tmp_path: Path, part: float) -> None:
    whole = gzip.compress(random.Random(7).randbytes(500).hex().encode())

    assert failure(tmp_path / "spend.csv.gz", whole[: int(len(whole) * part)]) == ("", [f"spend.csv.gz: {BROKEN}"])


def test_a_packed_file_with_damage_inside(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(text_of(";").encode()))
    whole[-6] ^= 1  # the sum at its end

    assert failure(tmp_path / "spend.csv.gz", bytes(whole)) == ("", [f"spend.csv.gz: {BROKEN}"])


def test_a_packed_file_without_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gzip_reader, "MOST_BYTES", 1_000_000)

    bomb = gzip.compress(bytes(700_000)) * 2

    assert failure(tmp_path / "spend.csv.gz", bomb) == (
        "",
        [
            "spend.csv.gz: error: this compressed file (.gz) holds more than 1 GB\n"
            "  help: Unpack it, see whether it is the table that you mean, and give a part of it at a time."
        ],
    )


def test_a_packed_file_that_is_no_table(tmp_path: Path) -> None:
    assert failure(tmp_path / "spend.csv.gz", gzip.compress(bytes(range(256)) * 9)) == (
        "",
        ["spend.csv.gz: error: named .csv but holds binary data\n  help: Export the report again as .xlsx or .csv."],
    )


PAGE = """
<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8">
<style>td { mso-number-format:"\\@"; }</style></head><body>
<table border=1>
  <tr><th colspan="3">Sources of hire &ndash; May</th></tr>
  <TR><TH>Channel<TH>Campaign</TH><th>Cost</th></tr>
  <tr><td rowspan=2>Indeed</td><td>Nurses<br>Bern</td><td>1&nbsp;200</td></tr>
  <tr><td>Drivers</td><td> 50 </td>
  <tr><td>Xing</td><td></td><td>&euro;&#8239;7</td></tr>
</table></body></html>
"""


@pytest.mark.parametrize("name", ["report.xls", "report.html", "report.csv"])
def test_a_web_page_with_a_table_as_recruiting_systems_export_it(tmp_path: Path, name: str) -> None:
    result = written(tmp_path / name, PAGE.encode())

    assert (result.kind, texts(result)) == ("csv", [])
    assert sheets(result) == [
        (
            "",
            [
                ["Sources of hire – May", None, None],
                ["Channel", "Campaign", "Cost"],
                ["Indeed", "Nurses Bern", "1 200"],
                [None, "Drivers", "50"],
                ["Xing", None, "€ 7"],
            ],
        )
    ]
    assert only_sheet(result).merged == (Area(0, 0, 0, 2), Area(2, 0, 3, 0))


def test_a_table_that_only_arranges_others_is_passed_over(tmp_path: Path) -> None:
    one, two = (f"<table><tr><td>Channel<td>Cost<tr><td>{name}<td>5</table>" for name in ("Indeed", "Xing"))
    page = f"<table><tr><td>Logo<td>May<tr><td>{one}<td>{two}</table><table><tr><td>Page 1</table>"

    assert sheets(written(tmp_path / "report.xls", page.encode())) == [
        ("Table 1", [["Channel", "Cost"], ["Indeed", "5"]]),
        ("Table 2", [["Channel", "Cost"], ["Xing", "5"]]),
    ]


def test_a_web_page_that_was_cut_off_keeps_its_rows(tmp_path: Path) -> None:
    result = written(tmp_path / "report.xls", b"<table><tr><td>Channel<td>Cost<tr><td>Indeed<td>5<tr><td>Xi")

    assert sheets(result) == [("", [["Channel", "Cost"], ["Indeed", "5"], ["Xi"]])]
    assert texts(result) == [
        "report.xls: warning: the web page ends in the middle of its table\n"
        "  help: It may be cut off: compare its last rows with the source, or export it again."
    ]


@pytest.mark.parametrize(
    "page",
    [
        "<html><form><table><tr><td>User<td><input name=u><tr><td>Password<td><input type=password></table></form>",
        "<html><table><tr><td>Name:<td>x<tr><td>Word:<td>y<tr><td><INPUT TYPE='Password'></table>",
        "<!DOCTYPE html><table><tr><td>Your session has ended</td></tr><tr><td>Sign in</td></tr></table>",
        "<html><body><p>No report</p></body></html>",
    ],
)
def test_a_sign_in_page_is_no_table(tmp_path: Path, page: str) -> None:
    assert failure(tmp_path / "report.xls", page.encode()) == ("", [f"report.xls: {WEB_PAGE}"])


WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=6)


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 5).flatmap(lambda width: st.lists(st.lists(WORDS, min_size=width, max_size=width), min_size=2)))
def test_any_table_of_words_comes_back_from_a_web_page(table: list[list[str]]) -> None:
    page = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in table)

    assert [found.rows for found in html_tables(f"<table>{page}</table>")] == [table]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["<table>", "</table>", "<tr>", "<td>", "<td rowspan=3>", "<td colspan=2>", "</td>", "x"]))
)
def test_no_web_page_is_too_odd_to_read(parts: list[str]) -> None:
    for found in html_tables("".join(parts)):
        assert all(area.bottom < len(found.rows) for area in found.within())


@pytest.mark.parametrize(
    ("name", "start", "help"),
    [
        ("log.csv", b"PAR1", "It is Parquet: name it .parquet."),
        ("log", b"PAR1", "It is Parquet: name it .parquet."),
        ("log.csv", b"\x28\xb5\x2f\xfd", "It is packed with zstd: name it .zst."),
        ("log.csv", b"\x89PNG", "Export the report again as .xlsx or .csv."),
    ],
)
def test_what_a_file_of_another_name_is_its_bytes_say(tmp_path: Path, name: str, start: bytes, help: str) -> None:
    (tmp_path / name).write_bytes(start + b"\0\1\2" * 20)
    (found,) = read_paths([tmp_path / name])
    (problem,) = found.problems
    assert (problem.code, problem.help) == ("binary-file", help)
