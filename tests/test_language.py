"""The evaluator on whole columns against a plain one that goes row by row: the same answer to everything."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reference import NIL, answers

from rm_audit.expr import KNOWN, ZERO, Scope, Shared, column, parse

KEYS = ("channel", "month")
NUMBERS = st.one_of(st.none(), st.integers(-9, 99), st.sampled_from([0, 0, 1, 0.5, 2.25]))
COUNTS = st.one_of(st.none(), st.integers(0, 60))
TRUTHS = st.one_of(st.none(), st.booleans())
KINDS = {
    **dict.fromkeys("ab", NUMBERS),
    **dict.fromkeys("mn", COUNTS),
    **dict.fromkeys("pq", TRUTHS),
    "t": st.sampled_from([None, "board", " Board", "search engine", "b*"]),
    "u": st.sampled_from([None, "BOARD", "email"]),
    "channel": st.sampled_from(["A", "B"]),
    "month": st.sampled_from([None, "2025-11", "2025-12", "2026-01", "2026-02"]),
}


def _shapes(*shapes: str, **parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A shape such as '({n} + {n})' with each place filled at random."""

    @st.composite
    def filled(draw: st.DrawFn) -> str:
        text = draw(st.sampled_from(shapes))
        for letter, strategy in parts.items():
            while f"{{{letter}}}" in text:
                text = text.replace(f"{{{letter}}}", draw(strategy), 1)
        return text

    return filled()


TEXTS = _shapes("t", "u", "channel", "coalesce(t, u)", "coalesce(u, 'email', t)", "'board'")
COUNTED = _shapes("m", "n", "sum(m)", "3")
NUMERIC: st.SearchStrategy[str] = st.recursive(
    st.sampled_from(["a", "b", "m", "n", "0", "1", "2.5"]),
    lambda inner: _shapes(
        "({n} + {n})", "({n} - {n})", "({n} * {n})", "({n} / {n})", "(-{n})", "abs({n})", "min({n}, {n})",
        "max({n}, {n}, 1)", "coalesce({n}, {n})", "share({n})", "share({n}, channel)", "rank({n})", "rank({n}, t)",
        "sum({n})", "sum({n}, month)", "mean({n}, u)", "median({n})", "median({n}, channel)", "quantile({n}, 0.3)",
        "prior({n})", "prior({n}, 2)", "rate_low({c}, {c})", "rate_high({c}, {c})",
        n=inner, c=COUNTED,
    ),
    max_leaves=6,
)  # fmt: skip
TRUTHFUL: st.SearchStrategy[str] = st.recursive(
    _shapes(
        "p", "q", "({n} < {n})", "({n} <= {n})", "({n} == {n})", "({n} != {n})", "({n} > {n} >= {n})", "({t} == {t})",
        "({t} != {t})", "({t} < {t})", "({t} in ('board', 'x'))", "({t} not in ('EMAIL ', 'b*'))", "(m in (1, 2, 3))",
        "(a not in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9))", "matches({t}, '*a*|em?il')", "matches({t}, 'B')",
        n=NUMERIC, t=TEXTS,
    ),
    lambda inner: _shapes("({b} and {b})", "({b} or {b})", "(not {b})", "({b} and {b} and {b})", b=inner),
    max_leaves=5,
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, Any]]:
    """One to six rows; no two have the same channel and month."""
    rows = draw(st.lists(st.fixed_dictionaries(KINDS), min_size=1, max_size=6))
    return list({(row["channel"], row["month"]): row for row in rows}.values())


def ours(text: str, rows: Sequence[dict[str, Any]], shared: Shared | None = None) -> list[Any]:
    """The same of the real evaluator; with `shared`, planned first as a run plans its rules."""
    scope = Scope(len(rows), {name: column([row[name] for row in rows]) for name in KINDS}, keys=KEYS)
    expression = parse(text, KINDS)
    if shared is not None:
        scope.plan([expression], shared)
    found = scope.evaluate(expression)
    plain = [value.item() if isinstance(value, np.generic) else value for value in found.values]
    return [
        value if state == KNOWN else NIL if state == ZERO else None
        for value, state in zip(plain, found.state, strict=True)
    ]


def same(a: Any, b: Any) -> bool:
    if isinstance(a, bool) or isinstance(b, bool) or a in (None, NIL) or b in (None, NIL):
        return a is b or a == b
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)


@given(TRUTHFUL, tables())
@settings(max_examples=400, deadline=None)
@example("(a / b > 1 or p)", [{**dict.fromkeys(KINDS), "a": 0, "b": 0, "channel": "A"}])
@example("(rank(a, t) == 1)", [{**dict.fromkeys(KINDS), "a": 0, "channel": "A"}])
def test_whole_columns_answer_as_row_by_row(text: str, rows: list[dict[str, Any]]) -> None:
    """True, false, unknown and 0/0 in the same rows, whatever the expression."""
    if len(text) <= 500:
        assert ours(text, rows) == answers(text, rows, KEYS), text


@given(NUMERIC, tables())
@settings(max_examples=400, deadline=None)
def test_whole_columns_compute_as_row_by_row(text: str, rows: list[dict[str, Any]]) -> None:
    """The same numbers, unknown in the same rows for the same reason."""
    if len(text) <= 500:
        found, expected = ours(text, rows), answers(text, rows, KEYS)
        assert all(same(a, b) for a, b in zip(found, expected, strict=True)), (text, found, expected)


@given(st.lists(TRUTHFUL, min_size=2, max_size=6), tables())
@settings(max_examples=100, deadline=None)
def test_what_rules_share_changes_no_answer(texts: list[str], rows: list[dict[str, Any]]) -> None:
    """Planned together, with equal parts computed once and then forgotten, or each alone: the same."""
    texts = [text for text in texts if len(text) <= 500]
    shared, scopes = Shared(), []
    base = Scope(len(rows), {name: column([row[name] for row in rows]) for name in KINDS}, keys=KEYS)
    for text in texts:
        scope, expression = base.with_params({}), parse(text, KINDS)
        scope.plan([expression], shared)
        scopes.append((scope, expression))
    together = [scope.evaluate(expression).state.tolist() for scope, expression in scopes]
    alone = [base.evaluate(parse(text, KINDS)).state.tolist() for text in texts]
    assert together == alone
    assert shared.kept == 0
