"""Sheets as people lay them out: totals anywhere, currencies and dates as every language writes them, preambles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from babel import Locale, localedata
from babel.dates import format_date, get_month_names
from books import file
from hypothesis import assume, given
from hypothesis import strategies as st

from rm_audit.book import Book, build
from rm_audit.config import Config
from rm_audit.days import to_day
from rm_audit.inspected import inspected
from rm_audit.profiles.blocks import no_data
from rm_audit.profiles.currencies import NAMELESS, SIGNS, currency_code
from rm_audit.profiles.dates import read_dates
from rm_audit.profiles.library import shipped
from rm_audit.profiles.months import LANGUAGES, month_column, month_header, month_number
from rm_audit.profiles.preamble import name_period, stated_currency, stated_period
from rm_audit.profiles.recognise import recognise
from rm_audit.readers import Sheet, Value

Groups = list[list[int]]
GROUPS = st.lists(st.lists(st.integers(1, 10**9), min_size=1, max_size=5), min_size=1, max_size=5)
GROUPS_OF_TWO = st.lists(  # (clicks, cents): money that no two groups share by chance
    st.lists(st.tuples(st.integers(0, 900), st.integers(10**4, 10**9)), min_size=2, max_size=5), min_size=2, max_size=4
)
LABEL_COLUMN = st.integers(0, 2)


def book(*rows: Sequence[Value]) -> Book:
    return build([file("book.xlsx", {"Spend": [list(row) for row in rows]})], Config())


def used(of: Book) -> int:
    """The cents that count."""
    return round(100 * inspected(of).document["inputs"][0]["sheets"][0]["amount"]["used"])


def tables(*rows: Sequence[Value]) -> list[tuple[str, int, int]]:
    """Table, and the row and column (from 1) of its first header cell, of each table of a sheet."""
    found = recognise(Sheet(file("book.csv", "").source, "", [list(row) for row in rows]), shipped())
    return [(layout.table, *block.place(layout.header_row, 0)) for block, layout in found.tables]


# --- totals -----------------------------------------------------------------------------------------------------


def sheet(groups: Groups, column: int, above: bool, grand: str) -> list[list[Value]]:
    """Groups of amounts, each with a labelled subtotal above or below it, and a grand total at the top or the end."""

    def total(label: str, cents: int) -> list[Value]:
        cells: list[Value] = [None, None, None, cents / 100]
        cells[column] = label
        return cells

    rows: list[list[Value]] = []
    for number, amounts in enumerate(groups, 1):
        own: list[list[Value]] = [
            ["on", f"Board {number}.{place}", "North", cents / 100] for place, cents in enumerate(amounts, 1)
        ]
        subtotal = total(f"Subtotal {number}", sum(amounts))
        rows += [subtotal, *own] if above else [*own, subtotal]
    everything = total("Grand total", sum(map(sum, groups)))
    return [everything, *rows] if grand == "first" else [*rows, everything] if grand == "last" else rows


@given(GROUPS, LABEL_COLUMN, st.booleans(), st.sampled_from(["first", "last", "none"]))
def test_what_counts_is_the_sum_of_the_ordinary_rows(groups: Groups, column: int, above: bool, grand: str) -> None:
    """Any groups with a subtotal each, in any column, above or below, with a grand total or without one."""
    rows = sheet(groups, column, above, grand)
    assert used(book(["Status", "Channel", "Region", "Spend (EUR)"], *rows)) == sum(map(sum, groups))


def test_in_a_long_log_sums_by_chance_are_rows_like_all_others() -> None:
    """Of 20,000 rows two are what the two above them add up to, in money and in clicks."""
    rows: list[list[Value]] = [
        [f"Board {n % 7}", 20 + n * 7 % 31, (1000 + n * n * 37 % 7919) / 100] for n in range(20_000)
    ]
    for place in (5_000, 15_000):
        rows[place][1:] = [
            int(rows[place - 1][1]) + int(rows[place - 2][1]),
            round(float(rows[place - 1][2]) + float(rows[place - 2][2]), 2),
        ]
    found = book(["Channel", "Clicks", "Spend (EUR)"], *rows)
    assert used(found) == sum(round(100 * row[2]) for row in rows)
    assert [problem.code for problem in found.problems if problem.code == "subtotals"] == []


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8), st.data())
def test_a_bare_total_is_found_in_any_column(amounts: list[int], data: st.DataObject) -> None:
    """In the first row or the last it counts for nothing."""
    column, place = data.draw(LABEL_COLUMN), data.draw(st.sampled_from([0, len(amounts)]))
    rows: list[list[Value]] = [["on", f"Board {number}", "North", cents / 100] for number, cents in enumerate(amounts)]
    label: list[Value] = [None, None, None, sum(amounts) / 100]
    label[column] = "Total"
    rows.insert(place, label)
    assert used(book(["Status", "Channel", "Region", "Spend (EUR)"], *rows)) == sum(amounts)


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 2))
def test_a_campaign_called_total_and_something_stays(one: int, two: int, three: int, place: int) -> None:
    """'Total Rewards' is a campaign wherever it stands, unless it is about what other rows add up to."""
    rows: list[list[Value]] = [["Nurses", one], ["Drivers", two], ["Cooks", three]]
    own = 7 * (one + two + three)
    rows.insert(place, ["Total Rewards", own])
    assert used(book(["Campaign", "Spend (EUR)"], *rows)) == 100 * (one + two + three + own)


@given(GROUPS_OF_TWO, st.booleans(), st.booleans(), st.sampled_from(["first", "last", "none"]))
def test_groups_without_the_word_total_are_known_by_their_sums(
    groups: list[list[tuple[int, int]]], above: bool, clicks: bool, grand: str
) -> None:
    """Heads with ordinary names, whose sums have cents, which is no chance; clicks may stand beside the money."""
    assume(all(sum(cents for _, cents in members) % 100 for members in groups))
    rows: list[list[Value]] = []
    for number, members in enumerate(groups):
        own: list[list[Value]] = [
            [f"Board {number}.{place}", count, cents / 100] for place, (count, cents) in enumerate(members)
        ]
        head: list[Value] = [f"Part {number}", sum(c for c, _ in members), sum(m for _, m in members) / 100]
        rows += [head, *own] if above else [*own, head]
    money = sum(cents for members in groups for _, cents in members)
    everything: list[Value] = ["Total", sum(count for members in groups for count, _ in members), money / 100]
    rows = [everything, *rows] if grand == "first" else [*rows, everything] if grand == "last" else rows
    header: list[Value] = ["Channel", "Clicks", "Spend (EUR)"]
    kept = [0, 1, 2] if clicks else [0, 2]
    assert used(book(*[[row[column] for column in kept] for row in [header, *rows]])) == money


@given(st.permutations([2**power for power in range(12)]), st.integers(2, 12))
def test_rows_that_are_no_sums_all_count(amounts: list[int], size: int) -> None:
    """No power of two is the sum of others, so nothing here is a subtotal, whatever the order."""
    rows = [[f"Board {number}", amount, amount] for number, amount in enumerate(amounts[:size])]
    assert used(book(["Channel", "Clicks", "Spend (EUR)"], *rows)) == 100 * sum(amounts[:size])


# --- currencies -------------------------------------------------------------------------------------------------


def locales() -> list[Locale]:
    return [Locale.parse(name) for name in localedata.locale_identifiers()]


def test_each_sign_is_that_of_its_currency_in_some_language() -> None:
    """The Unicode locale data give the sign to the code, in its long or its narrow form, somewhere."""
    given_by = {(symbol, code) for locale in locales() for code, symbol in locale.currency_symbols.items()}
    assert [(sign, code) for sign, code in SIGNS.items() if (sign, code) not in given_by] == []


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("shape", ["{}12", "{} 12", "12{}", "12 {}", "-{}12", "({}12)", "12({})"])
def test_a_sign_names_its_currency_wherever_it_stands(sign: str, shape: str) -> None:
    assert currency_code(shape.format(sign)) == SIGNS[sign]


@pytest.mark.parametrize("text", [*(f"{sign}12" for sign in NAMELESS), "Form 12", "Software", "TOP 10", "kram 5"])
def test_what_names_several_currencies_or_none_names_none(text: str) -> None:
    """$, ¥ and kr belong to several countries; RM inside a word is no ringgit; TOP in a sentence is no pa'anga."""
    assert currency_code(text) is None


