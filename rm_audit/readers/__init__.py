"""Files as people export them, read into sheets of values with addresses.

This room knows file formats and no meaning: it says which value stands in which cell of which file.
"""

from __future__ import annotations

from rm_audit.readers.discover import files_meant
from rm_audit.readers.model import FileRead, Sheet, Value
from rm_audit.readers.read import read_paths

__all__ = ["FileRead", "Sheet", "Value", "files_meant", "read_paths"]
