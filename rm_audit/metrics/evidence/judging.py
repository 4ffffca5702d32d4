"""The words for what was measured: confirmed, watch, fine, too early, cannot tell, each with its why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from rm_audit.metrics.evidence.cells import HORIZONS, Cells
from rm_audit.metrics.evidence.clumps import WIDER
from rm_audit.metrics.evidence.draws import AT_ONCE, Draws, Ratios, ratios, voters
from rm_audit.metrics.evidence.fit import Spreads, Stage, fit_stage, spreads_of
from rm_audit.metrics.evidence.rows import Floats
from rm_audit.metrics.evidence.verdict import Evidence, Judged, Range, Verdict

Level = Literal["channel", "campaign"]

MULTIPLE = 2.0  # judgement: wasteful is twice the median channel's cost for the same jobs
# How sure a flag has to be. A book has many campaigns: where hardly any of them is likely to be wasteful, one that
# looks so is more often chance. So their mark rises to `SUREST` as their mean probability goes down through
# `FEW_WASTEFUL`. Chosen on simulated employers, 2,283 with waste (seeds 51877, 61001, 91001, 95001, 98001, 110001) and
# 1,450 without (seeds 51878, 95002, 98002, 110002).
CONFIRMED = {"channel": 0.74, "campaign": 0.73}
SUREST, FEW_WASTEFUL = 0.95, (0.08, 0.18)
WATCH, FINE, FINE_YOUNG = 0.50, 0.20, 0.05  # judgement: as likely as not; one in five; one in twenty while young
LEAST_DUE = 6.0  # with six hires due, none is seen of twice the cost one time in twenty (e to the minus 3)
LEAST_EVENTS = 10.0  # judgement: nobody is accused over money that is due fewer outcomes of every stage than ten
LEAST_DARK = 0.05  # judgement: below, lost sources hardly differ between channels by enough to matter
MOST_LOST = 3.0  # times the book's share of lost sources that one channel may lose; on simulated leaks (seed 95003)
LEAST_ARRIVED = 0.5  # judgement: below this part of its money, time alone may turn a verdict
_ENOUGH_ARRIVED = 0.8
LEAST_CHANNELS = 3  # judgement: a median of two says nothing
_HARDLY = 0.05  # hires; below, they are 0.0 in words
_LOW, _HIGH = 0.05, 0.95  # a two-sided 90% range, as everywhere
# How much the log rates of channels and of campaigns differ (sd), before the book says otherwise. Judgement.
_SPREADS = {
    "applications": (0.40, 0.35),
    "qualified": (0.30, 0.25),
    "interviews": (0.18, 0.14),
    "hires": (0.18, 0.14),
}


def weigh(cells: Cells, through: int, dark: float = 0.0, likely: str = "") -> Evidence:
    """Judges every channel and campaign with money. `dark` is the share of hires that no channel is known for; with
    `likely`, words for what the outcomes lack, no verdict is more than likely."""
    spend = cells.by_channel(cells.spend)
    if voters(spend).sum() < LEAST_CHANNELS:
        return Evidence(lacking="with fewer than three advertised channels there is no usual cost to compare with")
    if cells.counts[-1].sum() < LEAST_DUE:
        return Evidence(lacking="the whole book has too few hires to say what is usual")
    stages = fitted(cells)
    found = ratios(cells.design, stages, cells.spend, cells.due, cells.names)
    money = _usual(cells, stages, found)
    setting = _Setting(through, dark, likely)
    channels = _level("channel", cells, money, _readings(found.channel, found.middle, setting), setting)
    units = _level("campaign", cells, money, _readings(found.unit, found.middle, setting), setting)
    for row, item in enumerate(channels):
        if item.expected is not None:
            channels[row] = replace(item, expected=_range(found.expected[row], found.expected[row].mean()))
    return Evidence(
        {name: item for name, item in zip(cells.names.channels, channels, strict=True) if item.due is not None},
        {_parts(name): item for name, item in zip(cells.names.units, units, strict=True) if item.due is not None},
        assumed="" if cells.dated else "assumes that hires take about six weeks, for no dates say how long",
    )


def with_credit(found: Evidence, ways: Mapping[str, Mapping[str, Judged]]) -> Evidence:
    """The verdicts on channels beside those of other ways to book a hire. A confirmed one that another way calls fine
    is one to watch."""
    if not ways:
        return found
    channels = {}
    for name, item in found.channels.items():
        credit = tuple((way, judged[name].verdict) for way, judged in ways.items() if name in judged)
        turned = [way for way, verdict in credit if verdict == "fine"]
        if item.verdict == "confirmed" and turned:
            why = f"twice the usual cost as hires are booked, and fine where the {turned[0]} touch gets the hire"
            item = replace(item, verdict="watch", why=why)
        channels[name] = replace(item, credit=credit)
    return replace(found, channels=channels)


def with_look_alikes(found: Evidence, alike: Mapping[str, str]) -> Evidence:
    """A dear channel, or campaign of one, whose name a source of its own nearly has, is one to watch: `alike` has
    that source by channel. Were it the channel misspelt, its people would be missing here."""

    def told(channel: str, item: Judged) -> Judged:
        if item.verdict not in ("confirmed", "watch") or channel not in alike:
            return item
        source = alike[channel]
        why = f"likely twice the usual cost, unless the source '{source}' is this channel misspelt"
        why += f"; if it is, add '{source}: {channel}' under channels in rm-audit.yaml"
        return replace(item, verdict="watch", why=why)

    return replace(
        found,
        channels={name: told(name, item) for name, item in found.channels.items()},
        campaigns={pair: told(pair[0], item) for pair, item in found.campaigns.items()},
    )


def fitted(cells: Cells) -> list[Stage]:
    """Each stage of the funnel on its own."""
    return [
        fit_stage(cells.design, seen, exposure, Spreads(*spreads, clumps=(WIDER * clumps[0], WIDER * clumps[1])))
        for seen, exposure, spreads, clumps in zip(
            cells.seen, cells.exposure, spreads_of(_SPREADS, cells.stages), cells.clumps, strict=True
        )
    ]


def _parts(name: str) -> tuple[str, str]:
    channel, _, campaign = name.partition("\t")
    return channel, campaign


def _usual(cells: Cells, stages: list[Stage], found: Ratios) -> dict[str, Floats]:
    """Of each cell: what each stage shows at the median channel's rate, and the hires that a unit of money brings at
    the median channel's cost."""
    design, spend = cells.design, cells.by_channel(cells.spend)
    family = design.family[design.pair]
    rates = [np.exp(stage.point[0] + stage.point[1 + family]) for stage in stages]
    votes = np.flatnonzero(voters(spend))
    middle = [np.exp(np.median(stage.point[1 + design.families + votes])) for stage in stages]
    parts = {
        name: rate * shift * exposure
        for name, rate, shift, exposure in zip(cells.stages, rates, middle, cells.exposure, strict=True)
    }
    return {**parts, "rate": np.prod(rates, axis=0) / found.middle.mean()}


