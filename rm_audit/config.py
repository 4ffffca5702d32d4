"""The project file `rm-audit.yaml` and the flags over it; every value remembers where it came from."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from rm_audit.channels import kinds, spelled
from rm_audit.days import Period, parse_period
from rm_audit.errors import Problem, UsageError, did_you_mean, why_unreadable
from rm_audit.yamls import Document, load

PROJECT_FILE = "rm-audit.yaml"
MOST_RATE = 1_000_000  # no unit of a currency is worth a million of another
KEYS = (
    "currency",
    "rates",
    "channels",
    "families",
    "overlaps",
    "period",
    "profiles",
    "rules",
    "plays_not_used",
    "extends",
    "waivers",
    "baseline",
)
OVERLAPS = ("export", "team", "both")  # which counts where a platform's export and a team's sheet give the same spend


@dataclass(frozen=True)
class Rate:
    """One unit of a currency in the book's, for a time: `span` as it was written, `period` None for ever."""

    span: str
    period: Period | None
    value: Decimal


@dataclass(frozen=True)
class Config:
    """Settings in force. `rates[code][span]` is one unit of `code` in `currency` in a span such as `2026-01`,
    `2026` or `2026-01-15..2026-02-14`; span "" means for ever. `overlaps[channel]` says which of two sources of the
    same spend counts; channel "" means all channels. `families` are job titles, or globs on them, and their families.
    """

    currency: str | None = None
    rates: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    channel_names: Mapping[str, str] = field(default_factory=dict)
    channel_kinds: Mapping[str, str] = field(default_factory=dict)
    families: Mapping[str, str] = field(default_factory=dict)
    overlaps: Mapping[str, str] = field(default_factory=dict)
    period: Period | None = None
    rules: Mapping[str, Any] = field(default_factory=dict)
    sets: Mapping[str, Any] = field(default_factory=dict)  # settings of rules from the flags, over those of the file
    waivers: tuple[Any, ...] = ()  # as they stand in the file; `rulebook.waivers` reads them, for it knows the rules
    baseline: Path | None = None  # a stored report; its path is relative to the project file
    extends: tuple[Path, ...] = ()  # packs, whose paths are relative to the project file
    plays_not_used: tuple[str, ...] = ()
    profiles: tuple[Path, ...] = ()  # files and folders of profiles that are added to the built-in ones
    engine: str = "auto"  # who reads large plain files
    memory: str = ""  # how much of it that engine may use
    fingerprints: bool = True  # of large files too: no screen shows them, and they take a fifteenth of a long run
    outside: bool = False  # keep outcomes of other days than the spend's, for who is asked later may have that spend
    origins: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None  # where the project file lies
    document: Document | None = None  # the project file, for problems that are found later

    def rates_of(self, code: str) -> list[Rate]:
        """The rates of a currency by their time; the one for ever, which holds where no other does, stands last."""
        found = [
            Rate(span, parse_period(span) if span else None, value) for span, value in self.rates.get(code, {}).items()
        ]
        return sorted(found, key=lambda rate: (rate.period is None, rate.period.start if rate.period else 0))


def find_project_file(start: Path) -> Path | None:
    """`rm-audit.yaml` beside the input or above it, up to the repository's root. In a folder that may not be opened
    there is none: whoever reads the input says that it may not."""
    folder = start.resolve() if os.path.isdir(start) else start.resolve().parent  # noqa: PTH112
    for place in (folder, *folder.parents):
        # `Path.is_file` raises an error where a folder may not be opened.
        if os.path.isfile(place / PROJECT_FILE):  # noqa: PTH113
            return place / PROJECT_FILE
        if os.path.exists(place / ".git"):  # noqa: PTH110
            return None
    return None


def load_config(path: Path | None, plays: Sequence[str] = ()) -> Config:
    """The project file as settings; defaults where `path` is None. Raises UsageError with every problem of the file."""
    if path is None:
        return Config()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(_unreadable(path, error)) from None
    document = load(text, path.name)
    if not document.problems and document.data is not None and not isinstance(document.data, dict):
        words = "the project file holds 'name: value' lines, and this is none"
        document.problems.append(document.problem("config-shape", words, help="For example: currency: EUR"))
    config = _Reader(document, plays, path.parent).config() if not document.problems else Config()
    if document.problems:
        raise UsageError(document.in_order())
    return config


