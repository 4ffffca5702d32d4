"""Keeps what is about people out of the tables: whole columns by what stands in them, and stray addresses in others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from rm_audit.profiles.model import Layout
from rm_audit.profiles.private import MOST, PROSE, looks_personal
from rm_audit.profiles.work import Work
from rm_audit.tables import TABLES


def drop_people(work: Work) -> None:
    """Takes columns that are about people by their content out of the layout; a mapped one is said."""
    layout = work.layout
    found = people_in(layout, lambda position: work.first_texts(position, MOST))
    used = {position: name for name, position in layout.columns.items() if position in found and name != "owner"}
    for position, what in found.items():
        if position in used:
            words = (
                f"the column '{work.header(position)}' holds {what}: it is dropped, and not used as {used[position]}"
            )
            help = "Rename the header if it is another column that should be used."
            work.complain("warning", "personal-column", words, help, (layout.header_row, position))
    work.layout = without_people(layout, found)


def people_in(layout: Layout, texts_of: Callable[[int], Sequence[str]]) -> dict[int, str]:
    """The columns that are about people by their content, and by what; `texts_of` are the first distinct texts of a
    column, `MOST` of them at least."""
    kinds = TABLES[layout.table].columns
    texts = {p: name for name, p in layout.columns.items() if kinds.get(name) == "text" and name not in PROSE}
    found = {p: what for p in (*texts, *layout.unmapped) if (what := looks_personal(texts_of(p)))}
    return {p: what for p, what in found.items() if what != "names" or p not in texts or texts[p] == "owner"}


def without_people(layout: Layout, found: Collection[int]) -> Layout:
    """The layout without some columns, but for that of a plan's owners."""
    if not found:
        return layout
    owner = layout.columns.get("owner")
    return replace(
        layout,
        columns={name: p for name, p in layout.columns.items() if p not in found or name == "owner"},
        unmapped=tuple(p for p in layout.unmapped if p not in found),
        personal=(*layout.personal, *(p for p in found if p != owner)),
    )
