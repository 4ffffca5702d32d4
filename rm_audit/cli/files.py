"""Writes output files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from rm_audit.cli.options import usage


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes beside the target first and then takes its place, so that no half-written file is ever there."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        raise usage(
            f"--output: '{path}' cannot be written: {error.strerror}", "Name a file in a folder that is there."
        ) from None
