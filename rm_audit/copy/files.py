"""Texts from files: plain text, Markdown, web pages and e-mails. The text is kept as it stands, so that places hold."""

from __future__ import annotations

import email
import email.policy
import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

from rm_audit.errors import Problem
from rm_audit.readers import problems
from rm_audit.readers.decode import decode
from rm_audit.readers.problems import FileError

SUFFIXES = (".txt", ".md", ".markdown", ".eml", ".html", ".htm")
EMAIL = ".eml"


@dataclass(frozen=True)
class TextRead:
    """One text under the name to show for it; None where it could not be read, and `problems` say why."""

    file: str
    text: str | None
    problems: tuple[Problem, ...] = ()


def read_texts(paths: Sequence[str]) -> Iterator[TextRead]:
    """Every text that the arguments mean: a file by its name, a folder's files by their paths in it, in that order."""
    for given in paths:
        path = Path(given)
        # What `Path` has for these raises an error where a folder may not be opened.
        if os.path.isdir(path):  # noqa: PTH112
            yield from _in_folder(path)
        elif os.path.exists(path) or not glob.has_magic(given):  # noqa: PTH110
            yield read_file(path, path.name)
        else:
            matches = sorted(Path(name) for name in glob.glob(given, recursive=True))  # noqa: PTH207
            files = [match for match in matches if os.path.isfile(match)]  # noqa: PTH113
            yield from (read_file(match, match.name) for match in files)
            if not files:
                yield _failed(given, problems.NO_MATCH)


def _in_folder(folder: Path) -> Iterator[TextRead]:
    if not os.access(folder, os.R_OK | os.X_OK):
        yield _failed(folder.name or ".", problems.FOLDER_UNREADABLE)
        return
    names = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES]
    seen = [name for name in names if not any(part.startswith(".") for part in name.parts)]
    files = [name for name in seen if os.path.isfile(folder / name)]  # noqa: PTH113
    yield from (read_file(folder / name, name.as_posix()) for name in files)
    if not files:
        help = f"Texts end in {', '.join(SUFFIXES)}."
        yield _failed(folder.name or ".", Problem("error", "nothing-to-read", "no text in this folder", help))


def read_file(path: Path, name: str) -> TextRead:
    """One file. An e-mail gives its own words: the plain part, else the page."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        siblings = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
        return _failed(name, problems.no_such_file(path.name, siblings))
    except OSError:
        return _failed(name, problems.UNREADABLE)
    return read_bytes(data, name)


def read_bytes(data: bytes, name: str) -> TextRead:
    """One text from its bytes; its name says whether it is an e-mail."""
    try:
        if name.lower().endswith(EMAIL):
            return TextRead(name, _mail(data))
        text, notes = decode(data, Path(name).suffix.lower())
    except FileError:
        help = f"Save it as text; {', '.join(SUFFIXES)} are read."
        return _failed(name, Problem("error", "binary-file", "holds binary data, not a text", help))
    return TextRead(name, text, tuple(replace(note, file=name) for note in notes))


def _mail(data: bytes) -> str:
    message = email.message_from_bytes(data, policy=email.policy.default)
    body = message.get_body(("plain", "html")) if isinstance(message, EmailMessage) else None
    if body is None:
        return ""
    charset = body.get_content_charset("utf-8")
    held = body.get_payload(decode=True)
    found = held if isinstance(held, bytes) else b""
    try:
        return found.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return decode(found, EMAIL)[0]


def _failed(name: str, problem: Problem) -> TextRead:
    return TextRead(name, None, (replace(problem, file=name),))
