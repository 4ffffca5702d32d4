"""All files of one call are one book: one currency, one period, one name a channel, no hire twice."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from books import book, document, file, measured

from rm_audit.book import Book, build
from rm_audit.config import Config
from rm_audit.days import parse_period
from rm_audit.errors import InputError


def said(of: Book) -> list[str]:
    return [problem.text() for problem in of.problems if problem.code != "no-currency"]


def accounts(of: Book) -> dict[str, tuple[dict[str, int], dict[str, float], list[tuple[str, int, float]]]]:
    """File → rows, amounts, and what was set aside, as the report accounts for them."""
    found = {}
    for entry in document(of)["inputs"]:
        (sheet,) = entry["sheets"]
        reasons = [(item["reason"], item["rows"], item["amount"]) for item in sheet["set_aside"]]
        found[entry["file"]] = (sheet["rows"], sheet["amount"], reasons)
    return found


# --- currency ---------------------------------------------------------------------------------------------------

RATES = {"GBP": {"2026-01": Decimal("1.17"), "2026-02": Decimal("1.18")}, "USD": {"": Decimal("0.92")}}
MIXED = """
Month,Channel,Currency,Spend
2026-01,Indeed,GBP,100.10
2026-02,Indeed,GBP,100.10
2026-02,Monster,USD,33.33
2026-02,Xing,EUR,5
2026-02,Xing,,5
"""


def test_rates_by_month_convert_to_the_cent() -> None:
    """100.10 GBP is 117.117 in January and 118.118 in February; 33.33 USD is 30.6636; no currency is the book's."""
    of = book(Config(currency="EUR", rates=RATES), spend=MIXED)
    assert of.tables["spend"]["amount"].tolist() == [117_117_000, 118_118_000, 30_663_600, 5_000_000, 5_000_000]
    assert of.currency == "EUR"
    assert of.rates_used == ["1 GBP = 1.17 EUR in 2026-01", "1 GBP = 1.18 EUR in 2026-02", "1 USD = 0.92 EUR"]
    assert document(of)["money"]["examined"] == pytest.approx(275.90)


def test_what_is_made_of_a_table_is_made_again_for_another_table_only() -> None:
    """Twice the same spend, then another; a table of its own name is nobody's business."""
    of, calls = book(spend="Channel,Month,Spend\nIndeed,2026-01,10\n"), []

    def total() -> int:
        calls.append("spend")
        return int(of.tables["spend"]["amount"].sum())

    assert [of.once("total", ["spend"], total) for _ in range(2)] == [10_000_000, 10_000_000]
    of.tables["spend"] = of.tables["spend"].assign(amount=3_000_000)
    of.tables["jobs"] = of.tables["spend"]
    assert [of.once("total", ["spend"], total) for _ in range(2)] == [3_000_000, 3_000_000]
    assert calls == ["spend", "spend"]


def test_mixed_currencies_without_rates_are_an_error_that_says_where() -> None:
    """The first cell of each currency, and the line to write."""
    with pytest.raises(InputError) as error:
        book(spend="Channel,Currency,Spend\nIndeed,USD,5\nXing,EUR,6\n")
    assert str(error.value) == (
        "error: amounts in EUR and USD cannot be added up: EUR in spend.csv#C3; USD in spend.csv#C2\n"
        "  help: Write in rm-audit.yaml: currency: EUR and rates: {USD: what one USD is worth}."
    )


def test_a_currency_without_a_rate_is_an_error() -> None:
    """A currency is set, and nothing says what a pound is worth; nor in March, where January and February have one."""
    with pytest.raises(InputError) as missing:
        book(Config(currency="EUR"), spend="Month,Channel,Spend (GBP)\n2026-03,Indeed,5\n")
    with pytest.raises(InputError) as month:
        book(Config(currency="EUR", rates=RATES), spend="Month,Channel,Spend (GBP)\n2026-03,Indeed,5\n")
    assert str(missing.value).splitlines()[0] == "error: there is no rate for GBP in EUR: GBP in spend.csv#C2"
    assert "there is no rate for GBP in 2026-03" in str(month.value)


