"""The same roll-up on a real Spark session of this machine: the report of the same file is the same."""

from __future__ import annotations

import importlib.util
import json
import os
from datetime import date
from pathlib import Path

import duckdb
import pytest
from test_repeats import applications
from test_rollup_copies import export as written
from test_rollup_copies import history, packed
from test_rollup_stages import changes, submittals
from test_rollup_styles import export
from test_rollup_totals import LEVELS, report
from test_rollup_unspent import bookings
from test_rollups import log, people

import rm_audit
from rm_audit.config import Config
from rm_audit.errors import UsageError
from rm_audit.tables import WHOSE

HAS_SPARK = importlib.util.find_spec("pyspark") is not None
# .ci/run installs Spark and says so, and there nothing may be skipped.
REQUIRED = os.environ.get("RM_AUDIT_SPARK") == "required"
needs_spark = pytest.mark.skipif(
    not HAS_SPARK and not REQUIRED, reason='PySpark is not installed: pip install "rm-audit[spark]", and Java 17'
)


def document(path: Path, engine: str) -> str:
    """The bytes of the report, of which nothing says who added the rows up."""
    book = rm_audit.read(path, config=Config(engine=engine))
    assert set(book.engines.values()) == {engine}
    return json.dumps(rm_audit.audit(book, as_of=date(2026, 3, 31)).document)


@needs_spark
@pytest.mark.filterwarnings("ignore")  # of PySpark about other libraries, and sockets that it leaves to the collector
def test_spark_duckdb_and_pandas_give_the_same_bytes_for_texts(tmp_path: Path) -> None:
    log(tmp_path / "log.csv", 1500)
    people(tmp_path / "people.csv", 1200)
    spark = document(tmp_path, "spark")
    assert spark == document(tmp_path, "duckdb")
    assert spark == document(tmp_path, "pandas")


@needs_spark
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("style", ["31.12.2025", "12/31/2025"])
def test_spark_duckdb_and_pandas_give_the_same_bytes_for_days_and_amounts_of_other_lands(
    tmp_path: Path, style: str
) -> None:
    export(tmp_path / "log.csv", style, ("5. März 2025;Jobwelt;C1;REQ-1;5;3;1.234,50;EUR",))
    spark = document(tmp_path, "spark")
    assert spark == document(tmp_path, "duckdb")
    assert spark == document(tmp_path, "pandas")


@needs_spark
@pytest.mark.filterwarnings("ignore")
def test_spark_duckdb_and_pandas_give_the_same_bytes_for_parquet(tmp_path: Path) -> None:
    whole, path = log(tmp_path / "log.csv", 600, mess=False), tmp_path / "log.parquet"
    typed = "read_csv(?, types = {'Spend': 'DOUBLE', 'Date': 'DATE', 'Clicks': 'BIGINT'}, nullstr = ['', '-'])"
    duckdb.connect().execute(f"copy (select * from {typed}) to '{path}' (format parquet)", [str(whole)])
    spark = document(path, "spark")
    assert spark == document(path, "duckdb")
    assert spark == document(path, "pandas")


@needs_spark
@pytest.mark.filterwarnings("ignore")
def test_spark_duckdb_and_pandas_give_the_same_bytes_for_copies_in_plain_writing(tmp_path: Path) -> None:
    """Dollars and names of months in UTF-16, the same as texts in Parquet, stages of applications; and what is read
    beside the sums: rows that are no spend, and totals."""
    paths = [
        written(tmp_path / "log.csv", letters="utf-16"),
        packed(tmp_path / "log.parquet", "*"),
        history(tmp_path / "history.csv"),
        changes(tmp_path / "stages.csv"),
        submittals(tmp_path / "submittals.csv"),
        bookings(tmp_path / "bookings.csv", {"Active": 200, "Cancelled": 9}),
        report(tmp_path / "keywords.csv", LEVELS, title=""),
    ]
    for path in paths:
        spark = document(path, "spark")
        assert spark == document(path, "duckdb")
        assert spark == document(path, "pandas")


