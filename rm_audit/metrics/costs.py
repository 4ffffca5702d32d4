"""What each row of spend was paid for."""

from __future__ import annotations

from rm_audit.book import Book
from rm_audit.channels import spelled
from rm_audit.profiles.library import generic


def cost_types(book: Book) -> list[str | None]:
    """The cost type of every spend row in canonical words; media where no column says otherwise."""
    spend = book.tables["spend"]
    if "cost_type" not in spend:
        return ["media"] * len(spend)
    words = {spelled(word): kind for kind, known in generic().words["cost_types"].items() for word in known}
    known = {value: words.get(spelled(value)) for value in spend["cost_type"].dropna().unique()}
    return [known[value] if isinstance(value, str) else "media" for value in spend["cost_type"].tolist()]
