"""`--memory`: a size that an engine can work in, on this machine."""

from __future__ import annotations

import os
import re

from rm_audit.cli.options import usage

_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([KMGT])(i?)B")
_STEPS = " KMGT"
# What a log of 60,000 rows takes on two processors is 40 MB if it is packed, and every processor takes some more. With
# less the engine fails, and every cell is read, in many times the memory. Judgement.
LEAST = 100_000_000
_MOST = 1 << 44  # of a machine that does not say what it has; judgement: none has sixteen terabytes


def check_memory(text: str) -> None:
    """Raises UsageError for what is no size, for too little, and for more than the machine has."""
    found = _SIZE.fullmatch(text)
    if found is None:
        raise usage(f"--memory: '{text}' is not a size", "Write it as 500MB or 2GB.")
    number, unit, binary = found.groups()
    size = float(number) * (1024 if binary else 1000) ** _STEPS.index(unit)
    if size < LEAST:
        raise usage(f"--memory: '{text}' is too little for an engine", "Write 100MB or more, such as 2GB.")
    most = _machine()
    if size > most:
        raise usage(f"--memory: '{text}' is more than this machine has", f"Write {most // 10**6}MB or less.")


def _machine() -> int:
    """The memory of this machine in bytes; where it does not say, more than any has."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows has no such call
        return _MOST
