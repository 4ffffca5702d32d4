"""What is being done and how far it is, for whoever waits: the one who shows it says how, those who work say what."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Tell = Callable[[str], None]
EVERY = 0.5  # seconds; more often nobody could read it


def _nobody(words: str) -> None:
    del words


_TELL: ContextVar[Tell] = ContextVar("tell", default=_nobody)
_TOLD: ContextVar[str] = ContextVar("told", default="")


@contextmanager
def telling(show: Tell) -> Iterator[None]:
    """Inside of it, all that is told is shown so."""
    token, told = _TELL.set(show), _TOLD.set("")
    try:
        yield
    finally:
        _TELL.reset(token)
        _TOLD.reset(told)


def tell(words: str) -> None:
    """What is being done from now on."""
    _TOLD.set(words)
    _TELL.get()(words)


@contextmanager
def following(words: str, percent: Callable[[], float]) -> Iterator[None]:
    """Tells the words, and then how far the work inside of it is; `percent` is below 0 while nobody knows. Where the
    same was told just before, with a reason behind it, it goes on with that."""
    show, ended = _TELL.get(), threading.Event()
    told = _TOLD.get()
    if told.startswith(f"{words}: "):
        words = told
    else:
        tell(words)
    if show is _nobody:
        yield
        return

    def follow() -> None:
        while not ended.wait(EVERY):
            far = percent()
            if far > 0:
                show(f"{words}: {far:.0f}%")

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
