"""What a CFO asks first, as values for the page: the same sentences and rows as on the screen."""

from __future__ import annotations

from typing import Any

from rm_audit.rendering import budget
from rm_audit.rendering.words import Document

MOST_CHANNELS = 40


def budget_view(document: Document) -> dict[str, Any]:
    """Sentences and rows by the names that the template uses."""
    code = document["currency"]
    heads = [head for head in budget.alignment_heads(document) if head]
    stopping = budget.stopping(document)
    shown = len(stopping) - len(document["stopping"]["notices"][budget.MOST_NOTICES :])
    return {
        "talks": budget.north_star(document),
        "stopping": stopping[:shown],
        "letters": stopping[shown:],
        "letters_left": budget.letters_left(document, budget.MOST_NOTICES),
        "levers": budget.lever_rows(document),
        "plan_words": budget.plan_words(document),
        "plan_rows": budget.plan_rows(document, MOST_CHANNELS),
        "plan_months": budget.plan_months(document),
        "purposes": [
            (name.strip(), name in budget.SIDE_TITLES, cells) for name, *cells in budget.alignment_rows(document)
        ],
        "purpose_heads": [words for head in heads for words in (head, f"{head}, share")],
        "misalignment": budget.misalignment(document),
        "objectives": budget.objectives(document),
        "money_in": f", {code}" if code else "",
    }
