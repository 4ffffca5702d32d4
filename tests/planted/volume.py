"""What is planted in volume: applications that lead to nothing, and counts that say more than there is."""

from __future__ import annotations

from planted.ads import BOOK, SEARCH, grow, recount, talked, talks
from planted.book import CHANNELS, MONTHS, STAGES, Book, reject, settle_openings
from planted.effects import below, count_high, rate_high, rate_low
from planted.registry import plants


@plants("applications-per-hire")
def _(book: Book) -> str:
    hired = sorted(
        (row for row in book.ats if row["Hired at"] and row["Source"] in CHANNELS), key=lambda row: str(row["Source"])
    )
    kept = [hired[number * len(hired) // 12] for number in range(12)]
    factor = 582 * float(count_high(12)) / len(book.applied("")) * 1.06
    for row in [row for row in book.ats if row["Hired at"] and row not in kept]:
        reject(book, row, "Hired at")
    for channel in CHANNELS:
        grow(book, channel, factor, STAGES | {"Hired at": 0.0})
    settle_openings(book)
    return BOOK


@plants("applications-without-talks")
def _(book: Book) -> str:
    grow(book, SEARCH, 3000 / len(book.applied(SEARCH)))
    own = book.applied(SEARCH)
    rate = below(len(own), lambda hits: rate_high(hits, len(own)) < 0.5 * 0.03)
    for row in own:
        book.live(row, talks(rate))
    settle_openings(book)
    return SEARCH


@plants("more-applications-no-more-talks")
def _(book: Book) -> str:
    before, month = MONTHS[1], MONTHS[13]
    grow(book, "Indeed", 2, month=before)
    grow(book, "Indeed", 2.5 * len(book.applied("Indeed", before)) / len(book.applied("Indeed", month)), month=month)
    for row in book.media("Indeed", month):
        row["Spend"] = round(row["Spend"] * 5, 2)
    for row in book.media("Indeed", before):
        row["Spend"] = round(row["Spend"] * 2, 2)
    usual, own = book.applied("Indeed", before), book.applied("Indeed", month)
    most, low = talked(usual), rate_low(talked(usual), len(usual))
    rate = below(len(own), lambda hits: (hits <= most) & (rate_high(hits, len(own)) < low))
    for row in own:
        book.live(row, talks(rate))
    settle_openings(book)
    return f"Indeed, {month:%Y-%m}"


@plants("platform-counts-more")
def _(book: Book) -> str:
    for row in book.media(SEARCH):
        recount(row, 1.6)
    return SEARCH
