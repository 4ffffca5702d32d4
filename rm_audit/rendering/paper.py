"""A console that prints to a text of a given width, and asks nothing of the environment."""

from __future__ import annotations

import io

from rich.console import Console

LEAST_WIDTH = 40  # judgement: under that a table is no table any more


def paper(width: int, color: bool) -> Console:
    """A rich console on a string. Both sides are given and its environment is empty, so that the bytes are the same."""
    return Console(
        file=io.StringIO(),
        width=max(width, LEAST_WIDTH),
        height=100,
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )


def text_of(console: Console) -> str:
    """What was printed, without blanks at the ends of lines."""
    text = console.file
    assert isinstance(text, io.StringIO)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"
