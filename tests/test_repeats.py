"""People who apply again for the same job through the same source: what is counted, by whom, and what comes out."""

from __future__ import annotations

import csv
import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from books import book, measured
from hypothesis import given, settings
from hypothesis import strategies as st

import rm_audit
from rm_audit.book.period import cohort_day
from rm_audit.cli.main import run_with
from rm_audit.config import Config
from rm_audit.profiles.repeats import MOST, NOT_FOLDED, Key, counted
from rm_audit.rollups.duck import Duck
from rm_audit.rollups.shape import Arrays
from rm_audit.tables import WHOSE

AS_OF = date(2026, 3, 31)
FIGURES = "named_applications repeat_applications applicants"

# --- what is counted ------------------------------------------------------------------------------------------------

PEOPLE = """
Application ID,Candidate email,Source,Job ID,Applied,Stage
1,cook@example.com,Jobwelt,R-1,2026-01-05,Applied
2,Cook@Example.com ,Jobwelt,R-1,2026-01-06,Applied
3,cook@example.com,Jobwelt,R-1,2026-01-06,Applied
4,cook@example.com,Jobwelt,R-2,2026-01-07,Applied
5,cook@example.com,LinkedIn,R-1,2026-01-08,Applied
6,driver@example.com,Jobwelt,R-1,2026-02-01,Applied
7,driver@example.com,jobwelt,R-1,2026-02-02,Applied
"""


def test_who_applies_again_for_the_same_job_through_the_same_source_is_counted() -> None:
    """The cook applied three times for R-1 through Jobwelt, which are two too many; for R-2 once, and through LinkedIn
    once. The driver's second came through another spelling of Jobwelt: that may be another one, and is not counted."""
    assert measured(book(ats=PEOPLE), ["channel"], FIGURES) == {"Jobwelt": (6, 2, 4), "LinkedIn": (1, 0, 1)}
    assert measured(book(ats=PEOPLE), ["job"], FIGURES) == {"R-1": (6, 2, 4), "R-2": (1, 0, 1)}
    assert measured(book(ats=PEOPLE), ["month"], FIGURES) == {"2026-01": (5, 2, 3), "2026-02": (2, 0, 2)}
    assert measured(book(ats=PEOPLE), ["portfolio"], FIGURES) == {"the whole book": (7, 2, 5)}


def test_by_campaign_nobody_knows_which_application_is_the_one_too_many() -> None:
    text = PEOPLE.replace("Stage", "Campaign").replace("Applied\n", "Q1\n")
    assert measured(book(ats=text), ["campaign"], FIGURES) == {"Q1": (None, None, None)}


def test_a_repeat_counts_in_the_time_in_which_it_was_made() -> None:
    """The spend is of February, so January's applications are set aside. The cook's of February is her second all the
    same."""
    text = "1,cook@example.com,Jobwelt,R-1,2026-01-05\n2,cook@example.com,Jobwelt,R-1,2026-02-05\n"
    ats = f"Application ID,Candidate email,Source,Job ID,Applied\n{text}3,driver@example.com,Jobwelt,R-1,2026-02-06\n"
    both = book(ats=ats, spend="Month,Channel,Spend\n2026-02,Jobwelt,100\n")
    assert measured(both, ["channel"], FIGURES) == {"Jobwelt": (2, 1, 1)}


def test_an_application_that_stands_in_several_rows_is_no_repeat() -> None:
    text = PEOPLE.replace("2,Cook", "1,Cook").replace("3,cook", "1,cook")
    assert measured(book(ats=text), ["channel"], FIGURES) == {"Jobwelt": (4, 0, 4), "LinkedIn": (1, 0, 1)}


def test_without_ids_rows_of_one_day_may_be_stages_of_one_application() -> None:
    """Of the cook's three rows two are of one day, and it is not clear what the second of them is."""
    text = "\n".join(line.partition(",")[2] for line in PEOPLE.strip().splitlines())
    names = "named_applications repeat_applications unclear_applications applicants"
    found = measured(book(ats=text), ["channel"], names)
    assert found == {"Jobwelt": (6, 1, 1, 4), "LinkedIn": (1, 0, 0, 1)}


