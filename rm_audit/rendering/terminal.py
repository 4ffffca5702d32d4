"""The report as a page of text: score first, then the money, the plays, what matters most, and what to do."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rm_audit.rendering.channels import channel_table
from rm_audit.rendering.paper import paper, text_of
from rm_audit.rendering.waived import counted, noted, waived
from rm_audit.rendering.words import (
    Document,
    Group,
    amount,
    clean,
    files,
    is_setting,
    named,
    open_groups,
    place,
    to_bring,
)

MOST_FINDINGS = 10
NARROW = 95  # columns under which the channel table leaves out what matters least
# What keeps most of a book from being judged, or makes its sums wrong: first among the things to do.
_FIRST = ("same-money", "no-year", "ambiguous-dates", "formulas-not-calculated")
_REASONS = {"total row": "in total rows, which repeat the rows"}
_STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}
_CLASSES = {
    "avoidable": "proven row by row: stop it at the next notice, or claim it back",
    "unproven": "more than the evidence supports",
    "misdirected": "real money for work that builds no trust: re-point it",
    "unclaimed": "nothing said against it here",
}


def terminal(
    document: Document, *, width: int = 100, color: bool = False, verbose: bool = False, short: bool = False
) -> str:
    """The report as text of the given width; `short` is the form of `rm-audit check`."""
    console = paper(width, color)
    parts: tuple[Callable[[Console, Document, bool], None], ...] = (
        _head,
        _score,
        _money,
        _plays,
        _findings,
        waived,
        _earned,
    )
    parts += (_channels, _unjudged, _data, noted, _next)
    for part in (_head, _score, _short) if short else parts:
        part(console, document, verbose)
    return text_of(console)


def _title(console: Console, words: str) -> None:
    console.print()
    console.print(Text(words, style="bold"))


def _indented(console: Console, text: Text | str, by: int = 2) -> None:
    console.print(Padding(text, (0, 0, 0, by)))


def _head(console: Console, document: Document, _verbose: bool) -> None:
    through = f", outcomes through {document['data_through']}" if document["data_through"] else ""
    period = document["period"]
    span = f", {period['start']} to {period['end']}" if period["start"] else ""
    console.print(Text(f"rm-audit {document['tool']['version']}: {files(document)}{span}", style="bold"))
    console.print(f"Judged as of {document['as_of']}{through}. Rules {document['ruleset']['hash']}.")


def _score(console: Console, document: Document, _verbose: bool) -> None:
    score = document["score"]
    console.print()
    if score["value"] is None:
        console.print(Text("No score: too little could be judged.", style="bold"))
        bring = to_bring(document)
        first = [item["help"] for item in document["problems"] if item["code"] in _FIRST]
        if first:
            _indented(console, first[0])
        elif bring:
            _indented(console, f"Bring {bring[0][0]}: {len(bring[0][1])} more rules could judge.")
        _indented(console, f"Judged {score['coverage']:.0%} of the weight; a score needs 20% and some money.")
        return
    console.print(Text(f"Score {score['value']:.0f} of 100", style="bold"), end="")
    console.print(f"  ({score['low']:.0f} if all that was not judged fails, {score['high']:.0f} if it holds)")
    meaning = "100: no finding, trust earned. 0: half of the judged money claimed."
    _indented(console, f"Judged {score['coverage']:.0%} of the weight. {meaning}")


def _money(console: Console, document: Document, _verbose: bool) -> None:
    money = document["money"]
    what = "Plan examined" if money["basis"] == "plan" else "Spend examined"
    _title(console, f"{what}: {_exact(document, money['examined'])}")
    _indented(console, f"Read {_exact(document, money['read'])}{_left_out(document)}.")
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="left")
    table.add_column(justify="right")
    table.add_column(justify="left")
    judged = document["score"]["parts"]["alignment"]["coverage"] > 0
    for name, words in _CLASSES.items():
        words = words if judged or name != "unclaimed" else "not judged: see what to bring"
        table.add_row(name, _exact(document, money[name]), words)
    _indented(console, table)  # type: ignore[arg-type]
    if money["upcoming"]:
        words = "Ahead, outside every total: "
        _indented(console, f"{words}{_exact(document, money['upcoming'])} in plan lines and licences.")


def _left_out(document: Document) -> str:
    """What was read and not examined: amounts by reason, and rows whose amount could not be read at all."""
    sheets = [sheet for file in document["inputs"] for sheet in file["sheets"]]
    sums: dict[str, float] = {}
    unread = 0
    for sheet in sheets:
        for item in sheet["set_aside"] if sheet["table"] == document["money"]["basis"] else ():
            sums[item["reason"]] = sums.get(item["reason"], 0) + item["amount"]
            unread += item["rows"] if item["reason"] == "not a number" else 0
    said = [f"{_exact(document, sums[reason])} {_REASONS.get(reason, reason)}" for reason in sums if sums[reason]]
    said += [f"{unread} row{'s' if unread > 1 else ''} with no readable amount"] if unread else []
    return f"; not examined: {', '.join(said)}" if said else ""


def _exact(document: Document, value: float) -> str:
    from rm_audit.numbers import exact_money

    return exact_money(value, document["currency"] or "")


def _plays(console: Console, document: Document, _verbose: bool) -> None:
    _title(console, "Plays, each of 100")
    table = Table.grid(padding=(0, 2))
    for justify in ("left", "right", "right", "left"):
        table.add_column(justify=justify)
    unjudged = [play["title"] for play in document["plays"] if not play["coverage"] and play["id"] != "hygiene"]
    for play in document["plays"]:
        if not play["coverage"]:
            continue
        money = [f"{name} {amount(document, play['money'][name])}" for name in play["money"] if play["money"][name]]
        shown = "-" if play["score"] is None else f"{play['score']:.0f}"
        table.add_row(play["title"], shown, f"{play['coverage']:.0%} judged", ", ".join(money))
    _indented(console, table)  # type: ignore[arg-type]
    if unjudged:
        _indented(console, f"Not judged: {'; '.join(unjudged)}.")


def _findings(console: Console, document: Document, verbose: bool) -> None:
    groups = open_groups(document)
    if not groups:
        _title(console, "No open finding" if counted(document) else "No finding")
        return
    shown = groups if verbose else groups[:MOST_FINDINGS]
    _title(console, "What matters most" if len(shown) < len(groups) else "Findings")
    known = sum(len(group.members) for group in groups if group.first["known"])
    if known:
        new = sum(len(group.members) for group in groups) - known
        _indented(console, f"{new} new; {known} known from the baseline, which trip no gate and stand last.")
    for number, group in enumerate(shown, 1):
        _one_finding(console, document, number, group)
    if len(shown) < len(groups):
        _indented(console, f"and {len(groups) - len(shown)} more: --verbose shows them, --format json has all.")


def _one_finding(console: Console, document: Document, number: int, group: Group) -> None:
    first = group.first
    line = Text(f"{number:>3}. ")
    line.append("known, " if first["known"] else "")
    line.append(first["severity"], style=_STYLES[first["severity"]])
    line.append(f"  {_stake(document, group)}" if group.at_stake or group.upcoming else "")
    line.append(f"  [{named(document, first['rule'])}]", style="dim")
    console.print(line)
    _indented(console, clean(first["message"]), 5)
    if _counted(document, group):
        _indented(console, _counted(document, group), 5)
    if len(group.members) > 1:
        names = [clean(item["subject"].get("month", item["subject"]["name"])) for item in group.members[1:]]
        more = f" and {len(names) - 4} more" if len(names) > 4 else ""
        _indented(console, f"The same in {', '.join(names[:4])}{more}; the amount is for all {len(group.members)}.", 5)
    _indented(console, f"Do: {first['fix']}", 5)
    cells = first["cells"]
    _indented(console, Text(f"See: {clean(', '.join(cells[:3]))}{' ...' if len(cells) > 3 else ''}", style="dim"), 5)


def _stake(document: Document, group: Group) -> str:
    """What the finding adds to the totals: the amounts of all findings add up to them."""
    kind = group.first["money"]["class"]
    if group.at_stake:
        return f"{kind} {amount(document, group.claimed)}"
    return f"{kind}, ahead: {amount(document, group.upcoming)}"


def _counted(document: Document, group: Group) -> str:
    """How much of what a finding wants is already claimed by another; nothing where none of it is."""
    if not group.at_stake or group.at_stake - group.claimed < 1:
        return ""
    whole = amount(document, group.at_stake)
    rest = "all of it is" if not group.claimed else "the rest is"
    return f"It doubts {whole}; {rest} counted under another finding."


def _earned(console: Console, document: Document, _verbose: bool) -> None:
    if document["earned"]:
        _title(console, "What builds trust")
        for item in document["earned"]:
            _indented(console, f"+ {clean(item['message'])}")


def _channels(console: Console, document: Document, verbose: bool) -> None:
    table = channel_table(document, verbose, narrow=console.width < NARROW)
    if table is not None:
        code = f", money in {document['currency']}" if document["currency"] else ""
        _title(console, f"Channels{code}; ranges hold 9 times in 10")
        _indented(console, table)  # type: ignore[arg-type]
        if _outside(document):
            _indented(console, _outside(document))


def _outside(document: Document) -> str:
    """Applications and hires that belong to other days than the money."""
    sheets = [sheet for file in document["inputs"] for sheet in file["sheets"] if sheet["table"] == "applications"]
    aside = [item for sheet in sheets for item in sheet["set_aside"] if item["reason"] == "outside the period"]
    rows, period = sum(item["rows"] for item in aside), document["period"]
    span = f"{period['start']} to {period['end']}, the time of the spend"
    return f"Not counted: {rows} applications or hires outside {span}." if rows else ""


def _unjudged(console: Console, document: Document, _verbose: bool) -> None:
    bring = to_bring(document)
    waiting = [rule for rule in document["rules"] if rule["judged"]["cannot_tell"] and rule["status"] == "stable"]
    if not bring and not waiting:
        return
    _title(console, "What could not be judged")
    for export, titles in bring[:6]:
        names = "; ".join(titles[:3]) + (f"; and {len(titles) - 3} more" if len(titles) > 3 else "")
        _indented(console, f"Bring {export}: {names}.")
    for rule in waiting:
        why = f"held back by {rule['blocked_by']}" if rule["blocked_by"] else "too little evidence yet"
        count = rule["judged"]["cannot_tell"]
        cases = f"{count} case{'s' if count > 1 else ''}"
        _indented(console, f"Cannot tell yet ({why}): {rule['title']}, in {cases}.")


def _data(console: Console, document: Document, _verbose: bool) -> None:
    problems = [problem for problem in document["problems"] if not is_setting(problem)]
    if problems:
        _title(console, "About the data")
    for problem in problems:
        _indented(console, f"{place(problem)}{problem['level']}: {clean(problem['message'])}. {clean(problem['help'])}")


def _next(console: Console, document: Document, _verbose: bool) -> None:
    groups = open_groups(document)
    steps = [item["help"] for item in document["problems"] if item["code"] in _FIRST]
    steps += list(dict.fromkeys(group.first["fix"] for group in groups))[:3]
    bring = to_bring(document)
    steps += [f"Bring {bring[0][0]}, so that more can be judged."] if bring else []
    if not steps:
        return
    _title(console, "What to do next")
    for number, step in enumerate(steps, 1):
        _indented(console, f"{number}. {step}")
    _indented(console, "rm-audit explain RULE says why a rule thinks so, and when it would be wrong.")


def _short(console: Console, document: Document, verbose: bool) -> None:
    groups = open_groups(document)
    order = list(_STYLES)
    by_severity = sorted(groups, key=lambda group: (group.first["known"], order.index(group.first["severity"])))
    shown = by_severity if verbose else by_severity[:MOST_FINDINGS]
    console.print()
    for group in shown:
        first = group.first
        line = Text(clean(f"{first['cells'][0]}: " if first["cells"] else ""))
        line.append("known, " if first["known"] else "")
        line.append(first["severity"], style=_STYLES[first["severity"]])
        more = f" (and {len(group.members) - 1} like it)" if len(group.members) > 1 else ""
        line.append(f": {clean(first['message'])}{more} [{named(document, first['rule'])}]")
        console.print(line, soft_wrap=True)  # one line a finding, for grep and for the logs of CI
    if len(shown) < len(groups):
        console.print(f"and {len(groups) - len(shown)} more: rm-audit analyze shows them.")
    if not groups:
        console.print("No open finding." if counted(document) else "No finding.")
    if counted(document):
        console.print(counted(document))
    warnings = sum(problem["level"] == "warning" and not is_setting(problem) for problem in document["problems"])
    if warnings:
        console.print(f"{warnings} warning{'s' * (warnings > 1)} about the data: rm-audit inspect shows them.")
