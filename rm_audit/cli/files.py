"""Writes output files whole or not at all, and knows where the inputs of a call lie."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rm_audit.cli.options import usage

if TYPE_CHECKING:
    from rm_audit.errors import UsageError

T = TypeVar("T")


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes a file whole or not at all. Raises UsageError where it cannot."""

    def write(beside: Path) -> None:
        beside.write_bytes(content.encode() if isinstance(content, str) else content)

    put(path, write)


def put(path: Path, write: Callable[[Path], T]) -> T:
    """Lets `write` write beside the target first, which then takes its place, so that no half-written file is ever
    there. Returns what `write` does.

    Where the disk is full or somebody interrupts, what was there stays as it was, and nothing is left beside it.
    """
    check_place(path)  # a device that a link leads to would be put away for a file
    target = path.resolve()  # what a link leads to is written, and the link stays
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
        beside = Path(name)
        try:
            written = write(beside)
            os.fsync(handle)  # some file systems find out only now that there is no room
            beside.chmod(_mode(target))
            beside.replace(target)
        finally:
            os.close(handle)
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise unwritten(path, error) from None
    return written


def check_place(path: Path) -> None:
    """Raises UsageError where a file could not be written: its folder is not there or may not be written to, or its
    name is that of something else. What takes long asks before it begins."""
    target = path.resolve()
    folder = target.parent
    # What `Path` has for these raises an error where a folder may not be opened.
    if os.path.isdir(target):  # noqa: PTH112
        why = errno.EISDIR
    elif not os.path.isdir(folder):  # noqa: PTH112
        why = errno.ENOTDIR if os.path.exists(folder) else errno.ENOENT  # noqa: PTH110
    elif not os.access(folder, os.W_OK | os.X_OK):
        why = errno.EACCES
    elif os.path.exists(target) and not os.path.isfile(target):  # noqa: PTH110, PTH113
        raise usage(f"--output: '{path}' is no file, but a device or a pipe", "Name a file; - is stdout.")
    else:
        return
    raise unwritten(path, OSError(why, os.strerror(why)))


def unwritten(path: Path, error: OSError) -> UsageError:
    """Why an output could not be made or written, and what to do."""
    words = error.strerror or str(error)
    no_room = os.strerror(errno.ENOSPC)
    words = no_room if no_room in words else words  # an engine says it among words of its own
    full = words == no_room or error.errno in (errno.EDQUOT, errno.EFBIG)
    help = "Make room, and run again; the file is as it was." if full else "Name a file in a folder that is there."
    help = "Name a file in a folder that you may write to." if error.errno == errno.EACCES else help
    return usage(f"--output: '{path}' cannot be written: {words}", help)


def _mode(target: Path) -> int:
    """Who may read the file: as before where it was there already, else as the machine has it for new files."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def places(paths: Sequence[str]) -> dict[str, str]:
    """A file's name in the report → its path from the working folder, for those that lie in it.

    Code hosts look for a file from the root of the repository, and the report names it from the argument it was found
    under. What lies elsewhere keeps its name: no path of this machine is told.
    """
    from rm_audit.readers import discover

    here = Path.cwd()
    found = {name: Path(os.path.abspath(item.path)) for name, item in discover(paths)}  # noqa: PTH100 links stay
    return {name: path.relative_to(here).as_posix() for name, path in found.items() if path.is_relative_to(here)}
