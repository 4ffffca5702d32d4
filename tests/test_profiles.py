"""From cells to rows: amounts, dates, headers, total rows, wide months, and nothing personal beyond this room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from books import book, file, table
from hypothesis import given
from hypothesis import strategies as st

import rm_audit
from rm_audit.book import Book, build
from rm_audit.config import Config
from rm_audit.days import from_day, parse_period
from rm_audit.inspected import inspected
from rm_audit.profiles.amounts import read_amounts
from rm_audit.profiles.currencies import currency_of_row
from rm_audit.profiles.dates import read_dates
from rm_audit.profiles.library import generic, shipped
from rm_audit.profiles.recognise import recognise
from rm_audit.readers import Sheet, Value

BLANKS = generic().blanks


def amounts(*cells: Value) -> list[float | None]:
    """A column's cells as amounts; None for a blank and for what is no number."""
    return [None if micros is None else micros / 1e6 for micros in read_amounts(cells, BLANKS).micros]


def days(*cells: Value, period: str = "", months: bool = False) -> list[str | None]:
    """A column's cells as days, or as `first/last` where a cell is a month."""
    found = read_dates(cells, BLANKS, parse_period(period) if period else None, months)
    spans = [None if span is None else tuple(from_day(day).isoformat() for day in span) for span in found.spans]
    return [None if span is None else span[0] if span[0] == span[1] else "/".join(span) for span in spans]


def rows(of: Book, name: str, columns: str) -> list[tuple[Any, ...]]:
    """Some columns of a table of a book, row by row; None where a value is missing, money in units."""
    frame = of.tables[name]
    found = []
    for _, row in frame.iterrows():
        cells = [row[column] for column in columns.split()]
        found.append(tuple(None if pd.isna(cell) else cell for cell in cells))
    return found


def sheet_of(of: Book, number: int = 0) -> Any:
    """The account of one sheet, as `inspect` shows it."""
    return inspected(of).document["inputs"][0]["sheets"][number]


def said(of: Book) -> list[str]:
    return [problem.text() for problem in of.problems if problem.code != "no-currency"]


# --- amounts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1,234.50", "2,000"], [1234.5, 2000]),
        (["1.234,50", "2.000"], [1234.5, 2000]),
        (["12,5", "3"], [12.5, 3]),
        (["1 234,50", "12"], [1234.5, 12]),
        (["1\u00a0234,50", "1\u202f234,50"], [1234.5, 1234.5]),
        (["1’234.50", "20"], [1234.5, 20]),
        (["1'234.50", "20"], [1234.5, 20]),
        (["12.345.678", "1"], [12345678, 1]),
        (["(500)", "(1,234.50)", "7"], [-500, -1234.5, 7]),
        (["500-", "1,234.50-"], [-500, -1234.5]),
        (["-500", "\u2212500"], [-500, -500]),
        (["€ 12", "12 €", "EUR 12", "12.50 EUR"], [12, 12, 12, 12.5]),
        (["$12", "USD 12", "($500)", "-$500", "$-500"], [12, 12, -500, -500, -500]),
        (["-€5", "-€ 5", "€ -5"], [-5, -5, -5]),
        (["£1,000.50", "CHF 20"], [1000.5, 20]),
        (["5%", "12.5 %"], [0.05, 0.125]),
        ([12, 12.345, -3], [12, 12.345, -3]),
        ([".5", "5."], [0.5, 5]),
    ],
)
def test_amounts_are_read_in_the_way_the_column_is_written(cells: list[Value], expected: list[float]) -> None:
    """Thousands, decimal comma or point, spaces, apostrophes, brackets and trailing minus, signs, codes, percent."""
    assert amounts(*cells) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.234"], [1234]),
        (["1,234"], [1234]),
        (["1.234", "1.234,50"], [1234, 1234.5]),
        (["1,234", "0.5"], [1234, 0.5]),
        (["1.234", "10.5"], [1.234, 10.5]),
        (["0.125"], [0.125]),
        (["0.125", "0.250"], [0.125, 0.25]),
        (["0,125"], [0.125]),
    ],
)
def test_three_decimals_alone_are_thousands_unless_the_column_says_otherwise(
    cells: list[Value], expected: list[float]
) -> None:
    """1.234 alone is a thousand and more; beside 10.5 it is one and a bit; 0.125 can be nothing but an eighth."""
    assert amounts(*cells) == expected


