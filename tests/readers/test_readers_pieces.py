"""A large text in pieces: the same rows as the ordinary reader has, whatever its letters and packing."""

from __future__ import annotations

import csv
import gzip
import io
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rm_audit.readers import pieces, read_paths
from rm_audit.readers.pieces import Pieces
from rm_audit.readers.problems import FileError

CELLS = st.text(st.characters(codec="cp1252", exclude_categories=["Cc"], include_characters="\r\n"), max_size=5)
LETTERS = ["utf-8", "utf-8-sig", "utf-16", "cp1252"]


def in_pieces(path: Path, delimiter: str = ",") -> list[list[str]]:
    with closing(Pieces(path, delimiter)) as found:
        return [row for piece in found for row in piece]


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=2), st.sampled_from(LETTERS), st.booleans())
def test_pieces_hold_the_rows_of_the_whole(rows: list[list[str]], letters: str, packed: bool) -> None:
    """But for line ends inside of cells, which are blanks there."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["Channel", "Übrig"], ["Monster", "10,50"], *rows])
    data = ("sep=,\n" + text.getvalue()).encode(letters)
    with TemporaryDirectory() as folder:
        path = Path(folder) / ("log.csv.gz" if packed else "log.csv")
        path.write_bytes(gzip.compress(data) if packed else data)
        (whole,) = read_paths([path])
        found = in_pieces(path)
    same = [[" ".join(str(cell or "").splitlines()) for cell in row] for row in whole.sheets[0].rows]
    assert [[" ".join(cell.splitlines()) for cell in row] for row in found] == same


def test_a_piece_has_so_many_rows_and_says_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "ROWS", 2)
    path = tmp_path / "log.csv"
    path.write_text("a,b\n1,2\n\n3,4\n5,6\n", encoding="utf-8")
    with closing(Pieces(path, ",")) as found:
        assert found.percent() == -1  # its letters are looked at first
        assert list(found) == [[["a", "b"], ["1", "2"]], [[], ["3", "4"]], [["5", "6"]]]
        assert (found.encoding, found.percent()) == ("utf-8", -1)  # read, and closed


@pytest.mark.parametrize(
    "data",
    [
        b'a,b\n1,"2\n3,4\n',  # a quote that is never closed
        "a,b\nü,2\n".encode("utf-16")[:-1],  # cut off inside of a letter
        gzip.compress(b"a,b\n1,2\n" * 1000)[:-20],
    ],
)
def test_what_only_the_whole_can_tell_is_an_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(data)
    with pytest.raises(FileError):
        in_pieces(path)
