"""Employers that do not exist, with the truth about their money: the parts of `tests/worlds.py`."""