def _unreadable(path: Path, error: Exception) -> Problem:
    if isinstance(error, FileNotFoundError):
        words, help = "there is no project file of this name", "Check the spelling and the folder."
    else:
        words = f"the project file {why_unreadable(error)}"
        utf8 = isinstance(error, UnicodeDecodeError)
        help = "Save it as UTF-8 and run again." if utf8 else "Give its path with --config."
    return Problem("error", "config-unreadable", words, help, path.name)


def is_currency(text: object) -> bool:
    """Whether a text is the code of a currency that there is."""
    from babel.core import get_global

    return isinstance(text, str) and text.upper() in get_global("all_currencies")


class _Reader:
    def __init__(self, document: Document, plays: Sequence[str], folder: Path) -> None:
        self.document, self.plays, self.folder = document, plays, folder
        self.data: Mapping[str, Any] = document.data or {}

    def complain(self, message: str, *path: str | int, help: str = "", key: bool = False) -> None:
        self.document.problems.append(self.document.problem("config", message, tuple(path), help=help, key=key))

    def config(self) -> Config:
        for name in self.data:
            if name not in KEYS:
                help = did_you_mean(name, KEYS) or f"It may hold: {', '.join(KEYS)}."
                self.complain(f"unknown key '{name}'", name, help=help, key=True)
        names, kinds_set = self._channels()
        places = self.document.key_places
        return Config(
            currency=self._currency(),
            rates=self._rates(),
            channel_names=names,
            channel_kinds=kinds_set,
            families=self._families(),
            overlaps=self._overlaps(),
            period=self._period(),
            rules=self._mapping("rules"),
            plays_not_used=self._plays(),
            profiles=self._paths("profiles", "profile"),
            extends=self._paths("extends", "rule"),
            baseline=self._baseline(),
            waivers=self._waivers(),
            folder=self.folder,
            document=self.document,
            origins={name: f"{self.document.file}:{places[(name,)][0]}" for name in self.data if name in KEYS},
        )

    def _mapping(self, name: str) -> dict[str, Any]:
        value = self.data.get(name)
        if value is None:
            return {}  # `channels:` with nothing under it but comments
        if not isinstance(value, dict):
            self.complain(f"'{name}' must be a list of 'name: value' lines", name)
            return {}
        return value

    def _currency(self) -> str | None:
        value = self.data.get("currency")
        return value if value is None else self._code(value, "currency")

    def _code(self, value: Any, *path: str | int) -> str | None:
        if is_currency(value):
            return str(value).upper()
        self.complain(f"'{value}' is not a currency code", *path, help="Write three letters, such as EUR or USD.")
        return None

    def _rates(self) -> dict[str, dict[str, Decimal]]:
        rates: dict[str, dict[str, Decimal]] = {}
        for code, value in self._mapping("rates").items():
            self._code(code, "rates", code)
            spans = value if isinstance(value, dict) else {"": value}
            self._spans(code, [str(span) for span in spans if span])
            found = {
                str(span): self._number(rate, "rates", code, *([span] if span else [])) for span, rate in spans.items()
            }
            rates[code.upper()] = {span: rate for span, rate in found.items() if rate is not None}
        return rates

    def _spans(self, code: str, spans: Sequence[str]) -> None:
        """Each span must be one that is read, and no two of a currency may share a day."""
        seen: list[tuple[str, Period]] = []
        for span in spans:
            try:
                period = parse_period(span)
            except ValueError as error:
                help = "Write 2026-01, 2026, 2026-01..2026-03 or 2026-01-15..2026-02-14."
                self.complain(str(error), "rates", code, span, help=help, key=True)
                continue
            twice = next(
                (name for name, other in seen if period.start <= other.end and other.start <= period.end), None
            )
            if twice is not None:
                words = f"the rates of {code} for '{twice}' and '{span}' share days"
                self.complain(words, "rates", code, span, help="Give each day one rate.", key=True)
            seen.append((span, period))

    def _number(self, value: Any, *path: str | int) -> Decimal | None:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal(0)
        if not number.is_finite() or not 0 < number < MOST_RATE:
            self.complain(f"'{value}' is not a rate", *path, help="Write a number over 0, such as 0.92.")
            return None
        return number

    def _channels(self) -> tuple[dict[str, str], dict[str, str]]:
        names: dict[str, str] = {}
        found_kinds: dict[str, str] = {}
        for spelling, value in self._mapping("channels").items():
            body = value if isinstance(value, dict) else {"name": value}
            for part in body:
                if part not in ("name", "kind"):
                    self.complain(
                        f"unknown key '{part}'", "channels", spelling, part, help="It may hold name and kind."
                    )
            if "name" in body and not (isinstance(body["name"], str) and body["name"].strip()):
                self.complain(f"'{spelling}' needs the name of a channel", "channels", spelling, help="Write a name.")
            elif "name" in body:
                names[spelled(spelling)] = body["name"]
            if "kind" in body:
                self._kind(spelling, str(body["kind"]), found_kinds)
        return names, found_kinds

    def _kind(self, spelling: str, kind: str, found: dict[str, str]) -> None:
        if kind not in kinds():
            help = did_you_mean(kind, kinds()) or f"Kinds: {', '.join(kinds())}."
            self.complain(f"unknown kind of channel '{kind}'", "channels", spelling, "kind", help=help)
        found[spelled(spelling)] = kind

    def _families(self) -> dict[str, str]:
        """Job titles, or globs on them, and the name of their family."""
        found: dict[str, str] = {}
        for title, family in self._mapping("families").items():
            if isinstance(family, str) and family.strip() and str(title).strip():
                found[str(title)] = family.strip()
            else:
                help = 'Write a title, or a pattern, and a name: "*Nurse*": Nursing.'
                self.complain(f"'{title}' needs the name of a job family", "families", title, help=help)
        return found

    def _overlaps(self) -> dict[str, str]:
        """One word for all channels, or a word a channel."""
        value = self.data.get("overlaps", {})
        by_channel = value if isinstance(value, dict) else {"": value}
        for channel, word in by_channel.items():
            if word not in OVERLAPS:
                help = did_you_mean(str(word), OVERLAPS) or f"Write one of: {', '.join(OVERLAPS)}."
                self.complain(
                    f"'{word}' does not say what counts", *("overlaps", channel)[: 1 + bool(channel)], help=help
                )
        return {str(channel): word for channel, word in by_channel.items() if word in OVERLAPS}

    def _period(self) -> Period | None:
        value = self.data.get("period")
        if value is None:
            return None
        try:
            return parse_period(str(value))
        except ValueError as error:
            self.complain(str(error), "period", help="Write 2026, 2026-03 or 2026-01..2026-06.")
            return None

    def _waivers(self) -> tuple[Any, ...]:
        value = self.data.get("waivers", [])
        if not isinstance(value, list):
            help = "Write a line for each: - {rule, where, reason, owner, until}."
            self.complain("'waivers' must be a list", "waivers", help=help)
            return ()
        return tuple(value)

    def _baseline(self) -> Path | None:
        value = self.data.get("baseline")
        if value is None:
            return None
        if not isinstance(value, str) or not os.path.isfile(self.folder / value):  # noqa: PTH113 (no name crashes it)
            help = "Store one there with --output, or take this line out."
            self.complain(f"there is no stored report '{value}'", "baseline", help=help)
        return self.folder / str(value)

    def _paths(self, name: str, what: str) -> tuple[Path, ...]:
        """Paths from the project file: never names that would be looked up somewhere."""
        value = self.data.get(name, [])
        items = value if isinstance(value, list) else [value]
        for number, item in enumerate(items):
            place = (name, number) if isinstance(value, list) else (name,)
            if not isinstance(item, str) or not os.path.exists(self.folder / item):  # noqa: PTH110 (no name crashes it)
                help = f"Write the path of a {what} file or folder, from this file."
                self.complain(f"there is no {'pack' if what == 'rule' else what} '{item}'", *place, help=help)
        return tuple(self.folder / str(item) for item in items)

    def _plays(self) -> tuple[str, ...]:
        value = self.data.get("plays_not_used", [])
        items = value if isinstance(value, list) else [value]
        for number, item in enumerate(items):
            if self.plays and item not in self.plays:
                help = did_you_mean(str(item), self.plays) or f"Plays: {', '.join(self.plays)}."
                place = ("plays_not_used", number) if isinstance(value, list) else ("plays_not_used",)
                self.complain(f"unknown play '{item}'", *place, help=help)
        return tuple(str(item) for item in items)
