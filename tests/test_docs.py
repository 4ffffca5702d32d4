"""What the README says, holds."""

from __future__ import annotations

import re
from pathlib import Path

from making import rm

from rm_audit.config import KEYS, load_config
from rm_audit.rulebook.model import PLAYS
from rm_audit.verbs import load_rules

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def block(language: str, holding: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return next(text for text in found if holding in text)


def test_the_project_file_of_the_readme_is_read(tmp_path: Path) -> None:
    """The sample `rm-audit.yaml` loads, and its rule settings fit rules that there are."""
    (tmp_path / "packs" / "agency").mkdir(parents=True)
    (tmp_path / "audit-2026-q3.json").touch()
    file = tmp_path / "rm-audit.yaml"
    file.write_text(block("yaml", "currency"), encoding="utf-8")
    (tmp_path / "our-exports").mkdir()
    config = load_config(file, tuple(PLAYS))
    assert config.currency == "EUR"
    assert set(config.origins) == {*KEYS}
    rules = load_rules(overrides=config.rules)
    assert [rule.id for rule in rules.rules if rule.play == "nurture"] == []


def test_every_command_and_option_that_the_readme_names_is_there() -> None:
    """`rm-audit X --help` answers for each command, and each `--option` stands in some help."""
    commands = {"analyze", "check", "inspect", "explain", "init", "config", "copy", "compare", "rejudge", "rollup"}
    commands |= {f"rules {name}" for name in ("list", "show", "lint", "test", "new", "vocabulary", "schema", "lock")}
    commands |= {f"profiles {name}" for name in ("list", "show", "lint", "test", "draft")}
    helps = {name: help_of(*name.split()) for name in commands}
    named = set(re.findall(r"rm-audit (\w+)", README)) - {"rules", "tells"}
    assert named <= {name.split()[0] for name in commands}
    options = set(re.findall(r"(--[a-z][a-z-]+)", README.replace("--quiet", "")))
    assert {option for option in options if not any(option in text for text in helps.values())} == set()


def test_the_rule_count_of_the_changelog() -> None:
    """The number of rules in CHANGELOG.md is the number that there are."""
    text = (Path(__file__).parent.parent / "CHANGELOG.md").read_text("utf-8")
    assert f"- {len(load_rules().rules)} rules in ten plays" in text


def help_of(*command: str) -> str:
    code, text, _ = rm(*command, "--help", cwd=Path())
    assert code == 0
    return text
