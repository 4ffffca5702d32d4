"""The spend of a book as a file of aggregates: it can be audited later or elsewhere, without the rows behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd

from rm_audit.readers.whole import silent
from rm_audit.rollups.expressions import rolled_spend
from rm_audit.rollups.marks import BAD, BLANK, MARK, ROWS
from rm_audit.tables import MICROS, TABLES

# Headers that the profiles know, so that such a file is read like any other.
HEADERS = {
    "start": "Date",
    "end": "End date",
    "channel": "Channel",
    "channel_kind": "Channel type",
    "campaign": "Campaign",
    "campaign_id": "Campaign ID",
    "job": "Job ID",
    "vendor": "Vendor",
    "cost_type": "Cost type",
    "waived": "Waived",
    "currency": "Currency",
    "amount": "Spend",
    "impressions": "Impressions",
    "clicks": "Clicks",
    "apply_starts": "Apply starts",
    "applies": "Applies",
}


def aggregates(spend: pd.DataFrame, currency: str | None) -> pd.DataFrame:
    """The spend of a book, one row a group of the finest grain; amounts in micro-units, days since 1970."""
    kinds = {name: kind for name, kind in TABLES["spend"].columns.items() if name in HEADERS and name in spend}
    spend = spend[[*kinds]].assign(currency=currency, **{BAD: 0})
    texts = [name for name, kind in kinds.items() if kind == "text" and name != "currency"]
    counts = [name for name, kind in kinds.items() if kind == "count"]
    days = [name for name in ("start", "end") if name in kinds]
    lazy: nw.LazyFrame[Any] = nw.from_native(spend).lazy()
    found: pd.DataFrame = rolled_spend(lazy, [*texts, "currency"], counts, days, monthly=False).collect().to_native()
    for name in counts:  # a sum of nothing is nothing, and no zero
        blank = spend[name].isna()
        if blank.any():
            found[name] = found[name].where(_known(found, counts.index(name)))
    return found.sort_values([*days, *texts, "amount"], kind="stable").reset_index(drop=True)


def _known(found: pd.DataFrame, number: int) -> Any:
    return (found[MARK] & (BLANK << number)) == 0


def write(found: pd.DataFrame, path: Path) -> None:
    """Writes aggregates as Parquet; raises OSError where it cannot."""
    columns = []
    for name, header in HEADERS.items():
        if name in ("start", "end") and name in found:
            columns.append(f'(date \'1970-01-01\' + "{name}"::integer)::date as "{header}"')
        elif name == "amount":
            columns.append(f'({name}::decimal(24, 6) / {MICROS})::decimal(18, 6) as "{header}"')
        elif name in found and found[name].notna().any():
            columns.append(f'{name} as "{header}"')
    con = silent()
    con.register("found", _plain(found))
    try:
        query = f'select {", ".join(columns)}, {ROWS} as "Rows" from found'
        con.execute(f"copy ({query}) to '{_quoted(path)}' (format parquet)")
    except duckdb.IOException as error:
        raise OSError(str(error)) from None
    finally:
        con.close()


def _plain(found: pd.DataFrame) -> pd.DataFrame:
    """In types that DuckDB takes without another library."""
    texts = [str(name) for name in found if not pd.api.types.is_integer_dtype(found[name].dtype)]
    return found.assign(**{name: found[name].astype("object") for name in texts})


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