# --- dates ------------------------------------------------------------------------------------------------------

DAYS = [date(2024, 1, 1) + timedelta(days=17 * step) for step in range(44)]  # each month, weekday and kind of day


def test_each_month_has_the_names_of_the_unicode_locale_data() -> None:
    """Short and long, in a date and alone, in every language of the exports."""
    names = [
        (name, number)
        for language in LANGUAGES
        for width in ("abbreviated", "wide")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, language).items()
    ]
    assert [(name, number) for name, number in names if month_number(name) != number] == []


FORMS = [(language, width) for language in LANGUAGES for width in ("long", "medium", "full")]
UNREAD = {("en", "medium"), ("pt", "full")}  # not read yet: 'Mar 9, 2026', 'segunda-feira, 1 de ...'


@pytest.mark.parametrize(("language", "width"), [form for form in FORMS if form not in UNREAD])
def test_a_day_in_the_words_of_a_language_is_read_back(language: str, width: str) -> None:
    """As the language itself writes days, in two years."""
    written = [format_date(day, width, language) for day in DAYS]
    spans = read_dates(written, frozenset(), None).spans
    wrong = [text for text, span, day in zip(written, spans, DAYS, strict=True) if span != (to_day(day), to_day(day))]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "pattern", ["MMMM yyyy", "MMM yyyy", "LLLL yyyy", "LLL yy", "MMM-yy", "yyyy MMMM", "yyyy-MM", "MM/yyyy"]
)
def test_a_month_in_the_words_of_a_language_is_read_back(language: str, pattern: str) -> None:
    firsts = [date(2026, month, 1) for month in range(1, 13)]
    found = [month_header(format_date(first, pattern, language)) for first in firsts]
    assert [span and (span.year, span.month, span.length) for span in found] == [(2026, m, 1) for m in range(1, 13)]


