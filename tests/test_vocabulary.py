"""`rm-audit rules vocabulary`: every word with its unit, meaning and origin; functions; truth tables."""

from __future__ import annotations

import json

import pytest
from books import AS_OF, ctx
from typer.testing import CliRunner

import rm_audit
from rm_audit.cli.app import wired
from rm_audit.errors import UsageError
from rm_audit.expr import FUNCTIONS, logic
from rm_audit.metrics import frames as measuring
from rm_audit.tables import TABLES
from rm_audit.vocabulary import KEYS, VOCABULARY


def printed(*options: str) -> str:
    words = ["rules", "vocabulary", *options]
    done = CliRunner().invoke(wired(), words, env={"COLUMNS": "100"}, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_the_truth_tables_as_people_read_them() -> None:
    """The whole of --logic."""
    assert printed("--logic") == (
        "logic\n"
        "  a          b          a and b    a or b\n"
        "  true       true       true       true\n"
        "  true       unknown    unknown    true\n"
        "  true       false      false      true\n"
        "  unknown    true       unknown    true\n"
        "  unknown    unknown    unknown    unknown\n"
        "  unknown    false      false      unknown\n"
        "  false      true       false      true\n"
        "  false      unknown    false      unknown\n"
        "  false      false      false      false\n"
        "\n"
        "  a          not a\n"
        "  true       false\n"
        "  unknown    unknown\n"
        "  false      true\n"
        "\n"
        "  a          b          a < b\n"
        "  1          2          true\n"
        "  2          1          false\n"
        "  unknown    2          unknown\n"
        "  1          unknown    unknown\n"
        "  unknown    unknown    unknown\n"
        "\n"
        "  An input that is missing makes an answer unknown, except where the other side decides it.\n"
        "  A division by zero is unknown too. A rule whose 'flag' is unknown for that reason alone\n"
        "  cannot tell; where an input is missing, it is not evaluated, and says what to bring.\n"
    )


def test_the_tables_are_those_of_kleene() -> None:
    """With false 0, unknown 1/2 and true 1, `and` is the least, `or` the greatest, and `not` is 1 minus."""
    worth = {True: 1.0, None: 0.5, False: 0.0}
    assert all(worth[answer] == min(worth[a], worth[b]) for a, b, answer in logic.two_sided("and"))
    assert all(worth[answer] == max(worth[a], worth[b]) for a, b, answer in logic.two_sided("or"))
    assert all(worth[answer] == 1 - worth[a] for a, answer in logic.negated())


def test_every_name_of_a_grain_is_printed_with_unit_meaning_formula_and_origin() -> None:
    """The sequence's names: the first measured one and the first derived one, whole."""
    lines = printed("--grain", "sequence")
    assert lines.startswith(
        "sequence\n"
        "  sequence                 text   the sequence that the verdict is about\n"
        "  steps                    count  steps of the sequence\n"
        "                                  from messages.body\n"
    )
    assert (
        "  reply_rate               ratio  replies per message sent = replies / sent\n"
        "                                  from messages.replies, messages.sent\n"
    ) in lines


def test_the_document_for_programs_holds_all_there_is() -> None:
    """Names, grains, functions and logic, as the tables in the code have them."""
    found = json.loads(printed("--format", "json"))
    assert [item["name"] for item in found["names"]] == list(VOCABULARY)
    assert [item["name"] for item in found["functions"]] == list(FUNCTIONS)
    assert set(found["grains"]) == {*KEYS, "portfolio"}
    assert found["logic"]["not"] == [[True, False], [None, None], [False, True]]
    by_name = {item["name"]: item for item in found["names"]}
    assert by_name["cost_per_application"] == {
        "name": "cost_per_application",
        "unit": "money",
        "grains": ["channel", "campaign", "month", "job", "portfolio"],
        "meaning": "external cost per application in the ATS",
        "formula": "external_spend / applications",
        "tables": ["applications.source", "outcome_totals.applications", "spend.amount"],
        "bring": [
            "an ATS export with a row an application and its source and stage dates, or totals per source",
            "a spend sheet with an amount a channel",
            "a 'Cost type' column in the spend sheet",
        ],
    }
    assert json.loads(printed("--format", "json", "--logic")) == {"logic": found["logic"]}


def test_every_name_says_where_it_comes_from() -> None:
    """The columns that a name names are columns that tables have, and each measured name says what brings it."""
    for word in VOCABULARY.values():
        for place in word.tables:
            table, column = place.split(".")
            assert table in TABLES, (word.name, place)
            assert column in TABLES[table].columns, (word.name, place)
        assert word.bring or word.formula or word.name in KEYS, word.name


def test_what_is_measured_is_in_the_vocabulary() -> None:
    """No column of a frame without a word for it: the frames of an example book, at every grain."""
    book = rm_audit.read(["examples/spend.xlsx", "examples/plan.xlsx"])
    found = measuring.Frames(ctx(book, AS_OF))
    grains = [("channel",), ("channel", "campaign"), ("channel", "month"), ("job",), ("portfolio",)]
    grains += [(key,) for key in ("sequence", "programme", "contract", "line")]
    measured = {name for grain in grains for name in found[grain].columns}
    assert sorted(measured - set(VOCABULARY)) == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--grain", "chanel"], "error: --grain: unknown grain 'chanel'\n  help: did you mean 'channel'?"),
        (["--format", "xml"], "error: --format: vocabulary has no format 'xml'\n  help: There are terminal and json."),
    ],
)
def test_a_wrong_option_is_said(options: list[str], expected: str) -> None:
    """The whole text."""
    with pytest.raises(UsageError) as error:
        CliRunner().invoke(wired(), ["rules", "vocabulary", *options], catch_exceptions=False)
    assert str(error.value) == expected
