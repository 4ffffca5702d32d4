"""Types shared by the scripts that write the example books."""

from __future__ import annotations

from datetime import date

Cell = str | int | float | date | None
Row = list[Cell]
