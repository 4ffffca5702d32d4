"""The error gallery: every file in `tests/errors` is a test, and a page that a bookkeeper can follow."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import cases, read_case, told


@pytest.mark.parametrize("path", cases("errors"), ids=lambda path: path.stem)
def test_error(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    assert told(case, tmp_path) == case.wanted, case.about