def _level(
    name: Level, cells: Cells, money: Mapping[str, Floats], read: list[_Reading | None], setting: _Setting
) -> list[Judged]:
    """Every unit of one level, in the order of its rows."""
    sums = cells.by_channel if name == "channel" else cells.by_unit
    spend, due = sums(cells.spend), sums(cells.due)
    likely = [one.probability for one, paid in zip(read, spend, strict=True) if one and paid > 0]
    mark = confirmed_from(likely) if name == "campaign" else CONFIRMED[name]
    later = np.array([sums(part) for part in cells.later])
    expected = sums(money["rate"] * cells.due)
    seen = {stage: (sums(cells.seen[i]), sums(money[stage])) for i, stage in enumerate(cells.stages)}
    judged = []
    for row, reading in enumerate(read):
        if not spend[row] > 0 or reading is None:
            judged.append(Judged("cannot_tell", "no money is booked on it"))
            continue
        stages = tuple((stage, float(a[row]), float(b[row])) for stage, (a, b) in seen.items())
        events = max(wanted for _, _, wanted in stages)
        facts = _Facts(mark, spend[row], due[row], later[:, row], expected[row], events, setting)
        judged.append(_one(facts, reading, stages))
    return judged


def confirmed_from(probabilities: Sequence[float]) -> float:
    """How sure a flag has to be in a book whose campaigns are so likely to be wasteful."""
    return float(np.interp(np.mean(probabilities or [0.0]), FEW_WASTEFUL, (SUREST, CONFIRMED["campaign"])))


@dataclass(frozen=True)
class _Setting:
    """What is the same for all units: the day up to which outcomes are known, the share of hires without a source, and
    what the outcomes lack, in words."""

    through: int
    dark: float
    likely: str

    @property
    def kept(self) -> float:
        """Of a channel's hires, the part that it would keep in sight were it the one that loses most sources."""
        return max(1 - MOST_LOST * self.dark, 0.0) / max(1 - self.dark, 0.01)


