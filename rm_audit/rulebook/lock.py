"""A lock of rule packs: which files a pack had when somebody looked at it, so that a change does not go unseen.

The lock lies beside the project file and is meant to be kept with it. A file's hash does not see how its lines end.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rm_audit.errors import Problem, UsageError, why_unreadable
from rm_audit.shipped import rules_folder
from rm_audit.yamls import load

LOCK_FILE = "rules.lock"
BUILT_IN = "built-in"
_HEAD = "# Written by `rm-audit rules lock`: the files of each rule pack. analyze and check warn where one differs.\n"


def hashes(pack: Path) -> dict[str, str]:
    """Path in the pack → sha256 of every file that can change what its rules say."""
    files = [pack] if pack.is_file() else sorted([*pack.rglob("*.yaml"), *pack.rglob("*.yml")])
    names = [file.name if pack.is_file() else file.relative_to(pack).as_posix() for file in files]
    texts = [file.read_bytes().replace(b"\r\n", b"\n") for file in files]
    return {name: hashlib.sha256(text).hexdigest() for name, text in zip(names, texts, strict=True)}


def named(packs: Sequence[Path], folder: Path) -> dict[str, Path]:
    """The packs of a run by their path from the lock's folder, the built-in rules first."""
    return {BUILT_IN: rules_folder(), **{Path(os.path.relpath(pack, folder)).as_posix(): pack for pack in packs}}


def lock_text(packs: Mapping[str, Path]) -> str:
    """The lock file of these packs."""
    lines = [_HEAD]
    for name, pack in packs.items():
        lines.append(f"{_quoted(name)}:\n")
        lines += [f"  {_quoted(file)}: {digest}\n" for file, digest in hashes(pack).items()]
    return "".join(lines)


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def differences(lock: Path, packs: Mapping[str, Path]) -> list[Problem]:
    """A warning for each pack that is not as it was locked. Nothing where there is no lock.

    Raises UsageError for a lock that cannot be read: what was to be watched would go unwatched in silence.
    """
    if not lock.is_file():
        return []
    locked = _read(lock)
    problems = []
    for name, pack in packs.items():
        if not isinstance(locked.get(name), dict):
            problems.append(_warning(lock, f"the rule pack '{name}' is not locked"))
            continue
        was, now = locked[name], hashes(pack)
        parts = {
            "changed": [file for file in was if file in now and was[file] != now[file]],
            "new": [file for file in now if file not in was],
            "gone": [file for file in was if file not in now],
        }
        said = [f"{word}: {_few(files)}" for word, files in parts.items() if files]
        if said:
            problems.append(_warning(lock, f"the rule pack '{name}' is not as it was locked ({'; '.join(said)})"))
    return problems


def _few(files: Sequence[str]) -> str:
    return ", ".join(files[:3]) + (f" and {len(files) - 3} more" if len(files) > 3 else "")


def _warning(lock: Path, message: str) -> Problem:
    help = "Look at what is new, then run: rm-audit rules lock"
    return Problem("warning", "lock-differs", message, help, lock.name)


def _read(lock: Path) -> dict[str, Any]:
    try:
        document = load(lock.read_text(encoding="utf-8"), lock.name)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            Problem("error", "lock-unreadable", f"the lock {why_unreadable(error)}", "", lock.name)
        ) from None
    if not document.problems and not isinstance(document.data, dict):
        help = "Write it anew: rm-audit rules lock"
        document.problems.append(document.problem("lock-unreadable", "this is no lock of rule packs", help=help))
    if document.problems:
        raise UsageError(document.in_order())
    locked: dict[str, Any] = document.data
    return locked
