"""The rules' own language: three truth values, the functions with worked values, and all that is refused."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rm_audit.expr import KNOWN, MISSING, ZERO, ExpressionError, Scope, column, parse

T, F, U = True, False, None  # true, false, unknown
NIL = "0/0"  # unknown for want of a denominator


def ask(text: str, **columns: Sequence[Any]) -> list[Any]:
    """The value of an expression in each row: None where an input is missing, NIL where it came to n/0."""
    length = max((len(values) for values in columns.values()), default=1)
    found = Scope(length, {name: column(values) for name, values in columns.items()}).evaluate(parse(text, columns))
    named = {MISSING: U, ZERO: NIL}
    plain = [value.item() if isinstance(value, np.generic) else value for value in found.values]
    return [plain[row] if state == KNOWN else named[state] for row, state in enumerate(found.state)]


def refused(text: str, *known: str) -> tuple[str, int, str]:
    """What is said of an expression that is not taken: words, column counted from 0, help."""
    with pytest.raises(ExpressionError) as error:
        parse(text, known)
    return error.value.message, error.value.column, error.value.help


# --- three truth values -----------------------------------------------------------------------------------------


def test_and_is_false_as_soon_as_one_side_is() -> None:
    """The table of `and`: unknown stays unknown, unless the other side is false."""
    a = [T, T, T, U, U, U, F, F, F]
    b = [T, U, F, T, U, F, T, U, F]
    assert ask("a and b", a=a, b=b) == [T, U, F, U, U, F, F, F, F]


def test_or_is_true_as_soon_as_one_side_is() -> None:
    """The table of `or`: unknown stays unknown, unless the other side is true."""
    a = [T, T, T, U, U, U, F, F, F]
    b = [T, U, F, T, U, F, T, U, F]
    assert ask("a or b", a=a, b=b) == [T, T, T, T, U, U, T, U, F]


def test_not_leaves_unknown_unknown() -> None:
    """The table of `not`."""
    assert ask("not a", a=[T, U, F]) == [F, U, T]


@pytest.mark.parametrize(
    ("sign", "expected"),
    [
        ("==", [F, T, F, U, U, U]),
        ("!=", [T, F, T, U, U, U]),
        ("<", [T, F, F, U, U, U]),
        ("<=", [T, T, F, U, U, U]),
        (">", [F, F, T, U, U, U]),
        (">=", [F, T, T, U, U, U]),
    ],
)
def test_a_comparison_with_an_unknown_is_unknown(sign: str, expected: list[bool | None]) -> None:
    """Each comparison of 1, 2, 3 with 2, then with an unknown on the left, the right and both sides."""
    assert ask(f"a {sign} b", a=[1, 2, 3, U, 2, U], b=[2, 2, 2, 2, U, U]) == expected


def test_a_chain_is_decided_by_one_false_link() -> None:
    """`0 <= a <= b`: a false link makes it false even where the other link is unknown."""
    assert ask("0 <= a <= b", a=[1, -1, -1, 1, U, 3], b=[2, 2, U, U, 2, 2]) == [T, F, F, U, U, F]


def test_in_looks_through_a_list_of_constants() -> None:
    """Texts are compared without case and outer spaces; unknown stays unknown."""
    kinds = ["Job board", " JOB BOARD ", "social", U]
    assert ask("a in ('job board', 'search')", a=kinds) == [T, T, F, U]
    assert ask("a not in ('job board', 'search')", a=kinds) == [F, F, T, U]
    assert ask("a in [1, 2]", a=[1, 3, U]) == [T, F, U]


def test_texts_are_equal_without_regard_to_case() -> None:
    """People write Job board and job board for the same thing."""
    assert ask("a == 'job board'", a=["Job Board", "job boards", U]) == [T, F, U]


def test_a_text_beside_a_number_has_no_answer() -> None:
    """Neither equal nor different: unknown."""
    assert ask("a == 1", a=["1", "x", U]) == [U, U, U]
    assert ask("a + 1", a=["1", "x", U]) == [U, U, U]


def test_a_division_by_zero_is_unknown_for_a_reason_of_its_own() -> None:
    """0/0 and n/0 are NIL and not missing; where an input is missing too, that is the reason that counts."""
    assert ask("a / b", a=[6, 0, 5, U, U, 4], b=[3, 0, 0, 0, 2, U]) == [2, NIL, NIL, U, U, U]
    assert ask("a / b > 1", a=[6, 0, U], b=[3, 0, 0]) == [T, NIL, U]
    assert ask("a / b > 1 and c", a=[0, 0, 0], b=[0, 0, 0], c=[T, U, F]) == [NIL, U, F]
    assert ask("a / b > 1 or c", a=[0, 0, 0], b=[0, 0, 0], c=[T, U, F]) == [T, U, NIL]


def test_arithmetic_follows_the_usual_order() -> None:
    """Products before sums, brackets first, a minus before a number."""
    assert ask("1 + 2 * 3 - 8 / 4") == [5]
    assert ask("(1 + 2) * -3") == [-9]
    assert ask("a - -b", a=[1, U], b=[2, 2]) == [3, U]


def test_and_binds_more_tightly_than_or_and_not_more_than_both() -> None:
    """`a or b and not c` is `a or (b and (not c))`."""
    triples = list(itertools.product([T, F], repeat=3))
    a, b, c = zip(*triples, strict=True)
    assert ask("a or b and not c", a=a, b=b, c=c) == [x or (y and not z) for x, y, z in triples]


# --- the functions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abs(a)", [3, 0, U, 4]),
        ("min(a, 2)", [-3, 0, U, 2]),
        ("max(a, 2, 3)", [3, 3, U, 4]),
        ("coalesce(a, 7)", [-3, 0, 7, 4]),
        ("coalesce(a, b)", [-3, 0, U, 4]),
        ("coalesce(a / 0, b, 1)", [1, 1, 1, 1]),
        ("share(a)", [-3, 0, U, 4]),
        ("rank(a)", [3, 2, U, 1]),
        ("sum(a)", [1, 1, 1, 1]),
        ("median(a)", [0, 0, 0, 0]),
        ("quantile(a, 0)", [-3, -3, -3, -3]),
        ("quantile(a, 0.75)", [2, 2, 2, 2]),
        ("sum(b)", [U, U, U, U]),
        ("median(b)", [U, U, U, U]),
        ("share(a - a)", [NIL, NIL, U, NIL]),
    ],
)
def test_each_function_on_minus_three_nothing_unknown_and_four(text: str, expected: list[Any]) -> None:
    """a is -3, 0, unknown, 4; b is unknown everywhere. Functions over all rows leave unknown rows out."""
    assert ask(text, a=[-3, 0, U, 4], b=[U, U, U, U]) == expected


def test_equal_values_share_a_rank() -> None:
    """Two at the top are both first, and the next is third."""
    assert ask("rank(a)", a=[5, 9, 9, 1]) == [3, 1, 1, 4]


def test_matches_takes_globs_and_bars() -> None:
    """Patterns with stars, several with bars, no regard to case; unknown stays unknown."""
    texts = ["Page views", "cost per CLICK", "hires", "", U]
    assert ask("matches(a, '*view*|*click')", a=texts) == [T, T, F, F, U]
    assert ask("matches(a, '(a+)+$')", a=["a" * 60, "(a+)+$", U, "x", "y"]) == [F, T, U, F, F]


RATES = [(0, 10), (1, 10), (5, 10), (10, 10), (3, 200), (0, 1)]


def test_rates_have_jeffreys_ends() -> None:
    """rate_low and rate_high are the 5% and 95% points of Beta(hits + .5, misses + .5); 0 and 1 at the edges."""
    hits, tries = zip(*RATES, strict=True)
    low = [0.0 if x == 0 else float(stats.beta.ppf(0.05, x + 0.5, n - x + 0.5)) for x, n in RATES]
    high = [1.0 if x == n else float(stats.beta.ppf(0.95, x + 0.5, n - x + 0.5)) for x, n in RATES]
    assert ask("rate_low(a, b)", a=hits, b=tries) == pytest.approx(low, abs=1e-12)
    assert ask("rate_high(a, b)", a=hits, b=tries) == pytest.approx(high, abs=1e-12)


def test_a_rate_of_no_tries_is_nil_and_of_unknown_tries_unknown() -> None:
    """0 of 0 is no rate; more hits than tries count as all."""
    assert ask("rate_high(a, b)", a=[0, 3, U, 2], b=[0, U, 5, 0]) == [NIL, U, U, NIL]
    assert ask("rate_high(a, b)", a=[7], b=[5]) == [1.0]


def test_counts_have_exact_gamma_ends() -> None:
    """count_low and count_high are the 5% point of Gamma(n) and the 95% point of Gamma(n + 1); none is 0 to 3.0."""
    counts = [0, 1, 4, 40]
    low = [0.0 if n == 0 else float(stats.gamma.ppf(0.05, n)) for n in counts]
    high = [float(stats.gamma.ppf(0.95, n + 1)) for n in counts]
    assert ask("count_low(a)", a=[*counts, U]) == [*map(pytest.approx, low), U]
    assert ask("count_high(a)", a=[*counts, U]) == [*map(pytest.approx, high), U]
    assert high[0] == pytest.approx(-np.log(0.05))


def test_no_rows_are_no_values() -> None:
    """Every function on a table without a row gives a column without a row."""
    calls = ["abs(a)", "share(a)", "rank(a)", "sum(a)", "median(a)", "quantile(a, a)", "rate_low(a, a)"]
    calls += ["count_high(a)", "matches(a, a)", "coalesce(a, a)", "a in (1, 2)", "a / a > 1 and not a"]
    assert {call: ask(call, a=[]) for call in calls} == {call: [] for call in calls}


# --- what is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message", "at", "help_"),
    [
        ("spnd > 1", "unknown name 'spnd'", 0, "did you mean 'spend'?"),
        ("spend > clcks", "unknown name 'clcks'", 8, "did you mean 'clicks'?"),
        ("spend > zzz", "unknown name 'zzz'", 8, ""),
        ("1 < shar(spend)", "unknown function 'shar'", 4, "did you mean 'share'?"),
        ("__import__('os')", "unknown function '__import__'", 0, ""),
        ("spend.real()", "unknown function 'spend.real'", 0, ""),
        ("1 + share()", "share() takes 1 to 2 values, not 0", 4, ""),
        ("min(spend)", "min() takes 2 to 9 values, not 1", 0, ""),
        ("quantile(spend, 1, 2)", "quantile() takes 2 values, not 3", 0, ""),
        ("share(x=1)", "share() takes 1 to 2 values, not 0", 0, ""),
        ("1 + spend.real", "'attribute' is not part of the rule language", 4, ""),
        ("spend[0]", "'subscript' is not part of the rule language", 0, ""),
        ("lambda: 1", "'lambda' is not part of the rule language", 0, ""),
        ("[x for x in spend]", "'listcomp' is not part of the rule language", 0, ""),
        ("sum(x for x in spend)", "'generatorexp' is not part of the rule language", 3, ""),
        ("{1: 2}", "'dict' is not part of the rule language", 0, ""),
        ("{1, 2}", "'set' is not part of the rule language", 0, ""),
        ("f'{spend}'", "'joinedstr' is not part of the rule language", 0, ""),
        ("(spend := 1)", "'namedexpr' is not part of the rule language", 1, ""),
        ("1 if spend else 2", "'ifexp' is not part of the rule language", 0, ""),
        ("share(*spend)", "'starred' is not part of the rule language", 6, ""),
        ("spend is 1", "'is' is not part of the rule language", 0, ""),
        ("None", "None is not a value of the rule language", 0, ""),
        ("spend == b'x'", "b'x' is not a value of the rule language", 9, ""),
        ("1j", "1j is not a value of the rule language", 0, ""),
        ("...", "Ellipsis is not a value of the rule language", 0, ""),
        ("await spend", "'await' is not part of the rule language", 0, ""),
        ("spend > 1 && clicks", "cannot be read as an expression: write 'and' for '&&'", 11, ""),
        ("spend || clicks", "cannot be read as an expression: write 'or' for '||'", 7, ""),
        ("spend = 1", "cannot be read as an expression: write '==' for '='", 6, ""),
        ("import os", "cannot be read as an expression: invalid syntax", 0, ""),
        ("spend; clicks", "cannot be read as an expression: invalid syntax", 5, ""),
        ("spend >\nclicks", "an expression is one line of at most 500 characters", 0, ""),
        ("a" * 10_000, "an expression is one line of at most 500 characters", 0, ""),
        ("not " * 120 + "spend", "the expression is too long; split the rule in two", 0, ""),
        ("1" + "+1" * 110, "the expression is too long; split the rule in two", 0, ""),
    ],
)  # fmt: skip
def test_an_expression_outside_the_language_is_refused(text: str, message: str, at: int, help_: str) -> None:
    """Words, column and did-you-mean, whole."""
    assert refused(text, "spend", "clicks") == (message, at, help_)


def test_brackets_in_brackets_in_brackets_are_refused() -> None:
    """240 brackets deep, whatever words Python has for it."""
    assert refused("(" * 240 + "1" + ")" * 240)[0].startswith("cannot be read as an expression: ")


@pytest.mark.parametrize("sign", ["**", "//", "%", "@", "<<", ">>", "&", "|", "^"])
def test_operators_outside_the_language_are_refused(sign: str) -> None:
    """Powers, integer division, remainders, matrices, shifts and bits."""
    assert "is not part of the rule language" in refused(f"spend {sign} 2", "spend")[0]


@pytest.mark.parametrize("sign", ["+", "~"])
def test_signs_outside_the_language_are_refused(sign: str) -> None:
    """A plus before a name, and a bit complement."""
    assert "is not part of the rule language" in refused(f"{sign}spend", "spend")[0]


@pytest.mark.parametrize(
    "text",
    [
        "spend in clicks",
        "spend in 'abc'",
        "spend in (clicks, 1)",
        "(1, 2)",
        "spend + (1, 2)",
        "[1]",
        "share",
        "share > 1",
    ],
)
def test_a_list_stands_only_behind_in_and_a_function_only_with_brackets(text: str) -> None:
    """Anything else can never have an answer, so it is refused when the rule is read and not when it is run."""
    assert refused(text, "spend", "clicks")[0]


def test_the_column_of_an_error_counts_leading_spaces() -> None:
    """A caret stands under the name that is wrong, also where the text begins with spaces."""
    assert refused("  spnd > 1", "spend") == ("unknown name 'spnd'", 2, "did you mean 'spend'?")


@pytest.mark.parametrize(
    "text",
    ["abs(t)", "-t", "min(t, 1)", "share(t)", "rank(t)", "sum(t)", "median(t)", "quantile(t, 0.5)", "rate_low(t, 2)",
     "count_high(t)"],
)  # fmt: skip
def test_a_text_where_a_number_belongs_is_unknown_or_refused_and_never_a_crash(text: str) -> None:
    """A rule pack from a stranger can compute, and nothing else: it cannot break a run."""
    try:
        parsed = parse(text, ["t"])
    except ExpressionError:
        return
    found = Scope(2, {"t": column(["x", None])}).evaluate(parsed)
    assert found.state.tolist() == [MISSING, MISSING]


@pytest.mark.parametrize(
    "text", ["-m", "-(a > 1)", "quantile(m, 0.5)", "quantile(a, 2)", "quantile(a, -1)", "quantile(a, b)"]
)
def test_truth_values_and_odd_quantiles_never_crash(text: str) -> None:
    """A truth value counts as 0 or 1; a quantile that does not exist is refused or unknown."""
    try:
        parsed = parse(text, ["m", "a", "b"])
    except ExpressionError:
        return
    columns = {"m": column([True, False]), "a": column([1, 2]), "b": column([5, None])}
    assert len(Scope(2, columns).evaluate(parsed)) == 2


@pytest.mark.parametrize("text", ["1e308 * 10 > a", "1e400 - 1e400 > a", "1e400 / 1e400 > a", "1" + "0" * 400 + " > a"])
def test_numbers_beyond_all_money_never_crash(text: str) -> None:
    """Too large a number is refused or compared; it raises nothing and warns of nothing."""
    try:
        parsed = parse(text, ["a"])
    except ExpressionError:
        return
    assert len(Scope(1, {"a": column([1])}).evaluate(parsed)) == 1


def test_names_are_remembered_in_the_order_of_first_use() -> None:
    """What a rule needs is derived from its expressions: functions and constants are no names."""
    assert parse("b > share(a) and a < b / c or 'd' == b", "abc").names == ("b", "a", "c")


def test_a_formula_is_computed_and_a_measured_name_wins_over_it() -> None:
    """cost_per_hire is spend / hires, unless it was given."""
    spend, hires = column([100, 100, 100]), column([4, 0, None])
    cost = parse("cost_per_hire", ["cost_per_hire"])
    derived = Scope(3, {"spend": spend, "hires": hires}).evaluate(cost)
    given_ = Scope(3, {"spend": spend, "hires": hires, "cost_per_hire": column([9, 9, 9])}).evaluate(cost)
    assert (derived.values[0], derived.state.tolist()) == (25.0, [KNOWN, ZERO, MISSING])
    assert (given_.values.tolist(), given_.state.tolist()) == ([9, 9, 9], [KNOWN, KNOWN, KNOWN])


def test_what_is_missing_is_named_down_to_the_measures() -> None:
    """cost_per_hire without hires lacks hires; 0 hires is no lack."""
    scope = Scope(3, {"spend": column([100, 100, 100]), "hires": column([4, 0, None])})
    expression = parse("cost_per_hire > 5 and clicks > 0", ["cost_per_hire", "clicks"])
    assert [scope.missing(expression, row) for row in range(3)] == [["clicks"], ["clicks"], ["hires", "clicks"]]


# --- random expressions -----------------------------------------------------------------------------------------

NUMBERS = st.one_of(st.none(), st.integers(-1000, 1000), st.floats(-1000, 1000, allow_nan=False))
TRUTHS = st.one_of(st.none(), st.booleans())
NUMERIC, TRUTHY, WORDS = ["a", "b", "c"], ["p", "q", "r"], ["t"]
_numbers: st.SearchStrategy[str] = st.deferred(
    lambda: st.one_of(
        st.sampled_from([*NUMERIC, "0", "1", "2.5"]),
        st.tuples(_numbers, st.sampled_from("+-*/"), _numbers).map(lambda x: f"({x[0]} {x[1]} {x[2]})"),
        _numbers.map(lambda x: f"(-{x})"),
        st.tuples(
            st.sampled_from(
                ["min({}, {})", "max({}, {})", "coalesce({}, {})", "rate_low({}, {})", "rate_high({}, {})"]
            ),
            _numbers,
            _numbers,
        ).map(lambda x: x[0].format(x[1], x[2])),
        st.tuples(st.sampled_from(["abs", "share", "rank", "sum", "median", "count_low", "count_high"]), _numbers).map(
            lambda x: f"{x[0]}({x[1]})"
        ),
        _numbers.map(lambda x: f"quantile({x}, 0.3)"),
    )
)
_bare_truths: st.SearchStrategy[str] = st.deferred(
    lambda: st.one_of(
        st.sampled_from(TRUTHY),
        st.tuples(_bare_truths, st.sampled_from(["and", "or"]), _bare_truths).map(lambda x: f"({x[0]} {x[1]} {x[2]})"),
        _bare_truths.map(lambda x: f"(not {x})"),
    )
)
_truths: st.SearchStrategy[str] = st.deferred(
    lambda: st.one_of(
        _bare_truths,
        st.tuples(_numbers, st.sampled_from(["<", "<=", "==", "!=", ">", ">="]), _numbers).map(
            lambda x: f"({x[0]} {x[1]} {x[2]})"
        ),
        st.tuples(_numbers, _numbers, _numbers).map(lambda x: f"({x[0]} < {x[1]} <= {x[2]})"),
        st.sampled_from(["t == 'x'", "t in ('x', 'y')", "matches(t, 'x*')", "a in (1, 2)", "t == a"]),
        st.tuples(_truths, st.sampled_from(["and", "or"]), _truths).map(lambda x: f"({x[0]} {x[1]} {x[2]})"),
        _truths.map(lambda x: f"(not {x})"),
    )
)


@st.composite
def columns_of(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Seven columns of one to four rows, each value perhaps unknown."""
    rows = draw(st.integers(1, 4))
    kinds = {**dict.fromkeys(NUMERIC, NUMBERS), **dict.fromkeys(TRUTHY, TRUTHS)}
    kinds["t"] = st.sampled_from([None, "x", "Yes"])
    return {name: draw(st.lists(kind, min_size=rows, max_size=rows)) for name, kind in kinds.items()}


