"""Options that several commands share, and what they become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import date

    from rm_audit.config import Config
    from rm_audit.errors import Problem, UsageError
    from rm_audit.rulebook.settings import Ruleset

Paths = Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders or patterns. All are one book.")]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Project file; else rm-audit.yaml beside the input.")
]
Packs = Annotated[
    list[Path] | None, typer.Option("--rules", metavar="PATH", help="A rule file or folder to add; repeatable.")
]
Profiles = Annotated[
    list[Path] | None, typer.Option("--profiles", metavar="PATH", help="A profile file or folder to add; repeatable.")
]
Sets = Annotated[list[str] | None, typer.Option("--set", metavar="RULE.PARAM=VALUE", help="A threshold; repeatable.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="The day of judgement; else today.")]
Currency = Annotated[str | None, typer.Option("--currency", metavar="CODE", help="The book's currency, such as EUR.")]
PeriodText = Annotated[str | None, typer.Option("--period", metavar="YEAR|FROM..TO", help="The time that is judged.")]
BaselineFile = Annotated[
    Path | None, typer.Option("--baseline", metavar="FILE", help="A stored report; what it knows trips no gate.")
]
EngineName = Annotated[
    str,
    typer.Option("--engine", metavar="NAME", help="auto, pandas, duckdb or spark: who adds up large files; or cells."),
]
Memory = Annotated[
    str | None, typer.Option("--memory", metavar="SIZE", help="How much the engine may use, such as 2GB; else 700MB.")
]


@dataclass(frozen=True)
class Reading:
    """How files are read: the options of commands that read a book and judge nothing."""

    config: ConfigFile = None
    currency: Currency = None
    period: PeriodText = None
    profiles: Profiles = None
    engine: EngineName = "auto"
    memory: Memory = None


@dataclass(frozen=True)
class Judging:
    """How files are read and judged: the options of every command that audits. Those of `Reading` stand among the
    others, in the order in which --help shows them."""

    config: ConfigFile = None
    rules: Packs = None
    set_: Sets = None
    as_of: AsOf = None
    currency: Currency = None
    baseline: BaselineFile = None
    period: PeriodText = None
    profiles: Profiles = None
    engine: EngineName = "auto"
    memory: Memory = None


def usage(message: str, help: str = "", code: str = "bad-option") -> UsageError:
    """A wrong option, as the contract prints it."""
    from rm_audit.errors import Problem, UsageError

    return UsageError(Problem("error", code, message, help))


def day_of(text: str | None) -> date:
    """`--as-of` as a day; today where it is not given. The one place that reads the clock."""
    from datetime import date

    if text is None:
        return date.today()
    from rm_audit.days import is_credible, to_day

    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise usage(f"--as-of: '{text}' is not a day", "Write it as 2026-03-31.") from None
    if not is_credible(to_day(day), to_day(day)):
        raise usage(f"--as-of: '{text}' does not lie in the years 1970 to 2099", "Write it as 2026-03-31.")
    return day


def settings(
    paths: Sequence[str],
    config_file: Path | None,
    currency: str | None,
    period: str | None,
    sets: Sequence[str] = (),
    profiles: Sequence[Path] = (),
) -> Config:
    """The project file with the flags laid over it."""
    from rm_audit.config import find_project_file, is_currency, load_config
    from rm_audit.days import parse_period
    from rm_audit.rulebook.model import PLAYS

    if "" in paths:
        raise usage("an empty path names no file", "Give a file, a folder or a pattern; . is this folder.")
    found = config_file or next((file for path in paths if (file := find_project_file(Path(path)))), None)
    config = load_config(found, tuple(PLAYS))
    if currency is not None:
        if not is_currency(currency):
            raise usage(f"--currency: '{currency}' is not a currency code", "Write three letters, such as EUR.")
        origins = {**config.origins, "currency": "--currency"}
        config = replace(config, currency=currency.upper(), origins=origins)
    if period is not None:
        try:
            origins = {**config.origins, "period": "--period"}
            config = replace(config, period=parse_period(period), origins=origins)
        except ValueError as error:
            raise usage(f"--period: {error}", "Write 2026, 2026-03 or 2026-01..2026-06.") from None
    return replace(config, sets=sets_of(sets), profiles=(*profiles, *config.profiles))


def settings_of(paths: Sequence[str], given: Reading | Judging, sets: Sequence[str] = ()) -> Config:
    """The project file with all of these options laid over it."""
    found = settings(paths, given.config, given.currency, given.period, sets, given.profiles or [])
    return with_engine(found, given.engine, given.memory)


def with_engine(config: Config, engine: str, memory: str | None) -> Config:
    """The settings with who reads large files. Raises UsageError for an engine or a size that there is none."""
    from rm_audit.cli.sizes import check_memory
    from rm_audit.errors import did_you_mean
    from rm_audit.readers.whole import ENGINES

    if engine not in ENGINES:
        help = did_you_mean(engine, ENGINES) or f"There are {', '.join(ENGINES)}."
        raise usage(f"--engine: there is no engine '{engine}'", help)
    if memory is not None:
        check_memory(memory)
    return replace(config, engine=engine, memory=memory or "")


def sets_of(sets: Sequence[str]) -> dict[str, Any]:
    """`RULE.PARAM=VALUE` and `RULE=off` → settings as the project file would hold them."""
    import yaml

    found: dict[str, Any] = {}
    for text in sets:
        name, equals, value = text.partition("=")
        rule, dot, param = name.rpartition(".")
        try:
            plain = yaml.safe_load(value)
        except yaml.YAMLError:
            plain = value  # a text, which the rule will refuse where it wants a number
        if equals and name and not dot and isinstance(plain, bool):
            found[name] = plain
            continue
        if not equals or not dot or not rule or not param:
            raise usage(f"--set: '{text}' is not RULE.PARAM=VALUE", "For example --set board-zero-hire.multiple=4.")
        _put(found, rule, param, plain)
    return found


def _put(found: dict[str, Any], rule: str, param: str, value: Any) -> None:
    """Under the rule, or for some subjects: `board-expensive.for.channel.Monster.com.multiple=4`."""
    name, some, subjects = rule.partition(".for.")
    key, _, subject = subjects.partition(".")
    place = found
    for step in (name, "for", key, subject) if some else (name,):
        if not isinstance(place.get(step), dict):
            place[step] = {}
        place = place[step]
    place[param] = value


def ruleset_of(packs: Sequence[Path], config: Config) -> Ruleset:
    """The rules in force: built-in, then packs, the project file and the flags; with what the lock has to say."""
    from rm_audit.rulebook.lock import LOCK_FILE, differences, named
    from rm_audit.verbs import rules_in_force

    found = rules_in_force(config, packs)
    folder = config.folder or Path()
    unlike = differences(folder / LOCK_FILE, named([*config.extends, *packs], folder))
    return replace(found, notes=(*unlike, *found.notes))


def finish(problems: Sequence[Problem], well: str) -> None:
    """Ends a check: its problems and exit 2, or one line that says that all is well."""
    say(problems)
    if problems:
        typer.echo(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}", err=True)
        raise typer.Exit(2)
    typer.echo(well)


def say(problems: Sequence[Problem]) -> None:
    """Problems to stderr, each with its place, excerpt and remedy."""
    for problem in problems:
        typer.echo(problem.text(), err=True)
