"""A book as a file of aggregates: it can be audited later or elsewhere, without the rows and the people behind it.

The file is Parquet: the canonical columns of all tables beside each other, `KEPT` with the number of the part that a
row belongs to, and `COUNT` with how many rows it stands for. Its notes say what the parts are, as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd

from rm_audit.profiles.model import Extract, SetAside
from rm_audit.readers.whole import KEPT, silent
from rm_audit.rollups.expressions import rolled_spend
from rm_audit.rollups.marks import BAD, BLANK, MARK, ROWS
from rm_audit.tables import AMOUNT_COLUMN, COUNT, MAIN_COLUMN, ROW, SHEET, TABLES, WHOSE

# Of a person, or of one row alone; a title may be either, and its family and level are kept.
_LEFT_OUT = frozenset(["application_id", "invoice", "job_title"])
_NOTE = "rm_audit"


@dataclass(frozen=True)
class Account:
    """What a sheet of a book had: its columns by table, its own table, and what was set aside of it (rows, amount)."""

    columns: Mapping[str, Iterable[str]]
    table: str
    set_aside: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Part:
    """Rows of one table that came with the same columns; `columns` are those that their files had."""

    table: str
    columns: Sequence[str]
    yearless: bool
    set_aside: Mapping[str, tuple[int, int]]
    rows: pd.DataFrame
    currency: str | None = None  # of its amounts: an export without a row has one too


def parts_of(
    tables: Mapping[str, pd.DataFrame], sheets: Sequence[Account], currency: str | None, yearless: bool
) -> list[Part]:
    """A book's tables as parts; `sheets` are its sheets. Spend is one part, for what stood in two sheets was settled;
    applications are told apart by what their files can say."""
    found: list[Part] = []
    for table in (name for name in TABLES if name in tables):
        frame = tables[table]
        own = [tuple(sorted(sheet.columns.get(table, ()))) for sheet in sheets]
        if table != "applications":
            own = [tuple(sorted({name for columns in own for name in columns}))] * len(own)
        numbers = frame[SHEET].to_numpy()
        met = {*np.unique(numbers).tolist(), *(at for at, sheet in enumerate(sheets) if sheet.columns.get(table))}
        for columns in dict.fromkeys(own[number] for number in sorted(met)):  # a sheet may have no row
            alike = [number for number, one in enumerate(own) if one == columns]
            rows = _added_up(table, frame[np.isin(numbers, alike)], currency)
            aside = _set_aside([sheets[number] for number in alike if sheets[number].table == table])
            own_currency = currency if "currency" in TABLES[table].columns else None
            found.append(Part(table, columns, yearless and table == "spend", aside, rows, own_currency))
    return found


def _set_aside(sheets: Sequence[Account]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for reason, (rows, amount) in (item for sheet in sheets for item in sheet.set_aside.items()):
        before = found.get(reason, (0, 0))
        found[reason] = (before[0] + rows, before[1] + amount)
    return found


def left_out(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """What a file of aggregates does not hold, in words, where the book has it."""
    return ["the texts of employees' shares"] if "body" in tables.get("advocacy", ()) else []


def _added_up(table: str, rows: pd.DataFrame, currency: str | None) -> pd.DataFrame:
    counts = rows[COUNT].fillna(1).astype("int64") if COUNT in rows else pd.Series(1, index=rows.index)
    names = [name for name in TABLES[table].columns if name in rows and name not in _LEFT_OUT]
    frame = rows[names].assign(**{COUNT: counts})
    if "currency" in TABLES[table].columns:
        frame["currency"] = np.full(len(frame), currency, dtype=object)
    if table == "spend":
        return _spend(frame)
    if table == "advocacy":
        return _shares(frame)
    if table != "applications":
        return frame
    frame["source"] = rows["channel"].astype("object") if "channel" in rows else None  # a source may be a person
    # Marks follow from the days and the stage, and the channel from the source.
    keys = [name for name in names if name not in ("person", "channel") and not name.startswith("is_")]
    sums = [COUNT, *(name for name in WHOSE if name in rows)]
    frame = frame.assign(**{name: rows[name].fillna(0).astype("int64") for name in sums[1:]})
    return frame.groupby(keys, dropna=False, sort=False)[sums].sum().reset_index()


def _shares(frame: pd.DataFrame) -> pd.DataFrame:
    """A row a share. How many people share, and how often, is a measure; who they are, is none: each has a number."""
    frame = frame.drop(columns="body", errors="ignore")
    if "original" in frame:
        frame["original"] = frame["original"].astype("Int64")
    if "person" in frame:
        numbers = pd.factorize(frame["person"])[0] + 1  # 0 is nobody that is known
        frame["person"] = pd.Series([f"person {one}" if one else None for one in numbers], frame.index, dtype=object)
    return frame


def _spend(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a group of the finest grain; amounts in micro-units, days since 1970."""
    kinds = {str(name): TABLES["spend"].columns.get(str(name), "count") for name in frame}  # `COUNT` is added up too
    texts, counts, days = (
        [name for name, kind in kinds.items() if kind == wanted] for wanted in ("text", "count", "day")
    )
    lazy: nw.LazyFrame[Any] = nw.from_native(frame.assign(**{BAD: 0})).lazy()
    found: pd.DataFrame = rolled_spend(lazy, texts, counts, days, monthly=False).collect().to_native()
    for number, name in enumerate(counts):  # a sum of nothing is nothing, and no zero
        found[name] = found[name].astype("Int64").mask((found[MARK] & (BLANK << number)) != 0)
    order = [*days, *texts, "amount"]
    return found.sort_values(order, kind="stable").drop(columns=[MARK, ROWS])