@pytest.mark.parametrize("nobody", ["", "n/a", "Anonymous", "[Deleted]", "#N/A", "gelöscht", "1.23457E+17"])
def test_what_names_nobody_is_not_one_person_who_applies_often(nobody: str) -> None:
    """Of ten applications three name nobody. Fewer than nine of ten say whose they are, so nothing is said; with a
    single one of them there would be."""
    header = "Application ID,Candidate,Source,Job ID,Applied"
    people = [nobody] * 3 + ["Cook", "Cook", *"bcdef"]
    rows = [f"{number},{name},Jobwelt,R-1,2026-01-05" for number, name in enumerate(people)]
    some = book(ats="\n".join([header, *rows, ""]))
    assert measured(some, ["channel"], FIGURES) == {"Jobwelt": (7, None, None)}
    most = book(ats="\n".join([header, *rows[2:], *(f"{n},x{n},Jobwelt,R-1,2026-01-05" for n in (20, 21, 22)), ""]))
    assert measured(most, ["channel"], FIGURES) == {"Jobwelt": (10, 1, 9)}


def test_who_stands_more_often_than_anybody_applies_is_no_person() -> None:
    header = "Application ID,Candidate,Source,Job ID,Applied"
    often, once = ["Desk 4"] * (MOST + 1), [f"Candidate {number}" for number in range(300)]
    rows = [f"{number},{name},Jobwelt,R-{len(name) < 7},2026-01-05" for number, name in enumerate([*often, *once])]
    found = measured(book(ats="\n".join([header, *rows, ""])), ["job"], FIGURES)
    assert found == {"R-False": (300, 0, 300), "R-True": (0, None, None)}


@pytest.mark.parametrize("column", ["Candidate email", "Job ID", "Source", "Application ID"])
def test_a_column_that_is_missing_makes_it_unknown_and_no_pass(column: str) -> None:
    """Without ids the days tell most applications apart, but for the cook's of one day."""
    text = PEOPLE.replace(column, "Remark")
    found = measured(book(ats=text), ["portfolio"], "repeat_applications unclear_applications")["the whole book"]
    assert found == ((1, 1) if column == "Application ID" else (None, None))


ROWS = st.lists(
    st.tuples(st.sampled_from("SX"), st.sampled_from("JK"), st.sampled_from("abc"), st.integers(1, 4)), max_size=30
)


@given(ROWS, st.booleans(), st.randoms(use_true_random=False))
def test_repeats_are_applications_less_people_whatever_the_order(
    rows: list[tuple[str, str, str, int]], by_id: bool, chance: random.Random
) -> None:
    """Named less repeats less unclear are the distinct people, each once a job and source; and the figures of each
    source, job and day do not depend on which row came first."""

    def by_day(some: list[tuple[str, str, str, int]]) -> list[Counter[tuple[str, str, int]]]:
        figures = counted([row[:3] for row in some], [row[3] for row in some], by_id).figures
        keys = [(source, job, day) for source, job, _, day in some]
        return [Counter(key for key, one in zip(keys, figure, strict=True) if one) for figure in figures]

    named, again, unclear = by_day(rows)
    assert named.total() == len(rows)
    assert named.total() - again.total() - unclear.total() == len({row[:3] for row in rows})
    assert not (by_id and unclear)
    assert by_day(chance.sample(rows, len(rows))) == [named, again, unclear]


# --- whoever counts ---------------------------------------------------------------------------------------------------

WHO = ["Cook {}", "cook {} ", "COOK {}", "Köchin {}", "KÖCHIN {}", "Straße {}", "İ {}", "i̇ {}", "ΣΑΣ {}", "σας {}"]
SOURCES = ["Jobwelt", "jobwelt ", "LinkedIn", "", "n/a", "Zeitung"]
HEADER = ["Application ID", "Candidate", "Source", "Campaign", "Job ID", "Applied", "Interviewed", "Hired", "Stage"]
# What people and exports do to a row: the place of a cell, and what stands there.
SLIPS = [(5, "31.12.2025"), (5, "soon"), (1, "n/a"), (1, "Anonymous"), (1, "#N/A"), (0, ""), (4, ""), (7, "yes")]


