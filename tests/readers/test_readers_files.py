"""Files, folders and patterns: what is read, under which name, and what is said of the rest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rm_audit.readers import FileRead, read_paths


def put(folder: Path, *names: str) -> None:
    """Small csv files; each holds its own name."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"Name,Cost\n{name},1\n", encoding="utf-8")


def names(reads: list[FileRead]) -> list[tuple[str, bool]]:
    return [(read.source.file, read.named) for read in reads]


def texts(reads: list[FileRead]) -> list[str]:
    return [problem.text() for read in reads for problem in read.problems]


def test_a_folder_gives_its_tables_in_order_and_passes_over_the_rest(tmp_path: Path) -> None:
    put(tmp_path, "b.csv", "a.TSV", "2024/may/c.txt", "notes.docx", ".hidden.csv", ".git/d.csv", "x.json")

    reads = list(read_paths([tmp_path]))

    assert names(reads) == [("2024/may/c.txt", False), ("a.TSV", False), ("b.csv", False)]
    assert texts(reads) == []


def test_files_are_called_by_name_in_the_order_given(tmp_path: Path) -> None:
    put(tmp_path, "b.csv", "2024/a.log")

    assert names(list(read_paths([str(tmp_path / "b.csv"), tmp_path / "2024" / "a.log"]))) == [
        ("b.csv", True),
        ("a.log", True),
    ]


def test_patterns_are_expanded_and_leave_hidden_files_out(tmp_path: Path) -> None:
    put(tmp_path, "b.csv", "a.csv", ".c.csv", "2024/may/d.csv", "e.txt")

    assert names(list(read_paths([str(tmp_path / "*.csv")]))) == [("a.csv", True), ("b.csv", True)]
    assert names(list(read_paths([str(tmp_path / "**" / "*.csv")]))) == [
        ("d.csv", True),
        ("a.csv", True),
        ("b.csv", True),
    ]


def test_a_file_whose_name_looks_like_a_pattern_wins(tmp_path: Path) -> None:
    put(tmp_path, "report [1].csv", "report 1.csv")

    assert names(list(read_paths([tmp_path / "report [1].csv"]))) == [("report [1].csv", True)]


def test_one_file_given_twice_is_read_once_and_counts_as_named(tmp_path: Path) -> None:
    put(tmp_path, "exports/a.csv", "exports/b.csv")
    (tmp_path / "link.csv").symlink_to(tmp_path / "exports" / "a.csv")

    reads = list(
        read_paths([tmp_path / "exports", tmp_path / "exports" / ".." / "exports" / "b.csv", tmp_path / "link.csv"])
    )

    assert names(reads) == [("a.csv", True), ("b.csv", True)]


def test_equal_bytes_in_two_files_are_both_read(tmp_path: Path) -> None:
    put(tmp_path, "a.csv")
    shutil.copy(tmp_path / "a.csv", tmp_path / "b.csv")

    reads = list(read_paths([tmp_path]))

    assert names(reads) == [("a.csv", False), ("b.csv", False)]
    assert reads[0].source.sha256 == reads[1].source.sha256


def test_two_files_of_one_name_get_as_many_folders_in_front_as_tell_them_apart(tmp_path: Path) -> None:
    put(tmp_path, "uk/2024/plan.csv", "us/2024/plan.csv", "us/2025/plan.csv", "us/2025/other.csv")

    reads = list(read_paths([tmp_path / "uk" / "2024" / "plan.csv", str(tmp_path / "us" / "*" / "*.csv")]))

    assert [read.source.file for read in reads] == [
        "uk/2024/plan.csv",
        "us/2024/plan.csv",
        "other.csv",
        "2025/plan.csv",
    ]


def test_two_folders_with_the_same_file_are_told_apart(tmp_path: Path) -> None:
    put(tmp_path, "uk/may/plan.csv", "us/may/plan.csv", "us/june/plan.csv")

    assert names(list(read_paths([tmp_path / "uk", tmp_path / "us"]))) == [
        ("uk/may/plan.csv", False),
        ("june/plan.csv", False),
        ("us/may/plan.csv", False),
    ]


def test_no_such_file(tmp_path: Path) -> None:
    put(tmp_path, "spend 2024.csv")

    reads = list(read_paths([tmp_path / "spend2024.csv", tmp_path / "nowhere" / "x.csv", tmp_path / ("y" * 300)]))

    assert [(read.kind, read.source.sha256, read.sheets, read.named) for read in reads] == [("", "", [], True)] * 3
    assert texts(reads) == [
        "spend2024.csv: error: no file or folder of this name\n"
        "  help: Check the spelling and the folder; did you mean 'spend 2024.csv'?",
        "x.csv: error: no file or folder of this name\n  help: Check the spelling and the folder.",
        f"{'y' * 300}: error: no file or folder of this name\n  help: Check the spelling and the folder.",
    ]


def test_a_folder_with_nothing_to_read(tmp_path: Path) -> None:
    put(tmp_path, "empty/notes.docx")

    reads = list(read_paths([tmp_path / "empty"]))

    assert (names(reads), texts(reads)) == (
        [("empty", True)],
        [
            "empty: error: no spreadsheet or csv file in this folder\n"
            "  help: Give a folder that holds .xlsx, .xlsm, .xls, .ods, .csv, .tsv, .txt or .parquet files; "
            "texts also as .gz or .zst."
        ],
    )


def test_a_pattern_without_a_match(tmp_path: Path) -> None:
    assert texts(list(read_paths([tmp_path / "20*" / "*.csv"]))) == [
        "20*/*.csv: error: no file matches this pattern\n"
        "  help: Check the pattern: * stands for any part of a name, ** for any folders between."
    ]


def test_lock_files_are_an_error_where_named_and_a_word_in_a_folder(tmp_path: Path) -> None:
    put(tmp_path, "plan.csv", "~$plan.xlsx")

    assert texts(list(read_paths([tmp_path]))) == [
        "~$plan.xlsx: info: a lock file that Excel leaves beside an open workbook; not a workbook"
    ]
    assert texts(list(read_paths([tmp_path, tmp_path / "~$plan.xlsx"]))) == [
        "~$plan.xlsx: error: a lock file that Excel leaves beside an open workbook; not a workbook\n"
        "  help: Give the workbook itself: plan.xlsx."
    ]


def test_a_folder_of_lock_files_has_nothing_to_read(tmp_path: Path) -> None:
    put(tmp_path, "plans/~$plan.xlsx")

    assert names(list(read_paths([tmp_path / "plans"]))) == [("~$plan.xlsx", False), ("plans", True)]


def test_a_file_that_cannot_be_opened_does_not_hide_the_others(tmp_path: Path) -> None:
    put(tmp_path, "a.csv")
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere.csv")

    reads = list(read_paths([tmp_path]))

    assert names(reads) == [("a.csv", False), ("gone.csv", False)]
    assert texts(reads) == [
        "gone.csv: error: this file could not be opened\n"
        "  help: Check that it is still there, that you may read it and that no other program holds it open."
    ]


@pytest.mark.parametrize("argument", [".", "exports", "./exports/"])
def test_names_never_hold_a_machine_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argument: str) -> None:
    put(tmp_path, "exports/2024/a.csv")
    monkeypatch.chdir(tmp_path)

    prefix = "exports/" if argument == "." else ""
    assert names(list(read_paths([argument]))) == [(f"{prefix}2024/a.csv", False)]


def test_nothing_asked_nothing_read() -> None:
    assert list(read_paths([])) == []
