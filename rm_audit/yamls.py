"""YAML that remembers where every value stands, and refuses what people trip over.

Duplicate keys, anchors, aliases and tags are problems and not silent choices. All problems of a text are
collected, up to a number that people would still read. Reading is by the C loader where libyaml is there.
A text from a stranger costs no more than its size allows: every limit below is one of time or memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import yaml
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from rm_audit.errors import Problem

Path = tuple[str | int, ...]
_Plain: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_BYTES = 1_000_000  # judgement: a rule, a profile or a project file is one page; a megabyte is not
MAX_DEPTH = 40
MAX_PROBLEMS = 100  # judgement: who has more has one, many times over
MAX_DIGITS = 100  # of a number, a date or a mark; base-60 numbers of a megabyte would take minutes
WIDEST = 160  # characters of an excerpt
_TEXT = "tag:yaml.org,2002:str"
_TAGS = {ScalarNode: _TEXT, SequenceNode: "tag:yaml.org,2002:seq", MappingNode: "tag:yaml.org,2002:map"}
_PLAIN_TAGS = {
    _TEXT,
    *(f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "bool", "null", "timestamp", "map", "seq")),
}


class Loader(_Plain):  # type: ignore[misc]
    """The library's loader without what is asked of each value and never used here: tags by the path to a value."""

    def descend_resolver(self, *_at: Any) -> None: ...

    def ascend_resolver(self) -> None: ...

    def resolve(self, kind: Any, value: str, implicit: tuple[bool, bool]) -> str:
        if kind is ScalarNode and implicit[0]:
            for tag, pattern in self.yaml_implicit_resolvers.get(value[:1], ()):
                if pattern.match(value):
                    return str(tag)
        return _TAGS[kind]


@dataclass
class Document:
    """One YAML text: its plain value, where each part stands (line, column from 1), its problems."""

    file: str
    text: str
    data: Any = None
    problems: list[Problem] = field(default_factory=list)
    node: Node | None = field(default=None, repr=False)  # what was read, until somebody asks for places

    @property
    def places(self) -> dict[Path, tuple[int, int]]:
        return self._both_places[0]

    @property
    def key_places(self) -> dict[Path, tuple[int, int]]:
        return self._both_places[1]

    @cached_property
    def _both_places(self) -> tuple[dict[Path, tuple[int, int]], dict[Path, tuple[int, int]]]:
        """Of values and of keys. Most files are never asked for theirs."""
        places: dict[Path, tuple[int, int]] = {}
        keys: dict[Path, tuple[int, int]] = {}
        waiting: list[tuple[Path, Node]] = [((), self.node)] if self.node is not None else []
        seen: set[int] = set()  # what an alias stands for is looked into once, or twelve lines have a million places
        while waiting:
            path, node = waiting.pop()
            places[path] = _place(node)
            if len(path) > MAX_DEPTH or id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, MappingNode):
                for key_node, value_node in node.value:
                    key = (*path, str(key_node.value))
                    if isinstance(key_node, ScalarNode) and key not in keys:  # others are problems
                        keys[key] = _place(key_node)
                        waiting.append((key, value_node))
            elif isinstance(node, SequenceNode):
                waiting += [((*path, number), item) for number, item in enumerate(node.value)]
        return places, keys

    def problem(
        self, code: str, message: str, path: Path = (), *, help: str = "", offset: int = 0, key: bool = False
    ) -> Problem:
        """A problem at the value (or the key) that stands at `path`, with its line and a caret under it."""
        places = self.key_places if key else self.places
        line, column = places.get(path) or self.places.get(path[:-1]) or (1, 1)
        return self.problem_at(code, message, line, column + offset, help)

    @property
    def full(self) -> bool:
        """Whether there are so many problems that no more are looked for."""
        return len(self.problems) >= MAX_PROBLEMS

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def in_order(self) -> list[Problem]:
        """All problems by line, so that people can go through the file once."""
        return sorted(self.problems, key=lambda problem: (problem.line, problem.column))

    def problem_at(self, code: str, message: str, line: int, column: int, help: str = "") -> Problem:
        shown, before = _window(self.lines[line - 1] if 0 < line <= len(self.lines) else "", column)
        excerpt = f"{shown}\n{' ' * before}^" if shown else ""
        return Problem("error", code, message, help, self.file, line=line, column=column, excerpt=excerpt)