@pytest.mark.parametrize("blank", [None, "", " ", "-", "--", "–", "n/a", "N/A", "#N/A", "null", "None", "tbd", "?"])
def test_a_blank_is_missing_and_never_zero(blank: Value) -> None:
    """Marks that exports write for no value are no problem and no number."""
    found = read_amounts([blank, "5"], BLANKS)
    assert (found.micros, found.bad) == ([None, 5_000_000], [])


@pytest.mark.parametrize(
    "cell", ["abc", "12 apples", "1,2,3", "NaN", "inf", "()", "$", "1/2", True, float("nan"), "9" * 20]
)
def test_what_is_no_number_is_named_and_not_guessed(cell: Value) -> None:
    """Words, fractions, infinities, truth values and sums beyond all money."""
    found = read_amounts([cell, "5"], BLANKS)
    assert (found.micros, found.bad) == ([None, 5_000_000], [0])


def test_a_currency_is_known_by_code_or_by_an_unmistakable_sign() -> None:
    """€ and £ name one currency each; a dollar sign names several, so it names none."""
    cells = ["€5", "5 GBP", "£5", "$5", "¥5", "5", "USD 5"]
    assert read_amounts(cells, BLANKS).currencies == ["EUR", "GBP", "GBP", None, None, None, "USD"]


@pytest.mark.parametrize(
    ("cell", "currency"),
    [
        *(("EUR", "EUR"), ("eur", "EUR"), ("€", "EUR"), ("Euro", "EUR"), ("EUR (€)", "EUR"), ("US Dollar", "USD")),
        *(("US$", "USD"), ("$", None), ("kr", None), ("Credits", "CREDITS"), ("all", "ALL")),
    ],
)
def test_a_column_of_currencies_may_hold_codes_signs_and_names(cell: str, currency: str | None) -> None:
    """What is no currency stays, so that somebody is asked for its rate; a sign of several currencies names none."""
    assert currency_of_row(cell) == currency


@pytest.mark.parametrize("engine", ["cells", "duckdb", "pandas"])
def test_rows_in_eur_and_in_the_sign_of_the_euro_are_added_up(tmp_path: Path, engine: str) -> None:
    path = tmp_path / "spend.csv"
    rows = [f"2026-01-0{day},Jobwelt,100.00,{word}" for day, word in enumerate(["EUR", "€", "eur", "Euro"], 1)]
    path.write_text("\n".join(["Date,Channel,Spend,Currency", *rows, ""]), encoding="utf-8")
    book = rm_audit.read(path, config=Config(engine=engine))
    assert (book.currency, book.problems[1:]) == ("EUR", [])
    assert int(book.tables["spend"]["amount"].sum()) == 400_000_000


@given(
    st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=6), st.sampled_from([",.", ".,", " ,", "’.", "\u202f,"])
)
def test_what_is_written_is_read_back_to_the_cent(cents: list[int], marks: str) -> None:
    """Amounts with two decimals, written with any thousands and decimal mark, come back exactly."""
    thousands, decimal = marks
    written = [f"{n / 100:,.2f}".replace(",", "T").replace(".", decimal).replace("T", thousands) for n in cents]
    assert read_amounts(written, BLANKS).micros == [n * 10_000 for n in cents]


@given(st.decimals(-999_999_999, 999_999_999, places=6), st.integers(0, 6))
def test_figures_with_a_point_are_read_to_the_last_digit(number: Decimal, places: int) -> None:
    """As a database writes them: no mark of thousands, and as many digits behind the point as it likes."""
    rounded = round(number, places)
    (read,) = read_amounts([str(rounded)], BLANKS, "en_US").micros
    assert read == rounded * 1_000_000


# --- dates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2026-03-31", "2026/3/1"], ["2026-03-31", "2026-03-01"]),
        (["31.03.2026", "01.02.2026"], ["2026-03-31", "2026-02-01"]),
        (["03/31/2026", "01/02/2026"], ["2026-03-31", "2026-01-02"]),
        (["13/01/26", "02/03/26"], ["2026-01-13", "2026-03-02"]),
        (["05/05/2026"], ["2026-05-05"]),
        (["2026-03-31T10:00:00Z", "3/31/2026 4:05 pm"], ["2026-03-31", "2026-03-31"]),
        (["31 Mar 2026", "March 31, 2026", "31-Mar-26"], ["2026-03-31"] * 3),
        ([date(2026, 3, 31), datetime(2026, 3, 31, 23, 59)], ["2026-03-31"] * 2),
        (["", "-", None], [None, None, None]),
    ],
)
def test_dates_are_read_in_the_order_of_the_whole_column(cells: list[Value], expected: list[str | None]) -> None:
    """One cell over 12 says which number is the day, for all cells of the column."""
    assert days(*cells) == expected


