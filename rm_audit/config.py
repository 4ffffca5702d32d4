"""The project file `rm-audit.yaml` and the flags over it; every value remembers where it came from."""

from __future__ import annotations

import re
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
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
MOST_RATE = 1_000_000  # no unit of a currency is worth a million of another
KEYS = ("currency", "rates", "channels", "period", "rules", "plays_not_used")


@dataclass(frozen=True)
class Config:
    """Settings in force. `rates[code][month]` is one unit of `code` in `currency`; month "" means for ever."""

    currency: str | None = None
    rates: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    channel_names: Mapping[str, str] = field(default_factory=dict)
    channel_kinds: Mapping[str, str] = field(default_factory=dict)
    period: Period | None = None
    rules: Mapping[str, Any] = field(default_factory=dict)
    plays_not_used: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    document: Document | None = None  # the project file, for problems that are found later

    def rate(self, code: str, month: str | None) -> Decimal | None:
        """One unit of `code` in the book's currency, for a month where rates are by month."""
        if code == self.currency:
            return Decimal(1)
        by_month = self.rates.get(code, {})
        return by_month.get(month or "", by_month.get(""))


def find_project_file(start: Path) -> Path | None:
    """`rm-audit.yaml` beside the input or above it, up to the repository's root."""
    folder = start.resolve() if start.is_dir() else start.resolve().parent
    for place in (folder, *folder.parents):
        if (place / PROJECT_FILE).is_file():
            return place / PROJECT_FILE
        if (place / ".git").exists():
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
    config = _Reader(document, plays).config() if not document.problems else Config()
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
    def __init__(self, document: Document, plays: Sequence[str]) -> None:
        self.document, self.plays = document, plays
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
            period=self._period(),
            rules=self._mapping("rules"),
            plays_not_used=self._plays(),
            document=self.document,
            origins={name: f"{self.document.file}:{places[(name,)][0]}" for name in self.data if name in KEYS},
        )

    def _mapping(self, name: str) -> dict[str, Any]:
        value = self.data.get(name, {})
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
            months = value if isinstance(value, dict) else {"": value}
            path = ("rates", code)
            for month in months:
                if month and not _MONTH.fullmatch(str(month)):
                    self.complain(f"'{month}' is not a month", *path, month, help="Write 2026-01.", key=True)
            found = {
                str(month): self._number(rate, *path, *([month] if month else [])) for month, rate in months.items()
            }
            rates[code.upper()] = {month: rate for month, rate in found.items() if rate is not None}
        return rates

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

    def _period(self) -> Period | None:
        value = self.data.get("period")
        if value is None:
            return None
        try:
            return parse_period(str(value))
        except ValueError as error:
            self.complain(str(error), "period", help="Write 2026, 2026-03 or 2026-01..2026-06.")
            return None

    def _plays(self) -> tuple[str, ...]:
        value = self.data.get("plays_not_used", [])
        items = value if isinstance(value, list) else [value]
        for number, item in enumerate(items):
            if self.plays and item not in self.plays:
                help = did_you_mean(str(item), self.plays) or f"Plays: {', '.join(self.plays)}."
                place = ("plays_not_used", number) if isinstance(value, list) else ("plays_not_used",)
                self.complain(f"unknown play '{item}'", *place, help=help)
        return tuple(str(item) for item in items)