@dataclass(frozen=True)
class _Facts:
    mark: float  # how sure a flag has to be
    spend: float
    due: float
    later: Floats
    expected: float  # hires of the money due at the median's cost
    events: float  # the most that any stage should show by now at usual rates
    setting: _Setting


@dataclass(frozen=True)
class _Reading:
    """What the draws of one unit's ratio say: its range, and the share of them from `MULTIPLE` on; and that share were
    it the unit that loses most of its hires' sources."""

    ratio: Range
    probability: float
    darkest: float


def _readings(draws: Draws, middle: Floats, setting: _Setting) -> list[_Reading | None]:
    """One a row of draws of a cost, against that of the median channel; None where nothing was drawn."""
    ends = [int(_LOW * (draws.shape[1] - 1)), int(np.ceil(_HIGH * (draws.shape[1] - 1)))]
    found: list[_Reading | None] = []
    for first in range(0, len(draws), AT_ONCE):
        some = draws[first : first + AT_ONCE] / middle.astype(draws.dtype)
        middles = np.exp(np.log(some).mean(axis=1, dtype=np.float64))
        shares, darkest = (some >= MULTIPLE).mean(axis=1), (some * setting.kept >= MULTIPLE).mean(axis=1)
        some.sort(axis=1)
        for row, (low, high) in enumerate(some[:, ends].tolist()):
            spread = Range(float(middles[row]), low, high)
            reading = _Reading(spread, float(shares[row]), float(darkest[row]))
            found.append(None if np.isnan(middles[row]) else reading)
    return found


def _one(facts: _Facts, reading: _Reading, stages: tuple[tuple[str, float, float], ...]) -> Judged:
    verdict, why = _verdict(facts, reading)
    spread = reading.ratio
    return Judged(
        verdict,
        why,
        reading.probability,
        spread,
        Range(facts.expected, facts.expected, facts.expected),
        Range(*(facts.spend * max(0.0, 1 - 1 / one) for one in (spread.value, spread.low, spread.high))),
        facts.due,
        stages,
        _judged_from(facts) if verdict == "too_early" else None,
    )


def _range(draws: Draws, middle: float) -> Range:
    low, high = np.quantile(draws, (_LOW, _HIGH))
    return Range(float(middle), float(low), float(high))


def _verdict(facts: _Facts, reading: _Reading) -> tuple[Verdict, str]:
    probability = reading.probability
    if probability >= facts.mark:
        return _confirmed(facts, reading.darkest)
    young = facts.due < LEAST_ARRIVED * facts.spend
    if probability <= (FINE_YOUNG if young else FINE):
        return "fine", "its range leaves little room for twice the usual cost"
    if young:
        return "too_early", f"{facts.due / facts.spend:.0%} of its hires can have arrived by now"
    if probability >= WATCH:
        return "watch", "more likely than not twice the usual cost, and not yet sure"
    return "cannot_tell", _more(facts)


def _confirmed(facts: _Facts, darkest: float) -> tuple[Verdict, str]:
    """A confirmed one, unless it rests on too little, or hires without a source could turn it."""
    if facts.events < LEAST_EVENTS:
        return "watch", "likely twice the usual cost, on money that is due fewer than ten outcomes of any stage"
    if facts.setting.likely:
        return "watch", f"likely twice the usual cost; {facts.setting.likely}"
    dark = facts.setting.dark
    if dark >= LEAST_DARK and darkest < facts.mark:
        times = f"up to {MOST_LOST:.0f} times that share"
        return "watch", f"{dark:.0%} of all hires have no known source; had this channel lost {times}, it could be fine"
    return "confirmed", "about nine in ten such flags are right"


def _more(facts: _Facts) -> str:
    """How much more would tell: so much money that six hires are due."""
    if facts.expected >= LEAST_DUE:
        return "its range holds both the usual cost and twice that"
    if facts.expected < _HARDLY:
        return "hardly a hire is due yet" if facts.expected > 0 else "no hire is due yet"
    times = float(f"{LEAST_DUE / facts.expected:.2g}")
    return f"{facts.expected:.1f} hires are due; about {times:,g} times its matured spend would tell"


def _judged_from(facts: _Facts) -> int:
    """The first day that is looked at from which most of the hires can have arrived, were no more spent; else the last
    of these days."""
    reached = np.flatnonzero(facts.later >= _ENOUGH_ARRIVED * facts.spend)
    return facts.setting.through + HORIZONS[int(reached[0]) if len(reached) else -1]
