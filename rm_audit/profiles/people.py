"""Keeps what is about people out of the tables: whole columns by what stands in them, and stray addresses in others."""

from __future__ import annotations

from dataclasses import replace

from rm_audit.profiles.private import MOST, PROSE, looks_personal
from rm_audit.profiles.work import Work
from rm_audit.tables import TABLES


def drop_people(work: Work) -> None:
    """Takes columns that are about people by their content out of the layout; a mapped one is said."""
    layout = work.layout
    kinds = TABLES[layout.table].columns
    texts = {p: name for name, p in layout.columns.items() if kinds.get(name) == "text" and name not in PROSE}
    found = {p: what for p in (*texts, *layout.unmapped) if (what := looks_personal(work.first_texts(p, MOST)))}
    found = {p: what for p, what in found.items() if what != "names" or p not in texts or texts[p] == "owner"}
    if not found:
        return
    for position, what in found.items():
        if position in texts and texts[position] != "owner":
            words = (
                f"the column '{work.header(position)}' holds {what}: it is dropped, and not used as {texts[position]}"
            )
            help = "Rename the header if it is another column that should be used."
            work.complain("warning", "personal-column", words, help, (layout.header_row, position))
    work.layout = replace(
        layout,
        columns={name: p for name, p in layout.columns.items() if p not in found or name == "owner"},
        unmapped=tuple(p for p in layout.unmapped if p not in found),
        personal=(*layout.personal, *(p for p in found if texts.get(p) != "owner")),
    )
