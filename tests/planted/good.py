"""What is planted that earns trust."""

from __future__ import annotations

from planted.ads import BOOK
from planted.book import MONTHS, STAGES, Book, reject, settle_openings
from planted.effects import above, rate_low
from planted.office import PROGRAMME, active, steps, write
from planted.registry import plants
from planted.words import GIVING, LETTER


@plants("trust-answered-anyway")
def _(book: Book) -> str:
    rate = above(2000, lambda hits: rate_low(hits, 2000) >= 0.188)
    for number, row in enumerate(steps(book, LETTER)):
        row["Replies"] = 0 if number else int(book.rng.binomial(2000, rate))
        row["Interested"] = row["Replies"] // 3
    return LETTER


@plants("trust-answers-week")
def _(book: Book) -> str:
    rate = above(len(book.ats), lambda hits: rate_low(hits, len(book.ats)) >= 0.9)
    for row in book.ats:
        quick = book.chance(rate)
        if row["Qualified at"]:
            row["Qualified at"] = row["Applied at"] + (book.days(2, 6) if quick else book.days(9, 10))
        else:
            row["Rejected at"] = row["Applied at"] + (book.days(2, 6) if quick else book.days(9, 40))
    return BOOK


@plants("trust-fewer-better")
def _(book: Book) -> str:
    rate = above(len(book.ats), lambda hits: rate_low(hits, len(book.ats)) >= 0.08)
    usual = STAGES["Qualified at"] * STAGES["Interviewed at"]
    for row in book.ats:
        book.live(row, STAGES | {"Interviewed at": rate / 0.25, "Offered at": STAGES["Offered at"] * usual / rate})
    settle_openings(book)
    return BOOK


@plants("trust-inside-sources")
def _(book: Book) -> str:
    hires = sum(row["Hired at"] is not None for row in book.ats)
    rate = above(hires, lambda hits: rate_low(hits, hires) >= 0.11)
    for _ in range(int(book.rng.binomial(round(hires / (1 - rate)), rate))):
        month = MONTHS[int(book.rng.integers(len(MONTHS)))]
        book.apply("Employee referral", month, None, dict.fromkeys(STAGES, 1.0))
    return BOOK


@plants("trust-many-voices")
def _(book: Book) -> str:
    rate = above(100, lambda hits: rate_low(hits, 100) >= 0.3)
    active(book, int(book.rng.binomial(100, rate)))
    return PROGRAMME


@plants("trust-offers-taken")
def _(book: Book) -> str:
    offered = [row for row in book.ats if row["Offered at"]]
    rate = above(len(offered), lambda hits: rate_low(hits, len(offered)) >= 0.64)
    for row in offered:
        row["Hired at"] = row["Offered at"] + book.days(5, 20)
        row["Rejected at"] = None
        if not book.chance(rate):
            reject(book, row, "Hired at")
    settle_openings(book)
    return BOOK


@plants("trust-own-words")
def _(book: Book) -> str:
    rate = above(len(book.shares), lambda hits: rate_low(hits, len(book.shares)) >= 0.5)
    for row in book.shares:
        row["Original"] = "yes" if book.chance(rate) else "no"
    return PROGRAMME


@plants("trust-stays")
def _(book: Book) -> str:
    people = 40
    rate = above(people, lambda hits: rate_low(hits, people) >= 0.7)
    for row in [row for row in book.ats if row["Source"] == "Career site" and row["Hired at"]]:
        reject(book, row, "Hired at")
    for number in range(people):
        row = book.apply("Career site", MONTHS[number % 3], None, dict.fromkeys(STAGES, 1.0))
        row["Left at"] = None if book.chance(rate) else row["Hired at"] + book.days(60, 300)
    return "Career site"


@plants("trust-useful-sequence")
def _(book: Book) -> str:
    write(book, "Rota notes", GIVING)
    return "Rota notes"
