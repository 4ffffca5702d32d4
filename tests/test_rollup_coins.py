"""Large files of spend in several currencies, each amount with its sign."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import rm_audit
from rm_audit.config import Config
from rm_audit.progress import telling
from rm_audit.readers import pieces

HEADER = ["Date", "Channel", "Campaign", "Clicks", "Spend"]
RATES = {code: {"": Decimal(rate)} for code, rate in {"GBP": "1.17", "CHF": "1.05", "USD": "0.92"}.items()}


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "ROWS", 100)


def bookings(
    path: Path,
    signs: Sequence[str],
    header: Sequence[str] = HEADER,
    own: Sequence[str] = (),
    more: Sequence[Sequence[str]] = (),
) -> Path:
    """Amounts with one of some signs; with a column of currencies of its own, one of some words."""
    chance = random.Random(3)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*header, *(["Currency"] if own else [])])
        for number in range(240):
            day, channel = f"2025-03-{number % 28 + 1:02}", chance.choice(["Jobwelt", "LinkedIn"])
            amount = f"{signs[number % len(signs)]}{chance.randint(0, 900_000) / 100:,.2f}"
            cells = [day, channel, f"C{chance.randint(1, 9)}", chance.randint(0, 40), amount]
            writer.writerow([*cells, *([chance.choice(own)] if own else [])])
        writer.writerows(more)
    return path


def document(path: Path, engine: str) -> dict[str, Any]:
    """The report in euros, without what says where rows stand and who added them up."""
    book = rm_audit.read(path, config=Config(engine=engine, currency="EUR", rates=RATES))
    found: dict[str, Any] = json.loads(json.dumps(rm_audit.audit(book, as_of=date(2026, 3, 31)).document))
    places = ("rolled-up", "subtotals")
    found["problems"] = [item | {"cell": ""} for item in found["problems"] if item["code"] not in places]
    return found


def engine_of(path: Path) -> tuple[str, str]:
    """The engine that added it up, and why none did."""
    told: list[str] = []
    with telling(told.append):
        book = rm_audit.read(path, config=Config(engine="duckdb", currency="EUR", rates=RATES))
    return book.engines.get(path.name, ""), next((text for text in told if "cell by cell" in text), "")


@pytest.mark.parametrize("own", [[], ["EUR", "USD", "", "n/a", "€"]])
@pytest.mark.parametrize("signs", [["€", "£"], ["EUR ", "CHF ", "USD "], ["€", ""], ["$", "€"], ["$", "€", "", "£"]])
def test_each_amount_is_in_the_currency_of_its_sign(tmp_path: Path, signs: Sequence[str], own: Sequence[str]) -> None:
    path = bookings(tmp_path / "bookings.csv", signs, own=own)
    assert engine_of(path) == ("duckdb", "")
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def test_they_are_added_up_by_their_rates(tmp_path: Path) -> None:
    rows = [["2025-03-01", "Jobwelt", "C1", "1", ["€10.00", "£10.00"][number % 2]] for number in range(200)]
    with (tmp_path / "bookings.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADER, *rows])
    found = document(tmp_path / "bookings.csv", "duckdb")
    assert found["inputs"][0]["sheets"][0]["amount"] == {"read": 2170.0, "used": 2170.0, "set_aside": 0.0}


@pytest.mark.parametrize(
    "row",
    [
        ["2025-03-01", "Jobwelt", "C1", "1", "€ soon"],
        ["soon", "Jobwelt", "C1", "1", "£7.00"],
        ["2025-03-01", "Jobwelt", "C1", "n/a", "£7.00"],
        ["2025-03-01", "Jobwelt", "C1", "1", "£7.00", ""],
        ["2025-03-01", "Jobwelt", "C1", "1", "£7.00", "x"],
        ["2025-03-01", "Jobwelt", "C1", "1", "7.00", "GBP"],
        ["2025-03-01", "Jobwelt", "C1"],
        ["2025-03-01", "Jobwelt", "C1", "1", ""],
        HEADER,
        [],
    ],
)
def test_a_row_beside_them_is_read_as_any_other(tmp_path: Path, row: Sequence[str]) -> None:
    path = bookings(tmp_path / "bookings.csv", ["€", "£"], more=[row])
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize(
    ("header", "signs", "more", "why"),
    [
        ([*HEADER[:-1], "Spend (EUR)"], ["€", "£"], [], "amounts in other currencies than the header says"),
        (HEADER, ["€"], [["2025-03-01", "Jobwelt", "C1", "1", "£7.00"]], "amounts in several currencies"),
    ],
)
def test_what_the_first_rows_do_not_show_is_read_cell_by_cell(
    tmp_path: Path, header: Sequence[str], signs: Sequence[str], more: Sequence[Sequence[str]], why: str
) -> None:
    path = bookings(tmp_path / "bookings.csv", signs, header, more=more)
    assert engine_of(path) == ("", f"Reading bookings.csv cell by cell: {why}")
    assert document(path, "duckdb") == document(path, "cells")
