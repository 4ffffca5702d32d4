"""The detector as its YAML says it: a file for each family and one for the scale, every problem in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from rm_audit.copy.phrases import Phrases
from rm_audit.errors import Problem, UsageError, did_you_mean, why_unreadable
from rm_audit.shipped import rules_folder
from rm_audit.yamls import Document, load

SCALE = "scale"
MEASURES = ("no_substance",)
EXCEPT = "-not"  # a family's exceptions are a family of their own in the tree

_TEXTS = ("id", "title", "why", "source")
_NUMBERS = ("weight", "cap", "sets_aside")
_OTHERS = ("phrases", "except", "words", "measure", "suggest")
_SCALE: Mapping[str, type] = {
    **dict.fromkeys(("start", "bland", "review", "english", "substance_per_100"), float),
    **dict.fromkeys(("least_words", "added_words", "least_families"), int),
    "substance": list,
}


@dataclass(frozen=True)
class Family:
    """One rule of the detector. A positive weight counts against a text, a negative one for it; 0 switches it off."""

    id: str
    title: str
    why: str
    weight: float = 0.0
    cap: float = 1.0
    measure: str = ""
    suggest: str = ""
    sets_aside: int = 0
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scale:
    """How points become a score and a score a verdict; `rules/copy/scale.yaml` says what each number means."""

    start: float
    bland: float
    review: float
    english: float
    substance_per_100: float
    least_words: int
    added_words: int
    least_families: int
    substance: tuple[str, ...]


@dataclass(frozen=True)
class Detector:
    """Families in order of their ids, all their phrases in one tree, and the scale."""

    families: Mapping[str, Family]
    scale: Scale
    phrases: Phrases = field(repr=False)

    @cached_property
    def measured(self) -> list[Family]:
        return [family for family in self.families.values() if family.measure]

    @cached_property
    def setting_aside(self) -> list[Family]:
        return [family for family in self.families.values() if family.sets_aside]


@cache
def built_in() -> Detector:
    """The detector of `rules/copy`."""
    return load_detector()


def load_detector(packs: Sequence[Path] = ()) -> Detector:
    """The built-in families with those of the packs laid over them; a family with a known id takes that one's place.

    Raises UsageError with every problem of every file.
    """
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for folder, shown in [(rules_folder() / "copy", "copy"), *((pack, pack.name) for pack in packs)]:
        for file in _files(folder, problems, shown):
            document = _read(file, shown if folder.is_file() else f"{shown}/{file.name}")
            problems += document.in_order()
            documents[file.stem] = document
    if problems:
        raise UsageError(problems)
    scale = documents.pop(SCALE)
    built = _built(documents, scale)
    problems = [problem for document in (*documents.values(), scale) for problem in document.in_order()]
    if problems:
        raise UsageError(problems)
    return built


def _files(folder: Path, problems: list[Problem], shown: str) -> list[Path]:
    files = [folder] if folder.is_file() else sorted(folder.glob("*.yaml"))
    if not files:
        help = "Give a YAML file, or a folder of them, like rules/copy."
        problems.append(Problem("error", "no-such-pack", "no family of phrases is there", help, shown))
    return files


def _read(file: Path, shown: str) -> Document:
    try:
        document = load(file.read_text(encoding="utf-8"), shown)
    except (OSError, UnicodeDecodeError) as error:
        document = Document(shown, "")
        document.problems.append(Problem("error", "copy-unreadable", f"the file {why_unreadable(error)}", file=shown))
    if not document.problems:
        document.problems += _scale_complaints(document) if file.stem == SCALE else _complaints(document, file.stem)
    return document


def _scale_complaints(document: Document) -> Iterator[Problem]:
    data: Any = document.data
    if not isinstance(data, dict) or set(data) != set(_SCALE):
        yield document.problem("copy-scale", f"the scale has exactly these fields: {', '.join(_SCALE)}")
        return
    for name, kind in _SCALE.items():
        value = data[name]
        fits = isinstance(value, list) if kind is list else _is_number(value) and (kind is float or value == int(value))
        if not fits:
            yield document.problem("copy-scale", f"'{name}' must be a {'list' if kind is list else 'number'}", (name,))


def _complaints(document: Document, stem: str) -> Iterator[Problem]:
    data: Any = document.data
    if not isinstance(data, dict):
        yield document.problem("copy-shape", "a family is a list of 'field: value' lines")
        return
    for name in data:
        if name not in (*_TEXTS, *_NUMBERS, *_OTHERS):
            help = did_you_mean(name, (*_TEXTS, *_NUMBERS, *_OTHERS))
            yield document.problem("copy-field", f"unknown field '{name}'", (name,), help=help, key=True)
    for name in (*_TEXTS, "suggest"):
        if not isinstance(data.get(name, "" if name == "suggest" else None), str):
            yield document.problem("copy-field", f"the field '{name}' must be a text", (name,))
    for name in () if "sets_aside" in data else ("weight", "cap"):
        if not _is_number(data.get(name)):
            yield document.problem("copy-field", f"the field '{name}' must be a number", (name,))
    if data.get("id") != stem:
        yield document.problem("copy-field", f"the id must be the name of the file, '{stem}'", ("id",))
    if ("measure" in data) == ("phrases" in data) or data.get("measure", MEASURES[0]) not in MEASURES:
        yield document.problem("copy-field", f"a family has either 'phrases' or 'measure: {MEASURES[0]}'")
    yield from _list_complaints(document, data)


def _list_complaints(document: Document, data: Mapping[str, Any]) -> Iterator[Problem]:
    for name in ("phrases", "except", "words"):
        value = data.get(name, [])
        parts = list(value.values()) if isinstance(value, dict) and name != "except" else [value]
        for items in parts:
            if not isinstance(items, list) or not all(isinstance(item, str) and item.strip() for item in items):
                yield document.problem("copy-field", f"'{name}' must hold lists of texts", (name,))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _built(documents: Mapping[str, Document], scale: Document) -> Detector:
    tree = Phrases()
    families = {}
    for name in sorted(documents):
        data: dict[str, Any] = documents[name].data
        lists = data.get("phrases", [])
        parts = tuple(lists) if isinstance(lists, dict) else ()
        plain = {key: data[key] for key in ("id", "title", "why", *_NUMBERS, "measure", "suggest") if key in data}
        families[name] = Family(**plain, parts=parts)
        for part, phrases in lists.items() if parts else [("", lists)]:
            _grow(
                tree, documents[name], f"{name}:{part}" if part else name, phrases, ("phrases", *([part] * bool(part)))
            )
        _grow(tree, documents[name], name + EXCEPT, data.get("except", []), ("except",))
    values = dict(scale.data)
    values["substance"] = tuple(values["substance"])
    for unknown in set(values["substance"]) - set(families):
        help = did_you_mean(unknown, families)
        scale.problems.append(
            scale.problem("copy-scale", f"no family is called '{unknown}'", ("substance",), help=help)
        )
    return Detector(families, Scale(**values), tree)


def _grow(tree: Phrases, document: Document, name: str, phrases: Sequence[str], place: tuple[str, ...]) -> None:
    for index, phrase in enumerate(phrases):
        try:
            tree.add(name, phrase, document.data.get("words", {}))
        except ValueError as error:
            message = f"the phrase '{phrase[:60]}' {error}"
            document.problems.append(document.problem("copy-phrase", message, (*place, index)))
