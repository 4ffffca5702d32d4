"""A pack from a stranger can compute, and nothing else: no crash, no hang, no file, no attribute, little memory."""

from __future__ import annotations

import contextlib
import os
import string
import time
import tracemalloc
from pathlib import Path

import pytest
import yaml
from books import RULE, rule_text
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rm_audit.errors import Problem
from rm_audit.expr import FUNCTIONS, ExpressionError, Scope, Words, column, parse
from rm_audit.rulebook.coverage import coverage
from rm_audit.rulebook.lint import lint
from rm_audit.rulebook.load import MAX_BYTES, load_rule, read_rule
from rm_audit.rulebook.pack import load_only
from rm_audit.rulebook.selftest import run_tests
from rm_audit.yamls import MAX_PROBLEMS, WIDEST, load

SLOWEST = 5.0  # seconds for the worst text that is taken, on a busy machine; most take a thousandth
NAMES = ["a", "b", "t"]
UNITS = Words({"a": "money", "b": "count", "t": "text", "month": "text"}, keys=("month",))


def judged(text: str) -> list[int] | str:
    """The states of an expression over three rows, or why it was refused."""
    columns = {"a": column([1, None, -3]), "b": column([0, 2, None]), "t": column(["x" * 3000, None, "(["])}
    try:
        expression = parse(text, NAMES)
    except ExpressionError as error:
        return error.message if 0 <= error.column <= max(len(text), 1) else [error.column]
    return [int(state) for state in Scope(3, columns).evaluate(expression).state]


# --- the language -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "().__class__.__bases__[0].__subclasses__()", "__import__('os').system('ls')", "open('/etc/passwd')",
        "a.values", "a['x']", "eval('1')", "getattr(a, 'x')", "(lambda: a)()", "[a for a in a]", "f'{a}'",
        "a if b else a", "print(a)", "globals()", "a := b", "share.__globals__", "'x'.format(a)", "'%s' % a",
        "b'x' == a", "2 ** 2 ** 2 ** 9", "'a' * 10 ** 9", "1 << 999999999", "a @ a", "~a", "1j", "...", "None",
        "yield a", "*a", "9" * 400, "0x" + "f" * 400, "1e308 * 1e308", "1e999", "(" * 300 + "a" + ")" * 300,
        "not " * 120 + "a", "-" * 450 + "a", "1" + "<2" * 240, "a in (" + "1," * 220 + ")", "a" * 501, "a\nb",
        "a\x00", "a\u202e", "\ud800",
        "a\\", "a # b\n", "a;b", "import os", "def f(): pass", "'" + "x" * 499,
    ],
)  # fmt: skip
def test_what_is_not_of_the_language_is_refused_at_once(text: str) -> None:
    """Attributes, subscripts, calls, powers, huge numbers, depth, length, hidden letters: all refused in no time."""
    start = time.perf_counter()
    assert isinstance(judged(text), str)
    assert time.perf_counter() - start < 1


_tokens = st.sampled_from(
    [*NAMES, *FUNCTIONS, *"()[]{}.,:+-*/%<>=!&|^~@#'\"\\ ", "and", "or", "not", "in", "is", "if", "else", "lambda",
     "for", "**", "//", "==", "<=", "0", "1", "1e9", "9" * 20, "'x'", "'*a*'", "None", "True", "__class__", "\t", "é"]
)  # fmt: skip


@given(st.one_of(st.lists(_tokens, max_size=30).map(" ".join), st.lists(_tokens, max_size=30).map("".join), st.text()))
@settings(max_examples=500, deadline=2000)
@example("rank(t)")
@example("0 / 0 / t < 'x' < 0")
@example("1e14 * 1e14 * 1e14 * 1e14 * " + "1e14 * " * 20 + "1e14 == t")
@example("0 / 0 in ('x', 1) or 'x' in (1, 'x') or not 't' or -'t' > 1")
@example("quantile(a, t)")
@example("matches(t, '[!]*[z-a]')")
@example("matches(t, '" + "*a" * 200 + "')")
@example("prior(a, t)")
def test_any_text_is_judged_or_refused(text: str) -> None:
    """Random words of the language and random letters: three states or a reason, never anything else."""
    found = judged(text)
    assert isinstance(found, str) or len(found) == 3