def applications(path: Path, rows: int = 1500, slips: bool = True, ids: bool = True) -> Path:
    """An export in which 9 people apply again and again, under ten spellings, some of which are the same person."""
    chance = random.Random(3)
    lines = [HEADER]
    for number in range(rows):
        month, day = chance.randint(1, 9), chance.randint(1, 28)
        who = chance.choice(WHO).format(chance.randint(1, 9))
        talked = f"2025-{month + 1:02}-{day:02}" if chance.random() < 0.3 else ""
        applied = f"2025-{month:02}-{day:02}" if chance.random() < 0.95 else ""
        cells = [f"A-{number}", who, chance.choice(SOURCES), chance.choice(["Q1", ""]), f"REQ-{chance.randint(1, 6)}"]
        cells += [applied, talked, "", chance.choice(["Applied", "Screen", "Hired"])]
        if slips and chance.random() < 0.06:
            place, text = chance.choice(SLIPS)
            cells[place] = text
        lines.append(cells)
    if not ids:
        lines = [cells[1:] for cells in lines]
        lines[700] += ["one", "more"] if slips else []
    path.write_text("\n".join(map(",".join, lines)) + "\n", encoding="utf-8")
    return path


def figures(path: Path, engine: str) -> dict[tuple[object, ...], tuple[int, ...]]:
    """What was counted, by source, job and the day that an application belongs to."""
    book = rm_audit.read(path, config=Config(engine=engine))
    assert set(book.engines.values()) == ({engine} - {"cells"})
    table = book.tables["applications"]
    sums = (
        table.assign(day=cohort_day(table).fillna(0)).groupby(["source", "job", "day"], dropna=False)[list(WHOSE)].sum()
    )
    return {key: tuple(map(int, row)) for key, *row in sums.itertuples() if any(row)}


@pytest.mark.parametrize("ids", [True, False])
@pytest.mark.parametrize("slips", [True, False])
def test_an_engine_counts_what_reading_every_cell_counts(tmp_path: Path, ids: bool, slips: bool) -> None:
    """With slips some rows are read cell by cell, whose people also stand in rows that the engine reads."""
    path = applications(tmp_path / "people.csv", slips=slips, ids=ids)
    cells = figures(path, "cells")
    assert figures(path, "duckdb") == cells
    assert figures(path, "pandas") == cells
    assert sum(row[1] for row in cells.values()) > 50


def test_what_the_groups_leave_of_the_memory_is_the_engine_s_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While many groups leave it, it has 100 MB; people are counted afterwards, and of many applications not in 100 MB.
    Few groups leave it all."""
    limits, repeated = [], Duck.repeated

    def looked_at(engine: Duck, apart: Collection[Key]) -> Arrays | None:
        limits.append(engine._con.execute("select current_setting('memory_limit')").fetchall())
        return repeated(engine, apart)

    monkeypatch.setattr(Duck, "repeated", looked_at)
    path = applications(tmp_path / "people.csv")
    figures(path, "duckdb")
    monkeypatch.setattr("rm_audit.rollups.duck._MANY", 0)
    figures(path, "duckdb")
    assert limits == [[("667.5 MiB",)], [("572.2 MiB",)]]


def document(path: Path, engine: str) -> dict[str, Any]:
    book = rm_audit.read(path, config=Config(engine=engine))
    found: dict[str, Any] = json.loads(json.dumps(rm_audit.audit(book, as_of=AS_OF).document))
    return found


@pytest.mark.parametrize("engine", ["duckdb", "pandas"])
def test_the_report_is_the_same_where_the_spend_covers_a_part_of_the_applications(tmp_path: Path, engine: str) -> None:
    """A channel's figures are then those of its applications inside that time."""
    applications(tmp_path / "people.csv")
    spend = "".join(f"2025-{month:02},{name},900\n" for month in (3, 4, 5) for name in ("Jobwelt", "LinkedIn"))
    (tmp_path / "spend.csv").write_text(f"Month,Channel,Spend\n{spend}", encoding="utf-8")
    cells, added_up = document(tmp_path, "cells"), document(tmp_path, engine)
    assert added_up["subjects"] == cells["subjects"]
    named = {one["name"]: (one["applicants"], one["repeat_applications"]) for one in cells["subjects"]["channel"]}
    assert named["Jobwelt"][1] > 5


