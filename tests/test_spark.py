"""The same roll-up on a real Spark session of this machine: the report of the same file is the same."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
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
from test_rollup_typed import export as export_days
from test_rollup_unspent import bookings
from test_rollups import log, people

import rm_audit
from rm_audit.config import Config
from rm_audit.errors import UsageError
from rm_audit.tables import WHOSE

HAS_SPARK = all(importlib.util.find_spec(name) is not None for name in ("pyspark", "pyarrow"))
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
@pytest.mark.parametrize("odd", ["2025-03-09", "9 March 2025"])
def test_spark_duckdb_and_pandas_give_the_same_bytes_for_days_with_blanks_or_single_digits(
    tmp_path: Path, odd: str
) -> None:
    """With one that is no plain day, and without: then DuckDB's reader makes the days."""
    cells = [
        "2025-3-9",
        " 2025-03-09",
        "  2025-03-15 ",
        "\t2025-3-9\v",
        "1969-3-9" if odd.startswith("9") else odd,
        odd,
    ]
    export_days(tmp_path / "log.csv", ",Jobwelt,7,12.25\n".join(cells))
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
    from rm_audit.readers.sessions import session

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
    from rm_audit.readers.sessions import session

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


RUN = "from rm_audit.cli.main import run; run()"
IN_A_QUERY = """
import os, signal, threading
from rm_audit.rollups import spark
rolled = spark.rolled
def soon(*asked, **how):
    threading.Timer(0.3, os.kill, (os.getpid(), signal.{})).start()
    return rolled(*asked, **how)
spark.rolled = soon
"""


def started(arguments: list[str], elsewhere: Path, code: str = RUN) -> subprocess.Popen[str]:
    """`rm-audit` as a process of its own, with an empty folder for what is temporary."""
    elsewhere.mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(elsewhere)}
    command = [sys.executable, "-c", code, *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True, env=environment)


@needs_spark
def test_what_spark_cannot_read_is_said_in_a_line_with_a_remedy(tmp_path: Path) -> None:
    """Nothing else is shown, neither a stack nor what Spark says while it starts, and nothing temporary is left."""
    named = tmp_path / "nothere.parquet"
    addresses = ["s3a://logs/2026", "nowhere://x", "table:nothere", f"file://{named}"]
    elsewhere = tmp_path / "temporary"
    process = started(["analyze", *addresses, "--engine", "spark", "--quiet"], elsewhere)
    stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (3, "")
    assert stderr.splitlines() == [
        "2026: error: Spark has no connector for s3a://",
        "  help: Add one to the configuration of Spark (spark.jars.packages), or copy the files to this machine.",
        "x: error: Spark has no connector for nowhere://",
        "  help: Add one to the configuration of Spark (spark.jars.packages), or copy the files to this machine.",
        "nothere: error: Spark cannot read this table: The table or view `nothere` cannot be found. Verify the "
        "spelling and correctness of the schema and catalog",
        "  help: Check the name of the table, and that Spark is configured (SPARK_CONF_DIR) to find it.",
        f"nothere.parquet: error: Spark cannot read this: Path does not exist: file:{named}",
        "  help: Check the address, and that you may read what is there.",
    ]
    assert list(elsewhere.iterdir()) == []


