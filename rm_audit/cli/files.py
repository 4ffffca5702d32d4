"""Writes output files whole or not at all, and knows where the inputs of a call lie."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
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


def places(paths: Sequence[str]) -> dict[str, str]:
    """A file's name in the report → its path from the working folder, for those that lie in it.

    Code hosts look for a file from the root of the repository, and the report names it from the argument it was found
    under. What lies elsewhere keeps its name: no path of this machine is told.
    """
    from rm_audit.readers import discover

    here = Path.cwd()
    found = {name: Path(os.path.abspath(item.path)) for name, item in discover(paths)}  # noqa: PTH100 links stay
    return {name: path.relative_to(here).as_posix() for name, path in found.items() if path.is_relative_to(here)}