def test_one_currency_needs_no_rates_and_none_is_said() -> None:
    """The header's currency is the book's; without any, amounts show without a code."""
    named, bare = book(spend="Channel,Spend (EUR)\nIndeed,5\n"), book(spend="Channel,Spend\nIndeed,5\n")
    assert (named.currency, bare.currency) == ("EUR", None)
    assert [problem.text() for problem in bare.problems] == [
        "info: no file names a currency; amounts are shown without one\n"
        "  help: Name it: --currency EUR, or currency: in rm-audit.yaml."
    ]


def test_a_converted_sheet_still_reconciles() -> None:
    """Read = used + set aside in the book's currency: 100 + 10 at 0.92, the total of 110 set aside."""
    text = "Month,Channel,Spend (USD)\n2026-01,A,100\n2026-01,B,10\nTotal,,110\n"
    of = book(Config(currency="EUR", rates=RATES), spend=text)
    assert accounts(of)["spend.csv"] == (
        {"read": 3, "used": 2, "set_aside": 1},
        {"read": 202.4, "used": 101.2, "set_aside": 101.2},
        [("total row", 1, 101.2)],
    )


def test_a_total_row_goes_by_the_average_where_rates_are_by_month() -> None:
    """100.10 GBP at 1.17 and at 1.18 are 235.235 EUR; the total row of 200.20 is shown as just that, and it is said."""
    text = "Month,Channel,Spend (GBP)\n2026-01,A,100.10\n2026-02,A,100.10\nTotal,,200.20\n"
    of = book(Config(currency="EUR", rates=RATES), spend=text)
    assert [(sheet.amount_used, sheet.amount_aside) for sheet in of.accounts] == [(235_235_000, 235_235_000)]
    assert [problem.message for problem in of.problems if problem.code == "rates"] == [
        "amounts were converted: 1 GBP = 1.17 EUR in 2026-01; 1 GBP = 1.18 EUR in 2026-02; "
        "rows set aside went by the average rate of their sheet"
    ]


@pytest.mark.parametrize(
    ("amount", "rate", "euros"),
    [
        ("0.000001", "0.5", 0),  # half a micro-unit goes to the even one
        ("0.000003", "0.5", 2),
        ("-0.000003", "0.5", -2),
        ("8999999999999.99", "0.999999", 8_999_990_999_999_990_000),  # 64 bits would not hold the product
        ("123456.78", "0.00067123456789", 82_868_458),
    ],
)
def test_amounts_times_rates_are_exact(amount: str, rate: str, euros: int) -> None:
    """Whole micro-units by exact arithmetic, halves to the even one."""
    of = book(Config(currency="EUR", rates={"JPY": {"": Decimal(rate)}}), spend=f"Channel,Spend (JPY)\nA,{amount}\n")
    exact = (Decimal(amount) * 1_000_000 * Decimal(rate)).to_integral_value(ROUND_HALF_EVEN)
    assert (of.tables["spend"]["amount"].tolist(), exact) == ([euros], euros)


# --- period -----------------------------------------------------------------------------------------------------


def test_dated_spend_outside_the_period_is_set_aside_and_accounted_for() -> None:
    """Two of three rows lie in 2026; the undated row belongs to the period that was set."""
    spend = "Date,Channel,Spend\n2025-12-31,Indeed,5\n2026-01-01,Indeed,6\n2026-12-31,Indeed,7.50\n,Indeed,8\n"
    of = book(Config(period=parse_period("2026")), spend=spend)
    assert accounts(of)["spend.csv"] == (
        {"read": 4, "used": 3, "set_aside": 1},
        {"read": 26.5, "used": 21.5, "set_aside": 5.0},
        [("outside the period", 1, 5.0)],
    )
    assert document(of)["period"] == {"start": "2026-01-01", "end": "2026-12-31"}


def test_hires_outside_the_period_are_not_counted() -> None:
    """An outcome belongs to the day of its application; without one, to the day of the hire."""
    ats = """
    Application ID,Source,Applied at,Hired at
    1,Indeed,2025-12-31,2026-02-01
    2,Indeed,2026-01-01,2027-02-01
    3,Indeed,,2026-03-01
    4,Indeed,,
    """
    of = book(Config(period=parse_period("2026")), ats=ats)
    assert measured(of, ["channel"], "applications hires") == {"Indeed": (3, 2)}
    assert accounts(of)["ats.csv"][0] == {"read": 4, "used": 3, "set_aside": 1}


