"""Units: what goes together, what does not, and what is said of it."""

from __future__ import annotations

import pytest
from books import rule_text

from rm_audit.expr import FUNCTIONS, UNITS, ExpressionError, Words, parse
from rm_audit.expr.units import UNIT_RULES
from rm_audit.rulebook.load import load_rule
from rm_audit.vocabulary import KEYS, VOCABULARY

PARAMS = {"floor": "ratio", "times": "multiple", "least": "count", "grace": "days", "word": "text", "cap": "money"}
WORDS = Words(
    {**{name: word.unit for name, word in VOCABULARY.items()}, **PARAMS}, frozenset(PARAMS), ("channel", "month")
)


def said(text: str, wanted: str = "mark") -> tuple[int, str, str]:
    """Column from 0, words and remedy."""
    with pytest.raises(ExpressionError) as error:
        parse(text, WORDS, wanted)
    return error.value.column, error.value.message, error.value.help


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("spend > 0", "mark"),
        ("clicks * floor >= 10", "mark"),
        ("spend * (1 - applies_per_click / floor)", "money"),
        ("spend / hires", "money"),
        ("spend / hires * applications", "money"),
        ("spend / cost_per_hire > hires", "mark"),
        ("media_spend / spend < floor * times", "mark"),
        ("hires / spend > applications / media_spend", "mark"),
        ("1 - hires / applications < 0.2", "mark"),
        ("1 / hires < floor", "mark"),
        ("days_to_notice + 30 < grace", "mark"),
        ("0 <= days_to_notice <= grace", "mark"),
        ("channel == word or channel in ('a', 'b') or matches(channel, word)", "mark"),
        ("coalesce(channel_kind, 'other') != 'job-board'", "mark"),
        ("has_kpi and not has_owner or has_kpi == has_objective", "mark"),
        ("share(spend) > floor and share(spend, month) > 0.3", "mark"),
        ("rank(spend) <= 3 and rank(spend, channel_kind) == 1", "mark"),
        ("sum(has_kpi) >= 2 and share(has_kpi) > floor", "mark"),
        ("median(cost_per_hire) * times", "money"),
        ("quantile(spend, floor) < mean(spend, month)", "mark"),
        ("prior(spend) < spend and prior(hires, 12) > hires", "mark"),
        ("count_high(hires) < least and rate_low(hires, applications) > floor", "mark"),
        ("min(spend, cap, 100)", "money"),
        ("count_high(0) * cost_per_hire", "money"),
    ],
)
def test_what_goes_together(text: str, unit: str) -> None:
    """Ratios scale amounts and counts; an amount for each piece is still an amount; numbers fit where they stand."""
    assert parse(text, WORDS, unit).text == text


