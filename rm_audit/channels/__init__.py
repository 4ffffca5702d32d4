"""The many spellings of one source → one channel, and the kind of each channel."""

from rm_audit.channels.data import (
    Purpose,
    inside_kinds,
    is_named,
    is_unknown_source,
    kind_from_words,
    kinds,
    purposes,
    spelled,
)
from rm_audit.channels.names import Channels, Joined
from rm_audit.channels.persons import may_hold_person

__all__ = [
    "Channels",
    "Joined",
    "Purpose",
    "inside_kinds",
    "is_named",
    "is_unknown_source",
    "kind_from_words",
    "kinds",
    "may_hold_person",
    "purposes",
    "spelled",
]