def test_without_a_setting_the_period_is_the_span_of_the_dated_spend() -> None:
    """January and March of spend; the hire applied for in December is not divided into it."""
    ats = """
    Application ID,Source,Applied at,Hired at
    1,Indeed,2025-12-31,2026-02-01
    2,Indeed,2026-03-31,2026-04-01
    """
    of = book(spend="Month,Channel,Spend\n2026-01,Indeed,5\n2026-03,Indeed,6\n", ats=ats)
    assert document(of)["period"] == {"start": "2026-01-01", "end": "2026-03-31"}
    assert measured(of, ["channel"], "hires cost_per_hire") == {"Indeed": (1, 11.0)}


# --- no hire twice ----------------------------------------------------------------------------------------------

ATS = "Application ID,Source,Applied at,Hired at\n1,Indeed,2024-01-05,2024-02-01\n2,Monster,2024-01-05,\n"
PEOPLE = """
Employee Name,Source,Hired at,Left at,Performance
Ann,Indeed,2024-02-01,2024-06-01,Good
Bob,Indeed,2020-01-01,,Good
"""


def test_a_people_file_beside_an_ats_adds_leaving_and_ratings_and_no_hires() -> None:
    """One hire in the ATS counts; the two of the people file are followed and rated."""
    of = book(ats=ATS, people=PEOPLE)
    assert measured(of, ["channel"], "applications hires rated rated_well") == {
        "Indeed": (1, 1, 2, 2),
        "Monster": (1, 0, 0, 0),
    }
    assert said(of) == [
        "info: hires stand in two files: 1 in the ATS export, which count, and 2 in the people file\n"
        "  help: The people file is used for leaving and ratings only. Leave one out to count the other."
    ]


def test_a_people_file_alone_counts_its_hires_and_knows_no_applications() -> None:
    """A row known only as a hire counts as a hire; its application stays unknown."""
    assert measured(book(people=PEOPLE), ["channel"], "applications hires") == {"Indeed": (None, 2)}


def test_totals_per_source_beside_rows_are_not_added_up() -> None:
    """One hire in rows, nine in totals: the rows count, and both figures are said."""
    of = book(ats=ATS, totals="Source,Hires\nIndeed,9\n")
    assert measured(of, ["channel"], "hires") == {"Indeed": (1,), "Monster": (0,)}
    assert said(of) == [
        "info: hires stand twice: 1 in rows with a source, which count, and 9 in totals per source\n"
        "  help: Leave one out to count the other."
    ]


def test_the_same_bytes_twice_are_counted_once() -> None:
    """A copy of the spend file under another name: set aside whole, with its amount."""
    one = file("a.csv", "Channel,Spend\nIndeed,5\nTotal,5\n")
    copy = type(one)(
        type(one.source)("b.csv", one.source.sha256), one.kind,
        [type(sheet)(type(one.source)("b.csv", one.source.sha256), sheet.name, sheet.rows) for sheet in one.sheets],
        [], named=True,
    )  # fmt: skip
    of = build([one, copy], Config())
    assert measured(of, ["channel"], "spend") == {"Indeed": (5.0,)}
    assert said(of) == ["b.csv: warning: the same bytes as a.csv: counted once\n  help: Leave one of the two out."]
    assert accounts(of)["b.csv"] == (
        {"read": 2, "used": 0, "set_aside": 2},
        {"read": 10.0, "used": 0.0, "set_aside": 10.0},
        [("total row", 1, 5.0), ("other file's double", 1, 5.0)],
    )


# --- channels ---------------------------------------------------------------------------------------------------


def joined(*sources: str, spend: str = "Indeed", config: Config | None = None) -> dict[str, tuple[object, ...]]:
    """Channel → spend and applications, for one spend channel and sources of the ATS."""
    lines = "".join(f"{n},{source},2026-01-05\n" for n, source in enumerate(sources))
    ats = f"Application ID,Source,Applied at\n{lines}"
    return measured(
        book(config, spend=f"Month,Channel,Spend\n2026-01,{spend},100\n", ats=ats), ["channel"], "spend applications"
    )


