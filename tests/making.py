"""Cases in YAML → real files, the real command, and what came out of it.

A case names its `files`, the line to `run` and what is to come out: `exit`, the whole `stderr`, the whole `stdout`
(or some values of a document, in `json`), and files that are `written`. What a case leaves out must be empty, so a
stray word is never missed. `personal` lists values of people that may show nowhere. HERE in the line to run is the
whole path of the folder, which may show nowhere either.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import random
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import msoffcrypto.format.ooxml
import openpyxl
import xlwt
import yaml
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from rm_audit import __version__
from rm_audit.cli import main

Sheets = Mapping[str, Sequence[Sequence[Any]]]
SURROUNDINGS = {"COLUMNS": "100", "NO_COLOR": "1", "PYTHONWARNINGS": "error", "PYTHONIOENCODING": "utf-8"}
SOME_SHEETS: Sheets = {"Spend": [["Channel", "Spend"], *([f"Board {number}", 100 + number] for number in range(40))]}


@dataclass(frozen=True)
class Told:
    """What a run told: its whole words, and what must be empty after every run.

    `changed` are files that are not what they were and were not asked for; `leaked` are words that may show nowhere.
    """

    exit: int
    stderr: str = ""
    stdout: str = ""
    json: Mapping[str, Any] = field(default_factory=dict)
    written: Mapping[str, Any] = field(default_factory=dict)
    changed: Sequence[str] = ()
    leaked: Sequence[str] = ()


@dataclass(frozen=True)
class Case:
    """One YAML file. `apart` runs the command in a process of its own, which is slower and closer to life."""

    about: str
    run: str
    exit: int
    files: Mapping[str, Any] = field(default_factory=dict)
    stdout: str = ""
    stderr: str = ""
    json: Mapping[str, Any] = field(default_factory=dict)
    written: Mapping[str, Any] = field(default_factory=dict)
    personal: Sequence[str] = ()
    apart: bool = False

    @property
    def wanted(self) -> Told:
        return Told(self.exit, self.stderr, self.stdout, self.json, self.written)


def cases(folder: str) -> list[Path]:
    return sorted((Path(__file__).parent / folder).glob("*.yaml"))


def read_case(path: Path) -> Case:
    return Case(**yaml.safe_load(path.read_text(encoding="utf-8")))


def told(case: Case, folder: Path) -> Told:
    """Makes the files of a case in `folder`, runs it there, and keeps what it told."""
    for name, made in case.files.items():
        make(folder / name, made)
    before = _hashes(folder)
    words = [word.replace("HERE", str(folder)) for word in shlex.split(case.run)]
    code, out, err = _in_own_process(words, folder) if case.apart else rm(*words, cwd=folder)
    after = _hashes(folder)
    written = {name: _text_of(folder / name) if name in after else "" for name in case.written}
    said = "".join((out, err, *written.values()))
    return Told(
        exit=code,
        stderr=_steady(err),
        stdout="" if case.json else _steady(out),
        json=_values(out, case.json) if case.json else {},
        written={
            name: _steady(text) if isinstance(case.written[name], str) else _values(text, case.written[name])
            for name, text in written.items()
        },
        changed=tuple(
            name for name in sorted({*before, *after}) if before.get(name) != after.get(name) and name not in written
        ),
        leaked=tuple(word for word in ("Traceback", str(folder), *map(str, case.personal)) if word in said),
    )


def _text_of(path: Path) -> str:
    """A written file as a case shows it: its text, or the names of a workbook's sheets."""
    if path.suffix == ".xlsx":
        return "".join(f"{name}\n" for name in openpyxl.load_workbook(path).sheetnames)
    return path.read_text("utf-8")


def _steady(text: str) -> str:
    """Without what changes with every release (version, hash of the rules, what they lack), nor a last blank line."""
    text = re.sub(
        r"(?m)^For a fuller audit, bring\n(?:  .*\n)+", "For a fuller audit, bring\n  WHAT RULES LACK\n", text
    )
    text = text.replace(f"rm-audit {__version__}", "rm-audit VERSION")
    return re.sub(r"Rules [0-9a-f]{16}\.", "Rules HASH.", re.sub(r"\n+\Z", "\n", text))


