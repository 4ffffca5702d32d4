"""What a CFO asks first, in words and rows: talks, what would raise the score, what can be stopped, plan and actual."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rm_audit.numbers import SHARE, ends, money, percent
from rm_audit.rendering.words import Document, amount, clean

MOST_CHANNELS = 12
MOST_NOTICES = 10
Row = tuple[str, ...]


def north_star(document: Document) -> list[str]:
    """Cost of a talk, talks a hire, applications a talk, for the whole book; nothing where talks are not known."""
    whole = document["subjects"]["portfolio"][0] if document["subjects"]["portfolio"] else {}
    talks, hires = whole.get("conversations"), whole.get("hires")
    if not talks:
        return []
    cost = _range(document, whole["cost_per_conversation"])
    lines = [f"A talk cost {cost}." if cost else f"{talks:,} talks were held."]
    per_hire, per_talk = (_plain_range(whole[name]) for name in _RATIOS)
    parts = [f"{per_hire} talks made a hire" if per_hire else "", f"{per_talk} applications a talk" if per_talk else ""]
    said = ", ".join(part for part in parts if part)
    lines += [f"{said}."] if said else []
    cost = _range(document, whole["cost_per_hire"]) if hires else ""
    return lines + ([f"A hire cost {cost}, external costs only: no recruiter's pay is in it."] if cost else [])


_RATIOS = ("conversations_per_hire", "applications_per_conversation")


def _range(document: Document, estimate: Mapping[str, Any] | None) -> str:
    if estimate is None or not estimate["value"] or estimate["high"] is None:
        return ""
    return f"{amount(document, estimate['value'])} ({ends(estimate['low'], estimate['high'])})"


def _plain_range(estimate: Mapping[str, Any] | None) -> str:
    if estimate is None or not estimate["value"] or estimate["high"] is None:
        return ""
    low, value, high = (f"{estimate[name]:,.1f}" for name in ("low", "value", "high"))
    return f"{value} ({low} to {high})"


def lever_rows(document: Document) -> list[Row]:
    """Points, money and title of the rules whose mending would raise the score most."""
    return [
        (f"+{item['points']:.1f}", amount(document, item["money"]) if item["money"] else "", item["title"])
        for item in document["levers"]
    ]


def stopping(document: Document, most: int | None = None) -> list[str]:
    """Money that is gone, and what can still be stopped: by whom, from when, by which letter; `most` letters, and what
    the others are worth."""
    found = document["stopping"]
    lines = []
    gone = [f"{amount(document, value)} {kind}" for kind, value in found["gone"].items() if value]
    if gone:
        back = f"; ask {amount(document, found['credit'])} of it back as a credit" if found["credit"] else ""
        lines.append(f"Gone: {' and '.join(gone)}{back}.")
    lines += _from_next_month(document, found)
    lines += [_notice(document, item) for item in found["notices"][:most]]
    rest = "" if most is None else letters_left(document, most)
    return lines + ([f"And {rest}; --verbose shows them."] if rest else [])


def letters_left(document: Document, most: int) -> str:
    """How many letters there are beyond so many, and what they are worth; nothing where there are none."""
    rest = document["stopping"]["notices"][most:]
    worth = sum(item["a_year"] or 0 for item in rest)
    said = f"{len(rest):,} more of that kind" + (f": {amount(document, worth)} a year" if worth else "")
    return said if rest else ""


def _from_next_month(document: Document, found: Mapping[str, Any]) -> Iterator[str]:
    parts = {kind: value for kind, value in (found["a_month"] or {}).items() if value >= 1}
    if parts:
        said = ", ".join(f"{amount(document, value)} {kind}" for kind, value in parts.items())
        span = f"{found['pace']['from']} to {found['pace']['to']}"
        yield f"Stop from {found['from']}, without notice: {said} a month, at the pace of {span}."


def _notice(document: Document, item: Mapping[str, Any]) -> str:
    name = clean(item["licence"])
    worth = f": {amount(document, item['a_year'])} a year" if item["a_year"] else ""
    if item["state"] == "open":
        return f"Write to {name} by {item['by']}{worth}."
    ends = f" to {item['ends']}" if item["ends"] else ""
    if item["state"] == "missed":
        return f"The day for notice of {name} is past; it runs{ends}{worth}. Ask for fewer seats all the same."
    return f"Find the last day for notice of {name}{worth}."


def plan_words(document: Document) -> list[str]:
    """What is compared with what, or why nothing is; empty where there is no plan beside the spend."""
    found = document["plan_against_actual"]
    if found is None:
        return []
    if found["why_not"]:
        return [f"Nothing to compare: {found['why_not']}."]
    spans = found["spans"]
    if found["per"]:
        plan, spend = (f"{spans[name]['from']} to {spans[name]['to']}" for name in ("plan", "spend"))
        lines = [f"An average month of the plan ({plan}) beside one of the spend ({spend})."]
    else:
        months = [item["month"] for item in found["months"]]
        worst = max(found["months"], key=lambda item: abs(item["difference"]))
        over = "over" if worst["difference"] > 0 else "under"
        lines = [f"{months[0]} to {months[-1]}, the months that both have."]
        if abs(worst["difference"]) >= 1 and len(months) > 1:
            gap = amount(document, abs(worst["difference"]))
            lines.append(f"The month furthest off is {worst['month']}: {gap} {over} the plan.")
    undated = [f"{amount(document, value)} {name}" for name, value in found["undated"].items() if value]
    return lines + ([f"Left out, for nobody knows its months: {', '.join(undated)}."] if undated else [])


def plan_rows(document: Document, most: int = MOST_CHANNELS) -> list[Row]:
    """Channel, planned, spent, difference: the furthest off first, the whole last; empty where nothing is compared."""
    found = document["plan_against_actual"]
    if found is None or found["why_not"]:
        return []
    channels = found["channels"]
    shown = channels if len(channels) <= most else channels[: most - 1]
    rows = [_plan_row(document, item, clean(item["channel"] or "no channel named")) for item in shown]
    rest = channels[len(shown) :]
    if rest:
        sums = {name: sum(item[name] for item in rest) for name in ("planned", "spent", "difference")}
        rows.append(_plan_row(document, sums, f"{len(rest)} more"))
    return [*rows, _plan_row(document, found, "together")]


def plan_months(document: Document) -> list[Row]:
    """Month, planned, spent, difference; empty where plan and spend share no month."""
    found = document["plan_against_actual"]
    return [_plan_row(document, item, item["month"]) for item in found["months"]] if found else []


def _plan_row(document: Document, item: Mapping[str, Any], name: str) -> Row:
    more = "+" if item["difference"] > 0 else ""
    planned, spent, difference = (_bare(document, item[key]) for key in ("planned", "spent", "difference"))
    return (name, planned, spent, f"{more}{difference}")


def _bare(document: Document, value: float) -> str:
    """An amount under a heading that needs no currency; a percentage where amounts are hidden."""
    return money(value, SHARE) if document["currency"] == SHARE else f"{value:,.0f}"


def alignment_rows(document: Document) -> list[Row]:
    """Purpose, share and amount of the plan, share and amount of the spend; trust and distribution are summed."""
    found = document["alignment"]
    if found is None:
        return []
    rows = []
    for side, title in _SIDES:
        own = [row for row in found["rows"] if row["side"] == side]
        if side and own:
            sums = {n: sum(row[n] for row in own) if found[n] is not None else None for n in ("planned", "spent")}
            rows.append(_alignment_row(document, title, sums))
        indent = "  " if side else ""
        rows += [_alignment_row(document, f"{indent}{row['title']}", row) for row in own]
    return rows


_SIDES = (("trust", "Builds trust"), ("distribution", "Distributes"), (None, ""))
SIDE_TITLES = tuple(title for _, title in _SIDES if title)


def _alignment_row(document: Document, title: str, item: Mapping[str, Any]) -> Row:
    found, cells = document["alignment"], list[str]()
    for name in ("planned", "spent"):
        if found[name]:
            cells += [_bare(document, item[name]), percent(item[name] / found[name])]
    return (title, *cells)


def alignment_heads(document: Document) -> Sequence[str]:
    found = document["alignment"]
    if found is None:
        return []
    return [head for name, head in (("planned", "Planned"), ("spent", "Spent")) if found[name] for head in (head, "")]


def objectives(document: Document) -> str:
    """What the plan says that its money is for; empty where no line states an objective."""
    found = document["alignment"]
    if found is None or not found["objectives"] or not found["planned"]:
        return ""
    sums = found["objectives"]
    parts = [f"{percent(sums[name] / found['planned'])} {words}" for name, words in _OBJECTIVES.items() if sums[name]]
    return f"The plan's objectives, by budget: {', '.join(parts)}."


_OBJECTIVES = {
    "trust": "talks and trust",
    "distribution": "reach and applications",
    "both": "both",
    "neither": "neither of these",
    "none": "none stated",
}


def misalignment(document: Document) -> str:
    """The largest misalignment in a sentence."""
    found = document["alignment"]
    if found is None:
        return ""
    largest = found["largest"]
    if largest["kind"] == "objective":
        first = found["crossed"][0]
        others = f" and {len(found['crossed']) - 1} more" if len(found["crossed"]) > 1 else ""
        worth, line = amount(document, largest["amount"]), clean(first["line"])
        return f"{worth} of the plan is for '{clean(first['objective'])}' and buys ads: '{line}'{others}."
    if largest["kind"] == "spend":
        said, went = percent(largest["said"]), percent(largest["went"])
        gap = amount(document, largest["amount"])
        return f"The plan has {said} for what builds trust; {went} of the spend went there: {gap} apart."
    if largest["kind"] == "within":
        return "What the plan has for trust and what went there differ by less than a twentieth of the money."
    if found["planned"] and found["objectives"]:
        return (
            "No line whose objective is talks or trust buys ads. Where the money went is not known: no spend is here."
        )
    return "No plan with objectives is here, so nothing says where the money was meant to go."