def test_spellings_of_one_source_join() -> None:
    """Case, marks, a known alias and a known prefix are the same channel."""
    assert joined("INDEED", "Indeed.com", "Job Board - Indeed", " indeed ") == {"Indeed": (100.0, 4)}


def test_an_alias_of_the_project_file_joins() -> None:
    """`channels: {IND-7: Indeed}`."""
    assert joined("IND-7", config=Config(channel_names={"ind 7": "Indeed"})) == {"Indeed": (100.0, 1)}


def test_a_near_spelling_of_a_source_joins_and_is_said() -> None:
    """'Nurse Fair Berln' is one letter away; what was assumed is said, with the line that undoes it."""
    spend = "Month,Channel,Spend\n2026-01,Nurse Fair Berlin,100\n"
    of = book(spend=spend, ats="Application ID,Source,Applied at\n1,Nurse Fair Berln,2026-01-05\n")
    assert measured(of, ["channel"], "spend applications") == {"Nurse Fair Berlin": (100.0, 1)}
    assert said(of) == [
        "info: the source 'Nurse Fair Berln' was taken for the channel 'Nurse Fair Berlin' by its spelling\n"
        "  help: If that is wrong, write under channels in rm-audit.yaml: {'Nurse Fair Berln': 'Nurse Fair Berln'}."
    ]


@pytest.mark.parametrize("source", ["Munster", "Monster 2", "Monster organic", "Other", "Moonshine"])
def test_what_only_looks_alike_stays_apart(source: str) -> None:
    """Munster, another number, an organic source, a nameless one."""
    assert joined(source, spend="Monster") == {"Monster": (100.0, 0), source: (0.0, 1)}


def test_two_channels_of_the_spend_never_merge_by_a_near_spelling() -> None:
    """Money is not moved on a guess: one letter apart are two channels; the same word in another case is one."""
    spend = (
        "Month,Channel,Spend\n2026-01,Nurse Fair Berlin,1\n2026-01,Nurse Fair Berln,2\n2026-01,NURSE FAIR BERLIN,4\n"
    )
    assert measured(book(spend=spend), ["channel"], "spend") == {
        "NURSE FAIR BERLIN": (5.0,),
        "Nurse Fair Berln": (2.0,),
    }


def test_organic_stays_apart_from_paid() -> None:
    """A source that says organic costs nothing and must not dilute the paid one; one that does not say joins it."""
    assert joined("Indeed (organic)", "Indeed", "Indeed free", spend="Indeed sponsored") == {
        "Indeed (organic)": (0.0, 2),
        "Indeed sponsored": (100.0, 1),
    }


def test_a_channel_is_called_by_the_spelling_with_the_most_money() -> None:
    """Indeed.com has 60 of the 100."""
    spend = "Month,Channel,Spend\n2026-01,Indeed,40\n2026-01,Indeed.com,60\n"
    assert measured(book(spend=spend), ["channel"], "spend") == {"Indeed.com": (100.0,)}


def test_the_kind_of_a_channel_comes_from_the_project_file_then_the_sheet_then_its_name() -> None:
    """Three channels of unknown name and one that is known."""
    spend = """
    Month,Channel,Channel type,Spend
    2026-01,Acme,Job Boards,1
    2026-01,Brand,Job Boards,1
    2026-01,Carl,,1
    2026-01,LinkedIn,,1
    """
    of = book(Config(channel_kinds={"brand": "social"}), spend=spend)
    assert measured(of, ["channel"], "channel_kind") == {
        "Acme": ("job-board",), "Brand": ("social",), "Carl": (None,), "LinkedIn": ("big-site",),
    }  # fmt: skip


def test_nothing_recognised_is_a_book_without_tables() -> None:
    """An unknown sheet and a file that was named and could not be read: no exception."""
    of = book(notes="a,b\n1,2\n")
    assert (of.recognised, of.tables, of.unreadable) == (False, {}, [])