@needs_spark
@pytest.mark.filterwarnings("ignore")
def test_a_packed_file_that_is_cut_off_is_said_to_be_so(tmp_path: Path) -> None:
    packed = gzip.compress(log(tmp_path / "log.csv", 20_000, mess=False).read_bytes())
    path = tmp_path / "log.csv.gz"
    path.write_bytes(packed[: len(packed) // 2])
    (problem,) = rm_audit.read(path, config=Config(engine="spark")).problems
    assert (problem.code, problem.message) == ("broken-gzip", "this compressed file (.gz) is cut off or damaged")


@pytest.mark.parametrize("cut", [5, 5000, 100_000])
@pytest.mark.parametrize("engine", ["auto", pytest.param("spark", marks=needs_spark)])
def test_a_file_in_zstandard_that_is_cut_off_is_said_to_be_so(tmp_path: Path, cut: int, engine: str) -> None:
    """DuckDB would take the place where it is cut for its end, and give a smaller sum."""
    whole, path = log(tmp_path / "log.csv", 20_000, mess=False), tmp_path / "log.csv.zst"
    packed = f"copy (select * from read_csv(?, all_varchar = true)) to '{path}' (format csv, compression zstd)"
    duckdb.connect().execute(packed, [str(whole)])
    every = rm_audit.read(path)
    assert (every.unreadable, every.engines) == ([], {"log.csv.zst": "duckdb"})
    path.write_bytes(path.read_bytes()[:-cut])
    (problem,) = rm_audit.read(path, config=Config(engine=engine)).problems
    assert (problem.code, problem.message) == ("broken-zstd", "this compressed file (.zst) is cut off or damaged")


@needs_spark
@pytest.mark.parametrize(
    ("sent", "after", "code"),
    [
        ("SIGINT", 1.5, 130),
        ("SIGINT", 3.0, 130),
        ("SIGINT", None, 130),
        ("SIGTERM", 2.0, 143),
        ("SIGTERM", None, 143),
    ],
)
def test_a_run_that_is_ended_is_silent_and_leaves_nothing(
    tmp_path: Path, sent: str, after: float | None, code: int
) -> None:
    """While Java starts, while Spark does, and in the middle of a query: no word, no process, no file."""
    path, elsewhere = log(tmp_path / "log.csv", 3000, mess=False), tmp_path / "temporary"
    hooked = "" if after else IN_A_QUERY.format(sent)
    process = started(["analyze", str(path), "--engine", "spark", "--quiet"], elsewhere, hooked + RUN)
    if after:
        time.sleep(after)
        process.send_signal(getattr(signal, sent))
    stdout, stderr = process.communicate(timeout=30)
    assert (process.returncode, stdout, stderr) == (code, "", "")
    assert list(elsewhere.iterdir()) == []
    assert not [one for one in Path("/proc").glob("[0-9]*/environ") if str(elsewhere) in environment_of(one)]


@needs_spark
def test_an_interrupt_does_not_wait_until_spark_has_started_for_several_addresses(tmp_path: Path) -> None:
    elsewhere = tmp_path / "temporary"
    process = started(["analyze", "table:one", "table:two", "table:three", "--engine", "spark", "--quiet"], elsewhere)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=20)
    assert (process.returncode, stdout, stderr) == (130, "", "")
    assert list(elsewhere.iterdir()) == []


def environment_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # it has ended, or is somebody else's
        return ""


@needs_spark
def test_blocks_and_tables_of_spark_are_among_the_temporary_files_while_it_runs(tmp_path: Path) -> None:
    elsewhere = tmp_path / "temporary"
    code = (
        "from pathlib import Path\n"
        "from rm_audit.readers.sessions import session\n"
        "session().range(9).write.saveAsTable('numbers')\n"
        f"(folder,) = Path({str(elsewhere)!r}).iterdir()\n"
        "print(folder.name[:15], {'blockmgr', 'tables'} <= {one.name.split('-')[0] for one in folder.iterdir()})\n"
    )
    process = started([], elsewhere, code)
    stdout, _ = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (0, "rm-audit-spark- True\n")
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("address", ["table:marts.spend", "s3a://logs/2026"])
@pytest.mark.parametrize(
    ("module", "name"), [("pyspark", "PySpark"), pytest.param("pyarrow", "PyArrow", marks=needs_spark)]
)
def test_without_what_spark_needs_an_address_has_the_same_error_as_a_file(
    tmp_path: Path, address: str, module: str, name: str
) -> None:
    without = f"import sys; sys.modules['{module}'] = None; {RUN}"
    process = started(["analyze", address, "--engine", "spark"], tmp_path, without)
    stdout, stderr = process.communicate(timeout=20)
    assert (process.returncode, stdout) == (2, "")
    first, second = stderr.splitlines()
    assert first == f"error: --engine spark: {name} is not installed"
    assert second.startswith('  help: It needs pip install "rm-audit[spark]" and Java 17 or later (JAVA_HOME)')


@pytest.mark.skipif(HAS_SPARK, reason="PySpark is installed, so nothing is missing")
def test_without_spark_its_error_names_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        rm_audit.read(log(tmp_path / "log.csv", 20), config=Config(engine="spark"))
    (problem,) = caught.value.problems
    assert problem.message in {f"--engine spark: {name} is not installed" for name in ("PySpark", "PyArrow")}
    assert problem.help.startswith('It needs pip install "rm-audit[spark]" and Java 17 or later')