def test_day_and_month_that_cannot_be_told_apart_are_said_and_not_guessed() -> None:
    """01/02/2026 in a column without a day over 12: two rows without a date, and a warning at the first."""
    found = book(spend="Date,Channel,Spend\n01/02/2026,Indeed,5\n03/04/2026,Indeed,6\n")
    assert rows(found, "spend", "start amount") == [(None, 5_000_000), (None, 6_000_000)]
    assert said(found) == [
        "spend.csv:A2: warning: day and month cannot be told apart in 2 dates of this column, as in '01/02/2026'; "
        "these rows count without a date\n"
        "  help: Write the dates as 2026-03-31."
    ]


def test_a_cell_that_is_no_date_is_said_and_its_money_still_counts() -> None:
    """'soon' and the 30th of February: two of three cells; all of the 18 are used."""
    found = book(spend="Date,Channel,Spend\nsoon,Indeed,5\n2026-02-30,Indeed,6\n2026-02-28,Indeed,7\n")
    assert [row[1] for row in rows(found, "spend", "start amount")] == [5_000_000, 6_000_000, 7_000_000]
    assert said(found) == [
        "spend.csv:A2: warning: 2 of 3 cells hold no date that can be read, A2 the first; "
        "these rows count without a date\n  help: Write the dates as 2026-03-31."
    ]


@pytest.mark.parametrize(
    "cell",
    ["March 2026", "Mar-26", "Mar '26", "2026-03", "03/2026", "3.2026", "mars 2026", "maart 2026", "marzo 2026",
     "März 2026", "MÄRZ 2026", "Mär 26", "março 2026"],
)  # fmt: skip
def test_a_month_is_known_in_many_spellings_and_languages(cell: str) -> None:
    """English, French, Dutch, Spanish, Italian, German and Portuguese, with their marks."""
    assert days(cell) == ["2026-03-01/2026-03-31"]


@pytest.mark.parametrize(
    ("cell", "month"), [("février 2026", 2), ("août 2026", 8), ("décembre 2026", 12), ("Déc. 2026", 12)]
)
def test_french_months_keep_their_accents(cell: str, month: int) -> None:
    """A month with an accent is a month."""
    assert [day and day[:7] for day in days(cell)] == [f"2026-{month:02d}"]


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("", [None, None]),
        ("2014", ["2014-01-01/2014-01-31", "2014-02-01/2014-02-28"]),
        ("2014-02..2015-01", ["2015-01-01/2015-01-31", "2014-02-01/2014-02-28"]),
        ("2013..2014", [None, None]),
    ],
)
def test_a_month_without_a_year_takes_it_from_the_period(period: str, expected: list[str | None]) -> None:
    """Only where the period holds one such month; else the row has no date."""
    assert days("January", "Feb", period=period) == expected


def test_first_days_under_a_month_header_are_whole_months() -> None:
    """2026-01-01 under 'Month' is January, if all cells are firsts; one other day says that they are days."""
    assert days("2026-01-01", "2026-02-01", months=True) == ["2026-01-01/2026-01-31", "2026-02-01/2026-02-28"]
    assert days("2026-01-01", "2026-02-02", months=True) == ["2026-01-01", "2026-02-02"]


# --- headers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Channel,Spend", ("spend", {"Channel": "channel", "Spend": "amount"})),
        ("Job Board,Kosten (EUR)", ("spend", {"Job Board": "channel", "Kosten (EUR)": "amount"})),
        (
            "employmentSource,Date of Hire",
            ("applications", {"employmentSource": "source", "Date of Hire": "hired_at"}),
        ),
        (
            "event_time,Publisher,Cost",
            ("spend", {"event_time": "start", "Publisher": "channel", "Cost": "amount"}),
        ),
        ("Click Date,Job ID,Spend", ("spend", {"Click Date": "start", "Job ID": "job", "Spend": "amount"})),
        ("Source,Applied Date/Time", ("applications", {"Source": "source", "Applied Date/Time": "applied_at"})),
        ("Source,Hires", ("outcome_totals", {"Source": "source", "Hires": "hires"})),
        ("Job ID,Opened,Closed", ("jobs", {"Job ID": "job", "Opened": "opened", "Closed": "closed"})),
        ("Sequence,Body", ("messages", {"Sequence": "sequence", "Body": "body"})),
        ("Date,Advocate,Post", ("advocacy", {"Date": "shared_at", "Post": "asset"})),
        ("Vendor,Annual cost,Seats", ("contracts", {"Vendor": "vendor", "Annual cost": "amount", "Seats": "seats"})),
        ("Item,Budget,KPI", ("plan", {"Item": "line", "Budget": "budget", "KPI": "kpi"})),
    ],
)
def test_a_sheet_is_recognised_by_its_headers(text: str, expected: tuple[str, dict[str, str]]) -> None:
    """Without case, brackets and marks, in several languages: the table and the columns."""
    found = sheet_of(book(sheet=f"{text}\n1,2,3\n"))
    assert (found["table"], found["columns"]["mapped"]) == expected


