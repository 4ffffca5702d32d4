"""All commands, wired. Their options are declared here and in the files beside; their work is imported when called."""

from __future__ import annotations

import typer

from rm_audit.cli.analyze import analyze, check
from rm_audit.cli.compare import compare
from rm_audit.cli.config import config
from rm_audit.cli.copy import copy
from rm_audit.cli.explain import explain
from rm_audit.cli.init import init
from rm_audit.cli.inspect import inspect
from rm_audit.cli.profiles import profiles_app
from rm_audit.cli.rejudge import rejudge
from rm_audit.cli.rollup import rollup
from rm_audit.cli.rules import rules_app

HELP = "Tells a recruitment-marketing team the truth about its money, with evidence down to the cell."


def _version(asked: bool) -> None:
    if asked:
        from rm_audit import __version__

        typer.echo(f"rm-audit {__version__}")
        raise typer.Exit


# Plain help: rich help costs more to import than all the rest of `rm-audit --help` together.
app = typer.Typer(
    help=HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)
app.command("analyze")(analyze)
app.command("check")(check)
app.command()(inspect)
app.command()(explain)
app.command()(compare)
app.command()(rejudge)
app.command()(rollup)
app.command()(init)
app.command()(config)
app.command()(copy)
app.add_typer(rules_app, name="rules")
app.add_typer(profiles_app, name="profiles")


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    del version
