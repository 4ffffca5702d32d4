"""Large plain files, rolled up where they lie: only sums, counts and days leave the engine.

The ordinary way reads a file cell by cell, with the address of each. This room gives the same canonical table for files
that are too large for that, a row a group, with the range of rows as the address.
"""

from rm_audit.rollups.extracting import RolledUp, roll_up

__all__ = ["RolledUp", "roll_up"]