@given(
    st.dates(date(1990, 1, 1), date(2049, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y%m%d14", "%Y-%m-%dT10:00:00Z"]),
)
def test_a_day_that_begins_with_its_year_is_read_back(day: date, pattern: str) -> None:
    assert read_dates([day.strftime(pattern)], frozenset(), None).spans == [(to_day(day), to_day(day))]


@given(st.dates(date(1990, 1, 1), date(2049, 12, 31)))
def test_a_spreadsheets_count_of_days_is_read_back(day: date) -> None:
    """As a number, as a text and as a text with the time in it; and it is said what was taken for a date."""
    serial = (day - date(1899, 12, 30)).days
    found = read_dates([serial, str(serial), f"{serial}.75", float(serial)], frozenset(), None)
    assert (found.spans, found.serials) == ([(to_day(day), to_day(day))] * 4, [0, 1, 2, 3])


def test_no_days_are_taken_for_amounts_or_years() -> None:
    """A year, a small count and a large one are no days."""
    assert read_dates([2026, 12, 120_000, "2026", "1234"], frozenset(), None).bad == [0, 1, 2, 3, 4]


# --- months -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("Q1 2026", (2026, 1, 3)),
        ("Q4", (None, 10, 3)),
        ("2026 Q2", (2026, 4, 3)),
        ("3. Quartal 2026", (2026, 7, 3)),
        ("T2 2026", (2026, 4, 3)),
        ("Jan-26", (2026, 1, 1)),
        ("2026 Jan", (2026, 1, 1)),
        ("Jan '26", (2026, 1, 1)),
        ("sept.", (None, 9, 1)),
        (date(2026, 5, 1), (2026, 5, 1)),
        (date(2026, 5, 2), None),
        ("2026-13", None),
        ("Q5", None),
        ("Marketing", None),
        ("Mayor 2026", None),
    ],
)
def test_a_header_names_a_month_or_a_quarter_or_neither(
    header: Value, span: tuple[int | None, int, int] | None
) -> None:
    """Months, quarters in four languages, dates on a first; words that begin like a month are none."""
    assert month_header(header) == span


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Jan 2026", ""),
        ("Jan 2026 Actual", "spent"),
        ("Spend Jan 2026 (EUR)", "spent"),
        ("Budget Jan 2026", "planned"),
        ("Jan 2026 - Forecast", "planned"),
        ("Jan 2026 hires", "counted"),
        ("Jan 2026 clicks", "counted"),
    ],
)
def test_a_month_column_says_what_it_holds(header: str, kind: str) -> None:
    """Words beside the month say whether it is spent, planned or a count."""
    assert month_column(header) == ((2026, 1, 1), kind)


# --- blocks -----------------------------------------------------------------------------------------------------

SPEND: list[list[Value]] = [["Channel", "Spend"], ["Jobwelt", 100], ["Aushang", 20]]
HIRES: list[list[Value]] = [["Source", "Hires"], ["Jobwelt", 3], ["Referral", 5]]


def test_tables_one_under_the_other_are_each_found() -> None:
    """With a title, with an empty row, and where they stand."""
    assert tables(*SPEND, [], *HIRES) == [("spend", 1, 1), ("outcome_totals", 5, 1)]
    assert tables(["Report"], [], *SPEND, [], ["Hires"], *HIRES) == [("spend", 3, 1), ("outcome_totals", 8, 1)]


