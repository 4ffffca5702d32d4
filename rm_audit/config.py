"""The project file `rm-audit.yaml` and the flags over it; every value remembers where it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from rm_audit.channels import kinds, spelled
from rm_audit.days import Period, parse_period
from rm_audit.errors import Problem, UsageError, did_you_mean
from rm_audit.yamls import Document, load

PROJECT_FILE = "rm-audit.yaml"
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
        words = f"the project file cannot be read: {type(error).__name__}"
        raise UsageError(
            Problem("error", "config-unreadable", words, "Give its path with --config.", path.name)
        ) from None
    document = load(text, path.name)
    if not document.problems and document.data is not None and not isinstance(document.data, dict):
        document.problems.append(document.problem("config-shape", "the project file is a list of 'name: value' lines"))
    config = _Reader(document, plays).config() if not document.problems else Config()
    if document.problems:
        raise UsageError(document.problems)
    return config


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
        if isinstance(value, str) and len(value) == 3 and value.isalpha():
            return value.upper()
        self.complain(f"'{value}' is not a currency code", *path, help="Write three letters, such as EUR or USD.")
        return None

    def _rates(self) -> dict[str, dict[str, Decimal]]:
        rates: dict[str, dict[str, Decimal]] = {}
        for code, value in self._mapping("rates").items():
            self._code(code, "rates", code)
            months = value if isinstance(value, dict) else {"": value}
            path = ("rates", code)
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
        if number <= 0:
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
            if "name" in body:
                names[spelled(spelling)] = str(body["name"])
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
        for item in items:
            if self.plays and item not in self.plays:
                help = did_you_mean(str(item), self.plays) or f"Plays: {', '.join(self.plays)}."
                self.complain(f"unknown play '{item}'", "plays_not_used", help=help)
        return tuple(str(item) for item in items)
