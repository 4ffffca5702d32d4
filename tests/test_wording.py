"""What messages ask and give, on texts written for these tests."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rm_audit.errors import UsageError
from rm_audit.metrics.wording import FACTS, Lexicon, Wording, assess, hits, load_lexicon

FOLDER = Path(__file__).resolve().parent.parent / "rules" / "lexicons"
ASKS, GIVES = load_lexicon(FOLDER, "asks"), load_lexicon(FOLDER, "gives")
LEXICONS = ("asks", "gives", "kpi-outcome", "kpi-vanity", "trust-plan", "software-plan")

BLAND = """Hi {{first_name}},

We are growing and we are looking for people like you. Our team is great, the mood is
dynamic and the options are many. Apply now through our career site, or book
a call with one of our recruiters.

Best regards,
The talent team
"""
USEFUL = """You asked how the weekend roster works, so this is how we plan it.

A shift is 06:00 to 14:30. The supplement is EUR 3.20 an hour, and you see the roster six weeks ahead.
The hard part is the Sunday after a late Saturday; people who dislike that tell us in the first month.

Hit reply and ask the shift lead anything.
"""
FOOTER = """

You are receiving this e-mail because you joined our list. Unsubscribe | Manage preferences
Apply now: https://jobs.example/apply - how to get 3.20 EUR an hour, 06:00 to 14:30
Example Ltd, 12 Quay Street
"""


def wording(text: str) -> Wording | None:
    return assess(text, ASKS, GIVES)


def test_a_bland_ask_mail_asks_and_gives_nothing() -> None:
    assert wording(BLAND) == Wording(asks=("apply now", "career site", "book a call"), gives=())


def test_a_useful_mail_gives_and_its_invitation_to_ask_is_a_gift() -> None:
    gives = (
        *("this is how", "06:00 to 14:30", "eur 3.20", "an hour", "roster", "six weeks"),
        *("the hard part", "and ask"),
    )
    assert wording(USEFUL.replace("weekend roster", "weekend")) == Wording(asks=(), gives=gives)


def test_the_footer_is_not_read() -> None:
    assert wording(BLAND + FOOTER) == wording(BLAND)
    assert wording(USEFUL + FOOTER) == wording(USEFUL)


def test_a_footer_on_the_line_of_the_last_sentence_leaves_the_sentence() -> None:
    flat = " ".join(BLAND.split("Best")[0].split())
    assert wording(f"{flat} To unsubscribe click here.") == wording(BLAND)


def test_merge_fields_are_not_words() -> None:
    named = BLAND.replace("{{first_name}}", "reader")
    for field in ("{{first_name}}", "{first_name}", "[[apply now]]", "<<click here>>", "*|FNAME|*", "%FIRST_NAME%"):
        assert wording(named.replace("reader", field)) == wording(named)


def test_markup_signature_and_quoted_mail_are_not_read() -> None:
    page = "<p>" + USEFUL.replace("\n\n", "</p>\n<p>") + "</p>"
    assert wording(page) == wording(USEFUL)
    assert wording(USEFUL + "\nKind regards,\nShift desk\nBook a call: 0123\n") == wording(USEFUL)
    assert wording(USEFUL + "\n> Apply now and send your CV\n") == wording(USEFUL)


def test_a_postscript_is_read() -> None:
    found = wording(BLAND + "\nP.S. Refer a friend.\n")
    assert found == Wording(asks=("apply now", "career site", "book a call", "refer a friend"), gives=())


def test_a_sentence_that_asks_gives_nothing() -> None:
    text = (
        "The office is quiet this week and most of the people who work there are on a course. "
        "Would you be open to a 15-minute call on Monday between 10:00 and 11:00 about a job that pays EUR 20 an hour?"
    )
    assert wording(text) == Wording(asks=("would you be open", "15-minute"), gives=())


def test_one_number_is_no_information_and_two_are() -> None:
    start = "The people in the depot would like you to know what the new lamps have changed for them this year."
    assert wording(f"{start} They cost 300 euros.") == Wording((), ())
    assert wording(f"{start} They cost 300 euros and last 900 hours.") == Wording((), ("300 euros", "900 hours"))


def test_money_raised_and_years_of_experience_are_no_facts() -> None:
    start = "We are proud that our company is the best place to work, and that it has grown with its people."
    assert wording(f"{start} It raised $50 million and $ 12.5 billion in 25 years, since 2019.") == Wording((), ())


def test_german_is_not_assessed() -> None:
    text = (
        "Wir suchen dich! Unser Team wächst, und wir bieten dir flexible Zeiten und ein gutes Umfeld. "
        "Bewirb dich jetzt über unsere Karriereseite; dein Recruiting-Team freut sich auf deine Nachricht."
    )
    assert wording(text) is None


def test_a_short_text_is_not_assessed() -> None:
    fourteen = "Apply now because the best of all the jobs you want is open here"
    assert len(fourteen.split()) == 14
    assert wording(fourteen) is None
    assert wording(f"{fourteen} today") == Wording(("apply now",), ())


def test_hits_are_whole_words_in_order_once_and_never_inside_another() -> None:
    lexicon = Lexicon("x", ("view*", "open rate*", "open", "ctr", "it's"), ("price",))
    text = "CTR, reviews, Views and views; OPEN\nRates over €3.20, it’s the ctr"
    assert hits(text, lexicon) == ["ctr", "views", "open rates", "€3.20", "it's"]


def test_a_lexicon_without_phrases_finds_nothing() -> None:
    assert hits("anything at all", Lexicon("x", ())) == []


@pytest.mark.parametrize("name", LEXICONS)
def test_every_lexicon_loads_and_says_each_phrase_once(name: str) -> None:
    lexicon = load_lexicon(FOLDER, name)
    assert lexicon.id == name
    assert len(lexicon.phrases) >= 40
    assert len(set(lexicon.phrases)) == len(lexicon.phrases)
    assert all(phrase == phrase.lower() for phrase in lexicon.phrases)
    assert all(hits(phrase.replace("*", ""), lexicon) for phrase in lexicon.phrases)


@pytest.mark.parametrize(
    ("kpi", "outcome", "vanity"),
    [
        ("impressions", [], ["impressions"]),
        ("Open rate", [], ["open rate"]),
        ("applications, hires", ["hires"], ["applications"]),
        ("candidates interviewed from search", ["interviewed"], []),
        ("Held conversations", ["held conversations"], []),
        ("dashboards live", [], []),
    ],
)
def test_kpis_of_plans(kpi: str, outcome: list[str], vanity: list[str]) -> None:
    assert hits(kpi, load_lexicon(FOLDER, "kpi-outcome")) == outcome
    assert hits(kpi, load_lexicon(FOLDER, "kpi-vanity")) == vanity


def test_every_problem_of_a_lexicon_is_told(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("id: bad\nwhy: 3\nsource: judgement\nphrases: word\npatterns: [prize]\n")
    with pytest.raises(UsageError) as caught:
        load_lexicon(tmp_path, "bad")
    assert [problem.message for problem in caught.value.problems] == [
        "the field 'title' must be a text",
        "the field 'why' must be a text",
        "'phrases' must be a list of texts",
        "a pattern that is not known",
    ]
    with pytest.raises(UsageError, match="is not there"):
        load_lexicon(tmp_path, "none")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([*BLAND.splitlines(), *USEFUL.splitlines(), "Unsubscribe", "Best,", "PS: apply now", "{"])
    ),
    st.text(max_size=60),
)
def test_an_unsubscribe_footer_never_changes_the_result(lines: list[str], tail: str) -> None:
    text = "\n".join([*lines, tail])
    assert wording(text + FOOTER) == wording(text)


@pytest.mark.parametrize("piece", ["<a ", "{{", "1.", "3 days ", "apply ", "unsub ", "\n", "[[", "€1,", "Thank you\n"])
def test_time_grows_with_the_text_and_not_faster(piece: str) -> None:
    start = time.perf_counter()
    wording(piece * (100_000 // len(piece)))
    hits(piece * (100_000 // len(piece)), Lexicon("x", ("apply now",), tuple(FACTS)))
    assert time.perf_counter() - start < 5
