"""The public verbs: read, load_rules, audit, compare, render."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rm_audit import auditing as _audit
from rm_audit.baseline import Baseline
from rm_audit.book import Book, build, persons_key
from rm_audit.config import Config
from rm_audit.errors import UsageError
from rm_audit.readers import read_paths
from rm_audit.rendering import render as _render
from rm_audit.report import Report
from rm_audit.rulebook.change import Complain
from rm_audit.rulebook.layers import document_layer, flags_layer, pack_layers
from rm_audit.rulebook.pack import load_packs
from rm_audit.rulebook.settings import Ruleset, nowhere, ruleset
from rm_audit.rulebook.waivers import read_waivers

if TYPE_CHECKING:
    from rm_audit.comparing import Comparison


def read(paths: str | Path | Sequence[str | Path], *, config: Config | None = None) -> Book:
    """Files, folders and globs as one book. What could not be read is in `.problems`, nothing is raised for it.

    Raises InputError where amounts in several currencies come without rates.
    """
    with _collector_paused():
        return _read(paths, config or Config())


def _read(paths: str | Path | Sequence[str | Path], config: Config) -> Book:
    listed = [paths] if isinstance(paths, str | Path) else list(paths)
    files = read_paths(listed, config.engine)
    several = len(files.sources) > 1  # one may stand there twice
    config = replace(config, fingerprints=config.fingerprints or several)
    return build(files, config, persons_key(files.sources))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Cells are many and hold no cycles: looking for some among them would take a third of the time of reading."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def load_rules(*packs: str | Path, overrides: Mapping[str, Any] | None = None, complain: Complain = nowhere) -> Ruleset:
    """The built-in rules with packs added, and settings laid over them: `{"board-zero-hire": {"expected": 8}}`.

    Raises UsageError with every problem of every rule file.
    """
    rules, problems = load_packs(packs)
    if problems:
        raise UsageError(problems)
    return ruleset(rules, overrides or {}, [Path(pack).name for pack in packs], complain)


def rules_in_force(config: Config, packs: Sequence[Path] = ()) -> Ruleset:
    """The built-in rules with four layers: packs that the project file extends, packs given, the file, the flags.

    Raises UsageError with every problem of every rule file, of every setting, or of every waiver.
    """
    everything = [*config.extends, *packs]
    rules, problems = load_packs(everything)
    own, complaints = pack_layers(everything)
    if problems + complaints:
        raise UsageError(problems + complaints)
    layers = [*own, document_layer(config.document, config.rules), flags_layer(config.sets)]
    found = ruleset(rules, {}, [pack.name for pack in everything], layers=layers)
    read_waivers(config, found)  # a mistake in one is told before anything is read
    return found


def audit(
    book: Book,
    rules: Ruleset | None = None,
    *,
    config: Config | None = None,
    as_of: date,
    baseline: Baseline = _audit.NOTHING_KNOWN,
) -> Report:
    """The report of a book on a day. Pure: the same inputs give the same bytes.

    Raises UsageError where a waiver of the project file cannot be read.
    """
    return _audit.audit(book, rules or load_rules(), config=config or Config(), as_of=as_of, baseline=baseline)


def compare(report: Report, previous: Report | Mapping[str, Any]) -> Comparison:
    """What changed since a previous report (or its stored document): `.document` has it, `.regressions` says why it is
    a step back. Reports of different rules are compared finding by finding, and their scores are not."""
    from rm_audit.comparing import compare_documents

    before = previous.document if isinstance(previous, Report) else previous
    return compare_documents(before, report.document)


def render(report: Report, form: str = "terminal", **options: Any) -> str | bytes:
    """The report in one of the formats of `rm_audit.rendering.FORMATS`: text, or bytes for xlsx.

    `render(report, "xlsx", sources=[...])`, with the paths that were read, writes into a copy of the book.
    """
    return _render(report, form, **options)