@needs_spark
@pytest.mark.filterwarnings("ignore")
def test_spark_reads_what_has_a_scheme_or_is_a_table_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    typed = "read_csv(?, types = {'Spend': 'DOUBLE', 'Date': 'DATE', 'Clicks': 'BIGINT'}, nullstr = ['', '-'])"
    whole = log(tmp_path / "log.csv", 600, mess=False)
    duckdb.connect().execute(f"copy (select * from {typed}) to '{path}' (format parquet)", [str(whole)])
    from rm_audit.readers.cluster import session

    session().read.parquet(str(path)).createOrReplaceTempView("spend_log")
    expected = rm_audit.read(path, config=Config(engine="duckdb"))
    for address, name in ((f"file://{path}", "log.parquet"), ("table:spend_log", "spend_log")):
        book = rm_audit.read(address, config=Config(engine="spark"))
        assert book.engines == {name: "spark"}
        columns = ["channel", "campaign", "job", "start", "amount", "clicks", "_count"]
        assert book.tables["spend"][columns].equals(expected.tables["spend"][columns])


@needs_spark
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("ids", [True, False])
def test_spark_duckdb_and_pandas_know_alike_who_applies_again(tmp_path: Path, ids: bool) -> None:
    path = applications(tmp_path / "people.csv", ids=ids)
    spark = document(tmp_path, "spark")
    assert spark == document(tmp_path, "duckdb")
    assert spark == document(tmp_path, "pandas")
    counted = [one["repeat_applications"] for one in json.loads(spark)["subjects"]["channel"]]
    assert max(count or 0 for count in counted) > 20
    assert path.read_text(encoding="utf-8").count("31.12.2025") > 3


@needs_spark
@pytest.mark.filterwarnings("ignore")
def test_where_nobody_applies_again_spark_says_so_too(tmp_path: Path) -> None:
    rows = "".join(f"A-{n},person{n},Jobwelt,R-1,2025-01-0{n + 1}\n" for n in range(9))
    path = tmp_path / "people.csv"
    path.write_text(f"Application ID,Candidate,Source,Job ID,Applied\n{rows}", encoding="utf-8")
    spark = document(path, "spark")
    assert spark == document(path, "duckdb")
    assert spark == document(path, "pandas")
    assert json.loads(spark)["subjects"]["portfolio"][0]["repeat_applications"] == 0


@needs_spark
@pytest.mark.filterwarnings("ignore")
def test_spark_knows_who_applies_again_in_a_table_of_its_own(tmp_path: Path) -> None:
    """Among its rows none is odd; one that is has no number, and then nothing is said."""
    from rm_audit.readers.cluster import session

    for slips, name in ((False, "plainly"), (True, "oddly")):
        path = applications(tmp_path / f"{name}.csv", slips=slips)
        session().read.option("header", "true").csv(str(path)).createOrReplaceTempView(name)
    plain = rm_audit.read("table:plainly", config=Config(engine="spark")).tables["applications"]
    expected = rm_audit.read(tmp_path / "plainly.csv", config=Config(engine="duckdb")).tables["applications"]
    assert [int(plain[name].sum()) for name in WHOSE] == [int(expected[name].sum()) for name in WHOSE]
    odd = rm_audit.read("table:oddly", config=Config(engine="spark"))
    assert "repeats-unknown" in [problem.code for problem in odd.problems]


@needs_spark
@pytest.mark.filterwarnings("ignore")
def test_what_spark_does_not_find_is_an_input_that_cannot_be_read() -> None:
    book = rm_audit.read("table:nowhere", config=Config(engine="spark"))
    assert book.unreadable == ["nowhere"]
    assert [problem.code for problem in book.problems] == ["unreadable"]


@pytest.mark.skipif(HAS_SPARK, reason="PySpark is installed, so nothing is missing")
def test_without_spark_its_error_names_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        rm_audit.read(log(tmp_path / "log.csv", 20), config=Config(engine="spark"))
    (problem,) = caught.value.problems
    assert problem.message == "--engine spark: PySpark is not installed"
    assert problem.help.startswith('It needs pip install "rm-audit[spark]" and Java 17 or later')
