"""Good runs: every file in `tests/transcripts` is a test."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import cases, read_case, told


@pytest.mark.parametrize("path", cases("transcripts"), ids=lambda path: path.stem)
def test_transcript(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    assert told(case, tmp_path) == case.wanted, case.about
