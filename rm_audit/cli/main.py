"""The entry point. What costs time is imported by the command that needs it."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

# A run is short and makes few cycles: to look for some at every 700 new objects would take a tenth of its time, and at
# every 50,000 still a twelfth. A small book has 250,000; half a million that nobody needs are some 50 MB.
SELDOM = (500_000, 20, 50)
INTERRUPTED, TERMINATED = 130, 143
_ended: list[int] = []  # the exit codes of the signals that came


def run() -> None:
    """Runs the command line and exits with the code of the contract."""
    if sys.argv[1:] == ["--version"]:  # answered before anything is imported
        from rm_audit import __version__

        print(f"rm-audit {__version__}")
        sys.exit(0)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # whoever began it has closed it
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))
    gc.set_threshold(*SELDOM)
    signal.signal(signal.SIGTERM, _end)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # it may be ignored, as in the background
        signal.signal(signal.SIGINT, _end)
    try:
        sys.exit(run_with())
    except SystemExit as end:
        sys.exit(_ended[0] if _ended else end.code)  # an engine calls every signal an interrupt
    except Exception:
        if not _ended:
            raise
        sys.exit(_ended[0])  # a library that was stopped in the middle of a word may fail while it clears up
    finally:
        gc.freeze()  # the process ends: to look for cycles in all that is left takes a sixth of a small book's run


def _end(number: int, _frame: FrameType | None) -> None:
    """Raises what ends the run, so that what is temporary goes too."""
    _ended.append(INTERRUPTED if number == signal.SIGINT else TERMINATED)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(TERMINATED)


def run_with(arguments: Sequence[str] | None = None) -> int:
    """Runs a command line, else the one of this process. Returns the exit code where the command does not exit."""
    from rm_audit.cli.app import wired
    from rm_audit.errors import RmAuditError, visible

    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        wired(words[0] if words else "")(args=words, prog_name="rm-audit")
    except RmAuditError as error:
        for problem in error.problems:
            print(problem.text(), file=sys.stderr)
        return error.exit_code
    except PermissionError as error:  # a folder that an option names may not be opened
        where = f"'{visible(error.filename)}'" if error.filename else "a file"
        print(f"error: {where} may not be opened\n  help: Check that you may open it and its folder.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe went away (`| head`); there is nobody left to tell.
        sys.stderr.close()
        return 0
    except OSError as error:
        return _failed(error)
    return 0


def _failed(error: OSError) -> int:
    """Says why a file cannot be read any more, or why nobody can be told anything."""
    from rm_audit.errors import visible

    why, gone = error.strerror or str(error), isinstance(error, FileNotFoundError)
    if error.filename:
        help = "It was there before: see that nobody moves it" if gone else "Look at the disk or network it is on"
        what = f"'{visible(error.filename)}' cannot be {'read' if gone else 'used'}"
        print(f"error: {what}: {why}\n  help: {help}, and run again.", file=sys.stderr)
        return 3
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is left would be written at the end
    print(f"error: the output cannot be written: {why}\n  help: Make room, or use --output.", file=sys.stderr)
    return 2
