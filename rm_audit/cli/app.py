"""All commands, wired. Their options are declared in the files beside; their work is imported when called."""

from __future__ import annotations

from importlib import import_module

import typer

HELP = "Tells a recruitment-marketing team the truth about its money, with evidence down to the cell."
# Each command and the file that declares it, in the order of --help; groups of commands are Typer's own.
COMMANDS = {
    "analyze": "analyze",
    "check": "analyze",
    **{name: name for name in ("inspect", "explain", "compare", "rejudge", "rollup", "init", "config", "copy")},
}
GROUPS = ("rules", "profiles")


def _version(asked: bool) -> None:
    if asked:
        from rm_audit import __version__

        typer.echo(f"rm-audit {__version__}")
        raise typer.Exit


def _options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    del version


def wired(word: str = "") -> typer.Typer:
    """The command line. Where its first word is a command, that one alone: to declare all others takes time too."""
    # Plain help: rich help costs more to import than all the rest of `rm-audit --help` together.
    app = typer.Typer(
        help=HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
    )
    app.callback()(_options)
    names = [word] if word in (*COMMANDS, *GROUPS) else [*COMMANDS, *GROUPS]
    for name in names:
        file = import_module(f"rm_audit.cli.{COMMANDS.get(name, name)}")
        if name in COMMANDS:
            app.command(name)(getattr(file, name))
        else:
            app.add_typer(getattr(file, f"{name}_app"), name=name)
    return app