def _hashes(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _in_own_process(words: Sequence[str], folder: Path) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "rm_audit", *words]
    noise = ("FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS", "TERMINAL_WIDTH")
    env = {name: value for name, value in os.environ.items() if name not in noise} | SURROUNDINGS
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    return (done.returncode, done.stdout, done.stderr)


def rm(*words: str, cwd: Path) -> tuple[int, str, str]:
    """Runs a command line of rm-audit in a folder, in this process: its exit code, stdout and stderr."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n") for _ in range(2))
    argv = mock.patch.object(sys, "argv", ["rm-audit", *words])
    environment = mock.patch.dict(os.environ, SURROUNDINGS)
    streams = (contextlib.redirect_stdout(out), contextlib.redirect_stderr(err))
    with contextlib.chdir(cwd), argv, environment, streams[0], streams[1]:
        try:
            code = main.run_with()
        except SystemExit as done:
            code = int(done.code or 0)
    return (code, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def _values(text: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    document = json.loads(text or "{}")
    return {path: _at(document, path) for path in wanted}


def _at(document: Any, path: str) -> Any:
    """The value at `plays.plan.score`: names of keys, numbers of items, or an item's id, code, name or file.

    `*` takes something from every item, so `findings.*.rule` is a list; `#` counts.
    """
    step, _, rest = path.partition(".")
    if step == "*":
        return [_at(item, rest) if rest else item for item in document]
    if step == "#":
        return len(document)
    if isinstance(document, list):
        labels = ("id", "code", "name", "file", "reason")
        items = [item for item in document if step in (item.get(label) for label in labels)]
        value = document[int(step)] if step.isdigit() else items[0] if items else None
    else:
        value = document.get(step) if isinstance(document, dict) else None
    return _at(value, rest) if rest else value


def make(path: Path, made: Any) -> None:
    """A file from its text, from `{bytes: hex}`, or from `{make: how, ...}`; a name that ends in / is a folder."""
    if made is None:
        path.mkdir(parents=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(made, str):
        path.write_bytes(made.encode())
    elif "bytes" in made:
        path.write_bytes(bytes.fromhex(made["bytes"]))
    else:
        how = dict(made)
        path.write_bytes(MAKERS[how.pop("make")](**how))


def xlsx(sheets: Sheets = SOME_SHEETS, merged: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """A workbook as openpyxl writes it: a cell that starts with `=` is a formula, and has never been calculated.

    `merged` are ranges that are one cell, by sheet.
    """
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in (merged or {}).get(name, ()):
            sheet.merge_cells(area)
    return _saved(book)


def xls(sheets: Sheets = SOME_SHEETS) -> bytes:
    book = xlwt.Workbook()
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
    return _saved(book)


def ods(sheets: Sheets = SOME_SHEETS) -> bytes:
    book = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = Table(name=name)
        for row in rows:
            line = TableRow()
            for value in row:
                number = {"valuetype": "float", "value": value} if isinstance(value, int | float) else {}
                cell = TableCell(**(number or {"valuetype": "string"}))
                cell.addElement(P(text=str(value)))
                line.addElement(cell)
            table.addElement(line)
        book.spreadsheet.addElement(table)
    return _saved(book)


def _saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def password_protected(sheets: Sheets = SOME_SHEETS) -> bytes:
    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(xlsx(sheets))).encrypt("a password", out)
    return out.getvalue()


def truncated_zip(sheets: Sheets = SOME_SHEETS) -> bytes:
    whole = xlsx(sheets)
    return whole[: len(whole) // 2]


def noise(size: int = 4096) -> bytes:
    return random.Random(20260331).randbytes(size)


MAKERS: Mapping[str, Callable[..., bytes]] = {
    "xlsx": xlsx,
    "xls": xls,
    "ods": ods,
    "password-protected": password_protected,
    "truncated-zip": truncated_zip,
    "noise": noise,
    "utf-16": lambda text: text.encode("utf-16"),
    "cp1252": lambda text: text.encode("cp1252"),
}
