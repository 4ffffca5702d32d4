"""Which character parts the columns of a text table."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

DELIMITERS = "\t;,|"  # in this order where nothing else tells them apart: the rarer inside a value first
SAMPLE_RECORDS = 50
SAMPLE_CHARACTERS = 1 << 20
SEP_LINE = re.compile(r'"?sep=([^"\r\n])"?[ \t;,]*(?:\r\n|\r|\n|$)', re.IGNORECASE)


@dataclass(frozen=True)
class Split:
    """How a sample falls apart at one delimiter.

    `lines` are the lines of records that have as many columns, over 1, as a neighbour; `weight` counts
    the delimiters in them. `clean` says that every closing quote is followed by a delimiter or line end.
    """

    delimiter: str
    lines: frozenset[int]
    weight: int
    widest: int
    clean: bool

    def beats(self, other: Split) -> bool:
        """Explains every line the other does and more: a header without the comma that all names below hold."""
        return self.lines > other.lines or (self.lines == other.lines and self.clean and not other.clean)


def declared_delimiter(text: str) -> str:
    """The delimiter that Excel's first line `sep=;` declares, or nothing."""
    match = SEP_LINE.match(text)
    return match[1] if match else ""


def delimiter_of(text: str) -> str:
    """The most consistent of tab, semicolon, comma and pipe; comma for a file of one column."""
    splits = [_split(text[:SAMPLE_CHARACTERS], delimiter) for delimiter in DELIMITERS]
    best = [split for split in splits if not any(other.beats(split) for other in splits)]
    # max() keeps the first of equals, so that the order of DELIMITERS decides.
    chosen = max(best, key=lambda split: (split.weight, split.widest))
    return chosen.delimiter if chosen.widest > 1 else ","


def _split(sample: str, delimiter: str) -> Split:
    records = _records(sample, delimiter)
    lines: set[int] = set()
    weight = 0
    for index, (start, end, width) in enumerate(records):
        neighbours = {records[near][2] for near in (index - 1, index + 1) if 0 <= near < len(records)}
        if width > 1 and width in neighbours:
            lines.update(range(start, end))
            weight += width - 1
    widest = max((width for _, _, width in records), default=0)
    return Split(delimiter, frozenset(lines), weight, widest, _is_clean(sample, delimiter))


def _records(sample: str, delimiter: str) -> list[tuple[int, int, int]]:
    """First line, line after the last and number of columns of the first records that are not blank."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    records: list[tuple[int, int, int]] = []
    start = 0
    for record in reader:
        if record:
            records.append((start, reader.line_num, len(record)))
        start = reader.line_num
        if len(records) == SAMPLE_RECORDS:
            break
    return records


def _is_clean(sample: str, delimiter: str) -> bool:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=True)
    try:
        for count, _ in enumerate(reader, start=1):
            if count == SAMPLE_RECORDS:
                break
    except csv.Error as error:
        return "end of data" in str(error)  # a file cut inside a quote says nothing about its delimiter
    return True
