"""`rm-audit rejudge`: other thresholds on a stored report, without its files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rm_audit.cli.analyze import Form, NoColor, Outputs, Quiet, Verbose, check_outputs, write_outputs
from rm_audit.cli.options import Packs, Sets, say, sets_of, usage

ReportFile = Annotated[Path, typer.Argument(metavar="REPORT", help="A report that --output x.json stored.")]


def rejudge(
    report: ReportFile,
    set_: Sets = None,
    rules: Packs = None,
    form: Form = "terminal",
    output: Outputs = None,
    no_color: NoColor = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Judge a stored report by other thresholds, without its files."""
    from rm_audit.rejudging import rejudge as judged_again
    from rm_audit.rulebook.pack import load_packs
    from rm_audit.stored import load_report

    check_outputs(form, output or [], [str(report)])
    _refuse_measuring(set_ or [])
    document = load_report(report)
    known, problems = load_packs(rules or [])
    if problems:
        from rm_audit.errors import UsageError

        raise UsageError(problems)
    found = judged_again(document, known, sets_of(set_ or []))
    say([note for note in found.notes if note.level != "info"])
    write_outputs(found, form, output or [], [], no_color=no_color, quiet=quiet, verbose=verbose, short=False)


def _refuse_measuring(sets: Sequence[str]) -> None:
    """The keys of the project file other than rules change what is measured, and so do the word lists of a rule."""
    from rm_audit.config import KEYS

    for text in sets:
        name = text.partition("=")[0]
        first = name.partition(".")[0]
        if first in KEYS and first != "rules":
            words = f"--set: '{name}' changes what is measured, and not what it is held against"
            raise usage(words, "Run rm-audit analyze again.", "rejudge")
