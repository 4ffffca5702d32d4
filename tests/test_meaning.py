"""Headers that no profile spells, understood by their words and by what stands under them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from books import book
from hypothesis import given
from hypothesis import strategies as st
from measure_headers import MONEY, VALUES, Label, labels, measured

from rm_audit.inspected import inspected
from rm_audit.profiles.contents import content
from rm_audit.profiles.library import generic
from rm_audit.profiles.meaning import THRESHOLD, assign, candidates, is_personal
from rm_audit.profiles.senses import parts, thesaurus
from rm_audit.readers import Value
from rm_audit.tables import TABLES

MONEY_VALUES = VALUES["money"]
DAYS = VALUES["date"]
NAMES = VALUES["category"]
COUNTS = VALUES["count"]


def meant(header: str, values: Sequence[Value], table: str = "spend") -> str | None:
    """The column that a header means, where that is sure enough."""
    guesses = [guess for guess in candidates(header, values, table) if guess.confidence >= THRESHOLD]
    return guesses[0].column if guesses else None


# --- words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "values", "table", "column"),
    [
        ("Gesamtkosten (brutto) 2025", MONEY_VALUES, "spend", "amount"),  # total + cost + gross
        ("Ausgaben je Bewerbung", MONEY_VALUES, "spend", None),  # cost + per + application: no spend
        ("Nombre de candidatures reçues", COUNTS, "spend", "applies"),
        ("Herkunft der Bewerbung", NAMES, "applications", "source"),
        ("Datum Einstellung", DAYS, "applications", "hired_at"),
        ("Rekryteringskostnad", MONEY_VALUES, "spend", "amount"),  # a compound
        ("Kostenstelle", NAMES, "spend", None),  # a word of its own, though it begins with cost
        ("Kampagnentyp", NAMES, "spend", None),
        ("広告費", MONEY_VALUES, "spend", "amount"),
        ("Ammount Spent", MONEY_VALUES, "spend", "amount"),  # misspelled
        ("Chanel", NAMES, "spend", "channel"),
        ("Campain", NAMES, "spend", "campaign"),
        ("Cost / conv.", MONEY_VALUES, "spend", None),
        ("Conv. value", MONEY_VALUES, "spend", None),
        ("Daily budget", MONEY_VALUES, "spend", None),
        ("Planned spend", MONEY_VALUES, "plan", "budget"),
        ("Spend last year", MONEY_VALUES, "spend", None),
        ("Cost index", MONEY_VALUES, "spend", None),  # a word that nobody knows
        ("LinkedIn cost", MONEY_VALUES, "spend", None),  # one channel's money is not the sheet's
        ("Cust. Invoice Amt", MONEY_VALUES, "spend", None),  # no slip for 'cost'
        ("Cumulative spend", MONEY_VALUES, "spend", None),  # months would count twice
    ],
)
def test_a_header_means_what_its_words_say_together(
    header: str, values: Sequence[Value], table: str, column: str | None
) -> None:
    assert meant(header, values, table) == column


def test_a_guess_says_why() -> None:
    first = candidates("Gesamtkosten (brutto)", [12.5, 99.99], "spend")[0]

    assert first.why == "its words say 'gesamt' (total) + 'kosten' (cost); its values are amounts"


def test_a_misspelled_word_is_trusted_less() -> None:
    right, wrong = (candidates(header, NAMES, "spend")[0].confidence for header in ("Channel", "Chanel"))

    assert right > wrong >= THRESHOLD


# --- values ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["12,50 €", "3.000 €", " --"], "money"),
        (["3.43(USD)", "12.99(USD)"], "money"),
        (["kr 100,50"], "money"),
        (["229,344", "1,204", "<5"], "count"),
        (["4.0", "3.0"], "count"),  # counts as some exports write them
        ([44008, 44009], "serial"),
        ([0.0102, 0.2], "fraction"),
        (["0.321%"], "percent"),
        (["01.02.2026", "17.02.2026"], "day"),
        (["Q1 2026", "January"], "day"),
        ([date(2026, 1, 5)], "day"),
        (["EUR", "USD", "EUR"], "code"),
        (["REQ-123", "REQ-124"], "id"),
        (["A-1", "A-2"], "id"),
        (["yes", "no"], "mark"),
        (["someone@example.org"], "mail"),
        (["Board", "Fair", "Board", "Fair"], "repeated"),
        (["Wave one", "Wave two"], "unique"),
        (["12", "Board"], "mixed"),
        ([None, "", "n/a"], "empty"),
    ],
)
def test_what_a_column_holds_is_seen(values: Sequence[Value], kind: str) -> None:
    assert content(values).kind == kind


@pytest.mark.parametrize(
    ("header", "values"),
    [("Source", COUNTS), ("Channel", MONEY_VALUES), ("Cost", NAMES), ("Cost", VALUES["rate"]), ("Start date", NAMES)],
)
def test_values_that_contradict_the_words_win(header: str, values: Sequence[Value]) -> None:
    assert meant(header, values) is None


def test_without_values_the_words_are_enough_and_count_less() -> None:
    with_values, without = (candidates("Media cost", values, "spend")[0].confidence for values in (MONEY_VALUES, []))

    assert with_values > without >= THRESHOLD


# --- a whole row of headers --------------------------------------------------------------------------------------


def test_each_header_and_each_column_are_given_once() -> None:
    headers = [
        "Stellenportal",
        "Schaltungsbeginn",
        "Kosten brutto",
        "Kosten netto",
        "Bewerbungen",
        "Kosten pro Bewerbung",
    ]
    values = [NAMES, DAYS, MONEY_VALUES, MONEY_VALUES, COUNTS, MONEY_VALUES]

    found = assign(headers, values, "spend")

    assert {column: headers[position] for column, (position, _, _) in found.items()} == {
        "channel": "Stellenportal",
        "start": "Schaltungsbeginn",
        "amount": "Kosten netto",  # with tax in it only where there is no other
        "applies": "Bewerbungen",
    }


HEADERS = st.lists(st.sampled_from([label.header for label in labels()]), max_size=12)


@given(HEADERS, st.sampled_from(sorted(TABLES)))
def test_an_assignment_is_one_to_one_and_sure(headers: list[str], table: str) -> None:
    found = assign(headers, [()] * len(headers), table)

    positions = [position for position, _, _ in found.values()]
    assert len(set(positions)) == len(positions)
    assert all(THRESHOLD <= confidence <= 1 for _, confidence, _ in found.values())


@given(st.text(max_size=40), st.lists(st.one_of(st.text(max_size=12), st.floats(), st.none()), max_size=5))
def test_any_text_is_a_header_and_any_cells_are_values(header: str, values: list[Value]) -> None:
    for guess in candidates(header, values, "spend"):
        assert 0 < guess.confidence <= 1


# --- people ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_column_about_people_is_never_a_candidate(table: str) -> None:
    known = [
        *generic().personal,
        *generic().person,
        "Bewerbername",
        "Prénom",
        "Gehaltsvorstellung",
        "Emergency contact name",
    ]

    assert [header for header in known if not is_personal(header)] == []
    assert [header for header in known if candidates(header, NAMES, table)] == []


def test_a_column_of_addresses_is_never_a_candidate() -> None:
    assert candidates("Source", VALUES["email"], "applications") == []


# --- money -------------------------------------------------------------------------------------------------------

COSTS = st.sampled_from(["Cost", "Spend", "Kosten", "Ausgaben", "Coût", "Dépenses", "Coste", "Costo", "Custo", "Koszt"])
PER = st.sampled_from(["per", "pro", "je", "par", "por"])
THINGS = st.sampled_from(
    ["hire", "click", "Bewerbung", "Einstellung", "candidature", "clic", "lead", "seat", "contratación"]
)
BEFORE = st.sampled_from(
    ["Avg.", "Average", "Durchschn.", "Budget", "Planned", "Target", "Max.", "Remaining", "Estimated"]
)


@given(COSTS, PER, THINGS, st.sampled_from(["", " (EUR)", " 2025"]))
def test_a_rate_is_never_spend(cost: str, per: str, thing: str, end: str) -> None:
    assert meant(f"{cost} {per} {thing}{end}", MONEY_VALUES) is None


@given(BEFORE, COSTS)
def test_an_average_or_a_plan_is_never_spend(before: str, cost: str) -> None:
    assert meant(f"{before} {cost}", MONEY_VALUES) is None


# --- the thesaurus and the measurement ---------------------------------------------------------------------------


def test_every_sense_that_a_column_asks_for_is_in_the_thesaurus() -> None:
    known = {*thesaurus()["senses"], "money_sign"}
    asked = {
        sense
        for columns in thesaurus()["columns"].values()
        for body in columns.values()
        for entry in (*body.get("sure", ()), *body.get("fair", ()), body.get("with") or "")
        for word in entry.split()
        for sense in word.split("/")
    }

    assert asked - known == set()


def test_every_column_of_the_thesaurus_is_one_of_its_table() -> None:
    odd = {
        (table, column)
        for table, columns in thesaurus()["columns"].items()
        for column in columns
        if column not in TABLES[table].columns and not column.startswith("o_")
    }

    assert odd == set()


def test_words_stand_apart_in_camel_case_and_in_compounds() -> None:
    assert [part.word for part in parts("CampaignID")] == ["campaign", "id"]
    assert [part.word for part in parts("Rekryteringskostnad")] == ["rekryterings", "kostnad"]


@pytest.mark.parametrize(
    ("half", "gathered", "precision", "recall", "money"),
    [
        ("dev", "before", 0.99, 0.98, 0.995),
        ("dev", "after", 0.99, 0.95, 0.995),
        ("dev", "against", 0.99, 0.95, 0.995),
        ("dev", "last", 0.99, 0.8, 0.995),
        ("held", "before", 0.99, 0.97, 0.995),
        ("held", "after", 0.97, 0.72, 0.995),
        ("held", "blind", 0.97, 0.8, 0.995),  # what to expect of a header that nobody has thought of
    ],
)
def test_guesses_are_as_good_as_they_were_measured(
    half: str, gathered: str, precision: float, recall: float, money: float
) -> None:
    own = [label for label in labels() if (label.half, label.gathered) == (half, gathered)]

    assert measured(own, THRESHOLD).precision >= precision
    assert measured(own, THRESHOLD).recall >= recall
    assert measured(own, THRESHOLD, MONEY).precision >= money


def test_at_least_a_third_of_the_labelled_headers_mean_no_column() -> None:
    every: list[Label] = labels()

    assert len(every) >= 900
    assert sum(label.column == "-" for label in every) >= len(every) / 3


def test_a_sheet_of_months_whose_label_nobody_knows_is_read_by_what_it_means() -> None:
    """The months hold the money, the first column means the channel, and the sum is checked and not added."""
    rows = """
        Werbekanal;Jan 2026;Feb 2026;Summe Kosten
        Jobwelt;100;200,50;300,50
        Aushang24;20;30;50
    """
    of = book(kosten=rows)
    sheet = inspected(of).document["inputs"][0]["sheets"][0]
    assert sheet["columns"]["guessed"]["Werbekanal"]["column"] == "channel"
    assert sheet["amount"] == {"read": 350.5, "used": 350.5, "set_aside": 0}
