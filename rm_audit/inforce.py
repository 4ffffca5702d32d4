"""Every setting in force and the place that set it, for `rm-audit config`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rm_audit.config import KEYS, Config
from rm_audit.days import from_day
from rm_audit.rulebook.model import Rule
from rm_audit.rulebook.settings import Ruleset
from rm_audit.yamls import Document, Path

SCHEMA = "rm-audit/config/1"
NOT_SET = "not set"
# What holds where the project file says nothing, in words.
_WITHOUT: Mapping[str, object] = {"overlaps": "export", "currency": None, "period": None, "baseline": None}
_PLAIN = ("currency", "period")  # flags may go over these


@dataclass(frozen=True)
class Setting:
    """One value: its dotted name, the value as plain data, the place that set it, and whether somebody did."""

    name: str
    value: Any
    origin: str
    changed: bool


def settings_in_force(config: Config, rules: Ruleset) -> list[Setting]:
    """The keys of the project file in their order, then every rule by play and id."""
    found = [setting for key in KEYS if key != "rules" for setting in _key(config, key)]
    known = sorted(rules.known.values(), key=lambda rule: (rule.play, rule.id))
    return found + [setting for rule in known for setting in _rule(rule, rules)]


def as_document(settings: list[Setting], rules: Ruleset) -> dict[str, Any]:
    """The settings as `--format json` prints them."""
    ruleset = {"hash": rules.hash, "packs": list(rules.packs), "rules": len(rules.rules)}
    return {"schema": SCHEMA, "ruleset": ruleset, "settings": [asdict(setting) for setting in settings]}


def _key(config: Config, key: str) -> Iterator[Setting]:
    origin = config.origins.get(key)
    if key in _PLAIN and origin is not None:
        yield Setting(key, config.currency if key == "currency" else _period(config), origin, True)
    elif origin is None or config.document is None:
        yield Setting(key, _WITHOUT.get(key, []), NOT_SET, False)
    else:
        yield from _leaves(config.document, config.document.data[key], (key,))


def _period(config: Config) -> str | None:
    period = config.period
    return f"{from_day(period.start)}..{from_day(period.end)}" if period else None


def _leaves(document: Document, value: Any, path: Path) -> Iterator[Setting]:
    """Single values with the line of each; a list of plain values is one."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _leaves(document, inner, (*path, name))
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for number, inner in enumerate(value):
            yield from _leaves(document, inner, (*path, number))
    else:
        plain = value if value is None or isinstance(value, bool | int | float | str | list) else str(value)
        places = document.places.get(path) or document.key_places[path]
        yield Setting(_dotted(path), plain, f"{document.file}:{places[0]}", True)


def _dotted(path: Path) -> str:
    """Names with dots between; a list's items count from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def _rule(rule: Rule, rules: Ruleset) -> Iterator[Setting]:
    """On or off, severity, weight, status and every parameter; then what holds for some subjects."""
    on = rule.id not in {other.id for other in rules.off}
    values = {"severity": rule.severity, "weight": rule.weight, **rule.values}
    yield _one(rule, rules, (), "on" if on else "off")
    yield Setting(f"rules.{rule.id}.status", rule.status, f"{rule.file}:{rule.lines.get('status', 1)}", False)
    for name, value in values.items():
        yield _one(rule, rules, (name,), value)
    for path in [path[1:] for path in rules.origins if path[0] == rule.id and path[1:2] == ("for",)]:
        value = _of_case(rule, path)
        if value is not None:
            yield _one(rule, rules, path, value)


def _one(rule: Rule, rules: Ruleset, path: tuple[str, ...], value: Any) -> Setting:
    own = f"{rule.file}:{rule.lines.get(path[0], 1) if path else 1}"
    origin = rules.origins.get((rule.id, *path))
    return Setting(".".join(("rules", rule.id, *path)), value, origin or own, origin is not None)


def _of_case(rule: Rule, path: tuple[str, ...]) -> Any:
    """The value of a case that is still in force; None where a later layer took it away."""
    _for, key, pattern, *rest = path
    found = None
    for case in rule.cases:
        if (case.key, case.pattern) != (key, pattern):
            continue
        if not rest and case.off is not None:
            found = "off" if case.off else "on"
        elif rest == ["severity"]:
            found = case.severity or found
        elif rest:
            found = case.values.get(rest[0], found)
    return found
