"""What the copy detector says of texts, on texts written for these tests."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rm_audit.copy import judge, load_detector
from rm_audit.copy.body import counted, plain
from rm_audit.copy.files import read_bytes
from rm_audit.copy.series import Series, repeats, series
from rm_audit.errors import UsageError
from rm_audit.shipped import rules_folder

HERE = Path(__file__).parent / "copy"
DETECTOR = load_detector()

BLAND = """Hi {{first_name}},

I hope this finds you well! I came across your profile and was really impressed by your background. We are a
fast-growing company with an amazing culture, and we have exciting opportunities for talented people.

Would you be open to a quick call this week?
"""
USEFUL = """You asked how the weekend works, so this is how we plan it.

A shift is 06:00 to 14:30. The supplement is EUR 3.20 an hour, and you see the roster six weeks ahead.
The hard part is the Sunday after a late Saturday; people who dislike that tell us in the first month.
"""
SIGNATURE = "\nKind regards,\nMira Holt\nTalent Partner, Amazing Places to Work\n"
FOOTER = "\n\nYou are receiving this e-mail because you joined our amazing talent community. Unsubscribe | Apply now\n"


def test_a_bland_mail_and_what_speaks_against_it() -> None:
    found = judge(BLAND)
    assert found.verdict == "bland"
    assert [reason.phrase for reason in found.reasons if reason.family == "empty-ask"] == [
        "Would you be open",
        "quick call",
    ]
    assert found.suggestion.startswith("Give first: put one thing that the reader can use")
    assert found.suggestion.endswith("It names no pay, no hours and no figure that a reader could decide on.")


def test_a_useful_mail_and_what_speaks_for_it() -> None:
    found = judge(USEFUL)
    assert found.verdict == "fine"
    assert {"facts", "terms", "candid", "addresses-reader"} <= {r.family for r in found.reasons if r.points < 0}
    assert found.suggestion.startswith("Keep the sentence with 'supplement is EUR 3.20'.")


@pytest.mark.parametrize("text", [BLAND, USEFUL])
@pytest.mark.parametrize("more", [SIGNATURE, FOOTER, SIGNATURE + FOOTER, "\n> Apply now, amazing team!\n"])
def test_signature_footer_and_quoted_mail_do_not_count(text: str, more: str) -> None:
    assert judge(text + more).score == judge(text).score


def test_merge_fields_do_not_count() -> None:
    for name in (
        "{{first_name}}",
        "{amazing}",
        "[[apply now]]",
        "<<great>>",
        "*|FNAME|*",
        "%FIRST_NAME%",
        "[First Name]",
    ):
        assert judge(BLAND.replace("{{first_name}}", name)).score == judge(BLAND).score


def test_headings_and_prompts_do_not_count() -> None:
    story = (
        "{}\n\nA drain gave 40 ml by ten and then nothing. I called the doctor twice, and wrote down that I had.\n\n"
    )
    asked = story.format("What do you love about our amazing team?") + story.format("What is your favourite thing?")
    assert judge(asked).score == judge(story.format("") * 2).score
    assert judge("Our amazing culture and values\n\n" + USEFUL).score == judge(USEFUL).score
    assert judge("## Our amazing culture\n" + USEFUL).score == judge(USEFUL).score


def test_a_line_with_a_figure_is_no_heading() -> None:
    pay = (
        "Pay: EUR 17.40 an hour\n\nThe shop opens at seven and you are there by half past six, every day but Sunday.\n"
    )
    assert "EUR 17.40 an hour" in counted(pay)
    assert "Our values" not in counted(pay.replace("Pay: EUR 17.40 an hour", "Our values"))


NOTHING = (
    "The department wishes to appoint a second person for a first period of six months. The post is based in the main "
    "building, with the option of some time at the other site."
)


def test_a_text_with_nothing_in_it_is_for_a_person_to_look_at() -> None:
    """It lacks substance, and no phrase of two families speaks against it: that is no proof of bland copy."""
    found = judge(NOTHING)
    assert found.verdict != "bland"
    assert "no-substance" in {reason.family for reason in found.reasons if reason.points > 0}


STORY = "Meet Jana, who has been with us for twelve years. She loves her team and has never looked back. {}"


def test_a_story_shows_work_where_doing_outnumbers_talk() -> None:
    idle = judge(STORY.format("In her spare time she bakes and walks her dog, and we are lucky to have her."))
    busy = judge(
        "The scanner read nothing on aisle 12. I changed the lamp, then I swapped the label, and it was the label: the "
        "new roll had a gloss on it. We sent back forty boxes."
    )
    assert (idle.shows_work, busy.shows_work) == (False, True)
    assert idle.suggestion.endswith("Nobody in it is seen doing a piece of work.")
    assert (idle.verdict, busy.verdict) == ("bland", "fine")


def test_a_small_print_that_says_why_one_receives_it_does_not_count() -> None:
    assert judge(BLAND + "\nYou receive this because you signed up.\n").score == judge(BLAND).score


def test_one_question_to_the_reader_counts() -> None:
    assert "Would you be open" in counted(BLAND)


def test_what_is_not_assessed_and_why() -> None:
    short = judge("Apply now, we have an amazing team.")
    german = judge(
        "Wir suchen dich! Unser Team wächst, und wir bieten dir ein gutes Umfeld mit viel Freude und einer tollen "
        "Kantine für alle Leute."
    )
    receipt = judge(
        "Thank you for applying. We have received your application for the post of welder, and your application number "
        "is 4711. We will write to you by the end of next week."
    )
    assert [(found.verdict, found.score, found.why_not) for found in (short, german, receipt)] == [
        ("not_assessed", None, "too short: 7 words of its own, 20 are needed"),
        ("not_assessed", None, "not in English, as far as its small words tell"),
        ("not_assessed", None, "not judged: a receipt, an appointment or a rejection"),
    ]
    assert [len(found.reasons) >= 2 for found in (short, german, receipt)] == [True] * 3
    assert judge("").verdict == judge(" \n\t").verdict == "not_assessed"


def test_places_hold_in_a_web_page() -> None:
    page = (
        "<style>p{}</style><p>" + USEFUL.replace("EUR ", "&euro;").replace("\n\n", "</p>\n<p>") + "</p><!-- amazing -->"
    )
    found = judge(page)
    assert [page[reason.start : reason.end] for reason in found.reasons] == [reason.phrase for reason in found.reasons]
    assert found.verdict == "fine"
    assert "&euro;3.20" in {reason.phrase for reason in found.reasons}


def test_an_e_mail_gives_its_own_words() -> None:
    mail = (
        b'Subject: Apply now\nContent-Type: text/plain; charset="iso-8859-1"\n'
        b"Content-Transfer-Encoding: quoted-printable\n\nThe caf=E9 opens at=\n six.\n"
    )
    assert read_bytes(mail, "a.eml").text == "The café opens at six.\n"
    assert [problem.code for problem in read_bytes(b"\x89PNG\r\n\x1a\n\0\0", "a.txt").problems] == ["binary-file"]


def rules(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name.replace('_', '-')}.yaml").write_text(text, encoding="utf-8")
    return folder


FAMILY = "id: shouting\ntitle: Shouts\nwhy: Nobody listens\nsource: judgement\nweight: 2\ncap: 5\nphrases: [{}]\n"


def test_a_family_of_ones_own_counts_and_one_is_switched_off(tmp_path: Path) -> None:
    asks = (rules_folder() / "copy" / "empty-ask.yaml").read_text("utf-8")
    off = asks.replace("weight: 0.75", "weight: 0")
    folder = rules(tmp_path, shouting=FAMILY.format("hear ye"), empty_ask=off)
    found = judge("Hear ye! " + BLAND, load_detector([folder]))
    families = {reason.family for reason in found.reasons}
    assert "shouting" in families
    assert "empty-ask" not in families


@pytest.mark.parametrize(
    ("phrases", "text", "found"),
    [
        ("opportunit*", "many opportunities here", ["opportunities"]),
        ("(great|good) (fit|match)", "a great fit, a good-match", ["great fit", "good-match"]),
        ("impressed ~ your", "impressed by all of your work", ["impressed by all of your"]),
        ("impressed ~ your", "impressed. Your work", []),
        ('"how do you ... ?"', "how do you plan a week of nights?", ["how do you plan a week of nights?"]),
        ("<number> beds, <clock>", "22 beds at 06:30", ["22 beds", "06:30"]),
        ("<money> an hour", "it is £12.21 an hour", ["£12.21 an hour"]),
        ("(very|) good", "very good and good", ["very good", "good"]),
        ("a day, a day off", "a day off and a day", ["a day off", "a day"]),
    ],
)
def test_how_phrases_are_written(tmp_path: Path, phrases: str, text: str, found: list[str]) -> None:
    detector = load_detector([rules(tmp_path, shouting=FAMILY.format(phrases))])
    filler = " The rest of this is only here because a text of a few words is not assessed by what is there."
    reasons = (
        judge(text + "." + filler, detector).reasons
        if not text.endswith("?")
        else judge(text + filler, detector).reasons
    )
    assert sorted(r.phrase for r in reasons if r.family == "shouting") == sorted(found)


def test_every_problem_of_a_family_is_told(tmp_path: Path) -> None:
    folder = rules(tmp_path, shouting=FAMILY.format("(a|b, ~ a, ab*, <nonsense> a, a ~ b ~ c ~ d") + "waight: 3\n")
    with pytest.raises(UsageError) as caught:
        load_detector([folder])
    assert [problem.message for problem in caught.value.problems] == ["unknown field 'waight'"]
    folder = rules(tmp_path, shouting=FAMILY.format("(a|b, ~ a, ab*, <nonsense> a, a ~ b ~ c ~ d"))
    with pytest.raises(UsageError) as caught:
        load_detector([folder])
    assert [problem.message for problem in caught.value.problems] == [
        "the phrase '(a|b' brackets do not match",
        "the phrase '~ a' needs a word at its beginning and at its end",
        "the phrase 'ab*' has fewer than 3 letters before '*'",
        "the phrase '<nonsense> a' <nonsense> is no kind of word and no list under 'words'",
        "the phrase 'a ~ b ~ c ~ d' has more than 2 gaps",
    ]
    assert caught.value.problems[0].line == 7


PIECES = [
    *BLAND.splitlines(),
    *USEFUL.splitlines(),
    "<p>",
    "&amp;",
    "{",
    "> quoted",
    "Best,",
    "What now?",
    "# Head",
    "İ",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=30), max_size=12))
def test_any_text_gets_a_verdict_whose_quotes_stand_in_it(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    found = judge(text)
    assert all(text[reason.start : reason.end] == reason.phrase for reason in found.reasons)
    assert (found.score is None) == (found.verdict == "not_assessed")
    assert len(counted(plain(text).text)) == len(plain(text).text)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([line for line in (BLAND + USEFUL).splitlines() if line]), max_size=8))
def test_a_footer_never_changes_the_score(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert judge(text + FOOTER).score == judge(text).score


HOSTILE = [
    *(
        "a",
        "<a ",
        "{{",
        "[A",
        "%A",
        "1,",
        "&",
        "&#1;",
        "a@",
        "![",
        "](",
        "www.",
        "<!--",
        "<script",
        "¶ ",
        "\n",
        " ",
        "!",
    ),
    *("how do you ", "if you interested in career ", "best great ", "Thank you\n", "> on it wrote:\n", "What?\nyes\n"),
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_text_and_not_faster(piece: str) -> None:
    """A megabyte of one thing over and over; anything quadratic would take a day. `bench_copy.py` prints the times."""
    start = time.process_time()
    judge(piece * (1_000_000 // len(piece)))
    assert time.process_time() - start < 20


STEPS = [
    BLAND,
    "Hi {{first_name}},\n\nJust checking in on my last note. Are you free for a quick call on Friday? It is about the "
    "same role as before, and the team is great.",
    USEFUL,
]


def test_what_the_steps_of_a_sequence_have_in_common() -> None:
    """Two of three are bland, both ask for a call, and none repeats another."""
    assert series(STEPS, [judge(step) for step in STEPS]) == Series(
        assessed=3, bland=2, alike=0, same_ask=2, ask="call"
    )


def test_a_step_that_repeats_an_earlier_one() -> None:
    """Word for word, with another name, with a few words changed, and by its template; a short nod repeats nothing."""
    other = BLAND.replace("{{first_name}}", "Ana").replace("amazing culture", "open culture").replace("week", "month")
    template = (
        "We welcome {} to our team in {}! {} joins us as a planner. Please say hello when you see {} at the gate."
    )
    welcomes = [template.format("Mira", "Leeds", "She", "her"), template.format("Jon", "York", "He", "him")]
    assert repeats([BLAND, USEFUL, BLAND, other]) == [None, None, 0, 0]
    assert repeats([*welcomes, USEFUL]) == [None, 0, None]
    assert repeats(["", "", "Hi there", "Hi there"]) == [None, None, None, None]
    assert repeats([USEFUL, *welcomes, USEFUL, *welcomes]) == [None, None, 1, 0, 1, 1]
