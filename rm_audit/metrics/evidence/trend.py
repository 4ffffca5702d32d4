"""Volume up, quality down: whether a channel's late money buys cheaper applications that are hired less often.

The same fit as for the verdicts, with the halves of the time in place of campaigns and a level for each job family in
each half: what changed for all channels alike (a season, a harder market) is no channel's doing. The change of a
channel at one stage is a weighted sum of effects, whose chances are normal; so its chance needs no draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rm_audit.metrics.evidence.cells import Cells, make_cells
from rm_audit.metrics.evidence.clumps import WIDER_HALVES
from rm_audit.metrics.evidence.fit import Spreads, Stage, fit_stage, spreads_of
from rm_audit.metrics.evidence.nested import total
from rm_audit.metrics.evidence.ripe import EARLY, LATE, Ripe
from rm_audit.metrics.evidence.rows import Floats
from rm_audit.metrics.evidence.verdict import Trend

CHEAPER, WORSE = 0.85, 0.75  # judgement: late cost per application and hire rate as parts of the early ones
SHOWN, NONE = 0.50, 0.20  # the first on simulated employers (seeds 51877, 61001, 91001, 95001), the second judgement
_LEAST_PART = 0.10  # of a channel's money in each half
_LEAST_EVENTS = 5.0  # judgement: that each half should have brought of applications that passed the screen
# How much a stage of one channel changes from half to half (sd of the log rate), before the book says. Judgement.
_SPREADS = {"applications": (0.40, 0.40), "qualified": (0.30, 0.35), "interviews": (0.20, 0.20), "hires": (0.20, 0.20)}
_PAIR_SD = 0.08  # a channel with one family changes little beside the channel itself


def trends(rows: Ripe) -> Mapping[str, Trend]:
    """By channel; one that has too little money or too few outcomes in a half is left out."""
    if rows.alone or np.isnan(rows.applied).any() or not len(rows.first):
        return {}
    middle = (int(rows.first.min()) + rows.through) // 2
    cells = make_cells(rows.halved(middle), horizons=())
    none = np.zeros(cells.design.channels)
    stages = [
        fit_stage(cells.design, seen, exposure, Spreads(*spreads, _PAIR_SD, (none, WIDER_HALVES * clumps[2])))
        for seen, exposure, spreads, clumps in zip(
            cells.seen, cells.exposure, spreads_of(_SPREADS, cells.stages), cells.clumps, strict=True
        )
    ]
    halves = _halves(cells, stages)
    cheaper = _chance(_Change.of(cells, stages[:1], cells.spend, halves), -np.log(CHEAPER))
    worse = _chance(_Change.of(cells, stages[1:], cells.seen[0], halves), np.log(WORSE), below=True)
    return {
        cells.names.channels[channel]: _trend(float(chance))
        for channel, chance in zip(halves[0], cheaper * worse, strict=True)
    }


def _halves(cells: Cells, stages: Sequence[Stage]) -> tuple[list[int], list[int], list[int]]:
    """The channels with enough in both halves, and the units that are their early and their late half."""
    unit = {name: place for place, name in enumerate(cells.names.units)}
    spend, enough = cells.by_unit(cells.spend), cells.by_unit(_usual(cells, stages)) >= _LEAST_EVENTS
    found: tuple[list[int], list[int], list[int]] = ([], [], [])
    for number, channel in enumerate(cells.names.channels):
        early, late = (unit.get(f"{channel}\t{half}", -1) for half in (EARLY, LATE))
        if min(early, late) < 0 or not (enough[early] and enough[late]):
            continue
        if min(spend[early], spend[late]) < _LEAST_PART * (spend[early] + spend[late]):
            continue
        for part, value in zip(found, (number, early, late), strict=True):
            part.append(value)
    return found


def _usual(cells: Cells, stages: Sequence[Stage]) -> Floats:
    """What the stage after the first should show in each cell at usual rates."""
    family = cells.design.family[cells.design.pair]
    return np.asarray(cells.exposure[1] * np.exp(stages[1].point[0] + stages[1].point[1 + family]))


@dataclass(frozen=True)
class _Change:
    """The log of late over early, by channel: what is expected, and its sd."""

    middle: Floats
    sd: Floats

    @staticmethod
    def of(
        cells: Cells, stages: Sequence[Stage], weight: Floats, halves: tuple[list[int], list[int], list[int]]
    ) -> _Change:
        """The change over some stages together, each half's job families weighed by `weight` of its cells."""
        _, early, late = halves
        middle, variance = np.zeros(len(early)), np.zeros(len(early))
        for stage in stages:
            level, own, parts, noise = _effects(cells, stage, weight)
            middle += level[late] - level[early]
            variance += noise[late] + noise[early]
            variance += stage.curve.variance(own[late] - own[early], parts[late] - parts[early])
        return _Change(middle, np.sqrt(variance))


def _effects(cells: Cells, stage: Stage, weight: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Of each half of each channel: its effect, how it hangs on the pairs' whole rates and on the pairs' own effects,
    and its variance were these known."""
    design, share = cells.design, stage.units.share
    held = design.unit >= 0
    at = design.unit[held] * design.pairs + design.pair[held]
    shape = design.units, design.pairs
    rate = total(at, stage.rate[held], design.units * design.pairs).reshape(shape)
    parts = total(at, weight[held], design.units * design.pairs).reshape(shape)
    parts /= np.maximum(parts.sum(axis=1), 1e-12)[:, None]
    own = -rate * (share / stage.stiff)[:, None]
    level = share * stage.own + parts @ stage.point[design.shared :]
    return level, own, parts, share**2 / stage.stiff + stage.units.open


def _chance(change: _Change, mark: float, below: bool = False) -> Floats:
    """How likely the change is at least the mark; or, `below`, at most."""
    from rm_audit.special import ndtr

    far = (mark - change.middle) / change.sd
    return np.asarray(ndtr(far if below else -far))


def _trend(probability: float) -> Trend:
    if probability >= SHOWN:
        return Trend("volume_up_quality_down", probability)
    return Trend("none" if probability <= NONE else "cannot_tell", probability)
