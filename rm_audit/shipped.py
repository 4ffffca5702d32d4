"""Where the data that ships with rm-audit is found: one function for an installed wheel and for a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def rules_folder() -> Path:
    """The built-in rules: inside the installed package, else the checkout's `rules/`."""
    package = Path(__file__).resolve().parent
    packaged = package / "_rules"
    return packaged if packaged.is_dir() else package.parent / "rules"
