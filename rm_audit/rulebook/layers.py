"""Where settings of rules come from: a pack, the project file, flags; each as a layer that knows its places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rm_audit.errors import Problem, did_you_mean, why_unreadable
from rm_audit.rulebook.pack import PACK_FILE
from rm_audit.rulebook.settings import Layer
from rm_audit.yamls import Document, load

KEYS = ("title", "rules")


def document_layer(document: Document | None, settings: Mapping[str, Any]) -> Layer:
    """The `rules:` of a project file or of a pack's own file."""
    if document is None:
        return Layer(settings)

    def complain(code: str, message: str, help: str, path: tuple[str, ...], key: bool) -> Problem:
        return document.problem(code, message, ("rules", *path), help=help, key=key)

    def origin(path: tuple[str, ...]) -> str:
        return f"{document.file}:{document.places[('rules', *path)][0]}"

    return Layer(settings, complain, origin)


def flags_layer(settings: Mapping[str, Any]) -> Layer:
    """Settings of `--set`."""
    return Layer(settings, origin=lambda path: f"--set {'.'.join(path)}")


def pack_layers(packs: Sequence[Path]) -> tuple[list[Layer], list[Problem]]:
    """The settings that packs bring in a file `pack.yaml`, in the order of the packs."""
    layers, problems = [], []
    for pack in packs:
        file = pack / PACK_FILE
        if not file.is_file():
            continue
        try:
            document = load(file.read_text(encoding="utf-8"), f"{pack.name}/{PACK_FILE}")
        except (OSError, UnicodeDecodeError) as error:
            words = f"the pack's file {why_unreadable(error)}"
            problems.append(Problem("error", "pack-unreadable", words, file=f"{pack.name}/{PACK_FILE}"))
            continue
        layers.append(document_layer(document, _settings(document)))
        problems += document.in_order()
    return layers, problems


def _settings(document: Document) -> Mapping[str, Any]:
    data = document.data if isinstance(document.data, dict) else {}
    if document.data is not None and not isinstance(document.data, dict) and not document.problems:
        words = "a pack's file holds 'name: value' lines, and this is none"
        document.problems.append(document.problem("pack-shape", words, help="For example: title: Agency rules"))
    for name in data:
        if name not in KEYS:
            help = did_you_mean(name, KEYS) or f"It may hold: {', '.join(KEYS)}."
            document.problems.append(document.problem("pack", f"unknown key '{name}'", (name,), help=help, key=True))
    settings = data.get("rules", {})
    if not isinstance(settings, dict):
        words = "'rules' must be a list of 'name: value' lines"
        document.problems.append(document.problem("pack", words, ("rules",)))
        return {}
    return settings
