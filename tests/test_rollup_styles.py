"""Large files with a decimal comma or marks of thousands, or with the day or the month first: an engine adds them up
as the cells say."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from test_rollups import document, people

import rm_audit
from rm_audit.config import Config
from rm_audit.progress import telling
from rm_audit.rollups.written import Written, written

HEADER = "Datum;Kanal;Kampagne;Stellen-ID;Impressionen;Klicks;Kosten;Währung"
STYLES: dict[str, Callable[[int, int], str]] = {
    "31.12.2025": lambda day, month: f"{day:02}.{month:02}.2025",
    "1.3.2025": lambda day, month: f"{day}.{month}.2025",
    "12/31/2025": lambda day, month: f"{month:02}/{day:02}/2025",
    "31/12/2025": lambda day, month: f"{day:02}/{month:02}/2025",
    "31-12-2025": lambda day, month: f"{day:02}-{month:02}-2025",
}


def export(path: Path, style: str, lines: tuple[str, ...] = (), rows: int = 600) -> Path:
    """An export with a semicolon between cells, and lines that somebody wrote otherwise under it."""
    chance, written = random.Random(7), [HEADER]
    for _ in range(rows):
        day = STYLES[style](chance.randint(1, 28), chance.randint(1, 12))
        amount = f"{chance.randint(0, 90000) / 100:.2f}".replace(".", ",")
        words = f"{chance.choice(['Jobwelt', 'LinkedIn'])};C{chance.randint(1, 3)};REQ-{chance.randint(1, 9)}"
        written.append(f"{day};{words};{chance.randint(1, 999)};{chance.randint(0, 40)};{amount};EUR")
    path.write_text("\n".join([*written, *lines, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize("style", STYLES)
def test_the_order_of_day_and_month_and_a_decimal_comma_are_no_reason_to_read_cells(tmp_path: Path, style: str) -> None:
    path = export(tmp_path / "log.csv", style)
    assert rm_audit.read(path, config=Config(engine="duckdb")).engines == {"log.csv": "duckdb"}
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize(
    ("line", "engine"),
    [
        ("04.03.2025;Jobwelt;C1;REQ-1;5;3;1.234,50;EUR", "duckdb"),  # a mark of thousands
        ("04.03.2025;Jobwelt;C1;REQ-1;5;3;€ 12,00;EUR", "duckdb"),
        ("04.03.2025;Jobwelt;C1;REQ-1;5;3;1e5;EUR", "duckdb"),
        ("32.01.2025;Jobwelt;C1;REQ-1;5;3;12,00;EUR", "duckdb"),  # no day in this order, and perhaps in another
        ("03/04/2025;Jobwelt;C1;REQ-1;5;3;12,00;EUR", "duckdb"),  # what comes first, the other rows settle
        ("5. März 2025;Jobwelt;C1;REQ-1;5;3;12,00;EUR", "duckdb"),
        ("04.03.0001;Jobwelt;C1;REQ-1;5;3;12,00;EUR", "duckdb"),  # 2001 to a reader of cells, and to no engine
        ("04.03.2025;Jobwelt;C1;REQ-1;5;3;1.234;EUR", "duckdb"),  # thousands or decimals: not by itself
        ("Summe;;;;;;12,00;EUR", "duckdb"),
    ],
)
def test_a_line_that_is_written_otherwise_is_read_as_in_its_table(
    tmp_path: Path, line: str, engine: str | None
) -> None:
    path = export(tmp_path / "log.csv", "31.12.2025", (line,))
    assert rm_audit.read(path, config=Config(engine="duckdb")).engines.get("log.csv") == engine
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def test_a_lone_odd_line_has_the_order_of_the_other_rows(tmp_path: Path) -> None:
    """4 March in a file with the day first, though the line itself may be 3 April."""
    path = export(tmp_path / "log.csv", "31/12/2025", ("04/03/2025;Jobwelt;C1;REQ-1;5;3;€ 1.234,50;EUR",))
    spend = rm_audit.read(path, config=Config(engine="duckdb")).tables["spend"]
    assert spend.loc[spend["_row"] > 0, ["start", "amount"]].to_numpy().tolist() == [[20151, 1_234_500_000]]
    assert document(path, "duckdb") == document(path, "cells")


@pytest.mark.parametrize(("cell", "engine"), [("soon", "duckdb"), ("5 Mar 2025", "duckdb"), ("03/31/2025", None)])
def test_applications_have_their_days_in_any_order_too(tmp_path: Path, cell: str, engine: str | None) -> None:
    path = people(tmp_path / "people.csv", 500, mess=False)
    turned = re.sub(r"(\d{4})-(\d\d)-(\d\d)(T[\d:]+)?", r"\3.\2.\1", path.read_text(encoding="utf-8"))
    lines = turned.splitlines()
    lines[30] = re.sub(r"\d\d\.\d\d\.\d{4}", cell, lines[30], count=1)
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    assert rm_audit.read(path, config=Config(engine="duckdb")).engines.get("people.csv") == engine
    found = document(path, "duckdb")
    assert found == document(path, "pandas") == document(path, "cells")
    assert found["subjects"]["portfolio"][0]["hires"] > 30


COMMA, POINT = Written(comma=True), Written()


@pytest.mark.parametrize(
    ("amounts", "days", "habit", "expected"),
    [
        (["12,50", "3"], ["31.12.2025"], {}, replace(COMMA, order="dmy", mark=".")),
        (["12,50", "3.25"], ["31/12/2025"], {}, replace(POINT, order="dmy", mark="/")),  # which is the decimal mark?
        ([], ["12/31/2025", "01/02/2025"], {}, replace(POINT, order="mdy", mark="/")),
        ([], ["01/02/2025"], {}, POINT),  # nobody knows
        ([], ["01/02/2025"], {"/": "mdy"}, replace(POINT, order="mdy", mark="/")),  # but the platform's page says so
        ([], ["31/12/2025", "31.12.2025"], {}, POINT),
        (["1.50"], ["2025-12-31"], {}, POINT),
        ([], ["2025-12-31", "2025-12-30", "31.12.2025"], {}, POINT),
    ],
)
def test_the_first_rows_settle_how_a_file_writes_its_days(
    amounts: list[str], days: list[str], habit: dict[str, str], expected: Written
) -> None:
    assert written(amounts, [], days, habit) == expected


@pytest.mark.parametrize(
    ("amounts", "counts", "expected"),
    [
        (["1,234.50", "12.50"], ["1,234", "7"], replace(POINT, money=",", count=",")),
        (["1.234,50", "12,50"], ["1.234", "7"], replace(COMMA, money=".", count=".")),
        (["1,234", "12"], ["7"], POINT),  # perhaps one and a bit
        (["1.234", "12"], ["7"], POINT),
        (["12.50"], ["7.0"], replace(POINT, decimals=True)),
        (["12.50"], ["1,234.5"], replace(POINT, count=",", decimals=True)),
        (["12,50", "0,500"], ["0,500"], COMMA),
    ],
)
def test_the_first_rows_settle_the_marks_of_thousands(amounts: list[str], counts: list[str], expected: Written) -> None:
    assert written(amounts, counts, [], {}) == expected


def american(number: float) -> str:
    return f"{number:,.2f}"


def german(number: float) -> str:
    return american(number).translate(str.maketrans(",.", ".,"))


def log(path: Path, amount: Callable[[float], str], count: Callable[[int], str], more: Sequence[str] = ()) -> Path:
    """A log with a semicolon between cells, and some lines under it."""
    chance, lines = random.Random(8), ["Date;Channel;Campaign;Impressions;Clicks;Spend"]
    for number in range(600):
        day, channel = f"2025-03-{number % 28 + 1:02}", chance.choice(["Jobwelt", "LinkedIn"])
        counts = f"{count(chance.randint(0, 90_000))};{count(chance.randint(0, 3_000))}"
        lines.append(f"{day};{channel};C{chance.randint(1, 9)};{counts};{amount(chance.randint(0, 900_000) / 100)}")
    path.write_text("\n".join([*lines, *more, ""]), encoding="utf-8")
    return path


MARKS: dict[str, tuple[Callable[[float], str], Callable[[int], str]]] = {
    "1,234.50 and 1,234": (american, lambda number: f"{number:,}"),
    "1.234,50 and 1.234": (german, lambda number: f"{number:,}".replace(",", ".")),
    "1,234.50 and 1,234.0": (american, lambda number: f"{number:,}.0"),
    "1234.50 and 617.5": (lambda number: f"{number:.2f}", lambda number: f"{number / 2}"),
    "1234,50 and 1234": (lambda number: f"{number:.2f}".replace(".", ","), str),
}
ODD_COUNTS = ["12.5", "13.5", "1,234", "1.234", "12,5", "0,500", "1,23", "12,345,678,901,234"]
ODD_AMOUNTS = ["1,234.50", "1.234,50", "1,23", "0.500", "(7.25)", "-1,234.50", "1,234", ",1.5", "$5"]
ODD_LINES = [
    *(f"2025-03-05;Jobwelt;C1;{count};3;1.00" for count in ODD_COUNTS),
    *(f"2025-03-05;Jobwelt;C1;5;3;{amount}" for amount in ODD_AMOUNTS),
]


@pytest.mark.parametrize("marks", MARKS)
def test_marks_of_thousands_are_no_reason_to_copy_a_file(tmp_path: Path, marks: str) -> None:
    path, told = log(tmp_path / "log.csv", *MARKS[marks]), []
    with telling(told.append):
        found = document(path, "duckdb")
    assert not any(text.startswith("Copying") for text in told)
    assert found == document(path, "pandas") == document(path, "cells")


@pytest.mark.parametrize("marks", MARKS)
@pytest.mark.parametrize("line", ODD_LINES)
def test_a_number_that_is_written_otherwise_is_read_as_in_its_column(tmp_path: Path, marks: str, line: str) -> None:
    """Half a click is none where the number before it is even, as where every cell is read; 0,500 among 45,123 may say
    that these are decimals."""
    path = log(tmp_path / "log.csv", *MARKS[marks], [line])
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")


def test_totals_of_three_decimals_are_compared_with_the_rows(tmp_path: Path) -> None:
    """The last rows alone could be of thousands: 123.450 is what the first rows say that it is."""
    more = [f"2025-03-05;Jobwelt;C1;5;3;{number}.450" for number in range(100, 200)] + ["Total;;;;;1,234.500"]
    path = log(tmp_path / "log.csv", lambda number: f"{number:.2f}", str, more)
    assert document(path, "duckdb") == document(path, "pandas") == document(path, "cells")
