"""Volume up, quality down: whether a channel's late money buys cheaper applications that are hired less often.

The same fit as for the verdicts, with the halves of the time in place of campaigns and a level for each job family in
each half: what changed for all channels alike (a season, a harder market) is no channel's doing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from rm_audit.metrics.evidence.cells import Applied, Cells, Floats, Paid, Texts, make_cells
from rm_audit.metrics.evidence.draws import Draws, ratios
from rm_audit.metrics.evidence.fit import Spreads, Stage, fit_stage

CHEAPER, WORSE = 0.85, 0.75  # judgement: late cost per application and hire rate as parts of the early ones
SHOWN, NONE = 0.55, 0.20  # the first on simulated employers (seeds 501, 502, 701 and 702), the second judgement
_LEAST_PART = 0.10  # of a channel's money in each half
_LEAST_EVENTS = 5.0  # judgement: that each half should have brought of applications that passed the screen
# How much a stage of one channel changes from half to half (sd of the log rate), before the book says. Judgement.
_SPREADS = ((0.40, 0.30), (0.30, 0.25), (0.25, 0.22))
_PAIR_SD = 0.08  # a channel with one family changes little beside the channel itself
_EARLY, _LATE = "early", "late"


@dataclass(frozen=True)
class Trend:
    verdict: Literal["volume_up_quality_down", "none", "cannot_tell"]
    probability: float | None = None


def trends(paid: Paid, applied: Applied, through: int) -> Mapping[str, Trend]:
    """By channel; one that has too little money or too few outcomes in a half is left out."""
    if applied.alone or np.isnan(applied.applied).any() or not len(paid.first):
        return {}
    middle = (float(paid.first.min()) + through) // 2
    cells = make_cells(
        replace(paid, family=_halved(paid.family, paid.first >= middle), campaign=_half(paid.first >= middle)),
        replace(
            applied,
            family=_halved(applied.family, applied.applied >= middle),
            campaign=_half(applied.applied >= middle),
        ),
        through,
    )
    stages = [
        fit_stage(
            cells.design,
            seen,
            exposure,
            Spreads(*spreads, _PAIR_SD, (np.zeros(cells.design.channels), clumps[2])),
        )
        for seen, exposure, spreads, clumps in zip(cells.seen, cells.exposure, _SPREADS, cells.clumps, strict=False)
    ]
    cost = ratios(cells.design, stages[:1], cells.spend, cells.due, cells.names).unit
    rate = ratios(cells.design, stages[1:], cells.seen[0], cells.due, cells.names).unit
    return _told(cells, stages, cost, rate)


def _half(late: Floats | np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Texts:
    return np.where(late, _LATE, _EARLY).astype(object)


def _halved(family: Texts, late: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Texts:
    return np.asarray(family + "\t" + _half(late), dtype=object)


def _told(cells: Cells, stages: list[Stage], cost: Draws, rate: Draws) -> Mapping[str, Trend]:
    unit = {name: place for place, name in enumerate(cells.names.units)}
    spend, enough = cells.by_unit(cells.spend), cells.by_unit(_usual(cells, stages)) >= _LEAST_EVENTS
    found = {}
    for channel in cells.names.channels:
        early, late = (unit.get(f"{channel}\t{half}", -1) for half in (_EARLY, _LATE))
        if min(early, late) < 0 or not (enough[early] and enough[late]):
            continue
        if min(spend[early], spend[late]) < _LEAST_PART * (spend[early] + spend[late]):
            continue
        both = (cost[late] / cost[early] <= CHEAPER) & (rate[early] / rate[late] <= WORSE)
        found[channel] = _trend(float(both.mean()))
    return found


def _usual(cells: Cells, stages: list[Stage]) -> Floats:
    """What the stage after the first should show in each cell at usual rates."""
    family = cells.design.family[cells.design.pair]
    return np.asarray(cells.exposure[1] * np.exp(stages[1].point[0] + stages[1].point[1 + family]))


def _trend(probability: float) -> Trend:
    if probability >= SHOWN:
        return Trend("volume_up_quality_down", probability)
    return Trend("none" if probability <= NONE else "cannot_tell", probability)
