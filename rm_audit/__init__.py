"""rm-audit: the truth about recruitment-marketing money. Five verbs and their values, and no other names."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
__all__ = ["audit", "compare", "load_rules", "read", "render"]


def __getattr__(name: str) -> Any:
    # Verbs are found on first use: importing rm_audit, and `rm-audit --help`, must not load pandas.
    if name in __all__:
        return getattr(import_module("rm_audit.verbs"), name)
    raise AttributeError(f"module 'rm_audit' has no attribute '{name}'")
