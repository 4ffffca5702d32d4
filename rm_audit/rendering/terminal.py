"""The report as a page of text: score first, then the money, the plays, what matters most, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import floor

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rm_audit.rendering import budget, quality
from rm_audit.rendering.channels import channel_table
from rm_audit.rendering.paper import paper, text_of
from rm_audit.rendering.sentences import (
    CLASSES,
    KEEPS_OUT,
    about_data,
    class_words,
    counted_elsewhere,
    earned,
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
    hidden,
    is_setting,
    named,
    open_groups,
    to_bring,
)

MOST_FINDINGS = 10
LEAST_NAME = 12  # columns that the first column of a table keeps on a narrow screen
_STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}


def terminal(
    document: Document, *, width: int = 100, color: bool = False, verbose: bool = False, short: bool = False
) -> str:
    """The report as text of the given width; `short` is the form of `rm-audit check`."""
    console = paper(width, color)
    parts: tuple[Callable[[Console, Document, bool], None], ...] = (
        _head,
        _talks,
        _score,
        _levers,
        _money,
        _stopping,
        _plays,
        _findings,
        waived,
        _earned,
    )
    parts += (_channels, _quality, _plan, _alignment, _unjudged, _data, noted, _next)
    for part in (_head, _score, _short) if short else parts:
        part(console, document, verbose)
    return text_of(console)


def _title(console: Console, words: str) -> None:
    console.print()
    console.print(Text(words, style="bold"))


def _indented(console: Console, text: Text | Table | str, by: int = 2) -> None:
    console.print(Padding(text, (0, 0, 0, by)))


def _grid(rows: Sequence[tuple[str, ...]], sides: str) -> Table:
    """Rows in columns without lines; a letter a column says on which side its text stands."""
    table = Table.grid(padding=(0, 2))
    for number, side in enumerate(sides[: max(map(len, rows), default=0)]):
        longest = max(len(row[number]) for row in rows)
        table.add_column(
            justify="right" if side == "r" else "left",
            no_wrap=side == "r",
            min_width=0 if side == "r" or number else min(longest, LEAST_NAME),
        )
    for row in rows:
        table.add_row(*row)
    return table


def _head(console: Console, document: Document, _verbose: bool) -> None:
    through = f", outcomes through {document['data_through']}" if document["data_through"] else ""
    period = document["period"]
    span = f", {period['start']} to {period['end']}" if period["start"] else ""
    console.print(Text(f"rm-audit {document['tool']['version']}: {files(document)}{span}", style="bold"))
    said = f"Judged as of {document['as_of']}{through}. Rules {document['ruleset']['hash']}. {hidden(document)}"
    console.print(said.rstrip())


def _talks(console: Console, document: Document, _verbose: bool) -> None:
    lines = budget.north_star(document)
    if lines:
        console.print()
        console.print(Text(lines[0], style="bold").append("".join(f" {line}" for line in lines[1:]), style="not bold"))


def _score(console: Console, document: Document, _verbose: bool) -> None:
    score = document["score"]
    console.print()
    if score["value"] is None:
        console.print(Text("No score: too little could be judged.", style="bold"))
        bring = to_bring(document)
        first = [item["help"] for item in document["problems"] if item["code"] in KEEPS_OUT and item["help"]]
        if first:
            _indented(console, first[0])
        elif bring:
            _indented(console, f"Bring {bring[0][0]}: {len(bring[0][1])} more rules could judge.")
        share = floor(score["coverage"] * 100)  # 19.6% are no 20%
        _indented(console, f"Judged {share}% of the weight; a score needs 20% and some money.")
        return
    line = Text.assemble((f"Score {score['value']:.0f} of 100", "bold"))
    line.append(f"  ({score['low']:.0f} if all that was not judged fails, {score['high']:.0f} if it holds)")
    console.print(line)
    meaning = "100: no finding, trust earned. 0: half of the judged money claimed."
    _indented(console, f"Judged {score['coverage']:.0%} of the weight. {meaning}")


def _levers(console: Console, document: Document, _verbose: bool) -> None:
    if document["levers"]:
        _indented(console, "What would raise it most, each alone:")
        _indented(console, _grid(budget.lever_rows(document), "rrl"), 4)


def _money(console: Console, document: Document, _verbose: bool) -> None:
    money = document["money"]
    what = "Plan examined" if money["basis"] == "plan" else "Spend examined"
    _title(console, f"{what}: {exact(document, money['examined'])}")
    _indented(console, f"Read {exact(document, money['read'])}{left_out(document)}.")
    if document["score"]["parts"]["alignment"]["coverage"]:
        rows = [(name, exact(document, money[name]), class_words(document, name)) for name in CLASSES]
        _indented(console, _grid(rows, "lrl"))
    else:
        _indented(console, "Nothing could be said for or against it yet: see what to bring.")
    if money["upcoming"]:
        words = "Ahead, outside every total: "
        _indented(console, f"{words}{exact(document, money['upcoming'])} in plan lines and licences.")


def _stopping(console: Console, document: Document, verbose: bool) -> None:
    lines = budget.stopping(document, None if verbose else budget.MOST_NOTICES)
    if lines:
        _title(console, "Gone, and what can still be stopped")
    for line in lines:
        _indented(console, line)


def _plays(console: Console, document: Document, _verbose: bool) -> None:
    judged = [play for play in document["plays"] if play["coverage"]]
    unjudged = [play["title"] for play in document["plays"] if not play["coverage"] and play["id"] != "hygiene"]
    if not judged:
        return
    _title(console, "Plays, each of 100")
    rows = []
    for play in judged:
        money = [f"{name} {amount(document, play['money'][name])}" for name in play["money"] if play["money"][name]]
        shown = "-" if play["score"] is None else f"{play['score']:.0f}"
        rows.append((play["title"], shown, f"{play['coverage']:.0%} judged", ", ".join(money)))
    _indented(console, _grid(rows, "lrrl"))
    if unjudged:
        _indented(console, f"Not judged: {'; '.join(unjudged)}.")


def _findings(console: Console, document: Document, verbose: bool) -> None:
    groups = open_groups(document, apart=verbose)
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
        _indented(console, f"and {len(groups) - len(shown):,} more: --verbose shows them, --format json has all.")


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
        _indented(console, _also(group), 5)
    _indented(console, f"Do: {first['fix']}", 5)
    cells = first["cells"]
    _indented(console, Text(f"See: {clean(', '.join(cells[:3]))}{' ...' if len(cells) > 3 else ''}", style="dim"), 5)


def _also(group: Group) -> str:
    """The other subjects of a group: months where the findings differ in their month alone, else names."""
    first, others = group.first["subject"], group.members[1:]
    months = "month" in first and all(_apart(item["subject"]) == _apart(first) for item in others)
    names = [clean(item["subject"]["month" if months else "name"]) for item in others]
    more = f" and {len(names) - 4:,} more" if len(names) > 4 else ""
    amount = f"; the amount is for all {len(group.members):,}" if group.at_stake or group.upcoming else ""
    between = "; " if any(", " in name for name in names[:4]) else ", "  # Board A, 2026-01; Board B, 2026-03
    return f"The same: {between.join(names[:4])}{more}{amount}."


def _apart(subject: Mapping[str, object]) -> list[object]:
    return [value for key, value in subject.items() if key not in ("month", "name")]


def _earned(console: Console, document: Document, verbose: bool) -> None:
    if document["earned"]:
        _title(console, "What builds trust")
    for line in earned(document, verbose):
        _indented(console, line)


def _channels(console: Console, document: Document, verbose: bool) -> None:
    table = channel_table(document, verbose, console.width - 2)
    if table is not None:
        code = f", money in {document['currency']}" if document["currency"] else ""
        _title(console, f"Channels{code}; ranges hold 9 times in 10")
        _indented(console, table)
        if outside(document):
            _indented(console, outside(document))


def _quality(console: Console, document: Document, verbose: bool) -> None:
    if verbose and quality.untold(document):
        _title(console, quality.HEAD)
        for name, words in quality.told(document):
            _indented(console, f"{clean(name)}: {words}")
        _indented(console, quality.untold(document))


def _plan(console: Console, document: Document, _verbose: bool) -> None:
    lines, rows = budget.plan_words(document), budget.plan_rows(document)
    if not lines:
        return
    _title(console, "Plan against actual")
    for line in lines:
        _indented(console, line)
    if rows:
        _indented(console, _grid([("", "planned", "spent", "difference"), *rows], "lrrr"))


def _alignment(console: Console, document: Document, _verbose: bool) -> None:
    rows = budget.alignment_rows(document)
    if not rows:
        return
    _title(console, "What the money is for")
    _indented(console, budget.misalignment(document))
    _indented(console, _grid([("", *budget.alignment_heads(document)), *rows], "lrrrr"))
    if budget.objectives(document):
        _indented(console, budget.objectives(document))


def _unjudged(console: Console, document: Document, _verbose: bool) -> None:
    bring, lines = to_bring(document), waiting(document)
    if not bring and not lines:
        return
    _title(console, "What could not be judged")
    for export, titles in bring[:6]:
        more = f"{len(titles)} more rules" if len(titles) > 1 else "one more rule"
        _indented(console, f"Bring {export}: {more} could judge, such as '{titles[0]}'.")
    for line in lines:
        _indented(console, line)


def _data(console: Console, document: Document, verbose: bool) -> None:
    lines = list(about_data(document, verbose))
    if lines:
        _title(console, "About the data")
    for line in lines:
        _indented(console, line)


def _next(console: Console, document: Document, _verbose: bool) -> None:
    todo = steps(document)
    if not todo:
        return
    _title(console, "What to do next")
    for number, step in enumerate(todo, 1):
        _indented(console, f"{number}. {step}")
    _indented(console, "rm-audit explain RULE says why a rule thinks so, and when it would be wrong.")


def _short(console: Console, document: Document, verbose: bool) -> None:
    groups = open_groups(document, apart=verbose)
    order = list(_STYLES)
    by_severity = sorted(groups, key=lambda group: (group.first["known"], order.index(group.first["severity"])))
    shown = by_severity if verbose else by_severity[:MOST_FINDINGS]
    console.print()
    for group in shown:
        first = group.first
        line = Text(clean(f"{first['cells'][0]}: " if first["cells"] else ""))
        line.append("known, " if first["known"] else "")
        line.append(first["severity"], style=_STYLES[first["severity"]])
        more = f" (and {len(group.members) - 1:,} like it)" if len(group.members) > 1 else ""
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