@given(_truths, columns_of())
@settings(max_examples=150, deadline=None)
def test_random_expressions_over_random_columns_never_raise(text: str, columns: dict[str, list[Any]]) -> None:
    """Whatever is unknown, every row comes to true, false, unknown or NIL."""
    try:
        parse(text, columns)
    except ExpressionError:
        return  # longer than one line
    assert set(ask(text, **columns)) <= {T, F, U, NIL}


@given(_bare_truths, columns_of())
@settings(max_examples=100, deadline=None)
def test_whatever_an_unknown_turns_out_to_be_a_decided_answer_stands(text: str, columns: dict[str, list[Any]]) -> None:
    """Every way of filling in the unknowns gives the answer that was given before, where one was given."""
    try:
        expression = parse(text, columns)
    except ExpressionError:
        return
    used = {name: columns[name] for name in expression.names}
    before = ask(text, **used)
    for row, answer in enumerate(before):
        answers = {ask(text, **filled)[0] for filled in _fillings({name: used[name][row] for name in used})}
        assert answers == {answer} if answer is not None else answers <= {T, F}


def _fillings(values: Mapping[str, bool | None]) -> list[dict[str, list[bool]]]:
    choices = [[value] if value is not None else [T, F] for value in values.values()]
    return [
        {name: [value] for name, value in zip(values, picked, strict=True)} for picked in itertools.product(*choices)
    ]


@given(TRUTHS, TRUTHS, st.sampled_from(["and", "or"]))
def test_an_unknown_input_never_changes_a_decided_and_or_or(p: bool | None, q: bool | None, word: str) -> None:
    """False decides `and`, true decides `or`, on either side."""
    decides = word == "or"
    rule = operator.or_ if decides else operator.and_
    expected = decides if decides in (p, q) else None if None in (p, q) else rule(bool(p), bool(q))
    assert ask(f"p {word} q", p=[p], q=[q]) == [expected]
