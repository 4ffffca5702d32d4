"""How wide the terminal is and whether it has colours. The only place that asks the environment."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_PLAIN_WIDTH = 100
PATIENCE = 1.0  # seconds that a wait may take before it is explained; judgement


def screen(no_color: bool) -> dict[str, Any]:
    """Width and colour for the terminal report; 100 columns and no colour in a pipe."""
    if not sys.stdout.isatty():
        columns = os.environ.get("COLUMNS", "")
        return {"width": int(columns) if columns.isdecimal() else _PLAIN_WIDTH, "color": False}
    plain = no_color or bool(os.environ.get("NO_COLOR"))
    return {"width": shutil.get_terminal_size((_PLAIN_WIDTH, 24)).columns, "color": not plain}


@contextmanager
def waiting(words: str) -> Iterator[None]:
    """Says on stderr what takes so long, where somebody sits before it; nothing in a pipe, and nothing stays there."""
    if not sys.stderr.isatty():
        yield
        return
    from threading import Timer

    from rich.console import Console

    from rm_audit.progress import telling

    status = Console(stderr=True).status(words)
    timer = Timer(PATIENCE, status.start)
    timer.daemon = True
    timer.start()
    try:
        with telling(status.update):
            yield
    finally:
        timer.cancel()
        timer.join()
        status.stop()
