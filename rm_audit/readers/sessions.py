"""The Spark session of this process, and the Java process behind it, which must not outlive this one."""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

from rm_audit.errors import Problem, UsageError

_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",  # what is being done is said by whoever waits
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.csv.parser.columnPruning.enabled": "false",  # else a broken line is only seen in columns that are used
}
_PATIENCE = 5  # seconds for Java to take its own files away
_LONGEST = 200  # letters of a reason
_CLASS = re.compile(r"(?:[a-z_][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error)?: ")
_CODES = re.compile(r"^\[[A-Z_.0-9]+\] | SQLSTATE: \w+.*$")
_ONE_AT_A_TIME = threading.Lock()
_begun: list[subprocess.Popen[bytes]] = []  # what has no session yet


def session() -> Any:
    """The Spark session of this process. Raises UsageError where there is none to be had."""
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of PySpark about other libraries
        try:
            from pyspark.sql import SparkSession

            expected: tuple[type[Exception], ...] = (RuntimeError, OSError, *failures())
            import pyarrow  # noqa: F401  # by way of which the sums leave Spark
        except ImportError as error:
            raise _missing(f"{'PyArrow' if error.name == 'pyarrow' else 'PySpark'} is not installed") from None
        builder = SparkSession.builder.appName("rm-audit")
        for name, value in _SETTINGS.items():
            builder = builder.config(name, value)
        try:
            with _starting():
                found = builder.getOrCreate()
        except expected:
            raise _missing("Spark did not start") from None
        found.sparkContext.setLogLevel("ERROR")
        return found


def failures() -> tuple[type[Exception], ...]:
    """All that Spark raises, where it is installed."""
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
    except ImportError:
        return ()
    return (PySparkException, Py4JError)


def reason(error: Exception) -> str:
    """Why Spark failed, in its own words, but for the names of classes and the stack behind them."""
    lines = [line.strip(" :\t") for line in str(error).splitlines()] or [""]
    if lines[0].startswith("An error occurred while calling"):  # the cause is in the next line, if Java gave one
        lines = [*lines[1:], "its Java process has ended"]
    words = _CODES.sub("", _CLASS.sub("", lines[0])).rstrip(" .")
    return words[:_LONGEST] or "it does not say why"


def abandon() -> None:
    """Ends a start that nobody waits for any more."""
    for process in list(_begun):
        _end(process)
    _begun.clear()


@contextlib.contextmanager
def _starting() -> Iterator[None]:
    """Inside of it Java is started so that it is known here: one that is interrupted would leave it behind."""
    from pyspark import java_gateway

    starter: Any = java_gateway
    popen, handler = starter.Popen, signal.getsignal(signal.SIGINT)
    starter.Popen = _started
    try:
        yield
        if _begun and handler is not None and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, handler)  # Spark's own asks Java while an answer is being read, and fails
        _begun.clear()
    finally:
        starter.Popen = popen
        abandon()


def _started(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
    folder = tempfile.mkdtemp(prefix="rm-audit-spark-")
    environment = {**options.pop("env"), "SPARK_SUBMIT_OPTS": _options(Path(folder))}
    nowhere = subprocess.DEVNULL  # Java writes its stacks there, and stdout may be the report
    process = subprocess.Popen(command, env=environment, stdout=nowhere, stderr=nowhere, **options)
    _begun.append(process)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # after the next line: the last one comes first
    atexit.register(_end, process)
    logging.getLogger("py4j").setLevel(logging.CRITICAL)
    logging.getLogger().addFilter(_is_not_py4j)  # which tells all loggers that Java has ended
    return process


def _options(folder: PurePath) -> str:
    """Options of Java: its temporary files and tables are among those of this process, where nobody said otherwise."""
    names = {"java.io.tmpdir": folder, "spark.sql.warehouse.dir": folder / "tables"}
    own = [f'"-D{name}={path.as_posix()}"' for name, path in names.items()]
    return " ".join([*own, os.environ.get("SPARK_SUBMIT_OPTS", "")])


def _is_not_py4j(record: logging.LogRecord) -> bool:
    return PurePath(record.pathname).parent.name != "py4j"


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _missing(words: str) -> UsageError:
    help = 'It needs pip install "rm-audit[spark]" and Java 17 or later (JAVA_HOME); --engine duckdb needs neither.'
    return UsageError(Problem("error", "no-spark", f"--engine spark: {words}", help))