def test_the_header_is_found_under_a_preamble() -> None:
    """Title lines, a blank line, then the header; the cells of evidence keep their rows."""
    found = book(spend="Spend report\nJanuary to March\n\nChannel,Spend\nIndeed,5\n")
    assert rows(found, "spend", "channel amount _row") == [("Indeed", 5_000_000, 5)]


def test_a_sheet_without_a_known_header_is_said_and_left_alone() -> None:
    """Nothing of it is shown: what stands in a sheet that nobody knows may be personal."""
    found = book(notes="Dear all,see below\nAnn Example,0171 555\n")
    assert found.tables == {}
    assert said(found) == [
        "notes.csv: warning: no row of headers that is known\n"
        "  help: A header row needs a channel (or source, campaign, vendor) and an amount, a hire date, a budget or a "
        "text. Rename the headers, or leave the sheet out."
    ]
    assert sheet_of(found)["columns"] == {"mapped": {}, "unmapped": [], "personal": []}


def test_a_header_that_stands_again_between_rows_is_set_aside() -> None:
    """Two exports pasted under each other: the second header is no row."""
    found = book(spend="Channel,Spend\nIndeed,5\nChannel,Spend\nMonster,6\n")
    assert rows(found, "spend", "channel amount") == [("Indeed", 5_000_000), ("Monster", 6_000_000)]
    assert sheet_of(found)["set_aside"] == [{"reason": "header row again", "rows": 1, "amount": 0.0}]


@given(st.lists(st.lists(st.one_of(st.none(), st.text(max_size=12), st.integers()), max_size=6), max_size=6))
def test_any_cells_whatever_are_recognised_or_not_and_never_raise(cells: list[list[Value]]) -> None:
    """A sheet holds tables or none, and each has its header inside."""
    found = recognise(Sheet(file("x.csv", "").source, "", cells), shipped())
    assert all(layout.header_row < len(block.rows) for block, layout in found.tables)


@given(
    st.lists(st.lists(st.one_of(st.none(), st.text(max_size=9), st.integers(), st.floats()), max_size=5), max_size=4)
)
def test_any_cells_under_a_known_header_make_a_book_that_accounts_for_them(cells: list[list[Value]]) -> None:
    """Read = used + set aside, whatever stands in the cells."""
    header: list[list[Value]] = [["Month", "Channel", "Spend", "Clicks", "Hires"]]
    found = build([file("x.xlsx", {"Spend": header + cells})], Config())
    account = sheet_of(found)
    assert account["rows"]["read"] == account["rows"]["used"] + account["rows"]["set_aside"]
    assert account["amount"]["read"] == pytest.approx(account["amount"]["used"] + account["amount"]["set_aside"])


# --- total rows -------------------------------------------------------------------------------------------------


def set_aside(text: str) -> list[tuple[str, int, float]]:
    """Reason, rows and amount of what a spend sheet sets aside."""
    return [(item["reason"], item["rows"], item["amount"]) for item in sheet_of(book(spend=text))["set_aside"]]


@pytest.mark.parametrize("label", ["Total", "TOTALS", "Grand Total", "Gesamt", "Summe", "Totaal", "Sous-total", "Suma"])
def test_a_bare_total_is_set_aside(label: str) -> None:
    """In several languages, with and without case."""
    assert set_aside(f"Channel,Spend\nIndeed,5\nMonster,6\n{label},11\n") == [("total row", 1, 11.0)]


