"""The charts of the page as figures: bars of money, ranges of costs, volume beside quality, months.

Every chart is drawn for a width in pixels. Where it is narrow, labels stand above their bars.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rm_audit.rendering.html.svg import COLOURS, TEXT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDE, NARROW = 950.0, 340.0
_ROW, _TALL_ROW = 30.0, 50.0  # pixels a row, beside its label and under it
_BAR = 16.0
_LETTER = 0.56  # of the text's height; judgement, for labels that must not run into each other
_FOOT = 30.0
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Row:
    """A line of a chart: its label, the words at its end, and the numbers of its bars or of its range."""

    label: str
    words: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class _Sheet:
    """A figure with rows under each other; `left` and `right` are the pixels beside the plot."""

    figure: Figure
    width: float
    height: float
    left: float
    right: float
    row: float
    narrow: bool

    def axes(self, start: float = 0.0, end: float = 1.0) -> Axes:
        """Axes over a part of the plot's width, without a frame."""
        inner = self.width - self.left - self.right
        box = (
            (self.left + start * inner) / self.width,
            _FOOT / self.height,
            inner * (end - start) / self.width,
            1 - _FOOT / self.height,
        )
        axes = self.figure.add_axes(box)
        axes.set_ylim((self.height - _FOOT) / self.row, 0)
        axes.set_yticks([])
        axes.patch.set_visible(False)
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.tick_params(length=0, labelsize=TEXT - 1, labelcolor=COLOURS["soft"], pad=6)
        return axes

    def middle(self, number: int) -> float:
        """Where the bar of a row lies, in rows."""
        return number + (0.7 if self.narrow else 0.5)

    def thick(self) -> float:
        return _BAR / self.row

    def write(self, x: float, y: float, words: str, **look: Any) -> None:
        """Words at a pixel from the left, at a height in rows."""
        look = {"color": COLOURS["ink"], "va": "center", **look}
        self.figure.text(x / self.width, 1 - y * self.row / self.height, words, **look)

    def label(self, number: int, row: Row) -> None:
        """The name and the words of a row: beside its bar, or above it."""
        if self.narrow:
            room = self.width - _wide(row.words) - 12
            self.write(0, number + 0.28, _short(row.label, room))
            self.write(self.width, number + 0.28, row.words, ha="right", color=COLOURS["soft"])
        else:
            self.write(self.left - 12, number + 0.5, _short(row.label, self.left - 12), ha="right")
            self.write(self.width, number + 0.5, row.words, ha="right", color=COLOURS["soft"])


def _sheet(rows: Sequence[Row], width: float) -> _Sheet:
    from matplotlib.figure import Figure

    narrow = width < 500
    row = _TALL_ROW if narrow else _ROW
    height = row * len(rows) + _FOOT
    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    figure.patch.set_visible(False)
    left = min(max(_wide(row.label) for row in rows) + 16, 260.0)
    right = max(_wide(row.words) for row in rows) + 12
    # Room for half of the last number under the axis.
    return _Sheet(figure, width, height, 6.0 if narrow else left, 16.0 if narrow else right, row, narrow)


def _wide(text: str) -> float:
    """About how many pixels a text takes; letters of Chinese, Japanese and Korean count double."""
    from rich.cells import cell_len

    return cell_len(text) * TEXT * _LETTER


def _short(text: str, room: float) -> str:
    room = max(room, 6 * TEXT * _LETTER)
    if _wide(text) <= room:
        return text
    while text and _wide(f"{text}…") > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def money_bars(rows: Sequence[Row], colours: Sequence[str], width: float) -> Figure:
    """One stacked bar a row: a value for each colour."""
    sheet = _sheet(rows, width)
    axes = sheet.axes()
    most = max(sum(value or 0 for value in row.values) for row in rows) or 1.0
    axes.set_xlim(0, most)
    _marks(axes, most, 3 if sheet.narrow else 5)
    for number, row in enumerate(rows):
        start = 0.0
        for value, colour in zip(row.values, colours, strict=True):
            if value:
                axes.barh(
                    sheet.middle(number), value, left=start, height=sheet.thick(), color=COLOURS[colour],
                    edgecolor=COLOURS["paper"], linewidth=0.8,
                )  # fmt: skip
                start += value
        sheet.label(number, row)
    return sheet.figure


