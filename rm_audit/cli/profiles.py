"""`rm-audit profiles`: list, show, lint, test and draft."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rm_audit.cli.options import Profiles, finish, usage

if TYPE_CHECKING:
    from rm_audit.errors import Problem
    from rm_audit.profiles.model import Profile

profiles_app = typer.Typer(
    help="Look at the profiles of exports, check them, run the tests inside them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Given = Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="Else the built-in profiles.")]
ProfileId = Annotated[str, typer.Argument(metavar="PROFILE", help="A profile's id.")]


@profiles_app.command("list")
def list_profiles(profiles: Profiles = None) -> None:
    """List every profile: id, table, how its headers are known, title."""
    from rm_audit.profiles.library import library

    for profile in library(profiles or []):
        typer.echo(f"{profile.id:<34} {profile.table or 'any':<14} {profile.evidence or 'own':<7} {profile.title}")


@profiles_app.command()
def show(profile: ProfileId, profiles: Profiles = None) -> None:
    """Print a profile's file as it stands."""
    from rm_audit.errors import did_you_mean
    from rm_audit.profiles.library import library, source_text

    known = {item.id: item for item in library(profiles or [])}
    if profile not in known:
        help = did_you_mean(profile, known) or "See: rm-audit profiles list"
        raise usage(f"no profile is called '{profile}'", help, "unknown-profile")
    typer.echo(source_text(known[profile], profiles or []), nl=False)


@profiles_app.command()
def lint(paths: Given = None) -> None:
    """Check profiles for mistakes and for proofs that are missing. Exit 2 where there are any."""
    from rm_audit.profiles.lint import lint as lint_profiles

    found, problems = _only(paths or [])
    finish(problems + lint_profiles(found), f"{len(found)} profiles, no complaint")


@profiles_app.command("test")
def run_profile_tests(paths: Given = None) -> None:
    """Run the tests that stand inside the profiles. Exit 2 where one fails."""
    from rm_audit.profiles.library import library
    from rm_audit.profiles.selftest import as_problems, run_tests

    found, problems = _only(paths or [])
    outcomes = run_tests(found, library(paths or []) if not problems else found)
    finish(problems + as_problems(outcomes), f"{len(found)} profiles, {len(outcomes)} tests, all hold")


@profiles_app.command()
def draft(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An export that no profile knows.")],
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write here; else to stdout.")] = None,
) -> None:
    """Write a commented profile for an export that nobody described yet."""
    from rm_audit.cli.files import write_whole
    from rm_audit.errors import InputError, Problem
    from rm_audit.profiles.draft import draft as drafted
    from rm_audit.readers import read_paths

    if output is not None and output.exists():
        raise usage(f"--output: '{output}' is there already", "Name another file, or move that one away.")
    read = [*read_paths([file])]
    if any(not one.sheets for one in read):
        raise InputError([problem for one in read for problem in one.problems])
    text = drafted([sheet for one in read for sheet in one.sheets], file.name)
    if text is None:
        words = "no row of this file looks like headers of which any is understood"
        help = "Give a file with a row of headers, one of them in a language that is known."
        raise InputError(Problem("error", "no-headers", words, help, file.name))
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_whole(output, text)


def _only(paths: Sequence[Path]) -> tuple[list[Profile], list[Problem]]:
    """The profiles of these paths alone; without any, the built-in ones."""
    from rm_audit.profiles.library import read_folder, shipped

    if not paths:
        return [profile for profile in shipped() if profile.signature], []
    profiles: list[Profile] = []
    problems: list[Problem] = []
    for path in paths:
        more, complaints = read_folder(path, path.name)
        profiles, problems = profiles + more, problems + complaints
    return profiles, problems