def test_a_total_that_does_not_add_up_is_set_aside_and_said() -> None:
    """The sheet says 12, its rows add up to 11: both figures, and which counts."""
    found = book(spend="Channel,Spend\nIndeed,5\nMonster,6\nTotal,12\n")
    assert rows(found, "spend", "amount") == [(5_000_000,), (6_000_000,)]
    assert said(found) == [
        "spend.csv:B4: warning: the sheet's own total says 12.00; its rows add up to 11.00, which counts\n"
        "  help: Look which is right, and mend the sum or the rows."
    ]


def test_a_total_in_a_column_that_names_nothing_is_set_aside() -> None:
    """'Total: Account' beside no channel, in the column of the ad group."""
    text = "Ad group,Campaign,Spend\na,Nurses,5\nb,Drivers,6\nTotal: Account,,11\n"
    assert set_aside(text) == [("total row", 1, 11.0)]


def test_subtotals_and_the_grand_total_are_set_aside() -> None:
    """Two groups with a subtotal each, and the sum of all."""
    text = "Channel,Spend\nA,5\nB,6\nSubtotal,11\nC,7\nSubtotal,7\nGrand total,18\n"
    assert set_aside(text) == [("total row", 3, 36.0)]


def test_a_last_row_without_a_name_that_is_the_sum_is_a_total() -> None:
    """No label at all, and exactly the sum of the rows above."""
    assert set_aside("Channel,Spend\nA,5\nB,6\n,11\n") == [("total row", 1, 11.0)]


def test_a_last_row_without_a_name_that_is_no_sum_is_a_cost() -> None:
    """Nobody knows for what, and it is money all the same."""
    assert set_aside("Channel,Spend\nA,5\nB,6\n,12\n") == []


def test_a_campaign_called_total_rewards_stays_a_row() -> None:
    """Its amount is no sum of rows above it, so it is a campaign."""
    assert set_aside("Campaign,Spend\nNurses,5\nTotal Rewards,6\nDrivers,7\n") == []


def test_a_channel_whose_name_begins_like_a_total_and_whose_amount_is_the_sum_is_a_total() -> None:
    """'Total all channels' with the sum of the rows above it."""
    assert set_aside("Channel,Spend\nA,5\nB,6\nTotal all channels,11\n") == [("total row", 1, 11.0)]


def test_rows_without_an_amount_and_without_anything_are_set_aside_with_their_reasons() -> None:
    """A channel without an amount; a text where the amount should be; a blank line is no row at all."""
    found = book(spend="Channel,Spend,Clicks\nA,5,\nB,,7\nC,soon,\n\nD,6,\n")
    assert sheet_of(found)["rows"] == {"read": 4, "used": 2, "set_aside": 2}
    assert sheet_of(found)["set_aside"] == [
        {"reason": "no amount", "rows": 1, "amount": 0.0},
        {"reason": "not a number", "rows": 1, "amount": 0.0},
    ]
    assert said(found) == [
        "spend.csv:B4: error: a text where a number should be\n"
        "  | 'soon'\n"
        "  help: Write a number, or leave the cell empty. The row is set aside."
    ]


# --- wide months ------------------------------------------------------------------------------------------------


def test_a_column_a_month_becomes_a_row_a_month() -> None:
    """Three months with years; an empty month is no row; a zero is one."""
    found = book(spend="Channel,Jan 2026,Feb 2026,Mar 2026\nIndeed,5,,0\n")
    named = [
        (channel, from_day(start).isoformat(), amount)
        for channel, start, amount in rows(found, "spend", "channel start amount")
    ]
    assert named == [("Indeed", "2026-01-01", 5_000_000), ("Indeed", "2026-03-01", 0)]


@pytest.mark.parametrize(
    "months",
    ["Januar 2026,Februar 2026,März 2026,April 2026", "janvier 2026,février 2026,août 2026,décembre 2026",
     "january 2026,february 2026,march 2026,may 2026"],
)  # fmt: skip
def test_no_months_money_is_dropped_for_its_language(months: str) -> None:
    """1 + 2 + 4 + 8 in four columns of months, in German, French and English: 15 are used."""
    found = book(spend=f"Channel,{months}\nIndeed,1,2,4,8\n")
    assert sheet_of(found)["amount"] == {"read": 15.0, "used": 15.0, "set_aside": 0.0}


def test_a_wrong_total_column_is_said_and_the_months_count() -> None:
    """The sheet's own total of 12 is 11 by its months: both figures, the cell, and 11 is what counts."""
    found = book(spend="Channel,Jan 2026,Feb 2026,Mar 2026,Total\nIndeed,5,6,0,12\nMonster,1,1,1,3\n")
    assert sum(row[0] for row in rows(found, "spend", "amount")) == 14_000_000
    assert said(found) == [
        "spend.csv:E2: warning: the sheet's own total column says 15.00; its months add up to 14.00, "
        "which is what counts\n"
        "  help: It is wrong in 1 of 2 cells: E2. Mend the sums there."
    ]


