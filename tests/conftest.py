"""Settings of the property tests: the gate tries the same examples every time, `explore` others."""

from hypothesis import settings

settings.register_profile("gate", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=1000, deadline=None)
settings.load_profile("gate")