def _place(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def quoted(text: str) -> str:
    """A text as a key or a value on one line, whatever is in it."""
    dumped: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=MAX_BYTES)
    return dumped.strip()


def too_large(largest: int) -> str:
    return f"the file is larger than {largest // 1000} kB"


def _window(line: str, column: int) -> tuple[str, int]:
    """The part of a line that is worth showing, and how many characters of it stand before the column."""
    if len(line) <= WIDEST:
        return line, column - 1
    start = max(0, min(column - 1 - WIDEST // 2, len(line) - WIDEST))
    return f"{'...' if start else ''}{line[start : start + WIDEST]}...", column - 1 - start + (3 if start else 0)


def load(text: str, file: str, largest: int = MAX_BYTES) -> Document:
    """Reads one YAML text. Never raises for what the text holds: look at `.problems`."""
    document = Document(file, text)
    if len(text) > largest:
        document.problems.append(document.problem_at("yaml-too-large", too_large(largest), 1, 1))
        return document
    try:
        node = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        document.problems.append(_syntax_problem(document, error))
        return document
    except ValueError:  # half of a pair of surrogates
        document.problems.append(document.problem_at("yaml-syntax", "not text that can be read as YAML", 1, 1))
        return document
    except RecursionError:
        document.problems.append(document.problem_at("yaml-too-deep", "the file is nested too deeply", 1, 1))
        return document
    if node is not None:
        document.node = node
        document.data = _Builder(document).build(node, 0)
    return document


def _syntax_problem(document: Document, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    words = getattr(error, "problem", None) or "cannot be read as YAML"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    tab = next((n for n, text in enumerate(document.text.splitlines(), 1) if text.lstrip(" ").startswith("\t")), 0)
    if tab and "cannot start any token" in words:
        wrong = "not valid YAML: a tab stands where spaces are wanted"
        return document.problem_at("yaml-syntax", wrong, tab, 1, "Write two spaces for the tab.")
    return document.problem_at(
        "yaml-syntax", f"not valid YAML: {words}", line, column, "Quote texts that hold ': ' or start with a mark."
    )


class _Builder:
    """Turns nodes into plain values, each once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.constructor = SafeConstructor()
        self.seen: set[int] = set()

    def build(self, node: Node, depth: int) -> Any:
        if depth > MAX_DEPTH or id(node) in self.seen:
            deep = depth > MAX_DEPTH
            words = "nested too deeply" if deep else "anchors and aliases are not used here"
            self._refuse(node, words, "" if deep else "Write the value out in each place.")
            return None
        self.seen.add(id(node))
        if node.tag not in _PLAIN_TAGS:
            self._refuse(node, f"'{str(node.tag)[:60]}' is not a kind of value that is read here", "Leave the tag out.")
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, depth)
        if isinstance(node, SequenceNode):
            return [self.build(item, depth + 1) for item in node.value]
        return node.value if node.tag == _TEXT else self._scalar(node)

    def _mapping(self, node: MappingNode, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._refuse(key_node, "a key is a word, not a list or a mapping")
                continue
            key = str(key_node.value)
            if key in result:
                help = f"Keep one of the two; the first stands in line {lines[key]}."
                self._refuse(key_node, f"the key '{key[:60]}' stands twice", help)
                continue
            lines[key] = key_node.start_mark.line + 1
            result[key] = self.build(value_node, depth + 1)
        return result

    def _scalar(self, node: Node) -> Any:
        if len(node.value) > MAX_DIGITS:
            self._refuse(node, f"a value of more than {MAX_DIGITS} characters that is no text", "Put a text in quotes.")
            return None
        try:
            return self.constructor.construct_object(node)
        except (ConstructorError, ValueError) as error:
            if str(node.tag).endswith(":timestamp"):
                return str(node.value)  # 2027-02-30 is no day: who reads the value says so, in its own words
            self._refuse(node, f"not a value that is read here: {getattr(error, 'problem', None) or error}")
            return None

    def _refuse(self, node: Node, words: str, help: str = "") -> None:
        if self.document.full:
            return
        self.document.problems.append(self.document.problem_at("yaml-value", words, *_place(node), help))
