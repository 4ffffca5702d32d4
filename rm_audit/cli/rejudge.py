"""`rm-audit rejudge`: other thresholds on a stored report, without its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from rm_audit.cli.analyze import Shown, check_outputs, write_outputs
from rm_audit.cli.groups import grouped
from rm_audit.cli.options import Packs, Sets, say, sets_of, usage

ReportFile = Annotated[Path, typer.Argument(metavar="REPORT", help="A report that --output x.json stored.")]


def _hidden(name: str) -> Any:
    return typer.Option(name, hidden=True)


@dataclass(frozen=True)
class Measuring:
    """Options of `analyze` that change what is measured. They are known here so that each can be refused by name."""

    as_of: Annotated[str | None, _hidden("--as-of")] = None
    currency: Annotated[str | None, _hidden("--currency")] = None
    period: Annotated[str | None, _hidden("--period")] = None
    profiles: Annotated[str | None, _hidden("--profiles")] = None
    config: Annotated[str | None, _hidden("--config")] = None
    baseline: Annotated[str | None, _hidden("--baseline")] = None


@grouped
def rejudge(report: ReportFile, shown: Shown, measuring: Measuring, set_: Sets = None, rules: Packs = None) -> None:
    """Judge a stored report by other thresholds, without its files."""
    from rm_audit.errors import UsageError
    from rm_audit.rejudging import rejudge as judged_again
    from rm_audit.rulebook.pack import load_packs
    from rm_audit.stored import load_report

    check_outputs(shown, [str(report)])
    _refuse_measuring(measuring, set_ or [])
    document = load_report(report)
    known, problems = load_packs(rules or [])
    if problems:
        raise UsageError(problems)
    found = judged_again(document, known, sets_of(set_ or []))
    say([note for note in found.notes if note.level != "info"])
    write_outputs(found, shown, [])


def _refuse_measuring(measuring: Measuring, sets: Sequence[str]) -> None:
    """Keys of the project file other than rules change what is measured, and so do the options of their names."""
    from rm_audit.config import KEYS

    given = [f"--{name.replace('_', '-')}" for name, value in asdict(measuring).items() if value is not None]
    names = [text.partition("=")[0] for text in sets]
    given += [f"--set: {name!r}" for name in names if name.partition(".")[0] in {*KEYS, "as_of"} - {"rules"}]
    if given:
        words = f"{given[0]} changes what is measured, and not what it is held against"
        raise usage(words, "Run rm-audit analyze again.", "rejudge")
