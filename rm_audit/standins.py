"""Stand-ins for the names in a report: `Channel 1`, `File 2.csv`. The same name has the same one everywhere in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from rm_audit.cells import taken_apart
from rm_audit.judging import Judged
from rm_audit.metrics.frame import Frame
from rm_audit.readers.discover import SUFFIXES
from rm_audit.vocabulary import KEYS, PORTFOLIO, VOCABULARY

GONE = "(left out)"
# Words of the vocabulary whose texts are ours and not the file's.
OWN_TEXTS = frozenset({"month", "channel_kind", "same_ask"})
_LABELS = {"kpi": "KPI", "play": "Kind of work"}  # the others are called by their word
# Texts of such words are often plain words too (`hires` is a KPI), which the sentences of a rule need.
_NOT_IN_RULES = ("kpi", "play", "capability")
_NOBODY = ("", "(none)")


class Names:
    """What every name of a report is called instead. A name that is a channel and a contract too is one name."""

    def __init__(self, document: Mapping[str, Any], judged: Judged) -> None:
        found = _names(document, judged)
        self._by_name: dict[str, str] = {}
        for word, names in found.items():
            fresh = sorted(names - {*self._by_name, *_NOBODY}, key=lambda name: (name.casefold(), name))
            label = _LABELS.get(word, word.capitalize())
            self._by_name |= {name: f"{label} {number}" for number, name in enumerate(fresh, 1)}
        spoken = set().union(*(names for word, names in found.items() if word not in _NOT_IN_RULES)) - {*_NOBODY}
        longest_first = sorted(spoken, key=lambda name: (-len(name), name))
        self._spoken = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest_first) or r"(?!)")
        self._files, self._sheets = _places(document)

    def of(self, name: str) -> str:
        """The stand-in of a name; one that no subject has is left out."""
        return name if name in _NOBODY else self._by_name.get(name, GONE)

    def subject(self, subject: Mapping[str, Any]) -> dict[str, Any]:
        """Kind, name and keys of a subject, as `Frame.subject` gives them."""
        keys = {key: value for key, value in subject.items() if key not in ("kind", "name")}
        if not keys:
            return dict(subject)
        parts = {key: value if key in OWN_TEXTS else self.of(str(value)) for key, value in keys.items()}
        return {"kind": subject["kind"], "name": ", ".join(map(str, parts.values())), **parts}

    def in_words(self, text: str) -> str:
        """A sentence of a rule, in which somebody may have written the name of a channel."""
        return self._spoken.sub(lambda match: self._by_name[match[0]], text)

    def file(self, name: str) -> str:
        return self._files.get(name, GONE) if name else ""

    def sheet(self, file: str, name: str) -> str:
        return self._sheets.get((file, name), GONE) if name else ""

    def address(self, cell: str) -> str:
        """`plan.xlsx#Spend!D7` → `File 1.xlsx#Sheet 1!D7`."""
        place = taken_apart(cell, self._files)
        if place is None:
            return GONE
        sheet = f"{self.sheet(place.file, place.sheet)}!" if place.sheet else ""
        return f"{self.file(place.file)}#{sheet}{place.cell}"


def _names(document: Mapping[str, Any], judged: Judged) -> dict[str, set[str]]:
    """Word of the vocabulary → the texts of files that it has in this report; keys of subjects first."""
    keys = [key for key in KEYS if key not in OWN_TEXTS]
    others = [name for name, word in VOCABULARY.items() if word.unit == "text" and name not in (*keys, *OWN_TEXTS)]
    found: dict[str, set[str]] = {word: set() for word in (*keys, *others)}
    for frame in _frames(judged):
        for word, column in frame.columns.items():
            if word in found:
                found[word] |= {str(value) for value in column.values[column.state == 0]}
    for kind, items in document["subjects"].items():
        for item in items if kind != PORTFOLIO else ():
            own = {key: item[key] for key in keys if key in item} or {kind: item["name"]}
            for key, name in own.items():
                found.setdefault(key, set()).add(name)
    return found


def _frames(judged: Judged) -> Iterable[Frame]:
    return {result.rule.grain: result.frame for result in judged.results}.values()


def _places(document: Mapping[str, Any]) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Files, and sheets of files, in the order in which the report names them; a file keeps its suffix."""
    inside = [(item["file"], sheet["name"]) for item in document["inputs"] for sheet in item["sheets"]]
    inside += [(item["file"], "") for item in document["inputs"]]
    inside += [(item["file"], item["sheet"]) for item in document["problems"]]
    names = dict.fromkeys(file for file, _ in inside if file)
    files = {name: f"File {number}{_suffix(name)}" for number, name in enumerate(names, 1)}
    sheets: dict[tuple[str, str], str] = {}
    for file, sheet in inside:
        if sheet and (file, sheet) not in sheets:
            number = sum(known == file for known, _ in sheets) + 1
            sheets[file, sheet] = f"Sheet {number}"
    return files, sheets


def _suffix(name: str) -> str:
    suffix = PurePath(name).suffix.lower()
    return suffix if suffix in (*SUFFIXES, ".yaml") else ""
