"""Columns about people are known by what stands in them, and no column of anything else is taken for one."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measure_titles import titles

from rm_audit.profiles.private import looks_personal


def words(text: str) -> list[str]:
    """The things of a list with bars, or the words of a line without."""
    return text.split("|") if "|" in text else text.split()


# Invented people: given names as they come, common and rare, with surnames put together from syllables.
GIVEN = words(
    "Anna Paul Marie Jonas Lucía Sofie Mehmet Olga Priya Wei Kwame Ingrid Tomás Łukasz Chloé Jürgen Fatima David Emma "
    "Noor Hugo Katarzyna Giulia Ahmed Siobhán Thomas Laura Markus Nguyen Ana Daniel Sarah Peter Julia Michael Claire "
    "Stefan Elena Marta Robert Linda James Ryan Nina Sven Isabelle Aoife Yuki Rajesh Martin"
)
ONSETS, ENDINGS = (
    words("B Br D Dr F G H K L M N P R S St T V W Z"),
    words("ander ermann ovic ez iłło sen ley ton eau ini"),
)
AGENCIES = words(
    "Robert Half|Michael Page|Robert Walters|Morgan McKinley|Kelly Services|James Caan Associates|Korn Ferry|Hays|"
    "Randstad Deutschland|Adecco Group|Manpower|Brunel|Page Personnel|Reed|Spencer Ogden|Phaidon International|"
    "Frank Recruitment|Harvey Nash|Oliver James|Charles Hunter Associates|Austin Fraser|Martin Ward Anderson"
)
CITIES = words(
    "New York|San Francisco|San Diego|Santa Maria|Los Angeles|Bad Homburg|Den Haag|St. Gallen|Saint Louis|Paris|Lyon|"
    "Frankfurt am Main|Port Elizabeth|Virginia Beach|Fort Wayne|Austin, TX|Portland, OR|Paris, France|Berlin, Germany|"
    "Charlotte, NC|Jackson Hole|Salt Lake City|Palo Alto|Ciudad Real|Le Havre|Halle Saale|Florence, Italy|Georgetown"
)
CHANNELS = words(
    "Indeed|LinkedIn|Google Ads|Employee Referral|Career Site|Monster|Job Fair|Craigslist|Facebook|Word Of Mouth|"
    "Newspaper Ad|Company Intranet|Radio|Handshake|Diversity Job Fair|On-campus Recruiting|Billboard|Totaljobs"
)
MONTHS = words("January|February|March|April|May|June|July|August|September|October|November|December")

TITLES = titles("dev")

Maker = Callable[[random.Random], str]


def surname(dice: random.Random) -> str:
    return dice.choice(ONSETS) + dice.choice("aeiou") + dice.choice(ENDINGS)


def name(dice: random.Random) -> str:
    return f"{dice.choice(GIVEN)} {surname(dice)}"


def number(dice: random.Random, digits: int) -> str:
    return "".join(dice.choice(string.digits) for _ in range(digits))


PEOPLE: dict[str, tuple[str, Maker]] = {
    "First Last": ("names", name),
    "Last, First": ("names", lambda dice: f"{surname(dice)}, {dice.choice(GIVEN)}"),
    "LAST First": ("names", lambda dice: f"{surname(dice).upper()} {dice.choice(GIVEN)}"),
    "First M. Last": ("names", lambda dice: f"{dice.choice(GIVEN)} {dice.choice('ABK')}. {surname(dice)}"),
    "First van Last": ("names", lambda dice: f"{dice.choice(GIVEN)} van {surname(dice)}"),
    "Dr. First Last-Last": ("names", lambda dice: f"Dr. {name(dice)}-{surname(dice)}"),
    "address": ("e-mail addresses", lambda dice: f"{surname(dice)}{number(dice, 2)}@example.com".lower()),
    "name and address": ("e-mail addresses", lambda dice: f"{name(dice)} <{surname(dice).lower()}@mail.example.org>"),
    "profile": ("profile links", lambda dice: f"https://www.linkedin.com/in/{surname(dice).lower()}-{number(dice, 5)}"),
    "profile without scheme": ("profile links", lambda dice: f"xing.com/profile/{surname(dice)}"),
    "international": ("phone numbers", lambda dice: f"+49 171 {number(dice, 7)}"),
    "international in one": ("phone numbers", lambda dice: f"+33{dice.randint(6, 7)}{number(dice, 8)}"),
    "two zeros": ("phone numbers", lambda dice: f"0044 20 {number(dice, 4)} {number(dice, 4)}"),
    "American": ("phone numbers", lambda dice: f"({dice.randint(2, 9)}01) 5{number(dice, 2)}-{number(dice, 4)}"),
    "German": ("phone numbers", lambda dice: f"Tel. 0171 / {dice.randint(3, 9)}{number(dice, 6)}"),
    "French": ("phone numbers", lambda dice: " ".join(["06", *(number(dice, 2) for _ in range(4))])),
}
THINGS: dict[str, Maker] = {
    "agencies": lambda dice: dice.choice(AGENCIES),
    "firms": lambda dice: f"{surname(dice)} {dice.choice(['GmbH', 'Ltd', 'Media', 'Group', 'BV', 'Partners'])}",
    "firms of two names": lambda dice: f"{surname(dice)} {surname(dice)}",
    "firms with a given name": lambda dice: dice.choice(
        [name(dice), f"{surname(dice)} Verlag", f"{surname(dice)} & Co"]
    ),
    "cities": lambda dice: dice.choice(CITIES),
    "channels": lambda dice: dice.choice(CHANNELS),
    "job titles": lambda dice: dice.choice(TITLES).text,
    "campaigns": lambda dice: (
        f"{dice.choice(MONTHS)} {dice.choice(['Nurses', 'Drivers', 'Brand'])} {dice.choice(CITIES)}"
    ),
    "campaigns with a year": lambda dice: f"{dice.choice(CITIES)} {dice.choice(['Push', 'Always On'])} 2026",
    "campaigns of a board": lambda dice: f"{dice.choice(CHANNELS)} - {dice.choice(TITLES).text}",
    "months": lambda dice: f"{dice.choice(MONTHS)} {dice.randint(2020, 2026)}",
    "requisitions": lambda dice: f"REQ-{number(dice, 5)}",
    "requisitions of digits": lambda dice: number(dice, 10),
    "ids with zeros": lambda dice: f"00{number(dice, 8)}",
    "campaign ids": lambda dice: f"{dice.randint(1, 9)}{number(dice, 11)}",
    "invoices": lambda dice: f"2026-{number(dice, 5)}",
    "invoices with zeros": lambda dice: f"00{dice.randint(10, 99)}-{number(dice, 6)}",
    "invoices of a month": lambda dice: f"0{number(dice, 3)}/2026{dice.randint(10, 12)}",
    "ad accounts": lambda dice: f"{dice.randint(1, 9)}{number(dice, 2)}-{number(dice, 3)}-{number(dice, 4)}",
    "amounts": lambda dice: f"{dice.randint(1, 999)},{number(dice, 3)}.{number(dice, 2)}",
    "European amounts": lambda dice: f"{dice.randint(1, 999)}.{number(dice, 3)},{number(dice, 2)} €",
    "dates": lambda dice: f"0{dice.randint(1, 9)}.{dice.randint(10, 12)}.2026",
    "dates with dashes": lambda dice: f"0{dice.randint(1, 9)}-{dice.randint(10, 12)}-{dice.randint(1990, 2026)}",
    "days and times": lambda dice: f"2026-03-0{dice.randint(1, 9)} 1{dice.randint(0, 9)}:00",
    "messages": lambda dice: (
        f"Hello, we have {dice.randint(2, 9)} open roles near {dice.choice(CITIES)}. Write to jobs@example.com or call "
        f"+49 30 {number(dice, 6)} and ask for our team, we are happy to tell you more about what the days look like."
    ),
    "pages": lambda dice: f"https://www.linkedin.com/company/{surname(dice).lower()}",
    "departments": lambda dice: (
        f"{dice.choice(['Cold', 'Field', 'Home'])} {dice.choice(['Chain', 'Works', 'Kitchen'])}"
    ),
}
TIMES = range(8)


def column(maker: Maker, seed: object, rows: int = 40) -> list[str]:
    dice = random.Random(str(seed))
    return [maker(dice) for _ in range(rows)]


@pytest.mark.parametrize("kind", PEOPLE)
def test_columns_about_people_are_known(kind: str) -> None:
    personal, maker = PEOPLE[kind]
    assert [looks_personal(column(maker, (kind, time))) for time in TIMES] == [personal] * len(TIMES)


@pytest.mark.parametrize("kind", THINGS)
def test_columns_of_other_things_are_let_through(kind: str) -> None:
    found = [looks_personal(column(THINGS[kind], (kind, time), rows)) for time in TIMES for rows in (1, 3, 8, 40, 200)]
    assert found == [None] * len(found)


@pytest.mark.parametrize(
    ("cells", "personal"),
    [
        ([], None),
        ([None, 3, 4.5, "", "  "], None),
        (["Robert Half", "Michael Page"], None),  # too few to be sure
        (["anna@example.com"], "e-mail addresses"),
        (["anna@example.com", "Indeed", "Monster"], None),  # one address among channels
        (["215-555-0101"] * 40, None),  # one number, however often
    ],
)
def test_few_cells(cells: Sequence[object], personal: str | None) -> None:
    assert looks_personal(cells) == personal


def test_a_few_unknowns_among_names_change_nothing() -> None:
    assert looks_personal([*column(name, "names"), "Unknown", "n/a", *[None] * 9]) == "names"


@given(st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=30)), max_size=20), st.randoms())
def test_the_order_of_the_cells_and_repeated_cells_change_nothing(cells: list[object], dice: random.Random) -> None:
    mixed = [*cells, *cells]
    dice.shuffle(mixed)
    assert looks_personal(mixed) == looks_personal(cells)
