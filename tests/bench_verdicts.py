"""How long verdicts take, and how much memory: `python tests/bench_verdicts.py [CAMPAIGNS] [APPLICATIONS]`.

A made book of so many campaigns and applications, then an ordinary one with 100 campaigns and 10,000 of them. Reading
files is no part of it. Says also whether `scipy.stats` was imported on the way, which costs half a second.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from rm_audit.metrics.evidence.cells import make_cells
from rm_audit.metrics.evidence.judging import weigh
from rm_audit.metrics.evidence.ripe import ripen
from rm_audit.metrics.evidence.rows import Applied, Paid, Step
from rm_audit.metrics.evidence.trend import trends

DAYS = 420
CHANNELS, FAMILIES = 25, 8


def made(campaigns: int, applications: int) -> tuple[Paid, Applied]:
    """Money of sixty weeks a campaign, and applications spread over them; one in eight is qualified, one in four of
    these hired."""
    source = np.random.default_rng(1)
    channels = np.array([f"Channel {number}" for number in range(CHANNELS)], dtype=object)
    families = np.array([f"Family {number}" for number in range(FAMILIES)], dtype=object)
    names = np.array([f"Campaign {number}" for number in range(campaigns)], dtype=object)
    of_channel, of_family = np.arange(campaigns) % CHANNELS, source.integers(0, FAMILIES, campaigns)
    weeks = max(1, min(60, 400_000 // campaigns))
    unit = np.repeat(np.arange(campaigns), weeks)
    first = np.tile(np.linspace(0, DAYS - 7, weeks) // 7 * 7, campaigns)
    paid = Paid(channels[of_channel[unit]], families[of_family[unit]], names[unit], source.lognormal(4, 1, len(unit)),
                first, first + 6)  # fmt: skip
    came = np.sort(source.integers(0, campaigns, applications))
    applied = np.floor(source.uniform(0, DAYS, applications))
    screened, hired = applied + source.integers(2, 20, applications), applied + source.integers(20, 90, applications)
    is_screened = source.random(applications) < 0.125
    is_hired = is_screened & (source.random(applications) < 0.25) & (hired <= DAYS)
    screen = Step("qualified", is_screened, np.where(is_screened, screened, np.nan))
    hire = Step("hires", is_hired, np.where(is_hired, hired, np.nan))
    return paid, Applied(channels[of_channel[came]], families[of_family[came]], names[came], applied, (screen, hire))


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:3]] or [10_000, 1_000_000]
    for campaigns, applications in (sizes, (100, 10_000)):
        paid, applied = made(campaigns, applications)
        before = time.perf_counter(), time.process_time()
        rows = ripen(paid, applied, DAYS)
        found = weigh(make_cells(rows), DAYS)
        trends(rows)
        wall, work = time.perf_counter() - before[0], time.process_time() - before[1]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{len(found.campaigns):,} campaigns, {applications:,} applications, {len(paid.amount):,} rows of money: "
              f"{wall:.2f} s ({work:.2f} s of work), {peak:,.0f} MB at most")  # fmt: skip
    print("scipy.stats was imported" if "scipy.stats" in sys.modules else "scipy.stats was not imported")


if __name__ == "__main__":
    main()
