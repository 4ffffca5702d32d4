"""The report as a page of text: score first, then the money, the plays, what matters most, and what to do."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rm_audit.rendering.channels import channel_table
from rm_audit.rendering.paper import paper, text_of
from rm_audit.rendering.sentences import (
    CLASSES,
    FIRST,
    class_words,
    counted_elsewhere,
    exact,
    left_out,
    outside,
    stake,
    steps,
    waiting,
)
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
_STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}


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
        first = [item["help"] for item in document["problems"] if item["code"] in FIRST]
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
    _title(console, f"{what}: {exact(document, money['examined'])}")
    _indented(console, f"Read {exact(document, money['read'])}{left_out(document)}.")
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="left")
    table.add_column(justify="right")
    table.add_column(justify="left")
    for name in CLASSES:
        table.add_row(name, exact(document, money[name]), class_words(document, name))
    _indented(console, table)  # type: ignore[arg-type]
    if money["upcoming"]:
        words = "Ahead, outside every total: "
        _indented(console, f"{words}{exact(document, money['upcoming'])} in plan lines and licences.")


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
    line.append(f"  {stake(document, group)}" if stake(document, group) else "")
    line.append(f"  [{named(document, first['rule'])}]", style="dim")
    console.print(line)
    _indented(console, clean(first["message"]), 5)
    if counted_elsewhere(document, group):
        _indented(console, counted_elsewhere(document, group), 5)
    if len(group.members) > 1:
        names = [clean(item["subject"].get("month", item["subject"]["name"])) for item in group.members[1:]]
        more = f" and {len(names) - 4} more" if len(names) > 4 else ""
        _indented(console, f"The same in {', '.join(names[:4])}{more}; the amount is for all {len(group.members)}.", 5)
    _indented(console, f"Do: {first['fix']}", 5)
    cells = first["cells"]
    _indented(console, Text(f"See: {clean(', '.join(cells[:3]))}{' ...' if len(cells) > 3 else ''}", style="dim"), 5)


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
        if outside(document):
            _indented(console, outside(document))


def _unjudged(console: Console, document: Document, _verbose: bool) -> None:
    bring, lines = to_bring(document), waiting(document)
    if not bring and not lines:
        return
    _title(console, "What could not be judged")
    for export, titles in bring[:6]:
        names = "; ".join(titles[:3]) + (f"; and {len(titles) - 3} more" if len(titles) > 3 else "")
        _indented(console, f"Bring {export}: {names}.")
    for line in lines:
        _indented(console, line)


def _data(console: Console, document: Document, _verbose: bool) -> None:
    problems = [problem for problem in document["problems"] if not is_setting(problem)]
    if problems:
        _title(console, "About the data")
    for problem in problems:
        _indented(console, f"{place(problem)}{problem['level']}: {clean(problem['message'])}. {clean(problem['help'])}")


def _next(console: Console, document: Document, _verbose: bool) -> None:
    todo = steps(document)
    if not todo:
        return
    _title(console, "What to do next")
    for number, step in enumerate(todo, 1):
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
