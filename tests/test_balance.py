"""What must add up on every run: a sum that does not ends the run in words, before anything is reported."""

from __future__ import annotations

import pytest
from books import AS_OF, book, built_in, ctx, document

from rm_audit.balance import BalanceError, check_claims, check_read
from rm_audit.book import Book
from rm_audit.ledger import Claim, Ledger, settle
from rm_audit.metrics.frames import Frames
from rm_audit.pots import pots_of
from rm_audit.rulebook.run import judge_all

SPEND = """
Month,Channel,Cost type,Spend,Clicks,Applies
2026-01,Indeed,media,1000.00,1000,0
2026-01,Monster,media,50.25,10,1
Total,,,1050.25,,
"""
JOBS = "Job ID,Opened,Closed\nJ1,2025-11-03,\n"
HELP = "This is a fault of rm-audit and not of your files. Please report it with this line; no report was written."


def settled(of: Book) -> tuple[dict[str, Ledger], list[Claim]]:
    frames, rules = Frames(ctx(of)), built_in().rules
    return settle(judge_all(rules, frames), pots_of(rules, frames, ctx(of)))


def said(error: pytest.ExceptionInfo[BalanceError]) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.message, problem.help) for problem in error.value.problems]


def test_a_run_that_adds_up_says_so_in_its_document() -> None:
    """Read 1,050.25 and the total row; examined = claimed + unclaimed; read = examined + set aside."""
    money = document(book(spend=SPEND, jobs=JOBS))["money"]

    assert money["unproven"] > 0
    assert money["examined"] == 1050.25
    assert money["examined"] == round(sum(money[n] for n in ("avoidable", "unproven", "misdirected", "unclaimed")), 2)
    assert money["read"] == money["examined"] + money["set_aside"]


def test_a_cent_more_claimed_than_granted_ends_the_run() -> None:
    ledgers, claims = settled(book(spend=SPEND, jobs=JOBS))
    check_claims(ledgers, claims)
    granted = sum(claim.claimed for claim in claims)
    claims[0].claimed += 10_000

    with pytest.raises(BalanceError) as error:
        check_claims(ledgers, claims)

    words = f"findings claim {(granted + 10_000) / 1e6:,.2f} of spend, and its rows gave {granted / 1e6:,.2f}"
    assert said(error) == [("out-of-balance", f"the money of this run does not add up: {words}", HELP)]


def test_a_row_claimed_beyond_its_amount_ends_the_run() -> None:
    ledgers, claims = settled(book(spend=SPEND, jobs=JOBS))
    ledgers["spend"].claimed[0] = ledgers["spend"].amounts[0] + 1

    with pytest.raises(BalanceError) as error:
        check_claims(ledgers, claims)

    assert said(error)[0][1] == "the money of this run does not add up: more is claimed of a row of spend than it holds"


def test_a_row_that_vanishes_without_an_account_ends_the_run() -> None:
    """The table lost a row, and the account of the sheet still has three rows: two used and the total set aside."""
    of = book(spend=SPEND)
    check_read(of)
    of.tables["spend"] = of.tables["spend"].iloc[1:].reset_index(drop=True)

    with pytest.raises(BalanceError) as error:
        document(of)

    words = "1 rows used and 1 set aside are not the 3 read"
    assert said(error) == [("out-of-balance", f"the rows of this run do not add up: {words}", HELP)]
    assert error.value.exit_code == 3


def test_an_amount_that_changes_after_reading_ends_the_run() -> None:
    of = book(spend=SPEND)
    of.tables["spend"]["amount"] += 1_000_000

    with pytest.raises(BalanceError) as error:
        document(of, as_of=AS_OF)

    words = "1,052.25 is examined, and the account of the sheet says 1,050.25"
    assert said(error) == [("out-of-balance", f"the money of this run does not add up: {words}", HELP)]
