"""Files as people export them, read into sheets of values with addresses.

This room knows file formats and no meaning: it says which value stands in which cell of which file.
"""

from __future__ import annotations

from rm_audit.readers.discover import discover, files_meant
from rm_audit.readers.model import NOT_CALCULATED, Area, FileRead, Sheet, Value, Whole, is_error
from rm_audit.readers.read import Reading, contents, read_paths

__all__ = [
    "NOT_CALCULATED",
    "Area",
    "FileRead",
    "Reading",
    "Sheet",
    "Value",
    "Whole",
    "contents",
    "discover",
    "files_meant",
    "is_error",
    "read_paths",
]
