"""What each row of spend and each outcome is called: one name a channel, whatever the spelling."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from rm_audit.book.model import Book
from rm_audit.cells import letters
from rm_audit.channels import kind_from_words
from rm_audit.config import Config
from rm_audit.errors import Level, Problem
from rm_audit.numbers import exact_money, units
from rm_audit.tables import SHEET
from rm_audit.words import coded, empty, translated


def settle_channels(book: Book, config: Config) -> None:
    """Gives spend, applications and totals their `channel`."""
    channels = book.channels
    channels.aliases, channels.set_kinds = config.channel_names, config.channel_kinds
    spend = book.tables.get("spend")
    if spend is not None:
        names = _channel_names(book, spend)
        channels.settle(_weights(spend, names))
        shown = {name: channels.of_spend(name) for name in names.dropna().unique()}
        spend["channel"] = translated(names, shown)
    for table_name in ("applications", "outcome_totals"):
        table = book.tables.get(table_name)
        if table is not None and "source" in table:
            shown = {
                source: channels.of_source(source) for source in _by_rows(table["source"], book.counts(table_name))
            }
            table["channel"] = translated(table["source"], shown)


def _by_rows(sources: pd.Series[str], counts: npt.NDArray[np.int64]) -> list[str]:
    """The spellings of the sources, the commonest first: of one that no money names, it is the name."""
    rows = pd.Series(counts, index=sources.index).groupby(sources, sort=True).sum()
    return [str(name) for name in rows.sort_values(ascending=False, kind="stable").index]


def _weights(spend: pd.DataFrame, names: pd.Series[str]) -> list[tuple[str, str | None, int]]:
    """(spelling, kind or None, micro-units), each pair once, in the order met."""
    name, kind = coded(names), coded(spend["channel_kind"] if "channel_kind" in spend else empty(spend.index))
    size = len(kind.names) + 1
    codes, pairs = pd.factorize(name.codes * size + kind.codes + 1)
    sums = np.zeros(len(pairs), dtype=np.int64)
    np.add.at(sums, codes, spend["amount"].to_numpy(dtype=np.int64, na_value=0))
    known = [(*divmod(int(pair), size), int(amount)) for pair, amount in zip(pairs, sums, strict=True) if pair >= 0]
    kinds = [None, *map(kind_from_words, kind.names)]
    return [(name.names[one], kinds[other], amount) for one, other, amount in known]


def _channel_names(book: Book, spend: pd.DataFrame) -> pd.Series[str]:
    """What each row was spent on: its channel, else its vendor; its campaign only in sheets that know no channel."""
    names = spend["channel"] if "channel" in spend else empty(spend.index)
    if names.isna().any():
        nothing = pd.Series([None] * len(spend), dtype="object", index=spend.index)
        names = names.astype("object")
        names = names.where(names.notna(), spend.get("vendor", nothing))
        knows = [bool({"channel", "vendor"} & set(ref.columns.get("spend", ()))) for ref in book.sheets]
        campaigns = spend.get("campaign", nothing)
        takes = names.isna() & ~np.array(knows, dtype=bool)[spend[SHEET].to_numpy()]
        names = names.where(~takes, campaigns).astype("object")
        names = names.where(names.notna(), None)
    nameless = np.flatnonzero(names.isna().to_numpy())
    sheets = spend[SHEET].to_numpy()[nameless]
    for number in np.unique(sheets).tolist():
        _say_nameless(book, number, nameless[sheets == number])
    return names


def _say_nameless(book: Book, number: int, rows: npt.NDArray[np.intp]) -> None:
    money = exact_money(units(int(book.tables["spend"]["amount"].iloc[rows].sum())), book.currency or "")
    ref, cell = book.sheets[number], book.cells("spend", "amount", rows[:1])[0]
    count = book.count("spend", rows)
    words = f"{count} row{'s' if count > 1 else ''} with {money} name no channel, and are in no channel's sum"
    known = {"channel", "vendor", "campaign"} & set(ref.columns["spend"])
    level: Level = "warning" if known else "info"
    help = "Fill the channel in on every row." if known else "Add a column with the channel if it is to be judged."
    place = f"{letters(cell.column)}{cell.row}"
    book.problems.append(Problem(level, "no-channel", words, help, ref.file, ref.sheet, place))
