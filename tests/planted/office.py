"""What is planted in sequences, in what employees share, and in licences."""

from __future__ import annotations

from datetime import date, timedelta

from planted.book import MONTHS, Book, Row, step
from planted.effects import above, below, count_high, rate_high, rate_low
from planted.registry import plants
from planted.words import AIMLESS, ALIKE, ASKING, BLAND_SHARED, GIVING, LETTER, PLANT, SAME_ASK, WARD

PROGRAMME, TOOL = "VoiceCo", "SeatCo"


# --- sequences -------------------------------------------------------------------------------------------------------


def steps(book: Book, sequence: str) -> list[Row]:
    return [row for row in book.messages if row["Sequence"] == sequence]


def write(book: Book, sequence: str, texts: tuple[str, ...], answered: float = 0.09) -> None:
    """A sequence to 2,000 people; so many of them answer the first step, and a third of those say yes."""
    for number, text in enumerate(texts, 1):
        replies = int(book.rng.binomial(2000, answered if number == 1 else 0.03))
        book.messages.append(step(sequence, number, text, 2000, Replies=replies, Interested=replies // 3))


def redraw(book: Book, sequence: str, count: str, rate: float) -> None:
    for row in steps(book, sequence):
        row[count] = int(book.rng.binomial(row["Sent"], rate))


def sent(book: Book, sequence: str) -> int:
    return sum(row["Sent"] for row in steps(book, sequence))


@plants("nurture-all-ask")
def _(book: Book) -> str:
    write(book, "Job alerts", ASKING)
    return "Job alerts"


@plants("nurture-late-gift")
def _(book: Book) -> str:
    write(book, "Gift at last", (*ASKING, SAME_ASK[1], GIVING[0]))
    return "Gift at last"


@plants("nurture-bland-copy")
def _(book: Book) -> str:
    few_answers(book, LETTER)
    return LETTER


def few_answers(book: Book, sequence: str) -> None:
    rate = below(2000, lambda hits: rate_high(hits, 2000) < 0.5 * 0.188)
    for number, row in enumerate(steps(book, sequence)):
        row["Replies"] = 0 if number else int(book.rng.binomial(2000, rate))
        row["Interested"] = row["Replies"] // 2


@plants("nurture-bounces")
def _(book: Book) -> str:
    rate = below(sent(book, WARD), lambda hits: rate_high(hits, sent(book, WARD)) < 0.95)
    redraw(book, WARD, "Delivered", rate)
    return WARD


@plants("nurture-complaints")
def _(book: Book) -> str:
    rate = above(sent(book, WARD), lambda hits: rate_low(hits, sent(book, WARD)) >= 0.003)
    redraw(book, WARD, "Complaints", rate)
    return WARD


@plants("nurture-late-steps")
def _(book: Book) -> str:
    late = steps(book, WARD)[4:]
    mails = sum(row["Sent"] for row in late)
    rate = below(mails, lambda hits: rate_high(hits, mails) < 0.005)
    for row in late:
        row["Replies"] = int(book.rng.binomial(row["Sent"], rate))
        row["Interested"] = 0
    return WARD


@plants("nurture-list-harm")
def _(book: Book) -> str:
    rate = above(sent(book, WARD), lambda hits: rate_low(hits, sent(book, WARD)) > 2 * 0.0025)
    redraw(book, WARD, "Unsubscribes", rate)
    return WARD


@plants("nurture-no-interest")
def _(book: Book) -> str:
    rate = below(2000, lambda hits: rate_high(hits, 2000) < 0.5 * 0.051)
    for number, row in enumerate(steps(book, PLANT)):
        row["Interested"] = 0 if number else int(book.rng.binomial(2000, rate))
    return PLANT


@plants("nurture-no-reply")
def _(book: Book) -> str:
    few_answers(book, PLANT)
    return PLANT


@plants("nurture-over-follow")
def _(book: Book) -> str:
    for number, text in enumerate(ASKING, 4):
        book.messages.append(step(PLANT, number, text, 2000, Replies=40, Interested=10))
    return PLANT


@plants("nurture-repeats")
def _(book: Book) -> str:
    for number, text in enumerate(ALIKE, 4):
        book.messages.append(step(PLANT, number, text, 2000, Replies=4, Interested=1))
    return PLANT


@plants("nurture-same-ask")
def _(book: Book) -> str:
    write(book, "Call invitations", SAME_ASK)
    return "Call invitations"


# --- what employees share --------------------------------------------------------------------------------------------


@plants("adv-bland-posts")
def _(book: Book) -> str:
    for row in book.shares:
        row["Text"] = str(book.rng.choice(BLAND_SHARED))
    return PROGRAMME


@plants("adv-nobody-at-work")
def _(book: Book) -> str:
    for row in book.shares:
        row["Text"] = str(book.rng.choice(AIMLESS))
    return PROGRAMME


@plants("adv-fading")
def _(book: Book) -> str:
    days = [row["Date"] for row in book.shares]
    start, end = max(days) - timedelta(days=90), max(days)
    first = sum(day < min(days) + timedelta(days=90) for day in days)
    last = [row for row in book.shares if row["Date"] > start]
    rate = below(len(last), lambda hits: count_high(hits) < 0.5 * first)
    book.shares[:] = [row for row in book.shares if row["Date"] <= start or row["Date"] == end or book.chance(rate)]
    return PROGRAMME


@plants("adv-few-voices")
def _(book: Book) -> str:
    for row in book.shares:
        if book.chance(0.85):
            row["Employee ID"] = f"E{int(book.rng.integers(6)):03d}"
    return PROGRAMME


@plants("adv-low-active")
def _(book: Book) -> str:
    rate = below(100, lambda hits: rate_high(hits, 100) < 0.1)
    active(book, int(book.rng.binomial(100, rate)))
    return PROGRAMME


def active(book: Book, people: int) -> None:
    """So many different people share in the last 30 days of the log; its last day stays what it is, and has one."""
    end = max(row["Date"] for row in book.shares)
    recent = [row for row in book.shares if row["Date"] > end - timedelta(days=30)]
    last = next(row for row in recent if row["Date"] == end)
    last["Employee ID"] = "E000"
    book.shares[:] = [row for row in book.shares if row is last or row not in recent]
    for person in range(1, people):
        row = dict(recent[person % len(recent)])
        book.shares.append(row | {"Employee ID": f"E{person:03d}"})


@plants("adv-promo-library")
def _(book: Book) -> str:
    rate = above(len(book.shares), lambda hits: rate_low(hits, len(book.shares)) > 0.6)
    for row in book.shares:
        row["Content type"] = "job ad" if book.chance(rate) else "worked example"
    return PROGRAMME


@plants("adv-reshare-only")
def _(book: Book) -> str:
    rate = below(len(book.shares), lambda hits: rate_high(hits, len(book.shares)) < 0.2)
    for row in book.shares:
        row["Original"] = "yes" if book.chance(rate) else "no"
    return PROGRAMME


# --- licences --------------------------------------------------------------------------------------------------------


def licence(book: Book, vendor: str = TOOL) -> Row:
    return next(row for row in book.contracts if row["Vendor"] == vendor)


@plants("contract-without-deadline")
def _(book: Book) -> str:
    licence(book)["Notice days"] = None
    return TOOL


@plants("notice-missed")
def _(book: Book) -> str:
    licence(book).update({"End": date(2026, 8, 31), "Active seats": 30})
    return TOOL


@plants("paid-after-end")
def _(book: Book) -> str:
    licence(book)["End"] = date(2025, 12, 31)
    return TOOL


@plants("paid-over-contract")
def _(book: Book) -> str:
    licence(book)["Annual cost"] = 9000
    return TOOL


@plants("renewal-window")
def _(book: Book) -> str:
    licence(book)["End"] = date(2026, 10, 15)
    return TOOL


@plants("seats-idle")
def _(book: Book) -> str:
    licence(book)["Active seats"] = 25
    return TOOL


@plants("stack-overlap")
def _(book: Book) -> str:
    licence(book, "DashCo")["Capability"] = licence(book)["Capability"]
    return "DashCo"


@plants("stack-share")
def _(book: Book) -> str:
    for row in book.spend:
        if row["Channel"] == TOOL:
            row["Spend"] = 14000
    licence(book)["Annual cost"] = 14000 * 12
    assert sum(row["Channel"] == TOOL for row in book.spend) == len(MONTHS)
    return "the whole book"