@given(st.lists(_tokens, max_size=30).map(" ".join))
@settings(max_examples=300, deadline=2000)
def test_the_check_of_units_never_breaks(text: str) -> None:
    """Whatever can be read is either of a unit or refused with a reason."""
    with contextlib.suppress(ExpressionError):
        parse(text, UNITS, "mark")


def test_the_units_of_a_long_sum_are_found_at_once() -> None:
    """Each part of a sum of sums is looked at once, not twice as often with every level."""
    start = time.perf_counter()
    assert parse("a > " + " + ".join(["a"] * 40), UNITS, "mark").names == ("a",)
    assert time.perf_counter() - start < 1


def test_a_pattern_made_to_try_for_ever_does_not() -> None:
    """Globs have no way to go back for ever: 200 stars over 200 long texts."""
    texts = [("a" * 1000) + str(row) for row in range(200)]
    start = time.perf_counter()
    found = Scope(200, {"t": column(texts)}).evaluate(parse("matches(t, '" + "*a" * 200 + "b')", ["t"]))
    assert not found.values.any()
    assert time.perf_counter() - start < SLOWEST


# --- files ------------------------------------------------------------------------------------------------------

_laughs = "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 8)}]\n" for old, new in zip("abcdefghij", "bcdefghijk", strict=True)
)
HOSTILE = {
    "a billion laughs": _laughs,
    "lists in lists": "[" * 5000 + "]" * 5000,
    "mappings in mappings": "a: " + "{a: " * 3000 + "1" + "}" * 3000,
    "indents": "".join(" " * depth + "a:\n" for depth in range(400)),
    "ten thousand keys": "".join(f"k{key}: 1\n" for key in range(10_000)),
    "one key ten thousand times": "a: 1\n" * 10_000,
    "a number of digits": "a: " + "9" * 90_000,
    "a hex number": "weight: 0x" + "f" * 90,
    "a number to the base of sixty": "a: 1" + ":59" * 30_000,
    "a float beyond all": "weight: 1e999999",
    "no number": "weight: .nan",
    "a python object": "a: !!python/object/apply:os.system ['ls']",
    "bytes": "a: !!binary zzz",
    "a set": "a: !!set {x}",
    "itself": "&a [*a]",
    "a zero byte": "a: \x00",
    "half a letter": "a: \ud800",
    "an escaped half": 'id: "\\uD800"',
    "a list as a key": "? [a, b]\n: 1",
    "two documents": "---\na: 1\n---\nb: 2",
    "a day that is not": "a: 2026-99-99",
    "thirty thousand lists": "a: [" + "[]," * 30_000 + "]",
    "a long line": "id: " + "x" * 90_000,
    "more than a page": "#" * (MAX_BYTES + 1),
    "a thousand rows": rule_text(flag="spend > 0", tests="[{name: n, given: [" + "{zz: 1}, " * 9000 + "]}]"),
    "a thousand params": rule_text(flag="spend > 0", params="{" + ", ".join(f"p{n}: 1" for n in range(9000)) + "}"),
    "a thousand grains": rule_text(flag="1 > 0", grain="[" + "chanel, " * 9000 + "]"),
    "a thousand places": rule_text(flag="1 > 0", message='"' + "{zz}" * 20_000 + '"'),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_a_problem_and_costs_little(name: str) -> None:
    """Problems of at most a hundred, each of a width that people can read, within seconds and 100 MB."""
    tracemalloc.start()
    start = time.perf_counter()
    found, problems = load_rule(HOSTILE[name], "a-rule.yaml")
    spent, (_, peak) = time.perf_counter() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found is None
    assert 0 < len(problems) <= MAX_PROBLEMS
    assert all(len(line) <= 2 * WIDEST for problem in problems for line in problem.text().split("\n"))
    assert "".join(problem.text() for problem in problems).encode()
    assert (spent < 4 * SLOWEST, peak < 100_000_000) == (True, True)  # traced, it is several times as slow


def test_what_an_alias_stands_for_has_its_places_once() -> None:
    """Eleven lines of three aliases each would stand for 177,147 values."""
    lines = [f"{new}: &{new} [*{old}, *{old}, *{old}]" for old, new in zip("abcdefghijk", "bcdefghijkl", strict=True)]
    assert len(load("\n".join(["a: &a [x]", *lines]), "a-rule.yaml").places) == 1 + 12 + 1 + 3 * 11


def test_a_pipe_and_a_huge_file_in_a_pack_are_not_read(tmp_path: Path) -> None:
    """A pipe that nobody writes to would be waited for; a file of a gigabyte would fill the memory."""
    os.mkfifo(tmp_path / "pipe.yaml")
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(1_000_000_000)
    assert load_only([tmp_path]) == (
        [],
        [Problem("error", "yaml-too-large", "the file is larger than 100 kB", file=f"{tmp_path.name}/huge.yaml")],
    )


KEYS = ["value", "unit", "source", "class", "step", "amount", "name", "given", "expect", "channel", "spend", "state",
        "boundary", "params", "missing", "x"]  # fmt: skip
_plain = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(string.printable, max_size=12),
        st.sampled_from(["spend > 0", "channel", "fail", "share(spend) > 0.1", "{spend}", "flaw", "ratio"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    ),
    max_leaves=8,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*RULE, "flag", "earn", "where", "enough", "money", "params", "blocks", "unit"]),
                       _plain, max_size=3))  # fmt: skip
