"""The profiles that ship with rm-audit, and those that a user adds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rm_audit.errors import Problem, UsageError, why_unreadable
from rm_audit.profiles.load import load_generic, load_profile
from rm_audit.profiles.model import Profile

HERE = Path(__file__).parent


@cache
def generic() -> Profile:
    """The profile for ordinary sheets, which every other profile adds to."""
    return load_generic((HERE / "generic.yaml").read_text(encoding="utf-8"))


@cache
def shipped() -> tuple[Profile, ...]:
    """The built-in profiles by id, the generic one last. Raises UsageError with every problem of every file."""
    return (*load_folder(HERE / "platforms", "platforms"), generic())


def library(paths: Sequence[str | Path] = ()) -> tuple[Profile, ...]:
    """The user's profiles before the built-in ones; one with a known id takes that profile's place."""
    own = [profile for path in paths for profile in load_folder(Path(path), Path(path).name)]
    taken = {profile.id for profile in own}
    return (*own, *(profile for profile in shipped() if profile.id not in taken))


def source_text(profile: Profile, paths: Sequence[Path]) -> str:
    """The text of a profile's file, from the folder that gave it."""
    for path in [*paths, HERE / "platforms", HERE / "generic.yaml"]:
        for file in [path] if path.is_file() else sorted(path.rglob("*.y*ml")):
            if file.name == Path(profile.file).name:
                return file.read_text(encoding="utf-8")
    return ""


def load_folder(path: Path, shown: str) -> list[Profile]:
    """The profiles of a file or folder. Raises UsageError with every problem of every file."""
    profiles, problems = read_folder(path, shown)
    if problems:
        raise UsageError(problems)
    return profiles


def read_folder(path: Path, shown: str) -> tuple[list[Profile], list[Problem]]:
    """The profiles of a file or folder, and what is wrong with any of them."""
    if not path.exists():
        return [], [Problem("error", "no-such-profile", "no such profile, file or folder", "Check the path.", shown)]
    files = [path] if path.is_file() else sorted([*path.rglob("*.yaml"), *path.rglob("*.yml")])
    if not files:
        return [], [Problem("error", "no-such-profile", "no profile (*.yaml) in this folder", "", shown)]
    profiles: list[Profile] = []
    problems: list[Problem] = []
    for file in files:
        name = shown if path.is_file() else f"{shown}/{file.relative_to(path).as_posix()}"
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem("error", "profile-unreadable", f"the profile {why_unreadable(error)}", file=name))
            continue
        profile, complaints = load_profile(text, name, generic())
        profiles += [profile] if profile else []
        problems += complaints
    return profiles, problems
