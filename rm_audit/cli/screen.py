"""How wide the terminal is and whether it has colours. The only place that asks the environment."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Any


def screen(no_color: bool) -> dict[str, Any]:
    """Width and colour for the terminal report; 100 columns and no colour in a pipe."""
    if not sys.stdout.isatty():
        return {"width": int(os.environ.get("COLUMNS", "100")), "color": False}
    plain = no_color or bool(os.environ.get("NO_COLOR"))
    return {"width": shutil.get_terminal_size((100, 24)).columns, "color": not plain}
