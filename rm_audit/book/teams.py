"""A team's own sheet and a platform's export of the same channel and month: one of the two counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rm_audit.book.sight import NONE, Ints, Seen, Sight, sums
from rm_audit.channels import spelled
from rm_audit.days import EPOCH
from rm_audit.profiles.library import generic

_TURN = "To count the other: overlaps: {{{name}: {word}}} in rm-audit.yaml; both adds them up."
_SAY = "Say in rm-audit.yaml which counts: overlaps: {{{name}: export}}, or team; both if it is other money."


def settle_teams(sight: Sight) -> None:
    """The export counts, unless the project file turns it round; what has no month cannot be told, and is a doubt."""
    exports = np.zeros(len(sight.book.sheets), dtype=bool)
    exports[[seen.number for seen in sight.seen if seen.export]] = True
    if exports.all() or not exports.any():
        return
    live = sight.live & (sight.channel >= 0) & (sight.amount != 0)
    from_export = exports[sight.sheet] & live
    from_team = ~exports[sight.sheet] & live & _media(sight)
    shared = np.intersect1d(sight.channel[from_export], sight.channel[from_team])
    if not len(shared):
        return
    _settle_months(sight, from_export, from_team)
    for channel in shared.tolist():
        _settle_undated(sight, channel, from_export & sight.keep, from_team & sight.keep)


def doubt_nameless(sight: Sight) -> None:
    """An export that names campaigns and no channel may hold what a team's sheet books under the platform's name."""
    spend = sight.book.tables["spend"]
    if "campaign" not in spend or not sight.free.all():
        return
    teams = [seen for seen in sight.seen if not seen.export and len(sight.rows_of(seen))]
    for seen in sight.seen:
        rows = sight.rows_of(seen)
        if not teams or not seen.export or seen.naming or not sight.amount[rows].any():
            continue
        by_campaign = spend["campaign"].to_numpy()[rows] == spend["channel"].to_numpy()[rows]
        team = np.concatenate([sight.rows_of(one) for one in teams])
        if by_campaign.mean() <= 0.5 or not _touch(sight, rows, team[_media(sight)[team]]):
            continue
        money = sight.money(int(sight.amount[rows].sum()))
        words = f"this export names no channel, so it cannot be told whether its {money} are in a team's sheet too"
        help = "Add a column Channel with the platform's name, or leave out what is the same money."
        sight.note("warning", "same-money", words, help, seen)


def _touch(sight: Sight, rows: Ints, others: Ints) -> bool:
    """Whether two sets of rows may be of the same days."""
    if not len(others):
        return False
    undated = (sight.start[rows] == NONE).any() or (sight.start[others] == NONE).any()
    first, last = sight.start[rows].min(), sight.end[rows].max()
    return bool(undated or ((sight.start[others] <= last) & (sight.end[others] >= first)).any())


def _media(sight: Sight) -> Ints:
    """Rows whose cost type is media or unknown: a platform's export holds no licences, fees or events."""
    spend = sight.book.tables["spend"]
    if "cost_type" not in spend:
        return np.ones(len(spend), dtype=bool)
    codes, names = pd.factorize(spend["cost_type"])
    words = {spelled(word): kind for kind, known in generic().words["cost_types"].items() for word in known}
    media = np.array([words.get(spelled(str(name)), "media") == "media" for name in names] + [True])
    found: Ints = media[codes]
    return found


def _settle_months(sight: Sight, from_export: Ints, from_team: Ints) -> None:
    dated = sight.month >= 0
    code, pairs = pd.factorize(sight.channel * 1_000_000 + np.where(dated, sight.month, 0))
    by_code = [sums(code[rows & dated], sight.amount[rows & dated], len(pairs)) for rows in (from_export, from_team)]
    export, team = by_code
    # An export that shows a month with nothing spent says nothing against a team that paid for it.
    there = (export != 0) & (
        sums(code[from_team & dated], np.ones(int((from_team & dated).sum()), int), len(pairs)) > 0
    )
    for channel in np.unique(pairs[there] // 1_000_000).tolist():
        months = there & (pairs // 1_000_000 == channel)
        inside = dated & months[code]
        turned = sight.words.get(channel) == "team"
        losing, winning = (from_export, from_team) if turned else (from_team, from_export)
        figures = (int(team[months].sum()), int(export[months].sum()))
        _say(sight, channel, (losing & inside, winning & inside), figures, int(months.sum()), turned)


def _say(
    sight: Sight, channel: int, rows: tuple[Ints, Ints], figures: tuple[int, int], months: int, turned: bool
) -> None:
    losers, winners = (_sheets(sight, part) for part in rows)
    name = sight.names[channel]
    for loser in losers:
        for winner in winners:
            sight.settle(loser, winner)
    sight.drop(np.flatnonzero(rows[0]), f"the same money in {_labels(winners)}")
    team, export = (sight.money(figure) for figure in figures)
    span = f"in {months} month{'' if months == 1 else 's'}"
    teams, exports = (winners, losers) if turned else (losers, winners)
    counts = "the team's sheet" if turned else "the export"
    words = f"{name} {span}: {team} in the team's sheet {_labels(teams)}, {export} in the export {_labels(exports)}"
    days = np.flatnonzero(rows[1] if not turned else rows[0])
    first, last = (np.datetime64(EPOCH) + int(day) for day in (sight.start[days].min(), sight.end[days].max()))
    words += f" ({first} to {last}); {counts} counts"
    help = _TURN.format(name=name, word="export" if turned else "team")
    sight.note("warning", "counted-once", words, help, losers[0])


def _sheets(sight: Sight, rows: Ints) -> list[Seen]:
    numbers = set(np.unique(sight.sheet[rows]).tolist())
    return sorted((seen for seen in sight.seen if seen.number in numbers), key=lambda seen: seen.rank)


def _labels(sheets: list[Seen]) -> str:
    more = f" and {len(sheets) - 1} more" if len(sheets) > 1 else ""
    return sheets[0].label + more


def _settle_undated(sight: Sight, channel: int, from_export: Ints, from_team: Ints) -> None:
    """Rows that belong to no one month may be the same money as any row of the channel on the other side."""
    export, team = from_export & (sight.channel == channel), from_team & (sight.channel == channel)
    loose_export, loose_team = export & (sight.month < 0), team & (sight.month < 0)
    export = export if loose_team.any() else loose_export
    team = team if loose_export.any() else loose_team
    if not (export.any() and team.any()):
        return
    figures = (int(sight.amount[team].sum()), int(sight.amount[export].sum()))
    teams, exports, name = _sheets(sight, team), _sheets(sight, export), sight.names[channel]
    words = (
        f"{name}: {sight.money(figures[0])} in the team's sheet {_labels(teams)} and {sight.money(figures[1])} "
        f"in the export {_labels(exports)}, of which not all belong to one month"
    )
    word = sight.words.get(channel, "")
    if word:
        losing, winners = (export, teams) if word == "team" else (team, exports)
        sight.drop(np.flatnonzero(losing), f"the same money in {_labels(winners)}")
        words += f"; the {'team' if word == 'team' else 'export'} counts, as the project file says"
        help = _TURN.format(name=name, word="export" if word == "team" else "team")
        sight.note("warning", "counted-once", words, help, (exports if word == "team" else teams)[0])
    elif min(figures) > 0:
        words += f": both count, and {sight.money(min(figures))} may be counted twice"
        sight.note("warning", "same-money", words, _SAY.format(name=name), teams[0])
    for one in teams:
        for other in exports:
            sight.settle(one, other)
