"""Text tables: encodings, delimiters, and what goes wrong with them."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rm_audit.cells import Source
from rm_audit.readers import FileRead, Sheet, Value, read_paths


def read(folder: Path, data: str | bytes, name: str = "spend.csv") -> FileRead:
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    (result,) = read_paths([folder / name])
    return result


def rows(folder: Path, data: str | bytes, name: str = "spend.csv") -> list[list[Value]]:
    result = read(folder, data, name)
    assert result.problems == []
    return result.sheets[0].rows


def failure(folder: Path, data: str | bytes, name: str = "spend.csv") -> str:
    result = read(folder, data, name)
    assert result.sheets == []
    return "\n".join(problem.text() for problem in result.problems)


def test_a_csv_is_one_sheet_of_text_and_blank_lines_count(tmp_path: Path) -> None:
    result = read(tmp_path, "Spend report\n\nChannel,Cost\r\nIndeed,\n Xing ,012.50\n")

    table: list[list[Value]] = [["Spend report"], [], ["Channel", "Cost"], ["Indeed", None], [" Xing ", "012.50"]]
    source = Source("spend.csv", result.source.sha256)
    assert result == FileRead(source, "csv", [Sheet(source, "", table)], [], named=True)


def test_the_sha256_is_that_of_the_bytes(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b\n").source == Source("spend.csv", hashlib.sha256(b"a,b\n").hexdigest())


TABLE = [["Campaign", "Cost"], ["Zürich – Pflege", "€ 12"]]


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16"), ("\t", "utf-16-le"), (",", "utf-16-be"), ("|", "utf-8")],
)
def test_unicode_texts_read_the_same_with_or_without_a_mark(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = "\r\n".join(delimiter.join(row) for row in TABLE)
    assert rows(tmp_path, text.encode(encoding)) == TABLE


@pytest.mark.parametrize("text", ["Channel,Cost\nIndeed,£1200\n", "Société,Coût\nHôtel à Paris,5 €\n"])
def test_western_texts_of_old_are_read_with_a_word(tmp_path: Path, text: str) -> None:
    result = read(tmp_path, text.encode("cp1252"))

    assert result.sheets[0].rows == [line.split(",") for line in text.splitlines()]
    assert [problem.text() for problem in result.problems] == [
        "spend.csv: warning: not saved as UTF-8; read as cp1252, so accented letters and currency signs may be wrong\n"
        '  help: If they are, open it in Excel and save it as "CSV UTF-8".'
    ]


def test_cyrillic_and_japanese_texts_of_old_are_guessed(tmp_path: Path) -> None:
    russian, japanese = "Кампания;Сумма\nМосква вакансии;12\n", "求人;費用\n大阪の求人広告;5000\n"

    assert read(tmp_path, russian.encode("cp1251")).sheets[0].rows == [
        ["Кампания", "Сумма"],
        ["Москва вакансии", "12"],
    ]
    assert read(tmp_path, japanese.encode("cp932")).sheets[0].rows == [["求人", "費用"], ["大阪の求人広告", "5000"]]


@pytest.mark.parametrize(
    ("text", "records"),
    [
        # the file, then its records with their cells joined by a slash
        ("Name;Cost\nBrown, Mia;5\nLee, Al;6\n", ["Name/Cost", "Brown, Mia/5", "Lee, Al/6"]),
        ("Kanal;Kosten\nIndeed;1,50\nXing;2,50\n", ["Kanal/Kosten", "Indeed/1,50", "Xing/2,50"]),
        ('Name;City\n"a,b";"c,d"\n"e,f";"g,h"\n', ["Name/City", "a,b/c,d", "e,f/g,h"]),
        ('"a;b","c"\n"d;e","f"\n', ["a;b/c", "d;e/f"]),
        ("Ad,Cost\nUK | Search,5\nUS | Search,6\n", ["Ad/Cost", "UK | Search/5", "US | Search/6"]),
        ("Board;Cost\nX, UK, Y;1,50\nZ, UK, W;1,50\n", ["Board/Cost", "X, UK, Y/1,50", "Z, UK, W/1,50"]),
        ("Report\nMay 1, 2024\nAd;Cost;Clicks\na;1;2\n", ["Report", "May 1, 2024", "Ad/Cost/Clicks", "a/1/2"]),
        (
            "From: May 1, 2024, 12:00\nTo: May 2, 2024, 11:59\nMade: May 3, 2024, 8:00\nA\tB\tC\tD\tE\n1\t2\t3\t4\t5\n",
            ["From: May 1, 2024, 12:00", "To: May 2, 2024, 11:59", "Made: May 3, 2024, 8:00", "A/B/C/D/E", "1/2/3/4/5"],
        ),
        ("a,b,c\nNo data available.\n", ["a/b/c", "No data available."]),
        ("Channel\nIndeed\nXing\n", ["Channel", "Indeed", "Xing"]),
        ("A|B\n1|2\n", ["A/B", "1/2"]),
        ('A,B\n"first\nsecond",2\n', ["A/B", "first\nsecond/2"]),
        ("A,B\r1,2\r", ["A/B", "1/2"]),
    ],
)
def test_the_delimiter_is_the_one_that_explains_most_lines(tmp_path: Path, text: str, records: list[str]) -> None:
    assert ["/".join(map(str, row)) for row in rows(tmp_path, text)] == records


def test_the_line_that_declares_a_delimiter_is_honoured_and_kept(tmp_path: Path) -> None:
    assert rows(tmp_path, "sep=;\r\na,b;1\r\nc,d;2\r\n") == [["sep=;"], ["a,b", "1"], ["c,d", "2"]]
    assert rows(tmp_path, '"sep=~"\na~1\n') == [["sep=~"], ["a", "1"]]


def test_a_text_table_named_xls_is_read_as_text(tmp_path: Path) -> None:
    assert read(tmp_path, "A\tB\n1\t2\n", "report.xls").kind == "csv"


def test_a_stray_nul_is_left_out(tmp_path: Path) -> None:
    text = "Channel,Cost\n" + "Indeed,5\n" * 50
    assert rows(tmp_path, text + "X\0ing,6\n")[-1] == ["Xing", "6"]


def test_a_file_cut_inside_a_quote_keeps_its_rows(tmp_path: Path) -> None:
    result = read(tmp_path, 'Channel,Campaign,Cost\nIndeed,"A, B",5\nXing,"C, ')

    assert result.sheets[0].rows == [["Channel", "Campaign", "Cost"], ["Indeed", "A, B", "5"], ["Xing", "C, "]]
    assert [problem.text() for problem in result.problems] == [
        "spend.csv:B3: warning: a quote opened in row 3 is never closed, so the rest of the file was read as one cell\n"
        "  help: The file may be cut off: compare its last rows with the source, or export it again."
    ]


def test_a_file_cut_inside_a_row_keeps_its_rows(tmp_path: Path) -> None:
    result = read(tmp_path, "Channel,Campaign,Cost\nIndeed,A,5\n\nXing,")

    assert result.sheets[0].rows == [["Channel", "Campaign", "Cost"], ["Indeed", "A", "5"], [], ["Xing", None]]
    assert [problem.text() for problem in result.problems] == [
        "spend.csv:A4: warning: row 4, the last one, is shorter than all before it, and the file does not end with a "
        "line break\n"
        "  help: It may be cut off: compare its last rows with the source, or export it again."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Channel,Cost\nIndeed,5",  # whole rows without a line break at the end are common
        "Channel,Cost\nIndeed,5\nEnd of report\n",
        "Spend\nChannel,Cost\nIndeed,5\nTotal",
        "sep=;\nChannel;Cost\nIndeed;5",
        "Channel",
    ],
)
def test_a_short_last_row_that_is_no_sign_of_a_cut(tmp_path: Path, text: str) -> None:
    assert rows(tmp_path, text) != []


def test_a_text_in_no_encoding_of_ours(tmp_path: Path) -> None:
    mainframe = "Channel,Cost\nIndeed,100\nGlassdoor,50\n".encode("cp037")

    assert failure(tmp_path, mainframe) == (
        "spend.csv: error: the text of this file cannot be read: it is in no encoding that spreadsheet programs save\n"
        '  help: Open it in the program that made it and save it as "CSV UTF-8".'
    )


def test_an_old_text_with_damage_says_both(tmp_path: Path) -> None:
    result = read(tmp_path, "Jobbörse,Köln\nXing,München\n".encode("cp1252") + b"Gl\x81ck,5\n")

    damaged = ["Gl\N{REPLACEMENT CHARACTER}ck", "5"]
    assert result.sheets[0].rows == [["Jobbörse", "Köln"], ["Xing", "München"], damaged]
    assert [problem.code for problem in result.problems] == ["old-encoding", "damaged-text"]


@pytest.mark.parametrize(("encoding", "cut"), [("utf-8", 1), ("utf-16", 1)])
def test_a_file_cut_inside_a_character_keeps_its_rows(tmp_path: Path, encoding: str, cut: int) -> None:
    result = read(tmp_path, "Kanal,Kosten\nFähre,5\nXing,ü".encode(encoding)[:-cut])

    assert result.sheets[0].rows == [["Kanal", "Kosten"], ["Fähre", "5"], ["Xing", "\N{REPLACEMENT CHARACTER}"]]
    assert [problem.text() for problem in result.problems] == [
        "spend.csv: warning: the file ends in the middle of a character\n"
        "  help: It may be cut off: compare its last rows with the source, or export it again."
    ]


def test_a_marked_file_with_damaged_characters_keeps_its_rows(tmp_path: Path) -> None:
    result = read(tmp_path, b"\xef\xbb\xbfKanal,Kosten\nX\xffing,5\n")

    assert result.sheets[0].rows == [["Kanal", "Kosten"], ["X\N{REPLACEMENT CHARACTER}ing", "5"]]
    assert [problem.text() for problem in result.problems] == [
        "spend.csv: warning: some characters are damaged and are shown as \N{REPLACEMENT CHARACTER}\n"
        "  help: Export the file again where names in it matter."
    ]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n\r\n", b",,\n,,\n"])
def test_an_empty_file(tmp_path: Path, data: bytes) -> None:
    assert failure(tmp_path, data) == "spend.csv: error: this file is empty\n  help: Export it again, or leave it out."


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03" * 99, b"%PDF-1.7\n1 0 obj\n", b"\x89PNG\r\n\x1a\n"])
def test_a_binary_file(tmp_path: Path, data: bytes) -> None:
    help_line = "  help: Export the report again as .xlsx or .csv."
    assert failure(tmp_path, data) == f"spend.csv: error: named .csv but holds binary data\n{help_line}"
    assert failure(tmp_path, data, "spend") == f"spend: error: holds binary data, not a table\n{help_line}"


@pytest.mark.parametrize("text", ["<!DOCTYPE html><p>Sign in", "\n<html><table><tr><td>1", '<?xml version="1.0"?><a/>'])
def test_a_web_page_in_place_of_a_report(tmp_path: Path, text: str) -> None:
    assert failure(tmp_path, text, "report.xls") == (
        "report.xls: error: a web page or XML file, not a table\n"
        "  help: Open it in a browser or in Excel: if it shows the table, save that as .xlsx, "
        "if a sign-in page, export again."
    )


def tables(cells: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    of_width = st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=2, max_size=8)
    )
    return of_width.filter(lambda table: any(cell.strip() for row in table for cell in row))


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n\r\t"'), max_size=8)
PLAIN_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=",;|\ufeff<"), max_size=8)


@settings(max_examples=200, deadline=None)
@given(
    delimiter=st.sampled_from(",;\t|"),
    written=st.tuples(tables(ANY_TEXT), st.just(csv.QUOTE_ALL))
    | st.tuples(tables(PLAIN_TEXT), st.just(csv.QUOTE_MINIMAL)),
)
def test_any_written_table_reads_back_the_same(delimiter: str, written: tuple[list[list[str]], int]) -> None:
    table, quoting = written
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting).writerows(table)  # type: ignore[arg-type]
    with TemporaryDirectory() as folder:
        assert rows(Path(folder), text.getvalue()) == [[cell or None for cell in row] for row in table]
