"""What is planted in media and applications: ad software, boards, big sites, volume."""

from __future__ import annotations

from datetime import date

import numpy as np

from planted.book import (
    CHANNELS,
    MONTHS,
    STAGES,
    Book,
    Row,
    advertise,
    reject,
    settle_openings,
)
from planted.effects import above, behind, below, count_high, count_low, rate_high, rate_low
from planted.registry import plants

BOARD, SITE, SEARCH = "StepStone", "LinkedIn", "Google Ads"
BOOK = "the whole book"
_SAME_HIRES = "who is hardly spoken with is hardly hired: the rule about hires rests on the same silence"


# --- changes that several planters make ----------------------------------------------------------------------------


def recount(row: Row, factor: float) -> None:
    """So many times the platform's counts on a row of media."""
    for name in ("Clicks", "Apply starts", "Applies"):
        row[name] = round(row[name] * factor)


def grow(book: Book, channel: str, factor: float, stages: dict[str, float] = STAGES, month: date | None = None) -> None:
    """So many times the applications on every ad of a channel, for the same money."""
    for row in book.media(channel, month):
        own = [one for one in book.applied(channel, row["Month"]) if one["Job ID"] == row["Job ID"]]
        more = max(round(len(own) * factor), 0) - len(own)
        for _ in range(more):
            book.apply(channel, row["Month"], row["Job ID"], stages)
        for one in own[: max(-more, 0)]:
            book.ats.remove(one)
        recount(row, factor)


def thin(book: Book, channel: str, left: int) -> list[Row]:
    """So few applications are left on a channel; the money stays."""
    own = book.applied(channel)
    kept = {one["Application ID"] for one in book.rng.choice(np.array(own, dtype=object), left, replace=False)}
    book.ats[:] = [row for row in book.ats if row["Source"] != channel or row["Application ID"] in kept]
    for row in book.media(channel):
        recount(row, left / len(own))
    return book.applied(channel)


def talks(share: float) -> dict[str, float]:
    """Chances of the stages at which so many of all applications are spoken with."""
    return STAGES | {"Interviewed at": share / STAGES["Qualified at"]}


def talked(rows: list[Row]) -> int:
    return sum(row["Interviewed at"] is not None for row in rows)


def media(book: Book, channel: str) -> float:
    return float(sum(row["Spend"] for row in book.media(channel)))


def few_talks(book: Book, channel: str) -> None:
    """A talk from the channel costs so much more than one from the others that the intervals are far apart."""
    others = [row for row in book.ats if row["Source"] in CHANNELS and row["Source"] != channel]
    price = (media(book, "") - media(book, channel)) / count_low(talked(others))
    own = thin(book, channel, 110)
    rate = below(len(own), lambda hits: media(book, channel) / count_high(hits) > 2 * 1.7 * price)
    for row in own:
        book.live(row, talks(rate))


# --- ad software -----------------------------------------------------------------------------------------------------


