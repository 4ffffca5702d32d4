"""What the rules of nurture and advocacy learn from the texts, on books written for these tests."""

from __future__ import annotations

from collections.abc import Sequence

from books import book, measured

from rm_audit.shipped import rules_folder

ASK = (
    "I hope this finds you well! We have exciting opportunities for talented people. Would you be open to a quick call?"
)
BUMP = (
    "Just checking in on my last mail about this great role with an "
    "amazing team. Are you free for a brief call on Friday?"
)
GIVE = (
    "A shift is 06:00 to 14:30 and the supplement is EUR 3.20 an hour. The "
    "hard part is the Sunday after a late Saturday."
)
SOFT = (
    "Good afternoon, I wonder whether the post at our office is something you would be open to hearing about, as we "
    "spoke of it in May."
)
SHARE = (
    "So proud to be part of this amazing team! What a wonderful evening "
    "with the best colleagues in the world. Grateful!"
)
WORK = (
    "The drain stopped at ten. I called the doctor twice and wrote down "
    "that I had, then they opened him up before midnight."
)


def table(header: str, rows: Sequence[Sequence[object]]) -> str:
    return "\n".join([header, *(",".join(f'"{value}"' for value in row) for row in rows)])


def test_a_sequence_counts_bland_steps_repeats_and_the_ask_that_comes_back() -> None:
    """Steps in the order of their numbers: two bland asks for a call, the first once more, then one that gives."""
    steps = [(10, GIVE, 100, 9), (1, ASK, 400, 4), (2, BUMP, 300, 3), (3, ASK, 200, 2), (11, "Bye", 90, 1)]
    rows = [("Nurses", *step) for step in steps]
    messages = table("Sequence,Step,Body,Sent,Replies", rows)
    names = "copy_steps bland_steps alike_steps same_ask same_ask_steps steps_before_give late_sent late_replies"
    assert measured(book(messages=messages), ["sequence"], names) == {"Nurses": (4, 3, 1, "call", 3, 3, 90, 1)}


def test_four_steps_have_no_late_ones_and_without_counts_nobody_knows() -> None:
    with_counts = table("Sequence,Step,Body,Sent,Replies", [("A", 1, ASK, 400, 4)])
    without = table("Sequence,Step,Body", [("A", 1, ASK)])
    assert measured(book(messages=with_counts), ["sequence"], "late_sent late_replies") == {"A": (0, 0)}
    assert measured(book(messages=without), ["sequence"], "late_sent bland_steps") == {"A": (None, 1)}


def test_texts_of_a_share_log_are_judged_once_each() -> None:
    """Three people pass on one bland text, one writes about her work: two texts, one share in own words."""
    rows = [("2026-03-01", person, "Voices", SHARE) for person in ("Ann", "Bob", "Cid")]
    log = table("Date,Advocate,Programme,Post text", [*rows, ("2026-03-02", "Dee", "Voices", WORK)])
    names = "shares original_shares texts_assessed bland_texts work_texts"
    assert measured(book(log=log), ["programme"], names) == {"Voices": (4, 1, 2, 1, 1)}


def test_what_the_log_says_of_own_words_counts_before_the_texts() -> None:
    log = table("Date,Advocate,Programme,Original,Post text", [("2026-03-01", "Ann", "Voices", "no", WORK)])
    assert measured(book(log=log), ["programme"], "original_shares work_texts") == {"Voices": (0, 1)}


def test_opens_are_information_and_no_rule_uses_them() -> None:
    """Programs open mails too; the count is shown, and nothing is decided by it."""
    messages = table("Sequence,Step,Body,Sent,Opens,Replies", [("A", 1, ASK, 400, 210, 4), ("A", 2, GIVE, 380, 150, 9)])
    assert measured(book(messages=messages), ["sequence"], "sent opens replies") == {"A": (780, 360, 13)}
    rules = [
        path.read_text("utf-8") for path in sorted(rules_folder().rglob("*.yaml")) if path.parent.name != "lexicons"
    ]
    judged = [
        line for text in rules for line in text.splitlines() if line.startswith(("where:", "enough:", "flag:", "earn:"))
    ]
    assert [line for line in judged if "opens" in line.split()] == []


def test_the_ledger_of_give_and_ask_counts_what_either_list_finds() -> None:
    """The first ask stands in the list of asks, the second among the families of phrases; the gift comes third."""
    steps = [(1, "Apply now, we have a place for you in the new hall, with a view of the canal."), (2, SOFT), (3, GIVE)]
    messages = table("Sequence,Step,Body", [("A", *step) for step in steps])
    names = "steps_assessed ask_steps give_steps steps_before_give"
    assert measured(book(messages=messages), ["sequence"], names) == {"A": (3, 2, 1, 2)}
