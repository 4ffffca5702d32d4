"""Large files with a decimal comma, or with the day or the month first: an engine adds them up as the cells say."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from test_rollups import document, people

import rm_audit
from rm_audit.config import Config
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
    path = export(tmp_path / "log.csv", "31/12/2025", ("04/03/2025;Jobwelt;C1;REQ-1;5;3;1.234,50;EUR",))
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


@pytest.mark.parametrize(
    ("amounts", "days", "habit", "expected"),
    [
        (["12,50", "3"], ["31.12.2025"], {}, Written(True, "dmy", ".")),
        (["12,50", "3.25"], ["31/12/2025"], {}, Written(False, "dmy", "/")),  # one of the two is no decimal mark
        ([], ["12/31/2025", "01/02/2025"], {}, Written(False, "mdy", "/")),
        ([], ["01/02/2025"], {}, Written()),  # nobody knows
        ([], ["01/02/2025"], {"/": "mdy"}, Written(False, "mdy", "/")),  # but the platform's page says so
        ([], ["31/12/2025", "31.12.2025"], {}, Written()),
        (["1.50"], ["2025-12-31"], {}, Written()),
        ([], ["2025-12-31", "2025-12-30", "31.12.2025"], {}, Written()),
    ],
)
def test_the_first_rows_settle_how_a_file_is_written(
    amounts: list[str], days: list[str], habit: dict[str, str], expected: Written
) -> None:
    assert written(amounts, days, habit) == expected
