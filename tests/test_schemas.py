"""The documents for programs: each fits its shipped JSON Schema, and no schema takes back what version 1 promised."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from making import rm

from rm_audit.report import schema

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
NAMES = ("report", "inspect", "compare", "config")
DAY = ("--as-of", "2026-10-15")
INPUTS = ("spend.xlsx", "plan.xlsx", "employer")


def wrong(name: str, text: str) -> list[str]:
    return [error.message for error in Draft202012Validator(schema(name)).iter_errors(json.loads(text))]


def test_a_schema_is_shipped_for_every_document_and_named_on_its_page() -> None:
    """SCHEMAS.md lies beside them and names each document with its version and its file."""
    shipped = {path.name for path in resources.files("rm_audit").iterdir() if path.name.endswith(".schema.json")}
    assert shipped == {f"{name}.schema.json" for name in NAMES}
    page = resources.files("rm_audit").joinpath("SCHEMAS.md").read_text("utf-8")
    for name in NAMES:
        Draft202012Validator.check_schema(schema(name))
        assert schema(name)["$id"] == schema(name)["properties"]["schema"]["const"] == f"rm-audit/{name}/1"
        assert f"`rm-audit/{name}/1`" in page
        assert f"`{name}.schema.json`" in page


@pytest.mark.parametrize("book", INPUTS)
def test_every_document_of_an_example_fits_its_schema(book: str) -> None:
    """Report (with its measurements), inspect, and the settings in force."""
    for name, command in (
        ("report", ("analyze", book, *DAY)),
        ("inspect", ("inspect", book)),
        ("config", ("config", book)),
    ):
        code, said, _ = rm(*command, "--format", "json", cwd=EXAMPLES)
        assert (name, code, wrong(name, said)) == (name, 0, [])


def test_a_comparison_of_two_examples_fits_its_schema(tmp_path: Path) -> None:
    """Other findings, other rules, another basis of money: new, gone and rule changed are in it."""
    (tmp_path / "rm-audit.yaml").write_text("rules: {plan-no-owner: off, kpi-vanity: {severity: low}}\n")
    config = ("--config", str(tmp_path / "rm-audit.yaml"))
    stored = str(tmp_path / "before.json")
    rm("analyze", "plan.xlsx", *DAY, *config, "--output", stored, "--quiet", cwd=EXAMPLES)
    code, said, _ = rm("compare", stored, "spend.xlsx", *DAY, "--format", "json", cwd=EXAMPLES)
    kinds = {item["kind"] for item in json.loads(said)["findings"]}
    assert (code, wrong("compare", said)) == (0, [])
    assert kinds == {"new", "gone", "rule_changed", "threshold_changed"}


def promises(node: Any, whole: Any, place: str = "") -> Iterator[str]:
    """Every key of a schema with its type: `findings[].money.amount number`. A key that may be left out ends in ?."""
    node = {**node, **whole["$defs"][node["$ref"].rpartition("/")[2]]} if "$ref" in node else node
    kinds = node.get("type", [])
    words = "|".join([kinds] if isinstance(kinds, str) else kinds)
    if place:
        yield f"{place} {words}".strip()
    for name, part in node.get("properties", {}).items():
        left_out = "" if name in node.get("required", ()) else "?"
        yield from promises(part, whole, f"{place}.{name}{left_out}".lstrip("."))
    if isinstance(node.get("items"), dict):
        yield from promises(node["items"], whole, f"{place}[]")
    if isinstance(node.get("additionalProperties"), dict):
        yield from promises(node["additionalProperties"], whole, f"{place}.*")


@pytest.mark.parametrize("name", NAMES)
def test_version_1_keeps_what_it_promised(name: str) -> None:
    """A key may be added inside a version; none may go, change its type, or become one that may be left out.

    `tests/schemas/NAME-1.txt` holds the keys of version 1. Add a new key there; a line that has to change or to go
    means a new version (SCHEMAS.md). The insides of `measurements` are left out, for they may change.
    """
    promised = (ROOT / "tests" / "schemas" / f"{name}-1.txt").read_text("utf-8").splitlines()
    now = {line for line in promises(schema(name), schema(name)) if not line.startswith("measurements?.")}
    assert [line for line in promised if line not in now] == []
    assert promised