def write(parts: Sequence[Part], path: Path) -> int:
    """Writes a file of aggregates, and says how many rows it has; raises OSError where it cannot."""
    whole = pd.concat([part.rows.assign(**{KEPT: number}) for number, part in enumerate(parts)], ignore_index=True)
    texts = [str(name) for name in whole if not pd.api.types.is_integer_dtype(whole[name].dtype)]
    texts = [name for name in texts if name not in _numbers(whole)]
    con = silent()
    con.register("whole", whole.assign(**{name: whole[name].astype("object") for name in texts}))
    columns = [_column(str(name), str(name) in texts) for name in (KEPT, *(n for n in whole if n != KEPT))]
    kept_of = ("table", "columns", "yearless", "set_aside", "currency")
    notes = [{name: getattr(part, name) for name in kept_of} for part in parts]
    try:
        options = f"format parquet, kv_metadata {{{_NOTE}: '{_quoted(json.dumps(notes))}'}}"
        con.execute(f"copy (select {', '.join(columns)} from whole) to '{_quoted(str(path))}' ({options})")
    except duckdb.IOException as error:
        raise OSError(str(error)) from None
    finally:
        con.close()
    return len(whole)


def _numbers(whole: pd.DataFrame) -> set[str]:
    kinds = {name: kind for table in TABLES.values() for name, kind in table.columns.items()}
    own = {str(name) for name in whole if kinds.get(str(name)) in ("money", "count", "day", "mark")}
    return own | {COUNT, KEPT, *WHOSE}


def _column(name: str, text: bool) -> str:
    return f'"{name}"::varchar as "{name}"' if text else f'"{name}"::bigint as "{name}"'


def kept(path: Path, file: str) -> Iterator[tuple[Extract, tuple[int, int]]]:
    """The parts of a file of aggregates as sheets, with the rows of the file that each stands in. Raises ValueError for
    a file that is none."""
    con = silent()
    try:
        found = con.execute("select value from parquet_kv_metadata(?) where key = ?", [str(path), _NOTE]).fetchone()
        notes = json.loads(bytes(found[0])) if found else []
        columns = con.execute("select * from read_parquet(?)", [str(path)]).fetchnumpy()
    except duckdb.Error as error:
        raise ValueError(str(error)) from None
    finally:
        con.close()
    part = np.asarray(columns[KEPT])
    for number, note in enumerate(notes):
        rows = np.flatnonzero(part == number)
        extract = _extract(file, number, note, {name: values[rows] for name, values in columns.items() if name != KEPT})
        yield extract, (int(rows[0]) + 2, int(rows[-1]) + 2) if len(rows) else (1, 1)


def _extract(file: str, number: int, note: Mapping[str, Any], columns: Mapping[str, Any]) -> Extract:
    table = str(note["table"])
    data: dict[str, Any] = {}
    for name, kind in TABLES[table].columns.items():
        gone = np.ma.getmaskarray(columns[name]) if name in columns else np.ones(1, dtype=bool)
        if not gone.all() or (name in note["columns"] and name in columns):
            data[name] = _array(columns[name], gone, kind)
    if table == "spend" and "start" in data:
        data.setdefault("end", data["start"])  # of an export without a row
    frame = pd.DataFrame({name: pd.Series(values) for name, values in data.items()})
    places = {name: place for place, name in enumerate(columns, 2)}
    frame[ROW], frame[AMOUNT_COLUMN] = np.int32(0), np.int32(places.get(MAIN_COLUMN[table], 1))
    frame[COUNT] = np.asarray(columns[COUNT], dtype=np.int64)
    for name in WHOSE:
        if table == "applications" and name in columns and not np.ma.getmaskarray(columns[name]).all():
            frame[name] = np.ma.filled(columns[name], 0).astype(np.int64)
    currencies = {code for code in frame["currency"] if isinstance(code, str)} if "currency" in frame else set()
    return Extract(
        file=file,
        sheet=f"{number + 1} {table}",
        profile="rollup",
        table=table,
        frames={table: frame},
        columns={table: {name: places.get(name, 1) for name in note["columns"]}},
        headers={"mapped": {name: name for name in data}, "guessed": {}, "unmapped": [], "personal": []},
        rows_read=int(frame[COUNT].sum()) + sum(rows for rows, _ in note["set_aside"].values()),
        set_aside=[SetAside(0, reason, amount, rows) for reason, (rows, amount) in note["set_aside"].items()],
        problems=[],
        currency=currencies.pop() if len(currencies) == 1 else note.get("currency"),
        yearless=bool(note["yearless"]),
    )


def _array(values: Any, gone: np.ndarray[Any, Any], kind: str) -> Any:
    plainly = np.ma.getdata(values)
    if kind in ("text", "person"):
        texts = np.array([*plainly, None], dtype=object)[:-1]
        texts[gone] = None
        return texts
    known = np.where(gone, 0, plainly).astype(np.int64)
    return pd.arrays.BooleanArray(known.astype(bool), gone) if kind == "mark" else pd.arrays.IntegerArray(known, gone)


def _quoted(text: str) -> str:
    return text.replace("'", "''")