@pytest.mark.parametrize(
    ("text", "column", "message", "help_"),
    [
        ("applies_per_click < spend", 20, "cannot compare 'applies_per_click' (a ratio) and 'spend' (money)",
         "Multiply 'applies_per_click' by an amount, or divide 'spend' by an amount."),
        ("spend > least", 8, "cannot compare 'spend' (money) and 'least' (a count)",
         "Multiply 'least' by an amount, or divide 'spend' by an amount."),
        ("floor < least", 8, "cannot compare 'floor' (a ratio) and 'least' (a count)",
         "Multiply the ratio by a count, or divide the count by a count."),
        ("hires > 1 and spend - floor > 0", 22, "cannot subtract 'spend' (money) and 'floor' (a ratio)",
         "Multiply 'floor' by an amount, or divide 'spend' by an amount."),
        ("max(0, floor, spend) > 0", 14, "max() cannot choose between 'floor' (a ratio) and 'spend' (money)",
         "Multiply 'floor' by an amount, or divide 'spend' by an amount."),
        ("spend * spend > 0", 0, "'spend * spend' has no meaning: money and money",
         "Multiply an amount by a ratio or a count."),
        ("grace * grace > 0", 0, "'grace * grace' has no meaning: days and days",
         "Multiply an amount by a ratio or a count."),
        ("channel == 3", 11, "cannot compare 'channel' (text) and '3' (a number)",
         "Put a text in quotes, and a number without."),
        ("channel in ('a', 3)", 17, "a list cannot look for 'channel' (text) and '3' (a number)",
         "Put a text in quotes, and a number without."),
        ("'ä' == channel and spend == 'ö'", 28, "cannot compare 'spend' (money) and ''ö'' (text)",
         "Put a text in quotes, and a number without."),
        ("channel + 1 > 0", 0, "arithmetic wants numbers, and 'channel' is text", ""),
        ("has_kpi + 1 > 0", 0, "arithmetic wants numbers, and 'has_kpi' is a mark",
         "A mark is true or false by itself: write it, or 'not' before it."),
        ("has_kpi == 1", 11, "cannot compare 'has_kpi' (a mark) and '1' (a number)",
         "A mark is true or false by itself: write 'has_kpi', or 'not' before it."),
        ("has_kpi < has_owner", 10, "marks have no order", "Write 'a and not b', or ==."),
        ("hires and spend > 1", 0, "'and' wants true or false, and 'hires' is a count",
         "Compare it with something, as in 'hires > 0'."),
        ("not hires", 4, "'not' wants true or false, and 'hires' is a count",
         "Compare it with something, as in 'hires > 0'."),
        ("hires / applications", 0, "this must come to true or false, and is a ratio", "Compare it with something."),
        ("-channel > 1", 1, "'-' wants numbers, and 'channel' is text", ""),
        ("abs(channel) > 1", 4, "abs() wants numbers, and 'channel' is text", ""),
        ("matches(spend, 'x')", 8, "matches() wants texts, and 'spend' is money", ""),
        ("matches(channel, channel)", 17, "matches() wants its 'patterns' written out or as a parameter", ""),
        ("coalesce(channel, 3) == 'a'", 18, "coalesce() cannot choose between 'channel' (text) and '3' (a number)",
         "Put a text in quotes, and a number without."),
        ("rate_low(spend, hires) > floor", 9, "rate_low() wants counts, and 'spend' is money",
         "An interval says how far chance reaches in a count of things that happened."),
        ("share(channel) > 0", 6, "share() wants numbers, and 'channel' is text", ""),
        ("mean(has_kpi) > 0", 5, "mean() wants numbers, and 'has_kpi' is a mark", ""),
        ("share(spend, hires) > floor", 13, "share() groups rows by a name of unit text",
         "For example month, channel or channel_kind."),
        ("quantile(spend, hires) > spend", 16, "quantile() wants its 'q' written out or as a parameter", ""),
        ("quantile(spend, 2) > spend", 16, "quantile() wants a number from 0 to 1",
         "0.9 is what nine in ten lie under."),
        ("quantile(spend, cap) > spend", 16, "quantile() wants a number from 0 to 1",
         "0.9 is what nine in ten lie under."),
        ("prior(spend, 25) > spend", 13, "prior() wants a whole number of months from 1 to 24", ""),
        ("prior(channel) == 'a'", 6, "prior() wants a number or a mark, and 'channel' is text", ""),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_said_at_its_place(text: str, column: int, message: str, help_: str) -> None:
    """Column, words and remedy, whole."""
    assert said(text) == (column, message, help_)


def test_what_a_claim_comes_to_is_money() -> None:
    """A claim of a ratio or of hires is refused when the rule is read."""
    assert said("hires", "money") == (0, "this must come to money, and is a count", "Multiply it by an amount.")


def test_prior_needs_a_grain_with_a_month() -> None:
    """A rule about channels has no month before."""
    text = rule_text(grain="[channel]", flag="spend > prior(spend)")
    assert [problem.text() for problem in load_rule(text, "a-rule.yaml")[1]] == [
        "a-rule.yaml:14:15: error: prior() needs a grain with a month\n"
        "  | flag: spend > prior(spend)\n"
        "  |               ^\n"
        "  help: For example grain: [channel, month]."
    ]
    assert load_rule(rule_text(grain="[channel, month]", flag="spend > prior(spend)"), "a-rule.yaml")[1] == []


def test_a_rule_with_wrong_units_is_shown_with_its_line_a_caret_and_a_remedy() -> None:
    """Every expression of the rule is checked, and all that is wrong is said in one pass."""
    text = rule_text(
        where="spend > applies_per_click",
        flag="hires == 0",
        money="{class: unproven, step: statistical, amount: hires}",
    )
    assert [problem.text() for problem in load_rule(text, "a-rule.yaml")[1]] == [
        "a-rule.yaml:14:16: error: cannot compare 'spend' (money) and 'applies_per_click' (a ratio)\n"
        "  | where: spend > applies_per_click\n"
        "  |                ^\n"
        "  help: Multiply 'applies_per_click' by an amount, or divide 'spend' by an amount.",
        "a-rule.yaml:16:53: error: this must come to money, and is a count\n"
        "  | money: {class: unproven, step: statistical, amount: hires}\n"
        "  |                                                     ^\n"
        "  help: Multiply it by an amount.",
    ]


@pytest.mark.parametrize(
    ("param", "said_"),
    [
        ("x: {value: 3, unit: cuont, source: judgement}",
         ["'unit' must be one of money, count, ratio, multiple, days, text, mark", "did you mean 'count'?"]),
        ("x: {value: a, unit: count, source: judgement}",
         ["a value of unit count is a number, and this is a text", ""]),
        ("x: {value: 3, unit: text, source: judgement}",
         ["a value of unit text is a text, and this is a number", ""]),
        ("spend: {value: 3, unit: count, source: judgement}",
         ["'spend' is already a word of the rules", "Call it something else, such as least_spend."]),
        ("share: {value: 3, unit: ratio, source: judgement}",
         ["'share' is already a word of the rules", "Call it something else, such as least_share."]),
    ],
)  # fmt: skip
def test_a_parameter_has_a_unit_and_a_name_of_its_own(param: str, said_: list[str]) -> None:
    """A unit that there is, a value of that unit, and no name that rules already have."""
    problems = load_rule(rule_text(params=f"{{{param}}}", flag="1 > 0"), "a-rule.yaml")[1]
    assert [(problem.message, problem.help) for problem in problems] == [tuple(said_)]


@pytest.mark.parametrize("name", [name for name, word in VOCABULARY.items() if word.formula])
def test_the_formula_of_a_name_has_the_unit_of_the_name(name: str) -> None:
    """spend / hires is money, applies / clicks a ratio, and so on for every derived name."""
    units = {word.name: word.unit for word in VOCABULARY.values()}
    word = VOCABULARY[name]
    assert parse(word.formula, Words(units, keys=tuple(KEYS)), word.unit).text == word.formula


def test_every_name_has_a_known_unit_and_every_function_known_rules() -> None:
    """No unit outside the list."""
    assert {word.unit for word in VOCABULARY.values()} <= set(UNITS)
    assert {function.takes for function in FUNCTIONS.values()} <= set(UNIT_RULES)
    assert {function.gives for function in FUNCTIONS.values()} <= {*UNIT_RULES, *UNITS}
