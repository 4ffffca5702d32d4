"""DuckDB looks at a file: out of core, on all cores, under a limit of memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd

from rm_audit.profiles.cleaning import clean_texts
from rm_audit.profiles.repeats import MOST, Key
from rm_audit.progress import following
from rm_audit.readers.model import Value, plain_value
from rm_audit.readers.pieces import LINE_END
from rm_audit.readers.whole import silent
from rm_audit.rollups.asking import applicants, can_ask, of_keys
from rm_audit.rollups.bounds import check_days
from rm_audit.rollups.expressions import repeated, rolled
from rm_audit.rollups.lines import as_written, blank_lines, cells_of, in_file
from rm_audit.rollups.odd import OddRow
from rm_audit.rollups.plan import NotPlainError, Plan, WrittenError
from rm_audit.rollups.shape import Arrays, Columns
from rm_audit.rollups.sources import parquet, plain_days, source
from rm_audit.rollups.sql import DUCKDB, is_odd, is_one_of, place, shown, typed

# Megabytes of DuckDB itself: with Python and the tables beside it a run stays under 1 GB.
MEMORY, LEAST = 700, 300
_FETCHING = 100  # megabytes, while the groups leave it, which then stand beside it
_MANY = 500_000  # judgement: with fewer groups there is room, and to give some back takes time
_BESIDE = 100  # megabytes, for what is made of the groups
MOST_ODD = 100_000  # rows that are read cell by cell beside the others; judgement: more, and the file is not plain
_GROUPS = "groups"
_EXACT = 1 << 53  # floating numbers are whole numbers up to here


@contextmanager
def stoppable() -> Iterator[None]:
    """Ctrl-C stops a query, and the library calls that an error of its own, or no more than a RuntimeError."""
    try:
        yield
    except (duckdb.Error, RuntimeError) as error:
        if isinstance(error, duckdb.InterruptException) or str(error) == "Query interrupted":
            raise KeyboardInterrupt from None
        raise


class Duck:
    """One file under DuckDB. `broken` are lines with too many or too few cells, `types` those of its columns."""

    name = "duckdb"
    _dialect = DUCKDB
    _typing = True  # let the reader of a text make days
    _floating = True  # add up as floating numbers what they can hold

    def __init__(self, plan: Plan, memory: str) -> None:
        self._plan, self._memory, self._con = plan, memory, silent()
        self._limit(MEMORY)
        self.broken: list[OddRow] = []
        self._rejects = False
        self.types = self._look()

    def _limit(self, megabytes: int) -> None:
        self._con.execute("set memory_limit = ?", [self._memory or f"{megabytes}MB"])

    def close(self) -> None:
        self._con.close()

    def groups(self, monthly: bool) -> Columns:
        """The rolled-up rows, column by column; a masked array where values are missing."""
        with following(f"Adding up {self._plan.head.file}", self._con.query_progress):
            found = self._groups(monthly)
        check_days(found, self._plan.days)
        return found

    def _groups(self, monthly: bool) -> Columns:
        found = self._by_days(monthly)
        return self._by_texts(monthly) if found is None else found

    def _by_days(self, monthly: bool) -> Columns | None:
        """The same with days that the reader of a text makes, which costs less than to make them of words. None where
        it finds something else, or would pass over such a line as it does over broken ones."""
        days = plain_days(self._plan) if self._typing and not self._rejects else []
        if not days:
            return None
        try:
            with stoppable():
                return self._rolled_by(monthly, days)
        except duckdb.Error:
            return None

    def _by_texts(self, monthly: bool) -> Columns:
        try:
            with stoppable():
                return self._rolled(monthly)
        except duckdb.InvalidInputException as error:
            if self._plan.whole.kind != "csv" or "CSV Error" not in str(error):
                raise NotPlainError(str(error).splitlines()[0]) from None
        except duckdb.Error as error:
            raise NotPlainError(str(error).splitlines()[0]) from None
        self._rejects = True
        try:
            with stoppable():
                found = self._rolled(monthly)
        except duckdb.Error as error:
            raise NotPlainError(str(error).splitlines()[0]) from None
        self.broken = self._rejected()
        return found

    def odd_rows(self, named: Mapping[str, Sequence[str]]) -> list[OddRow]:
        """Rows that hold a cell which is not plain, or a text that is `named` in a column. In the order of the file."""
        wanted = [*self._are(named), is_odd(self._plan, self.types, DUCKDB)]
        cells = ", ".join(place(number) for number in range(len(self._plan.header)))
        query = f"select line, {cells} from ({self._lines()}) where {' or '.join(wanted)} order by line"
        found = self._asked(f"{query} limit {MOST_ODD + 1}")
        if len(found) + len(self.broken) > MOST_ODD:
            raise WrittenError(f"more than {MOST_ODD:,} rows with cells that are not plain")
        rows = self._rows([line for line, *_ in found])
        read = {row: list(map(_cell, own)) for row, (_, *own) in zip(rows, found, strict=True)}
        few = {row: own for row, own in read.items() if len(own) - own.count(None) < 2}
        return [OddRow(row, own) for row, own in (read | as_written(self._plan, few)).items()]

    def last_rows(self, most: int, /) -> list[OddRow]:
        """The last rows, in the order of the file, but for broken ones."""
        cells = ", ".join(place(number) for number in range(len(self._plan.header)))
        found = self._asked(f"select line, {cells} from ({self._lines()}) order by line desc limit {most}")[::-1]
        rows = self._rows([line for line, *_ in found])
        return [OddRow(row, list(map(_cell, own))) for row, (_, *own) in zip(rows, found, strict=True)]

    def read(self, name: str) -> dict[str, str | None]:
        """The distinct texts of a column as the file writes them, and as they are read."""
        self._rejects = True  # a broken line must not end it
        column = place(self._plan.columns[name])
        rows = self._asked(f"select distinct cast({column} as varchar) from {self._source()}")
        texts = sorted(text for (text,) in rows if text is not None)
        return {str(text): read for text, read in clean_texts(name, texts, self._plan.layout.profile.blanks).items()}

    def rows_named(
        self, named: Mapping[str, Sequence[str]], days: Mapping[str, tuple[int, int]], most: int
    ) -> tuple[int, list[int]]:
        """How many rows have one of the texts in each column, and a day (since 1970) of each span; and the numbers of
        the first of them."""
        plan, self._rejects = self._plan, True
        wanted = [*self._are(named), "true"]
        for name, (first, last) in days.items():
            wanted.append(f"{shown(name, plan, self.types, DUCKDB)} between {first} and {last}")
        query = f"select line, count(*) over () from ({self._lines()}) where {' and '.join(wanted)}"
        found = self._asked(f"{query} order by line limit {most}")
        self.broken = self._rejected() if plan.whole.kind == "csv" else []
        return (int(found[0][1]) if found else 0), self._rows([line for line, _ in found])

    def _are(self, named: Mapping[str, Sequence[str]]) -> list[str]:
        """Conditions: a column holds one of these texts."""
        cells = {name: f"cast({place(self._plan.columns[name])} as varchar)" for name in named}
        return [is_one_of(cells[name], texts, DUCKDB) for name, texts in named.items()]

    def _lines(self) -> str:
        """A query of the cells with the number of each row under the header, as the engine counts."""
        number = "file_row_number + 1" if self._plan.whole.kind == "parquet" else "row_number() over ()"
        return f"select {number} as line, * from {self._source()}"

    def _rows(self, lines: Sequence[int]) -> list[int]:
        """The numbers in the file, for the engine passes over broken and empty lines."""
        passed = sorted({*(item.row for item in self.broken), *(blank_lines(self._plan) if lines else [])})
        rows = in_file(self._plan.skip + np.array(lines, dtype=np.int64), passed)
        found: list[int] = in_file(rows, self._plan.earlier.rows).tolist()
        return found

    def ids(self, name: str) -> tuple[bool, bool]:
        """Whether a column of ids has one twice, and whether it has one that a spreadsheet has rounded."""
        text = f"trim(cast({place(self._plan.columns[name])} as varchar))"
        query = f"select count({text}), count(distinct {text}), count_if({text} ilike '%e+%') from {self._source()}"
        every, distinct, rounded = self._asked(query)[0]
        return every != distinct, bool(rounded)

    def _asked(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of an answer. Raises NotPlainError for a broken line that the engine cannot pass over."""
        try:
            with stoppable():
                return self._con.execute(query).fetchall()
        except duckdb.Error as error:
            raise NotPlainError(str(error).splitlines()[0]) from None

    def _rolled(self, monthly: bool) -> Columns:
        return self._rolled_by(monthly, ())

    def _rolled_by(self, monthly: bool, days: Collection[str]) -> Columns:
        """With these columns read as days."""
        plan, types = self._plan, {**self.types, **dict.fromkeys(days, "DATE")}
        rows = typed(plan, self._source(days), types, DUCKDB)
        if plan.table == "spend" and self._floating:
            found = self._by_number(rolled(self._lazy(rows), plan, monthly, floating=True))
            if all(_is_exact(found[name]) for name in ("amount", *plan.counts)):
                return found
        return self._by_number(rolled(self._lazy(rows), plan, monthly))

    def repeated(self, apart: Collection[Key]) -> Arrays | None:
        """Who applies again, by source, job and day, but for some keys. None where the rows do not say."""
        query = self._applicants()
        if query is None:
            return None
        with following(f"Counting people in {self._plan.head.file}", self._con.query_progress):
            return self._repeated(query, apart)

    def _repeated(self, query: str, apart: Collection[Key]) -> Arrays | None:
        try:
            asked = of_keys(query, apart, self._dialect, among=False) if apart else query
            with stoppable():
                return self._columns(repeated(self._kept(asked), "application_id" in self._plan.columns, MOST))
        except duckdb.Error:
            return None

    def applied(self, keys: Collection[Key]) -> list[tuple[str, str, str, int]]:
        """The plain rows of some keys: source and job as written, who, and the day."""
        return self._asked(of_keys(self._applicants() or "", keys, self._dialect, among=True)) if keys else []

    def _applicants(self) -> str | None:
        if not can_ask(self._plan, self.types):
            return None
        return applicants(self._plan, self._source(), self.types, self._dialect)

    def _lazy(self, query: str) -> nw.LazyFrame[Any]:
        return nw.from_native(self._con.sql(query))

    def _kept(self, query: str) -> nw.LazyFrame[Any]:
        """Rows that are looked at more than once: of a query, each time would cost the file again."""
        self._con.execute(f"create or replace temp table kept as {query}")
        return self._lazy("select * from kept")

    def _columns(self, lazy: nw.LazyFrame[Any]) -> Arrays:
        found: Arrays = lazy.to_native().fetchnumpy()
        return found

    def _by_number(self, lazy: nw.LazyFrame[Any]) -> Columns:
        """The same where there may be many rows and few words: a text of Python takes sixty bytes."""
        lazy.to_native().create(_GROUPS)  # a relation is run again wherever it is used
        names = lazy.collect_schema().names()
        words = {name: self._words(name) for name in self._plan.texts}
        count = int(self._asked(f"select count(*) from {_GROUPS}")[0][0])
        many = count > _MANY
        if many:
            self._limit(_FETCHING)
        found: Columns = {}
        for name in names:
            found[name] = self._numbered(name, words[name], count) if name in words else self._held(f'"{name}"')
        self._con.execute(f"drop table {_GROUPS}")
        if many:
            held = sum(values.nbytes for values in found.values()) // 1_000_000
            self._limit(max(MEMORY - _BESIDE - held, LEAST))
        return found

    def _held(self, value: str) -> np.ndarray[Any, Any]:
        """One column of the groups; of a table each comes in the same order. All at once would stand in memory twice
        while they leave the engine."""
        return self._fetched(f"select {value} as found from {_GROUPS}")["found"]

    def _fetched(self, query: str) -> Arrays:
        return self._con.execute(query).fetchnumpy()  # type: ignore[return-value]  # no column is an enumeration

    def _words(self, name: str) -> Arrays:
        """The words of a column in order, none last, with a number for each. Raises NotPlainError where the engine has
        one number for two words: of twenty thousand words one column in a hundred thousand million."""
        words = f'select distinct "{name}" as word from {_GROUPS}'
        found = self._fetched(f"select word, {_hash('word')} as number from ({words}) order by word")
        if len(np.unique(found["number"])) < len(found["number"]):
            raise NotPlainError(f"words of {name} that have one number")
        return found

    def _numbered(self, name: str, words: Arrays, count: int) -> pd.Categorical[str]:
        """A column of words by their places. To leave the engine, numbers that it makes anyway take a third of the time
        that the places in a list of its own take."""
        known = ~np.ma.getmaskarray(words["word"])
        places = np.where(known, np.arange(len(known)), -1).astype(np.min_scalar_type(-len(known) - 1))
        order = np.argsort(words["number"])
        if len(known) == 1:  # all rows have the one currency, say
            return pd.Categorical.from_codes(np.full(count, places[0]), _index(words["word"], known))
        codes, met = pd.factorize(self._held(_hash(name)))
        found = places[order[np.searchsorted(words["number"][order], met)]]
        return pd.Categorical.from_codes(found[codes], _index(words["word"], known))

    def _look(self) -> dict[str, str]:
        """The type of every column of the file."""
        if self._plan.whole.kind == "csv":
            return {place(number): "VARCHAR" for number in range(len(self._plan.header))}
        rows = self._asked(f"describe select * from {parquet(self._plan)}")
        return {place(number): row[1] for number, row in enumerate(rows) if row[0] != "file_row_number"}

    def _source(self, days: Collection[str] = ()) -> str:
        return source(self._plan, self._rejects, days)

    def _rejected(self) -> list[OddRow]:
        lines = self._asked("select distinct line, csv_line from reject_errors order by line")
        why = {kind for (kind,) in self._asked("select distinct error_type from reject_errors")}
        if "INVALID ENCODING" in why:
            raise WrittenError("letters that are no UTF-8")
        if "LINE SIZE OVER MAXIMUM" in why:  # of such a line nobody knows the end
            raise NotPlainError("a row that is longer than the engine reads")
        if len(lines) > MOST_ODD:
            raise NotPlainError(f"more than {MOST_ODD:,} rows with too many or too few cells")
        delimiter = self._plan.whole.delimiter
        rows = [(int(line), cells_of(text.lstrip("\r\n"), delimiter)) for line, text in lines]  # of an empty line too
        if any(not any(map(str.strip, cells)) for _, cells in rows):  # the engine does not always tell what was there
            raise WrittenError("lines of which nothing is known")
        return [OddRow(line, [cell or None for cell in cells]) for line, cells in rows]


def _cell(value: object) -> Value:
    """As a reader of cells would have it."""
    return value.replace(LINE_END, "\n") if isinstance(value, str) else plain_value(value)


def _index(words: np.ndarray[Any, Any], known: np.ndarray[Any, Any]) -> pd.Index[str]:
    found: pd.Index[str] = pd.Index(np.ma.getdata(words)[known], dtype=object)
    return found


def _is_exact(sums: np.ndarray[Any, Any]) -> bool:
    """Whether floating numbers hold each of these sums and all that is less."""
    return max(int(sums.max(initial=0)), -int(sums.min(initial=0))) < _EXACT


def _hash(name: str) -> str:
    return f'hash("{name}")'
