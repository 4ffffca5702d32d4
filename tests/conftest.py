"""Settings of the property tests: the gate tries the same examples every time, `explore` others. And what a script that
runs the tests in the background takes from them, and from every run that they start: that Ctrl-C ends it."""

import signal

from hypothesis import settings

settings.register_profile("gate", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=1000, deadline=None)
settings.load_profile("gate")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
