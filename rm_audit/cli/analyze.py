"""`rm-audit analyze` and `rm-audit check`: the same audit, as a report and as a gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rm_audit.cli.gates import SEVERITIES, Gates
from rm_audit.cli.groups import grouped
from rm_audit.cli.options import Judging, Paths, usage

if TYPE_CHECKING:
    from rm_audit.book import Book
    from rm_audit.errors import Problem
    from rm_audit.report import Report

Form = Annotated[
    str,
    typer.Option("--format", metavar="FORMAT", help="terminal, json, html, markdown, csv, sarif, junit, github, xlsx."),
]
Outputs = Annotated[
    list[str] | None,
    typer.Option("--output", metavar="FILE", help="Write here too; its suffix names the format; - is stdout."),
]
FailOn = Annotated[str, typer.Option("--fail-on", metavar="SEVERITY", help="low, medium, high, critical or never.")]
FailAmount = Annotated[
    float | None,
    typer.Option(
        "--fail-on-amount",
        metavar="N",
        help="Avoidable and unproven money that fails; of a plan misdirected money too.",
    ),
]
MinScore = Annotated[float | None, typer.Option("--min-score", metavar="N", help="Least score, 0 to 100.")]
MinCoverage = Annotated[float | None, typer.Option("--min-coverage", metavar="N", help="Least coverage in percent.")]
Redact = Annotated[
    str | None, typer.Option("--redact", metavar="WHAT", help="Leave out names, amounts or all, to share outside.")
]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colours.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Nothing on stdout.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Every finding and every channel.")]


@dataclass(frozen=True)
class Shown:
    """Where a report goes and how much of it: the options of every command that writes one."""

    form: Form = "terminal"
    output: Outputs = None
    no_color: NoColor = False
    quiet: Quiet = False
    verbose: Verbose = False


def _command(doc: str, *, short: bool, severity: str) -> Callable[..., None]:
    """One audit as two commands, which differ in how much they print and in what fails by default."""

    def run(
        paths: Paths,
        judging: Judging,
        shown: Shown,
        fail_on: FailOn = severity,
        fail_on_amount: FailAmount = None,
        min_score: MinScore = None,
        min_coverage: MinCoverage = None,
        redact: Redact = None,
    ) -> None:
        hide = _hidden(redact)
        gates = _gates(fail_on, fail_on_amount, min_score, min_coverage, tell_amounts=hide in (None, "names"))
        check_outputs(shown, paths)
        on_screen = shown.form == "terminal" and not set(shown.output or []) - {"-"}
        book, report = audited(paths, judging, tell_engines=shown.verbose, on_screen=on_screen)
        # A page about nothing helps nobody.
        quiet = shown.quiet or (not book.recognised and shown.form == "terminal")
        write_outputs(report, replace(shown, quiet=quiet), paths, short=short, redact=hide)
        raise typer.Exit(_exit_code(book, report, gates))

    run.__doc__ = doc
    return grouped(run)


analyze = _command("Audit files, folders or patterns, and print the scored report.", short=False, severity="never")
check = _command("The same audit as a gate for CI: short, exit 1 on high severity.", short=True, severity="high")


def _gates(
    fail_on: str, amount: float | None, score: float | None, coverage: float | None, *, tell_amounts: bool
) -> Gates:
    """The gates that were asked for. Raises UsageError for a number that no run could ever meet or miss."""
    for name, value, help in (
        ("--min-score", score, "Write the least score that passes, such as 60."),
        ("--min-coverage", coverage, "Write the least percentage that passes, such as 50."),
    ):
        if value is not None and not 0 <= value <= 100:
            raise usage(f"{name}: {value:g} is not between 0 and 100", help)
    if amount is not None and not 0 <= amount < float("inf"):
        raise usage(f"--fail-on-amount: {amount:g} is not an amount", "Write a number from 0 up.")
    return Gates(_severity(fail_on), amount, score, coverage, tell_amounts)


def _severity(text: str) -> str:
    from rm_audit.errors import did_you_mean

    if text not in (*SEVERITIES, "never"):
        help = did_you_mean(text, SEVERITIES) or f"It is one of {', '.join(SEVERITIES)} or never."
        raise usage(f"--fail-on: there is no severity '{text}'", help)
    return text


def _hidden(what: str | None) -> str | None:
    if what is None:
        return None
    from rm_audit.errors import did_you_mean
    from rm_audit.redacting import CHOICES

    if what not in CHOICES:
        help = did_you_mean(what, CHOICES) or f"It is one of {', '.join(CHOICES)}."
        raise usage(f"--redact: there is no '{what}'", help)
    return what


def _engines(book: Book) -> list[Problem]:
    """The files that an engine added up, each with the engine that it was."""
    added = [problem for problem in book.problems if problem.code == "rolled-up"]
    names = {"duckdb": "DuckDB", "spark": "Spark"}
    engines = [names.get(engine, engine) for engine in (book.engines[problem.file] for problem in added)]
    return [
        replace(problem, message=problem.message.replace("an engine", engine, 1))
        for problem, engine in zip(added, engines, strict=True)
    ]


def audited(
    paths: list[str], judging: Judging, tell_engines: bool = False, on_screen: bool = False
) -> tuple[Book, Report]:
    """The book of these paths and its report; on stderr what both have to say, and which files an engine added up.

    Of a report that is shown `on_screen` alone nobody asks which bytes a large file had.
    """
    from rm_audit.baseline import Baseline, load_baseline
    from rm_audit.cli.options import day_of, ruleset_of, say, settings_of
    from rm_audit.cli.screen import waiting
    from rm_audit.verbs import audit, read

    day = day_of(judging.as_of)
    config = replace(settings_of(paths, judging, judging.set_ or []), fingerprints=not on_screen)
    ruleset = ruleset_of(judging.rules or [], config)
    stored = judging.baseline or config.baseline
    known = load_baseline(stored) if stored is not None else Baseline()
    with waiting("Reading the files"):
        book = read(paths, config=config)
    # Where nothing was recognised no report says so: then the warnings are all there is.
    say([problem for problem in book.problems if problem.level == "error" or not book.recognised])
    say(_engines(book) if tell_engines else [])
    with waiting("Judging"):
        report = audit(book, ruleset, config=config, as_of=day, baseline=known)
    say([note for note in report.notes if note.level != "info"])
    return book, report


def check_outputs(shown: Shown, paths: list[str]) -> None:
    """Raises UsageError for an unknown format, and for an output file that is an input or that cannot be written."""
    from rm_audit.cli.files import check_place
    from rm_audit.errors import did_you_mean
    from rm_audit.readers import files_meant
    from rm_audit.rendering import FORMATS, SUFFIXES

    form, outputs = shown.form, shown.output or []
    if form not in FORMATS:
        help = did_you_mean(form, FORMATS) or f"There are {', '.join(FORMATS)}."
        raise usage(f"--format: there is no format '{form}'", help)
    if form == "xlsx" and ("-" in outputs or not any(output.endswith(".xlsx") for output in outputs)):
        raise usage("--format: xlsx is no text for a screen or a pipe", "Name a file, such as --output audited.xlsx.")
    inputs = {found.resolve() for found in files_meant(paths)} if outputs else set()
    for output in outputs:
        if output != "-" and Path(output).suffix not in SUFFIXES:
            raise usage(f"--output: '{output}' ends in no known format", f"It may end in {', '.join(SUFFIXES)}.")
        if Path(output).resolve() in inputs:
            raise usage(f"--output: '{output}' is an input, which is never written to", "Name another file.")
        if output != "-":
            check_place(Path(output))


def write_outputs(
    report: Report, shown: Shown, paths: list[str], *, short: bool = False, redact: str | None = None
) -> None:
    """The report to every file, and to stdout unless it is to be quiet."""
    from rm_audit.cli.files import places, unwritten, write_whole
    from rm_audit.cli.options import say
    from rm_audit.cli.screen import screen
    from rm_audit.rendering import SUFFIXES, render

    look: dict[str, Any] = {"verbose": shown.verbose, "short": short, "redact": redact}
    options = {**look, "places": places(paths), "sources": paths, "tell": lambda note: say([note])}
    outputs = shown.output or []
    for output in outputs:
        if output != "-":
            try:
                content = render(report, SUFFIXES[Path(output).suffix], width=100, **options)
            except OSError as error:  # a workbook is put together in files of the machine's temporary folder
                raise unwritten(Path(output), error) from None
            write_whole(Path(output), content)
    form = "terminal" if shown.form == "xlsx" else shown.form  # the screen has its own words beside the file
    if "-" in outputs or not shown.quiet:
        typer.echo(render(report, form, **screen(shown.no_color), **options), nl=False)


def _exit_code(book: Book, report: Report, gates: Gates) -> int:
    from rm_audit.rendering.words import to_bring

    reached = gates.reached(report.page)
    for why in reached:
        typer.echo(f"failed: {why}", err=True)
    if reached:
        return 1
    if not book.recognised:
        if any(file.sheets for file in book.inputs):
            typer.echo("error: nothing in these files was recognised", err=True)
        return 3
    used = any(sheet["rows"]["used"] for file in report.page["inputs"] for sheet in file["sheets"])
    if book.unreadable or (not used and any(problem.level == "error" for problem in book.problems)):
        return 3
    unjudged = gates.unjudged(report.page)
    for why in unjudged:
        typer.echo(f"not judged: {why}", err=True)
    bring = to_bring(report.page)
    if unjudged and bring:
        typer.echo(f"  help: Bring {bring[0][0]}, or ask for less.", err=True)
    return 3 if unjudged else 0
