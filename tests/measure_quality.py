"""How often channels are called better or worse, and how often ranges hold: `python tests/measure_quality.py`.

With `--simulator FILE` (see measure_verdicts.py) also on employers of its setting `base` whose channels do not differ,
with requisitions and without. Every call there is a false one.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from books import book, ctx
from measure_verdicts import module

from rm_audit.metrics.evidence.quality import YEAR, Strata, ratios, seen, staying
from rm_audit.metrics.quality import HIRED, qualities

CHANNELS, BOOKS, HIRES = 8, 200, 4000
RATES = np.array([0.1, 0.3, 0.5])  # of the three job families
FREE = ("Careers Site", "Employee Referral")  # of the simulator; a referral is truly hired more often


def alike(spread: float, source: Any) -> str:
    """Channels of 3 to 150 people whose log effects have this sd, and the ratios that they truly have."""
    held = called = wrong = 0
    for _ in range(BOOKS):
        mix, effect = source.dirichlet([1.0, 1.0, 1.0], CHANNELS), np.exp(source.normal(0, spread, CHANNELS))
        tried = np.array([source.multinomial(source.integers(3, 150), one) for one in mix]).T.astype(float)
        due = np.minimum(RATES[:, None] * effect, 0.95)
        ratio = ratios(
            seen(Strata(tried, source.binomial(tried.astype(int), due).astype(float)), clumps=True), HIRED.spread
        )
        mean = seen(Strata(tried, tried * due))
        true = mean.here / mean.there
        held += int(((ratio.low <= true) & (true <= ratio.high)).sum())
        up, down = ratio.low > 1, ratio.high < 1
        called += int((up | down).sum())
        wrong += int(((up & (true < 1 - 1e-9)) | (down & (true > 1 + 1e-9))).sum())
    units = BOOKS * CHANNELS
    return f"sd {spread}: ranges hold in {held / units:.3f}, called {called / units:.3f}, on the wrong side {wrong}"


def stays(share: float, hires: int, source: Any) -> str:
    """Hires of the last three years who stay a year with this chance, and who leave at a steady rate."""
    held, ours, greenwood = 0, 0, 0
    for _ in range(HIRES):
        gone = np.ceil(source.exponential(-YEAR / np.log(share), hires))
        since = source.integers(1, 3 * YEAR, hires)
        left = (gone <= since) & (gone <= YEAR)
        days = np.minimum(np.where(left, gone, since), YEAR).astype(float)
        found = staying(days, left)
        if found is None:
            continue
        held += 1
        ours += found[1] <= share <= found[2]
        low, high = _greenwood(found[0], days, left)
        greenwood += low <= share <= high
    return f"{hires} hires, {share:.0%} stay: ranges hold in {ours / held:.3f}, Greenwood's in {greenwood / held:.3f}"


def _greenwood(share: float, days: Any, left: Any) -> tuple[float, float]:
    """The log-log range; none where nobody or everybody left."""
    if share in (0.0, 1.0):
        return share, share
    there = np.array([(days >= day).sum() - (days[left] == day).sum() for day in days[left]])
    out = np.array([(days[left] == day).sum() for day in days[left]])
    spread = 1.645 * np.sqrt((1 / ((there + out) * there)).sum()) / -np.log(share)
    return share ** np.exp(spread), share ** np.exp(-spread)


def employers(simulator: Path, number: int, drop: tuple[str, ...]) -> str:
    """The words on simulated employers whose channels do not differ."""
    made = module(simulator)
    made.SETTINGS["alike"] = replace(made.SETTINGS["base"], bad=(0, 0), bad_campaign=0, sd_scale=1e-9)
    words: dict[str, Counter[str]] = {}
    for index in range(number):
        one = made.make_employer(4242, index, "alike")
        rows = one["applications"]
        rows = rows[~rows["_channel"].isin(FREE)]
        rows = rows[[name for name in rows.columns if not name.startswith("_") and name not in drop]]
        of = book(spend=one["spend"].to_csv(index=False), applications=rows.to_csv(index=False))
        for items in qualities(ctx(of, date.fromisoformat(str(one["snapshot"])[:10]))).channels.values():
            for item in items:
                words.setdefault(item.measure, Counter())[item.verdict] += 1
    said = [f"{name} {(found['better'] + found['worse']) / found.total():.3f}" for name, found in words.items()]
    return f"{number} employers without {', '.join(drop) or 'a gap'}: called {'; '.join(said)}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures words and ranges of quality where the truth is known.")
    parser.add_argument("--simulator", type=Path)
    parser.add_argument("--employers", type=int, default=60)
    given = parser.parse_args()
    source = np.random.default_rng(1)
    for spread in (0.0, 0.15, 0.3, 0.6):
        print(alike(spread, source))
    for share in (0.6, 0.8, 0.95):
        for hires in (6, 15, 40):
            print(stays(share, hires, source))
    if given.simulator:
        for drop in ((), ("req_id",)):
            print(employers(given.simulator, given.employers, drop))


if __name__ == "__main__":
    main()