@given(st.integers(0, 6), st.integers(1, 5))
def test_tables_are_found_however_many_empty_rows_stand_before_and_between(before: int, between: int) -> None:
    """Their places move with the empty rows."""
    found = tables(*[[]] * before, *SPEND, *[[]] * between, *HIRES)
    assert found == [("spend", before + 1, 1), ("outcome_totals", before + 4 + between, 1)]


@pytest.mark.parametrize("gap", [1, 2, 3])
def test_tables_side_by_side_are_each_found(gap: int) -> None:
    """With one or several empty columns between them."""
    rows = [[*left, *[None] * gap, *right] for left, right in zip(SPEND, HIRES, strict=True)]
    assert [table for table, _, _ in tables(*rows)] == ["spend", "outcome_totals"]


@pytest.mark.parametrize(
    "words",
    ["No data available.", "No data", '"No data available"', "No results", "Keine Daten verfügbar", "Geen gegevens"],
)
def test_a_row_that_says_there_is_no_data_says_so_alone(words: str) -> None:
    """In one cell it is a word about the export; beside an amount it is a name."""
    assert no_data([words, None])
    assert not no_data([words, 5])


# --- preambles --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "period"),
    [
        (["January 1, 2026 - March 31, 2026"], "2026-01-01 to 2026-03-31"),
        (["1 Jan 2026 to 31 Jan 2026"], "2026-01-01 to 2026-01-31"),
        (["01.02.2026 - 28.02.2026"], "2026-02-01 to 2026-02-28"),
        (["Zeitraum: 1. März 2026 bis 31. März 2026"], "2026-03-01 to 2026-03-31"),
        (["du 1 février 2026 au 28 février 2026"], "2026-02-01 to 2026-02-28"),
        (["From: 2026-03-01", "To: 2026-03-31"], "2026-03-01 to 2026-03-31"),
        (["Spend in March 2026"], "2026-03-01 to 2026-03-31"),
        (["Q1 2026"], "2026-01-01 to 2026-03-31"),
        (["Recruitment spend 2026"], "2026-01-01 to 2026-12-31"),
        (["March 2026", "Generated on 2026-04-02"], "2026-03-01 to 2026-03-31"),
        (["01/02/2026 - 03/02/2026"], None),
        (["Generated on 2026-04-02"], None),
        (["FY 2026"], None),
        (["Spend 2025/26"], None),
        (["Budget 2025 against 2026"], None),
        (["March 2026", "April 2026"], None),
        ([], None),
    ],
)
def test_the_lines_above_a_table_name_one_period_or_none(lines: list[str], period: str | None) -> None:
    """Two dates, a start and an end, a month, a quarter, a year; not when it was printed, and nothing that has two."""
    found = stated_period(lines)
    assert (str(found) if found else None) == period


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("jobwelt_2026-02-01_2026-02-28", "2026-02-01 to 2026-02-28"),
        ("report_20260301-20260331", "2026-03-01 to 2026-03-31"),
        ("Ads-1-Sep-202630-Sep-2026", "2026-09-01 to 2026-09-30"),
        ("spend_2026-03", "2026-03-01 to 2026-03-31"),
        ("spend_march_2026", "2026-03-01 to 2026-03-31"),
        ("Q1_2026_spend", "2026-01-01 to 2026-03-31"),
        ("spend_2026_v2", "2026-01-01 to 2026-12-31"),
        ("spend_2026-03-31", None),
        ("export_20260402", None),
        ("spend FY26", None),
        ("spend 2025-2026", None),
        ("March", None),
        ("spend", None),
    ],
)
def test_a_name_says_one_period_or_none(name: str, period: str | None) -> None:
    """The one day in the name of a file is when it was saved, and says nothing of the rows."""
    found = name_period(name)
    assert (str(found) if found else None) == period


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("All amounts in EUR", "EUR"),
        ("Currency: USD", "USD"),
        ("Spend in €", "EUR"),
        ("Amounts in US$", "USD"),
        ("Alle Beträge: Währung CHF", "CHF"),
        ("Amounts in $", None),
        ("USD", None),
        ("Spend in ALL regions", None),
    ],
)
def test_a_line_above_the_table_names_a_currency_or_none(line: str, code: str | None) -> None:
    """It must speak of amounts or of a currency."""
    assert stated_currency([line]) == code


def test_lines_that_name_two_currencies_name_none() -> None:
    """Nobody can tell which of the two it is."""
    assert stated_currency(["Amounts in EUR", "Values in USD"]) is None