def test_months_without_a_year_are_summed_and_said() -> None:
    """12 are spent, in no year that is known; with --period 2014 they have their days."""
    text = "Channel,January,February,March\nIndeed,5,6,1\n"
    bare, dated = book(spend=text), book(Config(period=parse_period("2014")), spend=text)
    assert sum(row[0] for row in rows(bare, "spend", "amount")) == 12_000_000
    assert said(bare) == [
        "warning: the spend has months and no year, so nothing that divides money by hires can be shown\n"
        "  help: Say which year the sheet is for, e.g. --period 2026."
    ]
    assert (said(dated), [from_day(row[0]).isoformat() for row in rows(dated, "spend", "start")]) == (
        [], ["2014-01-01", "2014-02-01", "2014-03-01"],
    )  # fmt: skip


# --- persons ----------------------------------------------------------------------------------------------------

PEOPLE = """
Employee Name,Email,Recruiter,Salary,Zip,Source,Hired at
Ann Example,ann@example.org,Bob Boss,64000,10115,Indeed,2026-01-05
Cid Example,cid@example.org,Bob Boss,52000,10117,Monster,2026-02-05
Ann Example,ann@example.org,Bob Boss,64000,10115,Indeed,2026-03-05
"""


def test_a_person_is_a_hash_and_what_is_personal_goes_no_further() -> None:
    """Same person, same hash; no name, address, pay or recruiter in the tables or the account of columns' values."""
    found = book(people=PEOPLE)
    people = [row[0] for row in rows(found, "applications", "person")]
    assert people[0] == people[2] != people[1]
    assert [len(person) for person in people] == [24, 24, 24]
    assert sheet_of(found)["columns"] == {
        "mapped": {"Source": "source", "Hired at": "hired_at"},
        "guessed": {},
        "unmapped": [],
        "personal": ["Email", "Employee Name", "Recruiter", "Salary", "Zip"],
    }
    everything = "".join(frame.to_csv() for frame in found.tables.values())
    assert [word for word in ("Ann", "ann@", "Bob", "64000", "10115") if word in everything] == []


def test_the_hash_of_a_person_differs_from_one_input_to_another() -> None:
    """The key is made of the files: hashes of two runs cannot be laid side by side."""
    one = rows(book(people=PEOPLE), "applications", "person")
    other = rows(book(people=PEOPLE + "Eve,e@x.org,,,,Indeed,2026-03-05\n"), "applications", "person")
    assert one[0] != other[0]


def test_an_owner_is_kept_only_as_a_mark() -> None:
    """Who owns a line of the plan is often a name: all that is kept is that there is one."""
    found = book(plan="Line,Budget,KPI,Owner\nVideo,5,hires,Ann Example\nAds,6,hires,\n")
    assert rows(found, "plan", "line owner") == [("Video", "named"), ("Ads", None)]


def test_csv_cells_are_read_as_the_reader_reads_them() -> None:
    """The helper of these tests: csv text becomes cells, an empty cell is None."""
    cells: Sequence[Sequence[Value]] = table("Channel,Spend\nIndeed,\n")
    assert cells == [["Channel", "Spend"], ["Indeed", None]]


# --- currencies in number formats -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formats", "currency", "codes"),
    [
        (("#,##0.00 [$€-407]",), "EUR", []),
        (("[$£-809]#,##0.00", "0.00"), "GBP", []),
        (("#,##0.00 [$€-407]", '"$"#,##0.00'), None, ["several-formats"]),
    ],
)
def test_a_workbook_that_shows_one_currency_names_it(
    formats: tuple[str, ...], currency: str | None, codes: list[str]
) -> None:
    """Several signs in a workbook cannot be told apart by cell, so they are said and none is taken."""
    cells: list[list[Value]] = [["Channel", "Spend"], ["Jobwelt", 100], ["Aushang", 50]]
    whole = file("plan.xlsx", {"Spend": cells})
    shown = [replace(sheet, formats=tuple(f for f in formats if f != "0.00")) for sheet in whole.sheets]
    found = build([replace(whole, sheets=shown)], Config())
    assert found.currency == currency
    assert [problem.code for problem in found.problems if problem.level == "warning"] == codes