@pytest.mark.parametrize("suffix", [".parquet", ".csv.zst"])
def test_packed_files_and_parquet_count_the_same(tmp_path: Path, suffix: str) -> None:
    plain, path = applications(tmp_path / "people.csv", slips=False), tmp_path / f"packed{suffix}"
    how = "format parquet" if suffix == ".parquet" else "format csv, header, compression zstd"
    source = "select * replace (hash(Candidate) % 1000000 as Candidate) from read_csv(?, all_varchar=true)"
    duckdb.connect().execute(f"copy ({source}) to '{path}' ({how})", [str(plain)])
    assert figures(path, "duckdb") == figures(path, "pandas") == figures(path, "cells")


@pytest.mark.parametrize(
    "written", ["cast({0} as double) + .0", "case when {0} > '5' then {0}::double end", "{0}::uuid"]
)
def test_numbers_and_keys_of_parquet_tell_people_apart_alike(tmp_path: Path, written: str) -> None:
    """Where an engine cannot tell people apart as cells do, nothing is said, and no figure differs."""
    path = tmp_path / "people.parquet"
    number = "md5(Candidate)" if "uuid" in written else "(hash(Candidate) % 90)::varchar"
    source = f"select * replace ({written.format(number)} as Candidate) from read_csv(?, all_varchar=true)"
    plain = applications(tmp_path / "people.csv", slips=False)
    duckdb.connect().execute(f"copy ({source}) to '{path}' (format parquet)", [str(plain)])
    assert figures(path, "duckdb") == figures(path, "cells")


LETTERS = [*"aAzZ09 .@-#+éÉßẞſİıŸÿŉσΣςҐґЖжё\t\n\u00a0\u2003ﬁÅå", "n/a", "Anonymous", "[deleted]", "1.2E+17", "null"]
TEXTS = st.lists(st.lists(st.sampled_from(LETTERS), max_size=5).map("".join), min_size=10, max_size=60)


@given(TEXTS)
@settings(max_examples=25, deadline=None)
def test_an_engine_takes_the_same_texts_for_one_person(texts: list[str]) -> None:
    """Each text stands twice, with another letter's size, so that the figures say which are one person."""
    people = [changed for text in texts for changed in (text, text.swapcase())]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(["Application ID", "Candidate", "Source", "Job ID", "Applied"])
            lines.writerows(
                [f"A-{n}", who, "Jobwelt", "R-1", f"2025-01-{n % 28 + 1:02}"] for n, who in enumerate(people)
            )
        assert figures(path, "duckdb") == figures(path, "cells")


def test_small_letters_are_those_that_every_engine_knows() -> None:
    """Of the letters that are made small, Unicode has one small form, which never was another."""
    folded = [chr(code) for code in range(1, 0x3000) if not re.match(NOT_FOLDED, chr(code))]
    found = duckdb.connect().execute("select [lower(x) for x in ?]", [folded]).fetchone()
    assert found == ([letter.lower() for letter in folded],)
    assert [letter for letter in folded if len(letter.lower()) != 1 or len(letter.casefold()) != 1] == ["ß"]


# --- what comes out ---------------------------------------------------------------------------------------------------


def test_a_file_of_aggregates_keeps_who_applies_again_and_nobody_s_name(tmp_path: Path) -> None:
    path, kept = applications(tmp_path / "people.csv"), tmp_path / "kept.parquet"
    with pytest.raises(SystemExit):
        run_with(["rollup", str(path), "-o", str(kept)])
    whole, again = document(path, "auto"), document(kept, "auto")
    assert again["subjects"] == whole["subjects"]
    assert sum(one["repeat_applications"] or 0 for one in whole["subjects"]["channel"]) > 50
    rows = duckdb.connect().execute("select * from read_parquet(?)", [str(kept)]).fetchall()
    assert not [cell for row in rows for cell in row if isinstance(cell, str) and "cook" in cell.casefold()]


@pytest.mark.parametrize("engine", ["cells", "duckdb"])
def test_nobody_s_name_is_in_a_report(tmp_path: Path, engine: str) -> None:
    told = json.dumps(document(applications(tmp_path / "people.csv"), engine), ensure_ascii=False).casefold()
    assert '"repeat_applications"' in told
    assert not [name for name in ("cook ", "köchin", "straße", "strasse", "σας") if name in told]