@settings(max_examples=300, deadline=2000)
def test_any_value_in_any_field_is_a_rule_or_a_problem(fields: dict[str, object]) -> None:
    """A rule with one to three fields of random values: loaded, linted, its tests run, or refused with reasons."""
    whole = {**{name: yaml.safe_load(text) for name, text in RULE.items()}, "flag": "spend > 0", **fields}
    text = yaml.safe_dump(whole, width=10**6, sort_keys=False)
    found, problems = load_rule(text, "a-rule.yaml")
    assert (found is None) == bool(problems)
    if found is not None:
        lint([found])
        run_tests([found])
        coverage(found)


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ("given: [{spend: [1]}], expect: [{}]", "'spend' must be a number, or null where unknown"),
        ("given: [{spend: .inf}], expect: [{}]", "'spend' must be a number, or null where unknown"),
        ("given: [{spend: some}, {hires: 3}], expect: [{}]", "'spend' must be a number, or null where unknown"),
        ("given: [{hires: true}], expect: [{}]", "'hires' must be a number, or null where unknown"),
        ("given: [{channel: [A]}], expect: [{}]", "'channel' must be a text, or null where unknown"),
        ("given: [{spend: 1}], expect: [{amount: many}]", "'amount' must be a number"),
        ("given: [{spend: 1}], expect: [{missing: spend}]", "'missing' must be a list of names"),
    ],
)
def test_rows_of_tests_hold_plain_values(test: str, message: str) -> None:
    """Lists, infinities and texts where numbers belong are said when the rule is read."""
    problems = load_rule(rule_text(flag="spend > 0", tests=f"[{{name: n, {test}}}]"), "a-rule.yaml")[1]
    assert [problem.message for problem in problems] == [message]


@given(st.text(max_size=200), st.integers(0, 400), st.integers(0, 20))
@settings(max_examples=300, deadline=2000)
def test_any_slip_of_the_pen_is_a_rule_or_a_problem(slip: str, at: int, gone: int) -> None:
    """A sound rule with random letters put in, or some taken out, at any place."""
    sound = rule_text(flag="share(spend) > 0.5", where="spend > 0", tests="[{name: n, given: [{channel: A, spend: 5}], "
                      "expect: [{channel: A, state: fail}]}]")  # fmt: skip
    found, problems = load_rule(sound[:at] + slip + sound[at + gone :], "a-rule.yaml")
    assert (found is None) == bool(problems)
    assert all(problem.text() for problem in problems)


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=2000)
def test_any_bytes_are_no_crash(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """A file of random bytes is a problem."""
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(content)
    assert read_rule(file, "any.yaml")[1]


def test_what_yaml_reads_is_plain_data_only() -> None:
    """No object of any other kind comes out of a file: texts, numbers, marks, days, lists and mappings."""
    text = "a: 1\nb: [x, 2.5, true, null, 2026-03-31]\nc: {d: '1'}\n"
    document = load(text, "x.yaml")
    assert document.problems == []
    assert [type(value).__name__ for value in [document.data["a"], *document.data["b"], document.data["c"]["d"]]] == [
        "int", "str", "float", "bool", "NoneType", "date", "str",
    ]  # fmt: skip
