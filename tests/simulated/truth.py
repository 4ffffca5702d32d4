"""What is true of channels and campaigns: from rates, without noise, and with hires that are still to come."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulated.market import Cells
from simulated.shapes import Flags, Floats, Ints, Texts

WASTEFUL = 2.0  # times the cost per hire of the median channel, for the same jobs in the same weeks
VOTES = 0.01  # share of the spend from which on a channel has a say in the median
CHEAPER, WORSE = (
    0.85,
    0.75,
)  # volume up: an application costs at most this of before; quality down: hires per application
IN_BOTH_HALVES = 0.1  # share of a unit's spend that must lie in either half to compare them


def truth_of(cells: Cells, channels: Texts, campaigns: Texts, channel_of: Ints, late: Flags) -> pd.DataFrame:
    """A row per channel and campaign that spent. `late` marks cells of the later half; names are in order of number."""
    whole = _sums(cells, np.zeros(len(cells.dollars), int), 1)
    levels = {
        "channel": (channels, channels, cells.channel),
        "campaign": (campaigns, channels[channel_of], cells.campaign),
    }
    per_channel = _sums(cells, cells.channel, len(channels))
    votes = per_channel["spend"] >= VOTES * whole["spend"].sum()
    middle = {stage: float(np.median(per_channel[stage][votes])) for stage in ("per hire", "per qualified")}
    parts = []
    for level, (names, owners, unit) in levels.items():
        with np.errstate(invalid="ignore", divide="ignore"):
            sums = _sums(cells, unit, len(names))
            values = _against(middle, sums, whole) | _turned(cells, unit, len(names), late)
        table = pd.DataFrame({"level": level, "name": names, "channel": owners, **values})
        parts.append(table[sums["spend"] > 0])
    return pd.concat(parts, ignore_index=True)


def _sums(cells: Cells, unit: Ints, count: int) -> dict[str, Floats]:
    """Per unit: spend, what it brings in truth and what it would at an ordinary channel, and how many times dearer."""
    money, ordinary, actual = cells.dollars, cells.ordinary, cells.actual
    out = {
        "spend": np.bincount(unit, money, count),
        "hires": np.bincount(unit, money * actual.prod(1), count),
        "ordinary hires": np.bincount(unit, money * ordinary.prod(1), count),
        "qualified": np.bincount(unit, money * actual[:, :2].prod(1), count),
        "ordinary qualified": np.bincount(unit, money * ordinary[:, :2].prod(1), count),
    }
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = {
            f"per {'hire' if of == 'hires' else of}": out[f"ordinary {of}"] / out[of] for of in ("hires", "qualified")
        }
    return out | ratios


def _against(middle: dict[str, float], sums: dict[str, Floats], whole: dict[str, Floats]) -> dict[str, Floats]:
    """The columns about cost: against the median channel, against all others together, and in dollars."""
    times = sums["per hire"] / middle["per hire"]
    qualified = sums["per qualified"] / middle["per qualified"]
    others = (whole["ordinary hires"] - sums["ordinary hires"]) / (whole["hires"] - sums["hires"])
    return {
        "spend": sums["spend"],
        "true_hires": sums["hires"],
        "bench_hires": sums["ordinary hires"] / middle["per hire"],
        "rel_cph": times,
        "cph_std": sums["per hire"] * whole["spend"] / whole["ordinary hires"],
        "cpq_std": sums["per qualified"] * whole["spend"] / whole["ordinary qualified"],
        "rel_cpq": qualified,
        "rel_loo": sums["per hire"] / others,
        "wasteful": (times >= WASTEFUL).astype(int),
        "wasteful_q": (qualified >= WASTEFUL).astype(int),
        "excess_spend": sums["spend"] * np.maximum(0, 1 - 1 / times),
    }


def _turned(cells: Cells, unit: Ints, count: int, late: Flags) -> dict[str, Floats]:
    """The columns about volume up and quality down: the later half over the earlier, on the same jobs and seasons."""
    money, ordinary, actual = cells.dollars, cells.ordinary, cells.actual
    as_applied = actual[:, 0] * ordinary[:, 1:].prod(1)  # hires if only the first stage were as it is
    spent, cost, rate = [], [], []
    for half in (money * ~late, money * late):
        spent.append(np.bincount(unit, half, count))
        cost.append(np.bincount(unit, half * ordinary[:, 0], count) / np.bincount(unit, half * actual[:, 0], count))
        rate.append(np.bincount(unit, half * actual.prod(1), count) / np.bincount(unit, half * as_applied, count))
    cheaper, worse = cost[1] / cost[0], rate[1] / rate[0]
    both = np.minimum(*spent) >= IN_BOTH_HALVES * (spent[0] + spent[1])
    turned = (cheaper <= CHEAPER) & (worse <= WORSE) & both
    return {"cpa_ratio": cheaper, "hire_rate_ratio": worse, "vuqd": turned.astype(int)}
