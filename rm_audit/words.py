"""Columns of words: a large table holds each text once, sorted, and in each of its rows the number of its text.

Such a column is a categorical of pandas; one of a table that was read cell by cell holds the texts themselves. What is
here takes both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Texts = NDArray[np.object_]


class Coded(NamedTuple):
    """Rows by the place of their text among `names`, which are sorted and all met; -1 for no text."""

    codes: Ints
    names: Texts


def is_coded(column: pd.Series[Any]) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype)


def coded(column: pd.Series[Any]) -> Coded:
    """The rows of a column by their texts."""
    if not is_coded(column):
        codes, names = pd.factorize(column.to_numpy(dtype=object), sort=True)
        return Coded(codes.astype(np.int64), names)
    numbers, words = column.cat.codes.to_numpy(), column.cat.categories.to_numpy(dtype=object)
    met = np.zeros(len(words) + 1, dtype=bool)
    met[numbers] = True  # -1 is the last one
    if met[:-1].all():
        return Coded(numbers.astype(np.int64), words)
    places = np.append(np.where(met[:-1], np.cumsum(met[:-1]) - 1, -1), -1)
    return Coded(places[numbers], words[met[:-1]])


def among(column: Coded, rows: NDArray[Any]) -> Coded:
    """Some rows of a column, by the names that they have."""
    numbers = column.codes[rows]
    met = np.bincount(numbers + 1, minlength=len(column.names) + 1)[1:] > 0
    return Coded(np.append(np.cumsum(met) - 1, -1)[numbers], column.names[met])


def column_of(texts: Sequence[str | None], numbers: NDArray[np.integer[Any]]) -> pd.Series[Any]:
    """A column whose rows hold some texts by their numbers; texts may come twice, and -1 is none."""
    words = sorted({text for text in texts if text is not None})
    places = {text: place for place, text in enumerate(words)}
    codes = np.array([*(-1 if text is None else places[text] for text in texts), -1], dtype=np.int32)
    return pd.Series(pd.Categorical.from_codes(codes[numbers], pd.Index(words, dtype=object)))


def empty(index: pd.Index[Any]) -> pd.Series[Any]:
    """A column without a text."""
    return column_of([], np.full(len(index), -1)).set_axis(index)


def translated(column: pd.Series[Any], known: Mapping[str, str | None]) -> pd.Series[Any]:
    """What is known of each text; nothing where nothing is, and where there is no text. Each is looked up once."""
    if is_coded(column):
        texts = [known.get(text) for text in column.cat.categories]
        return column_of(texts, column.cat.codes.to_numpy()).set_axis(column.index)
    codes, distinct = pd.factorize(column.to_numpy(dtype=object))
    found = np.array([*(known.get(text) for text in distinct), None], dtype=object)
    return pd.Series(found[codes], dtype="object", index=column.index)


def looked_up(column: pd.Series[Any], known: Mapping[Any, Any], nothing: Any) -> NDArray[Any]:
    """What is known of each text, such as a number or a mark; `nothing` elsewhere."""
    codes, names = coded(column)
    kind = object if isinstance(nothing, str | None) else None
    return np.array([*(known.get(name, nothing) for name in names), nothing], dtype=kind)[codes]


def texts_of(column: pd.Series[Any], nothing: str | None = None) -> Texts:
    """The texts of a column, row by row."""
    codes, names = coded(column)
    return np.array([*names, nothing], dtype=object)[codes]


def first_of(*columns: pd.Series[Any]) -> pd.Series[Any]:
    """The first of several columns that holds something, row by row."""
    some = [column for column in columns if column.notna().any()]
    found = some[0] if some else columns[0]
    for column in some[1:]:
        gone = found.isna().to_numpy(dtype=bool)
        if not gone.any():
            break
        if not (is_coded(found) and is_coded(column)):
            texts = np.where(gone, column.to_numpy(dtype=object), found.to_numpy(dtype=object))
            found = pd.Series(texts, dtype="object", index=found.index)
            continue
        more = len(found.cat.categories)
        numbers = column.cat.codes.to_numpy().astype(np.int64)
        either = np.where(gone, np.where(numbers < 0, -1, numbers + more), found.cat.codes.to_numpy())
        words = [*found.cat.categories, *column.cat.categories]
        found = column_of(words, either).set_axis(found.index)
    return found


def stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames one below the other. A column that is coded in one of them stays coded."""
    whole = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0].reset_index(drop=True)
    for name in whole if len(frames) > 1 else ():
        parts = [frame[name] for frame in frames if name in frame]
        if any(map(is_coded, parts)) and not is_coded(whole[name]):
            whole[name] = _below(frames, str(name))
    return whole


def _below(frames: Sequence[pd.DataFrame], name: str) -> pd.Series[Any]:
    texts: list[str | None] = []
    numbers = []
    for frame in frames:
        if name not in frame:
            numbers.append(np.full(len(frame), -1, dtype=np.int64))
            continue
        codes, words = coded(frame[name])
        numbers.append(np.where(codes < 0, -1, codes + len(texts)))
        texts += words.tolist()
    return column_of(texts, np.concatenate(numbers))