def ranges(rows: Sequence[Row], line: float | None, width: float) -> Figure:
    """A point with its range a row, on an axis where every step multiplies. Values are low, value, high.

    Without a value the range is open: an arrow from its low end. `line` is drawn through all rows.
    """
    sheet = _sheet(rows, width)
    axes = sheet.axes()
    known = [value for row in rows for value in (*row.values, line) if value]
    low, high = min(known) / 1.15, max(known) * 1.15
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    _log_marks(axes, low, high, 4 if sheet.narrow else 7)
    for number, row in enumerate(rows):
        if line:
            _dashed(axes, line, number + (0.48 if sheet.narrow else 0), number + 1)  # not through the words above a bar
        y, (start, value, end) = sheet.middle(number), row.values
        colour = COLOURS["accent"]
        axes.plot([start or low, end or high], [y, y], color=colour, linewidth=3, solid_capstyle="round", zorder=2)
        if value:
            axes.plot([value], [y], marker="o", markersize=10, color=colour, markeredgecolor=COLOURS["paper"], zorder=3)
        if not end:
            axes.plot([high], [y], marker=">", markersize=9, color=colour, clip_on=False, zorder=3)
        sheet.label(number, row)
    return sheet.figure


def _dashed(axes: Axes, x: float, start: float, end: float) -> None:
    axes.plot([x, x], [start, end], color=COLOURS["soft"], linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)


def volume_and_quality(rows: Sequence[Row], heads: tuple[str, str], width: float) -> Figure:
    """Two bars a row, each on its own axis: how many, and what share of them. Values are a count and a share."""
    sheet = _sheet([Row("", "", ()), *rows], width)
    parts = (sheet.axes(0, 0.47), sheet.axes(0.53, 1))
    most = [max(row.values[side] or 0 for row in rows) or 1.0 for side in (0, 1)]
    for side, axes in enumerate(parts):
        axes.set_xlim(0, most[side])
        _marks(axes, most[side], 2 if sheet.narrow else 4, share=side == 1)
        colour = COLOURS[("unclaimed", "accent")[side]]
        for number, row in enumerate(rows, 1):
            if value := row.values[side]:
                axes.barh(sheet.middle(number), value, height=sheet.thick(), color=colour)
        inner = sheet.width - sheet.left - sheet.right
        sheet.write(sheet.left + (0, 0.53)[side] * inner, 0.6, heads[side], weight="bold")
    for number, row in enumerate(rows, 1):
        sheet.label(number, row)
    return sheet.figure


def months(rows: Sequence[Row], colours: Sequence[str], width: float) -> Figure:
    """One stacked column a month."""
    from matplotlib.figure import Figure

    height, left, foot = 270.0, 62.0, 1.5 * _FOOT  # two lines under a column
    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    figure.patch.set_visible(False)
    axes = figure.add_axes((left / width, foot / height, 1 - (left + 4) / width, 1 - (foot + 12) / height))
    axes.patch.set_visible(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, labelsize=TEXT - 1, labelcolor=COLOURS["soft"], pad=6)
    _columns(axes, rows, colours)
    every = -(-len(rows) // max(int((width - left) / 62), 1))
    shown = range(0, len(rows), every)
    axes.set_xticks(list(shown), [rows[number].label for number in shown])
    axes.set_xlim(-0.6, len(rows) - 0.4)
    return figure


def _columns(axes: Axes, rows: Sequence[Row], colours: Sequence[str]) -> None:
    most = max(sum(value or 0 for value in row.values) for row in rows) or 1.0
    axes.set_ylim(0, most)
    marks = _round_marks(most, 4)
    axes.set_yticks(marks, [f"{mark:,.0f}" for mark in marks])
    axes.grid(axis="y", color=COLOURS["rule"], linewidth=0.8)
    axes.set_axisbelow(True)
    for number, row in enumerate(rows):
        bottom = 0.0
        for value, colour in zip(row.values, colours, strict=True):
            if value:
                axes.bar(number, value, bottom=bottom, width=0.7, color=COLOURS[colour], edgecolor=COLOURS["paper"])
                bottom += value


def _marks(axes: Axes, most: float, count: int, share: bool = False) -> None:
    marks = _round_marks(most, count)
    fewer = share and most < 0.1
    axes.set_xticks(marks, [f"{mark:.{1 if fewer else 0}%}" if share else f"{mark:,.0f}" for mark in marks])
    axes.grid(axis="x", color=COLOURS["rule"], linewidth=0.8)
    axes.set_axisbelow(True)


def _round_marks(most: float, count: int) -> list[float]:
    """0 and up to `count` round numbers that do not pass `most`."""
    step = next(
        size * 10.0**power
        for power in range(-6, 16)
        for size in _STEPS
        if most / (size * 10.0**power) < count + 1
    )  # fmt: skip
    return [step * number for number in range(int(most / step + 1e-9) + 1)]


def _log_marks(axes: Axes, low: float, high: float, count: int) -> None:
    from matplotlib.ticker import NullLocator

    for steps in (_STEPS, (1, 3), (1,)):
        marks = [size * 10.0**power for power in range(-3, 16) for size in steps]
        marks = [mark for mark in marks if low <= mark <= high]
        if len(marks) <= count:
            break
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticks(marks, [f"{mark:,.0f}" if mark >= 1 else f"{mark:g}" for mark in marks])
    axes.grid(axis="x", color=COLOURS["rule"], linewidth=0.8)
    axes.set_axisbelow(True)
