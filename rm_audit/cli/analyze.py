"""`rm-audit analyze` and `rm-audit check`: the same audit, as a report and as a gate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rm_audit.cli.gates import SEVERITIES, Gates
from rm_audit.cli.options import (
    AsOf,
    ConfigFile,
    Currency,
    EngineName,
    Memory,
    Packs,
    Paths,
    PeriodText,
    Profiles,
    Sets,
    usage,
)

if TYPE_CHECKING:
    from rm_audit.book import Book
    from rm_audit.report import Report

BaselineFile = Annotated[
    Path | None, typer.Option("--baseline", metavar="FILE", help="A stored report; what it knows trips no gate.")
]
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
    float | None, typer.Option("--fail-on-amount", metavar="N", help="Avoidable and unproven money that fails.")
]
MinScore = Annotated[float | None, typer.Option("--min-score", metavar="N", help="Least score, 0 to 100.")]
MinCoverage = Annotated[float | None, typer.Option("--min-coverage", metavar="N", help="Least coverage in percent.")]
Redact = Annotated[
    str | None, typer.Option("--redact", metavar="WHAT", help="Leave out names, amounts or all, to share outside.")
]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colours.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Nothing on stdout.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Every finding and every channel.")]


def _command(doc: str, *, short: bool, severity: str) -> Callable[..., None]:
    """One audit as two commands, which differ in how much they print and in what fails by default."""

    def run(
        paths: Paths,
        config: ConfigFile = None,
        rules: Packs = None,
        set_: Sets = None,
        as_of: AsOf = None,
        currency: Currency = None,
        baseline: BaselineFile = None,
        period: PeriodText = None,
        profiles: Profiles = None,
        engine: EngineName = "auto",
        memory: Memory = None,
        form: Form = "terminal",
        output: Outputs = None,
        fail_on: FailOn = severity,
        fail_on_amount: FailAmount = None,
        min_score: MinScore = None,
        min_coverage: MinCoverage = None,
        redact: Redact = None,
        no_color: NoColor = False,
        quiet: Quiet = False,
        verbose: Verbose = False,
    ) -> None:
        hide = _hidden(redact)
        gates = _gates(fail_on, fail_on_amount, min_score, min_coverage, tell_amounts=hide in (None, "names"))
        check_outputs(form, output or [], paths)
        part = (engine, memory, verbose)
        book, report = audited(paths, config, rules, set_, as_of, currency, period, profiles, baseline, part)
        quiet = quiet or (not book.recognised and form == "terminal")  # a page about nothing helps nobody
        look = {"verbose": verbose, "short": short, "redact": hide}
        write_outputs(report, form, output or [], paths, no_color=no_color, quiet=quiet, **look)
        raise typer.Exit(_exit_code(book, report, gates))

    run.__doc__ = doc
    return run


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
    from rm_audit.errors import did_you_mean
    from rm_audit.redacting import CHOICES

    if what is not None and what not in CHOICES:
        help = did_you_mean(what, CHOICES) or f"It is one of {', '.join(CHOICES)}."
        raise usage(f"--redact: there is no '{what}'", help)
    return what


def audited(
    paths: list[str],
    config_file: Path | None,
    packs: list[Path] | None,
    sets: list[str] | None,
    as_of: str | None,
    currency: str | None,
    period: str | None,
    profiles: list[Path] | None,
    baseline: Path | None,
    engine: tuple[str, str | None, bool] = ("auto", None, False),
) -> tuple[Book, Report]:
    """The book and its report; `engine` is who reads large files, how much memory it has, and whether to say so."""
    from rm_audit.baseline import Baseline, load_baseline
    from rm_audit.cli.options import day_of, ruleset_of, say, settings, with_engine
    from rm_audit.cli.screen import waiting
    from rm_audit.verbs import audit, read

    day = day_of(as_of)
    config = settings(paths, config_file, currency, period, sets or [], profiles or [])
    config = with_engine(config, *engine[:2])
    ruleset = ruleset_of(packs or [], config)
    stored = baseline or config.baseline
    known = load_baseline(stored) if stored is not None else Baseline()
    with waiting("Reading the files"):
        book = read(paths, config=config)
    # Where nothing was recognised no report says so: then the warnings are all there is.
    say([problem for problem in book.problems if problem.level == "error" or not book.recognised])
    if engine[2]:
        say_engines(book)
    with waiting("Judging"):
        report = audit(book, ruleset, config=config, as_of=day, baseline=known)
    say([note for note in report.notes if note.level != "info"])
    return book, report


def say_engines(book: Book) -> None:
    """Which files an engine rolled up, to stderr."""
    from rm_audit.cli.options import say

    say([problem for problem in book.problems if problem.code == "rolled-up"])


def check_outputs(form: str, outputs: list[str], paths: list[str]) -> None:
    """Raises UsageError for an unknown format, and for an output file that is an input."""
    from rm_audit.errors import did_you_mean
    from rm_audit.readers import files_meant
    from rm_audit.rendering import FORMATS, SUFFIXES

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


def write_outputs(
    report: Report, form: str, outputs: list[str], paths: list[str], *, no_color: bool, quiet: bool, **look: Any
) -> None:
    """The report to every file and to stdout; `look` is verbose, short and redact."""
    from rm_audit.cli.files import places, unwritten, write_whole
    from rm_audit.cli.options import say
    from rm_audit.cli.screen import screen
    from rm_audit.rendering import SUFFIXES, render

    options = {**look, "places": places(paths), "sources": paths, "tell": lambda note: say([note])}
    for output in outputs:
        if output != "-":
            try:
                content = render(report, SUFFIXES[Path(output).suffix], width=100, **options)
            except OSError as error:  # a workbook is put together in files of the machine's temporary folder
                raise unwritten(Path(output), error) from None
            write_whole(Path(output), content)
    form = "terminal" if form == "xlsx" else form  # the screen has its own words beside the file
    if "-" in outputs or not quiet:
        typer.echo(render(report, form, **screen(no_color), **options), nl=False)


def _exit_code(book: Book, report: Report, gates: Gates) -> int:
    from rm_audit.rendering.words import to_bring

    reached = gates.reached(report.document)
    for why in reached:
        typer.echo(f"failed: {why}", err=True)
    if reached:
        return 1
    if not book.recognised:
        if any(file.sheets for file in book.inputs):
            typer.echo("error: nothing in these files was recognised", err=True)
        return 3
    used = any(sheet["rows"]["used"] for file in report.document["inputs"] for sheet in file["sheets"])
    if book.unreadable or (not used and any(problem.level == "error" for problem in book.problems)):
        return 3
    unjudged = gates.unjudged(report.document)
    for why in unjudged:
        typer.echo(f"not judged: {why}", err=True)
    bring = to_bring(report.document)
    if unjudged and bring:
        typer.echo(f"  help: Bring {bring[0][0]}, or ask for less.", err=True)
    return 3 if unjudged else 0