@plants("clicks-without-applies")
def _(book: Book) -> str:
    month = MONTHS[5]
    rows, arrived = book.media(SEARCH, month), len(book.applied(SEARCH, month))
    rate = behind(arrived, lambda clicks: rate_high(arrived, clicks) < 0.5 * 0.0519)
    clicks = arrived + int(book.rng.negative_binomial(arrived, rate))
    for row, part in zip(rows, (clicks // 2, clicks - clicks // 2), strict=True):
        row["Clicks"], row["Applies"] = part, min(row["Applies"], arrived // 2)
    return f"{SEARCH}, {month:%Y-%m}"


@plants("cheaper-and-worse")
def _(book: Book) -> str:
    before, month = MONTHS[1], MONTHS[13]
    grow(book, "Indeed", 4, month=before)
    usual = book.applied("Indeed", before)
    grow(book, "Indeed", len(usual) / len(book.applied("Indeed", month)), month=month)
    own = book.applied("Indeed", month)
    price = 4 * sum(row["Spend"] for row in book.media("Indeed", before)) / len(usual)
    for row in book.media("Indeed", before):
        row["Spend"] = round(row["Spend"] * 4, 2)
    for row in book.media("Indeed", month):
        row["Spend"] = round(0.7 * price * len(own) / 2, 2)
    low = rate_low(talked(usual), len(usual))
    rate = below(len(own), lambda hits: rate_high(hits, len(own)) < low)
    for row in own:
        book.live(row, talks(rate))
    settle_openings(book)
    return f"Indeed, {month:%Y-%m}"


@plants("click-price-jump")
def _(book: Book) -> str:
    for row in book.media(SITE, MONTHS[6]):
        row["Clicks"] //= 3
    return f"{SITE}, {MONTHS[6]:%Y-%m}"


@plants("closed-req-spend")
def _(book: Book) -> str:
    job = next(job for job in book.jobs if job["Closed"] and job["Closed"] > MONTHS[4])
    advertise(book, BOARD, MONTHS[-1], job["Job ID"], 310.0, 5)
    return str(job["Job ID"])


@plants("filled-req-spend")
def _(book: Book) -> str:
    def ads(job: Row) -> list[date]:
        return sorted({row["Month"] for row in book.media() if row["Job ID"] == job["Job ID"]})

    job = next(job for job in book.jobs if len(ads(job)) == 3)
    first, *_, last = ads(job)
    own = [row for row in book.ats if row["Job ID"] == job["Job ID"]]
    for row in own:
        if row["Hired at"]:
            reject(book, row, "Hired at")
    early = next(row for row in own if row["Applied at"] < first.replace(day=20))
    early |= dict.fromkeys(STAGES, last - (last - first) / 8) | {"Rejected at": None}
    job["Openings"] = 1
    book.ats[:] = [row for row in book.ats if row["Job ID"] != job["Job ID"] or row in own[:150] or row is early]
    return str(job["Job ID"])


@plants("programmatic-fee-share")
def _(book: Book) -> str:
    for row in book.spend:
        if row["Cost type"] == "fee" and row["Channel"] == "Appcast":
            row["Spend"] = 1500
    return "Appcast"


@plants("starts-not-finished")
def _(book: Book) -> str:
    rows = book.media(SEARCH)
    sent = max(sum(row["Applies"] for row in rows), len(book.applied(SEARCH)))
    rate = behind(sent, lambda starts: rate_high(sent, starts) < 0.5 * 0.4)
    starts = sent + int(book.rng.negative_binomial(sent, rate))
    for row in rows:
        row["Apply starts"] = -(-starts // len(rows))
    return SEARCH


# --- boards ----------------------------------------------------------------------------------------------------------


@plants("board-applications-not-hires")
def _(book: Book) -> str:
    own = book.applied(BOARD)
    others = sum(row["Hired at"] is not None for row in book.ats if row["Source"] != BOARD)
    limit = 0.5 * len(own) / len(book.ats)
    offered = [row for row in own if row["Offered at"]]
    rate = below(len(offered), lambda hits: rate_high(hits, hits + others) < limit)
    for row in offered:
        if row["Hired at"] is None or not book.chance(rate):
            reject(book, row, "Hired at")
    return BOARD


@plants("board-crowd-fed")
def _(book: Book) -> str:
    def channels(job: Row) -> list[str]:
        return sorted({row["Channel"] for row in book.media() if row["Job ID"] == job["Job ID"]})

    job = max(book.jobs, key=lambda job: len(channels(job)))
    own = [row for row in book.ats if row["Job ID"] == job["Job ID"]]
    for row in own:
        if row["Offered at"]:
            reject(book, row, "Offered at")
    ads = [row for row in book.media() if row["Job ID"] == job["Job ID"]]
    for number in range(181 - len(own)):
        ad = ads[number % len(ads)]
        book.apply(ad["Channel"], ad["Month"], job["Job ID"], STAGES | {"Offered at": 0.0})
        ad["Applies"] += 1
    job["Openings"] = 1
    return str(job["Job ID"])


@plants("board-expensive")
def _(book: Book) -> str:
    for row in book.media(BOARD):
        row["Spend"] = round(row["Spend"] * 3, 2)
    own = book.applied(BOARD)
    paid = [row for row in book.ats if row["Source"] in CHANNELS and row["Source"] != BOARD]
    hires = sum(row["Hired at"] is not None for row in paid)
    due = 0.95 * media(book, BOARD) * count_low(hires) / (media(book, "") - media(book, BOARD))
    rate = below(len(own), lambda hits: count_high(hits) < due / 2)
    chance = rate / (STAGES["Qualified at"] * STAGES["Interviewed at"] * STAGES["Offered at"])
    for row in own:
        book.live(row, STAGES | {"Hired at": min(chance, 1)})
    settle_openings(book)
    return BOARD


@plants("board-stale-req")
def _(book: Book) -> str:
    job = next(job for job in book.jobs if job["Closed"] and job["Closed"] > MONTHS[4])
    job["Opened"] = MONTHS[0]
    own = [row for row in book.ats if row["Job ID"] == job["Job ID"]]
    for row in own:
        if row["Interviewed at"]:
            reject(book, row, "Interviewed at")
    ads = [row for row in book.media() if row["Job ID"] == job["Job ID"]]
    for number in range(100 - len(own)):
        book.apply(ads[number % len(ads)]["Channel"], ads[0]["Month"], job["Job ID"], talks(0))
    return str(job["Job ID"])


@plants("board-talks-dear")
def _(book: Book) -> str:
    few_talks(book, BOARD)
    return BOARD


@plants("board-same-people")
def _(book: Book) -> str:
    for job in book.jobs:
        own = [row for row in book.applied(BOARD) if row["Job ID"] == job["Job ID"]]
        for first, again in zip(own[::6], own[1::6], strict=False):
            again["Candidate ID"] = first["Candidate ID"]
    return BOARD


@plants("board-unanswered")
def _(book: Book) -> str:
    own = book.applied(BOARD)
    rate = above(len(own), lambda hits: rate_low(hits, len(own)) > 0.41)
    silent, quiet = int(book.rng.binomial(len(own), rate)), [row for row in own if row["Qualified at"] is None]
    for number, row in enumerate(quiet):
        row["Rejected at"] = None if number < silent else row["Applied at"] + book.days(9, 40)
    return BOARD


@plants("board-zero-hire", also={"site-talks-dear": _SAME_HIRES})
def _(book: Book) -> str:
    """Nobody gets an offer, and few pass the screen: a verdict weighs all stages, and asks for more than no hire."""
    for row in book.applied(BOARD):
        book.live(row, STAGES | {"Qualified at": 0.08, "Offered at": 0.0})
    settle_openings(book)
    return BOARD


@plants("boards-without-hires")
def _(book: Book) -> str:
    for board in (BOARD, "Glassdoor", "Monster"):
        for row in book.applied(board):
            if row["Hired at"]:
                reject(book, row, "Hired at")
    return BOOK


# --- big sites -------------------------------------------------------------------------------------------------------


@plants("site-concentration")
def _(book: Book) -> str:
    stages = {"Qualified at": 0.25, "Interviewed at": 0.24, "Offered at": 0.75, "Hired at": 0.68}
    grow(book, SITE, 2.7, stages)
    for row in book.applied(SITE):
        book.live(row, stages)
    for row in book.media(SITE):
        row["Spend"] = round(row["Spend"] * 9, 2)
    settle_openings(book)
    return SITE


@plants(
    "site-talks-dear", also=dict.fromkeys(("board-expensive", "board-zero-hire", "campaign-expensive"), _SAME_HIRES)
)
def _(book: Book) -> str:
    few_talks(book, SITE)
    return SITE


@plants("site-unqualified")
def _(book: Book) -> str:
    own, others = book.applied(SITE), [row for row in book.ats if row["Source"] in CHANNELS and row["Source"] != SITE]
    usual = rate_low(sum(row["Qualified at"] is not None for row in others), len(others))
    rate = below(len(own), lambda hits: rate_high(hits, len(own)) < 0.5 * usual)
    for row in own:
        book.live(row, STAGES | {"Qualified at": rate, "Interviewed at": min(0.05 / rate, 1)})
    settle_openings(book)
    return SITE


# --- what the verdicts say -------------------------------------------------------------------------------------------


@plants("campaign-expensive")
def _(book: Book) -> str:
    """One campaign of a board, whose applications hardly pass the screen; the rest of the board is as it was."""
    name = f"{BOARD} Nursing"
    for row in book.media(BOARD):
        if row["Campaign"] == name:
            row["Spend"] = round(row["Spend"] * 1.5, 2)
    for row in book.applied(BOARD):
        if row["Campaign"] == name:
            book.live(row, STAGES | {"Qualified at": 0.04})
    settle_openings(book)
    return f"{BOARD}, {name}"


@plants(
    "quality-drift",
    also={"more-applications-no-more-talks": "more applications and as many talks are a part of the drift"},
)
def _(book: Book) -> str:
    """From the middle on a channel brings three times the applications for its money, and one in ten of them passes."""
    for month in MONTHS[len(MONTHS) // 2 :]:
        grow(book, "Indeed", 3, STAGES | {"Qualified at": 0.03}, month)
        for row in book.applied("Indeed", month):
            book.live(row, STAGES | {"Qualified at": 0.08})
    settle_openings(book)
    return "Indeed"
